"""The library keeps what it is given, forgets nothing it should not, and shows each reader one whole state."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kb.errors import KbError
from kb.library import Library
from kb.model import Attestation, Code, SnapshotRecord, Target
from kb.records import Totals
from tests.samples import FUND, LAW, NOW, PLANT, SCENE, draft, put, unit


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library."""
    made = Library(tmp_path / "library.sqlite")
    yield made
    made.close()


def beside(library: Library) -> Library:
    """The same library as another process would open it."""
    return Library(library.path)


def texts(library: Library, document_id: str) -> list[str]:
    return [h.provision.text for h in library.provisions(document_id)]


# -- keeping ----------------------------------------------------------------------------------------------------


def test_a_document_comes_back_as_it_was_stored(library: Library) -> None:
    one = draft("a", [FUND, SCENE], doc_number="渝府办发〔2024〕75号", mirrors=("https://a.cn/1",), issued="2024-09")
    codes, targets = (Code("special_fund", 3, "editor"),), (Target("基金规模", 2027, 5.0, 10.0, "亿元", "约"),)
    assert put(library, one, codes, targets) == "added"
    assert library.documents() == [one.document]
    assert library.text("a") == one.text
    held = library.provisions("a")
    assert tuple(h.provision for h in held) == one.provisions
    assert [h.codes for h in held] == [(), codes, codes]
    assert [h.targets for h in held] == [(), targets, targets]


def test_a_document_survives_closing(library: Library) -> None:
    one = draft("a", [FUND])
    put(library, one)
    library.close()
    assert Library(library.path).documents() == [one.document]


def test_the_same_document_again_changes_nothing(library: Library) -> None:
    put(library, draft("a", [FUND]))
    before = library.generation()
    assert put(library, draft("a", [FUND])) == "unchanged"
    assert library.generation() == before


def test_a_replaced_document_is_kept_in_the_history(library: Library) -> None:
    put(library, draft("a", [FUND]))
    assert put(library, draft("a", [SCENE], title="新版方案")) == "replaced"
    assert texts(library, "a")[1:] == [SCENE]
    assert [(when, was.title, FUND in text) for when, was, text in library.history("a")] == [
        (NOW, "某市未来产业实施方案", True)
    ]


def test_a_removed_document_is_gone_but_not_forgotten(library: Library) -> None:
    put(library, draft("a", [FUND]))
    library.remove("a", NOW)
    assert library.documents() == []
    assert library.count() == 0
    assert FUND in library.history("a")[0][2]
    with pytest.raises(KbError, match="没有编号为“a”"):
        library.remove("a", NOW)


def test_numbers_of_provisions_are_never_used_again(library: Library) -> None:
    put(library, draft("a", [FUND, SCENE]))
    old = set(library.provision_ids())
    library.remove("a", NOW)
    put(library, draft("b", [FUND, SCENE]))
    assert not old & set(library.provision_ids())


@pytest.mark.parametrize("typed", ["渝府办发(2024)75号", "渝府办发［2024］第75号", "渝府办发 〔2024〕 75 号"])
def test_a_document_number_is_found_however_its_brackets_are_typed(library: Library, typed: str) -> None:
    put(library, draft("a", [FUND], doc_number="渝府办发〔2024〕75号"))
    put(library, draft("b", [FUND], doc_number="渝府办发〔2024〕76号"))
    assert library.numbered(typed) == ["a"]


def test_provisions_are_given_in_the_order_asked_for_and_without_those_gone(library: Library) -> None:
    put(library, draft("a", [FUND, SCENE, LAW]))
    heading, fund, scene, law = library.provision_ids()
    assert [h.id for h in library.held([law, 999, fund, scene])] == [law, fund, scene]


def test_attestations_and_snapshots_come_back(library: Library) -> None:
    said = Attestation(
        "x", "重庆", "special_fund", "lacks", "2025-07-11", "尚无专项基金", "提案", "https://a.cn", "official"
    )
    library.set_attestations([said])
    assert library.attestations() == [said]
    put(library, draft("a", [FUND]))
    record = SnapshotRecord("0" * 64, "a", "方案.pdf", "https://a.cn/1.pdf", 10, NOW, {"etag": "x"})
    library.store_snapshot(record)
    assert library.snapshots("a") == library.snapshots() == [record]


# -- counting ---------------------------------------------------------------------------------------------------


def test_the_count_kept_is_the_count_held(library: Library) -> None:
    put(library, draft("a", [FUND, SCENE]))
    put(library, draft("b", [LAW]))
    put(library, draft("a", [PLANT]))
    library.remove("b", NOW)
    assert library.totals() == library.recount() == Totals(2, 1)


def test_the_catalogue_follows_every_change(library: Library) -> None:
    put(library, draft("a", [FUND]))
    put(library, draft("b", [SCENE]))
    assert [d.id for d in library.documents()] == ["a", "b"]
    put(library, draft("a", [LAW], title="新版方案"))
    put(library, draft("c", [PLANT]))
    library.remove("b", NOW)
    assert [(d.id, d.title) for d in library.documents()] == [("a", "新版方案"), ("c", "某市未来产业实施方案")]
    assert library.spans() == {i: s for i, s in library.tabled().items() if s}


def test_the_catalogue_sees_what_another_process_stored(library: Library) -> None:
    put(library, draft("a", [FUND]))
    assert len(library.documents()) == 1
    put(beside(library), draft("b", [SCENE]))
    assert [d.id for d in library.documents()] == ["a", "b"]


def test_only_what_changed_is_read_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abcdef":
        put(library, draft(name, [FUND]))
    library.documents()
    read: list[str] = []
    from kb import library as module

    parse = module.document_of
    monkeypatch.setattr(module, "document_of", lambda facts: read.append(facts) or parse(facts))
    put(library, draft("g", [FUND]))
    assert len(library.documents()) == 7
    assert len(read) == 1


def test_a_failed_change_leaves_no_trace(library: Library) -> None:
    put(library, draft("a", [FUND]))
    with pytest.raises(RuntimeError), library.transaction():
        put(library, draft("b", [SCENE]))
        assert len(library.documents()) == 2
        raise RuntimeError
    assert [d.id for d in library.documents()] == ["a"]
    put(library, draft("c", [LAW]))
    assert [d.id for d in library.documents()] == ["a", "c"]


# -- vectors ----------------------------------------------------------------------------------------------------


def test_vectors_of_two_models_never_meet(library: Library) -> None:
    library.store_vectors("one", ["x"], unit(1, 0)[None])
    library.store_vectors("two", ["y"], unit(0, 1)[None])
    assert library.missing_vectors("one", ["x", "y"]) == {"y"}
    assert list(library.vectors_of("two", ["x", "y"])) == ["y"]


def test_a_changed_vector_is_recognised(library: Library) -> None:
    library.store_vectors("one", ["x", "y"], np.eye(2, dtype=np.float32))
    with sqlite3.connect(library.path) as db:
        db.execute("UPDATE vector SET data=? WHERE hash='y'", (np.array([1, 0], np.float16).tobytes(),))
    assert library.damaged_vectors("one") == {"y"}


def test_provisions_without_a_vector_are_named(library: Library) -> None:
    put(library, draft("a", [FUND, SCENE]))
    assert library.unencoded("fake") == []
    assert library.unencoded("other") == library.provision_ids()[1:]


# -- readers and writers ----------------------------------------------------------------------------------------


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(library: Library) -> None:
    put(library, draft("a", [FUND]))
    other = beside(library)
    with library.reading():
        assert library.count() == 2
        put(other, draft("b", [SCENE]))
        other.remove("a", NOW)
        assert library.count() == 2
        assert texts(library, "a")[1:] == [FUND]
    assert [d.id for d in library.documents()] == ["b"]


def test_many_threads_read_while_one_writes(library: Library) -> None:
    put(library, draft("0", [FUND, SCENE]))
    done = threading.Event()
    torn: list[object] = []

    def read() -> None:
        while not done.is_set():
            with library.reading():
                for document in library.documents():
                    held = library.provisions(document.id)
                    if len(held) != 3 or library.count() != 3 * len(library.documents()):
                        torn.append(document.id)

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        for number in range(1, 30):
            put(library, draft(str(number % 7), [FUND, SCENE], title=f"第 {number} 版"))
        done.set()
    assert [r.result() for r in readers] == [None] * 4
    assert torn == []


def test_two_threads_may_write(library: Library) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda n: put(library, draft(str(n), [FUND])), range(20)))
    assert library.totals() == library.recount() == Totals(40, 20)
    assert library.journalled() == library.tabled()


# -- damage -----------------------------------------------------------------------------------------------------


def test_a_file_of_another_kind_is_refused_and_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "library.sqlite"
    file.write_bytes(b"something else" * 100)
    with pytest.raises(KbError, match="已损坏或不是知识库"):
        Library(file)
    assert file.read_bytes() == b"something else" * 100


def test_a_library_of_another_version_is_refused(library: Library) -> None:
    library.set_meta("schema", "0")
    with pytest.raises(KbError, match="其他版本"):
        beside(library)


def test_mending_makes_the_journal_agree_with_what_is_held(library: Library) -> None:
    for name in "abc":
        put(library, draft(name, [FUND, SCENE]), (Code("special_fund", 2, "editor"),))
    assert not library.mend()
    with sqlite3.connect(library.path) as db:
        db.execute("DELETE FROM provision WHERE document_id='a'")
        db.execute("DELETE FROM document WHERE id='a'")
        db.execute("DELETE FROM journal WHERE document_id='b'")
    assert library.orphans()
    assert library.mend()
    assert library.orphans() == []
    assert library.journalled() == library.tabled()
    assert library.totals() == library.recount() == Totals(6, 4)
    assert not library.mend()


def test_a_file_that_cannot_be_opened_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").mkdir()
    with pytest.raises(KbError, match="打不开知识库文件") as said:
        Library(tmp_path / "library.sqlite")
    assert "移走" not in str(said.value)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("说明", "utf8")
    with pytest.raises(KbError, match="不能建立目录"):
        Library(tmp_path / "README.md" / "library.sqlite")


def test_a_file_whose_words_cannot_be_decoded_is_called_damaged(tmp_path: Path) -> None:
    Library(tmp_path / "library.sqlite").close()
    with sqlite3.connect(tmp_path / "library.sqlite") as db:
        db.execute("UPDATE meta SET value=CAST(x'ff' AS TEXT)")
    with pytest.raises(KbError, match="已损坏"):
        Library(tmp_path / "library.sqlite")


def test_statements_that_change_are_seen_by_whoever_has_the_library_open(tmp_path: Path) -> None:
    library = Library(tmp_path / "library.sqlite")
    said = Attestation(
        "a", "重庆", "special_fund", "lacks", "2025-07-11", "尚无。", "提案", "https://x.cn", "official"
    )
    library.set_attestations([said])
    before = library.generation()
    library.set_attestations([said])
    assert library.generation() == before
    library.set_attestations([])
    assert library.generation() > before
    library.close()

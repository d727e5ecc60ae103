"""The verbs of a knowledge base: nothing is done twice, nothing is lost, and readers see the old or the new state."""

from __future__ import annotations

import hashlib
import logging
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

import kb
from kb import encoding
from kb.check import problems
from kb.encode import Encoder, FakeEncoder
from kb.errors import KbError
from kb.knowledge import KnowledgeBase
from kb.revisions import words_hash
from tests.samples import FUND, LAW, PLANT, SCENE, content, draft

OTHER = "other-fake"


class Counting(FakeEncoder):
    """A fake encoder of any name that remembers what it was given; another name gives other vectors."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.dimension = FakeEncoder.dimension if name == "fake" else 32
        self.given: list[str] = []
        self.asked: list[str] = []

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        self.given += texts
        return np.stack([self._vector(t) for t in texts])

    def query(self, text: str) -> np.ndarray:
        self.asked.append(text)
        return self._vector(text)

    def _vector(self, text: str) -> np.ndarray:
        vector = FakeEncoder().query(text)[: self.dimension]
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


@pytest.fixture(autouse=True)
def encoders(monkeypatch: pytest.MonkeyPatch) -> dict[str, Counting]:
    """The encoders in use, by name."""
    made: dict[str, Counting] = {}

    def load(name: str, cache: Path) -> Encoder:
        return made.setdefault(name, Counting(name))

    monkeypatch.setattr(encoding, "load_encoder", load)
    return made


@pytest.fixture
def base(built: Path, tmp_path: Path) -> Iterator[KnowledgeBase]:
    """A copy of it, to write to."""
    shutil.copytree(built, tmp_path / "copy")
    made = KnowledgeBase(tmp_path / "copy" / "kb", "fake", tmp_path / "copy" / "corpus")
    yield made
    made.close()


def again(base: KnowledgeBase, model: str = "fake") -> KnowledgeBase:
    """The same knowledge base as another process would open it."""
    return KnowledgeBase(base.home, model, base.corpus.folder)


def found(base: KnowledgeBase, query: str) -> list[str]:
    return [h.held.provision.text for h in base.search(query, k=3)]


# -- building and adding ----------------------------------------------------------------------------------------


def test_building_again_does_nothing(base: KnowledgeBase, encoders: dict[str, Counting]) -> None:
    before = content(base)
    counts = again(base).build()
    assert (counts["added"], counts["replaced"], counts["removed"], counts["unchanged"]) == (0, 0, 0, 3)
    assert content(base) == before
    assert encoders == {}


def test_a_document_gone_from_the_corpus_is_removed_and_a_users_own_stays(base: KnowledgeBase) -> None:
    base.add([draft("mine", [FUND])])
    successors = {d.superseded_by for d in base.corpus.registry}
    gone = next(d.id for d in base.corpus.registry if d.id not in successors)
    (base.corpus.folder / "digests" / f"{gone}.yaml").unlink()
    sources = base.corpus.folder / "sources.yaml"
    rows = [r for r in yaml.safe_load(sources.read_text("utf8")) if r["id"] != gone]
    sources.write_text(yaml.safe_dump(rows), "utf8")
    assert again(base).build()["removed"] == 1
    assert "mine" in {d.id for d in base.documents()}
    assert gone not in {d.id for d in base.documents()}


def test_a_full_text_takes_over_what_the_registry_says_of_it_now(base: KnowledgeBase) -> None:
    registered = base.corpus.registry[0]
    text = draft(registered.id, [FUND])
    base.add([replace(text, document=replace(registered, coverage="full", note="全文取自转载页面"))])
    base.build()
    sources = base.corpus.folder / "sources.yaml"
    rows = yaml.safe_load(sources.read_text("utf8"))
    rows[0]["status"] = "已废止"
    sources.write_text(yaml.safe_dump(rows, allow_unicode=True), "utf8")
    counts = again(base).build()
    assert (counts["replaced"], counts["unchanged"]) == (1, 2)
    document, held = base.document(registered.id)
    assert (document.status, document.coverage, document.note) == ("已废止", "full", "全文取自转载页面")
    assert [h.provision.text for h in held] == ["一、重点任务", FUND]
    assert problems(base) == []


def test_no_text_is_ever_encoded_twice(base: KnowledgeBase, encoders: dict[str, Counting]) -> None:
    base.add([draft("a", [FUND, SCENE])])
    base.add([draft("a", [FUND, SCENE])])
    base.add([draft("a", [LAW, FUND])])
    base.add([draft("b", [FUND, SCENE, LAW])])
    base.remove("a")
    base.add([draft("a", [FUND, SCENE])])
    again(base).add([draft("c", [SCENE])])
    given = encoders["fake"].given
    assert sorted(t for t in given if "某市" in t) == sorted({t for t in given if "某市" in t})
    assert len(given) == len(set(given))


def test_drafts_of_one_file_enter_together_or_not_at_all(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(record: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(base.library, "store_snapshot", refuse)
    before = content(base)
    with pytest.raises(RuntimeError):
        base.add([draft("a", [FUND]), draft("b", [SCENE])], b"%PDF", "x.pdf")
    assert content(base) == before
    assert problems(base) == []


def test_an_original_is_kept_as_it_came(base: KnowledgeBase) -> None:
    base.add([draft("a", [FUND])], b"the bytes", "x.pdf", {"etag": "1"})
    record = base.library.snapshots("a")[0]
    assert record.sha256 == hashlib.sha256(b"the bytes").hexdigest()
    assert (record.name, record.size, record.headers) == ("x.pdf", 9, {"etag": "1"})
    assert base.snapshot_path(record.sha256).read_bytes() == b"the bytes"


def test_the_years_of_goals_follow_the_date_the_registry_gives_by_now(base: KnowledgeBase) -> None:
    registered = replace(base.corpus.registry[0], issued="2023-01-01", coverage="full")
    base.add([replace(draft(registered.id, ["今年建成10个未来产业先导区。"]), document=registered)])
    sources = base.corpus.folder / "sources.yaml"
    rows = yaml.safe_load(sources.read_text("utf8"))
    rows[0]["issued"] = "2025-01-01"
    sources.write_text(yaml.safe_dump(rows, allow_unicode=True), "utf8")
    again(base).build()
    assert [t.year for h in base.document(registered.id)[1] for t in h.targets] == [2025]
    assert again(base).build()["replaced"] == 0


def test_the_same_file_with_a_field_filled_in_replaces_what_it_was_and_keeps_its_corrections(
    base: KnowledgeBase,
) -> None:
    base.add([draft("undated", [FUND, SCENE])], b"the bytes", "方案.txt")
    fund = next(h for h in base.document("undated")[1] if h.provision.text == FUND)
    base.correct(fund.id, "special_fund", 1, "张三")
    dated = draft("dated", [FUND, SCENE], issued="2025-01-02")
    assert [d.id for d in base.foresee(dated, [dated], b"the bytes").held] == ["undated"]
    assert [s.outcome for s in base.add([dated], b"the bytes", "方案.txt")] == ["replaced"]
    assert {"undated", "dated"} & {d.id for d in base.documents()} == {"dated"}
    codes = next(h for h in base.document("dated")[1] if h.provision.text == FUND).codes
    assert [(c.strength, c.by) for c in codes if c.measure == "special_fund"] == [(1, "张三")]
    assert base.library.history("undated")[0][1].issued is None
    assert base.add([], b"the bytes", "方案.txt") == []
    assert problems(base) == []


def test_a_part_does_not_replace_a_full_text_unless_it_is_the_same_words(base: KnowledgeBase) -> None:
    base.add([draft("plan", [FUND, SCENE], coverage="full")], b"whole", "全文.docx")
    part = draft("plan", [FUND], coverage="partial")
    assert base.foresee(part).outcome == "kept"
    (stored,) = base.add([part], b"part", "节选.ofd")
    assert stored.outcome == "kept" and "请先移除全文" in stored.warnings[-1]
    document, held = base.document("plan")
    assert document.coverage == "full" and stored.provisions == len(held)
    assert {FUND, SCENE} <= {h.provision.text for h in held}
    called = draft("plan", [FUND, SCENE], coverage="partial")
    assert base.add([called], b"whole", "全文.docx")[0].outcome == "replaced"
    assert base.document("plan")[0].coverage == "partial" and problems(base) == []


def test_what_was_corrected_later_in_the_document_that_stays_holds(base: KnowledgeBase) -> None:
    def corrected(document: str, strength: int, at: str) -> None:
        fund = next(h for h in base.document(document)[1] if h.provision.text == FUND)
        words = words_hash(fund.provision.text)
        base.library.revise("code", document, words, "special_fund", strength, "张三", at)

    def strength() -> int:
        codes = next(h for h in base.document("dated")[1] if h.provision.text == FUND).codes
        return next(c.strength for c in codes if c.measure == "special_fund")

    dated = draft("dated", [FUND, SCENE], issued="2025-01-02")
    base.add([dated], b"as a page", "方案.html")
    for number, later in (("first", "2026-01-01"), ("second", "2026-07-01")):
        base.add([draft(number, [FUND, SCENE])], b"the bytes", "方案.txt")
        corrected("dated", 3, "2026-06-01")
        corrected(number, 1, later)
        base.add([dated], b"the bytes", "方案.txt")
        assert strength() == (3 if number == "first" else 1)
        base.add([dated], b"as a page", "方案.html")


def test_a_document_that_has_another_original_by_now_stays(base: KnowledgeBase) -> None:
    base.add([draft("a", [FUND])], b"old", "旧.txt")
    base.add([draft("a", [FUND, SCENE])], b"new", "新.txt")
    base.add([draft("b", [FUND])], b"old", "旧.txt")
    assert {"a", "b"} <= {d.id for d in base.documents()}


def test_goals_of_what_is_held_are_read_again_when_they_are_read_otherwise(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "到2027年，培育未来产业企业50家。"
    base.add([draft("mine", [line, FUND])])
    base.build()
    monkeypatch.setattr("kb.compare.targets.targets_of_provisions", lambda provisions, year: [()] * len(provisions))
    base.build()
    assert any(h.targets for h in base.library.coded(["mine"]))
    monkeypatch.setattr("kb.coding.goal_rules", lambda: "better")
    reader = again(base)
    assert any(h.targets for h in reader.document("mine")[1])
    assert base.build()["recoded"] == 0
    assert not any(h.targets for h in reader.document("mine")[1])
    assert problems(base) == []


def test_a_draft_without_text_is_refused(base: KnowledgeBase) -> None:
    with pytest.raises(KbError, match="没有读出任何正文"):
        base.add([draft("a", [FUND]), kb.model.Draft(draft("b", []).document, " ", ())], b"x", "空.pdf")
    assert "a" not in {d.id for d in base.documents()}


def test_lost_and_damaged_vectors_are_made_again(base: KnowledgeBase, encoders: dict[str, Counting]) -> None:
    keys = [k for k in base.library.vector_keys(base.library.provision_ids()).values() if k]
    base.library.drop_vectors("fake", keys[:2])
    base.library.store_vectors("fake", keys[2:3], np.ones((1, 64), np.float32))
    with base.library.transaction():
        base.library._db.execute("UPDATE vector SET crc=0 WHERE hash=?", (keys[2],))
    mended = again(base)
    assert problems(mended) != []
    mended.build()
    assert problems(mended) == []
    assert len(encoders["fake"].given) == 3


# -- both legs --------------------------------------------------------------------------------------------------


def test_both_legs_answer_for_what_is_added_replaced_and_removed(base: KnowledgeBase) -> None:
    base.add([draft("a", [FUND])])
    for mode in ("lexical", "dense"):
        assert base.search(FUND, mode, k=1)[0].held.provision.text == FUND
    base.add([draft("a", [PLANT])])
    for mode in ("lexical", "dense"):
        assert base.search(PLANT, mode, k=1)[0].held.provision.text == PLANT
        assert all(h.held.provision.text != FUND for h in base.search(FUND, mode, k=50))
    base.remove("a")
    for mode in ("lexical", "dense"):
        assert all(h.document.id != "a" for h in base.search(PLANT, mode, k=50))
    assert problems(base) == []


def test_a_search_sees_what_another_process_added(base: KnowledgeBase) -> None:
    assert FUND not in found(base, FUND)
    again(base).add([draft("a", [FUND])])
    assert found(base, FUND)[0] == FUND


def test_searching_while_another_process_writes_sees_the_old_or_the_new_state(base: KnowledgeBase) -> None:
    """Two versions of one document alternate; whichever is found is found whole, in both legs."""
    versions = [[FUND, SCENE, LAW], [FUND + "二", SCENE + "二", LAW + "二"]]
    titles = ["甲甲方案", "乙乙方案"]
    base.add([draft("a", versions[0], titles[0])])
    base.search(FUND)
    writer, done = again(base), threading.Event()
    seen: list[tuple[str, frozenset[str]]] = []

    def search(mode: str) -> None:
        while not done.is_set():
            hits = base.search("方案", mode, kb.search.Filters(documents=("a",)), 10)  # type: ignore[arg-type]
            seen.append(
                (hits[0].document.title, frozenset(h.held.provision.text for h in hits))
                if hits
                else ("", frozenset())
            )

    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(search, mode) for mode in ("hybrid", "dense", "lexical")]
        for turn in range(1, 13):
            writer.add([draft("a", versions[turn % 2], titles[turn % 2])])
        done.set()
    assert [r.result() for r in running] == [None] * 3
    states = {(title, frozenset(lines)) for title, lines in zip(titles, versions, strict=True)}
    assert set(seen) <= states
    writer.close()
    assert problems(base) == []


# -- change of model --------------------------------------------------------------------------------------------


def test_until_the_new_model_is_complete_searches_use_the_old_one(
    base: KnowledgeBase, encoders: dict[str, Counting], caplog: pytest.LogCaptureFixture
) -> None:
    other = again(base, OTHER)
    with caplog.at_level(logging.WARNING):
        hits = other.search("未来产业", "dense")
    assert [h.held.id for h in hits] == [h.held.id for h in base.search("未来产业", "dense")]
    assert "尚未启用" in caplog.text
    assert encoders["fake"].asked
    assert OTHER not in encoders
    assert any("尚未启用" in p for p in problems(other))


def test_what_is_added_meanwhile_is_found_by_the_old_model(
    base: KnowledgeBase, encoders: dict[str, Counting]
) -> None:
    other = again(base, OTHER)
    other.add([draft("a", [FUND])])
    assert other.search(FUND, "dense", k=1)[0].held.provision.text == FUND
    assert OTHER not in encoders
    other.build()
    assert other.search(FUND, "dense", k=1)[0].held.provision.text == FUND


def test_a_build_puts_the_new_model_in_force_everywhere(base: KnowledgeBase, encoders: dict[str, Counting]) -> None:
    base.add([draft("a", [FUND])])
    base.search(FUND)
    other = again(base, OTHER)
    other.build()
    assert problems(other) == []
    encoders["fake"].asked.clear()
    assert base.search(FUND, "dense", k=1)[0].held.provision.text == FUND
    assert encoders["fake"].asked == []
    assert encoders[OTHER].asked


def test_changing_back_encodes_nothing(base: KnowledgeBase, encoders: dict[str, Counting]) -> None:
    again(base, OTHER).build()
    again(base).build()
    assert "fake" not in encoders
    assert problems(again(base)) == []


def test_a_change_of_model_that_is_interrupted_goes_on_where_it_was(
    base: KnowledgeBase, encoders: dict[str, Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "BATCH", 4)
    other, store = again(base, OTHER), base.library.store_vectors

    def interrupted(times: int) -> Callable[..., None]:
        def once(*arguments: object) -> None:
            nonlocal times
            times -= 1
            if times < 0:
                raise KeyboardInterrupt
            store(*arguments)  # type: ignore[arg-type]

        return once

    monkeypatch.setattr(other.library, "store_vectors", interrupted(3))
    with pytest.raises(KeyboardInterrupt):
        other.build()
    assert base.library.model == "fake"
    assert found(again(base, OTHER), "未来产业")
    encoders[OTHER].given.clear()
    again(base, OTHER).build()
    everything = {k for k in base.library.vector_keys(base.library.provision_ids()).values() if k}
    assert len(encoders[OTHER].given) == len(everything) - 12
    assert base.library.model == OTHER


def test_another_wording_of_what_is_encoded_comes_into_force_at_the_next_build(
    base: KnowledgeBase, encoders: dict[str, Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = base.library.vector_keys(base.library.provision_ids())
    monkeypatch.setattr(encoding, "wording", lambda: "new")
    monkeypatch.setattr(encoding, "passage", lambda document, provision: f"新：{provision.text}")
    newer = again(base)
    assert found(newer, "未来产业")
    newer.build()
    now = base.library.vector_keys(base.library.provision_ids())
    assert all((old[i] is None) == (now[i] is None) and (now[i] is None or now[i] != old[i]) for i in old)
    assert any(t.startswith("新：") for t in encoders["fake"].given)
    assert found(base, "未来产业") == found(newer, "未来产业")

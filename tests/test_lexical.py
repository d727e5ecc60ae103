"""The word index finds what is written, follows the library, and notices a cache that is not its own."""

from __future__ import annotations

import logging
import math
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tantivy

from kb import words
from kb.lexical import LexicalIndex
from kb.library import Library
from tests.samples import FUND, LAW, NOW, PLANT, SCENE, draft, put


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Three documents of two provisions and a heading each."""
    made = Library(tmp_path / "library.sqlite")
    for name, lines in (("a", [FUND, SCENE]), ("b", [LAW, PLANT]), ("c", ["未来产业基金", "氢能重卡"])):
        put(made, draft(name, lines))
    yield made
    made.close()


def opened(library: Library) -> LexicalIndex:
    """The index as a process finds it on starting, brought up to date."""
    made = LexicalIndex(library.path.parent / "index", library)
    made.follow()
    return made


def found(index: LexicalIndex, library: Library, query: str, documents: list[str] | None = None) -> list[str]:
    """Texts of the provisions that answer ``query``."""
    ids = [i for i, _ in index.search(dict.fromkeys(words.cut(query), 1.0), words.grams(query), 10, documents)]
    return [h.provision.text for h in library.held(ids)]


@pytest.fixture
def saved(library: Library) -> Path:
    """The folder of an index in step with the library."""
    opened(library)
    return library.path.parent / "index" / "words"


# -- answering --------------------------------------------------------------------------------------------------


def test_words_find_the_provision_that_has_most_of_them(library: Library) -> None:
    assert found(opened(library), library, "氢能重卡示范")[:2] in ([PLANT, "氢能重卡"], ["氢能重卡", PLANT])


def test_only_the_allowed_documents_answer(library: Library) -> None:
    assert found(opened(library), library, "基金", ["c"])[0] == "未来产业基金"
    assert FUND not in found(opened(library), library, "基金", ["c"])
    assert found(opened(library), library, "基金", []) == []


@pytest.mark.parametrize("phrase", ["投早投小", "业种子基", "每季度更新一次。", "氢"])
def test_a_phrase_is_found_as_written_wherever_it_is_cut(library: Library, phrase: str) -> None:
    ids = [i for i, _ in opened(library).phrase(words.grams(phrase), 10)]
    hits = [h.provision.text for h in library.held(ids)]
    assert hits
    assert all(phrase in text for text in hits)


def test_a_word_that_few_provisions_hold_tells_more(library: Library) -> None:
    told = opened(library).rarity(["基金", "氢能", "没有的词"])
    assert told["没有的词"] > told["氢能"] > 0
    assert told["氢能"] == pytest.approx(math.log(1 + (len(opened(library)) - 2 + 0.5) / 2.5))


def test_framing_answers_to_a_phrase_but_not_to_words(library: Library) -> None:
    index = opened(library)
    assert "一、重点任务" not in found(index, library, "重点任务")
    held = library.held([i for i, _ in index.phrase(words.grams("重点任务"), 10)])
    assert {h.provision.text for h in held} == {"一、重点任务"}


# -- following --------------------------------------------------------------------------------------------------


def test_the_index_follows_what_is_added_replaced_and_removed(library: Library) -> None:
    index = opened(library)
    put(library, draft("d", ["脑机接口临床试验"]))
    put(library, draft("a", ["低空经济航线"]))
    library.remove("b", NOW)
    index.follow()
    assert index.ids() == set(library.provision_ids())
    assert found(index, library, "脑机接口") == ["脑机接口临床试验"]
    assert FUND not in found(index, library, "种子基金")
    assert opened(library).ids() == set(library.provision_ids())


def test_a_second_process_sees_what_the_first_one_indexed(library: Library) -> None:
    first, second = opened(library), opened(Library(library.path))
    put(library, draft("d", ["脑机接口临床试验"]))
    first.follow()
    assert found(second, library, "脑机接口") == []
    second.follow()
    assert found(second, library, "脑机接口") == ["脑机接口临床试验"]


def test_what_was_indexed_is_not_read_from_the_library_again(
    library: Library, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(library, draft("d", [PLANT]))
    asked: list[tuple[int, int]] = []
    read = library.texts
    monkeypatch.setattr(library, "texts", lambda first, last: asked.append((first, last)) or read(first, last))
    opened(library)
    assert asked == [library.spans()["d"]]


def test_another_word_list_makes_the_index_anew(
    library: Library, saved: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(words, "version", lambda: "other")
    with caplog.at_level(logging.WARNING):
        assert opened(library).ids() == set(library.provision_ids())
    assert "词表" in caplog.text


# -- caches that must not be trusted ----------------------------------------------------------------------------


def each_truncated(folder: Path) -> None:
    for file in folder.iterdir():
        if file.suffix in (".term", ".store", ".pos", ".idx"):
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def altered(folder: Path) -> None:
    file = next(folder.glob("*.idx"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def foreign(folder: Path) -> None:
    other = Library(folder.parent.parent / "other" / "library.sqlite")
    for name in "abc":
        put(other, draft(name, [name * 5, name * 6]))
    opened(other)
    shutil.rmtree(folder)
    shutil.copytree(other.path.parent / "index" / "words", folder)


def foreign_but_the_stamp(folder: Path) -> None:
    stamp = (folder / "stamp.json").read_bytes()
    foreign(folder)
    (folder / "stamp.json").write_bytes(stamp)


def short_of_one(folder: Path) -> None:
    index = tantivy.Index.open(str(folder))
    writer = index.writer(num_threads=1)
    writer.delete_documents_by_query(index.parse_query("基金", ["words"]))
    writer.commit()
    writer.wait_merging_threads()


def emptied(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


SPOILERS: list[Callable[[Path], object]] = [
    each_truncated, altered, foreign, foreign_but_the_stamp, short_of_one, emptied,
    lambda folder: (folder / "meta.json").unlink(),
    lambda folder: (folder / "meta.json").write_text("{", "utf8"),
    lambda folder: next(folder.glob("*.store")).unlink(),
    lambda folder: (folder / "stamp.json").unlink(),
    lambda folder: (folder / "stamp.json").write_text("[]", "utf8"),
]  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILERS)
def test_a_cache_that_is_not_its_own_is_noticed_and_made_anew(
    library: Library, saved: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[Path], object]
) -> None:
    spoil(saved)
    with caplog.at_level(logging.WARNING):
        index = opened(library)
    assert "正在重建" in caplog.text
    assert index.ids() == set(library.provision_ids())
    assert FUND in found(index, library, "种子基金")
    caplog.clear()
    assert opened(library).ids() == set(library.provision_ids())
    assert caplog.text == ""


def test_a_process_whose_folder_is_taken_away_makes_it_anew(library: Library, saved: Path) -> None:
    index = opened(library)
    shutil.rmtree(saved)
    put(library, draft("d", ["脑机接口临床试验"]))
    index.follow()
    assert index.ids() == set(library.provision_ids())
    assert found(index, library, "脑机接口") == ["脑机接口临床试验"]


def test_a_missing_cache_is_simply_made(library: Library, saved: Path, caplog: pytest.LogCaptureFixture) -> None:
    shutil.rmtree(saved)
    assert opened(library).ids() == set(library.provision_ids())
    assert caplog.text == ""

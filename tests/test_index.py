"""The vector index answers exactly, follows the library, and notices a cache that is not its own."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from kb import index as module
from kb.encode import FakeEncoder
from kb.errors import KbError
from kb.index import VectorIndex
from kb.library import Library
from tests.samples import FUND, LAW, NOW, PLANT, SCENE, draft, put

DIMENSION = FakeEncoder.dimension


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Three documents of two provisions and a heading each."""
    made = Library(tmp_path / "library.sqlite")
    for name, lines in (("a", [FUND, SCENE]), ("b", [LAW, PLANT]), ("c", [FUND + "二", SCENE + "二"])):
        put(made, draft(name, lines))
    yield made
    made.close()


def opened(library: Library, home: str = "index") -> VectorIndex:
    """The index as a process finds it on starting, brought up to date."""
    made = VectorIndex(library.path.parent / home, library, "fake", DIMENSION)
    made.follow()
    return made


def agrees(index: VectorIndex, library: Library) -> bool:
    """Whether the index holds the library's vectors, all and only these."""
    ids, vectors = library.vectors("fake", 0, 10**6)
    parts = [index.stored(first) for first in range(0, int(max(ids, default=0)) + 1, module.PART)]
    held = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
    return np.array_equal(ids, held[0]) and np.array_equal(vectors, held[1])


@pytest.fixture
def saved(library: Library) -> Path:
    """The folder of a saved index."""
    opened(library).save()
    return library.path.parent / "index" / "vectors"


# -- answering --------------------------------------------------------------------------------------------------


def test_the_nearest_come_first_with_their_cosines(library: Library) -> None:
    ids, vectors = library.vectors("fake", 0, 100)
    query = FakeEncoder().query("种子基金投早投小")
    cosines = vectors @ query
    order = np.argsort(-cosines, kind="stable")
    found = opened(library).search(query, 4)
    assert [i for i, _ in found] == ids[order][:4].tolist()
    assert [s for _, s in found] == pytest.approx(cosines[order][:4].tolist(), abs=1e-3)


def test_only_the_allowed_answer(library: Library) -> None:
    index, spans = opened(library), library.spans()
    query = FakeEncoder().query(FUND)
    only = {i for i, _ in index.search(query, 10, [spans["b"], spans["c"]])}
    assert only == {i for i in library.provision_ids(encoded=True) if i >= spans["b"][0]}
    assert index.search(query, 10, []) == []


def test_parts_searched_side_by_side_answer_as_one(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    query = FakeEncoder().query(FUND)
    whole = opened(library).search(query, 6)
    monkeypatch.setattr(module, "PART", 2)
    index = opened(library, "elsewhere")
    assert index.search(query, 6) == whole
    assert agrees(index, library)


def test_the_limits_hold_in_every_part_searched_at_the_same_time(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "defg":
        put(library, draft(name, [f"{FUND}{name}{i}" for i in range(1000)]))
    monkeypatch.setattr(module, "PART", 500)
    index, spans = opened(library, "elsewhere"), library.spans()
    for _ in range(20):
        found = index.search(FakeEncoder().query(FUND), 400, [spans["a"], spans["e"]])
        assert {i for i, _ in found} <= {
            *range(spans["a"][0], spans["a"][1] + 1),
            *range(spans["e"][0], spans["e"][1] + 1),
        }


def test_an_empty_index_answers_nothing(tmp_path: Path) -> None:
    assert opened(Library(tmp_path / "library.sqlite")).search(FakeEncoder().query(FUND), 5) == []


# -- following --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [2, 65_536])
def test_the_index_follows_what_is_added_replaced_and_removed(
    library: Library, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr(module, "PART", part)
    index = opened(library, "elsewhere")
    put(library, draft("d", [PLANT]))
    put(library, draft("a", [LAW, FUND]))
    library.remove("b", NOW)
    index.follow()
    assert agrees(index, library)
    index.save()
    assert agrees(opened(library, "elsewhere"), library)


def test_what_was_saved_is_not_read_from_the_library_again(
    library: Library, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(library, draft("d", [PLANT]))
    asked: list[tuple[int, int]] = []
    read = library.vectors
    monkeypatch.setattr(
        library, "vectors", lambda m, first, last: asked.append((first, last)) or read(m, first, last)
    )
    opened(library)
    assert asked == [library.spans()["d"]]


def test_only_parts_that_changed_are_written_again(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "PART", 3)
    index = opened(library, "elsewhere")
    index.save()
    before = {p.name for p in (tmp_path / "elsewhere" / "vectors").glob("*.faiss")}
    put(library, draft("d", [PLANT]))
    index.follow()
    index.save()
    after = {p.name for p in (tmp_path / "elsewhere" / "vectors").glob("*.faiss")}
    assert len(before - after) <= 1
    assert agrees(opened(library, "elsewhere"), library)


def test_an_older_state_is_not_saved_over_a_later_one(library: Library, saved: Path) -> None:
    slow = opened(library)
    put(library, draft("d", [PLANT]))
    opened(library).save()
    slow.save()
    assert json.loads((saved / "stamp.json").read_text("utf8"))["generation"] == library.generation()
    assert agrees(opened(library), library)


def test_missing_vectors_fail_loudly(library: Library) -> None:
    library.drop_vectors("fake", [library.vector_keys([2])[2] or ""])
    index = VectorIndex(library.path.parent / "elsewhere", library, "fake", DIMENSION)
    for _ in range(2):
        with pytest.raises(KbError, match="build"):
            index.follow()


# -- caches that must not be trusted ----------------------------------------------------------------------------


def truncated(folder: Path) -> None:
    file = next(folder.glob("*.faiss"))
    file.write_bytes(file.read_bytes()[:-100])


def altered(folder: Path) -> None:
    file = next(folder.glob("*.faiss"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def foreign_file(folder: Path) -> None:
    other = Library(folder.parent.parent / "other" / "library.sqlite")
    for name in "abc":
        put(other, draft(name, [name * 5, name * 6]))
    opened(other).save()
    theirs, ours = (next(f.glob("*.faiss")) for f in (other.path.parent / "index" / "vectors", folder))
    shutil.copy(theirs, ours)


def foreign_folder(folder: Path) -> None:
    foreign_file(folder)
    shutil.rmtree(folder)
    shutil.copytree(folder.parent.parent / "other" / "index" / "vectors", folder)


def other_model(folder: Path) -> None:
    stamp = json.loads((folder / "stamp.json").read_text("utf8"))
    (folder / "stamp.json").write_text(json.dumps({**stamp, "variant": "other"}), "utf8")


SPOILERS: list[Callable[[Path], object]] = [
    truncated, altered, foreign_file, foreign_folder, other_model,
    lambda folder: next(folder.glob("*.faiss")).unlink(),
    lambda folder: (folder / "stamp.json").unlink(),
    lambda folder: (folder / "stamp.json").write_text("{", "utf8"),
    lambda folder: next(folder.glob("*.faiss")).write_bytes(b""),
]  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILERS)
def test_a_cache_that_is_not_its_own_is_noticed_and_made_anew(
    library: Library, saved: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[Path], object]
) -> None:
    spoil(saved)
    with caplog.at_level(logging.WARNING):
        index = opened(library)
    assert "正在重建" in caplog.text
    assert agrees(index, library)
    index.save()
    caplog.clear()
    assert agrees(opened(library), library)
    assert caplog.text == ""


def test_a_cache_of_the_future_of_a_restored_library_is_noticed(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    library.close()
    backup = library.path.with_name("backup")
    shutil.copy(library.path, backup)
    now = Library(library.path)
    put(now, draft("lost", [PLANT + "甲"]))
    opened(now).save()
    now.close()
    shutil.copy(backup, library.path)
    restored = Library(library.path)
    put(restored, draft("kept", [PLANT + "乙"]))
    with caplog.at_level(logging.WARNING):
        assert agrees(opened(restored), restored)
    assert "另一个知识库或已恢复的旧版本" in caplog.text


def test_a_missing_cache_is_simply_made(library: Library, saved: Path, caplog: pytest.LogCaptureFixture) -> None:
    shutil.rmtree(saved)
    assert agrees(opened(library), library)
    assert caplog.text == ""

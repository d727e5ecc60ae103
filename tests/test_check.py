"""``check`` finds nothing wrong with a sound library, and each of these corruptions in a spoilt one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
import pytest
import tantivy
import yaml

from kb import words
from kb.check import problems
from kb.cli import main
from kb.knowledge import KnowledgeBase
from tests.samples import FUND, LAW, PLANT, SCENE, corpus_of, draft


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of two digests, and the knowledge base of them and of a user's own file."""
    folder = tmp_path_factory.mktemp("sound")
    base = KnowledgeBase(folder / "kb", "fake", corpus_of(folder / "corpus", 2))
    base.add([draft("mine", [FUND, SCENE])], b"the original", "mine.pdf")
    base.build()
    base.close()
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return shutil.copytree(sound, tmp_path / "copy")


def opened(folder: Path) -> KnowledgeBase:
    return KnowledgeBase(folder / "kb", "fake", folder / "corpus")


def sql(statement: str) -> Callable[[Path], None]:
    """A corruption made behind the library's back."""

    def spoil(folder: Path) -> None:
        db = sqlite3.connect(folder / "kb" / "library.sqlite")
        with db:
            assert db.execute(statement).rowcount != 0
        db.close()

    return spoil


def flipped_vector(folder: Path) -> None:
    with sqlite3.connect(folder / "kb" / "library.sqlite") as db:
        key, data = db.execute("SELECT hash, data FROM vector LIMIT 1").fetchone()
        turned = (-np.frombuffer(data, np.float16)).tobytes()
        db.execute("UPDATE vector SET data=? WHERE hash=?", (turned, key))


def exchanged_vectors(folder: Path) -> None:
    """Two vectors stand under each other's hash, each with the checksum it had."""
    with sqlite3.connect(folder / "kb" / "library.sqlite") as db:
        (one, *vector), (other, *another) = db.execute("SELECT hash, data, crc FROM vector LIMIT 2").fetchall()
        db.executemany("UPDATE vector SET data=?, crc=? WHERE hash=?", [(*another, one), (*vector, other)])


def damaged_page(folder: Path) -> None:
    """The heads of the later pages, where the tables that opening reads are not."""
    file = folder / "kb" / "library.sqlite"
    content = bytearray(file.read_bytes())
    for page in range(len(content) // 4096 * 2 // 3, len(content) // 4096):
        content[page * 4096 : page * 4096 + 12] = b"\xff" * 12
    file.write_bytes(content)


def snapshot(folder: Path) -> Path:
    return next(p for p in (folder / "kb" / "snapshots").rglob("*") if p.is_file())


def swapped_vectors(folder: Path) -> None:
    """Index files of another library of the same size, stamp and all."""
    other = KnowledgeBase(folder / "other", "fake", folder / "corpus")
    other.add([draft("theirs", [LAW, PLANT])])
    other.build()
    other.close()
    shutil.rmtree(folder / "kb" / "index" / "vectors")
    shutil.copytree(folder / "other" / "index" / "vectors", folder / "kb" / "index" / "vectors")


def altered_vector_in_the_index(folder: Path) -> None:
    """A part whose ends are untouched: only reading it whole shows the difference."""
    file = next((folder / "kb" / "index" / "vectors").glob("*.faiss"))
    content = bytearray(file.read_bytes())
    content += bytes(200_000 - len(content)) if len(content) < 200_000 else b""
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def short_of_one_vector(folder: Path) -> None:
    file = next((folder / "kb" / "index" / "vectors").glob("*.faiss"))
    index = faiss.read_index(str(file))
    index.remove_ids(faiss.IDSelectorRange(0, 5))
    faiss.write_index(index, str(file))


def short_of_some_words(folder: Path) -> None:
    index = tantivy.Index.open(str(folder / "kb" / "index" / "words"))
    writer = index.writer(num_threads=1)
    writer.delete_documents_by_query(index.parse_query("产业", ["words"]))
    writer.commit()
    writer.wait_merging_threads()


def edited(name: str, change: Callable[[list[dict[str, object]]], object]) -> Callable[[Path], None]:
    """A corruption of a file of the corpus."""

    def spoil(folder: Path) -> None:
        file = folder / "corpus" / name
        rows = yaml.safe_load(file.read_text("utf8"))
        change(rows)
        file.write_text(yaml.safe_dump(rows, allow_unicode=True), "utf8")

    return spoil


A_DOCUMENT = "(SELECT min(id) FROM document)"
A_PROVISION = "(SELECT min(id)+1 FROM provision)"

# What is spoilt, a part of what check says of it, and whether `build` mends it.
CORRUPTIONS: dict[str, tuple[Callable[[Path], object], str, bool]] = {
    "a vector is gone": (sql("DELETE FROM vector WHERE hash=(SELECT min(hash) FROM vector)"), "没有模型", True),
    "a vector points the other way": (flipped_vector, "向量已损坏", True),
    "two vectors are exchanged": (exchanged_vectors, "向量已损坏", True),
    "the end of a text is cut off": (
        sql(f"UPDATE document SET text=substr(text, 1, length(text)-5) WHERE id={A_DOCUMENT}"), "位置与正文不符", False),
    "a sign of a text is another": (
        sql(f"UPDATE document SET text='改'||substr(text, 2) WHERE id={A_DOCUMENT}"), "请移除后重新添加", False),
    "a span is wrong": (sql(f'UPDATE provision SET "end"="end"-1 WHERE id={A_PROVISION}'), "位置与正文不符", False),
    "two provisions overlap": (sql(f"UPDATE provision SET start=start-2 WHERE id={A_PROVISION}"), "位置与正文不符", False),
    "a provision is gone": (sql(f"DELETE FROM provision WHERE id={A_PROVISION}"), "位置与正文不符", False),
    "a last provision is gone": (
        sql("DELETE FROM provision WHERE id=(SELECT max(id) FROM provision)"), "变更记录中有", False),
    "a document is gone behind the journal": (sql(f"DELETE FROM document WHERE id={A_DOCUMENT}"), "无主的记录", True),
    "the journal is short": (sql(f"DELETE FROM journal WHERE document_id={A_DOCUMENT}"), "与变更记录不符", True),
    "a vector is registered to a heading": (
        sql("UPDATE provision SET vector='00' WHERE vector IS NULL"), "与其向量的登记不符", False),
    "a code belongs to nothing": (sql("INSERT INTO code VALUES (99999, 'special_fund', 2, 'auto', 1)"), "无主的记录", True),
    "a strength is another": (sql("UPDATE code SET strength=4-strength WHERE strength<>2"), "与入库时不同", False),
    "a code names no measure": (
        sql(f"INSERT INTO code VALUES ({A_PROVISION}, 'no_such', 2, 'auto', 1)"), "没有的举措", False),
    "facts of a document are others": (
        sql(f"UPDATE document SET facts=replace(facts, '现行', '已废止') WHERE id={A_DOCUMENT}"), "与入库时不同", False),
    "an attestation is gone": (sql("DELETE FROM attestation WHERE id=(SELECT min(id) FROM attestation)"), "佐证", True),
    "the library file is damaged": (damaged_page, "知识库文件损坏", False),
    "an original is gone": (lambda f: snapshot(f).unlink(), "不见了", False),
    "an original is altered": (lambda f: snapshot(f).write_bytes(b"another"), "被改动过", False),
    "the vector index is another library's": (swapped_vectors, "向量索引", True),
    "the vector index is altered": (altered_vector_in_the_index, "向量索引", True),
    "the vector index lacks some": (short_of_one_vector, "向量索引", True),
    "the vector index has lost its stamp": (
        lambda f: (f / "kb" / "index" / "vectors" / "stamp.json").unlink(), "向量索引", True),
    "the word index lacks some": (short_of_some_words, "词语索引", True),
    "a file of the word index is gone": (
        lambda f: next((f / "kb" / "index" / "words").glob("*.term")).unlink(), "词语索引", True),
    "the registry has a wrong date": (
        edited("sources.yaml", lambda rows: rows[0].update(issued="2024-13-01")), "sources.yaml", False),
    "the registry is no YAML": (lambda f: (f / "corpus" / "sources.yaml").write_text("- id: ["), "sources.yaml", False),
    "the frame is no YAML": (lambda f: (f / "corpus" / "frame.yaml").write_text("a: ["), "frame.yaml", False),
    "a digest names no measure": (
        lambda f: next((f / "corpus" / "digests").iterdir()).write_text("id: x\nitems: []"), "digests/", False),
}  # fmt: skip


def test_the_shipped_library_is_sound(shipped: KnowledgeBase) -> None:
    assert problems(shipped) == []


def test_a_sound_library_is_sound_from_the_start(folder: Path) -> None:
    assert problems(opened(folder)) == []


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_each_corruption_is_found_and_mended_where_it_says_so(folder: Path, name: str) -> None:
    spoil, complaint, mendable = CORRUPTIONS[name]
    spoil(folder)
    found = problems(opened(folder))
    assert any(complaint in problem for problem in found), found
    if mendable:
        opened(folder).build()
        assert problems(opened(folder)) == []


def test_what_check_calls_rebuilt_is_rebuilt(folder: Path) -> None:
    short_of_some_words(folder)
    short_of_one_vector(folder)
    base = opened(folder)
    assert len(problems(base)) == 2
    assert problems(base) == []
    base.close()
    assert problems(opened(folder)) == []


def test_an_altered_document_can_be_removed_and_added_again(folder: Path) -> None:
    sql("UPDATE document SET text=substr(text, 1, length(text)-5) WHERE id='mine'")(folder)
    base = opened(folder)
    base.remove("mine")
    base.add([draft("mine", [FUND, SCENE])], b"the original", "mine.pdf")
    assert problems(base) == []


def test_the_command_line_says_what_is_wrong_and_leaves_with_1(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_CORPUS", str(folder / "corpus"))
    assert main(["check", "--kb", str(folder / "kb")]) == 0
    flipped_vector(folder)
    assert main(["check", "--kb", str(folder / "kb")]) == 1
    assert "build" in capsys.readouterr().out


def test_words_cut_by_another_list_are_no_problem_but_made_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "version", lambda: "another")
    assert problems(opened(folder)) == []

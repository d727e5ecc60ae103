"""资料夹: what is set aside stays, in order, and leaves harmless."""

from __future__ import annotations

import csv
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kb.errors import KbError
from kb.pins import DEFAULT, Collections, Pin, as_csv, as_markdown, write_docx


def pin(number: int, **facts: str) -> Pin:
    """A provision set aside."""
    return Pin(**{"id": "", "kind": "provision", "title": f"安徽 · 方案{number}", "text": f"条文{number}", "citation": "《方案》",
                  "region": "安徽", "href": f"?doc=d&p={number}", "url": None, "added": "2026-01-01", **facts})  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture
def collections(tmp_path: Path) -> Collections:
    """Collections with three pins in the default one."""
    made = Collections(tmp_path / "collections")
    for number in (1, 2, 3):
        assert made.add(DEFAULT, pin(number))
    return made


def texts(collections: Collections) -> list[str]:
    """The texts in order."""
    return [p.text for p in collections.pins(DEFAULT)]


def test_pins_outlive_the_process(collections: Collections, tmp_path: Path) -> None:
    assert [p.text for p in Collections(tmp_path / "collections").pins(DEFAULT)] == ["条文1", "条文2", "条文3"]


def test_the_same_thing_is_pinned_once(collections: Collections) -> None:
    assert not collections.add(DEFAULT, pin(2))
    assert len(texts(collections)) == 3


def test_other_words_at_the_same_address_are_another_thing(collections: Collections) -> None:
    assert collections.add(DEFAULT, pin(2, text="修改后的条文2"))
    assert texts(collections)[-1] == "修改后的条文2"


def test_the_same_thing_pinned_by_several_at_once_is_pinned_once(collections: Collections) -> None:
    together = threading.Barrier(8)

    def add(_: int) -> bool:
        together.wait()
        return collections.add(DEFAULT, pin(4))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, range(8))) == 1
    assert len(texts(collections)) == 4


def test_pins_are_moved_annotated_and_taken_out(collections: Collections) -> None:
    ids = [p.id for p in collections.pins(DEFAULT)]
    collections.move(DEFAULT, ids[2], -1)
    collections.move(DEFAULT, ids[0], -1)
    assert texts(collections) == ["条文1", "条文3", "条文2"]
    collections.annotate(DEFAULT, ids[2], " 写进提案 ")
    assert collections.pins(DEFAULT)[1].note == "写进提案"
    collections.remove(DEFAULT, ids[0])
    assert texts(collections) == ["条文3", "条文2"]


@pytest.mark.parametrize("name", ["../机密", "a/b", "a\\b", ".hidden", "", " ", "x" * 41, "a\x00b", "CON", "a\nb"])
def test_no_name_leaves_the_folder(collections: Collections, name: str, tmp_path: Path) -> None:
    with pytest.raises(KbError, match="名称"):
        collections.add(name, pin(9))
    assert sorted(p.name for p in tmp_path.rglob("*.json")) == [f"{DEFAULT}.json"]


def test_collections_are_named_in_chinese_and_deleted(collections: Collections) -> None:
    collections.add("场景 提案（2026）", pin(1))
    assert collections.names() == [DEFAULT, "场景 提案（2026）"]
    collections.delete("场景 提案（2026）")
    assert collections.names() == [DEFAULT]


def test_a_damaged_file_is_told_and_left_alone(collections: Collections, tmp_path: Path) -> None:
    path = tmp_path / "collections" / f"{DEFAULT}.json"
    path.write_text("{", "utf8")
    with pytest.raises(KbError, match="已损坏"):
        collections.add(DEFAULT, pin(9))
    assert path.read_text("utf8") == "{"


def test_exports_hold_everything_and_nothing_runs(tmp_path: Path) -> None:
    pins = [pin(1, note="=1+1", text="=cmd()|<script>x</script>", title="# 标题 [a](javascript:x)"), pin(2)]
    rows = list(csv.reader(io.StringIO(as_csv(pins).lstrip("\ufeff"))))
    assert len(rows) == 3 and all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    markdown = as_markdown("默认", pins)
    assert "<script>" not in markdown and "[a](javascript" not in markdown and "条文2" in markdown
    write_docx("默认", [pin(1, text="坏\x00字符")], tmp_path / "a.docx")
    assert (tmp_path / "a.docx").read_bytes()[:2] == b"PK"

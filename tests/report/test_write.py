"""Writing a report: the ending decides, and what goes wrong is said in Chinese and leaves nothing half done."""

from __future__ import annotations

from pathlib import Path

import pytest

import kb.report
from kb.compare.result import Comparison
from kb.errors import KbError
from kb.report import write_report


@pytest.mark.parametrize("name", ["r.docx", "r.xlsx", "r.md", "r.csv", "R.MD"])
def test_the_ending_decides_the_format(comparison: Comparison, corpus: Path, tmp_path: Path, name: str) -> None:
    path = write_report(comparison, tmp_path / name, corpus)
    assert path == tmp_path / name
    assert path.read_bytes()[:2] == {"x": b"PK"}.get(path.suffix[-1], path.read_bytes()[:2])
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(("name", "says"), [("r.pdf", "不支持“.pdf”格式"), ("r", "无后缀"), ("没有/r.md", "不存在")])
def test_a_wrong_place_or_format_is_named(
    comparison: Comparison, corpus: Path, tmp_path: Path, name: str, says: str
) -> None:
    with pytest.raises(KbError, match=says):
        write_report(comparison, tmp_path / name, corpus)


def test_a_folder_is_not_a_file(comparison: Comparison, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "r.md").mkdir()
    with pytest.raises(KbError, match="是文件夹"):
        write_report(comparison, tmp_path / "r.md", corpus)


def test_a_write_that_fails_leaves_the_old_report_whole(
    comparison: Comparison, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "r.md"
    old.write_text("旧报告", "utf8")

    def fails(_: Comparison, out: Path, *__: object) -> None:
        out.write_text("半", "utf8")
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(kb.report, "_writer", lambda suffix: fails)
    with pytest.raises(KbError, match="报告写不进"):
        write_report(comparison, old, corpus)
    assert old.read_text("utf8") == "旧报告"
    assert [p.name for p in tmp_path.iterdir()] == ["r.md"]


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "md", "csv"])
def test_a_comparison_of_a_region_with_itself_alone_can_be_written(
    comparison: Comparison, corpus: Path, tmp_path: Path, suffix: str
) -> None:
    from dataclasses import replace

    lonely = replace(comparison, columns=comparison.columns[:1], cells=(), findings=(), targets=(), sectors=())
    cells = tuple(replace(c, evidence=(), attestations=()) for c in comparison.cells if c.region == "重庆")
    assert write_report(replace(lonely, cells=cells), tmp_path / f"r.{suffix}", corpus).stat().st_size > 0


def test_a_name_as_long_as_the_disk_allows_can_be_written_and_a_longer_one_is_named(
    comparison: Comparison, corpus: Path, tmp_path: Path
) -> None:
    name = "关于以重庆市未来产业培育行动计划为基准的差距报告".ljust(84, "稿") + ".md"
    assert write_report(comparison, tmp_path / name, corpus).is_file()
    with pytest.raises(KbError, match="报告写不进"):
        write_report(comparison, tmp_path / ("稿" * 90 + ".md"), corpus)

"""Excel and CSV: one sheet a table, ready to filter, and no cell that does anything."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kb.compare.result import Comparison
from kb.knowledge import KnowledgeBase
from kb.report import write_report

STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@pytest.fixture(scope="module")
def book(comparison: Comparison, corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return openpyxl.load_workbook(write_report(comparison, tmp_path_factory.mktemp("xlsx") / "表.xlsx", corpus))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_one_sheet_a_table(book: Any) -> None:
    assert book.sheetnames == ["差距结论", "举措对照", "证据", "指标", "产业", "政策工具", "文件", "说明"]


def test_what_tables_alone_cannot_say_stands_in_a_sheet_of_its_own(book: Any, comparison: Comparison) -> None:
    said = {(row[0].value, row[1].value) for row in book["说明"].iter_rows(min_row=2)}
    assert ("比较基准日", comparison.as_of) in said
    assert any(head == "结论：疑似缺口" and "不完整" in text for head, text in said)
    assert any("节录或摘编不能证明没有" in text for _, text in said)


def test_findings_name_the_nearest_text_and_the_model(book: Any, comparison: Comparison) -> None:
    heads = [c.value for c in book["差距结论"][1]]
    near, model = heads.index("最接近的现有条款"), heads.index("可资借鉴的文本")
    told = [[c.value for c in row] for row in book["差距结论"].iter_rows(min_row=2)]
    for row, finding in zip(told, comparison.findings, strict=True):
        assert bool(row[model]) == (finding.model is not None)
        assert bool(row[near]) == (finding.nearest is not None)
        assert finding.model is None or finding.model.document.title in row[model]


def test_heads_are_frozen_and_filters_cover_the_table(book: Any) -> None:
    for sheet in book:
        assert sheet.freeze_panes.endswith("2"), sheet.title
        assert sheet.auto_filter.ref == sheet.dimensions, sheet.title


def test_the_sheets_hold_all_there_is(book: Any, comparison: Comparison) -> None:
    counts = {sheet.title: sheet.max_row - 1 for sheet in book}
    assert counts["差距结论"] == counts["举措对照"] == len(comparison.findings)
    assert counts["证据"] == sum(len(c.evidence) + len(c.attestations) for c in comparison.cells)
    assert counts["指标"] == len(comparison.targets)
    assert counts["产业"] == sum(len(s.regions) for s in comparison.sectors)
    assert counts["文件"] == sum(len(c.documents) for c in comparison.columns)


def test_the_matrix_shows_strengths_in_words_and_hatches_what_is_not_seen_in_partial_holdings(
    book: Any, comparison: Comparison
) -> None:
    sheet = book["举措对照"]
    column = next(c.column for c in sheet[1] if c.value == "成都")
    row = next(r[0].row for r in sheet.iter_rows(min_row=2) if r[1].value == "未来产业专项基金")
    assert sheet.cell(row, column).value == "承诺（据佐证）"
    assert sheet.cell(row, column).fill.fgColor.rgb.endswith("1c5f9e")
    own = next(c.column for c in sheet[1] if c.value == "重庆")
    assert comparison.cell("special_fund", "重庆").strength == 0
    assert sheet.cell(row, own).value == "未见"
    assert sheet.cell(row, own).fill.fill_type == "lightUp"


def test_wrapped_words_have_room_and_what_is_printed_can_be_read(book: Any) -> None:
    sheet = book["差距结论"]
    said = next(c.column for c in sheet[1] if c.value == "说明")
    longest = max(range(2, sheet.max_row + 1), key=lambda r: len(sheet.cell(r, said).value))
    # 52 wide, a Chinese character taking two, and a line 14 points high
    assert sheet.row_dimensions[longest].height >= 14 * (1.7 * len(sheet.cell(longest, said).value) // 52)
    assert "$A$1:$I$" in sheet.print_area


def test_numbers_stay_numbers(book: Any) -> None:
    sheet = book["指标"]
    low = next(c.column for c in sheet[1] if c.value == "下限")
    assert {type(r[low - 1].value) for r in sheet.iter_rows(min_row=2) if r[low - 1].value is not None} <= {
        int,
        float,
    }


def test_no_cell_of_a_workbook_is_a_formula_or_leads_outside_the_web(
    hostile: Comparison, corpus: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(write_report(hostile, tmp_path / "r.xlsx", corpus))
    texts = []
    for sheet in book:
        for cell in (c for r in sheet.iter_rows() for c in r):
            assert cell.data_type != "f"
            assert not str(cell.value or "").lstrip(" ").startswith(STARTS) or isinstance(cell.value, int | float)
            assert cell.hyperlink is None or cell.hyperlink.target.startswith("http")
            texts.append(str(cell.value))
    assert any(t.startswith("'=HYPERLINK") for t in texts)


def test_a_text_longer_than_a_cell_can_hold_says_that_it_was_cut(
    comparison: Comparison, corpus: Path, tmp_path: Path
) -> None:
    first = next(f for f in comparison.findings)
    endless = replace(comparison, findings=(replace(first, sentence="长" * 40_000),))
    sheet = openpyxl.load_workbook(write_report(endless, tmp_path / "r.xlsx", corpus))["差距结论"]
    told = str(sheet.cell(2, 5).value)
    assert len(told) <= 32_767
    assert "超出单元格上限" in told


def test_csv_has_every_finding_with_every_piece_of_evidence(
    comparison: Comparison, corpus: Path, tmp_path: Path
) -> None:
    read = rows(write_report(comparison, tmp_path / "r.csv", corpus))
    assert {r["举措"] for r in read} == {f.measure.name for f in comparison.findings}
    with_evidence = [r for r in read if r["内容"]]
    assert len(with_evidence) == sum(len(c.evidence) + len(c.attestations) for c in comparison.cells)
    assert all(r["出处"] for r in with_evidence)


def test_excel_takes_the_csv_for_utf_8(comparison: Comparison, corpus: Path, tmp_path: Path) -> None:
    assert write_report(comparison, tmp_path / "r.csv", corpus).read_bytes().startswith(b"\xef\xbb\xbf")


def test_no_field_of_a_csv_begins_like_a_formula(hostile: Comparison, corpus: Path, tmp_path: Path) -> None:
    read = rows(write_report(hostile, tmp_path / "r.csv", corpus))
    assert not [v for r in read for v in r.values() if v.lstrip(" ").startswith(STARTS)]
    assert any(r["内容"].startswith("'=HYPERLINK") for r in read)


def test_a_finding_on_one_document_is_given_the_statement_it_rests_on(
    shipped: KnowledgeBase, corpus: Path, tmp_path: Path
) -> None:
    plan = shipped.compare("cq-2024-action-plan", ["安徽"], "2025-08-01")
    attested = [f.measure.name for f in plan.findings if f.basis == "attested"]
    assert attested
    read = rows(write_report(plan, tmp_path / "r.csv", corpus))
    for name in attested:
        said = [r for r in read if r["举措"] == name and r["一方"] == "基准" and r["类别"].startswith("佐证")]
        assert said, name
        assert all(r["内容"] and r["出处"] for r in said)


@pytest.mark.parametrize("day", ["2025-07-11", "2026-07-01"])
def test_every_finding_says_what_it_was_compared_with_and_at_what_day(
    shipped: KnowledgeBase, corpus: Path, tmp_path: Path, day: str
) -> None:
    read = rows(write_report(shipped.compare("重庆", ["安徽"], day), tmp_path / "r.csv", corpus))
    assert {(r["比较基准"], r["比较基准日"]) for r in read} == {("重庆", day)}

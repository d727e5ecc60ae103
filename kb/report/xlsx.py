"""The comparison as an Excel workbook: one sheet a table, heads frozen, filters on, every row with its citation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from kb.compare.result import Comparison
from kb.model import STRENGTH_ZH
from kb.report.method import notes_table
from kb.report.pictures import STRENGTH_COLOURS
from kb.report.safe import harmless, link
from kb.report.tables import TOLD, Table, Value, all_tables

CELL_LIMIT = 32_767  # characters, Excel's own
CUT = "……（超出单元格上限，全文见 Word 或 Markdown 报告）"
MATRIX = "举措对照"
FROZEN = {MATRIX: 2, "差距结论": 2, "证据": 2}
LONG = frozenset((
    "说明", "内容", "条款", "首条内容", "出处", "基准出处", "对照出处", "整理依据", "备注", "著录（GB/T 7714—2015）", "已被补上", "最接近的现有条款", "可资借鉴的文本", "文件", "发文机关",
    "出处（各地力度最强的一条）", "各条出处",
))  # fmt: skip
# Lists of many citations: on one line, or a row would be taller than the window.
ONE_LINE = frozenset(("基准出处", "对照出处", "出处（各地力度最强的一条）", "各条出处"))
ADDRESSES = frozenset(("文件地址", "内容来源", "官方地址"))
NARROW, MIDDLE, WIDE = 8, 16, 52
# What is printed of a sheet too wide for paper: its first columns.
PRINTED = {"差距结论": 9, "证据": 9, "指标": 9, "产业": 6, "文件": 14}
LINE_HEIGHT, HIGHEST = 14.0, 409.0  # points; no row may be higher
FONT, LINK_COLOUR = "微软雅黑", "1C5F9E"
HEAD_FILL = PatternFill("solid", fgColor="DCE6F0")
HATCHED = PatternFill("lightUp", fgColor="C8C8C8")
THIN = Side("thin", color="D0D0D0")


def write_xlsx(comparison: Comparison, out: Path, corpus: Path, day: str) -> None:
    """Write the tables of ``comparison`` to ``out``; references are cited on the ISO day ``day``."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.title = f"以{comparison.baseline}为基准的政策比较"
    workbook.properties.creator = "区域政策比较知识库"
    partial = {c.region for c in comparison.columns if c.coverage == "partial"}
    for table in (*all_tables(comparison, corpus, day), notes_table(comparison)):
        sheet = workbook.create_sheet(table.name)
        _fill(sheet, table)
        if table.name == MATRIX:
            _colour(sheet, table.heads, partial)
    workbook.save(str(out))


def _fill(sheet: Any, table: Table) -> None:
    sheet.append([harmless(h) for h in table.heads])
    for row in table.rows:
        sheet.append([_value(v) for v in row])
    _heads(sheet, table)
    columns = [_column_style(h) for h in table.heads]
    widths = [_width(table, n) for n in range(len(table.heads))]
    for number, cells in enumerate(sheet.iter_rows(min_row=2), 2):
        lines = max(
            (_lines(c.value, w) for c, w, (_, a) in zip(cells, widths, columns, strict=True) if a.wrap_text),
            default=1,
        )
        # not every program makes room for wrapped words by itself
        sheet.row_dimensions[number].height = min(HIGHEST, lines * LINE_HEIGHT)
        for cell, head, (font, alignment) in zip(cells, table.heads, columns, strict=True):
            cell.font, cell.alignment = font, alignment
            address = link(cell.value) if head in ADDRESSES and isinstance(cell.value, str) else None
            if address:
                cell.hyperlink = address
                cell.font = Font(FONT, size=10, color=LINK_COLOUR, underline="single")


def _lines(value: object, width: float) -> int:
    """How many lines a value takes in a column so wide, a Chinese character counting two."""
    lines = str(value or "").split("\n")
    return sum(
        max(1, math.ceil(sum(1 + (east_asian_width(c) in "WFA") for c in line) / (width - 1))) for line in lines
    )


def _value(value: Value) -> Value:
    safe = harmless(value)
    if isinstance(safe, str) and len(safe) > CELL_LIMIT:
        return safe[: CELL_LIMIT - len(CUT)] + CUT
    return safe


def _heads(sheet: Any, table: Table) -> None:
    for number, cell in enumerate(sheet[1], 1):
        cell.font, cell.fill = Font(FONT, size=10, bold=True), HEAD_FILL
        cell.alignment = Alignment("center", "center", wrap_text=True)
        cell.border = Border(bottom=Side("medium", color="808080"))
        sheet.column_dimensions[get_column_letter(number)].width = _width(table, number - 1)
    sheet.freeze_panes = sheet.cell(2, FROZEN.get(table.name, 0) + 1)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.heads))}{max(len(table.rows) + 1, 2)}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    if table.name in PRINTED:
        sheet.print_area = f"A1:{get_column_letter(PRINTED[table.name])}{len(table.rows) + 1}"


def _width(table: Table, column: int) -> float:
    """As wide as the words need, a Chinese character counting two, within limits."""
    if table.heads[column] in LONG:
        return WIDE
    longest = max((len(str(r[column])) for r in table.rows if r[column] is not None), default=0)
    return min(max(2 * len(table.heads[column]) + 4, 2 * longest + 2, NARROW), 2 * MIDDLE)


def _column_style(head: str) -> tuple[Font, Alignment]:
    return Font(FONT, size=10), Alignment(vertical="top", wrap_text=head not in ADDRESSES | ONE_LINE)


def _colour(sheet: Any, heads: Sequence[str], partial: set[str]) -> None:
    """Give the matrix the colours of the heat map; 未见 in partial holdings is hatched."""
    by_word = {STRENGTH_ZH[s]: s for s in STRENGTH_ZH}
    fills = {s: PatternFill("solid", fgColor=colour[1:]) for s, colour in STRENGTH_COLOURS.items() if s}
    for cells in sheet.iter_rows(min_row=2, min_col=3, max_col=len(heads) - 1):
        for cell in cells:
            strength = by_word.get(str(cell.value).removesuffix(TOLD))
            cell.border = Border(THIN, THIN, THIN, THIN)
            cell.alignment = Alignment("center", "center")
            if strength:
                cell.fill = fills[strength]
                cell.font = Font(FONT, size=10, color="FFFFFF" if strength == 3 else "222222")
            elif strength == 0:
                cell.font = Font(FONT, size=10, color="8A8A8A")
                if heads[cell.column - 1] in partial:
                    cell.fill = HATCHED

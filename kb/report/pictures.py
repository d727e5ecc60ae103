"""The report's pictures: heat map of measures by regions, findings by dimension, strengths by region, sectors.

Each returns a picture at print resolution, or None when the system has no Chinese font. What a colour says is also
said by a number or a hatching, so that a copy in black and white can be read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL.Image import Image

from kb.compare.findings import aside
from kb.compare.force import BELOW
from kb.compare.frame import Frame
from kb.compare.result import KIND_ZH, Cell, Comparison
from kb.model import STRENGTH_ZH
from kb.report.canvas import FAINT, INK, RULE, WIDTH, Canvas, points
from kb.report.fonts import chinese_font

STRENGTH_COLOURS = {0: "#ffffff", 1: "#cfe1f2", 2: "#6aaed6", 3: "#1c5f9e"}
KIND_COLOURS = {
    "gap": "#b2182b", "suspected": "#ef8a62", "weaker": "#fdd49e", "par": "#d1e5f0", "lead": "#4393c3", "unknown": "#e6e6e6",
}  # fmt: skip
DARK = frozenset(("gap", "lead"))
SECTOR_STEPS = ((1, "#e5f2e3"), (3, "#a8d8a3"), (6, "#4fab5b"), (10, "#1e7a3a"))
BAND, LABELS, ROW = 156, 330, 44
MOST_COLUMNS = 34
LABEL_LENGTH = 9
BAR, BAR_GAP = 40, 14


def column_groups(comparison: Comparison) -> list[list[str]]:
    """The columns of each picture: the baseline first in every one, then counted regions, then the others."""
    first, *others = comparison.columns
    ordered = [c.region for c in sorted(others, key=lambda c: not c.counted)]
    pictures = max(1, math.ceil(len(ordered) / MOST_COLUMNS))
    size = max(1, math.ceil(len(ordered) / pictures))
    return [[first.region, *ordered[i : i + size]] for i in range(0, max(1, len(ordered)), size)]


def heat_map(comparison: Comparison, frame: Frame, columns: Sequence[str] | None = None) -> Image | None:
    """Measures by regions, the strength by colour and number; 未见 in partial holdings is hatched."""
    if chinese_font() is None:
        return None
    columns = columns or [c.region for c in comparison.columns]
    head, size = _head(columns), _cell_width(columns)
    canvas = Canvas(head + len(frame.measures) * ROW + 110)
    _column_names(canvas, comparison, columns, head, size)
    y = head
    for dimension in frame.dimensions:
        _dimension_name(canvas, dimension.name, y, len(dimension.measures) * ROW)
        for measure in dimension.measures:
            canvas.fitted(BAND + 12, y + ROW / 2, measure.name, LABELS - 24, 7)
            for position, region in enumerate(columns):
                cell = comparison.cell(measure.id, region)
                _strength(canvas, cell, BAND + LABELS + position * size, y, size, region == comparison.baseline)
            y += ROW
        canvas.rule(0, y, BAND + LABELS + len(columns) * size, y, FAINT)
    canvas.box(BAND + LABELS, head, size, y - head, None, INK, 5)
    _strength_legend(canvas, y + 62)
    return canvas.image


def _head(columns: Sequence[str]) -> int:
    return round(max(map(len, _labels(columns))) * points(7.5) * 1.08) + 24


def _labels(names: Sequence[str]) -> list[str]:
    """Names cut short, though not so short that two titles beginning alike read the same."""
    full = [name.strip("《》").replace(BELOW, BELOW.strip("（）")[:2]) for name in names]
    lengths = range(LABEL_LENGTH, max(map(len, full), default=0))
    length = next((n for n in lengths if len({_short(name, n) for name in full}) == len(full)), 0)
    return [_short(name, length) for name in full] if length else full


def _short(name: str, length: int) -> str:
    return name if len(name) <= length else name[: length - 1] + "…"


def _cell_width(columns: Sequence[str]) -> float:
    return min(96.0, (WIDTH - BAND - LABELS - 4) / len(columns))


def _column_names(
    canvas: Canvas, comparison: Comparison, columns: Sequence[str], head: int, size: float, start: int = BAND + LABELS
) -> None:
    counted = {c.region: c.counted for c in comparison.columns}
    for position, (region, label) in enumerate(zip(columns, _labels(columns), strict=True)):
        colour = INK if position == 0 or counted[region] else FAINT
        canvas.down(start + (position + 0.5) * size, head - 12, label, 7.5, colour, position == 0)
    canvas.rule(0, head, start + len(columns) * size, head, INK)


def _dimension_name(canvas: Canvas, name: str, y: float, height: float) -> None:
    size = len(name) if len(name) <= 5 else max(4, math.ceil(len(name) / 2))
    lines = [name[i : i + size] for i in range(0, len(name), size)]
    step = points(7) * 1.15
    for number, part in enumerate(lines):
        canvas.text(0, y + height / 2 + (number - (len(lines) - 1) / 2) * step, part, 7, strong=True)


def _strength(canvas: Canvas, cell: Cell, x: float, y: float, size: float, own: bool) -> None:
    canvas.box(x, y, size, ROW, STRENGTH_COLOURS[cell.strength], "#ffffff" if cell.strength else "#eeeeee")
    if cell.strength:
        colour = "#ffffff" if cell.strength == 3 else INK
        lowered = cell.as_baseline < cell.strength if own else bool(aside(cell))
        told = f"({cell.strength})" if lowered else f"{cell.strength}*" if cell.attested else str(cell.strength)
        canvas.text(x + size / 2, y + ROW / 2, told, 6.5, colour, "mm")
    elif cell.coverage == "partial":
        canvas.hatch(x + 3, y + 3, size - 6, ROW - 6)
    elif cell.coverage == "none":
        canvas.text(x + size / 2, y + ROW / 2, "—", 6.5, FAINT, "mm")


def _strength_legend(canvas: Canvas, y: float) -> None:
    x = 0.0
    for strength in (3, 2, 1):
        canvas.box(x, y - 20, 46, 40, STRENGTH_COLOURS[strength], RULE)
        canvas.text(x + 23, y, str(strength), 6.5, "#ffffff" if strength == 3 else INK, "mm")
        canvas.text(x + 58, y, STRENGTH_ZH[strength], 7)
        x += 58 + canvas.measure(STRENGTH_ZH[strength], 7) + 36
    for label, hatched in (("未见（收录不全，不等于没有）", True), ("未见（全文）", False)):
        canvas.box(x, y - 20, 46, 40, "#ffffff", RULE)
        if hatched:
            canvas.hatch(x + 3, y - 17, 40, 34)
        canvas.text(x + 58, y, label, 7)
        x += 58 + canvas.measure(label, 7) + 36
    canvas.text(x, y, "灰名、括号不计或降档　* 据佐证　— 未收录", 7, FAINT)


def kinds_chart(comparison: Comparison, frame: Frame) -> Image | None:
    """Findings by dimension: one bar a dimension, a segment a kind, its name and number in it."""
    if chinese_font() is None:
        return None
    rows = []
    for dimension in frame.dimensions:
        kinds = [f.kind for f in comparison.findings if f.measure.dimension == dimension.id]
        rows.append((dimension.name, [(kinds.count(k), KIND_COLOURS[k], k in DARK, KIND_ZH[k]) for k in KIND_ZH]))
    legend = [(KIND_ZH[k], KIND_COLOURS[k]) for k in KIND_ZH]
    return _bars(rows, legend)


def strength_counts(comparison: Comparison) -> list[tuple[str, list[int]]]:
    """How many measures each region has at strength 3, 2 and 1, as they count (:attr:`Cell.as_peer`, :attr:`Cell.as_baseline`); the baseline
    first, then the most first; a region no document is held of has no row, which would say that it has nothing."""
    counted = []
    for column in (c for c in comparison.columns if c.documents):
        own = column.region == comparison.baseline
        strengths = [c.as_baseline if own else c.as_peer for c in comparison.cells if c.region == column.region]
        counted.append((column.region, [strengths.count(s) for s in (3, 2, 1)]))
    return [counted[0], *sorted(counted[1:], key=lambda row: -sum(row[1]))]


def strengths_chart(comparison: Comparison) -> Image | None:
    """Measures each region has, by strength."""
    if chinese_font() is None:
        return None
    counts = strength_counts(comparison)
    rows = [
        (label, [(n, STRENGTH_COLOURS[s], s == 3, "") for n, s in zip(numbers, (3, 2, 1), strict=True)])
        for label, (_, numbers) in zip(_labels([region for region, _ in counts]), counts, strict=True)
    ]
    return _bars(rows, [(STRENGTH_ZH[s], STRENGTH_COLOURS[s]) for s in (3, 2, 1)], totals=True)


def _bars(
    rows: Sequence[tuple[str, Sequence[tuple[int, str, bool, str]]]],
    legend: Sequence[tuple[str, str]],
    totals: bool = False,
) -> Image:
    """A bar a row, of parts (how many, colour, whether that is dark, what it is); each part says what it is, where there is
    room, for in black and white colours read alike."""
    canvas = Canvas(90 + len(rows) * (BAR + BAR_GAP))
    label = round(max((canvas.measure(name) for name, _ in rows), default=0)) + 30
    longest = max([sum(part[0] for part in parts) for _, parts in rows] + [1])
    unit = (WIDTH - label - 90) / longest
    x = float(label)
    for name, colour in legend:
        canvas.box(x, 12, 40, 34, colour, RULE)
        canvas.text(x + 52, 29, name, 7.5)
        x += 52 + canvas.measure(name) + 40
    for number, (name, parts) in enumerate(rows):
        y, x = 76.0 + number * (BAR + BAR_GAP), float(label)
        canvas.text(label - 18, y + BAR / 2, name, 7.5, anchor="rm")
        for count, colour, dark, what in parts:
            if count:
                canvas.box(x, y, count * unit, BAR, colour, "#ffffff")
                long = f"{what} {count}".strip()
                told = long if canvas.measure(long, 7) + 8 <= count * unit else str(count)
                canvas.text(x + count * unit / 2, y + BAR / 2, told, 7, "#ffffff" if dark else INK, "mm")
                x += count * unit
        if totals:
            canvas.text(x + 14, y + BAR / 2, str(sum(part[0] for part in parts)), 7, FAINT)
    canvas.rule(label, 70, label, canvas.image.height - 6, INK)
    return canvas.image


def sector_map(comparison: Comparison, columns: Sequence[str] | None = None) -> Image | None:
    """Sectors by regions: how many provisions name it; framed where a text puts it first."""
    if chinese_font() is None:
        return None
    columns = columns or [c.region for c in comparison.columns]
    head, size = _head(columns), min(96.0, (WIDTH - LABELS - 4) / len(columns))
    canvas = Canvas(head + len(comparison.sectors) * ROW + 20)
    _column_names(canvas, comparison, columns, head, size, LABELS)
    for number, sector in enumerate(comparison.sectors):
        y = head + number * ROW
        canvas.fitted(0, y + ROW / 2, sector.name, LABELS - 12)
        for position, region in enumerate(columns):
            x, count = LABELS + position * size, len(sector.regions.get(region, ()))
            canvas.box(x, y, size, ROW, _step(count), "#eeeeee")
            if count:
                told = f"({count})" if region in sector.remarks else str(count)
                canvas.text(x + size / 2, y + ROW / 2, told, 6.5, "#ffffff" if count >= 6 else INK, "mm")
            if sector.tiers.get(region) == "优先":
                canvas.box(x + 3, y + 3, size - 6, ROW - 6, None, "#b2182b", 4)
    canvas.box(LABELS, head, size, len(comparison.sectors) * ROW, None, INK, 5)
    return canvas.image


def _step(count: int) -> str:
    return next((colour for least, colour in reversed(SECTOR_STEPS) if count >= least), "#ffffff")

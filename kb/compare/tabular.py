"""Goals in a table of indicators (主要指标表): one row an indicator, one column a year.

Goes in: the lines of a table, cells joined by tabs. Comes out: the number in each column of a year with its row's name
and unit, and whether that year is gone. Numbers are read by :mod:`kb.compare.quantities`, as in sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.compare.lexicon import Lexicon
from kb.compare.naming import MAX_LENGTH
from kb.compare.quantities import SIGNS, quantities
from kb.fold import fold
from kb.model import Target

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_HEAD = re.compile(
    r"(?:20\d\d|[到至年底末/()\s]|现状|基期|基准|实际|基数|实绩|完成|目标|预期|规划|计划|预计|达到|情况|水平|[值数]|年均|增长|增速)+"
)
_GONE = re.compile("现状|基期|基准|实际|基数|实绩|完成")
_AHEAD = re.compile("目标|预期|规划|计划|预计|达到")
_YEARLY = re.compile("年均(?:增|提|下降)")
_UNIT = re.compile("(?:计量)?单位")
_NO_NAME = re.compile("单位|属性|序号|类型|备注|性质|责任|来源")
_ASIDE = re.compile(r"\(([^()]*)\)$")
_MARKER = re.compile(
    r"^(?:(?:\(?[一二三四五六七八九十\d]{1,3}[).、](?!\d)|\d{1,2}(?:\.\d{1,2}){1,3}(?=\s*[\u4e00-\u9fff])|[—•●①-⑳、-]+)\s*)?"
    r"(?:其中:)?\s*"
)
_BARE = re.compile(
    r"(?P<lead>[^\d〔〕()]{0,6}?)(?P<number>\d[\d.,]*(?:[-—~至到]\d[\d.,]*)?[万千百]?)(?P<after>以上|左右|以下|以内|\+)?"
)


@dataclass(frozen=True)
class YearColumn:
    """What a column holds: values of ``year``, of a year gone or not; or, ``yearly``, growth per year up to it."""

    at: int
    year: int
    past: bool
    yearly: bool = False


@dataclass(frozen=True)
class TableValue:
    """The number of one cell, where it stands in the text, and whether its year is gone."""

    target: Target
    past: bool
    start: int
    end: int


def tables(text: str, issued: int | None) -> Iterator[tuple[int, int, tuple[YearColumn, ...]]]:
    """Each table of indicators in ``text``: where its head begins, where its last row ends, its columns of values."""
    at, lines = 0, text.split("\n")
    begin, width, columns = 0, 0, tuple[YearColumn, ...]()
    for line in lines:
        cells = line.split("\t")
        if columns and len(cells) != width:
            yield begin, at - 1, columns
            columns = ()
        if not columns:
            begin, width, columns = at, len(cells), _columns(cells, issued)
        at += len(line) + 1
    if columns:
        yield begin, len(text), columns


def head_of(text: str, issued: int | None) -> str:
    """The head of the table of indicators that ``text`` ends in; empty where it ends in none."""
    return next((text[begin:].split("\n", 1)[0] for begin, end, _ in tables(text, issued) if end == len(text)), "")


def values(text: str, start: int, end: int, columns: Sequence[YearColumn], lexicon: Lexicon) -> Iterator[TableValue]:
    """The numbers in the rows of the table ``text[start:end]`` whose head has ``columns``, row by row."""
    head, *rows = text[start:end].split("\n")
    titles = [fold(c) for c in head.split("\t")]
    units = [i for i, t in enumerate(titles[: columns[0].at]) if _UNIT.fullmatch(t.strip())]
    names = [i for i in range(columns[0].at) if not _NO_NAME.search(titles[i])]
    at = start + len(head) + 1
    for row in rows:
        cells = row.split("\t")
        places = [at + sum(len(c) + 1 for c in cells[:i]) for i in range(len(cells))]
        at += len(row) + 1
        name, unit = _named(fold(cells[names[-1]])) if names else ("", "")
        unit = fold(cells[units[0]]).strip() if units else unit
        if not re.search("[\u4e00-\u9fff]", name):
            continue
        for column in columns:
            cell = cells[column.at]
            target = _value(fold(cell).strip(), name, unit or _head_unit(titles[column.at]), column, lexicon)
            if target is not None:
                first = places[column.at] + len(cell) - len(cell.lstrip())
                yield TableValue(target, column.past, first, first + len(cell.strip()))


def _columns(cells: Sequence[str], issued: int | None) -> tuple[YearColumn, ...]:
    """The columns of values of a table with the head ``cells``; none when it is no head of a table of indicators."""
    titles = [fold(c).strip() for c in cells]
    years = {
        i: int(m[0]) for i, t in enumerate(titles) if len(m := _YEAR.findall(t)) == 1 and _HEAD.fullmatch(_bare(t))
    }
    if not years or min(years) == 0:
        return ()
    first = min(years.values())
    last, columns = max(years.values()), []
    for at, year in years.items():
        by_word = False if _AHEAD.search(titles[at]) else True if _GONE.search(titles[at]) else None
        # of two years the first is where things stood; of three, each has its goal. What is not dated must say so itself.
        gone = issued is None or year < issued or year == issued == first < last and len(years) == 2
        columns.append(YearColumn(at, year, gone if by_word is None else by_word, bool(_YEARLY.search(titles[at]))))
    columns += [
        YearColumn(i, last, all(c.past for c in columns), True) for i, t in enumerate(titles)
        if i > min(years) and i not in years and _YEARLY.search(t)
    ]  # fmt: skip
    return tuple(sorted(columns, key=lambda c: c.at))


def _bare(title: str) -> str:
    """A column's title without the unit in brackets behind it, as long as no year stands there."""
    return title if not _head_unit(title) else _ASIDE.sub("", title)


def _named(cell: str) -> tuple[str, str]:
    """The indicator's name and the unit in brackets behind it: 产业规模(亿元)."""
    cell = _MARKER.sub("", cell.strip())
    aside = _ASIDE.search(cell)
    return (cell[: aside.start()].strip(), aside[1].strip()) if aside else (cell, "")


def _head_unit(title: str) -> str:
    aside = _ASIDE.search(title)
    return "" if aside is None or _YEAR.search(aside[1]) else aside[1]


def _value(cell: str, name: str, unit: str, column: YearColumn, lexicon: Lexicon) -> Target | None:
    """What one cell says; None when it holds no number or its unit is not known. [120] is a sum over the years."""
    inner = cell[1:-1].strip() if cell[:1] + cell[-1:] == "〔〕" else cell  # what the fold makes of [ ]
    for sign, word in SIGNS.items():
        if inner.startswith(sign):
            inner = word + inner.removeprefix(sign).strip()
            break
    if column.yearly:
        if inner != cell:
            return None
        name, unit = f"{name}年均增长", "%"
    bare = _BARE.fullmatch(inner)
    if bare is not None:
        inner = bare["lead"] + bare["number"] + unit + (bare["after"] or "").replace("+", "以上")
    found = quantities(inner, lexicon)
    if len(found) != 1 or found[0].end != len(inner):
        return None
    one = found[0]
    return Target(name[:MAX_LENGTH], column.year, one.low, one.high, one.unit, one.qualifier)

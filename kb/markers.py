"""The grammar of official documents as data: which signs open a heading or item, and how deep they stand.

Goes in: one line of text. Comes out: its :class:`Marker` (type, number, where its sign ends) or None.
Two conventions are covered: laws and regulations (立法法: 编、章、节、条、款、项、目) and official documents
(GB/T 9704-2012: 一、 →（一）→ 1. →（1）, and ① on the web). Patterns run on :func:`kb.fold.fold`-ed text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kb.fold import fold
from kb.numerals import chinese, parse_number

MarkerType = Literal[
    "part", "chapter", "section", "article", "comma", "paren", "arabic", "decimal", "paren_arabic", "circled", "bold"
]
RANK: dict[str, int] = {
    "bold_top": 0, "part": 1, "chapter": 2, "section": 3, "article": 4, "comma": 5, "paren": 6,
    "arabic": 7, "decimal": 8, "paren_arabic": 9, "circled": 10, "bold": 11,
}  # fmt: skip
STRUCTURAL = frozenset({"part", "chapter", "section", "article"})

_CN = "[一二三四五六七八九十百零〇]"
_ORDINAL = rf"(?:{_CN}(?:\s*{_CN}){{0,6}}|\d(?:\s?\d){{0,3}})"
_UNIT_SIGN = {"part": "编", "chapter": "章", "section": "节", "article": "条"}
_UNIT = re.compile(rf"\s*第\s*({_ORDINAL})\s*(?:分(?=编))?([编章节条])(?:\s*之\s*({_CN}{{1,3}})(?=[\s\u4e00-\u9fff]|$))?")
_PATTERNS: tuple[tuple[MarkerType, re.Pattern[str]], ...] = (
    ("comma", re.compile(rf"\s*({_CN}{{1,4}})\s*[、.](?!\d)")),
    ("paren", re.compile(rf"\s*\(\s*({_CN}{{1,4}})\s*\)\s*[、.]?")),
    ("decimal", re.compile(r"\s*(\d{1,2}(?:\.\d{1,2}){1,3})(?=\s+\S)[.、]?")),
    ("arabic", re.compile(r"\s*(\d{1,3})\s*(?:、|\.(?![\d.])|\)(?!\d))")),
    ("paren_arabic", re.compile(r"\s*\(\s*(\d{1,3})\s*\)\s*[、.]?")),
)
_SINGLE_SIGNS: tuple[tuple[MarkerType, int], ...] = (
    ("circled", 0x2460), ("paren_arabic", 0x2474), ("arabic", 0x2488), ("paren", 0x3220), ("circled", 0x2776),
)  # fmt: skip
_SIGNS_IN_ROW = {0x2460: 20, 0x2474: 20, 0x2488: 20, 0x3220: 10, 0x2776: 10}

# What follows 第X条 in running text (依照第十二条的规定, 第三条、第五条所列) and never after an article's own sign.
CROSS_REFERENCE = re.compile(r"\s*(?:[,、;。)》至和及或与中]|的|规定|所[列称述规]|第|款|项|之(?!一)|修改|删去|改为|有关)")
ATTACHMENT = re.compile(r"\s*附\s*(?:件|录|表)\s*((?:\d\s*){1,2}|[一二三四五六七八九十]{1,3})?\s*([:.、])?")
BOX = re.compile(r"\s*专\s*栏\s*(\d{1,2}(?:-\d{1,2})?|[一二三四五六七八九十]{1,3})?(?=[\s:.]|[^\d]|$)")
CONTENTS = re.compile(r"\s*目\s*[录次]\s*$")
LEADER = re.compile(r"[\s.…·]{2,}\(?-?\s*\d{1,3}\s*-?\)?\s*$|\s\d{1,3}\s*$")


@dataclass(frozen=True)
class Marker:
    """The sign that opens a line: its type, number, 之X if any, its citation form and where it ends in the line."""

    type: MarkerType
    number: int
    sign: str
    end: int
    sub: int = 0
    spaced: bool = False

    @property
    def order(self) -> tuple[int, int]:
        """What must rise from one marker to the next of its type: 第五条, 第五条之一, 第六条."""
        return self.number, self.sub


def find_marker(line: str) -> Marker | None:
    """The marker ``line`` begins with, judged by form alone, or None."""
    folded = fold(line)
    unit = _UNIT.match(folded)
    if unit:
        return _unit_marker(folded, unit)
    for type_, pattern in _PATTERNS:
        match = pattern.match(folded)
        if match:
            return _plain_marker(type_, match)
    return _single_sign(folded)


def refers(line: str, marker: Marker) -> bool:
    """Whether the text after ``marker`` shows a cross-reference: 第十二条的规定, 第三条、第五条所列情形."""
    return bool(CROSS_REFERENCE.match(fold(line[marker.end :])))


def _unit_marker(folded: str, match: re.Match[str]) -> Marker | None:
    number = parse_number(match.group(1))
    if number is None:
        return None
    type_ = next(name for name, sign in _UNIT_SIGN.items() if sign == match.group(2))
    sub = (parse_number(match.group(3)) or 0) if match.group(3) else 0
    rest = folded[match.end() :]
    if type_ != "article" and rest[:1] and not rest[:1].isspace() and refers_to_unit(rest):
        return None
    sign = f"第{_cited(number)}{match.group(2)}" + (f"之{chinese(sub)}" if sub else "")
    return Marker(type_, number, sign, match.end(), sub, spaced=not rest or rest[0].isspace())  # type: ignore[arg-type]


def refers_to_unit(rest: str) -> bool:
    """Whether what follows 第X章 or 第X节 without a space makes it running text (第二章的规定, 第三节课)."""
    return bool(re.match(r"[,、;。)》至和及或与中的规所]|第|课|有关", rest))


def _cited(number: int) -> str:
    return chinese(number) if number <= 9999 else str(number)


def _plain_marker(type_: MarkerType, match: re.Match[str]) -> Marker | None:
    written = match.group(1)
    number = parse_number(written.split(".")[-1]) if type_ == "decimal" else parse_number(written)
    if number is None or (number == 0 and type_ != "decimal"):
        return None
    sign = written if type_ == "decimal" else citation_sign(type_, number)
    return Marker(type_, number, sign, match.end())


def _single_sign(folded: str) -> Marker | None:
    """①, ⑴, ⒈ and ㈠, which hold sign and number in one character."""
    start = len(folded) - len(folded.lstrip())
    code = ord(folded[start]) if start < len(folded) else 0
    for type_, first in _SINGLE_SIGNS:
        if first <= code < first + _SIGNS_IN_ROW[first]:
            number = code - first + 1
            return Marker(type_, number, citation_sign(type_, number), start + 1)
    return None


def citation_sign(type_: str, number: int) -> str:
    """How a marker is cited whatever way it is printed: 一、（一） 1. （1） ①."""
    if type_ in ("comma", "paren"):
        return f"{chinese(number)}、" if type_ == "comma" else f"（{chinese(number)}）"
    if type_ == "arabic":
        return f"{number}."
    return chr(0x2460 + number - 1) if type_ == "circled" and number <= 20 else f"（{number}）"

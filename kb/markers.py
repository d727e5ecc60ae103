"""The grammar of official documents as data: which signs open a heading or item, and how deep they stand.

Goes in: one line of text. Comes out: its :class:`Marker` (type, number, where its sign ends) or None.
Two conventions are covered: laws and regulations (立法法: 编、章、节、条、款、项、目) and official documents
(GB/T 9704-2012: 一、 →（一）→ 1. →（1）, and ① on the web). Patterns run on :func:`kb.fold.fold`-ed text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.fold import fold
from kb.numerals import chinese, parse_number

RANK: dict[str, int] = {
    name: rank
    for rank, name in enumerate(
        ("heading", "part", "subpart", "chapter", "section", "article", "comma", "paren", "number", "arabic")
        + ("decimal2", "decimal3", "decimal4", "paren_arabic", "circled", "bold")
    )
}
STRUCTURAL = frozenset({"heading", "part", "subpart", "chapter", "section", "article"})

_CN = "[一二三四五六七八九十百零〇]"
_ORDINAL = rf"(?:{_CN}(?:\s*{_CN}){{0,6}}|\d(?:\s?\d){{0,3}})"
_UNIT_TYPE = {
    "编": "part",
    "篇": "part",
    "部分": "part",
    "分编": "subpart",
    "章": "chapter",
    "节": "section",
    "条": "article",
}
_UNIT = re.compile(
    rf"\s*第\s*({_ORDINAL})\s*(分编|[编篇章节条]|部分)(?:\s*之\s*({_CN}{{1,3}})(?=[\s\u4e00-\u9fff]|$))?"
)
# The look-aheads keep enumerations in running text out: 一、二、三产业；（一）至（三）项；1、2号线；2.5倍.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("comma", re.compile(rf"\s*({_CN}{{1,4}})\s*(?:、(?!{_CN}{{1,3}}(?:[、季]|产业|次产业|线城市))|\.(?!\d))")),
    ("paren", re.compile(rf"\s*\(\s*({_CN}{{1,4}})\s*\)\s*(?![至和与、]\s*\()[、.]?")),
    ("decimal", re.compile(r"\s*(\d{1,2}(?:\.\d{1,2}){1,3})\.?(?=\s+\S)")),
    ("arabic", re.compile(r"\s*(\d{1,3})\s*(?:、(?!\d{1,3}[、号])|\.(?:(?![\d.])|(?=(?:19|20)\d\d年))|\)(?!\d))")),
    ("paren_arabic", re.compile(r"\s*\(\s*(\d{1,3})\s*\)\s*[、.]?")),
    ("number", re.compile(r"\s*(\d{1,2})(?=\s+[\u4e00-\u9fff])")),
)
_SINGLE_SIGNS = (  # type, first character, how many in a row: ① ⑴ ⒈ ㈠ ❶
    ("circled", 0x2460, 20),
    ("paren_arabic", 0x2474, 20),
    ("arabic", 0x2488, 20),
    ("paren", 0x3220, 10),
    ("circled", 0x2776, 10),
)

# What follows 第X条 in running text (依照第十二条的规定, 第三条、第五条所列) and never after an article's own sign.
CROSS_REFERENCE = re.compile(
    r"\s*(?:[,、;。)》至和及或与中]|的|规定|所[列称述规]|第|款|项|之(?!一)|修改|删去|改为|有关)"
)
ATTACHMENT = re.compile(
    r"\s*(?:附\s*(?:件|录|表)|附(?=\s*:)|名\s*词\s*(?:解\s*释|注\s*释)(?=\s*:?\s*$))\s*(\d\s?\d|\d|[一二三四五六七八九十]{1,3})?(?:\s*([:.、]))?"
)
# 关于《……（草案）》的起草说明 printed below the draft; at the head of a text it is its title
EXPLANATION = re.compile(
    r"\s*(?:关于《[^》]{2,60}》[^。;]{0,20}的\s*)?(?:起\s*草|编\s*制|修\s*订)\s*说\s*明\s*:?(?=\s*$)"
)
BOX = re.compile(r"\s*专\s*栏\s*(\d{1,2}(?:-\d{1,2})?|[一二三四五六七八九十]{1,3})?(?=[\s:.]|[^\d]|$)")
CONTENTS = re.compile(r"\s*目\s*[录次]\s*$")
# possessive, and only from where the dots begin: a line of a thousand blanks would else take minutes
LEADER = re.compile(r"(?<![\s.…·])[\s.…·]{2,}+\(?-?\s*+\d{1,3}\s*+-?\)?\s*$|\s\d{1,3}\s*$")


@dataclass(frozen=True)
class Marker:
    """The sign that opens a line: type, citation form, where it ends in the line.

    ``order`` rises from one marker to the next of its type: (5, 0) 第五条, (5, 1) 第五条之一, (6, 0) 第六条;
    (2, 3) is 2.3. ``spaced`` says whether white space or nothing follows the sign.
    """

    type: str
    order: tuple[int, ...]
    sign: str
    end: int
    spaced: bool = False

    def follows(self, order: tuple[int, ...]) -> bool:
        """Whether this is the very next marker after one of ``order``: 六 after 五, 第五条之一 after 第五条."""
        if self.type == "article":
            return self.order in ((order[0] + 1, 0), (order[0], order[1] + 1))
        return self.order == (*order[:-1], order[-1] + 1) or (self.begins and self.order > order)

    @property
    def begins(self) -> bool:
        """Whether this is the first of a list: 一、, 第一条, 2.1."""
        return self.order[0] == 1 if self.type == "article" else self.order[-1] == 1


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
    type_ = _UNIT_TYPE[match.group(2)]
    sub = (parse_number(match.group(3)) or 0) if match.group(3) else 0
    rest = folded[match.end() :]
    if type_ != "article" and refers_to_unit(rest):
        return None
    sign = f"第{chinese(number)}{match.group(2)}" + (f"之{chinese(sub)}" if sub else "")
    order = (number, sub) if type_ == "article" else (number,)
    return Marker(type_, order, sign, match.end(), spaced=not rest or rest[0].isspace())


def refers_to_unit(rest: str) -> bool:
    """Whether what follows 第X章 or 第X节 without a space makes it running text (第二章的规定, 第三节课)."""
    return bool(re.match(r"[,、;。)》至和及或与中的规所]|第|课|章|有关", rest))


def _plain_marker(type_: str, match: re.Match[str]) -> Marker | None:
    written = match.group(1)
    if type_ == "decimal":
        parts = tuple(map(int, written.split(".")))
        return Marker(f"decimal{len(parts)}", parts, written, match.end()) if all(parts) else None
    number = parse_number(written)
    return Marker(type_, (number,), citation_sign(type_, number), match.end()) if number else None


def _single_sign(folded: str) -> Marker | None:
    """①, ⑴, ⒈ and ㈠, which hold sign and number in one character."""
    start = len(folded) - len(folded.lstrip())
    code = ord(folded[start]) if start < len(folded) else 0
    for type_, first, count in _SINGLE_SIGNS:
        if first <= code < first + count:
            number = code - first + 1
            return Marker(type_, (number,), citation_sign(type_, number), start + 1)
    return None


def citation_sign(type_: str, number: int) -> str:
    """How a marker is cited whatever way it is printed: 一、（一） 1. （1） ①."""
    if type_ in ("comma", "paren"):
        return f"{chinese(number)}、" if type_ == "comma" else f"（{chinese(number)}）"
    if type_ == "circled" and number <= 20:
        return chr(0x2460 + number - 1)
    return {"arabic": f"{number}.", "number": str(number)}.get(type_, f"（{number}）")

"""What a Word 97 file says of its paragraphs: which stand in a table, which Word numbers, and how ([MS-DOC]).

Goes in: the WordDocument and Table streams. Comes out: the properties of the paragraph that ends at a file offset
(PlcBtePapx, 2.8.6; PapxFkp, 2.9.175), and the lists (PlfLst, 2.9.192; LVL, 2.9.150; PlfLfo, 2.9.191).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from kb.read.docx_numbering import Level, Numbering

_PAPX, _LISTS, _LFO = 0x0102, 0x02E2, 0x02EA  # places of fc and lcb in the FIB
_PAGE = 512
_IN_TABLE, _ROW_END, _LEVEL, _LIST = 0x2416, 0x2417, 0x260A, 0x460B
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_DEFINES_TABLE = 0xD608
_FORMATS = {
    1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 11: "japaneseCounting", 16: "japaneseLegal",
    18: "decimalEnclosedCircle", 22: "decimalZero", 23: "bullet", 27: "decimalEnclosedParen", 28: "decimalEnclosedCircle",
    30: "ideographTraditional", 33: "taiwaneseCounting", 35: "taiwaneseCountingThousand", 37: "chineseCounting",
    38: "chineseLegalSimplified", 39: "chineseCountingThousand", 255: "none",
}  # fmt: skip
_GAPS = {0: "tab", 1: "space", 2: "nothing"}


@dataclass(frozen=True)
class Format:
    """A paragraph's own properties; ``listed`` is (list id, level)."""

    in_table: bool = False
    row_end: bool = False
    listed: tuple[str, int] | None = None


class Formats:
    """The formats of a file's paragraphs by the offset of their last character."""

    def __init__(self, word: bytes, table: bytes) -> None:
        self._runs = sorted(_runs(word, table), key=lambda run: run[0])
        self._starts = [start for start, _, _ in self._runs]

    def at(self, offset: int) -> Format:
        """The format of the paragraph whose mark stands at ``offset`` of the WordDocument stream."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= self._runs[index][1]:
            return Format()
        return self._runs[index][2]


def _long(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])


def _short(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _runs(word: bytes, table: bytes) -> Iterator[tuple[int, int, Format]]:
    """Stretches of the file with one paragraph format: (start, end, format)."""
    at, size = _long(word, _PAPX), _long(word, _PAPX + 4)
    count = max(0, (size - 4) // 8)
    for i in range(count):
        page = (_long(table, at + 4 * (count + 1) + 4 * i) & 0x3FFFFF) * _PAGE
        fkp = word[page : page + _PAGE]
        if len(fkp) < _PAGE:
            continue
        paragraphs = fkp[-1]
        for j in range(min(paragraphs, 29)):
            place = fkp[4 * (paragraphs + 1) + 13 * j] * 2
            yield _long(fkp, 4 * j), _long(fkp, 4 * j + 4), _format(fkp, place) if place else Format()


def _format(fkp: bytes, place: int) -> Format:
    size = fkp[place]
    start, length = (place + 1, 2 * size - 1) if size else (place + 2, 2 * fkp[place + 1])
    properties = dict(_properties(fkp[start + 2 : start + length]))
    listed = properties.get(_LIST, 0)
    level = min(properties.get(_LEVEL, 0), 8)
    return Format(
        bool(properties.get(_IN_TABLE)),
        bool(properties.get(_ROW_END)),
        (str(listed), level) if 0 < listed < 0xF801 else None,
    )


def _properties(prls: bytes) -> Iterator[tuple[int, int]]:
    """Property modifiers with their values; those of no fixed size are skipped."""
    at = 0
    while at + 3 <= len(prls):
        code = _short(prls, at)
        at += 2
        kind = code >> 13
        if kind == 6:
            at += _short(prls, at) + 1 if code == _DEFINES_TABLE and at + 2 <= len(prls) else prls[at] + 1
            continue
        size = _OPERAND[kind]
        yield code, int.from_bytes(prls[at : at + size], "little")
        at += size


def numbering(word: bytes, table: bytes) -> Numbering:
    """The file's lists, by the ids its paragraphs use.

    Raises:
        struct.error, IndexError: the tables are damaged.
    """
    at, size = _long(word, _LISTS), _long(word, _LISTS + 4)
    if not size or not _long(word, _LFO + 4):
        return Numbering()
    lists: dict[int, dict[int, Level]] = {}
    levels_at = at + size
    for i in range(_short(table, at)):
        head = at + 2 + 28 * i
        simple = table[head + 26] & 1
        levels: dict[int, Level] = {}
        for depth in range(1 if simple else 9):
            levels[depth], levels_at = _level(table, levels_at)
        lists[_long(table, head)] = levels
    return _with_overrides(table, _long(word, _LFO), lists)


def _level(table: bytes, at: int) -> tuple[Level, int]:
    """A level and where the next one begins."""
    start, shape, gap = _long(table, at), table[at + 4], table[at + 15]
    text_at = at + 28 + table[at + 24] + table[at + 25]
    length = _short(table, text_at)
    chars = table[text_at + 2 : text_at + 2 + 2 * length].decode("utf-16-le", "replace")
    text = "".join(f"%{ord(char) + 1}" if ord(char) < 9 else char for char in chars)
    level = Level(start if start < 32768 else 1, _FORMATS.get(shape, "decimal"), text, _GAPS.get(gap, "tab"))
    return level, text_at + 2 + 2 * length


def _with_overrides(table: bytes, at: int, lists: dict[int, dict[int, Level]]) -> Numbering:
    count = min(_long(table, at), 10_000)
    heads = [at + 4 + 16 * i for i in range(count)]
    data_at = at + 4 + 16 * count
    levels: dict[str, dict[int, Level]] = {}
    family: dict[str, str] = {}
    for i, head in enumerate(heads, 1):
        identity, changed = _long(table, head), table[head + 12]
        own = dict(lists.get(identity, {}))
        data_at += 4
        for _ in range(changed):
            start, flags = _long(table, data_at), _long(table, data_at + 4)
            data_at += 8
            depth = flags & 0xF
            if flags & 0x20:
                own[depth], data_at = _level(table, data_at)
            elif flags & 0x10 and depth in own:
                own[depth] = Level(start if start < 32768 else 1, own[depth].format, own[depth].text, own[depth].gap)
        levels[str(i)] = own
        family[str(i)] = f"{identity}/{i}" if changed else str(identity)
    return Numbering(levels, family)

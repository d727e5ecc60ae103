"""Word 97–2003 files (.doc, and .wps by Kingsoft, which is the same) into blocks, after [MS-DOC].

The text is read through the piece table (2.8.35 Clx); text boxes, where red heads sit, come first, notes last. Tables and the
numbers Word draws come from :mod:`kb.read.doc_format`; when its tables are damaged the text is still read.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import olefile

from kb.errors import KbError
from kb.model import Block, Reading
from kb.read.doc_format import Format, Formats, numbering
from kb.read.docx_numbering import Numbering
from kb.read.tables import table_block

_IDENT = 0xA5EC
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_CCP = 0x4C  # FibRgLw97: lengths of main text, footnotes, headers, (unused), annotations, endnotes, text boxes
_MAIN, _FOOTNOTES, _ENDNOTES, _BOXES = 0, 1, 5, 6
_CLX = 0x01A2
_MAX_CHARS = 20_000_000
_CELL, _LINES = "\x07", "\r\x07\x0b\x0c\x0e\n"
_FIELD, _RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_DRAWN = dict.fromkeys((1, 2, 3, 4, 5, 8, 31, 0xFFFC), "") | {30: "-"}
_NO_FORMAT = "旧版 Word 文件的格式信息有损坏，自动编号和表格可能没有读全，请核对；也可以另存为 DOCX 再添加。"


@dataclass(frozen=True)
class _Paragraph:
    """A line of text, the sign that ends it, and its format."""

    text: str
    end: str
    format: Format


def read_doc(data: bytes) -> Reading:
    """The blocks of a DOC or WPS file.

    Raises:
        KbError: damaged or encrypted.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            word = ole.openstream("WordDocument").read()
            flags = _short(word, 0x0A)
            if _short(word, 0) != _IDENT:
                raise KbError("这个 Word 文件的版本太旧（Word 95 或更早）。请用 Word 或 WPS 另存为 DOCX 再添加。")
            if flags & _ENCRYPTED:
                raise KbError("Word 文件已加密，无法读取。请用密码打开后另存为不加密的文件再添加。")
            table = ole.openstream("1Table" if flags & _TABLE_1 else "0Table").read()
        text, offsets = _text(word, table)
        lengths = struct.unpack_from("<7I", word, _CCP)
    except (OSError, struct.error, IndexError, ValueError) as error:
        raise KbError("Word 文件已损坏或没有下载完整，无法打开。请重新下载后再试。") from error
    formats, numbers, warnings = _looks(word, table)
    ends = [0, *accumulate(lengths)]  # main text, footnotes, headers, (unused), annotations, endnotes, text boxes
    blocks: list[Block] = []
    for part in (_BOXES, _MAIN, _FOOTNOTES, _ENDNOTES):
        span = slice(ends[part], ends[part + 1])
        blocks += _blocks(_paragraphs(text[span], offsets[span], formats), numbers)
    return Reading("doc", tuple(blocks), warnings=warnings)


def _looks(word: bytes, table: bytes) -> tuple[Formats | None, Numbering, tuple[str, ...]]:
    """Formats and lists; without them, and with a warning, when their tables cannot be followed."""
    try:
        return Formats(word, table), numbering(word, table), ()
    except (struct.error, IndexError):
        return None, Numbering(), (_NO_FORMAT,)


def _short(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _text(word: bytes, table: bytes) -> tuple[str, Sequence[int]]:
    """All text of the file, its pieces in order, and the offset of each character in the WordDocument stream."""
    at, size = struct.unpack_from("<II", word, _CLX)
    clx = table[at : at + size]
    at = 0
    while clx[at] == 1:  # Prc: formatting, skipped
        at += 3 + _short(clx, at + 1)
    if clx[at] != 2:
        raise ValueError("no piece table")
    size = struct.unpack_from("<I", clx, at + 1)[0]
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc, 0)
    texts: list[str] = []
    offsets: list[int] = []
    for i in range(count):
        text, start, step = _piece(word, plc, 4 * (count + 1) + 8 * i, ends[i + 1] - ends[i])
        texts.append(text)
        if len(offsets) > _MAX_CHARS:
            raise ValueError("pieces over one another")
        offsets.extend(range(start, start + step * len(text), step))
    return "".join(texts), offsets


def _piece(word: bytes, plc: bytes, at: int, length: int) -> tuple[str, int, int]:
    """A piece's text, its offset, and how many bytes a character takes."""
    place = struct.unpack_from("<I", plc, at + 2)[0]
    if length < 0:
        raise ValueError("pieces out of order")
    if place & 0x40000000:
        start = (place & 0x3FFFFFFF) // 2
        return word[start : start + length].decode("cp1252", "replace"), start, 1
    units = word[place : place + 2 * length]
    # code units, not characters: the file counts 𠀋 as two, and so do its offsets; _whole joins them again
    return "".join(map(chr, struct.unpack(f"<{len(units) // 2}H", units[: len(units) // 2 * 2]))), place, 2


def _whole(text: str) -> str:
    """``text`` with surrogate pairs joined, and without the signs of drawn objects."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").translate(_DRAWN)


def _paragraphs(text: str, offsets: Sequence[int], formats: Formats | None) -> Iterator[_Paragraph]:
    """The paragraphs, each field (page numbers, links, 目录) as the result it shows, nested ones too."""
    shown: list[str] = []
    instructions: list[bool] = []
    for char, offset in zip(text, offsets, strict=False):
        if char == _FIELD:
            instructions.append(True)
        elif char == _RESULT and instructions:
            instructions[-1] = False
        elif char == _FIELD_END and instructions:
            instructions.pop()
        elif any(instructions):
            continue
        elif char in _LINES:
            yield _Paragraph(_whole("".join(shown)), char, formats.at(offset) if formats else Format())
            shown = []
        else:
            shown.append(char)
    yield _Paragraph(_whole("".join(shown)), "\r", Format())


def _blocks(paragraphs: Iterator[_Paragraph], numbers: Numbering) -> Iterator[Block]:
    """Paragraphs as they stand; those in cells gathered into tables."""
    rows: list[list[str]] = []
    row: list[str] = []
    cell: list[str] = []
    for paragraph in paragraphs:
        text = paragraph.text
        if text.strip() and paragraph.format.listed:
            text = numbers.next_label(*paragraph.format.listed) + text
        if paragraph.end != _CELL and not paragraph.format.in_table:
            yield from _table([*rows, [*row, *cell]] if row or cell else rows)
            rows, row, cell = [], [], []
            if text.strip():
                yield Block("paragraph", text)
        elif paragraph.end != _CELL:
            cell.append(text)
        elif paragraph.format.row_end or (not paragraph.format.in_table and row and not text and not cell):
            rows, row, cell = [*rows, row], [], []
        else:
            row, cell = [*row, " ".join([*cell, text])], []
    yield from _table([*rows, row] if row else rows)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[Block]:
    """A table, or the text of a frame that only places it (one row or one column)."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if len(filled) > 1 and max(map(len, filled)) > 1:
        yield table_block(filled)
    else:
        yield from (Block("paragraph", cell) for row in filled for cell in row if cell.strip())

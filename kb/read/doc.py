"""Word 97–2003 files (.doc, and .wps by Kingsoft, which is the same) into blocks, after [MS-DOC].

The text is read through the piece table (2.8.35 Clx); text boxes, where red heads sit, come first. Numbers Word
draws itself are not stored as text in this format; when a file uses them, a warning says so.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator, Sequence

import olefile

from kb.errors import KbError
from kb.model import Block, Reading
from kb.read.tables import table_block

_IDENT = 0xA5EC
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_CCP = 0x4C  # FibRgLw97: lengths of main text, footnotes, headers, (unused), annotations, endnotes, text boxes
_CLX, _LISTS = 0x01A2, 0x02EA  # FibRgFcLcb97: fcClx, fcPlfLfo
_CELL = "\x07"
_DRAWN = dict.fromkeys((1, 2, 3, 4, 5, 8, 31, 0xFFFC), "") | {11: "\r", 12: "\r", 14: "\r", 30: "-", 10: "\r"}
_NUMBER_WARNING = "旧版 Word 文件中的自动编号无法读出；如果条款序号缺失，请用 Word 或 WPS 另存为 DOCX 再添加。"


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
        text = _text(word, table)
        lengths = struct.unpack_from("<7I", word, _CCP)
        lists = struct.unpack_from("<I", word, _LISTS + 4)[0] > 4
    except (OSError, struct.error, IndexError, ValueError) as error:
        raise KbError("Word 文件已损坏或没有下载完整，无法打开。请重新下载后再试。") from error
    start = sum(lengths[:6])
    shown = [text[start : start + lengths[6]], text[: lengths[0]]]
    blocks = tuple(block for part in shown for block in _blocks(_without_fields(part)))
    return Reading("doc", blocks, warnings=(_NUMBER_WARNING,) if lists else ())


def _short(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _text(word: bytes, table: bytes) -> str:
    """All text of the file, its pieces in order."""
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
    return "".join(_piece(word, plc, 4 * (count + 1) + 8 * i, ends[i + 1] - ends[i]) for i in range(count))


def _piece(word: bytes, plc: bytes, at: int, length: int) -> str:
    place = struct.unpack_from("<I", plc, at + 2)[0]
    if length < 0:
        raise ValueError("pieces out of order")
    if place & 0x40000000:
        start = (place & 0x3FFFFFFF) // 2
        return word[start : start + length].decode("cp1252", "replace")
    return word[place : place + 2 * length].decode("utf-16-le", "replace")


def _without_fields(text: str) -> str:
    """``text`` with each field (page numbers, links, 目录) as the result it shows, nested ones too."""
    out: list[str] = []
    instructions: list[bool] = []
    for char in text:
        if char == "\x13":
            instructions.append(True)
        elif char == "\x14" and instructions:
            instructions[-1] = False
        elif char == "\x15" and instructions:
            instructions.pop()
        elif not any(instructions):
            out.append(char)
    return "".join(out).translate(_DRAWN)


def _blocks(text: str) -> Iterator[Block]:
    """Paragraphs end with a return; a stretch of cells ends where a return is no longer followed by a cell mark."""
    at = 0
    for match in re.finditer(rf"[^\r{_CELL}]*(?:{_CELL}(?:[^{_CELL}]*{_CELL})*)?", text):
        stretch = match.group()
        if match.start() < at or not stretch:
            continue
        at = match.end()
        if _CELL in stretch:
            yield from _table(stretch)
        elif stretch.strip():
            yield Block("paragraph", stretch)


def _table(stretch: str) -> Iterator[Block]:
    """Cells end with a mark and rows with one more; the width is the first that makes every row end there."""
    cells = [cell.replace("\r", " ").strip() for cell in stretch.split(_CELL)]
    if not cells[-1]:
        cells.pop()
    rows = _rows(cells)
    if len(rows) > 1 and max(map(len, rows)) > 1:
        yield table_block(rows)
        return
    yield from (Block("paragraph", cell) for row in rows for cell in row if cell)


def _rows(cells: Sequence[str]) -> list[list[str]]:
    for width in range(1, min(len(cells), 64)):
        ends = cells[width :: width + 1]
        if not any(ends) and len(cells) % (width + 1) == 0:
            return [list(cells[i : i + width]) for i in range(0, len(cells), width + 1)]
    rows: list[list[str]] = [[]]
    for cell in cells:
        if cell or not rows[-1]:
            rows[-1].append(cell)
        else:
            rows.append([])
    return [row for row in rows if any(row)]

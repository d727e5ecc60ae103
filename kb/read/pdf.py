"""PDF into blocks: text and places from PDFium, paragraphs rebuilt, ruled tables kept, lying text layers found.

Text comes from PDFium only, which honours /ActualText; pdfplumber finds the rules of tables, whose cells are then
filled with PDFium's characters. A page without text, or whose text cannot be true, is read by OCR when installed.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium_c

from kb.errors import KbError
from kb.fold import LOOKALIKES
from kb.model import Reading
from kb.read import scan
from kb.read.columns import Strip, stretches, strip_of
from kb.read.lines import Page, PrintedLine, PrintedTable, paragraphs
from kb.read.ruled import Box, Grid, ruled_tables

MAX_PAGES = 1500
MAX_STREAM = 256 * 1024 * 1024
_MAX_RATIO = 1032  # of deflate, so that small streams need no look
_STREAM = re.compile(rb"<<((?:(?!stream|endobj).){0,2000}?)>>\s*stream\r?\n", re.DOTALL)
_SWOLLEN = "PDF 里的数据解压后异常大，可能是恶意文件，已拒绝读取。"
_FEW, _STAMP = 20, 60  # characters a scanned page may bear as text: hardly any; a printed stamp, head and foot
_MOST, _ALL = 0.5, 0.8  # of a page, under images
_ENOUGH = 100
_MIN_VARIETY = 0.05
_MAX_BAD = 0.02
_MIN_RULES = 4
_DRAWN = 300  # paths on a page without text: its characters are drawn as curves, as print shops deliver them
_SAMPLE = 200
_HYPHEN = 2  # what PDFium makes of the hyphen at the end of a line


@dataclass(frozen=True)
class Char:
    """A character and its box in points from the page's top left: ``left``–``right`` is the room it takes in the
    line, ``top``–``bottom`` its ink, ``base`` the height of the line it stands on."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    base: float


@dataclass(frozen=True)
class _View:
    """How a page is read: its box in PDF coordinates and by how many degrees it is turned clockwise before."""

    box: Box
    turn: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as read."""
        width, height = self.box[2] - self.box[0], self.box[3] - self.box[1]
        return (height, width) if self.turn in (90, 270) else (width, height)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A point in PDF coordinates from the top left of the page as read."""
        left, bottom, right, top = self.box
        if self.turn in (90, 270):
            return (y - bottom, x - left) if self.turn == 90 else (top - y, right - x)
        return (x - left, top - y) if self.turn == 0 else (right - x, y - bottom)

    def place_box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box in PDF coordinates as (left, top, right, bottom) of the page as read."""
        (x, y), (other_x, other_y) = self.place(left, bottom), self.place(right, top)
        return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)


def read_pdf(data: bytes) -> Reading:
    """The blocks of a PDF.

    Raises:
        KbError: damaged, encrypted, too long, or nothing but scanned pages while OCR is not installed.
    """
    _refuse_bombs(data)
    document = _open(data)
    try:
        if len(document) > MAX_PAGES:
            raise KbError(f"PDF 有 {len(document)} 页，超过 {MAX_PAGES} 页的上限。请拆分后再添加。")
        return _read(document, data)
    finally:
        document.close()


def _refuse_bombs(data: bytes) -> None:
    """Refuse streams that would unpack to more than :data:`MAX_STREAM` bytes: PDFium unpacks a stream whole."""
    for match in _STREAM.finditer(data):
        if match.group(1).count(b"Flate") + match.group(1).count(b"/Fl ") > 1:
            raise KbError(_SWOLLEN)
        end = data.find(b"endstream", match.end())
        packed = data[match.end() : end if end >= 0 else len(data)]
        if len(packed) * _MAX_RATIO > MAX_STREAM and _unpacked_size(packed) > MAX_STREAM:
            raise KbError(_SWOLLEN)


def _unpacked_size(packed: bytes) -> int:
    """How many bytes a deflated stream holds, counted no further than :data:`MAX_STREAM`; 0 when it is no such stream."""
    unpacker, size = zlib.decompressobj(), 0
    try:
        while packed and not unpacker.eof and size <= MAX_STREAM:
            size += len(unpacker.decompress(packed, 1 << 20))
            packed = unpacker.unconsumed_tail
    except zlib.error:
        return size
    return size


def _open(data: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(data)
        if len(document) == 0:
            raise KbError("PDF 里没有任何页面，可能没有下载完整。请重新下载后再试。")
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise KbError("PDF 已加密，需要密码才能打开。请用密码打开后另存为不加密的文件再添加。") from error
        raise KbError("PDF 已损坏或没有下载完整，无法打开。请重新下载后再试。") from error
    return document


def _read(document: pypdfium2.PdfDocument, data: bytes) -> Reading:
    pages: list[Page] = []
    scanned: list[int] = []
    lying: list[int] = []
    strip: Strip | None = None
    for index in range(len(document)):
        page, view, chars, rules = _page(document, index)
        shown = [char for char in chars if char.text.strip()]
        under = _MOST if len(shown) < _FEW else _ALL
        curves = len(shown) < _FEW and rules > _DRAWN
        if curves or len(shown) < _STAMP and _under_images(page) > under:
            scanned.append(index)
        elif lies("".join(char.text for char in shown)):
            lying.append(index)
            chars = []
        upright = view.turn == page.get_rotation()
        tables = _tables(data, index, page, view) if rules >= _MIN_RULES and chars and upright else []
        laid, strip = _lay_out(index + 1, view.size, chars, tables, strip)
        pages.extend(laid)
        page.close()
    return _with_ocr(document, pages, scanned, lying)


def _with_ocr(
    document: pypdfium2.PdfDocument, pages: list[Page], scanned: Sequence[int], lying: Sequence[int]
) -> Reading:
    """The reading, with pages that hold no true text read by OCR, or named in a warning."""
    unread = sorted({*scanned, *lying})
    if not unread:
        return Reading("pdf", tuple(paragraphs(pages)))
    if not scan.available():
        if len(unread) == len(document):
            raise KbError(scan.HINT if scanned else f"PDF 的文字层是错的，不能采信；需要文字识别。{scan.HINT}")
        numbers = "、".join(str(index + 1) for index in unread)
        note = f"只读到一部分：第 {numbers} 页是扫描图像或文字层不可信，没有读出。{scan.HINT}"
        return Reading("pdf", tuple(paragraphs(pages)), warnings=(note,))
    for index in unread:
        page = document[index]
        read = scan.page_of(page.render(scale=scan.DPI / 72).to_pil(), index + 1, scan.DPI)
        # the few characters of a scanned page may have been laid out in columns: one page read takes the place of all
        pages = sorted([read, *(old for old in pages if old.number != read.number)], key=lambda page: page.number)
        page.close()
    warnings = [scan.NOTE]
    if lying:
        warnings.append("PDF 的文字层不可信（与页面显示不符），已改用文字识别，请核对。")
    return Reading(
        "scan" if len(unread) == len(document) else "pdf", tuple(paragraphs(pages)), warnings=tuple(warnings)
    )


def lies(text: str) -> bool:
    """Whether a page's text cannot be what it shows: a handful of characters repeated, or many that are no characters."""
    if len(text) < _ENOUGH:
        return False
    bad = sum(char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn", "Cc") for char in text)
    han = [char for char in text if "\u4e00" <= char <= "\u9fff"]
    return bad > _MAX_BAD * len(text) or (len(han) > _ENOUGH and len(set(han)) < _MIN_VARIETY * min(len(han), 400))


def _page(document: pypdfium2.PdfDocument, index: int) -> tuple[pypdfium2.PdfPage, _View, list[Char], int]:
    """A page, how it is read, its characters, and how many paths it draws (rules of tables are among them)."""
    try:
        page = document[index]
        text = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise KbError(f"PDF 第 {index + 1} 页已损坏，无法读取。请重新下载后再试。") from error
    view = _View(page.get_bbox(), _turn(text.raw, page.get_rotation()))
    chars = _chars(text.raw, view)
    text.close()
    paths = sum(1 for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=3))
    return page, view, chars, paths


def _turn(text: ctypes.c_void_p, otherwise: int) -> int:
    """By how much a page must be turned so that most of its text is upright: wide tables stand sideways, whether or not
    the page says so."""
    count = pdfium_c.FPDFText_CountChars(text)
    turns = Counter(
        -round(math.degrees(angle) / 90) % 4 * 90
        for i in range(0, count, count // _SAMPLE + 1)
        if pdfium_c.FPDFText_GetUnicode(text, i) > 32 and (angle := pdfium_c.FPDFText_GetCharAngle(text, i)) >= 0
    )
    return turns.most_common(1)[0][0] if turns else otherwise


def _chars(text: ctypes.c_void_p, view: _View) -> list[Char]:
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    loose = pdfium_c.FS_RECTF()
    chars: list[Char] = []
    for i in range(pdfium_c.FPDFText_CountChars(text)):
        code = pdfium_c.FPDFText_GetUnicode(text, i)
        code = ord("-") if code == _HYPHEN else code
        if code < 32 or code in (0xFFFE, 0xFFFF) or pdfium_c.FPDFText_IsGenerated(text, i) == 1:
            continue
        found = pdfium_c.FPDFText_GetCharBox(text, i, left, right, bottom, top)
        if not found or not pdfium_c.FPDFText_GetCharOrigin(text, i, x, y):
            continue
        ink = view.place_box(left.value, bottom.value, right.value, top.value)
        room = ink
        if pdfium_c.FPDFText_GetLooseCharBox(text, i, loose) and loose.right > loose.left:
            room = view.place_box(loose.left, loose.bottom, loose.right, loose.top)
        base = view.place(x.value, y.value)[1]
        chars.append(Char(chr(code).translate(LOOKALIKES), room[0], room[2], ink[1], ink[3], base))
    return chars


def _tables(data: bytes, index: int, page: pypdfium2.PdfPage, view: _View) -> list[Grid]:
    """The ruled tables of a page; their places are told from the sheet, which may be larger than the page shown."""
    sheet = _View(page.get_mediabox(), view.turn)
    right, down = (a - b for a, b in zip(sheet.place(0, 0), view.place(0, 0), strict=True))
    return [
        [[box and (box[0] - right, box[1] - down, box[2] - right, box[3] - down) for box in row] for row in grid]
        for grid in ruled_tables(data, index)
    ]


def _under_images(page: pypdfium2.PdfPage) -> float:
    """The share of the page its images take together: scanners store a page as one image or in strips."""
    width, height = page.get_size()
    boxes = (item.get_bounds() for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    return float(sum((right - left) * (top - bottom) for left, bottom, right, top in boxes) / (width * height))


def _lay_out(
    number: int, size: tuple[float, float], chars: Sequence[Char], grids: Sequence[Grid], before: Strip | None
) -> tuple[Sequence[Page], Strip | None]:
    """A page's lines and tables from its characters and the cell boxes of its ruled tables; a page set in two columns
    comes as several, one a column, with the strip between them (``before``: that of the page before)."""
    rest = list(chars)
    tables: list[PrintedTable] = []
    for grid in grids:
        cells = [box for row in grid for box in row if box]
        inside = [c for c in rest if any(_within(c, box) for box in cells)]
        if not any(c.text.strip() for c in inside):
            continue
        taken = set(map(id, inside))
        rest = [c for c in rest if id(c) not in taken]
        rows = tuple(tuple(_cell_text(inside, box) if box else "" for box in row) for row in grid)
        tables.append(PrintedTable(min(box[1] for box in cells), tuple(row for row in rows if any(row))))
    if tables:
        return [Page(number, *size, tuple(lines_of(rest)), tuple(tables))], before
    printed = _rows(rest)
    strip = strip_of(printed, before)
    # a column's width is given as if its margins were equal, as those of a page are
    return [
        Page(
            number,
            sum(part.edges or (0, size[0])),
            size[1],
            tuple(_line(row) for row in part.rows),
            column=part.column,
        )
        for part in stretches(printed, strip)
    ], strip


def _within(char: Char, box: Box) -> bool:
    x, y = (char.left + char.right) / 2, (char.top + char.bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _cell_text(chars: Sequence[Char], box: Box) -> str:
    return "".join(line.text.strip() for line in lines_of([c for c in chars if _within(c, box)]))


def lines_of(chars: Sequence[Char]) -> list[PrintedLine]:
    """Characters gathered into lines by the height they stand on, from left to right, with wide gaps as spaces."""
    return [_line(row) for row in _rows(chars)]


def _rows(chars: Sequence[Char]) -> list[list[Char]]:
    rows: list[list[Char]] = []
    for char in sorted((c for c in chars if c.text.strip()), key=lambda c: c.base):
        size = max(char.right - char.left, char.bottom - char.top, 4.0)
        if rows and char.base - rows[-1][0].base < 0.45 * size:
            rows[-1].append(char)
        else:
            rows.append([char])
    return [sorted(row, key=lambda c: c.left) for row in rows]


def _line(row: Sequence[Char]) -> PrintedLine:
    sizes = sorted(max(c.right - c.left, c.bottom - c.top) for c in row)
    em = sizes[int(0.8 * (len(sizes) - 1))]
    text = ""
    for i, char in enumerate(row):
        gap = char.left - row[i - 1].right if i else 0.0
        latin = i and row[i - 1].text.isascii() and char.text.isascii()
        text += (" " if gap > (0.2 if latin else 0.8) * em else "") + char.text
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # 𠮷 may come in two halves
    base = sorted(c.base for c in row)[len(row) // 2]  # ink is no measure of a line's place: 一 has no height
    return PrintedLine(text, row[0].left, max(c.right for c in row), base - 0.85 * em, base + 0.15 * em, em)

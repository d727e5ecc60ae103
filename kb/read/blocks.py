"""An HTML element → the blocks a reader of the page sees, in order.

Layout is told from content: tables that only place text are walked through, tables of data stay tables, and
numbers the browser would draw before list items are written out. Text is the page's own: only white space that
HTML does not show, and zero-width characters, are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, takewhile

from lxml import etree
from lxml.html import HtmlElement

from kb.model import Block, BlockKind
from kb.numerals import chinese

Skip = Callable[[HtmlElement], bool]

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARAGRAPH_TAGS = (
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form"
    " header hr legend li main nav ol p pre section summary table tbody td tfoot th thead title tr ul"
)
_DROPPED_TAGS = (
    "audio button canvas embed head iframe img input link map math meta noscript object script select style svg"
    " template textarea video"
)
PARAGRAPHS = HEADINGS | frozenset(_PARAGRAPH_TAGS.split())
DROPPED = frozenset(_DROPPED_TAGS.split())
_BOLD = frozenset({"b", "strong"}) | HEADINGS
_STYLE_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.I)
_STYLE_PLAIN = re.compile(r"font-weight\s*:\s*(normal|[1-5]00)", re.I)
_STYLE_ALIGN = re.compile(r"text-align\s*:\s*(\w+)", re.I)
_STYLE_TYPED = re.compile(r"white-space\s*:\s*(pre|pre-line|pre-wrap|break-spaces)\b", re.I)
_STYLE_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_SPACE = re.compile(r"[ \t\r\n\f\v\xa0]+")
_HAN = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…·\U00020000-\U0003ffff]"
_BROKEN_LINE = re.compile(rf"(?<={_HAN})[ \t\xa0]*[\r\n][ \t\r\n\xa0]*(?={_HAN})")
_EDGES = " \u3000\t\r\n\u2002\u2003\u2009"
_BOX = re.compile(r"^\s*[（(【]?\s*专\s*栏")
_LIST_STYLE = re.compile(r"custom_(cn|num)([12]?)\b")
_SHORT_CELL, _LONG_CELL, _NUMBER_BEFORE = 40, 600, 8


def tidy(text: str) -> str:
    """``text`` as the browser shows it on one line, without indent and zero-width characters.

    A line break of the source between two Chinese characters shows nothing to a reader and is dropped.
    """
    return _SPACE.sub(" ", _BROKEN_LINE.sub("", _INVISIBLE.sub("", text))).strip(_EDGES)


def shown_text(element: HtmlElement) -> str:
    """All text of ``element`` on one line, hidden parts included."""
    return tidy("".join(str(piece) for piece in element.itertext()))


def is_hidden(element: HtmlElement) -> bool:
    """Whether the page itself hides the element (inline style or ``hidden``)."""
    return "hidden" in element.attrib or bool(_STYLE_HIDDEN.search(element.get("style") or ""))


def blocks_of(root: HtmlElement, skip: Skip = is_hidden) -> list[Block]:
    """The blocks under ``root``; elements for which ``skip`` holds are left out whole (never ``root`` itself)."""
    walk = _Walk(root, skip)
    walk.run()
    return walk.blocks


@dataclass
class _Walk:
    root: HtmlElement
    skip: Skip
    blocks: list[Block] = field(default_factory=list)
    pieces: list[tuple[str, bool]] = field(default_factory=list)
    bold: list[bool] = field(default_factory=lambda: [False])
    aligned: list[str] = field(default_factory=lambda: [""])
    heading: int = 0
    typed: int = 0
    prefix: str = ""
    items: dict[HtmlElement, int] = field(default_factory=dict)

    def run(self) -> None:
        walker = etree.iterwalk(self.root, events=("start", "end"))
        skipped: HtmlElement | None = None
        for event, element in walker:
            if not isinstance(element.tag, str):
                if event == "end":
                    self._say(element.tail)
                continue
            if event == "start":
                if element is not self.root and self._consumed(element):
                    walker.skip_subtree()
                    skipped = element
                else:
                    self._open(element)
            else:
                if element is skipped:
                    skipped = None
                else:
                    self._close(element)
                if element is not self.root:
                    self._say(element.tail)
        self._flush()

    def _consumed(self, element: HtmlElement) -> bool:
        """Whether the element is dropped or taken as a whole, so that its children are not walked."""
        if element.tag in DROPPED or self.skip(element):
            return True
        if element.tag != "table":
            return False
        block = _table(element, self.skip)
        if block is None:
            return False
        self._flush()
        for caption in (child for child in element if child.tag == "caption" and not self.skip(child)):
            self.blocks.extend(blocks_of(caption, self.skip))
        if block.text:
            self.blocks.append(block)
        return True

    def _open(self, element: HtmlElement) -> None:
        tag, style = element.tag, element.get("style") or ""
        if tag in PARAGRAPHS or tag == "br":
            self._flush()
        plain = _STYLE_PLAIN.search(style)
        self.bold.append(bool(tag in _BOLD or _STYLE_BOLD.search(style)) or (self.bold[-1] and not plain))
        self.aligned.append(_alignment(element) or self.aligned[-1])
        self.heading += tag in HEADINGS
        self.typed += _keeps_lines(element)
        if tag == "li":
            parent = element.getparent()
            if parent is not None and parent.tag == "ol":
                self.items[parent] = self.items.get(parent, 0) + 1
                self.prefix = _drawn_number(parent, self.items[parent], shown_text(element))
        self._say(element.text)

    def _close(self, element: HtmlElement) -> None:
        if element.tag in PARAGRAPHS:
            self._flush()
        self.heading -= element.tag in HEADINGS
        self.typed -= _keeps_lines(element)
        self.bold.pop()
        self.aligned.pop()

    def _say(self, text: str | None) -> None:
        first, *lines = text.split("\n") if text and self.typed else [text or ""]
        if first:
            self.pieces.append((first, self.bold[-1]))
        for line in lines:
            self._flush()
            self.pieces.append((line, self.bold[-1]))

    def _flush(self) -> None:
        text = tidy("".join(piece for piece, _ in self.pieces))
        if text:
            bold = all(bold for piece, bold in self.pieces if piece.strip(_EDGES + "\xa0"))
            kind: BlockKind = "heading" if self.heading else "paragraph"
            lead = 0 if bold else bold_lead(self.pieces, self.prefix + text)
            self.blocks.append(Block(kind, self.prefix + text, bold, self.aligned[-1] == "center", lead=lead))
            self.prefix = ""
        self.pieces.clear()


def bold_lead(pieces: Iterable[tuple[str, bool]], text: str) -> int:
    """How many characters of ``text`` its leading bold pieces make; 0 when it does not open with them."""
    opening = takewhile(lambda piece: piece[1] or not piece[0].strip(_EDGES + "\xa0"), pieces)
    lead = tidy("".join(piece for piece, _ in opening))
    at = text.find(lead) if lead else -1
    return at + len(lead) if 0 <= at <= _NUMBER_BEFORE else 0


def _keeps_lines(element: HtmlElement) -> bool:
    """Whether the browser shows the line breaks of the source inside the element."""
    return element.tag == "pre" or bool(_STYLE_TYPED.search(element.get("style") or ""))


def _alignment(element: HtmlElement) -> str:
    if element.tag == "center":
        return "center"
    style = _STYLE_ALIGN.search(element.get("style") or "")
    value = style.group(1) if style else (element.get("align") or "" if element.tag in PARAGRAPHS else "")
    # text-align on an inline element has no effect in a browser
    return value.lower() if element.tag in PARAGRAPHS else ""


def _drawn_number(parent: HtmlElement, place: int, text: str) -> str:
    """The number a browser draws before an item of an ordered list, unless the text brings its own."""
    if not text or re.match(r"[（(\d一二三四五六七八九十第①-⑳]", text):
        return ""
    if re.search(r"list-style(-type)?\s*:\s*none", parent.get("style") or "", re.I):
        return ""
    start = parent.get("start") or "1"
    number = (int(start) if start.isascii() and start.isdigit() and len(start) < 5 else 1) + place - 1
    style = _LIST_STYLE.search(parent.get("class") or "")
    if not style:
        return f"{number}."
    word = chinese(number) if style.group(1) == "cn" and number < 10_000 else str(number)
    return {"": f"{word}、" if style.group(1) == "cn" else f"{word}.", "1": f"{word}）", "2": f"（{word}）"}[
        style.group(2)
    ]


def _own_rows(table: HtmlElement) -> Iterator[HtmlElement]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _table(table: HtmlElement, skip: Skip) -> Block | None:
    """The table as one block, or None when it only lays out text and should be walked through."""
    if any(len(list(islice(inner.iter("td", "th"), 2))) > 1 for inner in table.iterfind(".//table")):
        return None  # a table of one cell in a cell of data only frames it
    grid = _grid(table, skip)
    rows = tuple(row for row in grid if any(row))
    if not rows:
        return None
    if max(len(row) for row in rows) == 1:
        first = rows[0][0]
        lines = tuple(line for row in _own_rows(table) for cell in row for line in _cell_lines(cell, skip))
        return Block("box", "\n".join(lines), rows=rows) if _BOX.match(first) else None
    longest = max(len(cell) for row in rows for cell in row)
    if len(rows) == 1 and longest > _SHORT_CELL or longest > _LONG_CELL and _is_layout(rows):
        return None
    return Block("table", "\n".join("\t".join(row) for row in rows), rows=rows)


def _is_layout(rows: tuple[tuple[str, ...], ...]) -> bool:
    """One cell with nearly all the text places a column of prose beside something; it is no data."""
    sizes = [len(cell) for row in rows for cell in row]
    return max(sizes) > 0.8 * sum(sizes)


def _grid(table: HtmlElement, skip: Skip) -> list[tuple[str, ...]]:
    """Rows of equal width; a cell spanning rows or columns says its text once, the covered places stay empty."""
    grid: list[tuple[str, ...]] = []
    covered: dict[int, int] = {}
    for row in _own_rows(table):
        cells: list[str] = []
        now = {column: left for column, left in covered.items() if left > 0}
        covered = {column: left - 1 for column, left in now.items()}
        for cell in (c for c in row if c.tag in ("td", "th") and not skip(c)):
            while len(cells) in now:
                cells.append("")
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for extra in range(across):
                if down > 1:
                    covered[len(cells)] = down - 1
                cells.append("" if extra else " ".join(_cell_lines(cell, skip)))
        while len(cells) in now:
            cells.append("")
        grid.append(tuple(cells))
    width = max((len(row) for row in grid), default=0)
    used = [
        any(row[column : column + 1] != ("",) and row[column : column + 1] for row in grid) for column in range(width)
    ]
    return [tuple(cell for cell, keep in zip(row, used, strict=False) if keep) for row in grid]


def _span(cell: HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    # a page may claim any number; no real table is wider or longer than this
    return min(max(int(value), 1), 1000) if value.isascii() and value.isdigit() else 1


def _cell_lines(cell: HtmlElement, skip: Skip) -> list[str]:
    if not isinstance(cell.tag, str):
        return []
    return [line.replace("\n", " ").replace("\t", " ") for block in blocks_of(cell, skip) for line in [block.text]]

"""Lines with places on pages → paragraphs: what PDF, OFD and OCR have in common.

Goes in: per page the printed lines (box and text) and ruled tables. Comes out: blocks in reading order. Official
documents are set in one column with a two-character indent (GB/T 9704-2012), which is what tells paragraphs apart
once line breaks and page breaks are undone. Page numbers and running heads in the margins are left out.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.fold import fold, squeeze
from kb.layout import TITLE_END
from kb.markers import ATTACHMENT, BOX, find_marker
from kb.model import Block
from kb.read.tables import joined_tables, table_block

_HEAD, _FOOT = 0.08, 0.86
_INDENT, _LONGEST_NOTE = 1.2, 300
_SHORT, _SHORT_UNFINISHED = 2.2, 6.0
_PAGE_NUMBER = re.compile(
    r"\s*(?:[-—·]\s*){0,3}\d{1,4}\s*(?:[-—·]\s*){0,3}$|\s*第\s*\d+\s*页.{0,12}$|\s*\d+\s*/\s*\d+\s*$"
)
_NEVER_FIRST = frozenset("。,、;:)》>〕”’!?")
_STOP = re.compile(r"[。！？；：!?;:…][”’）)》]*$")


@dataclass(frozen=True)
class PrintedLine:
    """A line of text and its box in points from the page's top left; ``em`` is the width of a full character."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    em: float


@dataclass(frozen=True)
class PrintedTable:
    """A ruled table, where it begins, and its rows of cells."""

    top: float
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Page:
    """One page or one of its two columns: its size, its lines outside tables, its tables."""

    number: int
    width: float
    height: float
    lines: tuple[PrintedLine, ...]
    tables: tuple[PrintedTable, ...] = ()
    column: int = 0


@dataclass
class _Open:
    """The paragraph being put together."""

    text: str
    page: int
    last: PrintedLine
    centred: bool
    full: bool


@dataclass(frozen=True)
class _Frame:
    """The type area of a page: left and right edge of full lines, size of body text, usual line distance."""

    left: float
    right: float
    em: float
    pitch: float


def paragraphs(pages: Sequence[Page]) -> list[Block]:
    """The blocks of a document printed on ``pages``."""
    running = _running_heads(pages)
    bodies = [[line for line in page.lines if not _is_margin(line, page, running)] for page in pages]
    frames = _alike([_frame(lines, page) for lines, page in zip(bodies, pages, strict=True)], pages)
    blocks: list[Block] = []
    current: _Open | None = None
    for page, lines, frame in zip(pages, bodies, frames, strict=True):
        tables = sorted(page.tables, key=lambda table: table.top)
        before: PrintedLine | None = None
        for line in sorted(lines, key=lambda line: (line.top, line.left)):
            while tables and tables[0].top <= line.top:
                _close(blocks, current)
                current = None
                blocks.append(table_block(tables.pop(0).rows, page.number))
            if current and _continues(current, line, before, frame, page):
                _join(current, line, frame)
            else:
                _close(blocks, current)
                current = _Open(line.text.strip(), page.number, line, _centred(line, frame, page), _full(line, frame))
            before = line
        for table in tables:
            _close(blocks, current)
            current = None
            blocks.append(table_block(table.rows, page.number))
    _close(blocks, current)
    return joined_tables(blocks)


def _close(blocks: list[Block], current: _Open | None) -> None:
    """Put the open paragraph among the blocks; no paragraph is open then."""
    if current and current.text:
        blocks.append(Block("paragraph", current.text, centred=current.centred, page=current.page))


def _join(current: _Open, line: PrintedLine, frame: _Frame) -> None:
    text = line.text.strip()
    latin = current.text[-1:].isascii() and text[:1].isascii() and current.text[-1:].isalnum() and text[:1].isalnum()
    wrapped_number = current.text[-1:].isdigit() and text[:1].isdigit()
    current.text += (" " if latin and not wrapped_number else "") + text
    current.last, current.full = line, _full(line, frame)


def _continues(current: _Open, line: PrintedLine, before: PrintedLine | None, frame: _Frame, page: Page) -> bool:
    """Whether ``line`` goes on the open paragraph; ``before`` is the line above it on the same page, if any."""
    text = fold(line.text).lstrip()
    if text[:1] in _NEVER_FIRST:
        return True
    if abs(line.em - current.last.em) > 0.2 * max(line.em, current.last.em):
        return False
    gap = line.top - before.bottom if before is not None else 0.0
    if _open_note(current.text) and before is not None and gap <= 1.5 * frame.pitch + 0.5 * frame.em:
        return True
    centred = _centred(line, frame, page)
    if current.centred or centred:
        return current.centred and before is not None and _wrapped_title(current, line, centred, gap, frame)
    if _open_quotes(current.text) > 0 and before is not None and line.em > 1.12 * frame.em:
        return gap <= 1.5 * frame.pitch + 0.5 * frame.em  # a wrapped title whose first line fills the page's width
    if gap > 1.4 * frame.pitch + 0.2 * frame.em or (line.left - frame.left) / frame.em > _INDENT:
        return False
    if not current.full:
        return before is not None and _open_quotes(current.text) > 0
    opens = find_marker(line.text) or ATTACHMENT.match(text) or BOX.match(text)
    return not (opens and _STOP.search(current.text))


def _wrapped_title(current: _Open, line: PrintedLine, centred: bool, gap: float, frame: _Frame) -> bool:
    """Centred lines are one title until it ends like one: when they are bigger than the body, or plainly go on."""
    text = fold(line.text).lstrip()
    if gap > 1.5 * frame.pitch + 0.5 * frame.em:
        return False
    if text.startswith(("关于", "的")) or _open_quotes(current.text) > 0:
        return True
    ended = TITLE_END.search(fold(current.text)) and text[:1] not in "(—〔"
    return centred and line.em >= 1.12 * frame.em and not ended


def _open_quotes(text: str) -> int:
    return text.count("《") - text.count("》")


def _open_note(text: str) -> bool:
    """Whether a 题注 in brackets under a title is not at its end."""
    folded = fold(text)
    return len(text) < _LONGEST_NOTE and folded.startswith("(") and folded.count("(") > folded.count(")")


def _full(line: PrintedLine, frame: _Frame) -> bool:
    """Whether a line reaches the right edge as a wrapped line does; without a stop it may fall shorter."""
    room = (frame.right - line.right) / frame.em
    long = line.right - line.left > 0.6 * (frame.right - frame.left)
    return room <= (_SHORT if _STOP.search(line.text) or not long else _SHORT_UNFINISHED)


def _centred(line: PrintedLine, frame: _Frame, page: Page) -> bool:
    """Both margins wider than an indent and nearly equal, and not just an indented short line."""
    left, right = (line.left - frame.left) / frame.em, (frame.right - line.right) / frame.em
    if left <= 0.5 or right <= 0.5 or abs(left - right) > 1.5:
        return False
    return left > 2.6 or line.em > 1.12 * frame.em


def _frame(lines: Sequence[PrintedLine], page: Page) -> _Frame:
    if not lines:
        return _Frame(0, page.width, 12, 12)
    sizes = [line.em for line in lines for _ in range(max(1, len(line.text)))]
    em = statistics.median(sizes)
    body = [line for line in lines if abs(line.em - em) < 0.2 * em] or list(lines)
    left, furthest = min(line.left for line in body), max(line.right for line in body)
    # hanging stops stand outside the type area: the edge is where most long lines end
    right = statistics.median(line.right for line in body if line.right - left > 0.8 * (furthest - left))
    if right - left < 0.5 * page.width:  # a page with short lines only, such as the last: trust symmetric margins
        right = max(right, page.width - left)
    tops = sorted(line.top for line in body)
    gaps = [b - a for a, b in zip(tops, tops[1:], strict=False) if 0.9 * em < b - a < 3.5 * em]
    pitch = max((statistics.median(gaps) if gaps else 1.8 * em) - em, 0.3 * em)
    return _Frame(left, right, em, pitch)


def _alike(frames: Sequence[_Frame], pages: Sequence[Page]) -> list[_Frame]:
    """A page whose every line is indented shows no left edge, one with few full lines no right edge: it has those of
    the other pages; a column has those of the same column."""
    edges = {
        column: (statistics.median(f.left for f in alike), statistics.median(f.right for f in alike))
        for column in {page.column for page in pages}
        if (alike := [f for f, page in zip(frames, pages, strict=True) if page.column == column])
    }
    return [_with_edges(f, *edges[page.column]) for f, page in zip(frames, pages, strict=True)]


def _with_edges(frame: _Frame, left: float, right: float) -> _Frame:
    return replace(
        frame,
        left=left if 0 < frame.left - left < 3 * frame.em else frame.left,
        right=right if 0 < right - frame.right < 6 * frame.em else frame.right,
    )


def _is_margin(line: PrintedLine, page: Page, running: frozenset[str]) -> bool:
    """Whether a line is a page number or a running head: only in the margins, never by its words alone."""
    in_margin = line.top < _HEAD * page.height or line.top > _FOOT * page.height
    return in_margin and (bool(_PAGE_NUMBER.match(fold(line.text))) or squeeze(line.text) in running)


def _running_heads(pages: Sequence[Page]) -> frozenset[str]:
    """Lines that stand in the margin of three pages or more, on most pages of their side."""
    on = {(page.number, said) for page in pages for said in _margin_lines(page)}
    seen: Counter[str] = Counter(said for _, said in on)
    many = 0.4 * len({page.number for page in pages})
    return frozenset(said for said, count in seen.items() if count >= 3 and count >= many)


def _margin_lines(page: Page) -> Iterator[str]:
    for line in page.lines:
        if line.top < _HEAD * page.height or line.top > _FOOT * page.height:
            yield squeeze(line.text)

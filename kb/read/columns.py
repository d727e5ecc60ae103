"""Two columns on a page (公报, 汇编): found by the white strip between them, to be read one after the other.

Goes in: the printed rows of a page, each from left to right. Comes out: the stretches of the page in reading order:
what stands across the page, then the left column, then the right one.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, Protocol, TypeVar

_FEWEST, _SHARE = 8, 0.6
_STEPS = 41
_FILLED = 0.5  # of the rows of a column reach its edge: text does, the cells of a table do not


class Inked(Protocol):
    """What a row is made of: something with a left and a right edge, in points."""

    @property
    def left(self) -> float:
        """Left edge."""

    @property
    def right(self) -> float:
        """Right edge."""


T = TypeVar("T", bound=Inked)
Strip = tuple[float, float]


@dataclass(frozen=True)
class Stretch(Generic[T]):
    """Rows read together, the edges of the column they stand in (None: across the page), and which it is (1 the left, 2
    the right one, 0 none)."""

    rows: list[list[T]]
    edges: tuple[float, float] | None = None
    column: int = 0


def strip_of(rows: Sequence[list[T]], before: Strip | None = None) -> Strip | None:
    """The white strip that parts the page in two columns, or None; ``before`` is that of the page before, which a
    page with few rows goes on."""
    rows = [row for row in rows if row]
    if len(rows) < 2 * _FEWEST:
        return before if before and _goes_on(rows, before) else None
    own = _own_strip(rows)
    return own or (before if before and _ends_in(rows, before) else None)


def _own_strip(rows: Sequence[list[T]]) -> Strip | None:
    """The strip a page with many rows shows by itself: white where two columns of text leave it."""
    first, last = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    middle = [first + (last - first) * (0.35 + 0.3 * step / (_STEPS - 1)) for step in range(_STEPS)]
    best = min(middle, key=lambda x: (sum(_crosses(row, (x, x)) for row in rows), abs(x - (first + last) / 2)))
    free = [row for row in rows if not _crosses(row, (best, best))]
    left = [cut for row in free if (cut := _left(row, (best, best)))]
    right = [cut for row in free if (cut := _right(row, (best, best)))]
    if min(len(left), len(right)) < _FEWEST or len(free) < _SHARE * len(rows):
        return None
    em = _em(rows)
    if not (_is_text(left, em) and _is_text(right, em)):
        return None
    ends, starts = sorted(row[-1].right for row in left), sorted(row[0].left for row in right)
    strip = ends[int(0.9 * (len(ends) - 1))], starts[int(0.1 * (len(starts) - 1))]
    width = strip[1] - strip[0]
    return (strip[0] + 0.2 * width, strip[1] - 0.2 * width) if width > 0 else (best, best)


def _goes_on(rows: Sequence[list[T]], strip: Strip) -> bool:
    """Whether most rows keep clear of the strip; the first and the last may be running head and page number."""
    last = len(rows) - 1
    inner = [row for at, row in enumerate(rows) if at not in (0, last) or not _crosses(row, strip)]
    return bool(inner) and sum(_crosses(row, strip) for row in inner) <= (1 - _SHARE) * len(inner)


def _ends_in(rows: Sequence[list[T]], strip: Strip) -> bool:
    """Whether the columns of the page before end on this one: text fills one of them, hardly any stands in the other."""
    if not _goes_on(rows, strip):
        return False
    free = [row for row in rows if not _crosses(row, strip)]
    sides = [[cut for row in free if (cut := side(row, strip))] for side in (_left, _right)]
    less, more = sorted(sides, key=len)
    return len(less) < _FEWEST <= len(more) and _is_text(more, _em(rows))


def _em(rows: Sequence[Sequence[Inked]]) -> float:
    return statistics.median(piece.right - piece.left for row in rows for piece in row)


def stretches(rows: Sequence[list[T]], strip: Strip | None) -> list[Stretch[T]]:
    """The rows of a page in reading order; one stretch when the page has one column."""
    if strip is None:
        return [Stretch(list(rows))]
    found: list[Stretch[T]] = []
    for crosses, run in groupby(rows, key=lambda row: _crosses(row, strip)):
        if crosses:
            found.append(Stretch(list(run)))
        else:
            found.extend(_columns(list(run), strip))
    return found


def _columns(rows: list[list[T]], strip: Strip) -> Iterator[Stretch[T]]:
    for column, side in enumerate((_left, _right), 1):
        part = [cut for row in rows if (cut := side(row, strip))]
        if part:
            yield Stretch(part, (min(row[0].left for row in part), max(row[-1].right for row in part)), column)


def _left(row: list[T], strip: Strip) -> list[T]:
    return [piece for piece in row if piece.right <= strip[1]]


def _right(row: list[T], strip: Strip) -> list[T]:
    return [piece for piece in row if piece.right > strip[1]]


def _crosses(row: Sequence[Inked], strip: Strip) -> bool:
    return any(piece.left < strip[1] and strip[0] < piece.right for piece in row)


def _is_text(rows: Sequence[Sequence[Inked]], em: float) -> bool:
    """Whether rows fill their column from edge to edge as running text does."""
    start, end = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    full = [row for row in rows if row[0].left - start < 2.5 * em and end - row[-1].right < 2.5 * em]
    return end - start > 8 * em and len(full) >= _FILLED * len(rows)

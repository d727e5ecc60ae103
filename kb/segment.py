"""Cut a document into provisions (条款) that partition its text, each with label, path and kind.

Goes in: the blocks of one document in reading order. Comes out: its text, the provisions in order, warnings in
Chinese. Guarantees, whatever the input: the text is the blocks' own, joined by newlines; provisions follow each
other without gap or overlap, so their texts joined give the text back; none is longer than :data:`MAX_PROVISION`;
nothing raises. Grammar in :mod:`kb.markers`, structure in :mod:`kb.outline`, frame in :mod:`kb.layout`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from kb.layout import Line, lay_out
from kb.model import Block, Provision
from kb.outline import outline
from kb.units import Unit, duty_of

MAX_PROVISION = 450
_SENTENCE_END = re.compile(r"[。！？!?；;][”’」』）)》]*|\n")
_CLAUSE_END = re.compile(r"[，,、：:\t]")


@dataclass(frozen=True)
class Segmented:
    """A document's text, its provisions partitioning it, and warnings in Chinese for the user."""

    text: str
    provisions: tuple[Provision, ...]
    warnings: tuple[str, ...] = ()


def segment(blocks: Sequence[Block]) -> Segmented:
    """The provisions of one document; see the module for what holds of them."""
    lines = [line for block in blocks for line in _lines(block)]
    text = "\n".join(line.text for line in lines)
    if not text:
        return Segmented("", ())
    units, warnings = outline(lines, lay_out(lines))
    starts = [0, *accumulate(len(line.text) + 1 for line in lines)]
    provisions: list[Provision] = []
    for unit in units:
        start, end = starts[unit.first], min(starts[unit.last + 1], len(text))
        provisions.extend(_provisions(unit, text, start, end, len(provisions)))
    return Segmented(text, tuple(provisions), tuple(warnings))


def _lines(block: Block) -> Iterator[Line]:
    """A table or box is one line however many rows it has; a paragraph is as many as it shows."""
    texts = [block.text] if block.kind in ("table", "box") else block.text.split("\n")
    for at, text in enumerate(texts):
        yield Line(text, block.kind, block.bold, block.centred, 0 if at else block.lead)


def _provisions(unit: Unit, text: str, start: int, end: int, ordinal: int) -> Iterator[Provision]:
    duty = duty_of(text[start:end]) if unit.kind in ("item", "paragraph", "clause", "box", "article") else None
    path = unit.path
    at = start
    for piece in split_long(text[start:end]):
        yield Provision(ordinal, unit.label, path, unit.kind, piece, at, at + len(piece), duty)
        ordinal, at = ordinal + 1, at + len(piece)
        path = unit.path_of_rest


def split_long(text: str, limit: int = MAX_PROVISION) -> Iterator[str]:
    """``text`` in pieces of at most ``limit`` characters, cut after sentences where they allow it."""
    at = 0
    while len(text) - at > limit:
        ink = len(text[at : at + 2 * limit].rstrip()) if len(text) - at < 2 * limit else 2 * limit
        window = min(limit, ink - 1) if ink > 1 else limit  # never leave a piece of white space only
        cut = _last_end(_SENTENCE_END, text, at, window) or _last_end(_CLAUSE_END, text, at, window) or window
        yield text[at : at + cut]
        at += cut
    if at < len(text):
        yield text[at:]


def _last_end(pattern: re.Pattern[str], text: str, at: int, limit: int) -> int:
    """How far from ``at`` the last match of ``pattern`` within ``limit`` ends; 0 when none, or when it would leave a
    crumb."""
    ends = [match.end() - at for match in pattern.finditer(text, at, at + limit)]
    return ends[-1] if ends and ends[-1] >= limit // 6 else 0

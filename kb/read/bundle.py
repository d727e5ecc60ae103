"""One file may hold several documents: a notice that prints several plans, or several notices after one another.

Goes in: a reading. Comes out: one reading per document. A notice with its one plan is one document (cover and
body); with several plans, each plan becomes a document and the notice goes with the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kb.fold import fold
from kb.layout import Line, find_title, lay_out, printed_titles
from kb.markers import ATTACHMENT
from kb.model import Block, Reading

TITLE_FIELD = ("bundle", "标题")
_SHORTEST_PLAN = 60


def bundle(reading: Reading) -> tuple[Reading, ...]:
    """The documents of ``reading``, at least one, in order; their blocks joined are all its blocks.

    Each of several carries its own title as field :data:`TITLE_FIELD`.
    """
    starts = _plan_starts(reading.blocks)
    if len(starts) < 2:
        return (reading,)
    edges = [0, *(at for at, _ in starts[1:]), len(reading.blocks)]
    return tuple(
        replace(
            reading,
            blocks=reading.blocks[edges[i] : edges[i + 1]],
            fields={**reading.fields, TITLE_FIELD: title},
            attachments=reading.attachments if i == 0 else (),
            warnings=(*reading.warnings, f"这个文件含有 {len(starts)} 份文件，已分开；本份是《{title}》。"),
        )
        for i, (_, title) in enumerate(starts)
    )


def _plan_starts(blocks: Sequence[Block]) -> list[tuple[int, str]]:
    """Where each of the plans begins that the notice's title names: (block index, title); fewer than two mean none."""
    lines = [Line(block.text, block.kind, block.bold, block.centred) for block in blocks]
    roles = lay_out(lines[:80]).roles
    title = "".join(lines[i].text.strip() for i in sorted(roles) if roles[i] == "title" and i < 40)
    starts: list[tuple[int, str]] = []
    for name in printed_titles(title):
        found = find_title(lines, name, starts[-1][0] + 1 if starts else 1)
        if not found:
            return []
        starts.append((_with_attachment_sign(lines, found[0]), "".join(lines[i].text.strip() for i in found)))
    sizes = [sum(len(line.text) for line in lines[at : after]) for at, after in _spans(starts, len(lines))]
    return starts if len(starts) > 1 and min(sizes) >= _SHORTEST_PLAN else []


def _spans(starts: Sequence[tuple[int, str]], end: int) -> list[tuple[int, int]]:
    places = [at for at, _ in starts]
    return list(zip(places, [*places[1:], end], strict=True)) if places else []


def _with_attachment_sign(lines: Sequence[Line], at: int) -> int:
    """附件2 alone above a plan's title belongs to that plan."""
    before = at - 1
    while before > 0 and lines[before].blank:
        before -= 1
    match = ATTACHMENT.match(fold(lines[before].text)) if before > 0 else None
    return before if match and not fold(lines[before].text)[match.end() :].strip() else at

"""One file may hold several documents: a notice that prints several plans, or several notices after one another.

Goes in: a reading. Comes out: one reading per document. A notice with its one plan is one document (cover and
body); with several plans, each plan becomes a document and the notice goes with the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.describe.order import find_order
from kb.fold import fold
from kb.layout import AGENCY, DOC_NUMBER, MAX_TITLE, TITLE_END, Line, find_title, lay_out, printed_titles
from kb.markers import ATTACHMENT, find_marker
from kb.model import Block, Reading

TITLE_FIELD = ("bundle", "标题")
NOTICE_FIELD = ("bundle", "通知")
_SHORTEST_PLAN = 60
_FEWEST_ARTICLES = 3
_LONGEST_ORDER = 15
_NOTICE_HEAD, _NOTICE_TITLE = 14, 4
_PASSED_ON = re.compile("转发|批转|翻印")


def bundle(reading: Reading) -> tuple[Reading, ...]:
    """The documents of ``reading``, at least one, in order; their blocks joined are all its blocks.

    Each of several carries its own title as field :data:`TITLE_FIELD`; those printed by one notice, whose number and
    date are theirs too, carry :data:`NOTICE_FIELD`.
    """
    lines = [Line(block.text, block.kind, block.bold, block.centred) for block in reading.blocks]
    plans = _plan_starts(lines)
    notices = [] if plans else _notice_starts(lines)
    starts = plans or notices or _regulation_starts(lines)
    if len(starts) < 2:
        return (reading,)
    printed = {NOTICE_FIELD: "同一通知印发"} if plans else {}
    edges = [
        0,
        *(at if plans or notices else _with_order(reading.blocks, at) for at, _ in starts[1:]),
        len(reading.blocks),
    ]
    return tuple(
        replace(
            reading,
            blocks=reading.blocks[edges[i] : edges[i + 1]],
            fields={**reading.fields, TITLE_FIELD: title, **printed},
            attachments=reading.attachments if i == 0 else (),
            warnings=(*reading.warnings, f"这个文件含有 {len(starts)} 份文件，已分开；本份是《{title}》。"),
        )
        for i, (_, title) in enumerate(starts)
    )


def _notice_starts(lines: Sequence[Line]) -> list[tuple[int, str]]:
    """Where notices begin that follow one another: a 文号 of its own beside a title, and below them who is addressed.

    The first must have such a head, too. What stands under an 附件 sign, or first behind a notice that forwards (转发), is
    carried by the notice above, whatever number it has.
    """
    starts: list[tuple[int, str]] = []
    carried = False
    for index, line in enumerate(lines):
        if not DOC_NUMBER.match(fold(line.text).strip()):
            continue
        head = _notice_head(lines, index)
        if head is None or not starts and index >= _NOTICE_HEAD:
            continue
        if carried or starts and _follows_sign(lines, head[0]):
            carried = False
            continue
        starts.append(head)
        carried = bool(_PASSED_ON.search(head[1]))
    return [(0, starts[0][1]), *starts[1:]] if len(starts) > 1 else []


def _notice_head(lines: Sequence[Line], number: int) -> tuple[int, str] | None:
    """Where the head of a notice with its 文号 at ``number`` begins, and its title: set above the number or below it."""
    above = _title_lines(lines, range(number - 1, max(-1, number - 1 - _NOTICE_TITLE), -1))
    below = [] if above else _title_lines(lines, range(number + 1, min(len(lines), number + 1 + _NOTICE_TITLE)))
    last = max([number, *below])
    addressed = next((fold(line.text).strip() for line in lines[last + 1 : last + 4] if not line.blank), "")
    if not (above or below) or not addressed.endswith(":") or find_marker(addressed):
        return None
    title = sorted(above or below)
    return min([number, *title]), "".join(lines[at].text.strip() for at in title)


def _title_lines(lines: Sequence[Line], near: range) -> list[int]:
    """The lines next to a 文号 that make a title (…关于…的通知), the nearest first; none where they make none."""
    found: list[int] = []
    for at in near:
        text = fold(lines[at].text).strip()
        if lines[at].blank:
            continue
        if lines[at].kind in ("table", "box") or find_marker(text) or len(text) > MAX_TITLE or text[-1] in "。;:,)":
            break
        if near.step < 0 and not found and not TITLE_END.search(text):
            break
        if near.step < 0 and found and not (AGENCY.match(text) or "关于" in text and not TITLE_END.search(text)):
            break
        found.append(at)
        if near.step > 0 and TITLE_END.search(text):
            break
    said = "".join(lines[at].text for at in sorted(found))
    return found if "关于" in said and TITLE_END.search(fold(said)) else []


def _follows_sign(lines: Sequence[Line], at: int) -> bool:
    """Whether an 附件 sign stands right above."""
    above = next((fold(lines[i].text) for i in range(at - 1, -1, -1) if not lines[i].blank), "")
    return bool(ATTACHMENT.match(above))


def _regulation_starts(lines: Sequence[Line]) -> list[tuple[int, str]]:
    """Where regulations begin that follow one another: a title right above a 第一条 or 第一章 that starts anew."""
    starts: list[tuple[int, str]] = []
    articles = 0
    for index, line in enumerate(lines):
        marker = find_marker(line.text)
        if marker and marker.type == "article":
            articles = max(articles, marker.order[0]) if not marker.begins else articles
        anew = marker is not None and marker.type in ("article", "chapter") and marker.begins
        if not anew or (starts and articles < _FEWEST_ARTICLES):
            continue
        title = _title_above(lines, index)
        if title is not None:
            starts.append((title, lines[title].text.strip()))
            articles = 0
    return [(0, starts[0][1]), *starts[1:]] if len(starts) > 1 else []


def _title_above(lines: Sequence[Line], index: int) -> int | None:
    """The title within the few lines above a first article; none when an 附件 sign or running text comes between."""
    for at in range(index - 1, max(-1, index - 6), -1):
        text = fold(lines[at].text).strip()
        if ATTACHMENT.match(text) or find_marker(text) or text.endswith("。"):
            return None
        if TITLE_END.search(text) and len(text) <= MAX_TITLE:
            before = next((fold(lines[i].text) for i in range(at - 1, -1, -1) if not lines[i].blank), "")
            return None if ATTACHMENT.match(before) else at
    return None


def _with_order(blocks: Sequence[Block], title: int) -> int:
    """The head of the order that publishes a regulation (某市人民政府令, 第327号, 现予公布) belongs to it."""
    for at in range(title - 1, max(0, title - _LONGEST_ORDER), -1):
        if find_marker(blocks[at].text) or ATTACHMENT.match(fold(blocks[at].text)):
            break
        order = find_order(blocks[at : at + 2])
        if order and order.first == 0:
            return at
    return title


def _plan_starts(lines: Sequence[Line]) -> list[tuple[int, str]]:
    """Where each of the plans begins that the notice's title names: (block index, title); fewer than two mean none."""
    roles = lay_out(lines[:80]).roles
    title = "".join(lines[i].text.strip() for i in sorted(roles) if roles[i] == "title" and i < 40)
    starts: list[tuple[int, str]] = []
    for name in printed_titles(title):
        found = find_title(lines, name, starts[-1][0] + 1 if starts else 1)
        if not found:
            return []
        starts.append((_with_attachment_sign(lines, found[0]), "".join(lines[i].text.strip() for i in found)))
    sizes = [sum(len(line.text) for line in lines[at:after]) for at, after in _spans(starts, len(lines))]
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

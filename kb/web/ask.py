"""临时问题: a row of the table for a free question, by meaning alone and marked as such."""

from __future__ import annotations

from collections.abc import Mapping

from kb.compare.result import standing
from kb.search import Filters, Hit
from kb.web.cards import provision_card
from kb.web.desk import Choice, Desk, Table
from kb.web.drawer import panel
from kb.web.markup import badge, empty, esc

POOL = 400
SHOWN = 8
FAR = f"最相近的 {POOL} 条中没有它的条款"


def hits_by_region(desk: Desk, shown: Table, question: str) -> Mapping[str, list[Hit]]:
    """The provisions that come nearest to ``question`` in each column of the table, best first.

    Raises:
        KbError: the question is empty.
    """

    def make() -> dict[str, list[Hit]]:
        documents, found = standing(shown.comparison.columns), dict[str, list[Hit]]()
        for hit in desk.base.search(question, "hybrid", Filters(documents=tuple(documents)), POOL):
            for column in documents[hit.document.id]:
                found.setdefault(column.region, []).append(hit)
        return found

    return shown.kept(("ask", question), make)


def ask_row(desk: Desk, shown: Table, choice: Choice, question: str) -> str:
    """The row: how near each region's best provision comes, each cell a link to it."""
    found = hits_by_region(desk, shown, question)
    best = {
        region: max((h for h in hits if not h.weak), key=_closeness, default=None) for region, hits in found.items()
    }
    order = sorted((_closeness(h) for h in best.values() if h), reverse=True)
    cells = []
    for i, column in enumerate(shown.comparison.columns):
        base = " base" if i == 0 else ""
        hit = best.get(column.region)
        href = choice.href(ask=question, region=column.region)
        if hit is None:
            weak = (
                f'<a tabindex="-1" href="{esc(href)}" title="{esc(column.region)}：相关度低">弱</a>'
                if found.get(column.region)
                else f'<span title="{esc(FAR)}">—</span>'
            )
            cells.append(f'<td class="s0{base}">{weak}</td>')
            continue
        rank = order.index(_closeness(hit)) / len(order)
        css = "s2" if rank < 0.2 else "s1" if rank < 0.5 else "s0"
        near = f"{_closeness(hit):.2f}".removeprefix("0")
        cells.append(
            f'<td class="{css}{base}"><a tabindex="-1" href="{esc(href)}" title="{esc(column.region)}：相似度 {_closeness(hit):.2f}">{near}</a></td>'
        )
    return (
        f'<tbody class="asked"><tr><th scope="row" title="{esc(question)}"><a href="{esc(choice.href(ask=question))}">'
        f"问：{esc(question)}</a></th>{''.join(cells)}</tr></tbody>"
    )


def _closeness(hit: Hit) -> float:
    return hit.cosine or 0.0


def ask_panel(desk: Desk, params: Mapping[str, str]) -> str:
    """What a region's documents say nearest to a free question.

    Raises:
        KbError: unknown baseline, peer or date.
    """
    shown = desk.table(Choice.parse(params))
    question, region = params["ask"], params.get("region", "")
    found = hits_by_region(desk, shown, question)
    own = shown.comparison.columns[0].region
    left = _side(found.get(own, []), own, SHOWN if region else 3)
    right = _side(found.get(region, []), region, SHOWN) if region else _others(found, own)
    content = f'<div class="sides">{left}{right}</div>' if region != own else left
    note = '<p class="note">按语义与词语相近程度列出，没有经过编码；数字是相似度（“弱”为相关度低），不是力度，也不说明有无。</p>'
    return panel(f"临时问题：{question}", note + content)


def _others(found: Mapping[str, list[Hit]], own: str) -> str:
    """The nearest provision of every other region, the nearest first; regions with nothing near are only named."""
    best = {r: max(hits, key=_closeness) for r, hits in found.items() if r != own}
    order = sorted(best, key=lambda r: (best[r].weak, -_closeness(best[r])))
    near = [r for r in order if not best[r].weak] or order[:3]
    rest = [r for r in order if r not in near]
    note = f'<p class="note">{esc("、".join(rest))}：只有相关度低的条款，点表中格子查看。</p>' if rest else ""
    return f'<div class="side">{"".join(_side([best[r]], r, 1) for r in near)}{note}</div>'


def _side(hits: list[Hit], region: str, most: int) -> str:
    cards = "".join(
        provision_card(
            h.document, h.held, badge("相关度低" if h.weak else f"相似度 {_closeness(h):.2f}", "quiet"), h.marks
        )
        for h in hits[:most]
    )
    return f'<div class="side"><h3>{esc(region)}</h3>{cards or empty(f"{FAR}。")}</div>'

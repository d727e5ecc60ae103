"""指标对比: quantified goals of one indicator family beside each other, as a table and a chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from kb.compare.indicators import AlignedTarget, load_families
from kb.compare.result import TargetRow
from kb.report.tables import MARKED, goal, number, place
from kb.web.cards import provision_card
from kb.web.charts import target_chart
from kb.web.desk import Choice, Desk, Table
from kb.web.drawer import panel
from kb.web.heat import compared
from kb.web.markup import badge, empty, esc, inner, table
from kb.web.parts import answer, params_of, view

Aligned = tuple[TargetRow, AlignedTarget]
LISTED, DRAWN = 300, 120


def targets_tab(desk: Desk, route: gr.HTML) -> None:
    """Lay out the tab and listen to ``route``."""
    families = view("families")
    with gr.Row():
        with gr.Column(scale=7):
            listing = view("goals")
        with gr.Column(scale=5, min_width=360):
            chart = gr.Plot(show_label=False, elem_id="goal-chart")

    def open_targets(event: gr.EventData) -> Any:
        params = params_of(event)
        choice = Choice.parse(params)
        shown = desk.table(choice)
        grouped = shown.kept("goals", lambda: by_family(desk, shown))
        if not grouped:
            return [compared(shown, choice) + empty("所选文件中没有可比的量化目标。"), "", None]
        family = params.get("family") if params.get("family") in grouped else next(iter(grouped))
        rows = grouped[str(family)]
        title = load_families(desk.base.corpus.folder).family(str(family)).name
        figure = target_chart(fairly(rows, DRAWN), shown.comparison.baseline, title)
        chips = compared(shown, choice) + family_chips(desk, grouped, choice, str(family))
        return [chips, goals_table(rows, shown.comparison.baseline, choice, str(family)), figure]

    answer(route, "targets", open_targets, [families, listing, chart], families)


def by_family(desk: Desk, shown: Table) -> dict[str, list[Aligned]]:
    """The goals of each family, the family most regions set goals in first; within it the baseline first."""
    order = {c.region: i for i, c in enumerate(shown.comparison.columns)}
    grouped: dict[str, list[Aligned]] = {}
    for row in shown.comparison.targets:
        if row.common is not None:
            grouped.setdefault(row.common.family, []).append((row, row.common))
    for rows in grouped.values():
        rows.sort(key=lambda r: (order.get(r[0].region, len(order)), r[0].target.year or 0))
    return dict(sorted(grouped.items(), key=lambda g: -len({r.region for r, _ in g[1]})))


def fairly(rows: Sequence[Aligned], most: int) -> list[Aligned]:
    """At most ``most`` of ``rows``, in their order: as many of each region, or all it has; at least one of each."""
    place: Counter[str] = Counter()
    numbered = []
    for one in rows:
        place[one[0].region] += 1
        numbered.append((place[one[0].region], one))
    share = 1
    while sum(n <= share + 1 for n, _ in numbered) <= most and share < max(place.values(), default=1):
        share += 1
    return [one for n, one in numbered if n <= share]


def family_chips(desk: Desk, grouped: Mapping[str, Sequence[Aligned]], choice: Choice, chosen: str) -> str:
    """One link a family, with the number of regions that set such a goal."""
    families = load_families(desk.base.corpus.folder)
    links = "".join(
        inner(
            choice.href(tab="targets", family=key),
            f"{families.family(key).name} {len({r.region for r, _ in rows})}",
            "chip on" if key == chosen else "chip",
            f"{len({r.region for r, _ in rows})} 个地区、{len(rows)} 项目标",
        )
        for key, rows in grouped.items()
    )
    return f'<nav class="chips" aria-label="指标">{links}</nav>'


def goals_table(rows: Sequence[Aligned], baseline: str, choice: Choice, family: str) -> str:
    """The goals of a family, those of the column ``baseline`` marked; each value opens the provision that sets it."""
    listed, drawn = fairly(rows, LISTED), fairly(rows, DRAWN)
    lines = (_goal_row(row, aligned, baseline, choice, family) for row, aligned in listed)
    more = (
        f"共 {len(rows)} 项，表中列 {len(listed)} 项，图中画 {len(drawn)} 项，各地区机会均等。可在差距对比中缩小对照范围。"
        if len(rows) > DRAWN
        else ""
    )
    if len({row.scope for row, _ in rows}) > 1:
        more += "口径为指标所指的范围，不同的不宜直接比较；图中圆点为未来产业整体，菱形为个别赛道，方块为更大范围。"
    if any(row.remark for row, _ in rows):
        more += f"{MARKED}带这些注明的，图中为空心点。"
    return (f'<p class="note">{more}</p>' if more else "") + table(
        ("地区", "年份", "目标值", "口径", "指标（原文说法）", "出处"), lines, "list goals", "量化目标"
    )


def _goal_row(row: TargetRow, aligned: AlignedTarget, baseline: str, choice: Choice, family: str) -> str:
    href = choice.href(tab="targets", family=family, target=row.held.id)
    value = value_text(aligned.low, aligned.high, aligned.unit + ("/年" if aligned.yearly else ""))
    css = ' class="own"' if row.region == baseline else ""
    return (
        f"<tr{css}><td>{esc(row.region)}</td><td>{row.target.year or '未详'}</td>"
        f"<td>{inner(href, value, 'strong')} {badge(row.target.qualifier, 'quiet') if row.target.qualifier else ''}</td>"
        f"<td><small>{esc(row.scope)}</small></td>"
        f"<td>{esc(row.target.indicator)}</td><td><small>{esc(row.document.citation + place(row.held) + row.remark)}</small></td></tr>"
    )


def value_text(low: float | None, high: float | None, unit: str) -> str:
    """A goal's value in words: 8–10 个, ≥5 个, 100 亿元."""
    if low is not None and high is not None:
        return f"{number(low)} {unit}" if low == high else f"{number(low)}–{number(high)} {unit}"
    if low is not None:
        return f"≥ {number(low)} {unit}"
    return f"≤ {number(high)} {unit}" if high is not None else "未详"


def target_panel(desk: Desk, params: Mapping[str, str]) -> str:
    """The provision that sets a goal.

    Raises:
        KbError: it is no longer held.
    """
    document, held = desk.provision(params["target"])
    goals = "".join(
        f"<li>{esc(t.indicator)}：{esc(goal(t))}{f'（{t.year} 年）' if t.year else ''}</li>" for t in held.targets
    )
    return panel("量化目标的出处", f"<ul>{goals}</ul>{provision_card(document, held)}")

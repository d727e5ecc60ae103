"""产业布局: which sectors (赛道) each region's documents name, and the tier they give them."""

from __future__ import annotations

from collections.abc import Mapping

import gradio as gr

from kb.compare.result import SectorRow
from kb.compare.sectors import Glossary, load_sectors, sectors_of
from kb.web.cards import provision_card
from kb.web.desk import Choice, Desk, Table
from kb.web.drawer import MOST, cut_off, panel
from kb.web.heat import compared, short_names, width_of
from kb.web.markup import badge, empty, esc
from kb.web.parts import answer, params_of, view

HELP = (
    "格中数字为提到该赛道的条款数；“优”＝写明优先、重点发展或重点培育，“探”＝半数以上条款写明前瞻、探索布局或储备；"
    "括号＝只见于非专门文件（如政府工作报告，说的往往是全部产业）或规划期已满的文件；空白＝现有收录中未提到，不等于没有。点格子看原文。"
)


def sectors_tab(desk: Desk, route: gr.HTML) -> None:
    """Lay out the tab and listen to ``route``."""
    view("sectors-help", f'<p class="legend">{HELP}</p>')
    grid = view("sectors")

    def open_sectors(event: gr.EventData) -> str:
        choice = Choice.parse(params_of(event))
        shown = desk.table(choice)
        return compared(shown, choice) + sector_map(desk, shown, choice)

    answer(route, "sectors", open_sectors, [grid], grid)


def sector_map(desk: Desk, shown: Table, choice: Choice) -> str:
    """Sectors × regions; sectors of a group stand under it."""
    if not shown.comparison.sectors:
        return empty("所选文件中没有提到词表里的赛道。")
    columns = shown.comparison.columns
    head = "".join(
        f'<th scope="col" class="{"base" if i == 0 else "" if c.counted else "aside"}"><span>{esc(name)}</span></th>'
        for i, (c, name) in enumerate(zip(columns, short_names(columns), strict=True))
    )
    lines = lineages(load_sectors(desk.base.corpus.folder))
    rows = sorted(shown.comparison.sectors, key=lambda r: lines[r.sector])
    body = "".join(_row(r, shown, choice, len(lines[r.sector]) - 1) for r in rows)
    return (
        f'<div class="heat-box tall"><table class="heat" style="{width_of(columns)}"><caption class="hidden">赛道与地区对照表</caption><thead><tr>'
        f'<th scope="col" class="corner">赛道 ＼ 地区</th>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def lineages(glossary: Glossary) -> Mapping[str, tuple[int, ...]]:
    """For each sector its own place in the glossary behind those of what it is part of: sorting by it puts parts below."""
    place = {s.id: i for i, s in enumerate(glossary.sectors)}
    return {s: tuple(place[one] for one in (*reversed(glossary.ancestors(s)), s)) for s in place}


def _row(row: SectorRow, shown: Table, choice: Choice, depth: int) -> str:
    name = (
        f'<th scope="row" title="{len(row.regions)} 个地区提到"><span class="in{depth}">{esc(row.name)}</span></th>'
    )
    columns = shown.comparison.columns
    # the first cell with a link is where the keyboard enters the row; arrows lead on from there
    entry = next((c.region for c in columns if row.regions.get(c.region)), "")
    cells = "".join(_cell(row, c.region, choice, i == 0, c.region == entry) for i, c in enumerate(columns))
    return f"<tr>{name}{cells}</tr>"


def _cell(row: SectorRow, region: str, choice: Choice, own: bool, entry: bool) -> str:
    places = row.regions.get(region, ())
    base = " base" if own else ""
    if not places:
        return f'<td class="s0{base}"></td>'
    tier = (row.tiers.get(region) or "")[:1]
    css = {"优": "s3", "探": "s2"}.get(tier, "s1")
    href = choice.href(tab="sectors", sector=row.sector, region=region)
    tab = "" if entry else ' tabindex="-1"'
    said, note = f"{tier}{len(places)}", row.remarks.get(region, "").strip("（）")
    shown = f'title="{esc(note)}">({esc(said)})' if note else f">{esc(said)}"
    return f'<td class="{css}{base}"><a{tab} href="{esc(href)}" {shown}</a></td>'


def sector_panel(desk: Desk, params: Mapping[str, str]) -> str:
    """The provisions of a region that name a sector.

    Raises:
        KbError: no such sector.
    """
    glossary = load_sectors(desk.base.corpus.folder)
    sector = glossary.sector(params["sector"])
    region = params.get("region", "")
    shown = desk.table(Choice.parse(params))
    row = next((r for r in shown.comparison.sectors if r.sector == sector.id), None)
    places = row.regions.get(region, ()) if row else ()
    cards = []
    for document, held in desk.provisions(h.id for h in places[:MOST]):
        mentions = [m for m in sectors_of(held.provision, glossary) if m.sector == sector.id]
        tiers = "".join(badge(t, "attested") for t in dict.fromkeys(m.tier for m in mentions if m.tier))
        cards.append(provision_card(document, held, tiers, [(m.start, m.end) for m in mentions]))
    content = "".join(cards) or empty(f"现有收录中未见{region}提到{sector.name}。")
    return panel(f"{region} · {sector.name}", f'<p class="count">{len(places)} 条{cut_off(len(places))}</p>{content}')

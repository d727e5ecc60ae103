"""政策工具: how each region mixes supply, environment and demand tools; the PMC index with what decides it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import gradio as gr

from kb.compare.force import LAPSED_ZH, lapsed
from kb.compare.frame import TOOL_ZH
from kb.compare.pmc import PmcResult, Scheme, grade_told, load_scheme
from kb.compare.result import Column
from kb.compare.tools import UNSTAGED, Count, ToolTable, load_stages, tool_table
from kb.correcting import scored
from kb.errors import KbError
from kb.model import Document
from kb.web.cards import provision_card
from kb.web.charts import radar, surface
from kb.web.desk import Choice, Desk, Table
from kb.web.drawer import MOST, cut_off, panel
from kb.web.heat import compared
from kb.web.markup import address, badge, empty, esc, inner, table
from kb.web.parts import answer, params_of, view
from kb.web.revise import score_buttons

# Reading every provision of every region takes seconds in a large library.
PMC_AT_ONCE = 20_000
HELP = (
    "每条条款编码到一项举措即记一次工具使用（Rothwell 与 Zegveld 三分法）。"
    "PMC 指数按 corpus/pmc.yaml 的变量由程序判定，可在各变量处改判；满分 10；非专门文件中仅由程序识别的不计，用户添加的非专门文件不参与 PMC（单独选作一列时除外）；收录不完整的地区为下限。点数字看依据，点地区名与基准并列比较。"
)


def tools_tab(desk: Desk, route: gr.HTML) -> None:
    """Lay out the tab and listen to ``route``."""
    colours = "".join(f'<span><i class="swatch {key}"></i>{esc(name)}</span>' for key, name in TOOL_ZH.items())
    view("tools-help", f'<p class="legend">{colours}<span class="notes">{HELP}</span></p>')
    with gr.Row():
        with gr.Column(scale=7):
            profiles = view("profiles")
        with gr.Column(scale=5, min_width=360):
            spider = gr.Plot(show_label=False, elem_id="radar")
            with gr.Accordion("PMC 曲面（三维，展开后绘制）", open=False):
                relief = gr.Plot(show_label=False, elem_id="surface")
    details = view("pmc")

    def open_tools(event: gr.EventData) -> Any:
        params = params_of(event)
        choice = Choice.parse(params)
        shown = desk.table(choice)
        own = shown.comparison.columns[0].region
        other = choice.other if choice.other in shown.columns and choice.other != own else ""
        results = {r: pmc_of(desk, shown, r) for r in filter(None, (own, other))}
        scheme = load_scheme(desk.base.corpus.folder)
        names = {v.id: v.name for v in scheme.variables}
        return [
            compared(shown, choice) + profile_table(desk, shown, choice, other), radar({r: p.values for r, p in results.items()}, names),
            surface(results[other or own], names, other or own),
            stage_table(desk, shown, choice, own) + pmc_table(desk, results, choice),
        ]  # fmt: skip

    answer(route, "tools", open_tools, [profiles, spider, relief, details], profiles)


def profile_of(desk: Desk, shown: Table, region: str) -> ToolTable:
    """The tool table of a region in the comparison."""
    column = shown.columns[region]
    return shown.kept(("tools", region), lambda: _counted(desk, shown, column, column.documents))


def _counted(desk: Desk, shown: Table, column: Column, documents: Iterable[Document]) -> ToolTable:
    """The tool table of some documents of a column."""
    held = desk.base.library.coded([d.id for d in documents])
    return tool_table(column.counting(held), shown.frame, load_stages(desk.base.corpus.folder))


def pmc_of(desk: Desk, shown: Table, region: str) -> PmcResult:
    """The PMC index of a region's documents in the comparison."""
    return shown.kept(("pmc", region), lambda: desk.base.pmc(region, shown.columns[region].documents))


def profile_table(desk: Desk, shown: Table, choice: Choice, other: str) -> str:
    """One row a region: uses of each tool with shares as a bar, and the PMC index."""
    rows, without, scheme = [], [], load_scheme(desk.base.corpus.folder)
    for column in shown.comparison.columns:
        profile = profile_of(desk, shown, column.region)
        if not profile.total:
            without.append(column.region)
            continue
        cells = "".join(f"<td>{_number(choice, column.region, t, '', profile.tools[t])}</td>" for t in TOOL_ZH)
        wanted = (
            column is shown.comparison.columns[0]
            or column.region == other
            or desk.base.library.count() <= PMC_AT_ONCE
        )
        score, grade = _score(pmc_of(desk, shown, column.region), scheme) if wanted else ("点地区名计算", "")
        css = "own" if column is shown.comparison.columns[0] else "picked" if column.region == other else ""
        link = inner(choice.but(other=column.region).href(tab="tools"), column.region, "strong", "与基准对照")
        rows.append(
            f'<tr class="{css}"><td>{link}</td>{cells}<td>{_bar(profile)}</td><td class="num">{esc(score)}</td>'
            f"<td>{esc(grade)}</td></tr>"
        )
    heads = ("地区", *TOOL_ZH.values(), "构成", "PMC", "等级")
    note = f'<p class="note">{esc("、".join(without))}的文件中没有可计的举措，未列出。</p>' if without else ""
    if outdated := _outdated(desk, shown):
        note += f'<p class="note">规划期已满的文件也计入，出自其中的有：{esc("、".join(outdated))}。</p>'
    return table(heads, rows, "list profiles", "政策工具构成") + note if rows else empty("所选文件还没有编码条款。")


def _outdated(desk: Desk, shown: Table) -> list[str]:
    """How many of the uses counted stand in plans whose period is over, by region."""
    told = []
    for column in shown.comparison.columns:
        over = [d for d in column.documents if lapsed(d, shown.comparison.as_of)]
        if over and (gone := _counted(desk, shown, column, over).total):
            told.append(f"{column.region} {gone}/{profile_of(desk, shown, column.region).total} 次")
    return told


def _score(result: PmcResult, scheme: Scheme) -> tuple[str, str]:
    return f"{'≥ ' if result.at_least else ''}{result.score:.2f}", grade_told(result, scheme)


def _number(choice: Choice, region: str, tool: str, stage: str, count: Count) -> str:
    if not count.uses:
        return '<span class="quiet">0</span>'
    href = choice.href(tab="tools", tool=tool, stage=stage, region=region)
    return f"{inner(href, str(count.uses), 'strong')} <small>{count.share:.0%}</small>"


def _bar(profile: ToolTable) -> str:
    parts = "".join(
        f'<i class="{esc(tool)}" style="width:{100 * profile.tools[tool].share:.1f}%" title="{esc(name)} {profile.tools[tool].share:.0%}"></i>'
        for tool, name in TOOL_ZH.items()
    )
    return f'<span class="bar">{parts}</span>'


def stage_table(desk: Desk, shown: Table, choice: Choice, region: str) -> str:
    """Tools by stage of the innovation chain, for one region."""
    profile = profile_of(desk, shown, region)
    stages = [*((s.id, s.name) for s in load_stages(desk.base.corpus.folder)), (UNSTAGED, "未分环节")]
    rows = (
        f'<tr><th scope="row">{esc(name)}</th>'
        + "".join(
            f"<td>{_number(choice, region, tool, stage or '-', profile.cell(tool, stage))}</td>"
            for stage, _ in stages
        )
        + "</tr>"
        for tool, name in TOOL_ZH.items()
    )
    return f"<h2>{esc(region)}：政策工具 × 创新链环节</h2>" + table(
        ("工具", *(n for _, n in stages)), rows, "list profiles", "政策工具与创新链"
    )


def pmc_table(desk: Desk, results: Mapping[str, PmcResult], choice: Choice) -> str:
    """Every second-level variable with its value for each policy; a 1 opens what decides it."""
    scheme = load_scheme(desk.base.corpus.folder)
    rows = []
    for variable in scheme.variables:
        means = "".join(f"<td><strong>{r.values[variable.id]:.2f}</strong></td>" for r in results.values())
        rows.append(
            f'<tr class="dim"><td colspan="2"><strong>{esc(variable.id)} {esc(variable.name)}</strong></td>{means}</tr>'
        )
        for part in variable.parts:
            cells = "".join(f"<td>{_decided(r, part.id, region, choice)}</td>" for region, r in results.items())
            rows.append(f"<tr><td>{esc(part.id)}</td><td>{esc(part.name)}</td>{cells}</tr>")
    sources = "".join(f"<li>{esc(s)}</li>" for s in scheme.sources)
    heads = ("变量", "名称", *(f"{r}（{'，'.join(_score(p, scheme))}）" for r, p in results.items()))
    listed = table(heads, rows, "list pmc", "PMC 变量")
    return f"<details><summary>PMC 指数各变量与依据</summary>{listed}<p class='note'>方法出处：</p><ul class='note'>{sources}</ul></details>"


def _decided(result: PmcResult, part: str, region: str, choice: Choice) -> str:
    decision = result.decisions[part]
    ground = (
        f"（{len(decision.provisions)} 条）"
        if decision.provisions
        else "（据文件信息）"
        if decision.documents
        else ""
    )
    said = "（用户修订）" if decision.overridden else ground
    return inner(
        choice.href(tab="tools", part=part, region=region), f"{decision.value}{said}", title="看依据，也可修订"
    )


def tool_panel(desk: Desk, params: Mapping[str, str]) -> str:
    """The provisions counted as uses of a tool (on a stage) by a region.

    Raises:
        KbError: no such tool or region.
    """
    shown = desk.table(Choice.parse(params))
    region, tool, stage = params.get("region", ""), params["tool"], params.get("stage", "")
    if region not in shown.columns or tool not in TOOL_ZH:
        raise KbError("当前对照表中没有这一项。")
    profile = profile_of(desk, shown, region)
    count = profile.cell(tool, "" if stage == "-" else stage) if stage else profile.tools[tool]
    uses = f'<p class="note">共 {count.uses} 次，出自 {len(count.provisions)} 条：一条提到几项举措，就计几次。</p>'
    return _cards(desk, f"{region} · {TOOL_ZH[tool]}政策工具", count.provisions, shown.comparison.as_of, uses)


def part_panel(desk: Desk, params: Mapping[str, str]) -> str:
    """The provisions that decide a PMC variable for a region.

    Raises:
        KbError: no such variable or region.
    """
    shown = desk.table(Choice.parse(params))
    region = params.get("region", "")
    if region not in shown.columns:
        raise KbError("当前对照表中没有这一项。")
    decision = pmc_of(desk, shown, region).decisions.get(params["part"])
    if decision is None:
        raise KbError("PMC 指标体系中没有这个变量。")
    subject = scored(region, shown.columns[region].documents)
    buttons = score_buttons(desk, subject, params["part"], decision.value)
    named = "".join(f"<li>{_deciding(desk, one)}</li>" for one in decision.documents)
    proof = (
        f'<p class="note">据以下文件的级别、日期、规划期、目标年份或公开网址判定：</p><ul class="note">{named}</ul>'
        if named
        else ""
    )
    return _cards(
        desk,
        f"{region} · {params['part']} {decision.part.name}",
        decision.provisions,
        shown.comparison.as_of,
        buttons + proof,
    )


def _deciding(desk: Desk, document_id: str) -> str:
    """A document that decides a variable by what is known of it, with that."""
    document = desk.document(document_id)
    if document is None:
        return esc(document_id)
    years = sorted({t.year for held in desk.base.library.coded([document.id]) for t in held.targets if t.year})
    facts = (
        document.level, document.known_since or "日期未详", f"规划期 {document.period}" if document.period else "",
        f"目标年份 {'、'.join(map(str, years))}" if years else "", "有公开网址" if document.url or document.mirrors else "",
    )  # fmt: skip
    link = inner(address(tab="library", doc=document.id), document.titled)
    return f"{link}（{esc('，'.join(filter(None, facts)))}）"


def _cards(desk: Desk, title: str, ids: Sequence[int], day: str, lead: str = "") -> str:
    over = badge(LAPSED_ZH, "attested")
    cards = "".join(provision_card(d, h, over if lapsed(d, day) else "") for d, h in desk.provisions(ids[:MOST]))
    found = f'<p class="count">{len(ids)} 条{cut_off(len(ids))}</p>{cards}'
    return panel(title, lead + (found if ids else "" if lead else empty("没有条款。")))

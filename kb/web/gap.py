"""差距对比: what to compare, the heat map, and the list of findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import gradio as gr

from kb.compare.result import KIND_ZH
from kb.regions import NATIONAL
from kb.report import write_report
from kb.report.method import RULES
from kb.web.ask import ask_row
from kb.web.desk import BASELINE, LEVELS, Choice, Desk
from kb.web.heat import findings_table, heat_map, legend, summary
from kb.web.parts import answer, download, params_of, told, view

GO = (
    "(baseline, peers, as_of, dims, kinds, sure, question) => window.kbGo("
    f"{{baseline: baseline === '{BASELINE}' ? '' : baseline, peers, as_of, dims, kinds, sure, question}})"
)

LISTED = 400
REPORTS = {"Word": ".docx", "Excel": ".xlsx", "Markdown": ".md", "CSV": ".csv"}


def gap_tab(desk: Desk, route: gr.HTML) -> None:
    """Lay out the tab and listen to ``route``."""
    baseline, peers, dims, as_of, question = _chooser(desk)
    line = view("gap-summary")
    view("legend", legend())
    heat = view("heat")
    with gr.Row(elem_classes="controls findings-head"):
        view("findings-title", "<h2>差距结论</h2>")
        kinds = gr.Dropdown(
            [(v, k) for k, v in KIND_ZH.items()], value=[], multiselect=True, label="结论类别", scale=3
        )
        sure = gr.Dropdown(["高", "中", "低"], value=[], multiselect=True, label="把握", scale=2)
        kind = gr.Dropdown(list(REPORTS), value="Word", label="报告格式", scale=1, min_width=120)
        report = gr.Button("下载完整报告", variant="primary", scale=0, min_width=150, elem_id="report")
    listing = view("findings")
    view(
        "rules",
        "<details><summary>结论是怎样得出的</summary>"
        + "".join(f"<p>{rule[3:]}</p>" for rule in RULES)
        + "</details>",
    )
    controls = [baseline, peers, as_of, dims, kinds, sure, question]
    for control in (baseline, peers, dims, kinds, sure):
        control.input(None, controls, None, js=GO)
    for fire in (as_of.submit, as_of.blur, question.submit, question.blur):
        fire(None, controls, None, js=GO)

    def open_gap(event: gr.EventData) -> Any:
        choice = Choice.parse(params_of(event))
        shown = desk.table(choice)
        asked = ask_row(desk, shown, choice, choice.question) if choice.question.strip() else ""
        return [
            summary(shown, choice), heat_map(shown, choice, asked), findings_table(desk, shown, choice),
            gr.update(value=choice.baseline, choices=_baselines(desk, [choice.baseline])),
            gr.update(value=list(choice.peers), choices=_peers(desk, choice.peers)),
            choice.as_of, list(choice.dims), list(choice.kinds), list(choice.sure),
            choice.question,
        ]  # fmt: skip

    @told
    def written(kind: str, baseline: str, peers: list[str], as_of: str) -> str:
        shown = desk.table(Choice(baseline, tuple(peers), as_of.strip()))
        name = f"差距对比-{shown.comparison.as_of}{REPORTS.get(kind, '.docx')}"
        return str(write_report(shown.comparison, desk.scratch(name), desk.base.corpus.folder))

    download(report, written, [kind, baseline, peers, as_of])
    answer(route, "gap", open_gap, [line, heat, listing, *controls], heat)


def _chooser(desk: Desk) -> tuple[gr.Dropdown, gr.Dropdown, gr.Dropdown, gr.Textbox, gr.Textbox]:
    """What to compare: baseline, peers, dimensions, day, and a question of the user's own."""
    dimensions = [(d.name, d.id) for d in desk.frame.dimensions]
    with gr.Row(elem_classes="controls"):
        baseline = gr.Dropdown(_baselines(desk), value=BASELINE, label="基准", scale=2, min_width=150)
        peers = gr.Dropdown(
            _peers(desk), value=[], multiselect=True, label="对照（不选＝全部，同级计数）", scale=4, min_width=220
        )
        dims = gr.Dropdown(dimensions, value=[], multiselect=True, label="维度（不选＝全部）", scale=3, min_width=180)
        as_of = gr.Textbox("", label="截至（年-月-日）", placeholder="今天", scale=1, min_width=140, max_lines=1)
        question = gr.Textbox(
            "",
            label="临时问题",
            placeholder="加一行，如：对独角兽企业的奖励",
            scale=3,
            min_width=180,
            max_lines=1,
            elem_id="question",
        )
    return baseline, peers, dims, as_of, question


def _regions(desk: Desk) -> list[str]:
    return [r for r in dict.fromkeys(d.region for d in desk.documents() if d.is_policy) if r]


def _documents(desk: Desk, chosen: Sequence[str]) -> list[tuple[str, str]]:
    """Single documents to choose from; in a large library only those chosen already, the others by their own page."""
    policies = [d for d in desk.documents() if d.is_policy]
    listed = policies if len(policies) <= LISTED else [d for d in policies if d.id in chosen]
    titles = Counter((d.region, d.title) for d in policies)
    dates = {d.id: d.known_since or d.id for d in listed if titles[d.region, d.title] > 1}
    return [(f"{d.region or '未定'}《{d.title}》{dates.get(d.id, '')}", d.id) for d in listed]


def _baselines(desk: Desk, chosen: Sequence[str] = ()) -> list[tuple[str, str]]:
    names = [(r, r) for r in _regions(desk)] or [(BASELINE, BASELINE)]
    return names + _documents(desk, chosen)


def _peers(desk: Desk, chosen: Sequence[str] = ()) -> list[tuple[str, str]]:
    names = [(r, r) for r in _regions(desk) if r != NATIONAL]
    return [(f"全部{level}", level) for level in LEVELS] + names + _documents(desk, chosen)

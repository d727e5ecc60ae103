"""文库: what is held and how completely; one document to read; adding and removing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from kb.compare.force import status_on, today
from kb.errors import KbError
from kb.model import COVERAGE_ZH, Document
from kb.prepared import Prepared
from kb.records import number_key
from kb.web.adding import adding_panel
from kb.web.desk import Desk
from kb.web.markup import action, address, badge, empty, esc, inner, outer, table
from kb.web.overview import map_view, time_line
from kb.web.parts import QUIET, answer, data_of, inform, params_of, told, view, warn
from kb.web.reading import document_view

PAGE = 200
UNDONE = 20
VIEWS = {"": "目录", "time": "时间线", "map": "地图"}
AGAIN = "() => window.kbAgain()"
# a filter keeps the view it is set in: time line or map
GO = """(word, region, coverage) => {
  const now = new URLSearchParams(location.search);
  window.kbGo({tab: 'library', word, of: region, coverage, view: now.get('view') || '', shade: now.get('shade') || ''});
}"""


def library_tab(desk: Desk, route: gr.HTML) -> None:
    """Lay out the tab and listen to ``route``."""
    opened = view("document")
    undone = view("undone")
    taken: Any = gr.State([])
    with gr.Column(elem_id="holdings") as holdings:
        with gr.Accordion("添加文件", open=False, elem_id="adding"):
            adding_panel(desk)
        with gr.Row(elem_classes="controls"):
            word = gr.Textbox(label="标题或文号含", placeholder="如 行动计划", scale=3, max_lines=1)
            region = gr.Dropdown([], value=[], multiselect=True, label="地区", scale=3)
            coverage = gr.Dropdown(
                [(v, k) for k, v in COVERAGE_ZH.items()], value=[], multiselect=True, label="收录程度", scale=2
            )
        listing = view("listing")
    controls = [word, region, coverage]
    for fire in (word.submit, word.blur, region.input, coverage.input):
        fire(None, controls, None, js=GO)

    def open_library(event: gr.EventData) -> Any:
        params = params_of(event)
        back = address(tab="library", **_kept(params))
        shown = document_view(desk, params["doc"], params.get("p", ""), back) if params.get("doc") else ""
        documents = desk.documents()
        regions = [r for r in dict.fromkeys(d.region for d in documents) if r]
        chosen = _several(params, "of")
        return [
            shown, gr.update(visible=not shown), holdings_html(desk, documents, params), params.get("word", ""),
            gr.update(value=chosen, choices=regions), _several(params, "coverage"),
        ]  # fmt: skip

    def refused(event: gr.EventData) -> None:
        warn(
            f"“{data_of(event).get('names', '')}”超过 50 MB，没有选入。请拆分或压缩后再添加，或在命令行用 ingest.py add。"
        )

    @told
    def remove(taken: list[Prepared], event: gr.EventData) -> Any:
        copy = desk.base.copy(data_of(event).get("doc", ""))
        desk.base.remove(copy.document.id)
        return [[*taken, copy][-UNDONE:], undo_line([*taken, copy])]

    @told
    def undo(taken: list[Prepared]) -> Any:
        if not taken:
            raise KbError("没有可以撤销的移除。")
        try:
            desk.base.put_back(taken[-1])
            inform(f"已恢复{taken[-1].document.titled}。")
        except KbError as error:
            if desk.document(taken[-1].document.id) is None:
                raise  # still out: it can be tried again
            warn(error)  # nothing is left to undo of it: the one removed before is next
        return [taken[:-1], undo_line(taken[:-1])]

    answer(route, "library", open_library, [opened, holdings, listing, *controls], opened)
    route.refused(refused, None, None, **QUIET)
    route.remove(remove, taken, [taken, undone], **QUIET).then(None, None, None, js=AGAIN)
    route.undo(undo, taken, [taken, undone], **QUIET).then(None, None, None, js=AGAIN)


def undo_line(taken: Sequence[Prepared]) -> str:
    """What was removed last in this session, with a button that puts it back."""
    if not taken:
        return ""
    return f'<p class="undo">已移除{esc(taken[-1].document.titled)}。{action("undo", "撤销")}</p>'


def holdings_html(desk: Desk, documents: Sequence[Document], params: Mapping[str, str]) -> str:
    """The documents an address asks for, as a table, a time line or on the map.

    Raises:
        KbError: the address names no measure of the frame.
    """
    word, regions, covers = params.get("word", "").strip(), _several(params, "of"), _several(params, "coverage")
    number = number_key(word)
    chosen = [
        d for d in documents
        if (not word or word in d.title or number and number in (number_key(d.doc_number) or ""))
        and (not regions or d.region in regions) and (not covers or d.coverage in covers)
    ]  # fmt: skip
    how = params.get("view", "")
    kept = {**_kept(params), "page": "", "shade": ""}
    links = "".join(
        inner(address(tab="library", **{**kept, "view": key}), name, "chip on" if key == how else "chip")
        for key, name in VIEWS.items()
    )
    shown = {"time": lambda: time_line(chosen), "map": lambda: map_view(desk, chosen, params.get("shade", ""))}
    return f'<nav class="chips">{links}</nav>' + shown.get(how, lambda: catalogue(desk, chosen, params))()


def catalogue(desk: Desk, chosen: Sequence[Document], params: Mapping[str, str]) -> str:
    """The table of documents."""
    if not chosen:
        return empty("没有符合条件的文件。文库若是空的，请在上方添加文件，或运行 python ingest.py build。")
    counts = desk.base.library.counts()
    page = int(params["page"]) if params.get("page", "").isdigit() else 0
    start = PAGE * min(page, (len(chosen) - 1) // PAGE)
    rows = (_row(d, counts.get(d.id, 0), _kept(params)) for d in chosen[start : start + PAGE])
    full = sum(d.coverage == "full" for d in chosen)
    told_ = f'<p class="count">共 {len(chosen)} 份，其中全文 {full} 份、节录或摘编 {len(chosen) - full} 份</p>'
    heads = ("地区", "标题", "发文字号", "文种", "日期", "状态", "收录程度", "条款", "操作")
    return told_ + table(heads, rows, "list holdings", "政策文件目录") + _pages(params, len(chosen), start)


def _pages(params: Mapping[str, str], total: int, start: int) -> str:
    links = []
    if start:
        links.append(inner(address(**{**params, "page": start // PAGE - 1}), "上一页", "chip"))
    if start + PAGE < total:
        links.append(inner(address(**{**params, "page": start // PAGE + 1}), "下一页", "chip"))
    return f'<p class="more">{"".join(links)}</p>' if links else ""


def _row(document: Document, provisions: int, kept: Mapping[str, str]) -> str:
    date = esc(document.issued) or (
        esc(f"发布 {document.published}") if document.published else '<span class="quiet">未详</span>'
    )
    cover = badge(
        "全文" if document.coverage == "full" else "摘编",
        f"cover-{document.coverage}",
        COVERAGE_ZH[document.coverage],
    )
    tools = outer(document.url, "官方页面") + action(
        "remove", "移除", "quiet", f"确定从文库移除{document.titled}？其内容仍留在历史中。", doc=document.id
    )
    return (
        f"<tr><td>{esc(document.region or '未定')}</td><td>{inner(address(tab='library', doc=document.id, **kept), document.title, 'strong')}</td>"
        f"<td>{esc(document.doc_number)}</td><td>{esc(document.instrument)}</td><td>{date}</td><td>{esc(status_on(document, today()))}</td>"
        f'<td>{cover}</td><td class="num">{provisions}</td><td><div class="tools">{tools}</div></td></tr>'
    )


def _kept(params: Mapping[str, str]) -> dict[str, str]:
    """What of an address says which documents are listed and how; a document opened from the list leads back to it."""
    return {name: params.get(name, "") for name in ("word", "of", "coverage", "view", "shade", "page")}


def _several(params: Mapping[str, str], name: str) -> list[str]:
    return [v for v in params.get(name, "").split(",") if v]

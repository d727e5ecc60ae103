"""检索: a question, how to look, where to look; hits with the reason they matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import gradio as gr

from kb.errors import KbError
from kb.fold import squeeze
from kb.matches import longest
from kb.plain import cautions
from kb.search import MODES_ZH, Hit, Mode, checked_filters
from kb.web.cards import provision_card, provision_href
from kb.web.desk import Desk
from kb.web.markup import address, badge, empty, esc, inner
from kb.web.parts import answer, params_of, view

MODE_HELP = (
    "综合：词语与语义合用；语义：意思相近即可；词语：出现这些词；精确：与输入一字不差。输入文号可直接找到该文件。"
)
EXAMPLES = (
    "设立未来产业专项基金，投早投小",
    "场景创新中心",
    "先导区评价与动态退出",
    "首台套 首发首用",
    "渝经信规范〔2026〕1号",
)
STEP, MOST = 20, 200
GO = (
    "(q, mode, region, level, instrument, since, until) => window.kbGo({tab: 'search', q,"
    " mode: mode === 'hybrid' ? '' : mode, in: region, level, instrument, since, until})"
)


def search_tab(desk: Desk, route: gr.HTML) -> None:
    """Lay out the tab and listen to ``route``."""
    with gr.Row(elem_classes="controls"):
        query = gr.Textbox(
            label="检索内容",
            placeholder="用一句话说出要找的规定，或输入文号、词语",
            scale=6,
            max_lines=1,
            elem_id="query",
        )
        mode = gr.Radio(
            [(v, k) for k, v in MODES_ZH.items()], value="hybrid", label="检索方式", scale=3, min_width=300
        )
        button = gr.Button("检索", variant="primary", scale=0, min_width=96)
    with gr.Row(elem_classes="controls"):
        region = gr.Dropdown([], value=[], multiselect=True, label="地区", scale=3, min_width=160)
        level = gr.Dropdown([], value=[], multiselect=True, label="层级", scale=2, min_width=120)
        instrument = gr.Dropdown([], value=[], multiselect=True, label="文种", scale=3, min_width=160)
        since = gr.Textbox(label="不早于", placeholder="如 2024-09", scale=1, min_width=140, max_lines=1)
        until = gr.Textbox(label="不晚于", placeholder="如 2026", scale=1, min_width=140, max_lines=1)
    hits = view("hits")
    filters = [region, level, instrument, since, until]
    controls = [query, mode, *filters]
    for fire in (
        button.click,
        query.submit,
        mode.input,
        region.input,
        level.input,
        instrument.input,
        since.submit,
        until.submit,
    ):
        fire(None, controls, None, js=GO)

    def open_search(event: gr.EventData) -> Any:
        params = params_of(event)
        documents = desk.documents()
        lists = {
            "in": list(dict.fromkeys(d.region for d in documents if d.region)),
            "level": list(dict.fromkeys(d.level for d in documents if d.level)),
            "instrument": sorted({d.instrument for d in documents if d.instrument}),
        }
        chosen = [gr.update(value=_several(params, name), choices=choices) for name, choices in lists.items()]
        dates = [params.get("since", ""), params.get("until", "")]
        query_now = params.get("q") or gr.skip()
        return [query_now, params.get("mode", "hybrid"), *chosen, *dates, results(desk, params)]

    answer(route, "search", open_search, [*controls, hits], hits, show_progress="minimal")


def results(desk: Desk, params: Mapping[str, str]) -> str:
    """The hits an address asks for; an error is told in place of them."""
    query = params.get("q", "").strip()
    if not query:
        return _start()
    k = min(int(params["k"]) if params.get("k", "").isdigit() else STEP, MOST)
    try:
        filters = checked_filters(
            _several(params, "in"), _several(params, "level"), _several(params, "instrument"),
            params.get("since"), params.get("until"),
        )  # fmt: skip
        mode = cast(Mode, params.get("mode", "hybrid"))
        found = desk.base.search(query, mode, filters, k, rerank=mode == "hybrid" and "rerank" in params)
    except KbError as error:
        return empty(str(error))
    unheld = cautions(desk.base, query, bool(found))
    if not found:
        literal = "“精确”只在正文中找一字不差的文字，不找章节名和题名。" if mode == "exact" else ""
        return empty(f"{unheld}没有找到。{literal}可换个说法，改用“综合”或“语义”方式，或放宽地区、日期等条件。")
    more = ""
    if len(found) == k and k < MOST:
        more = (
            f'<p class="more">{inner(address(**{**params, "k": k + STEP}), f"显示更多（现有 {k} 条）", "chip")}</p>'
        )
    if len(found) == k == MOST:
        more = f'<p class="count">至多列 {MOST} 条，可能还有；可加上地区、文种、日期等条件缩小范围。</p>'
    doubt = "以下各条相关度都低，文库中可能没有这方面的规定。" if all(h.weak for h in found) else ""
    told_ = f"{esc(unheld)}{doubt}找到 {len(found)} 条，来自 {len({h.document.id for h in found})} 份文件"
    hits = (
        "".join(_section(one, params) for one in found.by_document())
        if "together" in params
        else _cards(found, params)
    )
    return f'<p class="count">{told_}　{_ways(params)}</p><div class="hits">{hits}</div>{more}'


def _ways(params: Mapping[str, str]) -> str:
    """Links that turn on and off how the hits are ordered and shown."""
    ways = [("together", "按文件归并", "同一文件的条款归在一起")]
    if params.get("mode", "hybrid") == "hybrid":
        ways.append(("rerank", "精排", "把最前的 30 条逐词再比一遍：更准，慢零点几秒"))
    return "".join(
        inner(
            address(**{**params, key: "" if key in params else "1"}), label, f"chip{' on' * (key in params)}", help_
        )
        for key, label, help_ in ways
    )


def _section(hits: Sequence[Hit], params: Mapping[str, str]) -> str:
    """The hits of one document under its name."""
    head = f"{hits[0].document.region}　{hits[0].document.citation}　{len(hits)} 条"
    return f"<section><h3>{esc(head)}</h3>{_cards(hits, params)}</section>"


def _cards(hits: Sequence[Hit], params: Mapping[str, str]) -> str:
    return "".join(hit_card(group, params) for group in grouped(hits))


def grouped(hits: Sequence[Hit]) -> list[list[Hit]]:
    """Hits with the same words joined, in the order of the best of each group."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(squeeze(hit.held.provision.text), []).append(hit)
    return list(groups.values())


def hit_card(group: Sequence[Hit], params: Mapping[str, str]) -> str:
    """The best hit of a group, with links to those that say the same; ``params`` are the search's address."""
    hit = group[0]
    same = [*hit.duplicates, *((h.document, h.held) for other in group[1:] for h in (other,))]
    links = "；".join(inner(provision_href(d.id, held), d.citation) for d, held in same)
    note = f'<p class="same">文字相同的还有 {len(same)} 处：{links}</p>' if same else ""
    near = inner(address(**{**params, "near": hit.held.id}), "其他地区的相近条款")
    badges = badge(f"命中 {hit.rank}", "rank") + (badge("相关度低", "attested") if hit.weak else "")
    return provision_card(
        hit.document, hit.held, badges, hit.marks, f'<p class="why">{esc(why(hit))}　{near}</p>{note}'
    )


def why(hit: Hit) -> str:
    """Why a provision was found, in words."""
    parts = [f"{place}含“{'”“'.join(longest(terms)[:6])}”" for place, terms in hit.places.items() if terms]
    if hit.lexical_rank:
        parts.append(f"词语匹配排第 {hit.lexical_rank}")
    if hit.dense_rank:
        closeness = f"（相似度 {hit.cosine:.2f}）" if hit.cosine is not None else ""
        parts.append(f"语义匹配排第 {hit.dense_rank}{closeness}")
    return "命中原因：" + ("；".join(parts) or "文号相符")


def _several(params: Mapping[str, str], name: str) -> list[str]:
    return [v for v in params.get(name, "").split(",") if v]


def _start() -> str:
    links = "".join(inner(address(tab="search", q=e), e, "chip") for e in EXAMPLES)
    return f'<div class="start"><p>{esc(MODE_HELP)}</p><p>试试：{links}</p></div>'

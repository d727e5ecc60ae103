"""条款对照: two documents aligned provision by provision, with what differs marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from kb.compare.align import Row, Span, differences
from kb.model import Document, Held
from kb.web.cards import coverage_badge, place, provision_href
from kb.web.desk import BASELINE, Desk
from kb.web.markup import address, badge, empty, esc, inner, marked
from kb.web.parts import answer, params_of, view

SHOWN = {
    "all": "全部",
    "both": "两边都有",
    "changed": "有改动",
    "akin": "只是主题相近",
    "left": "只有左边",
    "right": "只有右边",
}
GO = "(left, right, show) => window.kbGo({tab: 'clauses', left, right, show: show === 'all' ? '' : show})"
# Below this likeness two provisions share a subject, not wording: marking differences would mark everything.
WORDING = 0.55
PAIRS, ALIKE = 8, ("计划", "措施", "规划", "意见")


def clauses_tab(desk: Desk, route: gr.HTML) -> None:
    """Lay out the tab and listen to ``route``."""
    with gr.Row(elem_classes="controls"):
        left = gr.Dropdown([], value=None, label="左边的文件", scale=5, min_width=240)
        right = gr.Dropdown([], value=None, label="右边的文件", scale=5, min_width=240)
        show = gr.Dropdown([(v, k) for k, v in SHOWN.items()], value="all", label="显示", scale=2, min_width=110)
    rows = view("clauses")
    for control in (left, right, show):
        control.input(None, [left, right, show], None, js=GO)

    def open_clauses(event: gr.EventData) -> Any:
        params = params_of(event)
        choices = [
            (f"{d.region or '未定'}《{d.title}》{d.known_since or '日期未详'}", d.id)
            for d in desk.documents()
            if d.is_policy
        ]
        a, b = params.get("left", ""), params.get("right", "")
        known = {key for _, key in choices}
        content = aligned(desk, a, b, params.get("show", "all")) if a and b else _start(desk, a, b)
        return [
            gr.update(choices=choices, value=a if a in known else None),
            gr.update(choices=choices, value=b if b in known else None), params.get("show") or "all", content,
        ]  # fmt: skip

    answer(route, "clauses", open_clauses, [left, right, show, rows], rows, show_progress="minimal")


def _start(desk: Desk, left: str, right: str) -> str:
    """What to do, with pairs to try: versions of one document, then the baseline's plans beside others of their kind."""
    pairs = "".join(
        f"<li>{inner(address(tab='clauses', left=a.id, right=b.id), f'{a.region}{a.titled} ↔ {b.region}{b.titled}')}</li>"
        for a, b in suggested(desk.documents(), left or right)
    )
    said = "请在左右两边各选一份文件。同一文件的新旧版本、两地的同类规定都可以对照。"
    return empty(said) + (f'<p class="count">可以从这里开始：</p><ul class="pairs">{pairs}</ul>' if pairs else "")


def suggested(documents: Sequence[Document], chosen: str = "") -> list[tuple[Document, Document]]:
    """Pairs worth aligning, at most ``PAIRS``: a document and what replaced it; else two devoted ones of one kind,
    the first of the default baseline or the one ``chosen``."""
    by_id = {d.id: d for d in documents if d.is_policy}
    versions = [(d, by_id[d.superseded_by]) for d in by_id.values() if d.superseded_by in by_id]
    devoted = [d for d in by_id.values() if d.scope == "专门"]
    first = [by_id[chosen]] if chosen in by_id else [d for d in devoted if d.region == BASELINE]
    kinds = [(a, b) for a in first for b in devoted if b.region != a.region and _kind(a) == _kind(b) in ALIKE]
    return [p for p in (*versions, *kinds) if not chosen or chosen in (p[0].id, p[1].id)][:PAIRS]


def _kind(document: Document) -> str:
    return (document.instrument or "")[-2:].replace("方案", "计划")


def aligned(desk: Desk, left: str, right: str, show: str = "all") -> str:
    """Both documents in one table, so that they scroll together.

    Raises:
        KbError: no such document.
    """
    documents = [desk.base.library.document(one) for one in (left, right)]
    rows = desk.base.align(left, right)
    kept = [r for r in rows if _shown(r, show)]
    counts = {k: sum(_shown(r, k) for r in rows) for k in SHOWN}
    told_ = "　".join(f"{SHOWN[k]} {counts[k]}" for k in SHOWN if k != "all")
    body = "".join(_row(documents, r) for r in kept) or '<tr><td colspan="2">没有这样的条款。</td></tr>'
    heads = "".join(f'<th scope="col">{_head(d)}</th>' for d in documents)
    part = "、".join(d.titled for d in documents if d.coverage != "full")
    doubt = f'<p class="note">{esc(part)}收录不完整：没有对应的条款，不等于原文没有。</p>' if part else ""
    return (
        f'<p class="count">{esc(told_)}</p>{doubt}<div class="scroll both"><table class="list align"><colgroup><col><col></colgroup>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _shown(row: Row, show: str) -> bool:
    return {
        "both": row.left is not None and row.right is not None,
        "left": row.right is None,
        "right": row.left is None,
        "changed": row.left is not None and row.right is not None and not row.same and row.likeness >= WORDING,
        "akin": row.left is not None and row.right is not None and row.likeness < WORDING,
    }.get(show, True)


def _head(document: Document) -> str:
    date = badge(document.known_since or "日期未详", "quiet")
    return f"{esc(document.region)}{esc(document.titled)}{date}{coverage_badge(document.coverage)}"


def _row(documents: list[Document], row: Row) -> str:
    ours: tuple[Span, ...] = ()
    theirs: tuple[Span, ...] = ()
    if row.left and row.right and row.likeness >= WORDING and not row.same:
        ours, theirs = differences(row.left.provision.text, row.right.provision.text)
    css = "same" if row.same else "both" if row.left and row.right else "left" if row.left else "right"
    note = ""
    if row.left and row.right:
        words = "文字相同" if row.same else "措辞相近" if row.likeness >= WORDING else "主题相近"
        note = badge(f"{words} {row.likeness:.0%}", "quiet")
    return f'<tr class="{css}">{_side(documents[0], row.left, ours, note, row.nearest)}{_side(documents[1], row.right, theirs, note, row.nearest)}</tr>'


def _side(document: Document, held: Held | None, changed: tuple[Span, ...], note: str, nearest: Held | None) -> str:
    if held is None:
        said = "未见对应条款" if document.coverage == "full" else "收录部分未见对应条款"
        if nearest is None:
            return f'<td class="absent"><span class="hidden">{said}</span></td>'
        link = inner(provision_href(document.id, nearest), place(nearest) or "打开")
        return f'<td class="absent"><small><span class="hidden">{said}，</span>最接近：{link}</small></td>'
    label = inner(provision_href(document.id, held), place(held) or "打开")
    return (
        f"<td><small>{label}{note}</small><p>{marked(held.provision.text, changed, figures=False).strip()}</p></td>"
    )

"""One document to read: its facts, its outline, its provisions with their codes; each provision has an address."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from kb.compare.force import status_on, today
from kb.compare.result import ORIGIN_ZH
from kb.context import place
from kb.model import COVERAGE_ZH, STRENGTH_ZH, Document, Held
from kb.web.cards import coverage_badge, provision_href
from kb.web.desk import Desk
from kb.web.markup import action, address, badge, esc, inner, marked, outer

_HEADS = ("title", "heading")
_FACTS = (
    ("发文字号", "doc_number"), ("发文机关", "issuer"), ("文种", "instrument"), ("成文日期", "issued"),
    ("最近修改", "amended"), ("发布日期", "published"), ("施行日期", "effective"), ("规划期或有效期", "period"),
)  # fmt: skip


def document_view(desk: Desk, document_id: str, at: str = "", back: str = "?tab=library") -> str:
    """The document, with provision number ``at`` marked and a link ``back`` to the list it was opened from.

    Raises:
        KbError: no such document.
    """
    document, held = desk.base.document(document_id)
    body = "".join(_provision(desk, document, h, at) for h in held)
    return (
        f'<div class="reading" data-doc="{esc(document.id)}" data-at="{esc(at)}"><nav class="back">{inner(back, "← 返回文库")}</nav>'
        f'<h2>{esc(document.title)}</h2><p class="links">{badge(document.region or "地区未定", "region")}{coverage_badge(document.coverage)}'
        f"{outer(document.url, '官方页面')}{''.join(outer(m, f'镜像 {urlsplit(m).hostname or n}') for n, m in enumerate(document.mirrors[:3], 1))}{_uses(document)}</p>"
        f'{_facts(desk, document)}<div class="two"><nav class="outline" aria-label="目录"><h3>目录</h3>{_outline(document, held)}</nav>'
        f'<div class="body">{body}</div></div></div>'
    )


def _uses(document: Document) -> str:
    if not document.is_policy:
        return ""
    return inner(address(baseline=document.id), "以此文件为基准对比", "chip") + inner(
        address(tab="clauses", left=document.id), "与另一份文件对照", "chip"
    )


def _facts(desk: Desk, document: Document) -> str:
    rows = [(name, getattr(document, field)) for name, field in _FACTS if getattr(document, field)]
    rows.append(("状态", status_on(document, today())))
    rows.append(("收录程度", COVERAGE_ZH[document.coverage]))
    if not document.is_policy and document.origin == "user":
        rows.append(("比较", "不是政策文件，不参与比较"))
    rows += [(n, v) for n, v in (("整理依据", document.basis), ("说明", document.note)) if v]
    listed = "".join(f"<dt>{esc(n)}</dt><dd>{esc(v)}</dd>" for n, v in rows)
    successor = desk.document(document.superseded_by or "")
    if successor:
        listed += f"<dt>被取代</dt><dd>{inner(address(tab='library', doc=successor.id), successor.citation)}</dd>"
    return f'<dl class="facts">{listed}</dl>'


def _outline(document: Document, held: Sequence[Held]) -> str:
    """One link a heading; without headings, one a provision's label."""
    headings = [h for h in held if h.provision.kind == "heading"]
    entries, seen = [], set()
    for one in headings or held:
        text = (
            one.provision.text.strip()
            if headings
            else (one.provision.path[0] if one.provision.path else one.provision.label)
        )
        if text and (headings or text not in seen):
            seen.add(text)
            depth = min(len(one.provision.path), 4) if headings else 0
            entries.append(f'<li class="d{depth}">{inner(provision_href(document.id, one), text[:40])}</li>')
    return f"<ul>{''.join(entries)}</ul>"


def _provision(desk: Desk, document: Document, held: Held, at: str) -> str:
    p = held.provision
    here = " here" if str(p.ordinal) == at else ""
    if p.kind in _HEADS:
        return f'<h4 id="p{p.ordinal}" class="{esc(p.kind)}{here}">{esc(p.text.strip())}</h4>'
    codes = "".join(
        inner(
            address(measure=c.measure),
            f"{_name(desk, c.measure)} · {STRENGTH_ZH[c.strength]}",
            f"code s{c.strength}",
            ORIGIN_ZH.get(c.origin, ""),
        )
        for c in held.codes
    )
    label = " › ".join(place(p))
    duty = f'<span class="duty">{esc(p.duty)}</span>' if p.duty else ""
    tools = outer(p.source, "来源") + action("pin", "收藏", kind="provision", ref=held.id)
    if document.is_policy:
        there = address(tab="library", doc=document.id, p=p.ordinal, code=held.id)
        own = any(c.origin == "auto" for c in held.codes)
        tools += inner(there, "编码依据与修订" if own else "修订编码")
    return (
        f'<div class="prov{here}" id="p{p.ordinal}"><a class="label" href="{esc(provision_href(document.id, held))}">{esc(label)}</a>'
        f'<p>{marked(p.text.strip(), ())}</p>{duty}<div class="meta">{codes}{tools}</div></div>'
    )


def _name(desk: Desk, measure: str) -> str:
    return next((m.name for m in desk.frame.measures if m.id == measure), measure)

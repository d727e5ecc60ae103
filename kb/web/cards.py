"""A provision as a card: its words with terms and figures marked, where it stands, how it was coded, its source."""

from __future__ import annotations

from collections.abc import Sequence

from kb import context, words
from kb.compare.frame import Measure
from kb.compare.result import ORIGIN_ZH, Evidence
from kb.correcting import told_time
from kb.model import CERTAINTY_ZH, COVERAGE_ZH, STRENGTH_ZH, Attestation, Code, Document, Held
from kb.search import mark
from kb.web.markup import Span, action, address, badge, esc, inner, marked, outer
from kb.web.reason import reason_fold
from kb.web.revise import inline

_COMMON = frozenset({"未来", "产业", "未来产业", "机制", "体系", "建设", "发展", "专项"})


def strength_badge(strength: int) -> str:
    """未见, 提及, 部署 or 承诺 as a coloured label."""
    return badge(STRENGTH_ZH[strength], f"s{strength}")


def coverage_badge(coverage: str) -> str:
    """收录程度 as a label."""
    return badge(COVERAGE_ZH.get(coverage, "未收录"), f"cover-{coverage}", "收录程度")


def origin_badge(origin: str, score: float, said: Code | None = None) -> str:
    """Who coded a provision: the editors, a user (whom and when on hovering) or the recogniser with its score."""
    text = ORIGIN_ZH.get(origin, origin) + (f" {score:.0%}" if origin == "auto" else "")
    title = "由项目编者阅读后编码，未经外部专家复核" if origin == "editor" else "由程序识别，宜对照原文核对"
    if origin == "user":
        title = f"由 {said.by} 于 {told_time(said.at)} 修订" if said and said.at else "由用户修订"
    return badge(text, f"origin-{origin}", title)


def place(held: Held) -> str:
    """Where in its document a provision stands, in one line."""
    return " › ".join(context.place(held.provision))


def measure_marks(text: str, measure: Measure) -> Sequence[Span]:
    """Where ``text`` uses the words of the measure's name."""
    terms = [w for w in words.cut(measure.name) if len(w) > 1 and w not in _COMMON]
    return mark(text, sorted(terms, key=len, reverse=True))[1]


def provision_href(document_id: str, held: Held) -> str:
    """The address of a provision in its document."""
    return address(tab="library", doc=document_id, p=held.provision.ordinal)


def provision_card(
    document: Document, held: Held, badges: str = "", marks: Sequence[Span] = (), extra: str = "", pin: bool = True
) -> str:
    """One provision with its full citation, its place, its source and links."""
    provision = held.provision
    known = CERTAINTY_ZH.get(provision.certainty or "")
    certainty = badge(known, "quiet", "这条内容的来源类型") if known else ""
    links = [
        inner(provision_href(document.id, held), "在文件中查看"),
        outer(document.url, "官方页面"),
        outer(provision.source, "内容来源") if provision.source != document.url else "",
        action("pin", "收进资料夹", kind="provision", ref=held.id) if pin else "",
    ]
    return (
        f'<article class="card"><header>{badge(document.region or "地区未定", "region")}{badges}'
        f"{coverage_badge(document.coverage)}{certainty}</header>"
        f"<blockquote>{marked(provision.text.strip(), _shifted(provision.text, marks))}</blockquote>"
        f'<p class="cite">{esc(document.citation)}</p><p class="place">{esc(place(held))}</p>{extra}'
        f"<footer>{''.join(filter(None, links))}</footer></article>"
    )


def evidence_card(evidence: Evidence, measure: Measure) -> str:
    """A provision as evidence for ``measure``: strength and coding shown."""
    said = next((c for c in evidence.held.codes if c.measure == measure.id), None)
    remark = badge(evidence.remark.strip("（）"), "attested") if evidence.remark else ""
    badges = strength_badge(evidence.strength) + remark + origin_badge(evidence.origin, evidence.score, said)
    marks = measure_marks(evidence.held.provision.text, measure)
    why = reason_fold(evidence.held, measure.id) if evidence.origin == "auto" else ""
    return provision_card(evidence.document, evidence.held, badges, marks, why + inline(evidence.held, measure.id))


def attestation_card(said: Attestation) -> str:
    """A dated statement of a named source."""
    says = {"has": "已有", "lacks": "缺失", "behind": "滞后"}[said.says]
    return (
        f'<article class="card attest"><header>{badge(said.region, "region")}{badge("佐证 · " + says, "attested")}'
        f"{badge(CERTAINTY_ZH.get(said.certainty, said.certainty), 'quiet')}</header>"
        f"<blockquote>{marked(said.statement, ())}</blockquote>"
        f'<p class="cite">{esc(said.source_title)}，{esc(said.date)}</p>'
        f"<footer>{outer(said.source, '来源')}</footer></article>"
    )


def _shifted(text: str, marks: Sequence[Span]) -> list[Span]:
    """Marks of ``text`` moved to ``text.strip()``."""
    lead = len(text) - len(text.lstrip())
    return [(start - lead, end - lead) for start, end in marks if start >= lead]

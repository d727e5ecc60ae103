"""Results as plain JSON values, the one shape the command line, the HTTP interface and exports speak."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.context import place
from kb.correcting import told_time
from kb.model import STRENGTH_ZH, Code

if TYPE_CHECKING:
    from kb.compare.recognise import Explanation
    from kb.compare.result import Comparison, Evidence, Finding, TargetRow
    from kb.knowledge import KnowledgeBase, Stored
    from kb.library import Library
    from kb.model import Document, Draft, Held, Provision, Revision
    from kb.search import Hit

LABEL_BATCH = 64
QUOTED = 40
UNHELD_SHOWN = 3
# asks for what there is not, or for all but something
DENYING = re.compile("除了|除去|不是(?=.{0,12}的)|不含|不包括|排除|(?<!有)没有")
OUTCOMES_ZH = {
    "added": "已添加", "replaced": "已更新（旧版存入历史）", "unchanged": "没有变化",
    "kept": "没有替换全文",
}  # fmt: skip
FIELDS_ZH = {
    "title": "标题", "doc_number": "发文字号", "issuer": "发文机关", "instrument": "文种", "issued": "成文日期",
    "published": "发布日期", "effective": "施行日期", "region": "地区", "level": "层级", "status": "状态",
    "period": "规划期或有效期", "coverage": "收录程度", "url": "网址", "amended": "最近修改", "note": "说明",
}  # fmt: skip


def document_row(document: Document) -> dict[str, Any]:
    """A document with all its fields."""
    return asdict(document)


def _provision(provision: Provision) -> dict[str, Any]:
    return {
        "label": provision.label, "path": list(provision.path), "kind": provision.kind, "text": provision.text,
        "span": [provision.start, provision.end], "duty": provision.duty, "source": provision.source,
        "certainty": provision.certainty,
    }  # fmt: skip


def provision_row(held: Held) -> dict[str, Any]:
    """A held provision with its codes and targets."""
    return {
        "id": held.id, **_provision(held.provision),
        "codes": [asdict(c) for c in held.codes], "targets": [asdict(t) for t in held.targets],
    }  # fmt: skip


def codes_told(codes: Iterable[Code], corpus: Path) -> str:
    """Codes for the eye: measure, strength and who says so (编者编码, 用户修订 with whom and when, 自动识别 with its score)."""
    from kb.compare.frame import load_frame
    from kb.compare.result import ORIGIN_ZH

    names = {m.id: m.name for m in load_frame(corpus).measures}
    told = []
    for code in codes:
        by = f" {code.by} {told_time(code.at)}" if code.by and code.at else ""
        more = f" {code.score:.0%}" if code.origin == "auto" else by
        told.append(
            f"{names.get(code.measure, code.measure)} {STRENGTH_ZH[code.strength]}（{ORIGIN_ZH[code.origin]}{more}）"
        )
    return "；".join(told)


def revision_row(revision: Revision) -> dict[str, Any]:
    """A user's correction."""
    return asdict(revision)


def revision_told(revision: Revision, library: Library) -> str:
    """A user's correction for the eye: of what, to what, by whom and when, and whether it holds."""
    from kb.compare.frame import load_frame
    from kb.revisions import words_hash
    from kb.settings import settings

    r = revision
    documents = library.catalogue().documents
    subject = documents[r.subject].titled if r.subject in documents else r.subject
    item, value, of = r.item, str(r.value), ""
    if r.kind == "code":
        names = {m.id: m.name for m in load_frame(settings().corpus).measures}
        item, value = names.get(r.item, r.item), STRENGTH_ZH[r.value]
        texts = (h.provision.text for h in library.provisions(r.subject))
        text = " ".join(next((t for t in texts if words_hash(t) == r.words), "").split())
        of = f"“{text[:QUOTED]}{'……' if len(text) > QUOTED else ''}”　" if text else ""
    state = f"，已于 {told_time(r.undone)} 撤销" if r.undone else ""
    return f"{r.id}　{subject}　{of}{item} → {value}（用户修订，{r.who}，{told_time(r.at)}{state}）"


def draft_row(draft: Draft) -> dict[str, Any]:
    """What adding a file would store."""
    return {
        "document": document_row(draft.document), "origins": dict(draft.origins), "missing": list(draft.missing),
        "text": draft.text, "provisions": [_provision(p) for p in draft.provisions], "warnings": list(draft.warnings),
    }  # fmt: skip


def draft_outline(draft: Draft, width: int = 40) -> str:
    """A draft for the eye: what it is, each field with its origin, what is missing, and its skeleton, so that a
    person sees at a glance whether the reading is right."""
    document = draft.document
    lines = [document.citation]
    for key, origin in draft.origins.items():
        lines.append(f"  {FIELDS_ZH.get(key, key)}：{getattr(document, key, '')}（{origin}）")
    if draft.missing:
        lines.append(f"  未能确定：{'、'.join(draft.missing)}")
    lines += [f"  注意：{warning}" for warning in draft.warnings]
    lines.append(f"  共 {len(draft.text)} 字，{len(draft.provisions)} 条")
    for p in draft.provisions:
        text = " ".join(p.text.split())
        cut = text if len(text) <= width else text[:width] + "……"
        lines.append(
            f"{'  ' * (len(p.path) + 1)}[{p.kind}] {p.label}　{cut}" + (f"（责任：{p.duty}）" if p.duty else "")
        )
    return "\n".join(lines)


def stored_row(stored: Stored) -> dict[str, Any]:
    """What became of one document."""
    return {
        "document": document_row(stored.document), "provisions": stored.provisions, "outcome": stored.outcome,
        "warnings": list(stored.warnings), "missing": list(stored.missing),
    }  # fmt: skip


def hit_row(hit: Hit) -> dict[str, Any]:
    """A search result with its reason."""
    provision = hit.held.provision
    return {
        "rank": hit.rank, "score": hit.score, "document": document_row(hit.document), "id": hit.held.id,
        "citation": hit.document.citation, **_provision(provision),
        "why": {
            "terms": list(hit.terms), "marks": [list(m) for m in hit.marks], "lexical_rank": hit.lexical_rank,
            "dense_rank": hit.dense_rank, "cosine": hit.cosine,
            "places": {place: list(terms) for place, terms in hit.places.items()},
        },
        "weak": hit.weak,
        "duplicates": [
            {"document_id": d.id, "id": h.id, "citation": d.citation, "label": h.provision.label}
            for d, h in hit.duplicates
        ],
    }  # fmt: skip


def _unworded(hit: Hit) -> str:
    """Why a text was found in which none of the words asked for stands: by its meaning, or by parts of words."""
    return "语义相近" if hit.dense_rank or not hit.lexical_rank else "部分字词相同"


def hits_told(groups: Sequence[Sequence[Hit]]) -> str:
    """Search results for people: those of a group stand together, and a document named twice running only once."""
    hits = [hit for group in groups for hit in group]
    lines: list[str] = []
    named = ""
    for hit in hits:
        stands = " ".join(place(hit.held.provision))
        title = "　同上" if hit.document.id == named else f"{hit.document.region}　{hit.document.citation}"
        named = hit.document.id
        why = "；".join(f"{where} {'、'.join(terms[:6])}" for where, terms in hit.places.items()) or _unworded(hit)
        ranks = (
            f"；词语第 {hit.lexical_rank or '—'}，语义第 {hit.dense_rank or '—'}"
            if hit.lexical_rank or hit.dense_rank
            else ""
        )
        lines += [
            f"{hit.rank}. {title}　{stands}", f"   {hit.held.provision.text.strip()}",
            f"   命中：{why}{ranks}{'　【相关度低】' if hit.weak else ''}",
            *(f"   相同文字另见：{d.citation}　{same.provision.label}" for d, same in hit.duplicates),
        ]  # fmt: skip
    lines.append(f"列出 {len(hits)} 条。" if hits else "没有找到。可换个说法，或放宽地区、日期等条件。")
    if hits and all(h.weak for h in hits):
        lines.append("以上各条相关度都低，文库中可能没有这方面的规定。")
    return "\n".join(lines)


def cautions(base: KnowledgeBase, query: str, found: bool) -> str:
    """What is to be known of an answer: that the query asks what there is not, which no search of texts tells; that the
    library does not hold a 发文字号 it writes out, or most of its words, so that what is ``found`` may be beside the point."""
    denying = DENYING.search(query)
    caution = (
        f"检索按意思和词语找条款，不理解“{denying[0]}”：要看哪里没有，请用差距对比；要排除地区，请用筛选。"
        if denying
        else ""
    )
    return caution + _unheld(base, query, found)


def _unheld(base: KnowledgeBase, query: str, found: bool) -> str:
    if number := base.unheld_number(query):
        held = [d.doc_number for d in base.library.documents() if d.doc_number and d.doc_number.endswith(number)]
        if held:
            return f"没有与所写完全相同的文号；文库中“…{number}”是{'、'.join(dict.fromkeys(held))}。"
        return f"文库中没有文号为“…{number}”的文件。"
    words = "".join(f"“{word}”" for word in base.unheld_words(query)[:UNHELD_SHOWN])
    beside = "，所列各条可能答非所问" if found else ""
    return f"文库中没有出现{words}{beside}。" if words else ""


def _evidence(evidence: Evidence) -> dict[str, Any]:
    provision = evidence.held.provision
    return {
        "document_id": evidence.document.id, "provision_id": evidence.held.id, "citation": evidence.citation,
        "region": evidence.document.region, "label": provision.label, "path": list(provision.path),
        "text": provision.text, "source": provision.source or evidence.document.url,
        "certainty": provision.certainty, "strength": evidence.strength, "origin": evidence.origin,
        "score": evidence.score, "lapsed": evidence.lapsed, "overdue": evidence.overdue, "general": evidence.general,
        "narrow": evidence.narrow,
    }  # fmt: skip


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "measure": finding.measure.id, "name": finding.measure.name, "kind": finding.kind, "basis": finding.basis,
        "confidence": finding.confidence, "sentence": finding.sentence,
        "baseline_strength": finding.baseline_strength, "peer_strength": finding.peer_strength,
        "peers": list(finding.peers), "counted_peers": finding.counted_peers,
        "evidence": {
            "baseline": [_evidence(e) for e in finding.baseline_evidence],
            "peers": [_evidence(e) for e in finding.peer_evidence],
        },
        "attestations": [asdict(a) for a in finding.attestations],
        "peer_attestations": [asdict(a) for a in finding.peer_attestations],
        "closed_by": list(finding.closed_by), "deploying": list(finding.deploying),
        "model": _evidence(finding.model) if finding.model else None,
        "nearest": _nearest(finding),
        "pending": [_evidence(e) for e in finding.pending], "withdrawn": [_evidence(e) for e in finding.withdrawn],
    }  # fmt: skip


def _nearest(finding: Finding) -> dict[str, Any] | None:
    if finding.nearest is None:
        return None
    document, held = finding.nearest
    return {"document_id": document.id, "citation": document.citation, **provision_row(held)}


def _target(row: TargetRow) -> dict[str, Any]:
    same = row.common
    return {
        "indicator": row.target.indicator, "family": row.family, "region": row.region, "year": row.target.year,
        "value": row.target.value, "low": row.target.low, "high": row.target.high, "unit": row.target.unit,
        "qualifier": row.target.qualifier, "common": same and {"low": same.low, "high": same.high, "unit": same.unit + "/年" * same.yearly},
        "document_id": row.document.id, "remark": row.remark.strip("（）"), "scope": row.scope,
        "provision": {"id": row.held.id, "label": row.held.provision.label, "text": row.held.provision.text},
    }  # fmt: skip


def comparison_row(result: Comparison) -> dict[str, Any]:
    """The whole comparison."""
    return {
        "baseline": result.baseline,
        "as_of": result.as_of,
        "regions": [
            {"region": c.region, "level": c.level, "documents": [d.id for d in c.documents], "coverage": c.coverage,
             "counted": c.counted}
            for c in result.columns
        ],
        "cells": [
            {"measure": c.measure, "region": c.region, "strength": c.strength, "coverage": c.coverage,
             "evidence": [_evidence(e) for e in c.evidence], "attestations": [asdict(a) for a in c.attestations]}
            for c in result.cells
        ],
        "findings": [_finding(f) for f in result.findings],
        "targets": [_target(t) for t in result.targets],
        "sectors": [
            {"sector": s.sector, "name": s.name, "regions": list(s.regions), "tiers": dict(s.tiers), "remarks": {r: remark.strip("（）") for r, remark in s.remarks.items()},
             "counts": {r: len(places) for r, places in s.regions.items()}}
            for s in result.sectors
        ],
    }  # fmt: skip


def label_rows(base: KnowledgeBase, lines: Iterable[str | bytes], why: bool = False) -> Iterator[dict[str, Any]]:
    """For each JSON line ``{"id", "text"}`` the measures its text provides for, or ``line`` and ``error``; blank
    lines are passed over. What is known is given out batch by batch; ``why`` adds the sentence, the words and the coded
    examples that decided."""
    waiting: list[tuple[Any, str]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            # A lone surrogate is no text: encoding it fails here, for this line alone.
            waiting.append((row["id"], row["text"].encode().decode()))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            yield {"line": number, "error": f'第 {number} 行不是形如 {{"id": …, "text": "…"}} 的 JSON，未识别。'}
        if len(waiting) == LABEL_BATCH:
            yield from _labelled(base, waiting, why)
            waiting = []
    yield from _labelled(base, waiting, why)


def _labelled(base: KnowledgeBase, rows: Sequence[tuple[Any, str]], why: bool) -> Iterator[dict[str, Any]]:
    from kb.compare.frame import load_frame

    names = {m.id: m.name for m in load_frame(base.corpus.folder).measures}
    texts = [text for _, text in rows]
    # a text read alone may score a hair otherwise than among others: who asks why gets codes and reasons of one reading
    found: Iterable[Sequence[Code | Explanation]] = map(base.explain, texts) if why else base.label(texts)
    for (key, _), codes in zip(rows, found, strict=True):
        measures: list[dict[str, Any]] = []
        for one in codes:
            row = {"id": one.measure, "name": names.get(one.measure, one.measure), "strength": one.strength,
                   "strength_zh": STRENGTH_ZH[one.strength], "score": one.score}  # fmt: skip
            measures.append(row | (_reason(one) if not isinstance(one, Code) else {}))
        yield {"id": key, "measures": measures}


def _reason(why: Explanation) -> dict[str, Any]:
    return {
        "floor": why.floor, "sentence": why.sentence, "words": list(why.cues), "examples": list(why.examples),
        "tones": {kind: list(words) for kind, words in why.tones.items()},
    }  # fmt: skip


def inputs_told(rows: Sequence[Mapping[str, Any]]) -> str:
    """What became of each input of ``add``, in words: those kept, then those that failed, then the sums of several."""
    failed = [row["error"] for row in rows if "error" in row]
    lines = [*(_stored_told(row) for row in rows if "error" not in row), *failed]
    if len(rows) > 1:
        counts = {word: sum(row.get("outcome") == name for row in rows) for name, word in OUTCOMES_ZH.items()}
        counts["未能读取"] = len(failed)
        lines.append("合计：" + "，".join(f"{word} {count}" for word, count in counts.items() if count) + "。")
    return "\n".join(lines)


def _stored_told(row: Mapping[str, Any]) -> str:
    done, document = OUTCOMES_ZH[row["outcome"]], row["document"]
    where = f"{document['region'] or '地区未定'}，{row['provisions']} 条，编号 {document['id']}"
    lines = [f"{done}：{document['title']}（{where}）"]
    if row["missing"]:
        lines.append(f"  未能确定：{'、'.join(row['missing'])}。可用 --title、--region、--issued 等重新添加以补上。")
    return "\n".join([*lines, *(f"  注意：{w}" for w in row["warnings"])])

"""What a finding says: one to three sentences of the kind a report would use, no stronger than what it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.compare.findings import DEPLOYED, Row, evidence_order, running
from kb.compare.force import devoted
from kb.compare.result import Cell, Evidence, Finding
from kb.model import STRENGTH_ZH, Attestation

Span = tuple[int, int]

MOST_NAMES = 5
QUOTED = 60
_CLAUSE = re.compile(r"[^，；。、！？\n]*[，；。、！？\n]?")
_TIME = re.compile(r"(?:到|至)?20\d\d年(?:底|末|前|以前)?(?:前)?[，：]")


def sentence(row: Row, finding: Finding) -> str:
    """The finding in words; measure first, then what is known of the baseline, then the peers."""
    parts = [f"“{row.measure.name}”：", _opening(row, finding)]
    if row.pending and not finding.closed_by and finding.kind in ("gap", "suspected", "weaker"):
        drafts = dict.fromkeys(e.document.title for e in row.pending)
        parts.append(f"另有征求意见稿{'、'.join(f'《{t}》' for t in drafts)}涉及此项，尚未计入现行文件。")
    if finding.kind in ("gap", "suspected", "weaker"):
        parts.append(_peers(row))
    return "".join(parts)


def _opening(row: Row, finding: Finding) -> str:
    own, name = STRENGTH_ZH[row.own.strength], row.name
    if finding.basis == "attested" and row.said is not None:
        return _attested(row, row.said)
    if row.said is not None and row.closers:
        lack = "缺失" if row.said.says == "lacks" else "滞后"
        by = row.closers[0].document.citation
        state = {"weaker": "，但力度仍弱于多个对照地区", "lead": "，力度已领先"}.get(finding.kind, "")
        return f"{row.said.date} 的佐证曾指出{name}在此方面{lack}；其后{by}已作出规定{state}。"
    held = "全文" if finding.basis == "full_text" else "现有收录"
    return {
        "gap": f"{row.texts or f'{name}的文件全文'}中未见相应规定；条款由程序识别，引用前宜核对最接近的条款。",
        "suspected": f"在现有收录中未见{name}有相应规定；收录并不完整，不能据此断定没有，宜核对原文。",
        "weaker": f"就{held}看，{name}的力度为“{own}”，弱于多个对照地区。",
        "par": f"就{held}看，{name}的力度为“{own}”{_level(row)}。",
        "lead": f"就{held}看，{name}的力度为“{own}”，高于{_some(row.peers(1))}{_but_partial(row)}。",
        "unknown": f"收录的材料不足以得出结论（{_seen(row)}）。",
    }[finding.kind]


def _attested(row: Row, said: Attestation) -> str:
    parts = [f"{said.statement.rstrip('。')}（{said.source_title}，{said.date}）。"]
    own = STRENGTH_ZH[row.own.strength]
    if not row.borne_out:
        parts.append(
            f"但就收录的条款看，{row.name}的力度为“{own}”，对照地区更强的不足两个；本条只依据上述佐证，请核对。"
        )
    elif row.own.strength:
        parts.append(f"现有收录中{row.name}的力度为“{own}”，一并列出供核对。")
    if row.day > said.date and said.says == "lacks" and row.borne_out:
        parts.append("此后的现有收录中未见已经补上的文件。")
    return "".join(parts)


def _level(row: Row) -> str:
    """With whom the baseline stands level, who goes further, who less far."""
    own = row.own.strength
    level, above = [c for c in row.peers(own) if running(c) == own], row.peers(own + 1)
    below = len(row.peers(1)) - len(level) - len(above)
    parts = [f"，与{_some(level)}相当" if level else "", f"，{_some(above)}更强" if above else ""]
    return "".join(parts) + (f"，另有 {below} 个对照地区力度较低" if below else "")


def _but_partial(row: Row) -> str:
    partial = any(c.coverage != "full" for c in row.others if c.region in row.counted)
    return "；对照地区的收录也不完整，宜核对" if partial else ""


def _seen(row: Row) -> str:
    own = (
        f"{row.name}力度为“{STRENGTH_ZH[row.own.strength]}”"
        if row.own.strength
        else f"现有收录中未见{row.name}的规定"
    )
    names = [c.region for c in row.having]
    if row.said is not None:
        own = f"{row.said.source_title}（{row.said.date}）指出{row.name}在此方面{'缺失' if row.said.says == 'lacks' else '滞后'}"
    others = f"{'、'.join(names[:MOST_NAMES])}有所涉及" if names else "也未见其他地区的规定"
    return f"{own}，{others}"


def _peers(row: Row) -> str:
    """Which peers go further, which cities beside, and one of them in its own words; mentions are no provisions."""
    least = max(row.own.strength + 1, DEPLOYED)
    peers = row.peers(least)
    beside = [c for c in row.having if c.strength >= least and c not in peers]
    if not peers and not beside:
        if not row.borne_out:
            return ""
        return (
            f"{_some(row.having)}有所涉及，但现有收录中未见更强的规定。"
            if row.having
            else "现有收录中也未见其他地区的相应规定。"
        )
    told = f"{_some(peers)}已有具体部署" if peers else "计入对照的地区中未见更强的规定"
    also = f"（另有{_some(beside, row)}，不计入对照）" if beside else ""
    return f"{told}{also}，如{_example(row, peers or beside, least)}。"


def _example(row: Row, cells: Sequence[Cell], least: int) -> str:
    provisions = [(c, e) for c in cells for e in c.evidence if e.strength >= least]
    said = [(c, a) for c in cells for a in c.attestations if a.says == "has" and a.strength >= least]
    strongest = max((a.strength for _, a in said), default=0)
    best = min(provisions, key=lambda p: _example_order(p[1]), default=None)
    if said and (best is None or best[1].strength < strongest):
        cell, statement = max(said, key=lambda s: (s[1].strength, s[1].date))
        return f"{cell.region}：{row.quote(statement.statement)}（{statement.source_title}，{statement.date}）"
    if best is None:
        return cells[0].region
    cell, one = best
    region = "" if cell.region.startswith("《") else cell.region
    note = "（据二手转述）" if one.held.provision.certainty == "secondary" else ""
    note += "（自动识别）" if one.origin == "auto" else "（用户修订）" if one.origin == "user" else ""
    return f"{region}{one.citation}{note}：{row.quote(one.held.provision.text)}"


def _example_order(evidence: Evidence) -> tuple[object, ...]:
    return (evidence.lapsed, not devoted(evidence.document), evidence_order(evidence))


def _some(cells: Sequence[Cell], row: Row | None = None) -> str:
    """The first few names; with ``row``, peers left out because their plans' period is over are marked."""
    names = [c.region + ("（规划期已满）" if row and c.region in row.counted else "") for c in cells]
    return "、".join(names[:MOST_NAMES]) + (f"等 {len(names)} 个地区" if len(names) > MOST_NAMES else "")


def excerpt(text: str, spans: Sequence[Span]) -> str:
    """``text`` if it is short, else its clauses around the first of ``spans``, with what time it speaks of."""
    words = text.strip().rstrip("。").replace("\n", " ")
    if len(words) <= QUOTED:
        return words
    lead = len(text) - len(text.lstrip())
    at = max(0, min((start for start, _ in spans), default=lead) - lead)
    ends = [m.end() for m in _CLAUSE.finditer(words) if m[0]]
    begin = max((e for e in ends if e <= at), default=0)
    begin = begin if begin > 12 else 0
    stop = max((e for e in ends if begin < e <= begin + QUOTED), default=begin + QUOTED)
    time = _TIME.match(words) if begin else None
    kept = words[begin:stop].rstrip("，；、。")
    return (time[0] if time else "") + ("……" if begin else "") + kept + ("……" if stop < len(words) else "")

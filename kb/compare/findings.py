"""From one row of the table to a finding. The rules, in order (ARCHITECTURE.md explains them to users):

1. The latest dated statement that the baseline lacks or lags in the measure governs, if there is one.
   A later document of the baseline that deploys the measure closes it. A lack that an older document devoted
   to the field contradicts, and every lag, is 偏弱, with both sides shown; any other lack is 缺口.
2. Without such a statement, a measure the baseline is not seen to have is 缺口 only if its documents are held in
   full, else 疑似缺口; either needs two peers that deploy it. Fewer: 依据不足.
3. What both have is compared by strength, given two peers that have it: 偏弱 when two are stronger, 相当 when one is
   as strong, 领先 when none is though two deploy it, else 依据不足.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.compare.force import binding
from kb.compare.frame import Measure
from kb.compare.result import Basis, Cell, Confidence, Evidence, Finding, Kind
from kb.model import STRENGTH_ZH, Attestation

DEPLOYED = 2
CERTAINTY_ORDER = {"official": 0, "news": 1, "secondary": 2}
ENOUGH_PEERS = 2
SHOWN_EVIDENCE = 12
QUOTED_CHARACTERS = 60


def conclude(
    measure: Measure, own: Cell, others: Sequence[Cell], counted: set[str], about: Sequence[Attestation], name: str
) -> Finding:
    """The finding on ``measure`` for the baseline called ``name``.

    ``others`` are the cells of the other regions shown, of which those in ``counted`` are peers; ``about`` are
    the statements on the baseline dated on or before the day of comparison.
    """
    having = sorted((c for c in others if c.strength), key=lambda c: (c.region not in counted, -c.strength))
    deploying = [c for c in having if c.strength >= DEPLOYED and c.region in counted]
    said = max((a for a in about if a.says in ("lacks", "behind")), key=lambda a: a.date, default=None)
    closers = _closers(own, said)
    if said is not None and not closers:
        kind: Kind = "weaker" if said.says == "behind" or _contradicted(own, said) else "gap"
        basis: Basis = "attested"
    else:
        kind, basis = _by_strength(own, having, deploying, counted)
    evidence = _one_per_document(e for c in having for e in c.evidence)
    peer_says = tuple(a for c in having for a in c.attestations if a.says == "has")
    draft = Finding(
        measure, kind, basis, _confidence(kind, basis, said, deploying, own), own.strength,
        max((c.strength for c in having), default=0), tuple(c.region for c in having),
        sum(c.region in counted for c in having), "", own.evidence, evidence, tuple(about), peer_says,
        tuple(dict.fromkeys(e.document.id for e in closers)),
    )  # fmt: skip
    return Finding(**{**draft.__dict__, "sentence": sentence(draft, name, said, closers)})


def _closers(own: Cell, said: Attestation | None) -> list[Evidence]:
    """The baseline's provisions that deploy the measure and came after the statement."""
    if said is None:
        return []
    return [
        e for e in own.evidence
        if e.strength >= DEPLOYED and e.document.known_since and e.document.known_since > said.date
    ]  # fmt: skip


def _contradicted(own: Cell, said: Attestation) -> bool:
    """Whether a document devoted to the field already deployed what the statement says is lacking."""
    return any(
        e.strength >= DEPLOYED and e.document.scope == "专门"
        and e.document.known_since and e.document.known_since <= said.date
        for e in own.evidence
    )  # fmt: skip


def _by_strength(
    own: Cell, having: Sequence[Cell], deploying: Sequence[Cell], counted: set[str]
) -> tuple[Kind, Basis]:
    basis: Basis = "full_text" if own.coverage == "full" else "partial"
    if own.strength == 0:
        if len(deploying) < ENOUGH_PEERS:
            return "unknown", basis
        return ("gap" if basis == "full_text" else "suspected"), basis
    peers = [c for c in having if c.region in counted]
    if len(peers) < ENOUGH_PEERS:
        return "unknown", basis
    if sum(c.strength > own.strength for c in peers) >= ENOUGH_PEERS:
        return "weaker", basis
    if any(c.strength >= own.strength for c in peers):
        return "par", basis
    return ("lead" if len(deploying) >= ENOUGH_PEERS else "unknown"), basis


def _confidence(
    kind: Kind, basis: Basis, said: Attestation | None, deploying: Sequence[Cell], own: Cell
) -> Confidence:
    sure_codes = all(e.origin != "auto" or e.score >= 0.8 for c in (own, *deploying) for e in c.evidence[:1])
    if basis == "attested":
        return "高" if said and said.certainty == "official" and deploying else "中"
    if basis == "full_text":
        return "高" if len(deploying) >= 3 and sure_codes else "中"
    if kind in ("suspected", "weaker"):
        return "中" if len(deploying) >= 5 and sure_codes else "低"
    return "中" if kind in ("par", "lead") and sure_codes else "低"


def _one_per_document(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The strongest provision of each document, devoted documents first, so that one long plan does not fill the list."""
    first: dict[str, Evidence] = {}
    for one in evidence:
        first.setdefault(one.document.id, one)
    best_first = sorted(
        first.values(), key=lambda e: (-e.strength, e.lapsed, e.document.scope != "专门", evidence_order(e))
    )
    return tuple(best_first)[:SHOWN_EVIDENCE]


def evidence_order(evidence: Evidence) -> tuple[object, ...]:
    """Strongest first, then plans still running, official wording, then the more binding and the more recent document."""
    document = evidence.document
    return (
        -evidence.strength,
        evidence.lapsed,
        CERTAINTY_ORDER.get(evidence.held.provision.certainty or "", 0),
        -binding(document),
        tuple(-ord(c) for c in document.known_since or ""),
        evidence.held.id,
    )


def sentence(finding: Finding, name: str, said: Attestation | None, closers: Sequence[Evidence]) -> str:
    """The finding in one or two sentences of the kind a report would use, no stronger than its basis."""
    parts = [_opening(finding, name, said, closers)]
    if finding.peers and finding.kind in ("gap", "suspected", "weaker"):
        parts.append(_peers(finding))
    return "".join(parts)


def _opening(finding: Finding, name: str, said: Attestation | None, closers: Sequence[Evidence]) -> str:
    measure, strength = finding.measure.name, STRENGTH_ZH[finding.baseline_strength]
    if closers and said is not None:
        by = closers[0].document.citation
        state = {
            "weaker": "，但力度仍弱于多数地区",
            "lead": "，力度已领先",
            "par": "，力度与有相应规定的地区大体相当",
        }.get(finding.kind, "")
        return f"“{measure}”：{said.date} 的佐证曾指出{name}{_lack(said)}；其后{by}已作出规定{state}。"
    if finding.basis == "attested" and said is not None:
        stands = "" if not finding.baseline_strength else f"现有收录中{name}的力度为“{strength}”，一并列出供核对。"
        alone = "" if finding.peers else "现有收录中也未见其他地区的相应规定。"
        return f"“{measure}”：{said.statement.rstrip('。')}（{said.source_title}，{said.date}）。{stands}{alone}"
    held = "全文" if finding.basis == "full_text" else "现有收录"
    return {
        "gap": f"“{measure}”：{name}的文件全文中未见相应规定。",
        "suspected": f"“{measure}”：在现有收录中未见{name}有相应规定；收录并不完整，不能据此断定没有，宜核对原文。",
        "weaker": f"“{measure}”：就{held}看，{name}的力度为“{strength}”，弱于多个地区。",
        "par": f"“{measure}”：就{held}看，{name}的力度为“{strength}”，与有相应规定的{_some(finding.peers)}大体相当。",
        "lead": f"“{measure}”：就{held}看，{name}的力度为“{strength}”，高于有相应规定的{_some(finding.peers)}。",
        "unknown": f"“{measure}”：收录的材料不足以得出结论（{_seen(finding, name)}）。",
    }[finding.kind]


def _seen(finding: Finding, name: str) -> str:
    own = (
        f"{name}力度为“{STRENGTH_ZH[finding.baseline_strength]}”"
        if finding.baseline_strength
        else f"未见{name}的规定"
    )
    others = f"{'、'.join(finding.peers[:5])}有所涉及" if finding.peers else "也未见其他地区的规定"
    return f"{own}，{others}"


def _lack(said: Attestation) -> str:
    return "在此方面缺失" if said.says == "lacks" else "在此方面滞后"


def _peers(finding: Finding) -> str:
    """Which peers go further and in whose words; mentions are not passed off as provisions."""
    least = max(finding.baseline_strength + 1, DEPLOYED) if finding.kind == "weaker" else DEPLOYED
    further = [e for e in finding.peer_evidence if e.strength >= least]
    said = [a for a in finding.peer_attestations if a.strength >= least]
    regions = {e.document.region for e in further} | {a.region for a in said}
    names = tuple(p for p in finding.peers if p in regions)
    if not names:
        return f"{_some(finding.peers)}有所涉及，但现有收录中未见更强的规定。"
    if not further or further[0].strength < max((a.strength for a in said), default=0):
        strongest = max(said, key=lambda a: a.strength)
        return f"{_some(names)}已有部署，如{strongest.region}：{_quoted(strongest.statement)}（{strongest.source_title}）。"
    best = further[0]
    quoted = _quoted(best.held.provision.text)
    return f"{_some(names)}已有具体规定，如{best.document.region}{best.citation}：{quoted}。"


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:5]) + (f"等 {len(names)} 个地区" if len(names) > 5 else "")


def _quoted(words: str) -> str:
    words = words.strip()
    return (words if len(words) <= QUOTED_CHARACTERS else words[:QUOTED_CHARACTERS] + "……").rstrip("。")

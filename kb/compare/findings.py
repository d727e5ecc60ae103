"""From one row of the table to a finding. The rules, in order (ARCHITECTURE.md explains them to users):

1. The latest dated statement on the baseline governs, if it says that the baseline lacks or lags in the measure and
   a peer has it at all.
   A later document of the baseline, devoted to the field, that deploys the measure closes it. A lack that an older document devoted
   to the field contradicts, and every lag, is 偏弱, with both sides shown; any other lack is 缺口.
   A statement older than a year gives way where such a document (any, to a lag) deploys the measure as strongly as the
   peers, and where no peer deploys it; a lack of that age beside a broader text that deploys the measure is 偏弱.
2. Without such a statement, a measure the baseline is not seen to have is 缺口 only if its documents are held in
   full, else 疑似缺口; either needs two peers that deploy it. Fewer: 依据不足.
3. What both have is compared by strength, given two peers that have it: 偏弱 when two are stronger, 相当 when one is
   as strong, 领先 when none is though two deploy it and a plan of the baseline still runs, else 依据不足.

A plan whose period is over still counts for the baseline, which would else be said to lack what it may well have, but
not for a peer; nor does what only the recogniser finds in a peer's text that is not devoted to the field. A promise for
a year that is past counts as a deployment on either side, and what a text on one industry has of a measure that is a text
on the whole field as a mention. What a finding says in words is made in :mod:`kb.compare.wording`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kb.compare.force import binding, devoted, latest_first, on_whole_field
from kb.compare.frame import Measure
from kb.compare.result import DEPLOYED, Basis, Cell, Confidence, Evidence, Finding, Kind
from kb.model import STRENGTH_ZH, Attestation

CERTAINTY_ORDER = {"official": 0, "reprint": 1, "news": 2, "secondary": 3}
ENOUGH_PEERS = 2
SHOWN_EVIDENCE = 12
SURE_SCORE = 0.8
FRESH_DAYS = 366


@dataclass(frozen=True)
class Row:
    """All that is known on one measure at the day of comparison.

    ``others`` are the cells of the other regions shown, of which those in ``counted`` are peers; ``about`` are the
    statements on the baseline called ``name`` dated on or before ``day``; ``pending`` is what drafts of the baseline
    say on the measure; ``texts`` names the full texts an absence was looked for in; ``spans`` tells where a text speaks
    of the measure; ``elsewhere`` is what other documents of its region say where the baseline is one document;
    ``withdrawn`` are provisions that users said do not provide for it; ``national`` is the strength of the national level.
    """

    measure: Measure
    name: str
    own: Cell
    others: Sequence[Cell]
    counted: frozenset[str]
    about: Sequence[Attestation] = ()
    day: str = ""
    pending: tuple[Evidence, ...] = ()
    texts: str = ""
    spans: Callable[[str], Sequence[tuple[int, int]]] = lambda text: ()
    elsewhere: tuple[Evidence, ...] = ()
    withdrawn: tuple[Evidence, ...] = ()
    national: int = 0

    @cached_property
    def strength(self) -> int:
        """The baseline's strength as it is compared."""
        return self.own.as_baseline

    @cached_property
    def resting(self) -> list[Evidence]:
        """The baseline's provisions that its strength rests on."""
        return [e for e in self.own.evidence if e.weight >= self.strength]

    @cached_property
    def having(self) -> list[Cell]:
        """The others that have the measure at all: peers first, then the stronger ones."""
        found = [c for c in self.others if c.strength]
        return sorted(found, key=lambda c: (c.region not in self.counted, -c.strength))

    def peers(self, least: int) -> list[Cell]:
        """The peers that have the measure with strength ``least`` or more, plans whose period is over left out."""
        return [c for c in self.having if c.region in self.counted and c.as_peer >= least]

    @cached_property
    def stronger(self) -> list[Cell]:
        """The peers that go further than the baseline and deploy the measure."""
        return self.peers(max(self.strength + 1, DEPLOYED))

    @cached_property
    def shown(self) -> tuple[Evidence, ...]:
        """Of the others, what counts most of each document, so that one long plan does not fill the list; of every region the
        best, whatever the others fill, for who is named must be borne out."""
        first = [(c.region, one) for c in self.having for one in self._of_each_document(c)]
        best_first = sorted(first, key=lambda p: shown_order(p[1]))
        best = dict(reversed(best_first))
        more = [one for region, one in best_first if one is not best[region]][: max(0, SHOWN_EVIDENCE - len(best))]
        return tuple(one for region, one in best_first if one is best[region] or one in more)

    def _of_each_document(self, cell: Cell) -> Iterator[Evidence]:
        """The first of each document of a cell; of those as strong, one that speaks of the measure in so many words."""
        for one in {e.document.id: e for e in reversed(cell.evidence)}.values():
            alike = (
                e for e in cell.evidence
                if (e.document.id, e.strength, e.remark) == (one.document.id, one.strength, one.remark)
            )  # fmt: skip
            yield next((e for e in alike if self.spans(e.held.provision.text)), one)

    def beside(self, least: int) -> list[Cell]:
        """The others that have it with strength ``least`` or more and do not count, or not so strongly."""
        peers = self.peers(least)
        return [c for c in self.having if c.strength >= least and c not in peers]

    @cached_property
    def said(self) -> Attestation | None:
        """The statement that governs: the latest, if it says that the baseline lacks or lags in the measure."""
        latest = max(self.about, key=lambda a: (a.date, a.says != "has"), default=None)
        return latest if latest is not None and latest.says != "has" else None

    @cached_property
    def closers(self) -> list[Evidence]:
        """The baseline's provisions that deploy the measure and came after the statement, in documents devoted to the
        field: what a work report provides for in general does not answer what was said of future industries."""
        return self._after_statement(self.texts_on_field)

    @property
    def answered_elsewhere(self) -> list[Evidence]:
        """The like in other documents of the region of a baseline that is one document."""
        return self._after_statement(_on_field(self.elsewhere))

    def _after_statement(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        return [e for e in evidence if self.said and e.weight >= DEPLOYED and _since(e) > self.said.date]

    @cached_property
    def contradicted(self) -> bool:
        """Whether a document devoted to the field already deployed what the statement says is lacking."""
        said = self.said
        return any(e.weight >= DEPLOYED and "" < _since(e) <= said.date for e in self.texts_on_field if said)

    @property
    def borne_out(self) -> bool:
        """Whether the provisions held agree that the baseline is behind: two peers go further."""
        return len(self.stronger) >= ENOUGH_PEERS or self.strength < DEPLOYED

    @property
    def fresh(self) -> bool:
        """Whether the statement that governs is no older than a year."""
        return self.said is not None and _days_between(self.said.date, self.day) <= FRESH_DAYS

    @cached_property
    def texts_on_field(self) -> list[Evidence]:
        """The baseline's provisions in documents devoted to the field, which statements on the field speak of; first those
        of documents on the whole of it, then the strongest."""
        return _on_field(self.own.evidence)

    @property
    def special(self) -> int:
        """How strongly these provide for the measure."""
        return max((e.weight for e in self.texts_on_field), default=0)

    @property
    def governed(self) -> bool:
        """Whether the statement decides the finding: nothing later answers it, and there is a peer to hold against the
        baseline. An old one gives way to a document devoted to the field, and one on a lag to any, that deploys the
        measure no less strongly than the peers, and where no peer deploys the measure."""
        if self.said is None or self.closers or not self.peers(1):
            return False
        if self.fresh:
            return True
        # who lags has the measure: any text may tell how strongly
        own = self.strength if self.said.says == "behind" else self.special
        outdone = own < DEPLOYED or len(self.peers(own + 1)) >= ENOUGH_PEERS
        return outdone and bool(self.peers(DEPLOYED))


def _on_field(evidence: Iterable[Evidence]) -> list[Evidence]:
    return sorted((e for e in evidence if devoted(e.document)), key=lambda e: not on_whole_field(e.document))


def aside(cell: Cell, own: bool = False) -> str:
    """Why what a peer has, or the baseline's ``own``, does not count, or not so strongly, in brackets; empty where it does,
    or there is nothing."""
    if not cell.evidence or not reserved(cell):
        return ""
    best, counts = cell.evidence[0], cell.as_baseline if own else cell.as_peer
    alone = best.weight if own or best.stands else 0
    as_much = (
        f"，按“{STRENGTH_ZH[counts]}”计" if counts == alone else f"，另有“{STRENGTH_ZH[counts]}”" if counts else ""
    )
    if counts == cell.strength:
        as_much = "，基准照计"
    return f"（{best.remark.strip('（）')}{as_much if counts else ''}）"


def mentioned(cell: Cell) -> bool:
    """Whether something that counts in full speaks of the measure, were it only in passing; a statement may, where no text
    is held that it can have in mind."""
    return not cell.evidence or any(not e.remark for e in cell.evidence)


def lessened(cell: Cell) -> str:
    """Why what a region's strength rests on counts for less than it says, in brackets; empty where anything reaches that
    strength in full."""
    own = cell.as_peer
    resting = [e for e in cell.evidence if e.stands and e.weight >= own]
    return resting[0].remark if resting and all(e.weight < e.strength for e in resting) else ""


def conclude(row: Row) -> Finding:
    """The finding on one measure, with its sentence and the evidence on both sides."""
    from kb.compare.wording import sentence

    if row.said is not None and row.governed:
        doubted = row.contradicted or not row.fresh and row.own.as_peer >= DEPLOYED
        kind: Kind = "weaker" if row.said.says == "behind" or doubted else "gap"
        basis: Basis = "attested"
    else:
        kind, basis = _by_strength(row)
    evidence = row.shown
    draft = Finding(
        row.measure, kind, basis, _confidence(row, kind, basis), row.strength,
        max((c.as_peer for c in row.peers(1)), default=0), tuple(c.region for c in row.having),
        len(row.peers(1)), "", row.own.evidence, evidence, tuple(row.about),
        tuple(a for c in row.having for a in c.attestations if a.says == "has"),
        tuple(dict.fromkeys(e.document.id for e in row.closers)),
        deploying=tuple(c.region for c in row.peers(DEPLOYED)), model=_model(row), pending=row.pending,
        withdrawn=row.withdrawn,
    )  # fmt: skip
    return replace(draft, sentence=sentence(row, draft))


def _since(evidence: Evidence) -> str:
    return evidence.document.known_since or ""


def _by_strength(row: Row) -> tuple[Kind, Basis]:
    basis: Basis = "full_text" if row.own.coverage == "full" else "partial"
    deploying, peers, own = row.peers(DEPLOYED), row.peers(1), row.strength
    if own == 0:
        if len(deploying) < ENOUGH_PEERS:
            return "unknown", basis
        return ("gap" if basis == "full_text" else "suspected"), basis
    if len(peers) < ENOUGH_PEERS:
        return "unknown", basis
    if len(row.peers(own + 1)) >= ENOUGH_PEERS:
        return "weaker", basis
    if row.peers(own):
        return "par", basis
    # nobody leads by a plan whose period is over
    stands = row.own.as_peer >= own or any(not e.lapsed for e in row.resting)
    ahead = len(deploying) >= ENOUGH_PEERS and stands
    return ("lead" if ahead else "unknown"), basis


def _confidence(row: Row, kind: Kind, basis: Basis) -> Confidence:
    """From what the finding rests on, how many peers bear it out, how sure their provisions are, and what is held."""
    firm = [c for c in row.peers(DEPLOYED) if _firm(c)]
    sure = all(e.origin != "auto" or e.score >= SURE_SCORE for c in (row.own, *firm) for e in c.evidence[:1])
    if kind == "unknown":
        return "低"
    if basis == "attested":
        return _attested(row, len(firm))
    if kind in ("par", "lead"):
        whole = basis == "full_text" and all(c.coverage == "full" for c in row.others if c.region in row.counted)
        weak = row.strength < DEPLOYED or reserved(row.own) or row.said and not row.closers
        thin = len(row.peers(row.strength)) < ENOUGH_PEERS if kind == "par" else len(firm) < 3
        return "低" if not sure or weak or thin else "高" if whole else "中"
    # how strongly a text provides for a measure, the recogniser tells rightly three times in four
    read = bool(row.resting) and all(e.origin == "auto" for e in row.resting)
    if reserved(row.own) or kind == "weaker" and read:
        return "低"
    bearing = len([c for c in row.stronger if _firm(c)]) if kind == "weaker" else len(firm)
    if basis == "full_text":  # the absence itself rests on who coded the text
        borne = bearing >= ENOUGH_PEERS and (sure or kind == "gap")
        return "高" if bearing >= 3 and sure and kind == "weaker" else "中" if borne else "低"
    return "中" if bearing >= 5 and sure else "低"


def _attested(row: Row, firm: int) -> Confidence:
    said = row.said
    if said is None or len(row.peers(DEPLOYED)) < ENOUGH_PEERS or not row.borne_out:
        return "低"
    certain = said.certainty == "official" and firm >= ENOUGH_PEERS
    return "高" if certain and row.fresh and not row.pending else "中"


def reserved(cell: Cell) -> bool:
    """Whether what a region's strength rests on does not count in full: its first evidence says why."""
    return cell.as_peer < cell.strength


def _firm(cell: Cell) -> bool:
    """Whether a region's deployment rests on more than a retelling or a plan whose period is over."""
    deploys = [e for e in cell.evidence if e.stands and e.weight >= DEPLOYED]
    told = [a for a in cell.attestations if a.says == "has" and a.strength >= DEPLOYED and a.certainty != "secondary"]
    return bool(told) or any(e.held.provision.certainty != "secondary" for e in deploys)


def _days_between(earlier: str, later: str) -> int:
    """Days from a date of any precision to a full one; 0 where the later is not given."""
    if not later:
        return 0
    begin = datetime.date.fromisoformat((earlier + "-01-01")[:10])
    return (datetime.date.fromisoformat(later) - begin).days


def _model(row: Row) -> Evidence | None:
    """The peers' provision that could serve as a model: one that counts and goes no less far than the baseline, from a plan
    still running, of a peer before others, devoted to the field, official, and the most binding."""
    further = [
        (c.region not in row.counted, e) for c in row.having for e in c.evidence
        if e.stands and e.weight >= max(DEPLOYED, row.strength)
    ]  # fmt: skip
    order = sorted(further, key=lambda f: (f[0], model_order(f[1])))
    return order[0][1] if order else None


def model_order(evidence: Evidence) -> tuple[object, ...]:
    """What can be held up to others first: plans still running, goals still ahead, devoted to the field, the strongest, and
    of these what is on the whole of the field."""
    document = evidence.document
    broad = on_whole_field(document)
    return (
        evidence.lapsed, evidence.overdue, not devoted(document), -evidence.strength, not broad, evidence_order(evidence)
    )  # fmt: skip


def shown_order(evidence: Evidence) -> tuple[object, ...]:
    """What counts most first, then the strongest, in documents devoted to the field, of these the ones on the whole of it."""
    document = evidence.document
    return (
        -evidence.weight * evidence.stands, -evidence.strength, evidence.lapsed, not devoted(document),
        not on_whole_field(document), evidence_order(evidence),
    )  # fmt: skip


def evidence_order(evidence: Evidence) -> tuple[object, ...]:
    """Strongest first, then texts on the whole field where it wants one, plans still running and goals still ahead, what
    people coded, official wording, then the more binding and the more recent document."""
    document = evidence.document
    return (
        -evidence.strength,
        evidence.narrow,
        evidence.lapsed,
        evidence.overdue,
        evidence.origin == "auto",
        CERTAINTY_ORDER.get(evidence.held.provision.certainty or "", 0),
        -binding(document),
        latest_first(document.known_since),
        evidence.held.id,
    )


def importance(finding: Finding) -> tuple[object, ...]:
    """Order of findings: kind, whether answered since or in doubt, then how many peers deploy it, how strongly, how recently and
    in how binding a document."""
    kinds = ("gap", "suspected", "weaker", "par", "lead", "unknown")
    documents = [e.document for e in finding.peer_evidence if e.strength == finding.peer_strength]
    latest = max((d.known_since or "" for d in documents), default="")
    # a statement beside provisions that do not bear it out
    doubted = finding.basis == "attested" and finding.baseline_strength >= max(DEPLOYED, finding.peer_strength)
    return (
        kinds.index(finding.kind), bool(finding.closed_by) or doubted, -len(finding.deploying), -finding.counted_peers,
        -finding.peer_strength, latest_first(latest), -max(map(binding, documents), default=0),
        finding.measure.id,
    )  # fmt: skip

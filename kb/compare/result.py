"""What a comparison says, as plain values: columns, cells, findings, targets and sectors, each with evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from kb.compare.force import LAPSED_ZH, devoted, lapsed, limited
from kb.compare.frame import Measure
from kb.compare.indicators import AlignedTarget
from kb.context import place
from kb.model import Attestation, Document, Held, Target

if TYPE_CHECKING:
    from pandas import DataFrame

Kind = Literal["gap", "suspected", "weaker", "par", "lead", "unknown"]
Basis = Literal["full_text", "attested", "partial"]
Confidence = Literal["高", "中", "低"]

KIND_ZH: Mapping[Kind, str] = {
    "gap": "缺口", "suspected": "疑似缺口", "weaker": "偏弱", "par": "相当", "lead": "领先", "unknown": "依据不足",
}  # fmt: skip
BASIS_ZH: Mapping[Basis, str] = {
    "full_text": "据全文比对", "attested": "据有出处的佐证", "partial": "据现有收录（收录不完整）",
}  # fmt: skip
MENTIONED, DEPLOYED = 1, 2
ORIGIN_ZH = {"editor": "编者编码", "user": "用户修订", "auto": "自动识别"}


@dataclass(frozen=True)
class Evidence:
    """A provision that provides for a measure: in which document, how strongly, and who coded it; ``lapsed`` when the
    period its plan was made for is over, ``overdue`` when all years it sets goals for are past, ``general`` when only the
    recogniser says so, of a text not devoted to the field, ``narrow`` when the measure wants a text on the whole field
    and this is on one industry."""

    document: Document
    held: Held
    strength: int
    origin: str
    score: float
    lapsed: bool = False
    overdue: bool = False
    general: bool = False
    narrow: bool = False

    @property
    def weight(self) -> int:
        """The strength it counts with, where it counts: a promise for a year gone by is a deployment, and a text on one
        industry a mention of what is a text on the whole field."""
        most = MENTIONED if self.narrow else DEPLOYED if self.overdue else self.strength
        return min(self.strength, most)

    @property
    def stands(self) -> bool:
        """Whether it counts for a peer."""
        return not (self.lapsed or self.general)

    @property
    def remark(self) -> str:
        """Why it does not count in full, in brackets; empty where it does."""
        reasons = {
            LAPSED_ZH: self.lapsed, "出自非专门文件": self.general or self.narrow and not devoted(self.document),
            limited(self.document): self.narrow, "目标年份已过": self.overdue,
        }  # fmt: skip
        return next((f"（{reason}）" for reason, holds in reasons.items() if holds), "")

    @property
    def citation(self) -> str:
        """Document and place in one line, and why it does not count in full, if so."""
        return f"{self.document.citation}{'，'.join(place(self.held.provision))}{self.remark}"


@dataclass(frozen=True)
class Column:
    """One region of the table: its documents in force, how completely they are held, and whether it counts as
    a peer (the national level, unless asked for regions of another level, and a document that counts in its region's
    column already, are shown but not counted). ``chosen`` are the ids of its documents that are compared by name."""

    region: str
    level: str
    documents: tuple[Document, ...]
    coverage: Literal["full", "partial", "none"]
    counted: bool
    chosen: frozenset[str] = frozenset()

    @property
    def is_document(self) -> bool:
        """Whether it is a single document, called by its title."""
        return named_by_title(self.region)

    def counting(self, held: Iterable[Held]) -> list[Held]:
        """``held`` without the codes that do not count for a region: what only the recogniser finds in a text that is not
        devoted to the field. Who chooses such a text wants all of it. (The PMC index, which reads the words too, leaves
        such texts out whole, as far as users added them.)"""
        broad = {d.id for d in self.documents if not devoted(d)} - self.chosen
        return [
            replace(h, codes=tuple(c for c in h.codes if c.origin != "auto")) if h.document_id in broad else h
            for h in held
        ]


def told_apart(forms: Sequence[Sequence[str]]) -> list[str]:
    """One name for each thing, of the ``forms`` it can be called by, the shortest first: the first that no other has."""
    counts = Counter(form for own in forms for form in dict.fromkeys(own))
    return [next((form for form in own if counts[form] == 1), own[-1]) for own in forms]


def standing(columns: Iterable[Column]) -> dict[str, list[Column]]:
    """The columns each document stands in, by its id: a document may be one of its own beside its region's."""
    places: dict[str, list[Column]] = {}
    for column in columns:
        for document in column.documents:
            places.setdefault(document.id, []).append(column)
    return places


@dataclass(frozen=True)
class Cell:
    """What one region has on one measure: its provisions in force, and the dated statements on it."""

    measure: str
    region: str
    coverage: Literal["full", "partial", "none"]
    evidence: tuple[Evidence, ...]
    attestations: tuple[Attestation, ...]

    @cached_property
    def told(self) -> int:
        """The strength that statements give it: who says that it is there without saying how mentions it."""
        return max(map(_told_by, self.attestations), default=0)

    @cached_property
    def strength(self) -> int:
        """The strongest provision or statement, whether it counts in full or not."""
        return max([self.told, *(e.strength for e in self.evidence)])

    @cached_property
    def as_baseline(self) -> int:
        """The strength of a baseline: plans whose period is over count, promises for a year that is past as what they set up."""
        return max([self.told, *(e.weight for e in self.evidence)])

    @cached_property
    def as_peer(self) -> int:
        """The strength of a peer: the same, leaving out plans whose period is over, what they set up may stand or not, and
        what only the recogniser finds in texts on everything. A statement made while they ran, where nothing else is held,
        speaks of such a plan."""
        told = [a for a in self.attestations if not self._of_what_is_over(a)]
        return max([*map(_told_by, told), *(e.weight for e in self.evidence if e.stands)], default=0)

    def _of_what_is_over(self, said: Attestation) -> bool:
        ran = [e.lapsed and not lapsed(e.document, said.date) for e in self.evidence]
        return bool(ran) and all(ran)

    @property
    def attested(self) -> bool:
        """Whether a dated statement, not a provision held that counts, is what gives it its strength."""
        counting = max((e.weight for e in self.evidence if e.stands), default=0)
        return self.told == self.strength > counting


def _told_by(said: Attestation) -> int:
    return max(said.strength, MENTIONED) if said.says == "has" else 0


@dataclass(frozen=True)
class Finding:
    """What follows for the baseline on one measure, on what it rests, and the evidence on both sides.

    ``peers`` are the regions that have it, counted ones first, of which those in ``deploying`` count and deploy it, the
    strongest of those that count with ``peer_strength``; ``closed_by`` are ids of documents that answered an attested
    lack after its date; ``nearest`` is what the baseline has that comes closest to something absent, ``model`` the
    peers' text that could serve as a model, ``pending`` what drafts of the baseline say on it, ``withdrawn`` what users
    said provides for nothing here, the baseline's first.
    """

    measure: Measure
    kind: Kind
    basis: Basis
    confidence: Confidence
    baseline_strength: int
    peer_strength: int
    peers: tuple[str, ...]
    counted_peers: int
    sentence: str
    baseline_evidence: tuple[Evidence, ...]
    peer_evidence: tuple[Evidence, ...]
    attestations: tuple[Attestation, ...]
    peer_attestations: tuple[Attestation, ...]
    closed_by: tuple[str, ...]
    nearest: tuple[Document, Held] | None = None
    deploying: tuple[str, ...] = ()
    model: Evidence | None = None
    pending: tuple[Evidence, ...] = ()
    withdrawn: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class TargetRow:
    """A quantified goal with its region and provision; ``common`` is the same in the common unit of the family of indicators
    it lines up with, if any; ``remark`` is what is to be known of its document, in brackets; ``scope`` what it is about
    (:mod:`kb.compare.scope`)."""

    region: str
    document: Document
    held: Held
    target: Target
    common: AlignedTarget | None = None
    remark: str = ""
    scope: str = ""

    @property
    def family(self) -> str | None:
        """The id of its family of indicators."""
        return self.common.family if self.common else None


@dataclass(frozen=True)
class SectorRow:
    """A sector and the regions whose provisions name it, with the tier a text gives it and the places; ``remarks`` tell
    in brackets what is to be known of the texts of a region, where it holds of all that name it."""

    sector: str
    name: str
    regions: Mapping[str, tuple[Held, ...]]
    tiers: Mapping[str, str]
    remarks: Mapping[str, str] = field(default_factory=dict)


def named_by_title(column: str) -> bool:
    """Whether a column's name is that of a document, not of a region."""
    return column.startswith("《")


def how_many(columns: Sequence[str], which: str = "") -> str:
    """The columns of these names, counted: ``3 个对照地区``, ``2 份对照文件`` (``which`` is 对照)."""
    titles = sum(map(named_by_title, columns))
    if titles == len(columns) > 0:
        return f"{titles} 份{which}文件"
    return f"{len(columns)} 个{which}地区" + ("（或文件）" if titles else "")


@dataclass(frozen=True)
class Comparison:
    """The whole comparison at one date."""

    baseline: str
    as_of: str
    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    targets: tuple[TargetRow, ...]
    sectors: tuple[SectorRow, ...]

    @property
    def peers(self) -> tuple[str, ...]:
        """The names of the columns that count as peers."""
        return tuple(c.region for c in self.columns[1:] if c.counted)

    def cell(self, measure: str, region: str) -> Cell:
        """The cell of ``measure`` and ``region`` (both must be in the table)."""
        return self._by_place[measure, region]

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], Cell]:
        return {(c.measure, c.region): c for c in self.cells}

    def finding(self, measure: str) -> Finding:
        """The finding on ``measure``."""
        return next(f for f in self.findings if f.measure.id == measure)

    def to_frame(self) -> DataFrame:
        """The findings as a pandas frame; :mod:`kb.frames` has the other tables."""
        from kb.frames import findings_frame

        return findings_frame(self)

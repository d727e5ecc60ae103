"""The comparison: coded provisions in, the table of regions × measures and the findings out.

A cell's strength is its strongest provision in force at the date; statements that a region has a measure count
as evidence too. The rules that turn cells into findings stand in :mod:`kb.compare.findings`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from kb.compare.findings import conclude, evidence_order
from kb.compare.force import binding, checked_date, in_force, lapsed, not_after
from kb.compare.frame import Measure, load_frame
from kb.compare.indicators import align, load_families
from kb.compare.result import Cell, Column, Comparison, Evidence, Finding, SectorRow, TargetRow
from kb.compare.sectors import load_sectors, sectors_in
from kb.errors import KbError
from kb.library import Library
from kb.model import Attestation, Document, Held, Target
from kb.regions import NATIONAL, load_regions, region_named, region_order

Nearest = Callable[[Measure, Sequence[Document]], tuple[Document, Held] | None]


def compare(
    library: Library, corpus: Path, baseline: str, peers: Sequence[str] = (), as_of: str | None = None,
    nearest: Nearest | None = None,
) -> Comparison:  # fmt: skip
    """Compare ``baseline`` (a region or a document id) with ``peers`` (regions or ids) on the day ``as_of``.

    Without ``peers`` every region held is a column, of which provinces count as peers. ``nearest`` finds what the
    baseline has that comes closest to a measure it lacks.

    Raises:
        KbError: unknown baseline, peer or date, or a baseline with no document in force.
    """
    day = checked_date(as_of)
    documents = {d.id: d for d in library.documents()}
    current = in_force(documents.values(), day)
    columns = _columns(documents, current, baseline, peers)
    held = library.coded([d.id for c in columns for d in c.documents])
    attestations = [a for a in library.attestations() if not_after(a.date, day)]
    cells = _cells(columns, corpus, held, attestations, day)
    findings = _findings(columns, corpus, cells, attestations, day, nearest)
    return Comparison(
        columns[0].region, day, tuple(columns), tuple(cells), tuple(findings),
        tuple(_targets(columns, held, corpus)), tuple(_sectors(columns, library, corpus)),
    )  # fmt: skip


def _columns(
    documents: Mapping[str, Document], current: Sequence[Document], baseline: str, peers: Sequence[str]
) -> list[Column]:
    first = _column(baseline, documents, current, True)
    if not first.documents:
        raise KbError(f"在所选日期，文库中没有“{first.region}”现行有效的政策文件，无法作为比较基准。")
    if peers:
        chosen = [_column(p, documents, current, True) for p in dict.fromkeys(peers)]
    else:
        names = sorted({d.region for d in current} - {first.region, ""}, key=region_order)
        chosen = [_column(name, documents, current, _counts(name)) for name in names]
    return [first, *(c for c in chosen if c.region != first.region)]


def _counts(name: str) -> bool:
    return next((r.level for r in load_regions() if r.name == name), "") == "省级"


def _column(key: str, documents: Mapping[str, Document], current: Sequence[Document], counted: bool) -> Column:
    if key in documents:
        document = documents[key]
        return Column(f"《{document.title}》", document.level, (document,), document.coverage, counted)
    region = region_named(key)
    own = tuple(d for d in current if d.region == region.name)
    special = [d for d in own if d.scope == "专门"] or list(own)
    coverage = "none" if not own else "full" if all(d.coverage == "full" for d in special) else "partial"
    return Column(region.name, region.level, own, coverage, counted and region.name != NATIONAL)  # type: ignore[arg-type]


def _cells(
    columns: Sequence[Column], corpus: Path, held: Sequence[Held], attestations: Sequence[Attestation], day: str
) -> list[Cell]:
    documents = {d.id: d for c in columns for d in c.documents}
    found: dict[tuple[str, str], list[Evidence]] = {}
    for provision in held:
        document = documents[provision.document_id]
        for code in provision.codes:
            evidence = Evidence(document, provision, code.strength, code.origin, code.score, lapsed(document, day))
            found.setdefault((code.measure, document.id), []).append(evidence)
    cells = []
    for measure in load_frame(corpus).measures:
        for column in columns:
            evidence_here = sorted(
                (e for d in column.documents for e in found.get((measure.id, d.id), ())), key=evidence_order
            )
            said = tuple(a for a in attestations if (a.measure, a.region) == (measure.id, column.region))
            has = [max(a.strength, 1) for a in said if a.says == "has"]
            strength = max([e.strength for e in evidence_here] + has, default=0)
            cells.append(Cell(measure.id, column.region, strength, column.coverage, tuple(evidence_here), said))
    return cells


def _findings(
    columns: Sequence[Column], corpus: Path, cells: Sequence[Cell], attestations: Sequence[Attestation], day: str,
    nearest: Nearest | None,
) -> list[Finding]:  # fmt: skip
    baseline = columns[0]
    region = region_of(baseline)
    counted = {c.region for c in columns[1:] if c.counted}
    findings = []
    for measure in load_frame(corpus).measures:
        row = [c for c in cells if c.measure == measure.id]
        about = [a for a in attestations if (a.measure, a.region) == (measure.id, region)]
        shown = [c for c in row[1:] if c.region != NATIONAL]
        finding = conclude(measure, row[0], shown, counted, about, baseline.region)
        if nearest is not None and finding.kind in ("gap", "suspected") and not finding.baseline_evidence:
            finding = Finding(**{**finding.__dict__, "nearest": nearest(measure, baseline.documents)})
        findings.append(finding)
    return sorted(findings, key=importance)


def region_of(column: Column) -> str:
    """The region a column speaks for, also when it is one document."""
    return column.documents[0].region if column.documents else column.region


def importance(finding: Finding) -> tuple[object, ...]:
    """Order of findings: kind, then on what it rests, how many peers, how strong."""
    kinds = ("gap", "suspected", "weaker", "par", "lead", "unknown")
    return (
        kinds.index(finding.kind), bool(finding.closed_by), -finding.counted_peers, -finding.peer_strength,
        -max((binding(e.document) for e in finding.peer_evidence), default=0), finding.measure.id,
    )  # fmt: skip


def _targets(columns: Sequence[Column], held: Iterable[Held], corpus: Path) -> list[TargetRow]:
    region_by_document = {d.id: (c.region, d) for c in columns for d in c.documents}
    rows = []
    for provision in held:
        region, document = region_by_document[provision.document_id]
        for target in provision.targets:
            rows.append(TargetRow(region, document, provision, target, _family(target, corpus)))
    return rows


def _sectors(columns: Sequence[Column], library: Library, corpus: Path) -> list[SectorRow]:
    glossary = load_sectors(corpus)
    regions: dict[str, dict[str, list[Held]]] = {}
    tiers: dict[str, dict[str, str]] = {}
    for column in columns:
        for document in column.documents:
            for provision in library.provisions(document.id):
                heading = " ".join((*provision.provision.path, provision.provision.label))
                for sector, tier in _named(provision.provision.text, heading, corpus):
                    places = regions.setdefault(sector, {}).setdefault(column.region, [])
                    if not places or places[-1] is not provision:
                        places.append(provision)
                    if tier:
                        tiers.setdefault(sector, {}).setdefault(column.region, tier)
    return [
        SectorRow(s.id, s.name, {r: tuple(p) for r, p in regions[s.id].items()}, tiers.get(s.id, {}))
        for s in glossary.sectors
        if s.id in regions
    ]


@lru_cache(maxsize=200_000)
def _named(text: str, heading: str, corpus: Path) -> tuple[tuple[str, str | None], ...]:
    """The sectors a provision names, with tiers; remembered, for every comparison reads the same texts."""
    return tuple((m.sector, m.tier) for m in sectors_in(text, load_sectors(corpus), heading))


@lru_cache(maxsize=200_000)
def _family(target: Target, corpus: Path) -> str | None:
    """The indicator family a goal lines up with; remembered likewise."""
    aligned = align(target, load_families(corpus))
    return aligned.family if aligned else None

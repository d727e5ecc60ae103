"""The comparison: coded provisions in, the table of regions × measures and the findings out.

A cell's strength is its strongest provision in force at the date; statements that a region has a measure count
as evidence too. The rules that turn cells into findings stand in :mod:`kb.compare.findings`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal

from kb.compare.cues import load_lexicon
from kb.compare.findings import Row, conclude, evidence_order, importance
from kb.compare.force import (
    BELOW,
    checked_date,
    column_of,
    devoted,
    drafts,
    full_text_of,
    in_brackets,
    in_force,
    lapsed,
    latest_first,
    not_after,
    on_whole_field,
    shared_by,
    succeeded,
    to_be_known,
)
from kb.compare.frame import Measure, load_frame
from kb.compare.indicators import aligned
from kb.compare.nearest import Nearest
from kb.compare.result import Cell, Column, Comparison, Evidence, Finding, SectorRow, TargetRow, standing, told_apart
from kb.compare.scope import scope_of
from kb.compare.sectors import LAST_TIER, TIERS, Tier, load_sectors, sectors_of
from kb.errors import KbError
from kb.library import Library
from kb.model import DRAFT_STATUS, Attestation, Coverage, Document, Held, Provision
from kb.question import is_title
from kb.records import number_key
from kb.regions import NATIONAL, region_named, region_of_name, region_order
from kb.revisions import words_hash


def compare(
    library: Library, corpus: Path, baseline: str, peers: Sequence[str] = (), as_of: str | None = None,
    model: str | None = None,
) -> Comparison:  # fmt: skip
    """Compare ``baseline`` with ``peers`` on the day ``as_of``; each is a region, or a document by id, 发文字号 or title.

    Without ``peers`` every region held is a column, of which those of the baseline's level count as peers: cities of
    a city, else provinces. By the vectors of ``model``, if given, each measure that is missing is shown with what the
    baseline has that comes nearest.

    Raises:
        KbError: unknown baseline, peer or date, a baseline with no document in force, or no peer but the baseline.
    """
    day = checked_date(as_of)
    held = library.documents()
    known = succeeded(held, library.saying("废止"))
    documents = {**{d.id: full for d in held if (full := full_text_of(d, known))}, **{d.id: d for d in known}}
    current = in_force(known, day)
    baseline, *peers = (_key(name, documents, current) for name in (baseline, *peers))
    columns = _columns(documents, current, baseline, peers)
    coded = library.coded([d.id for c in columns for d in c.documents])
    attestations = [a for a in library.attestations() if not_after(a.date, day)]
    cells = _cells(columns, corpus, coded, attestations, day)
    about = [a for a in attestations if _speaks_of(a, columns[0])]
    pending = _evidence(library.coded([d.id for d in drafts(known, columns[0].region, day)]), documents, day)
    elsewhere = _evidence(library.coded([d.id for d in _others(columns[0], current)]), documents, day)
    nearest = Nearest(library, model, load_frame(corpus), columns[0].documents) if model else None
    withdrawn = _withdrawn(library, columns)
    findings = _findings(columns, corpus, cells, about, pending, elsewhere, withdrawn, day, nearest)
    return Comparison(
        columns[0].region, day, tuple(columns), tuple(cells), tuple(findings),
        tuple(_targets(columns, coded, corpus, day)), tuple(_sectors(columns, library, corpus, day)),
    )  # fmt: skip


def _others(baseline: Column, current: Sequence[Document]) -> list[Document]:
    """What else is in force in the region of a baseline that is one document."""
    own = baseline.documents[0]
    return [d for d in current if d.id != own.id and column_of(d) == column_of(own)] if baseline.is_document else []


def _columns(
    documents: Mapping[str, Document], current: Sequence[Document], baseline: str, peers: Sequence[str]
) -> list[Column]:
    first = _column(baseline, documents, current, True)
    chosen_draft = baseline in documents and documents[baseline].status == DRAFT_STATUS
    if not first.documents or baseline in documents and not (chosen_draft or documents[baseline] in current):
        below = first.region + BELOW
        instead = f"可改选“{below}”。" if any(column_of(d) == below for d in current) else ""
        raise KbError(f"在所选日期，文库中没有“{first.region}”现行有效的政策文件，无法作为比较基准。{instead}")
    if peers:
        asked = [_column(p, documents, current, True) for p in peers]
        chosen = list({_identity(c): c for c in asked}.values())
    else:
        names = sorted({column_of(d) for d in current} - {first.region, ""}, key=_order)
        over, level = _over(first), _level(first)
        chosen = [_column(n, documents, current, _level_of(n) == level and n not in over) for n in names]
    apart = (_without(c, first) for c in chosen if _identity(c) != _identity(first))
    others = _counted_once(first, [c for c in apart if c is not None])
    if peers and not others:
        raise KbError(
            f"对照中只有基准“{first.region}”自己，没有可比的对象。请另选地区或文件；都不选则与全部地区对照。"
        )
    nearby = [c.region + BELOW for c in others if any(column_of(d) == c.region + BELOW for d in current)]
    if peers and nearby and not any(c.documents for c in others):
        raise KbError(
            f"在所选日期，文库中没有{'、'.join(c.region for c in others)}的现行文件，无从对照。"
            f"可改选{'、'.join(f'“{name}”' for name in nearby)}。"
        )
    if peers and all(c.region == NATIONAL for c in others):
        raise KbError(f"“{NATIONAL}”只列出备查，不作对照。请另选地区，或选国家的具体文件。")
    if peers and all(c.is_document and c.documents[0] in first.documents for c in others):
        raise KbError(
            f"所选文件已算在基准“{first.region}”内，不再作对照。要看它与当地其他文件的异同，请以它为基准、选“{first.region}”为对照。"
        )
    return _told_apart(_chosen_marked([first, *others]))


def _without(column: Column, baseline: Column) -> Column | None:
    """The column without a baseline that is one document: what it says is no other side's. None where nothing is left."""
    own = tuple(d for d in column.documents if d != baseline.documents[0])
    if column.is_document or not baseline.is_document or len(own) == len(column.documents):
        return column
    return replace(column, documents=own, coverage=_coverage(own)) if own else None


def _counted_once(baseline: Column, others: Sequence[Column]) -> list[Column]:
    """The others; a document that counts in its region's column, be that the baseline's, is shown and does not count a
    second time."""
    counting = (baseline, *(c for c in others if c.counted))
    regions = {d.id for c in counting if not c.is_document for d in c.documents}
    return [replace(c, counted=False) if c.is_document and c.documents[0].id in regions else c for c in others]


def _chosen_marked(columns: Sequence[Column]) -> list[Column]:
    """The columns, each knowing which of its documents are compared by name, there or in a column of their own."""
    named = {c.documents[0].id for c in columns if c.is_document}
    return [replace(c, chosen=frozenset(d.id for d in c.documents if d.id in named)) for c in columns]


def _identity(column: Column) -> str:
    """What makes a column another one: the document, or the region."""
    return column.documents[0].id if column.is_document else column.region


def _told_apart(columns: Sequence[Column]) -> list[Column]:
    """The columns, documents of one title with so much more in their names that no two are alike."""
    names = told_apart([_names(c) for c in columns])
    return [replace(c, region=name) for c, name in zip(columns, names, strict=True)]


def _names(column: Column) -> tuple[str, ...]:
    """What a column can be called, the shortest first: a document by its title, with region, with date, with id."""
    if not column.is_document:
        return (column.region,)
    one = column.documents[0]
    facts = [fact for fact in (one.region, one.known_since, one.id) if fact]
    return (column.region, *(f"{column.region}（{'，'.join(facts[:n])}）" for n in range(1, len(facts) + 1)))


def _over(baseline: Column) -> set[str]:
    """The regions whose provisions bind the baseline, and are therefore no peers of it."""
    region = region_of_name(region_of(baseline))
    return {region.parent or "", region.name} if region else set()


def _level(baseline: Column) -> str:
    """The level of the regions a baseline is compared with: cities with cities, all else with provinces."""
    return "地市级" if _level_of(region_of(baseline)) == "地市级" else "省级"


def _level_of(name: str) -> str:
    region = region_of_name(name)
    return region.level if region else ""


def _key(name: str, documents: Mapping[str, Document], current: Sequence[Document]) -> str:
    """The id of the document called ``name`` by its 发文字号 or title, one in force before others; else ``name`` itself."""
    if name in documents:
        return name
    number = number_key(name)
    known = {d.id: d for d in documents.values()}.values()
    called = [d for d in known if d.doc_number and number == number_key(d.doc_number) or is_title(name, d.title)]
    if len(found := [d for d in called if d in current] or called) > 1:
        raise KbError(f"有 {len(found)} 份文件叫“{name}”，请写编号：{'、'.join(d.id for d in found)}。")
    return found[0].id if found else name


def _column(key: str, documents: Mapping[str, Document], current: Sequence[Document], counted: bool) -> Column:
    if key in documents:
        document = documents[key]
        here = counted and document in current
        return Column(document.titled, document.level, (document,), document.coverage, here)
    try:
        region = region_named(key.removesuffix(BELOW))
    except KbError as error:
        raise KbError(
            f"{error}要选一份文件，可写其编号、发文字号或完整题名（题名里有顿号、逗号的，加书名号）。"
        ) from None
    name = region.name + (BELOW if key.endswith(BELOW) else "")
    own = tuple(d for d in current if column_of(d) == name)
    within = "地市级" if region.level == "省级" else "区县级"
    level = within if name.endswith(BELOW) else region.level
    return Column(name, level, own, _coverage(own), counted and region.name != NATIONAL and bool(own))


def _order(name: str) -> tuple[int, str]:
    return region_order(name.removesuffix(BELOW)), name


def _coverage(own: Sequence[Document]) -> Coverage | Literal["none"]:
    """Full only where every text devoted to the field is held in full, and there is one: a work report or a law on
    something else that does not speak of a measure proves nothing."""
    if not own:
        return "none"
    special = [d for d in own if devoted(d)]
    return "full" if special and all(d.coverage == "full" for d in special) else "partial"


def _speaks_of(said: Attestation, baseline: Column) -> bool:
    """Whether a statement is about the baseline. One on a region says of a single document on the whole field only that it
    lacks what the region lacked when it was in force; that a region lags says nothing of one text."""
    if said.region != region_of(baseline):
        return False
    if said.region == baseline.region:
        return True
    one = baseline.documents[0]
    return (
        said.says == "lacks" and on_whole_field(one) and one.known_since is not None and one.known_since <= said.date
    )


def _cells(
    columns: Sequence[Column], corpus: Path, held: Sequence[Held], attestations: Sequence[Attestation], day: str
) -> list[Cell]:
    documents = {d.id: d for c in columns for d in c.documents}
    found: dict[tuple[str, str], list[Evidence]] = {}
    for coded, one in _evidence(held, documents, day):
        found.setdefault((coded, one.document.id), []).append(one)
    cells = []
    for measure in load_frame(corpus).measures:
        for column in columns:
            here = (e for d in column.documents for e in found.get((measure.id, d.id), ()))
            evidence_here = sorted((_weighed(e, measure, column) for e in here), key=evidence_order)
            said = tuple(a for a in attestations if (a.measure, a.region) == (measure.id, column.region))
            cells.append(Cell(measure.id, column.region, column.coverage, tuple(evidence_here), said))
    return cells


def _weighed(evidence: Evidence, measure: Measure, column: Column) -> Evidence:
    """The evidence as it counts in ``column``: who chooses a text wants it compared, whatever it is devoted to."""
    document = evidence.document
    asked = document.id in column.chosen
    narrow = measure.whole_field and not asked and not on_whole_field(document)
    return replace(evidence, general=evidence.general and not asked, narrow=narrow)


def _evidence(held: Sequence[Held], documents: Mapping[str, Document], day: str) -> list[tuple[str, Evidence]]:
    """Each code of ``held`` as evidence for its measure."""
    found: list[tuple[str, Evidence]] = []
    for one in held:
        document = documents[one.document_id]
        over, past, special = lapsed(document, day), _overdue(one, day), devoted(document)
        found += [
            (c.measure, Evidence(document, one, c.strength, c.origin, c.score, over, past, c.origin == "auto" and not special))
            for c in one.codes
        ]  # fmt: skip
    return found


def _withdrawn(library: Library, columns: Sequence[Column]) -> list[tuple[str, Evidence]]:
    """What users said does not provide for a measure it was coded with, of the documents of ``columns``, in their order."""
    corrected = library.corrections()
    found: dict[tuple[str, int], Evidence] = {}
    for document in (d for c in columns for d in c.documents if d.id in corrected):
        for held in library.provisions(document.id, anew=True):
            said = corrected[document.id].get(words_hash(held.provision.text), {})
            for code in (c for c in held.codes if c.measure in said and not said[c.measure].value):
                found[code.measure, held.id] = Evidence(document, held, 0, "user", 1.0)
    return [(measure, evidence) for (measure, _), evidence in found.items()]


def _overdue(held: Held, day: str) -> bool:
    """Whether a provision sets goals, and all the years it sets them for are past."""
    years = [target.year for target in held.targets if target.year]
    return bool(years) and max(years) < int(day[:4])


def _findings(
    columns: Sequence[Column], corpus: Path, cells: Sequence[Cell], about: Sequence[Attestation],
    pending: Sequence[tuple[str, Evidence]], elsewhere: Sequence[tuple[str, Evidence]],
    withdrawn: Sequence[tuple[str, Evidence]], day: str, nearest: Nearest | None,
) -> list[Finding]:  # fmt: skip
    baseline = columns[0]
    counted = frozenset(c.region for c in columns[1:] if c.counted)
    by_measure: dict[str, list[Cell]] = {}
    for cell in cells:
        by_measure.setdefault(cell.measure, []).append(cell)
    findings = []
    for measure in load_frame(corpus).measures:
        own, *others = by_measure[measure.id]
        row = Row(
            measure, baseline.region, own, [c for c in others if c.region != NATIONAL], counted,
            [a for a in about if a.measure == measure.id], day, tuple(e for m, e in pending if m == measure.id),
            _texts(baseline), partial(_spans, corpus, measure.id), tuple(e for m, e in elsewhere if m == measure.id),
            tuple(e for m, e in withdrawn if m == measure.id),
            max((c.strength for c in others if c.region == NATIONAL), default=0),
        )  # fmt: skip
        finding = conclude(row)
        if nearest is not None and finding.kind in ("gap", "suspected") and not finding.baseline_evidence:
            finding = replace(finding, nearest=nearest(measure, finding.peer_evidence))
        findings.append(finding)
    return sorted(findings, key=importance)


def _spans(corpus: Path, measure: str, text: str) -> list[tuple[int, int]]:
    """Where ``text``, coded as providing for ``measure``, speaks of it, by the lexicon; of something done, too."""
    lexicon = load_lexicon(corpus)
    hits = [h for h in lexicon.hits(lexicon.spots(text)) if h.measure == measure and h.state != "not"]
    sure = [h for h in hits if h.strong] or hits
    return [(h.start, h.end) for h in sure]


def _texts(baseline: Column) -> str:
    """The full texts an absence is looked for in, by name."""
    if baseline.is_document:
        return f"{baseline.region}全文"
    titles = [d.titled for d in baseline.documents if devoted(d) and d.coverage == "full"]
    named = "、".join(titles[:3]) + (f"等 {len(titles)} 份" if len(titles) > 3 else "")
    return f"收录的{baseline.region}文件全文（{named}）"


def region_of(column: Column) -> str:
    """The region a column speaks for, also when it is one document."""
    return column.documents[0].region if column.documents else column.region


def _targets(columns: Sequence[Column], held: Iterable[Held], corpus: Path, day: str) -> list[TargetRow]:
    """Each goal once for every column its document stands in."""
    documents = {d.id: d for c in columns for d in c.documents}
    places, rows = standing(columns), []
    for provision in held:
        document = documents[provision.document_id]
        for target in provision.targets:
            rows += [
                TargetRow(
                    column.region, document, provision, target, aligned(target, corpus),
                    in_brackets(to_be_known(document, document.id in column.chosen, day)),
                    scope_of(target.indicator, document, corpus),
                )
                for column in places[document.id]
            ]  # fmt: skip
    return rows


def _sectors(columns: Sequence[Column], library: Library, corpus: Path, day: str) -> list[SectorRow]:
    """The sectors each column names. It gives a sector the highest tier that a plan still running gives it, else one
    whose period is over; 探索 only if half of what names the sector says so. Running and recent documents come first."""
    regions: dict[str, dict[str, list[Held]]] = {}
    ranks: dict[str, dict[str, tuple[bool, int]]] = {}
    explored = Counter[tuple[str, str]]()
    reasons: dict[str, dict[str, list[tuple[str, ...]]]] = {}
    for column in columns:
        for document in sorted(column.documents, key=lambda d: (lapsed(d, day), latest_first(d.known_since))):
            over, aside = lapsed(document, day), to_be_known(document, document.id in column.chosen, day)
            for provision in library.provisions(document.id):
                named = _named(provision.provision, corpus)
                for sector, tier in named:
                    places = regions.setdefault(sector, {}).setdefault(column.region, [])
                    if not places or places[-1] is not provision:
                        places.append(provision)
                    reasons.setdefault(sector, {}).setdefault(column.region, []).append(aside)
                    if tier:
                        own, rank = ranks.setdefault(sector, {}), (over, TIERS.index(tier))
                        own[column.region] = min(own.get(column.region, rank), rank)
                explored.update((sector, column.region) for sector, tier in set(named) if tier == LAST_TIER)
    return [
        SectorRow(
            s.id, s.name, {r: tuple(p) for r, p in regions[s.id].items()},
            {
                r: TIERS[place] for r, (_, place) in ranks.get(s.id, {}).items()
                if TIERS[place] != LAST_TIER or 2 * explored[s.id, r] >= len(regions[s.id][r])
            },
            {r: remark for r, why in reasons[s.id].items() if (remark := in_brackets(shared_by(why)))},
        )
        for s in load_sectors(corpus).sectors if s.id in regions
    ]  # fmt: skip


@lru_cache(maxsize=200_000)
def _named(provision: Provision, corpus: Path) -> tuple[tuple[str, Tier | None], ...]:
    """The sectors a provision names, with tiers; remembered, for every comparison reads the same texts."""
    return tuple((m.sector, m.tier) for m in sectors_of(provision, load_sectors(corpus)))

"""Search: provisions that answer a query, best first, each with the reason it matched.

Goes in: a query, a mode and filters. Comes out: hits with their document, rank in each leg and matched words.
``hybrid`` sums z-scores of both legs (Bruch et al. 2023 find score fusion better than rank fusion);
``dense`` and ``lexical`` are one leg alone; ``exact`` finds the phrase as written, widths folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from kb import words
from kb.encode import Encoder
from kb.errors import KbError
from kb.fold import fold
from kb.index import VectorIndex
from kb.lexical import SYNONYM_WEIGHT, LexicalIndex
from kb.library import Library
from kb.model import Document, Held
from kb.regions import Region, region_named, regions_in

Mode = Literal["hybrid", "dense", "lexical", "exact"]
MODES: tuple[str, ...] = get_args(Mode)
POOL = 200
DOC_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}\s*[〔\[［(（【]\s*(?:19|20)\d\d\s*[〕\]］)）】]\s*第?\s*\d+\s*号?")


@dataclass(frozen=True)
class Fusion:
    """How the legs are joined: weight of the dense z-score (the lexical one has the rest), and the bonus for
    a provision of a region the query names."""

    dense: float = 0.5
    region_bonus: float = 1.0


@dataclass(frozen=True)
class Filters:
    """Which documents may answer; an empty tuple or None asks for nothing.

    ``since`` and ``until`` are ISO dates compared at the precision known; undated documents pass neither.
    """

    regions: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    documents: tuple[str, ...] = ()

    def admits(self, document: Document) -> bool:
        """Whether ``document`` may answer."""
        known = document.known_since
        return (
            (not self.regions or document.region in self.regions)
            and (not self.levels or document.level in self.levels)
            and (not self.instruments or document.instrument in self.instruments)
            and (not self.documents or document.id in self.documents)
            and (not self.since or (known is not None and known >= self.since[: len(known)]))
            and (not self.until or (known is not None and known[: len(self.until)] <= self.until[: len(known)]))
        )

    @property
    def active(self) -> bool:
        """Whether anything is asked for."""
        return self != Filters()


@dataclass(frozen=True)
class Hit:
    """A provision found: ranks count from 1 in each leg (None: the leg did not bring it); ``marks`` are the
    character spans of the matched ``terms`` within the provision's text."""

    rank: int
    score: float
    document: Document
    held: Held
    terms: tuple[str, ...]
    marks: tuple[tuple[int, int], ...]
    lexical_rank: int | None
    dense_rank: int | None
    cosine: float | None = None


@dataclass(frozen=True)
class Legs:
    """What each leg brought: provision number to (rank, score)."""

    lexical: Mapping[int, tuple[int, float]] = field(default_factory=dict)
    dense: Mapping[int, tuple[int, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Searcher:
    """The parts a search needs, brought up to date by whoever holds them."""

    library: Library
    vectors: VectorIndex | None
    lexical: LexicalIndex
    encoder: Encoder | None
    fusion: Fusion = field(default_factory=Fusion)

    def search(self, query: str, mode: Mode = "hybrid", filters: Filters | None = None, k: int = 10) -> list[Hit]:
        """The ``k`` best provisions for ``query``.

        Raises:
            KbError: an empty query, an unknown mode, or ``k`` below 1.
        """
        filters = filters or Filters()
        if not query.strip():
            raise KbError("请输入要检索的内容。")
        if mode not in MODES:
            raise KbError(f"没有检索方式“{mode}”，可用：{'、'.join(MODES)}。")
        if k < 1:
            raise KbError("返回条数至少为 1。")
        documents = {d.id: d for d in self.library.documents()}
        numbered, rest = self._numbered(query)
        if numbered:
            filters = Filters(**{**filters.__dict__, "documents": tuple(numbered)})
        allowed = [i for i, d in documents.items() if filters.admits(d)] if filters.active else None
        if numbered and not words.cut(rest):
            return self._whole(allowed or [], documents, query, k)
        asked = rest if numbered else query
        if mode == "exact":
            return self._exact(asked, allowed, documents, k)
        legs = self._legs(asked, mode, allowed, max(POOL, 4 * k))
        scores = self._fuse(legs, mode, regions_in(asked), documents)
        best = sorted(scores, key=lambda i: (-scores[i], i))[:k]
        return self._hits(best, scores, legs, documents, query_terms(asked))

    def _numbered(self, query: str) -> tuple[list[str], str]:
        """Documents whose 发文字号 the query gives, and the rest of the query."""
        match = DOC_NUMBER.search(query)
        if match is None:
            return [], query
        found = self.library.numbered(match.group())
        return found, (query[: match.start()] + query[match.end() :]) if found else query

    def _whole(self, allowed: Sequence[str], documents: Mapping[str, Document], query: str, k: int) -> list[Hit]:
        held = [h for i in allowed for h in self.library.provisions(i)][:k]
        return [
            Hit(rank, 1.0, documents[h.document_id], h, (query.strip(),), (), None, None)
            for rank, h in enumerate(held, 1)
        ]

    def _exact(
        self, phrase: str, allowed: Sequence[str] | None, documents: Mapping[str, Document], k: int
    ) -> list[Hit]:
        pairs = words.grams(phrase)
        found = self.lexical.phrase(pairs, k, allowed) if pairs else []
        legs = Legs(lexical={i: (rank, score) for rank, (i, score) in enumerate(found, 1)})
        scores = dict(found)
        return self._hits([i for i, _ in found], scores, legs, documents, (phrase.strip(),))

    def _legs(self, query: str, mode: Mode, allowed: Sequence[str] | None, pool: int) -> Legs:
        lexical: list[tuple[int, float]] = []
        dense: list[tuple[int, float]] = []
        if mode != "dense":
            lexical = self.lexical.search(weighted_terms(query), words.grams(query), pool, allowed)
        if mode != "lexical":
            if self.vectors is None or self.encoder is None:
                raise KbError("语义检索需要向量索引和模型，请先运行 python ingest.py build。")
            spans = None
            if allowed is not None:
                held = self.library.spans()
                spans = [held[i] for i in allowed if i in held]
            dense = self.vectors.search(self.encoder.query(fold(query)), pool, spans)
        return Legs(_ranked(lexical), _ranked(dense))

    def _fuse(
        self, legs: Legs, mode: Mode, named: Sequence[Region], documents: Mapping[str, Document]
    ) -> dict[int, float]:
        if mode == "dense":
            return {i: score for i, (_, score) in legs.dense.items()}
        if mode == "lexical":
            return {i: score for i, (_, score) in legs.lexical.items()}
        weight = self.fusion.dense
        lexical, dense = _z_scores(legs.lexical), _z_scores(legs.dense)
        low_l, low_d = min(lexical.values(), default=0.0), min(dense.values(), default=0.0)
        scores = {i: weight * dense.get(i, low_d) + (1 - weight) * lexical.get(i, low_l) for i in {*lexical, *dense}}
        if named and self.fusion.region_bonus:
            names = {r.name for r in named}
            inside = {n for i, n in self.library.spans().items() if documents[i].region in names}
            for i in scores:
                if any(first <= i <= last for first, last in inside):
                    scores[i] += self.fusion.region_bonus
        return scores

    def _hits(
        self, ids: Sequence[int], scores: Mapping[int, float], legs: Legs, documents: Mapping[str, Document],
        terms: Sequence[str],
    ) -> list[Hit]:  # fmt: skip
        hits = []
        for rank, held in enumerate(self.library.held(ids), 1):
            found, marks = mark(held.provision.text, terms)
            lexical, dense = legs.lexical.get(held.id), legs.dense.get(held.id)
            hits.append(
                Hit(rank, round(scores[held.id], 4), documents[held.document_id], held, found, marks,
                    lexical and lexical[0], dense and dense[0], dense and dense[1])
            )  # fmt: skip
        return hits


def weighted_terms(query: str) -> dict[str, float]:
    """The query's words with weight 1 and their ring's other words with less."""
    own = dict.fromkeys(words.cut(query), 1.0)
    for term in list(own):
        for other in synonyms_of(term):
            own.setdefault(other, SYNONYM_WEIGHT)
    return own


def synonyms_of(term: str) -> Iterable[str]:
    """Index words of the ring ``term`` stands in."""
    return (w for other in words.synonyms(term) for w in words.cut(other))


def query_terms(query: str) -> tuple[str, ...]:
    """Words worth marking in a result, longest first: the query's own, then ring words."""
    return tuple(sorted(weighted_terms(query), key=len, reverse=True))


def mark(text: str, terms: Sequence[str]) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """Which ``terms`` stand in ``text`` and their spans, overlaps merged; found as compared, widths folded."""
    haystack = words.key(text)
    found, spans = [], []
    for term in terms:
        places = [m.span() for m in re.finditer(re.escape(words.key(term)), haystack)]
        if places:
            found.append(term)
            spans += places
    return tuple(found), _merged(spans)


def _merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def checked_filters(
    regions: Iterable[str] = (), levels: Iterable[str] = (), instruments: Iterable[str] = (),
    since: str | None = None, until: str | None = None,
) -> Filters:  # fmt: skip
    """Filters from what a user typed.

    Raises:
        KbError: an unknown region or a date that is not ISO.
    """
    for day in (since, until):
        if day and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", day):
            raise KbError(f"日期“{day}”的写法不对，请写成 2024、2024-09 或 2024-09-27。")
    return Filters(
        tuple(region_named(r).name for r in regions), tuple(levels), tuple(instruments), since or None, until or None
    )


def _ranked(found: Sequence[tuple[int, float]]) -> dict[int, tuple[int, float]]:
    return {i: (rank, score) for rank, (i, score) in enumerate(found, 1)}


def _z_scores(leg: Mapping[int, tuple[int, float]]) -> dict[int, float]:
    if not leg:
        return {}
    values = np.array([score for _, score in leg.values()])
    spread = float(values.std()) or 1.0
    return {i: (score - float(values.mean())) / spread for i, (_, score) in leg.items()}

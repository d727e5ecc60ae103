"""Search: provisions that answer a query, best first, each with the reason it matched.

Goes in: a query, a mode and filters. Comes out: hits with their document, rank in each leg and matched words.
``hybrid`` joins both legs (:mod:`kb.fusion`); ``dense`` and ``lexical`` are one leg alone; ``exact`` finds the
phrase as written, widths folded. A 发文字号 in the query narrows it to that document.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, get_args

from kb import e5, words
from kb.context import caption, passage
from kb.encode import Encoder
from kb.errors import KbError
from kb.fold import fold, squeeze
from kb.fusion import Fusion, Leg, Legs, fuse, standard
from kb.index import VectorIndex
from kb.lexical import FieldWeights, LexicalIndex
from kb.library import Library
from kb.matches import alike, mark, mark_phrase, telling
from kb.model import DRAFT_STATUS, NOTE_INSTRUMENT, Document, Held
from kb.question import EDGES, Question, TermWeights, asked_for, doc_numbers, is_title, titles_asked
from kb.regions import LEVELS, region_named
from kb.rerank import TOP, SecondLook

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["Filters", "Hit", "Hits", "Mode", "Searcher", "checked_filters", "mark"]

Mode = Literal["hybrid", "dense", "lexical", "exact"]
MODES: tuple[str, ...] = get_args(Mode)
MODES_ZH = {"hybrid": "综合", "dense": "语义", "lexical": "词语", "exact": "精确"}
POOL = 200
# An exact search should list every place, and many may be reposts, shown as one.
PLACES = 2_000
SPARE = 10
READ_FOR_WORDS = 3
DAY = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")


@dataclass(frozen=True)
class Filters:
    """Which documents may answer; an empty tuple or None asks for nothing.

    ``since`` and ``until`` are ISO dates compared at the precision known; undated documents pass neither. Of a region's 动态
    each entry is asked, by the date its label begins with, and not the collection.
    """

    regions: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    documents: tuple[str, ...] = ()

    def admits(self, document: Document) -> bool:
        """Whether ``document`` may answer."""
        return (
            (not self.regions or document.region in self.regions)
            and (not self.levels or document.level in self.levels)
            and (not self.instruments or document.instrument in self.instruments)
            and (not self.documents or document.id in self.documents)
            and (_by_entries(document) or self._within(document.known_since))
        )

    def admits_entry(self, document: Document, label: str) -> bool:
        """Whether what bears ``label`` in ``document``, which is admitted, may answer."""
        dated = DAY.match(label)
        return not _by_entries(document) or self._within(dated[0] if dated else None)

    def _within(self, known: str | None) -> bool:
        return (not self.since or (known is not None and known >= self.since[: len(known)])) and (
            not self.until or (known is not None and known[: len(self.until)] <= self.until[: len(known)])
        )

    @property
    def active(self) -> bool:
        """Whether anything is asked for."""
        return self != Filters()


def _by_entries(document: Document) -> bool:
    """Whether each provision of a document has a date of its own: 动态."""
    return document.instrument == NOTE_INSTRUMENT


@dataclass(frozen=True)
class Hit:
    """A provision found: ranks count from 1 in each leg (None: the leg did not bring it).

    ``terms`` are the matched words and ``marks`` their character spans in the provision's text; ``places`` says
    which stand where (正文, 章节, 题名). ``weak`` hits may well be beside the point. ``duplicates`` say the same in
    another document of the region (a repost, a draft).
    """

    rank: int
    score: float
    document: Document
    held: Held
    terms: tuple[str, ...]
    marks: tuple[tuple[int, int], ...]
    lexical_rank: int | None
    dense_rank: int | None
    cosine: float | None = None
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weak: bool = False
    duplicates: tuple[tuple[Document, Held], ...] = ()


class Hits(list[Hit]):
    """Hits, best first: an ordinary list, which a notebook can also see as a table."""

    def by_document(self) -> list[Hits]:
        """The hits of each document together, in the order of the best of each."""
        together: dict[str, Hits] = {}
        for hit in self:
            together.setdefault(hit.document.id, Hits()).append(hit)
        return list(together.values())

    def to_frame(self) -> DataFrame:
        """The hits as a pandas frame; see :func:`kb.frames.hits_frame`."""
        from kb.frames import hits_frame

        return hits_frame(self)


@dataclass(frozen=True)
class Floor:
    """Below which a hit is weak: a cosine under ``cosine``, unless more than ``words`` of the query's words stand in it.

    On the tuning half no answer is under it, and nine of ten hits of thirty questions that have nothing to do with
    the corpus are (``bench/search``). Cosines of another model mean something else and are not judged.
    """

    model: str = e5.NAME
    cosine: float = 0.86
    words: float = 0.34


@dataclass(frozen=True)
class Ranking:
    """How a query was read, what each leg brought, and a score for every provision that may be shown.

    ``kind`` is ``whole`` when a 发文字号 or a title alone asks for a document in its own order, or for an article of it;
    ``narrowed`` says that a 发文字号 named the documents, of which no answer is beside the point.
    """

    question: Question
    legs: Legs
    scores: Mapping[int, float]
    kind: Literal["scored", "exact", "whole"] = "scored"
    narrowed: bool = False

    @property
    def order(self) -> list[int]:
        """Provision numbers, best first."""
        return sorted(self.scores, key=lambda i: (-self.scores[i], i))


@dataclass(frozen=True)
class Searcher:
    """The parts a search needs, brought up to date by whoever holds them."""

    library: Library
    vectors: VectorIndex | None
    lexical: LexicalIndex
    encoder: Encoder | None
    fusion: Fusion = field(default_factory=Fusion)
    terms: TermWeights = field(default_factory=TermWeights)
    fields: FieldWeights = field(default_factory=FieldWeights)
    floor: Floor = field(default_factory=Floor)
    second: SecondLook | None = None

    def search(self, query: str, mode: Mode = "hybrid", filters: Filters | None = None, k: int = 10) -> list[Hit]:
        """The ``k`` best provisions for ``query``.

        Raises:
            KbError: an empty query, an unknown mode, or ``k`` below 1.
        """
        return self._hits(self.rank(query, mode, filters, k), k, filters or Filters())

    def rank(self, query: str, mode: Mode = "hybrid", filters: Filters | None = None, k: int = 10) -> Ranking:
        """The order behind :meth:`search`, of more provisions than ``k``, nothing grouped and no text loaded.

        Raises:
            KbError: as :meth:`search`.
        """
        if not query.strip():
            raise KbError("请输入要检索的内容。")
        if mode not in MODES:
            raise KbError(f"没有检索方式“{mode}”，可用：{'、'.join(f'{m}（{zh}）' for m, zh in MODES_ZH.items())}。")
        if k < 1:
            raise KbError("返回条数至少为 1。")
        filters = filters or Filters()
        numbered, rest = self._numbered(query)
        if numbered:
            among = filters.documents or tuple(numbered)
            filters = replace(filters, documents=tuple(i for i in numbered if i in among))
        wanted, article = asked_for(rest)
        question = Question(rest.strip(EDGES) or rest)
        if titled := next((t for title in titles_asked(rest) if (t := self._titled(title, filters))), None):
            return Ranking(question, Legs(), self._placed(titled, article), "whole")
        allowed = self._allowed(filters) if numbered or filters.active else None
        if numbered and not Question(wanted).own:
            return Ranking(Question(query), Legs(), self._placed(dict.fromkeys(allowed or [], 1.0), article), "whole")
        if mode == "exact":
            pairs = words.grams(question.text)
            found = self.lexical.phrase(pairs, max(PLACES, 4 * k), allowed) if pairs else []
            return Ranking(question, Legs(lexical=_ranked(found)), dict(found), "exact")
        legs = self._legs(question, mode, allowed, max(POOL, 4 * k))
        return Ranking(question, legs, self._scores(question, mode, legs), narrowed=bool(numbered))

    def _titled(self, title: str, filters: Filters) -> dict[str, float]:
        """Ids of the documents of that title, those that bear it to the letter before their drafts."""
        documents = self.library.catalogue().documents
        found = [d for d in documents.values() if filters.admits(d) and is_title(title, d.title)]
        return {d.id: 1.0 - 0.1 * (squeeze(d.title) != squeeze(title).strip("《》")) for d in found}

    def _placed(self, documents: Mapping[str, float], article: str) -> dict[int, float]:
        """Their provisions; of those of an article that was asked for, if any, only these."""
        scores = {number: score for i, score in documents.items() for number in self._all_of([i])}
        held = self.library.held(list(scores)) if article else []
        inside = re.compile(rf"{re.escape(article)}(?![之\d一二三四五六七八九十百])")
        return {h.id: scores[h.id] for h in held if inside.match(h.provision.label)} or scores

    def similar(self, provision_id: int, k: int = 10) -> list[Hit]:
        """Provisions of other regions that are nearest in meaning to one that is held, the best of each region.

        Raises:
            KbError: no such provision, or one that has no meaning of its own (a heading).
        """
        held = self.library.held([provision_id])
        if not held or self.vectors is None or self.encoder is None:
            raise KbError(f"知识库中没有编号为 {provision_id} 的条款。")
        _, vector = self.library.vectors(self.encoder.name, provision_id, provision_id)
        if not len(vector):
            raise KbError("标题等没有独立内容的部分，不能查找相近条款。")
        documents = self.library.catalogue().documents
        own = documents[held[0].document_id].region
        others: dict[str, list[str]] = {}
        for i, document in documents.items():
            if document.region != own and document.is_policy:
                others.setdefault(document.region, []).append(i)
        # each region asked by itself: one with many texts would else leave the others no place among the nearest
        best = [hit for ids in others.values() for hit in self.vectors.search(vector[0], 1, self._spans(ids))]
        found = _ranked(sorted(best, key=lambda pair: (-pair[1], pair[0])))
        scores = {i: score for i, (_, score) in found.items()}
        return self._hits(Ranking(Question(""), Legs(dense=found), scores), k, Filters())

    def _numbered(self, query: str) -> tuple[list[str], str]:
        """Documents whose 发文字号 the query gives, be it several, and the rest of the query."""
        for number, rest in doc_numbers(query):
            if found := self.library.numbered(number):
                more, rest = self._numbered(rest)
                return [*found, *more], rest
        return [], query

    def _allowed(self, filters: Filters) -> list[str]:
        return [i for i, d in self.library.catalogue().documents.items() if filters.admits(d)]

    def _spans(self, allowed: Iterable[str]) -> list[tuple[int, int]]:
        spans = self.library.spans()
        return [spans[i] for i in allowed if i in spans]

    def _documents(self, numbers: Iterable[int]) -> Iterator[tuple[int, Document]]:
        """Each provision number with its document; one whose document is gone is left out."""
        catalogue = self.library.catalogue()
        for number in list(numbers):
            if (owner := catalogue.owner(number)) is not None:
                yield number, catalogue.documents[owner]

    def _all_of(self, documents: Sequence[str]) -> list[int]:
        return [number for first, last in self._spans(documents) for number in range(first, last + 1)]

    def _legs(self, question: Question, mode: Mode, allowed: Sequence[str] | None, pool: int) -> Legs:
        lexical: Leg = {}
        dense: Leg = {}
        phrase: Collection[int] = ()
        if mode != "dense":
            lexical = _ranked(
                self.lexical.search(question.terms(self.terms), question.pairs, pool, allowed, self.fields)
            )
        if mode != "lexical":
            if self.vectors is None or self.encoder is None:
                raise KbError("语义检索需要向量索引和模型，请先运行 python ingest.py build。")
            spans = None if allowed is None else self._spans(allowed)
            dense = _ranked(self.vectors.search(self.encoder.query(question.meaning(self.terms)), pool, spans))
        if mode == "hybrid" and question.phrase and self.fusion.phrase:
            phrase = {i for i, _ in self.lexical.phrase(question.phrase, pool, allowed)} & {*lexical, *dense}
        return Legs(lexical, dense, phrase)

    def _scores(self, question: Question, mode: Mode, legs: Legs) -> dict[int, float]:
        """One score for each provision: that of the leg, or in hybrid mode both joined and adjusted."""
        if mode != "hybrid":
            return {i: score for i, (_, score) in (legs.dense if mode == "dense" else legs.lexical).items()}
        share = self.fusion.share(self._met(question, legs))
        # what is weighed against each other is always the same: how many hits are asked for changes no order
        first = _first(legs)
        scores = self._adjusted(question, legs, fuse(first, share))
        if self.second:
            scores = self._looked_at_again(question, scores)
        if (len(first.lexical), len(first.dense)) == (len(legs.lexical), len(legs.dense)):
            return scores
        further = {i: score for i, score in fuse(legs, share).items() if i not in scores}
        down = min(scores.values(), default=0.0) - max(further.values(), default=0.0) - 1
        return scores | {i: score + down for i, score in further.items()}

    def _adjusted(self, question: Question, legs: Legs, scores: dict[int, float]) -> dict[int, float]:
        """The scores, raised for the regions a query names and its very words, lowered for 动态."""
        for number, document in self._documents(scores):
            scores[number] += (
                self.fusion.region * question.regions.get(document.region, 0.0)
                + self.fusion.phrase * (number in legs.phrase)
                - self.fusion.notes * (not document.is_policy)
            )
        return scores

    def _met(self, question: Question, legs: Legs) -> float:
        """How much of the query, its rare words counting more, stands in one of the best provisions of the word leg."""
        rarity = self.lexical.rarity(question.own)
        texts = [words.key(held.provision.text) for held in self.library.held(list(legs.lexical)[:READ_FOR_WORDS])]
        most = max((sum(rarity[word] for word in rarity if word in text) for text in texts), default=0.0)
        return most / sum(rarity.values()) if most else 0.0

    def _looked_at_again(self, question: Question, scores: dict[int, float]) -> dict[int, float]:
        """The scores, those of the best changed by a second look at their passages."""
        best = sorted(scores, key=lambda i: (-scores[i], i))[:TOP]
        documents = self.library.catalogue().documents
        # an index that another thread brought further gives numbers that the state read here does not hold
        helds = self.library.held(best)
        passages = [passage(documents[h.document_id], h.provision) for h in helds]
        assert self.second is not None
        for held, more in zip(helds, standard(self.second.scores(question.text, passages)), strict=True):
            scores[held.id] += self.fusion.second * float(more)
        return scores

    def _hits(self, ranking: Ranking, k: int, filters: Filters) -> list[Hit]:
        documents = self.library.catalogue().documents
        asked = {} if ranking.kind == "exact" else ranking.question.terms(self.terms)
        terms = sorted(telling(asked), key=len, reverse=True)
        order, step, hits = ranking.order, k + SPARE, list[Hit]()
        for start in range(0, len(order), step):
            for held in self.library.held(order[start : start + step]):
                document = documents[held.document_id]
                if not filters.admits_entry(document, held.provision.label):
                    continue
                # pairs of signs find 5家 in 45家
                if ranking.kind == "exact" and not mark_phrase(held.provision.text, ranking.question.text):
                    continue
                same = next((at for at, hit in enumerate(hits) if _same(hit, document, held)), None)
                if same is not None:
                    hits[same] = _joined(hits[same], document, held)
                elif len(hits) < k:
                    hits.append(self._hit(ranking, terms, document, held))
            if len(hits) == k:
                break
        return [replace(hit, rank=rank) for rank, hit in enumerate(hits, 1)]

    def _hit(self, ranking: Ranking, terms: Sequence[str], document: Document, held: Held) -> Hit:
        question, legs, text = ranking.question, ranking.legs, held.provision.text
        found, marks = mark(text, terms)
        if ranking.kind == "exact":
            found, marks = (question.text.strip(),), mark_phrase(text, question.text)
        heads = caption(held.provision.path, held.provision.label)
        places = {"正文": found, "章节": mark(heads, terms)[0], "题名": mark(document.title, terms)[0]}
        lexical, dense = legs.lexical.get(held.id), legs.dense.get(held.id)
        weak = ranking.kind == "scored" and not ranking.narrowed and self._weak(question, dense and dense[1], places)
        if ranking.kind == "whole":
            titled = any(is_title(title, document.title) for title in titles_asked(question.text))
            said = ("题名", document.title) if titled else ("文号", document.doc_number or "")
            found, marks, places = (said[1],), (), {said[0]: (said[1],)}
        return Hit(
            0, round(ranking.scores[held.id], 4), document, held, found, marks, lexical and lexical[0],
            dense and dense[0], dense and dense[1], {place: stand for place, stand in places.items() if stand}, weak,
        )  # fmt: skip

    def _weak(self, question: Question, cosine: float | None, places: Mapping[str, Sequence[str]]) -> bool:
        if self.encoder is None or (cosine is not None and self.encoder.name != self.floor.model):
            return False
        standing = {term for found in places.values() for term in found}
        own = telling(question.own)
        share = len(standing.intersection(own)) / len(own) if own else 0.0
        return (cosine is None or cosine < self.floor.cosine) and share <= self.floor.words


def _first(legs: Legs) -> Legs:
    """The first :data:`POOL` of each leg."""
    lexical, dense = ({i: one for i, one in leg.items() if one[0] <= POOL} for leg in (legs.lexical, legs.dense))
    return Legs(lexical, dense, legs.phrase)


def _same(hit: Hit, document: Document, held: Held) -> bool:
    """Whether a provision repeats a hit: alike in words, of another document of the same or an unknown region."""
    return (
        document.id != hit.document.id
        and (document.region == hit.document.region or not document.region or not hit.document.region)
        and alike(hit.held.provision.text.strip(), held.provision.text.strip())
    )


def _joined(hit: Hit, document: Document, held: Held) -> Hit:
    """The hit with one more duplicate; a text in force stands for its draft, whichever was found first."""
    if hit.document.status == DRAFT_STATUS != document.status:
        marks = mark(held.provision.text, hit.terms)[1]
        kept = (*hit.duplicates, (hit.document, hit.held))
        return replace(hit, document=document, held=held, marks=marks, duplicates=kept)
    return replace(hit, duplicates=(*hit.duplicates, (document, held)))


def checked_filters(
    regions: Iterable[str] = (), levels: Iterable[str] = (), instruments: Iterable[str] = (),
    since: str | None = None, until: str | None = None,
) -> Filters:  # fmt: skip
    """Filters from what a user typed.

    Raises:
        KbError: an unknown region or level, a date that is not ISO, or no day between the two.
    """
    levels = tuple(levels)
    if unknown := [level for level in levels if level not in LEVELS]:
        raise KbError(f"没有“{'、'.join(unknown)}”这一层级，可选：{'、'.join(LEVELS)}。")
    since, until = (day and fold(day).strip() for day in (since, until))
    for day in (since, until):
        if day and not DAY.fullmatch(day):
            raise KbError(f"日期“{day}”的写法不对，请写成 2024、2024-09 或 2024-09-27。")
        try:
            datetime.date.fromisoformat(((day or "2000") + "-01-01")[:10])
        except ValueError as error:
            raise KbError(f"没有“{day}”这一天，请检查日期。") from error
    if since and until and since > until[: len(since)] and since[: len(until)] > until:
        raise KbError(f"起始日期 {since} 晚于截止日期 {until}，没有文件能同时满足。")
    return Filters(
        tuple(region_named(r).name for r in regions), tuple(levels), tuple(instruments), since or None, until or None
    )


def _ranked(found: Sequence[tuple[int, float]]) -> dict[int, tuple[int, float]]:
    return {i: (rank, score) for rank, (i, score) in enumerate(found, 1)}

"""Fitting the recogniser's head to coded examples (the command: ``python -m kb.compare.train``).

Goes in: the coded examples (:mod:`kb.compare.gold`) whose texts are at hand, with their vectors. Comes out: a head.
Every example is shown to the head as an unseen text would be: phrases of the lexicon that stand in no
other document are taken as not written, a phrase's record and the nearest examples leave the own document out, and
what the vector says comes from a fit without it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kb.compare.cues import Ignored, Lexicon, Spots
from kb.compare.gold import Example
from kb.compare.head import (
    OWN,
    STRENGTHS,
    WITH_VECTOR,
    WORDS_ONLY,
    Decision,
    Head,
    VectorPart,
    table,
)
from kb.compare.signs import SIGNS, Seen, Trust, signs

FOLDS = 4
COMMON = 25
THINNED = 11
RIDGE, DECISION_C, STRENGTH_C = 3.0, 0.2, 0.2
CONTEXT_WEIGHT, OWN_WEIGHT = 0.7, 0.3


@dataclass(frozen=True)
class Shown:
    """Examples as training sees them: ``vectors`` of the bare texts, ``passages`` of the texts under their titles; ``tuned``
    gives the log-odds of layers tuned to some examples for some others, both named by their rows."""

    examples: tuple[Example, ...]
    spots: tuple[Spots, ...]
    vectors: np.ndarray
    passages: np.ndarray
    definitions: np.ndarray
    measures: tuple[str, ...]
    model: str
    tuned: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None

    @property
    def labels(self) -> np.ndarray:
        """Strength by example and measure, uint8."""
        column = {m: j for j, m in enumerate(self.measures)}
        made = np.zeros((len(self.examples), len(self.measures)), np.uint8)
        for i, example in enumerate(self.examples):
            for measure, strength in example.codes.items():
                made[i, column[measure]] = strength
        return made

    def teaching(self, rows: np.ndarray) -> np.ndarray:
        """Those of ``rows`` that teach the head; all teach the tuned layers."""
        return np.array([i for i in rows if not self.examples[i].practice], int)

    @property
    def unread(self) -> np.ndarray:
        """Which examples show how texts fare that no cue was written from, bool."""
        return np.array([e.unread for e in self.examples])

    @property
    def documents(self) -> np.ndarray:
        """The document of each example."""
        return np.array([e.document for e in self.examples])


class Record:
    """How often each phrase proved right in which document, so that any one document can be left out."""

    def __init__(self, lexicon: Lexicon, shown: Shown, rows: np.ndarray) -> None:
        """Count over the examples ``rows``."""
        self._by_document: dict[tuple[str, str, bool], dict[str, list[int]]] = {}
        self.standing: dict[tuple[str, str], set[str]] = {}
        for i in rows:
            example = shown.examples[i]
            for phrase in shown.spots[i].fired:
                self.standing.setdefault(phrase, set()).add(example.document)
            for hit in lexicon.hits(shown.spots[i]):
                if not hit.state:
                    counts = self._by_document.setdefault((hit.measure, hit.phrase, hit.strong), {})
                    counts.setdefault(example.document, [0, 0])[hit.measure not in example.codes] += 1

    def unwritten(self, document: str) -> Ignored:
        """The phrases that stand in that document and no other."""
        return frozenset(p for p, documents in self.standing.items() if documents == {document})

    def trust(self, without: str | None = None) -> Trust:
        """The record of all documents, or of all but one."""
        counts: dict[tuple[str, str, bool], tuple[int, int]] = {}
        rates: dict[tuple[str, bool], list[float]] = {}
        for (measure, phrase, strong), documents in self._by_document.items():
            rows = [c for document, c in documents.items() if document != without]
            counts[measure, phrase, strong] = (sum(r for r, _ in rows), sum(w for _, w in rows))
            rate = rates.setdefault((measure, strong), [1.0, 1.0])
            for right, wrong in documents.values():
                rate[0] += min(right, 1)
                rate[1] += min(wrong, 1)
        return Trust(counts, {k: right / (right + wrong) for k, (right, wrong) in rates.items()})


def fit(lexicon: Lexicon, shown: Shown, rows: np.ndarray) -> Head:
    """A head from those of the examples ``rows`` that teach it, with no thresholds yet."""
    rows = shown.teaching(rows)
    record = Record(lexicon, shown, rows)
    seen = _as_unseen(lexicon, shown, rows, record)
    part = fit_vectors(shown, rows)
    inner = np.array([number(d) % FOLDS for d in shown.documents[rows]])
    features = np.zeros((len(rows), len(shown.measures), 5), np.float32)
    mixed = np.where(np.arange(len(rows))[:, None] % 2 == 0, shown.vectors[rows], shown.passages[rows])
    own = [np.flatnonzero(shown.documents[rows] == d) for d in shown.documents[rows]]
    features[:] = part.features(mixed, own)
    for fold in range(FOLDS):
        other = fit_vectors(shown, rows[inner != fold])
        features[inner == fold, :, 0] = other.features(mixed[inner == fold])[:, :, 0]
    full = table(seen, [shown.spots[i] for i in rows], shown.measures, features)
    labels = shown.labels[rows]
    words = _vocabulary(seen)
    with_vector = _decide(WITH_VECTOR, full, seen, labels > 0, shown.measures, words, DECISION_C)
    bare = full[:, :, : len(WORDS_ONLY)]
    words_only = _decide(WORDS_ONLY, bare, seen, labels > 0, shown.measures, words, DECISION_C)
    strength = tuple(
        _decide(WORDS_ONLY, bare, seen, labels >= level, shown.measures, words, STRENGTH_C, among=labels > 0)
        for level in STRENGTHS
    )
    references = tuple(shown.examples[i].reference for i in rows)
    return Head(shown.measures, record.trust(), with_vector, words_only, strength, part, {}, references)


def fit_vectors(shown: Shown, rows: np.ndarray) -> VectorPart:
    """The vector part from the examples ``rows``: ridge regression of each measure on bare and titled vectors."""
    both = np.concatenate([shown.vectors[rows], shown.passages[rows]])
    labels = shown.labels[rows]
    empty = np.zeros((len(shown.measures), both.shape[1]), np.float32)
    part = VectorPart(shown.model, both.mean(axis=0), empty, empty[:, 0], empty, empty[:0], labels)
    unit, coded = part.centred(both), np.tile(labels > 0, (2, 1)).astype(np.float32)
    rate = coded.mean(axis=0)
    gram = unit.T @ unit + RIDGE * np.eye(unit.shape[1], dtype=np.float32)
    weights = np.linalg.solve(gram, unit.T @ (coded - rate)).T
    examples, definitions = part.centred(shown.vectors[rows]), part.centred(shown.definitions)
    return replace(part, weights=weights, offsets=rate, definitions=definitions, examples=examples)


def _as_unseen(lexicon: Lexicon, shown: Shown, rows: np.ndarray, record: Record) -> list[dict[str, Seen]]:
    """The signs of each example, as if neither the lexicon nor the record knew its document."""
    made: dict[int, dict[str, Seen]] = {}
    documents = shown.documents
    for document in dict.fromkeys(documents[rows].tolist()):
        ignored, trust = record.unwritten(document), record.trust(document)
        for i in rows[documents[rows] == document]:
            made[int(i)] = signs(lexicon, shown.spots[i], lexicon.hits(shown.spots[i], ignored), trust)
    return [made[int(i)] for i in rows]


def _vocabulary(seen: Sequence[Mapping[str, Seen]]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for row in seen:
        for one in row.values():
            for word in one.context:
                counts[word] = counts.get(word, 0) + 1
    return tuple(sorted(word for word, n in counts.items() if n >= COMMON))


def _decide(
    names: tuple[str, ...], features: np.ndarray, seen: Sequence[Mapping[str, Seen]], truth: np.ndarray,
    measures: Sequence[str], words: Sequence[str], regularity: float, among: np.ndarray | None = None,
) -> Decision:  # fmt: skip
    """Logistic regression over pairs of text and measure (those ``among`` if given); scaling is folded into the weights.

    Of pairs that show nothing only every :data:`THINNED`-th is looked at, and counts for as many.
    """
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    shows = truth | (features[:, :, : len(SIGNS)] != 0).any(axis=2)
    kept = shows | (np.arange(truth.size).reshape(truth.shape) % THINNED == 0)
    texts, columns = np.nonzero(kept if among is None else among)
    counts = np.where(shows, 1, THINNED)[texts, columns]
    flat = features[texts, columns]
    spread = flat.std(axis=0)
    scale = np.where(spread > 1e-6, 1 / np.maximum(spread, 1e-6), 0.0)
    ones = sparse.csr_matrix((np.ones(len(texts)), (np.arange(len(texts)), columns)), (len(texts), len(measures)))
    own_features = [names.index(name) for name in OWN if name in names]
    own = [ones, *(ones.multiply((flat * scale)[:, [k]]).tocsr() * OWN_WEIGHT for k in own_features)]
    around = _context_matrix(seen, measures, words, texts, columns)
    design = sparse.hstack([sparse.csr_matrix(flat * scale), around, *own]).tocsr()
    model: Any = LogisticRegression(C=regularity, max_iter=300).fit(design, truth[texts, columns], counts)
    coefficients, n, m = model.coef_[0], len(names), len(measures)
    by_word = dict(zip(words, (coefficients[n : n + len(words)] * CONTEXT_WEIGHT).tolist(), strict=True))
    added = coefficients[n + len(words) :].reshape(-1, m)
    added[0] += model.intercept_[0]
    added[1:] *= OWN_WEIGHT * scale[own_features][:, None]
    by_measure = {measure: tuple(added[:, j].tolist()) for j, measure in enumerate(measures)}
    return Decision(names, (coefficients[:n] * scale).astype(np.float32), by_word, by_measure)


def _context_matrix(
    seen: Sequence[Mapping[str, Seen]], measures: Sequence[str], words: Sequence[str], texts: np.ndarray,
    columns: np.ndarray,
) -> Any:  # fmt: skip
    from scipy import sparse

    number = {word: k for k, word in enumerate(words)}
    rows, places = [], []
    for row, (i, j) in enumerate(zip(texts.tolist(), columns.tolist(), strict=True)):
        one = seen[i].get(measures[j])
        for k in {number[w] for w in one.context if w in number} if one else ():
            rows.append(row)
            places.append(k)
    return sparse.csr_matrix((np.full(len(rows), CONTEXT_WEIGHT), (rows, places)), (len(texts), len(words)))


def number(name: str) -> int:
    """A fixed, arbitrary number for a name."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16)

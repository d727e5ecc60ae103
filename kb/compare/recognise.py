"""Which measures of the frame a text provides for, and how strongly: read sentence by sentence.

Goes in: texts and, where they are at hand, their vectors and what the tuned layers say of them. Comes out: codes of origin ``auto`` with a score, and on
request the sentence, the words and the coded examples that decided. Cues and their exceptions are data
(``corpus/lexicon/measures.yaml``); a trained head (``corpus/recogniser/head.npz``) weighs them, with vectors where
these are of the model it was trained with. A measure the head does not know is recognised by its cues and examples.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from kb.compare import tuned
from kb.compare.cues import Lexicon, Spots, load_lexicon, stretches
from kb.compare.frame import load_frame
from kb.compare.head import FILE, LINEAR, WHOLE, WORDS, Head, judge, load_head
from kb.compare.signs import SIGNS, Seen, Trust, signs, tones
from kb.data import stamp
from kb.model import Code

Encode = Callable[[Sequence[str]], np.ndarray]
BATCH = 512
CITED = 3
STRONG, WEAK, RULE_FLOOR = 0.8, 0.55, 0.5
NEEDED_HINTS = 2
# Centred cosine to an example from which a text counts as another example of a measure no head was trained on.
NEAR = 0.55


@dataclass(frozen=True)
class Explanation:
    """Why a measure was recognised, or (with strength 0) was not: the sentence that speaks for it most, the words in it
    that do, those in the text that were set aside (exceptions, sentences that provide for nothing), the score beside
    the floor from which it counts, the coded examples of the measure that come nearest, and the words that strength is told by,
    by kind (:func:`kb.compare.signs.tones`), of all sentences with words that speak for it."""

    measure: str
    strength: int
    score: float
    floor: float
    sentence: str
    cues: tuple[str, ...]
    aside: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    tones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """One stretch of a text as judged: its sentences and hits, by measure of the head the probability and the strength, and how
    near it comes to the examples of measures the head does not know; ``tuned`` whether the tuned layers have read it."""

    spots: Spots
    seen: Mapping[str, Seen]
    scores: np.ndarray
    strengths: np.ndarray
    near: Mapping[str, float]
    vector: np.ndarray | None
    tuned: bool


@dataclass(frozen=True)
class Kin:
    """Examples a user gave for measures of their own: the measure of each, and its centred vector."""

    measures: tuple[str, ...]
    vectors: np.ndarray
    texts: tuple[str, ...]

    def likeness(self, unit: np.ndarray) -> dict[str, np.ndarray]:
        """For each measure, how near each text comes to its nearest example."""
        similar = unit @ self.vectors.T
        return {m: similar[:, self.of(m)].max(axis=1) for m in dict.fromkeys(self.measures)}

    def of(self, measure: str) -> np.ndarray:
        """Which rows are examples of ``measure``."""
        return np.flatnonzero(np.array(self.measures) == measure)


class Recogniser:
    """Codes texts by the lexicon and, if there is one, the trained head of one corpus."""

    def __init__(
        self, lexicon: Lexicon, measures: Sequence[str], head: Head | None = None, kin: Kin | None = None,
        layers: str | None = None,
    ) -> None:  # fmt: skip
        """Recognise ``measures``, in this order; ``kin`` are examples of measures the head does not know, ``layers`` the
        name of the tuned layers made with the head."""
        self._lexicon, self._measures, self._head, self._kin = lexicon, tuple(measures), head, kin
        self.layers = layers
        known = head.measures if head else ()
        self._column = {m: known.index(m) for m in self._measures if m in known}

    @classmethod
    def load(cls, corpus: Path, encode: Encode | None = None, model: str | None = None) -> Recogniser:
        """The recogniser of the corpus in folder ``corpus``; ``encode`` and ``model`` give vectors for new examples.

        Raises:
            KbError: lexicon, head or tuned layers are not as described.
        """
        lexicon, head = load_lexicon(corpus), load_head(corpus)
        measures = [m.id for m in load_frame(corpus).measures]
        new = {
            c.measure: c.examples
            for c in lexicon.cues
            if c.examples and (head is None or c.measure not in head.measures)
        }
        kin = None
        if head and encode and head.vector.model == model and new:
            rows = [(measure, text) for measure, texts in new.items() for text in texts]
            texts = tuple(text for _, text in rows)
            kin = Kin(tuple(m for m, _ in rows), head.vector.centred(encode(texts)), texts)
        return cls(lexicon, measures, head, kin, tuned.layers_of(head, corpus) if head else None)

    @property
    def model(self) -> str | None:
        """The model whose vectors the head understands; None without a head."""
        return self._head.vector.model if self._head else None

    @property
    def width(self) -> int:
        """How many measures the head knows, as many as the tuned layers speak of."""
        return len(self._head.measures) if self._head else 0

    def recognise(
        self, texts: Sequence[str], vectors: Sequence[np.ndarray] | None = None,
        tuned: Sequence[np.ndarray] | None = None,
    ) -> list[tuple[Code, ...]]:  # fmt: skip
        """The codes of each text in frame order; ``vectors`` are of :attr:`model`, for each text one row a stretch
        (:func:`kb.compare.cues.stretches`), and so are the log-odds ``tuned``, NaN for a stretch not read."""
        return [tuple(code for code, _ in self._found(judged)) for judged in self._read(texts, vectors, tuned)]

    def explain(
        self,
        text: str,
        vectors: np.ndarray | None = None,
        tuned: np.ndarray | None = None,
        also: Collection[str] = (),
    ) -> list[Explanation]:
        """Each measure recognised in ``text``, why, and by which sentence of it; of the measures ``also``, those not
        recognised too, by the stretch that comes nearest to it."""
        rows, said = (None if own is None else [own] for own in (vectors, tuned))
        judged = next(self._read([text], rows, said))
        found = {code.measure: (code, one) for code, one in self._found(judged)}
        for measure in self._measures if also else ():
            if measure in also and measure not in found:
                score, one = max(((self._weighed(one, measure)[0], one) for one in judged), key=lambda pair: pair[0])
                found[measure] = (Code(measure, 0, "auto", round(score, 3)), one)
        return [self._explained(one, code) for code, one in (found[m] for m in self._measures if m in found)]

    def _read(
        self, texts: Sequence[str], vectors: Sequence[np.ndarray] | None, tuned: Sequence[np.ndarray] | None
    ) -> Iterator[list[Judged]]:
        """Each text's stretches as judged."""
        for start in range(0, len(texts), BATCH):
            pieces = [stretches(text) for text in texts[start : start + BATCH]]
            rows, said = (
                None if own is None else np.concatenate(list(own[start : start + BATCH])) for own in (vectors, tuned)
            )
            judged = iter(self._judged([piece for own in pieces for piece in own], rows, said))
            yield from ([next(judged) for _ in own] for own in pieces)

    def _found(self, judged: Iterable[Judged]) -> list[tuple[Code, Judged]]:
        """The codes of one text in frame order, each with the stretch that provides for it best."""
        best: dict[str, tuple[Code, Judged]] = {}
        for one in judged:
            for code in self._codes(one):
                known = best.get(code.measure)
                if known is None or (known[0].strength, known[0].score) < (code.strength, code.score):
                    best[code.measure] = (code, one)
        return [best[m] for m in self._measures if m in best]

    def _judged(self, texts: Sequence[str], vectors: np.ndarray | None, tuned: np.ndarray | None) -> list[Judged]:
        spots = [self._lexicon.spots(text) for text in texts]
        head, near = self._head, dict[str, np.ndarray]()
        if head is None:
            seen = [signs(self._lexicon, s, self._lexicon.hits(s), Trust({}, {})) for s in spots]
            scores, strengths = np.zeros((len(spots), 0)), np.zeros((len(spots), 0), int)
        else:
            seen, scores, strengths = judge(head, self._lexicon, spots, vectors, tuned=tuned)
            if self._kin and vectors is not None:
                near = self._kin.likeness(head.vector.centred(vectors))
        return [
            Judged(
                one, seen[i], scores[i], strengths[i], {m: float(v[i]) for m, v in near.items()},
                None if vectors is None else vectors[i], tuned is not None and not np.isnan(tuned[i]).any(),
            )
            for i, one in enumerate(spots)
        ]  # fmt: skip

    def _codes(self, one: Judged) -> Iterator[Code]:
        for measure in self._measures if one.spots.text.strip() else ():
            score, strength = self._weighed(one, measure)
            if score >= self._floor(one, measure) and not self._denied(one.spots, measure):
                yield Code(measure, strength, "auto", round(score, 3))

    def _denied(self, spots: Spots, measure: str) -> bool:
        """Whether a stretch names the measure only where it says that it is not there, forbidden or withdrawn; of a phrase
        that reaches into the next clause its beginning counts."""
        spans = self._lexicon.denials(spots.folded)
        hits = [h for h in self._lexicon.hits(spots) if h.measure == measure] if spans else []
        return bool(hits) and all(any(a <= h.start < b for a, b in spans) for h in hits)

    def _weighed(self, one: Judged, measure: str) -> tuple[float, int]:
        """The score of a measure in one stretch, and its strength should it be there."""
        column = self._column.get(measure)
        if column is None:
            return _by_rule(one.seen.get(measure), one.near.get(measure, 0.0))
        return float(one.scores[column]), int(one.strengths[column])

    def _floor(self, one: Judged, measure: str) -> float:
        """The score from which a measure is recognised."""
        if measure not in self._column or self._head is None:
            return RULE_FLOOR
        return self._head.thresholds[WORDS if one.vector is None else WHOLE if one.tuned else LINEAR]

    def _explained(self, one: Judged, code: Code) -> Explanation:
        text, found = one.spots.text, [h for h in self._lexicon.hits(one.spots) if h.measure == code.measure]
        hits = [h for h in found if not h.state]
        trust = self._head.trust if self._head else Trust({}, {})
        weight = dict.fromkeys(one.spots.sentences, 0.0)
        for hit in hits:
            odds, _ = trust.of(hit)
            span = next((s for s in weight if s[0] <= hit.start < s[1]), None)
            if span:
                weight[span] += 1 / (1 + np.exp(-odds))
        best = max(weight, key=lambda s: weight[s]) if hits and weight else (0, len(text))
        spoken, folded = [s for s, heavy in weight.items() if heavy], one.spots.folded
        words = dict.fromkeys(text[h.start : h.end] for h in hits if best[0] <= h.start < best[1])
        aside = dict.fromkeys(text[h.start : h.end] for h in found if h.state)
        return Explanation(
            code.measure, code.strength, code.score, round(self._floor(one, code.measure), 3),
            text[slice(*best)].strip(), tuple(words), tuple(aside), self._nearest(code.measure, one.vector),
            {
                kind: tuple(dict.fromkeys(text[m.start() : m.end()] for s in spoken for m in sought.finditer(folded, *s)))
                for kind, sought in tones(self._lexicon).items()
            },
        )  # fmt: skip

    def _nearest(self, measure: str, vector: np.ndarray | None) -> tuple[str, ...]:
        """What the coded examples of ``measure`` nearest to a vector are cited as; a user's own by their words."""
        if vector is None or self._head is None:
            return ()
        part, kin = self._head.vector, self._kin
        if measure in self._column:
            rows, known, names = (
                np.flatnonzero(part.labels[:, self._column[measure]]),
                part.examples,
                self._head.references,
            )
        elif kin is not None:
            rows, known, names = kin.of(measure), kin.vectors, kin.texts
        else:
            return ()
        similar = (known[rows] @ part.centred(vector[None]).T)[:, 0]
        order = rows[np.argsort(-similar)]
        return tuple(dict.fromkeys(names[i] for i in order[: 2 * CITED]))[:CITED]


def fingerprint(corpus: Path, model: str) -> str:
    """What changes when texts would be coded otherwise; its files are read anew only when they were written again."""
    paths = (corpus / "frame.yaml", corpus / "lexicon" / "measures.yaml", corpus / FILE)
    return _fingerprint(paths, tuple(map(stamp, paths)), model, tuned.tuned_name(corpus) or "")


@lru_cache(maxsize=4)
def _fingerprint(paths: Sequence[Path], written: Sequence[tuple[int, int]], model: str, layers: str) -> str:
    parts = [model.encode(), layers.encode(), *_rules(), *(path.read_bytes() for path in paths if path.exists())]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


@lru_cache(maxsize=1)
def _rules() -> tuple[bytes, ...]:
    """The modules that decide which provisions are read, what of them, and what codes they get; as this program runs them,
    so read once."""
    from kb import coding, context, encoding, fold, words
    from kb.compare import cues, head, signs

    modules = (cues, head, signs, coding, context, encoding, fold, words)
    return tuple(path.read_bytes() for path in (Path(__file__), *(Path(str(m.__file__)) for m in modules)))


def _by_rule(seen: Seen | None, near: float) -> tuple[float, int]:
    """Score and strength without a head: a cue, two different hints, or great nearness to an example."""
    shown = dict(zip(SIGNS, seen.row.tolist(), strict=True)) if seen else dict.fromkeys(SIGNS, 0.0)
    strength = 3 if shown["quantity"] else 2 if shown["device"] else 1
    if shown["cue"]:
        return STRONG, strength
    if shown["hints"] >= NEEDED_HINTS:
        return WEAK, strength
    return (WEAK if near >= NEAR else 0.0), strength

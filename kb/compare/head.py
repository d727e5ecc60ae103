"""The trained head of the recogniser: plain numbers, read with numpy, applied to signs and, where they fit, vectors.

Goes in: what the texts show (:mod:`kb.compare.signs`) and, of the model the head was trained with, their vectors.
Comes out: for each text and measure the log-odds that it provides for it, and of its strength. Two linear decisions
share the signs: one that also sees vectors, and one for any other model. What a vector says of a measure is a linear
score of its own, its nearness to the definition, and to the coded examples. ``kb/compare/train.py`` makes the file.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from kb.compare.cues import Ignored, Lexicon, Spots
from kb.compare.signs import SIGNS, Seen, Trust, signs, told
from kb.data import stamp
from kb.errors import KbError

FILE = Path("recogniser") / "head.npz"
TEXT = ("length", "cue_length", "crowd", "cue_crowd", "past", "cue_past", "to_do", "cue_to_do")
VECTOR = (
    "score",
    "cue_score",
    "lead",
    "cue_lead",
    "definition",
    "cue_definition",
    "leading",
    "cue_leading",
    "near",
    "share",
)
WORDS_ONLY = (*SIGNS, *TEXT)
WITH_VECTOR = (*WORDS_ONLY, *VECTOR)
OWN = ("cue", "trust", "score")
STRENGTHS = (2, 3)
TYPICAL_LENGTH = 4.5
LEADERS = 3
# Below this probability no floor lies, so that the strength does not matter.
UNLIKELY = 0.1
# What reading a damaged file of numbers may raise.
DAMAGE = (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error)
# With vectors and tuned layers, with vectors, with neither: the names of the floors.
WHOLE, LINEAR, WORDS = MANNERS = ("", "linear", "words_only")
# The share the tuned layers have in the log-odds of a text they have read.
TUNED_SHARE = 0.5
NEIGHBOURS, NEAREST, SHARPNESS, FAR = 15, 5, 8.0, -0.6


@dataclass(frozen=True)
class VectorPart:
    """What the head knows of vectors of one model: ``(measures, dimension)`` weights, and the coded examples."""

    model: str
    centre: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray
    definitions: np.ndarray
    examples: np.ndarray
    labels: np.ndarray

    def centred(self, vectors: np.ndarray) -> np.ndarray:
        """Vectors less what all policy texts share, of length 1."""
        moved = vectors - self.centre
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), np.float32)

    def features(self, vectors: np.ndarray, left_out: Sequence[np.ndarray] | None = None) -> np.ndarray:
        """``(texts, measures, 5)``: score, definition, leading, near, share of each measure.

        ``left_out`` are for each text the examples that may not be looked at (those of its own document).
        """
        unit = self.centred(vectors)
        score = unit @ self.weights.T + self.offsets
        likeness = unit @ self.definitions.T
        lead = np.sort(likeness, axis=1)[:, -LEADERS:].mean(axis=1, keepdims=True)
        near, share = self._neighbours(unit, left_out)
        return np.stack([score, likeness, likeness - lead, near, share], axis=2)

    def _neighbours(self, unit: np.ndarray, left_out: Sequence[np.ndarray] | None) -> tuple[np.ndarray, np.ndarray]:
        similar = unit @ self.examples.T
        for i, rows in enumerate(left_out or ()):
            similar[i, rows] = -1.0
        coded = self.labels > 0
        few = np.argpartition(-similar, min(NEIGHBOURS, similar.shape[1]) - 1, axis=1)[:, :NEIGHBOURS]
        order = np.take_along_axis(few, np.argsort(-np.take_along_axis(similar, few, axis=1), axis=1), axis=1)
        nearest = np.take_along_axis(similar, order, axis=1)
        top = nearest[:, :NEAREST].mean(axis=1, keepdims=True)
        weight = np.exp(SHARPNESS * nearest)
        share = np.einsum("tn,tnm->tm", weight, coded[order].astype(np.float32)) / weight.sum(axis=1, keepdims=True)
        near = np.full(share.shape, FAR, np.float32)
        for j in np.flatnonzero(coded.any(axis=0)):
            near[:, j] = np.maximum(similar[:, coded[:, j]].max(axis=1) - top[:, 0], FAR)
        return near, share


@dataclass(frozen=True)
class Decision:
    """A linear decision over pairs of text and measure: weights all measures share, of features and context; and for
    each measure what it adds of its own: a bias, and to the weights of the features :data:`OWN` names."""

    features: tuple[str, ...]
    weights: np.ndarray
    words: Mapping[str, float]
    measures: Mapping[str, tuple[float, ...]]

    def scores(
        self, table: np.ndarray, seen: Sequence[Mapping[str, Seen]], measures: Sequence[str],
        among: np.ndarray | None = None,
    ) -> np.ndarray:  # fmt: skip
        """Log-odds ``(texts, measures)`` from features ``(texts, measures, features)``; the context is looked at only
        for pairs ``among`` those that matter, if given."""
        own = np.array([self.measures[m] for m in measures], np.float32)
        scores = table @ self.weights + own[:, 0]
        for k, name in enumerate(n for n in OWN if n in self.features):
            scores += table[:, :, self.features.index(name)] * own[:, k + 1]
        column = {m: j for j, m in enumerate(measures)}
        for i, row in enumerate(seen):
            for measure, one in row.items():
                if measure in column and (among is None or among[i, column[measure]]):
                    scores[i, column[measure]] += sum(self.words.get(w, 0.0) for w in one.context)
        return np.asarray(scores, np.float32)


@dataclass(frozen=True)
class Head:
    """Everything learned from coded examples. ``references`` names each example of the vector part."""

    measures: tuple[str, ...]
    trust: Trust
    with_vector: Decision
    words_only: Decision
    strength: tuple[Decision, ...]
    vector: VectorPart
    thresholds: Mapping[str, float]
    references: tuple[str, ...]


def table(
    seen: Sequence[Mapping[str, Seen]], spots: Sequence[Spots], measures: Sequence[str],
    vectors: np.ndarray | None = None,
) -> np.ndarray:  # fmt: skip
    """The features of every text and measure: :data:`WITH_VECTOR` if ``vectors`` features are given, else :data:`WORDS_ONLY`."""
    column = {m: j for j, m in enumerate(measures)}
    made = np.zeros((len(seen), len(measures), len(WORDS_ONLY)), np.float32)
    for i, row in enumerate(seen):
        for measure, one in row.items():
            if measure in column:
                made[i, column[measure], : len(SIGNS)] = one.row
    cue = made[:, :, SIGNS.index("cue")]
    length = np.array([[math.log(max(len(s.text), 1)) - TYPICAL_LENGTH] for s in spots], np.float32).reshape(-1, 1)
    tense = np.array([told(s.folded) for s in spots], np.float32).reshape(-1, 2)
    past, to_do = tense[:, :1], tense[:, 1:]
    crowd = np.log1p(cue.sum(axis=1, keepdims=True))
    at = len(SIGNS)
    for k, values in enumerate((length, cue * length, crowd, cue * crowd, past, cue * past, to_do, cue * to_do)):
        made[:, :, at + k] = values
    if vectors is None:
        return made
    score, definition, leading, near, share = np.moveaxis(vectors, 2, 0)
    top = np.sort(score, axis=1)[:, -2:]
    lead = score - np.where(score >= top[:, 1:], top[:, :1], top[:, 1:])
    parts = (score, cue * score, lead, cue * lead, definition, cue * definition, leading, cue * leading, near, share)
    return np.concatenate([made, np.stack(parts, axis=2)], axis=2)


def judge(
    head: Head, lexicon: Lexicon, spots: Sequence[Spots], vectors: np.ndarray | None = None,
    ignored: Ignored = frozenset(), tuned: np.ndarray | None = None,
) -> tuple[list[dict[str, Seen]], np.ndarray, np.ndarray]:  # fmt: skip
    """What each text shows, the probability of each measure of the head, and its strength should it be there.

    ``vectors`` must be of the head's model; ``ignored`` as in :meth:`kb.compare.cues.Lexicon.hits`; ``tuned`` are the
    log-odds of the tuned layers (:mod:`kb.compare.tuned`), NaN for texts these have not read, and count beside vectors only.
    """
    seen = [signs(lexicon, s, lexicon.hits(s, ignored), head.trust) for s in spots]
    bare = table(seen, spots, head.measures)
    if vectors is None:
        logits = head.words_only.scores(bare, seen, head.measures)
    else:
        full = table(seen, spots, head.measures, head.vector.features(vectors))
        logits = head.with_vector.scores(full, seen, head.measures)
        if tuned is not None:
            logits = np.where(np.isnan(tuned), logits, (1 - TUNED_SHARE) * logits + TUNED_SHARE * tuned)
    probabilities = 1 / (1 + np.exp(-logits))
    among = probabilities >= UNLIKELY
    steps = [d.scores(bare, seen, head.measures, among) > 0 for d in head.strength]
    strength = 1 + steps[0].astype(int) + (steps[0] & steps[1]).astype(int)
    for i, j in np.argwhere(among):
        one = seen[i].get(head.measures[j])
        if one is not None and one.counted:
            strength[i, j] = 3
        elif one is not None and one.shares:
            strength[i, j] = min(strength[i, j], 2)
    return seen, probabilities, strength


def save(head: Head, corpus: Path) -> Path:
    """Write the head into the corpus in folder ``corpus``; the file's path."""
    path = corpus / FILE
    path.parent.mkdir(exist_ok=True)
    part = head.vector
    facts = {
        "measures": head.measures, "model": part.model, "references": head.references,
        "thresholds": dict(head.thresholds),
        "counts": [[*key, *value] for key, value in sorted(head.trust.counts.items())],
        "rates": [[*key, value] for key, value in sorted(head.trust.rates.items())],
        "decisions": [_plain(d) for d in (head.with_vector, head.words_only, *head.strength)],
    }  # fmt: skip
    np.savez_compressed(
        path, facts=np.frombuffer(json.dumps(facts, ensure_ascii=False).encode(), np.uint8),
        centre=part.centre.astype(np.float16), weights=part.weights.astype(np.float16),
        offsets=part.offsets.astype(np.float16), definitions=part.definitions.astype(np.float16),
        examples=part.examples.astype(np.float16), labels=part.labels,
    )  # fmt: skip
    return path


def load_head(corpus: Path) -> Head | None:
    """The head of the corpus in folder ``corpus``; None where it has none (texts are then coded by cues alone).

    Raises:
        KbError: the file is damaged.
    """
    path = corpus / FILE
    return _read(path, stamp(path)) if path.exists() else None


@lru_cache(maxsize=4)
def _read(path: Path, written: tuple[int, int]) -> Head:
    try:
        with np.load(path) as data:
            facts = json.loads(data["facts"].tobytes())
            arrays = {name: data[name] for name in data.files if name not in ("facts", "labels")}
            labels = data["labels"]
        part = VectorPart(facts["model"], **{k: v.astype(np.float32) for k, v in arrays.items()}, labels=labels)
        trust = Trust(
            {(m, p, s): (right, wrong) for m, p, s, right, wrong in facts["counts"]},
            {(m, s): rate for m, s, rate in facts["rates"]},
        )
        decided = [_decision(d) for d in facts["decisions"]]
        return Head(
            tuple(facts["measures"]), trust, decided[0], decided[1], tuple(decided[2:]), part, facts["thresholds"],
            tuple(facts["references"]),
        )  # fmt: skip
    except DAMAGE as error:
        raise damaged(path) from error


def damaged(path: Path) -> KbError:
    """What to tell of a file of the recogniser that cannot be read."""
    return KbError(f"识别模型 {path} 已损坏，请重新取得该文件，或运行 python -m kb.compare.train 重新训练。")


def _plain(decision: Decision) -> dict[str, Any]:
    return {
        "features": decision.features, "weights": [round(float(w), 4) for w in decision.weights],
        "words": {w: round(v, 4) for w, v in decision.words.items()},
        "measures": {m: [round(v, 4) for v in own] for m, own in decision.measures.items()},
    }  # fmt: skip


def _decision(facts: Mapping[str, Any]) -> Decision:
    weights = np.array(facts["weights"], np.float32)
    own = {m: tuple(v) for m, v in facts["measures"].items()}
    return Decision(tuple(facts["features"]), weights, facts["words"], own)

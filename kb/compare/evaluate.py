"""How well texts never seen are coded: grouped by region, or held back whole, per measure, with confidence intervals.

Goes in: the examples as training shows them. Comes out: for each example the probabilities and strengths a recogniser
gave it that knew nothing of its region: no provision of it in training, and no phrase of the lexicon that stands only
there; or, of the documents held back, none of whose provisions any cue was written from. Beside it what parts of it say
alone, and two baselines: cue phrases, and the vector's nearness to the definitions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb.compare.cues import Ignored, Lexicon
from kb.compare.fitting import Shown, fit
from kb.compare.gold import WRITTEN, Example
from kb.compare.head import LINEAR, MANNERS, WHOLE, WORDS, judge
from kb.regions import region_named

DRAWS = 1000
NEEDED_HINTS = 2
GROUPS = 4
SMOOTH = 0.05


@dataclass(frozen=True)
class Told:
    """What a recogniser said of all examples: ``(examples, measures)`` probabilities and strengths."""

    scores: np.ndarray
    strengths: np.ndarray


@dataclass(frozen=True)
class Score:
    """Precision, recall and F1, and of what was found rightly the share of right strengths."""

    precision: float
    recall: float
    f1: float
    strength: float


Manners = Mapping[str, Told]


def held_out(lexicon: Lexicon, shown: Shown, groups: np.ndarray) -> Manners:
    """Each example judged by a recogniser trained on the other groups, in each of :data:`MANNERS`; group -1 (the editors'
    own) is always in training. Only examples that count are judged."""
    told = _nothing(shown)
    for test, rest in _folds(shown, groups):
        known = frozenset().union(*(shown.spots[i].fired for i in shown.teaching(rest)))
        ignored = frozenset().union(*(shown.spots[i].fired for i in test)) - known
        _tell(lexicon, shown, rest, test, ignored, told)
    return told


def unread(lexicon: Lexicon, shown: Shown) -> Manners:
    """The documents no cue was written from, also what was drawn from them whole, judged by a recogniser trained on all
    others, with the lexicon as it is."""
    told = _nothing(shown)
    _tell(lexicon, shown, np.flatnonzero(~shown.unread), np.flatnonzero(shown.unread), frozenset(), told)
    return told


def judged(shown: Shown) -> np.ndarray:
    """Which examples count in the evaluation."""
    return np.array([e.judged for e in shown.examples])


def _folds(shown: Shown, groups: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each group but -1 those of its examples that count, and all examples of the other groups."""
    counts = judged(shown)
    for group in sorted(set(groups.tolist()) - {-1}):
        yield np.flatnonzero((groups == group) & counts), np.flatnonzero(groups != group)


def _nothing(shown: Shown) -> Manners:
    shape = shown.labels.shape
    return {manner: Told(np.zeros(shape, np.float32), np.ones(shape, int)) for manner in MANNERS}


def _tell(
    lexicon: Lexicon, shown: Shown, rest: np.ndarray, test: np.ndarray, ignored: Ignored, told: Manners
) -> None:
    head, spots = fit(lexicon, shown, rest), [shown.spots[i] for i in test]
    tuned = shown.tuned(rest, test) if shown.tuned else None
    for manner, vectors, said in (
        (WHOLE, shown.vectors[test], tuned), (LINEAR, shown.vectors[test], None), (WORDS, None, None)
    ):  # fmt: skip
        one = told[manner]
        _, one.scores[test], one.strengths[test] = judge(head, lexicon, spots, vectors, ignored, said)


def cue_only(lexicon: Lexicon, shown: Shown, groups: np.ndarray) -> np.ndarray:
    """Whether cues alone find each measure: one cue, or two different hints, in a sentence; phrases as in :func:`held_out`."""
    column = {m: j for j, m in enumerate(shown.measures)}
    made = np.zeros(shown.labels.shape, bool)
    for test, rest in _folds(shown, groups):
        known = frozenset().union(*(shown.spots[i].fired for i in shown.teaching(rest)))
        for i in test:
            hits = [h for h in lexicon.hits(shown.spots[i], shown.spots[i].fired - known) if not h.state]
            for start, end in shown.spots[i].sentences:
                inside = [h for h in hits if start <= h.start and h.end <= end]
                for measure in {h.measure for h in inside}:
                    own = [h for h in inside if h.measure == measure]
                    made[i, column[measure]] |= (
                        any(h.strong for h in own) or len({h.phrase for h in own}) >= NEEDED_HINTS
                    )
    return made


def zero_shot(shown: Shown, groups: np.ndarray) -> np.ndarray:
    """Whether the vector lies near enough to the definition; the floor is the best for what counts of the other groups."""
    likeness = shown.vectors @ shown.definitions.T
    truth, made, counts = shown.labels > 0, np.zeros(shown.labels.shape, bool), judged(shown)
    floors = np.linspace(float(np.quantile(likeness, 0.9)), float(likeness.max()), 60)
    for test, rest in _folds(shown, groups):
        known = rest[counts[rest]]
        made[test] = likeness[test] > max(floors, key=lambda f: scored(truth[known], likeness[known] > f).f1)
    return made


def scored(truth: np.ndarray, said: np.ndarray, strengths: np.ndarray | None = None) -> Score:
    """Micro precision, recall and F1 of ``said`` against ``truth`` (strengths, or whether present)."""
    present = truth > 0
    right = int((present & said).sum())
    precision, recall = right / max(1, int(said.sum())), right / max(1, int(present.sum()))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    equal = 0 if strengths is None else int(((strengths == truth) & present & said).sum())
    return Score(precision, recall, f1, equal / max(1, right))


def interval(truth: np.ndarray, said: np.ndarray, documents: Sequence[str]) -> tuple[float, float]:
    """95 % bootstrap interval of the micro F1, whole documents drawn (:data:`DRAWS` draws)."""
    present = truth > 0
    counts = np.stack([(present & said).sum(axis=1), said.sum(axis=1), present.sum(axis=1)], axis=1)
    names = sorted(set(documents))
    place = {name: k for k, name in enumerate(names)}
    by_document = np.zeros((len(names), 3))
    np.add.at(by_document, [place[d] for d in documents], counts)
    drawn = np.random.default_rng(0).integers(0, len(names), (DRAWS, len(names)))
    right, made, real = np.moveaxis(by_document[drawn].sum(axis=1), 1, 0)
    low, high = np.quantile(2 * right / np.maximum(1, made + real), (0.025, 0.975))
    return float(low), float(high)


def by_region(examples: Sequence[Example]) -> np.ndarray:
    """:data:`GROUPS` groups of whole regions, a city with its province, about alike in how many examples count: the largest
    region is dealt first, each to the group that has least. Large groups would teach the others too little."""
    provinces, counted = [province_of(e) for e in examples], Counter(province_of(e) for e in examples if e.judged)
    group, sizes = {WRITTEN: -1}, [0] * GROUPS
    for province in sorted(set(provinces) - {WRITTEN}, key=lambda p: (-counted[p], p)):
        group[province] = sizes.index(min(sizes))
        sizes[group[province]] += counted[province]
    return np.array([group[p] for p in provinces])


def province_of(example: Example) -> str:
    """The province an example's region lies in, or the region itself."""
    if example.region == WRITTEN:
        return WRITTEN
    region = region_named(example.region)
    return region.parent or region.name


def best_floor(judged: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """The probability from which a measure is taken as there: the one with the best micro F1, on average over sets of
    ``(truth, scores)`` that count alike, and over the floors within :data:`SMOOTH` of it, for its curve is flat and jagged."""
    floors = np.arange(0.2, 0.7 + SMOOTH, 0.01)
    curve = np.array([np.mean([scored(truth, scores >= f).f1 for truth, scores in judged]) for f in floors])
    half = round(SMOOTH / 0.01)
    smooth = np.convolve(curve, np.ones(2 * half + 1) / (2 * half + 1), "valid")
    return float(floors[half + int(smooth.argmax())])


@dataclass(frozen=True)
class Measured:
    """All that was measured: what was said without knowledge of an example's ``region``, and of the ``unread`` documents
    (by these names), and the floors that follow from it, one for each of :data:`MANNERS`. ``regions`` are the groups of
    the examples."""

    regions: np.ndarray
    told: Mapping[str, Manners]
    floors: Mapping[str, float]


def measure(lexicon: Lexicon, shown: Shown) -> Measured:
    """Judge the unread documents, and all examples by a recogniser that knows nothing of their region."""
    regions = by_region(shown.examples)
    told = {"unread": unread(lexicon, shown), "region": held_out(lexicon, shown, regions)}
    # Three ways in which a text is new: of a region never seen, of a document held back, drawn from a whole one.
    counts, drawn = judged(shown), np.array([e.sampled for e in shown.examples])
    sets = [("region", counts & (regions >= 0)), ("unread", shown.unread & counts), ("unread", shown.unread & drawn)]
    floors = {
        manner: best_floor([(shown.labels[rows], told[how][manner].scores[rows]) for how, rows in sets])
        for manner in MANNERS
    }
    return Measured(regions, told, floors)

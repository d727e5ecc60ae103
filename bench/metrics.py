"""Measures of ranked retrieval. Goes in: a ranking and graded judgements. Comes out: numbers between 0 and 1.

Definitions follow trec_eval, which BEIR uses too, so that the figures compare. Judgements map an id to its grade;
an id that is missing was not judged and counts as 0.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

Id = TypeVar("Id", bound=Hashable)


def dcg(grades: Sequence[float]) -> float:
    """Discounted cumulative gain, linear gain: sum of grade / log2(rank + 1) (Järvelin, Kekäläinen 2002)."""
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def ndcg(ranking: Sequence[Id], judged: Mapping[Id, float], k: int = 10) -> float:
    """DCG of the first ``k`` over that of the best possible order; 0 when nothing is relevant."""
    best = dcg(sorted((g for g in judged.values() if g > 0), reverse=True)[:k])
    return dcg([judged.get(one, 0) for one in ranking[:k]]) / best if best else 0.0


def recall(ranking: Sequence[Id], judged: Mapping[Id, float], k: int, least: float = 1) -> float:
    """The share of all ids with grade ``least`` or more that stand among the first ``k``; 0 when there are none."""
    wanted = {one for one, grade in judged.items() if grade >= least}
    return len(wanted & {*ranking[:k]}) / len(wanted) if wanted else 0.0


def reciprocal_rank(ranking: Sequence[Id], judged: Mapping[Id, float], least: float = 1) -> float:
    """1 / rank of the first id with grade ``least`` or more; 0 when none is ranked."""
    return next((1 / rank for rank, one in enumerate(ranking, 1) if judged.get(one, 0) >= least), 0.0)


def hit(ranking: Sequence[Id], judged: Mapping[Id, float], k: int, least: float = 2) -> float:
    """1 when an id with grade ``least`` or more stands among the first ``k``, else 0."""
    return float(any(judged.get(one, 0) >= least for one in ranking[:k]))


def strays(regions: Sequence[str], named: Collection[str], k: int = 10) -> float:
    """The share of the first ``k`` results whose region is not among those the query names."""
    shown = regions[:k]
    return sum(region not in named for region in shown) / len(shown) if shown else 0.0


def unjudged(ranking: Sequence[Id], judged: Collection[Id], k: int = 10) -> float:
    """The share of the first ``k`` that nobody judged: how far the other figures may be too low."""
    return sum(one not in judged for one in ranking[:k]) / min(k, len(ranking)) if ranking else 0.0

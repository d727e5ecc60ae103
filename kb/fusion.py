"""Joining the legs of the search: scores of words and of meaning made comparable, summed, and adjusted.

Goes in: what each leg brought. Comes out: one score for every provision, in standard deviations of the leg that
counts. Scores are fused, not ranks (Bruch, Gai, Ingber 2023, "An Analysis of Fusion Functions for Hybrid
Retrieval", ACM TOIS 42): a provision that alone holds the words asked for should stand out, which ranks hide.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

Leg = Mapping[int, tuple[int, float]]
# In part of the greatest score: among a handful of provisions alike, chance differences are no reason for an order.
LEAST_SPREAD = 0.008


@dataclass(frozen=True)
class Legs:
    """What each leg brought: provision number to (rank, score); ``phrase`` holds those with the query's very words."""

    lexical: Leg = field(default_factory=dict)
    dense: Leg = field(default_factory=dict)
    phrase: Collection[int] = ()


@dataclass(frozen=True)
class Fusion:
    """How the legs are joined, chosen on the tuning half of the judged queries and on texts of other kinds.

    Where one provision holds all the words of a query, these words are what was asked for; where none does, the query
    is at least in part in other words than the texts. So the share of meaning is ``share_unmet`` unless the best
    provisions of the word leg hold more than ``unmet`` of the query, and falls to ``share_met`` when one holds all.
    """

    share_unmet: float = 0.65
    share_met: float = 0.35
    unmet: float = 0.85
    phrase: float = 1.5
    region: float = 1.5
    notes: float = 0.25
    second: float = 1.0

    def share(self, met: float) -> float:
        """The weight of meaning when so much of the query, 0 to 1, is met word by word; words have the rest."""
        way = min(max((met - self.unmet) / (1 - self.unmet), 0.0), 1.0)
        return self.share_unmet + way * (self.share_met - self.share_unmet)


def fuse(legs: Legs, share: float) -> dict[int, float]:
    """The weighted sum of both legs' standard scores, for every provision either brought.

    A provision the word leg did not bring has no word of the query, so its score there is 0 and counts into mean
    and deviation: with few matches each stands out, as it should. One the vector leg did not bring gets the least
    score that leg saw.
    """
    ids = list({*legs.lexical, *legs.dense})
    least = min((score for _, score in legs.dense.values()), default=0.0)
    lexical = standard(np.array([legs.lexical[i][1] if i in legs.lexical else 0.0 for i in ids]))
    dense = standard(np.array([legs.dense[i][1] if i in legs.dense else least for i in ids]))
    return dict(zip(ids, (share * dense + (1 - share) * lexical).tolist(), strict=True))


def standard(scores: np.ndarray) -> np.ndarray:
    """Scores as deviations from their mean in standard deviations; a difference too small to mean anything stays small."""
    if not len(scores):
        return scores
    spread = max(float(scores.std()), LEAST_SPREAD * float(np.abs(scores).max())) or 1.0
    return np.asarray((scores - scores.mean()) / spread)

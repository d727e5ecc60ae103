"""What the baseline has that comes nearest to a measure it is not seen to provide for.

Goes in: the provisions in which peers deploy the measure, and the baseline's documents. Comes out: the baseline's
provision nearest in meaning, by the vectors the library holds, so that no model need be loaded; nothing where none
stands out from the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from kb.compare.frame import Frame, Measure
from kb.compare.result import Evidence
from kb.library import Library
from kb.model import Document, Held

# How many standard deviations above the mean of all the baseline's provisions one must lie: less if it is coded in the
# same dimension, since of the others read by hand most had nothing to do with the measure; and by how many one coded so
# may lie behind the nearest and still be taken before it.
STANDS_OUT, STANDS_OUT_ALONE = 1.5, 3.0
AKIN = 1.0


class Nearest:
    """The baseline's provisions, ready to be compared."""

    def __init__(self, library: Library, model: str, frame: Frame, documents: Sequence[Document]) -> None:
        """Look among ``documents`` by the vectors of ``model``; nothing is read before it is asked for."""
        self._library, self._model, self._frame = library, model, frame
        self._documents: Mapping[str, Document] = {d.id: d for d in documents}

    @cached_property
    def _own(self) -> tuple[np.ndarray, np.ndarray]:
        return self._vectors([d for d in self._documents if d in self._library.spans()])

    def _vectors(self, documents: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Numbers and unit vectors of the provisions of these documents."""
        spans = self._library.spans()
        found = [self._library.vectors(self._model, *spans[d]) for d in documents]
        if not any(len(ids) for ids, _ in found):
            return np.empty(0, np.int64), np.empty((0, 0), np.float32)
        return np.concatenate([i for i, _ in found]), np.concatenate([v for i, v in found if len(i)])

    def __call__(self, measure: Measure, evidence: Sequence[Evidence]) -> tuple[Document, Held] | None:
        """The provision nearest to what ``evidence`` says on ``measure``; None when none stands out."""
        ids, own = self._own
        theirs = self._theirs(evidence)
        if len(ids) < 2 or not len(theirs):
            return None
        likeness = _centred(own, own) @ theirs.mean(axis=0)
        score = (likeness - likeness.mean()) / (likeness.std() or 1.0)
        best = int(score.argmax())
        if score[best] < STANDS_OUT:
            return None
        akin = {m.id for m in self._frame.measures if m.dimension == measure.dimension}
        close = [int(i) for i in np.argsort(-score) if score[i] >= max(score[best] - AKIN, STANDS_OUT)]
        held = self._library.held([int(ids[i]) for i in close])
        chosen = next((h for h in held if any(c.measure in akin for c in h.codes)), None)
        if chosen is None and score[best] >= STANDS_OUT_ALONE:
            chosen = held[0]
        return (self._documents[chosen.document_id], chosen) if chosen else None

    def _theirs(self, evidence: Sequence[Evidence]) -> np.ndarray:
        """What sets the provisions of ``evidence`` apart from the documents they stand in."""
        wanted = {e.held.id for e in evidence}
        ids, rows = self._vectors(list(dict.fromkeys(e.document.id for e in evidence)))
        return _centred(rows[[i for i, number in enumerate(ids.tolist()) if number in wanted]], rows)


def _centred(rows: np.ndarray, among: np.ndarray) -> np.ndarray:
    """``rows`` as unit vectors from the mean of ``among``: vectors of one model all point much the same way."""
    apart = rows - among.mean(axis=0) if len(among) else rows
    unit: np.ndarray = apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-6)
    return unit

"""A second look at the best: every piece of the query against every piece of a provision (late interaction).

Goes in: a question and passages. Comes out: how well each piece of the question is met by its best counterpart, on
average (MaxSim; Khattab, Zaharia 2020, "ColBERT", SIGIR). The pieces' vectors come from the same model as the
passages', which was not trained for this and still gains by it, most for questions in a reader's own words
(``bench/search``). It costs encoding the passages anew, some 15 ms each on two cores, so it is done on request; what
was encoded lately is remembered.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from kb.encode import Encoder, TokenEncoder
from kb.errors import KbError

TOP = 30
REMEMBERED = 2_000


class SecondLook:
    """Scores of passages for a question, from an encoder that gives vectors of pieces."""

    def __init__(self, encoder: Encoder) -> None:
        """With the pieces of ``encoder``.

        Raises:
            KbError: it gives none.
        """
        if not isinstance(encoder, TokenEncoder):
            raise KbError(f"模型 {encoder.name} 不支持精排，请使用默认模型。")
        self._encoder: TokenEncoder = encoder
        self._pieces: dict[str, np.ndarray] = {}
        self._lock = threading.Lock()

    def scores(self, question: str, passages: Sequence[str]) -> np.ndarray:
        """For each passage a number up to 1, in order."""
        (asked,) = self._encoder.tokens([question], query=True)
        if not len(asked):
            return np.zeros(len(passages))
        return np.array([_met(asked, pieces) for pieces in self._of(passages)])

    def _of(self, passages: Sequence[str]) -> list[np.ndarray]:
        with self._lock:
            known = {p: self._pieces.pop(p) for p in passages if p in self._pieces}
        missing = [p for p in dict.fromkeys(passages) if p not in known]
        fresh = zip(missing, self._encoder.tokens(missing), strict=True)
        known.update({passage: pieces.astype(np.float16) for passage, pieces in fresh})
        with self._lock:
            self._pieces.update(known)
            for passage in list(self._pieces)[: max(len(self._pieces) - REMEMBERED, 0)]:
                del self._pieces[passage]
        return [known[p].astype(np.float32) for p in passages]


def _met(asked: np.ndarray, pieces: np.ndarray) -> float:
    return float((asked @ pieces.T).max(axis=1).mean()) if len(pieces) else 0.0

"""Which measures of the frame a text provides for, and how strongly: read sentence by sentence, by cue phrases.

Goes in: texts. Comes out: codes of origin ``auto`` with a score, and on request the words that decided. The cues and
their exceptions are data, ``corpus/lexicon/measures.yaml``. Strength follows the frame: 3 a number, amount or
deadline of the device's own, 2 a concrete device, 1 a principle or an encouragement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb.compare.cues import Hit, Lexicon, load_lexicon, sentences
from kb.model import Code
from kb.words import key

STRONG, WEAK = 0.8, 0.55
NEEDED_HINTS = 2
_CLAUSE = re.compile(r"[^，,；;。：:！!？?\n]+")
_QUANTITY = re.compile(
    r"\d[\d.]*\s*(?:个|家|项|亿|万|%|‰|名|人|件|只|支|套|条|座|批|倍|元|台|辆|天|日|个月|类|所|处|场|公里|平方)"
    r"|百分之|[一二三四五六七八九十百千两]+(?:个|家|项|亿|万元|个月|日内|年内)|前完成|年底前|月底前"
)


@dataclass(frozen=True)
class Explanation:
    """Why a measure was recognised: the sentence that provides for it and the words in it that decided."""

    measure: str
    strength: int
    score: float
    sentence: str
    cues: tuple[str, ...]


class Recogniser:
    """Codes texts by the lexicon of one corpus."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Use ``lexicon``."""
        self._lexicon = lexicon

    @classmethod
    def load(cls, corpus: Path) -> Recogniser:
        """The recogniser of the corpus in folder ``corpus``.

        Raises:
            KbError: its lexicon is not as described.
        """
        return cls(load_lexicon(corpus))

    def recognise(self, texts: Sequence[str], vectors: np.ndarray | None = None) -> list[tuple[Code, ...]]:
        """The codes of each text, in frame order of first mention; ``vectors`` are not used yet."""
        return [tuple(Code(e.measure, e.strength, "auto", e.score) for e in self.explain(text)) for text in texts]

    def explain(self, text: str, vector: np.ndarray | None = None) -> list[Explanation]:
        """Each measure recognised in ``text`` with its deciding sentence, the strongest when several provide for it."""
        hits = self._lexicon.hits(text)
        found: dict[str, Explanation] = {}
        for start, end in sentences(text):
            inside = [h for h in hits if start <= h.start and h.end <= end]
            for measure in dict.fromkeys(h.measure for h in inside):
                own = [h for h in inside if h.measure == measure]
                score = STRONG if any(h.strong for h in own) else WEAK if len(own) >= NEEDED_HINTS else 0.0
                if not score:
                    continue
                strength = max(self._strength(text, h) for h in own)
                cues = tuple(dict.fromkeys(h.words for h in own))
                made = Explanation(measure, strength, score, text[start:end].strip(), cues)
                known = found.get(measure)
                if known is None or (made.strength, made.score) > (known.strength, known.score):
                    found[measure] = made
        return list(found.values())

    def _strength(self, text: str, hit: Hit) -> int:
        clause = next((m.group() for m in _CLAUSE.finditer(text) if m.start() <= hit.start < m.end()), text)
        folded = key(clause)
        if _QUANTITY.search(folded):
            return 3
        return 2 if self._lexicon.device.search(folded) else 1

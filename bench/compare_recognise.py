"""How well measures are recognised: ``python -m bench.compare_recognise [--speed]``.

Trains and judges as ``python -m kb.compare.train`` does, by regions and documents never seen, against the zero-shot
and the cue-only baselines: more than an hour on two cores, or minutes after that command, whose tunings are
kept. ``--speed`` instead measures how long a library of 10,000 provisions takes to be coded again
after a change of the frame.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.collection import document
from bench.compare_proposal import proposal
from kb.compare.card import HEADS, markdown, measures_table, scores_table
from kb.compare.cues import load_lexicon, stretches
from kb.compare.evaluate import measure
from kb.compare.head import load_head
from kb.compare.train import shown
from kb.compare.tuned import tuned_name
from kb.context import passage
from kb.encoding import is_body, vector_hash, wording
from kb.knowledge import KnowledgeBase
from kb.records import Entry
from kb.settings import CORPUS, settings

PROVISIONS = 10_000
# The log-odds of a measure in a text that does not provide for it.
TYPICAL = 6
NOW = "2026-01-01T00:00:00+08:00"


def recognition() -> str:
    """The tables of the card, and the proposal's findings by the recogniser's codes."""
    lexicon = load_lexicon(CORPUS)
    seen = shown(CORPUS, lexicon)
    measured = measure(lexicon, seen)
    heads = ("举措", "编号", "样例", "精确率", "召回率", "F1")
    return "\n\n".join((
        markdown(HEADS, scores_table(lexicon, seen, measured)),
        markdown(heads, measures_table(seen, measured)),
        proposal(seen, measured),
    ))  # fmt: skip


def recoding(provisions: int = PROVISIONS) -> str:
    """Seconds to code a library of that size again from what is stored; vectors and odds are random, the texts perturbed.
    On a machine that does other things the processor seconds say more."""
    with tempfile.TemporaryDirectory() as folder:
        base = KnowledgeBase(Path(folder), settings().model)
        name, dimension, chance = base.encoding.chosen, base.encoding.dimension, np.random.default_rng(0)
        base.library.put_in_force(name, wording())
        head, layers = load_head(CORPUS), tuned_name(CORPUS)
        number = 0
        while base.library.count() < provisions:
            draft = document(number)
            bodies = [vector_hash(passage(draft.document, p)) if is_body(p) else None for p in draft.provisions]
            keys = [key for key in bodies if key]
            rows = chance.standard_normal((len(keys), dimension)).astype(np.float32)
            base.library.store_vectors(name, keys, rows / np.linalg.norm(rows, axis=1, keepdims=True))
            parts = [vector_hash(part) for p in draft.provisions for part in stretches(p.text)]
            if head and layers:
                odds = chance.standard_normal((len(parts), len(head.measures))) - TYPICAL
                base.library.store_vectors(layers, parts, odds)
            entries = [Entry(p, key) for p, key in zip(draft.provisions, bodies, strict=True)]
            base.library.store(draft.document, draft.text, entries, str(number), NOW)
            number += 1
        begun, worked = time.perf_counter(), time.process_time()
        done = base.recode()
        seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
        base.close()
    return markdown(("重新识别的条款", "秒", "处理器秒"), [(f"{done}", f"{seconds:.1f}", f"{cpu:.1f}")])


def main() -> None:
    """Print the tables."""
    print(recoding() if "--speed" in sys.argv else recognition())


if __name__ == "__main__":
    main()

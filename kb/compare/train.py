"""``python -m kb.compare.train``: makes the recogniser's head, tuned layers and card from the coded examples at hand.

Reads the digests, ``corpus/gold/coded`` and the real texts these point into (``KB_REALDATA``); writes
``corpus/recogniser/head.npz``, ``tuned.npz`` and ``card.md``. The scores of the card are measured on documents and
regions no part of which was in training, and the floors set on such documents, so the layers are tuned once without
these documents, and once without each group of regions: more than an hour on two cores. The first are the ones that
ship, so that what the card says of them holds for them to the letter; the head, made in seconds, learns from all.
Vectors and tunings are kept in the cache, so that a run that was stopped goes on, and a second costs minutes.
"""

from __future__ import annotations

import hashlib
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np

from kb.compare.card import card
from kb.compare.cues import Lexicon, load_lexicon
from kb.compare.evaluate import measure
from kb.compare.fitting import Shown, fit
from kb.compare.frame import load_frame
from kb.compare.gold import REALDATA, Example, coded_examples, digest_examples, written_examples
from kb.compare.head import FILE, save
from kb.compare.tuned import FILE as TUNED
from kb.compare.tuned import Tuned, load_tuned
from kb.compare.tuned import save as save_tuned
from kb.compare.tuning import RECIPE, Bench
from kb.e5 import WEIGHTS
from kb.encode import DEFAULT, load_encoder
from kb.errors import KbError
from kb.settings import settings

log = logging.getLogger(__name__)


def examples_at_hand(corpus: Path) -> tuple[Example, ...]:
    """All coded examples whose texts are at hand.

    Raises:
        KbError: the real texts are not, without which no head worth shipping can be made.
    """
    real = coded_examples(corpus, REALDATA)
    if not real:
        raise KbError(f"没有找到编码所依据的真实文本（{REALDATA}）。请用环境变量 KB_REALDATA 指明其所在文件夹。")
    return (*digest_examples(corpus), *real, *written_examples(corpus))


def shown(corpus: Path, lexicon: Lexicon) -> Shown:
    """The examples at hand with their vectors, from the cache where they are known.

    Raises:
        KbError: texts or model are not at hand.
    """
    examples, measures = examples_at_hand(corpus), load_frame(corpus).measures
    ids = tuple(m.id for m in measures)
    definitions = [f"{m.name}：{m.includes}" for m in measures]
    # Nothing asks what the head makes of practice.
    read = [("", "") if e.practice else (e.text, e.passage) for e in examples]
    texts = [*(text for text, _ in read), *(passage for _, passage in read), *definitions]
    known, n = _vectors(texts), len(examples)
    rows = np.stack([known[text] for text in texts])
    return Shown(
        examples, tuple(lexicon.spots(text) for text, _ in read), rows[:n], rows[n : 2 * n], rows[2 * n :],
        ids, load_encoder(DEFAULT, settings().cache).name, Tunings(examples, ids),
    )  # fmt: skip


class Tunings:
    """Layers tuned to some examples, kept in the cache, and what they say of others."""

    def __init__(self, examples: Sequence[Example], measures: Sequence[str]) -> None:
        """For these examples; nothing is loaded before the first tuning."""
        self._examples, self._measures = examples, measures
        self._present = np.array([[m in e.codes for m in measures] for e in examples])

    def __call__(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Log-odds ``(len(others), measures)`` by layers tuned to the examples ``rows``."""
        return self._bench.read(self.tune(rows), others)

    def tune(self, rows: np.ndarray) -> Tuned:
        """Layers tuned to the examples ``rows``, as they come back after they were saved."""
        path = settings().cache / "tunings" / f"{self._key(rows)}.npz"
        kept = load_tuned(path)
        if kept is None:
            log.info("正在微调（%d 条样例）……", len(rows))
            save_tuned(self._bench.tune(self._present, rows, self._measures), path)
            return self.tune(rows)
        return kept

    @cached_property
    def _bench(self) -> Bench:
        return Bench([e.text for e in self._examples])

    def _key(self, rows: np.ndarray) -> str:
        """What tuning depends on: how it is done, with which model, the measures, and the texts with theirs."""
        taught = [(self._examples[i].text, sorted(self._examples[i].codes)) for i in rows]
        return hashlib.sha256(repr((RECIPE, WEIGHTS.sha256, self._measures, taught)).encode()).hexdigest()[:24]


def _vectors(texts: Sequence[str]) -> Mapping[str, np.ndarray]:
    """A vector for every text, encoded once and kept."""
    encoder = load_encoder(DEFAULT, settings().cache)
    path = settings().cache / "coded-examples.npz"
    kept: dict[str, np.ndarray] = {}
    if path.exists():
        with np.load(path) as data:
            kept = dict(zip(data["keys"].tolist(), data["vectors"], strict=True))
    keys = {text: hashlib.sha256(f"{encoder.name}\n{text}".encode()).hexdigest() for text in texts}
    missing = [text for text in keys if keys[text] not in kept]
    if missing:
        log.info("正在编码 %d 段文本……", len(missing))
        kept.update(zip([keys[t] for t in missing], encoder.passages(missing), strict=True))
        np.savez(path, keys=np.array(list(kept)), vectors=np.stack(list(kept.values())))
    return {text: kept[key] for text, key in keys.items()}


def main() -> None:
    """Train, measure, write head and card."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    corpus = settings().corpus
    lexicon = load_lexicon(corpus)
    seen = shown(corpus, lexicon)
    log.info("编码样例 %d 条，正在按未读过的文件和地区评测……", len(seen.examples))
    measured = measure(lexicon, seen)
    everything = np.arange(len(seen.examples))
    head = replace(fit(lexicon, seen, everything), thresholds=measured.floors)
    assert isinstance(seen.tuned, Tunings)
    layers = seen.tuned.tune(np.flatnonzero(~seen.unread))
    told = card(lexicon, seen, measured)
    # Nothing is written before everything is made: floors, head and layers belong together.
    paths = [save(head, corpus), corpus / TUNED]
    save_tuned(layers, paths[1])
    (corpus / FILE).with_name("card.md").write_text(told, "utf8")
    log.info("已写入 card.md、%s。", "、".join(f"{p.name}（{p.stat().st_size / 1e6:.1f} MB）" for p in paths))


if __name__ == "__main__":
    try:
        main()
    except KbError as error:
        sys.exit(str(error))

"""``python -m kb.compare.train``: makes the recogniser's head, its tuned layers and its card from the coded examples at hand.

Reads the digests, ``corpus/gold/coded`` and the real texts these point into (``KB_REALDATA``); writes
``corpus/recogniser/head.npz``, ``tuned.npz`` and ``card.md``. The floors are set, and the scores of the card measured, on
documents and regions no part of which was in training, so the layers are tuned once for these documents, once for each
group of regions and once for all: somewhat over an hour on two cores. Vectors, and what each of these said, are kept in
the cache, so that a run that was stopped goes on, and a second costs minutes.
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

from kb.compare import tuned, tuning
from kb.compare.card import card
from kb.compare.cues import Lexicon, load_lexicon
from kb.compare.evaluate import measure
from kb.compare.fitting import Shown, fit
from kb.compare.frame import load_frame
from kb.compare.gold import REALDATA, Example, coded_examples, digest_examples, written_examples
from kb.compare.head import FILE, save
from kb.compare.tuned import Tuned
from kb.compare.tuning import Bench
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
    texts = [*(e.text for e in examples), *(e.passage for e in examples), *definitions]
    known, n = _vectors(texts), len(examples)
    rows = np.stack([known[text] for text in texts])
    return Shown(
        examples, tuple(lexicon.spots(e.text) for e in examples), rows[:n], rows[n : 2 * n], rows[2 * n :],
        ids, load_encoder(DEFAULT, settings().cache).name, Tunings(examples, ids),
    )  # fmt: skip


class Tunings:
    """The tuning of layers to some examples, and what they say of others, kept in the cache."""

    def __init__(self, examples: Sequence[Example], measures: Sequence[str]) -> None:
        """For these examples; nothing is loaded before the first tuning."""
        self._examples, self._measures = examples, measures
        self._present = np.array([[m in e.codes for m in measures] for e in examples])

    def __call__(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Log-odds ``(len(others), measures)`` by layers tuned to the examples ``rows``."""
        path = self._folder / f"{self._key(rows, others)}.npy"
        if not path.exists():
            np.save(path, self._bench.read(self.tune(rows), others))
        return np.asarray(np.load(path))

    def tune(self, rows: np.ndarray) -> Tuned:
        """Layers tuned to the examples ``rows``."""
        log.info("正在微调（%d 条样例）……", len(rows))
        return self._bench.tune(self._present, rows, self._measures)

    @cached_property
    def _bench(self) -> Bench:
        return Bench([e.text for e in self._examples])

    @cached_property
    def _folder(self) -> Path:
        folder = settings().cache / "tunings"
        folder.mkdir(exist_ok=True)
        return folder

    def _key(self, rows: np.ndarray, others: np.ndarray) -> str:
        """What the answer depends on: the texts, their measures, and how layers are tuned."""
        digest = hashlib.sha256(b"".join(Path(module.__file__ or "").read_bytes() for module in (tuned, tuning)))
        for part in (rows, others):
            digest.update(repr([(self._examples[i].text, sorted(self._examples[i].codes)) for i in part]).encode())
        return digest.hexdigest()[:24]


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
    paths = [save(head, corpus), tuned.save(Tunings(seen.examples, seen.measures).tune(everything), corpus)]
    (corpus / FILE).with_name("card.md").write_text(card(lexicon, seen, measured), "utf8")
    log.info("已写入 card.md、%s。", "、".join(f"{p.name}（{p.stat().st_size / 1e6:.1f} MB）" for p in paths))


if __name__ == "__main__":
    try:
        main()
    except KbError as error:
        sys.exit(str(error))

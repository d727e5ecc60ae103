"""Large libraries for the speed bench: real provisions of the corpus, repeated and perturbed, stored as the product stores.

Every provision is made of one to three real ones: their clauses shuffled and some left out, figures and regions
changed, so that texts differ and words keep the frequencies of policy language. Up to ``ENCODED`` provisions have
the model's own vectors; above that, vectors are those of the first with noise, which costs a flat index
the same. Libraries are kept in the cache; an interrupted one goes on where it was.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from kb.context import passage
from kb.corpus import Corpus
from kb.encoding import is_body, vector_hash
from kb.knowledge import KnowledgeBase
from kb.model import Document, Draft, Provision
from kb.records import Entry
from kb.regions import load_regions
from kb.settings import CORPUS

PER_DOCUMENT = 30
ENCODED = 100_000
BATCH = 50
NOW = "2026-01-01T00:00:00+08:00"
_FIGURE = re.compile(r"\d")
_CLAUSE = re.compile(r"[^，。；]+[，。；]?")


@lru_cache(maxsize=1)
def real_texts() -> tuple[str, ...]:
    """The texts of all provisions of the corpus."""
    return tuple(p.text for d in Corpus(CORPUS).documents() for p in d.provisions if is_body(p))


def perturbed(number: int) -> str:
    """The ``number``-th provision: always the same, and unlike any other."""
    chance = random.Random(number)
    clauses = [c for text in chance.sample(real_texts(), chance.choice((1, 2, 2, 3))) for c in _CLAUSE.findall(text)]
    kept = [c for c in clauses if chance.random() > 0.2] or clauses
    chance.shuffle(kept)
    regions = [r.name for r in load_regions()]
    text = _FIGURE.sub(lambda m: str(chance.randint(1, 9)) if chance.random() < 0.5 else m.group(), "".join(kept))
    for name in regions:
        if name in text and chance.random() < 0.5:
            text = text.replace(name, chance.choice(regions))
    return text.rstrip("，；。") + f"（第{number}项）。"


def document(number: int, size: int = PER_DOCUMENT) -> Draft:
    """The ``number``-th document, of ``size`` provisions under five headings."""
    chance = random.Random(-number)
    region = chance.choice(load_regions())
    provisions, text = [], ""
    for ordinal in range(size):
        body = perturbed(number * PER_DOCUMENT + ordinal)
        path = (f"{'一二三四五'[ordinal * 5 // size]}、{chance.choice(('重点任务', '保障措施', '支持政策'))}",)
        provisions.append(
            Provision(ordinal, f"（{ordinal + 1}）", path, "item", body, len(text), len(text) + len(body))
        )
        text += body + "\n"
    issued = f"20{chance.randint(18, 26)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    title = f"{region.name}未来产业发展行动计划（{number}）"
    facts = Document(f"made-{number:06d}", region.name, region.level, title, instrument="行动计划", issued=issued)
    return Draft(facts, text, tuple(provisions))


def make(home: Path, provisions: int, encoded: int = ENCODED) -> KnowledgeBase:
    """The library of that many provisions in ``home``, begun or completed as needed, both indexes in step.

    The first ``encoded`` have the model's own vectors.
    """
    base = KnowledgeBase(home)
    base.encoding.encode(())
    for start in range(base.library.count() // PER_DOCUMENT, provisions // PER_DOCUMENT, BATCH):
        drafts = [document(n) for n in range(start, min(start + BATCH, provisions // PER_DOCUMENT))]
        texts = [passage(d.document, p) for d in drafts for p in d.provisions]
        if start * PER_DOCUMENT < encoded:
            base.encoding.encode(texts)
        else:
            _store_synthetic(base, texts, start, encoded)
        with base.library.transaction():
            for one in drafts:
                base.library.store(one.document, one.text, list(_entries(one)), one.document.id, NOW)
    base.refresh()
    base.vectors.save()
    return base


def _entries(one: Draft) -> Iterator[Entry]:
    return (Entry(p, vector_hash(passage(one.document, p))) for p in one.provisions)


def _store_synthetic(base: KnowledgeBase, texts: Sequence[str], seed: int, encoded: int) -> None:
    chance = np.random.default_rng(seed)
    name = base.encoding.in_force
    first = int(chance.integers(1, max(2, encoded - len(texts))))
    _, vectors = base.library.vectors(name, first, first + len(texts) - 1)
    noisy = vectors + chance.standard_normal(vectors.shape).astype(np.float32) * 0.02
    noisy /= np.linalg.norm(noisy, axis=1, keepdims=True)
    base.library.store_vectors(name, [vector_hash(t) for t in texts], noisy)

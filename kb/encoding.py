"""Giving every provision its vector, with the model in force.

The library remembers the model whose vectors all its provisions have; searches use that one. Another model
chosen in the settings, or another wording of what is encoded (:mod:`kb.context`), comes into force when ``build``
has encoded everything with it, and not before. A killed build goes on where it was, because vectors are kept by
the hash of their text and committed batch by batch.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from kb import context
from kb.context import passage
from kb.encode import Encoder, encoder_name, load_encoder
from kb.library import Library
from kb.model import Provision
from kb.rerank import SecondLook

log = logging.getLogger(__name__)

BATCH = 256
FRAMING = frozenset({"title", "heading", "front", "signature", "cover"})
Progress = Callable[[int, int, str], None]


def is_body(provision: Provision) -> bool:
    """Whether a provision says something of its own (headings, titles and signatures do not)."""
    return provision.kind not in FRAMING and bool(provision.text.strip())


def vector_hash(text: str) -> str:
    """The key of a text's vector."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def wording() -> str:
    """What changes when something else would be encoded of the same provision."""
    rule = Path(context.__file__).read_bytes() + repr(sorted(FRAMING)).encode()
    return hashlib.sha256(rule).hexdigest()[:12]


class Reader(Protocol):
    """Whatever says of each text a row of numbers."""

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Float32 ``(len(texts), numbers)``."""


class Encoding:
    """The vectors of one library: which model is in force, and what has still to be encoded."""

    def __init__(self, library: Library, model: str, cache: Path) -> None:
        """For ``library``, with ``model`` chosen in the settings; encoders load when first used."""
        self._library, self._model, self.cache = library, model, cache
        self._encoders: dict[str, Encoder] = {}
        self._second_looks: dict[str, SecondLook] = {}
        self._lock = threading.Lock()
        self._warned = False

    @property
    def chosen(self) -> str:
        """The name of the model the settings ask for."""
        return encoder_name(self._model)

    @property
    def in_force(self) -> str:
        """The name of the model whose vectors all provisions have; the chosen one while there are none."""
        name = (self._library.count() and self._library.model) or self.chosen
        if name != self.chosen and not self._warned:
            self._warned = True
            log.warning(
                "知识库的向量是用模型 %s 建立的，设定的模型 %s 尚未启用，暂按前者检索。运行 python ingest.py build 完成更换。",
                name, self.chosen,
            )  # fmt: skip
        return name

    def encoder(self, name: str) -> Encoder:
        """The encoder of that name.

        Raises:
            KbError: the model cannot be obtained.
        """
        with self._lock:
            if name not in self._encoders:
                self._encoders[name] = load_encoder(self._model if name == self.chosen else name, self.cache)
            return self._encoders[name]

    def second_look(self) -> SecondLook:
        """The second look with the model in force; it remembers what it read.

        Raises:
            KbError: the model cannot be obtained, or gives no vectors of pieces.
        """
        name = self.in_force
        if name not in self._second_looks:
            self._second_looks[name] = SecondLook(self.encoder(name))
        return self._second_looks[name]

    @property
    def dimension(self) -> int:
        """The length of the vectors in force; the model is loaded only when there are none yet."""
        return self._library.dimension(self.in_force) or self.encoder(self.in_force).dimension

    def settle(self, progress: Progress | None = None) -> bool:
        """Give every provision held a sound vector of the chosen model and wording, then put these in force.

        Returns whether vectors already in force were mended, so that an index made of them is to be made anew.

        Raises:
            KbError: the model cannot be obtained.
        """
        name, library = self.chosen, self._library
        damaged = library.damaged_vectors(name)
        library.drop_vectors(name, damaged)
        current = (library.model, library.wording) == (name, wording())
        ids = library.unencoded(name) if current else sorted(library.provision_ids())
        changed: list[tuple[int, str | None]] = []
        for start in range(0, len(ids), BATCH):
            changed += self._encode_held(name, ids[start : start + BATCH])
            if progress:
                progress(min(start + BATCH, len(ids)), len(ids), "正在编码已有条款")
        if changed or not current:
            library.put_in_force(name, wording(), changed)
        return current and bool(damaged or ids)

    def _encode_held(self, name: str, ids: Sequence[int]) -> list[tuple[int, str | None]]:
        """Encode these provisions; those whose vector is now another than registered, with its hash."""
        documents = self._library.catalogue().documents
        registered, changed, texts = self._library.vector_keys(ids), [], {}
        for held in self._library.held(ids):
            text = passage(documents[held.document_id], held.provision) if is_body(held.provision) else None
            key = text and vector_hash(text)
            if text and key:
                texts[key] = text
            if key != registered[held.id]:
                changed.append((held.id, key))
        self._encode(name, texts)
        return changed

    def encode(self, texts: Iterable[str], progress: Progress | None = None) -> None:
        """Give every text a vector of the model in force, or, in an empty library, of the chosen one.

        Raises:
            KbError: the model cannot be obtained.
        """
        if not self._library.count() and (self._library.model, self._library.wording) != (self.chosen, wording()):
            self._library.put_in_force(self.chosen, wording())
        self._encode(self.in_force, {vector_hash(t): t for t in texts}, progress)

    def keep(
        self, name: str, reader: Callable[[], Reader], texts: Iterable[str], progress: Progress | None = None
    ) -> None:
        """Keep under ``name`` what another reader says of ``texts``; it is loaded only if some were not read before.

        Raises:
            KbError: it cannot be obtained.
        """
        self._encode(name, {vector_hash(t): t for t in texts}, progress, reader, "正在识别举措")

    def _encode(
        self, name: str, texts: Mapping[str, str], progress: Progress | None = None,
        reader: Callable[[], Reader] | None = None, saying: str = "正在编码条款",
    ) -> None:  # fmt: skip
        """Encode those of ``texts``, by key, that have no vector yet; alike in length together, batch by batch."""
        missing = sorted(self._library.missing_vectors(name, texts), key=lambda key: (len(texts[key]), key))
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            encoder = reader() if reader else self.encoder(name)
            self._library.store_vectors(name, batch, encoder.passages([texts[key] for key in batch]))
            if progress:
                progress(start + len(batch), len(missing), saying)

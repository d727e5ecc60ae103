"""The vector index: FAISS over the library's vectors, exact inner product on fp16 codes.

Goes in: a unit vector and which provisions may answer. Comes out: provision numbers with cosines, best first.
Flat search needs no training and loses nothing; at 384 dimensions a million provisions take some 40 ms.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kb.errors import KbError
from kb.follow import Stamp, merged_changes
from kb.library import Library

log = logging.getLogger(__name__)

CHUNK = 50_000
REWRITE_SHARE = 0.05
REWRITE_LEAST = 500

Span = tuple[int, int]


class VectorIndex:
    """FAISS in memory, following the library; its file is rewritten only when much was replayed."""

    def __init__(self, folder: Path, library: Library, model: str, dimension: int) -> None:
        """Load the file in ``folder`` if it follows ``library`` with vectors of ``model``; else start empty."""
        self._file, self._stamp_file = folder / "vectors.faiss", folder / "vectors.json"
        self._library, self._model, self._dimension = library, model, dimension
        self._lock = threading.RLock()
        self._pending = 0
        self._index, self._generation = self._load()

    def _load(self) -> tuple[Any, int]:
        import faiss

        stamp = Stamp.read(self._stamp_file)
        if stamp and stamp.follows(self._library, self._model) and self._file.exists():
            try:
                index = faiss.read_index(str(self._file))
                if index.d == self._dimension:
                    return index, stamp.generation
            except RuntimeError:
                log.warning("向量索引文件已损坏，正在重建。")
        return self._empty(), 0

    def _empty(self) -> Any:
        import faiss

        flat = faiss.IndexScalarQuantizer(self._dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        return faiss.IndexIDMap(flat)

    def follow(self) -> None:
        """Bring the index up to the library's latest generation.

        Raises:
            KbError: the library lacks vectors of this model for some provisions.
        """
        with self._lock:
            latest = self._library.generation()
            if self._generation == latest:
                return
            for op, first, last in merged_changes(self._library, self._generation):
                self._pending += self._drop(first, last) if op == "remove" or self._generation else 0
                if op == "add":
                    self._pending += self._add(first, last)
            self._generation = latest
            self._check()
            if self._pending > max(REWRITE_LEAST, REWRITE_SHARE * self._index.ntotal):
                self.save()

    def _drop(self, first: int, last: int) -> int:
        import faiss

        return int(self._index.remove_ids(faiss.IDSelectorRange(first, last + 1)))

    def _add(self, first: int, last: int) -> int:
        added = 0
        for start in range(first, last + 1, CHUNK):
            ids, vectors = self._library.vectors(self._model, start, min(start + CHUNK - 1, last))
            if len(ids):
                self._index.add_with_ids(np.ascontiguousarray(vectors), ids)
                added += len(ids)
        return added

    def _check(self) -> None:
        wanted = self._library.count(encoded=True)
        if self._index.ntotal != wanted:
            raise KbError(
                f"向量索引有 {self._index.ntotal} 条，知识库有 {wanted} 条，两者不一致。请运行 python ingest.py build 补齐。"
            )

    def save(self) -> None:
        """Write the file aside, rename it, then its stamp."""
        import faiss

        with self._lock:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            aside = self._file.with_suffix(".aside")
            faiss.write_index(self._index, str(aside))
            aside.replace(self._file)
            Stamp(self._library.stamp, self._model, self._generation).write(self._stamp_file)
            self._pending = 0

    @property
    def dirty(self) -> bool:
        """Whether the file lags behind what is in memory."""
        return self._pending > 0

    def ids(self) -> set[int]:
        """Numbers of the provisions held."""
        import faiss

        return set(faiss.vector_to_array(self._index.id_map).tolist())

    def __len__(self) -> int:
        """Number of vectors held."""
        return int(self._index.ntotal)

    def search(self, vector: np.ndarray, k: int, allowed: Sequence[Span] | None = None) -> list[tuple[int, float]]:
        """The ``k`` provisions nearest to the unit ``vector`` as (number, cosine), best first.

        ``allowed`` are spans of provision numbers that may answer; None means all.
        """
        import faiss

        with self._lock:
            parameters = None
            if allowed is not None:
                bits = np.zeros(max((last for _, last in allowed), default=0) + 1, bool)
                for first, last in allowed:
                    bits[first : last + 1] = True
                packed = np.packbits(bits, bitorder="little")
                selector = faiss.IDSelectorBitmap(packed)
                parameters = faiss.SearchParameters(sel=selector)
            scores, ids = self._index.search(vector[None].astype(np.float32), k, params=parameters)
        return [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]

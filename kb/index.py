"""The vector index: FAISS over the library's vectors, exact inner product on fp16 codes.

Goes in: a unit vector and which provisions may answer. Comes out: provision numbers with cosines, best first.
Flat search needs no training and loses nothing. The vectors lie in parts by provision number: the parts are
searched side by side, and a change touches one part only, however many there are.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from kb.errors import KbError
from kb.follow import Stamp, merged_changes
from kb.library import Library
from kb.records import Span

log = logging.getLogger(__name__)

PART = 65_536
SAVE_AFTER = 2_000


class VectorIndex:
    """FAISS in memory, following the library; its files are rewritten when much was replayed, and on closing."""

    def __init__(self, folder: Path, library: Library, model: str, dimension: int) -> None:
        """Load what ``folder`` holds if it follows ``library`` with vectors of ``model``; else start empty."""
        self._folder, self._library = folder / "vectors", library
        self.model, self._dimension = model, dimension
        self.variant = variant(library, model)
        self._lock = threading.RLock()
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1, "vectors", _one_thread_each)
        self._file_lock = FileLock(str(folder / "vectors.lock"))
        self.generation = self._saved = 0
        self._pending = 0
        self._parts: dict[int, Any] = {}
        self._changed: set[int] = set()
        self._names: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        with self._file_lock:
            self.fault = self._load()
        if self.fault:
            self._saved = -1
            log.warning("向量索引%s，正在重建。", self.fault)

    def _load(self) -> str | None:
        """Read the files; the reason, in Chinese, when there are some that cannot be used."""
        import faiss

        stamp = Stamp.read(self._folder)
        if stamp is None:
            return "没有可用的标记" if self._folder.exists() else None
        if fault := stamp.fault(self._folder, self._library, self.variant):
            return fault
        try:
            parts = {_number(name): faiss.read_index(str(self._folder / name)) for name in stamp.files}
        except (RuntimeError, ValueError):
            return "无法读取"
        if any(part.d != self._dimension for part in parts.values()):
            return "的维数与模型不符"
        self._parts, self._names = parts, list(stamp.files)
        self.generation = self._saved = stamp.generation
        return None

    def examine(self) -> str | None:
        """What is wrong with the files, read whole, in Chinese; None when nothing is."""
        stamp = Stamp.read(self._folder)
        return stamp.fault(self._folder, self._library, self.variant, thorough=True) if stamp else None

    def follow(self) -> None:
        """Bring the index up to the library's latest generation.

        Raises:
            KbError: the library lacks vectors of this model for some provisions.
        """
        with self._lock, self._library.reading():
            latest = self._library.generation()
            if self.generation < latest:
                self.fault = None
                self._replay(latest)
                if len(self) != self._library.count(encoded=True):
                    log.warning("向量索引与知识库条数不符，正在重建。")
                    self._forget()
                    self._replay(latest)
                self._check()
                if self._pending > SAVE_AFTER:
                    self.save()

    def rebuild(self) -> None:
        """Take all vectors from the library anew, and save them.

        Raises:
            KbError: the library lacks vectors of this model for some provisions.
        """
        with self._lock:
            self._forget()
            self.follow()
            self.save()

    def _forget(self) -> None:
        self._parts, self._names, self._changed = {}, [], set()
        self.generation, self._saved = 0, -1

    def _replay(self, latest: int) -> None:
        for op, span in merged_changes(self._library, self.generation):
            for first, last in _by_part(span):
                self._pending += self._drop(first, last) if op == "remove" else self._add(first, last)
        self.generation = latest

    def _drop(self, first: int, last: int) -> int:
        import faiss

        part = self._parts.get(first // PART)
        if part is None:
            return 0
        self._changed.add(first // PART)
        return int(part.remove_ids(faiss.IDSelectorRange(first, last + 1)))

    def _add(self, first: int, last: int) -> int:
        ids, vectors = self._library.vectors(self.model, first, last)
        if len(ids):
            number = first // PART
            self._changed.add(number)
            self._parts.setdefault(number, _empty(self._dimension)).add_with_ids(np.ascontiguousarray(vectors), ids)
        return len(ids)

    def _check(self) -> None:
        wanted = self._library.count(encoded=True)
        held = len(self)
        if held != wanted:
            self._forget()
            raise KbError(
                f"向量索引有 {held} 条，知识库有 {wanted} 条，两者不一致。请运行 python ingest.py build 补齐。"
            )

    def save(self) -> None:
        """Write each part that changed under a new name, then the stamp that names the files; what it names no more
        is deleted last, so that the stamp tells the truth whenever the process is killed. A later state that another
        process saved is left as it is.
        """
        import faiss

        with self._lock, self._file_lock:
            before = Stamp.read(self._folder)
            if before and before.generation > self.generation and self.examine() is None:
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            kept = {_number(name): name for name in self._names if _number(name) not in self._changed}
            fresh = {
                number: f"{number:05d}-{secrets.token_hex(4)}.faiss" for number in self._changed & set(self._parts)
            }
            for number, name in fresh.items():
                faiss.write_index(self._parts[number], str(self._folder / name))
            self._names = sorted({**kept, **fresh}.values())
            stamp = Stamp.of(self._folder, self._names, self._library, self.variant, self.generation, before)
            stamp.write(self._folder)
            for path in self._folder.glob("*.faiss"):
                if path.name not in self._names:
                    path.unlink()
            self._changed, self._pending, self._saved = set(), 0, self.generation

    @property
    def dirty(self) -> bool:
        """Whether the files lag behind what is in memory."""
        return self.generation != self._saved

    def ids(self) -> set[int]:
        """Numbers of the provisions held."""
        import faiss

        with self._lock:
            return {i for part in self._parts.values() for i in faiss.vector_to_array(part.id_map).tolist()}

    def stored(self, first: int) -> tuple[np.ndarray, np.ndarray]:
        """Ids and float32 vectors, by id, of the part that the provision ``first`` lies in, as they are compared."""
        import faiss

        part = self._parts.get(first // PART) or _empty(self._dimension)
        ids = faiss.vector_to_array(part.id_map)
        codes = faiss.vector_to_array(faiss.downcast_index(part.index).codes).view(np.float16)
        order = np.argsort(ids)
        return ids[order], codes.reshape(-1, self._dimension)[order].astype(np.float32)

    def __len__(self) -> int:
        """Number of vectors held."""
        return sum(int(part.ntotal) for part in self._parts.values())

    def search(self, vector: np.ndarray, k: int, allowed: Iterable[Span] | None = None) -> list[tuple[int, float]]:
        """The ``k`` provisions nearest to the unit ``vector`` as (number, cosine), best first.

        ``allowed`` are spans of provision numbers that may answer; None means all.
        """
        import faiss

        with self._lock:
            bits = None if allowed is None else _bits(list(allowed))
            query = vector[None].astype(np.float32)

            def asked(part: Any) -> Any:
                # each part its own: IndexIDMap writes into the parameters while it searches
                only = None if bits is None else faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
                return part.search(query, k, params=only)

            found = list(self._pool.map(asked, self._parts.values()))
        pairs = [
            (int(i), float(s)) for scores, ids in found for i, s in zip(ids[0], scores[0], strict=True) if i >= 0
        ]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:k]


def variant(library: Library, model: str) -> str:
    """Which vectors an index holds: those of a model, of texts in the library's present wording."""
    return f"{model} {library.wording}"


def _one_thread_each() -> None:
    import faiss

    faiss.omp_set_num_threads(1)


def _empty(dimension: int) -> Any:
    import faiss

    flat = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    return faiss.IndexIDMap(flat)


def _number(name: str) -> int:
    return int(name.partition("-")[0])


def _by_part(span: Span) -> Iterable[Span]:
    first, last = span
    while first <= last:
        end = min(last, (first // PART + 1) * PART - 1)
        yield first, end
        first = end + 1


def _bits(allowed: list[Span]) -> np.ndarray:
    """One bit a provision number, set within the spans, as FAISS reads them."""
    steps = np.zeros(max((last for _, last in allowed), default=0) + 2, np.int32)
    if allowed:
        np.add.at(steps, [first for first, _ in allowed], 1)
        np.add.at(steps, [last + 1 for _, last in allowed], -1)
    return np.packbits(np.cumsum(steps)[:-1] > 0, bitorder="little")

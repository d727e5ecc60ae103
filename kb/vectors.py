"""The library's vectors, kept by model and hash of the text, each with a checksum.

A text that is added again, moved or held twice has its vector already. Vectors no provision refers to any more
are kept, for the day the text comes back.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

import numpy as np

from kb.database import Database
from kb.records import chunks, marks


class VectorTable(Database):
    """What the library does with vectors."""

    @property
    def model(self) -> str | None:
        """The encoder whose vectors every provision has, the one searches use; None before the first vector."""
        return self.meta("model")

    @property
    def wording(self) -> str:
        """The version of the rule that says what is encoded of a provision (:mod:`kb.context`)."""
        return self.meta("wording") or ""

    def missing_vectors(self, model: str, hashes: Iterable[str]) -> set[str]:
        """Those of ``hashes`` that have no vector of ``model`` yet."""
        missing = set(hashes)
        for chunk in chunks(sorted(missing)):
            rows = self._db.execute(
                f"SELECT hash FROM vector WHERE model=? AND hash IN ({marks(chunk)})", (model, *chunk)
            )
            missing.difference_update(r[0] for r in rows)
        return missing

    def unencoded(self, model: str) -> list[int]:
        """Numbers of the provisions that should have a vector of ``model`` and have none."""
        return [r[0] for r in self._db.execute(
            "SELECT p.id FROM provision p LEFT JOIN vector v ON v.model=? AND v.hash=p.vector"
            " WHERE p.vector IS NOT NULL AND v.hash IS NULL ORDER BY p.id", (model,))]  # fmt: skip

    def store_vectors(self, model: str, hashes: Sequence[str], vectors: np.ndarray) -> None:
        """Keep float32 ``(len(hashes), dimension)`` rows as fp16 with their checksums, committed at once."""
        data = [v.astype(np.float16).tobytes() for v in vectors]
        rows = [(model, h, d, _checksum(h, d)) for h, d in zip(hashes, data, strict=True)]
        with self.transaction():
            self._db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?, ?)", rows)

    def vectors(self, model: str, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """Ids and float32 vectors of the provisions ``first``–``last`` still held, by id."""
        rows = self._db.execute(
            "SELECT p.id, v.data FROM provision p JOIN vector v ON v.model=? AND v.hash=p.vector"
            " WHERE p.id BETWEEN ? AND ? ORDER BY p.id",
            (model, first, last),
        ).fetchall()
        ids = np.array([r[0] for r in rows], np.int64)
        data = np.frombuffer(b"".join(r[1] for r in rows), np.float16).astype(np.float32)
        return ids, data.reshape(len(rows), -1) if rows else data.reshape(0, 0)

    def vectors_of(self, model: str, hashes: Sequence[str]) -> dict[str, np.ndarray]:
        """The float32 vectors of ``model`` kept under these hashes."""
        found: dict[str, np.ndarray] = {}
        for chunk in chunks(list(hashes)):
            rows = self._db.execute(
                f"SELECT hash, data FROM vector WHERE model=? AND hash IN ({marks(chunk)})", (model, *chunk)
            )
            found.update((r[0], np.frombuffer(r[1], np.float16).astype(np.float32)) for r in rows)
        return found

    def dimension(self, model: str) -> int | None:
        """The length of the vectors of ``model``; None when there are none."""
        row = self._db.execute("SELECT length(data) FROM vector WHERE model=? LIMIT 1", (model,)).fetchone()
        return None if row is None else int(row[0]) // 2

    def damaged_vectors(self, model: str) -> set[str]:
        """Hashes whose vector of ``model`` no longer has the checksum it was stored with."""
        rows = self._db.execute("SELECT hash, data, crc FROM vector WHERE model=?", (model,))
        return {r[0] for r in rows if _checksum(r[0], r[1]) != r[2]}

    def drop_vectors(self, model: str, hashes: Iterable[str]) -> None:
        """Forget these vectors, to have them made anew."""
        with self.transaction():
            self._db.executemany("DELETE FROM vector WHERE model=? AND hash=?", [(model, h) for h in hashes])


def _checksum(key: str, data: bytes) -> int:
    """Of a vector as the vector of that text: one that stands under another's hash is noticed too."""
    return zlib.crc32(data, zlib.crc32(key.encode()))

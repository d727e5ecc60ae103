"""The library: one SQLite file, the one source of truth. Everything else is derived from it.

Goes in: documents with their provisions, codes and vectors. Comes out: the plain values of :mod:`kb.model`.
A document enters in one transaction, together with its entry in the journal that the search indexes follow;
vectors are stored by content before, so no provision is ever without one and a killed build loses nothing.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from kb.errors import KbError
from kb.fold import fold
from kb.model import Attestation, Code, Document, Held, Provision, SnapshotRecord, Target

SCHEMA_VERSION = 1
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE document (
  id TEXT PRIMARY KEY, region TEXT NOT NULL, level TEXT NOT NULL, instrument TEXT, known_since TEXT, number_key TEXT,
  fingerprint TEXT NOT NULL, facts TEXT NOT NULL, text TEXT NOT NULL, added TEXT NOT NULL,
  first INTEGER, last INTEGER);
CREATE INDEX document_number ON document(number_key);
CREATE TABLE provision (
  id INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL REFERENCES document(id),
  ordinal INTEGER NOT NULL, label TEXT NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL, start INTEGER NOT NULL,
  "end" INTEGER NOT NULL, duty TEXT, source TEXT, certainty TEXT, words TEXT NOT NULL, vector TEXT,
  UNIQUE (document_id, ordinal));
CREATE TABLE vector (model TEXT NOT NULL, hash TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (model, hash))
  WITHOUT ROWID;
CREATE TABLE code (
  provision_id INTEGER NOT NULL REFERENCES provision(id) ON DELETE CASCADE, measure TEXT NOT NULL,
  strength INTEGER NOT NULL, origin TEXT NOT NULL, score REAL NOT NULL, PRIMARY KEY (provision_id, measure));
CREATE TABLE target (
  provision_id INTEGER NOT NULL REFERENCES provision(id) ON DELETE CASCADE, facts TEXT NOT NULL);
CREATE INDEX target_provision ON target(provision_id);
CREATE TABLE attestation (id TEXT PRIMARY KEY, facts TEXT NOT NULL);
CREATE TABLE snapshot (
  sha256 TEXT NOT NULL, document_id TEXT NOT NULL, name TEXT NOT NULL, url TEXT, headers TEXT NOT NULL,
  size INTEGER NOT NULL, taken TEXT NOT NULL, PRIMARY KEY (sha256, document_id));
CREATE TABLE history (
  document_id TEXT NOT NULL, replaced TEXT NOT NULL, facts TEXT NOT NULL, text TEXT NOT NULL, record TEXT NOT NULL);
CREATE TABLE journal (
  generation INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL);
"""


@dataclass(frozen=True)
class Entry:
    """One provision ready to be stored: its index words, the hash of its vector, its codes and targets.

    ``vector`` is None for headings and other framing, which are found as written but not by meaning.
    """

    provision: Provision
    words: str
    vector: str | None
    codes: tuple[Code, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True)
class Change:
    """One journal entry: provisions ``first`` to ``last`` were added or removed."""

    generation: int
    op: Literal["add", "remove"]
    first: int
    last: int


class Library:
    """The verbs on the SQLite file. Only this class writes it; writers are serialised by the caller's lock."""

    def __init__(self, path: Path) -> None:
        """Open the library at ``path``, creating it if absent.

        Raises:
            KbError: the file is not a library of this version, or is damaged.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._db = sqlite3.connect(path, check_same_thread=False, timeout=30, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA foreign_keys=ON")
            self._create_or_check()
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise KbError(
                f"知识库文件 {path} 已损坏或不是知识库。请移走该文件后运行 python ingest.py build 重建。"
            ) from error

    def _create_or_check(self) -> None:
        if self._db.execute("SELECT 1 FROM sqlite_master WHERE name='meta'").fetchone() is None:
            with self._transaction():
                for statement in SCHEMA.split(";"):
                    self._db.execute(statement)
                self._set("schema", str(SCHEMA_VERSION))
                self._set("stamp", uuid.uuid4().hex)
        if self.meta("schema") != str(SCHEMA_VERSION):
            raise KbError(f"知识库 {self.path} 由其他版本建立。请移走该文件后运行 python ingest.py build 重建。")

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def meta(self, key: str) -> str | None:
        """A stored fact about the library itself."""
        row = self._db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Store a fact about the library itself."""
        with self._transaction():
            self._set(key, value)

    def _set(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def stamp(self) -> str:
        """The library's own identity: an index with another stamp belongs to another library."""
        return self.meta("stamp") or ""

    # -- vectors ------------------------------------------------------------------------------------------

    def missing_vectors(self, model: str, hashes: Iterable[str]) -> set[str]:
        """Those of ``hashes`` that have no vector of ``model`` yet."""
        missing = set(hashes)
        for chunk in _chunks(sorted(missing)):
            marks = ",".join("?" * len(chunk))
            rows = self._db.execute(f"SELECT hash FROM vector WHERE model=? AND hash IN ({marks})", (model, *chunk))
            missing.difference_update(r[0] for r in rows)
        return missing

    def store_vectors(self, model: str, hashes: Sequence[str], vectors: np.ndarray) -> None:
        """Keep float32 ``(len(hashes), dimension)`` rows as fp16, committed at once."""
        rows = [(model, h, v.astype(np.float16).tobytes()) for h, v in zip(hashes, vectors, strict=True)]
        with self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", rows)

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

    # -- documents ----------------------------------------------------------------------------------------

    def fingerprints(self) -> dict[str, str]:
        """Document id to the fingerprint of what was stored under it."""
        return {r[0]: r[1] for r in self._db.execute("SELECT id, fingerprint FROM document")}

    def store(
        self, document: Document, text: str, entries: Sequence[Entry], fingerprint: str, now: str
    ) -> Literal["added", "replaced", "unchanged"]:
        """Put ``document`` in, replacing the one of the same id (which goes to the history); one transaction.

        ``now`` is the time of entry, ISO 8601.
        """
        old = self._db.execute("SELECT fingerprint FROM document WHERE id=?", (document.id,)).fetchone()
        if old is not None and old[0] == fingerprint:
            return "unchanged"
        with self._transaction():
            if old is not None:
                self._archive(document.id, now)
                self._delete(document.id)
            facts = json.dumps(dataclasses.asdict(document), ensure_ascii=False)
            self._db.execute(
                "INSERT INTO document VALUES (?,?,?,?,?,?,?,?,?,?,NULL,NULL)",
                (document.id, document.region, document.level, document.instrument, document.known_since, number_key(document.doc_number),
                 fingerprint, facts, text, now),
            )  # fmt: skip
            ids = [self._insert(document.id, entry) for entry in entries]
            if ids:
                self._db.execute("UPDATE document SET first=?, last=? WHERE id=?", (ids[0], ids[-1], document.id))
                self._log("add", ids[0], ids[-1])
        return "replaced" if old is not None else "added"

    def _insert(self, document_id: str, entry: Entry) -> int:
        p = entry.provision
        cursor = self._db.execute(
            'INSERT INTO provision (document_id, ordinal, label, path, kind, start, "end", duty, source, certainty,'
            " words, vector) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (document_id, p.ordinal, p.label, json.dumps(p.path, ensure_ascii=False), p.kind, p.start, p.end, p.duty,
             p.source, p.certainty, entry.words, entry.vector),
        )  # fmt: skip
        number = int(cursor.lastrowid or 0)
        self._db.executemany(
            "INSERT INTO code VALUES (?,?,?,?,?)",
            [(number, c.measure, c.strength, c.origin, c.score) for c in entry.codes],
        )
        self._db.executemany(
            "INSERT INTO target VALUES (?,?)",
            [(number, json.dumps(dataclasses.asdict(t), ensure_ascii=False)) for t in entry.targets],
        )
        return number

    def _archive(self, document_id: str, now: str) -> None:
        row = self._db.execute("SELECT facts, text FROM document WHERE id=?", (document_id,)).fetchone()
        record = [
            {
                "label": h.provision.label,
                "path": h.provision.path,
                "text": h.provision.text,
                "source": h.provision.source,
            }
            for h in self.provisions(document_id)
        ]
        self._db.execute(
            "INSERT INTO history VALUES (?,?,?,?,?)",
            (document_id, now, row["facts"], row["text"], json.dumps(record, ensure_ascii=False)),
        )

    def _delete(self, document_id: str) -> None:
        first, last = self._db.execute("SELECT first, last FROM document WHERE id=?", (document_id,)).fetchone()
        self._db.execute("DELETE FROM provision WHERE document_id=?", (document_id,))
        self._db.execute("DELETE FROM document WHERE id=?", (document_id,))
        if first is not None:
            self._log("remove", first, last)

    def _log(self, op: str, first: int, last: int) -> None:
        self._db.execute("INSERT INTO journal (op, first, last) VALUES (?,?,?)", (op, first, last))

    def remove(self, document_id: str, now: str) -> None:
        """Take a document out; what it said stays in the history.

        Raises:
            KbError: no such document.
        """
        self.document(document_id)
        with self._transaction():
            self._archive(document_id, now)
            self._delete(document_id)

    def document(self, document_id: str) -> Document:
        """The document of that id.

        Raises:
            KbError: no such document.
        """
        row = self._db.execute("SELECT facts FROM document WHERE id=?", (document_id,)).fetchone()
        if row is None:
            raise KbError(f"文库中没有编号为“{document_id}”的文件。可用 python ingest.py list 查看全部编号。")
        return _document(row[0])

    def documents(self) -> list[Document]:
        """All documents, in the order they came in."""
        return [_document(r[0]) for r in self._db.execute("SELECT facts FROM document ORDER BY rowid")]

    def text(self, document_id: str) -> str:
        """The body text of a document that is held."""
        return str(self._db.execute("SELECT text FROM document WHERE id=?", (document_id,)).fetchone()[0])

    def history(self, document_id: str) -> list[tuple[str, Document, str]]:
        """What was replaced or removed under that id: time, document and text, latest first."""
        rows = self._db.execute(
            "SELECT replaced, facts, text FROM history WHERE document_id=? ORDER BY rowid DESC", (document_id,)
        )
        return [(r["replaced"], _document(r["facts"]), r["text"]) for r in rows]

    # -- provisions ---------------------------------------------------------------------------------------

    def provisions(self, document_id: str) -> list[Held]:
        """All provisions of a document in order, with codes and targets."""
        ids = [r[0] for r in self._db.execute(
            "SELECT id FROM provision WHERE document_id=? ORDER BY ordinal", (document_id,))]  # fmt: skip
        return self.held(ids)

    def held(self, ids: Sequence[int]) -> list[Held]:
        """The provisions with these numbers, in this order; numbers no longer held are left out."""
        found: dict[int, Held] = {}
        for chunk in _chunks(list(ids)):
            found.update(self._held_chunk(chunk))
        return [found[i] for i in ids if i in found]

    def coded(self, documents: Sequence[str]) -> list[Held]:
        """The provisions of these documents that carry a code or a target, in document order."""
        ids: list[int] = []
        for chunk in _chunks(list(documents)):
            marks = ",".join("?" * len(chunk))
            ids += [r[0] for r in self._db.execute(
                f"SELECT p.id FROM provision p WHERE p.document_id IN ({marks}) AND (EXISTS (SELECT 1 FROM code c"
                " WHERE c.provision_id=p.id) OR EXISTS (SELECT 1 FROM target t WHERE t.provision_id=p.id))",
                tuple(chunk))]  # fmt: skip
        return self.held(sorted(ids))

    def _held_chunk(self, ids: Sequence[int]) -> dict[int, Held]:
        marks = ",".join("?" * len(ids))
        codes: dict[int, list[Code]] = {}
        for row in self._db.execute(f"SELECT * FROM code WHERE provision_id IN ({marks}) ORDER BY rowid", tuple(ids)):
            code = Code(row["measure"], row["strength"], row["origin"], row["score"])
            codes.setdefault(row["provision_id"], []).append(code)
        targets: dict[int, list[Target]] = {}
        for row in self._db.execute(
            f"SELECT * FROM target WHERE provision_id IN ({marks}) ORDER BY rowid", tuple(ids)
        ):
            targets.setdefault(row["provision_id"], []).append(Target(**json.loads(row["facts"])))
        rows = self._db.execute(
            'SELECT p.*, substr(d.text, p.start+1, p."end"-p.start) AS text FROM provision p'
            f" JOIN document d ON d.id=p.document_id WHERE p.id IN ({marks})",
            tuple(ids),
        )
        return {
            r["id"]: Held(
                r["id"],
                r["document_id"],
                _provision(r),
                tuple(codes.get(r["id"], ())),
                tuple(targets.get(r["id"], ())),
            )
            for r in rows
        }

    def words(self, first: int, last: int) -> Iterator[sqlite3.Row]:
        """Rows ``id, document_id, words, path, label, vector, text`` of the provisions ``first``–``last`` still held."""
        return iter(self._db.execute(
            'SELECT p.id, p.document_id, p.words, p.path, p.label, p.vector, substr(d.text, p.start+1, p."end"-p.start) AS text'
            " FROM provision p JOIN document d ON d.id=p.document_id WHERE p.id BETWEEN ? AND ? ORDER BY p.id",
            (first, last),
        ))  # fmt: skip

    def spans(self) -> dict[str, tuple[int, int]]:
        """Document id to its first and last provision number; the numbers between are all its own."""
        rows = self._db.execute("SELECT id, first, last FROM document WHERE first IS NOT NULL")
        return {r[0]: (r[1], r[2]) for r in rows}

    def count(self, encoded: bool = False) -> int:
        """Number of provisions held, or of those that carry a vector."""
        return int(self._db.execute(f"SELECT count({'vector' if encoded else '*'}) FROM provision").fetchone()[0])

    def counts(self) -> dict[str, int]:
        """Document id to its number of provisions."""
        return dict(self._db.execute("SELECT document_id, count(*) FROM provision GROUP BY document_id").fetchall())

    def provision_ids(self, encoded: bool = False) -> list[int]:
        """Numbers of all provisions held, or of those that carry a vector."""
        where = " WHERE vector IS NOT NULL" if encoded else ""
        return [r[0] for r in self._db.execute("SELECT id FROM provision" + where)]

    def has_vector_key(self, provision_id: int) -> bool:
        """Whether a provision is registered to carry a vector."""
        row = self._db.execute("SELECT vector FROM provision WHERE id=?", (provision_id,)).fetchone()
        return row is not None and row[0] is not None

    def numbered(self, number: str) -> list[str]:
        """Ids of the documents whose 发文字号 is ``number``, however its brackets are typed."""
        rows = self._db.execute("SELECT id FROM document WHERE number_key=? ORDER BY rowid", (number_key(number),))
        return [r[0] for r in rows]

    # -- journal, attestations, snapshots -----------------------------------------------------------------

    def generation(self) -> int:
        """The number of the latest change."""
        return int(self._db.execute("SELECT coalesce(max(generation), 0) FROM journal").fetchone()[0])

    def changes(self, after: int) -> list[Change]:
        """Journal entries later than generation ``after``."""
        rows = self._db.execute("SELECT * FROM journal WHERE generation>? ORDER BY generation", (after,))
        return [Change(r["generation"], r["op"], r["first"], r["last"]) for r in rows]

    def set_attestations(self, attestations: Sequence[Attestation]) -> None:
        """Replace all attestations."""
        rows = [(a.id, json.dumps(dataclasses.asdict(a), ensure_ascii=False)) for a in attestations]
        with self._transaction():
            self._db.execute("DELETE FROM attestation")
            self._db.executemany("INSERT INTO attestation VALUES (?,?)", rows)

    def attestations(self) -> list[Attestation]:
        """All attestations by id."""
        return [
            Attestation(**json.loads(r[0])) for r in self._db.execute("SELECT facts FROM attestation ORDER BY id")
        ]

    def store_snapshot(self, record: SnapshotRecord) -> None:
        """Note that an original is kept."""
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO snapshot VALUES (?,?,?,?,?,?,?)",
                (record.sha256, record.document_id, record.name, record.url,
                 json.dumps(dict(record.headers)), record.size, record.taken),
            )  # fmt: skip

    def snapshots(self, document_id: str | None = None) -> list[SnapshotRecord]:
        """Originals of one document, or of all."""
        where, values = ("", ()) if document_id is None else (" WHERE document_id=?", (document_id,))
        return [
            SnapshotRecord(r["sha256"], r["document_id"], r["name"], r["url"], r["size"], r["taken"],
                           json.loads(r["headers"]))
            for r in self._db.execute("SELECT * FROM snapshot" + where + " ORDER BY taken", values)
        ]  # fmt: skip

    def integrity(self) -> str:
        """SQLite's own verdict, ``ok`` when sound."""
        return str(self._db.execute("PRAGMA quick_check").fetchone()[0])


def number_key(number: str | None) -> str | None:
    """A 发文字号 without brackets, spaces and 第/号, so that 渝府办发〔2024〕75号 and 渝府办发(2024)75号 are one."""
    return re.sub(r"[\W_]|第|号", "", fold(number)) or None if number else None


def _chunks(values: Sequence[Any], size: int = 900) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _document(facts: str) -> Document:
    row = json.loads(facts)
    return Document(**{**row, "mirrors": tuple(row["mirrors"])})


def _provision(row: sqlite3.Row) -> Provision:
    return Provision(
        row["ordinal"], row["label"], tuple(json.loads(row["path"])), row["kind"], row["text"], row["start"], row["end"],
        row["duty"], row["source"], row["certainty"],
    )  # fmt: skip

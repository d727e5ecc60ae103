"""The library's SQLite file: its tables, its connections, its transactions.

Every thread has a connection of its own, so that the page's threads read side by side; SQLite's write-ahead
log shows each reader the last complete state and lets one writer in at a time.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import KbError

SCHEMA_VERSION = 3
WAIT_SECONDS = 30
# what keeps a sound file from being opened
_NOT_ITS_FAULT = frozenset({
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
})  # fmt: skip
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
  "end" INTEGER NOT NULL, duty TEXT, source TEXT, certainty TEXT, vector TEXT,
  UNIQUE (document_id, ordinal));
CREATE TABLE vector (
  model TEXT NOT NULL, hash TEXT NOT NULL, data BLOB NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY (model, hash))
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
  generation INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL, document_id TEXT NOT NULL, first INTEGER,
  last INTEGER, provisions INTEGER NOT NULL, encoded INTEGER NOT NULL, token TEXT NOT NULL);
"""
# Came after the first libraries of this version were made; they get it when they are opened.
LATER = """
CREATE TABLE IF NOT EXISTS revision (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, subject TEXT NOT NULL, words TEXT NOT NULL,
  item TEXT NOT NULL, value INTEGER NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, undone TEXT);
"""


class _Connection(sqlite3.Connection):
    """A connection that can be referred to weakly, so that it ends with its thread."""


class Database:
    """The file at ``path`` with its schema; statements run on the calling thread's own connection."""

    def __init__(self, path: Path) -> None:
        """Open the library at ``path``, creating it if absent.

        Raises:
            KbError: the file is not a library of this version, is damaged, or cannot be opened or made.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise KbError(f"不能建立目录 {path.parent}（{error.strerror}）。请检查路径和权限。") from error
        self.path = path
        self._thread = threading.local()
        self._connections: weakref.WeakSet[_Connection] = weakref.WeakSet()
        try:
            self._create_or_check()
        except sqlite3.DatabaseError as error:
            self.close()
            # errors raised by Python's module itself (text that is no UTF-8) carry no code
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOT_ITS_FAULT:
                raise KbError(
                    f"打不开知识库文件 {path}（{error}）。请检查权限和磁盘空间；若别的程序正在写入，请稍候再试。"
                ) from error
            raise KbError(
                f"知识库文件 {path} 已损坏或不是知识库。请移走该文件后运行 python ingest.py build 重建。"
            ) from error

    @property
    def _db(self) -> _Connection:
        connection: _Connection | None = getattr(self._thread, "connection", None)
        if connection is None:
            connection = self._thread.connection = self._connect()
        return connection

    def _connect(self) -> _Connection:
        connection = sqlite3.connect(
            self.path, check_same_thread=False, timeout=WAIT_SECONDS, isolation_level=None, factory=_Connection
        )
        self._connections.add(connection)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    def _create_or_check(self) -> None:
        if not self._created():
            with self.transaction():
                if not self._created():
                    for statement in SCHEMA.split(";"):
                        self._db.execute(statement)
                    self.set_meta("schema", str(SCHEMA_VERSION))
        if self.meta("schema") != str(SCHEMA_VERSION):
            self.close()
            raise KbError(f"知识库 {self.path} 由其他版本建立。请移走该文件后运行 python ingest.py build 重建。")
        self._db.execute(LATER)

    def _created(self) -> bool:
        return self._db.execute("SELECT 1 FROM sqlite_master WHERE name='meta'").fetchone() is not None

    def close(self) -> None:
        """Release the file, in all threads."""
        for connection in list(self._connections):
            connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept together or not at all; transactions may be nested."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All that is read inside is of one state, whatever others write meanwhile."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")

    def meta(self, key: str) -> str | None:
        """A stored fact about the library itself."""
        row = self._db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Store a fact about the library itself."""
        with self.transaction():
            self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def integrity(self) -> str:
        """SQLite's own verdict, ``ok`` when sound."""
        try:
            return str(self._db.execute("PRAGMA quick_check").fetchone()[0])
        except sqlite3.DatabaseError as error:
            return str(error)

    def orphans(self) -> list[tuple[str, int]]:
        """Records that refer to nothing: table and row."""
        return [(str(row[0]), int(row[1])) for row in self._db.execute("PRAGMA foreign_key_check")]

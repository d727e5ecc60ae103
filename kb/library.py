"""The library: one SQLite file, the one source of truth. Everything else is derived from it.

Goes in: documents with their provisions, codes and vectors. Comes out: the plain values of :mod:`kb.model`.
A document enters in one transaction, together with its entry in the journal that the search indexes follow;
vectors are stored by content before, so no provision is ever without one and a killed build loses nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from kb.errors import KbError
from kb.model import Attestation, Code, Document, Held, Revision, SnapshotRecord, Target
from kb.records import (
    Catalogue,
    Entry,
    Memory,
    Span,
    Totals,
    as_json,
    chunks,
    document_of,
    marks,
    number_key,
    provision_of,
    record_of,
    snapshot_of,
)
from kb.revisions import Corrections, RevisionTable, revised, words_hash


class Library(RevisionTable):
    """The verbs on the SQLite file. Only this class writes it; writers are serialised by the caller's lock."""

    def __init__(self, path: Path) -> None:
        """Open the library at ``path``, creating it if absent.

        Raises:
            KbError: the file is not a library of this version, or is damaged.
        """
        super().__init__(path)
        self._catalogue = Catalogue()
        self._remembered: tuple[Corrections, str | None, Memory] = ({}, None, Memory())

    # -- documents ----------------------------------------------------------------------------------------

    def fingerprints(self) -> dict[str, str]:
        """Document id to the fingerprint of what was stored under it."""
        return {r[0]: r[1] for r in self._db.execute("SELECT id, fingerprint FROM document")}

    def fingerprint(self, document_id: str) -> str | None:
        """The fingerprint of what is stored under that id; None when nothing is."""
        row = self._db.execute("SELECT fingerprint FROM document WHERE id=?", (document_id,)).fetchone()
        return None if row is None else str(row[0])

    def store(
        self, document: Document, text: str, entries: Sequence[Entry], fingerprint: str, now: str
    ) -> Literal["added", "replaced", "unchanged"]:
        """Put ``document`` in, replacing the one of the same id (which goes to the history); one transaction.

        ``now`` is the time of entry, ISO 8601.
        """
        with self.transaction():
            old = self.fingerprint(document.id)
            if old == fingerprint:
                return "unchanged"
            if old is not None:
                self._archive(document.id, now)
                self._delete(document.id)
            self._db.execute(
                "INSERT INTO document VALUES (?,?,?,?,?,?,?,?,?,?,NULL,NULL)",
                (document.id, document.region, document.level, document.instrument, document.known_since,
                 number_key(document.doc_number), fingerprint, as_json(document), text, now),
            )  # fmt: skip
            ids = [self._insert(document.id, entry) for entry in entries]
            span = (ids[0], ids[-1]) if ids else None
            self._db.execute("UPDATE document SET first=?, last=? WHERE id=?", (*(span or (None, None)), document.id))
            self._log("add", document.id, span, Totals(len(ids), sum(e.vector is not None for e in entries)))
        return "replaced" if old is not None else "added"

    def _insert(self, document_id: str, entry: Entry) -> int:
        p = entry.provision
        cursor = self._db.execute(
            'INSERT INTO provision (document_id, ordinal, label, path, kind, start, "end", duty, source, certainty,'
            " vector) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (document_id, p.ordinal, p.label, json.dumps(p.path, ensure_ascii=False), p.kind, p.start, p.end, p.duty,
             p.source, p.certainty, entry.vector),
        )  # fmt: skip
        number = int(cursor.lastrowid or 0)
        self._db.executemany(
            "INSERT INTO code VALUES (?,?,?,?,?)",
            [(number, c.measure, c.strength, c.origin, c.score) for c in entry.codes],
        )
        self._db.executemany("INSERT INTO target VALUES (?,?)", [(number, as_json(t)) for t in entry.targets])
        return number

    def _archive(self, document_id: str, now: str) -> None:
        row = self._db.execute("SELECT facts, text FROM document WHERE id=?", (document_id,)).fetchone()
        record = record_of(self.provisions(document_id, anew=True))
        self._db.execute(
            "INSERT INTO history VALUES (?,?,?,?,?)", (document_id, now, row["facts"], row["text"], record)
        )

    def _delete(self, document_id: str) -> None:
        first, last = self._db.execute("SELECT first, last FROM document WHERE id=?", (document_id,)).fetchone()
        gone = self._db.execute("SELECT count(*), count(vector) FROM provision WHERE document_id=?", (document_id,))
        provisions, encoded = gone.fetchone()
        self._db.execute("DELETE FROM provision WHERE document_id=?", (document_id,))
        self._db.execute("DELETE FROM document WHERE id=?", (document_id,))
        self._log("remove", document_id, _span(first, last), Totals(-provisions, -encoded))

    def recode(self, codes: Mapping[int, Sequence[Code]], fingerprints: Mapping[str, str], coding: str) -> None:
        """Give provisions, by number, other codes, and their documents the fingerprints that go with these.

        ``coding`` is what the codes were made by; whatever was remembered under another is read again.
        """
        rows = [(n, c.measure, c.strength, c.origin, c.score) for n, own in codes.items() for c in own]
        self._renew("code", codes, rows, fingerprints, ("recogniser", coding))

    def renew_goals(self, goals: Mapping[int, Sequence[Target]], fingerprints: Mapping[str, str], rules: str) -> None:
        """The same with goals, read by ``rules``."""
        rows = [(n, as_json(t)) for n, own in goals.items() for t in own]
        self._renew("target", goals, rows, fingerprints, ("goals", rules))

    def _renew(
        self, table: str, numbers: Collection[int], rows: Sequence[tuple[Any, ...]], fingerprints: Mapping[str, str],
        made_by: tuple[str, str],
    ) -> None:  # fmt: skip
        """Let ``rows`` be all that ``table`` holds of the provisions ``numbers``."""
        with self.transaction():
            self._db.executemany(f"DELETE FROM {table} WHERE provision_id=?", [(number,) for number in numbers])
            if rows:
                self._db.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)
            self._db.executemany(
                "UPDATE document SET fingerprint=? WHERE id=?", [(f, i) for i, f in fingerprints.items()]
            )
            self.set_meta(*made_by)
            if numbers:
                self._log("add", "", None, Totals())

    def remove(self, document_id: str, now: str) -> None:
        """Take a document out; what it said stays in the history.

        Raises:
            KbError: no such document.
        """
        with self.transaction():
            self.document(document_id)
            self._archive(document_id, now)
            self._delete(document_id)

    def document(self, document_id: str) -> Document:
        """The document of that id.

        Raises:
            KbError: no such document.
        """
        row = self._db.execute("SELECT facts FROM document WHERE id=?", (document_id,)).fetchone()
        if row is None:
            raise KbError(
                f"文库中没有编号为“{document_id}”的文件，可能已被移除；请在文库中查看现有文件（命令行用 list）。"
            )
        return document_of(row[0])

    def documents(self) -> list[Document]:
        """All documents, in the order they came in."""
        return list(self.catalogue().documents.values())

    def catalogue(self) -> Catalogue:
        """All documents and their provision numbers; kept in memory, of which only what changed is read again."""
        with self.reading():
            known, latest = self._catalogue, self.generation()
            if known.token != self.token(known.generation):
                known = Catalogue()
            if known.generation == latest:
                return known
            changed = {c.document_id for c in self.changes(known.generation)}
            documents = {i: d for i, d in known.documents.items() if i not in changed}
            spans = {i: s for i, s in known.spans.items() if i not in changed}
            rows = [r for chunk in chunks(sorted(changed)) for r in self._db.execute(
                f"SELECT rowid, id, facts, first, last FROM document WHERE id IN ({marks(chunk)})", chunk)]  # fmt: skip
            for row in sorted(rows, key=lambda r: int(r["rowid"])):
                documents[row["id"]] = document_of(row["facts"])
                if row["first"] is not None:
                    spans[row["id"]] = (row["first"], row["last"])
            fresh = Catalogue(latest, self.token(latest), documents, spans)
            self._catalogue = fresh
        return fresh

    def text(self, document_id: str) -> str:
        """The body text of a document that is held."""
        return str(self._db.execute("SELECT text FROM document WHERE id=?", (document_id,)).fetchone()[0])

    def saying(self, words: str) -> list[tuple[str, str]]:
        """Ids and texts of the documents whose text has ``words``."""
        found = self._db.execute("SELECT id, text FROM document WHERE instr(text, ?)", (words,))
        return [(r["id"], r["text"]) for r in found]

    def history(self, document_id: str) -> list[tuple[str, Document, str]]:
        """What was replaced or removed under that id: time, document and text, latest first."""
        rows = self._db.execute(
            "SELECT replaced, facts, text FROM history WHERE document_id=? ORDER BY rowid DESC", (document_id,)
        )
        return [(r["replaced"], document_of(r["facts"]), r["text"]) for r in rows]

    # -- provisions ---------------------------------------------------------------------------------------

    def provisions(self, document_id: str, anew: bool = False) -> list[Held]:
        """All provisions of a document in order, with codes and targets; ``anew`` as they were stored, from the file
        whatever is remembered and whatever users corrected."""
        ids = [r[0] for r in self._db.execute(
            "SELECT id FROM provision WHERE document_id=? ORDER BY ordinal", (document_id,))]  # fmt: skip
        return self._read(ids, {}) if anew else self._recalled(ids)

    def held(self, ids: Sequence[int]) -> list[Held]:
        """The provisions with these numbers, in this order; numbers no longer held are left out."""
        return self._read(ids, self.corrections())

    def _read(self, ids: Sequence[int], corrections: Corrections) -> list[Held]:
        found: dict[int, Held] = {}
        for chunk in chunks(list(ids)):
            found.update(self._held_chunk(chunk, corrections))
        return [found[i] for i in ids if i in found]

    def _recalled(self, ids: Sequence[int]) -> list[Held]:
        """The provisions ``ids``, known to be held, from memory where it was made under the same corrections and coding."""
        corrections, coding, remembered = self.corrections(), self._reading(), self._remembered
        if remembered[0] is not corrections or remembered[1] != coding:
            self._remembered = remembered = (corrections, coding, Memory())
        return remembered[2](ids, lambda missing: self._read(missing, corrections))

    def _reading(self) -> str:
        """By what the codes and goals held were read."""
        return f"{self.meta('recogniser')} {self.meta('goals')}"

    def coded(self, documents: Sequence[str]) -> list[Held]:
        """The provisions of these documents that carry a code or a target, in document order."""
        ids: list[int] = []
        for chunk in chunks(list(documents)):
            ids += [r[0] for r in self._db.execute(
                f"SELECT p.id FROM provision p WHERE p.document_id IN ({marks(chunk)}) AND (EXISTS (SELECT 1 FROM code c"
                " WHERE c.provision_id=p.id) OR EXISTS (SELECT 1 FROM target t WHERE t.provision_id=p.id))",
                tuple(chunk))]  # fmt: skip
        spans, corrected = self.spans(), self.corrections().keys() & set(documents)
        ids += [i for d in corrected if d in spans for i in range(spans[d][0], spans[d][1] + 1)]
        return [h for h in self._recalled(sorted(set(ids))) if h.codes or h.targets]

    def _held_chunk(self, ids: Sequence[int], corrections: Corrections) -> dict[int, Held]:
        places = f"({marks(ids)})"
        codes: dict[int, list[Code]] = {}
        for row in self._db.execute(f"SELECT * FROM code WHERE provision_id IN {places} ORDER BY rowid", tuple(ids)):
            code = Code(row["measure"], row["strength"], row["origin"], row["score"])
            codes.setdefault(row["provision_id"], []).append(code)
        targets: dict[int, list[Target]] = {}
        for row in self._db.execute(
            f"SELECT * FROM target WHERE provision_id IN {places} ORDER BY rowid", tuple(ids)
        ):
            targets.setdefault(row["provision_id"], []).append(Target(**json.loads(row["facts"])))
        rows = self._db.execute(
            'SELECT p.*, substr(d.text, p.start+1, p."end"-p.start) AS text FROM provision p'
            f" JOIN document d ON d.id=p.document_id WHERE p.id IN {places}",
            tuple(ids),
        )
        return {
            r["id"]: Held(
                r["id"], r["document_id"], provision_of(r),
                _corrected(codes.get(r["id"], ()), corrections.get(r["document_id"]), r["text"]),
                tuple(targets.get(r["id"], ())),
            )
            for r in rows
        }  # fmt: skip

    def texts(self, first: int, last: int) -> Iterator[sqlite3.Row]:
        """Rows ``id, document_id, path, label, vector, text`` of the provisions ``first``–``last`` still held."""
        return iter(self._db.execute(
            'SELECT p.id, p.document_id, p.path, p.label, p.vector, substr(d.text, p.start+1, p."end"-p.start) AS text'
            " FROM provision p JOIN document d ON d.id=p.document_id WHERE p.id BETWEEN ? AND ? ORDER BY p.id",
            (first, last),
        ))  # fmt: skip

    def spans(self) -> Mapping[str, Span]:
        """Document id to its first and last provision number; the numbers between are all its own."""
        return self.catalogue().spans

    def count(self, encoded: bool = False) -> int:
        """Number of provisions held, or of those that carry a vector."""
        return self.totals().encoded if encoded else self.totals().provisions

    def counts(self) -> dict[str, int]:
        """Document id to its number of provisions."""
        return dict(self._db.execute("SELECT document_id, count(*) FROM provision GROUP BY document_id").fetchall())

    def provision_ids(self, encoded: bool = False) -> list[int]:
        """Numbers of all provisions held, or of those that carry a vector."""
        where = " WHERE vector IS NOT NULL" if encoded else ""
        return [r[0] for r in self._db.execute("SELECT id FROM provision" + where)]

    def measures(self) -> set[str]:
        """Ids of all measures provisions are coded with."""
        return {r[0] for r in self._db.execute("SELECT DISTINCT measure FROM code")}

    def vector_keys(self, ids: Sequence[int]) -> dict[int, str | None]:
        """Under which hash the vector of each of these provisions is kept; None for framing, which has none."""
        keys: dict[int, str | None] = {}
        for chunk in chunks(list(ids)):
            keys.update(
                self._db.execute(f"SELECT id, vector FROM provision WHERE id IN ({marks(chunk)})", chunk).fetchall()
            )
        return keys

    def numbered(self, number: str) -> list[str]:
        """Ids of the documents whose 发文字号 is ``number``, however its brackets are typed; of every 令第179号 or
        〔2024〕75号, if it does not say whose."""
        key = number_key(number)
        ends = (
            "substr(number_key, -length(?1)) = ?1"
            if key and (key[0].isdigit() or key.startswith(("令", "公告")))
            else "number_key = ?1"
        )
        rows = self._db.execute(f"SELECT id FROM document WHERE {ends} ORDER BY rowid", (key,))
        return [r[0] for r in rows]

    # -- journal, attestations, snapshots -----------------------------------------------------------------

    def journalled(self) -> dict[str, Span | None]:
        """Document id to its provision numbers (None: it has none) as the journal tells it, which indexes follow."""
        told: dict[str, Span | None] = {}
        for change in self.changes(0):
            told.pop(change.document_id, None)
            if change.op == "add" and change.document_id:
                told[change.document_id] = _span(change.first, change.last)
        return told

    def tabled(self) -> dict[str, Span | None]:
        """The same as the documents themselves tell it."""
        return {r[0]: _span(r[1], r[2]) for r in self._db.execute("SELECT id, first, last FROM document")}

    def recount(self) -> Totals:
        """How many provisions are held, counted anew."""
        return Totals(*self._db.execute("SELECT count(*), count(vector) FROM provision").fetchone())

    def put_in_force(self, model: str, wording: str, keys: Sequence[tuple[int, str | None]] = ()) -> None:
        """Let searches use the vectors of ``model`` for that wording; all of them must be there by now.

        ``keys`` are numbers of provisions whose vector is from now on another, with its hash.
        """
        with self.transaction():
            self._db.executemany("UPDATE provision SET vector=? WHERE id=?", [(key, i) for i, key in keys])
            self.set_meta("model", model)
            self.set_meta("wording", wording)
            if keys:
                real, now = self.recount(), self.totals()
                self._log("add", "", None, Totals(0, real.encoded - now.encoded))

    def mend(self) -> bool:
        """Make the journal agree with what is held and drop records of nothing; whether anything was amiss."""
        with self.transaction():
            orphans = self.orphans()
            for table, row in orphans:
                self._db.execute(f'DELETE FROM "{table}" WHERE rowid=?', (row,))
            told, held = self.journalled(), self.tabled()
            wrong = [i for i in {**told, **held} if told.get(i, ()) != held.get(i, ())]
            for document_id in wrong:
                if document_id in told:
                    self._log("remove", document_id, told[document_id], Totals())
                if document_id in held:
                    self._log("add", document_id, held[document_id], Totals())
            now, real = self.totals(), self.recount()
            if now != real:
                more = Totals(real.provisions - now.provisions, real.encoded - now.encoded)
                self._log("add", "", None, more)
        return bool(orphans or wrong or now != real)

    def set_attestations(self, attestations: Sequence[Attestation]) -> None:
        """Replace all attestations; journalled where any changes, so that whatever was remembered is made again."""
        rows = [(a.id, as_json(a)) for a in attestations]
        if sorted(rows) == sorted(tuple(r) for r in self._db.execute("SELECT id, facts FROM attestation")):
            return
        with self.transaction():
            self._log("add", "", None, Totals())
            self._db.execute("DELETE FROM attestation")
            self._db.executemany("INSERT INTO attestation VALUES (?,?)", rows)

    def attestations(self) -> list[Attestation]:
        """All attestations by id."""
        rows = self._db.execute("SELECT facts FROM attestation ORDER BY id")
        return [Attestation(**json.loads(r[0])) for r in rows]

    def made_of(self, sha256: str) -> list[str]:
        """Ids of the documents held whose latest original this is."""
        rows = self._db.execute(
            "SELECT d.id FROM snapshot s JOIN document d ON d.id=s.document_id WHERE s.sha256=? AND s.rowid="
            "(SELECT max(rowid) FROM snapshot WHERE document_id=s.document_id) ORDER BY d.rowid",
            (sha256,),
        )
        return [r[0] for r in rows]

    def store_snapshot(self, record: SnapshotRecord) -> None:
        """Note that an original is kept."""
        with self.transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO snapshot VALUES (?,?,?,?,?,?,?)",
                (record.sha256, record.document_id, record.name, record.url,
                 json.dumps(dict(record.headers)), record.size, record.taken),
            )  # fmt: skip

    def snapshots(self, document_id: str | None = None) -> list[SnapshotRecord]:
        """Originals of one document, or of all."""
        where, values = ("", ()) if document_id is None else (" WHERE document_id=?", (document_id,))
        return [
            snapshot_of(r) for r in self._db.execute("SELECT * FROM snapshot" + where + " ORDER BY taken", values)
        ]


def _corrected(
    codes: Sequence[Code], of_document: Mapping[str, Mapping[str, Revision]] | None, text: str
) -> tuple[Code, ...]:
    corrections = of_document.get(words_hash(text)) if of_document else None
    return revised(codes, corrections) if corrections else tuple(codes)


def _span(first: int | None, last: int | None) -> Span | None:
    return None if first is None or last is None else (first, last)

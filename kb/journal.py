"""The library's journal: every change bears a number and a mark, by which indexes and memories know what they hold."""

from __future__ import annotations

import secrets
from contextlib import closing

from kb.records import Change, Op, Span, Totals
from kb.vectors import VectorTable


class Journal(VectorTable):
    """What the library does with its journal."""

    def generation(self) -> int:
        """The number of the latest change."""
        return int(self._db.execute("SELECT coalesce(max(generation), 0) FROM journal").fetchone()[0])

    def token(self, generation: int) -> str:
        """The mark of that change, which no other library and no other history of this one has; empty for none."""
        row = self._db.execute("SELECT token FROM journal WHERE generation=?", (generation,)).fetchone()
        return "" if row is None else str(row[0])

    def knows(self, generation: int, token: str) -> bool:
        """Whether the change of that number bears that mark; also when it came after the state being read here."""
        if generation <= self.generation():
            return self.token(generation) == token
        with closing(self._connect()) as newest:
            row = newest.execute("SELECT token FROM journal WHERE generation=?", (generation,)).fetchone()
        return row is not None and row[0] == token

    def changes(self, after: int) -> list[Change]:
        """Journal entries later than generation ``after``."""
        rows = self._db.execute(
            "SELECT generation, op, document_id, first, last FROM journal WHERE generation>? ORDER BY generation",
            (after,),
        )
        return [Change(*r) for r in rows]

    def totals(self) -> Totals:
        """How many provisions are held, as the journal keeps count."""
        row = self._db.execute("SELECT provisions, encoded FROM journal ORDER BY generation DESC LIMIT 1").fetchone()
        return Totals(*row) if row else Totals()

    def _log(self, op: Op, document_id: str, span: Span | None, more: Totals) -> None:
        now = self.totals()
        first, last = span or (None, None)
        self._db.execute(
            "INSERT INTO journal (op, document_id, first, last, provisions, encoded, token) VALUES (?,?,?,?,?,?,?)",
            (op, document_id, first, last, now.provisions + more.provisions, now.encoded + more.encoded,
             secrets.token_hex(8)),
        )  # fmt: skip

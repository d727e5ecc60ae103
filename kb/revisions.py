"""What users corrected (用户修订), kept apart from what it corrects: it can be taken back, and stays when a document
is replaced or taken out and added again, for all provisions that still say the same.

A correction of a code belongs to a document and the words of a provision, one of the PMC index to a region and a
variable; the latest that was not taken back holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from kb.errors import KbError
from kb.fold import squeeze
from kb.journal import Journal
from kb.model import Code, Revision
from kb.records import Totals

# document → words of a provision → measure → the correction that holds
Corrections = Mapping[str, Mapping[str, Mapping[str, Revision]]]
_COLUMNS = "id, kind, subject, words, item, value, who, at, undone"


def words_hash(text: str) -> str:
    """What a provision's words are known by, blanks aside."""
    return hashlib.sha256(squeeze(text).encode()).hexdigest()


def revised(codes: Sequence[Code], corrections: Mapping[str, Revision]) -> tuple[Code, ...]:
    """``codes`` as the user corrected them: those taken away left out, those added last."""
    kept = [c if c.measure not in corrections else _code(corrections[c.measure]) for c in codes]
    known = {c.measure for c in codes}
    added = [_code(r) for measure, r in corrections.items() if measure not in known]
    return tuple(c for c in (*kept, *added) if c.strength)


def _code(revision: Revision) -> Code:
    return Code(revision.item, revision.value, "user", 1.0, revision.who, revision.at)


class RevisionTable(Journal):
    """What the library does with corrections; each is journalled, so that whatever was remembered is made again."""

    _known: tuple[tuple[int, int], Corrections] = ((0, 0), {})

    def revise(
        self, kind: Literal["code", "pmc"], subject: str, words: str, item: str, value: int, who: str, at: str
    ) -> Revision:
        """Note a correction by ``who`` at the time ``at``; fields as in :class:`kb.model.Revision`."""
        with self.transaction():
            cursor = self._db.execute(
                "INSERT INTO revision (kind, subject, words, item, value, who, at) VALUES (?,?,?,?,?,?,?)",
                (kind, subject, words, item, value, who, at),
            )
            self._log("add", "", None, Totals())
        return Revision(int(cursor.lastrowid or 0), kind, subject, words, item, value, who, at)

    def take_back(self, number: int, at: str) -> Revision:
        """Undo the correction of that number: what held before it holds again.

        Raises:
            KbError: there is none, or it was taken back already.
        """
        with self.transaction():
            found = [r for r in self.revisions() if r.id == number and r.undone is None]
            if not found:
                raise KbError(f"没有编号为 {number} 的用户修订，或它已被撤销。")
            self._db.execute("UPDATE revision SET undone=? WHERE id=?", (at, number))
            self._log("add", "", None, Totals())
        return replace(found[0], undone=at)

    def hand_on(self, old: str, new: str, at: str) -> None:
        """Let the corrections of document ``old`` that hold be those of ``new``, which is the same under another id;
        what was corrected later in ``new`` itself stays."""
        with self.transaction():
            standing = [r for r in self.revisions() if r.undone is None]
            later = {(r.kind, r.words, r.item): r.at for r in standing if r.subject == new}
            for r in [r for r in standing if r.subject == old]:
                self._db.execute("UPDATE revision SET undone=? WHERE id=?", (at, r.id))
                if later.get((r.kind, r.words, r.item), "") <= r.at:
                    self.revise(r.kind, new, r.words, r.item, r.value, r.who, r.at)

    def revisions(self) -> list[Revision]:
        """All corrections in the order they were made, those taken back included."""
        return [Revision(*r) for r in self._db.execute(f"SELECT {_COLUMNS} FROM revision ORDER BY id")]

    def corrections(self) -> Corrections:
        """The corrections of codes that hold; the same object as long as none came or went."""
        row = self._db.execute("SELECT count(*), count(undone) FROM revision").fetchone()
        stamp, known = (int(row[0]), int(row[1])), self._known
        if known[0] != stamp:
            made: dict[str, dict[str, dict[str, Revision]]] = {}
            for one in self.revisions():
                if one.kind == "code" and one.undone is None:
                    made.setdefault(one.subject, {}).setdefault(one.words, {})[one.item] = one
            self._known = known = (stamp, made)
        return known[1]

    def scores(self, region: str) -> dict[str, Revision]:
        """The corrections of the PMC index of ``region`` that hold, by variable."""
        return {
            r.item: r for r in self.revisions() if (r.kind, r.subject, r.undone) == ("pmc", region, None)
        }  # fmt: skip

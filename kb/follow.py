"""How a search index keeps up with the library: a stamp beside it says which library and how far.

An index is a cache. One whose stamp names another library, another variant (model, word list) or a later
generation than the library has is stale and is rebuilt; one that is behind replays the journal, which is
idempotent, so that a crash between writing and stamping does no harm.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kb.library import Library


@dataclass(frozen=True)
class Stamp:
    """Which library an index follows, in which variant, and the last generation it holds."""

    library: str
    variant: str
    generation: int

    @classmethod
    def read(cls, path: Path) -> Stamp | None:
        """The stamp at ``path``; None when absent or unreadable, both meaning: rebuild."""
        try:
            return cls(**json.loads(path.read_text("utf8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Put the stamp at ``path`` by renaming, so that it is never half written."""
        aside = path.with_suffix(".aside")
        aside.write_text(json.dumps(asdict(self)), "utf8")
        aside.replace(path)

    def follows(self, library: Library, variant: str) -> bool:
        """Whether an index so stamped may be brought up to date by the journal of ``library``."""
        return (self.library, self.variant) == (library.stamp, variant) and self.generation <= library.generation()


def merged_changes(library: Library, after: int) -> list[tuple[str, int, int]]:
    """The changes later than ``after`` as (op, first, last), runs of additions joined into one."""
    merged: list[tuple[str, int, int]] = []
    for change in library.changes(after):
        if merged and change.op == "add" and merged[-1][0] == "add" and merged[-1][2] + 1 == change.first:
            merged[-1] = ("add", merged[-1][1], change.last)
        else:
            merged.append((change.op, change.first, change.last))
    return merged

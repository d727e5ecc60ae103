"""How a search index keeps up with the library: a stamp in its folder says how far it got, and with which files.

An index is a cache. One made in another variant (model, word list), at a state this library's journal does not
know (another library, or one restored from a backup), or whose files are not those it was stamped with, is
rebuilt; one that is only behind replays the journal.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kb.library import Library
from kb.records import Op, Span

NAME = "stamp.json"
EDGE = 65_536
# The one reason to rebuild that is no fault: the model or the word list was changed on purpose.
OTHER_VARIANT = "是用另一模型或词表建立的"


@dataclass(frozen=True)
class FileMark:
    """How a file is known again: its size, the checksum of its two ends (cheap) and of all of it (sure)."""

    size: int
    edges: int
    whole: int

    @classmethod
    def of(cls, path: Path) -> FileMark:
        """The mark of the file at ``path``."""
        whole = 0
        with path.open("rb") as file:
            while piece := file.read(16 * EDGE):
                whole = zlib.crc32(piece, whole)
        return cls(path.stat().st_size, _edges(path), whole)


def _edges(path: Path) -> int:
    with path.open("rb") as file:
        head = file.read(EDGE)
        file.seek(max(0, path.stat().st_size - EDGE))
        return zlib.crc32(file.read(EDGE), zlib.crc32(head))


@dataclass(frozen=True)
class Stamp:
    """What an index folder holds: the variant, the last generation with its token, and the files."""

    variant: str
    generation: int
    token: str
    files: Mapping[str, FileMark]

    @classmethod
    def read(cls, folder: Path) -> Stamp | None:
        """The stamp in ``folder``; None when absent or unreadable, both meaning: rebuild."""
        try:
            content = json.loads((folder / NAME).read_text("utf8"))
            files = {name: FileMark(**mark) for name, mark in content.pop("files").items()}
            return cls(**content, files=files)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    @classmethod
    def of(
        cls, folder: Path, names: Iterable[str], library: Library, variant: str, generation: int, before: Stamp | None
    ) -> Stamp:
        """The stamp for these files in ``folder``; those of the same size and ends as ``before`` are not read again."""
        known = before.files if before else {}
        return cls(variant, generation, library.token(generation), {
            name: known[name] if _same(folder / name, known.get(name)) else FileMark.of(folder / name) for name in names
        })  # fmt: skip

    def write(self, folder: Path) -> None:
        """Put the stamp into ``folder`` by renaming, so that it is never half written."""
        aside = folder / (NAME + ".aside")
        aside.write_text(json.dumps(asdict(self)), "utf8")
        aside.replace(folder / NAME)

    def fault(self, folder: Path, library: Library, variant: str, thorough: bool = False) -> str | None:
        """Why the index in ``folder`` cannot be brought up to date from the journal, in Chinese; None if it can.

        Opening looks at sizes and ends of the files; ``thorough`` reads them whole.
        """
        if self.variant != variant:
            return OTHER_VARIANT
        if not library.knows(self.generation, self.token):
            return "属于另一个知识库或已恢复的旧版本"
        for name, mark in self.files.items():
            path = folder / name
            if not path.is_file():
                return f"缺少文件 {name}"
            if not _same(path, mark) or (thorough and FileMark.of(path) != mark):
                return f"的文件 {name} 不完整或被改动过"
        return None


def _same(path: Path, mark: FileMark | None) -> bool:
    return mark is not None and path.stat().st_size == mark.size and _edges(path) == mark.edges


def merged_changes(library: Library, after: int) -> list[tuple[Op, Span]]:
    """The changes later than ``after``, each with the provision numbers it touches, runs of additions joined."""
    merged: list[tuple[Op, Span]] = []
    for change in library.changes(after):
        if change.first is None or change.last is None:
            continue
        before = merged[-1] if merged else None
        if before and before[0] == change.op == "add" and before[1][1] + 1 == change.first:
            merged[-1] = ("add", (before[1][0], change.last))
        else:
            merged.append((change.op, (change.first, change.last)))
    return merged

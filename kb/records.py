"""What goes into the library and comes out of it, between the plain values of :mod:`kb.model` and rows."""

from __future__ import annotations

import dataclasses
import json
import re
import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeVar

from kb.fold import fold
from kb.model import Code, Document, Held, Provision, SnapshotRecord, Target

Span = tuple[int, int]
Op = Literal["add", "remove"]
T = TypeVar("T")
MOST_REMEMBERED = 200_000


@dataclass(frozen=True)
class Entry:
    """One provision ready to be stored: the hash of its vector, its codes and targets.

    ``vector`` is None for headings and other framing, which are found as written but not by meaning.
    """

    provision: Provision
    vector: str | None
    codes: tuple[Code, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True)
class Change:
    """One journal entry: a document came in or went out, with its provisions ``first`` to ``last`` (None: it has none)."""

    generation: int
    op: Op
    document_id: str
    first: int | None
    last: int | None


@dataclass(frozen=True)
class Totals:
    """How many provisions the library holds, and how many of them carry a vector."""

    provisions: int = 0
    encoded: int = 0


@dataclass(frozen=True)
class Catalogue:
    """All documents of one generation, by id in the order they came in, and the provision numbers of each.

    ``token`` is the journal's mark of that generation, by which a memory of another history is recognised.
    """

    generation: int = 0
    token: str = ""
    documents: Mapping[str, Document] = field(default_factory=dict)
    spans: Mapping[str, Span] = field(default_factory=dict)

    @cached_property
    def _by_number(self) -> list[tuple[int, int, str]]:
        return sorted((first, last, document_id) for document_id, (first, last) in self.spans.items())

    def owner(self, number: int) -> str | None:
        """The document the provision of that number stands in; None when it is no longer held."""
        place = bisect_right(self._by_number, number, key=lambda span: span[0]) - 1
        if place < 0 or number > self._by_number[place][1]:
            return None
        return self._by_number[place][2]


def number_key(number: str | None) -> str | None:
    """A 发文字号 without brackets, spaces and 第/号, so that 渝府办发〔2024〕75号 and 渝府办发(2024)75号 are one."""
    return re.sub(r"[\W_]|第|号", "", fold(number)) or None if number else None


def chunks(values: Sequence[T], size: int = 900) -> Iterator[Sequence[T]]:
    """``values`` in runs short enough to be the parameters of one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def marks(values: Sequence[Any]) -> str:
    """As many question marks as ``values``, for an ``IN`` clause."""
    return ",".join("?" * len(values))


def as_json(value: Any) -> str:
    """A dataclass as the JSON it is stored as."""
    return json.dumps(dataclasses.asdict(value), ensure_ascii=False)


def document_of(facts: str) -> Document:
    """The document stored as ``facts``."""
    row = json.loads(facts)
    return Document(**{**row, "mirrors": tuple(row["mirrors"])})


def provision_of(row: sqlite3.Row) -> Provision:
    """The provision in a row that carries its ``text`` too."""
    return Provision(
        row["ordinal"], row["label"], tuple(json.loads(row["path"])), row["kind"], row["text"], row["start"], row["end"],
        row["duty"], row["source"], row["certainty"],
    )  # fmt: skip


def snapshot_of(row: sqlite3.Row) -> SnapshotRecord:
    """The note of an original in a row."""
    return SnapshotRecord(row["sha256"], row["document_id"], row["name"], row["url"], row["size"], row["taken"],
                          json.loads(row["headers"]))  # fmt: skip


def record_of(held: Sequence[Held]) -> str:
    """What the history keeps of a document's provisions."""
    return json.dumps(
        [{"label": h.provision.label, "path": h.provision.path, "text": h.provision.text, "source": h.provision.source}
         for h in held],
        ensure_ascii=False,
    )  # fmt: skip


class Memory:
    """Provisions that were read before. A number always means the same words, so they never grow stale."""

    def __init__(self) -> None:
        """Nothing is remembered yet."""
        self._kept: dict[int, Held] = {}

    def __call__(self, ids: Sequence[int], read: Callable[[Sequence[int]], Iterable[Held]]) -> list[Held]:
        """The provisions ``ids``, known to be held: from memory, else by ``read``."""
        if len(self._kept) > MOST_REMEMBERED:
            self._kept = {}
        kept = self._kept
        kept.update((h.id, h) for h in read([i for i in ids if i not in kept]))
        return [kept[i] for i in ids if i in kept]

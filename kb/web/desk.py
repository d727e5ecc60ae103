"""What all visitors of the page share: the knowledge base and the comparisons made from its present state.

A :class:`Choice` is what an address of the page asks for, so that every view can be opened again. Comparisons
are values made from the library alone; the cache forgets them when the library moves on.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

from kb.compare.force import latest_first
from kb.compare.frame import Frame, load_frame
from kb.compare.result import Cell, Column, Comparison, Finding
from kb.errors import KbError
from kb.knowledge import KnowledgeBase
from kb.model import Document, Held
from kb.pins import Collections
from kb.regions import load_regions
from kb.web.markup import address

BASELINE = "重庆"
LEVELS = ("省级", "地市级")
TABLES, DERIVED = 12, 200
Made = TypeVar("Made")
_LISTS = ("peers", "dims", "kinds", "sure")


@dataclass(frozen=True)
class Choice:
    """What to compare and which part to show, as the address says it."""

    baseline: str = BASELINE
    peers: tuple[str, ...] = ()
    as_of: str = ""
    dims: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()
    question: str = ""
    other: str = ""

    @classmethod
    def parse(cls, params: Mapping[str, str]) -> Choice:
        """The choice in an address's parameters; what is missing has its default."""
        given = {f.name: params[f.name] for f in fields(cls) if params.get(f.name)}
        return cls(**{k: tuple(filter(None, v.split(","))) if k in _LISTS else v for k, v in given.items()})  # type: ignore[arg-type]

    def href(self, **more: object) -> str:
        """The address of this choice, with ``more`` parameters; defaults are left out."""
        own = {k: ",".join(v) if k in _LISTS else v for k, v in self.__dict__.items() if v != getattr(Choice(), k)}
        return address(**own, **more)

    def but(self, **changes: object) -> Choice:
        """This choice with some parts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


class Kept:
    """The ``most`` values asked for last, by key. Two who ask for the same wait for each other, others do not."""

    def __init__(self, most: int) -> None:
        """Nothing is kept yet."""
        self._most = most
        self._lock = threading.Lock()
        self._making: dict[object, threading.Lock] = {}
        self._made: dict[object, object] = {}

    def __call__(self, key: object, make: Callable[[], Made]) -> Made:
        """What ``make`` made when it was asked for under ``key``, or makes now."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                made = self._made.pop(key, None)
            made = make() if made is None else made
            with self._lock:
                self._made[key] = made
                for old in list(self._made)[: -self._most]:
                    del self._made[old]
                    self._making.pop(old, None)
            return cast(Made, made)


@dataclass(frozen=True)
class Table:
    """A comparison with its cells and findings at hand by measure and region; ``kept`` holds what was derived from it."""

    comparison: Comparison
    frame: Frame
    kept: Kept = field(default_factory=lambda: Kept(DERIVED), compare=False)

    @cached_property
    def cells(self) -> Mapping[tuple[str, str], Cell]:
        """Cells by measure id and region."""
        return {(c.measure, c.region): c for c in self.comparison.cells}

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """Columns by region."""
        return {c.region: c for c in self.comparison.columns}

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Findings by measure id."""
        return {f.measure.id: f for f in self.comparison.findings}


class Desk:
    """The knowledge base as the page uses it; shared by all sessions, holds nothing of any of them."""

    def __init__(self, base: KnowledgeBase) -> None:
        """Serve ``base``."""
        self.base = base
        self.collections = Collections(base.home / "collections")
        self._scratch = tempfile.TemporaryDirectory(prefix="kb-page-")
        self._tables = Kept(TABLES)

    @property
    def frame(self) -> Frame:
        """The analysis frame."""
        return load_frame(self.base.corpus.folder)

    def table(self, choice: Choice) -> Table:
        """The comparison ``choice`` asks for, from the library as it is now.

        Raises:
            KbError: unknown baseline, peer or date.
        """
        from kb.compare.force import checked_date

        day = checked_date(choice.as_of)
        key = (self.base.library.generation(), choice.baseline, choice.peers, day)
        return self._tables(
            key, lambda: Table(self.base.compare(choice.baseline, self._peers(choice), day), self.frame)
        )

    def _peers(self, choice: Choice) -> list[str]:
        held = {d.region for d in self.base.documents()}
        regions = [r for r in load_regions() if r.name in held and r.name != choice.baseline]
        chosen: list[str] = []
        for peer in choice.peers:
            chosen += [r.name for r in regions if r.level == peer] if peer in LEVELS else [peer]
        if choice.peers and not chosen:  # no peers at all would be taken for all
            raise KbError(f"文库中没有可作对照的{'、'.join(choice.peers)}地区，请另选对照。")
        return list(dict.fromkeys(chosen))

    def documents(self) -> list[Document]:
        """All documents held, by region and date."""
        order = {r.name: i for i, r in enumerate(load_regions())}
        return sorted(
            self.base.documents(),
            key=lambda d: (order.get(d.region, len(order)), latest_first(d.known_since), d.title),
        )

    def document(self, document_id: str) -> Document | None:
        """The document of that id, or None."""
        try:
            return self.base.library.document(document_id)
        except KbError:
            return None

    def provision(self, provision_id: str) -> tuple[Document, Held]:
        """The provision of that number and its document.

        Raises:
            KbError: it is not held, or no longer.
        """
        held = self.base.library.held([int(provision_id)]) if provision_id.isdigit() else []
        if not held:
            raise KbError("文库中已没有这一条款，它所在的文件可能已被移除或更新。")
        return self.base.library.document(held[0].document_id), held[0]

    def provisions(self, ids: Iterable[int]) -> list[tuple[Document, Held]]:
        """The provisions of these numbers that are held, each with its document."""
        documents = {d.id: d for d in self.base.documents()}
        return [(documents[h.document_id], h) for h in self.base.library.held(list(ids))]

    def scratch(self, name: str) -> Path:
        """A path for a file to download, in a folder of its own that goes when the server stops."""
        folder = Path(tempfile.mkdtemp(dir=self._scratch.name))
        return folder / name

"""What all visitors of the page share: the knowledge base and the comparisons made from its present state.

A :class:`Choice` is what an address of the page asks for, so that every view can be opened again. Comparisons
are values made from the library alone; the cache forgets them when the library moves on.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import cast

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
KEPT = 64
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


@dataclass(frozen=True)
class Table:
    """A comparison with its cells and findings at hand by measure and region; ``key`` says which it is."""

    comparison: Comparison
    frame: Frame
    key: tuple[object, ...] = ()

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
        self._lock = threading.Lock()
        self._making: dict[tuple[object, ...], threading.Lock] = {}
        self._made: dict[tuple[object, ...], object] = {}

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
        return cast(Table, self.remember(key, lambda: self._compared(choice, day, key)))

    def _compared(self, choice: Choice, day: str, key: tuple[object, ...]) -> Table:
        return Table(self.base.compare(choice.baseline, self._peers(choice), day), self.frame, key)

    def remember(self, key: tuple[object, ...], make: Callable[[], object]) -> object:
        """What ``make`` made when it was first asked for under ``key``; keys begin with the library's generation.

        Two who ask for the same thing wait for each other, others do not.
        """
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            if key not in self._made:
                made = make()
                with self._lock:
                    self._made[key] = made
                    for old in list(self._made)[:-KEPT]:
                        self._made.pop(old)
                        self._making.pop(old, None)
                return made
            return self._made[key]

    def _peers(self, choice: Choice) -> list[str]:
        held = {d.region for d in self.base.documents()}
        regions = [r for r in load_regions() if r.name in held and r.name != choice.baseline]
        chosen: list[str] = []
        for peer in choice.peers:
            chosen += [r.name for r in regions if r.level == peer] if peer in LEVELS else [peer]
        return list(dict.fromkeys(chosen))

    def documents(self) -> list[Document]:
        """All documents held, by region and date."""
        order = {r.name: i for i, r in enumerate(load_regions())}
        return sorted(
            self.base.documents(),
            key=lambda d: (order.get(d.region, len(order)), _descending(d.known_since), d.title),
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

    def warm(self) -> None:
        """Make the first comparison, then load model and indexes, ahead of the first visitor."""
        if self.base.library.generation():
            with suppress(KbError):
                self.table(Choice())
            self.base.search("未来产业", k=1)


def _descending(date: str | None) -> tuple[int, ...]:
    return tuple(-ord(c) for c in date or "")

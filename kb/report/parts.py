"""What a report is made of, whatever the file: headings, paragraphs, tables, pictures. Word and Markdown render these.

Words of a paragraph or cell are plain text and marks: a reference number, a link, emphasis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PIL.Image import Image


@dataclass(frozen=True)
class Ref:
    """A mark [n] that points to the n-th reference."""

    number: int


@dataclass(frozen=True)
class Link:
    """Words that lead to a web address."""

    text: str
    address: str


@dataclass(frozen=True)
class Strong:
    """Emphasised words."""

    text: str


Inline = str | Ref | Link | Strong
Words = tuple[Inline, ...]
Style = Literal["body", "lead", "facts", "item", "note", "gloss"]


@dataclass(frozen=True)
class Cover:
    """The first page: title, subtitle and what the report is about, as pairs."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Contents:
    """Where the table of contents stands."""


@dataclass(frozen=True)
class Heading:
    """A heading; levels 1 and 2 are in the table of contents. ``fresh`` starts a page."""

    level: int
    text: str
    fresh: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph in one of five styles: running text, a conclusion, the line of facts under it, an item of a list, a note."""

    words: Words
    style: Style = "body"


@dataclass(frozen=True)
class Line:
    """A row of a table; a ``band`` is one cell across the table that names the rows below it."""

    cells: tuple[Words, ...]
    band: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: heads, rows, and widths of the columns as shares of the page."""

    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    widths: tuple[int, ...]
    caption: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture with its caption; ``instead`` stands in its place where it cannot be drawn or shown."""

    image: Image | None
    caption: str
    instead: Grid


@dataclass(frozen=True)
class Sources:
    """The list of references, the first numbered 1."""

    entries: tuple[str, ...]


Part = Cover | Contents | Heading | Paragraph | Grid | Picture | Sources


def words(*parts: Inline) -> Words:
    """Words from parts, empty ones left out."""
    return tuple(p for p in parts if p != "")


def line(*cells: str | Words) -> Line:
    """A row of cells, each plain text or words."""
    return Line(tuple(words(c) if isinstance(c, str) else c for c in cells))


def refs(numbers: Sequence[int]) -> Words:
    """Marks for reference numbers, each once."""
    return tuple(Ref(n) for n in dict.fromkeys(numbers))

"""Reference bodies of real pages, cut at run time from the raw pages: no text of theirs is kept in the project.

``bodies.yaml`` says for each page that was read whole where its document starts and how long it is; the SHA-256 proves
that the cut is the text that was read. The cut takes all characters between the two ends, so a reader that loses or
adds anything between them is seen. Nothing of ``kb`` is used here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import lxml.html
import yaml

_SPACE = re.compile("[\\s\u3000\xa0\u200b\ufeff]+")


@dataclass(frozen=True)
class Body:
    """One reference: the page's bytes and its body without white space."""

    file: str
    data: bytes
    text: str


def squeezed(text: str) -> str:
    """``text`` without any white space."""
    return _SPACE.sub("", text)


def plain_text(data: bytes) -> str:
    """All text of a page (UTF-8 in this collection) but scripts, styles and the title, without white space."""
    text = re.sub(r"^\s*<\?xml[^>]*>", "", data.decode("utf8", "replace"))
    page = lxml.html.document_fromstring(f"<html><body>{text}</body></html>")
    for element in page.xpath("//script|//style|//noscript|//title|//template|//comment()"):
        if element.getparent() is not None:
            element.drop_tree()
    return squeezed(page.text_content())


def start_of(page: str, first: str, occurrence: int) -> int:
    """Where ``first`` stands in the page for the ``occurrence``-th time."""
    start = -1
    for _ in range(occurrence):
        start = page.index(first, start + 1)
    return start


def reference_bodies(realdata: Path) -> Iterator[Body]:
    """The references of ``bodies.yaml``; a page that is not what was read stops the run."""
    for entry in yaml.safe_load((Path(__file__).parent / "bodies.yaml").read_text("utf8")):
        data = (realdata / entry["file"]).read_bytes()
        page = plain_text(data)
        start = start_of(page, entry["first"], entry["occurrence"])
        body = page[start : start + entry["characters"]]
        if hashlib.sha256(body.encode()).hexdigest() != entry["sha256"] or not body.endswith(entry["last"]):
            raise SystemExit(f"{entry['file']} is not the page that was read for bodies.yaml")
        yield Body(entry["file"], data, body)

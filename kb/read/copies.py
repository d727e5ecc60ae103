"""A second copy of the text that a page holds for printing and hides by a style sheet, taken out before the page is read.

Goes in: the tree of a page. Comes out: the same without elements that its own sheets hide and that say nothing which does
not stand elsewhere. What says anything of its own stays, for a script may show it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from kb.fold import squeeze
from kb.read import sites
from kb.read.blocks import blocks_of

_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_NAME = re.compile(r"[\w-]{0,40}[.#][\w-]{1,80}")
_BRACE = re.compile("[{}]")
# A page that hides more than this hides no copies.
_MOST_NAMES, _MOST = 400, 40


def drop_copies(page: HtmlElement) -> None:
    """Take out of ``page`` what a style sheet of it hides, if all it says stands elsewhere on the page, too."""
    hidden = (name for style in page.iter("style") for name in _hidden(style.text or ""))
    names = dict.fromkeys(islice(hidden, _MOST_NAMES))
    elements = list(islice((e for name in names for e in page.xpath(sites.to_xpath(name))), _MOST))
    said = _lines(page) if elements else Counter[str]()
    for element in elements:
        own = _lines(element)
        if own and element.getparent() is not None and all(said[line] > count for line, count in own.items()):
            said -= own
            element.drop_tree()


def _lines(element: HtmlElement) -> Counter[str]:
    return Counter(squeeze(block.text) for block in blocks_of(element))


def _hidden(sheet: str) -> Iterator[str]:
    """The simple selectors (.print, #copy, div.x) of the rules of ``sheet`` that hide on the screen."""
    first, *rest = sheet.split("/*")
    sheet = first + "".join(part.partition("*/")[2] for part in rest)
    open_, at = list[str](), 0
    for brace in _BRACE.finditer(sheet):
        said, at = sheet[at : brace.start()], brace.end()
        if brace[0] == "{":
            open_.append(said.rpartition(";")[2])
        elif open_:
            selectors = open_.pop()
            if _UNSEEN.search(said) and not any("print" in outer for outer in open_):
                yield from (name for one in selectors.split(",") if _NAME.fullmatch(name := one.strip()))

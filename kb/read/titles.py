"""What a page shows as its title: the heading above the body, and the browser's title.

A heading need not be an ``h1``: templates write ``<div class="article_title">``. Such an element is believed when the
browser's title repeats it, or when it stands above the body and ends like the title of a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from kb.fold import fold
from kb.layout import TITLE_END
from kb.read.blocks import is_hidden, shown_text
from kb.read.labels import Fields

_NAMED = re.compile(r"(?:^|[\s_-])(?:\w*title\w*|\w*tit|bt|biaoti|headline)(?:$|[\s_-]|\d)", re.I)
_HEADINGS = ("h1", "h2", "h3", "ucaptitle")
_SHORTEST, _SURE, _LONGEST, _SAME = 5, 8, 200, 12
_DAY_AFTER = re.compile(r"\s*[（(]\s*((?:19|20)\d\d\s*[年.\-/]\s*\d{1,2}\s*[月.\-/]\s*\d{1,2}\s*日?)\s*[)）]$")


def page_titles(page: HtmlElement, body: HtmlElement | None) -> Fields:
    """``("page", "title")``: the heading above the body; ``("page", "window")``: the browser's title.

    A day in brackets behind the heading (上海: the day of publication) becomes ``("page", "发布日期")``.
    """
    found: Fields = {}
    window = page.find(".//title")
    if window is not None and shown_text(window):
        found["page", "window"] = shown_text(window)
    title = _title(page, body, found.get(("page", "window"), ""))
    day = _DAY_AFTER.search(title)
    if day:
        found["page", "发布日期"], title = day.group(1), title[: day.start()]
    if title:
        found["page", "title"] = title
    return found


def _title(page: HtmlElement, body: HtmlElement | None, window: str) -> str:
    heads = [text for name in ("h1", "h2") for h in page.iter(name) if _SHORTEST <= len(text := shown_text(h)) < _LONGEST]
    first = [shown_text(h) for h in page.iter("h1") if _SHORTEST <= len(shown_text(h)) < _LONGEST] or heads
    above = list(_above(page, body))
    repeated = [text for text in (*first, *above) if len(text) >= _SURE and text[:_SAME] in window]
    like_one = [text for text in above if len(text) >= _SURE and TITLE_END.search(fold(_DAY_AFTER.sub("", text)))]
    return next(iter(repeated or like_one or first), "")


def _above(page: HtmlElement, body: HtmlElement | None) -> Iterator[str]:
    """The short texts above the body in elements made or named for a title; links and rows of lists are none."""
    for element in page.iter():
        if element is body:
            return
        if not isinstance(element.tag, str) or element.tag in ("head", "title", "meta", "a", "li", "table"):
            continue
        named = element.tag in _HEADINGS or _NAMED.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        if named and not is_hidden(element) and element.find(".//a") is None:
            text = shown_text(element)
            if _SHORTEST <= len(text) < _LONGEST and "。" not in text:
                yield text

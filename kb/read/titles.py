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
from kb.markers import find_marker
from kb.read.blocks import is_hidden, shown_text
from kb.read.labels import Fields, Texts

_NAMED = re.compile(r"(?:^|[\s_-])(?:\w*title\w*|\w*tit|bt|biaoti|headline)(?:$|[\s_-]|\d)", re.I)
_HEADINGS = ("h1", "h2", "h3", "ucaptitle")
_SHORTEST, _SURE, _LONGEST, _SAME = 5, 8, 200, 12
_DAY_AFTER = re.compile(r"\s*[（(]\s*((?:19|20)\d\d\s*[年.\-/]\s*\d{1,2}\s*[月.\-/]\s*\d{1,2}\s*日?)\s*[)）]$")
_DAY_LINE = re.compile(
    r"^(?P<day>(?:19|20)\d\d\s*[年.\-/]\s*\d{1,2}\s*[月.\-/]\s*\d{1,2}\s*日?)(?:\s*\d{1,2}:\d\d(?::\d\d)?)?"
    r"\s*(?P<more>[|丨]?\s*(?:来源|信息来源|文章来源|作者|浏览|点击|阅读|【|\[?字).{0,80})?$"
)
_DAY_NAMED = re.compile(r"time|date|pub|fbrq|fbsj|riqi|shijian", re.I)


def page_titles(page: HtmlElement, body: HtmlElement | None) -> Fields:
    """``("page", "title")``: the heading above the body; ``("page", "window")``: the browser's title.

    A day in brackets behind the heading (上海: the day of publication) becomes ``("page", "日期")``, as does an unlabelled
    day on the line below it (2025-03-12 10:10 来源：…).
    """
    found: Fields = {}
    window = page.find(".//title")
    if window is not None and shown_text(window):
        found["page", "window"] = shown_text(window)
    day = next(_days_above(page, body), "")
    if day:
        found["page", "日期"] = day
    title = _title(page, body, found.get(("page", "window"), ""))
    bracketed = _DAY_AFTER.search(title)
    if bracketed:
        found["page", "日期"], title = bracketed.group(1), title[: bracketed.start()]
    if title:
        found["page", "title"] = title
    return found


def _days_above(page: HtmlElement, body: HtmlElement | None) -> Iterator[str]:
    """The days that stand above the body without a label: before 来源 and the like, or in an element named for them."""
    texts = Texts(page)
    for element in page.iter():
        if element is body:
            return
        if element.tag not in ("div", "p", "span", "em", "i", "td", "small") or is_hidden(element):
            continue
        line = _DAY_LINE.match(texts.short(element))
        named = _DAY_NAMED.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        if line and (line["more"] or named) and not any(e.tag in ("li", "a") for e in element.iterancestors()):
            yield line["day"]


def _title(page: HtmlElement, body: HtmlElement | None, window: str) -> str:
    first = _headings(page, "h1") or _headings(page, "h2")
    above = list(_above(page, body))
    repeated = [text for text in (*first, *above) if len(text) >= _SURE and text[:_SAME] in window]
    like_one = [text for text in above if len(text) >= _SURE and TITLE_END.search(fold(_DAY_AFTER.sub("", text)))]
    return next(iter(repeated or like_one or first), "")


def _headings(page: HtmlElement, tag: str) -> list[str]:
    """The headings of one level that may be the title; 第一章 总则 is the text's own, however it is set."""
    texts = [shown_text(heading) for heading in page.iter(tag)]
    return [text for text in texts if _SHORTEST <= len(text) < _LONGEST and not _heads_part(text)]


def _heads_part(text: str) -> bool:
    marker = find_marker(text)
    return marker is not None and marker.type in ("part", "chapter", "section", "article", "comma", "paren")


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

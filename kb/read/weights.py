"""How much prose each element of a page holds: what tells the document from the frame around it.

Prose is text with a 。，or ；in its line, outside links. What a template itself marks as frame (footer, side bar,
related articles, by tag or by class name), rows of news lists and the site's own notices count nothing, unless
nearly nothing else is left.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from kb.read.blocks import is_hidden, shown_text, tidy

_SENTENCE_MARK = re.compile("[。；，]")
_FRAME_TAGS = frozenset({"footer", "aside", "nav", "header"})
_FRAME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:foot(?:er)?|copyright|bottom|nav(?:bar)?|menu|side(?:bar)?|aside|recommend|relate[ds]?|hot(?:news)?|tuijian"
    r"|xg(?:jd|wz|zc|lj|wj|xx|yd)|zcjd|jiedu|comments?|pinglun|cookies?|banner|search|login|crumbs?|breadcrumb|header|topbar"
    r"|toolbar)(?:$|[\s_-]|\d)",
    re.I,
)
_SITE_NOTICE = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|邮编\s*[:：]|邮政编码|浏览器|分辨率|[未不][经得].{0,4}转载|Cookie", re.I
)
_SILENT = frozenset({"script", "style", "noscript", "textarea", "title"})
_SHORTEST, _LONGEST_NOTICE, _ROW, _LINK = 8, 120, 300, 4
_ENOUGH = 60
Weights = dict[HtmlElement, int]


def weights_of(page: HtmlElement) -> Weights:
    """For each element with prose, how many characters of it."""
    counted, all_of_it = _Scales(), _Scales()
    for element in page.iter():
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            continue
        for text, owner in ((element.text, element), (element.tail, element.getparent())):
            if text and owner is not None and len(text) >= _SHORTEST and _SENTENCE_MARK.search(text):
                chain = [owner, *owner.iterancestors()]
                size = len(tidy(text))
                if any(e.tag == "a" or is_hidden(e) for e in chain):
                    continue
                all_of_it.put(chain, size)
                if not (len(text) < _LONGEST_NOTICE and _SITE_NOTICE.search(text)) and not any(
                    map(counted.frame, chain)
                ):
                    counted.put(chain, size)
    enough = counted.weights.get(page, 0) >= max(_ENOUGH, 0.3 * all_of_it.weights.get(page, 0))
    return counted.weights if enough else all_of_it.weights


class _Scales:
    """Weights being summed, and which elements were found to be frame."""

    def __init__(self) -> None:
        self.weights: Weights = {}
        self._frames: dict[HtmlElement, bool] = {}

    def put(self, chain: list[HtmlElement], size: int) -> None:
        """Add ``size`` characters to every element they stand in."""
        for element in chain:
            self.weights[element] = self.weights.get(element, 0) + size

    def frame(self, element: HtmlElement) -> bool:
        """Whether the element is part of the frame by its own marks; asked once of each."""
        if element not in self._frames:
            self._frames[element] = _is_frame(element)
        return self._frames[element]


def _is_frame(element: HtmlElement) -> bool:
    if element.tag in ("body", "html"):
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag in _FRAME_TAGS or _FRAME_NAMES.search(names):
        return True
    if element.tag not in ("li", "dd"):
        return False
    text = shown_text(element)
    linked = max((len(shown_text(a)) for a in element.iter("a") if a.get("href")), default=0)
    return len(text) < _ROW and linked >= _LINK and 8 * linked >= len(text)

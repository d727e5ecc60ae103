"""A saved or fetched web page → what it says: body blocks, labelled facts, attachments.

The body's container is found in this order: the site's selectors, the family's, those of all known families
(``corpus/sites.yaml``), the text as JSON inside the page (gkmlpt), and last the innermost element that holds the
page's sentences; the last way is said in a warning.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import urlsplit

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from kb.errors import KbError
from kb.model import Attachment, Block, Reading
from kb.read import sites
from kb.read.attached import attachment_is_the_document, attachments_of, links_to_pages
from kb.read.blocks import blocks_of, is_hidden, shown_text
from kb.read.copies import drop_copies
from kb.read.decode import REPLACEMENT, decode
from kb.read.embedded import embedded
from kb.read.furniture import trim
from kb.read.labels import Fields, label_fields, line_facts, meta_fields
from kb.read.titles import page_titles
from kb.read.weights import Weights, weights_of

__all__ = ["attachment_is_the_document", "parse", "read_html"]

_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>", re.I)
_TRUSTED_SHARE, _WEAK_SHARE, _FALLBACK_SHARE = 0.3, 0.9, 0.95
_FEWEST, _DEEPEST, _FRAME, _AROUND = 60, 250, 300, 200
_MOST_ELEMENTS = 150_000
# what text editors call themselves as Generator, Originator or ProgId
_TYPED = re.compile(r"\s*(?:Microsoft Word|Word\.Document|WPS|LibreOffice|OpenOffice)\b", re.I)
_MENUS = 10  # a page with more than a tenth of its text in links is a site's
_OF_SITES = ("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ArticleTitle", "PubDate", "firstpublishedtime")
_NEXT_PART = re.compile(r"[\s\[【>》›]*(下一页|下页|后一页|阅读全文|余下全文)[\s\]】>》›]*")

FALLBACK_WARNING = "这个网站的页面结构没有登记，正文是按通用方法提取的，请核对开头和结尾是否完整。"
DEEP_MESSAGE = "网页的标签嵌套过深，不像正常的网页，无法可靠读取。请在浏览器中打开后另存为网页或打印成 PDF 再添加。"
HUGE_MESSAGE = "网页异常庞大，远超一份政策文件的篇幅。请只保存文件正文，或打印成 PDF 再添加。"
LIST_MESSAGE = "这个网页像是目录页或导航页，没有文件正文。请打开其中具体一份文件的页面再保存或填写它的地址。"
PARTS_WARNING = "这个网页分页显示，只读到一部分。请把其余各页一并保存，或添加文件的附件、PDF 版本。"
EMPTY_MESSAGE = "网页里没有可读的正文，请确认保存的是文件的详情页，而不是目录页或空白页。"


def parse(text: str) -> HtmlElement:
    """The document tree of a page's text; scripts stay (the text may hide in one), comments go.

    Raises:
        KbError: there is no element at all, or they are nested deeper than any page a person made.
    """
    parser = lxml.html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        page = lxml.html.document_fromstring(_XML_HEAD.sub("", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise KbError(EMPTY_MESSAGE) from error
    deepest, elements = _extent(page)
    if deepest > _DEEPEST:
        raise KbError(DEEP_MESSAGE)
    if elements > _MOST_ELEMENTS:
        raise KbError(HUGE_MESSAGE)
    return page


def _extent(page: HtmlElement) -> tuple[int, int]:
    """How deep the elements of a page are nested, and how many there are."""
    deepest = depth = elements = 0
    for event, _ in etree.iterwalk(page, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        deepest = max(deepest, depth)
    return deepest, elements


def read_html(data: bytes, url: str | None = None) -> Reading:
    """What the page says; ``url`` is where it came from, if known. Saved web archives (MHTML) are unpacked.

    Raises:
        KbError: the page has no text.
    """
    data, url = _unpacked(data, url)
    text = decode(data)
    page = parse(text)
    drop_copies(page)
    fields: Fields = meta_fields(page)
    address = url or _said_address(fields)
    saved = _saved_by_editor(page, fields)
    body, fallback = (page.body, False) if saved else _body(page, address)
    hidden = embedded(page)
    if hidden.body is not None and _weight(hidden.body) > 1.2 * (_weight(body) if body is not None else 0):
        body, fallback = hidden.body, False
    facts = hidden.facts
    if body is None:
        body, fallback = _whole(page), True
    labelled, tables = label_fields(page, body)
    # what an editor writes down as title is that of whatever the file was made from, and its h1 may be 第一章
    fields = {**({} if saved else page_titles(page, body)), **facts, **labelled, **fields}
    if sites.site_for(address) and (rules := (sites.site_for(address) or sites.Site("")).meta):
        fields = {key: value for key, value in fields.items() if rules.get(key[1]) != "ignore"}
    kept, cut = trim(blocks_of(body, _skip(tables)), links_to_pages(body))
    if fallback and kept and _squeezed(kept[0].text) == _squeezed(fields.get(("page", "title"), "")):
        kept = kept[1:]  # the heading above the text, taken in with the surroundings of a guessed body
    fields = {**line_facts(*(block.text for block in cut)), **fields}
    blocks = _whole_title(kept, fields)
    attached = _with_listed(attachments_of(page, body, address), hidden.attachments)
    if not blocks and not attached:
        raise KbError(EMPTY_MESSAGE)
    reading = Reading("html", tuple(blocks), fields, attached, url=address)
    warnings = [*_warnings(text, reading, fallback), *([PARTS_WARNING] if _paged(body) else [])]
    return replace(reading, warnings=tuple(warnings))


def _with_listed(linked: tuple[Attachment, ...], listed: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    known = {attachment.url for attachment in linked}
    return (*linked, *(attachment for attachment in listed if attachment.url not in known))


def _unpacked(data: bytes, url: str | None) -> tuple[bytes, str | None]:
    """The page inside a browser's single-file archive (MIME multipart/related), and its address."""
    head = data[:4000].lower()
    if b"mime-version:" not in head or b"multipart/related" not in head:
        return data, url
    for part in email.message_from_bytes(data, policy=email.policy.default).walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            return (payload if isinstance(payload, bytes) else b""), url or part.get("Content-Location")
    return data, url


def _said_address(fields: Fields) -> str | None:
    """The page's own Url tag: good enough to choose selectors by when nobody knows where the page came from."""
    said = fields.get(("meta", "Url"), "")
    return said if urlsplit(said).scheme in ("http", "https") else None


def _saved_by_editor(page: HtmlElement, fields: Fields) -> bool:
    """Whether the page is a text saved by a word processor: all of it is the document. A site's page into which such a
    text was pasted is none."""
    if page.body is None or any(("meta", name) in fields for name in _OF_SITES):
        return False
    if not any(_TYPED.match(tag.get("content") or "") for tag in page.iterfind("./head/meta")):
        return False
    menus = (link for link in page.body.iter("a") if not (link.get("href") or "#").startswith(("#", "mailto:")))
    return _MENUS * sum(len(shown_text(link)) for link in menus) <= _weight(page.body)


def _body(page: HtmlElement, url: str | None) -> tuple[HtmlElement | None, bool]:
    """The element that holds the document, and whether it was only guessed."""
    weights = weights_of(page)
    total = weights.get(page, 0)
    for selector in sites.body_selectors(url):
        found = _largest(page.xpath(sites.to_xpath(selector)), weights)
        if found is not None and _holds_enough(found, weights.get(found, 0), total):
            return found, False
    weak = [
        e
        for s in sites.registry().weak
        for e in page.xpath(sites.to_xpath(s))
        if weights.get(e, 0) >= _WEAK_SHARE * total
    ]
    if total >= _FEWEST and weak:
        return min(weak, key=_weight), False
    return (_innermost(page, weights, _FALLBACK_SHARE * total), True) if total >= _FEWEST else (None, True)


def _whole(page: HtmlElement) -> HtmlElement:
    """The whole page when it has no sentences at all, unless it is mostly links.

    Raises:
        KbError: the page is a list or a frame, not a document.
    """
    body = page.body if page.body is not None else page
    linked = sum(len(shown_text(link)) for link in body.iter("a"))
    if 3 * linked > _weight(body):
        raise KbError(LIST_MESSAGE)
    return body


def _weight(element: HtmlElement) -> int:
    """How much text a reader sees in the element: scripts and hidden parts do not count."""
    return sum(len(block.text) for block in blocks_of(element))


def _largest(found: Iterable[HtmlElement], weights: Weights) -> HtmlElement | None:
    """Of several matches the one with most sentences: templates repeat names for side boxes.

    When a text is spread over neighbours of one name (the notice and what it prints), what holds them all.
    """
    matches = list(found)
    best = max(matches, key=lambda e: (weights.get(e, 0), len(shown_text(e))), default=None)
    parent = best.getparent() if best is not None else None
    if parent is None or parent.tag in ("body", "html"):
        return best
    parts = [e for e in matches if e.getparent() is parent and weights.get(e, 0) >= _FEWEST]
    whole = sum(weights[e] for e in parts) >= _FALLBACK_SHARE * weights.get(parent, 0)
    interpreted = any("解读" in shown_text(e)[:_FEWEST] for e in parts)
    return parent if len(parts) > 1 and whole and not interpreted else best


def _holds_enough(element: HtmlElement, weight: int, total: int) -> bool:
    """Whether a container named in the registry may be believed: it holds a fair share of the page's sentences.

    Of a page with few sentences (see the attachment) or with a container only a script shows, any content will do.
    """
    if weight >= _TRUSTED_SHARE * total and weight > 0:
        return True
    linked = element.find(".//a[@href]") is not None
    if total - weight < _FRAME:
        return linked or len(shown_text(element)) >= 10
    return weight == 0 and _weight(element) >= _TRUSTED_SHARE * total


def _innermost(page: HtmlElement, weights: Weights, enough: float) -> HtmlElement:
    """The smallest element with nearly all sentences, widened by what stands closely around it."""
    chosen, current = page, page
    while current is not None:
        chosen = current
        current = next((c for c in current if weights.get(c, 0) >= enough), None)
    # a lone paragraph is not a body: its neighbours are title, signature and date
    while chosen.tag in ("p", "span", "font", "b", "strong") and chosen.getparent() is not None:
        chosen = chosen.getparent()
    parent = chosen.getparent()
    while parent is not None and parent.tag != "html" and _only_adds_little(parent, chosen):
        chosen, parent = parent, parent.getparent()
    return chosen


def _only_adds_little(parent: HtmlElement, child: HtmlElement) -> bool:
    """Whether the parent adds a few lines of text (title, signature) and not menus."""
    more = _weight(parent) - _weight(child)
    links = sum(len(shown_text(a)) for a in parent.iter("a")) - sum(len(shown_text(a)) for a in child.iter("a"))
    return more <= _AROUND and links == 0


def _paged(body: HtmlElement) -> bool:
    """Whether the page shows only one part of a text (下一页 beside the body)."""
    around = body.getparent() if body.getparent() is not None and body.getparent().tag != "body" else body
    return any(_NEXT_PART.fullmatch(shown_text(link)) and link.get("href") for link in around.iter("a"))


def _skip(tables: list[HtmlElement]) -> Callable[[HtmlElement], bool]:
    noise = frozenset(
        word for selector in sites.registry().noise if " " not in selector for word in [selector.lower()]
    )
    fact_tables = set(tables)

    def skip(element: HtmlElement) -> bool:
        if element in fact_tables or is_hidden(element):
            return True
        names = [f".{c}" for c in (element.get("class") or "").lower().split()]
        names.append(f"#{(element.get('id') or '').lower()}")
        # furniture is short; a template that calls its whole text "print" must not lose it
        return any(name in noise for name in names) and len(shown_text(element)) < 120

    return skip


def _whole_title(blocks: list[Block], fields: Fields) -> list[Block]:
    """A title set over several centred lines becomes one block when the page itself says the whole title."""
    said = {_squeezed(v) for k, v in fields.items() if k in _TITLES}
    for start in range(min(len(blocks), 6)):
        joined = ""
        for end in range(start, min(len(blocks), start + 6)):
            joined += blocks[end].text
            if end > start and (_squeezed(joined) in said or _opens_window(joined, fields)):
                merged = replace(blocks[start], text=joined, bold=True, centred=True)
                return [*blocks[:start], merged, *blocks[end + 1 :]]
    return blocks


def _opens_window(joined: str, fields: Fields) -> bool:
    """Whether the browser's title is these lines and then the site's name."""
    window, line = _squeezed(fields.get(("page", "window"), "")), _squeezed(joined)
    return len(line) >= 10 and window.startswith(line) and window[len(line) : len(line) + 1] in tuple("_-–—|｜")


_TITLES = frozenset({("table", "标题"), ("table", "名称"), ("meta", "ArticleTitle"), ("page", "title")})


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u3000]+", "", text)


def _warnings(text: str, reading: Reading, fallback: bool) -> Iterable[str]:
    if fallback:
        yield FALLBACK_WARNING
    lost = text.count(REPLACEMENT)
    if lost:
        yield f"网页有 {lost} 个字符无法识别，已用“{REPLACEMENT}”代替。"
    if attachment_is_the_document(reading):
        yield "网页上只有简短的说明，只读到一部分：文件全文在附件里，请把附件也添加进来。"

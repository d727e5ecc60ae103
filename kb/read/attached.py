"""The files a page links to, and whether they, not the page, are the document.

Links are known by the file type in the path or the query, by the attributes content systems set
(``appendix``, ``needdownload``), or by their download scripts; interpretations (解读, 图解) are relations, not
attachments, and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from lxml.html import HtmlElement

from kb.describe import describe
from kb.describe.place import organs_in_line
from kb.fold import fold
from kb.layout import DATE_LINE, PRINTING
from kb.model import Attachment, Reading
from kb.read.blocks import shown_text, tidy

FILE_TYPES = (
    "pdf",
    "docx",
    "doc",
    "wps",
    "ofd",
    "xlsx",
    "xls",
    "et",
    "zip",
    "rar",
    "rtf",
    "txt",
    "jpg",
    "jpeg",
    "png",
)
TEXT_TYPES = frozenset({"pdf", "docx", "doc", "wps", "ofd", "rtf"})
_IMAGES = frozenset({"jpg", "jpeg", "png"})
_ENDS = re.compile(rf"\.({'|'.join(FILE_TYPES)})$", re.I)
_SCRIPT = re.compile(r"/(downfile|downloadfile|download)\.(jsp|do|action|aspx?|php)$|/attachment/", re.I)
_MARKS = ("appendix", "data-appendix", "needdownload", "oldsrc")
_RELATION = re.compile(r"解读|图解|一图读懂|问答|新闻发布")
_AROUND = re.compile(r"附\s*件|附件|下载|appendix|attach|annex|fujian|fj_", re.I)
_SHORT, _COVER = 200, 500
_STRUCTURE = re.compile(r"^\s*(第[一二三四五六七八九十百零〇\d]+[章条]|[一二三四五六七八九十]+、)")
_POINTS = re.compile(f"{PRINTING}|[详请]?见附件|附件如下|全文如下|全文见")
_NAMES = ("showname", "ftext", "filename", "name", "title")


def attachments_of(page: HtmlElement, body: HtmlElement, url: str | None) -> tuple[Attachment, ...]:
    """The attachments in page order, each address once; relative addresses stay so when ``url`` is unknown."""
    base = page.find(".//base[@href]")
    root = urljoin(url or "", base.get("href") or "") if base is not None else url or ""
    inside = set(body.iter())
    found: dict[str, Attachment] = {}
    for link in (*page.iter("a"), *(() if body in set(page.iter()) else body.iter("a"))):
        href = tidy(link.get("href") or "")
        if not href or href.lower().startswith(("javascript:", "mailto:", "#")):
            continue
        if _is_file(link, href) and (link in inside or _beside(link)):
            address = _joined(root, href)
            found.setdefault(address, Attachment(address, _name(link, href)))
    for frame in (*body.iter("iframe", "embed", "object"),):
        shown = _framed_file(frame)
        if shown:
            address = _joined(root, shown)
            found.setdefault(address, Attachment(address, _name(frame, shown)))
    return tuple(found.values())


def links_to_pages(body: HtmlElement) -> frozenset[str]:
    """The texts of the links in ``body`` that lead to other pages, not to files."""
    links = (link for link in body.iter("a") if link.get("href") and not _is_file(link, tidy(link.get("href") or "")))
    return frozenset(text for link in links if (text := shown_text(link)))


def _framed_file(frame: HtmlElement) -> str | None:
    """The file a frame shows, directly or through a viewer page (``viewer.html?file=…``)."""
    source = tidy(frame.get("src") or frame.get("data") or "")
    if _ENDS.search(_path(source)):
        return source
    return next((value for _, value in parse_qsl(_query(source)) if _ENDS.search(_path(value))), None)


def _joined(root: str, href: str) -> str:
    try:
        return urljoin(root, href)
    except ValueError:
        return href


def file_type(address: str, name: str = "") -> str:
    """The file type an address or shown name ends with, lower case, or empty (bytes decide in the end)."""
    return next((m.group(1).lower() for word in _words(address, name) if (m := _ENDS.search(word))), "")


def _words(address: str, name: str) -> Iterator[str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return
    yield unquote(parts.path)
    yield from (value for _, value in parse_qsl(parts.query))
    yield name


def _is_file(link: HtmlElement, href: str) -> bool:
    if _RELATION.search(shown_text(link)):
        return False
    kind = file_type(href, link.get("download") or "")
    if kind in _IMAGES:
        # a linked picture is an attachment only when the page says so
        return any(mark in link.attrib for mark in _MARKS) or "附件" in shown_text(link)
    return bool(kind) or any(mark in link.attrib for mark in _MARKS[:3]) or bool(_SCRIPT.search(_path(href)))


def _path(href: str) -> str:
    try:
        return urlsplit(href).path
    except ValueError:
        return ""


def _beside(link: HtmlElement) -> bool:
    """Outside the body a file counts only in a place that says 附件: sites link manuals and forms in their frames."""
    for depth, element in enumerate(link.iterancestors()):
        if depth > 4 or element.tag == "body":
            return False
        if _AROUND.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
        text = shown_text(element)
        if len(text) < 400 and "附件" in text:
            return True
    return False


def _name(link: HtmlElement, href: str) -> str:
    """What readers call it: the link's words, else its title, else the name in the query, else the path's end."""
    shown = shown_text(link)
    if len(shown) > 2 and shown not in ("点击下载", "下载", "附件下载", "点击查看"):
        return shown
    for attribute in ("title", "download", "textvalue"):
        if link.get(attribute):
            return tidy(link.get(attribute) or "")
    query = {key.lower(): value for key, value in parse_qsl(_query(href))}
    return next((query[k] for k in _NAMES if query.get(k)), "") or shown or unquote(_path(href)).rsplit("/", 1)[-1]


def _query(href: str) -> str:
    try:
        return urlsplit(href).query
    except ValueError:
        return ""


def attachment_is_the_document(reading: Reading) -> bool:
    """Whether the page only points to a file that holds the text (见附件).

    So when a readable file is attached and the page has hardly any text, or is only the short cover of a notice
    (印发…) without a structure of its own. Not so where the page holds a short document of its own, with body and
    signature (a 批复 with a map attached).
    """
    if not any(file_type(a.url, a.name) in TEXT_TYPES for a in reading.attachments) or _is_complete(reading):
        return False
    texts = [block.text for block in reading.blocks if block.kind != "heading"]
    size = sum(len(text) for text in texts)
    if size < _SHORT:
        return True
    points = any("附件" in text for text in texts)
    printed = any(re.search(r"印发|发布|公布", text) for text in texts[:6])
    return size < _COVER and points and printed and not any(_STRUCTURE.match(text) for text in texts)


def _is_complete(reading: Reading) -> bool:
    texts = [block.text for block in reading.blocks if block.kind != "heading"]
    signed = any(
        organs_in_line(one) and DATE_LINE.match(fold(other)) for one, other in zip(texts, texts[1:], strict=False)
    )
    return signed and not any(_POINTS.search(text) for text in (*texts, describe(reading).fields.get("title", "")))

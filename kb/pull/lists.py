"""A list page of a site → its rows: title, date, address; nothing is fetched or stored here.

Rows are found by the site's or family's selectors (``corpus/sites.yaml``), else wherever a link and a date stand
together. jcms answers (``<record><![CDATA[…]]>``) and Lonsun fragments are lists too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from kb.describe.dates import parse_date
from kb.errors import KbError
from kb.fold import fold
from kb.read import sites
from kb.read.blocks import shown_text, tidy
from kb.read.decode import decode
from kb.read.html import parse

_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>", re.S)
_SHORTENED = re.compile(r"(\.{2,}|…+)$")
_LEAST_TITLE = 6
_FEW = 2
_CREATE_PAGE = re.compile(
    r"createPage(?:HTML)?\s*\(\s*['\"]?[\w-]*['\"]?\s*,?\s*(\d+)\s*,\s*(\d+)\s*,\s*['\"](\w+)['\"]\s*,\s*['\"](\w+)['\"]"
)
_TOTAL_PAGE = re.compile(r"totalPage['\"]?\s*[:=]\s*['\"]?(\d+)|共\s*(\d+)\s*页")


@dataclass(frozen=True)
class Row:
    """One document a list page offers; ``date`` is ISO, or None where the list shows none."""

    title: str
    date: str | None
    url: str


def discover(page: bytes | str, url: str, topic: str = "") -> tuple[Row, ...]:
    """The rows of the list at ``url`` whose titles hold ``topic`` (its words, parted by spaces; any of them).

    Raises:
        KbError: the page holds no list.
    """
    text = decode(page) if isinstance(page, bytes) else page
    records = _RECORD.findall(text)
    tree = parse(f"<html><body><ul>{''.join(records)}</ul></body></html>" if records else text)
    rows = _rows(tree, url)
    if not rows:
        raise KbError(
            "这个页面里没有找到文件列表。列表可能由脚本生成，请在浏览器中打开具体文件的页面，再填写它的地址。"
        )
    words = [fold(word) for word in topic.split()]
    return tuple(row for row in rows if not words or any(word in fold(row.title) for word in words))


def _rows(tree: HtmlElement, url: str) -> tuple[Row, ...]:
    """The rows of the first selector that yields a list; links in menus have no dates, so dates decide."""
    best: tuple[Row, ...] = ()
    for selector in sites.row_selectors(url):
        rows = tuple(_unique(row for e in tree.xpath(sites.to_xpath(selector)) if (row := _row(e, url))))
        if sum(row.date is not None for row in rows) >= _FEW:
            return tuple(row for row in rows if row.date)
        best = max(best, rows, key=len) if any(row.date for row in rows) else best
    return best


def _unique(rows: Iterable[Row]) -> Iterator[Row]:
    seen: set[str] = set()
    for row in rows:
        if row.url not in seen:
            seen.add(row.url)
            yield row


def _row(element: HtmlElement, url: str) -> Row | None:
    links = [element] if element.tag == "a" else list(element.iter("a"))
    named = [(link, _title(link)) for link in links if _leads(link, url)]
    if not named or len(shown_text(element)) > 600:
        return None
    link, title = max(named, key=lambda pair: len(pair[1]))
    if len(title) < _LEAST_TITLE:
        return None
    rest = " ".join(str(piece) for piece in element.itertext()).replace(
        shown_text(link) if link is not element else title, " "
    )
    return Row(title, parse_date(_date_part(rest)), urljoin(url, tidy(link.get("href") or "")))


def _date_part(text: str) -> str:
    """The row's text with a date split over lines or elements (``03-06`` above ``2025``) put in order."""
    folded = fold(tidy(text))
    split = re.search(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})\s+((?:19|20)\d\d)(?!\d)", folded)
    if split:
        return f"{split[3]}-{split[1]}-{split[2]}"
    day_first = re.search(r"(?<!\d)(\d{1,2})\s+((?:19|20)\d\d)[-/.](\d{1,2})(?![-/.\d])", folded)
    return (
        f"{day_first[2]}-{day_first[3]}-{day_first[1]}"
        if day_first
        else re.sub(r"〔\s*\d{4}\s*〕\s*\d+\s*号", " ", folded)
    )


def _title(link: HtmlElement) -> str:
    """The link's title attribute when the shown text is cut short or lacks, else the shown text (or its title part)."""
    part = link.find(".//p[@class='tit']")
    shown = shown_text(part if part is not None else link)
    full = tidy(link.get("title") or "")
    return full if full and (len(full) > len(shown) or _SHORTENED.search(shown)) and "<" not in full else shown


def _leads(link: HtmlElement, url: str) -> bool:
    """Whether the link leads to a page of the same organ's sites and not up, out or into a script."""
    href = tidy(link.get("href") or "")
    if not href or href.startswith("#") or re.match(r"(?i)(javascript|mailto|tel|data):", href):
        return False
    target = urlsplit(urljoin(url, href))
    return target.scheme in ("http", "https") and _domain(target.hostname) == _domain(urlsplit(url).hostname)


def _domain(host: str | None) -> str:
    """The part of a host name that belongs to one organ: ``sfj.cq.gov.cn`` and ``www.cq.gov.cn`` → ``cq.gov.cn``."""
    labels = (host or "").lower().split(".")
    keep = 3 if len(labels) > 2 and ".".join(labels[-2:]) in ("gov.cn", "org.cn", "com.cn") else 2
    return ".".join(labels[-keep:]) if not (host or "").replace(".", "").isdigit() else (host or "")


def further_pages(page: bytes | str, url: str, most: int = 5) -> tuple[str, ...]:
    """The addresses of the next pages of a static list, at most ``most``: ``index_1.html``… (TRS), 1-based in 上海."""
    text = decode(page) if isinstance(page, bytes) else page
    made = _CREATE_PAGE.search(text)
    if made:
        total, current, stem, ending = int(made[1]), int(made[2]), made[3], made[4]
        first = current + 1
        return tuple(urljoin(url, f"{stem}_{n}.{ending}") for n in range(first, min(total, first + most)))
    said = _TOTAL_PAGE.search(text)
    path = urlsplit(url).path
    if said and path.endswith((".html", ".shtml")):
        total = int(said[1] or said[2])
        stem, ending = path.rsplit("/", 1)[-1].rsplit(".", 1)
        return tuple(urljoin(url, f"{stem}_{n}.{ending}") for n in range(2, min(total, most + 1) + 1))
    return ()


def lists_of(region: str) -> tuple[str, ...]:
    """The list pages registered for a region's own sites."""
    found = [site for site in sites.registry().sites.values() if site.region == region]
    return tuple(address for site in found for address in site.lists)

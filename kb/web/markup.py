"""Small pieces of HTML. Every text that comes from a document, a file name or a user is escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote, urlencode, urlsplit

Span = tuple[int, int]
# Figures worth the eye in a provision: amounts, percentages, counts and years.
_FIGURE = re.compile(
    r"(?:\d+(?:[.,]\d+)*|[一二三四五六七八九十百]+(?=个以上|家以上|倍|成))"
    r"(?:\s*[-—~至到]+\s*\d+(?:\.\d+)?)?\s*(?:%|％|个百分点|万亿元|亿元|万元|元|年|个|家|项|人|名|倍|平方公里|公里|万|亿)+"
)


def esc(value: object) -> str:
    """``value`` as text that is safe inside an element and inside a quoted attribute; None is empty."""
    return "" if value is None else escape(str(value), quote=True)


def address(**params: object) -> str:
    """The page's own address with these parameters, empty ones left out: the href of every inner link."""
    return "?" + urlencode({k: v for k, v in params.items() if v not in (None, "")}, quote_via=quote)


def inner(href: str, text: str, css: str = "", title: str = "") -> str:
    """A link within the page; ``text`` is escaped."""
    return f'<a href="{esc(href)}"{_attribute("class", css)}{_attribute("title", title)}>{esc(text)}</a>'


def outer(url: str | None, text: str) -> str:
    """A link that leaves the page, opened in a new tab; an address that is not http(s) gives no link."""
    if not is_web(url):
        return ""
    return (
        f'<a href="{esc(url)}" target="_blank" rel="noopener noreferrer nofollow" class="out"'
        f' title="{esc(url)}">{esc(text)}</a>'
    )


def is_web(url: str | None) -> bool:
    """Whether ``url`` is an http or https address with a host."""
    try:
        parts = urlsplit(url or "")
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def badge(text: str, css: str = "", title: str = "") -> str:
    """A short label."""
    return f'<span class="badge {esc(css)}"{_attribute("title", title)}>{esc(text)}</span>'


def marked(text: str, marks: Sequence[Span], figures: bool = True) -> str:
    """``text`` with ``marks`` highlighted and, where nothing is marked, its figures set off."""
    parts, at = [], 0
    for start, end in sorted(marks):
        if start < at or end > len(text):
            continue
        parts += [_plain(text[at:start], figures), f"<mark>{esc(text[start:end])}</mark>"]
        at = end
    return "".join([*parts, _plain(text[at:], figures)])


def action(name: str, text: str, /, css: str = "", confirm: str = "", **data: object) -> str:
    """A button that sends the event ``name`` with ``data`` to the server, after asking ``confirm`` if given."""
    extra = "".join(f' data-{esc(k)}="{esc(v)}"' for k, v in data.items())
    return (
        f'<button type="button" class="act {esc(css)}" data-act="{esc(name)}"'
        f"{_attribute('data-confirm', confirm)}{extra}>{esc(text)}</button>"
    )


def table(heads: Iterable[str], rows: Iterable[str], css: str, caption: str = "") -> str:
    """A table; ``heads`` are escaped, ``rows`` are finished ``<tr>`` elements."""
    head = "".join(f'<th scope="col">{esc(h)}</th>' for h in heads)
    return (
        f'<div class="scroll"><table class="{esc(css)}"><caption class="hidden">{esc(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def empty(text: str) -> str:
    """What stands where there is nothing to show."""
    return f'<p class="empty">{esc(text)}</p>'


def _plain(text: str, figures: bool) -> str:
    if not figures:
        return esc(text)
    parts, at = [], 0
    for match in _FIGURE.finditer(text):
        parts += [esc(text[at : match.start()]), f'<b class="figure">{esc(match.group())}</b>']
        at = match.end()
    return "".join([*parts, esc(text[at:])])


def _attribute(name: str, value: str) -> str:
    return f' {name}="{esc(value)}"' if value else ""

"""A text kept as JSON in a page's script (广东 gkmlpt: ``window._CONFIG``), with the facts and files beside it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import lxml.html
from lxml.html import HtmlElement

from kb.model import Attachment
from kb.read.blocks import tidy
from kb.read.labels import Fields

_CONTENT = re.compile(r'"(?:content|articleContent|contentHtml)"\s*:\s*(?=")')
_FACTS = {"title": "标题", "document_number": "文号", "identifier": "索引号", "publisher": "发布机构"}
_PUBLISHED = ("display_publish_time", "first_publish_time", "publish_time")
_FILES = re.compile(r'"attachments?"\s*:\s*(?=\[)')
_JSON = json.JSONDecoder(strict=False)
_CHINA = timezone(timedelta(hours=8))
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")


@dataclass(frozen=True)
class Embedded:
    """The body as an element of its own (None: the page has no such script), its facts and attachments."""

    body: HtmlElement | None = None
    facts: Fields = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


def embedded(page: HtmlElement) -> Embedded:
    """What the scripts of ``page`` hold of a document."""
    for script in page.iter("script"):
        bodies = [str(_value_at(script.text, found.end())) for found in _CONTENT.finditer(script.text or "")]
        longest = max(bodies, key=len, default="")
        if "<" in longest:
            body = lxml.html.fragment_fromstring(longest, create_parent="div")
            return Embedded(body, _facts(script.text), _files(script.text))
    return Embedded()


def _facts(script: str) -> Fields:
    facts: Fields = {}
    for key, label in _FACTS.items():
        if said := tidy(_value(script, key)):
            facts["table", label] = said
    day = next((day for key in _PUBLISHED if (day := _day(_value(script, key)))), "")
    if day:
        facts["table", "发布日期"] = day
    if any(_value(script, key) in ("1", "True") for key in ("is_abolished", "is_expired")):
        facts["table", "有效性"] = "失效或废止"
    return facts


def _files(script: str) -> tuple[Attachment, ...]:
    found = _FILES.search(script)
    entries = _value_at(script, found.end()) if found else []
    return tuple(
        Attachment(str(entry["url"]), tidy(str(entry.get("name") or entry["url"])))
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict) and entry.get("url")
    )


def _value(script: str, key: str) -> str:
    """The first string, number or truth value of ``key``; empty when there is none."""
    found = re.search(rf'"{key}"\s*:\s*', script)
    value = _value_at(script, found.end()) if found else None
    return str(value) if isinstance(value, (str, int)) else ""


def _value_at(script: str, at: int) -> Any:
    """The JSON value that begins at ``at``, or None."""
    try:
        return _JSON.raw_decode(script, at)[0]
    except (ValueError, RecursionError):
        return None


def _day(value: str) -> str:
    """A day as written, or of a number of seconds (or milliseconds) since 1970, in Chinese time."""
    if _EPOCH.fullmatch(value):
        return datetime.fromtimestamp(int(value[:10]), _CHINA).date().isoformat()
    return value

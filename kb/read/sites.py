"""The site registry (``corpus/sites.yaml``): where on a page the text of a document stands.

Goes in: a page's address and, for pages saved without one, its meta tags. Comes out: the selectors to try, in
order of trust. Selectors are the plain part of CSS (``#id``, ``.class``, ``tag.class``, ``[attr=value]``,
descendants), matched without regard to case, because content systems write ``#zoom`` and ``#Zoom`` alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import yaml

from kb.settings import settings

_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_PART = re.compile(
    r"(?P<mark>[#.])?(?P<name>[\w\-]+)|\[(?P<attr>[\w\-]+)(?P<op>\*?=)[\"']?(?P<value>[^\]\"']*)[\"']?\]"
)


@dataclass(frozen=True)
class Family:
    """A content management system: the shape of its addresses and its containers, in order of trust."""

    name: str
    detail: re.Pattern[str] | None
    body: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Site:
    """What is known of one host: ``body`` and ``rows`` (list pages) are tried before the family's."""

    host: str
    family: str | None = None
    region: str | None = None
    body: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    meta: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Registry:
    """The whole file: ``generic`` containers are trusted, ``weak`` ones only when they hold most of the text."""

    families: Mapping[str, Family]
    sites: Mapping[str, Site]
    generic: tuple[str, ...]
    weak: tuple[str, ...]
    noise: tuple[str, ...]
    rows: tuple[str, ...]


@lru_cache(maxsize=4)
def _load(path: str) -> Registry:
    with open(path, encoding="utf8") as file:  # noqa: PTH123 - the cache needs a hashable path
        raw = yaml.safe_load(file)
    families = {
        name: Family(name, re.compile(f["detail"]) if f.get("detail") else None, _words(f, "body"), _words(f, "rows"))
        for name, f in raw["families"].items()
    }
    sites = {
        host: Site(
            host,
            s.get("family"),
            s.get("region"),
            _words(s, "body"),
            _words(s, "rows"),
            _words(s, "lists"),
            s.get("meta"),
        )
        for host, s in raw["sites"].items()
    }
    return Registry(families, sites, *(_words(raw, key) for key in ("generic", "weak", "noise", "rows")))


def _words(entry: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = entry.get(key) or ()
    return tuple(value) if isinstance(value, (list, tuple)) else (str(value),)


def registry() -> Registry:
    """The registry of the corpus in force."""
    return _load(str(settings().corpus / "sites.yaml"))


def site_of(host: str) -> Site | None:
    """The entry for ``host`` or for the nearest parent domain (``sfj.cq.gov.cn`` → ``cq.gov.cn``), if any.

    ``www.`` entries answer for the bare domain too, because most sites serve both.
    """
    sites = registry().sites
    labels = host.lower().split(".")
    for start in range(len(labels) - 1):
        domain = ".".join(labels[start:])
        for name in (domain, f"www.{domain}"):
            if name in sites:
                return sites[name]
    return None


def site_for(url: str | None) -> Site | None:
    """The entry for an address; None when there is no address or the host is unknown."""
    host = urlsplit(url).hostname if url else None
    return site_of(host) if host else None


def family_for(url: str | None) -> Family | None:
    """The family a page belongs to: as its site is registered, else by the shape of the address."""
    if not url:
        return None
    families = registry().families
    site = site_for(url)
    if site and site.family in families and urlsplit(url).hostname in (site.host, site.host.removeprefix("www.")):
        return families[str(site.family)]
    path = urlsplit(url).path
    return next((f for f in families.values() if f.detail and f.detail.search(path)), None)


def body_selectors(url: str | None) -> tuple[str, ...]:
    """Trusted containers in order: the site's, its family's, then those of all families."""
    site, family = site_for(url), family_for(url)
    ordered = [*(site.body if site else ()), *(family.body if family else ()), *registry().generic]
    return tuple(dict.fromkeys(ordered))


def row_selectors(url: str | None) -> tuple[str, ...]:
    """Containers of one row of a list page, in order of trust."""
    site, family = site_for(url), family_for(url)
    return tuple(dict.fromkeys([*(site.rows if site else ()), *(family.rows if family else ()), *registry().rows]))


@lru_cache(maxsize=512)
def to_xpath(selector: str) -> str:
    """An XPath 1.0 expression for ``selector`` (the subset named in the module's head).

    Raises:
        ValueError: the selector uses more of CSS than that.
    """
    steps = [f"//{_step(step)}" for step in selector.split()]
    if not steps:
        raise ValueError("empty selector")
    return "".join(steps)


def _step(step: str) -> str:
    tag, tests, at = "*", [], 0
    while at < len(step):
        part = _PART.match(step, at)
        if not part:
            raise ValueError(f"selector not understood: {step!r} at {at}")
        if part["attr"]:
            tests.append(_attribute(part["attr"], part["op"], part["value"]))
        elif part["mark"] == "#":
            tests.append(f"@id and {_lowered('@id')}='{part['name'].lower()}'")
        elif part["mark"] == ".":
            tests.append(
                f"@class and contains(concat(' ',normalize-space({_lowered('@class')}),' '),' {part['name'].lower()} ')"
            )
        else:
            tag = part["name"].lower()
        at = part.end()
    return tag + "".join(f"[{test}]" for test in tests)


def _attribute(name: str, op: str, value: str) -> str:
    return f"contains(@{name},'{value}')" if op == "*=" else f"@{name}='{value}'"


def _lowered(attribute: str) -> str:
    return f"translate({attribute},'{_UPPER}','{_LOWER}')"

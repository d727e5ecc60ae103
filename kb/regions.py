"""The gazetteer: which regions a document may belong to, and how texts name them (GB/T 2260 order).

Goes in: a name as a user or an issuing body writes it. Comes out: the region of ``corpus/regions.yaml``.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache

from kb.data import load_yaml
from kb.errors import KbError
from kb.settings import CORPUS

NATIONAL = "国家"
LEVELS = ("国家级", "省级", "地市级", "区县级")


@dataclass(frozen=True)
class Region:
    """One region: ``level`` is 国家级, 省级 or 地市级; ``parent`` the province of a city."""

    name: str
    level: str
    aliases: tuple[str, ...]
    code: str | None = None
    parent: str | None = None


@lru_cache(maxsize=1)
def load_regions() -> tuple[Region, ...]:
    """All regions in gazetteer order."""
    rows = load_yaml(CORPUS / "regions.yaml")
    return tuple(
        Region(r["name"], r["level"], tuple(r.get("aliases", ())), r.get("code"), r.get("parent")) for r in rows
    )


@lru_cache(maxsize=1)
def _by_word() -> dict[str, Region]:
    return {word: region for region in load_regions() for word in (region.name, *region.aliases)}


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Region]:
    return {region.name: region for region in load_regions()}


def region_of_name(name: str | None) -> Region | None:
    """The region whose very name this is; None where it is none, or only an alias."""
    return _by_name().get(name or "")


def region_named(name: str) -> Region:
    """The region called ``name`` (its name or an alias).

    Raises:
        KbError: no such region; the message offers the nearest names.
    """
    region = _by_word().get(name.strip())
    if region is None:
        near = difflib.get_close_matches(name.strip(), list(_by_word()), n=3, cutoff=0.4)
        hint = (
            f"是否想找：{'、'.join(near)}？"
            if near
            else "请使用省、自治区、直辖市或主要城市的名称，例如 重庆、安徽、成都。"
        )
        raise KbError(f"没有名为“{name}”的地区。{hint}")
    return region


def regions_in(text: str) -> tuple[Region, ...]:
    """The regions whose name or alias occurs in ``text``, by first position; at one place the longest word wins."""
    found: list[tuple[int, int, Region]] = []
    for word, region in _by_word().items():
        at = text.find(word)
        if at >= 0:
            found.append((at, -len(word), region))
    ordered: list[Region] = []
    for _, _, region in sorted(found, key=lambda f: f[:2]):
        if region not in ordered:
            ordered.append(region)
    return tuple(ordered)


def region_order(name: str) -> int:
    """Position of a region in the gazetteer, for sorting; unknown names come last."""
    for position, region in enumerate(load_regions()):
        if region.name == name:
            return position
    return len(load_regions())

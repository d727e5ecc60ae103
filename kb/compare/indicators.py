"""Indicator families: which targets of different regions can stand side by side, in one unit.

Families are data (``corpus/lexicon/indicators.yaml``): cue words of the indicator and a common unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kb.compare.lexicon import default_lexicon
from kb.data import load_yaml
from kb.fold import fold
from kb.model import Target
from kb.settings import settings


@dataclass(frozen=True)
class Family:
    """Indicators that mean the same across regions, and their common unit."""

    id: str
    name: str
    unit: str
    cues: tuple[str, ...]
    excludes: tuple[str, ...] = ()

    def names(self, indicator: str) -> bool:
        """Whether ``indicator`` is of this family by its words."""
        return any(_holds(c, indicator) for c in self.cues) and not any(_holds(e, indicator) for e in self.excludes)


def _holds(cue: str, indicator: str) -> bool:
    """Whether ``cue`` stands in ``indicator``: ^生产总值 at its beginning, 企业$ at its end, others anywhere."""
    if cue.startswith("^"):
        return indicator.startswith(cue[1:])
    return indicator.endswith(cue[:-1]) if cue.endswith("$") else cue in indicator


@dataclass(frozen=True)
class Families:
    """All families in order of precedence, how units convert (unit → common unit, factor), the words of a rate,
    which is of no family, as so much a head is no count, and words of what is more than future industries."""

    families: tuple[Family, ...]
    units: Mapping[str, tuple[str, float]]
    rates: tuple[str, ...]
    wider: tuple[str, ...]

    def family(self, key: str) -> Family:
        """The family with id ``key`` (which must exist)."""
        return next(f for f in self.families if f.id == key)


@dataclass(frozen=True)
class AlignedTarget:
    """A target in the common unit of its family; ``yearly`` when it is so much every year."""

    family: str
    name: str
    low: float | None
    high: float | None
    unit: str
    yearly: bool = False


@lru_cache(maxsize=4)
def load_families(corpus: Path) -> Families:
    """The families of the corpus in folder ``corpus``."""
    content = load_yaml(corpus / "lexicon" / "indicators.yaml")
    units = {u: ("亿元", float(f)) for u, f in content["money"].items()}
    units |= {u: ("EFLOPS", float(f)) for u, f in content["compute"].items()}
    families = tuple(
        Family(f["id"], f["name"], f["unit"], tuple(map(fold, f["cues"])), tuple(map(fold, f.get("not", ()))))
        for f in content["families"]
    )
    return Families(families, units, tuple(map(fold, content["rates"])), tuple(map(fold, content["wider"])))


def align(target: Target, families: Families | None = None) -> AlignedTarget | None:
    """``target`` in the common unit of the first family that fits its words and unit, else None."""
    families = families or load_families(settings().corpus)
    unit, yearly = target.unit.removesuffix("/年"), target.unit.endswith("/年")
    common, factor = _common(unit, families)
    indicator = fold(target.indicator).replace("同比", "")  # 营收同比增长 is 营收增长
    each = "每个" in (target.qualifier or "").split("、")  # so many in every one are no total
    if each or any(word in indicator for word in families.rates):
        return None
    for family in families.families:
        if family.unit == common and family.names(indicator):
            return AlignedTarget(
                family.id, family.name, _times(target.low, factor), _times(target.high, factor), common, yearly
            )
    return None


@lru_cache(maxsize=200_000)
def aligned(target: Target, corpus: Path) -> AlignedTarget | None:
    """:func:`align` by the families of the corpus in folder ``corpus``; remembered, as every comparison asks it again."""
    return align(target, load_families(corpus))


def _common(unit: str, families: Families) -> tuple[str, float]:
    folded = fold(unit)
    if folded in families.units:
        return families.units[folded]
    multiple = 1e4 if folded.startswith("万") and folded != "万" else 1.0
    counter = (folded.removeprefix("万") if multiple > 1 else folded).split("(")[0]
    # 批 and 类 count lots and kinds, not the things themselves
    plain = counter in default_lexicon().counters and counter not in ("批", "类", "种", "组")
    return ("个", multiple) if plain else (folded, 1.0)


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else round(value * factor, 6)

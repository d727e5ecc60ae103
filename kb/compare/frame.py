"""The analysis frame (分析框架): dimensions and measures, read from ``corpus/frame.yaml``.

A measure (举措) is one checkable policy device; ``tool`` is its policy-tool type after Rothwell & Zegveld 1985.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kb.data import load_yaml, stamp
from kb.errors import KbError
from kb.model import STRENGTH_ZH

# The frame names other measures by id; people read their names.
_SEE = re.compile(r"见 ([a-z_]+)")
_COUNTS_AS = re.compile(r"算 ([123])")
TOOL_ZH = {"supply": "供给型", "environment": "环境型", "demand": "需求型"}


@dataclass(frozen=True)
class Measure:
    """One policy device: what it is, what it is not, and its dimension; ``whole_field`` when it is a text on the whole
    field, so that one on a single industry is no more than a mention of it."""

    id: str
    name: str
    tool: str
    includes: str
    excludes: str
    dimension: str
    whole_field: bool = False


@dataclass(frozen=True)
class Dimension:
    """A group of measures (维度)."""

    id: str
    name: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Frame:
    """All dimensions in order."""

    dimensions: tuple[Dimension, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All measures in frame order."""
        return tuple(m for d in self.dimensions for m in d.measures)

    def measure(self, key: str) -> Measure:
        """The measure whose id or Chinese name is ``key``.

        Raises:
            KbError: no such measure.
        """
        for measure in self.measures:
            if key in (measure.id, measure.name):
                return measure
        raise KbError(f"分析框架中没有举措“{key}”。可用的举措：{'、'.join(m.name for m in self.measures)}。")

    def dimension_name(self, measure: Measure) -> str:
        """The Chinese name of the dimension ``measure`` stands in."""
        return next(d.name for d in self.dimensions if d.id == measure.dimension)


def load_frame(corpus: Path) -> Frame:
    """The frame of the corpus in folder ``corpus``."""
    path = corpus / "frame.yaml"
    return _read(path, stamp(path))


@lru_cache(maxsize=4)
def _read(path: Path, written: tuple[int, int]) -> Frame:
    content = load_yaml(path)
    names = {m["id"]: m["name"] for d in content["dimensions"] for m in d["measures"]}

    def told(definition: str) -> str:
        named = _SEE.sub(lambda m: f"见“{names[m[1]]}”" if m[1] in names else m[0], definition)
        return _COUNTS_AS.sub(lambda m: f"算“{STRENGTH_ZH[int(m[1])]}”", named)

    return Frame(tuple(
        Dimension(d["id"], d["name"], tuple(
            Measure(m["id"], m["name"], m["tool"], told(m["is"]), told(m["not"]), d["id"], m.get("whole_field", False))
            for m in d["measures"]
        ))
        for d in content["dimensions"]
    ))  # fmt: skip

"""Policy tools: how often supply, environment and demand tools are used, and on which stage of the innovation chain.

Goes in: coded provisions and the frame. Comes out: counts and shares, each with the provisions it counts. One coded
measure of one provision is one use of its tool (Rothwell & Zegveld 1985). The stage follows the measure where it works
on one stage only, else the provision's words (``corpus/lexicon/stages.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kb.compare.frame import TOOL_ZH, Frame
from kb.compare.lexicon import any_of
from kb.data import load_yaml
from kb.fold import fold
from kb.model import Held

UNSTAGED = ""


@dataclass(frozen=True)
class Stage:
    """One stage of the innovation chain: measures that work on it alone, and words that name it."""

    id: str
    name: str
    measures: frozenset[str]
    cues: re.Pattern[str]


@dataclass(frozen=True)
class Count:
    """How many uses, their share of all, and the ids of the provisions that make them."""

    uses: int
    share: float
    provisions: tuple[int, ...]


@dataclass(frozen=True)
class ToolTable:
    """Uses by tool and by (tool, stage); stage ``UNSTAGED`` holds those of no single stage."""

    total: int
    tools: Mapping[str, Count]
    cells: Mapping[tuple[str, str], Count]

    def cell(self, tool: str, stage: str) -> Count:
        """The count of ``tool`` on ``stage``, zero where there is none."""
        return self.cells.get((tool, stage), Count(0, 0.0, ()))


@lru_cache(maxsize=4)
def load_stages(corpus: Path) -> tuple[Stage, ...]:
    """The stages of the corpus in folder ``corpus``, in order."""
    content = load_yaml(corpus / "lexicon" / "stages.yaml")
    return tuple(
        Stage(s["id"], s["name"], frozenset(s["measures"]), re.compile(any_of(s["cues"]))) for s in content["stages"]
    )


def stage_of(measure: str, text: str, stages: Iterable[Stage]) -> str:
    """The stage a use of ``measure`` in a provision saying ``text`` works on; ``UNSTAGED`` where none is said."""
    ordered = tuple(stages)
    for stage in ordered:
        if measure in stage.measures:
            return stage.id
    folded = fold(text)
    named = [(len(stage.cues.findall(folded)), stage.id) for stage in ordered]
    most = max(count for count, _ in named)
    best = [stage for count, stage in named if count == most]
    return best[0] if most and len(best) == 1 else UNSTAGED


def tool_table(held: Iterable[Held], frame: Frame, stages: Iterable[Stage], at_least: int = 1) -> ToolTable:
    """The uses of policy tools in ``held``, counting codes of strength ``at_least`` or more.

    Codes of measures the frame no longer has are left out.
    """
    tool_by_measure = {m.id: m.tool for m in frame.measures}
    ordered = tuple(stages)
    uses: dict[tuple[str, str], list[int]] = {}
    for provision in held:
        for code in provision.codes:
            tool = tool_by_measure.get(code.measure)
            if tool is not None and code.strength >= at_least:
                stage = stage_of(code.measure, provision.provision.text, ordered)
                uses.setdefault((tool, stage), []).append(provision.id)
    total = sum(map(len, uses.values()))
    by_tool = {t: [i for (tool, _), ids in uses.items() if tool == t for i in ids] for t in TOOL_ZH}
    return ToolTable(
        total,
        {tool: _count(ids, total) for tool, ids in by_tool.items()},
        {cell: _count(ids, total) for cell, ids in uses.items()},
    )


def _count(ids: list[int], total: int) -> Count:
    return Count(len(ids), len(ids) / total if total else 0.0, tuple(sorted(set(ids))))

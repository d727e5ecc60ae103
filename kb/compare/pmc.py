"""The PMC index (Policy Modeling Consistency) of a policy: score, grade, surface, and what decides each variable.

Goes in: coded provisions, the documents they are of, and the scheme ``corpus/pmc.yaml`` (where the method and its
sources are cited). Comes out: each second-level variable as 0 or 1 with the provisions that decide it; a user may set
any of them otherwise. First-level variables are means, the index their sum (0 to 10; Ruiz Estrada 2011).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.compare.frame import Frame
from kb.compare.lexicon import any_of
from kb.data import load_yaml
from kb.errors import KbError
from kb.fold import fold
from kb.model import Document, Held

_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True)
class Part:
    """A second-level variable and the rules any of which makes it 1."""

    id: str
    name: str
    measures: frozenset[str] = frozenset()
    strength: int = 1
    tool: str | None = None
    cues: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    targets: bool = False
    level: frozenset[str] = frozenset()
    period: tuple[int, int] | None = None
    public: bool = False


@dataclass(frozen=True)
class Variable:
    """A first-level variable with its second-level ones."""

    id: str
    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Scheme:
    """All first-level variables, the grades from the highest down, and the sources of the method."""

    variables: tuple[Variable, ...]
    grades: tuple[tuple[float, str], ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """A second-level variable as decided: ``found`` by the rules, ``value`` after the user's correction."""

    part: Part
    value: int
    found: int
    provisions: tuple[int, ...]
    documents: tuple[str, ...]

    @property
    def overridden(self) -> bool:
        """Whether the user set it otherwise than the rules found."""
        return self.value != self.found


@dataclass(frozen=True)
class PmcResult:
    """The index: score (0 to the number of variables), grade, first-level values and every decision.

    ``at_least`` says that a document is held only in part, so that the true score may be higher.
    """

    score: float
    grade: str
    values: Mapping[str, float]
    decisions: Mapping[str, Decision]
    surface: tuple[tuple[float, float, float], ...]
    at_least: bool


@lru_cache(maxsize=4)
def load_scheme(corpus: Path) -> Scheme:
    """The scheme of the corpus in folder ``corpus``."""
    content = load_yaml(corpus / "pmc.yaml")
    variables = tuple(Variable(v["id"], v["name"], tuple(map(_part, v["parts"]))) for v in content["variables"])
    grades = sorted(((float(g["from"]), str(g["name"])) for g in content["grades"]), reverse=True)
    return Scheme(variables, tuple(grades), tuple(content["sources"]))


def _part(row: Mapping[str, Any]) -> Part:
    return Part(
        id=row["id"], name=row["name"], measures=frozenset(row.get("measures", ())), strength=row.get("strength", 1),
        tool=row.get("tool"), cues=_any(row.get("cues")), unless=_any(row.get("unless")),
        targets=row.get("targets", False), level=frozenset(row.get("level", ())),
        period=tuple(row["period"]) if row.get("period") else None, public=row.get("public", False),
    )  # fmt: skip


def _any(words: Sequence[str] | None) -> re.Pattern[str] | None:
    return re.compile(any_of(words)) if words else None


def grade_told(result: PmcResult, scheme: Scheme) -> str:
    """The grade in words: a lower bound can show that a policy is good, not that it is bad."""
    if not result.at_least or result.grade == scheme.grades[0][1]:
        return result.grade
    return "收录不全，不评" if result.grade == scheme.grades[-1][1] else f"至少{result.grade}"


def pmc_index(
    held: Sequence[Held], documents: Sequence[Document], scheme: Scheme, frame: Frame,
    overrides: Mapping[str, int] | None = None,
) -> PmcResult:  # fmt: skip
    """The index of the policy made of ``documents`` with provisions ``held``.

    ``overrides`` maps ids of second-level variables (X1.1) to 0 or 1 and has the last word.

    Raises:
        KbError: an override names no second-level variable, or is neither 0 nor 1.
    """
    corrected = checked(overrides or {}, scheme)
    tools = {m.id: m.tool for m in frame.measures}
    decisions = {}
    texts = [fold(h.provision.text) for h in held]
    reach = _reaches(documents, held)
    for part in (p for v in scheme.variables for p in v.parts):
        provisions = tuple(h.id for h, text in zip(held, texts, strict=True) if _meets(part, h, text, tools))
        proving = tuple(d.id for d in documents if _fits(part, d, reach[d.id]))
        found = int(bool(provisions or proving))
        decisions[part.id] = Decision(part, corrected.get(part.id, found), found, provisions, proving)
    values = {v.id: sum(decisions[p.id].value for p in v.parts) / len(v.parts) for v in scheme.variables}
    score = round(sum(values.values()), 2)
    grade = next(name for lowest, name in scheme.grades if score >= lowest)
    at_least = any(d.coverage != "full" for d in documents)
    return PmcResult(score, grade, values, decisions, pmc_surface(values), at_least)


def pmc_surface(values: Mapping[str, float]) -> tuple[tuple[float, float, float], ...]:
    """The 3×3 surface: the first nine variables in rows of three; the tenth (published or not) says no more."""
    nine = [values[f"X{number}"] for number in range(1, 10)]
    return (nine[0], nine[1], nine[2]), (nine[3], nine[4], nine[5]), (nine[6], nine[7], nine[8])


def checked(overrides: Mapping[str, int], scheme: Scheme) -> Mapping[str, int]:
    """``overrides`` if every one sets a second-level variable of ``scheme`` to 0 or 1.

    Raises:
        KbError: it does not.
    """
    known = {p.id for v in scheme.variables for p in v.parts}
    if unknown := sorted(set(overrides) - known):
        raise KbError(f"PMC 指标体系中没有二级变量 {'、'.join(unknown)}。")
    if wrong := sorted(k for k, v in overrides.items() if v not in (0, 1)):
        raise KbError(f"PMC 二级变量只能取 0 或 1：{'、'.join(wrong)}。")
    return overrides


def _meets(part: Part, held: Held, text: str, tools: Mapping[str, str]) -> bool:
    """Whether a provision, ``text`` folded, makes ``part`` 1."""
    for code in held.codes:
        tool = tools.get(code.measure)
        named = code.measure in part.measures or (tool is not None and part.tool in ("any", tool))
        if named and code.strength >= part.strength:
            return True
    if part.targets and held.targets:
        return True
    said = part.unless.sub("\n", text) if part.unless else text
    return part.cues is not None and bool(part.cues.search(said))


def _fits(part: Part, document: Document, reach: Iterable[int]) -> bool:
    """Whether a fact of the document, or how many years it plans for, makes ``part`` 1."""
    if document.level in part.level or part.public and (document.url or document.mirrors):
        return True
    if part.period is None:
        return False
    low, high = part.period
    return any(low <= years < high for years in reach)


def _reaches(documents: Sequence[Document], held: Iterable[Held]) -> Mapping[str, set[int]]:
    """How many years beyond its issue each document plans for: its period's end and the years of its goals."""
    goals: dict[str, list[int]] = {}
    for one in held:
        goals.setdefault(one.document_id, []).extend(t.year for t in one.targets if t.year)
    return {d.id: _reach(d, goals.get(d.id, [])) for d in documents}


def _reach(document: Document, goals: Iterable[int]) -> set[int]:
    issued = _YEAR.search(document.known_since or "")
    if not issued:
        return set()
    ends = [int(year) for year in _YEAR.findall(document.period or "")][-1:]
    return {year - int(issued[0]) for year in (*ends, *goals) if year >= int(issued[0])}

"""Which future-industry sectors (赛道) a text names, and the tier it gives them.

Goes in: a text and the glossary ``corpus/lexicon/sectors.yaml``. Comes out: one mention per place, with the
sector, the tier the wording gives it (优先 / 探索 / none) and the span in the text. Where names overlap the
longest wins, and a name's negatives (量子点) are consumed silently, after Climate Policy Radar's concepts with
negative labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from kb.data import load_yaml
from kb.errors import KbError
from kb.fold import fold
from kb.model import Provision

Tier = Literal["优先", "探索"]
TIERS: tuple[Tier, ...] = ("优先", "探索")
LAST_TIER = TIERS[-1]
_SENTENCE = re.compile(r"[^。；;！？!?\n]+")
_CLOSING = re.compile("等(?:(?:[\\d一二三四五六七八九十]+|若干)[个类]?|一批|重点)?$")
_PREDICATE = re.compile("的?(?:未来|重点|主要)?(?:方向|领域|产业|赛道)")
_COMMA = re.compile("[,，]")
# 未来制造、信息、材料 and 能源: what the names of a list share is said once.
_SHARED = "未来"
_FURTHER = re.compile("[、和及与]([\u4e00-\u9fff]{2})(?=[、和及与等,，两二三四五六七八九十]|$)")


@dataclass(frozen=True)
class Sector:
    """One sector: its id, Chinese name, and the sector or group it is part of."""

    id: str
    name: str
    parent: str | None = None


@dataclass(frozen=True)
class Glossary:
    """All sectors in order, and the patterns that find them (``names`` maps a folded word to its sector)."""

    sectors: tuple[Sector, ...]
    names: Mapping[str, str | None]
    pattern: re.Pattern[str]
    cues: re.Pattern[str]
    tier_of: Mapping[str, Tier | None]
    verbs: frozenset[str]

    def sector(self, key: str) -> Sector:
        """The sector whose id or name is ``key``.

        Raises:
            KbError: no such sector.
        """
        for sector in self.sectors:
            if key in (sector.id, sector.name):
                return sector
        raise KbError(f"赛道词表中没有“{key}”。可用的赛道：{'、'.join(s.name for s in self.sectors)}。")

    def ancestors(self, sector: str) -> tuple[str, ...]:
        """The ids of what ``sector`` is part of, nearest first."""
        found: list[str] = []
        parent = self.sector(sector).parent
        while parent and parent not in found:
            found.append(parent)
            parent = self.sector(parent).parent
        return tuple(found)


@dataclass(frozen=True)
class SectorMention:
    """A place where a text names a sector; ``tier`` is None where the wording ranks nothing."""

    sector: str
    name: str
    tier: Tier | None
    start: int
    end: int


@lru_cache(maxsize=4)
def load_sectors(corpus: Path) -> Glossary:
    """The glossary of the corpus in folder ``corpus``.

    Raises:
        KbError: a parent is unknown, or one word names two sectors.
    """
    content = load_yaml(corpus / "lexicon" / "sectors.yaml")
    rows: Sequence[Mapping[str, Any]] = content["sectors"]
    sectors = tuple(Sector(r["id"], r["name"], r.get("parent")) for r in rows)
    if unknown := {s.parent for s in sectors if s.parent} - {s.id for s in sectors}:
        raise KbError(f"sectors.yaml：上级赛道 {'、'.join(sorted(unknown))} 未定义。")
    tiers = content["tiers"]
    tier_of: dict[str, Tier | None] = {word: tier for tier in TIERS for word in tiers[tier]}
    tier_of.update(dict.fromkeys(tiers["reset"], None))
    names = _names(rows)
    return Glossary(
        sectors, names, _naming_pattern(rows), _longest_first(tier_of), tier_of, frozenset(tiers["verbs"])
    )  # fmt: skip


def sectors_in(text: str, glossary: Glossary, heading: str = "") -> tuple[SectorMention, ...]:
    """Every place where ``text`` names a sector of ``glossary``, in order.

    ``heading`` is what the text stands under: its tier (探索发展) holds where the text itself gives none.
    """
    folded = fold(text)
    above = [glossary.tier_of[m[0]] for m in glossary.cues.finditer(fold(heading))]
    default = above[-1] if above and not glossary.cues.search(folded) else None
    return tuple(
        mention
        for sentence in _SENTENCE.finditer(folded)
        for mention in _in_sentence(folded, sentence.start(), sentence.end(), glossary, default)
    )


def sectors_of(provision: Provision, glossary: Glossary) -> tuple[SectorMention, ...]:
    """Every place where a provision names a sector, under the headings it stands below."""
    return sectors_in(provision.text, glossary, " ".join((*provision.path, provision.label)))


def _in_sentence(
    folded: str, start: int, end: int, glossary: Glossary, default: Tier | None
) -> Iterator[SectorMention]:
    found = list(glossary.pattern.finditer(folded, start, end))
    if not found:
        return
    cues = list(glossary.cues.finditer(folded, start, end))
    for name, at, after in sorted(_listed(folded, found, end), key=lambda n: n[1]):
        sector = glossary.names.get(name.casefold())
        if sector is not None:
            tier = _tier(folded, at, after, cues, glossary) or default
            yield SectorMention(sector, glossary.sector(sector).name, tier, at, after)


def _listed(folded: str, found: Iterable[re.Match[str]], end: int) -> Iterator[tuple[str, int, int]]:
    """Names with their spans: those found, and those behind them that leave out what the first of a list says."""
    for match in found:
        yield match[0], match.start(), match.end()
        further = _FURTHER.match(folded, match.end(), end) if match[0].startswith(_SHARED) else None
        while further is not None:
            yield _SHARED + further[1], further.start(1), further.end(1)
            further = _FURTHER.match(folded, further.end(), end)


def _tier(folded: str, start: int, end: int, cues: Iterable[re.Match[str]], glossary: Glossary) -> Tier | None:
    """The tier of the last cue before the name; else of a ranking verb after it, or any cue after 等, in the same
    comma-less stretch. What closes a list says nothing of the next one."""
    ahead = behind = None
    for cue in cues:
        closes = _closes(folded, cue)
        if cue.end() <= start:
            ahead = ahead if closes else cue
        elif behind is None and cue.start() >= end and (closes or cue[0] in glossary.verbs):
            behind = cue
    if (
        behind is not None
        and not _COMMA.search(folded, end, behind.start())
        and (ahead is None or _closes(folded, behind))
    ):
        return glossary.tier_of[behind[0]]
    return glossary.tier_of[ahead[0]] if ahead is not None else None


def _closes(folded: str, cue: re.Match[str]) -> bool:
    """Whether a cue ends the list it ranks: ……等高成长产业, ……为探索培育方向."""
    before = folded[max(0, cue.start() - 8) : cue.start()]
    return bool(_CLOSING.search(before) or before.endswith("为") and _PREDICATE.match(folded, cue.end()))


def _names(rows: Iterable[Mapping[str, Any]]) -> dict[str, str | None]:
    names: dict[str, str | None] = {}
    for row in rows:
        for word in (*row["terms"], *row.get("latin", ())):
            key = fold(str(word)).casefold()
            if names.get(key, row["id"]) != row["id"]:
                raise KbError(f"sectors.yaml：“{word}”同时属于 {names[key]} 和 {row['id']}。")
            names[key] = row["id"]
        names.update({fold(str(word)).casefold(): None for word in row.get("not", ())})
    return names


def _naming_pattern(rows: Iterable[Mapping[str, Any]]) -> re.Pattern[str]:
    chinese = [w for r in rows for w in (*r["terms"], *r.get("not", ()))]
    latin = [w for r in rows for w in r.get("latin", ())]
    words = "|".join(map(re.escape, sorted(map(fold, chinese), key=len, reverse=True)))
    letters = "|".join(map(re.escape, sorted(map(fold, latin), key=len, reverse=True)))
    return re.compile(rf"{words}|(?<![A-Za-z0-9])(?:{letters})(?![A-Za-z0-9])", re.IGNORECASE)


def _longest_first(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(map(fold, words), key=len, reverse=True))))

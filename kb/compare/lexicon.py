"""The words by which quantities are read (``corpus/lexicon/quantities.yaml``), as patterns over folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.data import load_yaml
from kb.fold import fold
from kb.settings import settings

# 3.5, 1,200, 十二, 三百, 百, and what multiplies it; a bare 百 or 万 is a number too (百家, 万亿级)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?"
_CHINESE = "[一二两三四五六七八九十百千零]+"
_TIMES = "百万|千万|万[余多]?亿|千亿|百亿|[百千]?[万亿]|[百千]"
_PER = "万人|百亿元|亿元|万元|平方米|立方米|千瓦时|千克|公斤|公里|小时|人|吨|年|户|亩|度|个|家|辆|天|日|月"
_RANGE = r"至|到|-|—{1,2}|~|或"


@dataclass(frozen=True)
class Lexicon:
    """Patterns for quantities and the cues of their role; every pattern reads folded text."""

    quantity: re.Pattern[str]
    level: re.Pattern[str]
    lead: re.Pattern[str]
    lead_words: tuple[str, ...]
    bound: Mapping[str, str]
    aims: frozenset[str]
    verbs: re.Pattern[str]
    added: re.Pattern[str]
    kept: re.Pattern[str]
    carrying: re.Pattern[str]
    cues: re.Pattern[str]
    role_of: Mapping[str, tuple[str, str]]
    condition: re.Pattern[str]
    condition_tail: re.Pattern[str]
    sum_tail: re.Pattern[str]
    talk: tuple[str, ...]
    of_sums: re.Pattern[str]
    sums: re.Pattern[str]
    idioms: re.Pattern[str]
    given: re.Pattern[str]
    shared: tuple[str, ...]
    counters: frozenset[str]


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of ``words``, the longest first."""
    return "|".join(map(re.escape, sorted({fold(str(w)) for w in words}, key=lambda w: (-len(w), w))))


def default_lexicon() -> Lexicon:
    """The lexicon of the corpus in use."""
    return load_lexicon(settings().corpus)


@lru_cache(maxsize=4)
def load_lexicon(corpus: Path) -> Lexicon:
    """The lexicon of the corpus in folder ``corpus``."""
    content = load_yaml(corpus / "lexicon" / "quantities.yaml")
    bounds, aims = content["bounds"], content["aims"]
    before = {fold(w): kind for kind, words in bounds["before"].items() for w in words}
    after = {fold(w): kind for kind, words in bounds["after"].items() for w in words}
    carrying = any_of(content["carrying"])
    role_of = {
        fold(word): (role, span) for role in ("goal", "past") for span, ws in content[role].items()
        for word in ws
    }  # fmt: skip
    return Lexicon(
        quantity=_quantity(content, any_of(after)),
        level=re.compile(rf"(?:{_DIGITS}|{_CHINESE})?(?:{_TIMES})元?级"),
        lead=re.compile(rf"(?<!平)(?:{any_of([*before, *aims])}|{carrying})+$"),  # 高于全国平均
        lead_words=tuple(
            sorted({*before, *map(fold, aims), *map(fold, content["carrying"])}, key=lambda w: (-len(w), w))
        ),
        bound={**before, **after},
        aims=frozenset(map(fold, aims)),
        verbs=re.compile(any_of(content["verbs"])),
        added=re.compile(any_of(content["added"])),
        kept=re.compile(any_of([*content["added"], *content["turned"]])),
        carrying=re.compile(rf"(?<!平)(?:{carrying}|{any_of([*before, *aims])})+$"),
        cues=re.compile(any_of(role_of)),
        role_of=role_of,
        condition=re.compile(any_of(content["condition"]["here"])),
        condition_tail=re.compile(any_of(content["condition"]["tail"])),
        sum_tail=re.compile(rf"的[^,。;]{{0,8}}(?:{any_of(content['condition']['tail_of_sums'])})"),
        talk=tuple(content["talk"]),
        of_sums=re.compile(any_of(content["condition"]["of_sums"])),
        sums=re.compile(any_of(content["condition"]["sums"])),
        idioms=re.compile(any_of(content["idioms"])),
        given=re.compile(f"(?:{any_of(content['given'])})$"),
        shared=tuple(content["shared"]),
        counters=frozenset(map(fold, content["units"]["counters"])),
    )


def _quantity(content: Mapping[str, Any], after: str) -> re.Pattern[str]:
    units = content["units"]
    stops = {fold(k): v for k, v in content["not_followed"].items()}
    words = sorted({fold(str(w)) for w in (*units["counters"], *units["measured"])}, key=len, reverse=True)
    counted = "|".join(re.escape(w) + (f"(?!{any_of(stops[w])})" if stops.get(w) else "") for w in words)
    pair = rf"(?:\((?:{any_of(units['counters'])})\))?"
    unit = rf"个百分点|%|{any_of(units['latin'])}(?![A-Za-z])|(?:{counted}){pair}"
    number = rf"(?:{_DIGITS}|{_CHINESE})"
    return re.compile(
        rf"(?P<a>(?<![\d.A-Za-z*×=第一二两三四五六七八九十]){number}|(?<![每\d第])(?={_TIMES}))(?P<am>[余多]?(?:{_TIMES})?)"
        rf"(?:(?P<au>{unit})?(?:{_RANGE})(?P<b>{number})(?P<bm>[余多]?(?:{_TIMES})?))?"
        rf"(?P<more>[余多]?)(?P<unit>{unit})(?P<per>/(?:{_PER}))?"
        rf"(?:\(含\))?(?P<after>{after})?"
    )

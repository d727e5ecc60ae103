"""Why a provision was found: which terms stand where in it; and which provisions say the same.

Goes in: texts and terms. Comes out: spans to mark, terms by place, and near-identical texts found out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from kb import words

Span = tuple[int, int]
ALIKE = 0.85
SHORTEST_COMPARED = 12


def mark(text: str, terms: Sequence[str]) -> tuple[tuple[str, ...], tuple[Span, ...]]:
    """Which ``terms`` stand in ``text`` and their spans, overlaps merged; found as compared, widths folded."""
    haystack = words.key(text)
    found, spans = [], []
    for term in terms:
        if places := list(_places(haystack, words.plain(term))):
            found.append(term)
            spans += places
    return tuple(found), merged(spans)


def _places(haystack: str, needle: str) -> Iterator[Span]:
    return (m.span() for m in _spelt(needle, "").finditer(haystack)) if needle else iter(())


@lru_cache(maxsize=2000)
def _spelt(needle: str, between: str) -> re.Pattern[str]:
    """``needle`` with what may stand ``between`` its signs, a single sign in brackets or not: 首台套, 首台(套)."""
    signs = "".join(needle.split())
    bare = [re.escape(sign) for sign in signs]
    # a figure is found whole: 5家 not in 45家, 50 not in 150
    first = r"(?<![\d.])" if signs[:1].isdigit() else ""
    last = r"(?!\d|\.\d)" if signs[-1:].isdigit() else ""
    inset = [
        rf"(?:{sign}|\({sign}\))" if n and re.fullmatch(words.INSET, sign) else sign for n, sign in enumerate(bare)
    ]
    return re.compile(first + between.join(inset) + last)


def telling(terms: Collection[str]) -> list[str]:
    """The terms that say why a text was found: a single sign does only where nothing longer was asked, for it is marked
    inside other words, too (来 in 未来)."""
    return [t for t in terms if len(t) > 1] or list(terms)


def longest(terms: Sequence[str]) -> list[str]:
    """The terms that are not part of another one."""
    return [t for t in terms if not any(t != other and t in other for other in terms)]


def mark_phrase(text: str, phrase: str) -> tuple[Span, ...]:
    """The spans of ``phrase`` in ``text``, whatever spaces and line ends stand between its signs in either."""
    sought = words.plain(phrase).strip()
    return merged(m.span() for m in _spelt(sought, r"\s*").finditer(words.key(text))) if sought else ()


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, those that overlap or touch made one."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return tuple(whole)


def alike(one: str, other: str) -> bool:
    """Whether two texts say the same but for a few signs: most of their character pairs are common (Jaccard).

    Short texts must be equal: in them a few signs, such as a number, may be all that matters.
    """
    if one == other:
        return True
    short, long = sorted((len(one), len(other)))
    if short < SHORTEST_COMPARED or short < ALIKE * long or _figures(one) != _figures(other):
        return False
    mine, theirs = set(words.grams(one)), set(words.grams(other))
    return len(mine & theirs) >= ALIKE * len(mine | theirs)


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万亿]+", words.key(text))

"""Quantified goals (量化目标) in a text: indicator, year, value or range, unit and qualifier of each.

Goes in: a provision or a whole text. Comes out: its goals with their spans. A quantity is a goal, an achievement
(已建成10家, a number of a year gone by) or a condition (最高1000万元, a threshold of eligibility); which it is, and
the year, follow from the wording before it, carried from sentence to sentence and from heading to text. The words
are data: ``corpus/lexicon/quantities.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kb.compare.indicators import AlignedTarget, align
from kb.compare.lexicon import Lexicon, default_lexicon
from kb.compare.naming import indicator_of, sizes_noun, verb_kept
from kb.compare.quantities import Quantity, closed_up, quantities
from kb.compare.tabular import tables, values
from kb.fold import fold
from kb.model import Provision, Target

__all__ = [
    "AlignedTarget", "FoundTarget", "ReadQuantity", "Standing", "align", "extract_targets", "read_quantities",
    "targets_of_provisions",
]  # fmt: skip

Role = Literal["goal", "past", "condition"]

_YEAR = re.compile(
    r"(?P<range>20\d\d年?(?:-|—{1,2}|至|~|到))?(?P<year>(?:19|20)\d\d)年(?!版|以来|度?工作回顾)(?P<day>\d{1,2}月(?:\d{1,2}日)?)?(?P<end>年?[底末]?前|年?[底末])?"
    r"|“?(?P<plan>十[三四五六]五)”?(?P<span>末|期末|期间|时期|规划期末)"
    r"|(?P<now>今年|本年度|(?<![\d一二三四五六七八九十两几])年内)|(?P<next>明年)"
)
_PLAN_END = {"十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}
_COMPARED = re.compile(r"(?:比|较|与|以|自|从|由|[高低优大小多少等当对基]于|相比|对比)$")
_AS_OF = re.compile(r"截[至止]到?$")
_TOWARDS = re.compile(r"(?:到|至|力争|争取|力争到|在|于)“?$")
_SENTENCE = re.compile(r"[^。;！？!\n]+[。;！？!]?|\n")
_CLAUSE = re.compile(r"[,。;:！？!\n\t]")
_HEADING = re.compile(r"\s*(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十]+[章部]|#{1,3}\s)")
_ITEM = re.compile(r"\s*(?:——|[-—•●]|\(?[一二三四五六七八九十\d]{1,2}[).、])")
_EVERY_YEAR = re.compile(r"每年(?!\d)|年均(?!增)|每年度")
_SHARE = re.compile("比例|占比|比重|率|资金|经费")
# 从1000家增加到, 从2023年的1000家增加到, 比2023年底的1000家
_FROM = re.compile(
    r"(?:[由从](?:20\d\d年(?:\d{1,2}月)?[底末]?|目前|当前|现在|现有|原来|原有)?的?"
    r"|[比较]20\d\d年(?:\d{1,2}月)?[底末]?的)(?:约|近|不足|不到)?$"
)
_TO_WHOM = re.compile(r"\s*(?:[一二三四五六七八九十]+是)?[对向给]")
_LIKENED = re.compile("同比|[较比]上年")
_CHANGED = re.compile(r"从[^,。;]{0,10}\d")
_DONE_BY = re.compile(
    r"到(20\d\d)年(?:\d{1,2}月)?(?:底|末)?(?:前)?(?:全部|全面|基本|均|如期)?(?:完成|实现|建成|达成|到位)"
)
_YEARS_APART = re.compile(r"(20\d\d年底?(?:[、,和及]20\d\d年底?)+)[^。;;]{0,30}?分别")
_APPLICANT = re.compile(
    r"\s*(?:\(?[一二三四五六七八九十\d]{1,2}[).、])?(?:申报|申请)"
    r"(?:(?:单位|主体|企业|机构|项目|人|条件)|[^,。;:]{0,12}(?:应当?|须|需|具备|符合|满足))"
)
_BUILT = re.compile("(?:建|育|设|引|办|创|增|达|达到|争创)(?:约|超|近)?$")
# 9个主导性产业为信息技术、……: said, not set
_DEFINED = re.compile(r"[\u4e00-\u9fff]{2,}(?:(?<![作成列称设定])为|是|合称|分别结合)[\u4e00-\u9fffA-Za-z]{2,}")
# 设立母基金，总规模100亿元: set with the verb of the clause before (or of the cell before)
_BARE_SIZE = re.compile("(?:(?:总|首期|目标)?规模|首期|总投资)(?:达到?|约|不低于|不少于|超过?)?")
_NAMELY = frozenset({"即", "分别为", "分别是", "包括"})
_EXACT_DIGITS, _COUNTED_DIGITS = 4, 3


@dataclass(frozen=True)
class FoundTarget:
    """A goal and where its quantity stands in the text."""

    target: Target
    start: int
    end: int


@dataclass(frozen=True)
class ReadQuantity:
    """Any quantity of a text with its role: goal, achievement (past) or condition."""

    target: Target
    role: Role
    start: int
    end: int


@dataclass(frozen=True)
class Standing:
    """What holds where a sentence begins: the year spoken of, and whether the text looks ahead or back."""

    year: int | None = None
    role: Role | None = None
    section: Role | None = None
    section_year: int | None = None


def extract_targets(
    text: str, context_year: int | None = None, *, heading: str = "", issued_year: int | None = None
) -> tuple[FoundTarget, ...]:
    """The goals in ``text``, in order.

    ``context_year`` is the year in force where the text begins (a goal year named just before, or the year a yearly
    programme is for); ``heading`` is what the text stands under; ``issued_year`` is when it was written, so that
    今年 and years gone by are known (by default ``context_year``).
    """
    return _goals(read_quantities(text, context_year, heading=heading, issued_year=issued_year))


def read_quantities(
    text: str, context_year: int | None = None, *, heading: str = "", issued_year: int | None = None
) -> tuple[ReadQuantity, ...]:
    """Every quantity in ``text`` with its indicator, year and role; parameters as in :func:`extract_targets`."""
    reader = _Reader(default_lexicon(), issued_year or context_year)
    standing = Standing(context_year, None, None, context_year)
    if heading:
        standing = reader.under(heading, standing)
    return reader.read(text, standing)[0]


def targets_of_provisions(
    provisions: Iterable[Provision], issued_year: int | None = None
) -> tuple[tuple[FoundTarget, ...], ...]:
    """The goals of each provision of one document, in step; years and outlook are carried from one to the next."""
    reader = _Reader(default_lexicon(), issued_year)
    standing, path = Standing(), ()  # type: tuple[Standing, tuple[str, ...]]
    found = []
    for provision in provisions:
        if provision.path != path:
            above = standing if provision.path[: len(path)] == path else Standing()
            standing = reader.under("\n".join(provision.path), above)
            path = provision.path
        read, standing = reader.read(provision.text, standing)
        standing = replace(standing, section_year=standing.year)
        found.append(_goals(read))
    return tuple(found)


def _goals(read: Iterable[ReadQuantity]) -> tuple[FoundTarget, ...]:
    return tuple(FoundTarget(q.target, q.start, q.end) for q in read if q.role == "goal")


@dataclass(frozen=True)
class _Event:
    """A turn in a sentence: a year named or a word that says goal or past."""

    at: int
    role: Role | None
    year: int | None = None
    span: str = "strong"


class _Reader:
    """Reads sentence after sentence with one lexicon."""

    def __init__(self, lexicon: Lexicon, issued: int | None) -> None:
        self.lexicon = lexicon
        self.issued = issued

    def under(self, heading: str, standing: Standing) -> Standing:
        """The standing below ``heading``: what its words say holds for the section."""
        heading = fold(closed_up(heading)[0])
        for event in self._events(heading, 0, len(heading)):
            standing = replace(
                standing, year=event.year or standing.year, section_year=event.year or standing.section_year,
                role=event.role or standing.role, section=event.role or standing.section,
            )  # fmt: skip
        return standing

    def read(self, text: str, standing: Standing) -> tuple[tuple[ReadQuantity, ...], Standing]:
        """The quantities of ``text`` and the standing after it."""
        closed, places = closed_up(text)
        found, rest = list[ReadQuantity](), closed
        for start, end, columns in tables(closed, self.issued):
            found += (
                ReadQuantity(v.target, "past" if v.past else "goal", v.start, v.end)
                for v in values(closed, start, end, columns, self.lexicon)
            )
            rest = rest[:start] + _beside(closed[start:end], max(c.at for c in columns)) + rest[end:]
        said, standing = self._read(rest, standing)
        found = sorted([*found, *said], key=lambda q: q.start)
        return tuple(replace(q, start=places[q.start], end=places[q.end - 1] + 1) for q in found), standing

    def _read(self, text: str, standing: Standing) -> tuple[list[ReadQuantity], Standing]:
        folded, waiting = _with_cells(text), list(quantities(text, self.lexicon))
        found: list[ReadQuantity] = []
        line_start = True
        previous: ReadQuantity | None = None
        for match in _SENTENCE.finditer(folded):
            if match[0] == "\n":
                standing, line_start, previous = replace(standing, role=standing.section), True, None
                continue
            if line_start and not (_ITEM.match(match[0]) or folded[: match.start()].rstrip().endswith(":")):
                standing = replace(standing, year=standing.section_year)
            if line_start and _HEADING.match(match[0]) and len(match[0]) < 60:
                standing = replace(standing, year=standing.section_year, role=None)
                standing = self.under(match[0], standing)
            line_start = False
            inside = [q for q in waiting if match.start() <= q.start < match.end()]
            events = self._events(folded, match.start(), match.end())
            read = list(self._sentence(folded, match.start(), match.end(), inside, events, standing, previous))
            found, previous = found + read, (read[-1] if read else previous)
            standing = _after(standing, events)
        return found, standing

    def _events(self, folded: str, start: int, end: int) -> list[_Event]:
        events = [e for m in _YEAR.finditer(folded, start, end) if (e := self._year_event(folded, m))]
        for match in self.lexicon.cues.finditer(folded, start, end):
            role, span = self.lexicon.role_of[match[0]]
            if match[0] != "要" or folded[match.end() : match.end() + 1] not in "求素点件":
                events.append(_Event(match.start(), role, None, span))  # type: ignore[arg-type]
        return sorted(events, key=lambda e: e.at)

    def _year_event(self, folded: str, match: re.Match[str]) -> _Event | None:
        before = folded[max(0, match.start() - 3) : match.start()]
        if match["now"] or match["next"]:
            year = self.issued + bool(match["next"]) if self.issued else None
            return _Event(match.start(), "goal", year)
        if match["plan"]:
            year = _PLAN_END[match["plan"]]
            gone = self.issued is not None and year < self.issued
            return _Event(match.start(), "past" if gone else "goal", year)
        due = (match["end"] or "").endswith("前")
        if not due and (before.endswith("于") or match["day"] and not _is_term(before, match)):
            return None
        if _COMPARED.search(before) or re.match("(?:为基|相比|的基础上|翻|工作回顾)", folded[match.end() :]):
            return None
        year = int(match["year"])
        gone = self.issued is not None and year < self.issued
        if gone or _AS_OF.search(before) and year <= (self.issued or year):
            return _Event(match.start(), "past", year)
        ahead = bool(_TOWARDS.search(before)) or self.issued is not None or bool(match["end"])
        return _Event(match.start(), "goal" if ahead else None, year)

    def _sentence(
        self, folded: str, start: int, end: int, inside: list[Quantity], events: list[_Event], standing: Standing,
        previous: ReadQuantity | None,
    ) -> Iterator[ReadQuantity]:  # fmt: skip
        done = any(e.role == "past" and not _LIKENED.match(folded, e.at) for e in events)
        reports = done or any(_is_counted(q) for q in inside)
        for index, quantity in enumerate(inside):
            if self._is_description(folded, quantity, inside):
                continue
            name = indicator_of(
                folded, start, end, inside, index, self.lexicon, previous.target if previous else None
            )
            if not name:
                continue
            year, role = _at(quantity, events, standing)
            year = _apart(folded, start, end, inside, quantity) or year or _done_by(folded, quantity.end, end)
            clause = _clause(folded, start, quantity.start)
            dated = any(e.year is not None and e.at < quantity.start for e in events)
            role = self._role(folded, start, clause, quantity, role, name, dated, standing.section, previous, reports)
            unit = quantity.unit
            if _EVERY_YEAR.search(folded, clause, quantity.start) and unit not in ("%", "个百分点"):
                unit += "/年"
            each = "各" if folded[: quantity.start].endswith("各") else None
            said = "、".join(filter(None, (each, quantity.qualifier))) or None
            target = Target(name, year, quantity.low, quantity.high, unit, said)
            previous = ReadQuantity(target, role, quantity.start, quantity.end)
            kept = verb_kept(folded, clause, quantity, name, self.lexicon)
            yield previous if kept in name else replace(previous, target=replace(target, indicator=kept + name))

    def _is_description(self, folded: str, quantity: Quantity, inside: list[Quantity]) -> bool:
        """Whether the number only says what kind of thing is meant: 亿元以上企业, 5个千亿级集群."""
        if quantity.level:
            return not self._is_level_goal(folded, quantity, inside)
        return folded[quantity.end : quantity.end + 1] == "级" or sizes_noun(folded, quantity)

    def _is_level_goal(self, folded: str, quantity: Quantity, inside: list[Quantity]) -> bool:
        before = folded[max(0, quantity.start - 8) : quantity.start]
        counted = any(q is not quantity and 0 <= quantity.start - q.end <= 3 for q in inside)
        tail = re.match(r"[^,。;、]{0,16}", folded[quantity.end :])
        named = re.search("计划|行动|工程|企业|项目|战略", tail[0]) if tail else None
        verb = re.search("形成|打造|建成|达到|迈向|构建|建设|成为|冲刺|发展成?|壮大成?为", before)
        several = re.search("批|多个|若干|个$|每|各|条$|家$", before)
        return bool(verb) and not counted and not named and not several

    def _role(
        self, folded: str, sentence: int, clause: int, quantity: Quantity, role: Role | None, name: str, dated: bool,
        section: Role | None, previous: ReadQuantity | None, reports: bool,
    ) -> Role:  # fmt: skip
        """What the quantity is, where ``role`` is what the wording before it says so far."""
        words, tail = folded[clause : quantity.start], folded[quantity.end : quantity.end + 12]
        if (
            _APPLICANT.match(folded, sentence)
            or self._is_condition(words, tail, quantity)
            or self.lexicon.given.search(folded[: quantity.lead])
        ):
            return "condition"
        if not dated and section != "goal" and (self._is_talk(name, quantity) or _DEFINED.search(name)):
            return "condition"
        if _FROM.search(folded[: quantity.start]):
            return "past"
        if role is None and (dated or "目标" in tail):
            return "goal"
        bare = _BARE_SIZE.fullmatch(words) or not words and folded[clause - 1 : clause] == "\t"
        if role is None and bare and self.lexicon.verbs.search(folded, sentence, clause):
            return "goal"
        return role or self._guess(words, quantity, previous, reports)

    def _is_talk(self, name: str, quantity: Quantity) -> bool:
        """Whether a counted noun is only talked about: 五项任务, 6个方向."""
        word = next((w for w in self.lexicon.talk if name.endswith(w)), None)
        bounded = quantity.qualifier is not None and not quantity.qualifier.endswith("类各")
        return (
            word is not None and not bounded and quantity.unit in self.lexicon.counters and len(name) <= len(word) + 4
        )

    def _is_condition(self, words: str, tail: str, quantity: Quantity) -> bool:
        if self.lexicon.condition.search(words):
            return True
        tail = re.split("[。;:、]", tail)[0]
        if self.lexicon.condition_tail.search(tail):
            return True
        money = quantity.unit.endswith("元")
        if (money or quantity.unit == "%") and self.lexicon.sums.search(words):
            return True
        if money and self.lexicon.of_sums.search(words):
            return True
        towards = bool(_TO_WHOM.match(words))
        return towards and money and quantity.qualifier is not None or (
            (money or towards) and bool(self.lexicon.sum_tail.search(tail))
        )  # fmt: skip

    def _guess(self, words: str, quantity: Quantity, previous: ReadQuantity | None, reports: bool) -> Role:
        """The role of a number nothing is said about: a goal when it is set with a verb and its sentence ``reports``
        nothing: neither it nor another is overly exact, as goals are round, and none is said to be reached."""
        if len(_digits(quantity)) >= _EXACT_DIGITS or _CHANGED.search(words) or reports:
            return "past"
        if _BUILT.search(words) or words in _NAMELY:
            return "goal"
        bounded = quantity.qualifier is not None and (quantity.unit != "%" or bool(_SHARE.search(words)))
        if self.lexicon.verbs.search(words) or bounded:
            return "goal"
        return previous.role if previous else "goal" if quantity.level else "condition"


def _beside(table: str, last: int) -> str:
    """The cells of a table that stand after its column number ``last`` (主要举措, 备注), at their places; all else blank."""
    head, *rows = table.split("\n")
    lines = [" " * len(head)]
    for row in rows:
        read = sum(len(cell) + 1 for cell in row.split("\t")[: last + 1])
        lines.append(" " * min(read, len(row)) + row[read:])
    return "\n".join(lines)


def _with_cells(text: str) -> str:
    """``text`` folded, with the tabs that part the cells of a table, which the fold makes spaces."""
    return "".join("\t" if raw == "\t" else sign for raw, sign in zip(text, fold(text), strict=True))


def _is_term(before: str, match: re.Match[str]) -> bool:
    """Whether a month or day is a term and not only a date: 到2025年6月, or 2025年6月底 where it opens a clause."""
    opens = not re.search(r"[\u4e00-\u9fff]$", before)
    return bool(_TOWARDS.search(before)) or opens and bool(match["end"])


def _digits(quantity: Quantity) -> str:
    """The digits that count of a number: 4 of four million, 973 of 97.3."""
    value = quantity.low if quantity.low is not None else quantity.high
    return "".join(re.findall(r"\d", f"{value:.6f}")).strip("0")


def _is_counted(quantity: Quantity) -> bool:
    """Whether a number looks counted rather than set: 909公里, 97.3%, 1411条."""
    digits = _digits(quantity)
    return quantity.qualifier is None and len(digits) >= _COUNTED_DIGITS and not digits.endswith("5")


def _done_by(folded: str, start: int, end: int) -> int | None:
    """The year a sentence closes with: ……，到2027年全部完成."""
    match = _DONE_BY.search(folded, start, end)
    return int(match[1]) if match else None


def _apart(folded: str, start: int, end: int, inside: list[Quantity], quantity: Quantity) -> int | None:
    """The own year of one of several numbers: 到2026年和2028年，规模分别达到100亿元和300亿元."""
    match = _YEARS_APART.search(folded, start, end)
    if match is None or quantity.start < match.end():
        return None
    years = re.findall(r"20\d\d", match[1])
    after = [q for q in inside if q.start >= match.end()]
    return int(years[after.index(quantity) % len(years)]) if len(after) % len(years) == 0 else None


def _clause(folded: str, start: int, at: int) -> int:
    """Where the clause holding ``at`` begins."""
    last = start
    for match in _CLAUSE.finditer(folded, start, at):
        last = match.end()
    return last


def _at(quantity: Quantity, events: list[_Event], standing: Standing) -> tuple[int | None, Role | None]:
    """The year and role in force at ``quantity``: the last turn before it in the sentence, else what was carried."""
    year, role = standing.year, standing.role
    for event in events:
        if event.at >= quantity.start:
            break
        year = event.year or year
        role = _turned(event, role, standing)
    return year, role


def _turned(event: _Event, role: Role | None, standing: Standing) -> Role | None:
    """The role after ``event``: a weak word does not turn a section that looks the other way, and no word but a
    year makes a goal in a review of what was done."""
    if event.role is None or event.span == "here" and (role or standing.section) not in (None, event.role):
        return role
    if standing.section == "past" and event.role == "goal" and event.year is None:
        return role
    return event.role


def _after(standing: Standing, events: list[_Event]) -> Standing:
    """What is carried out of a sentence: its last year with that year's role, and lasting words."""
    for event in events:
        if event.year is not None:
            standing = replace(standing, year=event.year, role=event.role or standing.role)
        if event.span == "lasting" and standing.section in (None, event.role):
            standing = replace(standing, role=event.role)
    return standing

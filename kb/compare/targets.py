"""Quantified goals (量化目标) in a text: indicator, year, value or range, unit and qualifier of each.

Goes in: a provision or a whole text. Comes out: its goals with their spans. A quantity is a goal, an achievement
or a condition (:mod:`kb.compare.roles`); which it is, and the year, follow from the wording before it, carried here from
sentence to sentence and from heading to text. The words are data: ``corpus/lexicon/quantities.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kb.compare.indicators import AlignedTarget, align
from kb.compare.lexicon import Lexicon, default_lexicon
from kb.compare.naming import clause_start, indicator_of, joint, names, verb_kept
from kb.compare.quantities import Quantity, closed_up, is_counted, quantities
from kb.compare.roles import Role, Said, Sentence, is_description, looks_counted, role_of
from kb.compare.tabular import head_of, tables, values
from kb.fold import fold
from kb.model import Provision, Target

__all__ = [
    "AlignedTarget", "FoundTarget", "ReadQuantity", "Standing", "align", "extract_targets", "read_quantities",
    "targets_of_provisions",
]  # fmt: skip

_YEAR = re.compile(
    r"(?P<range>20\d\d年?(?:-|—{1,2}|至|~|到))?(?P<year>(?:19|20)\d\d)年(?!版|以来|度?工作回顾)(?P<day>\d{1,2}月(?:\d{1,2}日)?)?(?P<end>年?[底末]?前|年?[底末])?"
    r"|“?(?P<plan>十[三四五六]五)”?(?P<span>末|期末|期间|时期|规划期末)"
    r"|(?P<term>(?:\d+|[一二两三四五六七八九十]+)(?:[-—~至到](?:\d+|[一二两三四五六七八九十]+))?年(?:时间|(?:之|以)?内))"
    r"|(?P<now>今年|本年度|(?<![\d一二三四五六七八九十两几])年内)|(?P<next>明年)"
)
_PLAN_END = {"十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}
_COMPARED = re.compile(r"(?:比|较|与|以|自|从|由|[高低优大小多少等当对基]于|相比|对比)$")
# 改造5000个已建成自然村的设施: which things, not what was reached
_STANDING = frozenset({"已建成", "已有", "现有"})
_OTHER_WORD = re.compile("要[求素点件]|[主重首摘纲]要")
_OF_THOSE = r"[\d千百万亿余多][个家项座所条处套户名]|[对将把]"
_FROM_THEN = re.compile("起(?![步点飞降])")  # 2020年起: when it begins, not when it is reached
_AS_OF = re.compile(r"截[至止]到?$")
_TOWARDS = re.compile(r"(?:到|至|力争|争取|力争到|在|于)“?$")
_SENTENCE = re.compile(r"[^。;！？!\n]+[。;！？!]?|\n")
_HEADING = re.compile(r"\s*(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十]+[章部]|#{1,3}\s)")
_CELLS = re.compile(r"[^\t\n]*\t")
_ITEM = re.compile(r"\s*(?:——|[-—•●■◆★①-⑳]|\(?(?:[一二三四五六七八九十]{1,4}|\d{1,2})[).、])")
_LED_IN = re.compile(r"[:：]\s*$")
_EVERY_YEAR = re.compile(r"每年(?!\d)|年均(?!增)|每年度")
_YEARLY = re.compile("每年")
# so many in every one, which is no total: 每个区县1个, 各区至少1家; but 实验室、中心各20家
_EVERY_ONE = re.compile(
    "(?P<one>每(?:个|家|县|区县|市|镇|村|所)[^,。;0-9]{0,12}$|各(?:区县|市县|区|县|市|镇街|街镇|镇|街道|乡镇|村|社区)(?:均|都)?至少[^,。;]{0,6}$)|各$"
)
_TERM_OPENED = re.compile(r"\s*(?:计划|力争|争取)?(?:利?用|通过|经过|在|从|自)?")
_LIKENED = re.compile("同比|[较比]上年")
_DONE_BY = re.compile(
    r"到(20\d\d)年(?:\d{1,2}月)?(?:底|末)?(?:前)?(?:全部|全面|基本|均|如期)?(?:完成|实现|建成|达成|到位)"
)
_YEARS_APART = re.compile(r"(20\d\d年底?(?:[、,和及]20\d\d年底?)+)[^。;;]{0,30}?分别")


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
    """What holds where a sentence begins: the year spoken of, and whether the text looks ahead or back.

    ``yearly`` is the year of what is to be done every year: that of the heading or of the words that lead in the list
    (到2027年，实现以下目标：), as 每年新增20家 goes on after the year that the sentence before it speaks of.
    """

    year: int | None = None
    role: Role | None = None
    section: Role | None = None
    section_year: int | None = None
    yearly: int | None = None


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
    standing = Standing(context_year, section_year=context_year, yearly=context_year)
    if heading:
        standing = reader.under(heading, standing)
    return reader.read(text, standing)[0]


def targets_of_provisions(
    provisions: Iterable[Provision], issued_year: int | None = None
) -> tuple[tuple[FoundTarget, ...], ...]:
    """The goals of each provision of one document, in step; years and outlook are carried from one to the next."""
    reader = _Reader(default_lexicon(), issued_year)
    standing, path = Standing(), ()  # type: tuple[Standing, tuple[str, ...]]
    headed: int | None = None
    listed: dict[str, Standing] = {}  # what holds before each list that is open, by the marker of its items
    head = ""
    found = []
    for provision in provisions:
        if provision.path != path:
            above = standing if provision.path[: len(path)] == path else Standing()
            standing = reader.under("\n".join(provision.path), above)
            headed = reader.under("\n".join(provision.path), Standing()).section_year
            path, listed, head = provision.path, {}, ""
        apart = _is_apart(provision)
        # the year one item names in passing holds for no other: 1.……到2025年建成…… 2.……
        marker = None if apart else _marker(provision.text)
        if marker:
            before = _before_list(listed, marker, standing)
            standing = replace(standing, year=before.year, section_year=before.section_year, yearly=before.yearly)
        elif not apart and listed:
            standing = replace(standing, yearly=headed)
            if reader.names_year(provision.text):
                listed = {}  # 到2030年，实现以下目标：1.……
        # a long table comes in pieces, of which only the first has the head
        own = head_of(provision.text.rstrip("\n"), issued_year) if "\t" in provision.text else ""
        lent = head + "\n" if head and not own and _goes_on_below(head, provision.text) else ""
        head = own or lent.rstrip("\n")
        read, after = reader.read(lent + provision.text, standing)
        if not apart:
            led = marker or _LED_IN.search(provision.text)
            standing = replace(after, section_year=headed or after.year, yearly=after.yearly if led else headed)
        found.append(_goals(replace(q, start=q.start - len(lent), end=q.end - len(lent)) for q in read))
    return tuple(found)


def _goes_on_below(head: str, text: str) -> bool:
    """Whether ``text`` begins with a row that has as many cells as ``head``."""
    return text.split("\n", 1)[0].count("\t") == head.count("\t")


def _is_apart(provision: Provision) -> bool:
    """Whether what a provision says of years holds for nothing else: rows of a table, a list of attachments, a signature."""
    return "\t" in provision.text or provision.kind in ("attachment", "signature")


def _marker(text: str) -> str | None:
    """What the items of a list have alike at their beginning: (一), 1., ——."""
    item = _ITEM.match(fold(text.lstrip()[:8]))
    return re.sub("[一二三四五六七八九十]+", "一", re.sub(r"\d+", "1", item[0].strip())) if item else None


def _before_list(listed: dict[str, Standing], marker: str, standing: Standing) -> Standing:
    """What holds before the list that an item with ``marker`` is in; ``listed`` is kept: lists within the item before end."""
    before = listed.setdefault(marker, standing)
    while next(reversed(listed)) != marker:
        listed.popitem()
    return before


def _goals(read: Iterable[ReadQuantity]) -> tuple[FoundTarget, ...]:
    return tuple(FoundTarget(q.target, q.start, q.end) for q in read if q.role == "goal")


@dataclass(frozen=True)
class _Event:
    """A turn in a sentence: a year named (or a term, 三年内 or 2026年起, that has none) or a word that says goal or past."""

    at: int
    role: Role | None
    year: int | None = None
    span: str = "strong"


class _Reader:
    """Reads sentence after sentence with one lexicon."""

    def __init__(self, lexicon: Lexicon, issued: int | None) -> None:
        self.lexicon = lexicon
        self.issued = issued
        self.of_those = re.compile(f"(?:{_OF_THOSE}|{lexicon.verbs.pattern})$")

    def under(self, heading: str, standing: Standing) -> Standing:
        """The standing below ``heading``, whose lines are the headings above one another: what its words say holds for
        the section; of one that names both what was done and what is to be done, each paragraph says itself which."""
        for line in fold(closed_up(heading)[0]).split("\n"):
            events = self._events(line, 0, len(line))
            for event in events:
                standing = replace(
                    standing, year=event.year or standing.year, section_year=event.year or standing.section_year,
                    yearly=event.year or standing.yearly, role=event.role or standing.role, section=event.role or standing.section,
                )  # fmt: skip
            if standing.section == "goal" and any(e.role == "past" and e.span == "lasting" for e in events):
                standing = replace(standing, role=None, section=None)
        return standing

    def names_year(self, text: str) -> bool:
        """Whether ``text`` names the year it speaks of."""
        folded = fold(closed_up(text)[0])
        return any(event.year for event in self._events(folded, 0, len(folded)))

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
        line_start, heading_year = True, standing.yearly
        named: int | None = None  # the year named before a semicolon
        above: Standing | None = None
        previous: ReadQuantity | None = None
        for match in _SENTENCE.finditer(folded):
            if match[0] == "\n":
                standing, line_start, previous = replace(standing, role=standing.section), True, None
                continue
            if line_start and not (_ITEM.match(match[0]) or folded[: match.start()].rstrip().endswith(":")):
                standing = replace(standing, year=standing.section_year, yearly=heading_year)
            if line_start:  # all rows of a table go on from what stands before it
                above = (above or standing) if _CELLS.match(folded, match.start()) else None
                standing = replace(standing, year=above.year) if above else standing
            if line_start and _HEADING.match(match[0]) and len(match[0]) < 60:
                standing = replace(standing, year=standing.section_year, role=None)
                standing = self.under(match[0], standing)
                heading_year = standing.yearly
            line_start = False
            inside = [q for q in waiting if match.start() <= q.start < match.end()]
            events = self._events(folded, match.start(), match.end())
            done = any(e.role == "past" and not _LIKENED.match(folded, e.at) for e in events)
            reports = done or any(map(looks_counted, inside))
            sentence = Sentence(folded, match.start(), match.end(), standing.section, reports)
            named = named if folded.endswith(";", 0, match.start()) else None
            here = replace(standing, yearly=named or standing.yearly)
            read = list(self._sentence(sentence, inside, events, here, previous))
            found, previous = found + read, (read[-1] if read else previous)
            standing = _after(standing, events)
            named = next((e.year for e in reversed(events) if e.year), named)
            if named and _LED_IN.search(match[0]):
                standing = replace(standing, yearly=named)
        return found, standing

    def _events(self, folded: str, start: int, end: int) -> list[_Event]:
        events: list[_Event] = []
        for match in _YEAR.finditer(folded, start, end):
            event = self._year_event(folded, match)
            if event is None or event.span == "term" and not self._opens(folded, start, match, events):
                continue
            events.append(event)
        for match in self.lexicon.cues.finditer(folded, start, end):
            role, span = self.lexicon.role_of[match[0]]
            if match[0] in _STANDING and self.of_those.search(folded, max(start, match.start() - 6), match.start()):
                continue
            if match[0] != "要" or not _OTHER_WORD.search(folded[max(0, match.start() - 1) : match.end() + 1]):
                events.append(_Event(match.start(), role, None, span))  # type: ignore[arg-type]
        return sorted(events, key=lambda e: e.at)

    def _opens(self, folded: str, start: int, match: re.Match[str], before: Iterable[_Event]) -> bool:
        """Whether a term opens a clause and no year stands before it: 成立5年以内的企业 and 到2027年，用3年时间 set aside none."""
        clause = folded[clause_start(folded, start, match.start()) : match.start()]
        return not any(e.year for e in before) and bool(_TERM_OPENED.fullmatch(clause))

    def _year_event(self, folded: str, match: re.Match[str]) -> _Event | None:
        before = folded[max(0, match.start() - 3) : match.start()]
        if match["term"]:
            return _Event(match.start(), None, None, "term")
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
        if _FROM_THEN.match(folded, match.end()):
            return _Event(match.start(), "goal", None, "term")
        ahead = bool(_TOWARDS.search(before)) or self.issued is not None or bool(match["end"])
        return _Event(match.start(), "goal" if ahead else None, year)

    def _sentence(
        self, sentence: Sentence, inside: list[Quantity], events: list[_Event], standing: Standing,
        previous: ReadQuantity | None,
    ) -> Iterator[ReadQuantity]:  # fmt: skip
        folded, start, end = sentence.text, sentence.start, sentence.end
        for index, quantity in enumerate(inside):
            if is_description(folded, quantity, inside):
                continue
            lent = previous.target if previous and self._lends(previous, folded, start, quantity) else None
            name = indicator_of(folded, start, end, inside, index, self.lexicon, lent)
            if not name:
                continue
            year, role = _at(quantity, events, standing)
            turns = [e for e in events if e.at < quantity.start]
            dated = any(e.year is not None for e in turns)
            said = Said(sentence, quantity, name, role, dated, previous.role if previous else None)
            if not (dated or any(e.span == "term" for e in turns)) and _YEARLY.search(
                folded, said.clause, quantity.start
            ):
                year = standing.yearly
            closing = None if dated else _done_by(folded, quantity.end, end)
            year = _apart(folded, start, end, inside, quantity) or closing or year
            target = _target(said, year)
            previous = ReadQuantity(target, role_of(said, self.lexicon), quantity.start, quantity.end)
            kept = verb_kept(folded, said.clause, quantity, name, self.lexicon)
            yield (
                previous
                if kept in name
                else replace(previous, target=replace(target, indicator=kept + target.indicator))
            )

    def _lends(self, previous: ReadQuantity, folded: str, start: int, quantity: Quantity) -> bool:
        """Whether ``quantity`` may be of what ``previous`` is of: a count only where its sentence names nothing else."""
        counted = is_counted(quantity.unit, self.lexicon)
        return previous.start >= start or not counted or not names(folded, start, quantity, self.lexicon)


def _target(said: Said, year: int | None) -> Target:
    """The quantity as a target for ``year``: so much every year, or in every one, is marked as such."""
    quantity, text = said.quantity, said.sentence.text
    yearly = _EVERY_YEAR.search(text, said.clause, quantity.start)
    every = _EVERY_ONE.search(text, said.clause, quantity.start)
    each = None if every is None else "每个" if every["one"] else "各"
    unit = f"{quantity.unit}/年" if yearly and quantity.unit not in ("%", "个百分点") else quantity.unit
    qualifier = "、".join(filter(None, (each, quantity.qualifier))) or None
    return Target(joint(said.name, said.words), year, quantity.low, quantity.high, unit, qualifier)


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


def _at(quantity: Quantity, events: list[_Event], standing: Standing) -> tuple[int | None, Role | None]:
    """The year and role in force at ``quantity``: the last turn before it in the sentence, else what was carried."""
    year, role = standing.year, standing.role
    for event in events:
        if event.at >= quantity.start:
            break
        year = None if event.span == "term" else event.year or year
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
        if event.span == "term":
            standing = replace(standing, year=None, role=event.role or standing.role)
        if event.year is not None:
            standing = replace(standing, year=event.year, role=event.role or standing.role)
        if event.span == "lasting" and standing.section in (None, event.role):
            standing = replace(standing, role=event.role)
    return standing

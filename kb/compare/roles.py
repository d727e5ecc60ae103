"""What a quantity is: a goal, an achievement (已建成10家) or a condition (最高1000万元, a threshold of eligibility).

Goes in: a quantity in its sentence, and what the wording before it says. Comes out: its role. A number that only says what
kind of thing is meant (亿元以上企业) is none of the three. The words are data: ``corpus/lexicon/quantities.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kb.compare.lexicon import Lexicon
from kb.compare.naming import clause_start, sizes_noun
from kb.compare.quantities import Quantity, is_counted

Role = Literal["goal", "past", "condition"]

_SHARE = re.compile("比例|占比|比重|率|资金|经费")
# 从1000家增加到, 从2023年的1000家增加到, 比2023年底的1000家
_FROM = re.compile(
    r"(?:[由从](?:20\d\d年(?:\d{1,2}月)?[底末]?|目前|当前|现在|现有|原来|原有)?的?"
    r"|[比较]20\d\d年(?:\d{1,2}月)?[底末]?的)(?:约|近|不足|不到)?$"
)
# 长江沿线1公里化工腾退地块, 海拔480米, 距江边700米: where something is
_ALONG = re.compile("(?:沿线|沿江|沿岸|周边|方圆)$")
_PLACED = re.compile("(?:^|[东西南北相水平])距|海拔|高程")
# 从每人每月2375元提高到2423元
_RAISED = re.compile(
    r"[从由]\D{0,12}\d[^,。;]{0,40}(?:提高|提升|增加|扩大|增长|降低|下降|缩短)[到至](?:[\d.]+[万亿]?[元%]、)?(?:约|不低于)?$"
)
# 设置了29项, 增加了92个: what is said to be done
_DONE = re.compile("(?<!为)了(?:约|近|超|超过)?$")
_ELIGIBLE = re.compile(r"的[。;\s]*$")  # ……录用见习人员20人以上的。
_AMOUNTS_ON = re.compile(r"(?:[、和或][\d.]+[万亿]?元)+")  # 40万元、30万元、20万元奖励
# what a number is followed by up to the next clause, with 给予 where that opens it; the words for sums do not reach over
_NEAR, _OWN_CLAUSE = re.compile(r"[^。;:、,]*(?:,(?:给予|予以))?,?"), re.compile(r"[^。;:、,]*,?")
_TO_WHOM = re.compile(r"\s*(?:[一二三四五六七八九十]+是)?[对向给]")
_CHANGED = re.compile(r"从[^,。;]{0,10}\d")
_APPLICANT = re.compile(
    r"\s*(?:\(?[一二三四五六七八九十\d]{1,2}[).、])?(?:申报|申请)"
    r"(?:(?:单位|主体|企业|机构|项目|人|条件)|[^,。;:]{0,12}(?:应当?|须|需|具备|符合|满足))"
)
_BUILT = re.compile("(?:建|育|设|引|办|创|增|达|达到|争创)(?:约|超|近)?$")
# 9个主导性产业为信息技术、……: said, not set
_DEFINED = re.compile(
    r"[\u4e00-\u9fff]{2,}(?:(?<![作成列称设定])为|是|合称|分别结合)[\u4e00-\u9fffA-Za-z]{2,}|(?:单位|部门)组成$"
)
_BARE_SIZE = re.compile("(?:(?:总|首期|目标)?规模|首期|总投资)(?:达到?|约|不低于|不少于|超过?)?")
_NAMELY = frozenset({"即", "分别为", "分别是", "包括"})
# of a limit nothing says that it is aimed at: 人均建筑面积低于15平方米, 不超过总计划的50%
_RATE = re.compile("(?:率|比例|比重|占比|强度)$")  # but 失业率不高于5.5% is one
_CEILINGS = frozenset({"低于", "少于", "小于", "不超过", "不高于", "不大于", "不多于"})
_CHINESE = re.compile("[\u4e00-\u9fff]")
_EXACT_DIGITS, _COUNTED_DIGITS = 4, 3
_LENGTHS = ("米", "公里")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text; ``section`` is what the heading above it looks to, and one that ``reports`` sets no goals by
    verbs alone: it says that something is done, or holds a number that looks counted rather than set."""

    text: str
    start: int
    end: int
    section: Role | None
    reports: bool


@dataclass(frozen=True)
class Said:
    """What the role of a quantity is told from: its sentence, its ``name``, the role by the wording before it, whether a
    year stands there (``dated``), and the role of the quantity before it."""

    sentence: Sentence
    quantity: Quantity
    name: str
    role: Role | None
    dated: bool
    previous: Role | None

    @property
    def clause(self) -> int:
        """Where the clause of the quantity begins."""
        return clause_start(self.sentence.text, self.sentence.start, self.quantity.start)

    @property
    def words(self) -> str:
        """What stands before the quantity in its clause."""
        return self.sentence.text[self.clause : self.quantity.start]

    @property
    def tail(self) -> str:
        """What stands right after the quantity and the sums that it is the first of."""
        more = _AMOUNTS_ON.match(self.sentence.text, self.quantity.end)
        after = more.end() if more else self.quantity.end
        return self.sentence.text[after : after + 12]


def role_of(said: Said, lexicon: Lexicon) -> Role:
    """The role of a quantity of which ``said`` tells."""
    if _is_condition(said, lexicon):
        return "condition"
    named = _is_talk(said.name, said.quantity, lexicon) or _DEFINED.search(said.name)
    if named and not said.dated and said.sentence.section != "goal":
        return "condition"
    if _FROM.search(said.words) or _DONE.search(said.words):
        return "past"
    if said.role is None and (said.dated or "目标" in said.tail or _is_set_before(said, lexicon)):
        return "goal"
    return said.role or _guess(said, lexicon)


def is_description(text: str, quantity: Quantity, inside: Sequence[Quantity]) -> bool:
    """Whether the number only says what kind of thing is meant (亿元以上企业, 5个千亿级集群) or repeats a bound."""
    if _repeats(text, quantity, inside):
        return True
    if quantity.level:
        return not _is_level_goal(text, quantity, inside)
    near = quantity.unit in _LENGTHS and _ALONG.search(text, max(0, quantity.start - 3), quantity.start)
    return text[quantity.end : quantity.end + 1] == "级" or bool(near) or sizes_noun(text, quantity)


def _repeats(text: str, quantity: Quantity, inside: Sequence[Quantity]) -> bool:
    """Whether the number says that the bound before it is included, 10人以上(含10人), and not what is part of it: 30个(含3个国家级)."""
    if not text.endswith("(含", 0, quantity.lead):
        return False
    before = next((q for q in reversed(inside) if q.end <= quantity.lead), None)
    return before is not None and bool(_ends(before) & _ends(quantity))


def _ends(quantity: Quantity) -> set[float | None]:
    return {quantity.low, quantity.high} - {None}


def looks_counted(quantity: Quantity) -> bool:
    """Whether a number looks counted rather than set: 909公里, 97.3%, 1411条."""
    digits = _digits(quantity)
    return quantity.qualifier is None and len(digits) >= _COUNTED_DIGITS and not digits.endswith("5")


def _is_level_goal(text: str, quantity: Quantity, inside: Sequence[Quantity]) -> bool:
    before = text[max(0, quantity.start - 8) : quantity.start]
    counted = any(q is not quantity and 0 <= quantity.start - q.end <= 3 for q in inside)
    tail = re.match(r"[^,。;、]{0,16}", text[quantity.end :])
    named = re.search("计划|行动|工程|企业|项目|战略", tail[0]) if tail else None
    verb = re.search("形成|打造|建成|达到|迈向|构建|建设|成为|冲刺|发展成?|壮大成?为", before)
    several = re.search("批|多个|若干|个$|每|各|条$|家$", before)
    return bool(verb) and not counted and not named and not several


def _is_condition(said: Said, lexicon: Lexicon) -> bool:
    """Whether the number is a threshold, a ceiling, a fine, a place or given, whatever the outlook."""
    sentence, quantity, words = said.sentence, said.quantity, said.words
    raised = sentence.section == "goal" and _RAISED.search(words[-80:])
    return bool(
        _APPLICANT.match(sentence.text, sentence.start)
        or _ELIGIBLE.search(sentence.text, max(sentence.start, sentence.end - 4), sentence.end)
        or (quantity.unit in _LENGTHS and _PLACED.search(words))
        or (not raised and _is_worded_as_condition(words, said.tail, quantity, lexicon))
        or lexicon.given.search(sentence.text, said.clause, quantity.lead)
    )


def _is_worded_as_condition(words: str, tail: str, quantity: Quantity, lexicon: Lexicon) -> bool:
    if lexicon.condition.search(words):
        return True
    sum_or_share = quantity.is_money or quantity.unit == "%"
    near = _NEAR if sum_or_share else _OWN_CLAUSE  # 突破技术100项，给予配套支持
    tail = near.match(tail)[0]  # type: ignore[index]
    if lexicon.condition_tail.search(tail):
        return True
    if sum_or_share and lexicon.sums.search(words) or quantity.is_money and lexicon.of_sums.search(words):
        return True
    towards = bool(_TO_WHOM.match(words))
    return towards and quantity.is_money and quantity.qualifier is not None or (
        (quantity.is_money or towards) and bool(lexicon.sum_tail.search(tail))
    )  # fmt: skip


def _is_talk(name: str, quantity: Quantity, lexicon: Lexicon) -> bool:
    """Whether a counted noun is only talked about: 五项任务, 6个方向."""
    word = next((w for w in lexicon.talk if name.endswith(w)), None)
    bounded = quantity.qualifier is not None and not quantity.qualifier.endswith("类各")
    return word is not None and not bounded and is_counted(quantity.unit, lexicon) and len(name) <= len(word) + 4


def _is_set_before(said: Said, lexicon: Lexicon) -> bool:
    """Whether the verb that sets a bare size stands in the clause before it, or the cell: 设立母基金，总规模100亿元."""
    text, clause, words = said.sentence.text, said.clause, said.words
    bare = _BARE_SIZE.fullmatch(words) or not words and text[clause - 1 : clause] == "\t"
    return bool(bare and lexicon.verbs.search(text, said.sentence.start, clause))


def _guess(said: Said, lexicon: Lexicon) -> Role:
    """The role of a number nothing is said about: a goal when it is set with a verb and its sentence reports nothing:
    neither it nor another is overly exact, as goals are round, and none is said to be reached."""
    quantity, words = said.quantity, said.words
    if len(_digits(quantity)) >= _EXACT_DIGITS or _CHANGED.search(words) or said.sentence.reports:
        return "past"
    if _BUILT.search(words) or words in _NAMELY:
        return "goal"
    if quantity.low is None and quantity.qualifier in _CEILINGS and not _RATE.search(said.name):
        return "condition"
    named = words if _CHINESE.search(words) else said.name  # a cell may say only ≥50%
    bounded = quantity.qualifier is not None and (quantity.unit != "%" or bool(_SHARE.search(named)))
    if lexicon.verbs.search(words) or bounded:
        return "goal"
    return said.previous or ("goal" if quantity.level else "condition")


def _digits(quantity: Quantity) -> str:
    """The digits that count of a number: 4 of four million, 973 of 97.3."""
    value = quantity.low if quantity.low is not None else quantity.high
    return "".join(re.findall(r"\d", f"{value:.6f}")).strip("0")

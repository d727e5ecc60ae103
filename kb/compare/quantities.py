"""Quantities in a text: number or range, unit, and how it is bounded; whether it is aimed at is decided elsewhere.

Goes in: a text. Comes out: quantities in order with their spans, in the words of GB/T 15835 and of official style:
8至10个, 5000亿元, 10%以上, 百家, 万亿级, 三分之一, “5个100”. Durations, ordinals, dates, names in quotation
marks and titles of documents are not quantities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.compare.lexicon import Lexicon
from kb.fold import fold
from kb.numerals import parse_number

_TIMES = {"十": 10.0, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_FRACTION = re.compile(r"(?P<d>[二三四五六七八九十])分之(?P<n>[一二两三四五六七八九十百]+)(?P<after>以上|左右|以下)?")
_N_TIMES = re.compile(r"[“\"](?P<n>\d|[二三四五六七八九])个(?P<v>[一二五]?[百千]|[15]0+)[”\"]")
_QUOTED = re.compile(r"“[^“”\n]{1,16}”|《[^《》\n]*》|\"[^\"\n]{1,16}\"")
_HALF = re.compile("一半(?P<after>以上|左右|以下)?")  # a share only where it is bounded: 超过一半
_RATIO = re.compile(r"(?<=比)(?P<lead>[^\d,。;、]{0,6})(?P<v>\d+(?:\.\d+)?):1(?P<after>以内|左右|以下)?")
_BARE_SUM = re.compile(
    r"(?P<a>\d+(?:\.\d+)?|[一二两三四五六七八九]?[百千])?(?P<am>万亿|[万亿])(?=大关|台阶|新台阶|[,。;、)])"
)
# 到 2027 年建成 20 个: typing sets numbers apart by spaces; a tab parts cells
_GAP = re.compile(r"(?<=[\d%％])[^\S\t\n]{1,2}(?=[\u4e00-\u9fffA-Za-z%％])|(?<=[\u4e00-\u9fff])[^\S\t\n]{1,2}(?=\d)")
# signs that bound a number in a cell, and the words they stand for
SIGNS = {"≥": "不低于", ">=": "不低于", ">": "超过", "≤": "不高于", "<=": "不高于", "<": "低于"}
# 为各区至少培育1家: the bound stands before the verb; 不低于最低生活保障标准的1.6倍: before what is compared with
_BEFORE_VERB = re.compile("至少|至多")
_LIKENED = re.compile(r"(?P<bound>不低于|不少于|不小于|不超过|不高于|不大于)[^,。;:、\d\n\t]{2,20}的$")
# 力争为经营主体减负1000亿元: what is hoped for is said where the clause opens
_HOPED = re.compile(
    r"(?:^|[,。;:！？!\n\t])\s*(?:\(?[一二三四五六七八九十\d]{1,3}[).、]|[一二三四五六七八九十]是)?(?:今年|到?20\d\d年底?)?(?P<aim>力争|力求)[^,。;:！？!\n\t]*$"
)
_A_HEAD = re.compile("每(百万|[百千万])人$")  # 超每千人6.6批次
_BY_RULE = ("原则", "总体", "基本", "实际")  # 原则上 bounds nothing, 上百家 does
# 1个至5个工作日: a term, though it begins like a count
_TERM = re.compile(r"(?:至|到|-|—{1,2}|~)[\d一二三四五六七八九十]+个?(?:工作日|小时|自然日|星期|月)")
_OPENING = re.compile(r"(?:^|[,。;:、)\s])$")
_ONLY_ONE = frozenset("一")
_MONEY = ("元", "美元", "欧元")
_CLAUSE_START = re.compile(r"(?:^|[,。;:、\n]|年|力争|争取)$")
_NOUN = re.compile(r"(?!以|左右|目标|的目标|大关)[\u4e00-\u9fff“A-Za-z]")
# counted by Chinese numerals below a hundred only with these: 三种、两位 are talk, not quantities
_PLAIN_COUNTERS = frozenset("个家项所座支款条颗")
_ALWAYS_TALK = re.compile("方面|层面|维度|环节|阶段|部门|(?:主要)?指标")
_TALK = re.compile(
    "方面|层面|阶段|维度|环节|原则|统一|关键|重点|月|人|领域|方向|结合|转变|并重|更|先|没有|坚持|必须|不"
)


@dataclass(frozen=True)
class Quantity:
    """A number with its unit; ``low``–``high`` with an open end as None. ``lead`` is where words like 力争突破
    before the number begin; ``level`` marks 千亿级, which says how big something is or is to be."""

    start: int
    end: int
    lead: int
    low: float | None
    high: float | None
    unit: str
    qualifier: str | None
    level: bool = False

    @property
    def is_money(self) -> bool:
        """Whether it is a sum of money."""
        return self.unit.endswith("元")


def quantities(text: str, lexicon: Lexicon) -> tuple[Quantity, ...]:
    """Every quantity in ``text``, in order, none overlapping another."""
    folded = fold(text)
    found = [*_groups(folded, lexicon)]
    quoted = [m.span() for m in (*_QUOTED.finditer(folded), *lexicon.idioms.finditer(folded))]
    for one in (*_levels(folded, lexicon), *_fractions(folded, lexicon), *_ratios(folded, lexicon),
                *_counted(folded, lexicon), *_sums(folded, lexicon)):  # fmt: skip
        if not any(one.start < f.end and f.start < one.end for f in found) and not _within(one, quoted):
            found.append(one)
    return tuple(_bounds_shared(folded, sorted(found, key=lambda q: q.start), lexicon))


def is_counted(unit: str, lexicon: Lexicon) -> bool:
    """Whether ``unit`` counts things: 家, 条(个)."""
    return unit.split("(")[0] in lexicon.counters


def closed_up(text: str) -> tuple[str, Sequence[int]]:
    """``text`` without the spaces that only set numbers apart, and the place each of its characters has in ``text``."""
    kept, at = list[int](), 0
    for gap in _GAP.finditer(text):
        kept += range(at, gap.start())
        at = gap.end()
    if not at:
        return text, range(len(text))
    kept += range(at, len(text))
    return "".join(text[i] for i in kept), kept


def _bounds_shared(folded: str, found: list[Quantity], lexicon: Lexicon) -> Iterator[Quantity]:
    """After 分别 the last number's 以上 bounds all: 分别达2050万吨、4200万吨以上."""
    for index, one in enumerate(found):
        last = index
        while last + 1 < len(found) and folded[found[last].end : found[last + 1].lead] in ("、", "和"):
            last += 1
        end = found[last]
        apart = re.search("分别[^,。;]*$", folded[max(0, one.start - 40) : one.start])
        bound = (end.qualifier or "").split("、")[-1]
        plain = one.qualifier is None or one.qualifier in lexicon.aims
        if last > index and apart and plain and bound in ("以上", "左右"):
            said = "、".join(filter(None, (one.qualifier, bound)))
            one = replace(one, high=None if bound == "以上" else one.high, qualifier=said)
        yield one


def _within(one: Quantity, spans: list[tuple[int, int]]) -> bool:
    return any(a <= one.start and one.end <= b for a, b in spans)


def _counted(folded: str, lexicon: Lexicon) -> Iterator[Quantity]:
    for match in lexicon.quantity.finditer(folded):
        low = _value(match["a"], match["am"])
        if low is None or _is_talk(match, folded):
            continue
        money, high = match["unit"] in _MONEY, low
        if match["b"]:
            upper = _value(match["b"], match["bm"])
            if upper is None:
                continue
            if not (match["am"] or match["au"]) and match["bm"]:
                low *= upper / (_value(match["b"], "") or 1)
            high = upper
            if high < low:
                continue
        scale, unit = _scaled(match, lexicon, money)
        yield _bounded(
            folded, match.start(), match.end(), low / scale, high / scale, unit + (match["per"] or ""), match, lexicon
        )


def _is_talk(match: re.Match[str], folded: str) -> bool:
    """Whether a Chinese numeral only counts arguments (三个方面) or stands for one thing (一个)."""
    number, before = match["a"], folded[match.start() - 1 : match.start()]
    if before == "每" and match["unit"] == "人" or _TERM.match(folded, match.end()):
        return True
    if number == "两" and match["after"] and _OPENING.search(folded, max(0, match.start() - 1), match.start()):
        return True  # 两个以上的个人共同取得……的
    if not number and match["am"] == "万" and match["unit"] == "人" and _NOUN.match(folded, match.end()):
        return True  # 万人发明专利拥有量
    if _ALWAYS_TALK.match(folded, match.end()):
        return True
    if not number or number[0].isdigit() or number[-1] in "百千" or match["am"]:
        return bool(number) and number[-1:] in "百千" and before in ("一", "几")
    small = number in _ONLY_ONE or match["unit"] not in _PLAIN_COUNTERS
    return small or bool(_TALK.match(folded, match.end())) or before in "一这那前后首每数几近百余述其等"


def _value(number: str | None, times: str | None) -> float | None:
    """The plain value of 3.5 and 万; None when the Chinese numerals make no number."""
    multiple = 1.0
    for sign in times or "":
        multiple *= _TIMES.get(sign, 1.0)  # 余 and 多 say that it is more
    if not number:
        return multiple if times else None
    if number[0].isdigit():
        return float(number.replace(",", "")) * multiple
    parsed = parse_number(number)
    return None if parsed is None else parsed * multiple


def _scaled(match: re.Match[str], lexicon: Lexicon, money: bool) -> tuple[float, str]:
    """By what to divide, and the unit with its 万 or 亿: counters are multiplied out, sums and measures keep it."""
    unit: str = match["unit"]
    times = re.sub("[余多]", "", match["bm"] or match["am"] or "")
    if is_counted(unit, lexicon) or unit in ("%", "个百分点", "倍"):
        return 1.0, unit
    if "亿" in times:
        return (1e12, "万亿" + unit) if money and times.startswith("万") else (1e8, "亿" + unit)
    return (1e4, "万" + unit) if "万" in times else (1.0, unit)


def _bounded(
    folded: str, start: int, end: int, low: float, high: float, unit: str, match: re.Match[str], lexicon: Lexicon
) -> Quantity:
    at = start  # where the words that bound the number end
    if head := _A_HEAD.search(folded, max(0, start - 4), start):
        at, unit = head.start(), f"{unit}/{head[1]}人"
    elif unit in ("%", "倍") and (likened := _LIKENED.search(folded, max(0, start - 30), start)):
        at = likened.end("bound")
    led = lexicon.lead.search(folded, max(0, at - 14), at)
    lead = led.start() if led else at
    if folded.startswith("上", lead) and (at - lead > 1 or folded.endswith(_BY_RULE, 0, lead)):
        lead += 1
    words = [SIGNS.get(w, w) for w in _lead_words(folded[lead:at], lexicon)]
    if not any(w in lexicon.bound for w in words):
        words = [*_bound_before_verb(folded, lead, lexicon), *words]
    if not any(w in lexicon.aims for w in words) and (hoped := _HOPED.search(folded, max(0, lead - 80), lead)):
        words = [hoped["aim"], *words]
    groups = match.groupdict()
    more = (groups.get("more") or "") or "".join(
        re.findall("[余多]", (groups.get("am") or "") + (groups.get("bm") or ""))
    )
    if is_counted(unit, lexicon) and _CLAUSE_START.search(folded[:lead]) and _NOUN.match(folded, end):
        words = [w for w in words if w != "突破"]  # 突破30项技术: what is done, not how many
    after = [w for w in (more, groups.get("after") or "") if w]
    kinds = [lexicon.bound[w] for w in (*words, *after) if w in lexicon.bound]
    opened_low, opened_high = (None if "most" in kinds else low), (None if "least" in kinds else high)
    if "least" in kinds and "most" in kinds:
        opened_low, opened_high = low, high
    said = "、".join(w for w in ("".join(words), *after) if w)  # 力争突破 before the number, 力争、以上 around it
    return Quantity(start, end, lead, opened_low, opened_high, unit, said or None)


def _bound_before_verb(folded: str, lead: int, lexicon: Lexicon) -> Iterator[str]:
    """The 至少 of 至少培育1家, where the verb stands between it and the number."""
    for match in _BEFORE_VERB.finditer(folded, max(0, lead - 8), lead):
        if lexicon.verbs.fullmatch(folded, match.end(), lead):
            yield match[0]


def _lead_words(lead: str, lexicon: Lexicon) -> Iterator[str]:
    """The qualifying words in 力争达到约, without the carrying ones."""
    at = 0
    while at < len(lead):
        word = next((w for w in lexicon.lead_words if lead.startswith(w, at)), None)
        if word in lexicon.bound or word in lexicon.aims:
            yield str(word)
        at += len(word) if word else 1


def _levels(folded: str, lexicon: Lexicon) -> Iterator[Quantity]:
    for match in lexicon.level.finditer(folded):
        number = re.match(
            r"(\d+(?:\.\d+)?|[一二两三四五六七八九十百千]*?)([百千]?(?:万亿|[万亿])|百|千)元?级", match[0]
        )
        value = _value(number[1], number[2]) if number else None
        if value and value >= 1e8:
            yield Quantity(match.start(), match.end(), match.start(), value / 1e8, None, "亿元", match[0], True)


def _fractions(folded: str, lexicon: Lexicon) -> Iterator[Quantity]:
    for match in _FRACTION.finditer(folded):
        whole, part = parse_number(match["d"]), parse_number(match["n"])
        if whole and part:
            share = round(100 * part / whole, 1)
            yield _bounded(folded, match.start(), match.end(), share, share, "%", match, lexicon)
    for match in _HALF.finditer(folded):
        half = _bounded(folded, match.start(), match.end(), 50.0, 50.0, "%", match, lexicon)
        if half.qualifier is not None:
            yield half


def _ratios(folded: str, lexicon: Lexicon) -> Iterator[Quantity]:
    for match in _RATIO.finditer(folded):
        value = float(match["v"])
        yield _bounded(folded, match.start("v"), match.end(), value, value, "∶1", match, lexicon)


def _sums(folded: str, lexicon: Lexicon) -> Iterator[Quantity]:
    """突破千亿、迈上5万亿新台阶: a sum of money whose 元 is left out."""
    for match in _BARE_SUM.finditer(folded):
        value = _value(match["a"], match["am"])
        if value and value >= 1e8 and lexicon.lead.search(folded, max(0, match.start() - 6), match.start()):
            yield _bounded(folded, match.start(), match.end(), value / 1e8, value / 1e8, "亿元", match, lexicon)


def _groups(folded: str, lexicon: Lexicon) -> Iterator[Quantity]:
    """“5个100”: so many groups of a hundred each."""
    for match in _N_TIMES.finditer(folded):
        value, groups = _value(match["v"], ""), _value(match["n"], "")
        if value and groups:
            yield Quantity(match.start(), match.end(), match.start(), value, value, "个", f"{int(groups)}类各")

"""What a text shows for and against each measure, as numbers: the input of the recogniser's head.

Goes in: a text's hits (:mod:`kb.compare.cues`) and how far each phrase has proved right (:class:`Trust`). Comes out,
for every measure with a hit, one row of :data:`SIGNS`, and the pairs of signs around its hits (``<鼓励``, ``建立``, ``>机制``),
which tell a provision from a mention whatever the measure.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb.compare.cues import Hit, Lexicon, Spots

CLAUSE = re.compile(r"[^，,；;。：:！!？?\n]+")
QUANTITY = re.compile(
    r"\d[\d.]*\s*(?:个|家|项|亿|万|%|‰|名|人|件|只|支|套|条|座|批|倍|元|台|辆|天|日|个月|类|所|处|场|公里|平方)"
    r"|百分之|[一二三四五六七八九十百千两]+(?:个|家|项|亿|万元|个月|日内|年内)|前完成|年底前|月底前"
)
# An item of a list, and a count in it: the number of what the item names (新认定概念验证中心20家、中试平台10家).
ITEM = re.compile(r"[^，,；;。：:！!？?\n、]+")
COUNT = re.compile(
    r"\d[\d.]*(?:余|多)?(?:万|亿)?\s*(?:个|家|项|亿|万|%|名|人|件|支|套|条|座|倍|元|台|辆|类|所|处|场|公里)|百分之"
    r"|[一二三四五六七八九十百千两]+(?:家|项|亿|万元)"
)
# How big the thing named just before is: 设立未来产业基金，首期规模10亿元; 给予补助，最高200万元; 设立未来产业基金。基金总规模50亿元.
SIZE = re.compile(
    r"[，,。；;]\s*(?:其中|(?:该|引导|母|子)?基金)?(?:总规模|首期|目标规模|规模(?!以上|化)|总投资|(?:单个|每家|每个|单项)?[^，,。；;]{0,4}最高|不超过|按不超过)[^，,。；;]*"
)
SHARED = re.compile(r"(?:合计|共计|总计|(?<!公)共(?=\d|有|约|达))\D{0,4}\d")
PAST = re.compile(
    r"增至|增加到|提高到|提升到|下降到|累计|突破\d|达到?\d|超过?\d|增长\d|新增\d|位居|居全国|居首|前列|入选|获批|获评|获得|荣获"
    r"|建成投|投产|投用|揭牌|落地见效|落户|圆满|顺利|成功|显著|彰显|五年来|过去|去年|以来|取得|完成|实现了|亮相|已"
)
TO_DO = re.compile(
    r"应当|鼓励|支持|推动|推进|加快|加强|完善|建立|健全|实施|开展|打造|培育|力争|争取|探索|引导|深化|优化|强化|给予|到20\d\d年|将|可以"
)
SIGNS = (
    "cue", "cues", "hints", "several", "trust", "more_trust", "seen", "hint_trust", "more_hint_trust", "excepted",
    "void", "device", "soft", "quantity", "sentence_device", "sentence_soft", "sentence_quantity", "clause", "width",
    "place", "nested", "rival", "followed", "shared",
)  # fmt: skip
# How often a phrase that was never seen to be right or wrong counts as seen, at the rate of its measure's phrases.
SMOOTHING = 2.0
_MOST = 4
Clauses = Mapping[int, tuple[int, int]]
_NEUTRAL_HINT = -1.5


@dataclass(frozen=True)
class Trust:
    """How often each phrase stood in a provision that had its measure, and in one that had not.

    ``counts`` is by measure, phrase and whether it is a cue; ``rates`` the share of right ones by measure and kind.
    """

    counts: Mapping[tuple[str, str, bool], tuple[int, int]]
    rates: Mapping[tuple[str, bool], float]

    def of(self, hit: Hit) -> tuple[float, float]:
        """Log-odds that the phrase is right, and the logarithm of how often it was seen."""
        right, wrong = self.counts.get((hit.measure, hit.phrase, hit.strong), (0, 0))
        rate = self.rates.get((hit.measure, hit.strong), 0.6 if hit.strong else 0.2)
        share = (right + SMOOTHING * rate) / (right + wrong + SMOOTHING)
        return math.log(share / (1 - share)), math.log1p(right + wrong)


@dataclass(frozen=True)
class Seen:
    """One measure in one text: its hits that count, its row of signs, the words around its cues; whether one of these stands
    in an item of a list with a count of its own, which makes a promise of it whatever stands around, and whether such
    counts as there are it shares with others, so that they make none."""

    hits: tuple[Hit, ...]
    row: np.ndarray
    context: frozenset[str]
    counted: bool = False
    shares: bool = False


def signs(lexicon: Lexicon, spots: Spots, hits: Sequence[Hit], trust: Trust) -> dict[str, Seen]:
    """Every measure that has a hit in the text, counting or not, with what speaks for it."""
    by_measure: dict[str, list[Hit]] = {}
    for hit in hits:
        by_measure.setdefault(hit.measure, []).append(hit)
    cues = [h for h in hits if h.strong and not h.state]
    clauses = _clauses(spots.folded, hits)
    return {m: _seen(lexicon, spots, own, cues, clauses, trust) for m, own in by_measure.items()}


def _clauses(folded: str, hits: Sequence[Hit]) -> Clauses:
    """From where a hit begins to the clause it begins in."""
    spans = [m.span() for m in CLAUSE.finditer(folded)] if hits else []
    begins = [a for a, _ in spans]
    return {h.start: spans[max(bisect_right(begins, h.start) - 1, 0)] for h in hits}


def _seen(
    lexicon: Lexicon, spots: Spots, own: Sequence[Hit], cues: Sequence[Hit],
    clauses: Clauses, trust: Trust,
) -> Seen:  # fmt: skip
    counting = [h for h in own if not h.state]
    strong = [h for h in counting if h.strong]
    hints = [h for h in counting if not h.strong]
    row = dict.fromkeys(SIGNS, 0.0)
    row["cues"] = min(len({h.phrase for h in strong}), _MOST)
    row["hints"] = min(len({h.phrase for h in hints}), _MOST)
    row["excepted"] = any(h.state == "not" for h in own)
    row["void"] = any(h.state == "void" for h in own)
    if hints:
        odds = sorted((trust.of(h)[0] for h in hints), reverse=True)
        row["hint_trust"] = odds[0] - _NEUTRAL_HINT
        row["more_hint_trust"] = sum(max(o - _NEUTRAL_HINT, 0) for o in odds[1:_MOST])
    context: set[str] = set()
    if strong:
        row.update(_cue_signs(spots, strong, cues, trust))
        row.update(_company(strong, cues, clauses, trust))
    if counting:
        around = {clauses[h.start]: h for h in strong or hints}
        inside = [s for s in spots.sentences if any(s[0] <= h.start < s[1] for h in strong or hints)]
        row.update(_tone(lexicon, spots.folded, list(around), ""))
        row.update(_tone(lexicon, spots.folded, inside, "sentence_"))
        row["clause"] = math.log(min(b - a for a, b in around) + 1)
        for (a, b), hit in around.items():
            context |= _context(spots.folded[a : hit.start], spots.folded[hit.end : b])
    counts = _counts(spots.folded, strong or hints)
    return Seen(
        tuple(counting), np.array([row[s] for s in SIGNS], np.float32), frozenset(context), False in counts,
        counts == {True},
    )  # fmt: skip


def _counts(folded: str, hits: Sequence[Hit]) -> set[bool]:
    """Of each count in an item one of the hits stands in, whether it is shared (概念验证中心和中试平台合计50个)."""
    items = [m.span() for m in ITEM.finditer(folded)] if hits and COUNT.search(folded) else []
    counts = {
        bool(SHARED.search(folded, a, b))
        for hit in hits
        for a, b in items
        if a <= hit.start < b and COUNT.search(folded, a, b)
    }
    sized = any((m := SIZE.match(folded, hit.end)) and COUNT.search(m[0]) for hit in hits)
    return counts | {False} if sized else counts


def _cue_signs(spots: Spots, strong: Sequence[Hit], cues: Sequence[Hit], trust: Trust) -> dict[str, float]:
    proved = [trust.of(h) for h in strong]
    odds = sorted((o for o, _ in proved), reverse=True)
    places = {next((i for i, (a, b) in enumerate(spots.sentences) if a <= h.start < b), 0) for h in strong}
    return {
        "cue": 1.0, "several": float(len(places) > 1), "trust": odds[0],
        "more_trust": sum(max(o, 0) for o in odds[1:_MOST]), "seen": max(n for _, n in proved),
        "width": math.log(max(h.end - h.start for h in strong)),
        "place": min(h.start for h in strong) / len(spots.text),
        "nested": float(all(any(_covers(other, h) for other in cues) for h in strong)),
    }  # fmt: skip


def _company(strong: Sequence[Hit], cues: Sequence[Hit], clauses: Clauses, trust: Trust) -> dict[str, float]:
    """How the cues of a measure stand to those of others. The head of a Chinese phrase comes last: 成果转化协调机制 is
    about coordination, so that a cue which others follow in its clause often only says what the measure is for."""
    others = [h for h in cues if h.measure != strong[0].measure]
    near = [(h, [o for o in others if clauses[o.start] == clauses[h.start]]) for h in strong]
    best = max(trust.of(h)[0] for h in strong)
    return {
        "rival": max((trust.of(o)[0] for o in others), default=best) - best,
        "followed": float(all(any(o.start >= h.end for o in beside) for h, beside in near)),
        "shared": float(all(beside for _, beside in near)),
    }


def told(folded: str) -> tuple[float, float]:
    """How far a text tells what was achieved, and how far what is to be done: logarithms of the number of such words."""
    return math.log1p(len(PAST.findall(folded))), math.log1p(len(TO_DO.findall(folded)))


def _covers(other: Hit, hit: Hit) -> bool:
    """Whether a longer cue of another measure covers this one."""
    wider = other.end - other.start > hit.end - hit.start
    return wider and other.measure != hit.measure and other.start <= hit.start and hit.end <= other.end


def _tone(lexicon: Lexicon, folded: str, spans: Sequence[tuple[int, int]], kind: str) -> dict[str, float]:
    """Whether any of these stretches names a device, an encouragement, a quantity."""
    texts = [folded[a:b] for a, b in spans]
    return {f"{kind}{name}": float(any(map(sought.search, texts))) for name, sought in tones(lexicon).items()}


def tones(lexicon: Lexicon) -> Mapping[str, re.Pattern[str]]:
    """What the strength of a provision is told by: words of a device, of an encouragement, and quantities."""
    return {"device": lexicon.device, "soft": lexicon.soft, "quantity": QUANTITY}


def _context(before: str, after: str) -> set[str]:
    """The pairs of signs before a cue in its clause, the nearest marked ``<``, and the pair that follows it, marked ``>``."""
    pairs = {before[i : i + 2] for i in range(len(before) - 1)}
    return {*pairs, f"<{before[-2:]}", f">{after[:2]}"}

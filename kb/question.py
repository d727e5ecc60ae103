"""What a query asks, read once: 发文字号, regions it names, index words with weights, the phrase it may be.

Goes in: a query as typed. Comes out: a :class:`Question`, which both legs and the fusion work from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kb import words
from kb.fold import fold
from kb.markers import find_marker
from kb.regions import NATIONAL, load_regions, regions_in

_OPEN, _CLOSE = "〔([{<《（【［", "〕)]}>》）】］"
DOC_NUMBER = re.compile(
    rf"(?P<body>[\u4e00-\u9fff]{{2,12}})\s*[{re.escape(_OPEN)}]?\s*(?P<year>(?:19|20)\d\d)\s*年?\s*[{re.escape(_CLOSE)}]?"
    r"\s*第?\s*(?P<serial>\d{1,4})(?!\d)\s*号?"
)
# the numbers of decrees have no year: 重庆市人民政府令第179号
DECREE = re.compile(r"(?P<body>[\u4e00-\u9fff]{0,12}?)(?P<kind>令|公告)\s*\(?\s*第\s*(?P<serial>\d{1,4})\s*号\s*\)?")
# 国家 and 中央 are mostly part of a name (国家级先导区, 国家实验室, 中央企业); these words do ask for the national level.
NATIONAL_ASKED = re.compile(
    "国家层面|国家政策|国家文件|国家部委|国家出台|国家规定|全国性文件|国务院|中共中央|中央层面|中央文件"
)
_WRITTEN_OUT = re.compile(
    rf"(?<=[\u4e00-\u9fff]{{2}})[{re.escape(_OPEN)}](?P<year>(?:19|20)\d\d)[{re.escape(_CLOSE)}]\s*第?\s*(?P<serial>\d{{1,4}})\s*号"
)
_FIGURE = re.compile(r"[\d.,%+]+")
_LATIN = re.compile("[A-Za-z]{2,}")
_BARE = re.compile(
    rf"(?<![\u4e00-\u9fff])[{re.escape(_OPEN)}](?P<year>(?:19|20)\d\d)[{re.escape(_CLOSE)}]\s*第?\s*(?P<serial>\d{{1,4}})\s*号"
)
PHRASE_LENGTHS = range(2, 17)
RING_NAMES, SHORTEST_TITLE, LONG_TITLE = 3, 6, 12
_ARTICLE = re.compile(r"第\s*(?:[一二三四五六七八九十百零〇]{1,7}|\d{1,3})\s*条(?:之[一二三四五六七八九十])?")
_ASKING = re.compile(
    r"(?:请问|的)?(?:是什么文件|是什么|有哪些内容|的?主要内容|号文件|号文|全文|原文|文件|文本)[?？。]?$"
)
EDGES = " \t\n\u3000，。、；：？！,.;:?!“”\"'‘’"
_NAMED = re.compile(r"《([^《》]+)》")
_AROUND = re.compile(r"(?:关于)?(?:印发|发布|公布|转发)|的?(?:通知|公告|决定|函)|等\d+部门")
_BRACKETED = re.compile(r"[（(][^（）()]*[）)]$")


@dataclass(frozen=True)
class TermWeights:
    """How much the words of a query count: its own, other names of the same thing, and near words."""

    own: float = 1.0
    ring: float = 0.8
    kin: float = 0.25


@dataclass(frozen=True)
class Question:
    """A query without its 发文字号."""

    text: str

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The query's index words, each once."""
        return tuple(dict.fromkeys(words.cut(self.text)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Other names of the things the query names."""
        return tuple(dict.fromkeys(name for word in self.own for name in words.ring(word)[:RING_NAMES]))

    def terms(self, weights: TermWeights) -> dict[str, float]:
        """Index words to look for with weights; a word that comes in twice keeps the higher."""
        found = dict.fromkeys(self.own, weights.own)
        if weights.ring:
            for name in self.names:
                pieces = words.cut(name)
                for piece in [name] if name in pieces else pieces:
                    found.setdefault(piece, weights.ring)
        if weights.kin:
            for near in words.kin((*self.own, *self.names)):
                found.setdefault(near, weights.kin)
        return found

    @cached_property
    def pairs(self) -> list[str]:
        """The character pairs of the query, those across punctuation left out."""
        parts = re.split(r"[^\w+]+", words.key(self.text))
        return [pair for part in parts if part for pair in words.grams(part)]

    @cached_property
    def phrase(self) -> list[str]:
        """The pairs of the query taken as one phrase; empty when it is too long to be one."""
        phrase = words.key(self.text).strip(" \t\n“”\"'‘’《》？?。！!，,、")
        return words.grams(phrase) if len("".join(phrase.split())) in PHRASE_LENGTHS else []

    def meaning(self, weights: TermWeights) -> str:
        """What is encoded: the query with other names of its things, which the model may know better."""
        return " ".join((fold(self.text), *(self.names if weights.ring else ())))

    @cached_property
    def regions(self) -> Mapping[str, float]:
        """Regions the query names, with 1; the cities of provinces it names, with one half."""
        # by words: 扩大连锁 does not name 大连, nor 上海口岸 海口
        cut = "\n".join(word for word, _, _ in words.places(fold(self.text)))
        named = [r.name for r in regions_in(cut) if r.name != NATIONAL or NATIONAL_ASKED.search(self.text)]
        for area, members in words.lexicon().get("areas", {}).items():
            named += members if area in self.text else ()
        found = dict.fromkeys(named, 1.0)
        for region in load_regions():
            if region.parent in named:
                found.setdefault(region.name, 0.5)
        return found


def unheld_number(query: str, held: Callable[[str], Collection[str]]) -> str:
    """Year and serial (〔2099〕1号) of a 发文字号 that ``query`` writes out, with brackets and 号, and that no document ``held``
    bears; else empty. Where the organ's abbreviation before them begins cannot be told from the words around it."""
    written = [f"〔{m['year']}〕{m['serial']}号" for m in _WRITTEN_OUT.finditer(fold(query))]
    numbers = [number for number, _ in doc_numbers(query)]
    return next((w for w in written if not any(held(n) for n in numbers if n.endswith(w))), "")


def unheld_words(query: str, held: Callable[[str], bool]) -> tuple[str, ...]:
    """The words of a query that stand nowhere in what is ``held``, under whatever name, where they are half of its words or
    more: then what is found may answer something else. Single signs, figures and a 发文字号 are no words."""
    asked = DECREE.sub(" ", DOC_NUMBER.sub(" ", fold(query)))
    latin = _LATIN.findall(asked)
    found = [word for word, _, _ in words.places(_LATIN.sub(" ", asked)) if len(word) > 1 and words.cut(word)]
    named = [word for word in dict.fromkeys((*latin, *found)) if not _FIGURE.fullmatch(word)]
    unheld = tuple(word for word in named if not any(map(held, (word, *words.ring(words.key(word))))))
    return unheld if 2 * len(unheld) >= len(named) else ()


def asked_for(query: str) -> tuple[str, str]:
    """The query without words that only ask for a text (全文, 文件), and the article it asks for (第二十八条), if any."""
    found = _ARTICLE.search(fold(query))
    article = ""
    if found and (marker := find_marker(found[0])):
        article, query = marker.sign, f"{query[: found.start()]} {query[found.end() :]}"
    return _ASKING.sub("", query).strip(EDGES), article


def titles_asked(query: str) -> tuple[str, ...]:
    """The titles a query may be, the likelier first: without words that only ask for a text, and as it stands."""
    return tuple(dict.fromkeys((_title_asked(asked_for(query)[0]), query)))


def _title_asked(query: str) -> str:
    """The title a query is about: what stands in 《》 where nothing else is asked (关于印发《甲》的通知, 《甲》（某机关，2024）)."""
    named = _NAMED.search(query)
    if named is None:
        return query
    around = f"{query[: named.start()]} {_BRACKETED.sub('', query[named.end() :])}"
    return query if Question(_AROUND.sub(" ", around)).own else named[1]


def is_title(query: str, title: str) -> bool:
    """Whether the whole query is a document's title, its period in brackets said or not: 《……行动计划》; of a long one, give or
    take a sign, as one mistyped, if that is no figure and names no other region: 江西省…… is not 江苏省……."""
    asked = _letters(query)
    named = (_letters(title), _letters(_BRACKETED.sub("", title)))
    if len(asked) < SHORTEST_TITLE or asked in named:
        return len(asked) >= SHORTEST_TITLE
    mistyped = len(asked) >= LONG_TITLE and any(_one_off(asked, name) for name in named)
    return mistyped and [r.name for r in regions_in(query)] == [r.name for r in regions_in(title)]


def _one_off(one: str, other: str) -> bool:
    """Whether two texts differ by one sign changed, left out or put in, which is no figure."""
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    changed = {long[at], *short[at : at + (len(short) == len(long))]}
    return not any(sign.isnumeric() for sign in changed) and short[at + (len(short) == len(long)) :] == long[at + 1 :]


@lru_cache(maxsize=20_000)
def _letters(text: str) -> str:
    # remembered: every search asks it of the title of every document
    # 重庆市未来产业……（2024—2027年） is also typed 重庆未来产业……2024-2027
    return re.sub(r"[\W_]+|(?<=\d)年|(?<=[\u4e00-\u9fff]{2})[省市]", "", words.key(text))


def doc_numbers(query: str) -> Iterator[tuple[str, str]]:
    """Each 发文字号 the query may hold, with the rest of the query: longest first, as words may stand before it; of a decree
    down to 令第179号, which leaves open whose it is, as does 〔2024〕75号."""
    for match in DOC_NUMBER.finditer(fold(query)):
        body = match["body"]
        for start in range(len(body) - 1):
            rest = f"{query[: match.start()]}{body[:start]}{query[match.end() :]}"
            yield f"{body[start:]}〔{match['year']}〕{int(match['serial'])}号", rest
    for match in _BARE.finditer(fold(query)):
        rest = f"{query[: match.start()]}{query[match.end() :]}"
        yield f"〔{match['year']}〕{int(match['serial'])}号", rest
    for match in DECREE.finditer(fold(query)):
        body = match["body"]
        for start in range(len(body) + 1):
            rest = f"{query[: match.start()]}{body[:start]}{query[match.end() :]}"
            yield f"{body[start:]}{match['kind']}第{match['serial']}号", rest

"""One citable unit of a document, and what is read from its first line: run-in heading, responsible bodies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.fold import fold
from kb.numerals import chinese

MAX_RUN_IN = 50
_SPACES = " \u3000\t\xa0"
_DUTY_LEAD = r"(?:责任|牵头|主办|协办|配合|实施|主管)(?:单位|部门|主体|处室)?|完成时[限间]"
_DUTY_WORDS = re.compile(rf"^\s*(?:{_DUTY_LEAD})\s*[:]|(?:负责|分工负责|牵头|配合|参与)\s*$")
DUTY_LINE = re.compile(rf"^\s*\(?(?:{_DUTY_LEAD})\s*:")


@dataclass
class Article:
    """The article being read; ``clauses`` counts its unnumbered paragraphs (款) and is final after the walk."""

    sign: str
    clauses: int = 1


@dataclass
class Unit:
    """Lines ``first``..``last`` as one citable unit; ``signs`` are the markers above and including its own."""

    first: int
    last: int
    kind: str
    path: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    article: Article | None = None
    clause: int = 1
    named: str = ""
    title: str = ""

    @property
    def path_of_rest(self) -> tuple[str, ...]:
        """The path of what follows the run-in heading in the same paragraph, when it has to be cut."""
        return (*self.path, self.signs[-1] + self.title) if self.title and self.signs else self.path

    @property
    def label(self) -> str:
        """The citation: 第十二条第二款第（三）项, 二、（一）1., 附件1 二、."""
        if not self.article:
            return " ".join(filter(None, (self.named, "".join(self.signs))))
        several = self.article.clauses > 1
        shown = f"第{chinese(self.clause)}款" if several and (self.clause > 1 or self.signs) else ""
        levels = zip(self.signs, ("项", "目", "", "", ""), strict=False)
        items = "".join(f"第{sign.rstrip('.、')}{level}" if level else sign for sign, level in levels)
        return " ".join(filter(None, (self.named, self.article.sign + shown + items)))


def duty_of(text: str) -> str | None:
    """Who is responsible, when ``text`` ends in （责任单位：…） or （…按职责分工负责）, without the brackets."""
    text = text.rstrip().rpartition("\n")[2]
    folded = fold(text).rstrip(" 。;")
    if DUTY_LINE.match(folded) and "。" not in folded:
        return text.strip().strip("（）()。； ")
    if not folded.endswith(")"):
        return None
    depth = 0
    for at in range(len(folded) - 1, -1, -1):
        depth += (folded[at] == ")") - (folded[at] == "(")
        if depth == 0:
            inside = folded[at + 1 : len(folded) - 1]
            return text[at + 1 : len(folded) - 1].strip() if _DUTY_WORDS.search(inside) else None
    return None


def run_in_title(rest: str) -> tuple[str, bool]:
    """The heading in the text after a marker, and whether text follows it in the same paragraph.

    发展目标。到2027年，… gives 发展目标 and True; a long sentence or one with ； or ： has no heading.
    """
    body = rest.strip(_SPACES)
    folded = fold(body).removesuffix(":")
    stop = folded.find("。")
    title = folded if stop < 0 else folded[:stop]
    if not title or len(title) > MAX_RUN_IN or re.search("[;:]", title) or re.search("[,、]$", title):
        return "", bool(body)
    return despaced(body[: len(title)]), 0 <= stop < len(body) - 1


def despaced(heading: str) -> str:
    """A heading without the spaces that only spread it (总　　则); spaces between words become one."""
    words = fold(heading).split()
    spread = all(len(word) == 1 for word in words)
    return re.sub(rf"[{_SPACES}\n]+", "" if spread else " ", heading.strip(_SPACES + "\n"))

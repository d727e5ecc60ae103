"""One citable unit of a document, and what is read from its first line: run-in heading, responsible bodies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.fold import fold
from kb.numerals import chinese

MAX_RUN_IN = 50
_SPACES = " \u3000\t\xa0"
_DUTY_LEAD = r"(?:责任|牵头|主办|协办|配合|参与|实施|主管|负责)(?:单位|部门|主体|处室)?(?:及[\u4e00-\u9fff]{2,4})?|完成时[限间]"
_DUTY_WORDS = re.compile(rf"^\s*(?:{_DUTY_LEAD})\s*:|(?:负责|分工负责|牵头|配合|参与|落实)(?:,?下同)?\s*$")
_RUN_IN_DUTY = re.compile(rf"[。;]\s*((?:{_DUTY_LEAD})\s*:[^。:]+(?:;[^。]*)?)$")
_BODY = re.compile(r".{1,24}(?:委|局|厅|办|部|署|政府|管委会|办公室|委员会|部门|单位)(?:等|等部门|等单位)?$")
_OTHER_BODY = re.compile(r".{1,24}(?:院|中心|公司|集团|区县|[区县市旗园]|银行|大学|协会|联合会|[会团行社校])(?:等)?$")
_NO_BODY = re.compile("^(?:含|包括|包含|不含|如|即|以下|下同|见|详见|指|其中|试点|原)|简称")
_BOLD_HEADING = re.compile(r"([^。：:；;，,]{3,32})[。：:]")
DUTY_LINE = re.compile(rf"^\s*[(〔]?(?:{_DUTY_LEAD})\s*:")


@dataclass
class Article:
    """The article being read; ``clauses`` counts its unnumbered paragraphs (款) and is final after the walk."""

    sign: str
    clauses: int = 1


@dataclass
class Unit:
    """Lines ``first``..``last`` as one citable unit; ``signs`` are the markers above and including its own, ``note`` the
    sign of a note to it (注1)."""

    first: int
    last: int
    kind: str
    path: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    article: Article | None = None
    clause: int = 1
    named: str = ""
    title: str = ""
    note: str = ""

    @property
    def path_of_rest(self) -> tuple[str, ...]:
        """The path of what follows the run-in heading in the same paragraph, when it has to be cut."""
        return (*self.path, self.signs[-1] + self.title) if self.title and self.signs else self.path

    @property
    def label(self) -> str:
        """The citation: 第十二条第二款第（三）项, 二、（一）1., 附件1 二、."""
        if not self.article:
            return " ".join(filter(None, (self.named, "".join(self.signs), self.note)))
        several = self.article.clauses > 1
        shown = f"第{chinese(self.clause)}款" if several and (self.clause > 1 or self.signs) else ""
        levels = zip(self.signs, ("项", "目", "", "", ""), strict=False)
        items = "".join(f"第{sign.rstrip('.、')}{level}" if level else sign for sign, level in levels)
        return " ".join(filter(None, (self.named, self.article.sign + shown + items, self.note)))


def duty_of(text: str) -> str | None:
    """Who is responsible, when ``text`` ends in saying so, without the brackets.

    （责任单位：…）, 【牵头单位：…；配合单位：…】, （…按职责分工负责）, 〔…牵头，…配合〕, （市科技局、市财政局）, lines of their own
    (责任单位：… above 完成时限：…), or a last sentence that opens with such words.
    """
    lines = text.rstrip().split("\n")
    own = len(lines)
    while own > 0 and (not lines[own - 1].strip() or _is_duty_line(lines[own - 1])):
        own -= 1
    if own < len(lines):
        return "；".join(line.strip().strip("（）()【】〔〕[]。； ") for line in lines[own:] if line.strip())
    last = lines[-1]
    folded = fold(last).rstrip(" 。;")
    opening = _opening(folded)
    if opening is not None:
        inside = slice(opening + 1, len(folded) - 1)
        return last[inside].strip() if _says_who(folded[inside]) else None
    said = _RUN_IN_DUTY.search(folded)
    return last[said.start(1) : said.end(1)].strip() if said else None


def _is_duty_line(line: str) -> bool:
    folded = fold(line).strip()
    return bool(DUTY_LINE.match(folded)) and "。" not in folded.rstrip("。)〕")


def _opening(folded: str) -> int | None:
    """Where the bracket opens that the text closes with; None when it ends otherwise."""
    closing = folded[-1:]
    pair = {")": "(", "〕": "〔"}.get(closing)
    depth = 0
    for at in range(len(folded) - 1, -1, -1) if pair else ():
        depth += (folded[at] == closing) - (folded[at] == pair)
        if depth == 0:
            return at
    return None


def _says_who(folded: str) -> bool:
    """Whether words in brackets name who is responsible: they say so, or are names of public bodies only."""
    if _DUTY_WORDS.search(folded):
        return True
    names = [name.strip() for name in re.split("[、,;]", re.sub(r"\([^()]*\)", "", folded))]
    if _NO_BODY.search(folded) or not all(_BODY.match(name) or _OTHER_BODY.match(name) for name in names):
        return False
    return any(_BODY.match(name) for name in names)


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


def bold_heading(text: str, lead: int) -> str:
    """The run-in heading a paragraph opens with in bold (**建设平台。**支持企业…), or nothing; ``lead`` is how many of
    its characters are bold."""
    opening = _BOLD_HEADING.match(text[: lead + 1].strip()) if lead else None
    return opening.group(1) if opening else ""


def despaced(heading: str) -> str:
    """A heading without the spaces that only spread it (总　　则); spaces between words become one."""
    words = fold(heading).split()
    spread = all(len(word) == 1 for word in words)
    return re.sub(rf"[{_SPACES}\n]+", "" if spread else " ", heading.strip(_SPACES + "\n"))

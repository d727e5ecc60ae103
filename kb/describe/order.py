"""The head of an order or announcement that publishes a rule: 某省人民政府令 / 第326号, 某市人大常委会公告 / 〔十六届〕第34号."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.fold import fold
from kb.model import Block

_COUNT = r"(?:\d{1,4}|[〇零一二三四五六七八九十百]{1,7})"
_SESSION = r"(?:[〔(]?\s*(?:第?[一二三四五六七八九十]{1,3}届|(?:19|20)\d\d\s*年?)\s*[〕)]?)?"
BODY = re.compile(r"^\s*(?P<who>[\u4e00-\u9fff\s]{2,40})(?P<kind>令|公\s*告)\s*$")
NUMBER = re.compile(rf"^\s*\(?\s*{_SESSION}\s*第?\s*{_COUNT}\s*号\s*\)?\s*$")
_ONE_LINE = re.compile(
    rf"^\s*(?P<who>[\u4e00-\u9fff\s]{{2,40}})(?P<kind>令|公\s*告)\s*\(?\s*(?P<number>{_SESSION}\s*第\s*{_COUNT}\s*号)\s*\)?\s*$"
)
_HEAD = 8


@dataclass(frozen=True)
class Order:
    """Where it stands (first and last block), who gives it, and its number as written without spaces."""

    first: int
    last: int
    who: str
    number: str


def is_order_line(folded: str) -> bool:
    """Whether a folded line is (part of) the head of an order."""
    return bool(BODY.match(folded) or NUMBER.match(folded) or _ONE_LINE.match(folded))


def find_order(blocks: Sequence[Block]) -> Order | None:
    """The order that opens the text, its number on the same line or on the next."""
    for at, block in enumerate(blocks[:_HEAD]):
        folded = fold(block.text)
        whole, body = _ONE_LINE.match(folded), BODY.match(folded)
        if whole:
            return Order(at, at, _who(whole["who"]), _bare(block.text))
        following = blocks[at + 1].text if body and at + 1 < len(blocks) else ""
        if body and NUMBER.match(fold(following)):
            return Order(at, at + 1, _who(body["who"]), _bare(block.text + following))
    return None


def _who(name: str) -> str:
    parts = name.split()
    spread = all(len(part) == 1 for part in parts)
    return ("" if spread else "、").join(parts).removeprefix("中华人民共和国")


def _bare(text: str) -> str:
    return re.sub(r"[\s\u3000()（）]+", "", text)

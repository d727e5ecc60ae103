"""A same-length fold for matching: full-width and half-width, bracket and dash variants, invisible characters.

Goes in: any text. Comes out: text of the same length in which every variant of a sign is one sign, so that a
pattern is written once and its offsets point into the original. Stored text is never folded: NFKC would turn
① into 1, ㎡ into m2 and … into three dots, which changes both length and facts.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BRACKETS = {"〔": "［﹝【[〖", "〕": "］﹞】]〗", "(": "﹙", ")": "﹚", "<": "〈﹤", ">": "〉﹥"}
_SIGNS = {"-": "－–‐‑﹣", "—": "─―━", "·": "•・‧", "〇": "○◯", ".": "．", "~": "～∼〜", ":": "︰∶﹕", ";": "﹔"}
_SPACES = "\u3000\xa0\u2002\u2003\u2009\u202f\t\u200b\u200c\u200d\ufeff\u2060\xad"
_LINE = 2000
_LOOKALIKES = (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFAFF))


# Those of the CJK Radicals Supplement that are whole characters of simplified texts; NFKC knows but two of them.
_RADICALS = "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳"
_CHARACTERS = "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟"


def _lookalikes() -> dict[int, str]:
    """Radicals and compatibility ideographs, which PDF text layers use for ordinary characters."""
    plain = {code: unicodedata.normalize("NFKC", chr(code)) for code in _LOOKALIKES}
    known = {code: char for code, char in plain.items() if len(char) == 1 and char != chr(code)}
    return known | dict(zip(map(ord, _RADICALS), _CHARACTERS, strict=True))


LOOKALIKES = _lookalikes()
_TABLE: dict[int, int | str] = {
    **_FULL_WIDTH,
    **LOOKALIKES,
    **{
        ord(variant): sign
        for group in (_BRACKETS, _SIGNS)
        for sign, variants in group.items()
        for variant in variants
    },
    **dict.fromkeys(map(ord, _SPACES), " "),
    ord("［"): "〔",
    ord("］"): "〕",
}


def fold(text: str) -> str:
    """``text`` with variants of signs made one; ``len(fold(text)) == len(text)`` always holds."""
    return _fold_line(text) if len(text) < _LINE else _fold_long(text)


def _translate(text: str) -> str:
    return text.translate(_TABLE)


# the same lines are folded for every question asked of them
_fold_line = lru_cache(maxsize=4096)(_translate)
_fold_long = lru_cache(maxsize=2)(_translate)


def squeeze(text: str) -> str:
    """The folded text without any white space, for asking whether two lines say the same."""
    return "".join(fold(text).split())

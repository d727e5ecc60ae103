"""Chinese numerals to integers and back, for heading markers and dates.

Goes in: 十二, 一百零三, 廿三, 二〇二五, ３, 12. Comes out: an int, or None when it is not one number.
GB/T 15835-2011 names the forms; 〇, ○ and 零 are all met in dates of official documents.
"""

from __future__ import annotations

from kb.fold import fold

_DIGIT = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_UNIT = {"十": 10, "百": 100, "千": 1000}
_TENS = {"廿": 20, "卅": 30}
_MAX_LENGTH = 9


def parse_number(text: str) -> int | None:
    """The integer written in ``text`` in Chinese or Arabic digits (any width), else None.

    Digits without a unit are read by position: 二〇二五 is 2025.
    """
    word = "".join(fold(text).split())
    if not word or len(word) > _MAX_LENGTH:
        return None
    if word.isascii():
        return int(word) if word.isdecimal() else None
    if all(char in _DIGIT for char in word):
        return int("".join(str(_DIGIT[char]) for char in word))
    return _with_units(word)


def _with_units(word: str) -> int | None:
    """The value of numerals with units (一百零三, 廿三); None for signs in an impossible order."""
    total, digit, ceiling = 0, None, 10_000
    for char in word:
        if char in _TENS:
            if digit is not None or ceiling <= 10:
                return None
            total, ceiling = total + _TENS[char], 10
        elif char in _UNIT:
            unit = _UNIT[char]
            if unit >= ceiling or digit == 0:
                return None
            total, digit, ceiling = total + (1 if digit is None else digit) * unit, None, unit
        elif char in _DIGIT:
            if digit not in (None, 0):
                return None
            digit = _DIGIT[char]
        else:
            return None
    return total + (digit or 0)


def chinese(number: int) -> str:
    """``number`` (0 to 9999) in Chinese numerals as headings write it: 十二, 一百零三.

    Raises:
        ValueError: the number is out of range.
    """
    if not 0 <= number <= 9999:
        raise ValueError(f"{number} is not within 0..9999")
    if number == 0:
        return "零"
    words, gap = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit == 0:
            gap = gap or bool(words)
            continue
        words += ("零" if gap else "") + "〇一二三四五六七八九"[digit] + sign
        gap = False
    return words[1:] if words.startswith("一十") else words

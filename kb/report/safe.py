"""Text from documents made fit for a file format: it can hold anything, and none of it may do anything.

``printable`` for every format; ``harmless`` for cells, after OWASP's "CSV Injection": a cell that begins like a
formula gets an apostrophe in front, which spreadsheets take as "this is text"; ``link`` lets only web addresses through.
"""

from __future__ import annotations

import re

# What XML 1.0 cannot hold (also half surrogates), and marks that turn the direction of the text around them.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


def printable(text: str) -> str:
    """``text`` without control characters, line ends as one newline."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def harmless(value: str | int | float | None) -> str | int | float | None:
    """A cell's value; text that a spreadsheet could take for a formula gets an apostrophe in front. Numbers stay."""
    if not isinstance(value, str):
        return value
    text = _UNPRINTABLE.sub("", value)
    return "'" + text if _FORMULA.match(text) else text


def link(address: str | None) -> str | None:
    """The address if it is one of the web, else None."""
    text = printable(address or "").strip()
    return text if _ADDRESS.fullmatch(text) else None

"""Bytes of a web page or text file → characters, whatever the file says of itself.

Declarations lie in both directions (GB2312 that is GB18030, GBK that is UTF-8), so they are not asked: the
strict UTF-8 decoder decides, with some patience for single damaged bytes, and everything else is GB18030.
"""

from __future__ import annotations

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIRST_HAN = "\u2e80"
REPLACEMENT = "\ufffd"


def decode(data: bytes) -> str:
    """The text of ``data``: by its BOM, else UTF-8 if (nearly) all of it is, else GB18030.

    Never raises; characters that cannot be read become U+FFFD. NUL characters, which no parser takes, go.
    """
    return _decoded(data).replace("\x00", "")


def _decoded(data: bytes) -> str:
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    if data[:200].count(b"\x00") > 40:
        return _wide(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        nearly = data.decode("utf-8", "replace")
    # GB18030 takes almost any bytes: a UTF-8 page with one bad byte must not become fluent nonsense
    if nearly.count(REPLACEMENT) * 10 < sum(char >= _FIRST_HAN for char in nearly):
        return nearly
    return data.decode("gb18030", "replace")


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: ASCII punctuation and digits leave NULs in the higher byte."""
    head = data[:200]
    little = head[1::2].count(0) >= head[::2].count(0)
    return data.decode("utf-16-le" if little else "utf-16-be", "replace")

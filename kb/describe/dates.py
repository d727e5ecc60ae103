"""Dates as Chinese documents write them → ISO 8601 strings of the precision known.

``2025年3月6日``, ``2025-03-06 09:30``, ``2025/3/6``, ``二〇二五年三月六日`` (〇, ○, 零), ``2025年3月``, ``20250306``.
No day is ever filled in.
"""

from __future__ import annotations

import calendar
import re

from kb.fold import fold
from kb.numerals import parse_number

_CN = "〇零一二三四五六七八九十廿卅"
_YEAR = rf"(?P<y>(?:19|20)\d\d|[一二][{_CN}]{{3}})"
_PART = rf"(?:\d{{1,2}}|[{_CN}]{{1,3}})"
DATE = re.compile(rf"{_YEAR}\s*年\s*(?:(?P<m>{_PART})\s*月\s*(?:(?P<d>{_PART})\s*[日号]?)?)?")
_DASHED = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*[-/.]\s*(?P<m>\d{1,2})(?:\s*[-/.]\s*(?P<d>\d{1,2}))?(?!\d)")
_PACKED = re.compile(r"^(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)$")


def parse_date(text: str) -> str | None:
    """The first date in ``text`` as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; None when there is none."""
    folded = fold(text).replace("O", "〇")
    for shape in (_PACKED, DATE, _DASHED):
        for match in shape.finditer(folded.strip()):
            value = iso(match["y"], match["m"], match["d"])
            if value:
                return value
    return None


def iso(year: str, month: str | None, day: str | None) -> str | None:
    """ISO string of the parts given, None when they are no date."""
    y, m, d = (parse_number(part) if part else None for part in (year, month, day))
    if y is None or not 1900 <= y <= 2199 or (month and m is None) or (day and d is None):
        return None
    if m is None:
        return f"{y:04d}"
    if not 1 <= m <= 12:
        return None
    if d is None:
        return f"{y:04d}-{m:02d}"
    return f"{y:04d}-{m:02d}-{d:02d}" if 1 <= d <= calendar.monthrange(y, m)[1] else None


def is_date_line(text: str) -> bool:
    """Whether a line is a date and nothing else, as under a signature."""
    line = fold(text).replace("O", "〇").strip("() \n")
    return any(shape.fullmatch(line) for shape in (DATE, _DASHED))

"""Write one line of ``bodies.yaml`` for a page whose text has been read from start to end.

    python -m bench.make_bodies FILE FIRST LAST [OCCURRENCE [CHARACTERS]]

FIRST and LAST are the first and last words of the body (at most 12 characters, without spaces), OCCURRENCE which
time FIRST stands in the page (1); CHARACTERS, the length of the body without white space, is needed only where LAST
stands earlier in the body too. The line holds no more of the text than those words: the length and the SHA-256 of the
body without white space let the benchmark cut the reference out of the page again. ``paragraphs`` is how many lines
that are not empty the body has, each block element, table cell and ``<br>`` starting a line.

The script proves nothing about where a body starts and ends: whoever runs it must have read the page.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

from bench.pages import plain_text, start_of

_MARK = "\ue000"
_NEW_LINE = re.compile(
    rb"(?i)(?=</?(?:address|article|blockquote|br|caption|center|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]"
    rb"|header|hr|li|ol|option|p|pre|section|table|td|th|tr|ul)\b)"
)


def lines_between(data: bytes, start: int, end: int) -> int:
    """How many lines that are not empty the plain text of a page has between two of its places."""
    marked = plain_text(_NEW_LINE.sub(_MARK.encode(), data))
    if marked.replace(_MARK, "") != plain_text(data):
        sys.exit("the page reads otherwise once its lines are marked")
    lines = at = 0
    for line in marked.split(_MARK):
        lines += bool(line) and at + len(line) > start and at < end
        at += len(line)
    return lines


def main(words: list[str]) -> None:
    """Print the line."""
    file, first, last = Path(words[0]), words[1], words[2]
    occurrence = int(words[3]) if len(words) > 3 else 1
    if len(first) > 12 or len(last) > 12:
        sys.exit("no more than 12 characters of a text may be written down")
    data = file.read_bytes()
    page = plain_text(data)
    start = start_of(page, first, occurrence)
    end = page.index(last, start) + len(last) if len(words) < 5 else start + int(words[4])
    body = page[start:end]
    if not body.endswith(last):
        sys.exit(f"the body of {len(body)} characters does not end with {last}")
    digest = hashlib.sha256(body.encode()).hexdigest()
    name = "/".join(file.parts[-3:])
    print(
        f"- {{file: {name}, first: '{first}', occurrence: {occurrence}, last: '{last}', "
        f"characters: {len(body)}, paragraphs: {lines_between(data, start, end)}, sha256: {digest}}}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])

"""Write one line of ``bodies.yaml`` for a page whose body a person has just read from start to end.

    python bench/make_bodies.py FILE FIRST LAST [OCCURRENCE]

FIRST and LAST are the first and last words of the body (at most 12 characters, without spaces), OCCURRENCE which
time FIRST stands in the page (1). The line holds no more of the text than those words: the length and the SHA-256 of
the body without white space let the benchmark cut the reference out of the page again.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from bench.pages import plain_text, start_of


def main(words: list[str]) -> None:
    """Print the line."""
    file, first, last = Path(words[0]), words[1], words[2]
    occurrence = int(words[3]) if len(words) > 3 else 1
    if len(first) > 12 or len(last) > 12:
        sys.exit("no more than 12 characters of a text may be written down")
    page = plain_text(file.read_bytes())
    start = start_of(page, first, occurrence)
    end = page.index(last, start) + len(last) if len(words) < 5 else start + int(words[4])
    body = page[start:end]
    digest = hashlib.sha256(body.encode()).hexdigest()
    name = "/".join(file.parts[-3:])
    print(
        f"- {{file: {name}, first: '{first}', occurrence: {occurrence}, last: '{last}', characters: {len(body)}, sha256: {digest}}}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])

"""The report as Markdown (CommonMark with tables): the same chapters as in Word, pictures replaced by their tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kb.compare.result import Comparison
from kb.report import parts
from kb.report.cite import with_address
from kb.report.content import compose
from kb.report.safe import printable

_MARKS = re.compile(r"([\\`*_\[\]<>|#~$])")
_LINE_START = re.compile(r"^(\s*)([-+=])|^(\s*\d+)([.)])", re.MULTILINE)


def write_markdown(comparison: Comparison, out: Path, corpus: Path, day: str) -> None:
    """Write the report of ``comparison`` to ``out``, dated the ISO day ``day``."""
    out.write_text(rendered(compose(comparison, corpus, day)), "utf8")


def rendered(composed: Iterable[parts.Part]) -> str:
    """These parts as one text."""
    return "\n\n".join(text for part in composed for text in _rendered(part)) + "\n"


def _rendered(part: parts.Part) -> Iterator[str]:
    """The paragraphs of one part."""
    match part:
        case parts.Cover():
            yield f"# {escaped(part.title)}"
            yield escaped(part.subtitle)
            yield "\n".join(f"- **{escaped(name)}**：{escaped(value)}" for name, value in part.facts)
        case parts.Heading():
            yield f"{'#' * (part.level + 1)} {escaped(part.text)}"
        case parts.Paragraph():
            said = _said(part.words)
            yield f"> {said}" if part.style in ("note", "gloss") else said
        case parts.Grid():
            if part.caption:
                yield f"**{escaped(part.caption)}**"
            yield _table(part)
        case parts.Picture():
            yield f"**{escaped(part.caption)}**"
            yield _table(part.instead)
        case parts.Sources():
            yield from (f'<a id="ref{n}"></a>\\[{n}\\] {_source(entry)}' for n, entry in enumerate(part.entries, 1))
        case parts.Contents():
            return


def _table(grid: parts.Grid) -> str:
    """A table; a band becomes a row with its words emphasised in the first cell, for Markdown joins no cells."""
    rows = [_row([escaped(h) for h in grid.heads]), _row(["---"] * len(grid.heads))]
    for line in grid.lines:
        cells = [_said(c) for c in line.cells]
        rows.append(_row([f"**{cells[0]}**", *[""] * (len(grid.heads) - 1)] if line.band else cells))
    return "\n".join(rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(c.replace(chr(10), '<br>') for c in cells)} |"


def _said(words: parts.Words) -> str:
    return "".join(map(_inline, words))


def _inline(one: str | parts.Ref | parts.Link | parts.Strong) -> str:
    match one:
        case parts.Ref():
            return f"[\\[{one.number}\\]](#ref{one.number})"
        case parts.Link():
            return f"[{escaped(one.text)}](<{one.address}>)"
        case parts.Strong():
            return f"**{escaped(one.text)}**"
        case _:
            return escaped(one)


def _source(reference: str) -> str:
    said, address = with_address(reference)
    return f"{escaped(said)}<{address}>." if address else escaped(said)


def escaped(text: str) -> str:
    """Text whose characters mean nothing in Markdown or HTML."""
    plain = _MARKS.sub(r"\\\1", printable(text).replace("&", "&amp;"))
    return _LINE_START.sub(r"\1\3\\\2\4", plain).replace("\\<", "&lt;").replace("\\>", "&gt;")

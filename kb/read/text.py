"""Plain text and Markdown into blocks: one line is one paragraph, unless the file wraps its lines.

Markdown headings (``#``) become heading blocks, its comments and front matter are left out, pipe tables become
tables, ``**words**`` are words in bold. Lines broken by an editor or by inline tags are joined again only where the break cannot be a paragraph's end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from kb.fold import fold
from kb.markers import ATTACHMENT, find_marker
from kb.model import Block, Reading
from kb.read.blocks import bold_lead
from kb.read.decode import decode
from kb.read.furniture import trim
from kb.read.labels import line_facts
from kb.read.tables import table_block

_HEADING = re.compile(r" {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_FRONT_MATTER = re.compile(r"\A---\n(?=[\w-]+:\s)(.*?)\n---\n", re.DOTALL)  # a text may begin with a rule
_TABLE_ROW = re.compile(r"\s*\|.*\|\s*$")
_TABLE_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*$")
_EMPHASIS = re.compile(r"^\s*(\*\*|__)(?=\S)(.+?)\1\s*$")
# what opens a line is believed to be emphasis of Markdown only when it holds a sign: 张**、李** are masked names
_OPENS_BOLD = re.compile(r"\s*(?:\*\*|__)(?=[^\s*_])([^*_]+)(?:\*\*|__)")
_STRONG = re.compile(
    r"(?<![0-9A-Za-z*])\*\*(?=[^\s*、，。；：）》”])([^*]+)(?<=\S)\*\*(?![0-9A-Za-z*])|(?<![\w_])__(?=[^\s_])([^_]+)(?<=\S)__(?![\w_])"
)
_OPEN_END = re.compile(r"[，、,—(（“《〈〔的]$")
_CONTINUES = re.compile(r"^(?:[，、。；：！？,.;:!?）)”》〉〕％%]|是[:：])")
_SCRAP = re.compile(r"^[\d.]{1,5}$")  # what is left of PM₂.₅ when tags break the line
_SENTENCE_END = re.compile(r"[。！？；：!?;:…][”’）)》]*$")
_MIN_WRAPPED, _FEWEST_ROWS = 6, 2
_SCRAP_LINE = 4


def read_text(data: bytes) -> Reading:
    """The blocks of a text or Markdown file in whatever Chinese encoding, without the buttons and links at its ends that came
    along when it was copied from a page."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    blocks = text_blocks(text)
    kept, cut = trim(blocks, page=False)
    if not kept:
        return Reading("text", tuple(blocks))
    return Reading("text", tuple(kept), line_facts(*(block.text for block in cut)))


def text_blocks(text: str) -> list[Block]:
    """The blocks of plain text or Markdown; blank lines separate and are not kept."""
    text = _without_comments(_FRONT_MATTER.sub("", text))
    lines = [line.rstrip() for line in text.split("\n")]
    marked = any(map(_is_markdown, lines))
    blocks: list[Block] = []
    for kind, group in groupby(zip(lines, _kinds(lines), strict=True), key=lambda pair: pair[1]):
        rows = [line for line, _ in group]
        if kind == "piped" and any(_TABLE_RULE.match(row) for row in rows):
            blocks.append(_table([_STRONG.sub(_inner, row) for row in rows] if marked else rows))
        elif kind == "tabbed":
            cells = [row.split("\t") for row in rows]
            width = max(map(len, cells))
            blocks.append(table_block([row + [""] * (width - len(row)) for row in cells]))
        else:
            blocks.extend(_line_block(line, marked) for line in rejoin(rows) if line.strip())
    return blocks


def _kinds(lines: Sequence[str]) -> list[str]:
    """For each line: a row between pipes, one of two or more rows copied from a table (序号⇥任务⇥单位), or text."""
    kinds: list[str] = []
    for kind, group in groupby(map(_kind, lines)):
        run = len(list(group))
        kinds += ["text" if kind == "tabbed" and run < _FEWEST_ROWS else kind] * run
    return kinds


def _kind(line: str) -> str:
    if _TABLE_ROW.match(line):
        return "piped"
    marker = find_marker(line) if "\t" in line.strip() else None
    return "tabbed" if "\t" in line.strip() and (marker is None or marker.type == "number") else "text"


def _without_comments(text: str) -> str:
    """Markdown without ``<!-- … -->``; an opening without its end is text."""
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join([*kept, text[at:]])


def _is_markdown(line: str) -> bool:
    """Whether only Markdown has such a line: a heading with #, or a sign in bold (**第一条**　为了…)."""
    bold = _OPENS_BOLD.match(line)
    return bool(_HEADING.match(line) or bold and find_marker(bold.group(1)))


def _inner(match: re.Match[str]) -> str:
    return match.group(1) or match.group(2)


def _line_block(line: str, marked: bool) -> Block:
    heading = _HEADING.match(line)
    if heading:
        return Block("heading", _STRONG.sub(_inner, heading.group(1)))
    bold = _EMPHASIS.match(line)
    if not marked or bold and bold.group(1) not in bold.group(2):
        return Block("paragraph", bold.group(2), bold=True) if bold else Block("paragraph", line)
    pieces: list[tuple[str, bool]] = []
    at = 0
    for strong in _STRONG.finditer(line):
        pieces += [(line[at : strong.start()], False), (_inner(strong), True)]
        at = strong.end()
    pieces.append((line[at:], False))
    text = "".join(piece for piece, _ in pieces)
    return Block("paragraph", text, lead=bold_lead(_without_sign(pieces), text) if at else 0)


def _without_sign(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The pieces of a line without the sign that opens it: （一）**建设平台。**支持企业…"""
    marker = find_marker(pieces[0][0])
    return pieces[1:] if marker and not pieces[0][0][marker.end :].strip() else pieces


def _table(lines: Sequence[str]) -> Block:
    rows = tuple(
        tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        for line in lines
        if not _TABLE_RULE.match(line)
    )
    return table_block(rows)


def rejoin(lines: Sequence[str]) -> list[str]:
    """``lines`` with those joined that break inside a sentence."""
    width = _wrap_width(lines)
    joined: list[str] = []
    last = ""
    for line in lines:
        if joined and joined[-1].strip() and line.strip() and _continues(joined[-1], line, width, last):
            joined[-1] += line.strip()
        else:
            joined.append(line)
        last = line
    return joined


def _continues(before: str, line: str, width: int, last: str) -> bool:
    """Whether ``line`` goes on the paragraph ``before``, whose last physical line was ``last``."""
    if line[:1] in "\u3000 \t" or _begins(line):
        return False
    end = before[-8:]  # a joined paragraph may have grown long
    if _SENTENCE_END.search(end):
        return bool(width) and len(last) >= width - 1
    if _OPEN_END.search(end) or _CONTINUES.match(line) or _SCRAP.match(line) or _SCRAP.match(last):
        return len(before) > _SCRAP_LINE
    return bool(width) and len(last) >= width - 2


def _begins(line: str) -> bool:
    bold = _OPENS_BOLD.match(line)
    if bold and find_marker(bold.group(1)):
        return True
    return bool(find_marker(line) or ATTACHMENT.match(fold(line)) or _HEADING.match(line))


def _wrap_width(lines: Sequence[str]) -> int:
    """The width at which an editor wrapped the lines, or 0: most unfinished lines are then equally long."""
    unfinished = [len(line) for line in lines if len(line) >= 20 and not _SENTENCE_END.search(line)]
    if len(unfinished) < _MIN_WRAPPED:
        return 0
    width = max(unfinished)
    full = sum(length >= width - 2 for length in unfinished)
    return width if full >= 0.8 * len(unfinished) else 0

"""Any file a user has → what it says: blocks in reading order, labelled fields, attachments, warnings.

Goes in: bytes (and, for messages and links, a name and an address). Comes out: a :class:`kb.model.Reading`. The
type is decided by the bytes. Whatever is wrong with a file ends as one clear sentence in a ``KbError``.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from typing import cast

from lxml import etree

from kb.describe.dates import is_date_line
from kb.errors import KbError
from kb.fold import fold, squeeze
from kb.markers import CONTENTS
from kb.model import Block, Reading
from kb.read.sniff import kind_of

MAX_BYTES = 200 * 1024 * 1024
MAX_CHARS, MAX_BLOCKS = 4_000_000, 60_000  # a thousand pages of print are some 700,000 characters
# What parsers raise on damaged bytes; anything else is a fault of this project and should be seen.
DAMAGE = (
    ValueError, LookupError, ArithmeticError, struct.error, zlib.error, zipfile.BadZipFile, OSError, EOFError,
    RecursionError, MemoryError, NotImplementedError, etree.LxmlError,
)  # fmt: skip
# （此件公开发布） has a line of its own below the date (GB/T 9704 7.3.7); typists set it behind
_REMARK_BEHIND = re.compile(r"([^（(]{6,30})([（(](?:此件|本文)[^（()）]{0,24}[）)])")
_CONTENTS_HEAD = re.compile(r"目\s*[录次]\s*[:：]?\s*")
_BETWEEN_ENTRIES = re.compile(
    r"[\s.…·]+(?:[(（]?-?\d{1,3}-?[)）]?(?=\s|第|$)\s*)?|(?=第[一二三四五六七八九十百]{1,4}[编篇章节])"
)
_FRONT, _FEWEST_ENTRIES, _LONGEST_ENTRY, _MOST_WORDS = 120, 3, 60, 2000
_READERS = {
    "pdf": "kb.read.pdf:read_pdf",
    "docx": "kb.read.docx:read_docx",
    "doc": "kb.read.doc:read_doc",
    "ofd": "kb.read.ofd:read_ofd",
    "image": "kb.read.scan:read_image",
    "text": "kb.read.text:read_text",
}


def read(data: bytes, name: str = "", url: str | None = None) -> Reading:
    """What the file says.

    ``name`` is used in messages only. A page is read with ``url`` so that its links and site rules resolve.

    Raises:
        KbError: empty, encrypted, damaged, oversize or unsupported; nothing else is raised for any bytes.
    """
    shown = f"“{name}”：" if name else ""
    if len(data) > MAX_BYTES:
        raise KbError(f"{shown}文件超过 200 MB，已拒绝读取。")
    try:
        reading = _dispatch(data, url)
    except KbError as error:
        raise KbError(f"{shown}{error}") from error
    except DAMAGE as error:
        raise KbError(f"{shown}文件已损坏或没有下载完整，无法读取。请重新下载后再试。") from error
    size = sum(len(block.text) for block in reading.blocks)
    if size > MAX_CHARS or len(reading.blocks) > MAX_BLOCKS:
        raise KbError(f"{shown}文件有 {size} 字、{len(reading.blocks)} 段，远超一份政策文件的篇幅。请拆分后再添加。")
    if not any(block.text.strip() for block in reading.blocks) and not reading.attachments:
        raise KbError(f"{shown}没有读到任何文字。请确认文件内容完整，或另存为 DOCX、PDF 后再试。")
    return replace(reading, blocks=tuple(_lines_apart(reading.blocks)))


def _lines_apart(blocks: Sequence[Block]) -> Iterator[Block]:
    """``blocks`` with each line on its own where one holds what every official text sets on several: a remark behind the
    date, a whole 目录. Nothing but white space at the seams is lost."""
    before = ""
    for at, block in enumerate(blocks):
        lines = [block.text] if block.kind != "paragraph" else _date_and_remark(block.text)
        if (
            at < _FRONT
            and block.kind in ("paragraph", "heading")
            and (
                _CONTENTS_HEAD.match(block.text.strip())
                or CONTENTS.match(fold(before))
                or block.text.lstrip()[:1] == "第"
            )
        ):
            lines = _entries(block.text, blocks[at + 1 :]) or lines
        before = block.text
        yield from [block] if len(lines) == 1 else (replace(block, text=line, lead=0) for line in lines)


def _date_and_remark(text: str) -> list[str]:
    remarked = _REMARK_BEHIND.fullmatch(text.strip()) if len(text) < _LONGEST_ENTRY else None
    return [remarked[1].rstrip(), remarked[2]] if remarked and is_date_line(remarked[1]) else [text]


def _entries(text: str, below: Sequence[Block]) -> list[str]:
    """The entries of a 目录 written on one line, under its name if it stands there; none unless each is the whole of a
    line below, dots and page numbers aside."""
    text = text.strip()
    if len(text) > _MOST_WORDS:
        return []
    headings = {squeeze(block.text) for block in below if len(block.text) <= _LONGEST_ENTRY}
    head = _CONTENTS_HEAD.match(text)
    begin = head.end() if head else 0
    starts, said, at = [], "", begin
    for gap in (*_BETWEEN_ENTRIES.finditer(text, begin), None):
        word = text[at : gap.start() if gap else len(text)]
        if word and not said:
            starts.append(at)
        said += squeeze(word)
        said = "" if said in headings else said
        at = gap.end() if gap else len(text)
    if said or len(starts) < _FEWEST_ENTRIES:
        return []
    edges = [*starts, len(text)]
    return [
        *([text[:begin].rstrip()] if head else []),
        *(text[a:b].rstrip() for a, b in zip(edges, edges[1:], strict=False)),
    ]


def _dispatch(data: bytes, url: str | None) -> Reading:
    kind = kind_of(data)
    if kind == "html":
        from kb.read.html import read_html

        return read_html(data, url)
    module, function = _READERS[kind].split(":")
    reader = cast(Callable[[bytes], Reading], getattr(import_module(module), function))
    return replace(reader(data), url=url)

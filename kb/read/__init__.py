"""Any file a user has → what it says: blocks in reading order, labelled fields, attachments, warnings.

Goes in: bytes (and, for messages and links, a name and an address). Comes out: a :class:`kb.model.Reading`. The
type is decided by the bytes. Whatever is wrong with a file ends as one clear sentence in a ``KbError``.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import cast

from lxml import etree

from kb.errors import KbError
from kb.model import Reading
from kb.read.sniff import kind_of

MAX_BYTES = 200 * 1024 * 1024
MAX_CHARS, MAX_BLOCKS = 4_000_000, 60_000  # a thousand pages of print are some 700,000 characters
# What parsers raise on damaged bytes; anything else is a fault of this project and should be seen.
DAMAGE = (
    ValueError, LookupError, ArithmeticError, struct.error, zlib.error, zipfile.BadZipFile, OSError, EOFError,
    RecursionError, MemoryError, NotImplementedError, etree.LxmlError,
)  # fmt: skip
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
    return reading


def _dispatch(data: bytes, url: str | None) -> Reading:
    kind = kind_of(data)
    if kind == "html":
        from kb.read.html import read_html

        return read_html(data, url)
    module, function = _READERS[kind].split(":")
    reader = cast(Callable[[bytes], Reading], getattr(import_module(module), function))
    return replace(reader(data), url=url)

"""Tell a file's type from its bytes: a name may lie (.docx that is OLE, .wps that is Word 97)."""

from __future__ import annotations

import io
import re
import zipfile

import olefile

from kb.errors import KbError
from kb.read.decode import REPLACEMENT, decode

MAX_UNPACKED = 40 * 1024 * 1024
_MAX_XML = 100 * 1024 * 1024
_MAX_ENTRIES = 5000
_TOO_LARGE = "文件解压后过大，可能是压缩炸弹，已拒绝读取。"
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"BM", b"GIF8")
_HTML = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|div|p|table|span|meta|ucapcontent)[\s>]",
    re.I | re.S,
)
_TAGS = re.compile(r"<(?:html|head|body|div|p|td|span|br|table)\b[^>]{0,300}>", re.I)
_JSON = re.compile(r"\A\s*(?:\{\s*\"[^\"\n]{1,60}\"\s*:|\[\s*\{\s*\")")
_MHTML = re.compile(rb"\A(?:[A-Za-z-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){1,30}\r?\n")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f]")
_ENOUGH_TAGS = 5


def kind_of(data: bytes) -> str:
    """The type of ``data``: pdf, docx, doc, ofd, image, html or text.

    Raises:
        KbError: empty, encrypted, oversize, or of a type this project does not read; the message says what to do.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise KbError("文件是空的，没有可读的内容。请确认文件已完整下载。")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _zip_kind(data)
    if data.startswith(olefile.MAGIC):
        return _ole_kind(data)
    if data.startswith(b"{\\rtf"):
        raise KbError("这是 RTF 文件，暂不支持。请用 Word 或 WPS 打开后另存为 DOCX 再添加。")
    if data.startswith(_IMAGES) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return "image"
    if data.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")):
        raise KbError("这是压缩包。请先解压，再添加其中的文件。")
    return _text_kind(data)


def is_mhtml(data: bytes) -> bool:
    """Whether ``data`` is a page saved as one file (MHTML, RFC 2557)."""
    head = data[:4000]
    return b"multipart/related" in head.lower() and b"mime-version" in head.lower() and bool(_MHTML.match(head))


def open_zip(data: bytes) -> zipfile.ZipFile:
    """``data`` as a ZIP whose declared unpacked size is bearable.

    Raises:
        KbError: damaged, or its XML would unpack to more than bearable.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise KbError("文件已损坏或没有下载完整，无法打开。请重新下载后再试。") from error
    if len(archive.infolist()) > _MAX_ENTRIES:
        raise KbError("文件内部的条目异常多，可能是恶意文件，已拒绝读取。")
    # zipfile never unpacks more of an entry than it declares, so the declared sizes bound the memory
    if (
        sum(entry.file_size for entry in archive.infolist() if entry.filename.lower().endswith((".xml", ".rels")))
        > _MAX_XML
    ):
        raise KbError(_TOO_LARGE)
    return archive


def read_entry(archive: zipfile.ZipFile, name: str) -> bytes:
    """One file of a ZIP, whatever size it declares, never more than :data:`MAX_UNPACKED` bytes of it in memory.

    Raises:
        KbError: encrypted, damaged or oversize.
        KeyError: there is no such file.
    """
    entry = archive.getinfo(name)
    if entry.flag_bits & 1:
        raise KbError("文件已加密，无法读取。请用密码打开后另存为不加密的文件再添加。")
    with archive.open(entry) as stream:
        content = stream.read(MAX_UNPACKED + 1)
    if len(content) > MAX_UNPACKED:
        raise KbError(_TOO_LARGE)
    return content


def _zip_kind(data: bytes) -> str:
    names = set(open_zip(data).namelist())
    if any(name.lower().endswith("ofd.xml") for name in names):
        return "ofd"
    if "word/document.xml" in names or "word/document2.xml" in names:
        return "docx"
    if any(name.startswith("xl/") for name in names):
        raise KbError("这是 Excel 表格，暂不支持。请添加政策文件的正文（网页、PDF、Word 或 OFD）。")
    if any(name.startswith("ppt/") for name in names):
        raise KbError("这是演示文稿，暂不支持。请添加政策文件的正文（网页、PDF、Word 或 OFD）。")
    if "content.xml" in names:
        raise KbError("这是 ODF 文档，暂不支持。请另存为 DOCX 再添加。")
    raise KbError("这是压缩包。请先解压，再添加其中的文件。")


def _ole_kind(data: bytes) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            if ole.exists("EncryptedPackage"):
                raise KbError("Word 文件已加密，无法读取。请用密码打开后另存为不加密的文件再添加。")
            if ole.exists("WordDocument"):
                return "doc"
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise KbError("文件已损坏或没有下载完整，无法打开。请重新下载后再试。") from error
    raise KbError("这是旧版 Office 文件，但不是文字文档（可能是 Excel 或 PPT）。请添加政策文件的正文。")


def _text_kind(data: bytes) -> str:
    if is_mhtml(data):
        return "html"
    text = decode(data[:200_000])
    strange = len(_CONTROL.findall(text)) + text.count(REPLACEMENT)
    if strange > max(8, len(text) // 20):
        raise KbError(
            "无法识别这个文件的类型，或者文件已损坏。支持网页、PDF、Word（DOC、DOCX、WPS）、OFD、图片和纯文本。"
        )
    if _JSON.match(text) and not _HTML.match(text):
        raise KbError("这是 JSON 数据，不是政策文件。请添加文件的正文（网页、PDF、Word、OFD 或文本）。")
    is_page = _HTML.match(text) or len(_TAGS.findall(text)) >= _ENOUGH_TAGS
    return "html" if is_page else "text"

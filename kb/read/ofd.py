"""OFD (GB/T 33190-2016) into blocks: text objects with their places, paragraphs rebuilt like those of a PDF.

Names are matched without namespace, since producers differ. A page that only shows an image is read by OCR when
that is installed. Lengths in the format are millimetres.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator

from lxml import etree
from PIL import Image, UnidentifiedImageError

from kb.errors import KbError
from kb.model import Reading
from kb.read import scan
from kb.read.docx import parse_xml
from kb.read.docx_numbering import attribute, local
from kb.read.lines import Page, paragraphs
from kb.read.pdf import Char, lines_of
from kb.read.sniff import open_zip, read_entry

MAX_PAGES = 1500
_MAX_XML = 200 * 1024 * 1024
_MM = 72 / 25.4
_A4 = (210.0, 297.0)
_FEW = 20
_IMAGE = re.compile(r"\.(jpe?g|png|bmp|tiff?)$", re.I)
_MAX_IMAGES = 300


def read_ofd(data: bytes) -> Reading:
    """The blocks of an OFD file (all its documents in order).

    Raises:
        KbError: damaged, encrypted, oversize, or nothing but images while OCR is not installed.
    """
    package = _Package(open_zip(data))
    root = package.entry_file()
    if any("encrypt" in name for name in package.names):
        raise KbError("OFD 文件已加密，无法读取。请用原阅读器另存为不加密的文件或 PDF 再添加。")
    if root is None:
        raise KbError("OFD 文件缺少入口文件，可能已损坏。请重新下载后再试。")
    pages: list[Page] = []
    unread: list[int] = []
    drawn: list[str] = []
    for place in _texts(package.xml(root), "DocRoot"):
        for size, trees, images in _pages(package, root, place):
            drawn += images
            pages.append(_page(len(pages) + 1, size, trees))
            if _is_blank(pages[-1]) and _shows_image(trees):
                unread.append(len(pages))
            if len(pages) > MAX_PAGES:
                raise KbError(f"OFD 超过 {MAX_PAGES} 页的上限。请拆分后再添加。")
    if pages and all(map(_is_blank, pages)):
        return _scanned(package, drawn) or Reading("ofd", tuple(paragraphs(pages)))
    note = f"只读到一部分：第 {'、'.join(map(str, unread))} 页是图像，没有读出。请换用带文字的版本，或另存为 PDF 再添加。"
    return Reading("ofd", tuple(paragraphs(pages)), warnings=(note,) if unread else ())


def _is_blank(page: Page) -> bool:
    return sum(len(line.text) for line in page.lines) < _FEW


def _shows_image(trees: list[etree._Element]) -> bool:
    return any(local(item) == "ImageObject" for tree in trees for item in tree.iter())


def _scanned(package: _Package, drawn: list[str]) -> Reading | None:
    """All pages are images: read those by OCR, in the order the pages draw them; images no page draws come last."""
    images = []
    stored = sorted((n for n in package.names.values() if _IMAGE.search(n)), key=_numeric)
    for name in list(dict.fromkeys((*drawn, *stored)))[:_MAX_IMAGES]:
        try:
            images.append(Image.open(io.BytesIO(read_entry(package.archive, name))))
        except (UnidentifiedImageError, OSError):
            continue
    large = [image for image in images if min(image.size) > 600]
    if not large:
        return None
    if not scan.available():
        raise KbError(scan.HINT)
    if any(image.width * image.height > scan.MAX_PIXELS for image in large):
        raise KbError("OFD 中的图片过大（超过 6000 万像素）。请缩小后再添加。")
    pages = [scan.page_of(image.convert("RGB"), i, min(image.size) / 8.27) for i, image in enumerate(large, 1)]
    return Reading("scan", tuple(paragraphs(pages)), warnings=(scan.NOTE,))


def _numeric(name: str) -> list[tuple[int, str]]:
    """A key that sorts image_2 before image_10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"([0-9]{1,18})", name)]


class _Package:
    """The ZIP with lookup that forgives leading slashes and the case of names, and a limit on what is unpacked."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.left = _MAX_XML
        self.names = {name.lower().lstrip("/"): name for name in archive.namelist()}

    def entry_file(self) -> str | None:
        """The name of the package's OFD.xml, the shortest path if there are several."""
        named = [name for name in self.names.values() if posixpath.basename(name).lower() == "ofd.xml"]
        return min(named, key=len, default=None)

    def resolve(self, base: str, place: str) -> str | None:
        """The entry ``place`` names, seen from the file ``base``; None when there is no such entry."""
        folder = posixpath.dirname(base)
        for path in (
            (place, posixpath.join(folder, place))
            if place.startswith("/")
            else (posixpath.join(folder, place), place)
        ):
            name = self.names.get(posixpath.normpath(path).lower().lstrip("/"))
            if name:
                return name
        return None

    def xml(self, name: str) -> etree._Element:
        content = read_entry(self.archive, name)
        self.left -= len(content)
        if self.left < 0:
            raise KbError("OFD 解压后过大，可能是恶意文件，已拒绝读取。")
        return parse_xml(content)


def _texts(root: etree._Element, name: str) -> Iterator[str]:
    return ((e.text or "").strip() for e in root.iter() if local(e) == name)


def _pages(
    package: _Package, base: str, place: str
) -> Iterator[tuple[tuple[float, float], list[etree._Element], list[str]]]:
    """The pages of a document: size in millimetres, the trees that draw it (templates first), its images' names."""
    main = package.resolve(base, place)
    if main is None:
        return
    document = package.xml(main)
    default = _size(document) or _A4
    templates = {
        attribute(e, "ID"): attribute(e, "BaseLoc") or "" for e in document.iter() if local(e) == "TemplatePage"
    }
    shared = _media(package, main, document)
    for entry in (e for e in document.iter() if local(e) == "Page" and attribute(e, "BaseLoc")):
        name = package.resolve(main, attribute(entry, "BaseLoc") or "")
        if name is None:
            continue
        tree = package.xml(name)
        used = [attribute(e, "TemplateID") for e in tree.iter() if local(e) == "Template"]
        names = [package.resolve(main, templates.get(key, "")) for key in used if templates.get(key)]
        trees = [*(package.xml(n) for n in names if n), tree]
        media = {**shared, **_media(package, name, tree)}
        shown = (attribute(e, "ResourceID") or "" for each in trees for e in each.iter() if local(e) == "ImageObject")
        yield _size(tree) or default, trees, [media[key] for key in shown if key in media]


def _media(package: _Package, base: str, tree: etree._Element) -> dict[str, str]:
    """The images the resource files of a document or page declare: entry names by their ID."""
    found: dict[str, str] = {}
    for place in (place for kind in ("PublicRes", "DocumentRes", "PageRes") for place in _texts(tree, kind)):
        resources = package.resolve(base, place)
        if resources is None:
            continue
        root = package.xml(resources)
        folder = attribute(root, "BaseLoc") or ""
        for media in (e for e in root.iter() if local(e) == "MultiMedia"):
            file = next(_texts(media, "MediaFile"), "")
            name = package.resolve(resources, posixpath.join(folder, file)) or package.resolve(resources, file)
            if name and _IMAGE.search(name):
                found[attribute(media, "ID") or ""] = name
    return found


def _size(tree: etree._Element) -> tuple[float, float] | None:
    for text in _texts(tree, "PhysicalBox"):
        box = _floats(text)
        if len(box) == 4 and 20 < box[2] < 2000 and 20 < box[3] < 2000:
            return box[2], box[3]
    return None


def _floats(text: str | None) -> list[float]:
    words = (text or "").split()
    return [float(word) for word in words if re.fullmatch(r"-?\d{1,7}(?:\.\d{0,12})?", word)]


def _page(number: int, size: tuple[float, float], trees: list[etree._Element]) -> Page:
    chars = [char for tree in trees for item in tree.iter() if local(item) == "TextObject" for char in _chars(item)]
    return Page(number, size[0] * _MM, size[1] * _MM, tuple(lines_of(chars)))


def _chars(item: etree._Element) -> Iterator[Char]:
    """The characters of a text object placed on the page, in points."""
    box = _floats(attribute(item, "Boundary"))
    if len(box) != 4:
        return
    matrix = _floats(attribute(item, "CTM"))
    a, b, c, d, e, f = matrix if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    size = (_floats(attribute(item, "Size")) or [4.2])[0]
    x = y = 0.0
    for code in (child for child in item if local(child) == "TextCode"):
        x = (_floats(attribute(code, "X")) or [x])[0]
        y = (_floats(attribute(code, "Y")) or [y])[0]
        steps_x, steps_y = _deltas(attribute(code, "DeltaX")), _deltas(attribute(code, "DeltaY"))
        for i, char in enumerate((code.text or "").strip("\r\n")):
            usual = size * (0.5 if char.isascii() else 1.0)
            step = steps_x[i] if i < len(steps_x) else (0.0 if steps_y else usual)
            left, base = box[0] + a * x + c * y + e, box[1] + b * x + d * y + f
            width = abs(a or b) * (step if 0 < step < 1.3 * size else usual)
            high = size * abs(d or c)
            points = (left, left + width, base - 0.85 * high, base + 0.1 * high, base)
            yield Char(char, *(place * _MM for place in points))
            x += step
            y += steps_y[i] if i < len(steps_y) else 0.0


def _deltas(text: str | None) -> list[float]:
    """DeltaX and DeltaY: numbers, with ``g 5 4.2`` for five times 4.2 (GB/T 33190-2016, 11.3)."""
    words = (text or "").split()
    steps: list[float] = []
    at = 0
    while at < len(words) and len(steps) < 100_000:
        if words[at] == "g" and at + 2 < len(words):
            count, step = _floats(words[at + 1]), _floats(words[at + 2])
            steps += step * min(int(count[0]) if count else 0, 10_000)
            at += 3
        else:
            steps += _floats(words[at]) or [0.0]
            at += 1
    return steps

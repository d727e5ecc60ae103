"""OFD files: text in place, any namespace, pages that are images."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from kb.errors import KbError
from kb.read import read, scan
from kb.read.lines import Page, PrintedLine
from tests.read import make

LINES = [(60.0, 30.0, "某市未来产业行动计划"), (38.0, 50.0, "一、总体要求"), (38.0, 60.0, "坚持创新引领。")]
EXPECTED = ["某市未来产业行动计划", "一、总体要求", "坚持创新引领。"]


@pytest.mark.parametrize("prefix", ["ofd:", "x:", ""])
def test_text_is_read_whatever_the_namespace(prefix: str) -> None:
    assert [block.text for block in read(make.ofd(LINES, prefix)).blocks] == EXPECTED


def test_lines_are_ordered_by_their_place_not_by_the_file() -> None:
    assert [block.text for block in read(make.ofd(LINES[::-1])).blocks] == EXPECTED


def test_text_objects_side_by_side_are_one_line() -> None:
    assert [
        b.text for b in read(make.ofd([(30.0, 30.0, "某府发"), (45.0, 30.0, "〔2025〕"), (75.0, 30.0, "1号")])).blocks
    ] == ["某府发〔2025〕1号"]


def test_a_wrapped_line_goes_on_the_paragraph() -> None:
    lines = [(38.0, 50.0, "为" * 29), (28.0, 60.0, "制" * 31), (28.0, 70.0, "定本计划。"), (38.0, 80.0, "另起一段。")]
    blocks = read(make.ofd(lines)).blocks
    assert [block.text for block in blocks] == ["为" * 29 + "制" * 31 + "定本计划。", "另起一段。"]


def test_a_package_of_images_only_needs_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    Image.new("L", (700, 1000), 255).save(stream, "PNG")
    monkeypatch.setattr(scan, "available", lambda: False)
    with pytest.raises(KbError, match=r"\[ocr\]"):
        read(make.ofd([], images={"Doc_0/Res/image_1.png": stream.getvalue()}))


def scans(*widths: int) -> list[bytes]:
    made = []
    for width in widths:
        stream = io.BytesIO()
        Image.new("L", (width, 1000), 255).save(stream, "PNG")
        made.append(stream.getvalue())
    return made


def widths_read(monkeypatch: pytest.MonkeyPatch, data: bytes) -> list[int]:
    """The images given to OCR, told by their widths, in order."""

    def page_of(image: Image.Image, number: int, dpi: float) -> Page:
        return Page(number, 595, 842, (PrintedLine(f"宽{image.width}的一页。", 112, 208, 100, 116, 16),))

    monkeypatch.setattr(scan, "available", lambda: True)
    monkeypatch.setattr(scan, "page_of", page_of)
    return [int(width) for block in read(data).blocks for width in re.findall(r"\d+", block.text)]


def test_scanned_pages_no_page_refers_to_come_in_numeric_order(monkeypatch: pytest.MonkeyPatch) -> None:
    widths = list(range(701, 713))
    files = {f"Doc_0/Res/image_{i}.png": data for i, data in enumerate(scans(*widths), 1)}
    assert widths_read(monkeypatch, make.ofd([], images=files)) == widths


def test_scanned_pages_come_in_the_order_the_pages_draw_them(monkeypatch: pytest.MonkeyPatch) -> None:
    uri = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    shown = [3, 1, 2]
    pages = "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(3))
    media = "".join(
        f'<ofd:MultiMedia ID="{20 + i}" Type="Image"><ofd:MediaFile>image_{i}.png</ofd:MediaFile></ofd:MultiMedia>'
        for i in (1, 2, 3)
    )
    files: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {uri}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {uri}><ofd:CommonData><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
        f"</ofd:CommonData><ofd:Pages>{pages}</ofd:Pages></ofd:Document>",
        "Doc_0/DocumentRes.xml": f'<ofd:Res {uri} BaseLoc="Res"><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>',
    }
    for i, image in enumerate(shown):
        drawn = f'<ofd:ImageObject ID="9" Boundary="0 0 210 297" ResourceID="{20 + image}"/>'
        files[f"Doc_0/Pages/Page_{i}/Content.xml"] = f"<ofd:Page {uri}><ofd:Content>{drawn}</ofd:Content></ofd:Page>"
    files |= {f"Doc_0/Res/image_{i}.png": data for i, data in enumerate(scans(701, 702, 703), 1)}
    assert widths_read(monkeypatch, make.zipped(files)) == [703, 701, 702]


def test_a_package_without_its_entry_file_is_refused() -> None:
    with pytest.raises(KbError, match="损坏|文字"):
        read(make.zipped({"OFD.xml": "<OFD/>"}))

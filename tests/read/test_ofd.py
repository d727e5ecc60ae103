"""OFD files: text in place, any namespace, pages that are images."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from kb.errors import KbError
from kb.read import read, scan
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


def test_a_package_without_its_entry_file_is_refused() -> None:
    with pytest.raises(KbError, match="损坏|文字"):
        read(make.zipped({"OFD.xml": "<OFD/>"}))

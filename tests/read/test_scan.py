"""Scans and photographs, with the OCR extra and without it."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from kb.errors import KbError
from kb.read import read, scan
from tests.realdata import SAMPLES, needs_samples

needs_ocr = pytest.mark.skipif(not scan.available(), reason="the extra 'ocr' is not installed")


def png(width: int = 400, height: int = 300) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(stream, "PNG")
    return stream.getvalue()


def test_without_the_extra_the_user_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "available", lambda: False)
    with pytest.raises(KbError, match=r'pip install "\.\[ocr\]"'):
        read(png(), "照片.png")


def test_a_damaged_image_is_named_as_such() -> None:
    with pytest.raises(KbError, match="损坏"):
        read(png()[:60])


def test_an_enormous_image_is_refused_before_it_is_decoded() -> None:
    data = bytearray(png())
    data[16:24] = (50_000).to_bytes(4, "big") * 2
    with pytest.raises(KbError, match="过大|损坏"):
        read(bytes(data))


@pytest.mark.parametrize(
    ("recognised", "printed"),
    [
        ("(一)总体要求", "（一）总体要求"),
        ("建设10个,培育", "建设10个，培育"),
        ("1.5(m)", "1.5(m)"),
        ("10:30", "10:30"),
    ],
)
def test_half_width_signs_among_chinese_characters_are_what_print_shows(recognised: str, printed: str) -> None:
    assert scan.chinese_signs(recognised) == printed


@needs_ocr
@needs_samples
def test_a_scan_is_read_with_its_paragraphs_and_a_note() -> None:
    reading = read((SAMPLES / "scan_150dpi.pdf").read_bytes())
    said = [block.text for block in reading.blocks]
    assert reading.media == "scan"
    assert "核对" in reading.warnings[0] or "对照" in reading.warnings[0]
    assert "某某市人民政府办公厅关于印发《某某市未来产业培育行动计划（2025—2027年）》的通知" in said
    assert "（二）强化资金支持。设立总规模200亿元的未来产业基金，实行“一事一议”。" in said


@needs_ocr
def test_an_image_without_writing_has_no_text() -> None:
    with pytest.raises(KbError, match="没有读到任何文字"):
        read(png())

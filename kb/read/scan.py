"""Images and scanned pages into lines by OCR (rapidocr, whose wheel ships its Chinese models: nothing is fetched).

The lock file installs it; with ``pip`` alone it is the extra ``.[ocr]``. OCR writes brackets and digits in half width; they stay as recognised, and the
reading carries a note so that a person checks it.
"""

from __future__ import annotations

import importlib.util
import io
from functools import lru_cache
from typing import Any

from PIL import Image, UnidentifiedImageError

from kb.errors import KbError
from kb.model import Reading
from kb.read.lines import Page, PrintedLine, paragraphs

DPI = 150
MAX_PIXELS = 60_000_000
HINT = '这是扫描件或图片，需要文字识别组件。请运行 pip install ".[ocr]" 后重试，或换用带文字的版本。'
NOTE = "文字由图像识别得到，可能有个别错字，引用前请对照原件。"
_MIN_SCORE = 0.5
_FULL_WIDTH = str.maketrans("(),;:?!", "（），；：？！")


def available() -> bool:
    """Whether the OCR extra is installed."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime"))


def read_image(data: bytes) -> Reading:
    """The blocks of one photographed or scanned page (JPEG, PNG, TIFF, BMP, GIF, WebP; all frames of a TIFF).

    Raises:
        KbError: not an image that can be decoded, too large, or OCR is not installed.
    """
    try:
        image = Image.open(io.BytesIO(data))
        if image.width * image.height > MAX_PIXELS:
            raise KbError("图片过大（超过 6000 万像素）。请缩小后再添加。")
        frames = min(getattr(image, "n_frames", 1), 200)
        image.load()  # damage is named as such, whether or not OCR is installed
        if not available():
            raise KbError(HINT)
        pages = []
        for number in range(frames):
            image.seek(number)
            pages.append(page_of(image.convert("RGB"), number + 1, _dpi(image)))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise KbError("图片已损坏，无法读取。请重新扫描或下载后再试。") from error
    return Reading("scan", tuple(paragraphs(pages)), warnings=(NOTE,))


def page_of(image: Image.Image, number: int, dpi: float) -> Page:
    """One page read by OCR, in points.

    Raises:
        KbError: OCR is not installed.
    """
    import numpy

    found = _engine()(numpy.asarray(image.convert("RGB"))[:, :, ::-1])
    scale = 72 / dpi
    lines = []
    for box, text, score in zip(
        found.boxes if found.boxes is not None else (), found.txts or (), found.scores or (), strict=False
    ):
        if score >= _MIN_SCORE and text.strip():
            lines.append(_line(box, text, scale))
    return Page(number, image.width * scale, image.height * scale, tuple(_merge(lines)))


def _line(box: Any, text: str, scale: float) -> PrintedLine:
    xs, ys = [float(point[0]) * scale for point in box], [float(point[1]) * scale for point in box]
    top, bottom = (ys[0] + ys[1]) / 2, (ys[2] + ys[3]) / 2
    return PrintedLine(chinese_signs(text), min(xs), max(xs), top, bottom, _em(text, max(xs) - min(xs), bottom - top))


def _em(text: str, width: float, height: float) -> float:
    """The width of a full character: Latin letters and digits count half."""
    units = sum(0.5 if char.isascii() else 1.0 for char in text)
    return width / units if units >= 8 else height * 0.85


def chinese_signs(text: str) -> str:
    """Half-width brackets and stops next to Chinese characters as print shows them: full width.

    OCR cannot tell the widths apart; in a Chinese line the full width is what was printed.
    """
    out = []
    for i, char in enumerate(text):
        around = text[max(i - 1, 0)] + text[min(i + 1, len(text) - 1)]
        chinese = any("\u3000" <= c <= "\u9fff" for c in around) or (char in "()" and _is_chinese(text))
        out.append(char.translate(_FULL_WIDTH) if chinese else char)
    return "".join(out)


def _is_chinese(text: str) -> bool:
    return sum("\u4e00" <= char <= "\u9fff" for char in text) * 2 > len(text)


def _merge(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Boxes side by side on one line made one."""
    merged: list[PrintedLine] = []
    for line in sorted(lines, key=lambda line: ((line.top + line.bottom) / 2, line.left)):
        last = merged[-1] if merged else None
        if last and abs((last.top + last.bottom) - (line.top + line.bottom)) < 0.8 * min(last.em, line.em):
            left, right = sorted((last, line), key=lambda part: part.left)
            gap = " " if right.left - left.right > 0.9 * last.em else ""
            box = min(last.top, line.top), max(last.bottom, line.bottom)
            merged[-1] = PrintedLine(
                left.text + gap + right.text, left.left, max(left.right, right.right), *box, last.em
            )
        else:
            merged.append(line)
    return merged


def _dpi(image: Image.Image) -> float:
    """The resolution that makes the image an A4 page: what files state about it is often wrong."""
    return min(image.width, image.height) / 8.27


@lru_cache(maxsize=1)
def _engine() -> Any:
    if not available():
        raise KbError(HINT)
    from rapidocr import RapidOCR

    # the default models only: any other would be downloaded
    return RapidOCR(params={"Global.log_level": "critical"})

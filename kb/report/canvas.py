"""Drawing with Chinese text at print resolution: boxes, hatching, text with an anchor, text written downwards."""

from __future__ import annotations

from PIL import Image, ImageDraw

from kb.report.fonts import sized

WIDTH = 1842  # 156 mm, the width of the text on the page, at 300 dpi: sizes in points come out true
DPI = 300
INK = "#222222"
FAINT = "#8a8a8a"
RULE = "#c8c8c8"
HATCH = "#dcdcdc"
# Characters that turn when Chinese is written downwards.
TURNED = dict(zip("（）《》—…", "︵︶︽︾︱︙", strict=True))


def points(size: float) -> int:
    """A font size in points as pixels."""
    return round(size * DPI / 72)


class Canvas:
    """A white picture to draw on. Needs a Chinese font on the system."""

    def __init__(self, height: int, width: int = WIDTH) -> None:
        """Start a white picture."""
        self.image = Image.new("RGB", (width, height), "white")
        self._draw = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, width: float, height: float, fill: str | None, edge: str | None = None,
            line: int = 2) -> None:  # fmt: skip
        """A filled rectangle, with an edge if asked for."""
        self._draw.rectangle((x, y, x + width - 1, y + height - 1), fill, edge, line)

    def hatch(self, x: float, y: float, width: float, height: float, colour: str = HATCH, gap: int = 17) -> None:
        """Diagonal lines within a rectangle."""
        for offset in range(gap, int(width + height), gap):
            start = (x + max(0.0, offset - height), y + min(float(offset), height))
            end = (x + min(float(offset), width), y + max(0.0, offset - width))
            self._draw.line((start, end), colour, 2)

    def rule(self, x: float, y: float, to_x: float, to_y: float, colour: str = RULE, line: int = 2) -> None:
        """A straight line."""
        self._draw.line((x, y, to_x, to_y), colour, line)

    def text(self, x: float, y: float, text: str, size: float = 7.5, colour: str = INK, anchor: str = "lm",
             strong: bool = False) -> None:  # fmt: skip
        """One line of text at ``size`` points; ``anchor`` as in Pillow (lm: left, middle)."""
        self._draw.text(
            (x, y), text, colour, sized(points(size)), anchor, stroke_width=1 if strong else 0, stroke_fill=colour
        )

    def down(
        self, x: float, bottom: float, text: str, size: float = 7.5, colour: str = INK, strong: bool = False
    ) -> None:
        """Text written downwards, centred on ``x``, ending at ``bottom``."""
        step = points(size) * 1.08
        for position, character in enumerate(text):
            y = bottom - (len(text) - position - 0.5) * step
            self.text(x, y, TURNED.get(character, character), size, colour, "mm", strong)

    def fitted(self, x: float, y: float, text: str, width: float, size: float = 7.5) -> None:
        """A line of text, made smaller where it would be wider than ``width``."""
        wide = self.measure(text, size)
        self.text(x, y, text, size if wide <= width else size * width / wide)

    def measure(self, text: str, size: float = 7.5) -> float:
        """Width of a line of text."""
        return sized(points(size)).getlength(text)

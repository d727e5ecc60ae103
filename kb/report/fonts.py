"""A Chinese font for pictures, found among those the system has: nothing is fetched and none is shipped."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

# File names of fonts with the simplified glyphs of GB 18030, best for a picture first; compared without - _ and spaces.
KNOWN = (
    "notosanscjk", "notosanssc", "notosanshans", "sourcehansans", "msyh", "pingfang", "hiraginosansgb", "stheiti",
    "simhei", "deng", "harmonyossanssc", "wqy", "droidsansfallback", "notoserifcjk", "sourcehanserif", "simsun",
    "fandol", "uming", "ukai",
)  # fmt: skip
HEAVY = re.compile("bold|black|heavy|light|thin|medium|demi|mono", re.IGNORECASE)
SIMPLIFIED = re.compile(r"\b(?:SC|GB|CN|Hans)\b")
SUFFIXES = (".ttf", ".ttc", ".otf", ".otc")
FACES = 12
PROBE = "重庆"
UNASSIGNED = "\U000effff\U000efffe"


@lru_cache(maxsize=1)
def chinese_font() -> tuple[str, int] | None:
    """File and face of a font that can write Chinese; None when the system has none."""
    files = [f for folder in _folders() for f in _files(folder) if _rank(f) < len(KNOWN)]
    for file in sorted(files, key=lambda f: (bool(HEAVY.search(f.stem)), _rank(f), str(f))):
        face = _face(file)
        if face is not None:
            return str(file), face
    return None


@lru_cache(maxsize=64)
def sized(size: int) -> ImageFont.FreeTypeFont:
    """The Chinese font at ``size`` pixels. Only for callers who know that there is one."""
    found = chinese_font()
    if found is None:
        raise LookupError("no Chinese font on this system")
    return ImageFont.truetype(found[0], size, index=found[1])


def _folders() -> Iterator[Path]:
    home = Path.home()
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
        yield Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft" / "Windows" / "Fonts"
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts")
    else:
        shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        own = os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"
        yield from (Path(folder) / "fonts" for folder in (own, *shared.split(":")))
        yield home / ".fonts"


def _files(folder: Path) -> Iterator[Path]:
    for at, _, names in os.walk(folder):
        yield from (Path(at) / name for name in names if name.lower().endswith(SUFFIXES))


def _rank(file: Path) -> int:
    """Place of ``file`` among the known fonts; their number when it is none of them."""
    name = re.sub("[-_ ]", "", file.name.lower())
    return next((rank for rank, known in enumerate(KNOWN) if known in name), len(KNOWN))


def _face(file: Path) -> int | None:
    """The face of ``file`` with simplified glyphs; else the first that can write Chinese."""
    usable: list[int] = []
    for index in range(FACES):
        try:
            font = ImageFont.truetype(str(file), 24, index=index)
        except OSError:
            break
        if not _writes_chinese(font):
            continue
        if SIMPLIFIED.search(font.getname()[0] or ""):
            return index
        usable.append(index)
    return usable[0] if usable else None


def _writes_chinese(font: ImageFont.FreeTypeFont) -> bool:
    return bytes(font.getmask(PROBE)) != bytes(font.getmask(UNASSIGNED))

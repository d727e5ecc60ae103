"""The numbers Word draws before paragraphs (ECMA-376 part 1, 17.9) and the styles that bring them.

Goes in: ``styles.xml`` and ``numbering.xml``. Comes out: for each numbered paragraph, in order, its label as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from kb.numerals import chinese

_CHINESE = re.compile("chinese|ideographTraditional|japanese|taiwanese|koreanCounting")
_NO_GAP = "、.．)）。:："
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_MAX_LEVELS = 9


def local(element: etree._Element) -> str:
    """The element's name without namespace; comments and instructions have none."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def value(parent: etree._Element, name: str) -> str | None:
    """The ``val`` of the child called ``name``, if there is one."""
    child = next((e for e in parent if local(e) == name), None)
    return attribute(child, "val") if child is not None else None


def attribute(element: etree._Element, name: str) -> str | None:
    """The attribute called ``name`` in whatever namespace."""
    return next((str(v) for key, v in element.attrib.items() if str(key).rsplit("}", 1)[-1] == name), None)


@dataclass(frozen=True)
class Style:
    """What matters of a paragraph's look; ``numbered`` is (list id, level)."""

    heading: bool = False
    centred: bool = False
    bold: bool = False
    numbered: tuple[str, int] | None = None

    def over(self, properties: etree._Element) -> Style:
        """This style with a paragraph's own ``pPr`` laid over it."""
        alignment, outline = value(properties, "jc"), value(properties, "outlineLvl")
        style = replace(
            self,
            centred=alignment == "center" if alignment else self.centred,
            heading=outline.isdigit() and int(outline) < _MAX_LEVELS if outline else self.heading,
        )
        numbering = next((e for e in properties if local(e) == "numPr"), None)
        if numbering is None:
            return style
        listed, level = value(numbering, "numId"), value(numbering, "ilvl")
        inherited = self.numbered or ("", 0)
        list_id = listed if listed is not None else inherited[0]
        depth = int(level) if level and level.isdigit() else inherited[1] if listed is None else 0
        return replace(style, numbered=(list_id, min(depth, _MAX_LEVELS - 1)) if list_id not in ("", "0") else None)


def styles_of(root: etree._Element) -> dict[str, Style]:
    """Paragraph styles by id, each with what it inherits; the default style is also under the empty id."""
    raw = {
        attribute(e, "styleId") or "": e for e in root if local(e) == "style" and attribute(e, "type") == "paragraph"
    }
    done: dict[str, Style] = {}
    for name in raw:
        _resolve(name, raw, done, 0)
    default = next((name for name, e in raw.items() if attribute(e, "default") in ("1", "true")), None)
    return {**done, "": done[default]} if default else done


def _resolve(name: str, raw: Mapping[str, etree._Element], done: dict[str, Style], depth: int) -> Style:
    if name in done or name not in raw or depth > 20:
        return done.get(name, Style())
    element = raw[name]
    style = _resolve(value(element, "basedOn") or "", raw, done, depth + 1)
    for child in element:
        if local(child) == "pPr":
            style = style.over(child)
        elif local(child) == "rPr":
            bold = next((e for e in child if local(e) == "b"), None)
            style = style if bold is None else replace(style, bold=attribute(bold, "val") not in ("0", "false"))
    title = (value(element, "name") or "").lower()
    if title in ("title", "标题") or title.startswith("heading "):
        style = replace(style, heading=True)
    done[name] = style
    return style


@dataclass(frozen=True)
class Level:
    """One level of a list: where it starts, how it counts, ``%1``-style text, what Word leaves after it, and how deep a
    level may be whose use restarts it (0: none does, as 条 that run on through all 章)."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    gap: str = "tab"
    restart: int = _MAX_LEVELS


@dataclass
class Numbering:
    """Labels for numbered paragraphs; it counts, so ask once per paragraph and in document order.

    ``levels`` by list id; lists of one ``family`` share their counts.
    """

    levels: Mapping[str, Mapping[int, Level]] = field(default_factory=dict)
    family: Mapping[str, str] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)

    def next_label(self, list_id: str, level: int) -> str:
        """The label of the next paragraph at ``level`` of a list, with the gap Word leaves; bullets have none."""
        levels = self.levels.get(list_id, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(self.family.get(list_id, list_id), [None] * _MAX_LEVELS)
        before = counts[level]
        counts[level] = levels[level].start if before is None else before + 1
        for deeper in range(level + 1, _MAX_LEVELS):
            if level < levels.get(deeper, Level()).restart:
                counts[deeper] = None
        shape = levels[level]
        if shape.format in ("bullet", "none"):
            return ""
        label = shape.text
        for depth in range(level + 1):
            at = levels.get(depth, Level())
            count = counts[depth]
            label = label.replace(f"%{depth + 1}", _number(at.start if count is None else count, at.format))
        return label if not label or shape.gap == "nothing" or label[-1] in _NO_GAP else label + "　"


def numbering_of(root: etree._Element) -> Numbering:
    """The lists of ``numbering.xml``."""
    all_levels: dict[str, dict[int, Level]] = {}
    family: dict[str, str] = {}
    abstract = {attribute(e, "abstractNumId") or "": e for e in root if local(e) == "abstractNum"}
    for num in (e for e in root if local(e) == "num"):
        list_id, kin = attribute(num, "numId") or "", value(num, "abstractNumId") or ""
        levels = _levels(abstract[kin]) if kin in abstract else {}
        overrides = [e for e in num if local(e) == "lvlOverride"]
        for override in overrides:
            _apply(override, levels)
        all_levels[list_id] = levels
        family[list_id] = f"{kin}/{list_id}" if overrides else kin
    return Numbering(all_levels, family)


def _levels(abstract: etree._Element) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for e in abstract:
        if local(e) == "lvl":
            levels[_whole(attribute(e, "ilvl"), 0)] = _level(e)
    return levels


def _level(e: etree._Element) -> Level:
    shape = value(e, "numFmt")
    if shape is None:  # a custom format sits in an AlternateContent; its plain fallback is good enough
        shape = next((attribute(x, "val") for x in e.iter() if local(x) == "numFmt"), None)
    return Level(
        _whole(value(e, "start"), 1),
        shape or "decimal",
        value(e, "lvlText") or "",
        value(e, "suff") or "tab",
        _whole(value(e, "lvlRestart"), _MAX_LEVELS),
    )


def _apply(override: etree._Element, levels: dict[int, Level]) -> None:
    depth = _whole(attribute(override, "ilvl"), 0)
    new = next((e for e in override if local(e) == "lvl"), None)
    if new is not None:
        levels[depth] = _level(new)
    start = value(override, "startOverride")
    if start is not None and depth in levels:
        levels[depth] = replace(levels[depth], start=_whole(start, 1))


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 6 else otherwise


def _number(count: int, shape: str) -> str:
    if _CHINESE.match(shape):
        return chinese(count) if count <= 9999 else str(count)
    if shape in ("upperLetter", "lowerLetter") and count > 0:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if shape == "upperLetter" else letter
    if shape in ("upperRoman", "lowerRoman"):
        return _roman(count).upper() if shape == "upperRoman" else _roman(count)
    if shape.startswith("decimalEnclosedCircle") and 1 <= count <= 20:
        return chr(0x2460 + count - 1)
    if shape == "decimalEnclosedParen" and 1 <= count <= 20:
        return chr(0x2474 + count - 1)
    return f"{count:02d}" if shape == "decimalZero" else str(count)


def _roman(count: int) -> str:
    words = ""
    for size, sign in _ROMAN:
        while count >= size and len(words) < 40:
            words, count = words + sign, count - size
    return words

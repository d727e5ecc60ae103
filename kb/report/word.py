"""Pieces of WordprocessingML that python-docx has no verbs for: fonts of two scripts, fields, bookmarks, links, rows.

Follows ECMA-376 part 1. A style names its Chinese font in ``w:eastAsia`` and its Latin one in ``w:ascii``; the theme
fonts of the template are taken out, for they would win.
"""

from __future__ import annotations

from typing import Any

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

SONG, HEI, FANG_SONG = "宋体", "黑体", "仿宋"
LATIN = "Times New Roman"
EMU_PER_TWIP = 635
LINK_COLOUR = RGBColor(0x1C, 0x5F, 0x9E)
# The schema fixes the order of these; Word may refuse a file that breaks it.
_AFTER_UPDATE_FIELDS = (
    "w:footnotePr",
    "w:endnotePr",
    "w:compat",
    "w:docVars",
    "w:rsids",
    "m:mathPr",
    "w:themeFontLang",
)
_TABLE_ORDER = ("tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook")
_THEMES = ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme")


def element(tag: str, **attributes: str) -> Any:
    """An element ``w:tag`` with attributes in the same namespace."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def set_fonts(properties: Any, chinese: str, latin: str = LATIN) -> None:
    """Put both fonts into run properties (of a style, a run or the defaults)."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = element("rFonts")
        properties.insert(0, fonts)
    for theme in _THEMES:
        fonts.attrib.pop(qn(theme), None)
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), latin)
    fonts.set(qn("w:eastAsia"), chinese)


def set_style(style: Any, chinese: str, size: float, bold: bool = False, colour: RGBColor | None = None) -> None:
    """Fonts, size in points, weight and colour of a style; black unless said otherwise."""
    set_fonts(style.element.get_or_add_rPr(), chinese)
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = colour or RGBColor(0, 0, 0)


def remove_border(style: Any) -> None:
    """Take away the line the template draws under a style's paragraphs."""
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def indent_first_line(style: Any, characters: int = 2) -> None:
    """Indent the first line by so many characters, as Chinese running text is."""
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(characters * 100))
    indent.set(qn("w:firstLine"), str(round(characters * 20 * style.font.size.pt)))


def begin_field(paragraph: Paragraph, instruction: str) -> None:
    """Open a field such as TOC; what follows, up to :func:`end_field`, is its result until it is updated."""
    code = element("instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    for part in (element("fldChar", fldCharType="begin"), code, element("fldChar", fldCharType="separate")):
        paragraph.add_run()._r.append(part)


def end_field(paragraph: Paragraph) -> None:
    """Close the field that was opened last."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="end"))


def field(paragraph: Paragraph, instruction: str, result: str = "") -> None:
    """A field such as PAGE, with the result shown until it is updated."""
    begin_field(paragraph, instruction)
    paragraph.add_run(result)
    end_field(paragraph)


def bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Name the whole paragraph so that links and page references find it."""
    start, end = element("bookmarkStart", id=str(number), name=name), element("bookmarkEnd", id=str(number))
    first = next((i for i, child in enumerate(paragraph._p) if child.tag != qn("w:pPr")), len(paragraph._p))
    paragraph._p.insert(first, start)
    paragraph._p.append(end)


def link_inside(paragraph: Paragraph, name: str, text: str) -> Run:
    """Words that lead to a bookmark."""
    return _linked(paragraph, element("hyperlink", anchor=name, history="1"), text)


def link_outside(paragraph: Paragraph, address: str, text: str) -> Run:
    """Words that lead to a web address."""
    holder = element("hyperlink", history="1")
    holder.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = _linked(paragraph, holder, text)
    run.font.color.rgb = LINK_COLOUR
    return run


def _linked(paragraph: Paragraph, holder: Any, text: str) -> Run:
    run = paragraph.add_run(text)
    holder.append(run._r)
    paragraph._p.append(holder)
    return run


def update_fields_on_opening(document: WordDocument) -> None:
    """Ask the word processor to bring the table of contents and page numbers up to date when it opens the file."""
    asked = element("updateFields", val="true")
    settings = document.settings.element
    later = next((child for child in settings if child.tag in map(qn, _AFTER_UPDATE_FIELDS)), None)
    settings.append(asked) if later is None else later.addprevious(asked)


def set_default_language(document: WordDocument) -> None:
    """Simplified Chinese, so that lines break and spelling is checked as they should."""
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    set_fonts(defaults, SONG)
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = element("lang")
        defaults.append(language)
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")


def shade(cell: Any, colour: str) -> None:
    """Fill a table cell with a colour such as ``E8EEF4``."""
    cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=colour))


def repeat_on_each_page(row: Any) -> None:
    """Make a row the head of its table on every page."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))


def keep_whole(row: Any) -> None:
    """Do not break a row between pages."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))


def lay_out(table: Any, widths: list[int]) -> None:
    """Centred, with fixed column widths in twentieths of a point, thin lines and narrow cell margins."""
    properties = table._tbl.tblPr
    made = {
        "tblW": element("tblW", w=str(sum(widths)), type="dxa"), "jc": element("jc", val="center"),
        "tblBorders": _borders(), "tblLayout": element("tblLayout", type="fixed"), "tblCellMar": element("tblCellMar"),
    }  # fmt: skip
    for side, width in (("top", 30), ("left", 70), ("bottom", 30), ("right", 70)):
        made["tblCellMar"].append(element(side, w=str(width), type="dxa"))
    for name in _TABLE_ORDER:
        old = properties.find(qn(f"w:{name}"))
        if old is not None:
            properties.remove(old)
        chosen = made.get(name, old)
        if chosen is not None:
            properties.append(chosen)
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width))
    for row in table._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = width * EMU_PER_TWIP


def _borders() -> Any:
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        heavy = side in ("top", "bottom")
        colour, size = ("404040", "8") if heavy else ("BFBFBF", "4")
        borders.append(element(side, val="single", sz=size, space="0", color=colour))
    return borders

"""The report as a Word document, A4, with Chinese styles, made to open alike in Word, WPS and LibreOffice."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from kb.compare.result import Comparison
from kb.report import parts, word
from kb.report.canvas import DPI, WIDTH
from kb.report.cite import with_address
from kb.report.content import compose
from kb.report.safe import printable

TEXT_WIDTH = Mm(156)
TALLEST = Mm(198)
CONTENTS_LEVELS = 2
STYLE = {"body": "正文段", "lead": "结论句", "facts": "结论要素", "item": "列项", "note": "说明", "gloss": "含义"}
HEAD_FILL, BAND_FILL = "DCE6F0", "F2F5F8"
CONTENTS_NOTE = (
    "（目录页码在打开时更新：Word 询问是否更新域时请选“是”；WPS 请在目录上点右键选“更新域”；"
    "LibreOffice 请用“工具—更新—目录和索引”。）"
)
NO_PICTURE = "（本机没有可用的中文字体，图从略，以下表代替；安装任一中文字体后重新生成即可。）"


def write_docx(comparison: Comparison, out: Path, corpus: Path, day: str) -> None:
    """Write the report of ``comparison`` to ``out``, dated the ISO day ``day``."""
    write_parts(compose(comparison, corpus, day), out, "区域未来产业政策比较报告")


def write_parts(composed: Iterable[parts.Part], out: Path, header: str) -> None:
    """Write a document of these parts to ``out``, ``header`` on every page but the first."""
    composed = list(composed)
    writer = _Writer([p for p in composed if isinstance(p, parts.Heading)], header)
    for part in composed:
        writer.write(part)
    writer.document.save(str(out))


class _Writer:
    """A Word document that grows part by part."""

    def __init__(self, headings: list[parts.Heading], header: str) -> None:
        self.document = docx.Document()
        self.headings = headings
        self._bookmarks = 0
        self._headings_written = 0
        self._captions = {"图": 0, "表": 0}
        _set_up(self.document, header)
        self._style_ids = {s.name: s.style_id for s in self.document.styles}
        self._write: dict[type, Callable[[Any], None]] = {
            parts.Cover: self._cover, parts.Contents: self._contents, parts.Heading: self._heading, parts.Paragraph: self._paragraph,
            parts.Grid: self._grid, parts.Picture: self._picture, parts.Sources: self._sources,
        }  # fmt: skip

    def write(self, part: parts.Part) -> None:
        """Append one part."""
        self._write[type(part)](part)

    def _cover(self, cover: parts.Cover) -> None:
        properties = self.document.core_properties
        properties.title, properties.author, properties.language = cover.title, "区域政策比较知识库", "zh-CN"
        self._add(cover.title, "Title")
        self._add(cover.subtitle, "Subtitle")
        table = self._table([28, 72], len(cover.facts), 0.86)
        for row, (name, value) in zip(table.rows, cover.facts, strict=True):
            word.keep_whole(row)
            for cell, text in zip(row.cells, (name, value), strict=True):
                self._fill(cell, (parts.Strong(text),) if text is name else (text,), "封面项目")
        self._add("", "Normal").add_run().add_break(WD_BREAK.PAGE)

    def _contents(self, _: parts.Contents) -> None:
        """The field, filled in with the headings and page references, so that it reads well even if never updated."""
        self._add("目　录", "目录标题")
        listed = [(n, h) for n, h in enumerate(self.headings, 1) if h.level <= CONTENTS_LEVELS]
        for position, (number, heading) in enumerate(listed):
            line = self._add("", f"toc {heading.level}")
            if position == 0:
                word.begin_field(line, f'TOC \\o "1-{CONTENTS_LEVELS}" \\h \\z \\u')
            word.link_inside(line, _heading_mark(number), printable(heading.text))
            line.add_run("\t")
            word.field(line, f"PAGEREF {_heading_mark(number)} \\h")
        word.end_field(line)
        self._add(CONTENTS_NOTE, STYLE["note"])

    def _heading(self, heading: parts.Heading) -> None:
        paragraph = self._add(printable(heading.text), f"Heading {heading.level}")
        paragraph.paragraph_format.page_break_before = heading.fresh or None
        self._headings_written += 1
        self._mark(paragraph, _heading_mark(self._headings_written))

    def _paragraph(self, part: parts.Paragraph) -> None:
        self._say(self._add("", STYLE[part.style]), part.words)

    def _grid(self, grid: parts.Grid) -> None:
        if grid.caption:
            self._caption("表", grid.caption).paragraph_format.keep_with_next = True
        table = self._table(list(grid.widths), len(grid.lines) + 1)
        head, *rows = table.rows
        word.repeat_on_each_page(head)
        for cell, text in zip(head.cells, grid.heads, strict=True):
            word.shade(cell, HEAD_FILL)
            self._fill(cell, (text,), "表头")
        for row, line in zip(rows, grid.lines, strict=True):
            self._row(row, line)
        self._add("", "表后")

    def _row(self, row: Any, line: parts.Line) -> None:
        word.keep_whole(row)
        cells = row.cells
        if line.band:
            cell = cells[0].merge(cells[-1])
            word.shade(cell, BAND_FILL)
            self._fill(cell, line.cells[0], "表内分组")
            return
        for cell, said in zip(cells, line.cells, strict=True):
            self._fill(cell, said, "表内")

    def _picture(self, part: parts.Picture) -> None:
        if part.image is None:
            self._add(NO_PICTURE, STYLE["note"])
            self._grid(parts.Grid(part.instead.heads, part.instead.lines, part.instead.widths, part.caption))
            return
        data = io.BytesIO()
        part.image.save(data, "PNG", dpi=(DPI, DPI))
        data.seek(0)
        width = min(TEXT_WIDTH * part.image.width / WIDTH, TALLEST * part.image.width / part.image.height)
        paragraph = self._add("", "图")
        shape = paragraph.add_run().add_picture(data, width=int(width))
        shape._inline.docPr.set("descr", part.caption)
        self._caption("图", part.caption)

    def _caption(self, kind: str, text: str) -> WordParagraph:
        self._captions[kind] += 1
        return self._add(f"{kind} {self._captions[kind]}　{printable(text)}", "Caption")

    def _sources(self, part: parts.Sources) -> None:
        for number, entry in enumerate(part.entries, 1):
            said, address = with_address(entry)
            paragraph = self._add(f"[{number}]\t{said}", "参考文献")
            if address:
                word.link_outside(paragraph, address, address)
                paragraph.add_run(".")
            self._mark(paragraph, f"ref{number}")

    # -- the smallest pieces --------------------------------------------------------------------------------

    def _add(self, text: str, style: str) -> WordParagraph:
        paragraph = self.document.add_paragraph(printable(text))
        paragraph._p.style = self._style_ids[style]
        return paragraph

    def _mark(self, paragraph: WordParagraph, name: str) -> None:
        self._bookmarks += 1
        word.bookmark(paragraph, name, self._bookmarks)

    def _table(self, shares: list[int], rows: int, of_page: float = 1.0) -> Any:
        table = self.document.add_table(rows, len(shares))
        room = TEXT_WIDTH / word.EMU_PER_TWIP * of_page
        word.lay_out(table, [round(room * share / sum(shares)) for share in shares])
        return table

    def _fill(self, cell: _Cell, said: parts.Words, style: str) -> None:
        paragraph = cell.paragraphs[0]
        paragraph._p.style = self._style_ids[style]
        self._say(paragraph, said, raised=False)

    def _say(self, paragraph: WordParagraph, said: parts.Words, raised: bool = True) -> None:
        """Put words into a paragraph; reference numbers are raised in running text, but not in the small print of tables."""
        for one in said:
            if isinstance(one, parts.Ref):
                run = word.link_inside(paragraph, f"ref{one.number}", f"[{one.number}]")
                run.font.superscript = raised or None
            elif isinstance(one, parts.Link):
                word.link_outside(paragraph, one.address, printable(one.text))
            elif isinstance(one, parts.Strong):
                paragraph.add_run(printable(one.text)).bold = True
            else:
                paragraph.add_run(printable(one))


def _heading_mark(number: int) -> str:
    return f"_Toc{number:08d}"


# -- page and styles ------------------------------------------------------------------------------------------


def _set_up(document: Any, header: str) -> None:
    word.set_default_language(document)
    word.update_fields_on_opening(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.top_margin, section.bottom_margin = Mm(26), Mm(24)
    section.different_first_page_header_footer = True
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, code in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES")):
        footer.add_run(text)
        word.field(footer, code, "1")
    footer.add_run(" 页")
    section.header.paragraphs[0].text = header
    section.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _styles(document)


def _styles(document: Any) -> None:
    centre, justify = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
    _style(document, "Normal", word.SONG, 12, line=1.0)
    title = _style(document, "Title", word.HEI, 26, before=150, after=14, align=centre)
    word.remove_border(title)
    _style(document, "Subtitle", word.FANG_SONG, 15, after=60, align=centre)
    _style(document, "目录标题", word.HEI, 16, before=6, after=14, align=centre)
    for level, (size, before, after) in enumerate(((16, 18, 10), (14, 14, 6), (12, 10, 3)), 1):
        _style(document, f"Heading {level}", word.HEI, size, before=before, after=after, keep=True)
    body = _style(document, STYLE["body"], word.SONG, 12, after=4, line=1.5, align=justify)
    word.indent_first_line(body)
    lead = _style(document, STYLE["lead"], word.SONG, 12, after=3, line=1.4, align=justify, keep=True)
    word.indent_first_line(lead)
    _style(document, STYLE["facts"], word.FANG_SONG, 10.5, after=4, line=1.2, keep=True)
    _style(document, STYLE["item"], word.FANG_SONG, 11, after=4, line=1.3, align=justify)
    for style in ("note", "gloss"):  # what explains a heading stays with what stands below
        grey = RGBColor(0x50, 0x50, 0x50)
        _style(document, STYLE[style], word.FANG_SONG, 10.5, after=6, line=1.25, colour=grey, keep=style == "gloss")
    _style(document, "Caption", word.HEI, 10.5, before=4, after=6, align=centre)
    _style(document, "图", word.SONG, 10.5, before=6, align=centre, keep=True)
    _style(document, "表头", word.HEI, 9, align=centre, keep=True)
    _style(document, "表内分组", word.HEI, 9, keep=True)
    _style(document, "表内", word.SONG, 9, line=1.1)
    _style(document, "表后", word.SONG, 6)
    _style(document, "封面项目", word.FANG_SONG, 12, before=3, after=3, line=1.2)
    _style(document, "Header", word.SONG, 9, colour=RGBColor(0x70, 0x70, 0x70))
    _style(document, "Footer", word.SONG, 9)
    sources = _style(document, "参考文献", word.SONG, 10.5, after=3, line=1.2)
    sources.paragraph_format.left_indent, sources.paragraph_format.first_line_indent = Mm(10), -Mm(10)
    sources.paragraph_format.tab_stops.add_tab_stop(Mm(10))
    for level in range(1, CONTENTS_LEVELS + 1):
        toc = _style(
            document,
            f"toc {level}",
            word.HEI if level == 1 else word.SONG,
            12 if level == 1 else 11,
            after=2,
            line=1.3,
        )
        toc.paragraph_format.left_indent = Mm(7 * (level - 1))
        toc.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _style(
    document: Any, name: str, font: str, size: float, *, before: float = 0, after: float = 0, line: float = 1.0,
    align: WD_ALIGN_PARAGRAPH | None = None, keep: bool = False, colour: RGBColor | None = None,
) -> Any:  # fmt: skip
    """The style called ``name``, made if need be; ``keep`` holds a paragraph with the next one."""
    styles = document.styles
    known = {s.name for s in styles}
    style = styles[name] if name in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    word.set_style(style, font, size, colour=colour)
    shape = style.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), line
    shape.alignment, shape.keep_with_next = align, keep
    return style

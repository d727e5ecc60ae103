"""DOCX (ECMA-376) into blocks, straight from ``word/document.xml`` so that nothing a reader sees is lost.

Automatic numbers are written out as text (:mod:`kb.read.docx_numbering`), text boxes (red heads often sit in them)
come before their paragraph, merged cells say their text once. Deleted and hidden text is left out. Names are
matched without namespace: transitional and strict files look the same then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from kb.errors import KbError
from kb.fold import fold
from kb.markers import BOX
from kb.model import Block, BlockKind, Reading
from kb.read.blocks import bold_lead
from kb.read.docx_numbering import Numbering, Style, attribute, local, numbering_of, styles_of, value
from kb.read.sniff import open_zip, read_entry
from kb.read.tables import table_block

_CONTAINERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "smartTag", "moveTo", "hyperlink", "fldSimple"})
_FORMULAS = frozenset({"oMath", "oMathPara"})
_SIGNS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_NOTES = {"footnote": "word/footnotes.xml", "endnote": "word/endnotes.xml"}
_NOTE_SIGNS = {"footnoteReference": ("footnote", "注"), "endnoteReference": ("endnote", "尾注")}
_MOST_PARAGRAPHS = 100_000


def read_docx(data: bytes) -> Reading:
    """The blocks of a DOCX file.

    Raises:
        KbError: damaged, encrypted or oversize.
    """
    archive = open_zip(data)
    names = set(archive.namelist())
    main = "word/document.xml" if "word/document.xml" in names else "word/document2.xml"
    styles = styles_of(parse_xml(read_entry(archive, "word/styles.xml"))) if "word/styles.xml" in names else {}
    listed = "word/numbering.xml" in names
    numbers = numbering_of(parse_xml(read_entry(archive, "word/numbering.xml"))) if listed else Numbering()
    content = read_entry(archive, main)
    if content.count(b"<w:p>") + content.count(b"<w:p ") > _MOST_PARAGRAPHS:
        raise KbError("Word 文件的段落异常多，远超一份政策文件的篇幅。请拆分后再添加。")
    body = next((e for e in parse_xml(content) if local(e) == "body"), None)
    if body is None:
        raise KbError("Word 文件缺少正文，可能已损坏。请重新下载，或用 Word 打开后另存再试。")
    notes = {
        (kind, attribute(note, "id") or ""): note
        for kind, name in _NOTES.items()
        if name in names
        for note in parse_xml(read_entry(archive, name))
        if local(note) == kind
    }
    reader = _Docx(styles, numbers, notes)
    blocks = [block for child in body for block in (*reader.blocks([child]), *reader.notes_referred_to())]
    return Reading("docx", (*blocks, *reader.other_notes()))


def parse_xml(content: bytes) -> etree._Element:
    """The root element; entities, network access and nesting beyond 256 levels are refused.

    Raises:
        KbError: not well-formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise KbError("文件内部的 XML 已损坏，无法读取。请重新下载，或打开后另存再试。") from error


@dataclass(frozen=True)
class _Docx:
    """``notes`` are the foot- and endnotes by kind and id, ``referred`` the signs of those referred to so far, ``waiting``
    those of them that are still to be set."""

    styles: dict[str, Style]
    numbers: Numbering
    notes: dict[tuple[str, str], etree._Element]
    referred: dict[tuple[str, str], str] = field(default_factory=dict)
    waiting: list[tuple[str, str]] = field(default_factory=list)

    def blocks(self, parent: Iterable[etree._Element]) -> Iterator[Block]:
        """The blocks of a body, cell or text box in document order."""
        for child in parent:
            name = local(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield from self._table(child)
            elif name == "AlternateContent":
                yield from self.blocks(_chosen(child))
            elif name in _FORMULAS and (text := _formula(child)):
                yield Block("paragraph", text)
            elif name in _CONTAINERS:
                yield from self.blocks(child)

    def notes_referred_to(self) -> Iterator[Block]:
        """The notes the last paragraph or table refers to, set below it with the number Word draws: at the end of the file
        they would read as part of the last article."""
        for key in self.waiting:
            for at, block in enumerate(self.blocks(self.notes[key])):
                text = block.text.lstrip()
                yield replace(block, text=text if at else f"{self.referred[key]}：{text}", lead=0)
        self.waiting.clear()

    def other_notes(self) -> Iterator[Block]:
        """The texts of notes nothing refers to; the rules Word draws above notes hold none."""
        for key, note in self.notes.items():
            if key not in self.referred:
                yield from self.blocks(note)

    def _refer(self, p: etree._Element) -> None:
        for e in p.iter():
            kind, sign = _NOTE_SIGNS.get(local(e), ("", ""))
            key = (kind, attribute(e, "id") or "")
            if key not in self.notes or key in self.referred:
                continue
            if any(local(above) in ("del", "moveFrom") for above in e.iterancestors()):
                self.referred[key] = ""  # deleted with its reference
                continue
            number = 1 + sum(one[0] == kind and said != "" for one, said in self.referred.items())
            self.referred[key] = f"{sign}{number}"
            self.waiting.append(key)

    def _paragraph(self, p: etree._Element) -> Iterator[Block]:
        for box in _text_boxes(p):
            yield from self.blocks(box)
        look = self._look(p)
        pieces = [piece for piece in _runs(p) if piece[0]]
        text = "".join(piece for piece, _ in pieces).strip("\n")
        number = self.numbers.next_label(*look.numbered) if look.numbered and text.strip() else ""
        self._refer(p)
        if not text.strip():
            return
        bold = all(bold or (bold is None and look.bold) for piece, bold in pieces if piece.strip())
        kind: BlockKind = "heading" if look.heading else "paragraph"
        weights = [(piece, look.bold if is_bold is None else is_bold) for piece, is_bold in pieces]
        for i, line in enumerate(text.split("\n")):
            if line.strip():
                line = number + line if i == 0 else line
                yield Block(kind, line, bold, look.centred, lead=0 if bold or i else bold_lead(weights, line))

    def _look(self, p: etree._Element) -> Style:
        """The paragraph's own properties over those of its style."""
        properties = next((e for e in p if local(e) == "pPr"), None)
        name = value(properties, "pStyle") if properties is not None else None
        base = self.styles.get(name or "", self.styles.get("", Style()))
        return base.over(properties) if properties is not None else base

    def _table(self, tbl: etree._Element) -> Iterator[Block]:
        cells = [
            row for row in (list(_cells(tr)) for tr in tbl.iter() if local(tr) == "tr" and _owner(tr) is tbl) if row
        ]
        if not cells:
            return
        content = [[list(self.blocks(cell)) if shown else [] for cell, shown in row] for row in cells]
        first = next((block.text for row in content for cell in row for block in cell), "")
        if max(len(row) for row in content) == 1 or len(content) == 1:
            inner = [block for row in content for cell in row for block in cell]
            boxed = max(len(row) for row in content) == 1 and BOX.match(fold(first))
            yield from [Block("box", "\n".join(b.text for b in inner))] if boxed else inner
            return
        rows = [[" ".join(block.text for block in cell) for cell in row] for row in content]
        shown_rows = [row for row in rows if any(cell.strip() for cell in row)]
        if shown_rows:
            yield table_block(shown_rows)


def _owner(row: etree._Element) -> etree._Element | None:
    parent = row.getparent()
    while parent is not None and local(parent) != "tbl":
        parent = parent.getparent()
    return parent


def _cells(row: etree._Element) -> Iterator[tuple[etree._Element, bool]]:
    """The cells of a row by column: a cell over several columns or rows is shown at its first place only."""
    for cell in row.iter():
        if local(cell) != "tc" or next((a for a in cell.iterancestors() if local(a) == "tr"), None) is not row:
            continue
        properties = next((e for e in cell if local(e) == "tcPr"), None)
        merge = next((e for e in properties if local(e) == "vMerge"), None) if properties is not None else None
        goes_on = merge is not None and merge.get(_attribute(merge, "val"), "continue") == "continue"
        yield cell, not goes_on
        span = value(properties, "gridSpan") if properties is not None else None
        for _ in range(min(int(span), 64) - 1 if span and span.isdigit() else 0):
            yield cell, False


def _attribute(element: etree._Element, name: str) -> str:
    return next((str(key) for key in element.attrib if str(key).rsplit("}", 1)[-1] == name), name)


def _chosen(alternate: etree._Element) -> etree._Element:
    """The Choice of an AlternateContent: its Fallback says the same once more for older programs."""
    return next((e for e in alternate if local(e) == "Choice"), alternate)


def _text_boxes(p: etree._Element) -> Iterator[etree._Element]:
    """The outermost text boxes anchored in a paragraph, each once."""
    for child in p:
        name = local(child)
        if name == "txbxContent":
            yield child
        elif name == "AlternateContent":
            yield from _text_boxes(_chosen(child))
        elif name not in ("Fallback", "del"):
            yield from _text_boxes(child)


def _runs(parent: etree._Element) -> Iterator[tuple[str, bool | None]]:
    """The pieces of text of a paragraph with whether they are bold (None: as the style says)."""
    for child in parent:
        name = local(child)
        if name == "r":
            yield from _run(child)
        elif name == "AlternateContent":
            yield from _runs(_chosen(child))
        elif name in _FORMULAS:
            yield _formula(child), None
        elif name in _CONTAINERS or name == "dir" or name == "bdo":
            yield from _runs(child)


def _formula(formula: etree._Element) -> str:
    """The characters of a formula on one line, a fraction as 甲/乙."""
    parts = (("/" if local(e) == "den" else "") + (e.text or "" if local(e) == "t" else "") for e in formula.iter())
    return "".join(parts)


def _run(run: etree._Element) -> Iterator[tuple[str, bool | None]]:
    properties = next((e for e in run if local(e) == "rPr"), None)
    bold: bool | None = None
    for item in properties if properties is not None else ():
        on = item.get(_attribute(item, "val"), "true") not in ("0", "false", "off", "none")
        if local(item) == "vanish" and on:
            return
        if local(item) == "b":
            bold = on
    for child in run:
        name = local(child)
        if name == "t":
            yield re.sub(r"[\r\n]+", "", child.text or ""), bold
        elif name == "br":
            yield ("\n" if child.get(_attribute(child, "type"), "textWrapping") == "textWrapping" else ""), bold
        elif name == "ruby":
            yield from _runs(next((e for e in child if local(e) == "rubyBase"), child))
        elif name in _SIGNS:
            yield _SIGNS[name], bold

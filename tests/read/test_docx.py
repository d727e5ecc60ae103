"""DOCX files keep what a reader sees: automatic numbers, text boxes, tables, and nothing that is hidden."""

from __future__ import annotations

import io

import docx as python_docx
import pytest

from kb.model import Block
from kb.read import read
from tests.read import make


def texts(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks]


def test_paragraphs_come_in_order_as_word_itself_writes_them() -> None:
    document = python_docx.Document()
    for line in ("某市未来产业行动计划", "一、总体要求", "坚持创新引领。"):
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    assert texts(stream.getvalue()) == ["某市未来产业行动计划", "一、总体要求", "坚持创新引领。"]


@pytest.mark.parametrize(
    ("shape", "text", "expected"),
    [
        ("chineseCounting", "%1、", ["一、甲", "二、乙"]),
        ("chineseCountingThousand", "第%1条", ["第一条甲", "第二条乙"]),
        ("japaneseCounting", "（%1）", ["（一）甲", "（二）乙"]),
        ("decimal", "%1.", ["1.甲", "2.乙"]),
        ("decimalEnclosedCircleChinese", "%1", ["①甲", "②乙"]),
        ("upperRoman", "%1.", ["I.甲", "II.乙"]),
        ("lowerLetter", "%1)", ["a)甲", "b)乙"]),
        ("bullet", "\uf0b7", ["甲", "乙"]),
    ],
)
def test_numbers_word_draws_become_text(shape: str, text: str, expected: list[str]) -> None:
    body = make.numbered("甲") + make.numbered("乙")
    assert texts(make.docx(body, {"word/numbering.xml": make.numbering((shape, text))})) == expected


def test_lower_levels_count_anew_under_each_higher_one() -> None:
    parts = {"word/numbering.xml": make.numbering(("chineseCounting", "%1、"), ("decimal", "%1.%2　"))}
    body = "".join(make.numbered(t, level) for t, level in [("甲", 0), ("子", 1), ("丑", 1), ("乙", 0), ("寅", 1)])
    assert [t[-1] for t in texts(make.docx(body, parts))] == ["甲", "子", "丑", "乙", "寅"]
    assert texts(make.docx(body, parts))[2:] == ["一.2　丑", "二、乙", "二.1　寅"]


def test_a_number_without_a_stop_keeps_the_gap_word_leaves() -> None:
    parts = {"word/numbering.xml": make.numbering(("chineseCounting", "第%1章"), suffix="space")}
    assert texts(make.docx(make.numbered("总则"), parts)) == ["第一章　总则"]


def test_a_style_may_bring_the_number() -> None:
    styles = (
        f'<w:styles {make.W}><w:style w:type="paragraph" w:styleId="A"><w:name w:val="章"/><w:pPr><w:numPr><w:numId w:val="1"/>'
        '</w:numPr><w:jc w:val="center"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="heading 1"/><w:basedOn w:val="A"/></w:style></w:styles>'
    )
    parts = {
        "word/numbering.xml": make.numbering(("chineseCounting", "第%1章"), suffix="space"),
        "word/styles.xml": styles,
    }
    block = read(make.docx(make.p("总则", '<w:pStyle w:val="B"/>'), parts)).blocks[0]
    assert block == Block("heading", "第一章　总则", centred=True)


def test_a_red_head_in_a_text_box_is_not_lost_and_not_doubled() -> None:
    box = f"<w:txbxContent>{make.p('某市人民政府文件')}</w:txbxContent>"
    drawing = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice><w:drawing><wps:txbx xmlns:wps="urn:wps">'
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t>某府发〔2025〕1号</w:t></w:r></w:p>"
    )
    assert texts(make.docx(drawing)) == ["某市人民政府文件", "某府发〔2025〕1号"]


def test_deleted_and_hidden_text_is_left_out_and_inserted_text_is_kept() -> None:
    body = (
        "<w:p><w:r><w:t>建设</w:t></w:r><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:hyperlink><w:r><w:t>平台</w:t></w:r></w:hyperlink></w:p>"
    )
    assert texts(make.docx(body)) == ["建设新平台"]


def test_a_line_break_ends_a_line_and_a_page_break_does_not() -> None:
    body = '<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:br w:type="page"/><w:t>丙</w:t></w:r></w:p>'
    assert texts(make.docx(body)) == ["甲", "乙丙"]


def test_merged_cells_say_their_text_once() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{make.p(text)}</w:tc>"

    rows = [
        cell("分工", '<w:gridSpan w:val="2"/>') + cell("时限"),
        cell("甲", '<w:vMerge w:val="restart"/>') + cell("市科技局") + cell("2026年"),
        cell("", "<w:vMerge/>") + cell("市财政局") + cell("2027年"),
    ]
    table = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    (block,) = read(make.docx(table)).blocks
    assert block.kind == "table"
    assert block.rows == (("分工", "", "时限"), ("甲", "市科技局", "2026年"), ("", "市财政局", "2027年"))
    assert block.text == "分工\t\t时限\n甲\t市科技局\t2026年\n\t市财政局\t2027年"


def test_a_frame_of_one_cell_is_a_box_when_it_says_so_and_else_plain_text() -> None:
    def frame(first: str) -> bytes:
        return make.docx(f"<w:tbl><w:tr><w:tc>{make.p(first)}{make.p('建设平台。')}</w:tc></w:tr></w:tbl>")

    assert [(b.kind, b.text) for b in read(frame("专栏1 重点工程")).blocks] == [("box", "专栏1 重点工程\n建设平台。")]
    assert [(b.kind, b.text) for b in read(frame("某市人民政府文件")).blocks] == [
        ("paragraph", "某市人民政府文件"),
        ("paragraph", "建设平台。"),
    ]


def test_bold_and_centred_paragraphs_are_known_as_such() -> None:
    block = read(make.docx(make.p("某市条例", '<w:jc w:val="center"/>', "<w:b/>"))).blocks[0]
    assert (block.bold, block.centred) == (True, True)


def test_content_controls_are_read_through() -> None:
    assert texts(make.docx(f"<w:sdt><w:sdtContent>{make.p('目录')}</w:sdtContent></w:sdt>")) == ["目录"]


def test_footnotes_follow_the_text() -> None:
    notes = f'<w:footnotes {make.W}><w:footnote w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>{{}}</w:footnotes>'
    note = f'<w:footnote w:id="1">{make.p("先导区，是指某区域。")}</w:footnote>'
    reading = read(make.docx(make.p("建设先导区。"), {"word/footnotes.xml": notes.format(note)}))
    assert [block.text for block in reading.blocks] == ["建设先导区。", "先导区，是指某区域。"]


def test_a_heading_in_bold_before_its_text_is_told() -> None:
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>建设平台。</w:t></w:r><w:r><w:t>支持企业。</w:t></w:r>"
    (block,) = read(make.docx(f"<w:p>{bold}</w:p>")).blocks
    assert (block.text, block.bold, block.lead) == ("建设平台。支持企业。", False, 5)


def test_formulas_and_words_with_a_reading_above_them_are_text() -> None:
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    run = "<m:r><m:t>{}</m:t></m:r>"
    fraction = f"<m:f><m:num>{run.format('投入')}</m:num><m:den>{run.format('产值')}</m:den></m:f>"
    body = (
        f"<w:p><w:r><w:t>强度按下式计算：</w:t></w:r><m:oMath {math}>{run.format('强度=')}{fraction}</m:oMath></w:p>"
        f"<m:oMathPara {math}><m:oMath>{run.format('A=B+C')}</m:oMath></m:oMathPara>"
        "<w:p><w:r><w:t>建设</w:t></w:r><w:r><w:ruby><w:rt><w:r><w:t>xīn</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>鑫</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>园。</w:t></w:r></w:p>"
    )
    assert texts(make.docx(body)) == ["强度按下式计算：强度=投入/产值", "A=B+C", "建设鑫园。"]


def test_a_footnote_stands_below_the_paragraph_that_refers_to_it_with_the_number_word_draws() -> None:
    notes = "".join(f'<w:footnote w:id="{i}">{make.p(f"释义{i}。")}</w:footnote>' for i in (2, 3, 4))
    end = f'<w:endnotes {make.W}><w:endnote w:id="2">{make.p("文末。")}</w:endnote></w:endnotes>'
    refer = '<w:p><w:r><w:t>{}</w:t></w:r><w:r><w:{}Reference w:id="{}"/></w:r></w:p>'
    cells = (
        f"<w:tbl><w:tr><w:tc>{refer.format('表一', 'footnote', 2)}</w:tc><w:tc>{make.p('表二')}</w:tc></w:tr></w:tbl>"
    )
    body = refer.format("第一条　甲。", "footnote", 3) + cells + refer.format("第二条　乙。", "endnote", 2)
    parts = {"word/footnotes.xml": f"<w:footnotes {make.W}>{notes}</w:footnotes>", "word/endnotes.xml": end}
    assert texts(make.docx(body, parts)) == [
        "第一条　甲。", "注1：释义3。", "表一", "表二", "注2：释义2。",
        "第二条　乙。", "尾注1：文末。", "释义4。",
    ]  # fmt: skip


def test_articles_that_word_never_restarts_run_on_through_the_chapters() -> None:
    levels = (("chineseCounting", "第%1章 "), ("chineseCounting", "第%2条 "), ("chineseCounting", "（%3）"))
    drawn = make.numbering(*levels)
    body = "".join(make.numbered("文", level) for level in (0, 1, 2, 1, 2, 0, 1, 2))
    restart = '<w:lvl w:ilvl="1"><w:start w:val="1"/>'
    running = drawn.replace(restart, restart + '<w:lvlRestart w:val="0"/>')
    signs = [text.removesuffix("文") for text in texts(make.docx(body, {"word/numbering.xml": running}))]
    assert signs == ["第一章 ", "第一条 ", "（一）", "第二条 ", "（一）", "第二章 ", "第三条 ", "（一）"]
    items = '<w:lvl w:ilvl="2"><w:start w:val="1"/>'
    by_chapter = drawn.replace(items, items + '<w:lvlRestart w:val="1"/>')
    signs = [text.removesuffix("文") for text in texts(make.docx(body, {"word/numbering.xml": by_chapter}))]
    assert signs == ["第一章 ", "第一条 ", "（一）", "第二条 ", "（二）", "第二章 ", "第一条 ", "（一）"]


def test_a_footnote_whose_reference_is_deleted_is_left_out_and_not_counted() -> None:
    refer = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = f"<w:p><w:r><w:t>甲。</w:t></w:r><w:del>{refer.format(2)}</w:del>{refer.format(3)}</w:p>"
    notes = "".join(f'<w:footnote w:id="{i}">{make.p(f"释义{i}。")}</w:footnote>' for i in (2, 3))
    parts = {"word/footnotes.xml": f"<w:footnotes {make.W}>{notes}</w:footnotes>"}
    assert texts(make.docx(body, parts)) == ["甲。", "注1：释义3。"]

"""PDF files: paragraphs over lines and pages, margins, tables, text layers that lie, scans."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kb.errors import KbError
from kb.model import Block
from kb.read import pdf, read, scan
from kb.read.lines import Page, PrintedLine
from kb.read.tables import joined_tables
from tests.read import make
from tests.realdata import SAMPLES, needs_samples

EM = 16.0
LEFT, INDENT, WIDE = 80.0, 112.0, 27
Placed = tuple[float, float, float, str]


def page(*lines: str, number: int = 1, start: float = 120.0) -> list[Placed]:
    """Body lines one under another: those that begin with a full-width space are indented by two characters."""
    placed = [
        (INDENT if line.startswith("　") else LEFT, start + 28 * i, EM, line.strip("　"))
        for i, line in enumerate(lines)
    ]
    return [*placed, (285.0, 780.0, 14.0, f"— {number} —")]


def texts(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks]


FULL, FULL_INDENTED = "建" * WIDE, "　" + "为" * (WIDE - 2)


def test_wrapped_lines_are_one_paragraph_and_an_indent_begins_the_next() -> None:
    data = make.pdf([page(FULL_INDENTED, FULL, "设平台。", "　另起一段。")])
    assert texts(data) == [FULL_INDENTED.strip() + FULL + "设平台。", "另起一段。"]


def test_a_paragraph_goes_on_over_the_page_and_page_numbers_are_dropped() -> None:
    data = make.pdf([page("　第一段。", FULL_INDENTED, FULL), page("设平台。", "　另起一段。", number=2)])
    assert texts(data) == ["第一段。", FULL_INDENTED.strip() + FULL + "设平台。", "另起一段。"]
    assert [block.page for block in read(data).blocks] == [1, 1, 2]


def test_a_number_in_the_body_is_no_page_number() -> None:
    assert texts(make.pdf([page("　甲。", "　12", "　乙。")])) == ["甲。", "12", "乙。"]


def test_a_running_head_is_dropped_and_the_body_that_says_the_same_is_kept() -> None:
    head = (90.0, 30.0, 10.0, "某市人民政府公报")
    data = make.pdf([[head, *page("　某市人民政府公报", f"　第{n}段。", number=n)] for n in (1, 2, 3, 4)])
    assert texts(data).count("某市人民政府公报") == 4


def test_a_title_over_two_centred_lines_is_one_block() -> None:
    title = [(132.0, 80.0, 22.0, "某市人民政府办公厅关于印发某市"), (220.0, 112.0, 22.0, "行动计划的通知")]
    blocks = read(make.pdf([[*title, *page(FULL_INDENTED, FULL, "设平台。", start=200.0)]])).blocks
    assert blocks[0].text == "某市人民政府办公厅关于印发某市行动计划的通知"
    assert blocks[0].centred


def test_short_headings_do_not_swallow_the_paragraph_below() -> None:
    assert texts(make.pdf([page("　一、总体要求", FULL_INDENTED, "成。", "　（一）目标")])) == [
        "一、总体要求",
        FULL_INDENTED.strip() + "成。",
        "（一）目标",
    ]


def test_a_ruled_table_is_kept_as_rows_between_its_paragraphs() -> None:
    ys, xs = (600, 560, 520), (80, 240, 400)
    rules = [f"{xs[0]} {y} m {xs[-1]} {y} l S" for y in ys] + [f"{x} {ys[0]} m {x} {ys[-1]} l S" for x in xs]
    cells: Sequence[Placed] = [
        (90, 250, 14, "项目"), (250, 250, 14, "单位"), (90, 290, 14, "中试平台"), (250, 290, 14, "市科技局"),
    ]  # fmt: skip
    around: Sequence[Placed] = [(INDENT, 120, EM, "表前一段。"), (INDENT, 400, EM, "表后一段。")]
    blocks = read(make.pdf([[*around, *cells]], rules)).blocks
    assert [block.kind for block in blocks] == ["paragraph", "table", "paragraph"]
    assert blocks[1].rows == (("项目", "单位"), ("中试平台", "市科技局"))


def test_a_text_layer_that_repeats_one_character_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make.pdf([page(FULL_INDENTED, *[FULL] * 8)], to_unicode=False)
    monkeypatch.setattr(scan, "available", lambda: False)
    with pytest.raises(KbError, match="文字层"):
        read(data)


def test_a_lying_page_among_true_ones_makes_the_reading_partial(monkeypatch: pytest.MonkeyPatch) -> None:
    varied = "".join(chr(0x4E00 + 7 * i) for i in range(WIDE))
    monkeypatch.setattr(scan, "available", lambda: False)
    reading = read(make.pdf([page(varied, "　第一段。"), page(*[FULL] * 9, number=2)]))
    assert "只读到一部分：第 2 页" in reading.warnings[0]


def images(*boxes: tuple[int, int, int, int]) -> list[str]:
    """Drawing operators for images at (left, bottom, width, height)."""
    image = "BI /W 1 /H 1 /CS /G /BPC 8 /F /AHx ID CC> EI"
    return [f"q {w} 0 0 {h} {x} {y} cm\n{image}\nQ" for x, y, w, h in boxes]


STAMP = (80.0, 20.0, 9.0, "Chongqing Gazette 2024 No. 5 www.cq.gov.cn")


@pytest.mark.parametrize(
    ("boxes", "printed"),
    [
        ([(0, 210 * i, 595, 210) for i in range(4)], []),
        ([(0, 0, 595, 842)], [STAMP]),
        ([(0, 210 * i, 595, 210) for i in range(4)], [STAMP]),
    ],
)
def test_a_scanned_page_in_strips_or_with_a_stamp_is_noticed(
    boxes: list[tuple[int, int, int, int]], printed: list[Placed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "available", lambda: False)
    with pytest.raises(KbError, match="扫描件"):
        read(make.pdf([printed], images(*boxes)))
    varied = "　" + "".join(chr(0x4E00 + 7 * i) for i in range(WIDE - 2))
    reading = read(make.pdf([page(*[varied] * 4), printed], images(*boxes)))
    assert "只读到一部分：第 2 页" in reading.warnings[0]


def test_text_beside_a_picture_is_no_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "available", lambda: False)
    reading = read(
        make.pdf([page("　某市未来产业布局如图所示，各区县按职责分工负责。")], images((60, 300, 475, 450)))
    )
    assert not reading.warnings


def test_a_lying_page_is_read_by_ocr_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Page(1, 595, 842, (PrintedLine("识别的文字。", 112, 208, 100, 116, 16),))
    monkeypatch.setattr(scan, "available", lambda: True)
    monkeypatch.setattr(scan, "page_of", lambda image, number, dpi: shown)
    reading = read(make.pdf([page(*[FULL] * 9)]))
    assert [block.text for block in reading.blocks] == ["识别的文字。"]
    assert reading.media == "scan"
    assert any("核对" in warning for warning in reading.warnings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("某" * 200, True),
        ("\ufffd" * 10 + "文" * 5 + "abc" * 50, True),
        ("".join(map(chr, range(0x4E00, 0x4F00))), False),
        ("某某", False),
    ],
)
def test_what_counts_as_a_lie(text: str, expected: bool) -> None:
    assert pdf.lies(text) is expected


def test_radicals_in_the_text_layer_become_the_characters_they_show() -> None:
    assert texts(make.pdf([page("　\u2f00、总体要求")])) == ["一、总体要求"]


@needs_samples
@pytest.mark.parametrize(
    "name", ["policy_text.pdf", "policy_text_cidfont_unembedded.pdf", "policy_notdef_actualtext.pdf"]
)
def test_true_files_with_odd_fonts_are_read_right(name: str) -> None:
    said = texts((SAMPLES / name).read_bytes())
    assert "（二）强化资金支持。设立总规模200亿元的未来产业基金，实行“一事一议”。" in said
    assert "本行动计划自印发之日起施行，有效期至2027年12月31日。" in said


def two_columns(left: Sequence[str], right: Sequence[str], head: str, number: int) -> list[Placed]:
    """A page of a gazette: a line across, two columns of twelve characters, a page number under the strip."""
    across = [(80.0, 90.0, EM, head)]
    columns = [
        (start + (32.0 if line.startswith("　") else 0.0), 130 + 24 * i, EM, line.strip("　"))
        for start, column in ((80.0, left), (312.0, right))
        for i, line in enumerate(column)
    ]
    return [*across, *columns, (277.0, 790.0, 14.0, f"—{number}—")]


def test_two_columns_are_read_one_after_the_other() -> None:
    def article(name: str) -> list[str]:
        return [f"　第{name}条市人民政府建立统筹", *["设" * 12] * 3, "制度。"]

    left = [line for name in "一二三" for line in article(name)]
    right = [line for name in "四五六" for line in article(name)]
    head = "关于感知产业发展促进办法实施情况的第一次专题报告之摘要"
    blocks = texts(make.pdf([two_columns(left, right, head, 1), two_columns(left[:4], right[:4], head, 2)]))
    whole = [f"第{name}条市人民政府建立统筹{'设' * 36}制度。" for name in "一二三四五六"]
    assert blocks[:7] == [head, *whole]
    assert not any("—" in block for block in blocks)
    assert [block[:3] for block in blocks[7:]] == [head[:3], "第一条", "第四条"]


@pytest.mark.parametrize("over", [0, 1, 4])
def test_a_last_page_with_few_lines_in_its_right_column_goes_on_in_columns(over: int) -> None:
    left = ["　第一条市政府建立统筹", *["设" * 12] * 18, "制度。"]
    right = ["　第二条市政府设立基金", *["资" * 12] * 18, "以上。"]
    rest = ["　第四条自公布起施行。", "市经信委", "市科技局", "二〇二六年"][:over]
    head = "关于感知产业发展促进办法实施情况的第一次专题报告之摘要"
    last = ["　第三条市政府安排人员", *["力" * 12] * 18, "到位。"]
    blocks = texts(make.pdf([two_columns(left, right, head, 1), two_columns(last, rest, head, 2)]))
    said = "".join(blocks)
    assert f"市政府安排人员{'力' * 216}到位。{''.join(rest).strip('　')}" in said


GAZETTE = "某市人民政府公报二〇三一年第七期规范性文件专刊"


def gazette(count: int) -> list[str]:
    """Columns of articles of four lines each; no line can be told from one of a whole page by its words."""
    return [line for _ in range(count) for line in ("　区人民政府建立统一台账", *["账" * 12] * 2, "管理。")]


ONE_OF_GAZETTE = f"区人民政府建立统一台账{'账' * 24}管理。"


@pytest.mark.parametrize(
    ("left", "right"),
    [(1, 1), (2, 0), (2, 1), (5, 0), (5, 1), (5, 4)],
    ids=["few in both", "few on the left", "few on the right", "many on the left", "long and short", "nearly full"],
)
def test_columns_that_end_early_on_the_last_page_are_read_one_after_the_other(left: int, right: int) -> None:
    pages = [(6, 6), (6, 6), (left, right)]
    data = make.pdf([two_columns(gazette(a), gazette(b), GAZETTE, number) for number, (a, b) in enumerate(pages, 1)])
    assert [said for said in texts(data) if said != GAZETTE] == [ONE_OF_GAZETTE] * (24 + left + right)


def test_a_last_page_of_columns_may_begin_with_the_rest_of_a_sentence() -> None:
    first = two_columns(gazette(5), gazette(5)[:-1], GAZETTE, 1)
    _, *last = two_columns(["管理。"], ["　本条自公布日施行。"], GAZETTE, 2)
    assert texts(make.pdf([first, last])) == [GAZETTE, *[ONE_OF_GAZETTE] * 10, "本条自公布日施行。"]


def test_a_page_set_across_behind_columns_is_read_across() -> None:
    columns = two_columns(gazette(5), gazette(5), GAZETTE, 1)
    words = ("建平台", "市科技局")
    cells = [(80.0 + 240 * side, 120 + 28 * i, EM, word) for i in range(20) for side, word in enumerate(words)]
    blocks = texts(make.pdf([columns, cells, page(FULL_INDENTED, FULL, "平台。")]))
    assert "建平台 市科技局" in "".join(blocks)
    assert blocks[-1] == FULL_INDENTED.strip("　") + FULL + "平台。"


def test_a_page_of_short_cells_side_by_side_is_no_page_of_columns() -> None:
    rows = [
        (80.0 + 240 * side, 120 + 28 * i, EM, word)
        for i in range(20)
        for side, word in enumerate(("建设平台", "市科技局"))
    ]
    assert "建设平台 市科技局" in "".join(texts(make.pdf([rows])))


def test_a_wide_title_on_a_page_with_few_lines_is_one_block() -> None:
    title = [
        (190.0, 120.0, 22.0, "某市人民政府办公厅"),
        (80.0, 154.0, 22.0, "关于印发《某市先进感知产业培育行动计划"),
        (170.0, 188.0, 22.0, "（试行）》的通知"),
    ]
    data = make.pdf(
        [[*title, *page("各区县人民政府：", start=240.0)], page(FULL_INDENTED, FULL, FULL, "设平台。", number=2)]
    )
    assert texts(data)[0] == "某市人民政府办公厅关于印发《某市先进感知产业培育行动计划（试行）》的通知"


def test_a_table_over_two_pages_is_one_again() -> None:
    rows = [Block("table", "", page=1, rows=(("序号", "任务", "单位"), ("1", "建设平台，开展检", "市科技局")))]
    rows.append(
        Block("table", "", page=2, rows=(("序号", "任务", "单位"), ("", "验检测。", ""), ("2", "开放场景", "市教委")))
    )
    (table,) = joined_tables(rows)
    assert table.rows == (
        ("序号", "任务", "单位"), ("1", "建设平台，开展检验检测。", "市科技局"), ("2", "开放场景", "市教委")
    )  # fmt: skip
    assert table.text.splitlines()[1] == "1\t建设平台，开展检验检测。\t市科技局"


def test_tables_of_other_shape_or_with_text_between_stay_apart() -> None:
    two, three = (("甲", "乙"),), (("甲", "乙", "丙"),)
    blocks = [
        Block("table", "", page=1, rows=two),
        Block("table", "", page=2, rows=three),
        Block("paragraph", "文", page=3),
    ]
    assert joined_tables([*blocks, Block("table", "", page=3, rows=three)])[1:] == [
        *blocks[1:],
        Block("table", "", page=3, rows=three),
    ]


def test_a_hyphen_at_the_end_of_a_line_is_kept() -> None:
    data = make.pdf([page("　" + "为" * 21 + "发展5G-", "A网络，建成万兆光网。")])
    assert texts(data) == ["为" * 21 + "发展5G-A网络，建成万兆光网。"]


def test_characters_in_two_halves_are_whole() -> None:
    assert texts(make.pdf([page("　推进𠮷祥产业园建设。")])) == ["推进𠮷祥产业园建设。"]


@pytest.mark.parametrize("box", ["/Rotate 90", "", "/Rotate 90 /CropBox [30 60 555 802]"])
def test_a_page_set_sideways_is_read_upright(box: str) -> None:
    lines = ("附件", "一、建设未来产业先导区，由市发展改革委牵头。", "二、设立未来产业专项基金，由市财政局牵头。")
    drawn = [
        f"BT /F1 16 Tf 0 1 -1 0 {116 + 28 * i} 90 Tm <{line.encode('utf-16-be').hex()}> Tj ET"
        for i, line in enumerate(lines)
    ]
    assert texts(_with_box(make.pdf([[]], rules=drawn), box)) == list(lines)


@pytest.mark.parametrize("box", ["/CropBox [40 60 555 802]", "/Rotate 0 /CropBox [60 20 500 700]"])
def test_tables_are_found_on_a_page_cut_from_a_larger_sheet(box: str) -> None:
    rules = [f"90 {y} m 490 {y} l S" for y in (500, 530, 560)] + [f"{x} 500 m {x} 560 l S" for x in (90, 290, 490)]
    cells = [(100.0, 290.0, 12.0, "指标"), (300.0, 290.0, 12.0, "目标"), (100.0, 320.0, 12.0, "规模"), (300.0, 320.0, 12.0, "千亿元")]  # fmt: skip
    (table,) = read(_with_box(make.pdf([cells], rules), box)).blocks
    assert table.rows == (("指标", "目标"), ("规模", "千亿元"))


def _with_box(data: bytes, box: str) -> bytes:
    return data.replace(b"/MediaBox [0 0 595 842]", f"/MediaBox [0 0 595 842] {box}".encode())


def test_a_page_whose_characters_are_drawn_as_curves_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "available", lambda: False)
    curves = [f"{50 + i % 40 * 12} {100 + i // 40 * 20} m 60 60 l S" for i in range(400)]
    with pytest.raises(KbError, match="文字识别"):
        read(make.pdf([[]], rules=curves))

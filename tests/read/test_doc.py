"""Word 97 files (DOC, WPS): text, tables, fields, text boxes."""

from __future__ import annotations

import pytest

from kb.errors import KbError
from kb.read import read
from tests.read import make
from tests.realdata import SAMPLES, needs_samples


def texts(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks]


def test_paragraphs_end_with_a_return() -> None:
    assert texts(make.doc("某市办法\r第一条　制定本办法。\r")) == ["某市办法", "第一条　制定本办法。"]


def test_pieces_of_either_width_are_joined_in_order() -> None:
    assert texts(make.doc("面积为", compressed="120 km\r")) == ["面积为120 km"]


def test_cells_and_rows_become_a_table() -> None:
    end = make.ROW_END
    blocks = read(make.doc(f"表前\r名称\x07数量\x07{end}甲\x071\x07{end}乙\x07\x07{end}表后\r")).blocks
    assert [block.kind for block in blocks] == ["paragraph", "table", "paragraph"]
    assert blocks[1].rows == (("名称", "数量"), ("甲", "1"), ("乙", ""))


def test_a_paragraph_between_two_tables_stays_between_them() -> None:
    end = make.ROW_END
    rows = f"甲\x071\x07{end}乙\x072\x07{end}"
    assert [b.kind for b in read(make.doc(f"{rows}表间\r{rows}")).blocks] == ["table", "paragraph", "table"]


def test_a_frame_of_one_row_is_plain_text() -> None:
    assert texts(make.doc(f"某市\x07文件\x07{make.ROW_END}通知\r")) == ["某市", "文件", "通知"]


def test_numbers_word_draws_become_text() -> None:
    assert texts(make.doc("某市办法\r制定本办法。\r适用本办法。\r附则\r", numbered=(1, 2))) == [
        "某市办法", "第一条　制定本办法。", "第二条　适用本办法。", "附则",
    ]  # fmt: skip


def test_a_rare_character_outside_the_basic_plane_shifts_nothing() -> None:
    assert texts(make.doc("𠀋市办法\r制定本办法。\r", numbered=(1,))) == ["𠀋市办法", "第一条　制定本办法。"]


def test_a_field_shows_its_result_only() -> None:
    assert texts(make.doc('见\x13HYPERLINK "http://a.example"\x14附件\x15。\r')) == ["见附件。"]


def test_the_red_head_in_a_text_box_comes_first() -> None:
    assert texts(make.doc("通知\r", box="某市人民政府文件\r")) == ["某市人民政府文件", "通知"]


def test_notes_come_last() -> None:
    data = make.doc(
        "通知\r", box="某市人民政府文件\r", notes=("\x02脚注：指概念验证。\r", "\x02尾注：数据来自统计局。\r")
    )
    assert texts(data) == ["某市人民政府文件", "通知", "脚注：指概念验证。", "尾注：数据来自统计局。"]


def test_damaged_lists_cost_the_numbers_and_a_warning_but_not_the_text() -> None:
    reading = read(make.doc("总则\r", numbered=(0,), spoil=True))
    assert [block.text for block in reading.blocks] == ["总则"]
    assert "自动编号" in reading.warnings[0]


def test_a_file_with_a_password_is_refused() -> None:
    with pytest.raises(KbError, match="加密"):
        read(make.doc("总则\r", flags=0x0100))


@needs_samples
def test_a_file_written_by_an_office_program_is_read_whole() -> None:
    blocks = read((SAMPLES / "policy_word97.doc").read_bytes()).blocks
    assert blocks[0].text == "某某市人民政府办公厅"
    assert any(block.kind == "table" and "人形机器人中试平台" in block.text for block in blocks)

"""Plain text and Markdown."""

from __future__ import annotations

import pytest

from kb.read import read
from kb.read.text import read_text, text_blocks

LINE = "为前瞻布局未来产业加快形成新质生产力结合本市实际制定"


def blocks(text: str, encoding: str = "utf-8") -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read(text.encode(encoding)).blocks]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_chinese_encoding_is_read(encoding: str) -> None:
    assert blocks("某市办法\n第一条　制定本办法，面积一千㎡。\n", encoding)[1] == (
        "paragraph",
        "第一条　制定本办法，面积一千㎡。",
    )


def test_each_line_is_a_paragraph_and_blank_lines_are_none() -> None:
    assert blocks("甲。\r\n\r\n乙。\n") == [("paragraph", "甲。"), ("paragraph", "乙。")]


def test_markdown_headings_are_headings_and_comments_and_front_matter_are_gone() -> None:
    text = "---\ntitle: 甲\n---\n# 某市条例\n<!-- INFO END -->\n## 第一章 总则\n第一条 制定。\n"
    assert blocks(text) == [("heading", "某市条例"), ("heading", "第一章 总则"), ("paragraph", "第一条 制定。")]


def test_a_pipe_table_is_a_table() -> None:
    (block,) = read("|项目|单位|\n|---|:-:|\n|平台|市科技局|\n".encode()).blocks
    assert block.rows == (("项目", "单位"), ("平台", "市科技局"))


def test_a_bold_line_is_bold() -> None:
    (block,) = read("**总体要求**\n".encode()).blocks
    assert (block.text, block.bold) == ("总体要求", True)


def test_the_sign_of_a_provision_set_bold_in_markdown_is_a_sign() -> None:
    lines = [
        "**第一条** 为了促进未来产业发展，制定本条例。",
        "**（一）建设平台。**建设中试平台10个。",
        "2**3 等于 8，4**2 等于 16。",
    ]
    said = [b.text for b in text_blocks("\n".join(lines))]
    assert said == ["第一条 为了促进未来产业发展，制定本条例。", "（一）建设平台。建设中试平台10个。", lines[2]]


def test_lines_an_editor_wrapped_are_joined_and_headings_are_not() -> None:
    wrapped = "\n".join(["　　" + LINE[:-2], *[LINE] * 7, "行动计划。", "一、总体要求", "　　坚持创新引领。"])
    assert [text for _, text in blocks(wrapped)] == [
        "　　" + LINE[:-2] + LINE * 7 + "行动计划。",
        "一、总体要求",
        "　　坚持创新引领。",
    ]


def test_a_break_before_a_comma_or_after_an_open_bracket_is_none() -> None:
    assert blocks("细颗粒物浓度（PM\n2.5\n）持续下降\n，空气改善。\n二、任务") == [
        ("paragraph", "细颗粒物浓度（PM2.5）持续下降，空气改善。"),
        ("paragraph", "二、任务"),
    ]


def test_text_with_a_few_angle_brackets_is_no_page() -> None:
    assert read("浓度 <5% 或 <p 值>。\n".encode()).media == "text"


def test_a_fragment_of_a_page_is_a_page() -> None:
    assert read("<p>第一条</p><p>第二条</p><div>第三条</div><p>第四条</p><p>第五条</p>".encode()).media == "html"


def test_rows_parted_by_tabs_are_a_table() -> None:
    text = "附件1\n任务分工表\n序号\t任务\t单位\n1\t建设平台\t市科技局\n2\t开放场景\t\n说明文字。"
    blocks = text_blocks(text)
    assert [block.kind for block in blocks] == ["paragraph", "paragraph", "table", "paragraph"]
    assert blocks[2].rows == (("序号", "任务", "单位"), ("1", "建设平台", "市科技局"), ("2", "开放场景", ""))


def test_items_with_a_tab_behind_their_number_are_no_table() -> None:
    text = "第一条\t为了规范，制定本办法。\n第二条\t适用本办法。\n一、\t建设平台\n二、\t开放场景"
    assert [block.kind for block in text_blocks(text)] == ["paragraph"] * 4


def test_a_title_between_two_rules_is_no_front_matter() -> None:
    shown = [block.text for block in text_blocks("---\n某市未来产业行动方案\n---\n一、总体要求")]
    assert "某市未来产业行动方案" in shown
    assert [block.text for block in text_blocks("---\ntitle: 方案\n---\n一、总体要求")] == ["一、总体要求"]


def test_what_came_along_when_a_page_was_copied_is_no_text() -> None:
    text = (
        "首页 > 政务公开 > 政府文件\n下载\n打印\n收藏\n【字号：\n加大\n还原\n减小\n】\n某某市未来产业培育行动计划\n"
        "来源：某某日报\n时间：2026-01-22\n一、总体要求\n（一）加快培育未来产业，打印设备和收藏品除外。\n某某市人民政府\n2026年1月20日\n"
        "附件：申报表.docx\n打印\n关闭窗口\n相关报道：\n"
    )
    reading = read_text(text.encode())
    assert [b.text for b in reading.blocks] == [
        "某某市未来产业培育行动计划", "一、总体要求", "（一）加快培育未来产业，打印设备和收藏品除外。", "某某市人民政府", "2026年1月20日",
        "附件：申报表.docx",
    ]  # fmt: skip
    assert reading.fields["page", "时间"] == "2026-01-22"


def test_a_file_that_holds_only_such_words_keeps_them() -> None:
    assert [b.text for b in read_text("打印\n下载".encode()).blocks] == ["打印", "下载"]


def test_titles_that_begin_like_furniture_are_text() -> None:
    for title in (
        "点击率提升行动方案",
        "字号登记管理办法",
        "访问量统计办法",
        "时间：2026年3月1日上午9时",
        "2026-01-02",
    ):
        text = f"{title}\n一、总体要求\n（一）建设先导区。"
        assert read_text(text.encode()).blocks[0].text == title


FOOT = "主办单位：某省人民政府办公厅\n运行维护单位：某公司\n网站标识码5100000000\n某ICP备 10000000号\n微信公众号\n头条号\n"


def test_the_menus_and_the_foot_of_a_site_end_no_text() -> None:
    menus = "按 地 方 查\n北京\n天津\n 重庆\n网站地图\n联系我们\n"
    text = "某省数据办法\n第一条　制定本办法。\n第二条　本办法自2025年1月1日起施行。\n"
    assert blocks(text + menus + FOOT)[-1] == ("paragraph", "第二条　本办法自2025年1月1日起施行。")
    again = "某省数据办法\n《某省数据办法》已经省政府第4次常务会议通过，现予公布。\n"
    assert blocks(text + menus + FOOT + again)[-1] == ("paragraph", "第二条　本办法自2025年1月1日起施行。")


def test_who_signed_without_a_date_stays_above_the_foot_of_a_site() -> None:
    said = blocks("关于某事的通知\n各单位要抓好落实。\n某省数据局\n登录\n注册\n" + FOOT)
    assert said[-1] == ("paragraph", "某省数据局")


def test_a_text_that_goes_on_below_the_words_of_a_foot_is_kept() -> None:
    text = "某省网站管理办法\n第一条　网站应当标明\n网站标识码\n第二条　本办法自2025年1月1日起施行。\n"
    assert len(blocks(text)) == 4
    asked = "关于申报的通知\n请提供下列材料。\n网站首页截图\n京ICP备05000000号备案证明\n联系人：某某\n某市数据局\n2025年6月1日\n"
    assert len(blocks(asked)) == 7
    names = "名单如下。\n附件1\n示范区名单\n甲区\n乙区\n"
    assert [text for _, text in blocks(names + FOOT)][:5] == ["名单如下。", "附件1", "示范区名单", "甲区", "乙区"]
    listed = "以下园区作为首批先导区。\n首批先导区：\n合肥量子信息先导区\n芜湖低空经济先导区\n"
    assert [text for _, text in blocks(listed + "网站地图\n联系我们\n" + FOOT)][-2:] == [
        "合肥量子信息先导区",
        "芜湖低空经济先导区",
    ]


@pytest.mark.parametrize(
    "tail",
    ["编 辑： 某某\n责 编： 某　某\n -->\n", "来源：某市网\n编辑：甲\n审核：乙\n阅读 1.2万\n分享 收藏 在看 赞\n"],
)
def test_who_edited_and_how_often_it_was_read_end_no_text(tail: str) -> None:
    assert blocks("某市办法\n第一条　本办法自2025年1月1日起施行。\n" + tail)[-1][1].endswith("起施行。")


def test_the_path_to_a_page_set_line_by_line_is_no_text() -> None:
    title = "关于某事的通知(某发〔2025〕6号)"
    said = blocks(f"【{title}】-某委\n首页\n > \n政务公开\n > \n通知\n{title}\n各单位：\n现通知如下。\n")
    assert [text for _, text in said] == [title, "各单位：", "现通知如下。"]

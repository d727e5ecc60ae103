"""Plain text and Markdown."""

from __future__ import annotations

import pytest

from kb.draft import drafts
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


def test_emphasis_in_markdown_is_no_text() -> None:
    text = (
        "**某市感知产业促进条例**\n\n**第一章　总则**\n\n**第一条**　为了促进感知产业发展，制定本条例。\n"
        "**第二条** 市人民政府重点支持**触觉传感**、**嗅觉传感**等方向。\n（一）**建设平台。**建成平台10个。\n"
        "**（二）开放场景。**每年开放20项。\n__第三条__　本条例自2031年5月1日起施行。\n"
    )
    (draft,) = drafts(text.encode(), "某.md")
    assert [(p.label, p.path) for p in draft.provisions if p.kind in ("article", "item")] == [
        ("第一条", ("第一章 总则",)),
        ("第二条", ("第一章 总则",)),
        ("第二条第（一）项", ("第一章 总则", "第二条")),
        ("第二条第（二）项", ("第一章 总则", "第二条")),
        ("第三条", ("第一章 总则",)),
    ]
    assert draft.text == text.replace("**", "").replace("__", "").replace("\n\n", "\n").strip()


def test_a_bold_heading_within_a_paragraph_of_markdown_heads_it() -> None:
    (draft,) = drafts("# 某市感知产业方案\n\n为了发展。\n\n**建设平台。**支持企业建设平台。\n".encode(), "某.md")
    assert draft.provisions[-1].text == "建设平台。支持企业建设平台。"
    assert draft.provisions[-1].label == "建设平台"


@pytest.mark.parametrize(
    "line",
    ["张**、李**为一等奖，王**为二等奖。", "**公司、**公司列入名单。", "证件号5001**1234**88。", "____年__月__日"],
)
def test_signs_that_mask_a_name_are_text(line: str) -> None:
    assert blocks(f"关于获奖名单的公示\n一、名单如下。\n{line}\n")[-1] == ("paragraph", line)


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


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("来源：某市人民政府办公室　　发布时间：2031-03-10　　浏览量：1024　　字号：大 中 小", "2031-03-10"),
        ("来源：某市科学技术局（某市外国专家局）政策法规处　浏览量：12次　字号：【大 中 小】　打印", None),
        (
            "来源：某市科学技术局（某市外国专家局）创新体系建设处|发布时间:2031-03-10|浏览次数:33|字体:大中小",
            "2031-03-10",
        ),
        ("2031-03-10 10:20 来源：某市人民政府办公室 浏览量：1024 字号：大 中 小", "2031-03-10"),
        ("时间：2031-03-10 10:20 来源：某市人民政府办公室 浏览量：1024 字号：大 中 小", "2031-03-10"),
    ],
)
@pytest.mark.parametrize(
    "shape", ["{}", "<html><body><div id='zoom'><p>{}</p></div></body></html>"], ids=["text", "page"]
)
def test_the_line_of_a_page_under_the_title_is_no_text(line: str, published: str | None, shape: str) -> None:
    lines = [
        "某市关于支持感知产业发展的通知",
        line,
        "各区人民政府：",
        "一、建设平台，开放场景。",
        "某市人民政府",
        "2031年3月6日",
    ]
    said = shape.format(("</p><p>" if "<" in shape else "\n").join(lines))
    (draft,) = drafts(said.encode(), "某")
    assert draft.text.split("\n") == [lines[0], *lines[2:]]
    assert (draft.document.published, draft.document.issued) == (published, "2031-03-06")


def test_a_line_on_the_sources_of_figures_is_text() -> None:
    lines = [
        "某市感知产业指标方案",
        "来源：某市统计年鉴所列各项指标及市科技局每年汇总上报的数据，口径与上年一致并经有关部门逐项核对",
        "一、开放场景。",
    ]
    assert [text for _, text in blocks("\n".join(lines))] == lines


@pytest.mark.parametrize("date", ["2031年3月6日（此件公开发布）", "二〇三一年三月六日　　(此件主动公开)"])
@pytest.mark.parametrize(
    "shape", ["{}", "<html><body><div id='zoom'><p>{}</p></div></body></html>"], ids=["text", "page"]
)
def test_a_remark_behind_the_date_leaves_it_the_date_of_the_signature(date: str, shape: str) -> None:
    lines = [
        "某市关于支持感知产业发展的通知",
        "各区人民政府：",
        "一、建设平台。",
        "二、开放场景，扩大应用。",
        "某市人民政府",
        date,
    ]
    lines += ["相关解读", "一图读懂感知产业通知"]
    (draft,) = drafts(shape.format(("</p><p>" if "<" in shape else "\n").join(lines)).encode(), "某")
    assert draft.document.issued == "2031-03-06"
    assert [(p.kind, p.path) for p in draft.provisions[-3:]] == [("signature", ())] * 3
    assert "".join(draft.text.split()) == "".join("".join(lines[:6]).split())


CHAPTERS = (
    "总则",
    "平台建设与运行管理服务",
    "应用场景开放与示范推广",
    "企业培育与人才引进支持",
    "数据资源供给与安全保障",
    "法律责任",
    "附则",
)


@pytest.mark.parametrize(
    ("head", "entry", "between"),
    [
        ("目录 ", "第{}章 {}", " "),
        ("目　录", "第{}章　{}……{}", ""),
        ("目录：", "第{}章{}", ""),
        ("目　录\n", "第{}章　{} {}", "　"),
    ],
)
def test_contents_on_one_line_are_no_body(head: str, entry: str, between: str) -> None:
    numbered = list(zip("一二三四五六七", CHAPTERS, range(1, 8), strict=True))
    contents = head + between.join(entry.format(*one) for one in numbered)
    body = [f"第{n}章　{name}\n第{n}条　市人民政府做好{name}工作，保障发展。" for n, name, _ in numbered]
    text = "\n".join(["某市感知产业促进条例", contents, *body])
    (draft,) = drafts(text.encode(), "某.txt")
    assert [p.kind for p in draft.provisions] == ["title", *["front"] * 8, *["heading", "article"] * 7]
    assert "".join(draft.text.split()) == "".join(text.split())


def test_a_sentence_that_only_begins_like_contents_stays_whole() -> None:
    line = "目录 第一章 总则 第二章 平台建设 第三章 附则 由市科技局编制"
    body = "\n".join(
        f"第{n}章 {name}\n第{n}条 做好工作。" for n, name in zip("一二三", ("总则", "平台建设", "附则"), strict=True)
    )
    assert ("paragraph", line) in blocks(f"某市感知产业促进条例\n{line}\n{body}")


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


def test_the_sign_of_a_provision_set_bold_in_markdown_is_a_sign() -> None:
    lines = [
        "**第一条** 为了促进未来产业发展，制定本条例。",
        "**（一）建设平台。**建设中试平台10个。",
        "2**3 等于 8，4**2 等于 16。",
    ]
    said = [b.text for b in text_blocks("\n".join(lines))]
    assert said == ["第一条 为了促进未来产业发展，制定本条例。", "（一）建设平台。建设中试平台10个。", lines[2]]


def test_contents_on_one_line_need_no_name_where_all_its_entries_stand_below() -> None:
    lines = (
        "某市人事任免条例",
        "第一章 总则 第二章 任免 第三章 附则",
        "第一章 总则",
        "第一条　依法任免。",
        "第二章 任免",
        "第二条　市人大任免。",
        "第三章 附则",
    )
    (draft,) = drafts("\n".join((*lines, "第三条　本条例自公布之日起施行。")).encode(), "条例.txt")
    assert [p.label for p in draft.provisions if p.kind == "heading"] == ["第一章", "第二章", "第三章"]
    running = ("某市条例", "第一章 第二章 第三章规定的事项，由市政府办理。", "第一条　依法任免。")
    (other,) = drafts("\n".join(running).encode(), "条例.txt")
    assert running[1] in other.text

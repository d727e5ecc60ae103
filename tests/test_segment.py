"""Segmenting regulations and plans as a reader of official documents would cite them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kb.model import Block, Provision
from kb.segment import MAX_PROVISION, Segmented, segment
from tests.samples import WRAPPED_TITLE


def outline(text: str) -> list[tuple[str, str, str]]:
    """(kind, label, first words) of each provision of a text whose lines are paragraphs."""
    return [(p.kind, p.label, p.text.strip()[:12]) for p in of(text).provisions]


def of(text: str) -> Segmented:
    return segment([Block("paragraph", line.strip()) for line in text.strip().split("\n")])


def labels(text: str, kind: str) -> list[str]:
    return [p.label for p in of(text).provisions if p.kind == kind]


def saying(segmented: Segmented | Sequence[Provision], words: str) -> Provision:
    provisions = segmented.provisions if isinstance(segmented, Segmented) else segmented
    return next(p for p in provisions if words in p.text)


REGULATION = """
某省未来产业促进条例
（2025年1月10日某省第十四届人民代表大会常务委员会第十五次会议通过）
目　　录
第一章　总则
第二章　创新与培育
第一章　总　　则
第一条　为了促进未来产业发展，制定本条例。
第二条　本省未来产业的培育和促进，适用本条例。
本条例所称未来产业，是指由前沿技术驱动的产业。
第二章　创新与培育
第三条　省人民政府应当采取下列措施：
（一）设立发展基金；
（二）建立风险分担机制：
1．对投资损失给予补偿；
2．对首次应用给予补贴；
（三）法律、法规规定的其他措施。
第三条之一　依照第二条第二款的规定认定的企业，享受前款待遇：
（一）减免租金；
（二）优先供地。
对前款企业，县级人民政府可以给予奖励：
（一）一次性奖励；
（二）贷款贴息。
第三条规定的措施由发展改革部门组织实施。
第四条　本条例自2025年5月1日起施行。
"""


def test_articles_are_cited_by_their_number() -> None:
    assert labels(REGULATION, "article") == ["第一条", "第二条", "第三条", "第三条之一", "第四条"]


def test_unnumbered_paragraphs_of_an_article_are_its_clauses() -> None:
    assert saying(of(REGULATION), "所称未来产业").label == "第二条第二款"
    assert saying(of(REGULATION), "第三条规定的措施").label == "第三条之一第三款"


def test_bracketed_numbers_in_an_article_are_items_and_arabic_ones_below_them_sub_items() -> None:
    assert saying(of(REGULATION), "设立发展基金").label == "第三条第（一）项"
    assert saying(of(REGULATION), "首次应用").label == "第三条第（二）项第2目"


def test_an_item_names_its_clause_when_the_article_has_several() -> None:
    assert saying(of(REGULATION), "减免租金").label == "第三条之一第一款第（一）项"
    assert saying(of(REGULATION), "贷款贴息").label == "第三条之一第二款第（二）项"


def test_a_provision_knows_the_chapter_and_article_it_stands_in() -> None:
    assert saying(of(REGULATION), "首次应用").path == ("第二章 创新与培育", "第三条", "（二）建立风险分担机制")
    assert saying(of(REGULATION), "为了促进").path == ("第一章 总则",)


def test_a_table_of_contents_is_no_second_set_of_chapters() -> None:
    assert labels(REGULATION, "heading") == ["第一章", "第二章"]
    assert [p.kind for p in of(REGULATION).provisions[:6]] == ["title", "front", "front", "front", "front", "heading"]


def test_a_sound_regulation_has_no_warnings() -> None:
    assert of(REGULATION).warnings == ()


@pytest.mark.parametrize(
    "line",
    [
        "第二条规定的情形除外。",
        "第二条、第三条所列事项不适用。",
        "第二条至第五条的规定同样适用。",
        "第二条第一款所称企业另行认定。",
        "第二条的规定优先。",
    ],
)
def test_a_line_that_begins_with_a_cross_reference_is_no_article(line: str) -> None:
    text = f"某市办法\n第一条　制定本办法。\n{line}\n第二条　适用本办法。\n第三条　自公布之日起施行。"
    assert labels(text, "article") == ["第一条", "第二条", "第三条"]
    assert saying(of(text), line).label == "第一条第二款"


def test_an_article_may_begin_with_the_name_of_another() -> None:
    text = "某市办法\n第一条　制定本办法。\n第二条　第一条所称企业，是指法人。\n第三条　自公布之日起施行。"
    assert labels(text, "article") == ["第一条", "第二条", "第三条"]


@pytest.mark.parametrize("sign", ["第 二 条 ", "第二条", "第２条　", "第2条 "])
def test_however_an_article_is_printed_its_label_is_the_same(sign: str) -> None:
    text = f"某市办法\n第一条　制定本办法。\n{sign}本市适用本办法。\n第三条　自公布之日起施行。"
    assert labels(text, "article") == ["第一条", "第二条", "第三条"]


def test_a_sign_alone_on_its_line_takes_the_next_line_as_its_text() -> None:
    segmented = of("某市办法\n第一章\n总　则\n第一条\n制定本办法。\n第二条\n适用本办法。")
    assert [(p.kind, p.label) for p in segmented.provisions] == [
        ("title", "标题"), ("heading", "第一章"), ("article", "第一条"), ("article", "第二条"),
    ]  # fmt: skip
    assert segmented.provisions[2].text == "第一条\n制定本办法。\n"
    assert segmented.provisions[2].path == ("第一章 总则",)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ("一 二 四", "第四条（前面缺号）"),
        ("一 三 二", "第二条（序号没有递增）"),
        ("一 二 二", "第二条（序号没有递增）"),
    ],
)
def test_a_number_out_of_order_is_warned_of_with_its_place(numbers: str, said: str) -> None:
    segmented = of("\n".join(f"第{number}条　市政府应当建立制度。" for number in numbers.split()))
    assert len(segmented.warnings) == 1
    assert said in segmented.warnings[0]


PLAN = """
某市人民政府办公厅
关于印发《某市未来产业行动计划（2025—2027年）》的通知
某府办发〔2025〕18号
各区县（自治县）人民政府，市政府各部门：
《某市未来产业行动计划（2025—2027年）》已经市政府同意，现印发给你们。
某市人民政府办公厅
2025年3月6日
（此件公开发布）
某市未来产业行动计划（2025—2027年）
为前瞻布局未来产业，制定本行动计划。
一、总体要求
（一）指导思想。
坚持创新引领。
（二）发展目标。到2027年，建成10个先导区，规模增长2.5倍。
二、重点任务
（一）实施人形机器人工程
1．攻关部件。一是突破减速器；二是研制感知系统。（责任单位：市经济信息委、市科技局）
（1）建设训练场。
（2）开放场景。
2.5倍增长不是编号。
（二）实施低空经济工程
2.完善设施。布局起降点。
（市发展改革委、市交通运输委按职责分工负责）
专栏1　重点工程
1.临床验证中心。
2.中试平台。
（三）强化要素
建立基金。
三、保障措施
加强领导。
附件：1．项目清单
2．任务分工表
附件1
项目清单
一、机器人项目
建设平台。
附件2　任务分工表
（一）牵头任务
由市科技局牵头。
"""


def test_headings_of_a_plan_are_cited_down_their_levels() -> None:
    assert saying(of(PLAN), "坚持创新引领").label == "一、（一）"
    assert saying(of(PLAN), "攻关部件").label == "二、（一）1."
    assert saying(of(PLAN), "开放场景").label == "二、（一）1.（2）"


def test_the_path_reads_like_the_headings_above() -> None:
    assert saying(of(PLAN), "开放场景").path == ("二、重点任务", "（一）实施人形机器人工程", "1.攻关部件")
    assert saying(of(PLAN), "坚持创新引领").path == ("一、总体要求", "（一）指导思想")


def test_a_notice_and_its_plan_are_told_apart() -> None:
    kinds = [(p.kind, p.text.strip()[:8]) for p in of(PLAN).provisions[:9]]
    assert kinds == [
        ("title", "某市人民政府办公"), ("front", "某府办发〔202"), ("cover", "各区县（自治县）"), ("cover", "《某市未来产业行"),
        ("signature", "某市人民政府办公"), ("signature", "2025年3月6"), ("signature", "（此件公开发布）"),
        ("title", "某市未来产业行动"), ("paragraph", "为前瞻布局未来产"),
    ]  # fmt: skip


def test_a_run_in_heading_stays_one_provision_with_its_text() -> None:
    provision = saying(of(PLAN), "发展目标")
    assert (provision.kind, provision.label) == ("item", "一、（二）")
    assert provision.text.startswith("（二）发展目标。到2027年")


def test_decimals_and_ordinals_in_running_text_open_nothing() -> None:
    assert saying(of(PLAN), "2.5倍增长不是编号").kind == "paragraph"
    assert "二是研制" in saying(of(PLAN), "一是突破").text


def test_who_is_responsible_is_a_field_and_stays_in_the_text() -> None:
    provision = saying(of(PLAN), "攻关部件")
    assert provision.duty == "责任单位：市经济信息委、市科技局"
    assert provision.text.strip().endswith("（责任单位：市经济信息委、市科技局）")
    assert saying(of(PLAN), "建设训练场").duty is None


def test_responsibility_on_its_own_line_belongs_to_the_item_above() -> None:
    segmented = of("某市计划\n一、任务\n1.建设平台。\n责任单位：市科技局\n2.开放场景。")
    assert saying(segmented, "建设平台").duty == "责任单位：市科技局"
    assert saying(segmented, "责任单位") is saying(segmented, "建设平台")


def test_brackets_inside_the_responsible_bodies_do_not_end_them() -> None:
    provision = saying(
        of("某市计划\n一、任务\n1.建设平台。（市科技局、各区县政府（含开发区）按职责分工负责）\n2.开放。"), "平台"
    )
    assert provision.duty == "市科技局、各区县政府（含开发区）按职责分工负责"


def test_other_brackets_at_the_end_are_no_responsibility() -> None:
    assert saying(of("某市计划\n一、任务\n1.建设平台（2027年底前完成）。\n2.开放。"), "平台").duty is None


def test_a_box_holds_its_own_numbers_until_the_plan_goes_on() -> None:
    assert saying(of(PLAN), "临床验证中心").kind == "box"
    assert saying(of(PLAN), "临床验证中心").label == "专栏1 1."
    assert saying(of(PLAN), "强化要素").label == "二、（三）"
    assert not of(PLAN).warnings


def test_attachments_count_anew_and_say_so_in_the_label() -> None:
    assert saying(of(PLAN), "建设平台").label == "附件1 一、"
    assert saying(of(PLAN), "建设平台").path == ("附件1 项目清单", "一、机器人项目")
    assert saying(of(PLAN), "由市科技局牵头").label == "附件2 （一）"


def test_the_list_of_attachments_opens_none() -> None:
    listed = [(p.kind, p.label) for p in of(PLAN).provisions if "．" in p.text and p.kind == "attachment"]
    assert listed == [("attachment", "附件说明"), ("attachment", "附件说明")]


def test_numbers_running_through_all_sections_are_no_fault() -> None:
    text = "某市计划\n一、甲\n（一）子。建设。\n（二）丑。建设。\n二、乙\n（三）寅。建设。\n（四）卯。建设。"
    assert of(text).warnings == ()
    assert saying(of(text), "卯").label == "二、（四）"


def test_plans_may_skip_a_level() -> None:
    text = "某市计划\n一、甲\n1.子。建设。\n2.丑。建设。\n二、乙\n1.寅。建设。"
    assert saying(of(text), "寅").label == "二、1."


def test_decimal_numbers_say_their_chapter_themselves() -> None:
    text = "某市应急预案\n1　总则\n1.1　编制目的\n保障供应。\n1.2　适用范围\n本市。\n2　组织\n2.1　指挥部\n市长任总指挥。"
    assert saying(of(text), "总指挥").label == "2.1"
    assert saying(of(text), "总指挥").path == ("2 组织", "2.1 指挥部")
    assert of(text).warnings == ()


def test_headings_without_numbers_are_found_by_their_look() -> None:
    blocks = [
        Block("paragraph", "某市产业政策问答", centred=True), Block("heading", "支持范围"), Block("paragraph", "本市企业均可申报。"),
        Block("heading", "申报时间"), Block("paragraph", "每年三月。"),
    ]  # fmt: skip
    segmented = segment(blocks)
    assert saying(segmented, "每年三月").path == ("申报时间",)
    assert saying(segmented, "每年三月").label == "申报时间"


def test_a_bold_sentence_is_no_heading() -> None:
    blocks = [
        Block("paragraph", "一、任务"),
        Block("paragraph", "建设平台。", bold=True),
        Block("paragraph", "开放场景。"),
    ]
    assert [p.kind for p in segment(blocks).provisions] == ["heading", "paragraph", "paragraph"]


def test_a_table_is_one_provision_cut_between_rows() -> None:
    rows = "\n".join(f"{n}\t项目{n}\t市科技局" for n in range(80))
    segmented = segment([Block("paragraph", "一、清单"), Block("table", rows), Block("paragraph", "表后。")])
    tables = [p for p in segmented.provisions if p.kind == "table"]
    assert len(tables) > 1
    assert all(p.label == "一、" and p.text.endswith("\n") and len(p.text) <= MAX_PROVISION for p in tables)


def test_a_long_paragraph_is_cut_after_sentences_and_keeps_heading_and_label() -> None:
    long = "（一）发展目标。" + "到2027年，建成先导区若干个，培育一批企业。" * 40
    pieces = [p for p in of(f"某市计划\n一、要求\n{long}\n（二）其他。建设。").provisions if p.label == "一、（一）"]
    assert len(pieces) > 1
    assert all(p.text.rstrip().endswith("。") and len(p.text) <= MAX_PROVISION for p in pieces)
    assert pieces[1].path == ("一、要求", "（一）发展目标")


def test_a_sentence_longer_than_the_limit_is_still_cut() -> None:
    segmented = of("一、任务\n" + "建设平台，" * 300)
    assert all(len(p.text) <= MAX_PROVISION for p in segmented.provisions)


def test_the_order_that_promulgates_a_regulation_is_its_cover() -> None:
    text = "某市人民政府令\n第179号\n《某市优待办法》已经市政府常务会议通过，现予公布，自公布之日起施行。\n市长：某某\n2021年1月29日\n某市优待办法\n第一条　制定本办法。\n第二条　适用本办法。"
    assert [p.kind for p in of(text).provisions] == [
        "title",
        "front",
        "cover",
        "cover",
        "signature",
        "title",
        "article",
        "article",
    ]


def test_nothing_gives_no_provisions() -> None:
    assert segment([]) == Segmented("", ())


def test_blank_lines_belong_to_the_provision_before_them() -> None:
    segmented = segment([Block("paragraph", "一、甲"), Block("paragraph", ""), Block("paragraph", "建设。")])
    assert [p.text for p in segmented.provisions] == ["一、甲\n\n", "建设。"]


OUTLINE = """
某市国民经济和社会发展第十五个五年规划纲要
目录
第一篇　开创新局面……………………………1
第一章　发展环境……………………………2
第二篇　建设产业体系……………………9
第二章　未来产业……………………………10
第一篇　开创新局面
“十五五”时期是关键时期。
第一章　发展环境
第一节　发展基础
第一章所述目标已完成。
第二篇　建设产业体系
第二章　未来产业
专栏1　未来产业工程
1.脑机接口工程。建设验证中心。
第三章　保障措施
加强领导。
名词解释
1.先导区：指某区域。
"""


def test_parts_of_an_outline_plan_stand_above_its_chapters() -> None:
    assert labels(OUTLINE, "heading") == [
        "第一篇",
        "第一篇第一章",
        "第一篇第一章第一节",
        "第二篇",
        "第二篇第二章",
        "第二篇第三章",
    ]
    assert saying(of(OUTLINE), "第一章所述").kind == "paragraph"
    assert saying(of(OUTLINE), "脑机接口").label == "专栏1 1."
    assert of(OUTLINE).warnings == ()


def test_a_glossary_at_the_end_belongs_to_no_chapter() -> None:
    assert saying(of(OUTLINE), "先导区：").label == "名词解释 1."


def test_sections_called_parts_are_headings() -> None:
    text = "某市规划\n第一部分　现状\n很好。\n第二部分　任务\n建设。第二部分的任务最重。"
    assert labels(text, "heading") == ["第一部分", "第二部分"]


@pytest.mark.parametrize(
    ("written", "duty"),
    [
        ("【责任单位：市科技局、市财政局】", "责任单位：市科技局、市财政局"),
        ("〔市科技局牵头，各区县政府（含两江新区，下同）配合〕", "市科技局牵头，各区县政府（含两江新区，下同）配合"),
        ("（责任部门：市发展改革委，完成时限：2026年6月）", "责任部门：市发展改革委，完成时限：2026年6月"),
        ("牵头单位：市招商局；配合单位：各区县。", "牵头单位：市招商局；配合单位：各区县"),
        ("（市委组织部、市人力社保局、市教委）", "市委组织部、市人力社保局、市教委"),
        ("（责任单位：市科技局；完成时间：2026年底）。", "责任单位：市科技局；完成时间：2026年底"),
        ("\n责任单位：市财政局\n完成时限：2025年12月", "责任单位：市财政局；完成时限：2025年12月"),
        ("（含两江新区、高新区管委会）", None),
        ("（以下简称市科技局）", None),
        ("（2027年底前完成）", None),
    ],
)
def test_who_is_responsible_is_read_in_every_form(written: str, duty: str | None) -> None:
    provision = saying(of(f"某市方案\n一、任务\n1.建设平台。{written}\n2.开放场景。"), "建设平台")
    assert provision.duty == duty
    assert written.strip() in provision.text


def test_a_heading_set_in_bold_before_its_text_heads_it() -> None:
    lead = len("建设创新平台。")
    segmented = segment(
        [
            Block("paragraph", "某市规划", centred=True), Block("paragraph", "一、任务"),
            Block("paragraph", "建设创新平台。支持企业建设。", lead=lead), Block("paragraph", "另设基金。"),
            Block("paragraph", "一是突破材料；二是突破芯片。", lead=2), Block("paragraph", "二、保障"), Block("paragraph", "加强领导。"),
        ]
    )  # fmt: skip
    assert (saying(segmented, "支持企业").kind, saying(segmented, "支持企业").path) == ("item", ("一、任务",))
    assert saying(segmented, "另设基金").path == ("一、任务", "建设创新平台")
    assert saying(segmented, "一是突破").kind == "paragraph"
    assert saying(segmented, "加强领导").path == ("二、保障",)


def test_a_regulation_printed_after_the_decision_that_amends_it_begins_anew() -> None:
    text = """某市人民代表大会常务委员会关于修改《某市感知条例》的决定
（2025年3月6日某市第十六届人民代表大会常务委员会第二十次会议通过）
决定作如下修改：
一、将第三条修改为：“市人民政府应当加强领导。”
二、删去第十条。
本决定自2025年5月1日起施行。
某市感知条例
（2010年3月6日某市第十三届人民代表大会常务委员会第十次会议通过　2025年3月6日修正）
第一条　为了促进产业，制定本条例。
第二条　适用本条例。"""
    assert labels(text, "title") == ["标题", "标题"]
    assert saying(of(text), "适用本条例").path == ()
    assert of(text).warnings == ()


@pytest.mark.parametrize(
    "line",
    [
        "二、三产业融合发展。",
        "（二）至（四）项所列内容按规定执行。",
        "2025年底前完成10项。",
        "一要加强领导；二要加大投入。",
    ],
)
def test_numbers_of_running_text_at_the_start_of_a_line_open_nothing(line: str) -> None:
    text = f"某市规划\n一、任务\n建设平台。\n{line}\n二、保障\n加强领导。"
    assert labels(text, "heading") == ["一、", "二、"]
    assert saying(of(text), line).kind == "paragraph"


CAPTIONED = """
一、总体要求
（一）指导思想。坚持创新引领。
（二）发展目标。到2027年，形成一批先导区。
{caption}
|指标|2027年
（三）空间布局。建设五个先导区。
二、重点任务
（一）量子信息
设立10亿元基金。
"""


def set_like(text: str, centred: bool = False) -> Segmented:
    """A text under a title, where lines with > are centred if told so, with # marked as headings, with | tables."""
    kinds = {"|": "table", "#": "heading", ">": "paragraph"}
    blocks = [Block("paragraph", "某市未来产业行动计划", centred=True)]
    for line in text.strip().split("\n"):
        kind, shown = kinds.get(line[0]), line.lstrip("|#>")
        blocks.append(
            Block("table", shown) if kind == "table" else
            Block("heading", shown) if kind == "heading" else
            Block("paragraph", shown, centred=centred and bool(kind))
        )  # fmt: skip
    segmented = segment(blocks)
    assert "".join(p.text for p in segmented.provisions) == "\n".join(block.text for block in blocks)
    return segmented


@pytest.mark.parametrize(
    "caption",
    ["表1 主要指标", "表 2-1　主要指标", "图1 “十四五”发展成效", "图二　发展成效", "未来产业主要指标", "主要指标\n单位：亿元", "发展成效\n下图为示意。"],
)  # fmt: skip
def test_a_centred_line_within_a_section_ends_neither_it_nor_those_around_it(caption: str) -> None:
    segmented = set_like(CAPTIONED.format(caption=">" + caption), centred=True)
    assert saying(segmented, "空间布局").path == ("一、总体要求",)
    assert saying(segmented, "设立10亿元").path == ("二、重点任务", "（一）量子信息")
    assert saying(segmented, "设立10亿元").label == "二、（一）"
    assert not segmented.warnings


def test_a_caption_stands_in_its_section_and_heads_nothing() -> None:
    segmented = set_like(CAPTIONED.format(caption="#表1 主要指标"))
    assert saying(segmented, "表1").path == ("一、总体要求", "（二）发展目标")
    assert saying(segmented, "表1").kind == "front"
    assert saying(segmented, "指标|2027年").path == ("一、总体要求", "（二）发展目标")


def test_a_caption_between_the_sections_of_a_chapter_leaves_the_chapter_open() -> None:
    text = "第一章　发展基础\n第一节　成效\n很好。\n>图1　成效\n第二节　形势\n严峻。\n第二章　任务\n建设。"
    for caption in ("图1　成效", "成效一览"):
        segmented = set_like(text.replace("图1　成效", caption), centred=True)
        assert saying(segmented, "严峻").path == ("第一章 发展基础", "第二节 形势")
        assert saying(segmented, "建设").path == ("第二章 任务",)


def test_unnumbered_headings_stay_above_numbers_that_begin_anew_or_run_through() -> None:
    for second in ("一、", "二、"):
        text = f"#产业\n一、机器人\n攻关。\n#要素\n{second}基金\n设立。"
        assert saying(set_like(text), "设立").path == ("要素", f"{second}基金")
    restarted = set_like("一、前期\n研究。\n>要素保障\n一、基金\n设立。\n二、人才\n引进。", centred=True)
    assert saying(restarted, "引进").path == ("要素保障", "二、人才")


@pytest.mark.parametrize(
    "heading",
    [
        Block("heading", "2024年工作回顾"),
        Block("paragraph", "2024年工作回顾", centred=True),
        Block("paragraph", "2024年工作回顾", bold=True),
    ],
)
def test_the_first_heading_of_a_report_heads_its_text(heading: Block) -> None:
    blocks = [
        Block("paragraph", "政府工作报告", centred=True), Block("paragraph", "——2025年1月17日在某市人民代表大会会议上", centred=True),
        Block("paragraph", "某市市长　张三", centred=True), Block("paragraph", "各位代表："),
        heading, Block("paragraph", "过去一年，设立100亿元基金。"),
    ]  # fmt: skip
    segmented = segment(blocks)
    assert [p.kind for p in segmented.provisions] == ["title", "front", "front", "front", "heading", "paragraph"]
    assert saying(segmented, "100亿元").path == ("2024年工作回顾",)


@pytest.mark.parametrize(
    "line", ["（2025年1月10日某市人民代表大会通过）", "某市发展和改革委员会", "二〇二五年三月", "某府发〔2025〕3号", "第179号", "请收好！", "某市市长　张三", "的实施意见"]
)  # fmt: skip
def test_what_stands_centred_under_a_title_is_no_heading(line: str) -> None:
    segmented = set_like(f">{line}\n为布局未来产业，制定本计划。\n一、任务\n建设。", centred=True)
    assert saying(segmented, line).kind == "front"
    assert saying(segmented, "为布局").path == ()


def test_a_list_of_names_under_a_title_is_body() -> None:
    segmented = of("重庆市未来产业重点领域清单\n渝府办发〔2024〕8号\n量子信息\n人形机器人\n脑机接口\n2024年8月6日")
    assert [p.kind for p in segmented.provisions] == ["title", "front", *["paragraph"] * 3, "signature"]
    assert saying(segmented, "人形机器人").label == "正文第2段"


def test_a_list_of_names_behind_its_notice_is_body() -> None:
    notice = (
        "某市科技局关于印发《某市未来产业领域清单》的通知\n各区县：\n现印发给你们，请执行。\n某市科技局\n2024年8月6日"
    )
    assert saying(of(f"{notice}\n某市未来产业领域清单\n量子信息\n人形机器人"), "人形机器人").kind == "paragraph"


def test_a_title_over_several_lines_ends_with_its_notice() -> None:
    first = segment([Block("paragraph", line) for line in WRAPPED_TITLE]).provisions[0]
    assert first.kind == "title" and first.text.strip().endswith("的通知")


NOTICE_WITH_REQUIREMENTS = """
某区人民政府办公室关于印发某区支持未来产业措施的通知
某区府办发〔2025〕40号
各街道办事处，区政府各部门：
《某区支持未来产业措施》已经区政府审议通过，现印发给你们，并提出以下要求，请一并落实。
一、加大财政投入。区财政每年安排5000万元专项资金。
二、加强组织领导
建立工作专班。
附件：某区支持未来产业措施
某区人民政府办公室
2025年9月10日
附件
某区支持未来产业措施
为支持未来产业，制定本措施。
一、支持企业研发。给予补助。
"""


def test_what_a_notice_itself_provides_is_cited_beside_the_plan_it_prints() -> None:
    segmented = of(NOTICE_WITH_REQUIREMENTS)
    own = saying(segmented, "5000万元")
    assert (own.kind, own.label, own.path) == ("item", "印发通知 一、", ("印发通知",))
    assert saying(segmented, "工作专班").path == ("印发通知", "二、加强组织领导")
    assert saying(segmented, "现印发给你们").kind == "cover"
    plan = saying(segmented, "支持企业研发")
    assert (plan.label, plan.path) == ("一、", ())
    assert segmented.warnings == ()


def test_signature_and_attachment_signs_of_a_notice_are_none_of_its_requirements() -> None:
    said = [(p.kind, p.label) for p in of(NOTICE_WITH_REQUIREMENTS).provisions[7:12]]
    assert said == [
        ("attachment", "附件说明"), ("signature", "落款"), ("signature", "落款"), ("attachment", "附件"), ("title", "标题"),
    ]  # fmt: skip


def test_a_note_counts_neither_as_clause_nor_as_item() -> None:
    text = "某市办法\n第一条　对中试平台给予资助。\n注1：中试平台须经认定。\n前款资助不重复。\n第二条　自公布之日起施行。"
    note = saying(of(text), "须经认定")
    assert (note.kind, note.label, note.path) == ("paragraph", "第一条 注1", ("第一条",))
    assert saying(of(text), "不重复").label == "第一条第二款"
    listed = (
        "某市方案\n一、目标\n产值达到500亿元。\n注：1.产值为规模以上口径。\n2.不含个体工商户。\n二、任务\n建设场景。"
    )
    assert [p.label for p in of(listed).provisions if "口径" in p.text or "个体" in p.text] == ["一、 注", "一、 注"]
    assert of(listed).warnings == ()


@pytest.mark.parametrize("sign", ["①", "[1]", "〔1〕"])
def test_a_note_at_the_end_is_known_by_its_sign_in_the_text(sign: str) -> None:
    text = f"某市方案\n一、任务\n建设中试平台20个{sign}。\n二、附则\n由市科技局解释。\n{sign}中试平台：指试验平台。"
    note = saying(of(text), "指试验平台")
    assert (note.kind, note.label, note.path) == ("paragraph", f"注{sign}", ())
    unmarked = text.replace(f"20个{sign}", "20个")
    assert saying(of(unmarked), "指试验平台").label != f"注{sign}"


@pytest.mark.parametrize(
    "colophon",
    [
        "公开方式：主动公开\n某市人民政府办公厅秘书处　2024年7月29日印发",
        "抄送：市委各部门，市人大常委会办公厅。\n某市人民政府办公厅\n2024年7月29日印发",
        "（此件公开发布）",
    ],
)
@pytest.mark.parametrize(
    "body", ["第二条　自印发之日起施行。", "第二条　自印发之日起施行。\n附件1\n名词解释\n1.先导区：指某区域。"]
)
def test_the_colophon_is_part_of_no_article_and_of_no_attachment(colophon: str, body: str) -> None:
    provisions = of(f"某市办法\n第一条　制定本办法。\n{body}\n{colophon}").provisions
    last = provisions[-len(colophon.split("\n")) :]
    assert {(p.kind, p.label, p.path) for p in last} == {("signature", "版记", ())}
    assert provisions[-len(last) - 1].kind in ("article", "item")


def test_words_of_a_colophon_within_the_text_are_text() -> None:
    text = "某市办法\n第一条　备案材料包括：\n抄送：有关部门的清单。\n第二条　公开方式：由市政府规定，并定期更新和评估其效果。"
    assert saying(of(text), "抄送").kind == "clause"
    assert saying(of(text), "公开方式").kind == "article"


def test_the_numbering_of_a_box_goes_on_in_it_though_it_would_fit_outside() -> None:
    text = (
        "某市计划\n一、任务\n（一）攻关行动\n1.攻关技术。\n2.建设实验室。\n专栏1　重点赛道\n1.机器人。\n2.脑机接口。\n3.量子信息。\n"
        "（二）企业行动\n1.培育企业。\n专栏2　重点场景\n1.工业场景。\n2.文旅场景。\n2.建设中心。\n二、保障\n加强领导。"
    )
    segmented = of(text)
    assert [p.label for p in segmented.provisions if p.kind == "box"] == [
        "专栏1", "专栏1 1.", "专栏1 2.", "专栏1 3.", "专栏2", "专栏2 1.", "专栏2 2.",
    ]  # fmt: skip
    assert saying(segmented, "建设中心").label == "一、（二）2."
    assert segmented.warnings == ()


def test_a_first_bracketed_number_out_of_the_blue_ends_a_box_with_a_warning() -> None:
    text = (
        "某市计划\n三、任务\n（一）技术行动\n攻关。\n（二）企业行动\n育企。\n专栏1　企业工程\n建设企业库。\n"
        "（一）场景行动\n1.发布清单。\n2.建设中心。\n四、保障\n加强领导。"
    )
    segmented = of(text)
    assert saying(segmented, "发布清单").path == ("三、任务", "（一）场景行动")
    assert "三、（一）" in segmented.warnings[0]
    own = of(text.replace("建设企业库。", "实施下列工程："))
    assert saying(own, "场景行动").label == "专栏1 （一）"


FORWARDED = [
    Block("paragraph", "某市人民政府办公厅转发市科技局", centred=True),
    Block("paragraph", "关于加快建设验证中心意见的通知", centred=True),
    Block("paragraph", "某府办发〔2025〕60号"),
    Block("paragraph", "各区县人民政府："),
    Block("paragraph", "市科技局《关于加快建设验证中心的意见》已经市政府同意，现转发给你们。"),
    Block("paragraph", "某市人民政府办公厅"),
    Block("paragraph", "2025年6月1日"),
    Block("paragraph", "关于加快建设", bold=True, centred=True),
    Block("paragraph", "验证中心的意见", bold=True, centred=True),
    Block("paragraph", "市科技局", centred=True),
    Block("paragraph", "为加快建设验证中心，提出以下意见。"),
    Block("paragraph", "一、建设目标"),
    Block("paragraph", "建设验证中心20家。"),
]


@pytest.mark.parametrize("named", [True, False])
def test_the_title_of_a_forwarded_document_on_two_lines_is_one_and_who_drew_it_up_heads_nothing(named: bool) -> None:
    said = FORWARDED[4].text if named else "有关意见已经市政府同意，现转发给你们。"
    blocks = [*FORWARDED[:4], Block("paragraph", said), *FORWARDED[5:]]
    provisions = segment(blocks).provisions
    title = saying(provisions, "关于加快建设\n")
    assert (title.kind, title.text) == ("title", "关于加快建设\n验证中心的意见\n")
    assert saying(provisions, "为加快建设").kind == "paragraph"
    assert [p.kind for p in provisions if p.text.strip() == "市科技局"] == ["front"]
    assert "市科技局" not in saying(provisions, "20家").path


def test_what_a_forwarding_notice_itself_asks_for_in_sentences_is_no_framing() -> None:
    asked = Block("paragraph", "各区县要落实资金。市科技局要加强调度。")
    own = saying(segment([*FORWARDED[:5], asked, *FORWARDED[5:]]), "落实资金")
    assert (own.kind, own.label) == ("paragraph", "印发通知 正文第1段")


def test_the_title_of_a_list_on_two_lines_is_one_heading() -> None:
    lines = [Block("paragraph", text, centred=True) for text in ("某市未来产业工作", "联席会议成员名单")]
    before = [Block("paragraph", text) for text in ("某市会议制度", "一、职责", "研究问题。")]
    last = segment([*before, *lines, Block("paragraph", "召集人：某某　副市长")]).provisions[-1]
    assert last.path == ("某市未来产业工作联席会议成员名单",)


@pytest.mark.parametrize(
    "entries",
    ["1.概念验证：指验证技术。\n2.未来产业：指前沿产业。", "概念验证：指验证技术。\n未来产业：指前沿产业。"],
)
@pytest.mark.parametrize("signature", ["某市人民政府\n2025年8月1日\n", ""])
def test_an_attachment_whose_text_follows_is_no_mere_statement_of_it(entries: str, signature: str) -> None:
    segmented = of(f"某市意见\n一、目标\n提升规模。\n二、保障\n安排资金。\n{signature}附：名词解释\n{entries}")
    assert saying(segmented, "名词解释").label == "附"
    assert saying(segmented, "指前沿产业").label.startswith("附 ")
    assert saying(segmented, "指前沿产业").path[0] == "附 名词解释"


def test_a_statement_of_attachments_stays_one() -> None:
    segmented = of("某市意见\n一、目标\n提升规模。\n附：1.任务分工\n2.名词解释\n某市人民政府\n2025年8月1日")
    assert [p.label for p in segmented.provisions if p.kind == "attachment"] == ["附件说明", "附件说明"]


def test_names_of_attachments_are_no_requirements_of_the_notice() -> None:
    text = (
        "某省人民政府办公厅关于印发某省未来产业行动计划的通知\n各市人民政府：\n《某省未来产业行动计划》已经省政府同意，现印发给你们。\n附件：\n"
        "1.某省未来产业行动计划\n2.某省未来产业引导基金管理办法\n某省人民政府办公厅\n2025年3月4日\n某省未来产业行动计划\n一、总体要求\n建成10个先导区。"
    )
    segmented = of(text)
    assert saying(segmented, "引导基金管理办法").kind == "cover"
    assert saying(segmented, "建成10个").label == "一、"


def test_a_note_below_the_first_item_leaves_the_next_item_alone() -> None:
    text = "某市计划\n一、任务\n1.建设平台。\n注：1.平台指国家级平台。\n2.设立基金。\n3.引进人才。"
    assert [p.label for p in of(text).provisions][2:] == ["一、1.", "一、1. 注", "一、2.", "一、3."]


def test_a_definition_at_the_end_is_no_colophon() -> None:
    text = "某市办法\n第一条　培育未来产业。\n（本文所称未来产业，是指人工智能、量子科技。）"
    assert saying(of(text), "所称未来产业").kind != "signature"


def test_a_line_of_many_blanks_is_read_like_any_other() -> None:
    text = "某市计划\n申报单位：" + "\u3000" * 20_000 + "（盖章）\n一、任务\n建设平台。"
    assert saying(of(text), "建设平台").label == "一、"


DECISION = """某省人民代表大会常务委员会关于修改《某省科技条例》的决定
对《某省科技条例》作如下修改：
一、将第三条修改为：“省人民政府设立未来产业基金。”
二、删去第二十条。
本决定自2025年11月1日起施行。
《某省科技条例》根据本决定作相应修改，重新公布。
"""


def test_what_a_decision_says_of_itself_belongs_to_none_of_its_changes() -> None:
    read = of(DECISION)
    for words in ("本决定自", "根据本决定"):
        assert saying(read, words).path == () and "二、" not in saying(read, words).label
    assert saying(read, "设立未来产业基金").label == "一、"


def test_an_item_that_begins_with_a_year_is_an_item() -> None:
    read = of("某市行动方案\n一、工作安排\n1.2025年底前，建成平台5个。\n2.2026年底前，建成平台8个。\n3.开放场景。\n")
    assert [saying(read, w).label for w in ("2025年", "2026年", "开放场景")] == ["一、1.", "一、2.", "一、3."]
    assert not read.warnings


def test_an_item_of_one_sentence_that_sets_a_number_is_no_heading() -> None:
    read = of("某市若干措施\n一、加强组织领导。\n成立专班。\n二、建设概念验证中心10家。\n本措施自印发之日起施行。\n")
    assert saying(read, "组织领导").kind == "heading"
    assert saying(read, "概念验证中心").kind == "item"


def test_a_part_within_a_part_is_a_level_of_its_own() -> None:
    text = """
    某国产业法典
    第一编　总则
    第一章　基本规定
    第一条　为了促进产业发展，制定本法。
    第二编　未来产业
    第一分编　通则
    第一章　一般规定
    第二条　国家支持未来产业。
    第二分编　典型领域
    第二章　量子
    第三条　国家支持量子信息。
    """
    made = of(text)
    assert saying(made, "支持量子").path == ("第二编 未来产业", "第二分编 典型领域", "第二章 量子")
    assert saying(made, "通则").label == "第二编第一分编" and not made.warnings


def test_the_english_of_an_article_is_none_of_its_paragraphs() -> None:
    text = [
        "某市条例",
        "第一章　总则",
        "Chapter I General Provisions",
        "第一条　市人民政府采取下列措施：",
        "（一）设立基金；",
    ]
    text += [
        "Article 1 The municipal government shall:",
        "(1) set up a fund;",
        "第二条　本条例自公布之日起施行。",
        "Article 2 It takes effect.",
    ]
    found = segment([Block("paragraph", line) for line in text])
    assert [p.label for p in found.provisions[2:]] == [
        "第一章 （英文）", "第一条", "第一条第（一）项", "第一条 （英文）", "第二条", "第二条 （英文）"
    ]  # fmt: skip
    assert found.text == "\n".join(text)

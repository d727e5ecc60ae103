"""From a file to the documents it would become."""

from __future__ import annotations

import pytest

from kb.coding import goals_of, is_read
from kb.draft import document_id, drafts
from kb.errors import KbError

NOTICE = """重庆市人民政府办公厅
关于印发《重庆市未来产业培育行动计划》的通知
渝府办发〔2025〕18号
各区县（自治县）人民政府，市政府各部门：
《重庆市未来产业培育行动计划》已经市政府同意，现印发给你们。
重庆市人民政府办公厅
2025年3月6日
重庆市未来产业培育行动计划
一、总体要求
坚持创新引领，建设先导区。
"""


def test_a_file_becomes_a_described_and_segmented_document() -> None:
    (draft,) = drafts(NOTICE.encode(), "通知.txt")
    assert draft.document.title == "重庆市人民政府办公厅关于印发《重庆市未来产业培育行动计划》的通知"
    assert draft.document.doc_number == "渝府办发〔2025〕18号"
    assert draft.document.region == "重庆"
    assert draft.document.issued == "2025-03-06"
    assert draft.document.coverage == "full"
    assert "".join(p.text for p in draft.provisions) == draft.text


def test_what_the_user_fills_in_wins_and_says_so() -> None:
    (draft,) = drafts(NOTICE.encode(), given={"title": "行动计划", "published": "2025-03-10", "region": ""})
    assert draft.document.title == "行动计划"
    assert draft.origins["title"] == draft.origins["published"] == "用户填写"
    assert draft.origins["region"] != "用户填写"
    assert "发布日期" not in draft.missing


def test_what_cannot_be_determined_is_empty_and_listed() -> None:
    (draft,) = drafts("某办法\n第一条　制定本办法。".encode())
    assert draft.document.issued is None
    assert "成文日期" in draft.missing
    assert "发文字号" in draft.missing


def test_the_same_number_gives_the_same_document_however_it_is_printed() -> None:
    (one,) = drafts(NOTICE.encode())
    (other,) = drafts(NOTICE.replace("〔2025〕", "[2025]").replace("总体要求", "要求").encode("gb18030"))
    assert one.document.id == other.document.id
    assert one.document.id.startswith("u-")


def test_without_a_number_title_and_region_name_the_document() -> None:
    assert document_id("计划", "重庆", None) != document_id("计划", "安徽", None)
    assert document_id("计划", "重庆", None) == document_id("计划", "重庆", "")


def test_documents_printed_under_one_number_keep_apart() -> None:
    plan = "一、总体要求\n坚持创新引领，建设先导区，培育一批企业。\n二、任务\n建设平台，开放场景，完善机制，加强领导。建设平台，开放场景。\n"
    text = f"重庆市关于印发《甲行动方案》《乙行动方案》的通知\n渝府发〔2025〕9号\n现印发给你们。\n甲行动方案\n{plan}乙行动方案\n{plan}"
    first, second = drafts(text.encode(), given={"doc_number": "渝府发〔2025〕9号"})
    assert (first.document.title, second.document.title) == ("甲行动方案", "乙行动方案")
    assert first.document.id != second.document.id
    assert second.document.doc_number == "渝府发〔2025〕9号"
    assert second.origins["doc_number"] == "推断自同一印发通知"


def test_a_reading_with_pages_missing_is_partial(monkeypatch: pytest.MonkeyPatch) -> None:
    from kb import draft as module
    from kb.model import Block, Reading

    partial = Reading("pdf", (Block("paragraph", "一、任务"),), warnings=("只读到一部分：第 2 页是扫描图像。",))
    monkeypatch.setattr(module, "read", lambda data, name, url: partial)
    (draft,) = drafts(b"x")
    assert draft.document.coverage == "partial"
    assert draft.warnings[0].startswith("只读到一部分")


@pytest.mark.parametrize(
    "given",
    [
        {"colour": "red"},
        {"coverage": "half"},
        {"id": "x"},
        {"region": "火星"},
        {"status": "废止"},
        {"level": "省"},
        {"issued": "去年"},
        {"effective": "2024年9月31日"},
    ],
)
def test_fields_and_values_that_cannot_be_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(KbError):
        drafts(NOTICE.encode(), given=given)


@pytest.mark.parametrize(
    ("typed", "iso"),
    [("2024年9月27日", "2024-09-27"), ("2024.9.27", "2024-09-27"), ("2024/9", "2024-09"), ("2024", "2024")],
)
def test_a_date_the_user_types_is_kept_as_dates_are_compared(typed: str, iso: str) -> None:
    (draft,) = drafts(NOTICE.encode(), given={"issued": typed})
    assert draft.document.issued == iso


@pytest.mark.parametrize(("named", "level"), [("宁夏回族自治区", "省级"), ("银川市", "地市级")])
def test_a_region_given_by_another_of_its_names_is_the_same_region(named: str, level: str) -> None:
    (draft,) = drafts(NOTICE.encode(), given={"region": named})
    assert (draft.document.region, draft.document.level) == (named[:2], level)


def test_an_unreadable_file_names_itself() -> None:
    with pytest.raises(KbError, match="空.pdf"):
        drafts(b"", "空.pdf")


COVER = (
    "重庆市人民政府办公厅关于印发《重庆市感知产业行动计划》的通知",
    "各区县人民政府：",
    "《重庆市感知产业行动计划》已经市政府同意，现印发给你们，请认真贯彻执行。",
    "重庆市人民政府办公厅",
    "2025年3月6日",
)


def test_a_notice_without_the_plan_it_prints_is_no_full_text() -> None:
    (draft,) = drafts("\n".join(COVER).encode(), "a.txt")
    assert draft.document.coverage == "partial"
    assert any("没有读到所印发的文件" in warning for warning in draft.warnings)
    (whole,) = drafts(
        "\n".join(
            [*COVER, "重庆市感知产业行动计划", "一、总体要求", "建设平台。", "二、任务", "开放场景。"]
        ).encode(),
        "a.txt",
    )
    assert whole.document.coverage == "full"


def test_a_page_whose_text_is_in_its_attachment_is_no_full_text() -> None:
    lines = "".join(f"<p>{line}</p>" for line in COVER)
    page = f'<html><body><div id="zoom">{lines}<p><a href="P0.pdf">重庆市感知产业行动计划.pdf</a></p></div></body></html>'
    (draft,) = drafts(page.encode(), "a.html")
    assert draft.document.coverage == "partial" and any("附件" in warning for warning in draft.warnings)


@pytest.mark.parametrize(
    "title",
    [
        "重庆市感知产业办法（节选）",
        "一图读懂重庆市感知产业办法",
        "《重庆市感知产业办法》政策解读",
        "一文说清！重庆感知产业怎么干",
        "重庆市感知产业政策问答",
        "《重庆市感知产业办法》新闻发布会实录",
    ],
)
def test_an_excerpt_or_interpretation_is_no_full_text(title: str) -> None:
    (draft,) = drafts(f"{title}\n一、总体要求\n建设平台。\n二、任务\n开放场景。".encode(), "a.txt")
    assert draft.document.coverage == "partial" and any("只读到一部分" in warning for warning in draft.warnings)


PRINTING = (
    "重庆市人民政府办公厅",
    "关于印发《重庆市低空经济发展规划》的通知",
    "渝府办发〔2025〕21号",
    "各区县（自治县）人民政府，市政府各部门，有关单位：",
    "《重庆市低空经济发展规划》已经市政府同意，现印发给你们，并就有关事项通知如下：",
    "一、加强组织领导。各区县要落实主体责任。",
    "二、强化督促落实。市发展改革委要跟踪问效。",
)
SIGNED = ("重庆市人民政府办公厅", "2025年3月6日")
PLAN = ("一、总体要求", "坚持创新引领，建设低空经济先导区。", "二、重点任务", "建设起降平台，开放应用场景。")


@pytest.mark.parametrize(
    "rest",
    [
        ("附件：重庆市低空经济发展规划", *SIGNED),
        ("附件：", "重庆市低空经济发展规划", *SIGNED),
        (*SIGNED, "附件：1.重庆市低空经济发展规划", "2.重点任务分工表"),
        (*SIGNED, "重庆市低空经济发展规划"),
    ],
)
def test_items_of_the_notice_itself_are_not_the_plan_it_prints(rest: tuple[str, ...]) -> None:
    (draft,) = drafts("\n".join([*PRINTING, *rest]).encode(), "a.txt")
    assert draft.document.coverage == "partial"
    assert any("没有读到所印发的文件" in warning for warning in draft.warnings)
    assert "".join(p.text for p in draft.provisions) == draft.text == "\n".join([*PRINTING, *rest])


@pytest.mark.parametrize(
    "title",
    [
        ("重庆市低空经济发展规划",),
        ("重庆市低空经济", "发展规划"),
        ("重庆市低空经济发展规划", "（2025—2027年）"),
        ("附件", "重庆市低空经济高质量发展规划"),
    ],
)
def test_a_notice_with_items_and_its_plan_is_the_full_text(title: tuple[str, ...]) -> None:
    (draft,) = drafts("\n".join([*PRINTING, *SIGNED, *title, *PLAN]).encode(), "a.txt")
    assert draft.document.coverage == "full" and not draft.warnings


@pytest.mark.parametrize(
    "title",
    [
        "重庆市人民政府关于贯彻落实《国务院关于印发低空经济发展规划的通知》的通知",
        "重庆市人民政府办公厅关于修订《重庆市低空经济发展规划》的通知",
    ],
)
def test_a_notice_that_prints_nothing_is_whole_with_its_own_items(title: str) -> None:
    (draft,) = drafts("\n".join([title, "各区县人民政府：", *PLAN, *SIGNED]).encode(), "a.txt")
    assert draft.document.coverage == "full"


def announced(issuer: str, number: str, title: str = "关于财政奖补事项的公告") -> str:
    """The id of a page whose 信息公开表 says who issued it under which number."""
    facts = {"发文字号": number, "发文机关": issuer, "成文日期": "2024年3月6日"}
    rows = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in facts.items())
    page = f"<table>{rows}</table><div id='zoom'><p>{title}</p><p>一、支持企业创新。</p><p>二、开放场景。</p></div>"
    (draft,) = drafts(f"<html><body>{page}</body></html>".encode(), "a.html")
    assert draft.document.issuer == issuer and draft.document.doc_number
    return draft.document.id


@pytest.mark.parametrize(
    "number",
    ["公告2024年第5号", "2024年第5号", "第5号", "〔六届〕第34号", "公告〔2023〕5号", "令第5号", "市人民政府令第5号"],
)
def test_a_number_that_names_no_body_does_not_decide_alone(number: str) -> None:
    one = announced("重庆市财政局", number)
    assert one == announced("重庆市财政局", number)
    others = {
        announced("四川省财政厅", number),
        announced("重庆市教育委员会", number),
        announced("重庆市财政局", number, "关于会计管理的公告"),
    }
    assert len({one, *others}) == 4


def test_the_id_of_a_document_held_is_the_one_it_always_had() -> None:
    assert announced("重庆市财政局", "渝财发〔2024〕5号") == announced("四川省财政厅", "渝财发〔2024〕5号")
    assert [
        document_id("计划", "重庆", "渝府发〔2025〕9号", "2025-03-06"),
        document_id("计划", "重庆", "渝府发〔2025〕9号", several=True),
        document_id("办法", "重庆", "重庆市人民政府令第326号", version="2025-01-01"),
        document_id("公告", "国家", "财政部公告2024年第5号"),
        document_id("计划", "重庆", None, "2025-03-06"),
        document_id("计划", "", ""),
    ] == [
        "u-1713ed0bf98e",
        "u-b6d5a2b9c4b4",
        "u-21c4497b97b6",
        "u-a3341e941f61",
        "u-585cc31e61ce",
        "u-2923fb632af7",
    ]


def test_a_document_partly_no_longer_in_force_stays_and_is_pointed_out() -> None:
    facts = {"发文字号": "渝府发〔2020〕9号", "发文机关": "重庆市人民政府", "有效性": "条款失效"}
    rows = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in facts.items())
    page = f"<table>{rows}</table><div id='zoom'><p>重庆市感知产业办法</p><p>第一条　建设平台。</p></div>"
    (draft,) = drafts(f"<html><body>{page}</body></html>".encode(), "a.html")
    assert draft.document.status == "现行" and any("条款失效" in warning for warning in draft.warnings)


def test_orders_after_one_another_keep_their_own_heads() -> None:
    def order(number: str, name: str, day: str) -> list[str]:
        return [
            "重庆市人民政府令", number, f"《{name}》已经市人民政府常务会议通过，现予公布，自{day}起施行。", "市长　某某", "2024年3月6日", name,
            "第一条　为了促进产业发展，制定本办法。", "第二条　本市行政区域内适用本办法。", "第三条　市人民政府负责组织领导。",
            f"第四条　本办法自{day}起施行。",
        ]  # fmt: skip

    text = "\n".join(
        [
            *order("第326号", "重庆市感知产业促进办法", "2024年5月1日"),
            *order("第327号", "重庆市低空产业促进办法", "2024年8月1日"),
        ]
    )
    first, second = drafts(text.encode(), "a.txt")
    assert [(d.document.doc_number, d.document.effective, d.document.issued) for d in (first, second)] == [
        ("重庆市人民政府令第326号", "2024-05-01", "2024-03-06"),
        ("重庆市人民政府令第327号", "2024-08-01", "2024-03-06"),
    ]
    assert second.document.issuer == "重庆市人民政府"
    assert f"{first.text}\n{second.text}" == text


def test_of_documents_printed_together_each_has_its_own_kind() -> None:
    plan = [
        "一、总体要求",
        "坚持创新引领，建设先导区，培育一批企业。" * 4,
        "二、重点任务",
        "建设平台，开放场景。" * 4,
    ]
    rules = [
        "第一条　为了促进发展，制定本办法。",
        "第二条　本市适用本办法。",
        "第三条　市政府负责。",
        "第四条　本办法自2026年4月1日起施行。",
    ]
    lines = [
        "重庆市人民政府办公厅关于印发《重庆市脑机接口产业实施方案（2026—2028年）》和《重庆市未来产业先导区评价办法》的通知",
        "现印发给你们。", "附件1", "重庆市脑机接口产业实施方案（2026—2028年）", *plan, "附件2", "重庆市未来产业先导区评价办法", *rules,
    ]  # fmt: skip
    first, second = (d.document for d in drafts("\n".join(lines).encode(), "a.txt"))
    assert (first.instrument, first.period) == ("实施方案", "2026-2028")
    assert (second.instrument, second.period, second.effective) == ("办法", None, "2026-04-01")


@pytest.mark.parametrize(
    "text",
    [
        "# 某市实施某法办法\n\n1998年5月29日 某市第一届人民代表大会常务委员会第九次会议通过\n\n2012年9月27日修订",
        "某市未来产业实施方案\n某府发〔2025〕3号\n某市人民政府\n2025年3月6日",
    ],
)
def test_a_file_without_any_provision_is_partial_and_says_so(text: str) -> None:
    (draft,) = drafts(text.encode(), "办法.md")
    assert draft.document.coverage == "partial"
    assert any("没有读到正文" in warning for warning in draft.warnings)
    (whole,) = drafts(f"{text}\n第一条　制定本办法，支持企业研发。".encode(), "办法.md")
    assert whole.document.coverage == "full"


def test_a_text_in_traditional_characters_is_partial_and_says_so() -> None:
    text = "某市未來產業實施方案\n一、總體目標\n未來產業產值達到４００億元。\n二、重點任務\n設立產業發展基金，開展應用，進一步擴大規模。"
    (draft,) = drafts(text.encode())
    assert draft.document.coverage == "partial"
    assert any("繁体字" in warning for warning in draft.warnings)


def test_a_name_in_traditional_characters_makes_no_traditional_text() -> None:
    (draft,) = drafts(f"{NOTICE}建設銀行（China Construction Bank）提供贷款。".encode())
    assert draft.document.coverage == "full"


EXPLAINED = """丁省未来产业发展条例（草案）
（征求意见稿）
第一章　总则
第一条　为了促进未来产业发展，制定本条例。
第二条　省人民政府应当设立未来产业基金。
关于《丁省未来产业发展条例（草案）（征求意见稿）》的起草说明
一、起草背景
我省未来产业已集聚企业500家。
二、主要内容
设立基金，建设先导区10个。
"""


def test_an_explanation_printed_below_a_draft_is_no_law_text_and_sets_no_goals() -> None:
    (one,) = drafts(EXPLAINED.encode(), "x.txt")
    labels = [p.label for p in one.provisions]
    assert "起草说明" in labels and "起草说明 二、" in labels and "第二条第二款" not in labels
    told = [p for p in one.provisions if p.text.startswith("设立基金")]
    assert not any(map(is_read, told))
    assert not any(goals_of(one.document, one.provisions))


def test_an_explanation_alone_keeps_its_title_and_proves_nothing() -> None:
    alone = EXPLAINED[EXPLAINED.index("关于《") :]
    (one,) = drafts(alone.encode(), "x.txt")
    assert one.document.title == "关于《丁省未来产业发展条例（草案）（征求意见稿）》的起草说明"
    assert one.document.coverage == "partial" and any("不是文件原文" in w for w in one.warnings)

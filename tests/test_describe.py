"""What is known of a document, from where, and what stays empty."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.describe import FIELDS_ZH, Description, describe
from kb.describe.dates import is_date_line, parse_date
from kb.describe.place import is_organ, is_short_for, issuer_in_title, locate, organs_in_line
from kb.describe.words import doc_number_in, draft_in, instrument_of, period_in
from kb.model import Block, Reading
from tests.samples import WRAPPED_TITLE

PLAN = "某某市未来产业培育行动计划（2025—2027年）"


def described(*lines: str, **fields: str) -> Description:
    """The description of a text; keywords are facts, ``table_发文字号`` and the like."""
    keyed = {tuple(name.split("_", 1)): value for name, value in fields.items()}
    return describe(Reading("html", tuple(Block("paragraph", line) for line in lines), keyed))  # type: ignore[arg-type]


NOTICE = (
    "重庆市人民政府办公厅",
    "关于印发《重庆市未来产业培育行动计划（2024—2027年）》的通知",
    "渝府办发[2024] 075号",
    "各区县（自治县）人民政府，市政府各部门，有关单位：",
    "《重庆市未来产业培育行动计划（2024—2027年）》已经市政府同意，现印发给你们，请认真贯彻执行。",
    "重庆市人民政府办公厅",
    "２０２４年９月２７日",
    "（此件公开发布）",
    "重庆市未来产业培育行动计划",
    "（2024—2027年）",
    "为培育未来产业，制定本行动计划，依据《国务院关于某事的意见》（国发〔2020〕1号）。",
    "本行动计划自印发之日起施行，有效期至2027年12月31日。",
    "重庆市人民政府办公厅　2024年9月29日印发",
)


def test_a_notice_is_described_from_its_text_alone() -> None:
    found = described(*NOTICE)
    assert dict(found.fields) == {
        "title": "重庆市人民政府办公厅关于印发《重庆市未来产业培育行动计划（2024—2027年）》的通知",
        "doc_number": "渝府办发〔2024〕75号",
        "issuer": "重庆市人民政府办公厅",
        "instrument": "行动计划",
        "issued": "2024-09-27",
        "effective": "2024-09-29",
        "period": "2024-2027",
        "status": "现行",
        "region": "重庆",
        "level": "省级",
    }
    assert found.missing == ("发布日期",)
    assert found.origins["doc_number"] == "正文" and found.origins["effective"].startswith("推断自印发日期")


@pytest.mark.parametrize(
    "window",
    [
        "重庆市人民政府网",
        "重庆市经济和信息化委员会-政策文件",
        "政策文件",
        "首页_重庆市人民政府",
        "欢迎访问某某区政府门户网站",
    ],
)
def test_a_title_bar_that_names_only_the_site_gives_no_title(window: str) -> None:
    lines = (PLAN, "某政发〔2025〕3号", "一、总体要求", "（一）建设先导区。")
    assert described(*lines, page_window=window).fields["title"] == PLAN
    assert (
        described(*lines, page_window=f"某某市低空经济若干措施_{window}").fields["title"] == "某某市低空经济若干措施"
    )


def test_every_field_has_an_origin_and_a_chinese_name() -> None:
    found = described(*NOTICE)
    assert set(found.origins) == set(found.fields) <= set(FIELDS_ZH)


def test_the_table_is_trusted_before_tags_and_tags_before_the_text() -> None:
    found = described(
        *NOTICE,
        table_发文字号="渝府办发〔2024〕76号",
        table_成文日期="2024年09月26日",
        meta_ArticleTitle="另一标题的通知",
        meta_PubDate="2024-10-08 09:30",
    )
    assert (found.fields["doc_number"], found.origins["doc_number"]) == ("渝府办发〔2024〕76号", "信息公开表")
    assert (found.fields["issued"], found.origins["issued"]) == ("2024-09-26", "信息公开表")
    assert (found.fields["title"], found.origins["title"]) == ("另一标题的通知", "网页标签")
    assert (found.fields["published"], found.origins["published"]) == ("2024-10-08", "网页标签")


def test_the_day_of_publication_never_fills_the_day_of_issue() -> None:
    found = described("关于某事的通知", "请认真贯彻执行。", meta_PubDate="2024-10-08", table_发布日期="2024-10-09")
    assert "issued" not in found.fields and found.fields["published"] == "2024-10-09"
    assert "成文日期" in found.missing
    other = described("关于某事的通知", "请认真贯彻执行。", table_成文日期="2024-10-01")
    assert "published" not in other.fields


@pytest.mark.parametrize("empty", ["无", "—", "--", " ", "暂无", "null"])
def test_placeholders_are_no_values(empty: str) -> None:
    found = described(*NOTICE, table_发文字号=empty, table_成文日期=empty, table_发文机关=empty)
    assert found.fields["doc_number"] == "渝府办发〔2024〕75号" and found.fields["issued"] == "2024-09-27"
    assert found.fields["issuer"] == "重庆市人民政府办公厅"


def test_who_copied_a_page_is_not_who_issued_the_document() -> None:
    found = described(*NOTICE, table_发布机构="重庆市渝北区某某街道办事处", meta_SiteName="渝北区人民政府")
    assert found.fields["issuer"] == "重庆市人民政府办公厅" and found.fields["level"] == "省级"


def test_a_publisher_who_signed_is_the_issuer() -> None:
    found = described(
        "关于做好某事的通知",
        "请执行。",
        "重庆市科学技术局　重庆市财政局",
        "2024年1月2日",
        table_发布机构="重庆市科学技术局",
    )
    assert found.fields["issuer"] == "重庆市科学技术局"


def test_joint_signers_are_all_named() -> None:
    found = described(
        "关于做好某事的通知", "请执行。", "重庆市科学技术局", "重庆市财政局　重庆市教育委员会", "2024年1月2日"
    )
    assert found.fields["issuer"] == "重庆市科学技术局、重庆市财政局、重庆市教育委员会"


def test_a_newspaper_named_as_source_is_no_issuer() -> None:
    assert "issuer" not in described("某地发布新政策", "近日，某地发布了政策。", meta_ContentSource="某某日报").fields


def test_an_order_gives_its_number_body_and_day() -> None:
    found = described(
        "广东省人民政府令", "第326号", "《广东省某某办法》已经省政府常务会议通过，现予公布，自2025年5月1日起施行。", "省长　某某", "2025年3月6日",
        "广东省某某办法", "第一条　为了某事，制定本办法。",
    )  # fmt: skip
    assert found.fields["doc_number"] == "广东省人民政府令第326号"
    assert found.fields["issuer"] == "广东省人民政府" and found.fields["issued"] == "2025-03-06"
    assert found.fields["effective"] == "2025-05-01" and found.fields["title"] == "广东省某某办法"


def test_a_regulation_is_dated_by_the_note_under_its_title() -> None:
    found = described(
        "重庆市某某促进条例", "（2025年1月10日重庆市第六届人民代表大会常务委员会第十五次会议通过）", "第一条　为了促进某事，制定本条例。",
        "第二条　依照《中华人民共和国某法》自2020年1月1日起施行的规定执行。", "第三条　本条例自2025年5月1日起施行。",
    )  # fmt: skip
    assert found.fields["issued"] == "2025-01-10" and found.fields["effective"] == "2025-05-01"
    assert found.fields["issuer"] == "重庆市人民代表大会常务委员会" and found.fields["instrument"] == "条例"


def test_a_speech_is_dated_by_its_day_and_a_copy_by_its_line() -> None:
    found = described(
        "2026年重庆市政府工作报告",
        "——2026年1月28日在重庆市第六届人民代表大会第四次会议上",
        "来源：重庆日报",
        "时间：2026-02-03",
        "各位代表：",
    )
    assert (found.fields["issued"], found.fields["published"]) == ("2026-01-28", "2026-02-03")


@pytest.mark.parametrize(
    ("title", "said", "status"),
    [
        ("某某办法（征求意见稿）", "", "征求意见稿"),
        ("关于公开征求《某某条例（草案）》意见的公告", "有效", "征求意见稿"),
        ("某某办法", "已废止", "已废止"),
        ("某某办法", "失效", "已废止"),
        ("某某办法", "有效", "现行"),
        ("某某办法", "条款失效", "现行"),
        ("某某办法", "部分失效", "现行"),
        ("某某办法", "部分条款废止", "现行"),
        ("某某办法", "已废止部分条款", "现行"),
        ("某某办法", "未废止", "现行"),
        ("某某办法", "尚未失效", "现行"),
        ("某某办法", "有效（2099年12月31日失效）", "现行"),
        ("某某办法", "2020-01-01至2099-12-31，期满自动失效", "现行"),
        ("某某办法", "有效（2020年12月31日失效）", "已废止"),
        ("某某办法", "全部条款失效", "已废止"),
        ("某某办法", "已于2020年1月1日起停止执行", "已废止"),
        ("某某办法", "", "现行"),
    ],
)
def test_the_status_is_told_from_title_and_table(title: str, said: str, status: str) -> None:
    assert described(title, "第一条　某事。", table_标题=title, table_有效性=said).fields["status"] == status


def test_a_document_past_its_end_is_pointed_out_not_abolished() -> None:
    found = described("某某办法", "第一条　某事。", table_失效日期="2020年1月1日")
    assert found.fields["status"] == "现行" and any("2020-01-01" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("issuer", "region", "level"),
    [
        ("国务院办公厅", "国家", "国家级"),
        ("工业和信息化部、教育部", "国家", "国家级"),
        ("国家发展改革委", "国家", "国家级"),
        ("中共重庆市委办公厅", "重庆", "省级"),
        ("重庆市经济和信息化委员会", "重庆", "省级"),
        ("重庆市渝北区人民政府", "重庆", "区县级"),
        ("重庆市彭水苗族土家族自治县人民政府", "重庆", "区县级"),
        ("内蒙古自治区人民政府", "内蒙古", "省级"),
        ("广西壮族自治区人民政府办公厅", "广西", "省级"),
        ("四川省成都市人民政府", "成都", "地市级"),
        ("深圳市工业和信息化局", "深圳", "地市级"),
        ("安徽省淮南市人民政府", "安徽", "地市级"),
        ("广州市天河区住房建设和园林局", "广州", "区县级"),
        ("上海市社区事务服务中心", "上海", "省级"),
        ("香港特别行政区政府", "香港", "省级"),
        ("国家税务总局重庆市税务局", "重庆", "省级"),
        ("国家税务总局重庆市渝北区税务局", "重庆", "区县级"),
        ("国家金融监督管理总局重庆监管局", "重庆", "省级"),
        ("国家税务总局大连市税务局", "大连", "地市级"),
        ("财政部、国家税务总局、重庆市财政局", "国家", "国家级"),
        ("中共重庆市委组织部", "重庆", "省级"),
        ("重庆市委宣传部", "重庆", "省级"),
        ("重庆市万盛经济技术开发区管理委员会", "重庆", "区县级"),
        ("重庆高新技术产业开发区管理委员会", "重庆", "区县级"),
        ("重庆两江新区管理委员会", "重庆", "区县级"),
        ("河北雄安新区管理委员会", "雄安", "地市级"),
        ("吉林市人民政府", "吉林", "地市级"),
        ("吉林市昌邑区人民政府", "吉林", "区县级"),
        ("吉林省人民政府", "吉林", "省级"),
    ],
)
def test_region_and_level_follow_the_issuer(issuer: str, region: str, level: str) -> None:
    found = described("关于某事的通知", "请执行。", table_发文机关=issuer)
    assert (found.fields["region"], found.fields["level"]) == (region, level)
    assert found.origins["region"] == "推断自发文机关"


def test_an_issuer_without_its_region_is_placed_by_number_then_site() -> None:
    by_number = described(
        "关于某事的通知", "请执行。", table_发文机关="市经济信息委", table_文号="渝经信发〔2024〕3号"
    )
    assert (by_number.fields["region"], by_number.origins["region"]) == ("重庆", "推断自发文字号")
    by_site = described("关于某事的通知", "请执行。", meta_SiteIDCode="3400000001")
    assert (by_site.fields["region"], by_site.origins["region"]) == ("安徽", "推断自网站标识码")


@pytest.mark.parametrize(
    ("title", "number", "issuer", "place"),
    [
        ("关于加强医保定点机构管理的通知", "渝医保发〔2024〕5号", "市医疗保障局", ("重庆", "省级")),
        ("关于支持成都建设科技创新中心的若干措施", "川办发〔2024〕5号", "", ("四川", "省级")),
        ("关于印发重庆市人工智能试验区方案的通知", "工信部科〔2024〕5号", "", ("国家", "国家级")),
        ("关于推进新乡贤工作的通知", "", "", None),
        ("关于扩大连锁经营的通知", "", "", None),
        ("关于印发合肥市未来产业行动方案的通知", "", "", ("合肥", "地市级")),
        ("吉林市城市绿化条例", "", "", ("吉林", "地市级")),
        ("国务院关于支持重庆开放发展的意见", "", "", ("国家", "国家级")),
    ],
)
def test_a_region_within_the_title_stands_behind_the_number(
    title: str, number: str, issuer: str, place: tuple[str, str] | None
) -> None:
    found = locate({"title": title, "doc_number": number, "issuer": issuer}, Reading("html", ()))
    assert (found and (found.region, found.level)) == place


def test_nothing_is_guessed_about_an_unplaced_text() -> None:
    found = described("一段没有来历的话，讲的是未来产业。")
    assert "region" not in found.fields and "title" not in found.fields
    assert {"标题", "地区", "层级", "发文机关", "成文日期"} <= set(found.missing)


# -- the grammar of single fields --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["渝府办发〔2024〕75号", "渝府办发[2024]75号", "渝府办发【2024】75号", "渝府办发(2024)75号", "渝府办发（2024）75号", "渝府办发［2024］75号",
     "渝府办发﹝2024﹞75号", "渝府办发〔２０２４〕７５号", "渝府办发〔2024〕第075号", "渝府办发 〔2024〕 75 号"],
)  # fmt: skip
def test_a_number_has_one_form_however_written(written: str) -> None:
    assert doc_number_in(written) == "渝府办发〔2024〕75号"


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2025年3月6日", "2025-03-06"), ("２０２５年０３月０６日", "2025-03-06"), ("二〇二五年三月六日", "2025-03-06"), ("二○○八年十二月二十五日", "2008-12-25"),
        ("一九九六年十月廿三日", "1996-10-23"), ("2025-03-06 09:30:00", "2025-03-06"), ("2024-01-29-17:27:00", "2024-01-29"), ("2025/3/6", "2025-03-06"),
        ("2025.03.06", "2025-03-06"), ("20250306", "2025-03-06"), ("2025年3月", "2025-03"), ("2025 年 3 月 6 日", "2025-03-06"), ("2025年", "2025"),
        ("2025年2月30日", None), ("下周", None), ("", None), ("13812345678", None),
    ],
)  # fmt: skip
def test_dates_are_as_precise_as_written(written: str, iso: str | None) -> None:
    assert parse_date(written) == iso


def test_a_date_line_holds_a_date_and_nothing_else() -> None:
    assert is_date_line("二〇二五年三月六日") and is_date_line("（2025年3月6日）")
    assert not is_date_line("2025年3月6日前完成") and not is_date_line("到2027年")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        (f"某某市人民政府办公厅关于印发《{PLAN}》的通知", "行动计划"), ("国务院关于印发国家职业教育改革实施方案的通知", "实施方案"),
        ("关于加快建设现代化产业体系的若干措施（试行）", "措施"), ("某某省国民经济和社会发展第十五个五年规划纲要", "规划"), ("关于某事的指导意见", "意见"),
        ("关于公布某某名单的通知", "名单"), ("关于召开会议的通知", "通知"), ("某某市未来产业促进条例（修订草案征求意见稿）", "条例"), ("随便一句话", None),
    ],
)  # fmt: skip
def test_the_kind_is_that_of_the_document_carried(title: str, kind: str | None) -> None:
    assert instrument_of(title) == kind


def test_periods_and_drafts_are_read_from_titles() -> None:
    assert period_in(PLAN) == "2025-2027" and period_in("某某市制造业“十五五”规划") == "2026-2030"
    assert period_in("关于2024年工作的通知") is None and draft_in("某某规划（征求意见稿）") and not draft_in(PLAN)


@pytest.mark.parametrize(
    "line",
    ["国务院办公厅", "国务院　中央军委", "某某市发展和改革委员会 某某市财政局", "中 共 中 央", "某某省科学技术厅"],
)
def test_signature_lines_name_bodies(line: str) -> None:
    assert organs_in_line(line) or line == "中 共 中 央" and is_organ("中共中央")


@pytest.mark.parametrize(
    "line",
    [
        "各区县人民政府：",
        "加强组织领导，落实各部门",
        "在第四次会议上",
        "这是一次难得的机会",
        "2024年1月2日",
        "《某某政府》",
    ],
)
def test_other_lines_name_none(line: str) -> None:
    assert organs_in_line(line) == ()


def test_an_issuer_is_read_from_a_title() -> None:
    assert issuer_in_title("中共中央办公厅 国务院办公厅关于某事的意见") == "中共中央办公厅、国务院办公厅"
    assert issuer_in_title("工业和信息化部等七部门关于推动未来产业创新发展的实施意见") is None
    assert issuer_in_title("关于某事的通知") is None


LETTER = (
    "各区县人民政府：",
    "现将有关事项通知如下。2024年1月5日召开的会议提出了要求。",
    "一、总体要求",
    "建设平台，开放场景。",
)


def letter(title: str, number: str, *signed: str) -> Description:
    return described(title, number, *LETTER, *signed)


@pytest.mark.parametrize(
    "written",
    [
        "渝府办发〔2025〕18号", "渝府办发[2025]18号", "渝府办发【2025】18号", "渝府办发（2025）018号", "渝府办发［2025］18号",
        "渝府办发﹝2025﹞18号", "渝府办发〔2025〕第18号", "渝府办发「2025」18号", "渝府办发〈2025〉18号", "渝府办发〖2025〗18号",
        "渝府办发 〔 ２０２５ 〕 １８ 号", "渝\u200b府办发〔2025〕\ufeff18号\u200b", "（渝府办发〔2025〕18号）", "文号：渝府办发〔2025〕18号",
        "渝府办发〔2025年〕18号", "渝府办发〔2025〕18号　　签发人：张三", "发文字号：渝府办发〔2025〕18号　发布日期：2025年3月12日",
    ],
)  # fmt: skip
def test_a_number_is_the_same_however_it_is_printed(written: str) -> None:
    found = letter("重庆市人民政府办公厅关于感知产业的通知", written, "重庆市人民政府办公厅", "2025年3月6日")
    assert found.fields["doc_number"] == "渝府办发〔2025〕18号"
    assert found.fields["title"] == "重庆市人民政府办公厅关于感知产业的通知"
    assert found.fields["issued"] == "2025-03-06"


RULE = ("第一条 为了促进感知产业，制定本办法。", "第二条 适用本办法。", "第三条 本办法由市经济信息委解释。")


@pytest.mark.parametrize(
    "head", [("重庆市人民政府令", "第326号"), ("重庆市人民政府令第326号",), ("重庆市人民政府令（第326号）",)]
)
def test_an_order_is_read_on_one_line_or_two(head: tuple[str, ...]) -> None:
    said = "《重庆市感知产业促进办法》已经市人民政府常务会议通过，现予公布，自2025年5月1日起施行。"
    found = described(*head, said, "市长 某某", "2025年3月6日", "重庆市感知产业促进办法", *RULE).fields
    assert found["doc_number"] == "重庆市人民政府令第326号" and found["title"] == "重庆市感知产业促进办法"
    assert (
        found["issuer"] == "重庆市人民政府" and found["issued"] == "2025-03-06" and found["effective"] == "2025-05-01"
    )


def test_an_announcement_gives_the_regulation_it_publishes() -> None:
    found = described(
        "北京市人民代表大会常务委员会公告", "〔十六届〕第34号",
        "《北京市感知产业条例》已于2025年3月26日通过，现予公布，自2025年7月1日起施行。",
        "北京市第十六届人民代表大会常务委员会", "2025年3月28日", "北京市感知产业条例",
        "（2025年3月26日北京市第十六届人民代表大会常务委员会第十四次会议通过）", *RULE,
    ).fields  # fmt: skip
    assert found["title"] == "北京市感知产业条例" and found["instrument"] == "条例"
    assert found["issuer"] == "北京市人民代表大会常务委员会" and found["issued"] == "2025-03-26"
    assert found["effective"] == "2025-07-01"


def test_a_note_under_the_title_says_number_and_entry_into_force() -> None:
    note = "（2025年3月6日重庆市人民政府令第326号公布　自2025年5月1日起施行）"
    found = described("重庆市感知产业促进办法", note, *RULE).fields
    assert (found["doc_number"], found["effective"]) == ("重庆市人民政府令第326号", "2025-05-01")


def test_the_version_of_an_amended_regulation_is_told() -> None:
    notes = (
        "2016年11月11日 上海市第十四届人民代表大会常务委员会第三十三次会议通过",
        "2024年12月31日 上海市第十六届人民代表大会常务委员会第十八次会议《关于修改〈某条例〉的决定》修正",
    )
    found = described("上海市感知条例", *notes, *RULE).fields
    assert found["issued"] == "2016-11-11" and found["amended"] == "2024-12-31"
    assert "amended" not in described("上海市感知条例", notes[0], *RULE).fields


def test_a_long_history_in_one_line_ends_in_the_version_told() -> None:
    congress = "上海市第十四届人民代表大会常务委员会第{}次会议"
    history = (
        f"2003年6月26日 {congress.format('五')}《关于修改<上海市感知条例>的决定》第一次修正",
        f"2012年4月19日 {congress.format('三十三')}修订根据2017年11月23日{congress.format('四十一')}"
        "《关于修改本市部分地方性法规的决定》第二次修正根据2019年3月28日"
        f"{congress.format('四十五')}《关于修改<上海市感知条例>等十件地方性法规的决定》第三次修正",
    )
    assert described("上海市感知条例", *history, *RULE).fields["amended"] == "2019-03-28"
    county = f"2011年7月29日 {congress.format('二')}批准  2012年11月30日县第十六届人民代表大会第二次会议修改"
    assert described("上海市感知条例", county, *RULE).fields["amended"] == "2012-11-30"


def test_an_abbreviated_issuer_is_written_out() -> None:
    signed = ("浙江省人民政府办公厅", "2025年3月6日")
    found = described("关于感知产业的通知", *LETTER, *signed, table_发文机关="省政府办公厅").fields
    assert found["issuer"] == "浙江省人民政府办公厅"
    other = described(
        "关于感知产业的通知", *LETTER, "浙江省人民政府", "2025年3月6日", table_发文机关="省政府办公厅"
    ).fields
    assert other["issuer"] == "省政府办公厅"


@pytest.mark.parametrize(
    ("short", "full", "same"),
    [
        ("市经济信息委", "重庆市经济和信息化委员会", True), ("省政府办公厅", "浙江省人民政府办公厅", True),
        ("重庆市人民政府", "重庆市人民政府办公厅", False), ("市科技局", "重庆市财政局", False), ("甲市财政局", "甲市财政局、乙局", False),
    ],
)  # fmt: skip
def test_an_abbreviation_keeps_the_kind_of_body(short: str, full: str, same: bool) -> None:
    assert is_short_for(short, full) is same


def test_joint_issuers_without_a_sign_between_them_are_told_apart() -> None:
    assert issuer_in_title("某某市财政局某某市科技局关于感知资金的通知") == "某某市财政局、某某市科技局"


def test_when_a_second_attachment_enters_into_force_is_not_said_of_the_first() -> None:
    lines = [
        "重庆市人民政府办公厅关于印发《甲方案》等两份文件的通知", "各区县人民政府：", "现印发给你们，请认真贯彻落实。",
        "附件1：甲方案", "附件2：乙办法", "重庆市人民政府办公厅", "2026年9月8日", "附件1", "甲方案", "一、总体目标", "附件2", "乙办法",
        "第一条　本办法自2026年10月1日起施行，有效期3年。",
    ]  # fmt: skip
    found = described(*lines).fields
    assert found["issued"] == "2026-09-08" and "effective" not in found and "period" not in found
    first = [*lines[:9], "本方案自2026年11月1日起施行。", *lines[10:]]
    assert described(*first).fields["effective"] == "2026-11-01"
    second = described("附件2", "乙办法", "第一条　本办法自2026年10月1日起施行，有效期3年。").fields
    assert second["effective"] == "2026-10-01"


@pytest.mark.parametrize(
    ("lines", "title", "field", "value"),
    [
        (("重庆市量子科技产业行动计划", "（征求意见稿）"), "重庆市量子科技产业行动计划（征求意见稿）", "status", "征求意见稿"),
        (("重庆市量子科技产业行动计划", "（2021—2023年）"), "重庆市量子科技产业行动计划（2021—2023年）", "period", "2021-2023"),
        (
            ("关于印发重庆市量子科技产业行动计划", "（2026—2028年）的通知"), "关于印发重庆市量子科技产业行动计划（2026—2028年）的通知",
            "period", "2026-2028",
        ),
    ],
)  # fmt: skip
def test_a_remark_on_the_line_under_a_title_belongs_to_it(
    lines: tuple[str, ...], title: str, field: str, value: str
) -> None:
    found = described(*lines, "为抢抓机遇，制定本行动计划。").fields
    assert (found["title"], found[field]) == (title, value)


@pytest.mark.parametrize("said", ["本规范自2025年3月1日起施行。", "本预案自2025年3月1日施行。"])
def test_rules_of_every_kind_say_when_they_enter_into_force(said: str) -> None:
    assert described("某某规范", "第一条　为规范某事，制定本规范。", said).fields["effective"] == "2025-03-01"


@pytest.mark.parametrize("title", ["重庆市感知办法（已废止）", "（已失效）重庆市感知办法"])
def test_a_remark_that_a_text_is_no_longer_in_force_is_its_status_and_not_its_title(title: str) -> None:
    found = described(title, *RULE).fields
    assert (found["title"], found["status"]) == ("重庆市感知办法", "已废止")


def test_the_plan_of_five_years_says_its_period() -> None:
    assert period_in("某省国民经济和社会发展第十五个五年规划纲要") == "2026-2030"


@given(
    st.lists(
        st.builds(Block, st.sampled_from(["paragraph", "table", "box", "heading"]), st.text(max_size=60)), max_size=12
    )
)
def test_describing_never_raises(blocks: list[Block]) -> None:
    describe(Reading("text", tuple(blocks)))


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("5000000062", "省级"),
        ("5001060001", "区县级"),
        ("3400000037", "省级"),
        ("3401000001", "地市级"),
        ("3401110002", "区县级"),
    ],
)
def test_the_code_of_a_site_says_the_level_of_its_owner(code: str, level: str) -> None:
    assert described("关于感知产业的通知", *LETTER, meta_SiteIDCode=code).fields["level"] == level


def test_of_two_titles_on_a_copied_page_the_fuller_one_counts() -> None:
    copied = (
        "关于建立感知价格机制的通知",
        "2025/01/20 价格司",
        "国家发展改革委 国家数据局关于建立",
        "感知价格机制的通知",
        "发改价格〔2025〕65号",
    )
    assert described(*copied, *LETTER).fields["title"] == "国家发展改革委 国家数据局关于建立感知价格机制的通知"


@pytest.mark.parametrize(
    ("note", "issuer"),
    [
        ("（2025年3月6日第十四届全国人民代表大会常务委员会第十五次会议通过）", "全国人民代表大会常务委员会"),
        ("（2025年1月20日重庆市第六届人民代表大会第三次会议通过）", "重庆市人民代表大会"),
        ("2024年8月29日苏州市第十七届人民代表大会常务委员会第十六次会议通过", "苏州市人民代表大会常务委员会"),
    ],
)
def test_who_passed_a_law_is_its_issuer(note: str, issuer: str) -> None:
    assert described("某感知条例", note, *RULE).fields["issuer"] == issuer


def test_the_prefecture_called_like_a_province_lies_in_its_own() -> None:
    head = "海南州人民政府关于印发海南州清洁能源产业行动计划的通知"
    found = describe(Reading("text", (Block("paragraph", head), Block("paragraph", "各县人民政府："))))
    assert (found.fields["region"], found.fields["level"]) == ("青海", "地市级")


def test_a_title_over_several_lines_ends_with_its_notice() -> None:
    found = describe(Reading("text", tuple(Block("paragraph", line) for line in WRAPPED_TITLE)))
    assert found.fields["title"] == "某市人民政府办公厅关于印发某市未来产业培育行动计划（2024—2027年）的通知"


def test_a_regulation_of_an_autonomous_county_is_not_its_provinces() -> None:
    found = described(
        "彭水苗族土家族自治县城乡建设管理条例",
        "（2011年5月10日彭水苗族土家族自治县第十五届人民代表大会第六次会议通过，2011年7月29日重庆市第三届人民代表大会常务委员会批准）",
        "第一条　为了加强城乡建设管理，制定本条例。",
    ).fields
    assert (found["region"], found["level"]) == ("重庆", "区县级")


@pytest.mark.parametrize("mark", ["（转载）", "【转发】", "[转]"])
@pytest.mark.parametrize("place", ["table_标题", "meta_ArticleTitle", "page_title", "page_window"])
def test_the_remark_of_a_site_that_it_reposts_is_no_part_of_the_title(mark: str, place: str) -> None:
    assert described("各区：", **{place: mark + PLAN}).fields["title"] == PLAN


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("关于加快培育未来产业的提案", "提案人：某某", "建议设立未来产业基金。"), "提案"),
        (("关于加快培育未来产业的建议", "领衔代表：某某", "建议设立未来产业基金。"), "提案"),
        (("加快培育未来产业", "案由：加快培育未来产业", "建议设立未来产业基金。"), "提案"),
        (("某某市未来产业发展调研报告", "一、发展现状", "产业规模居全省前列。"), "研究报告"),
        (("某某市科学技术局关于市政协第0456号提案的复函", "提案人：某某", "您提出的提案收悉。"), "函"),
        (("中共某某市委关于制定国民经济和社会发展第十五个五年规划的建议", "一、总体要求", "坚持创新驱动。"), "建议"),
    ],
)  # fmt: skip
def test_what_is_no_policy_is_told_from_one_and_said_not_to_be_compared(lines: tuple[str, ...], kind: str) -> None:
    made = described(*lines)
    assert made.fields["instrument"] == kind
    assert any("不参与比较" in w for w in made.warnings) == (kind in ("提案", "研究报告"))

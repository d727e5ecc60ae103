"""Which documents count at a day: validity, digests beside other versions, what repeals what, drafts, dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kb.compare.force import drafts, in_force, lapsed, status_on, succeeded, without_digests
from kb.corpus import Corpus
from kb.draft import drafts as read
from kb.model import DRAFT_STATUS, Document
from kb.settings import CORPUS

REGISTRY = {d.id: d for d in Corpus(CORPUS).registry}
MEASURES = """重庆市科学技术局
关于印发《重庆市种子投资基金管理办法》的通知
渝科局发〔2019〕88号
各区县（自治县）科技局：
现将《重庆市种子投资基金管理办法》印发给你们，请遵照执行。
重庆市科学技术局
2019年10月8日
重庆市种子投资基金管理办法
第一条　为规范种子投资基金管理，制定本办法。
第二条　{closing}
"""


def held(identity: str, title: str, issued: str | None, **more: str | None) -> Document:
    facts: dict[str, object] = {
        "region": "重庆", "level": "省级", "instrument": "办法", "coverage": "full", **more,
    }  # fmt: skip
    return Document(id=identity, title=title, issued=issued, **facts)  # type: ignore[arg-type]


def successors(known: Sequence[Document], *said: tuple[str, str]) -> dict[str, str]:
    return {d.id: d.superseded_by for d in succeeded(known, said) if d.superseded_by}


# -- validity ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closing", "last", "over"),
    [
        ("本办法自印发之日起施行，有效期至2027年12月15日。", "2027-12-15", "2027-12-16"),
        ("本办法自印发之日起施行，有效期至2022年1月31日。", "2022-01-31", "2022-02-01"),
        ("本办法自印发之日起施行，有效期至2027年12月。", "2027-12-31", "2028-01-01"),
        ("本办法自印发之日起施行，有效期至2023年。", "2023-12-31", "2024-01-01"),
        ("本办法自2019年10月16日起施行，有效期5年。", "2024-10-15", "2024-10-16"),
        ("本办法自2020年2月29日起施行，有效期三年。", "2023-02-28", "2023-03-01"),
        ("本办法自印发之日起施行，有效期五年。", "2024-10-07", "2024-10-08"),
    ],
)
def test_a_text_counts_as_over_from_the_day_after_its_validity(closing: str, last: str, over: str) -> None:
    (draft,) = read(MEASURES.format(closing=closing).encode(), "办法.txt")
    assert draft.document.period
    assert not lapsed(draft.document, last)
    assert lapsed(draft.document, over)


def test_so_many_years_are_counted_from_the_best_date_known() -> None:
    rule = held("rule", "重庆市奖补办法", None, period="有效期3年")
    assert not lapsed(rule, "2099-01-01"), "nothing tells when it began"
    assert not lapsed(replace(rule, issued="2021"), "2024-12-31")
    assert lapsed(replace(rule, issued="2021"), "2025-01-01")
    assert not lapsed(replace(rule, published="2021-05"), "2024-05-31")
    assert lapsed(replace(rule, published="2021-05"), "2024-06-01")


def test_a_registered_plan_is_over_after_the_last_year_it_names() -> None:
    staged = REGISTRY["zj-2022-pilotzone-opinion"]
    assert staged.period == "2023、2025"
    assert not lapsed(staged, "2025-12-31")
    assert lapsed(staged, "2026-01-01")
    for document in REGISTRY.values():
        last = max((document.period or "2099")[-4:], "2000")
        assert lapsed(document, f"{int(last) + 1}-01-01") == bool(document.period)
        assert not lapsed(document, f"{last}-12-31")


@pytest.mark.parametrize(
    "period", ["2024—2027年", "2024年至2027年", "2024-01-01至2027-12-31", "自2024年1月起至2027年12月止"]
)
def test_a_period_a_user_wrote_ends_with_its_last_date(period: str) -> None:
    rule = held("rule", "重庆市奖补办法", "2024-01-01", period=period)
    assert not lapsed(rule, "2027-12-31")
    assert lapsed(rule, "2028-01-01")


# -- a digest and other texts of its name --------------------------------------------------------------------------


def test_the_full_text_of_a_draft_leaves_the_digest_of_the_plan() -> None:
    plan = REGISTRY["ah-2024-aerospace-info"]
    pulled = replace(REGISTRY["ah-2024-aerospace-info-draft"], coverage="full")
    added = replace(pulled, id="u-1", origin="user", superseded_by=None)
    for draft in (pulled, added):
        known = succeeded((plan, draft), [])
        assert [d.id for d in in_force(known, "2026-01-01")] == [plan.id]
        assert drafts(known, "安徽", "2026-01-01") == []


def test_the_full_text_of_another_version_leaves_the_digest() -> None:
    digest = held("digest", "重庆市种子投资基金管理办法", "2024-10", coverage="partial")
    trial = held("trial", "关于印发《重庆市种子投资基金管理办法（试行）》的通知", "2019-10-08")
    assert [d.id for d in in_force(succeeded((digest, trial), []), "2026-01-01")] == ["digest"]
    assert [d.id for d in in_force(succeeded((digest, trial), []), "2022-01-01")] == ["trial"]
    assert len(without_digests((replace(digest, issued=None), trial))) == 2
    renewed = replace(digest, id="renewed", coverage="full", doc_number="渝科局规〔2024〕9号")
    assert len(without_digests((replace(digest, doc_number="渝科局规〔2024〕5号"), renewed))) == 2
    amended = replace(digest, id="amended", coverage="full", amended="2025-03-28")
    known = succeeded((digest, amended), [])
    assert [d.id for d in in_force(known, "2025-01-01")] == ["digest"]
    assert [d.id for d in in_force(known, "2026-01-01")] == ["amended"]


def test_last_years_report_in_full_leaves_the_digest_of_this_years() -> None:
    digest = held("digest", "政府工作报告", "2026-01-27", coverage="partial", issuer="重庆市人民政府")
    older = replace(digest, id="older", issued="2025-01-16", coverage="full")
    assert without_digests((digest, older)) == [digest, older]
    assert without_digests((digest, replace(older, issued=None, published="2026-02-03"))) != [digest, older]


def test_the_full_text_of_the_document_itself_takes_the_digests_place_however_it_is_dated() -> None:
    digest = REGISTRY["cq-2024-seed-fund-measures"]
    assert digest.title == "重庆市种子投资基金管理办法（试行）"
    for dates in ({"issued": "2024-10-11"}, {"issued": None, "published": "2024-11-04"}, {"issued": "2024"}):
        full = replace(digest, id="u-1", title=f"关于印发《{digest.title}》的通知", coverage="full", **dates)  # type: ignore[arg-type]
        assert [d.id for d in without_digests((digest, full))] == ["u-1"]


def test_joint_issuers_shortened_to_the_first_are_the_same() -> None:
    digest = REGISTRY["sc-2025-tech"]
    issuer = "四川省科学技术厅、四川省发展和改革委员会、四川省经济和信息化厅"
    full = replace(digest, id="u-1", coverage="full", issuer=issuer, issued="2025-06-20")
    assert [d.id for d in without_digests((digest, full))] == ["u-1"]


def test_a_digest_registered_as_the_successor_hands_this_on_to_its_full_text() -> None:
    draft, digest = REGISTRY["cq-2024-draft-cluster-plan"], REGISTRY["cq-2024-action-plan"]
    full = replace(digest, id="u-1", coverage="full", origin="user")
    known = succeeded((draft, digest, full), [])
    assert {d.id: d.superseded_by for d in known} == {draft.id: "u-1", "u-1": None}
    assert drafts(known, "重庆", "2026-01-01") == []


# -- what repeals what ---------------------------------------------------------------------------------------------

A = held("a", "重庆市市级预算监督条例", "2004-05-30")
B = held("b", "重庆市种子投资基金管理办法", "2019-10-08", doc_number="渝科局发〔2019〕88号")
C = held("c", "关于印发《重庆市创业投资奖补办法》的通知", "2020-03-02", doc_number="渝府办发〔2020〕21号")
NEW = held("new", "重庆市未来产业培育发展若干政策措施", "2026-01-05", issuer="重庆市经济和信息化委员会")


@pytest.mark.parametrize(
    "text",
    [
        "第五条 2004年5月30日经重庆市第二届人民代表大会常务委员会第九次会议通过的《重庆市市级预算监督条例》同时废止。",
        "二、自本条例施行之日起，《重庆市市级预算监督条例》即行废止。",
        "《重庆市市级预算监督条例》自2026年2月1日起废止。",
        "本条例自2026年2月1日起施行，同时废止《重庆市市级预算监督条例》。",
        "重庆市人民代表大会常务委员会决定废止《重庆市市级预算监督条例》。",
        "决定对《重庆市市级预算监督条例》等3件地方性法规予以废止。",
        "《重庆市市级预算监督条例》（2004年5月30日通过(2010年修正)）及其补充规定一并废止。",
        "根据《重庆市地方立法条例》，《重庆市市级预算监督条例》予以废止，现予公布。",
    ],
)
def test_a_text_that_repeals_another_replaces_it(text: str) -> None:
    law = held("law", "重庆市地方立法条例", "2017-01-19")
    assert successors((A, law, NEW), ("new", text)) == {"a": "new"}


@pytest.mark.parametrize(
    "text",
    [
        "对照《重庆市市级预算监督条例》清理废止妨碍公平竞争的规定。",
        "落实《重庆市市级预算监督条例》，及时修订或废止不相适应的政策措施。",
        "根据《重庆市市级预算监督条例》，原有规定同时废止。",
        "有关规定与《重庆市市级预算监督条例》不一致的，予以废止。",
        "同时废止与《重庆市市级预算监督条例》相抵触的文件。",
        "《重庆市市级预算监督条例》第三条同时废止。",
        "《重庆市市级预算监督条例》废止前已受理的，按原规定办理。",
        "推动修订《重庆市市级预算监督条例》。开展规章清理，废止一批文件。",
        "《 》同时废止。",
    ],
)
def test_a_text_that_speaks_of_repealing_beside_a_title_does_not_repeal_it(text: str) -> None:
    assert successors((A, NEW), ("new", text)) == {}


LISTS = [
    "第九条 下列文件同时废止：1.《重庆市市级预算监督条例》；2.《重庆市种子投资基金管理办法》（渝科局发〔2019〕88号）；"
    "3.《重庆市人民政府办公厅关于印发〈重庆市创业投资奖补办法〉的通知》（渝府办发〔2020〕21号）。",
    "本办法自2026年2月1日起施行。以下文件自本办法施行之日起废止：\n（一）《重庆市市级预算监督条例》；\n\n"
    "（二）重庆市科学技术局关于种子基金的通知（渝科局发[2019]88号）；\n（三）《重庆市创业投资奖补办法》。\n"
    "附件：《重庆市未来产业名录》\n",
    "决定废止下列规范性文件：《重庆市市级预算监督条例》、《重庆市种子投资基金管理办法》，《重庆市创业投资奖补办法》。",
    "《重庆市市级预算监督条例》、2019年10月8日印发的《重庆市种子投资基金管理办法》和《重庆市创业投资奖补办法》"
    "（渝府办发〔2020〕21号）同时废止。",
]  # fmt: skip


@pytest.mark.parametrize("text", LISTS)
def test_each_of_a_list_is_repealed_and_nothing_after_it(text: str) -> None:
    after = held("after", "重庆市未来产业名录", "2025-03-01")
    text += "\n第十条 各区县应当依据《重庆市未来产业名录》组织申报。"
    assert successors((A, B, C, after, NEW), ("new", text)) == dict.fromkeys("abc", "new")


@pytest.mark.parametrize(
    "made", ["《甲办法》、", "《甲办法》和某年印发的", "渝府发〔2019〕3号、", "自中日", "同时", "《甲》("]
)
def test_a_long_line_that_nearly_repeals_is_read_in_good_time(made: str) -> None:
    text = made * 2_000 + "清理废止"
    assert successors((A, NEW), ("new", text)) == {}


def test_a_district_repeals_nothing_of_the_city() -> None:
    below = replace(NEW, level="区县级", issuer="重庆市渝北区人民政府")
    assert successors((A, below), ("new", "《重庆市市级预算监督条例》同时废止。")) == {}


# -- same title ----------------------------------------------------------------------------------------------------


def test_a_report_is_followed_by_the_next_of_the_same_body_only() -> None:
    city = held("city", "政府工作报告", "2026-01-20", issuer="重庆市人民政府")
    district = held("yubei", "政府工作报告", "2026-02-02", issuer="重庆市渝北区人民政府", level="区县级")
    other = replace(district, id="jiangbei", issued="2026-02-09", issuer="重庆市江北区人民政府")
    following = replace(district, id="next", issued="2027-02-01", issuer="渝北区人民政府")
    assert successors((city, district, other, following)) == {"yubei": "next"}
    assert successors((city, replace(city, id="office", issued="2027-01-20", issuer="重庆市人民政府办公厅"))) == {
        "city": "office"
    }


def test_a_title_that_names_its_region_needs_no_common_issuer() -> None:
    later = held("later", "重庆市种子投资基金管理办法（2024年修订）", "2024-10-11", issuer="重庆市人民政府办公厅")
    assert successors((replace(B, issuer="重庆市科学技术局"), later)) == {"b": "later"}


# -- dates ---------------------------------------------------------------------------------------------------------


def test_a_document_never_counts_before_it_was_issued() -> None:
    rule = held("rule", "重庆市奖补办法", "2025-03-10", effective="2025-01-01")
    assert in_force((rule,), "2025-02-01") == []
    assert in_force((rule,), "2025-03-10") == [rule]


def test_an_earlier_document_does_not_end_the_draft_of_its_revision() -> None:
    law = held("law", "重庆市优化营商环境条例", "2010-03-31", instrument="条例")
    draft = replace(law, id="draft", title=law.title + "（修订草案征求意见稿）", status=DRAFT_STATUS, issued=None,
                    published="2025-04-02")  # fmt: skip
    revised = replace(law, id="revised", issued="2025-11-28")
    assert drafts(succeeded((law, draft), []), "重庆", "2026-01-01") == [draft]
    known = succeeded((law, draft, revised), [])
    assert [d.id for d in drafts(known, "重庆", "2025-06-01")] == ["draft"]
    assert drafts(known, "重庆", "2026-01-01") == []


def test_a_draft_is_ended_by_the_notice_that_prints_the_plan_later_in_the_year() -> None:
    draft = held("draft", "重庆市数据标注办法（试行）（征求意见稿）", "2025", status=DRAFT_STATUS)
    final = held("final", "重庆市数据局关于印发《重庆市数据标注办法（试行）》的通知", "2025-06-30")
    assert successors((draft, final)) == {"draft": "final"}


def test_what_is_in_force_but_planned_for_a_time_gone_by_is_said_to() -> None:
    plan = held("p", "某某市未来产业规划", "2021-05-01", period="2021-2025", status="现行")
    assert (status_on(plan, "2025-06-01"), status_on(plan, "2026-06-01")) == ("现行", "规划期已满")
    assert status_on(replace(plan, status="已废止"), "2026-06-01") == "已废止"

"""The columns of a comparison: single documents, texts of one title, and what each column shows of goals and sectors."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from kb.compare.result import Comparison, how_many
from kb.errors import KbError
from kb.knowledge import KnowledgeBase
from kb.plain import comparison_row
from tests.samples import FUND, LAW, PLANT, SCENE, draft

DAY = "2026-07-01"
REPORT = "政府工作报告"
CHONGQING = [FUND, "到2027年，培育未来产业领军企业20家以上。"]
SICHUAN = [SCENE, "到2027年，培育未来产业领军企业35家以上。"]


@pytest.fixture
def base(empty: KnowledgeBase) -> KnowledgeBase:
    """Work reports of one title from two regions and two years, and a plan beside them."""
    empty.add([draft("cq-2026", CHONGQING, REPORT, issued="2026-01-21", coverage="full")])
    empty.add([draft("cq-2025", [PLANT], REPORT, issued="2025-01-19", coverage="full")])
    empty.add([draft("sc-2026", SICHUAN, REPORT, region="四川", issued="2026-01-28", coverage="full")])
    empty.add([draft("sc-plan", [LAW], "四川省未来产业行动方案", region="四川", issued="2025-05-06")])
    return empty


def names(result: Comparison) -> list[str]:
    return [c.region for c in result.columns]


def goals(result: Comparison) -> set[tuple[str, str, float | None]]:
    return {(t.region, t.document.id, t.target.low) for t in result.targets}


def strong(result: Comparison, measure: str) -> dict[str, list[str]]:
    """By column, the documents that provide for a measure."""
    return {c.region: [e.document.id for e in c.evidence] for c in result.cells if c.measure == measure}


def test_a_baseline_that_is_one_document_keeps_its_goals_beside_its_region(base: KnowledgeBase) -> None:
    base.add([draft("cq-plan", ["到2027年，培育链主企业30家。"], "重庆市未来产业行动计划", issued="2025-03-01")])
    result = base.compare("cq-2026", as_of=DAY)
    assert names(result) == [f"《{REPORT}》", "重庆", "四川"]
    assert goals(result) == {
        (f"《{REPORT}》", "cq-2026", 20), ("重庆", "cq-plan", 30), ("四川", "sc-2026", 35),
    }  # fmt: skip


def test_a_document_is_on_one_side_only_and_counts_once(base: KnowledgeBase) -> None:
    # nothing but the chosen report is in force in Chongqing
    assert names(base.compare("cq-2026", as_of=DAY)) == [f"《{REPORT}》", "四川"]
    with pytest.raises(KbError, match="没有可比的对象"):
        base.compare("cq-2026", ["重庆"], DAY)
    assert names(base.compare("cq-2026", ["重庆", "四川", "西藏"], DAY))[1:] == ["四川", "西藏"]
    base.add([draft("cn", [FUND], "关于推动未来产业发展的意见", region="国家", issued="2025-05-06")])
    nation = base.compare("重庆", ["四川", "国家", "cn"], DAY)
    assert [c.counted for c in nation.columns[1:]] == [True, False, True]
    base.add([draft("sc-fund", [FUND], "四川省未来产业基金方案", region="四川", issued="2025-05-06")])
    result = base.compare("重庆", ["四川", "sc-fund"], DAY)
    assert {c.region: c.counted for c in result.columns[1:]} == {"四川": True, "《四川省未来产业基金方案》": False}
    assert all(f.counted_peers <= 1 for f in result.findings)


def test_a_document_of_the_region_that_is_the_baseline_is_no_peer_of_it(base: KnowledgeBase) -> None:
    base.add([draft("cq-fund", [FUND], "重庆市未来产业基金方案", issued="2025-05-06")])
    result = base.compare("重庆", ["cq-fund", "四川"], DAY)
    assert {c.region: c.counted for c in result.columns[1:]} == {"《重庆市未来产业基金方案》": False, "四川": True}
    with pytest.raises(KbError, match="已算在基准“重庆”内.*以它为基准、选“重庆”为对照"):
        base.compare("重庆", ["cq-fund"], DAY)
    assert base.compare("cq-fund", ["重庆"], DAY).peers == ("重庆",)


def test_what_is_left_of_the_region_of_a_document_is_as_complete_as_its_own_texts(base: KnowledgeBase) -> None:
    base.add([
        draft("cq-plan", [SCENE], "重庆市未来产业培育方案", issued="2025-05-06", coverage="full"),
        draft("cq-part", [FUND], "重庆市未来产业基金方案", issued="2025-05-06", coverage="partial"),
    ])  # fmt: skip
    whole = {c.region: c.coverage for c in base.compare("cq-part", ["重庆", "四川"], DAY).columns}
    assert whole["重庆"] == "full" and base.compare("重庆", ["四川"], DAY).columns[0].coverage == "partial"


def test_a_text_chosen_beside_its_region_counts_there_as_chosen(shipped: KnowledgeBase) -> None:
    def narrow(*peers: str) -> dict[str, bool]:
        found = shipped.compare("上海", peers, "2026-11-25").cell("special_plan", "河南").evidence
        return {e.document.id: e.narrow for e in found}

    assert narrow("河南")["hn-2022-hydrogen"] and narrow("河南")["hn-2022-satellite"]
    chosen = narrow("河南", "hn-2022-hydrogen")
    assert not chosen["hn-2022-hydrogen"] and chosen["hn-2022-satellite"]


def test_a_proposal_is_searched_and_counts_nowhere(base: KnowledgeBase) -> None:
    proposed = draft(
        "cq-idea",
        ["建议每年发布场景机会清单。"],
        "关于加快培育未来产业的提案",
        instrument="提案",
        issued="2025-05-06",
    )
    before = comparison_row(base.compare("重庆", as_of=DAY))
    base.add([proposed])
    assert comparison_row(base.compare("重庆", as_of=DAY)) == before
    assert any(hit.document.id == "cq-idea" for hit in base.search("场景机会清单", mode="lexical"))


def test_a_goal_of_a_plan_whose_period_is_over_says_so(base: KnowledgeBase) -> None:
    old = draft(
        "zj",
        ["到2025年，建设未来产业先导区30个。"],
        "浙江省未来产业方案",
        region="浙江",
        issued="2022-05-01",
        period="2022-2025",
    )
    base.add([old])
    remarks = {t.region: t.remark for t in base.compare("重庆", as_of=DAY).targets}
    assert remarks == {"重庆": "（非专门文件）", "四川": "（非专门文件）", "浙江": "（规划期已满）"}


def test_texts_of_one_title_are_compared_and_told_apart_by_region(base: KnowledgeBase) -> None:
    result = base.compare("cq-2026", ["sc-2026"], DAY)
    own, other = names(result)
    assert (own, other) == (f"《{REPORT}》（重庆）", f"《{REPORT}》（四川）")
    assert strong(result, "patient_capital") == {own: ["cq-2026"], other: []}
    assert strong(result, "scenario_list") == {own: [], other: ["sc-2026"]}
    assert goals(result) == {(own, "cq-2026", 20), (other, "sc-2026", 35)}
    told = json.loads(json.dumps(comparison_row(result), ensure_ascii=False))
    assert {r["region"]: r["documents"] for r in told["regions"]} == {own: ["cq-2026"], other: ["sc-2026"]}
    assert {t["region"] for t in told["targets"]} == {own, other}


def test_an_old_and_a_new_version_are_told_apart_by_date(base: KnowledgeBase) -> None:
    result = base.compare("cq-2026", ["cq-2025", "sc-2026"], DAY)
    assert names(result) == [
        f"《{REPORT}》（重庆，2026-01-21）",
        f"《{REPORT}》（重庆，2025-01-19）",
        f"《{REPORT}》（四川）",
    ]
    assert strong(result, "scenario_demo") == dict(zip(names(result), ([], ["cq-2025"], []), strict=True))


def test_undated_texts_of_one_title_are_told_apart_by_their_numbers_in_the_library(base: KnowledgeBase) -> None:
    base.add([draft("gz-a", [FUND], REPORT, region="贵州")])
    base.add([draft("gz-b", [SCENE], REPORT, region="贵州")])
    result = base.compare("cq-2026", ["gz-a", "gz-b"])
    assert len(set(names(result))) == 3
    assert names(result)[1:] == [f"《{REPORT}》（贵州，gz-a）", f"《{REPORT}》（贵州，gz-b）"]


def test_a_title_that_only_one_column_bears_stays_as_it_is(base: KnowledgeBase) -> None:
    assert names(base.compare("cq-2026", ["sc-plan", "四川"], DAY)) == [
        f"《{REPORT}》",
        "《四川省未来产业行动方案》",
        "四川",
    ]


def test_one_peer_named_twice_is_one_column(base: KnowledgeBase) -> None:
    assert names(base.compare("重庆", ["四川", "四川省", "sc-2026", "sc-2026"], DAY)) == [
        "重庆",
        "四川",
        f"《{REPORT}》",
    ]


@pytest.mark.parametrize("peers", [["cq-2026"], ["cq-2026", "cq-2026"]])
def test_a_document_is_no_peer_of_itself(base: KnowledgeBase, peers: list[str]) -> None:
    with pytest.raises(KbError, match="自己"):
        base.compare("cq-2026", peers, DAY)


AHEAD = "抢抓人工智能等前沿领域机遇，推动高质量发展。"
FIRST = "优先发展人工智能，建设产业集聚区。"
EXPLORE = "探索发展人工智能，跟踪技术演进。"
NAMED = "建设人工智能公共数据平台。"


def tier(base: KnowledgeBase) -> str | None:
    row = next(s for s in base.compare("四川", ["重庆"], DAY).sectors if s.sector == "general_ai")
    return row.tiers.get("四川")


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([("2025-2027", [AHEAD, FIRST])], "优先"),
        ([("2025-2027", [FIRST, AHEAD])], "优先"),
        ([("2021-2025", [FIRST]), ("2026-2030", [EXPLORE])], "探索"),
        ([("2026-2030", [EXPLORE]), ("2021-2025", [FIRST])], "探索"),
        ([("2021-2025", [EXPLORE]), ("2026-2030", [NAMED])], "探索"),
        ([("2021-2025", [AHEAD, FIRST])], "优先"),
        ([("2026-2030", [AHEAD]), ("2025-2027", [FIRST])], "优先"),
        ([("2026-2030", [NAMED])], None),
        ([("2026-2030", [NAMED, "推广人工智能应用。", EXPLORE])], None),
    ],
)
def test_a_sector_has_the_highest_tier_that_plans_still_running_give_it(
    base: KnowledgeBase, documents: list[tuple[str, list[str]]], expected: str | None
) -> None:
    for number, (period, lines) in enumerate(documents):
        title = f"四川省人工智能发展规划（{period}年）"
        issued = f"{period[:4]}-03-01"
        base.add([draft(f"sc-{number}", lines, title, region="四川", period=period, issued=issued)])
    assert tier(base) == expected


def test_a_sector_that_only_texts_on_everything_name_is_said_to_be_so(base: KnowledgeBase) -> None:
    def told(*peers: str) -> Mapping[str, str]:
        return next(s for s in base.compare("重庆", peers, DAY).sectors if s.sector == "general_ai").remarks

    base.add([draft("sc-law", [FIRST], "四川省营商环境条例", region="四川", issued="2025-01-20")])
    assert told() == {"四川": "（非专门文件）"}
    assert told("sc-law") == {}
    old = draft("sc-old", [NAMED], "四川省未来产业方案", region="四川", issued="2021-07-01", period="2021-2025")
    base.add([old])
    assert told() == {"四川": "（非专门文件或规划期已满）"}
    base.library.remove("sc-law", "2026-06-01")
    assert told() == {"四川": "（规划期已满）"}
    base.add([draft("sc-ai", [NAMED], "四川省未来产业培育方案", region="四川", issued="2025-07-01")])
    assert told() == {}


def test_what_the_recogniser_finds_in_a_text_on_everything_counts_where_the_text_is_chosen(
    base: KnowledgeBase,
) -> None:
    def found(result: Comparison, column: str) -> dict[str, bool]:
        cell = result.cell("scenario_list", column)
        return {e.document.id: e.general for e in cell.evidence}

    assert found(base.compare("重庆", as_of=DAY), "四川") == {"sc-2026": True}
    assert found(base.compare("重庆", ["sc-2026"], DAY), f"《{REPORT}》") == {"sc-2026": False}
    base.add([draft("sc-scenes", [SCENE], "四川省未来产业场景行动方案", region="四川", issued="2025-06-01")])
    assert found(base.compare("重庆", as_of=DAY), "四川")["sc-scenes"] is False


def test_tools_and_index_of_a_region_leave_out_what_does_not_count(base: KnowledgeBase) -> None:
    def codes(baseline: str, peers: list[str]) -> int:
        column = base.compare(baseline, peers, DAY).columns[1]
        held = base.library.coded([d.id for d in column.documents])
        return sum(len(h.codes) for h in column.counting(held) if h.document_id == "sc-2026")

    assert codes("重庆", ["四川"]) == 0 < codes("重庆", ["sc-2026"])
    documents = base.compare("重庆", ["四川"], DAY).columns[1].documents
    plan = [d for d in documents if d.id == "sc-plan"]
    assert {d.id for d in documents} == {"sc-2026", "sc-plan"}
    assert base.pmc("四川", documents).score == base.pmc("四川", plan).score


def test_a_city_is_compared_with_cities_and_a_province_with_provinces(shipped: KnowledgeBase) -> None:
    def counted(baseline: str) -> set[str]:
        return {c.region for c in shipped.compare(baseline, as_of=DAY).columns[1:] if c.counted}

    assert {"成都", "深圳"} <= counted("武汉") and not {"湖北", "上海", "重庆"} & counted("武汉")
    assert {"安徽", "上海"} <= counted("重庆") and not {"成都", "合肥"} & counted("重庆")
    named = shipped.compare("武汉", ["上海", "深圳"], DAY)
    assert all(c.counted for c in named.columns[1:])


def test_a_document_may_be_called_by_its_number_or_its_title(shipped: KnowledgeBase) -> None:
    plan = "《重庆市未来产业培育行动计划（2024—2027年）》"
    for name in ("cq-2024-action-plan", "渝府办发[2024]75号", plan, "重庆市未来产业培育行动计划"):
        assert shipped.compare(name, ["上海"], DAY).baseline == plan
    assert shipped.compare("重庆", ["皖政办秘（2024）66号"], DAY).peers == ("《安徽省未来产业发展行动方案》",)
    with pytest.raises(KbError, match="发文字号或完整题名"):
        shipped.compare("某某方案", as_of=DAY)


def test_a_region_nothing_is_held_of_is_no_peer(shipped: KnowledgeBase) -> None:
    assert shipped.compare("重庆", ["上海", "西藏"], DAY).peers == ("上海",)


def test_peers_of_which_only_places_below_them_are_held_are_turned_away_with_these(shipped: KnowledgeBase) -> None:
    with pytest.raises(KbError, match="没有西安、合肥的现行文件，无从对照。可改选“合肥（下辖地区）”"):
        shipped.compare("成都", ["西安", "合肥"], "2026-11-25")


def test_documents_are_not_counted_as_regions(shipped: KnowledgeBase) -> None:
    result = shipped.compare("cq-2026-support-measures", ["ah-2024-action-plan"], DAY)
    told = "".join(f.sentence for f in result.findings)
    assert "计入对照的文件中只有《安徽省未来产业发展行动方案》" in told and "地区中" not in told
    assert how_many(result.peers, "对照") == "1 份对照文件" and how_many(["上海", "安徽"], "对照") == "2 个对照地区"


def test_what_was_said_of_a_region_is_not_said_of_a_plan_on_one_industry(shipped: KnowledgeBase) -> None:
    def attested(baseline: str) -> set[str]:
        return {f.measure.id for f in shipped.compare(baseline, as_of=DAY).findings if f.basis == "attested"}

    assert attested("cq-2024-action-plan") and not attested("cq-2024-low-altitude-plan")


def test_plans_on_single_industries_are_no_plan_of_the_field_unless_chosen(shipped: KnowledgeBase) -> None:
    beside = shipped.compare("四川", as_of="2026-11-25")
    held = next(c for c in beside.cells if (c.measure, c.region) == ("special_plan", "河南"))
    assert {e.document.title for e in held.evidence if e.narrow} == {
        "河南省卫星产业发展规划", "河南省氢能产业发展中长期规划（2022—2035年）"
    }  # fmt: skip
    # the plan of 河南 on all future industries is over, those on satellites and hydrogen still run
    told = next(f for f in beside.findings if f.measure.id == "special_plan")
    assert "河南有此类规定，但规划期已满或只针对个别产业" in told.sentence and told.deploying == ("江西",)
    chosen = shipped.compare("hn-2022-hydrogen", as_of="2026-11-25").findings
    assert next(f for f in chosen if f.measure.id == "special_plan").baseline_strength == 2


def test_the_national_level_alone_is_no_peer(shipped: KnowledgeBase) -> None:
    with pytest.raises(KbError, match="只列出备查"):
        shipped.compare("重庆", ["国家"], DAY)


def test_what_a_district_of_a_city_issued_stands_beside_the_city(shipped: KnowledgeBase) -> None:
    columns = {c.region: c for c in shipped.compare("武汉", as_of=DAY).columns}
    beside = columns["合肥（下辖地区）"]
    assert "合肥" not in columns and beside.level == "区县级" and not beside.counted
    with pytest.raises(KbError, match="可改选“合肥（下辖地区）”"):
        shipped.compare("合肥", as_of=DAY)

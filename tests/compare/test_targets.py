"""Quantified goals in sentences: number, unit, bound, year, indicator, and what is a goal at all."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bench.compare_targets import digests, gold_rows, real_texts
from kb.compare.targets import align, extract_targets, read_quantities, targets_of_provisions
from kb.model import Provision, Target
from tests.realdata import REALDATA, needs_realdata


def goals(text: str, context_year: int | None = None, **known: object) -> list[Target]:
    return [f.target for f in extract_targets(text, context_year, **known)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "qualifier"),
    [
        ("到2028年建成6至9个市级先导区。", 6, 9, "个", None),
        ("到2028年建成6—9个市级先导区。", 6, 9, "个", None),
        ("到2028年，产业规模力争突破3000亿元。", 3000, None, "亿元", "力争突破"),
        ("到2028年，产业规模达到1.2万亿元。", 1.2, 1.2, "万亿元", None),
        ("到2028年，营业收入年均增长12%以上。", 12, None, "%", "以上"),
        ("到2028年，企业投入占比不低于25%。", 25, None, "%", "不低于"),
        ("到2028年，培育专精特新企业百家。", 100, 100, "家", None),
        ("到2028年，引进上百家创新企业。", 100, None, "家", "上"),
        ("到2028年，高新技术企业达到2.5万家。", 25000, 25000, "家", None),
        ("到2028年，形成千亿级氢能产业集群。", 1000, None, "亿元", "千亿级"),
        ("到2028年，终端氢价降至每千克28元以下。", None, 28, "元", "以下"),
        ("到2028年，城镇调查失业率控制在5%以内。", None, 5, "%", "以内"),
        ("到2028年，三分之一以上的专项资金投向前沿方向。", 33.3, None, "%", "以上"),
        ("到2028年，智能算力达到8.5EFLOPS。", 8.5, 8.5, "EFLOPS", None),
        ("到2028年，组建创新联合体约20个。", 20, 20, "个", "约"),
        ("到2028年，产业规模力争达到1000亿元以上。", 1000, None, "亿元", "力争、以上"),
        ("到2028年，先进制造业规模达到1万多亿元。", 1, None, "万亿元", "多"),
        ("到2028年，培育高新技术企业超2000余家。", 2000, None, "家", "超、余"),
    ],
)  # fmt: skip
def test_values_ranges_units_and_bounds(text: str, low: float, high: float, unit: str, qualifier: str) -> None:
    (target,) = goals(text)
    assert (target.low, target.high, target.unit, target.qualifier) == (low, high, unit, qualifier)
    assert target.year == 2028


def test_a_chain_gives_each_number_its_own_indicator() -> None:
    found = goals("到2027年，引育领军团队35个，突破关键技术40项，形成标志性产品60个、标准20项以上。")
    assert [(t.indicator, t.low) for t in found] == [
        ("领军团队", 35), ("关键技术", 40), ("标志性产品", 60), ("标准", 20),
    ]  # fmt: skip
    assert {t.year for t in found} == {2027}


def test_the_noun_after_the_number_is_the_indicator() -> None:
    (target,) = goals("到2027年，建设12家以上未来产业科技园。")
    assert target.indicator == "未来产业科技园"


def test_a_chain_of_sizes_shares_its_last_noun() -> None:
    found = goals("到2027年，形成4个千亿级、8个五百亿级产业集群。")
    assert [(t.low, t.indicator) for t in found] == [(4, "千亿级产业集群"), (8, "五百亿级产业集群")]


def test_a_size_before_a_noun_is_no_goal_of_its_own() -> None:
    found = goals("到2027年，实施亿元以上技改项目300项，培育百亿级企业5家。")
    assert [(t.low, t.unit) for t in found] == [(300, "项"), (5, "家")]


def test_subjects_before_fenbie_get_their_own_numbers() -> None:
    found = goals("到2027年，水果、蔬菜产量分别达200万吨、900万吨以上。")
    assert [(t.indicator, t.low, t.high) for t in found] == [("水果产量", 200, None), ("蔬菜产量", 900, None)]


def test_a_rate_alone_takes_its_subject_from_before() -> None:
    found = goals("今年重点产业链营收达到8000亿元、增长7%左右。", 2026)
    assert [t.indicator for t in found] == ["重点产业链营收", "重点产业链营收增长"]


def test_groups_of_a_hundred() -> None:
    (target,) = goals("到2028年实施“4个100”行动。")
    assert (target.low, target.qualifier) == (100, "4类各")


def test_years_within_a_sentence_bind_to_what_follows() -> None:
    found = goals("产业规模2027年力争突破1500亿元，2030年达到4000亿元。")
    assert [(t.year, t.indicator, t.low) for t in found] == [(2027, "产业规模", 1500), (2030, "产业规模", 4000)]


def test_a_year_is_carried_from_the_sentence_before() -> None:
    found = goals("到2029年，产业体系基本形成。建设先导区6个。打造应用场景80个。")
    assert [t.year for t in found] == [2029, 2029]


def test_the_end_of_a_five_year_plan_is_a_year() -> None:
    assert goals("到“十五五”末，建成省级先导区25个。")[0].year == 2030


def test_this_year_is_the_year_of_issue() -> None:
    assert goals("今年新建中试平台8家。", issued_year=2026)[0].year == 2026


def test_within_so_many_years_is_not_this_year() -> None:
    (goal,) = goals("三年内建成中试平台100个。", issued_year=2026)
    assert (goal.indicator, goal.year, goal.low) == ("中试平台", None, 100)


def test_a_base_year_is_not_the_year_of_the_goal() -> None:
    assert [t.year for t in goals("到2027年，研发投入比2023年增长60%。")] == [2027]


def test_achievements_are_not_goals() -> None:
    text = "截至2024年底，全市已建成先导区4个、实验室12家。到2027年，先导区达到9个。"
    assert [t.low for t in goals(text, issued_year=2025)] == [9]


def test_a_review_and_the_plan_after_it_are_told_apart_by_their_headings() -> None:
    text = "一、2025年工作回顾\n新建概念验证中心14家，技术合同成交额增长9.3%。\n二、2026年重点工作\n新建概念验证中心20家。"
    assert [(t.low, t.year) for t in goals(text, issued_year=2026)] == [(20, 2026)]


@pytest.mark.parametrize(
    "text",
    [
        "对获批建设的平台，给予最高800万元补助。",
        "对年营业收入超过2亿元的企业给予一次性奖励100万元。",
        "对投资超过300万元的测试基地，按不高于投资额15%补助。",
        "处五万元以上二十万元以下罚款。",
        "应当自受理之日起十五个工作日内作出决定。",
        "对揭榜项目按研发投入的30%给予支持。",
    ],
)
def test_conditions_ceilings_fines_and_terms_are_not_goals(text: str) -> None:
    assert goals(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "坚持三个导向，落实五项任务，分6个方面推进。",
        "推进“416”科技创新布局和“千企万户”行动。",
        "发展第三代半导体、6G和L3级自动驾驶。",
        "让政策惠及千家万户、赋能千行百业。",
        "巩固深入贯彻中央八项规定精神学习教育成果，统筹国内国际两个大局。",
        "依据《关于加快10个领域发展的意见》实施。",
    ],
)
def test_talk_names_and_figures_of_speech_are_not_goals(text: str) -> None:
    assert goals(text) == []


def test_every_quantity_is_kept_with_its_role() -> None:
    text = "已建成先导区4个。到2027年达到9个，单个最高支持500万元。"
    assert [q.role for q in read_quantities(text, issued_year=2025)] == ["past", "goal", "condition"]


def test_the_span_is_the_quantity_in_the_text() -> None:
    text = "到2027年，建成10个以上先导区。"
    (found,) = extract_targets(text)
    assert text[found.start : found.end] == "10个以上"


def test_provisions_of_one_document_carry_the_year_and_the_outlook() -> None:
    texts = [("一、发展目标",), "到2028年，体系基本形成。"], [("一、发展目标",), "（一）建设先导区7个。"]
    provisions = [Provision(i, "", path, "item", text, 0, len(text)) for i, (path, text) in enumerate(texts)]  # type: ignore[arg-type]
    found = targets_of_provisions(provisions, 2025)
    assert [[t.target.year for t in row] for row in found] == [[], [2028]]


def target(indicator: str, low: float | None, unit: str, high: float | None = None) -> Target:
    return Target(indicator, 2027, low, high, unit)


@pytest.mark.parametrize(
    ("one", "family", "low", "unit"),
    [
        (target("市级未来产业先导区", 8, "个"), "pilot_zones", 8, "个"),
        (target("未来产业科技园和先导区（合计）", 10, "家"), "pilot_zones", 10, "个"),
        (target("未来产业总体规模", 1.5, "万亿元"), "industry_scale", 15000, "亿元"),
        (target("未来产业产值", 800, "亿元"), "industry_scale", 800, "亿元"),
        (target("未来产业基金规模", 5000, "万元"), "fund_size", 0.5, "亿元"),
        (target("全社会研发投入强度", 3.3, "%"), "rd_intensity", 3.3, "%"),
        (target("典型应用场景", 30, "项"), "scenarios", 30, "个"),
        (target("领军人才或团队", 50, "名（支）"), "talent_teams", 50, "个"),
        (target("专精特新企业", 100, "家"), "specialised_firms", 100, "个"),
        (target("中试平台", 100, "个"), "pilot_platforms", 100, "个"),
        (target("智能算力", 5250, "PFLOPS"), "compute", 5.25, "EFLOPS"),
    ],
)
def test_targets_of_regions_line_up_in_one_unit(one: Target, family: str, low: float, unit: str) -> None:
    aligned = align(one)
    assert aligned is not None
    assert (aligned.family, aligned.low, aligned.unit) == (family, low, unit)


def test_a_count_and_a_sum_of_the_same_thing_do_not_line_up() -> None:
    counted, sized = align(target("产业基金", 5, "只")), align(target("产业基金规模", 100, "亿元"))
    assert counted and sized and counted.family != sized.family


def test_what_fits_no_family_is_not_aligned() -> None:
    assert align(target("通航起降点", 200, "座")) is None


def test_so_much_every_year_is_marked() -> None:
    (found,) = goals("到2027年，每年打造应用场景60个。")
    aligned = align(found)
    assert aligned is not None and aligned.yearly and aligned.low == 60


@needs_realdata
def test_goals_of_real_texts_are_found() -> None:
    """Well below what bench/compare_targets measures, so that only a broken reader fails."""
    rows = gold_rows(realdata=REALDATA)
    score = real_texts(rows, True, lambda row: True)
    assert len(rows) > 500, "the gold no longer fits the real texts"
    assert score.hits > 0.9 * (score.hits + len(score.missed))
    assert score.hits > 0.9 * (score.hits + len(score.extra))


def test_the_editors_targets_are_found_in_their_own_digests() -> None:
    score = digests()
    assert score.hits > 0.9 * (score.hits + len(score.missed))


def test_each_of_several_years_takes_its_own_number() -> None:
    found = [f.target for f in extract_targets("力争到2026年和2028年，人形机器人产业规模分别达到100亿元和300亿元。")]
    assert [(t.indicator, t.year, t.low) for t in found] == [
        ("人形机器人产业规模", 2026, 100.0),
        ("人形机器人产业规模", 2028, 300.0),
    ]


def test_a_year_at_the_end_holds_for_the_whole_sentence() -> None:
    found = extract_targets("引育人才团队30个、突破关键核心技术50项，力争到2027年全部完成。")
    assert [f.target.year for f in found] == [2027, 2027]


def test_what_grew_is_named_and_where_it_grew_from_is_no_goal() -> None:
    (found,) = extract_targets("产业规模从2024年的500亿元增长到2027年的1500亿元。", issued_year=2025)
    assert (found.target.indicator, found.target.year, found.target.low) == ("产业规模", 2027, 1500.0)


def test_research_spending_keeps_its_name() -> None:
    (found,) = extract_targets("到2030年，研发投入强度达到3.5%左右。")
    assert found.target.indicator == "研发投入强度"


def test_a_sum_is_named_after_what_it_sizes() -> None:
    (found,) = extract_targets("设立总规模200亿元的未来产业基金群。")
    assert found.target.indicator == "未来产业基金群总规模"
    aligned = align(found.target)
    assert aligned is not None
    assert aligned.family == "fund_size"


@pytest.mark.parametrize(
    "text",
    [
        "深化交通治理，开通3条地铁新线，总里程达909公里，优化242条公交线路。",
        "申请认定先导区应当具备以下条件：集聚企业不少于30家，年营业收入不低于50亿元。",
        "申报单位上一年度研发投入不低于500万元，研发人员占比不低于20%。",
        "第一层为9个主导性产业为信息技术应用创新、半导体、新能源。",
    ],
)
def test_what_was_counted_what_is_required_and_what_is_listed_is_no_goal(text: str) -> None:
    assert extract_targets(text, issued_year=2026) == ()


def test_a_bare_size_is_named_after_the_fund_set_up_before_it() -> None:
    found = extract_targets(
        "（三）设立省未来产业母基金，总规模100亿元，首期30亿元，投早投小。", heading="三、重点任务"
    )
    assert [(f.target.indicator, f.target.low) for f in found] == [
        ("省未来产业母基金总规模", 100.0),
        ("省未来产业母基金首期", 30.0),
    ]
    assert {a.family for f in found if (a := align(f.target))} == {"fund_size"}


def test_lots_of_things_do_not_line_up_with_the_things() -> None:
    (lots, things) = extract_targets("（四）每年发布场景清单2批、场景不少于100个。", heading="三、重点任务")
    assert align(lots.target) is None
    aligned = align(things.target)
    assert aligned is not None
    assert (aligned.family, aligned.low, aligned.yearly) == ("scenarios", 100.0, True)


@pytest.mark.parametrize(
    ("text", "issued", "year"),
    [
        ("到2027年，体系基本形成。2025年12月底前，建成中试平台10个。", None, 2025),
        ("到2027年，体系基本形成。2025年12月底前，建成中试平台10个。", 2024, 2025),
        ("到2027年，体系基本形成。2026年6月末，建成中试平台10个。", 2024, 2026),
        ("2025年12月31日前，建成中试平台10个。", None, 2025),
        ("各区于2025年12月底前，建成中试平台10个。", 2025, 2025),
        ("建成中试平台10个，到2026年6月底前全部完成。", 2025, 2026),
        ("到2027年，体系基本形成。市科技局2025年2月底发布通知，建成中试平台10个。", 2024, 2027),
        ("到2027年，体系基本形成。2025年2月18日，建成中试平台10个。", 2024, 2027),
    ],
)
def test_a_month_that_is_a_term_gives_the_year_and_a_plain_date_does_not(
    text: str, issued: int | None, year: int
) -> None:
    assert [(t.year, t.low) for t in goals(text, issued_year=issued)] == [(year, 10)]


@pytest.mark.parametrize(
    ("text", "issued"),
    [
        ("截至2025年12月底，全市享受困难残疾人生活补贴3.34万人。", None),
        ("截至2024年底，全国累计设立政府引导基金2178只，目标规模超过12万亿元。", None),
        ("截至2026年1月，建设市级中试平台50个。", 2026),
    ],
)
def test_what_was_reached_as_of_a_day_is_no_goal(text: str, issued: int | None) -> None:
    assert goals(text, issued_year=issued) == []


@pytest.mark.parametrize("issued", [None, 2024])
@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("到2027年，高新技术企业从2023年的1000家增加到3000家。", 3000),
        ("到2027年，高新技术企业由2023年底的1000家增加到3000家。", 3000),
        ("到2027年，高新技术企业从2023年6月底的约1000家增加到3000家。", 3000),
        ("到2027年，高新技术企业从目前的1000家增加到3000家。", 3000),
        ("到2027年，高新技术企业比2023年的1000家增加2000家。", 2000),
        ("到2027年，研发投入强度由2023年的2.5%提高到3.5%以上。", 3.5),
    ],
)
def test_the_value_of_a_base_year_is_no_goal(text: str, low: float, issued: int | None) -> None:
    assert [(t.year, t.low) for t in goals(text, issued_year=issued)] == [(2027, low)]


def test_a_share_of_a_year_is_not_taken_for_a_base_value() -> None:
    assert [t.low for t in goals("到2027年，体系形成；高新占比2026年22%、2027年25%。", issued_year=2024)] == [22, 25]


def test_millions_are_as_round_as_hundreds() -> None:
    found = goals("培育经营主体400万户，建设综合体120个，发展服务站35个。")
    assert [t.low for t in found] == [4_000_000, 120, 35]


@pytest.mark.parametrize(
    "text",
    [
        "布局建设省级概念验证中心67家、省级中试平台11家，成功创建国家级制造业中试平台3家。",
        "深入实施0.1微克攻坚行动，新能源汽车保有量超130万辆，绿色电力占比达36%，优良天数比例首次突破80%。",
    ],
)
def test_a_sentence_that_says_what_was_reached_sets_no_goals(text: str) -> None:
    assert goals(text) == []


def test_a_growth_rate_likened_to_last_year_may_be_a_goal() -> None:
    found = goals("实施重点产业链高质量发展行动，省级重点产业链营收达到8400亿元、同比增长7%左右。")
    assert 8400 in [t.low for t in found]


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2002"])
def test_numbers_set_apart_by_spaces_are_read_like_others(space: str) -> None:
    close = "到2027年，建成10个中试平台，产业规模达到5000亿元，研发投入强度达到3.5%，智能算力达到20EFLOPS。"
    text = re.sub(r"(\d[\d.]*)", rf"{space}\1{space}", close)
    assert goals(text, heading=f"到{space}2030{space}年主要目标") == goals(close) != []
    spans = [text[f.start : f.end].replace(space, "") for f in extract_targets(text)]
    assert spans == ["10个", "5000亿元", "3.5%", "20EFLOPS"]


def test_cells_of_a_table_are_not_run_together() -> None:
    assert goals("指标\t2025年\t100\t家企业", 2024) == []


def test_a_table_of_indicators_gives_each_year_ahead_its_goal() -> None:
    table = (
        "类别\t序号\t指标\t2025年\t2030年\t属性\n"
        "产业规模\t1\t未来产业增加值（亿元）\t1,200\t≥3,000\t预期性\n"
        "产业规模\t2\t未来产业增加值占地区生产总值比重（％）\t3.5\t8左右\t预期性\n"
        "主体培育\t3\t独角兽企业数量（家）\t12\t[30]\t预期性\n"
        "主体培育\t4\t每万人口高价值发明专利拥有量（件）\t10.5\t15—18\t预期性\n"
        "创新能力\t5\t国家级平台\t—\t完成国家下达任务\t约束性"
    )
    found = extract_targets(table, issued_year=2025)
    assert [f.target for f in found] == [
        Target("未来产业增加值", 2030, 3000, None, "亿元", "不低于"),
        Target("未来产业增加值占地区生产总值比重", 2030, 8, 8, "%", "左右"),
        Target("独角兽企业数量", 2030, 30, 30, "家"),
        Target("每万人口高价值发明专利拥有量", 2030, 15, 18, "件"),
    ]
    assert [table[f.start : f.end] for f in found] == ["≥3,000", "8左右", "[30]", "15—18"]


def test_a_table_may_say_its_unit_in_a_column_and_its_years_in_words() -> None:
    table = (
        "指标名称\t单位\t2024年现状值\t2027年目标值\t年均增长（%）\n"
        "产业规模\t亿元\t2000\t5000\t20\n应用场景\t个\t20\t100以上\t—"
    )
    read = read_quantities(f"到2027年，建成先导区10个。\n{table}\n到2028年，建成先导区12个。", issued_year=2024)
    assert [(q.target.indicator, q.target.year, q.target.low, q.role) for q in read] == [
        ("先导区", 2027, 10, "goal"), ("产业规模", 2024, 2000, "past"), ("产业规模", 2027, 5000, "goal"),
        ("产业规模年均增长", 2027, 20, "goal"), ("应用场景", 2024, 20, "past"), ("应用场景", 2027, 100, "goal"),
        ("先导区", 2028, 12, "goal"),
    ]  # fmt: skip


def test_a_table_of_figures_sets_no_goals() -> None:
    table = "指标\t2021年\t2022年\t2023年\n产业规模（亿元）\t1000\t1200\t1500"
    assert goals(table, issued_year=2024) == [] and goals(table) == []
    assert [t.year for t in goals(table.replace("2023年", "2023年目标"))] == [2023]
    grown = "指标\t2021年\t2023年\t年均增长（%）\n产值（亿元）\t100\t300\t12"
    assert goals(grown, issued_year=2024) == []
    assert [t.low for t in goals(grown.replace("2023年", "2030年计划完成"), issued_year=2024)] == [300, 12]


def test_a_table_may_hold_goals_beside_its_columns_of_years() -> None:
    table = "指标\t2030年\t主要举措\n产业规模（亿元）\t1.2万\t到2028年建成先导区10个"
    found = extract_targets(table, issued_year=2025)
    assert [(f.target.indicator, f.target.low, f.target.year) for f in found] == [
        ("产业规模", 1.2, 2030), ("先导区", 10, 2028),
    ]  # fmt: skip
    assert [table[f.start : f.end] for f in found] == ["1.2万", "10个"]


def test_in_a_table_of_duties_a_number_is_of_the_cell_before_it() -> None:
    found = goals(
        "任务\t目标\t责任单位\n培育未来企业\t到2027年100家\t市经济信息委\n建设先导区\t5个\t市发展改革委", 2024
    )
    assert [(t.indicator, t.low) for t in found] == [("未来企业", 100), ("先导区", 5)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("到2027年，每年新增企业100家，累计达到500家。", [("新增企业", 100, "家/年"), ("企业", 500, "家")]),
        ("到2030年新材料产业规模翻一番，达到4000亿元。", [("新材料产业规模", 4000, "亿元")]),
        ("到2027年，产值翻两番、突破1000亿元。", [("产值", 1000, "亿元")]),
        ("到2027年，服务企业2000家次，开展对接50批次。", [("服务企业", 2000, "家次"), ("对接", 50, "批次")]),
        ("到2027年，研发投入强度高于全国平均0.5个百分点。", [("研发投入强度高于全国平均", 0.5, "个百分点")]),
        ("设立总规模50亿元的未来产业基金，首期规模10亿元。",
         [("未来产业基金总规模", 50, "亿元"), ("未来产业基金首期规模", 10, "亿元")]),
        ("到2027年，建成5公里充电圈，打造千亿立方米大气区，新建绿道5公里。", [("新建绿道", 5, "公里")]),
        ("到2027年，建成10万平方米核心商圈。", [("核心商圈", 10, "万平方米")]),
    ],
)  # fmt: skip
def test_goals_as_plans_write_them(text: str, expected: list[tuple[str, float, str]]) -> None:
    assert [(t.indicator, t.low, t.unit) for t in goals(text)] == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("到2027年，新认定省级概念验证中心20家、省级中试平台10家，建设未来工厂20家。",
         ["新认定省级概念验证中心", "新认定省级中试平台", "未来工厂"]),
        ("到2027年，新建10家概念验证中心、30家标杆孵化器和10家中试平台。",
         ["新建概念验证中心", "新建标杆孵化器", "新建中试平台"]),
        ("到2027年，新增雄鹰企业20家、培育“小巨人”企业300家。", ["新增雄鹰企业", "“小巨人”企业"]),
        ("到2027年，新增雄鹰企业20家并培育“小巨人”企业300家。", ["新增雄鹰企业", "“小巨人”企业"]),
        ("到2027年，新增上市公司10家、累计达到50家。", ["新增上市公司", "上市公司"]),
        ("到2027年，新增企业100家、产值突破1000亿元。", ["新增企业", "产值"]),
        ("到2027年，新增智能工厂和数字化车间200家，改造智能工厂和数字化车间100家。",
         ["新增智能工厂和数字化车间", "改造智能工厂和数字化车间"]),
        ("到2027年，城镇新增就业100万人，改造城中村1.4万户，老旧小区改造500个。", ["城镇新增就业", "改造城中村", "老旧小区改造"]),
        ("一是新增并网风电2000万千瓦，二是为既有住宅加装电梯600部。", ["新增并网风电", "为既有住宅加装电梯"]),
    ],
)  # fmt: skip
def test_what_is_added_or_changed_is_told_from_what_there_will_be(text: str, names: list[str]) -> None:
    assert [t.indicator for t in goals(text, 2027)] == names


def test_so_many_of_each_kind_is_no_sum() -> None:
    (goal,) = goals("到2027年，省重点实验室、省技术创新中心、省工程研究中心各20家。")
    assert (goal.low, goal.qualifier) == (20, "各")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("到2027年，建设孵化器100家，新增上市公司20家。", ["孵化器", "新增上市公司"]),
        ("到2027年，新建企业研发中心50家，建设孵化载体30个。", ["新建企业研发中心", "孵化载体"]),
        ("到2027年，引导基金达到5支，省级开发区达到20个。", ["引导基金", "省级开发区"]),
        ("到2027年，全市智能算力规模达到30EFlops（FP16）。", ["智能算力规模"]),
    ],
)  # fmt: skip
def test_a_verb_that_is_part_of_a_name_stays_in_it(text: str, names: list[str]) -> None:
    assert [t.indicator for t in goals(text)] == names


def test_a_share_that_names_no_subject_has_that_of_the_clause_before() -> None:
    found = goals("到2027年，全社会研发经费投入年均增长7%以上，占地区生产总值比重达到3%。")
    assert [(t.indicator, t.low) for t in found] == [
        ("全社会研发经费投入年均增长", 7), ("全社会研发经费投入占地区生产总值比重", 3),
    ]  # fmt: skip
    assert [a and a.family for a in map(align, found)] == ["rd_growth", "rd_intensity"]


@pytest.mark.parametrize(
    "text",
    [
        "到2027年，企业研发投入占全社会研发投入比重达到80%。",
        "到2027年，基础研究经费占研发经费比重达到10%。",
        "到2027年，规模以上工业企业研发投入强度达到1.8%。",
        "到2027年，每万人口高价值发明专利拥有量达到15件。",
        "到2027年，万人发明专利拥有量达到20件。",
        "到2027年，每万人口高新技术企业达到5家。",
        "到2027年，税收收入达到100亿元。",
        "到2027年，数据交易规模突破100亿元。",
        "到2027年，引导基金投资项目达到100个。",
    ],
)
def test_a_share_of_something_else_and_a_rate_a_head_stand_beside_no_plain_figure(text: str) -> None:
    (found,) = goals(text)
    assert align(found) is None


@pytest.mark.parametrize(
    ("amount", "exaflops"), [("10万P", 100), ("30EFlops", 30), ("2000PFlops", 2), ("1.2万PFLOPS", 12)]
)
def test_computing_power_lines_up_however_it_is_written(amount: str, exaflops: float) -> None:
    (found,) = goals(f"到2027年，全市智算规模达到{amount}。")
    same = align(found)
    assert same is not None and (same.family, same.low, same.unit) == ("compute", exaflops, "EFLOPS")


def test_growth_after_a_share_is_that_of_its_subject() -> None:
    found = goals("到2027年，数字经济增加值达到2万亿元，占GDP比重超过45%，年均增长12%。")
    assert [t.indicator for t in found] == ["数字经济增加值", "数字经济增加值占GDP比重", "数字经济增加值增长"]


@pytest.mark.parametrize(
    ("text", "grown"),
    [
        ("到2027年，园区占地面积达到100亩，年均增长5%。", "园区占地面积增长"),
        ("到2027年，市场占有率达到30%，年均增长5%。", "市场占有率增长"),
        ("到2027年，新兴产业增加值占地区生产总值比重达到20%，年均增长12%。", "新兴产业增加值增长"),
    ],
)
def test_not_every_word_with_the_sign_of_a_share_is_one(text: str, grown: str) -> None:
    assert [t.indicator for t in goals(text)][1] == grown


def test_what_stands_in_brackets_after_a_number_does_not_name_it() -> None:
    found = goals("到2027年，建设20家（国家级5家）创新平台，建成10个（含）以上未来产业先导区。")
    assert [(t.indicator, t.low, t.high) for t in found] == [
        ("创新平台", 20, 20), ("国家级", 5, 5), ("未来产业先导区", 10, None),
    ]  # fmt: skip


@pytest.mark.parametrize("heading", ["二、发展基础及目标", "二、“十四五”时期发展成就和“十五五”时期主要目标任务"])
def test_under_a_heading_that_names_both_each_paragraph_says_which(heading: str) -> None:
    done = "过去五年，我们锐意改革。科技创新引领作用更加凸显，累计为企业减负超900亿元，培育形成3个万亿级和7个千亿级产业集群。"
    assert goals(done, heading=heading, issued_year=2026) == []
    assert [t.low for t in goals(f"{done}\n到2030年，建成平台100个。", heading=heading, issued_year=2026)] == [100]
    assert [t.low for t in goals("建成平台100个。", heading=f"{heading}\n（二）发展目标", issued_year=2026)] == [100]


def test_the_main_work_of_a_year_gone_is_no_goal() -> None:
    text = "全省生产总值增长5%，新培育先导区15个。"
    assert goals(text, heading="一、2025年主要工作和“十四五”发展成就", issued_year=2026) == []


def test_a_heading_that_names_a_year_keeps_it_past_an_outlook() -> None:
    path = ("二、“十五五”时期主要目标任务",)
    texts = ["主要目标是这些。在此基础上再奋斗五年，到2035年基本建成。", "围绕上述目标，研发投入占比达到6%以上。"]
    provisions = [Provision(i, "", path, "paragraph", text, 0, len(text)) for i, text in enumerate(texts)]
    found = targets_of_provisions(provisions, 2026)
    assert [t.target.year for t in found[1]] == [2030]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2026年起不再直接招聘。实施素质提高计划，建立100个培训基地。", None),
        ("到2025年建成平台。利用3-5年时间，力争培训约1000名家庭医生。", None),
        ("到2025年建成平台。三年内培育企业100家。", None),
        ("到2025年，起步区建成企业100家。", 2025),
    ],
)
def test_a_year_it_begins_in_and_a_term_give_no_year(text: str, year: int | None) -> None:
    assert [t.year for t in goals(text, issued_year=2024)] == [year]


@pytest.mark.parametrize(
    ("indicator", "low", "unit", "family"),
    [
        ("全社会研发经费支出相当于全市生产总值的比例", 4.6, "%", "rd_intensity"),
        ("生产总值增长", 5, "%", "gdp_growth"),
        ("重庆市地区生产总值年均增长", 5, "%", "gdp_growth"),
        ("城市副中心和平原新城地区生产总值年均增长", 5, "%", None),
        ("海洋生产总值增长", 6, "%", None),
        ("人均地区生产总值增长", 5, "%", None),
        ("省级重点产业链营收同比增长", 7, "%", "industry_growth"),
        ("技术经理人", 1000, "人", "talent_teams"),
        ("达到国际服务标准的家庭医生", 1000, "名", None),
        ("国际标准", 10, "项", "standards"),
        ("龙头企业牵头组建创新联合体", 10, "个", None),
        ("技改数转工业企业", 10000, "家", None),
        ("疏解提质一般制造业企业", 80, "家", None),
        ("企业类示范基地", 1000, "个", None),
        ("雄鹰企业", 20, "家", "firms"),
        ("面向民间资本推介重大项目总投资", 2000, "亿元", None),
        ("银发综合体", 50, "个", None),
        ("新就业形态劳动纠纷一站式调解平台", 30, "个", None),
        ("新建产业创新综合体", 20, "个", "platforms"),
        ("每个县域集群的综合公共服务平台", 1, "个", None),
        ("新认证绿色、有机、名特优新农产品", 1000, "个", None),
        ("国家技术发明奖二等奖", 63, "项", None),
    ],
)
def test_a_word_inside_a_longer_word_is_of_no_family(
    indicator: str, low: float, unit: str, family: str | None
) -> None:
    aligned = align(target(indicator, low, unit))
    assert (aligned.family if aligned else None) == family


@pytest.mark.parametrize(
    ("text", "low", "high", "qualifier"),
    [
        ("力争为经营主体减负1000亿元以上。", 1000, None, "力争、以上"),
        ("今年力争全社会研发投入强度达到3.35%。", 3.35, 3.35, "力争"),
        ("力争全社会研发投入强度达到3.35%。", 3.35, 3.35, "力争"),
        ("二是力争交通投资超600亿元。", 600, None, "力争超"),
        ("加快建设，力争产量突破200亿立方米。", 200, None, "力争突破"),
        ("到2027年，为各区至少培育1家培训示范基地。", 1, None, "每个、至少"),
        ("到2027年，各县至少建设2个服务中心。", 2, None, "每个、至少"),
        ("到2027年，每处建筑面积原则上不少于1000平方米。", 1000, None, "不少于"),
        ("到2027年，每处建筑面积原则上1000平方米。", 1000, 1000, None),
        ("到2027年，食品抽检量超每千人6.6批次。", 6.6, None, "超"),
        ("到2027年，超过一半的区县建成平台。", 50, None, "超过"),
    ],
)
def test_bounds_and_hopes_that_do_not_stand_beside_the_number(
    text: str, low: float, high: float | None, qualifier: str | None
) -> None:
    (goal,) = goals(text, issued_year=2026)
    assert (goal.low, goal.high, goal.qualifier) == (low, high, qualifier)


def test_a_hope_holds_for_all_numbers_of_its_clause_and_their_shared_bound() -> None:
    found = goals("力争全年交通、水利投资额分别达2400亿元、450亿元以上。", 2026)
    assert [(t.indicator, t.high, t.qualifier) for t in found] == [
        ("交通投资额", None, "力争、以上"), ("水利投资额", None, "力争、以上"),
    ]  # fmt: skip


def test_a_share_in_a_cell_is_named_by_the_cell_before() -> None:
    rows = (
        "指标\t评价标准\t数据来源\n12.签约居民在签约机构就诊率\t较上一年增加，力争2023年达到60%。\t就诊人数指在签约机构就诊≥1次的签约居民\n"
        "13.覆盖率\t每年增加1-3个百分点。2035年达到75%。\t平台\n15.签约患者血压控制率\t≥50%\t核查健康状况"
    )
    assert [(t.indicator, t.low, t.high, t.qualifier) for t in goals(rows, issued_year=2023)] == [
        ("签约居民在签约机构就诊率", 60, 60, "力争"), ("覆盖率", 1, 3, None), ("覆盖率", 75, 75, None),
        ("签约患者血压控制率", 50, None, "不低于"),
    ]  # fmt: skip


def test_a_word_of_granting_after_a_comma_is_of_the_next_number() -> None:
    found = goals("抢救性康复救助残疾儿童8000人，辅助器具适配补贴4万人。", heading="2026年民生实事", issued_year=2026)
    assert [(t.indicator, t.low) for t in found] == [("抢救性康复救助残疾儿童", 8000), ("辅助器具适配补贴", 40000)]
    assert goals("企业投资500万元以上，给予补助。", heading="三、重点任务") == []


def test_what_is_raised_is_a_goal_where_goals_are_set() -> None:
    text = (
        "农村低保标准占城镇低保标准的最低比例从77%提高到80%以上。"
        "集中供养孤儿基本生活保障最低标准从每人每月2375元提高到2423元。"
        "困难残疾人生活补贴、重度残疾人护理补贴标准分别从每人每月209元、280元提高到217元、290元。"
    )
    found = goals(text, heading="2026年省十件民生实事", issued_year=2026)
    assert [(t.indicator, t.low) for t in found] == [
        ("农村低保标准占城镇低保标准的最低比例", 80), ("集中供养孤儿基本生活保障最低标准", 2423),
        ("困难残疾人生活补贴", 217), ("重度残疾人护理补贴标准", 290),
    ]  # fmt: skip
    assert goals("补贴标准从每人每月500元提高到600元。") == []


def test_which_things_are_meant_is_no_report() -> None:
    text = (
        "改造提升超5000个已建成自然村的治理设施，优化已建成自然村运维管护，农民满意度不低于80%。已建成100个示范村。"
    )
    found = goals(text, heading="2026年民生实事", issued_year=2026)
    assert [t.low for t in found] == [5000, 80]


@pytest.mark.parametrize(
    "text",
    [
        "没收违法所得，并处五千万元以下或者上一年度营业额百分之五以下罚款。",
        "区级社区养老服务设施根据评估等级分别增加40万元、30万元、20万元服务奖励。",
        "自有产权住房人均建筑面积低于15平方米（或人均居住面积低于10平方米）；",
        "能按不低于20%的比例录用见习人员的。",
        "申请家庭只限申请承租1套公共租赁住房。",
        "由教育部、税务总局9个部门和单位组成。",
        "第十八条 两个以上的个人共同取得同一项目收入的，应当分别计算。",
        "是指两个以上的数据处理者共同决定处理目的。",
        "位于海拔高程480-560米左右的岩溶山区，距江边水平距离700-800米，东距县城18公里。",
        "授予“水稻遗传改良”等63项成果国家技术发明奖二等奖。",
        "《纲要草案》设置了29项主要指标，部署了13项任务举措。",
        "经办机构将在1个至5个工作日内完成审核。",
        "实施长江沿线1公里化工腾退地块土壤污染专项治理。",
        "提速建设川渝千亿立方米天然气生产基地、复兴油田等项目。",
    ],
)
def test_fines_limits_lists_and_places_are_no_goals(text: str) -> None:
    assert goals(text, issued_year=2020) == []


def test_a_share_is_named_by_what_it_is_of() -> None:
    found = goals("到2025年，100%的社区医院完成中医馆设置，加强15%的中医馆内涵建设，在10%的服务站设置中医阁。")
    assert [t.indicator for t in found] == ["社区医院完成中医馆设置", "中医馆内涵建设", "服务站设置中医阁"]


def test_a_count_borrows_no_name_across_a_sentence_that_names_its_own() -> None:
    text = "今年招募社区助理3000名。资助残疾人大学生和困难家庭子女大学生，合计6300名。"
    assert [t.indicator for t in goals(text, 2026)] == [
        "招募社区助理",
        "资助残疾人大学生和困难家庭子女大学生（合计）",
    ]
    assert [t.indicator for t in goals("到2026年建成先导区10个；到2030年累计建设约30个。")] == ["先导区", "先导区"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("特困人员基本生活保障标准不低于当地最低生活保障标准的1.6倍。", ["特困人员基本生活保障标准"]),
        ("配套公共服务设施比例应不小于住宅建筑面积的11%。", ["配套公共服务设施比例"]),
        ("每处建筑面积原则上不少于1000平方米。", ["每处建筑面积"]),
        ("花生种植、收获机械化率分别达到65%和55%。", ["花生种植机械化率", "花生收获机械化率"]),
        ("数字经济、工业增加值分别增长8%和6%。", ["数字经济增加值增长", "工业增加值增长"]),
        ("城镇调查失业率控制在5%以内。", ["城镇调查失业率"]),
        ("今年地区生产总值按增长5%安排。", ["地区生产总值增长"]),
        ("加快推进“3个100”等重点工程建设。", ["重点工程建设"]),
        ("2027年度我市积分制入户类指标为1.6万个。", ["积分制入户类指标"]),
        ("形成4个万亿级、4个五千亿级和一批千亿级产业集群。", ["万亿级产业集群", "五千亿级产业集群"]),
        ("今年全年进出口总额增长3%，全年开行3000列以上。", ["进出口总额增长", "开行"]),
        ("原则上将年签约服务费的80%用于薪酬。", ["年签约服务费用于薪酬"]),
    ],
)  # fmt: skip
def test_names_are_whole_and_hold_nothing_else(text: str, names: list[str]) -> None:
    assert [t.indicator for t in goals(text, 2027)] == names


def test_a_comparison_bounds_the_number_it_is_measured_by() -> None:
    (goal,) = goals("特困人员基本生活保障标准不低于当地最低生活保障标准的1.6倍。", 2027)
    assert (goal.low, goal.high, goal.unit, goal.qualifier) == (1.6, None, "倍", "不低于")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("到2027年，培育成立3年以内的初创企业1000家，产业规模突破500亿元。", [(2027, 1000), (2027, 500)]),
        ("到2027年，力争用3年时间，建成概念验证中心20家。", [(2027, 20)]),
        ("利用3-5年时间，力争培训约1000名家庭医生。", [(None, 1000)]),
        ("到2027年，新增博士学位授予点20个，专利授予量达到1万件。", [(2027, 20), (2027, 10_000)]),
        ("研发费用占比不低于5%，失业率不高于5.5%。", [(None, 5), (None, 5.5)]),
        ("到2027年，突破关键核心技术100项，给予配套支持，形成标志性产品50个。", [(2027, 100), (2027, 50)]),
        ("并处五千万元以下罚款。", []),
    ],
)
def test_words_within_words_and_terms_within_clauses_take_no_goal_away(
    text: str, wanted: list[tuple[int | None, float]]
) -> None:
    assert [(g.year, g.low if g.low is not None else g.high) for g in goals(text, issued_year=2026)] == wanted


@pytest.mark.parametrize("text", ["到2027年，每个区县建成1个以上园区。", "到2027年，每家企业至少1项专利。"])
def test_so_many_in_every_one_stand_beside_no_total(text: str) -> None:
    (goal,) = goals(text, issued_year=2026)
    assert goal.qualifier is not None and goal.qualifier.startswith("每个") and align(goal) is None


def test_a_year_in_one_row_of_a_table_holds_for_no_other() -> None:
    rows = ["签约率\t每年增加1至3个百分点。2035年达到75%。", "履约率\t每年增加2至4个百分点。"]
    provisions = [Provision(n, "附件1 表", ("附件1",), "table", row, 0, len(row)) for n, row in enumerate(rows)]
    said = targets_of_provisions(provisions, 2026)
    assert [(f.target.year, f.target.high) for f in said[1]] == [(None, 4)]


def provisions(*texts: str) -> list[Provision]:
    """Items of one section."""
    return [Provision(i, f"{i + 1}.", ("二、重点任务",), "item", text, 0, len(text)) for i, text in enumerate(texts)]


def test_the_year_one_item_names_holds_for_no_other() -> None:
    first, second = "1.扩大供给。到2025年，建成示范基地10家。", "2.优化服务。为每类人群建设服务驿站20个。"
    found = targets_of_provisions(provisions(first, second), 2023)
    assert [[g.target.year for g in goals] for goals in found] == [[2025], [None]]


def test_what_is_to_be_done_every_year_has_not_the_year_of_the_sentence_before() -> None:
    text = "到2027年，示范企业覆盖率达到80%以上。每年新增示范企业20家。"
    assert [(g.target.year, g.target.unit) for g in extract_targets(text)] == [(2027, "%"), (None, "家/年")]
    (only,) = extract_targets("到2027年，每年新增示范企业20家。")
    assert only.target.year == 2027


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("到2029年，概念验证中心和中试平台合计50个。", "概念验证中心和中试平台（合计）"),
        ("到2029年，科技园、先导区共计达到10家以上。", "科技园、先导区（合计）"),
        ("到2029年，中试平台共计50个。", "中试平台"),
    ],
)
def test_a_number_that_several_things_share_says_so(text: str, name: str) -> None:
    assert [g.target.indicator for g in extract_targets(text)] == [name]


def test_that_a_bound_is_included_is_no_second_goal() -> None:
    assert [g.target.low for g in extract_targets("到2027年，引进创新团队10个以上（含10个）。")] == [10]


def test_a_year_in_a_numbered_row_holds_for_no_row_below_it_in_one_text() -> None:
    table = "1.签约率\t2035年达到75%。\n2.履约率\t≥50%\n3.续约率\t≥80%"
    assert [(t.year, t.low) for t in goals(table, issued_year=2026)] == [(2035, 75), (None, 50), (None, 80)]
    led = f"到2030年，做到：\n{table}"
    assert [(t.year, t.low) for t in goals(led, issued_year=2026)] == [(2035, 75), (2030, 50), (2030, 80)]


def test_the_pieces_of_a_long_table_share_its_head() -> None:
    head = "序号\t指标\t单位\t2023年\t2027年\n"
    pieces = [
        f"{head}1\t先导区\t个\t2\t10\n",
        "2\t企业\t家\t300\t500\n3\t平台\t个\t4\t20\n",
        "说明\t企业均为规上企业，50家以上\n",
    ]
    made = [Provision(n, "二、", ("二、主要目标",), "table", text, 0, len(text)) for n, text in enumerate(pieces)]
    said = targets_of_provisions(made, 2024)
    assert [(g.target.indicator, g.target.year, g.target.low) for g in said[1]] == [
        ("企业", 2027, 500),
        ("平台", 2027, 20),
    ]
    assert [pieces[1][g.start : g.end] for g in said[1]] == ["500", "20"]
    other = [made[0], replace(made[1], path=("三、别的表",))]
    assert not targets_of_provisions(other, 2024)[1]


@pytest.mark.parametrize(
    ("leads", "item"),
    [
        (("到2027年，实现以下目标：", "到2030年，实现以下目标："), "1."),
        (("到2027年，能力提升。", "到2030年，能力领先。"), "——"),
    ],
)
def test_items_have_the_year_of_what_leads_them(leads: tuple[str, str], item: str) -> None:
    texts = (leads[0], f"{item}建成先导区10家。", leads[1], f"{item}建成先导区20家。", f"{item}培育企业200家。")
    found = [g.target for goals in targets_of_provisions(provisions(*texts), 2023) for g in goals]
    assert [(t.indicator, t.year) for t in found] == [("先导区", 2027), ("先导区", 2030), ("企业", 2030)]


def test_tables_lists_of_attachments_and_signatures_hand_on_no_year() -> None:
    said = [
        ("table", "签约率\t2035年达到75%。"), ("signature", "某某市人民政府\n2024年5月6日前"),
        ("attachment", "附件：到2030年重点项目清单"), ("paragraph", "建设示范基地20个以上。"),
    ]  # fmt: skip
    made = [Provision(n, f"第{n}段", ("二、任务",), kind, text, 0, len(text)) for n, (kind, text) in enumerate(said)]
    assert [g.target.year for g in targets_of_provisions(made, 2024)[-1]] == [None]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("到2027年，每年新增示范企业20家。", 2027), ("每年建成示范基地10家，到2027年全部完成。", 2027),
        ("2024年至2026年，市财政安排资金；每年安排专项资金10亿元。", 2026),
    ],
)  # fmt: skip
def test_what_is_to_be_done_every_year_has_the_year_of_its_own_sentence(text: str, year: int) -> None:
    assert [g.target.year for g in extract_targets(text)] == [year]


def test_what_is_to_be_done_every_year_has_the_year_of_its_heading() -> None:
    one = Provision(0, "（一）", ("2026年重点工作",), "item", "每年新增示范企业20家。", 0, 11)
    assert [g.target.year for g in targets_of_provisions([one], 2026)[0]] == [2026]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("到2027年，将先导区试点从15个县扩大到57个县。", ["先导区试点（县）"]),
        ("到2027年，基金80%用于未来产业、20%用于传统产业。", ["基金用于未来产业", "基金用于传统产业"]),
        ("到2027年，专项资金的60%以上用于支持早期项目。", ["专项资金用于支持早期项目"]),
    ],
)
def test_a_count_of_places_and_a_share_say_of_what_and_for_what(text: str, names: list[str]) -> None:
    found = [g.target for g in extract_targets(text, issued_year=2025)]
    assert [t.indicator for t in found] == names and not any(map(align, found))


def test_a_joint_number_that_lends_its_name_is_called_joint_once() -> None:
    text = "到2025年，概念验证中心和中试平台合计50个，到2027年合计100个。"
    assert {g.target.indicator for g in extract_targets(text)} == {"概念验证中心和中试平台（合计）"}


def test_that_a_bound_is_included_is_no_second_goal_but_a_part_is() -> None:
    assert [g.target.low for g in extract_targets("到2027年，引进创新团队10个以上（含10个）。")] == [10]
    parts = extract_targets("到2027年，建成创新平台30个（含3个国家级平台）。")
    assert [(g.target.indicator, g.target.low) for g in parts] == [("创新平台", 30), ("国家级平台", 3)]


def test_a_share_of_a_circle_of_cities_is_no_share_of_an_industry() -> None:
    share = Target("都市圈产业占全省比重", 2027, 60, 60, "%")
    assert align(share) is None and align(replace(share, indicator="未来产业占工业比重")) is not None


@pytest.mark.parametrize("marks", [("1.", "2."), ("——", "——"), ("（一）", "（二）"), ("二十一、", "二十二、")])
def test_what_opens_the_next_list_sets_its_year(marks: tuple[str, str]) -> None:
    first, second = marks
    texts = (
        "到2027年，实现以下目标：", f"{first}建成先导区10家。",
        "到2030年，实现以下目标：", f"{first}建成先导区20家。", f"{second}到2028年培育企业100家。", f"{second}培育企业200家。",
    )  # fmt: skip
    found = targets_of_provisions(provisions(*texts), 2024)
    assert [(g.target.year, g.target.low) for goals in found for g in goals] == [
        (2027, 10), (2030, 20), (2028, 100), (2030, 200),
    ]  # fmt: skip


def test_an_item_that_goes_on_in_a_paragraph_ends_no_list() -> None:
    texts = (
        "（一）扩大供给。到2025年，建成示范基地10家。",
        "抓好运营。",
        "（二）优化服务。为每类人群建设服务驿站20个。",
    )
    assert [[g.target.year for g in goals] for goals in targets_of_provisions(provisions(*texts), 2023)] == [
        [2025], [], [None],
    ]  # fmt: skip


def test_a_list_within_an_item_has_the_year_of_the_item() -> None:
    texts = (
        "（一）到2027年，实现以下目标：", "1.建成先导区10家。", "2.到2026年培育企业50家。", "3.建成中试平台8家。",
        "（二）建设服务驿站20个。",
    )  # fmt: skip
    found = targets_of_provisions(provisions(*texts), 2024)
    assert [g.target.year for goals in found for g in goals] == [2027, 2026, 2027, None]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("table", "任务\t到2026年，建成先导区5家。\t市科技局"),
        ("attachment", "附件：2026年先导区建设任务清单"),
        ("signature", "2026年12月底前有效"),
    ],
)
def test_a_year_in_a_table_an_annex_or_a_signature_holds_for_no_paragraph_after_it(kind: str, text: str) -> None:
    texts = [("paragraph", "到2027年，培育企业100家。"), (kind, text), ("paragraph", "建成中试平台20家。")]
    said = [Provision(n, "", ("三、重点任务",), kind, text, 0, len(text)) for n, (kind, text) in enumerate(texts)]
    assert [g.target.year for g in targets_of_provisions(said, 2024)[2]] == [2027]

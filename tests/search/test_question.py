"""What a query is read as: numbers, regions, words, phrase."""

import pytest

from kb.question import Question, TermWeights, doc_numbers, is_title, unheld_words

ALL = TermWeights(own=1.0, ring=0.6, kin=0.2)


def test_the_longest_body_before_a_year_is_tried_first() -> None:
    tried = [number for number, _ in doc_numbers("根据皖政办秘（2024）66号，给多少")]
    assert tried[0] == "根据皖政办秘〔2024〕66号"
    assert "皖政办秘〔2024〕66号" in tried


def test_what_stands_around_a_number_is_left_of_the_query() -> None:
    assert dict(doc_numbers("依据渝府办发[2024]75号先导区几个"))["渝府办发〔2024〕75号"] == "依据先导区几个"


@pytest.mark.parametrize("query", ["2027年建成30个场景", "揭榜挂帅", "33618", "75号文件"])
def test_figures_alone_are_no_document_number(query: str) -> None:
    assert not [n for n, _ in doc_numbers(query) if "〔" in n and not n[0].isalpha()]


def test_the_regions_named_count_whole_and_their_cities_half() -> None:
    regions = Question("江苏和成都的未来产业基金").regions
    assert regions["江苏"] == regions["成都"] == 1.0
    assert regions["苏州"] == 0.5
    assert "四川" not in regions


@pytest.mark.parametrize(
    "query",
    [
        "扩大连锁经营",
        "上海口岸通关便利化",
        "城中山体保护",
        "以上海港为枢纽",
        "医保定点机构",
        "建设新乡村",
        "连续扩大连片种植",
    ],
)
def test_signs_of_two_words_do_not_name_a_region(query: str) -> None:
    assert not {"大连", "海口", "中山", "保定", "新乡"} & set(Question(query).regions)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("大连扩大开放", {"大连"}),
        ("四川省成都市和重庆市怎么做", {"四川", "成都", "重庆"}),
        ("安徽江西安全生产", {"安徽", "江西"}),
        ("襄阳市、雄安新区与内蒙古自治区", {"襄阳", "雄安", "内蒙古"}),
        ("海南自由贸易港和海口综合保税区", {"海南", "海口"}),
        ("上海市外资研发中心", {"上海"}),
        ("重庆两江新区", {"重庆"}),
    ],
)
def test_regions_are_named_by_whole_words(query: str, named: set[str]) -> None:
    assert {r for r, share in Question(query).regions.items() if share == 1} == named


def test_an_area_stands_for_its_regions() -> None:
    assert {"上海", "江苏", "浙江", "安徽"} <= {
        r for r, share in Question("长三角的未来产业基金").regions.items() if share == 1
    }


@pytest.mark.parametrize(
    ("query", "asked"), [("国家级未来产业先导区", False), ("中央企业开放场景", False), ("国家层面的场景文件", True)]
)
def test_the_national_level_is_asked_for_only_in_so_many_words(query: str, asked: bool) -> None:
    assert ("国家" in Question(query).regions) is asked


def test_own_words_outweigh_other_names_and_these_near_words() -> None:
    terms = Question("BCI").terms(ALL)
    assert terms["bci"] == 1.0
    assert terms["脑机接口"] == 0.6
    assert terms["脑科学"] == 0.2


def test_a_name_the_cutter_does_not_keep_whole_is_looked_for_in_pieces() -> None:
    assert "首台" in Question("首台套").terms(ALL)


def test_rings_and_kin_may_be_left_out() -> None:
    assert set(Question("BCI").terms(TermWeights(ring=0, kin=0))) == {"bci"}


def test_the_meaning_names_the_thing_by_its_other_names_too() -> None:
    assert Question("ＢＣＩ产业").meaning(ALL) == "BCI产业 脑机接口 脑机交互"


def test_only_a_short_query_is_a_phrase() -> None:
    assert Question("“监管沙盒”？").phrase == ["监管", "管沙", "沙盒"]
    assert Question("有没有哪个省给初创企业亏损容忍的基金？").phrase == []


def test_pairs_do_not_reach_across_punctuation() -> None:
    assert Question("投早、投小").pairs == ["投早", "投小"]


def test_question_words_are_not_looked_for() -> None:
    assert Question("各地怎么建设先导区？").own == ("建设", "先导", "先导区")


@pytest.mark.parametrize(
    ("query", "unheld"),
    [
        ("火星殖民地补贴标准", ("火星", "殖民地")), ("weilai chanye", ("weilai", "chanye")), ("养老院床位", ("养老院", "床位")),
        ("火星上的先导区补贴", ()), ("渝府办发〔2099〕75号 补贴", ()), ("2027年100亿元", ()), ("沙盒监管", ()), ("", ()),
    ],
)  # fmt: skip
def test_words_nothing_held_has_are_told_where_they_are_most_of_the_query(
    query: str, unheld: tuple[str, ...]
) -> None:
    text = "先导区首台套补贴标准，2027年设立100亿元基金，监管沙盒"
    assert unheld_words(query, lambda word: word in text) == unheld


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("重庆市未来产业培育行动计划2024-2027", True), ("《重庆未来产业培育行动计划》", True), ("重庆市未来产业培育行动记划", True),
        ("重庆市未来产业培育行动计划（2025—2027年）", False), ("重庆市未来产业培育若干措施", False), ("未来产业培育", False),
    ],
)  # fmt: skip
def test_a_title_is_known_though_a_sign_of_it_is_mistyped(query: str, named: bool) -> None:
    assert is_title(query, "重庆市未来产业培育行动计划（2024—2027年）") == named


def test_a_title_that_differs_by_its_region_or_number_is_another() -> None:
    assert not is_title("江苏省未来产业发展行动方案", "江西省未来产业发展行动方案")
    assert not is_title("关于公布第一批未来产业先导区名单的通知", "关于公布第二批未来产业先导区名单的通知")

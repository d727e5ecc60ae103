"""The searcher's behaviour, with the fake encoder: filters, numbers, phrases, reasons, duplicates."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from kb.cli import main
from kb.draft import drafts
from kb.encode import FakeEncoder
from kb.errors import KbError
from kb.knowledge import KnowledgeBase
from kb.model import Document, Draft, Provision
from kb.plain import cautions
from kb.search import Filters, Floor, Mode, Searcher, checked_filters
from tests.search.make import found, put

NUMBER = "渝府办发〔2024〕75号"


@pytest.fixture
def base(empty: KnowledgeBase) -> KnowledgeBase:
    """Four documents: a Chongqing plan with a number, an Anhui law, a city's measures, a region's notes."""
    put(empty, "plan", ["建成8至10个市级未来产业先导区。", "推动脑机接口攻关。", "发挥天使投资引导基金作用。"],
        doc_number=NUMBER, instrument="行动计划", issued="2024-09-27", title="重庆市未来产业培育行动计划")  # fmt: skip
    put(empty, "law", ["建设覆盖全链条的耐心资本体系。", "省人民政府建立投入增长机制。"],
        region="安徽", instrument="决定", issued="2024-09", title="关于加快培育发展未来产业的决定")  # fmt: skip
    put(empty, "city", ["对首台（套）装备给予奖励，最高１００万元。"],
        region="成都", level="地市级", instrument="措施", issued="2025", title="若干政策措施")  # fmt: skip
    put(empty, "notes", ["先导区建设滞后。"], region="重庆", instrument="动态", issued=None, title="重庆动态")
    return empty


# -- what may answer ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        (Filters(regions=("安徽",)), {"law"}),
        (Filters(levels=("地市级",)), {"city"}),
        (Filters(instruments=("动态",)), {"notes"}),
        (Filters(documents=("plan", "law")), {"plan", "law"}),
        (Filters(regions=("重庆",), instruments=("行动计划",)), {"plan"}),
        (Filters(), {"plan", "law", "city", "notes"}),
    ],
)
def test_only_documents_that_pass_the_filters_answer(
    base: KnowledgeBase, filters: Filters, documents: set[str]
) -> None:
    assert {h.document.id for h in base.search("未来产业先导区资本奖励", filters=filters, k=20)} == documents


def test_dates_are_compared_at_the_precision_known(base: KnowledgeBase) -> None:
    def documents(**dates: str) -> set[str]:
        return {h.document.id for h in base.search("先导区资本奖励", filters=checked_filters(**dates), k=20)}

    assert documents(since="2024-09-27") == {"plan", "law", "city"}, "2024-09 may well be after the 27th"
    assert documents(since="2025") == {"city"}
    assert documents(until="2024-09-20") == {"law"}
    assert documents(until="2024") == {"plan", "law"}, "undated notes pass no date"


@pytest.mark.parametrize(
    ("query", "mode", "k"), [("  ", "hybrid", 5), ("先导区", "nonsense", 5), ("先导区", "hybrid", 0)]
)
def test_a_senseless_request_is_refused_in_words(base: KnowledgeBase, query: str, mode: str, k: int) -> None:
    with pytest.raises(KbError):
        base.search(query, mode, k=k)  # type: ignore[arg-type]


def test_an_unknown_region_or_a_wrong_date_is_refused() -> None:
    with pytest.raises(KbError, match="地区"):
        checked_filters(regions=["亚特兰蒂斯"])
    with pytest.raises(KbError, match="日期"):
        checked_filters(since="去年")
    for day in ("2024-13", "2024-00", "2024-02-32", "2024-02-31"):
        with pytest.raises(KbError, match="日期"):
            checked_filters(since=day)


def test_filters_from_python_are_checked_like_those_typed(base: KnowledgeBase) -> None:
    named = base.search("先导区资本奖励", filters=Filters(regions=("重庆市",)), k=20)
    assert named == base.search("先导区资本奖励", filters=Filters(regions=("重庆",)), k=20)
    for wrong in (Filters(since="2025年6月"), Filters(regions=("火星",)), Filters(levels=("省",))):
        with pytest.raises(KbError):
            base.search("先导区", filters=wrong)
    with pytest.raises(KbError, match="字符"):
        base.search("未来\ud800产业")


def test_dates_may_be_typed_in_full_width(base: KnowledgeBase) -> None:
    filters = checked_filters(since="２０２５", until=" ２０２５－１２ ")
    assert {h.document.id for h in base.search("先导区资本奖励", filters=filters, k=20)} == {"city"}


def test_a_query_of_punctuation_alone_finds_nothing_by_words(base: KnowledgeBase) -> None:
    assert base.search("？？！", "lexical") == []


# -- 发文字号 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [NUMBER, "渝府办发[2024]75号", "渝府办发（2024）75 号", "渝府办发(2024)75", "渝府办发【2024】第75号",
     "渝府办发2024年75号", "渝府办发 〔 2024 〕 75 号", "请问渝府办发〔２０２４〕７５号"],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense", "exact"])
def test_a_number_alone_shows_its_document_in_order_however_typed(base: KnowledgeBase, typed: str, mode: str) -> None:
    assert found(base, typed, mode=mode) == ["plan#0", "plan#1", "plan#2"]


def test_two_numbers_ask_for_both_documents(base: KnowledgeBase) -> None:
    put(base, "second", ["设立先导区发展基金。"], region="安徽", doc_number="皖政办秘〔2024〕66号")
    both = found(base, "渝府办发〔2024〕75号和皖政办秘〔2024〕66号的先导区", k=20)
    assert {h.split("#")[0] for h in both} == {"plan", "second"}


def test_words_before_a_number_are_not_taken_for_a_part_of_it(base: KnowledgeBase) -> None:
    hits = found(base, "根据渝府办发〔2024〕75号，先导区要建几个")
    assert hits[0] == "plan#0"
    assert {h.split("#")[0] for h in hits} == {"plan"}


def test_a_number_nobody_holds_is_searched_like_any_words(base: KnowledgeBase) -> None:
    assert "law#0" in found(base, "皖发〔1999〕1号 耐心资本")


def test_a_number_nobody_holds_is_told(base: KnowledgeBase) -> None:
    assert base.unheld_number("请找渝府办发（2099）1号") == "〔2099〕1号"
    assert base.unheld_number(f"{NUMBER}和渝府办发〔2099〕1号") == "〔2099〕1号"
    assert not any(map(base.unheld_number, [NUMBER, "渝府办发[2024]75号 先导区", "到2027年建成10个", "2025年第3号"]))


def test_a_number_of_a_document_the_filters_exclude_finds_nothing(base: KnowledgeBase) -> None:
    assert base.search(NUMBER, filters=Filters(regions=("安徽",))) == []


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "exact"])
@pytest.mark.parametrize(
    "typed", ["重庆市未来产业培育行动计划", "《重庆市未来产业培育行动计划》", "重庆市 未来产业培育行动计划。"]
)
def test_a_title_alone_shows_its_document_in_order(base: KnowledgeBase, typed: str, mode: str) -> None:
    put(
        base,
        "other",
        ["依据《重庆市未来产业培育行动计划》，制定本措施。"],
        region="重庆",
        title="重庆市低空经济若干措施",
    )
    assert found(base, typed, mode=mode) == ["plan#0", "plan#1", "plan#2"]
    assert base.search(typed, mode=mode)[0].places == {"题名": ("重庆市未来产业培育行动计划",)}
    assert "other#0" in found(base, "依据重庆市未来产业培育行动计划制定的措施")


def test_an_entry_of_the_notes_is_asked_for_its_own_date(empty: KnowledgeBase) -> None:
    notes = Document("n", "重庆", "省级", "重庆动态", instrument="动态", issued="2026-03", coverage="partial")
    texts = ("先导区名单公布。", "先导区座谈会召开。")
    entries = (
        Provision(0, "2024-05-02　名单", (), "digest", texts[0], 0, 8),
        Provision(1, "2026-03-01　座谈", (), "digest", texts[1], 9, 18),
    )
    empty.add([Draft(notes, "\n".join(texts), entries)])
    assert found(empty, "先导区", filters=Filters(since="2026")) == ["n#1"]
    assert found(empty, "先导区", filters=Filters(until="2025")) == ["n#0"]
    assert set(found(empty, "先导区")) == {"n#0", "n#1"}


# -- exact ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "phrase", ["首台（套）", "首台(套)", "最高100万元", "最高１００万元", "奖励，最高", "奖励,最高"]
)
def test_exact_finds_a_phrase_across_the_fold_of_widths_and_marks_it(base: KnowledgeBase, phrase: str) -> None:
    (hit,) = base.search(phrase, "exact")
    (start, end) = hit.marks[0]
    assert hit.document.id == "city"
    assert end - start == len(phrase)


def test_exact_does_not_find_the_words_in_another_order(base: KnowledgeBase) -> None:
    assert base.search("资本耐心", "exact") == []


def test_exact_finds_a_phrase_that_a_line_end_interrupts(empty: KnowledgeBase) -> None:
    put(empty, "broken", ["加快发展低空\n经济，建设起降点。"])
    (hit,) = empty.search("低空经济", "exact")
    assert hit.held.provision.text[slice(*hit.marks[0])] == "低空\n经济"


def test_exact_finds_a_single_sign(base: KnowledgeBase) -> None:
    assert found(base, "套", mode="exact") == ["city#0"]


@pytest.mark.parametrize("sign", ["（", "(", ")", "*", "+", "?", "{", "\\", "^", "$", ".", "|", "["])
def test_exact_takes_a_single_sign_as_it_stands(base: KnowledgeBase, sign: str) -> None:
    put(base, "sign", [f"支持工业软件{sign}应用。"])
    hits = base.search(sign, "exact")
    assert "sign" in {h.document.id for h in hits}
    assert all(h.marks for h in hits), "each holds the sign"


# -- reasons -------------------------------------------------------------------------------------------------------


def test_a_hit_says_which_terms_stand_where_and_its_rank_in_each_leg(base: KnowledgeBase) -> None:
    hit = base.search("未来产业先导区")[0]
    assert f"{hit.document.id}#{hit.held.provision.ordinal}" == "plan#0"
    assert "先导区" in hit.places["正文"]
    assert "未来产业" in hit.places["题名"]
    assert hit.lexical_rank == 1
    assert hit.dense_rank is not None
    assert [hit.held.provision.text[a:b] for a, b in hit.marks] == ["未来产业先导区"]


def test_another_name_of_the_thing_is_found_too_and_given_as_the_reason(base: KnowledgeBase) -> None:
    hit = base.search("BCI", "lexical")[0]
    assert hit.held.provision.text == "推动脑机接口攻关。"
    assert hit.places["正文"] == ("脑机接口",)


def test_the_words_asked_for_come_before_words_that_are_only_near(empty: KnowledgeBase) -> None:
    put(empty, "near", ["鼓励长期资本投入。"], region="上海")
    put(empty, "asked", ["鼓励耐心资本投入。"], region="北京")
    assert found(empty, "耐心资本", mode="lexical") == ["asked#0", "near#0"]


def test_ranks_count_from_one_without_gaps(base: KnowledgeBase) -> None:
    hits = base.search("未来产业先导区资本", k=4)
    assert [h.rank for h in hits] == [1, 2, 3, 4]


def test_a_hit_far_from_the_question_is_weak_and_one_with_its_words_is_not(base: KnowledgeBase) -> None:
    base.refresh()
    strict = Searcher(base.library, base.vectors, base.lexical, base.encoder, floor=Floor(model="fake", cosine=2.0))
    weak = {h.held.provision.text: h.weak for h in strict.search("耐心资本", k=10)}
    assert weak.pop("建设覆盖全链条的耐心资本体系。") is False
    assert weak and all(weak.values())


def test_cosines_of_a_model_the_floor_was_not_set_for_are_not_judged(base: KnowledgeBase) -> None:
    assert not any(h.weak for h in base.search("与此毫不相干的一句话", "dense"))


# -- order ---------------------------------------------------------------------------------------------------------


def test_provisions_of_the_region_named_come_first(empty: KnowledgeBase) -> None:
    for region in ("上海", "江苏", "四川"):
        put(empty, region, ["设立未来产业基金。"], region=region, title="上海江苏四川若干措施")
    assert found(empty, "江苏设立未来产业基金", k=1) == ["江苏#0"]


def test_cities_of_a_province_named_come_before_other_regions(empty: KnowledgeBase) -> None:
    for region in ("广东", "南京", "上海"):
        put(empty, region, ["设立未来产业基金。"], region=region, title="广东南京上海若干措施")
    assert found(empty, "江苏有没有设立未来产业基金", k=1) == ["南京#0"]


def test_news_comes_after_a_policy_that_says_as_much(empty: KnowledgeBase) -> None:
    put(empty, "news", ["设立未来产业基金。"], region="上海", instrument="动态", title="上海北京措施")
    put(empty, "policy", ["设立未来产业基金。"], region="北京", instrument="措施", title="上海北京措施")
    assert found(empty, "设立未来产业基金") == ["policy#0", "news#0"]


def test_one_word_match_among_many_near_meanings_stands_out(empty: KnowledgeBase) -> None:
    put(empty, "many", [f"第{n}项目的组织实施与揭榜方式。" for n in range(30)])
    put(empty, "one", ["以赛代评发掘标的。"], region="上海")
    assert found(empty, "以赛代评", k=1) == ["one#0"]


def test_words_decide_where_one_provision_holds_them_all_and_meaning_where_none_does(
    empty: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    scattered, met = "生意做砸了会被登记吗", "办理登记的期限 企业"

    def vector(_: object, text: str) -> np.ndarray:
        near = "容错" in text or text in (scattered, met)
        return np.eye(FakeEncoder.dimension, dtype=np.float32)[0 if near else 1]

    monkeypatch.setattr(FakeEncoder, "query", vector)
    others = ["道路养护经费。", "档案管理制度。", "统计报表报送。", "水质检测频次。"]
    put(empty, "one", ["投资机构尽职免责，建立容错机制。", "企业登记办理期限为三日。", *others])
    assert found(empty, scattered)[0] == "one#0", "hardly a word of it is met: meaning decides"
    assert found(empty, met)[0] == "one#1", "all of it is met: words decide"


# -- duplicates ----------------------------------------------------------------------------------------------------

LONG = "到2027年，建成10个概念验证中心和100个中试平台，推动400个创新产品上市，孵化高新技术企业100家。"


def test_a_repost_is_shown_under_the_first_hit(empty: KnowledgeBase) -> None:
    put(empty, "first", [LONG])
    put(empty, "repost", [LONG])
    (hit,) = empty.search("中试平台")
    assert {hit.document.id, hit.duplicates[0][0].id} == {"first", "repost"}


def test_many_reposts_leave_room_for_other_documents(empty: KnowledgeBase) -> None:
    for n in range(16):
        put(empty, f"repost{n}", [LONG])
    for n, region in enumerate(("上海", "安徽", "江苏")):
        text = f"支持中试平台建设，服务企业{n + 3}家，由所在区县统筹落实，并定期开展绩效评估。"
        put(empty, region, [text], region=region)
    for mode in get_args(Mode):
        assert {h.document.region for h in empty.search("中试平台", mode, k=4)} == {"重庆", "上海", "安徽", "江苏"}


def test_the_text_in_force_stands_for_its_draft(empty: KnowledgeBase) -> None:
    put(empty, "draft", [LONG], status="征求意见稿")
    put(empty, "final", [LONG.replace("孵化", "新孵化")])
    (hit,) = empty.search("中试平台概念验证中心")
    assert (hit.document.id, [d.id for d, _ in hit.duplicates]) == ("final", ["draft"])


def test_the_same_words_in_another_region_or_with_other_figures_are_no_duplicates(empty: KnowledgeBase) -> None:
    put(empty, "ours", [LONG])
    put(empty, "theirs", [LONG], region="安徽")
    put(empty, "more", [LONG.replace("400", "500")])
    assert len(empty.search("中试平台")) == 3


def test_alike_provisions_of_one_document_are_both_shown(empty: KnowledgeBase) -> None:
    put(empty, "twice", [LONG, LONG])
    assert len(empty.search("中试平台")) == 2


def test_provisions_of_one_document_are_put_together_on_demand(
    empty: KnowledgeBase, capsys: pytest.CaptureFixture[str]
) -> None:
    put(empty, "one", ["设立未来产业专项基金。", "养护道路。", "发挥产业基金作用。"])
    put(empty, "two", ["设立未来产业基金。"], region="安徽")
    hits = empty.search("未来产业专项基金", k=4)
    groups = hits.by_document()
    assert [[h.document.id for h in group] for group in groups] == [["one"] * 3, ["two"]]
    assert [h.rank for group in groups for h in group] != [h.rank for h in hits], "two came between"
    assert main(["search", "未来产业专项基金", "--together", "--kb", str(empty.home)]) == 0
    told = capsys.readouterr().out
    assert told.count("《文件one》") == 1
    assert told.count("同上") == 2


# -- similar -------------------------------------------------------------------------------------------------------


def test_similar_gives_the_nearest_of_each_other_region(empty: KnowledgeBase) -> None:
    put(empty, "ours", ["设立未来产业基金。"])
    put(empty, "a", ["设立未来产业专项基金。", "建设产业园区。"], region="上海")
    put(empty, "b", ["组建未来产业基金，投早投小。"], region="成都", level="地市级")
    put(empty, "n", ["设立未来产业基金。"], region="安徽", instrument="动态")
    asked = empty.search("设立未来产业基金", filters=Filters(documents=("ours",)))[0].held.id
    near = empty.similar(asked)
    assert {h.document.region for h in near} == {"上海", "成都"}, "not its own region, not news"
    assert near[0].held.provision.text == "设立未来产业专项基金。"
    assert near[0].cosine is not None


def test_a_region_with_many_texts_leaves_the_others_their_nearest(empty: KnowledgeBase) -> None:
    put(empty, "ours", ["设立未来产业基金。"])
    put(empty, "many", ["设立未来产业基金。"] * 250, region="上海")
    put(empty, "one", ["组建未来产业基金，投早投小。"], region="安徽")
    asked = empty.search("设立未来产业基金", filters=Filters(documents=("ours",)))[0].held.id
    assert [h.document.region for h in empty.similar(asked)] == ["上海", "安徽"]


def test_similar_to_nothing_is_refused(base: KnowledgeBase) -> None:
    with pytest.raises(KbError, match="99999"):
        base.similar(99999)


def test_a_decree_is_found_by_its_number_which_has_no_year(base: KnowledgeBase) -> None:
    put(base, "ours", ["设立未来产业基金。"], doc_number="重庆市人民政府令第179号")
    put(base, "theirs", ["设立先导区基金。"], region="广东", doc_number="广东省人民政府令第179号")
    put(base, "other", ["设立令牌第179号基金。"], doc_number="重庆市人民政府令第79号")
    assert found(base, "重庆市人民政府令第179号") == ["ours#0"]
    assert sorted(found(base, "令第179号")) == ["ours#0", "theirs#0"]
    assert "other#0" not in found(base, "市政府令（第179号）")


def test_a_number_without_its_organ_finds_all_who_have_it(base: KnowledgeBase) -> None:
    put(base, "theirs", ["设立先导区基金。"], region="安徽", doc_number="皖政办〔2024〕75号")
    assert {h.split("#")[0] for h in found(base, "〔2024〕75号", k=20)} == {"plan", "theirs"}
    assert found(base, "渝府办发〔2024〕075号") == ["plan#0", "plan#1", "plan#2"]


def test_a_word_that_stands_in_a_title_or_names_a_region_is_held(base: KnowledgeBase) -> None:
    put(base, "shanxi", ["设立专项资金。"], region="山西", title="氢能中长期规划")
    assert base.unheld_words("山西氢能") == () and base.unheld_words("宁夏核电") == ("宁夏", "核电")


def test_a_single_sign_inside_other_words_is_no_reason_why_a_text_was_found(base: KnowledgeBase) -> None:
    put(base, "loss", ["谁给未来产业投资的损失补偿。"], title="未来产业投资办法")
    (hit, *_) = base.search("谁来给失败的投资补偿", mode="lexical")
    assert hit.document.id == "loss" and all(len(term) > 1 for terms in hit.places.values() for term in terms)


def test_another_organs_number_of_that_year_is_named(base: KnowledgeBase) -> None:
    assert "文库中“…〔2024〕75号”是渝府办发〔2024〕75号" in cautions(base, "渝府发〔2024〕75号", True)
    assert cautions(base, "渝府发〔2023〕75号", True) == "文库中没有文号为“…〔2023〕75号”的文件。"
    assert cautions(base, NUMBER, True) == ""


@pytest.mark.parametrize(
    "asked",
    [
        "{}文件",
        "请问{}是什么文件",
        "{} 全文",
        "《重庆市未来产业培育行动计划》（{}，重庆市人民政府办公厅，2024-09-27）",
    ],
)
def test_a_number_with_words_that_only_ask_for_the_text_shows_it_in_order(base: KnowledgeBase, asked: str) -> None:
    assert found(base, asked.format(NUMBER)) == ["plan#0", "plan#1", "plan#2"]


def test_what_is_asked_of_a_document_by_number_is_never_called_weak(base: KnowledgeBase) -> None:
    assert found(base, "火星殖民地怎么办")
    strict = Searcher(base.library, base.vectors, base.lexical, base.encoder, floor=Floor(model="fake", cosine=2.0))
    assert not any(hit.weak for hit in strict.search(f"{NUMBER} 火星殖民地怎么办"))
    assert any(hit.weak for hit in strict.search("火星殖民地怎么办"))


def test_a_title_is_known_in_a_notice_that_prints_it_and_the_text_comes_before_its_draft(base: KnowledgeBase) -> None:
    put(base, "draft", ["征求意见的内容。"], title="某省氢能产业发展规划（征求意见稿）", status="征求意见稿")
    put(base, "final", ["正式的内容。"], title="某省氢能产业发展规划")
    assert found(base, "关于印发《某省氢能产业发展规划》的通知") == ["final#0", "draft#0"]
    assert found(base, "某省氢能产业发展规划全文")[0] == "final#0"


def test_an_article_of_a_document_is_shown_alone(base: KnowledgeBase) -> None:
    articles = "\n".join(f"第{n}条　市政府优化{n}类服务。" for n in "一二三四五六七八九十")
    text = f"某市优化营商环境条例\n{articles}\n第十一条　设立窗口。\n第十二条　本条例自2025年5月1日起施行。"
    base.add(drafts(text.encode(), "条例.txt"))
    assert [h.held.provision.label for h in base.search("某市优化营商环境条例第二条")] == ["第二条"]
    assert [h.held.provision.label for h in base.search("《某市优化营商环境条例》第12条")] == ["第十二条"]
    assert len(found(base, "某市优化营商环境条例第九十条", k=20)) > 10


def test_a_figure_is_found_whole(base: KnowledgeBase) -> None:
    put(base, "many", ["培育链主企业45家、链核企业105家。"])
    put(base, "few", ["培育链主企业5家。"])
    assert found(base, "5家", mode="exact") == ["few#0"]
    (hit,) = [h for h in base.search("链主企业5家", mode="lexical") if h.document.id == "many"]
    assert "5" not in hit.terms


def test_how_many_hits_are_asked_for_changes_no_order(base: KnowledgeBase) -> None:
    put(base, "long", [f"第{n}类未来产业基金{'专项' * (n % 7)}，支持先导区。" for n in range(300)])
    first = found(base, "未来产业专项基金", k=20)
    assert (
        found(base, "未来产业专项基金", k=250)[:20] == first
        and len(set(found(base, "未来产业专项基金", k=250))) == 250
    )


def test_what_stands_around_a_question_changes_nothing(base: KnowledgeBase) -> None:
    assert found(base, "“先导区怎么建？” ") == found(base, "先导区怎么建")


def test_a_question_for_what_there_is_not_is_told_to_be_none_for_a_search(base: KnowledgeBase) -> None:
    assert "不理解“没有”" in cautions(base, "哪些省没有先导区", True) and "差距对比" in cautions(
        base, "除了安徽，先导区", True
    )
    assert cautions(base, "先导区基金", True) == cautions(base, "有没有先导区基金", True) == ""


def test_an_entry_without_a_date_passes_no_filter_by_date(base: KnowledgeBase) -> None:
    put(base, "news", ["发布先导区名单。"], instrument="动态", published="2026-03-01")
    assert "news#0" in found(base, "先导区名单") and "news#0" not in found(
        base, "先导区名单", filters=Filters(since="2025-01")
    )
    put(base, "idea", ["建议发布先导区名单。"], instrument="提案", issued="2026-03-01")
    assert "idea#0" in found(base, "先导区名单", filters=Filters(since="2025-01"))

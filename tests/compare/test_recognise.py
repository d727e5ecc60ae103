"""Recognising measures: what a provision is coded with, why, and what is left alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from kb.compare.cues import load_lexicon
from kb.compare.head import FILE, load_head
from kb.compare.recognise import Recogniser
from kb.errors import KbError
from kb.fold import fold
from kb.settings import CORPUS

PROVISIONS = {
    "成立市未来产业发展领导小组，建立部门联席会议制度，定期会商重大事项。": "coordination",
    "每季度发布一批未来产业应用场景机会清单，面向社会征集解决方案。": "scenario_list",
    "设立总规模50亿元的未来产业专项基金，支持前沿技术早期项目。": "special_fund",
    "对首次获批的创新型企业给予最高200万元奖励，从市级专项资金中安排。": "fiscal_support",
    "推行揭榜挂帅和赛马制，由企业出题、院所揭榜。": "challenge_bidding",
    "建设中试基地和检验检测公共服务平台，提供工艺熟化服务。": "pilot_testing",
    "深化职务科技成果赋权改革，培育技术经理人队伍。": "transfer_mechanism",
    "开展科技伦理审查，建立人工智能安全风险评估制度。": "ethics_safety",
    "（责任单位：市科技局、市经济信息委）": "responsibility",
    "探索监管沙盒，对新业态实行包容审慎监管。": "sandbox",
}
NOTHING = (
    "未来产业由前沿技术驱动，当前处于孕育萌发阶段，具有显著战略性、引领性和不确定性。",
    "本办法自印发之日起施行，有效期五年，由市经济信息委负责解释。",
    "到2030年，未来产业成为全市经济增长的重要引擎。",
    "",
    "　\n",
)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load(CORPUS)


@pytest.mark.parametrize(("text", "measure"), PROVISIONS.items(), ids=PROVISIONS.values())
def test_a_provision_of_an_official_plan_gets_its_measure_without_vectors(
    recogniser: Recogniser, text: str, measure: str
) -> None:
    assert measure in {c.measure for c in recogniser.recognise([text])[0]}


@pytest.mark.parametrize("text", NOTHING)
def test_background_closing_clauses_and_goals_get_no_measure(recogniser: Recogniser, text: str) -> None:
    assert recogniser.recognise([text]) == [()]


def test_an_amount_of_the_devices_own_is_a_commitment_and_an_encouragement_a_mention(recogniser: Recogniser) -> None:
    texts = ["设立总规模100亿元的未来产业基金。", "鼓励探索设立未来产业基金。"]
    promised, mentioned = (
        {c.measure: c.strength for c in codes}["special_fund"] for codes in recogniser.recognise(texts)
    )
    assert promised == 3
    assert mentioned == 1


def test_codes_come_in_frame_order_with_a_score_and_the_origin_auto(recogniser: Recogniser) -> None:
    codes = recogniser.recognise(["举办未来产业大会；设立未来产业基金；成立领导小组统筹推进。"])[0]
    assert [c.measure for c in codes] == ["coordination", "special_fund", "events"]
    assert all(c.origin == "auto" and 0 < c.score <= 1 for c in codes)


def test_the_explanation_is_the_sentence_and_the_words_in_it(recogniser: Recogniser) -> None:
    long = "坚持创新驱动，优化产业生态。组建专家咨询委员会，为决策提供支撑。力争产业规模稳步增长。"
    reasons = {e.measure: e for e in recogniser.explain(long)}
    assert reasons["expert_advice"].sentence == "组建专家咨询委员会，为决策提供支撑。"
    assert all(word in reasons["expert_advice"].sentence for word in reasons["expert_advice"].cues)


def test_a_measure_asked_for_is_explained_where_it_was_not_recognised(recogniser: Recogniser) -> None:
    text = "鼓励社会资本参与。引用《某省数据条例》。组建专家咨询委员会。"
    reasons = {e.measure: e for e in recogniser.explain(text, also=("guidance_fund", "legislation", "expert_advice"))}
    assert "sandbox" not in reasons
    assert reasons["expert_advice"].strength and reasons["expert_advice"].score >= reasons["expert_advice"].floor
    for measure in ("guidance_fund", "legislation"):
        assert reasons[measure].strength == 0
        assert reasons[measure].score < reasons[measure].floor
    assert reasons["guidance_fund"].cues == ("社会资本",)
    assert reasons["guidance_fund"].sentence == "鼓励社会资本参与。"
    assert reasons["legislation"].cues == () and any("条例" in word for word in reasons["legislation"].aside)
    # being asked changes nothing of what was recognised
    assert [e for e in recogniser.explain(text, also=("sandbox",)) if e.strength] == recogniser.explain(text)


def test_the_words_are_as_written_in_the_text(recogniser: Recogniser) -> None:
    text = "由省财政厅牵头，设立未来产业先导区５个以上，实行年度评价。"
    for reason in recogniser.explain(text):
        assert all(word in text for word in reason.cues)
    assert any("，" in word for reason in recogniser.explain(text) for word in reason.cues)


def test_of_long_texts_the_stretch_that_comes_nearest_explains_what_is_missing(recogniser: Recogniser) -> None:
    filler = "加快构建现代化产业体系，推动高质量发展迈上新台阶，不断增强人民群众的获得感。" * 12
    text = f"{filler}鼓励社会资本参与投资。{filler}"
    (reason,) = [e for e in recogniser.explain(text, also=("guidance_fund",)) if e.measure == "guidance_fund"]
    assert reason.sentence == "鼓励社会资本参与投资。"


def test_a_text_is_coded_alike_alone_and_among_others(recogniser: Recogniser) -> None:
    texts = [*PROVISIONS, *NOTHING]
    assert recogniser.recognise(texts) == [recogniser.recognise([text])[0] for text in texts]


def test_words_inside_an_exception_and_in_a_void_sentence_are_found_but_do_not_count() -> None:
    lexicon = load_lexicon(CORPUS)
    hits = lexicon.hits(lexicon.spots("引用《某省数据条例》；本办法所称先导区，是指产业集聚的区域。"))
    states = {(h.measure, h.state) for h in hits}
    assert ("legislation", "not") in states
    assert ("pilot_zone", "void") in states
    assert not any(h.measure in ("legislation", "pilot_zone") and not h.state for h in hits)


DENIED = {
    "目前我市尚未建立未来产业联席会议制度，也没有设立未来产业专项基金。": {"coordination", "special_fund"},
    "各区县不得擅自创建未来产业先导区。": {"pilot_zone"},
    "自本通知印发之日起，取消新能源汽车财政补贴。": {"fiscal_support"},
    "不再对首台套产品给予奖励。": {"first_use", "fiscal_support"},
    "将第十条第二款“市人民政府设立未来产业专项基金”删去。": {"special_fund"},
}


@pytest.mark.parametrize(("text", "measures"), DENIED.items())
def test_what_a_text_says_is_not_there_forbidden_or_withdrawn_is_not_provided_for(
    recogniser: Recogniser, text: str, measures: set[str]
) -> None:
    assert recogniser.recognise([text]) == [()]
    convinced = [np.full((1, recogniser.width), 9.0, np.float32)]
    said = recogniser.recognise([text], [np.ones((1, 384), np.float32)], convinced)[0]
    assert said and not {c.measure for c in said} & measures


def test_a_condition_denies_nothing(recogniser: Recogniser) -> None:
    text = "对尚未制定国家标准的新产品，支持企业牵头制定团体标准；没有设立专项基金的区县，设立未来产业专项基金。"
    assert {"standards", "special_fund"} <= {c.measure for c in recogniser.recognise([text])[0]}


@pytest.mark.parametrize(
    "text",
    [
        "我市仍缺乏概念验证中心，中试平台建设明显滞后。",
        "首台（套）保险补偿政策尚未出台。", "未来产业统计监测体系空白，底数不清。", "与先进地区相比，未来产业投入增长机制尚未建立。",
        "尚未对未来产业实施沙盒监管。", "至今未对未来产业投资损失容忍度作出规定。", "算力基础设施布局分散，没有统一的算力调度平台。",
        "统筹机制不健全，没有市级领导小组牵头推进未来产业。", "撤销市未来产业发展领导小组。", "财政资金对未来产业没有专门支持。",
    ],
)  # fmt: skip
def test_what_is_said_to_be_missing_at_the_end_of_a_clause_denies_all_of_it(text: str) -> None:
    folded = fold(text)
    denials, hits = load_lexicon(CORPUS).denials(folded), load_lexicon(CORPUS).hits(load_lexicon(CORPUS).spots(text))
    assert hits and all(any(a <= h.start and h.end <= b for a, b in denials) for h in hits)


def test_a_phrase_that_begins_in_what_is_denied_is_denied(recogniser: Recogniser) -> None:
    text = "应用场景开放不够，没有形成常态化的场景清单发布机制。"
    said = recogniser.recognise(
        [text], [np.ones((1, 384), np.float32)], [np.full((1, recogniser.width), 9.0, np.float32)]
    )[0]
    assert said and "scenario_list" not in {c.measure for c in said}


def test_a_shortage_named_before_what_is_done_about_it_denies_nothing_of_that() -> None:
    text = "针对算力供给不足，建设未来产业智算中心；对尚未盈利的企业给予信贷支持。"
    live = {h.measure for h in load_lexicon(CORPUS).hits(load_lexicon(CORPUS).spots(text)) if not h.state}
    assert {"infrastructure", "credit"} <= live


def test_a_phrase_taken_as_unwritten_is_not_found() -> None:
    lexicon = load_lexicon(CORPUS)
    spots = lexicon.spots("开展概念验证。")
    assert ("proof_of_concept", "概念验证") in spots.fired
    assert lexicon.hits(spots, spots.fired) == []


def test_a_corpus_without_a_head_is_coded_by_cues_alone(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(CORPUS, corpus, ignore=shutil.ignore_patterns("digests", "notes", "gold", "recogniser"))
    recogniser = Recogniser.load(corpus)
    assert recogniser.model is None
    assert "coordination" in {c.measure for c in recogniser.recognise(["成立未来产业发展领导小组。"])[0]}
    assert recogniser.recognise([""]) == [()]


def test_a_damaged_head_is_reported_with_the_remedy(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    (corpus / FILE).parent.mkdir(parents=True)
    (corpus / FILE).write_bytes(b"PK\x03\x04 not a head")
    with pytest.raises(KbError, match="重新训练"):
        load_head(corpus)


def test_the_shipped_head_knows_the_frame_and_names_its_examples() -> None:
    head = load_head(CORPUS)
    assert head is not None
    assert len(head.references) == len(head.vector.examples) == len(head.vector.labels)
    assert head.vector.weights.shape == (len(head.measures), head.vector.examples.shape[1])
    assert np.allclose(np.linalg.norm(head.vector.examples, axis=1), 1, atol=1e-2)


@pytest.mark.model
def test_with_vectors_the_nearest_coded_examples_are_named() -> None:
    from kb.encode import DEFAULT, load_encoder
    from kb.settings import settings

    encoder, recogniser = load_encoder(DEFAULT, settings().cache), Recogniser.load(CORPUS)
    assert recogniser.model == encoder.name
    text = "设立总规模50亿元的未来产业专项基金，支持前沿技术早期项目。"
    reasons = {e.measure: e for e in recogniser.explain(text, encoder.passages([text]))}
    assert reasons["special_fund"].examples
    assert all(isinstance(name, str) and name for name in reasons["special_fund"].examples)


@pytest.mark.parametrize(
    ("text", "strengths"),
    [
        ("强化企业主体地位。新认定省级概念验证中心20家、省级中试平台10家，加快成果转化。", {"proof_of_concept": 3, "pilot_testing": 3}),
        ("到2028年，概念验证中心和中试平台合计50个。", {"proof_of_concept": 2, "pilot_testing": 2}),
        ("设立重庆市未来产业专项基金，总规模100亿元，首期30亿元。", {"special_fund": 3}),
        ("对新认定的未来产业孵化器给予补助，最高200万元。", {"science_park": 2, "fiscal_support": 3}),
        ("（一）设立未来产业基金。基金总规模50亿元，投早投小。", {"special_fund": 3}),
        ("打造未来产业集聚区。规模以上工业企业达到500家。", {"pilot_zone": 2}),
        ("到2027年，建成公共中试平台10个。", {"pilot_testing": 3}),
        ("支持建设概念验证中心和中试平台。", {"proof_of_concept": 1, "pilot_testing": 1}),
    ],
)  # fmt: skip
def test_a_count_of_its_own_makes_a_promise(recogniser: Recogniser, text: str, strengths: dict[str, int]) -> None:
    assert {c.measure: c.strength for c in recogniser.recognise([text])[0]}.items() >= strengths.items()

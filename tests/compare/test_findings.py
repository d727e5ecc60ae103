"""The rules that turn a row of the table into a finding, on invented rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.compare.findings import Row, aside, conclude, evidence_order, importance
from kb.compare.force import checked_date, drafts, in_force, lapsed, not_after, succeeded
from kb.compare.frame import Measure
from kb.compare.result import Cell, Evidence, Finding
from kb.compare.wording import excerpt
from kb.errors import KbError
from kb.model import Attestation, Document, Held, Provision

MEASURE = Measure("special_fund", "未来产业专项基金", "supply", "设立基金", "引导基金", "finance")
PEERS = {"安徽", "上海", "浙江"}


def document(region: str, **more: str | None) -> Document:
    facts: dict[str, object] = {"issued": "2024-09-27", "instrument": "行动计划", **more}
    identity = str(facts.pop("id", f"{region}-plan"))
    return Document(id=identity, region=region, level="省级", title=f"{region}市未来产业行动计划", **facts)  # type: ignore[arg-type]


def evidence(where: Document, strength: int, text: str = "设立未来产业基金。") -> Evidence:
    provision = Provision(0, "三、（一）", ("三、保障措施",), "item", text, 0, len(text))
    return Evidence(where, Held(1, where.id, provision), strength, "editor", 1.0)


def cell(region: str, strength: int, coverage: str = "partial", *found: Evidence, says: str | None = None) -> Cell:
    proof = found or ((evidence(document(region), strength),) if strength else ())
    said = (attestation(region, says),) if says else ()
    return Cell(MEASURE.id, region, coverage, proof, said)  # type: ignore[arg-type]


def attestation(region: str = "重庆", says: str = "lacks", date: str = "2025-07-11") -> Attestation:
    return Attestation(
        "a", region, MEASURE.id, says, date, "提案指出尚无专项基金。", "《提案》", "https://x.cn", "official"
    )  # type: ignore[arg-type]


def finding(
    own: Cell, *others: Cell, about: tuple[Attestation, ...] = (), day: str = "2025-07-11",
    pending: tuple[Evidence, ...] = (),
) -> Finding:  # fmt: skip
    return conclude(Row(MEASURE, "重庆", own, others, frozenset(PEERS), about, day, pending))


def test_a_partial_document_never_proves_an_absence() -> None:
    result = finding(cell("重庆", 0), cell("安徽", 3), cell("上海", 2))
    assert (result.kind, result.basis) == ("suspected", "partial")
    assert "不能据此断定没有" in result.sentence


def test_a_full_text_without_the_measure_is_a_gap() -> None:
    result = finding(cell("重庆", 0, "full"), cell("安徽", 3), cell("上海", 2))
    assert (result.kind, result.basis) == ("gap", "full_text")


def test_one_peer_is_not_enough_for_a_gap_without_a_statement() -> None:
    assert finding(cell("重庆", 0, "full"), cell("安徽", 3)).kind == "unknown"


def test_a_mention_by_peers_is_not_a_deployment() -> None:
    assert finding(cell("重庆", 0), cell("安徽", 1), cell("上海", 1)).kind == "unknown"


def test_a_city_is_shown_but_does_not_count_as_a_peer() -> None:
    result = finding(cell("重庆", 0), cell("成都", 3), cell("南通", 2))
    assert result.kind == "unknown"
    assert result.peers == ("成都", "南通")
    assert result.counted_peers == 0


def test_an_attested_lack_is_a_gap_and_says_by_whom_and_when() -> None:
    result = finding(cell("重庆", 0), cell("安徽", 3), about=(attestation(),))
    assert (result.kind, result.basis) == ("gap", "attested")
    assert "《提案》" in result.sentence
    assert "2025-07-11" in result.sentence


def test_a_lag_that_is_attested_is_weaker_not_a_gap() -> None:
    result = finding(cell("重庆", 3), cell("安徽", 3), about=(attestation(says="behind"),))
    assert (result.kind, result.basis) == ("weaker", "attested")


def test_a_lack_that_an_older_plan_contradicts_is_weaker_with_both_sides_shown() -> None:
    own = cell("重庆", 3, "partial", evidence(document("重庆", issued="2024-09-27"), 3))
    result = finding(own, cell("安徽", 3), about=(attestation(),))
    assert result.kind == "weaker"
    assert result.baseline_evidence
    assert result.attestations


def test_a_broader_document_does_not_contradict_an_attested_lack() -> None:
    own = cell("重庆", 3, "partial", evidence(document("重庆", scope="相关"), 3))
    assert finding(own, cell("安徽", 3), about=(attestation(),)).kind == "gap"


def test_a_later_document_closes_an_attested_lack_and_is_named() -> None:
    measures = document("重庆", id="cq-measures", issued="2026-01-05", doc_number="渝经信规范〔2026〕1号")
    own = cell("重庆", 3, "partial", evidence(measures, 3))
    result = finding(own, cell("安徽", 3), cell("上海", 3), about=(attestation(),))
    assert result.kind == "par"
    assert result.closed_by == ("cq-measures",)
    assert "渝经信规范〔2026〕1号" in result.sentence


def test_a_later_text_on_everything_does_not_close_a_lack() -> None:
    report = replace(document("重庆", id="report", issued="2026-01-05"), title="重庆市人民政府工作报告")
    own = cell("重庆", 3, "partial", evidence(report, 3))
    result = finding(own, cell("安徽", 3), cell("上海", 3), about=(attestation(),))
    assert (result.kind, result.closed_by) == ("gap", ())


def test_a_later_mere_mention_does_not_close_a_lack() -> None:
    own = cell("重庆", 1, "partial", evidence(document("重庆", issued="2026-01-05"), 1))
    assert finding(own, cell("安徽", 3), about=(attestation(),)).kind == "gap"


def test_the_latest_statement_governs() -> None:
    about = (attestation(says="lacks", date="2024-01-01"), attestation(says="behind", date="2025-07-11"))
    assert finding(cell("重庆", 0), cell("安徽", 3), about=about).kind == "weaker"


@pytest.mark.parametrize(
    ("own", "others", "kind"),
    [
        (1, (3, 3), "weaker"),
        (3, (3, 2), "par"),
        (2, (3, 1), "par"),
        (3, (2, 2), "lead"),
        (3, (2, 1), "unknown"),
        (3, (1,), "unknown"),
    ],
)
def test_strengths_are_compared_given_two_peers(own: int, others: tuple[int, ...], kind: str) -> None:
    cells = [cell(name, s) for name, s in zip(("安徽", "上海", "浙江"), others, strict=False)]
    assert finding(cell("重庆", own), *cells).kind == kind


def test_a_peer_known_only_by_a_statement_is_quoted_by_it() -> None:
    said = replace(attestation("上海", "has"), statement="上海设立百亿元未来产业基金", strength=3)
    shanghai = Cell(MEASURE.id, "上海", "partial", (), (said,))
    assert "上海设立百亿元未来产业基金" in finding(cell("重庆", 0), shanghai, cell("安徽", 2)).sentence


def test_a_plan_whose_period_is_over_counts_for_the_baseline_but_not_for_a_peer() -> None:
    over = replace(evidence(document("上海"), 3), lapsed=True)
    shanghai = cell("上海", 3, "partial", over)
    alone = finding(cell("重庆", 0), cell("安徽", 3), shanghai)
    assert alone.kind == "unknown"
    three = finding(cell("重庆", 0), cell("安徽", 3), cell("浙江", 2), shanghai)
    assert three.kind == "suspected"
    assert "上海此类规定规划期已满" in three.sentence
    assert three.deploying == ("安徽", "浙江")
    assert finding(cell("重庆", 3, "partial", over), cell("安徽", 3), cell("浙江", 3)).kind == "par"


def test_the_strength_of_the_peers_is_that_of_those_that_count() -> None:
    over = replace(evidence(document("浙江"), 3), lapsed=True)
    ahead = finding(
        cell("重庆", 3), cell("安徽", 2), cell("上海", 2), cell("成都", 3), cell("浙江", 3, "partial", over)
    )
    assert (ahead.kind, ahead.peer_strength) == ("lead", 2)


def test_a_lag_in_a_full_text_that_rests_on_unsure_codes_is_weak() -> None:
    def told(region: str, strength: int, score: float) -> Cell:
        return cell(
            region, strength, "full", replace(evidence(document(region), strength), origin="auto", score=score)
        )

    for score, confidence in ((0.6, "低"), (0.95, "中")):
        lag = finding(cell("重庆", 1, "full"), told("安徽", 3, score), told("上海", 2, score))
        assert (lag.kind, lag.confidence) == ("weaker", confidence)
    read = finding(told("重庆", 1, 0.95), told("安徽", 3, 0.95), told("上海", 2, 0.95))
    assert (read.kind, read.confidence) == ("weaker", "低")


def test_a_later_statement_that_it_is_there_answers_an_earlier_one() -> None:
    about = (attestation(says="lacks", date="2024-01-01"), attestation(says="has", date="2025-07-01"))
    assert finding(cell("重庆", 2), cell("安徽", 2), cell("上海", 2), about=about).kind == "par"


def test_confidence_falls_with_age_with_few_peers_and_with_what_the_provisions_say() -> None:
    strong, both = cell("重庆", 0), (cell("安徽", 3), cell("上海", 2))
    assert finding(strong, *both, about=(attestation(),)).confidence == "高"
    assert finding(strong, *both, about=(attestation(),), day="2026-11-25").confidence == "中"
    assert finding(strong, both[0], about=(attestation(),)).confidence == "低"
    assert finding(strong, cell("安徽", 1), about=(attestation(),)).confidence == "低"
    lag = finding(cell("重庆", 3), *both, about=(attestation(says="behind"),))
    assert lag.confidence == "低"
    assert "只依据上述佐证" in lag.sentence


def test_an_old_lack_says_that_nothing_held_answered_it_since() -> None:
    row = (cell("重庆", 0), cell("安徽", 2))
    assert "此后发布、现已收录的文件中未见" in finding(*row, about=(attestation(),), day="2026-11-25").sentence
    assert "此后的现有收录中未见" not in finding(*row, about=(attestation(),)).sentence


def test_an_old_statement_that_a_plan_of_the_field_contradicts_no_longer_governs() -> None:
    own = cell("重庆", 3, "partial", evidence(document("重庆", issued="2024-09"), 3))
    level, about = (cell("安徽", 3), cell("上海", 2)), (attestation(says="behind"),)
    then = finding(own, *level, about=about)
    assert (then.kind, then.basis, then.confidence) == ("weaker", "attested", "低")
    assert "重庆的《重庆市未来产业行动计划》" in then.sentence and "只依据上述佐证" in then.sentence
    later = finding(own, *level, about=about, day="2026-11-25")
    assert (later.kind, later.confidence) == ("par", "低")
    assert (
        "提案指出尚无专项基金（《提案》，2025-07-11）；此条佐证已逾一年，而此前《重庆市未来产业行动计划》"
        in later.sentence
    )
    further = finding(own, cell("安徽", 3), cell("上海", 3), about=about, day="2026-11-25")
    assert further.kind == "par"
    behind = cell("重庆", 2, "partial", evidence(document("重庆", issued="2024-09"), 2))
    assert finding(behind, cell("安徽", 3), cell("上海", 3), about=about, day="2026-11-25").basis == "attested"


def test_a_broader_text_neither_answers_nor_outlives_a_statement_on_the_field() -> None:
    general = replace(document("重庆", issued="2023"), scope="相关", title="重庆市先进制造业产业地图")
    own, level = cell("重庆", 2, "partial", evidence(general, 2)), (cell("安徽", 2), cell("上海", 2))
    assert finding(own, *level, about=(attestation(),)).kind == "gap"
    said = finding(own, *level, about=(attestation(),), day="2026-11-25")
    assert (said.kind, said.basis, said.confidence) == ("weaker", "attested", "低")
    assert "不是未来产业的专门文件" in said.sentence and "安徽、上海已有具体部署" in said.sentence
    read = replace(evidence(general, 2), origin="auto", general=True)
    assert finding(cell("重庆", 2, "partial", read), *level, about=(attestation(),), day="2026-11-25").kind == "gap"


def test_a_statement_on_a_region_is_told_as_such_where_one_document_is_the_baseline() -> None:
    row = Row(MEASURE, "《某行动计划》", cell("重庆", 0), [cell("安徽", 2), cell("上海", 2)], frozenset(PEERS), (attestation(),),
              "2026-11-25")  # fmt: skip
    said = conclude(row)
    assert said.basis == "attested" and "此后发布" not in said.sentence
    alone = conclude(replace(row, others=[cell("成都", 2)]))
    assert "提案指出尚无专项基金（《提案》，2025-07-11）" in alone.sentence


def test_what_the_region_of_one_document_settled_since_in_another_is_told() -> None:
    later = evidence(replace(document("重庆", issued="2026-01"), title="重庆市未来产业若干政策措施"), 3)
    row = Row(MEASURE, "《某行动计划》", cell("重庆", 0), [cell("安徽", 2), cell("上海", 2)], frozenset(PEERS), (attestation(),),
              "2026-11-25", elsewhere=(later,))  # fmt: skip
    assert (
        "其后《重庆市未来产业若干政策措施》（2026-01）已作出规定，但不在作基准的这份文件之内。"
        in conclude(row).sentence
    )
    before = replace(later, document=replace(later.document, issued="2024-01"))
    assert "不在作基准的这份文件之内" not in conclude(replace(row, elsewhere=(before,))).sentence


def test_a_gap_that_provisions_speak_against_comes_after_the_others() -> None:
    general = replace(document("重庆", issued="2023"), scope="相关")
    many = [cell(r, 2) for r in sorted(PEERS)]
    doubted = finding(cell("重庆", 2, "partial", evidence(general, 2)), *many, about=(attestation(),))
    sure = finding(cell("重庆", 0), many[0], many[1], about=(attestation(),))
    assert doubted.kind == sure.kind == "gap" and importance(sure) < importance(doubted)


@pytest.mark.parametrize(("says", "kind"), [("behind", "weaker"), ("lacks", "gap")])
def test_an_old_statement_that_no_peer_deploys_anything_against_supports_no_claim(says: str, kind: str) -> None:
    about = (attestation(says=says),)
    assert finding(cell("重庆", 1), cell("安徽", 1), about=about).kind == kind
    later = finding(cell("重庆", 1), cell("安徽", 1), about=about, day="2026-11-25")
    assert later.kind == "unknown" and "提案指出尚无专项基金（《提案》，2025-07-11）" in later.sentence


def test_places_of_the_baselines_own_province_are_told_from_others() -> None:
    row = Row(MEASURE, "安徽", cell("安徽", 0), [cell("合肥", 2), cell("成都", 2), cell("上海", 2), cell("浙江", 2)],
              frozenset({"上海", "浙江"}), (), "2026-11-25")  # fmt: skip
    assert "合肥（所辖）、成都也有，不计入对照" in conclude(row).sentence
    city = Row(MEASURE, "合肥", cell("合肥", 0), [cell("安徽", 2), cell("芜湖", 2), cell("成都", 2), cell("杭州", 2)],
               frozenset({"成都", "杭州"}), (), "2026-11-25")  # fmt: skip
    assert "安徽（所属省份）、芜湖（同省）也有，不计入对照" in conclude(city).sentence
    assert "未见安徽本级文件的规定" in conclude(row).sentence and "未见合肥的规定" in conclude(city).sentence


def test_a_statement_that_the_baseline_has_it_stands_beside_one_that_it_lags() -> None:
    there = replace(attestation(says="has", date="2025-07-04"), statement="报道称已组建政府创投引导基金。")
    said = finding(cell("重庆", 1), cell("安徽", 3), cell("上海", 3), about=(there, attestation(says="behind")))
    assert (
        said.kind == "weaker" and "另有佐证：报道称已组建政府创投引导基金（《提案》，2025-07-04）。" in said.sentence
    )


def test_what_the_baseline_issued_after_a_statement_is_quoted_as_later() -> None:
    own = cell("重庆", 1, "partial", evidence(document("重庆", issued="2026-01"), 1, "探索建立未来产业基金。"))
    said = finding(own, cell("安徽", 3), cell("上海", 2), about=(attestation(says="behind"),), day="2026-11-25")
    assert "重庆此后的《重庆市未来产业行动计划》（2026-01）" in said.sentence and "探索建立" in said.sentence


def test_a_single_peer_is_named_as_the_only_one() -> None:
    said = finding(cell("重庆", 0), cell("安徽", 3), about=(attestation(),))
    assert "只见安徽已有具体部署：《安徽市未来产业行动计划》" in said.sentence


def test_a_baseline_known_only_by_a_plan_whose_period_is_over_is_marked() -> None:
    over = replace(evidence(document("重庆"), 1), lapsed=True)
    said = finding(cell("重庆", 1, "partial", over), *(cell(r, 2) for r in sorted(PEERS)))
    assert (said.kind, said.confidence) == ("weaker", "低")
    assert "“提及”（规划期已满）" in said.sentence


def test_what_only_the_recogniser_finds_in_a_text_on_everything_does_not_count_for_a_peer() -> None:
    def general(region: str, origin: str) -> Cell:
        law = replace(document(region), scope="相关", title=f"{region}市优化营商环境条例")
        one = replace(evidence(law, 2), origin=origin, score=0.9, general=origin == "auto")
        return cell(region, 2, "partial", one)

    said = finding(cell("重庆", 0), general("安徽", "auto"), general("上海", "auto"), cell("浙江", 2))
    assert said.kind == "unknown" and "安徽、上海此类规定出自非专门文件" in said.sentence
    assert finding(cell("重庆", 0), general("安徽", "user"), cell("浙江", 2)).kind == "suspected"
    own = finding(general("重庆", "auto"), cell("安徽", 2), cell("浙江", 2))
    assert (own.kind, own.confidence) == ("par", "低") and "“部署”（自动识别，出自非专门文件）" in own.sentence


def test_peers_are_said_to_promise_where_the_baseline_deploys() -> None:
    said = finding(cell("重庆", 2), cell("安徽", 3), cell("上海", 3))
    assert "已有数量、金额或期限上的承诺" in said.sentence


def test_a_lesser_strength_says_behind_how_many_peers_and_with_whom_level() -> None:
    said = finding(cell("重庆", 1), cell("安徽", 2), cell("上海", 3), cell("浙江", 1)).sentence
    assert "“提及”，弱于 2 个对照地区，与浙江相当。上海、安徽已有具体部署" in said


def test_too_little_to_conclude_from_says_who_has_what_and_who_does_not_count() -> None:
    over = replace(evidence(document("上海"), 2), lapsed=True)
    row = cell("浙江", 2), cell("安徽", 1), cell("上海", 2, "partial", over), cell("成都", 2)
    said = finding(cell("重庆", 0), *row)
    assert said.kind == "unknown"
    assert (
        "计入对照的地区中浙江已有具体部署，安徽提及（上海此类规定规划期已满；成都也有所涉及，不计入对照）"
        in said.sentence
    )
    assert "计入对照的地区中只有安徽提及。" in finding(cell("重庆", 1), cell("安徽", 1)).sentence
    assert (
        "计入对照的地区中未见规定（成都也有所涉及，不计入对照）" in finding(cell("重庆", 0), cell("成都", 2)).sentence
    )


def test_an_old_lag_that_no_provision_bears_out_gives_way_to_any_text_that_deploys_it() -> None:
    broad = replace(document("重庆", issued="2024-10"), scope="相关", title="重庆市种子投资基金管理办法")
    own, about = cell("重庆", 3, "partial", evidence(broad, 3)), (attestation(says="behind"),)
    level = cell("安徽", 3), cell("上海", 3)
    assert finding(own, *level, about=about).basis == "attested"
    later = finding(own, *level, about=about, day="2026-11-25")
    assert (later.kind, later.confidence) == ("par", "低")
    assert "（见《重庆市种子投资基金管理办法》，不是未来产业的专门文件）" in later.sentence
    assert "此条佐证已逾一年" in later.sentence


def test_a_statement_that_governs_says_when_it_is_older_than_a_year() -> None:
    row = cell("重庆", 0), cell("安徽", 2), cell("上海", 2)
    assert "已逾一年" not in finding(*row, about=(attestation(),)).sentence
    assert (
        "（《提案》，2025-07-11）；此条佐证已逾一年。"
        in finding(*row, about=(attestation(),), day="2026-11-25").sentence
    )


def test_the_example_is_one_that_speaks_of_the_measure_in_so_many_words() -> None:
    plain = cell("安徽", 2, "partial", evidence(document("安徽"), 2, "培育世界级的后起之秀。"))
    spoken = cell("上海", 2, "partial", evidence(document("上海"), 2, "培育龙头企业。"))
    row = Row(MEASURE, "重庆", cell("重庆", 0), [plain, spoken], frozenset(PEERS), (), "2026-11-25",
              spans=lambda text: [(2, 4)] if "龙头" in text else [])  # fmt: skip
    assert "，如《上海市未来产业行动计划》" in conclude(row).sentence
    assert "，如《安徽市未来产业行动计划》" in conclude(replace(row, spans=lambda text: [])).sentence


def test_goals_whose_year_is_past_come_last_as_example_and_are_marked() -> None:
    def due(region: str, year: int) -> Cell:
        one = evidence(document(region), 3, f"到{year}年建成10个未来产业学院。")
        return cell(region, 3, "partial", replace(one, overdue=year < 2026))

    both = finding(cell("重庆", 0), due("安徽", 2025), due("上海", 2027), day="2026-11-25")
    assert "到2027年" in both.sentence and both.model is not None and both.model.document.region == "上海"
    past = finding(cell("重庆", 0), due("安徽", 2025), due("上海", 2025), day="2026-11-25")
    assert "（目标年份已过）" in past.sentence
    ahead = finding(cell("重庆", 2), due("安徽", 2025), due("上海", 2027), due("浙江", 2027), day="2026-11-25")
    assert "安徽此类规定目标年份已过" in ahead.sentence
    assert finding(cell("重庆", 2), due("安徽", 2025), due("上海", 2025), day="2026-11-25").kind == "par"
    assert finding(cell("重庆", 2), due("安徽", 2027), due("上海", 2027), day="2026-11-25").kind == "weaker"


def test_a_lack_that_no_peer_can_be_held_against_is_no_gap() -> None:
    result = finding(cell("重庆", 0), cell("成都", 3), about=(attestation(),))
    assert result.kind == "unknown"
    assert "提案指出尚无专项基金（《提案》，2025-07-11）" in result.sentence


def test_a_draft_of_the_baseline_is_named_but_does_not_count() -> None:
    draft = evidence(document("重庆", id="draft", status="征求意见稿"), 3)
    result = finding(cell("重庆", 0), cell("安徽", 3), cell("上海", 2), about=(attestation(),), pending=(draft,))
    assert (result.kind, result.confidence) == ("gap", "中")
    assert "另有征求意见稿《重庆市未来产业行动计划》" in result.sentence


def test_an_absence_from_a_text_the_recogniser_coded_is_never_certain() -> None:
    result = finding(cell("重庆", 0, "full"), cell("安徽", 3), cell("上海", 2), cell("浙江", 3))
    assert result.confidence == "中"
    assert "程序识别" in result.sentence


def test_level_says_with_whom_and_who_goes_less_far() -> None:
    said = finding(cell("重庆", 2), cell("安徽", 2), cell("上海", 1), cell("浙江", 3)).sentence
    assert "与安徽相当，浙江更强，另有 1 个对照地区力度较低" in said


def test_a_promise_for_a_year_gone_by_is_a_deployment_on_either_side() -> None:
    gone = cell("重庆", 3, "partial", replace(evidence(document("重庆"), 3), overdue=True))
    result = finding(gone, cell("安徽", 3), cell("上海", 3), cell("浙江", 2))
    assert (result.kind, result.confidence) == ("weaker", "低")
    assert (
        "力度为“承诺”（目标年份已过，按“部署”计），如：设立未来产业基金；弱于 2 个对照地区，与浙江相当"
        in result.sentence
    )
    assert finding(gone, cell("安徽", 2), cell("上海", 2)).kind == "par"


def test_an_answered_statement_with_too_few_peers_says_so() -> None:
    later = cell("重庆", 2, "partial", evidence(document("重庆", issued="2025-08-01"), 2))
    result = finding(later, cell("安徽", 3), about=(attestation(),), day="2025-09-01")
    assert result.kind == "unknown" and result.closed_by
    assert "已作出规定；就现有收录看，计入对照的地区中只有安徽已有具体部署，不足以比较" in result.sentence


def test_nobody_leads_by_a_plan_whose_period_is_over() -> None:
    over = cell("重庆", 3, "partial", replace(evidence(document("重庆"), 3), lapsed=True))
    assert finding(cell("重庆", 3), cell("安徽", 2), cell("上海", 2)).kind == "lead"
    assert finding(over, cell("安徽", 2), cell("上海", 2)).kind == "unknown"
    told = Cell(MEASURE.id, "重庆", "partial", (evidence(document("重庆"), 1),), (attestation("重庆", "has"),))
    said = replace(told, attestations=(replace(told.attestations[0], strength=3),))
    assert finding(said, cell("安徽", 2), cell("上海", 2)).kind == "lead"


def test_a_peer_that_only_promised_for_a_year_gone_by_is_said_to_go_less_far_for_that() -> None:
    gone = cell("浙江", 3, "partial", replace(evidence(document("浙江"), 3), overdue=True))
    said = finding(cell("重庆", 3), cell("安徽", 3), gone, cell("上海", 1)).sentence
    assert "与安徽相当，另有 2 个对照地区力度较低（浙江此类规定目标年份已过）" in said


def test_what_does_not_count_is_no_model() -> None:
    report = cell(
        "安徽", 3, "partial", replace(evidence(document("安徽", id="report"), 3), origin="auto", general=True)
    )
    result = finding(cell("重庆", 1), report, cell("上海", 2), cell("浙江", 2))
    assert result.model is not None and result.model.document.region == "上海"


def test_the_model_comes_from_a_peer_with_a_plan_still_running() -> None:
    over = replace(evidence(document("上海"), 3), lapsed=True)
    result = finding(cell("重庆", 1), cell("上海", 3, "partial", over), cell("安徽", 2), cell("成都", 3))
    assert result.model is not None
    assert result.model.document.region == "安徽"


def test_the_example_says_when_a_program_or_a_user_coded_it() -> None:
    read = cell("安徽", 3, "partial", replace(evidence(document("安徽"), 3), origin="auto", score=0.9))
    assert "（自动识别）：设立未来产业基金" in finding(cell("重庆", 0), read, cell("上海", 2)).sentence
    assert "自动识别" not in finding(cell("重庆", 0), cell("安徽", 3), cell("上海", 2)).sentence


def test_a_long_provision_is_quoted_where_it_speaks_of_the_measure() -> None:
    text = "到2027年，" + "建设五个以上先导区，" * 8 + "设立未来产业基金二十亿元，培育企业百家。"
    at = text.index("设立")
    said = excerpt(text, [(at, at + 8)])
    assert said.startswith("到2027年，……设立未来产业基金")
    assert len(said) < 80
    assert excerpt("设立基金。", []) == "设立基金"


def test_a_quotation_keeps_its_year_and_its_verb_and_ends_with_its_sentence() -> None:
    text = "2027年：大力培育新型研发主体和产业创新载体，建10个未来产业研究院、未来技术学院、未来产业科技园等载体，聚集50名（支）领军人才和团队。"
    at = text.index("未来技术学院")
    assert excerpt(text, [(at, at + 6)]).startswith("2027年：……建10个未来产业研究院")
    text = "加强技术攻关和平台建设，到2027年，突破关键技术300项以上，制定标准规范约100项，推出标志性产品100个以上；到2030年，平台新增约150个。"
    at = text.index("标准规范")
    assert excerpt(text, [(at, at + 4)]) == "到2027年，……制定标准规范约100项，推出标志性产品100个以上……"


def test_a_quotation_out_of_a_long_list_shows_what_speaks_of_the_measure() -> None:
    fields = "、".join(["量子信息技术", "具身智能系统", "商业航天装备", "低空飞行器件", "生物制造菌种"] * 2)
    text = f"支持企业围绕{fields}、发放算力券等开展工作，并组织实施。"
    at = text.index("算力券")
    assert excerpt(text, [(at, at + 3)]).startswith("……发放算力券等开展工作")
    text = f"支持{fields[:27]}、向符合条件的企业发放算力券并按照实际使用金额的一定比例给予一次性资金补助用于抵扣费用，并组织实施。"
    at = text.index("算力券")
    assert "算力券" in excerpt(text, [(at, at + 3)])


def test_drafts_notes_and_replaced_documents_are_not_in_force() -> None:
    draft = document("重庆", id="draft", status="征求意见稿")
    note = document("重庆", id="note", instrument="动态")
    old = document("重庆", id="old", superseded_by="new", issued="2020-01-01")
    new = document("重庆", id="new", issued="2025-01-01")
    assert [d.id for d in in_force((draft, note, old, new), "2026-01-01")] == ["new"]
    assert [d.id for d in in_force((draft, note, old, new), "2024-01-01")] == ["old"]


def test_a_document_that_a_later_one_repeals_or_repeats_is_replaced() -> None:
    old = replace(
        document("重庆", id="old", issued="2019-05-01"), title="重庆市扶持办法", doc_number="渝府发〔2019〕3号"
    )
    rule = replace(document("重庆", id="rule", issued="2020-05-01"), title="重庆市管理办法（试行）")
    again = replace(document("重庆", id="again", issued="2025-05-01"), title="重庆市管理办法")
    new = replace(document("重庆", id="new", issued="2025-05-01"), title="重庆市奖补办法")
    said = [("new", "第二条 自2025年6月1日起施行。《重庆市扶持办法》(渝府发〔2019〕3号)同时废止。")]
    known = succeeded((old, rule, again, new), said)
    assert {d.id: d.superseded_by for d in known} == {"old": "new", "rule": "again", "again": None, "new": None}
    assert [d.id for d in in_force(known, "2026-01-01")] == ["again", "new"]
    assert [d.id for d in in_force(known, "2024-01-01")] == ["old", "rule"]
    elsewhere = replace(old, id="elsewhere", region="安徽")
    assert succeeded((elsewhere, new), said)[0].superseded_by is None


def test_of_two_versions_of_a_regulation_the_later_counts_from_its_amendment_on() -> None:
    first = replace(document("重庆", id="first", issued="2010-05-01", effective="2010-07-01"), coverage="full")
    amended = replace(first, id="amended", amended="2024-03-28")
    known = succeeded((amended, first), [])
    assert [d.id for d in in_force(known, "2026-01-01")] == ["amended"]
    assert [d.id for d in in_force(known, "2020-01-01")] == ["first"]


def test_a_full_text_takes_the_place_of_its_digest() -> None:
    digest = replace(document("重庆", id="digest", doc_number="渝府办发〔2024〕75号"), origin="corpus")
    notice = replace(
        document("重庆", id="full", doc_number="渝府办发(2024)75号"), coverage="full",
        title=f"关于印发《{digest.title}》的通知",
    )  # fmt: skip
    assert [d.id for d in succeeded((digest, notice), [])] == ["full"]
    unnumbered = replace(digest, doc_number=None)
    assert [d.id for d in succeeded((unnumbered, replace(notice, doc_number=None)), [])] == ["full"]
    assert len(succeeded((replace(digest, region="安徽"), notice), [])) == 2


def test_a_formal_document_of_the_same_title_ends_a_draft() -> None:
    formal = document("重庆", id="formal")
    draft = replace(formal, id="draft", status="征求意见稿", issued=None, title=formal.title + "（征求意见稿）")
    known = succeeded((draft, formal), [])
    assert drafts(known, "重庆", "2026-01-01") == []
    assert drafts(succeeded((draft,), []), "重庆", checked_date(None)) == [draft]


def test_an_undated_document_counts_for_the_present_only() -> None:
    undated = document("重庆", issued=None)
    assert in_force((undated,), checked_date(None)) == [undated]
    assert in_force((undated,), "2025-07-11") == []


def test_a_document_counts_from_the_day_it_takes_effect() -> None:
    later = document("重庆", issued="2025-01-01", effective="2025-09-01")
    assert in_force((later,), "2025-07-11") == []
    assert in_force((later,), "2025-09-01") == [later]


def test_a_date_known_to_the_year_or_month_counts_from_its_end() -> None:
    assert not_after("2024", "2025-01-01")
    assert not not_after("2025", "2025-07-11")
    assert not_after("2025-06", "2025-07-11")
    assert not not_after("2025-07", "2025-07-11")


def test_at_the_present_everything_dated_up_to_now_counts() -> None:
    today = checked_date(None)
    assert not_after(today[:4], today)
    assert not_after(today[:7], today)


def test_a_plan_whose_period_is_over_is_known_as_such() -> None:
    assert lapsed(document("山西", period="2021-2025"), "2026-01-01")
    assert not lapsed(document("山西", period="2021-2025"), "2025-12-31")


def test_a_date_that_is_none_is_turned_away() -> None:
    with pytest.raises(KbError, match="2025-07-11"):
        checked_date("去年七月")


def test_a_text_on_one_industry_is_a_mention_of_what_is_a_text_on_the_whole_field() -> None:
    one = cell("安徽", 2, "partial", narrow("安徽"))
    over = cell("浙江", 2, "partial", replace(evidence(document("浙江"), 2), lapsed=True))
    peer = finding(cell("重庆", 0), one, cell("上海", 2), over)
    assert peer.kind == "unknown"
    assert (
        "上海已有具体部署，安徽有此类规定，但只针对个别产业" in peer.sentence
        and "浙江此类规定规划期已满" in peer.sentence
    )
    own = finding(cell("重庆", 2, "partial", *one.evidence), cell("安徽", 2), cell("上海", 2))
    assert own.kind == "weaker"
    assert "力度为“部署”（只针对个别产业，按“提及”计），弱于 2 个对照地区" in own.sentence


def test_who_goes_further_by_a_number_is_held_against_what_the_baseline_says() -> None:
    own = evidence(document("重庆"), 2, "建设10家科技园和先导区。")
    told = finding(cell("重庆", 2, "partial", own), cell("安徽", 3), cell("上海", 3)).sentence
    assert "力度为“部署”，如：建设10家科技园和先导区；弱于 2 个对照地区" in told
    mentioned = finding(cell("重庆", 1), cell("安徽", 3), cell("上海", 3)).sentence
    assert "力度为“提及”，弱于 2 个对照地区" in mentioned


def test_a_promise_for_a_year_gone_by_is_marked_where_its_region_is_named() -> None:
    gone = replace(evidence(document("江苏"), 3), overdue=True)
    later = replace(gone, document=document("江苏", id="later"), overdue=False)
    row = (cell("重庆", 0), cell("安徽", 2))
    assert "浙江（目标年份已过）、安徽已有具体部署" in finding(*row, cell("浙江", 3, "partial", gone)).sentence
    assert "浙江、安徽已有具体部署" in finding(*row, cell("浙江", 3, "partial", gone, later)).sentence


def test_a_region_that_does_not_count_and_has_only_a_plan_that_is_over_is_said_to() -> None:
    over = replace(evidence(document("山东"), 2), lapsed=True)
    told = finding(
        cell("重庆", 0), cell("安徽", 2), cell("上海", 2), cell("山东", 2, "partial", over), cell("成都", 2)
    ).sentence
    assert "（山东此类规定规划期已满；成都也有，不计入对照）" in told


def test_every_region_named_is_borne_out_by_evidence() -> None:
    cities = [
        cell(name, 3, "partial", *(evidence(document(name, id=f"{name}-{n}"), 3) for n in range(4)))
        for name in ("成都", "苏州", "武汉", "杭州")
    ]
    result = finding(cell("重庆", 0), cell("安徽", 2), cell("上海", 2), *cities)
    assert {e.document.region for e in result.peer_evidence} == set(result.peers)
    assert len(result.peer_evidence) == 12


def test_a_peer_that_mentions_it_in_a_plan_is_said_to_whatever_else_it_has() -> None:
    law = replace(document("上海", id="law"), title="上海市科技创新条例", scope="相关")
    broad = replace(evidence(law, 2), origin="auto", general=True, narrow=True)
    both = cell("上海", 2, "partial", broad, evidence(document("上海"), 1))
    told = finding(cell("重庆", 0), both, cell("安徽", 2)).sentence
    assert "安徽已有具体部署，上海提及" in told and "出自" not in told
    only = finding(cell("重庆", 0), cell("上海", 2, "partial", broad), cell("安徽", 2)).sentence
    assert "（上海此类规定出自非专门文件）" in only


def test_what_a_single_document_lacks_is_not_sought_in_the_library() -> None:
    def told(coverage: str) -> str:
        own = Cell(MEASURE.id, "《上海市条例》", coverage, (), ())  # type: ignore[arg-type]
        others = [cell("安徽", 2), cell("浙江", 1)]
        return conclude(Row(MEASURE, "《上海市条例》", own, others, frozenset(PEERS), (), "2026-11-25")).sentence

    assert "《上海市条例》全文中未见相应规定" in told("full")
    assert "《上海市条例》现有收录的部分中未见相应规定" in told("partial")


def test_the_example_is_among_the_evidence_shown() -> None:
    plan = document("安徽")
    first, telling = evidence(plan, 2, "培育后起之秀。"), evidence(plan, 2, "建设未来产业学院。")
    row = Row(MEASURE, "重庆", cell("重庆", 0), [cell("安徽", 2, "partial", first, telling), cell("上海", 1)],
              frozenset(PEERS), (), "2026-11-25", spans=lambda text: [(2, 8)] if "学院" in text else [])  # fmt: skip
    result = conclude(row)
    assert [e.held.provision.text for e in result.peer_evidence if e.document is plan] == ["建设未来产业学院。"]


def narrow(region: str, strength: int = 2, issued: str = "2024-09-27") -> Evidence:
    law = replace(document(region, id=f"{region}-law", issued=issued), title=f"{region}市低空经济促进条例")
    return replace(evidence(law, strength, "制定低空经济促进条例。"), narrow=True)


@pytest.mark.parametrize("issued", ["2024-03-01", "2025-09-26"])
def test_a_law_on_one_industry_neither_answers_nor_contradicts_a_lack_of_one_on_the_field(issued: str) -> None:
    own = cell("重庆", 2, "partial", narrow("重庆", issued=issued))
    result = finding(own, cell("安徽", 2), cell("上海", 2), about=(attestation(),), day="2025-12-01")
    assert (result.kind, result.basis, result.closed_by) == ("gap", "attested", ())


def test_what_counts_in_full_is_held_up_and_not_called_less() -> None:
    both = cell("安徽", 3, "partial", narrow("安徽", 3), evidence(document("安徽"), 2))
    late = replace(evidence(document("上海", id="old"), 3, "到2025年设立10只基金。"), overdue=True)
    other = cell("上海", 3, "partial", late, evidence(document("上海"), 2))
    told = finding(cell("重庆", 0), both, other).sentence
    assert (
        "安徽、上海已有具体部署，如《安徽市未来产业行动计划》" in told and "低空" not in told and "已过" not in told
    )
    own = finding(replace(both, region="重庆"), cell("安徽", 3), cell("上海", 3)).sentence
    assert "力度为“承诺”（只针对个别产业，按“提及”计，另据《安徽市未来产业行动计划》为“部署”）" in own


def test_a_cell_says_whether_only_a_statement_carries_it() -> None:
    over = replace(evidence(document("安徽"), 3), lapsed=True)
    said = replace(attestation("安徽", "has"), strength=3)
    assert Cell(MEASURE.id, "安徽", "partial", (over,), (said,)).attested
    assert not Cell(MEASURE.id, "安徽", "partial", (evidence(document("安徽"), 3),), (said,)).attested
    less = Cell(MEASURE.id, "浙江", "partial", (over, evidence(document("浙江"), 2)), ())
    assert (aside(less), aside(less, own=True)) == ("（规划期已满，另有“部署”）", "（规划期已满，基准照计）")


def test_what_answers_a_statement_on_the_field_for_one_industry_only_is_said_to_do_so() -> None:
    def said(title: str) -> str:
        later = replace(document("重庆", id="later", issued="2025-11-22"), title=title, scope="专门")
        own = cell("重庆", 3, "partial", evidence(later, 3))
        return finding(own, cell("安徽", 3), about=(attestation(),), day="2025-12-31").sentence

    assert "（只针对个别产业）已作出规定" in said("重庆市低空经济若干政策措施")
    assert "个别产业" not in said("重庆市未来产业若干政策措施")
    for title in ("重庆市战略性新兴产业发展规划", "重庆市先导区建设管理办法", "重庆市前沿技术攻关计划"):
        assert "（不针对未来产业整体）已作出规定" in said(title)


def test_a_statement_from_the_days_of_a_plan_that_is_over_tells_of_that_plan() -> None:
    plan = replace(document("山西", issued="2021-03-01"), period="2021-2025")
    over = replace(evidence(plan, 2), lapsed=True)
    then, later = (replace(attestation("山西", "has", day), strength=2) for day in ("2021-06-24", "2026-02-01"))
    known = Cell(MEASURE.id, "山西", "partial", (over,), (then,))
    assert (known.as_peer, known.as_baseline, aside(known)) == (0, 2, "（规划期已满）")
    assert replace(known, attestations=(later,)).as_peer == 2
    assert replace(known, evidence=()).as_peer == 2
    assert replace(known, evidence=(over, evidence(document("山西"), 1))).as_peer == 2


def test_of_provisions_as_strong_what_people_coded_comes_before_what_the_program_did() -> None:
    coded = evidence(document("重庆", issued="2024-01-01"), 2)
    found = replace(evidence(document("重庆", id="later", issued="2026-01-01"), 2), origin="auto", score=0.9)
    assert sorted([found, coded], key=evidence_order)[0] is coded


def test_what_counts_beside_a_plan_that_is_over_is_told_as_something_else() -> None:
    over = replace(evidence(document("上海"), 3), lapsed=True)
    shanghai = cell("上海", 3, "partial", over, evidence(document("上海", id="other"), 1))
    assert aside(shanghai) == "（规划期已满，另有“提及”）"
    said = finding(cell("重庆", 0), cell("安徽", 3), cell("浙江", 2), shanghai).sentence
    assert "上海此类规定规划期已满，另有“提及”" in said


def test_what_the_baseline_has_later_is_given_the_strength_it_counts_with() -> None:
    law = narrow("重庆", 2, issued="2025-09-26")
    told = finding(
        cell("重庆", 2, "partial", law), cell("安徽", 2), cell("上海", 2), about=(attestation(),), day="2025-12-01"
    ).sentence
    assert (
        "涉及此项（力度“部署”，按“提及”计" in told
        or "涉及此项（力度“部署”，不是未来产业的专门文件，按“提及”计" in told
    )

"""The PMC index: what makes a variable 1, the mean and the sum, grades, corrections, the surface."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.compare.frame import load_frame
from kb.compare.pmc import grade_told, load_scheme, pmc_index, pmc_surface
from kb.errors import KbError
from kb.model import Code, Document, Held, Provision, Target
from kb.settings import CORPUS

FRAME, SCHEME = load_frame(CORPUS), load_scheme(CORPUS)
PLAN = Document(
    "plan", "甲省", "省级", "某行动计划", issued="2024-09", period="2024-2027", url="https://example.gov.cn/1"
)


def held(number: int, text: str, targets: tuple[Target, ...] = (), **codes: int) -> Held:
    provision = Provision(number, "", (), "item", text, 0, len(text))
    return Held(number, "plan", provision, tuple(Code(m, s, "editor") for m, s in codes.items()), targets)


def test_a_provision_with_the_measure_decides_and_is_named() -> None:
    result = pmc_index([held(1, "减免税费", tax=2), held(2, "其他")], [PLAN], SCHEME, FRAME)
    assert result.decisions["X8.2"].value == 1
    assert result.decisions["X8.2"].provisions == (1,)
    assert result.decisions["X8.4"].value == 0


def test_a_first_level_variable_is_the_mean_and_the_index_the_sum() -> None:
    result = pmc_index([held(1, "甲", tax=2, land=1)], [PLAN], SCHEME, FRAME)
    assert result.values["X8"] == pytest.approx(2 / 7)
    assert result.score == pytest.approx(sum(result.values.values()), abs=0.01)


def test_nothing_held_scores_only_what_the_document_itself_shows() -> None:
    result = pmc_index([], [PLAN], SCHEME, FRAME)
    # published (1), of provincial level (1/3), planning three years ahead (1/3)
    assert result.score == pytest.approx(1.67)
    assert result.grade == "不良"
    assert result.decisions["X10.1"].documents == ("plan",)


def test_the_time_reached_follows_period_and_goals() -> None:
    far = held(1, "到2035年……", (Target("先导区", 2035, 30, 30, "个"),))
    decisions = pmc_index([far], [PLAN], SCHEME, FRAME).decisions
    assert (decisions["X2.1"].value, decisions["X2.2"].value, decisions["X2.3"].value) == (1, 1, 0)
    assert decisions["X9.1"].provisions == (1,)


def test_a_weak_code_is_no_tool_in_use() -> None:
    weak, strong = held(1, "甲", procurement=1), held(1, "甲", procurement=2)
    assert pmc_index([weak], [PLAN], SCHEME, FRAME).decisions["X7.3"].value == 0
    assert pmc_index([strong], [PLAN], SCHEME, FRAME).decisions["X7.3"].value == 1


def test_the_user_has_the_last_word_and_it_shows() -> None:
    plain = pmc_index([], [PLAN], SCHEME, FRAME)
    corrected = pmc_index([], [PLAN], SCHEME, FRAME, {"X8.2": 1, "X10.1": 0})
    assert corrected.decisions["X8.2"].overridden and not plain.decisions["X8.2"].overridden
    assert corrected.score == pytest.approx(plain.score + 1 / 7 - 1, abs=0.01)


@pytest.mark.parametrize("wrong", [{"X99.1": 1}, {"X8.2": 2}])
def test_a_correction_that_means_nothing_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(KbError):
        pmc_index([], [PLAN], SCHEME, FRAME, wrong)


@pytest.mark.parametrize(("ones", "grade"), [(10, "完美"), (8, "优秀"), (6, "可接受"), (4, "不良")])
def test_grades(ones: int, grade: str) -> None:
    parts = {p.id: int(n < ones) for n, v in enumerate(SCHEME.variables) for p in v.parts}
    result = pmc_index([], [PLAN], SCHEME, FRAME, parts)
    assert (result.score, result.grade) == (ones, grade)


@pytest.mark.parametrize(
    ("ones", "partial", "full"), [(10, "完美", "完美"), (8, "至少优秀", "优秀"), (4, "收录不全，不评", "不良")]
)
def test_a_lower_bound_calls_no_policy_bad(ones: int, partial: str, full: str) -> None:
    parts = {p.id: int(n < ones) for n, v in enumerate(SCHEME.variables) for p in v.parts}
    assert grade_told(pmc_index([], [PLAN], SCHEME, FRAME, parts), SCHEME) == partial
    whole = pmc_index([], [replace(PLAN, coverage="full")], SCHEME, FRAME, parts)
    assert grade_told(whole, SCHEME) == full


def test_the_surface_is_the_first_nine_in_rows_of_three() -> None:
    values = {f"X{n}": n / 10 for n in range(1, 11)}
    assert pmc_surface(values) == ((0.1, 0.2, 0.3), (0.4, 0.5, 0.6), (0.7, 0.8, 0.9))


def test_a_document_held_in_part_gives_a_lower_bound() -> None:
    assert pmc_index([], [PLAN], SCHEME, FRAME).at_least
    whole = Document(**{**PLAN.__dict__, "coverage": "full"})
    assert not pmc_index([], [whole], SCHEME, FRAME).at_least


def test_the_scheme_has_ten_variables_with_rules_and_sources() -> None:
    measures = {m.id for m in FRAME.measures}
    assert [v.id for v in SCHEME.variables] == [f"X{n}" for n in range(1, 11)]
    assert SCHEME.sources
    for part in (p for v in SCHEME.variables for p in v.parts):
        assert part.measures <= measures
        assert part.measures or part.cues or part.tool or part.targets or part.level or part.period or part.public


@pytest.mark.parametrize(
    ("text", "part", "value"),
    [
        ("强化基础研究，提前布局标准和专利。", "X1.4", 0),
        ("产业发展基础较好的，可以申报先导区。", "X1.4", 0),
        ("企业在人形机器人方面已有突破，短板是核心零部件。", "X1.4", 1),
        ("依托中国科学院重庆绿色智能技术研究院建设平台。", "X4.4", 0),
        ("推动先导区绿色发展。", "X4.4", 1),
    ],
)
def test_a_word_inside_a_name_or_a_term_decides_nothing(text: str, part: str, value: int) -> None:
    assert pmc_index([held(1, text)], [PLAN], SCHEME, FRAME).decisions[part].value == value

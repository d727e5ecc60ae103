"""Counts of policy tools and their stages, each opening to its provisions."""

from __future__ import annotations

import pytest

from kb.compare.frame import load_frame
from kb.compare.tools import UNSTAGED, load_stages, stage_of, tool_table
from kb.model import Code, Held, Provision
from kb.settings import CORPUS

FRAME, STAGES = load_frame(CORPUS), load_stages(CORPUS)


def held(number: int, text: str, **codes: int) -> Held:
    provision = Provision(number, "", (), "item", text, 0, len(text))
    return Held(number, "plan", provision, tuple(Code(m, s, "editor") for m, s in codes.items()))


TABLE = tool_table(
    [
        held(1, "开展前沿研究", basic_research=2),
        held(2, "发布场景清单，落实首购订购", scenario_list=2, procurement=1),
        held(3, "设立基金支持成果转化和产业化", special_fund=3),
        held(4, "加强统筹", coordination=1),
    ],
    FRAME, STAGES,
)  # fmt: skip


def test_uses_and_shares_by_tool() -> None:
    assert TABLE.total == 5
    assert {tool: count.uses for tool, count in TABLE.tools.items()} == {"supply": 2, "environment": 1, "demand": 2}
    assert sum(c.share for c in TABLE.tools.values()) == pytest.approx(1)


def test_each_count_opens_to_its_provisions() -> None:
    assert TABLE.tools["demand"].provisions == (2,)
    assert TABLE.cell("supply", "research").provisions == (1,)


def test_the_stage_follows_the_measure_then_the_words() -> None:
    assert TABLE.cell("demand", "market").uses == 2
    assert TABLE.cell("supply", "industrialisation").provisions == (3,)
    assert TABLE.cell("environment", UNSTAGED).provisions == (4,)
    assert TABLE.cell("demand", "research").uses == 0


def test_words_that_name_two_stages_alike_name_none() -> None:
    assert stage_of("fiscal_support", "支持中试和产业化", STAGES) == UNSTAGED
    assert stage_of("fiscal_support", "支持中试熟化和产业化", STAGES) == "pilot"


def test_weak_codes_can_be_left_out_and_unknown_measures_do_not_count() -> None:
    some = [held(1, "鼓励研究", basic_research=1), held(2, "旧编码", no_such_measure=3)]
    assert tool_table(some, FRAME, STAGES).total == 1
    assert tool_table(some, FRAME, STAGES, at_least=2).total == 0


def test_nothing_held_is_a_table_of_zeros() -> None:
    table = tool_table([], FRAME, STAGES)
    assert table.total == 0 and all(c.share == 0 for c in table.tools.values())


def test_every_measure_named_by_a_stage_is_in_the_frame_and_on_one_stage_only() -> None:
    named = [m for stage in STAGES for m in stage.measures]
    assert set(named) <= {m.id for m in FRAME.measures}
    assert len(named) == len(set(named))

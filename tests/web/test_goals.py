"""What the tab of quantified goals writes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from kb.web.targets import fairly, value_text


@pytest.mark.parametrize(
    ("low", "high", "unit", "said"),
    [
        (4_000_000, 4_000_000, "个", "4000000 个"),
        (1_350_000, None, "个", "≥ 1350000 个"),
        (None, 1_234_567, "个", "≤ 1234567 个"),
        (1_000_000, 2_000_000, "个", "1000000–2000000 个"),
        (2.5, 2.5, "%", "2.5 %"),
        (0, 5, "%", "0–5 %"),
        (None, None, "个", "未详"),
    ],
)
def test_a_value_is_written_in_plain_digits(low: float | None, high: float | None, unit: str, said: str) -> None:
    assert value_text(low, high, unit) == said


def test_where_not_all_goals_can_be_shown_no_region_is_left_out() -> None:
    goals = [("重庆", n) for n in range(9)] + [("安徽", n) for n in range(2)] + [("四川", n) for n in range(5)]
    rows: list[Any] = [(SimpleNamespace(region=region), n) for region, n in goals]
    shown = [(row.region, n) for row, n in fairly(rows, 9)]
    assert shown == [goal for goal in goals if goal[1] < 3]
    assert fairly(rows, 16) == rows
    assert [row.region for row, _ in fairly(rows, 1)] == ["重庆", "安徽", "四川"]

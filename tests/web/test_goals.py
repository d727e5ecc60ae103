"""What the tab of quantified goals writes."""

from __future__ import annotations

import pytest

from kb.web.targets import value_text


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

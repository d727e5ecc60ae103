"""Text that tries to be something else: formulas, control characters, addresses that are not of the web."""

from __future__ import annotations

import pytest

from kb.report.safe import harmless, link, printable


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1", "＋1", "－1", "＠x", "\n=1", "\x00=1"]
)
def test_text_that_begins_like_a_formula_is_marked_as_text(text: str) -> None:
    assert str(harmless(text)).startswith("'")


@pytest.mark.parametrize("value", ["到2027年", "（一）", "3—5个", "", -5, 2.5, None])
def test_ordinary_text_and_numbers_are_left_alone(value: str | float | None) -> None:
    assert harmless(value) == value


def test_control_characters_and_turned_directions_are_dropped() -> None:
    assert printable("甲\x00\x0b\x1b乙\u202e丙\r\n丁\ud800") == "甲乙丙\n丁"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https://x.cn/<b>", "www.x.cn", "", None],
)
def test_only_addresses_of_the_web_become_links(address: str | None) -> None:
    assert link(address) is None


def test_an_address_of_the_web_stays_as_it_is() -> None:
    assert link(" https://www.cq.gov.cn/a?b=1&c=2 ") == "https://www.cq.gov.cn/a?b=1&c=2"

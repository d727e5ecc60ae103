"""Chinese numerals of headings and dates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.numerals import chinese, parse_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("九十九", 99), ("一百", 100), ("一百零三", 103),
        ("一百〇三", 103), ("一百一十", 110), ("两百", 200), ("一千二百六十", 1260), ("廿三", 23), ("卅", 30),
        ("二〇二五", 2025), ("二○二五", 2025), ("零", 0), ("12", 12), ("３２", 32), ("十 二", 12),
    ],
)  # fmt: skip
def test_numerals_are_read_as_people_read_them(written: str, number: int) -> None:
    assert parse_number(written) == number


@pytest.mark.parametrize(
    "written", ["", " ", "十十", "百十千", "三十廿", "一二十", "条", "1.5", "-3", "一百百", "1" * 30]
)
def test_what_is_no_number_is_none(written: str) -> None:
    assert parse_number(written) is None


@given(st.integers(0, 9999))
def test_writing_and_reading_a_number_gives_it_back(number: int) -> None:
    assert parse_number(chinese(number)) == number


@given(st.text())
def test_no_text_makes_the_reader_of_numerals_raise(text: str) -> None:
    parse_number(text)


@pytest.mark.parametrize("number", [-1, 10_000])
def test_numbers_headings_never_have_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="0..9999"):
        chinese(number)

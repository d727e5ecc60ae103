"""The fold makes variants of a sign one sign and never changes a length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.fold import fold, squeeze


@given(st.text())
def test_folding_never_changes_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "written",
    [
        "渝府发〔2024〕75号",
        "渝府发[2024]75号",
        "渝府发【2024】75号",
        "渝府发［２０２４］７５号",
        "渝府发﹝2024﹞75号",
    ],
)
def test_every_bracket_around_a_year_reads_the_same(written: str) -> None:
    assert fold(written) == "渝府发〔2024〕75号"


def test_facts_that_nfkc_would_change_stay() -> None:
    assert fold("①120㎡…Ⅱ类℃") == "①120㎡…Ⅱ类℃"


def test_radicals_that_pdf_fonts_use_for_characters_are_the_characters() -> None:
    assert fold("\u2f00、\u2f08") == "一、人"


def test_zero_width_characters_count_as_space() -> None:
    assert squeeze("渝府\u200b发\ufeff 〔２０２４〕") == "渝府发〔2024〕"


def test_radicals_of_the_supplement_are_the_characters_too() -> None:
    assert fold("⻓三⻆、⻩河、⻛险、居⺠、上⻋、⻜⻰") == "长三角、黄河、风险、居民、上车、飞龙"

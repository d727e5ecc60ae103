"""Marks and likeness."""

import pytest

from kb.matches import alike, mark, mark_phrase, merged


def test_marks_are_found_as_compared_and_merged_where_they_touch() -> None:
    assert mark("建设ｅＶＴＯＬ起降点", ["evtol", "起降点", "机场"]) == (("evtol", "起降点"), ((2, 10),))


def test_every_place_of_a_term_is_marked() -> None:
    assert mark("基金与母基金", ["基金"])[1] == ((0, 2), (4, 6))


def test_a_term_with_signs_is_taken_as_it_stands() -> None:
    assert mark("“7+N”工程", ["7+n"])[1] == ((1, 4),)


def test_a_phrase_is_marked_across_white_space() -> None:
    assert mark_phrase("低空\n　经济", "低空经济") == ((0, 6),)
    assert mark_phrase("低空经济", " ") == ()


def test_spans_are_put_in_order() -> None:
    assert merged([(5, 6), (0, 2), (1, 4)]) == ((0, 4), (5, 6))


def test_texts_are_alike_when_only_a_few_signs_differ_and_no_figure() -> None:
    text = "支持先导区建设概念验证中心、中试验证平台，按固定资产投资给予补助，最高500万元。"
    assert alike(text, text.replace("给予", "予以"))
    assert not alike(text, text.replace("500", "800"))
    assert not alike(text, text[: len(text) // 2])
    assert not alike("设立基金。", "设立资金。"), "short texts must be equal"


@pytest.mark.parametrize(("first", "second"), [("三百万元", "五百万元"), ("分三年", "分两年"), ("十四五", "十五五")])
def test_texts_with_other_figures_in_words_are_not_alike(first: str, second: str) -> None:
    text = "“十四五”期间，对新认定的市级概念验证中心给予最高三百万元一次性奖励，分三年拨付到位，所需资金由市级财政统筹安排。"
    assert not alike(text, text.replace(first, second))


def test_a_single_sign_in_brackets_belongs_to_the_word() -> None:
    text = "对首台（套）重大技术装备给予奖励，各市（州）、第三条（一）另定。"
    assert mark(text, ["首台套", "市州"])[0] == ("首台套", "市州")
    assert [text[a:b] for a, b in mark_phrase(text, "首台套重大")] == ["首台（套）重大"]
    assert mark_phrase("首台套", "首台（套）") == ((0, 3),)
    assert not mark(text, ["条一"])[0]

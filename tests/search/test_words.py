"""Words: what is kept whole, what stands for what, and that offsets fit."""

from kb import words
from kb.regions import load_regions


def test_terms_of_the_field_are_kept_whole_and_in_parts() -> None:
    assert {"未来产业", "产业", "先导区"} <= set(words.cut("未来产业先导区"))


def test_widths_case_and_stop_words_do_not_matter() -> None:
    assert words.cut("ＥＶＴＯＬ的研发") == words.cut("evtol研发")


def test_names_of_one_thing_lead_to_one_another() -> None:
    assert "bci" in words.ring("脑机接口")
    assert "脑机接口" in words.ring("bci")
    assert words.ring("椅子") == ()


def test_kin_are_near_words_and_never_the_words_themselves() -> None:
    near = words.kin(["耐心资本", "投早投小"])
    assert "长期资本" in near
    assert not {"耐心资本", "投早投小"} & set(near)


def test_places_cover_the_text_as_it_stands() -> None:
    text = "建设 eVTOL 起降点。"
    assert "".join(word for word, _, _ in words.places(text)) == text
    assert all(text[start:end] == word for word, start, end in words.places(text))


def test_the_shipped_lexicon_is_sound() -> None:
    lexicon = words.lexicon()
    for name in ("rings", "kin"):
        assert all(len(circle) == len(set(map(words.key, circle))) > 1 for circle in lexicon[name]), name
    ringed = [words.key(word) for ring in lexicon["rings"] for word in ring]
    assert len(ringed) == len(set(ringed)), "a word names one thing"
    regions = {region.name for region in load_regions()}
    assert all(set(members) <= regions for members in lexicon["areas"].values())


def test_a_single_sign_in_brackets_is_part_of_the_word_but_a_number_is_none() -> None:
    assert words.cut("首台（套）") == words.cut("首台套") and "首台套" in words.cut("首台（套）产品")
    assert words.grams("首台（套）") == words.grams("首台套")
    assert "条一" not in words.grams("第三条（一）")

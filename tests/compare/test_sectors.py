"""Sectors named in a text, by the shipped glossary: longest name, negatives, Latin words, tiers."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.compare.sectors import load_sectors, sectors_in
from kb.errors import KbError
from kb.settings import CORPUS

GLOSSARY = load_sectors(CORPUS)


def named(text: str, heading: str = "") -> dict[str, str | None]:
    return {m.sector: m.tier for m in sectors_in(text, GLOSSARY, heading)}


def test_synonyms_name_one_sector() -> None:
    assert set(named("布局第六代移动通信和未来网络")) == {"network_6g"}
    assert set(named("合成生物学与生物制造")) == {"biomanufacturing"}


def test_the_longest_name_wins() -> None:
    text = "发展类脑智能、人形机器人和低轨卫星"
    assert [m.name for m in sectors_in(text, GLOSSARY)] == ["类脑智能", "具身智能与人形机器人", "卫星互联网"]


def test_two_sectors_in_one_phrase_are_both_found() -> None:
    assert set(named("发展氢能与新型储能、深海空天")) == {"hydrogen", "storage", "deep_sea", "aerospace"}


@pytest.mark.parametrize("text", ["量子点发光材料", "量子城市治理平台", "反无人机处置"])
def test_negatives_are_not_the_sector(text: str) -> None:
    assert named(text).keys().isdisjoint({"quantum", "low_altitude"})


def test_latin_names_are_whole_words_of_any_case_and_width() -> None:
    assert "general_ai" in named("推动ＡＩ赋能") and "general_ai" in named("ai 应用")
    assert "general_ai" not in named("MAIN 平台与 AIR 实验")


def test_tiers_follow_the_wording_before_the_names() -> None:
    tiers = named("优先发展氢能、低空经济；探索发展脑机接口、量子技术。")
    assert tiers == {"hydrogen": "优先", "low_altitude": "优先", "bci": "探索", "quantum": "探索"}


def test_a_tier_does_not_reach_into_the_next_sentence() -> None:
    assert named("优先发展氢能。建设量子实验室。")["quantum"] is None


def test_a_ranking_verb_after_the_names_counts() -> None:
    assert named("对先进核能、类脑智能作积极布局。") == {"nuclear": "探索", "brain_inspired": "探索"}


def test_the_heading_ranks_what_the_text_does_not() -> None:
    assert named("脑机接口，量子技术。", "重点方向 / 探索发展")["bci"] == "探索"
    assert named("优先发展氢能。", "探索发展")["hydrogen"] == "优先"


def test_spans_point_into_the_text() -> None:
    text = "支持（脑机接口）和元宇宙"
    assert [text[m.start : m.end] for m in sectors_in(text, GLOSSARY)] == ["脑机接口", "元宇宙"]


def test_parents_lead_to_a_group() -> None:
    assert GLOSSARY.ancestors("fusion") == ("nuclear", "future_energy")


def test_an_unknown_sector_says_what_there_is() -> None:
    with pytest.raises(KbError, match="量子科技"):
        GLOSSARY.sector("没有的赛道")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("- {id: a, name: 甲, parent: b, terms: [甲]}", "未定义"),
        ("- {id: a, name: 甲, terms: [丙]}\n- {id: b, name: 乙, terms: [丙]}", "同时属于"),
    ],
)
def test_a_broken_glossary_is_refused(tmp_path: Path, rows: str, fault: str) -> None:
    (tmp_path / "lexicon").mkdir()
    content = f"sectors:\n{rows}\ntiers: {{优先: [甲], 探索: [乙], verbs: [], reset: []}}\n"
    (tmp_path / "lexicon" / "sectors.yaml").write_text(content, "utf8")
    with pytest.raises(KbError, match=fault):
        load_sectors(tmp_path)


def test_a_tier_that_closes_a_list_ranks_that_list_and_not_the_next() -> None:
    text = "培育低空经济、生物制造等高成长性产业，探索布局元宇宙、类脑智能等潜力产业。"
    assert [(m.name, m.tier) for m in sectors_in(text, GLOSSARY)] == [
        ("低空经济", "优先"), ("生物制造", "优先"), ("元宇宙与沉浸技术", "探索"), ("类脑智能", "探索"),
    ]  # fmt: skip


def test_each_rung_of_a_ladder_has_its_tier() -> None:
    text = "第一梯队为人工智能、低空经济，第二梯队为量子科技，第三梯队为深海、6G。"
    assert [m.tier for m in sectors_in(text, GLOSSARY)] == ["优先", "优先", None, "探索", "探索"]


def test_what_a_list_is_said_to_be_ranks_that_list_and_not_the_next() -> None:
    text = "脑机接口、量子信息为优先发展方向，类脑智能、元宇宙为探索培育方向。"
    assert [m.tier for m in sectors_in(text, GLOSSARY)] == ["优先", "优先", "探索", "探索"]
    text = "将低空经济作为重点发展产业，将核聚变作为前瞻布局领域，并支持氢能。"
    assert [m.tier for m in sectors_in(text, GLOSSARY)] == ["优先", "探索", None]


def test_a_heading_ranks_nothing_where_the_text_ranks_by_itself() -> None:
    text = "重点推进未来制造、未来信息等方向；用人工智能等手段识别高潜能产业。"
    tiers = {m.sector: m.tier for m in sectors_in(text, load_sectors(CORPUS), "1.加强前瞻谋划部署")}
    assert tiers == {"future_manufacturing": "优先", "future_information": "优先", "general_ai": None}


def test_a_list_that_says_the_shared_word_once_names_all_its_members() -> None:
    text = "覆盖未来制造、信息、材料、能源、空间、健康六个方向，并布局信息基础设施。"
    assert [m.name for m in sectors_in(text, GLOSSARY)] == [
        "未来制造", "未来信息", "未来材料", "未来能源", "未来空间", "未来健康"
    ]  # fmt: skip
    assert [text[m.start : m.end] for m in sectors_in(text, GLOSSARY)][1:3] == ["信息", "材料"]
    assert [m.name for m in sectors_in("发展未来制造、信息服务和材料加工。", GLOSSARY)] == ["未来制造"]

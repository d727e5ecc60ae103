"""为什么: what the page says of a measure the recogniser saw, or did not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import kb
from kb.errors import KbError
from kb.knowledge import KnowledgeBase
from kb.model import Held
from kb.web.desk import Choice, Desk
from kb.web.drawer import drawer, measure_panel
from kb.web.reading import document_view
from kb.web.reason import reason
from tests.web.conftest import Visit

PLAN = """青海省未来产业发展行动方案
青政办〔2026〕87号
各市、自治州人民政府，省政府各委、办、厅、局：
一、工作回顾
设立科技创新基金10亿元，建成中试基地3个。
二、主要任务
（一）设立青海省未来产业专项基金。坚持投早投小，由省财政厅牵头，设立总规模30亿元的未来产业专项基金，鼓励社会资本参与。
（二）拓展应用场景。每季度发布未来产业应用场景清单，组织场景对接活动。
青海省人民政府办公厅
2026年4月1日
"""


def stored(base: KnowledgeBase, text: str = PLAN) -> dict[str, Held]:
    """``text`` added as a user's file: its provisions by how they begin."""
    (one,) = base.add(base.read(text.encode(), "方案.txt"), text.encode(), "方案.txt")
    return {h.provision.text.strip()[:6]: h for h in base.document(one.document.id)[1]}


@pytest.fixture
def desk(empty: KnowledgeBase) -> Desk:
    return Desk(empty)


def words(html: str) -> str:
    return BeautifulSoup(html, "html.parser").get_text()


def test_the_sentence_its_words_the_score_and_the_floor_are_told(desk: Desk) -> None:
    fund = stored(desk.base)["（一）设立青"]
    told = reason(desk, str(fund.id), "patient_capital")
    why = next(e for e in desk.base.explain_held(fund.id) if e.measure == "patient_capital")
    assert why.score == next(c.score for c in fund.codes if c.measure == "patient_capital") >= why.floor
    assert f"得分 {why.score:.0%}，达到 {why.floor:.0%} 即算识别" in words(told)
    assert "<mark>投早投小</mark>" in told
    quoted = BeautifulSoup(told, "html.parser").blockquote
    assert quoted is not None and quoted.text.startswith("坚持投早投小，由省财政厅牵头")
    # without the model the head was made with, no example is compared: that is said, and none is named
    assert "只看了词语" in told


def test_the_words_the_strength_goes_by_are_named(desk: Desk) -> None:
    fund = stored(desk.base)["（一）设立青"]
    told = words(reason(desk, str(fund.id), "patient_capital"))
    strength = told.split("力度看线索词所在各句的用语：")[1].split("。")[0]
    assert "表示安排的（像“部署”）" in strength and "“牵头”" in strength
    assert "力度看" not in reason(desk, str(fund.id), "guidance_fund")


def test_of_a_measure_not_seen_it_is_told_what_was_missing(desk: Desk) -> None:
    held = stored(desk.base)
    told = words(reason(desk, str(held["（一）设立青"].id), "guidance_fund"))
    assert "没有看出" in told and "有线索词“社会资本”，但还不足以认定" in told and "才算识别" in told
    assert "没有这项举措的线索词" in words(reason(desk, str(held["（二）拓展应"].id), "guidance_fund"))
    assert "程序不读" in words(reason(desk, str(held["设立科技创新"].id), "special_fund"))


def test_words_set_aside_are_named(desk: Desk) -> None:
    held = stored(desk.base, PLAN.replace("组织场景对接活动", "依照《青海省数据条例》执行"))["（二）拓展应"]
    told = words(reason(desk, str(held.id), "legislation"))
    assert "条例" in told and "不作数" in told


def test_a_correction_of_the_user_does_not_change_what_the_program_saw(desk: Desk) -> None:
    fund = stored(desk.base)["（一）设立青"]
    before = reason(desk, str(fund.id), "special_fund")
    desk.base.correct(fund.id, "special_fund", 0, "某人")
    assert reason(desk, str(fund.id), "special_fund") == before
    assert "改过" not in before


def test_codes_older_than_the_lexicon_are_said_to_be(desk: Desk) -> None:
    fund = stored(desk.base)["（一）设立青"]
    desk.base.library.recode({fund.id: ()}, {}, "older")
    assert "词表或识别程序改过" in reason(desk, str(fund.id), "special_fund")


@pytest.mark.parametrize(("provision", "measure"), [("x", "special_fund"), ("999999", "special_fund"), ("", "")])
def test_what_is_not_there_is_an_error_in_chinese(desk: Desk, provision: str, measure: str) -> None:
    stored(desk.base)
    with pytest.raises(KbError):
        reason(desk, provision, measure)


def test_only_what_the_program_coded_has_the_fold(tmp_path: Path) -> None:
    base = kb.open(tmp_path / "kb", model="fake")
    base.build()
    desk, held = Desk(base), stored(base)
    fund, review = held["（一）设立青"], held["设立科技创新"]
    sides = BeautifulSoup(measure_panel(desk, Choice(), "special_fund"), "html.parser").select("article.card")
    for card in sides:
        assert ("自动识别" in card.text) == bool(card.select("details.reason"))
    assert any(card.select("details.reason") for card in sides)
    panel = BeautifulSoup(drawer(desk, {"code": str(fund.id)}), "html.parser")
    assert len(panel.select("details.reason")) == len(desk.frame.measures)
    base.correct(fund.id, "special_fund", 1, "某人")
    again = BeautifulSoup(drawer(desk, {"code": str(fund.id)}), "html.parser").select("details.reason")
    assert "special_fund" not in {str(one["data-item"]) for one in again}
    unread = drawer(desk, {"code": str(review.id)})
    assert "程序不读" in unread and 'details class="reason"' not in unread
    edited = base.document("cq-2024-action-plan")[1]
    assert not any('class="reason"' in drawer(desk, {"code": str(h.id)}) for h in edited[:3])
    assert "编码依据与修订" in document_view(desk, fund.document_id)
    assert "编码依据与修订" not in document_view(desk, "cq-2024-action-plan")
    base.close()


def test_nothing_a_document_says_is_markup_in_its_explanation(desk: Desk) -> None:
    text = PLAN.replace("坚持投早投小", "坚持投早投小<img src=x onerror=alert(1)>")
    fund = stored(desk.base, text)["（一）设立青"]
    told = reason(desk, str(fund.id), "patient_capital")
    assert "<img" not in told and "&lt;img" in told


@pytest.fixture
def modelled(tmp_path: Path) -> Iterator[Desk]:
    base = kb.open(tmp_path / "kb", model="default")
    yield Desk(base)
    base.close()


@pytest.mark.model
def test_with_the_default_model_cue_and_coded_example_are_named(modelled: Desk) -> None:
    held = stored(modelled.base)
    fund, scene = held["（一）设立青"], held["（二）拓展应"]
    told = reason(modelled, str(fund.id), "special_fund")
    why = next(e for e in modelled.base.explain_held(fund.id) if e.measure == "special_fund")
    assert "<mark>设立青海省未来产业专项基金</mark>" in told and f"达到 {why.floor:.0%} 即算识别" in told
    assert why.examples and all(name in told for name in why.examples)
    assert any("基金" in name for name in why.examples)
    scenes = reason(modelled, str(scene.id), "scenario_list")
    assert "发布未来产业应用场景清单</mark>" in scenes and "机会清单" in scenes
    for one in (fund, scene):
        assert [(e.measure, e.score) for e in modelled.base.explain_held(one.id)] == [
            (c.measure, c.score) for c in one.codes
        ]


@pytest.mark.browser
def test_folds_opened_together_are_all_filled_each_with_its_own(visit: Visit, own_base: KnowledgeBase) -> None:
    fund = stored(own_base, PLAN.replace("青海", "宁夏").replace("青政", "宁政"))["（一）设立宁"]
    visit.page.goto(f"{visit.address}?tab=library&doc={fund.document_id}&p=7&code={fund.id}")
    visit.page.wait_for_selector("#drawer details[open] details.reason")
    assert visit.page.locator("#drawer .reason-told[data-item]").count() == 0
    visit.page.evaluate(
        "document.querySelectorAll('#drawer details[open] details.reason').forEach(one => one.open = true)"
    )
    visit.page.wait_for_function("document.querySelectorAll('#drawer details.reason[open]').length ==="
                                 " document.querySelectorAll('#drawer .reason-told[data-item]').length")  # fmt: skip
    names = {m.id: m.name for m in Desk(own_base).frame.measures}
    for fold in visit.page.locator("#drawer details.reason[open]").all():
        assert f"规定了{names[fold.get_attribute('data-item')]}" in fold.inner_text()

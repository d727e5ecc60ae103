"""Users correct codes and scores: at once in force, told apart from other codes, kept, and taken back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.check import problems
from kb.cli import main
from kb.compare.frame import load_frame
from kb.compare.result import Finding
from kb.errors import KbError
from kb.knowledge import KnowledgeBase
from kb.model import Held
from kb.plain import comparison_row, revision_told
from kb.report.method import closing_notes
from kb.report.tables import evidence_table
from tests.samples import FUND, PLANT, SCENE, draft

REGION = "贵州"


@pytest.fixture
def base(built: Path, tmp_path: Path) -> Iterator[KnowledgeBase]:
    """A copy of it with one document of the user's, to write to."""
    shutil.copytree(built, tmp_path / "copy")
    made = KnowledgeBase(tmp_path / "copy" / "kb", "fake", tmp_path / "copy" / "corpus")
    made.add([draft("mine", [FUND, SCENE], region=REGION)])
    yield made
    made.close()


def said(base: KnowledgeBase, text: str, document: str = "mine") -> Held:
    """The provision of ``document`` that says ``text``."""
    return next(h for h in base.document(document)[1] if h.provision.text.strip() == text)


def strength(base: KnowledgeBase, measure: str) -> int:
    return base.compare(REGION).cell(measure, REGION).strength


def test_a_code_that_is_added_counts_at_once_and_says_who_added_it(base: KnowledgeBase) -> None:
    before = base.compare(REGION)
    assert before.cell("ethics_safety", REGION).strength == 0
    base.correct(said(base, SCENE).id, "伦理与安全", 2, "张三")
    evidence = base.compare(REGION).cell("ethics_safety", REGION).evidence[0]
    assert (evidence.strength, evidence.origin) == (2, "user")
    code = next(c for c in said(base, SCENE).codes if c.measure == "ethics_safety")
    assert (code.by, code.at is not None) == ("张三", True)


def test_a_code_that_is_taken_away_is_evidence_no_more(base: KnowledgeBase) -> None:
    assert strength(base, "special_fund") > 0
    base.correct(said(base, FUND).id, "special_fund", 0)
    assert strength(base, "special_fund") == 0
    assert all(c.measure != "special_fund" for c in said(base, FUND).codes)


def test_what_a_user_took_away_is_told_where_it_changes_a_finding(base: KnowledgeBase) -> None:
    def finding() -> Finding:
        return next(f for f in base.compare(REGION).findings if f.measure.id == "special_fund")

    assert not finding().withdrawn and "用户修订" not in finding().sentence
    made = base.correct(said(base, FUND).id, "special_fund", 0, "张三")
    assert [e.held.provision.text.strip() for e in finding().withdrawn] == [FUND]
    assert "用户修订认为 1 条不属此项，未计入：《" in finding().sentence
    result = base.compare(REGION)
    told = next(f for f in comparison_row(result)["findings"] if f["measure"] == "special_fund")
    assert [(e["text"].strip(), e["strength"], e["origin"]) for e in told["withdrawn"]] == [(FUND, 0, "user")]
    sheet = evidence_table(result, load_frame(base.corpus.folder))
    assert any(FUND in row and "用户修订" in row and "未见" in row for row in sheet.rows)
    coding = next(n for n in closing_notes(base.compare(REGION)) if n.startswith("（二）"))
    assert "用户修订 1 处" in coding
    chosen = base.compare("安徽", [REGION, "mine"]).findings
    assert (
        len(next(f for f in chosen if f.measure.id == "special_fund").withdrawn) == 1
    )  # once, whatever columns it stands in
    assert base.take_back(made.id).undone is not None
    assert not finding().withdrawn
    base.correct(said(base, SCENE).id, "税费优惠", 2)
    base.correct(said(base, SCENE).id, "税费优惠", 0)
    assert not next(
        f for f in base.compare(REGION).findings if f.measure.id == "tax"
    ).withdrawn  # never coded with it


def test_what_the_baseline_has_by_a_users_word_is_said_to_be(base: KnowledgeBase) -> None:
    base.correct(said(base, SCENE).id, "伦理与安全", 1, "张三")
    told = next(f for f in base.compare(REGION).findings if f.measure.id == "ethics_safety")
    assert f"{REGION}的力度为“提及”（用户修订" in told.sentence


def test_taking_a_correction_back_brings_back_what_was_there(base: KnowledgeBase) -> None:
    codes = said(base, FUND).codes
    first = base.correct(said(base, FUND).id, "special_fund", 0)
    second = base.correct(said(base, FUND).id, "special_fund", 1)
    assert [c.strength for c in said(base, FUND).codes if c.measure == "special_fund"] == [1]
    base.take_back(second.id)
    assert all(c.measure != "special_fund" for c in said(base, FUND).codes)
    base.take_back(first.id)
    assert said(base, FUND).codes == codes
    assert [r.undone is not None for r in base.library.revisions()] == [True, True]
    with pytest.raises(KbError, match="已被撤销"):
        base.take_back(first.id)


def test_a_correction_outlives_replacing_removing_and_rebuilding(base: KnowledgeBase) -> None:
    base.correct(said(base, FUND).id, "special_fund", 1)
    base.add([draft("mine", [PLANT, FUND], region=REGION, title="新版方案")])
    assert [c.strength for c in said(base, FUND).codes if c.measure == "special_fund"] == [1]
    base.remove("mine")
    base.add([draft("mine", [FUND], region=REGION)])
    assert [c.origin for c in said(base, FUND).codes if c.measure == "special_fund"] == ["user"]
    base.build()
    assert strength(base, "special_fund") == 1


def test_a_text_that_says_something_else_is_not_corrected(base: KnowledgeBase) -> None:
    base.correct(said(base, FUND).id, "special_fund", 1)
    changed = FUND.rstrip("。") + "，首期规模20亿元。"
    base.add([draft("mine", [changed], region=REGION)])
    assert all(c.origin == "auto" for c in said(base, changed).codes)


def test_the_editors_codes_are_corrected_too_and_the_library_stays_sound(base: KnowledgeBase) -> None:
    document = next(d.id for d in base.documents() if d.origin == "corpus" and d.is_policy)
    coded = next(h for h in base.document(document)[1] if h.codes)
    base.correct(coded.id, coded.codes[0].measure, 0)
    assert base.build()["unchanged"] == 3
    assert coded.codes[0].measure not in {c.measure for c in base.library.held([coded.id])[0].codes}
    assert problems(base) == []


def test_undoing_a_removal_does_not_make_corrections_part_of_the_document(base: KnowledgeBase) -> None:
    made = base.correct(said(base, FUND).id, "special_fund", 0)
    taken = base.copy("mine")
    base.remove("mine")
    base.put_back(taken)
    assert all(c.measure != "special_fund" for c in said(base, FUND).codes)
    base.take_back(made.id)
    assert [c.origin for c in said(base, FUND).codes if c.measure == "special_fund"] == ["auto"]


def test_undoing_a_removal_does_not_overwrite_what_was_added_since(base: KnowledgeBase) -> None:
    taken = base.copy("mine")
    base.remove("mine")
    base.add([draft("mine", [PLANT], region=REGION)])
    with pytest.raises(KbError, match="已重新入库"):
        base.put_back(taken)
    assert PLANT in {h.provision.text for h in base.document("mine")[1]}


def test_another_reader_sees_a_correction_at_once(base: KnowledgeBase) -> None:
    other = KnowledgeBase(base.home, "fake", base.corpus.folder)
    assert other.compare(REGION).cell("special_fund", REGION).strength > 0
    base.correct(said(base, FUND).id, "special_fund", 0)
    assert other.compare(REGION).cell("special_fund", REGION).strength == 0
    other.close()


def test_a_variable_of_the_index_is_set_and_taken_back(base: KnowledgeBase) -> None:
    documents = [base.library.document("mine")]
    found = base.pmc(REGION, documents).decisions["X8.2"].value
    made = base.correct_score(REGION, "X8.2", 1 - found, "李四")
    decision = base.pmc(REGION, documents).decisions["X8.2"]
    assert (decision.value, decision.found, decision.overridden) == (1 - found, found, True)
    base.take_back(made.id)
    assert base.pmc(REGION, documents).decisions["X8.2"].value == found


def test_two_documents_of_one_title_are_corrected_apart(base: KnowledgeBase) -> None:
    base.add([draft("other", [FUND], region=REGION)])
    mine, other = (base.library.document(i) for i in ("mine", "other"))
    found = base.pmc("《某市未来产业实施方案》", [mine]).decisions["X8.2"].value
    base.correct_score("mine", "X8.2", 1 - found)
    assert base.pmc("《某市未来产业实施方案》（贵州）", [mine]).decisions["X8.2"].value == 1 - found
    assert not base.pmc("《某市未来产业实施方案》", [other]).decisions["X8.2"].overridden


def test_the_places_below_a_province_are_corrected_as_the_column_they_are(base: KnowledgeBase) -> None:
    documents = [base.library.document("mine")]
    found = base.pmc("贵州（下辖地区）", documents).decisions["X8.2"].value
    base.correct_score("贵州（下辖地区）", "X8.2", 1 - found)
    assert base.pmc("贵州（下辖地区）", documents).decisions["X8.2"].overridden
    assert not base.pmc(REGION, documents).decisions["X8.2"].overridden


@pytest.mark.parametrize(("measure", "value"), [("special_fund", 4), ("没有的举措", 1)])
def test_what_cannot_be_a_code_is_turned_away(base: KnowledgeBase, measure: str, value: int) -> None:
    with pytest.raises(KbError):
        base.correct(said(base, FUND).id, measure, value)
    assert base.library.revisions() == []


def test_the_command_line_corrects_lists_and_takes_back(
    base: KnowledgeBase, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_HOME", str(base.home))
    number = str(said(base, FUND).id)
    assert main(["correct", number, "special_fund", "承诺", "--who", "王五", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)["revisions"][0]
    assert (made["item"], made["value"], made["who"]) == ("special_fund", 3, "王五")
    assert main(["show", "mine"]) == 0
    assert "承诺（用户修订 王五" in capsys.readouterr().out
    assert main(["correct", "--undo", str(made["id"])]) == 0
    assert main(["correct"]) == 0
    assert "撤销" in capsys.readouterr().out
    assert main(["correct", number, "special_fund", "很强"]) == 2
    assert "力度" in capsys.readouterr().err


def test_the_list_of_corrections_names_provision_and_measure(base: KnowledgeBase) -> None:
    made = base.correct(said(base, FUND).id, "special_fund", 1, "张三")
    told = revision_told(made, base.library)
    assert FUND in told
    assert "未来产业专项基金 → 提及（用户修订，张三" in told
    assert "special_fund" not in told

"""What the tabs show, as HTML and values, on the shipped corpus."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from kb.compare.sectors import load_sectors
from kb.errors import KbError
from kb.inputs import Source
from kb.matches import longest
from kb.model import Document, Draft
from kb.web.adding import Waiting, checked, several, steps
from kb.web.ask import ask_panel
from kb.web.clauses import suggested
from kb.web.desk import Choice, Desk, Kept
from kb.web.heat import compared, short_name, summary
from kb.web.sectors import lineages, sector_map
from kb.web.targets import by_family, goals_table
from kb.web.tools import pmc_of, pmc_table


def plan(document_id: str, region: str, **facts: object) -> Document:
    """A devoted action plan of a region."""
    base = Document(document_id, region, "省级", f"{region}未来产业行动计划", instrument="行动计划", scope="专门")
    return replace(base, **facts)  # type: ignore[arg-type]


def test_the_same_value_is_made_once_even_if_asked_for_at_the_same_time() -> None:
    made, kept, ready = [], Kept(4), threading.Barrier(5)

    def make() -> object:
        made.append(1)
        return object()

    def ask() -> None:
        ready.wait()
        found.append(kept("key", make))

    found: list[object] = []
    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and len({id(f) for f in found}) == 1


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    kept = Kept(2)
    first = kept("a", object)
    kept("b", object)
    assert kept("a", object) is first
    kept("c", object)
    assert kept("a", object) is first


def test_what_could_not_be_made_is_asked_for_again() -> None:
    kept = Kept(2)

    def fail() -> object:
        raise KbError("不行")

    with pytest.raises(KbError):
        kept("a", fail)
    assert kept("a", lambda: "可以") == "可以"


def test_every_comparing_tab_says_what_is_compared(shipped_desk: Desk) -> None:
    choice = Choice(peers=("安徽", "四川"), as_of="2025-07-11")
    line = BeautifulSoup(compared(shipped_desk.table(choice), choice), "html.parser")
    assert "安徽、四川" in line.get_text() and "2025-07-11" in line.get_text()
    assert line.a is not None and "as_of=2025-07-11" in str(line.a["href"])


def test_a_baseline_compared_with_itself_only_is_told(shipped_desk: Desk) -> None:
    for choice in (
        Choice(peers=("重庆",)),
        Choice("安徽", ("安徽",)),
        Choice("cq-2024-action-plan", ("cq-2024-action-plan",)),
    ):
        with pytest.raises(KbError, match="只有基准“.+”自己"):
            shipped_desk.table(choice)
    assert len(shipped_desk.table(Choice(peers=("重庆", "安徽"))).comparison.columns) == 2


def test_a_sector_stands_below_what_it_is_part_of(shipped_desk: Desk) -> None:
    glossary = load_sectors(shipped_desk.base.corpus.folder)
    places = lineages(glossary)
    for sector in glossary.sectors:
        if sector.parent:
            assert places[sector.parent] < places[sector.id]
            assert places[sector.id][:-1] == places[sector.parent]
    page = BeautifulSoup(sector_map(shipped_desk, shipped_desk.table(Choice()), Choice()), "html.parser")
    names = [th.get_text() for th in page.select("tbody th")]
    assert names.index("量子科技") == names.index("未来信息") + 1


def test_only_the_longest_of_nested_terms_is_given_as_a_reason() -> None:
    assert longest(["未来产业", "未来", "产业", "基金"]) == ["未来产业", "基金"]
    assert longest(["基金", "基金"]) == ["基金", "基金"]


def test_versions_are_suggested_for_alignment_then_plans_of_one_kind() -> None:
    draft, final = plan("a", "安徽", superseded_by="b"), plan("b", "安徽", scope="专项")
    own, other, law = (
        plan("c", "重庆"),
        plan("d", "四川", instrument="行动方案"),
        plan("e", "广东", instrument="条例"),
    )
    pairs = suggested([draft, final, own, other, law])
    assert [(a.id, b.id) for a, b in pairs] == [("a", "b"), ("c", "a"), ("c", "d")]
    assert [(a.id, b.id) for a, b in suggested([draft, final, own, other, law], "d")] == [("d", "a"), ("d", "c")]
    assert suggested([]) == []


def test_a_free_question_lists_each_region_once(shipped_desk: Desk) -> None:
    panel = BeautifulSoup(ask_panel(shipped_desk, {"ask": "未来产业专项基金"}), "html.parser")
    names = [h.get_text() for h in panel.select("h3")]
    assert names[0] == "重庆" and len(names) == len(set(names)) > 2


def test_a_document_as_baseline_has_its_own_answers_and_goals(shipped_desk: Desk) -> None:
    baseline, own = "cq-2024-action-plan", "《重庆市未来产业培育行动计划（2024—2027年）》"
    panel = BeautifulSoup(ask_panel(shipped_desk, {"ask": "市级未来产业先导区", "baseline": baseline}), "html.parser")
    first = panel.select_one(".side")
    assert first and first.h3 and first.h3.get_text() == own and first.select(".card")
    choice = Choice(baseline=baseline)
    shown = shipped_desk.table(choice)
    family, rows = next((f, r) for f, r in by_family(shipped_desk, shown).items() if r[0][0].region == own)
    marked = BeautifulSoup(goals_table(rows, own, choice, family), "html.parser").select("tr.own")
    assert marked and {line.td.get_text() for line in marked if line.td} == {own}


def test_opening_evidence_keeps_the_region_compared_with(shipped_desk: Desk) -> None:
    choice = Choice(other="安徽")
    shown = shipped_desk.table(choice)
    results = {r: pmc_of(shipped_desk, shown, r) for r in ("重庆", "安徽")}
    links = BeautifulSoup(pmc_table(shipped_desk, results, choice), "html.parser").select("table a")
    assert links and all(Choice.parse(dict(_pairs(str(a["href"])))).other == "安徽" for a in links)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Gradio warns where there is no visitor to tell
def test_a_failed_input_is_told_among_those_that_worked() -> None:
    def verb(name: str) -> str:
        if name == "坏<b>":
            raise KbError(f"“{name}”读不出。")
        return name

    lines = list(steps(["甲", "坏<b>", "乙"], verb, lambda made: f"<li>{made}</li>"))
    assert [made for _, made in lines] == ["甲", None, "乙"]
    assert "请稍候" in lines[0][0] and "请稍候" not in lines[-1][0]
    assert "坏&lt;b&gt;" in lines[-1][0] and "<li>乙</li>" in lines[-1][0]


def test_nothing_chosen_is_told() -> None:
    with pytest.raises(KbError, match="请先选择"):
        checked([], "")
    assert checked(["a.txt"], "https://www.cq.gov.cn/x") == ["a.txt", "https://www.cq.gov.cn/x"]


def test_a_file_of_several_documents_says_whose_title_is_corrected() -> None:
    one = Draft(plan("a", "安徽"), "", ())
    assert several(Waiting(Source("x", b""), (one,), {})) == ""
    assert "2 份文件" in several(Waiting(Source("x", b""), (one, one), {}))


def test_single_documents_are_told_apart_over_their_columns(shipped_desk: Desk) -> None:
    choice = Choice("cq-2024-action-plan", ("ah-2024-action-plan", "四川"))
    columns = shipped_desk.table(choice).comparison.columns
    assert [short_name(c) for c in columns] == ["重庆 行动计划", "安徽 行动方案", "四川"]


def test_the_counts_of_findings_are_of_the_dimensions_shown(shipped_desk: Desk) -> None:
    choice = Choice(dims=("finance",))
    page = BeautifulSoup(summary(shipped_desk.table(choice), choice), "html.parser")
    counted = sum(int(chip.get_text().split()[-1]) for chip in page.select("a.chip"))
    assert counted == len(next(d for d in shipped_desk.frame.dimensions if d.id == "finance").measures)


def _pairs(href: str) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    return parse_qsl(href.removeprefix("?"))

"""What the tabs show, as HTML and values, on the shipped corpus."""

from __future__ import annotations

import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import gradio as gr
import pytest
from bs4 import BeautifulSoup

from kb.compare.frame import TOOL_ZH
from kb.compare.result import Column
from kb.compare.sectors import load_sectors
from kb.errors import KbError
from kb.inputs import Source
from kb.knowledge import KnowledgeBase
from kb.matches import longest
from kb.model import Document, Draft, Revision
from kb.report.tables import tools_table
from kb.web.adding import Waiting, checked, several, steps
from kb.web.ask import ask_panel, ask_row
from kb.web.charts import target_chart
from kb.web.clauses import aligned, suggested
from kb.web.desk import Choice, Desk, Kept, Table
from kb.web.drawer import MOST, measure_panel
from kb.web.folder import made_pin
from kb.web.gap import _baselines
from kb.web.heat import closed_note, compared, heat_map, short_names, summary
from kb.web.library import holdings_html, library_tab
from kb.web.parts import params_of, router
from kb.web.reading import document_view
from kb.web.revise import history, revised
from kb.web.search import results
from kb.web.sectors import lineages, sector_map, sector_panel
from kb.web.targets import by_family, goals_table, target_panel
from kb.web.tools import part_panel, pmc_of, pmc_table, profile_of, profile_table, tool_panel
from tests.samples import FUND, draft


class Stub(Desk):
    """A desk on which one table lies, whatever is asked for."""

    def __init__(self, base: KnowledgeBase, shown: Table) -> None:
        super().__init__(base)
        self.shown = shown

    def table(self, choice: Choice) -> Table:
        return self.shown


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

    told = list(steps(["甲", "坏<b>", "乙"], verb, lambda made: f"<li>{made}</li>"))
    before, lines = told[::2], told[1::2]
    assert [made for _, made in lines] == ["甲", None, "乙"]
    assert [made for _, made in before] == [None] * 3 and "正在处理第 3 个，共 3 个" in before[-1][0]
    assert "<li>甲</li>" in before[-1][0] and "请稍候" in lines[0][0] and "请稍候" not in lines[-1][0]
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
    assert short_names(columns) == ["重庆 行动计划", "安徽 行动方案", "四川"]


def test_documents_of_one_region_and_kind_have_names_of_their_own_over_their_columns() -> None:
    dated = [
        plan("a", "安徽", issued="2024-03"),
        plan("b", "安徽", issued="2025-06"),
        plan("c", "安徽", issued="2025-06"),
    ]
    titles = (
        "《安徽省未来产业行动计划》（安徽，2024-03）",
        "《安徽省空天信息产业行动计划》",
        "《安徽省氢能产业行动计划》",
    )
    columns = [Column(t, "省级", (d,), "partial", True) for t, d in zip(titles, dated, strict=True)]
    assert short_names(columns) == ["安徽 行动计划 2024-03", *titles[1:]]
    assert short_names(columns[:1]) == ["安徽 行动计划"]


def test_what_does_not_count_stands_in_brackets_and_says_why(shipped: KnowledgeBase) -> None:
    desk, choice = Desk(shipped), Choice(as_of="2026-07-01")
    shown = desk.table(choice)
    page = BeautifulSoup(heat_map(shown, choice), "html.parser")
    cells = {a["title"]: a.get_text() for a in page.select("td.over a")}
    assert cells.get("规划期已满", "").startswith("(")
    over = {(c.measure, c.region) for c in shown.comparison.cells if c.as_peer < c.strength}
    assert ("special_plan", "山西") in over
    assert len(page.select("td.over a")) == len(over) > 0


def test_documents_of_one_title_are_told_apart_where_they_are_chosen(empty: KnowledgeBase) -> None:
    for name, issued in (("a", "2023-05-01"), ("b", "2025-06-01")):
        empty.add(
            [draft(name, [FUND], "安徽省未来产业先导区建设方案", region="安徽", issued=issued)], name.encode(), name
        )
    labels = [label for label, key in _baselines(Desk(empty)) if key in "ab"]
    assert sorted(labels) == [f"安徽《安徽省未来产业先导区建设方案》{day}" for day in ("2023-05-01", "2025-06-01")]


def test_a_group_of_peers_of_which_none_is_held_is_not_taken_for_all(empty: KnowledgeBase) -> None:
    for region in ("重庆", "安徽"):
        empty.add(
            [draft(region, [FUND], f"{region}未来产业行动计划", region=region, issued="2025-01-01")], b"x", region
        )
    with pytest.raises(KbError, match="地市级"):
        Desk(empty).table(Choice(peers=("地市级",)))


def test_a_sector_that_only_broad_texts_name_stands_in_brackets(shipped_desk: Desk) -> None:
    shown = shipped_desk.table(Choice())
    page = BeautifulSoup(sector_map(shipped_desk, shown, Choice()), "html.parser")
    marked = [a.get_text() for a in page.select("td a[title]")]
    assert len(marked) == sum(len(s.remarks) for s in shown.comparison.sectors) > 0
    assert all(told.startswith("(") and told.endswith(")") for told in marked)


def test_the_tier_a_heading_gives_shows_where_the_provision_is_opened(empty: KnowledgeBase) -> None:
    plan = draft("gz", ["脑机接口、可控核聚变、氢能。"], "贵州省未来产业行动计划", region="贵州", issued="2025-03-01")
    under = tuple(replace(p, path=(*p.path, "（二）探索发展")) for p in plan.provisions)
    empty.add([replace(plan, provisions=under)])
    empty.add([draft("cq", [FUND], "重庆市未来产业行动计划", issued="2025-03-01")])
    desk = Desk(empty)
    assert ">探1<" in sector_map(desk, desk.table(Choice()), Choice())
    sector = next(s.sector for s in desk.table(Choice()).comparison.sectors if s.name.startswith("脑机"))
    assert "探索</" in sector_panel(desk, {"sector": sector, "region": "贵州"})


def test_the_panel_of_a_goal_says_it_as_the_text_does(shipped_desk: Desk) -> None:
    row = next(t for t in shipped_desk.table(Choice()).comparison.targets if "约" in (t.target.qualifier or ""))
    assert f"约{row.target.low:g}" in target_panel(shipped_desk, {"target": str(row.held.id)})


def test_uses_of_tools_by_plans_that_are_over_are_said_to_be(shipped_desk: Desk) -> None:
    choice = Choice(peers=("山西", "安徽"))
    shown = shipped_desk.table(choice)
    told = profile_table(shipped_desk, shown, choice, "")
    total = profile_of(shipped_desk, shown, "山西").total
    assert f"规划期已满的文件也计入，出自其中的有：山西 {total}/{total} 次" in told
    cards = tool_panel(shipped_desk, {"peers": "山西,安徽", "region": "山西", "tool": "supply"})
    assert "规划期已满</" in cards


def test_the_report_counts_tools_as_the_page_does(shipped_desk: Desk) -> None:
    shown = shipped_desk.table(Choice())
    told = tools_table(shown.comparison, shown.frame)
    rows = {row[0]: row[1:5] for row in told.rows}
    for column in shown.comparison.columns:
        profile = profile_of(shipped_desk, shown, column.region)
        counts = (*(profile.tools[tool].uses for tool in TOOL_ZH), profile.total)
        assert rows.get(column.region, (0, 0, 0, 0)) == counts


def test_a_day_still_to_come_is_said_to_be(shipped_desk: Desk) -> None:
    choice = Choice(as_of="2099-01-01")
    assert "2099-01-01</strong>（晚于今天）" in compared(shipped_desk.table(choice), choice)
    assert "晚于今天" not in compared(shipped_desk.table(Choice()), Choice())


def test_a_list_that_was_cut_off_says_so(shipped_desk: Desk) -> None:
    shown = shipped_desk.table(Choice())
    cell = max(shown.comparison.cells, key=lambda c: len(c.evidence))
    many = replace(cell, evidence=cell.evidence * MOST)
    cells = tuple(many if c is cell else c for c in shown.comparison.cells)
    row = next(r for r in shown.comparison.sectors if r.regions.get("重庆"))
    sector = replace(row, regions={"重庆": row.regions["重庆"] * (MOST + 1)})
    result = replace(shown.comparison, cells=cells, sectors=(sector,))
    desk = Stub(shipped_desk.base, Table(result, shown.frame))
    panel = BeautifulSoup(measure_panel(desk, Choice(), cell.measure, cell.region), "html.parser")
    assert f"{len(many.evidence)} 条" in panel.get_text() and f"只列前 {MOST} 条" in panel.get_text()
    assert f"只列前 {MOST} 条" in sector_panel(desk, {"sector": row.sector, "region": "重庆"})


def test_hits_beyond_the_most_that_is_shown_are_hinted_at(shipped_desk: Desk) -> None:
    assert "可能还有" in results(shipped_desk, {"q": "未来产业", "k": "200"})
    assert "可能还有" not in results(shipped_desk, {"q": "未来产业", "k": "20"})
    assert "文库中没有出现“火星”“殖民地”，所列各条可能答非所问。" in results(shipped_desk, {"q": "火星殖民地补贴"})


def test_a_region_that_is_not_among_the_nearest_is_not_said_to_have_nothing(
    shipped_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = shipped_desk.table(Choice())
    hit = shipped_desk.base.search("未来产业专项基金", k=1)[0]
    near = {"安徽": [replace(hit, cosine=0.052, weak=False)]}
    monkeypatch.setattr("kb.web.ask.hits_by_region", lambda *_: near)
    row = BeautifulSoup(ask_row(shipped_desk, shown, Choice(), "专项基金"), "html.parser")
    said = {c.region: td for c, td in zip(shown.comparison.columns, row.select("td"), strict=True)}
    assert said["安徽"].get_text() == ".05"
    assert "最相近的" in str(said["重庆"])
    assert "没有相近的条款" not in ask_panel(shipped_desk, {"ask": "专项基金"})


def test_a_goal_of_every_year_stands_on_a_line_of_its_own(shipped_desk: Desk) -> None:
    rows = next(r for r in by_family(shipped_desk, shipped_desk.table(Choice())).values() if not r[0][1].yearly)
    row, once = rows[0]
    figure = target_chart([(row, once), (row, replace(once, yearly=True))], "重庆")
    lines = [trace.y[0] for trace in figure.data]
    assert lines[1] == f"{lines[0]}（每年）" and "/年" in figure.data[1].hovertemplate


def test_every_row_of_the_sector_map_can_be_entered_by_keyboard(shipped_desk: Desk) -> None:
    page = BeautifulSoup(sector_map(shipped_desk, shipped_desk.table(Choice()), Choice()), "html.parser")
    rows = page.select("tbody tr")
    assert rows and all(len(row.select("a:not([tabindex])")) == 1 for row in rows)


def test_a_finding_set_aside_says_with_whom_it_was_compared(shipped_desk: Desk) -> None:
    some = made_pin(
        shipped_desk, {"kind": "finding", "ref": "special_fund", "at": Choice(peers=("安徽", "四川")).href()}
    )
    every = made_pin(shipped_desk, {"kind": "finding", "ref": "special_fund", "at": "?"})
    assert "对照：安徽、四川" in some.citation and "对照：" not in every.citation


def test_what_is_too_long_to_ask_is_refused_not_left_out() -> None:
    asked = SimpleNamespace(_data={"params": {"tab": "search", "q": "设立未来产业专项基金。" * 200}})
    with pytest.raises(KbError, match="请缩短"):
        params_of(asked)  # type: ignore[arg-type]


def test_a_removal_that_cannot_be_undone_now_can_be_undone_later(
    empty: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty.add([draft("mine", [FUND])], b"x", "x")
    with gr.Blocks() as page:
        library_tab(Desk(empty), router())
    undo: Any = next(f.fn for f in page.fns.values() if getattr(f.fn, "__name__", "") == "undo")
    taken = [empty.copy("mine")]
    empty.remove("mine")
    monkeypatch.setattr("kb.web.library.warn", lambda _: None)
    monkeypatch.setattr("kb.web.parts.warn", lambda _: None)
    with monkeypatch.context() as busy:
        busy.setattr(empty, "put_back", Mock(side_effect=KbError("另一个程序正在写入知识库，请稍候再试。")))
        assert undo(taken) == gr.skip()
    assert undo(taken) == [[], ""] and [d.id for d in empty.documents()] == ["mine"]
    assert undo(taken) == [[], ""], "added again meanwhile"


def test_a_correction_that_a_later_one_outdid_is_marked(shipped_desk: Desk) -> None:
    made = [Revision(n, "code", "cq-2024-action-plan", "w", "special_fund", n, "赵", "2026-01-01") for n in (1, 2)]
    lines = BeautifulSoup(history(shipped_desk, made), "html.parser").select("li")
    assert ["以后者为准" in line.get_text() for line in lines] == [False, True]


def test_the_counts_of_findings_are_of_the_dimensions_shown(shipped_desk: Desk) -> None:
    choice = Choice(dims=("finance",))
    page = BeautifulSoup(summary(shipped_desk.table(choice), choice), "html.parser")
    counted = sum(int(chip.get_text().split()[-1]) for chip in page.select("a.chip"))
    assert counted == len(next(d for d in shipped_desk.frame.dimensions if d.id == "finance").measures)


def _pairs(href: str) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    return parse_qsl(href.removeprefix("?"))


def test_what_editors_wrote_is_not_set_aside_as_the_documents_own_words(shipped_desk: Desk) -> None:
    _, held = shipped_desk.base.document("sh-2022-action-plan")
    one = next(h for h in held if h.provision.certainty == "news" and h.provision.source)
    pin = made_pin(shipped_desk, {"kind": "provision", "ref": str(one.id)})
    assert pin.citation.endswith("（编者摘编，不是原文；据新闻报道）") and pin.url == one.provision.source


def test_documents_held_in_part_are_aligned_with_a_caution(shipped_desk: Desk) -> None:
    told = aligned(shipped_desk, "cq-2024-action-plan", "ah-2024-action-plan")
    assert "收录不完整：没有对应的条款，不等于原文没有" in told and "收录部分未见对应条款" in told


def test_what_has_no_counterpart_shows_what_comes_nearest(shipped_desk: Desk) -> None:
    rows = BeautifulSoup(aligned(shipped_desk, "ah-2024-pilot-zone", "ah-2024-action-plan"), "html.parser")
    for side in ("left", "right"):
        near = [c for c in rows.select(f"tr.{side} td.absent") if "最接近：" in c.get_text()]
        assert near and all(c.find("a", href=True) for c in near)


def test_an_answer_by_a_text_on_one_industry_is_said_to_be_one(shipped_desk: Desk) -> None:
    assert "（只针对个别产业）" in closed_note(shipped_desk, ["cq-2024-low-altitude-plan"])
    assert "（" not in closed_note(shipped_desk, ["cq-2026-support-measures"]).split("</a>")[-1]


def test_a_variable_decided_by_facts_of_documents_names_them(shipped_desk: Desk) -> None:
    shown = shipped_desk.table(Choice())
    decisions = pmc_of(shipped_desk, shown, "重庆").decisions
    part = next(k for k, d in decisions.items() if d.documents and not d.provisions)
    panel = part_panel(shipped_desk, {"part": part, "region": "重庆"})
    first = shipped_desk.document(decisions[part].documents[0])
    assert first is not None and first.titled in panel and "没有条款" not in panel


def test_uses_of_a_tool_are_told_from_provisions(shipped_desk: Desk) -> None:
    count = profile_of(shipped_desk, shipped_desk.table(Choice()), "重庆").tools["supply"]
    assert count.uses > len(count.provisions)
    panel = tool_panel(shipped_desk, {"tool": "supply", "region": "重庆"})
    assert f"共 {count.uses} 次，出自 {len(count.provisions)} 条" in panel


def test_a_second_quick_click_corrects_nothing_more(empty: KnowledgeBase) -> None:
    desk = Desk(empty)
    empty.add([draft("mine", [FUND], region="贵州")])
    fund = empty.document("mine")[1][0]
    score = {"what": "score", "region": "贵州", "item": "X8.4", "value": "1", "now": "0"}
    code = {"what": "code", "p": str(fund.id), "item": "ethics_safety", "value": "2"}
    assert [("没有变化" in revised(desk, data, "甲")) for data in (score, score, code, code)] == [
        False,
        True,
        False,
        True,
    ]
    assert "没有变化" in revised(desk, {**code, "item": "tax", "value": "0"}, "甲")
    undo = {"what": "undo", "value": str(empty.library.revisions()[0].id)}
    assert [revised(desk, undo, "甲") for _ in range(2)] == ["已撤销这项用户修订。", "这项用户修订已经撤销。"]
    assert len(empty.library.revisions()) == 2


def test_a_document_leads_back_to_the_list_it_was_opened_from(shipped_desk: Desk) -> None:
    listed = holdings_html(shipped_desk, shipped_desk.documents(), {"word": "行动计划", "of": "重庆"})
    link = next(a["href"] for a in BeautifulSoup(listed, "lxml").select("table a") if "doc=" in str(a["href"]))
    asked = dict(p.split("=") for p in str(link)[1:].split("&"))
    assert {"word", "of", "doc"} <= asked.keys()
    assert "?tab=library&amp;word=" in document_view(shipped_desk, asked["doc"], "", "?tab=library&word=x")


def test_goals_of_texts_on_everything_are_marked(shipped_desk: Desk) -> None:
    rows = next(
        rows
        for rows in by_family(shipped_desk, shipped_desk.table(Choice())).values()
        if any(r.remark for r, _ in rows)
    )
    table = goals_table(rows, "重庆", Choice(), rows[0][1].family)
    assert "（非专门文件）" in table and "空心点" in table
    hollow = [trace.marker.symbol.endswith("-open") for trace in target_chart(rows, "重庆").data]
    assert hollow == [bool(row.remark) for row, _ in rows]


def test_a_goal_says_what_it_is_about_and_its_dot_shows_it(shipped_desk: Desk) -> None:
    shown = shipped_desk.table(Choice())
    rows = by_family(shipped_desk, shown)["industry_scale"]
    table = BeautifulSoup(goals_table(rows, "重庆", Choice(), "industry_scale"), "html.parser")
    said = [row.select("td")[3].get_text() for row in table.select("tbody tr")]
    assert said == [row.scope for row, _ in rows] and {"未来产业", "氢能", "更大范围"} <= set(said)
    assert "口径为指标所指的范围" in table.get_text()
    by_scope = dict(
        zip(said, (t.marker.symbol.removesuffix("-open") for t in target_chart(rows, "重庆").data), strict=True)
    )
    assert (by_scope["未来产业"], by_scope["氢能"], by_scope["更大范围"]) == ("circle", "diamond", "square")

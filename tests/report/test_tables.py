"""The tables behind Excel, CSV and notebooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.compare.result import Comparison
from kb.compare.targets import extract_targets
from kb.frames import (
    cells_frame,
    documents_frame,
    evidence_frame,
    findings_frame,
    hits_frame,
    sectors_frame,
    targets_frame,
)
from kb.knowledge import KnowledgeBase
from kb.model import Target
from kb.report.tables import all_tables, goal, source_of, strongest

DAY = "2026-07-01"


@pytest.mark.parametrize(
    ("low", "high", "unit", "qualifier", "said"),
    [
        (10, 10, "个", None, "10个"),
        (8, 10, "个", "约", "约8—10个"),
        (100, None, "家", "以上", "100家以上"),
        (100, None, "家", None, "100家以上"),
        (None, 30, "元", None, "30元以下"),
        (3000, None, "亿元", "力争突破", "力争突破3000亿元"),
        (5, None, "个", "力争、以上", "力争5个以上"),
        (1000, None, "亿元", "千亿级", "1000亿元（千亿级）"),
        (5.25, 5.25, "EFLOPS", "达到", "达到5.25EFLOPS"),
        (1000, None, "亿元", "力争以上", "力争1000亿元以上"),
        (6, 6, "%", "力争左右", "力争6%左右"),
        (3000, None, "亿元", "及以上", "3000亿元及以上"),
        (2000, None, "家", "余", "2000余家"),
        (30, None, "家", "多", "30多家"),
        (None, 30, "家", "至多", "至多30家"),
        (3000, None, "亿元", "突破、余", "突破3000余亿元"),
        (3, None, "亿元", "多", "3亿多元"),
        (20, 30, "家", "余", "20—30余家"),
        (100, None, "家", "上", "100家以上"),
        (100, None, "家", "上百家", "100家（上百家）"),
        (4_000_000, 4_000_000, "户", None, "4000000户"),
    ],
)
def test_a_goal_reads_as_one_would_write_it(
    low: float | None, high: float | None, unit: str, qualifier: str | None, said: str
) -> None:
    assert goal(Target("指标", 2027, low, high, unit, qualifier)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("到2027年，产业规模力争达到1000亿元以上。", "力争1000亿元以上"),
        ("到2027年，培育高新技术企业2000余家。", "2000余家"),
        ("到2027年，引进创新企业30多家。", "30多家"),
        ("到2027年，引进上百家创新企业。", "100家以上"),
    ],
)
def test_a_goal_read_from_a_text_reads_as_the_text_does(text: str, said: str) -> None:
    (found,) = extract_targets(text)
    assert goal(found.target) == said


def test_a_cell_decided_by_a_statement_cites_the_statement(comparison: Comparison, corpus: Path) -> None:
    cell = comparison.cell("special_fund", "上海")
    told = max(cell.attestations, key=lambda a: a.strength)
    assert told.strength == cell.strength > max(e.strength for e in cell.evidence)
    cells = cells_frame(comparison, corpus).set_index(["举措", "地区"])
    assert cells.loc[("未来产业专项基金", "上海"), "出处"] == source_of(told)


def test_every_cell_cites_a_proof_as_strong_as_it_shows(comparison: Comparison) -> None:
    for cell in comparison.cells:
        proofs = {e.citation for e in cell.evidence if e.strength == cell.strength}
        proofs |= {source_of(a) for a in cell.attestations if max(a.strength, 1) == cell.strength}
        assert strongest(cell) in (proofs or {""})


def test_every_row_of_every_table_names_its_source(comparison: Comparison, corpus: Path) -> None:
    heads = {"证据": "出处", "指标": "出处", "产业": "各条出处", "文件": "著录（GB/T 7714—2015）"}
    for table in all_tables(comparison, corpus, DAY):
        if table.name in heads:
            column = table.heads.index(heads[table.name])
            assert table.rows, table.name
            assert all(row[column] for row in table.rows), table.name


def test_a_finding_with_peers_cites_every_one_of_them(comparison: Comparison, corpus: Path) -> None:
    findings = all_tables(comparison, corpus, DAY)[0]
    having, sources = findings.heads.index("已有地区"), findings.heads.index("对照出处")
    for row in findings.rows:
        for region in filter(None, str(row[having]).split("、")):
            assert f"{region}：" in str(row[sources])


def test_evidence_holds_all_that_the_cells_hold(comparison: Comparison, corpus: Path) -> None:
    evidence = evidence_frame(comparison, corpus)
    assert len(evidence) == sum(len(c.evidence) + len(c.attestations) for c in comparison.cells)
    digests = evidence[evidence["类别"] == "条款"]
    assert set(digests["文字性质"]) == {"编者摘编"}


def test_frames_carry_the_comparison_as_numbers(comparison: Comparison, corpus: Path) -> None:
    cells = cells_frame(comparison, corpus)
    wide = cells.pivot(index="举措", columns="地区", values="力度")
    fund = comparison.cell("special_fund", "成都")
    assert wide.loc["未来产业专项基金", "成都"] == fund.strength == 3
    assert wide.shape == (len(comparison.findings), len(comparison.columns))
    assert list(comparison.to_frame()["举措"]) == list(findings_frame(comparison, corpus)["举措"])
    assert len(targets_frame(comparison, corpus)) == len(comparison.targets)
    assert set(sectors_frame(comparison)["地区"]) <= {c.region for c in comparison.columns}
    assert len(documents_frame(comparison)) == sum(len(c.documents) for c in comparison.columns)


def test_search_results_are_a_list_and_a_frame(shipped: KnowledgeBase) -> None:
    hits = shipped.search("未来产业先导区", k=5)
    frame = hits.to_frame()
    assert list(frame["名次"]) == [h.rank for h in hits] == [1, 2, 3, 4, 5]
    assert list(frame["内容"]) == [h.held.provision.text.strip() for h in hits]
    assert frame.equals(hits_frame(list(hits)))

"""What the report says of its evidence: whose it is, whether it counts, and how sure one may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from kb.compare.frame import load_frame
from kb.compare.result import Comparison, Evidence, Finding
from kb.knowledge import KnowledgeBase
from kb.report import parts
from kb.report.content import compose
from kb.report.tables import findings_table, sectors_table

DAY = "2026-07-01"


def told(words: Iterable[parts.Inline]) -> str:
    return "".join(f"[{w.number}]" if isinstance(w, parts.Ref) else getattr(w, "text", w) for w in words)  # type: ignore[arg-type]


def texts(composed: Iterable[parts.Part]) -> Iterator[str]:
    for part in composed:
        if isinstance(part, parts.Paragraph):
            yield told(part.words)


def evidence_of(composed: list[parts.Part], finding: Finding) -> list[list[str]]:
    """The rows of the table under a finding, bands as single cells."""
    at = next(
        i for i, p in enumerate(composed)
        if isinstance(p, parts.Heading) and p.level == 3 and f". {finding.measure.name}（" in p.text
    )  # fmt: skip
    grid = next(p for p in composed[at:] if isinstance(p, parts.Grid))
    return [[told(c) for c in line.cells] for line in grid.lines]


def with_first(comparison: Comparison, measure: str, region: str, **facts: object) -> tuple[Comparison, Evidence]:
    """The comparison in which the first proof of a cell has other facts."""
    cell = comparison.cell(measure, region)
    first = replace(cell.evidence[0], **facts)  # type: ignore[arg-type]
    new = replace(cell, evidence=(first, *cell.evidence[1:]))
    return replace(comparison, cells=tuple(new if c is cell else c for c in comparison.cells)), first


def test_a_provision_of_a_plan_whose_period_is_over_says_so(comparison: Comparison, corpus: Path) -> None:
    composed = compose(comparison, corpus, DAY)
    over = [
        (f, e) for f in comparison.findings for r in f.peers
        for e in comparison.cell(f.measure.id, r).evidence if e.lapsed
    ]  # fmt: skip
    assert over
    for finding, evidence in over:
        text = evidence.held.provision.text.strip()
        rows = [r for r in evidence_of(composed, finding) if len(r) == 3 and r[2].startswith(text)]
        assert all("（规划期已满）" in r[2] for r in rows), text
    documents = {e.document.title for _, e in over}
    appendix = next(p for p in composed if isinstance(p, parts.Grid) and p.caption == "所据文件")
    marked = {told(line.cells[0]) for line in appendix.lines if "规划期已满" in told(line.cells[-1])}
    assert all(any(m.startswith(title) for m in marked) for title in documents)


def test_whoever_coded_a_provision_is_named_unless_an_editor(comparison: Comparison, corpus: Path) -> None:
    finding = next(f for f in comparison.findings if comparison.cell(f.measure.id, f.peers[0]).evidence)
    for origin, mark in (("user", "（用户修订）"), ("auto", "（自动识别）"), ("editor", "")):
        changed, first = with_first(comparison, finding.measure.id, finding.peers[0], origin=origin)
        rows = evidence_of(compose(changed, corpus, DAY), finding)
        row = next(r for r in rows if len(r) == 3 and r[2].startswith(first.held.provision.text.strip()))
        assert row[1].removeprefix({1: "提及", 2: "部署", 3: "承诺"}[first.strength]) == mark


def test_regions_that_do_not_count_stand_apart_from_the_peers(comparison: Comparison, corpus: Path) -> None:
    composed = compose(comparison, corpus, DAY)
    finding = next(f for f in comparison.findings if "成都" in f.peers and f.counted_peers)
    rows = evidence_of(composed, finding)
    peers, beside = rows.index(["对照地区"]), rows.index(["列出备查，不计入结论"])
    counted = {c.region for c in comparison.columns if c.counted}
    assert {r[0] for r in rows[peers + 1 : beside]} <= counted
    assert "成都" in {r[0] for r in rows[beside + 1 :]}
    assert not {r[0] for r in rows[beside + 1 :]} & counted


def test_a_draft_as_baseline_is_called_a_draft(shipped: KnowledgeBase, corpus: Path) -> None:
    draft = shipped.compare("cq-2024-draft-cluster-plan", ["安徽"], DAY)
    assert "征求意见稿" not in draft.baseline
    cover = compose(draft, corpus, DAY)[0]
    assert isinstance(cover, parts.Cover)
    assert ("基准状态", "征求意见稿，不是现行文件") in cover.facts


def test_a_document_that_stands_in_two_columns_is_counted_once(shipped: KnowledgeBase, corpus: Path) -> None:
    plan = shipped.compare("上海", ["重庆", "cq-2024-action-plan"], DAY)
    twice = {t.held.id for t in plan.targets if t.region == plan.columns[2].region}
    assert twice and twice <= {t.held.id for t in plan.targets if t.region == "重庆"}
    goals = {(t.held.id, t.target) for t in plan.targets}
    said = "\n".join(texts(compose(plan, corpus, DAY)))
    assert f"各地文件共提出 {len(goals)} 个量化目标" in said
    coded = {(c.measure, e.held.id) for c in plan.cells for e in c.evidence}
    assert f"编者逐条编码 {len(coded)} 处" in said


def test_a_library_mostly_of_full_texts_is_not_said_to_be_mostly_digests(
    comparison: Comparison, corpus: Path
) -> None:
    first, *others = comparison.columns
    full = [replace(c, documents=tuple(replace(d, coverage="full") for d in c.documents)) for c in others]
    mostly = replace(comparison, columns=(replace(first, documents=first.documents[:1]), *full))
    assert any("所据文件中有 1 份为节录或摘编" in t for t in texts(compose(mostly, corpus, DAY)))


def test_an_empty_place_in_the_table_of_sectors_is_not_taken_for_none(comparison: Comparison, corpus: Path) -> None:
    assert any("空白只表示现有收录中没有提到" in t for t in texts(compose(comparison, corpus, DAY)))


def test_a_sector_only_broad_texts_name_is_marked_in_the_report(comparison: Comparison, corpus: Path) -> None:
    row = next(s for s in comparison.sectors if "（非专门文件）" in s.remarks.values())
    region = next(r for r, remark in row.remarks.items() if remark == "（非专门文件）")
    made = list(compose(comparison, corpus, DAY))
    grids = [p for p in made if isinstance(p, parts.Grid) and p.heads[0] == "产业"]
    grids += [p.instead for p in made if isinstance(p, parts.Picture) and p.instead.heads[0] == "产业"]
    for grid in grids:
        said = next(told(line.cells[1]) for line in grid.lines if row.name in line.cells[0])
        assert "非专门文件）" in next(part for part in re.split("[　、]", said) if region in part)
    assert len(grids) > 1
    sheet = sectors_table(comparison)
    marked = {(r[0], r[1]): f"（{note}）" for r in sheet.rows if (note := r[sheet.heads.index("注明")])}
    assert marked == {(s.name, r): remark for s in comparison.sectors for r, remark in s.remarks.items()}


def test_an_answer_by_a_text_on_one_industry_is_said_to_be_one(comparison: Comparison, corpus: Path) -> None:
    first = replace(comparison.findings[0], closed_by=("cq-2024-low-altitude-plan",))
    answered = replace(comparison, findings=(first, *comparison.findings[1:]))
    said = [t for t in texts(compose(answered, corpus, DAY)) if "低空空域管理改革" in t and "已被补上" in t]
    assert said and all("（只针对个别产业）" in t for t in said)
    (row,) = (r for r in findings_table(answered, load_frame(corpus)).rows if r[1] == first.measure.name)
    assert any("低空空域管理改革" in str(cell) and "（只针对个别产业）" in str(cell) for cell in row)


def test_a_gap_of_low_confidence_is_not_said_to_be_ready_for_use(comparison: Comparison, corpus: Path) -> None:
    assert any(f.kind == "gap" and f.confidence == "低" for f in comparison.findings)
    assert not any("可以据此立论" in t for t in texts(compose(comparison, corpus, DAY)))


def test_a_region_nothing_is_held_of_is_named_as_such_and_has_no_row_of_noughts(
    shipped: KnowledgeBase, corpus: Path
) -> None:
    made = list(compose(shipped.compare("重庆", ["安徽", "西藏"], "2026-07-01"), corpus, DAY))
    cover = next(p for p in made if isinstance(p, parts.Cover))
    assert dict(cover.facts)["没有收录"] == "西藏（文库中没有现行文件，未作比较）" and "列出备查" not in dict(
        cover.facts
    )
    counts = next(p.instead for p in made if isinstance(p, parts.Picture) and "项数" in p.caption)
    assert [told(row.cells[0]) for row in counts.lines] == ["重庆", "安徽"]


def test_where_neither_side_has_anything_the_sentence_says_all(comparison: Comparison, corpus: Path) -> None:
    bare = replace(
        next(f for f in comparison.findings if f.kind == "unknown"), peers=(), baseline_evidence=(), attestations=(),
        nearest=None, withdrawn=(), model=None,
    )  # fmt: skip
    cells = tuple(
        replace(c, evidence=(), attestations=()) if c.measure == bare.measure.id else c for c in comparison.cells
    )
    made = list(compose(replace(comparison, findings=(bare,), cells=cells), corpus, DAY))
    at = next(i for i, p in enumerate(made) if isinstance(p, parts.Heading) and f". {bare.measure.name}（" in p.text)
    following = next(i for i, p in enumerate(made) if i > at and isinstance(p, parts.Heading))
    assert not any(isinstance(p, parts.Grid) for p in made[at:following])

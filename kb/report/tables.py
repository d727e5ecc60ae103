"""A comparison as plain tables: what Excel, CSV and notebooks show, one row a thing, each row with its citation.

Goes in: a comparison and the corpus folder its frame came from. Comes out: heads and rows of plain values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kb import context
from kb.compare.findings import aside
from kb.compare.force import breadth, column_of, status_on
from kb.compare.frame import TOOL_ZH, Frame, load_frame
from kb.compare.indicators import load_families
from kb.compare.result import BASIS_ZH, KIND_ZH, ORIGIN_ZH, Cell, Comparison, Evidence, Finding, TargetRow
from kb.model import CERTAINTY_ZH, COVERAGE_ZH, STRENGTH_ZH, Attestation, Document, Held, Target
from kb.report.cite import cite

Value = str | int | float | None
Row = tuple[Value, ...]
HELD_ZH = {**COVERAGE_ZH, "none": "未收录"}
SAYS_ZH = {"has": "已有", "lacks": "缺失", "behind": "滞后"}
DIGEST = "digest"
TOLD = "（据佐证）"
# what the remarks on goals mean
MARKED = "注明“非专门文件”的出自并非专讲未来产业的文件，说的往往是全部产业；注明“规划期已满”的出自已到期的规划；比较时请留意。"
# 力争以上 comes from libraries older than 力争、以上; 至多 stands before the number
_QUALIFIER = re.compile("(?P<ahead>.*?)(?P<more>(?<!至)多|余)?(?P<after>及?以[上下]|以内|之内|左右|上下|上)?")
_MULTIPLE = re.compile("万?亿|万")


@dataclass(frozen=True)
class Table:
    """One sheet: its Chinese name, heads, and rows in step with them."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def all_tables(comparison: Comparison, corpus: Path, cited: str) -> tuple[Table, ...]:
    """The sheets of a workbook, in order; references are cited on the ISO day ``cited``."""
    frame = load_frame(corpus)
    return (
        findings_table(comparison, frame), matrix_table(comparison, frame), evidence_table(comparison, frame),
        targets_table(comparison, corpus), sectors_table(comparison), tools_table(comparison, frame),
        documents_table(comparison, cited),
    )  # fmt: skip


def findings_table(comparison: Comparison, frame: Frame) -> Table:
    """差距结论: one row a measure."""
    heads = (
        "维度", "举措", "政策工具", "结论", "说明", "依据", "把握", f"{comparison.baseline}力度", "对照最高力度", "已有地区",
        "计入对照的地区数", "已被补上", "最接近的现有条款", "可资借鉴的文本", "基准出处", "对照出处",
        "比较基准", "比较基准日",
    )  # fmt: skip
    known = documents_of(comparison)
    return Table("差距结论", heads, tuple(_finding_row(comparison, f, frame, known) for f in comparison.findings))


def _finding_row(comparison: Comparison, finding: Finding, frame: Frame, known: dict[str, Document]) -> Row:
    measure = finding.measure
    own = [*(e.citation for e in finding.baseline_evidence), *map(source_of, finding.attestations)]
    theirs = [source_line(item) for item in peer_items(comparison, finding)]
    nearest = f"{finding.nearest[0].citation}{place(finding.nearest[1])}" if finding.nearest else None
    model = f"{column_of(finding.model.document)}：{finding.model.citation}" if finding.model else None
    return (
        frame.dimension_name(measure), measure.name, TOOL_ZH.get(measure.tool, measure.tool), KIND_ZH[finding.kind],
        finding.sentence, BASIS_ZH[finding.basis], finding.confidence, STRENGTH_ZH[finding.baseline_strength],
        STRENGTH_ZH[finding.peer_strength], "、".join(finding.peers), finding.counted_peers,
        "；".join(known[i].citation + breadth(known[i]) for i in finding.closed_by if i in known), nearest, model, joined(own), joined(theirs),
        comparison.baseline, comparison.as_of,
    )  # fmt: skip


def matrix_table(comparison: Comparison, frame: Frame) -> Table:
    """举措对照: measures by regions, each cell the strength, and where each cell's strongest proof stands."""
    regions = [c.region for c in comparison.columns]
    cells = {(c.measure, c.region): c for c in comparison.cells}
    rows = []
    for measure in frame.measures:
        row = [cells[measure.id, r] for r in regions if (measure.id, r) in cells]
        proof = joined(f"{c.region}：{best}" for c in row if (best := strongest(c)))
        words = (shown(c, c.region == comparison.baseline) for c in row)
        rows.append((frame.dimension_name(measure), measure.name, *words, proof))
    return Table("举措对照", ("维度", "举措", *regions, "出处（各地力度最强的一条）"), tuple(rows))


def cells_table(comparison: Comparison, frame: Frame) -> Table:
    """The same, one row a cell, for calculation."""
    heads = ("维度", "举措", "地区", "力度", "力度说明", "收录程度", "条数", "出处")
    names = {m.id: m for m in frame.measures}
    rows = tuple(
        (frame.dimension_name(names[c.measure]), names[c.measure].name, c.region, c.strength,
         shown(c, c.region == comparison.baseline),
         HELD_ZH[c.coverage], len(c.evidence), strongest(c))
        for c in comparison.cells
    )  # fmt: skip
    return Table("举措对照（长表）", heads, rows)


def evidence_table(comparison: Comparison, frame: Frame) -> Table:
    """证据: one row a coded provision or dated statement."""
    heads = (
        "维度", "举措", "结论", "一方", "地区", "力度", "类别", "位置", "内容", "文字性质", "编码", "识别得分", "可信程度", "出处",
        "文件地址", "内容来源",
    )  # fmt: skip
    findings = {f.measure.id: f for f in comparison.findings}
    counted = {c.region: c.counted for c in comparison.columns}
    measures = {m.id: m for m in frame.measures}
    inside = {c.region: {d.id for d in c.documents} for c in comparison.columns}
    rows = []
    for cell in comparison.cells:
        measure = measures[cell.measure]
        finding, own = findings.get(measure.id), cell.region == comparison.baseline
        side = "基准" if own else "对照" if counted[cell.region] else "参考"
        kind = KIND_ZH[finding.kind] if finding else None
        before = (frame.dimension_name(measure), measure.name, kind, side, cell.region)
        # a finding on one document may rest on what was said of its region
        said = finding.attestations if own and finding else cell.attestations
        withdrawn = [e for e in finding.withdrawn if e.document.id in inside[cell.region]] if finding else []
        rows += [(*before, *_evidence_row(e)) for e in (*cell.evidence, *withdrawn)]
        rows += [(*before, *_statement_row(a)) for a in said]
    return Table("证据", heads, tuple(rows))


def _evidence_row(evidence: Evidence) -> Row:
    provision = evidence.held.provision
    return (
        STRENGTH_ZH[evidence.strength], "条款", place(evidence.held), provision.text.strip(), wording(evidence.held),
        ORIGIN_ZH.get(evidence.origin, evidence.origin), round(evidence.score, 2) if evidence.origin == "auto" else None,
        CERTAINTY_ZH.get(provision.certainty or "", ""),
        evidence.citation, evidence.document.url, provision.source,
    )  # fmt: skip


def _statement_row(said: Attestation) -> Row:
    strength = STRENGTH_ZH[max(said.strength, 1)] if said.says == "has" else ""
    return (
        strength, f"佐证（{SAYS_ZH[said.says]}）", said.date, said.statement, "编者转述", "编者编码", None,
        CERTAINTY_ZH.get(said.certainty, ""), source_of(said), None, said.source,
    )  # fmt: skip


def targets_table(comparison: Comparison, corpus: Path) -> Table:
    """指标: one row a quantified goal, those that mean the same beside each other."""
    names = family_names(corpus)
    heads = (
        "指标", "指标归类", "口径", "地区", "年份", "目标", "下限", "上限", "单位", "限定", "条款", "出处", "文件地址", "内容来源",
    )  # fmt: skip
    rows = tuple(
        (t.target.indicator, names.get(t.family or ""), t.scope, t.region, t.target.year, goal(t.target), t.target.low,
         t.target.high, t.target.unit, t.target.qualifier, t.held.provision.text.strip(), f"{t.document.citation}{place(t.held)}{t.remark}",
         t.document.url,
         t.held.provision.source)
        for t in by_family(comparison.targets, names)
    )  # fmt: skip
    return Table("指标", heads, rows)


def sectors_table(comparison: Comparison) -> Table:
    """产业: one row a sector and region."""
    known = documents_of(comparison)
    rows = []
    for sector in comparison.sectors:
        for region, held in sector.regions.items():
            sources = joined(f"{known[h.document_id].citation}{place(h)}" for h in held if h.document_id in known)
            text = held[0].provision.text.strip() if held else ""
            note = sector.remarks.get(region, "").strip("（）") or None
            rows.append((sector.name, region, sector.tiers.get(region), len(held), note, text, sources))
    return Table("产业", ("产业", "地区", "定位", "条款数", "注明", "首条内容", "各条出处"), tuple(rows))


def tools_table(comparison: Comparison, frame: Frame) -> Table:
    """政策工具: one row a region whose texts use any. One measure of one provision is one use of its tool (Rothwell & Zegveld
    1985); what only the recogniser finds in texts on everything is none."""
    tool_of = {m.id: m.tool for m in frame.measures}
    rows: list[Row] = []
    for column in comparison.columns:
        uses = [
            (tool_of[c.measure], e.lapsed)
            for c in comparison.cells if c.region == column.region for e in c.evidence if not e.general
        ]  # fmt: skip
        counts = [sum(tool == one for tool, _ in uses) for one in TOOL_ZH]
        shares = [round(count / len(uses), 3) for count in counts] if uses else []
        if uses:
            rows.append((column.region, *counts, len(uses), *shares, sum(over for _, over in uses)))
    heads = ("地区", *TOOL_ZH.values(), "合计", *(f"{name}占比" for name in TOOL_ZH.values()), "其中规划期已满")
    return Table("政策工具", heads, tuple(rows))


def documents_table(comparison: Comparison, cited: str) -> Table:
    """文件: every document the comparison rests on."""
    heads = (
        "地区", "层级", "文件", "发文字号", "发文机关", "文种", "成文日期", "发布日期", "施行日期", "规划期", "状态", "范围", "收录程度",
        "整理依据", "备注", "官方地址", "著录（GB/T 7714—2015）",
    )  # fmt: skip
    rows = tuple(
        (d.region, d.level, d.title, d.doc_number, d.issuer, d.instrument, d.issued, d.published, d.effective, d.period,
         status_on(d, comparison.as_of), d.scope, COVERAGE_ZH[d.coverage], d.basis, d.note, d.url, cite(d, cited))
        for d in documents_of(comparison).values()
    )  # fmt: skip
    return Table("文件", heads, rows)


# -- words for single values --------------------------------------------------------------------------------


def documents_of(comparison: Comparison) -> dict[str, Document]:
    """The documents of all columns by id, baseline first."""
    return {d.id: d for c in comparison.columns for d in c.documents}


def peer_items(comparison: Comparison, finding: Finding) -> Iterator[Evidence | Attestation]:
    """All that the peers of a finding have, region by region: the finding itself shows only the best of it."""
    yield from items_of(comparison, finding.measure.id, finding.peers)


def items_of(comparison: Comparison, measure: str, regions: Iterable[str]) -> Iterator[Evidence | Attestation]:
    """What ``regions`` have on ``measure``: provisions, and statements that they have it."""
    for region in regions:
        cell = comparison.cell(measure, region)
        yield from cell.evidence
        yield from (a for a in cell.attestations if a.says == "has")


def family_names(corpus: Path) -> dict[str, str]:
    """Indicator families by id, in their order, with the names shown to readers."""
    return {f.id: f.name for f in load_families(corpus).families}


def by_family(targets: Iterable[TargetRow], names: Iterable[str]) -> list[TargetRow]:
    """Targets family by family, those without one last; within a family as they came."""
    order = {key: position for position, key in enumerate(names)}
    return sorted(targets, key=lambda t: order.get(t.family or "", len(order)))


def source_line(item: Evidence | Attestation) -> str:
    """Region and citation of one proof."""
    if isinstance(item, Attestation):
        return f"{item.region}：{source_of(item)}"
    return f"{column_of(item.document)}：{item.citation}"


def source_of(said: Attestation) -> str:
    """Source and date of a statement."""
    return f"{said.source_title}（{said.date}）"


def strongest(cell: Cell) -> str:
    """Citation of the proof that decides a cell, a provision before a statement as strong; empty when there is none."""
    proofs = [(e.strength, e.citation) for e in cell.evidence]
    proofs += [(max(a.strength, 1), source_of(a)) for a in cell.attestations if a.says == "has"]
    return max(proofs, key=lambda p: p[0], default=(0, ""))[1]


def shown(cell: Cell, own: bool = False) -> str:
    """A cell's strength in a word, and why it does not count, if so; a region without any document is 未收录."""
    if cell.coverage == "none" and not cell.strength:
        return HELD_ZH["none"]
    return STRENGTH_ZH[cell.strength] + remark(cell, own)


def remark(cell: Cell, own: bool = False) -> str:
    """Why a cell's strength does not count in full, or that only a dated statement says so, in brackets."""
    return aside(cell, own) or (TOLD if cell.attested else "")


def place(held: Held) -> str:
    """Where in its document a provision stands."""
    return "，".join(context.place(held.provision))


def wording(held: Held) -> str:
    """Whether the words are the document's own."""
    return "编者摘编" if held.provision.kind == DIGEST else "原文"


def goal(target: Target) -> str:
    """A goal as one would write it: 约8—10个, 力争1000亿元以上, 2000余家, 1000亿元（千亿级）."""
    words = [w for w in (target.qualifier or "").split("、") if w]
    aside = [w for w in words if w.endswith("级") or target.unit in w]
    parts = [m for w in words if w not in aside and (m := _QUALIFIER.fullmatch(w))]
    ahead, more, after = ("".join(m[name] or "" for m in parts) for name in ("ahead", "more", "after"))
    after = "以上" if after == "上" else after  # 上百家
    beside = f"（{'、'.join(aside)}）" if aside else ""
    return f"{ahead}{_amount(target, more, not words)}{after}{beside}"


def _amount(target: Target, more: str, bare: bool) -> str:
    low, high = number(target.low), number(target.high)
    if low and high and low != high:
        return f"{low}—{high}{_unit(high, more, target.unit)}"
    amount = (low or high) + _unit(low or high, more, target.unit)
    if bare and not (low and high):
        return f"{amount}以上" if low else f"{amount}以下"
    return amount


def _unit(value: str, more: str, unit: str) -> str:
    """The unit with 余 or 多, which stands after 万 and 亿 where the number is not round: 2000余亿元, 3万余元."""
    multiple = _MULTIPLE.match(unit)
    at = multiple.end() if multiple and not value.endswith("0") else 0
    return unit[:at] + more + unit[at:]


def number(value: float | None) -> str:
    """A number in plain digits, never as 4e+06; empty for None."""
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


def joined(parts: Iterable[str]) -> str:
    """Distinct parts in order, with ；between."""
    return "；".join(dict.fromkeys(p for p in parts if p))

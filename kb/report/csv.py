"""The evidence as one CSV file: one row a provision or statement, with the finding it supports and its citation.

Written with a byte order mark, without which Excel takes Chinese for another encoding.
"""

from __future__ import annotations

import csv
from pathlib import Path

from kb.compare.frame import load_frame
from kb.compare.result import Comparison
from kb.report.safe import harmless
from kb.report.tables import Row, Value, evidence_table, findings_table

FROM_FINDING = ("维度", "举措", "结论", "说明", "依据", "把握", "已被补上", "比较基准", "比较基准日")
FROM_EVIDENCE = (
    "一方", "地区", "力度", "类别", "位置", "内容", "文字性质", "编码", "识别得分", "可信程度", "出处", "文件地址", "内容来源",
)  # fmt: skip


def write_csv(comparison: Comparison, out: Path, corpus: Path, day: str) -> None:
    """Write findings and evidence of ``comparison`` to ``out``; a finding without evidence has a row of its own."""
    frame = load_frame(corpus)
    findings, evidence = findings_table(comparison, frame), evidence_table(comparison, frame)
    of_measure: dict[Value, list[dict[str, Value]]] = {}
    for row in evidence.rows:
        said = _named(evidence.heads, row)
        of_measure.setdefault(said["举措"], []).append(said)
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FROM_FINDING + FROM_EVIDENCE)
        for row in findings.rows:
            finding = _named(findings.heads, row)
            for said in of_measure.get(finding["举措"], [{}]):
                values = [finding[h] for h in FROM_FINDING] + [said.get(h) for h in FROM_EVIDENCE]
                writer.writerow([harmless(v) for v in values])


def _named(heads: tuple[str, ...], row: Row) -> dict[str, Value]:
    return dict(zip(heads, row, strict=True))

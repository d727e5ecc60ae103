"""One comparison of the shipped corpus, and one document that tries everything, shared by the report tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kb.compare.result import Comparison, Evidence
from kb.knowledge import KnowledgeBase

HOSTILE = '=HYPERLINK("http://evil.example","点我")\x00\x0b<script>alert(1)</script> | **粗** [链接](javascript:alert(1))\n第二行'


@pytest.fixture(scope="session")
def comparison(shipped: KnowledgeBase) -> Comparison:
    """重庆 against all regions, on a fixed day."""
    return shipped.compare("重庆", as_of="2026-07-01")


@pytest.fixture(scope="session")
def corpus(shipped: KnowledgeBase) -> Path:
    """The corpus folder."""
    return shipped.corpus.folder


@pytest.fixture(scope="session")
def hostile(comparison: Comparison) -> Comparison:
    """The comparison in which the strongest provision of every cell is hostile, and so are its document's facts."""
    cells = tuple(replace(c, evidence=tuple(map(_spoilt, c.evidence[:1])) + c.evidence[1:]) for c in comparison.cells)
    by_key = {(c.measure, c.region): c for c in cells}
    findings = tuple(
        replace(f, baseline_evidence=by_key[f.measure.id, comparison.baseline].evidence) for f in comparison.findings
    )
    return replace(comparison, cells=cells, findings=findings)


def _spoilt(evidence: Evidence) -> Evidence:
    provision = replace(evidence.held.provision, text=HOSTILE, source="javascript:alert(1)")
    document = replace(evidence.document, title="@SUM(A1)" + HOSTILE, issuer="+机关\x01", url="file:///etc/passwd")
    return replace(evidence, document=document, held=replace(evidence.held, provision=provision))

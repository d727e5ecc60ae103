"""The Markdown report: the same content as in Word, and no markup but our own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb.compare.result import Comparison
from kb.report import write_report
from kb.report.markdown import escaped
from kb.report.tables import peer_items


@pytest.fixture(scope="module")
def text(comparison: Comparison, corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_report(comparison, tmp_path_factory.mktemp("md") / "报告.md", corpus).read_text("utf8")


def test_nothing_is_left_out(text: str, comparison: Comparison) -> None:
    for finding in comparison.findings:
        for item in (*finding.baseline_evidence, *peer_items(comparison, finding)):
            words = item.statement if hasattr(item, "statement") else item.held.provision.text.strip()
            assert escaped(words) in text
    for column in comparison.columns:
        assert all(escaped(d.title) in text for d in column.documents)


def test_every_mark_leads_to_a_reference(text: str) -> None:
    marks, anchors = set(re.findall(r"\]\(#(ref\d+)\)", text)), set(re.findall(r'<a id="(ref\d+)">', text))
    assert marks == anchors
    assert marks


def test_every_row_of_a_table_has_as_many_cells_as_its_head(text: str) -> None:
    for table in re.findall(r"(?:^\|.*\|$\n?)+", text, re.MULTILINE):
        counts = {len(re.findall(r"(?<!\\)\|", row)) for row in table.strip().split("\n")}
        assert len(counts) == 1, table[:200]


def test_the_picture_is_told_in_words(text: str) -> None:
    assert "| 先导区创建 | **重庆**、" in text


def test_markup_in_a_document_stays_text(hostile: Comparison, corpus: Path, tmp_path: Path) -> None:
    told = write_report(hostile, tmp_path / "r.md", corpus).read_text("utf8")
    assert "<script" not in told
    assert "&lt;script&gt;" in told
    assert not re.search(r"(?<!\\)\]\(<?(?:javascript|file|data):", told)
    assert re.findall(r"<(?!br>|a id=\"ref\d+\">|/a>|https?://[^\s<>]+>)", told) == []


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("*粗*_斜_", r"\*粗\*\_斜\_"), ("# 题", r"\# 题"), ("- 项", r"\- 项"), ("1. 项", r"1\. 项"), ("[甲](乙)", r"\[甲\](乙)"),
     ("a|b", r"a\|b"), ("<b>", "&lt;b&gt;"), ("&lt;", "&amp;lt;"), ("\\", "\\\\")],
)  # fmt: skip
def test_what_means_something_in_markdown_is_escaped(given: str, wanted: str) -> None:
    assert escaped(given) == wanted


def test_no_emphasis_is_left_as_asterisks(text: str) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    shown = re.sub("<[^>]+>", "", markdown_it.MarkdownIt("commonmark").enable("table").render(text))
    assert "依据：" in shown
    assert [line for line in shown.split("\n") if "**" in line] == []

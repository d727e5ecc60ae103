"""Results as pandas frames, for notebooks. The tables are those of the Excel report, Chinese heads and all.

Goes in: hits of a search, or a comparison. Comes out: a ``pandas.DataFrame``, one row a thing, with its citation.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kb.compare.force import today
from kb.compare.frame import load_frame
from kb.compare.result import Comparison
from kb.report import tables
from kb.settings import settings

if TYPE_CHECKING:
    from pandas import DataFrame

    from kb.search import Hit

HIT_HEADS = (
    "名次", "得分", "地区", "文件", "发文字号", "日期", "位置", "内容", "命中词", "词语名次", "语义名次", "出处", "地址",
)  # fmt: skip


def hits_frame(hits: Sequence[Hit]) -> DataFrame:
    """Search results: rank, document, place, text and why it matched."""
    rows = tuple(
        (h.rank, h.score, h.document.region, h.document.title, h.document.doc_number, h.document.known_since,
         tables.place(h.held), h.held.provision.text.strip(), "、".join(h.terms), h.lexical_rank, h.dense_rank,
         h.document.citation, h.held.provision.source or h.document.url)
        for h in hits
    )  # fmt: skip
    return _frame(tables.Table("检索结果", HIT_HEADS, rows))


def findings_frame(comparison: Comparison, corpus: Path | None = None) -> DataFrame:
    """差距结论, one row a measure; ``corpus`` is the folder of the frame used (default: the settings')."""
    return _frame(tables.findings_table(comparison, load_frame(_folder(corpus))))


def cells_frame(comparison: Comparison, corpus: Path | None = None) -> DataFrame:
    """举措对照, one row a measure and region, with the strength as a number: pivot it as you like."""
    return _frame(tables.cells_table(comparison, load_frame(_folder(corpus))))


def evidence_frame(comparison: Comparison, corpus: Path | None = None) -> DataFrame:
    """证据, one row a provision or statement."""
    return _frame(tables.evidence_table(comparison, load_frame(_folder(corpus))))


def targets_frame(comparison: Comparison, corpus: Path | None = None) -> DataFrame:
    """指标, one row a quantified goal."""
    return _frame(tables.targets_table(comparison, _folder(corpus)))


def sectors_frame(comparison: Comparison) -> DataFrame:
    """产业, one row a sector and region."""
    return _frame(tables.sectors_table(comparison))


def tools_frame(comparison: Comparison, corpus: Path | None = None) -> DataFrame:
    """政策工具, one row a region."""
    return _frame(tables.tools_table(comparison, load_frame(_folder(corpus))))


def documents_frame(comparison: Comparison) -> DataFrame:
    """文件, every document the comparison rests on, with its reference in GB/T 7714 form."""
    return _frame(tables.documents_table(comparison, today()))


def _folder(corpus: Path | None) -> Path:
    return corpus or settings().corpus


def _frame(table: tables.Table) -> DataFrame:
    from pandas import DataFrame

    return DataFrame(list(table.rows), columns=list(table.heads))

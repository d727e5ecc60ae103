"""Rows of cells as a table block: one shape for every reader."""

from __future__ import annotations

from collections.abc import Sequence

from kb.model import Block


def table_block(rows: Sequence[Sequence[str]], page: int | None = None) -> Block:
    """A table block: cells joined by tabs, rows by newlines, white space inside a cell made one space."""
    clean = tuple(tuple(" ".join(cell.split()) for cell in row) for row in rows)
    return Block("table", "\n".join("\t".join(row) for row in clean), page=page, rows=clean)

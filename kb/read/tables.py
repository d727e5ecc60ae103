"""Rows of cells as a table block: one shape for every reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from kb.model import Block


def table_block(rows: Sequence[Sequence[str]], page: int | None = None) -> Block:
    """A table block: cells joined by tabs, rows by newlines, white space inside a cell made one space."""
    clean = tuple(tuple(" ".join(cell.split()) for cell in row) for row in rows)
    return Block("table", "\n".join("\t".join(row) for row in clean), page=page, rows=clean)


def joined_tables(blocks: Iterable[Block]) -> list[Block]:
    """``blocks`` with a table that goes on over the page made one again: heads shown anew go, a row cut by the page's
    end is put together."""
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if before and _goes_on(before, block):
            rows = _with_rows(before.rows, block.rows[1:] if block.rows[0] == before.rows[0] else block.rows)
            joined[-1] = Block("table", "\n".join("\t".join(row) for row in rows), page=block.page, rows=rows)
        else:
            joined.append(block)
    return joined


def _goes_on(before: Block, block: Block) -> bool:
    if before.kind != "table" or block.kind != "table" or before.page is None or block.page != before.page + 1:
        return False
    return bool(before.rows and block.rows) and len(before.rows[0]) == len(block.rows[0])


Rows = tuple[tuple[str, ...], ...]


def _with_rows(above: Rows, below: Rows) -> Rows:
    """A first row without its first cell and with few others is the rest of the row the page's end cut."""
    cut = below[:1] and not below[0][0] and 0 < sum(map(bool, below[0])) * 2 <= len(below[0])
    if not cut:
        return above + below
    whole = tuple(a + b for a, b in zip_longest(above[-1], below[0], fillvalue=""))
    return (*above[:-1], whole, *below[1:])

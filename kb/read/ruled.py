"""The cells of ruled tables on a PDF page, found by pdfplumber from the drawn lines; text is not its business."""

from __future__ import annotations

import io
import logging

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import PdfminerException

# its remarks on fonts are no business of the reader's
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

Box = tuple[float, float, float, float]
Grid = list[list[Box | None]]


def ruled_tables(data: bytes, index: int) -> list[Grid]:
    """The tables of page ``index`` (from 0) as rows of cell boxes (left, top, right, bottom) from the sheet's top left.

    A page pdfplumber cannot parse has none. Frames around text (one column) are no tables.
    """
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[index + 1]) as document:
            page = document.pages[0]
            left, top = page.mediabox[:2]  # pdfplumber counts from where the sheet's own coordinates begin
            grids = [
                [[c and (c[0] - left, c[1] - top, c[2] - left, c[3] - top) for c in row.cells] for row in table.rows]
                for table in page.find_tables()
            ]
    except (PdfminerException, PDFException, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError):
        return []  # geometry is a bonus: without it the text is still read as lines
    return [grid for grid in grids if max(len(row) for row in grid) > 1]

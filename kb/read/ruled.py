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
    """The tables of page ``index`` (from 0) as rows of cell boxes (left, top, right, bottom).

    A page pdfplumber cannot parse has none. Frames around text (one column) are no tables.
    """
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[index + 1]) as document:
            found = document.pages[0].find_tables()
            grids = [[list(row.cells) for row in table.rows] for table in found]
    except (PdfminerException, PDFException, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError):
        return []  # geometry is a bonus: without it the text is still read as lines
    return [grid for grid in grids if max(len(row) for row in grid) > 1]

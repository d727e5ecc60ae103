"""Reports: a comparison as a file to hand in (Word, Markdown) or to work on (Excel, CSV), every statement cited."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from kb.compare.force import today
from kb.compare.result import Comparison
from kb.errors import KbError

FORMATS = (".docx", ".xlsx", ".md", ".csv")
Writer = Callable[[Comparison, Path, Path, str], None]


def write_report(comparison: Comparison, out: Path, corpus: Path) -> Path:
    """Write ``comparison`` to ``out`` in the format its name ends with, replacing what was there; return the path.

    ``corpus`` is the folder whose frame the comparison used. The file is written aside and renamed, so that an
    interrupted run leaves the old one whole.

    Raises:
        KbError: another ending, or a folder that is missing or cannot be written.
    """
    write = _writer(out.suffix.lower())
    aside = out.with_name(f".{os.getpid()}-{threading.get_ident()}{out.suffix}")
    try:
        if out.is_dir():
            raise KbError(f"“{out}”是文件夹，请写明报告的文件名。")
        if not out.parent.is_dir():
            raise KbError(f"文件夹“{out.parent}”不存在，请先建立，或换一个位置。")
        write(comparison, aside, corpus, today())
        aside.replace(out)
    except OSError as error:
        raise KbError(
            f"报告写不进“{out}”（{error.strerror or error}）。请检查权限和磁盘空间；文件若已打开，请先关闭。"
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    return out


def _writer(suffix: str) -> Writer:
    """The writer for a file ending; imported when used, for Word and Excel libraries are heavy."""
    if suffix == ".docx":
        from kb.report.docx import write_docx

        return write_docx
    if suffix == ".xlsx":
        from kb.report.xlsx import write_xlsx

        return write_xlsx
    if suffix == ".md":
        from kb.report.markdown import write_markdown

        return write_markdown
    if suffix == ".csv":
        from kb.report.csv import write_csv

        return write_csv
    raise KbError(f"不支持“{suffix or '无后缀'}”格式的报告，文件名请以 {'、'.join(FORMATS)} 之一结尾。")

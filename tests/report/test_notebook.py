"""The example notebook runs from question to figure on the shipped corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL.Image import Image

from kb.knowledge import KnowledgeBase
from kb.report.fonts import chinese_font
from kb.settings import PROJECT

NOTEBOOK = PROJECT / "examples" / "gap.ipynb"


def test_the_notebook_runs_from_question_to_figure(
    shipped: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_HOME", str(shipped.home))
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for cell in json.loads(NOTEBOOK.read_text("utf8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    assert len(names["hits"]) == 10
    assert "缺口" in set(names["findings"]["结论"])
    assert "财政资金与奖补" in names["changed"].index
    assert isinstance(names["figure"], Image) or chinese_font() is None
    assert all(path.exists() for path in names["written"])


def test_the_notebook_is_kept_without_results() -> None:
    cells = json.loads(NOTEBOOK.read_text("utf8"))["cells"]
    assert all(not c["outputs"] and c["execution_count"] is None for c in cells if c["cell_type"] == "code")

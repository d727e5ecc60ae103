"""Adding on the page, as far as it needs no browser: what is told before and after."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.plain import OUTCOMES_ZH, inputs_told, stored_row
from kb.web.adding import read_one, store_one, stored_line
from kb.web.desk import Desk

TEXT = "重庆市某某区未来产业发展实施方案\n一、重点任务\n（一）设立规模5亿元的未来产业种子基金。\n"


@pytest.fixture
def desk(empty: object, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr("kb.web.adding.inform", lambda message: None)
    return Desk(empty)  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "方案.txt"
    path.write_text(TEXT, "utf8")
    return path


def test_what_became_of_a_file_is_told_in_the_words_of_the_command_line(desk: Desk, file: Path) -> None:
    for text, outcome in ((TEXT, "added"), (TEXT, "unchanged"), (TEXT.replace("5亿", "8亿"), "replaced")):
        file.write_text(text, "utf8")
        done = store_one(desk, read_one(desk, str(file)))
        assert [s.outcome for s in done.stored] == [outcome]
        assert f"<li>{OUTCOMES_ZH[outcome]}：" in stored_line(done)
        assert inputs_told([stored_row(done.stored[0])]).startswith(f"{OUTCOMES_ZH[outcome]}：")

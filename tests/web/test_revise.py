"""Correcting codes and scores on the page, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

import kb
from kb.errors import KbError
from kb.web.desk import Choice, Desk
from kb.web.drawer import drawer, measure_panel
from kb.web.revise import revised
from tests.web.conftest import Visit

pytestmark = pytest.mark.browser


def test_a_code_corrected_in_the_drawer_changes_the_table_and_can_be_taken_back(visit: Visit) -> None:
    visit.page.goto(visit.address + "?measure=special_plan&region=%E5%B1%B1%E8%A5%BF")
    right = visit.page.locator("#drawer .side").nth(1)
    right.locator("details.revise summary").first.click()
    right.locator("details.revise").first.locator("button", has_text="未见").click()
    revision = visit.page.wait_for_selector("#drawer .revisions li")
    assert "用户修订" in revision.inner_text()
    assert "专项规划 → 未见" in revision.inner_text()
    visit.page.click("#drawer .revisions button:has-text('撤销')")
    visit.page.wait_for_selector("#drawer .revisions li", state="detached")


def test_any_measure_of_a_provision_can_be_set_and_hostile_values_do_nothing(tmp_path: Path) -> None:
    base = kb.open(tmp_path / "kb", model="fake")
    base.build()
    desk = Desk(base)
    held = base.document("cq-2024-action-plan")[1][0]
    panel = drawer(desk, {"code": str(held.id)})
    assert panel.count('data-act="revise"') >= 4 * len(desk.frame.measures)
    revised(desk, {"what": "code", "p": str(held.id), "item": "ethics_safety", "value": "2"}, "<b>赵</b>")
    shown = measure_panel(desk, Choice(), "ethics_safety")
    assert "用户修订" in shown
    assert "<b>赵" not in shown
    for value in ("9", "-1", "x", ""):
        with pytest.raises(KbError):
            revised(desk, {"what": "code", "p": str(held.id), "item": "ethics_safety", "value": value}, "")
    revised(desk, {"what": "score", "region": "重庆", "item": "X3.1", "value": "1"}, "")
    part = drawer(desk, {"part": "X3.1", "region": "重庆"})
    assert "X3.1 → 1" in part
    base.close()

"""Five journeys of a researcher, in a real browser; each checks what is on the screen."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

import kb
from kb.knowledge import KnowledgeBase
from tests.web.conftest import Visit, free_port

pytestmark = pytest.mark.browser

PLAN = """青海省未来产业发展行动方案
青政办〔2026〕88号
一、主要任务
（一）设立青海省未来产业专项基金。由省财政厅牵头，设立总规模30亿元的未来产业专项基金。
青海省人民政府办公厅
2026年4月1日
"""


def test_find_a_gap_compare_both_sides_and_take_the_report_away(visit: Visit, tmp_path: Path) -> None:
    visit.page.goto(visit.address)
    visit.page.click("#gap-summary a.chip:has-text('缺口')")
    visit.page.click("table.findings tr.gap a.strong >> nth=0")
    visit.page.wait_for_selector("#drawer .verdict.gap")
    assert visit.page.locator("#drawer .side").nth(1).locator(".card").count() > 0
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_selector("#drawer .panel", state="detached")
    with visit.page.expect_download() as waiting:
        visit.page.click("#report")
    waiting.value.save_as(tmp_path / "report.docx")
    assert waiting.value.suggested_filename.endswith(".docx")
    assert (tmp_path / "report.docx").read_bytes()[:2] == b"PK"


def test_a_new_provinces_plan_becomes_a_column_of_the_table(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "青海方案.txt"
    file.write_text(PLAN, "utf8")
    visit.page.goto(visit.address)
    visit.page.wait_for_selector("table.heat td a")
    assert visit.page.locator("table.heat thead th:has-text('青海')").count() == 0
    visit.page.click("#tab-library-button")
    visit.preview(file)
    visit.page.wait_for_selector(".draft")
    visit.page.click("#keep")
    visit.page.wait_for_selector("table.holdings >> text=青海省未来产业发展行动方案")
    visit.page.click("#tab-gap-button")
    visit.page.wait_for_selector("table.heat thead th:has-text('青海')")
    visit.page.click(f"table.heat td a[href*='measure=special_fund'][href*='{quote('青海')}']")
    card = visit.page.wait_for_selector("#drawer .side .card:has-text('30亿元')")
    assert "自动识别" in card.inner_text()


def test_why_a_measure_was_recognised_is_read_where_its_evidence_stands(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "西藏方案.txt"
    file.write_text(PLAN.replace("青海省", "西藏自治区").replace("青政办", "藏政办"), "utf8")
    visit.page.goto(visit.address + "?tab=library")
    visit.preview(file)
    visit.page.wait_for_selector(".draft")
    visit.page.click("#keep")
    visit.page.wait_for_selector("table.holdings >> text=西藏自治区未来产业发展行动方案")
    visit.page.goto(visit.address + "?measure=special_fund&region=" + quote("西藏"))
    card = visit.page.locator("#drawer .side .card:has-text('30亿元')")
    card.locator("summary:has-text('为什么')").click()
    told = visit.page.wait_for_selector("#drawer .reason-told blockquote mark")
    assert "未来产业专项基金" in told.inner_text()
    assert "得分" in card.inner_text() and "即算识别" in card.inner_text()
    visit.page.click("#drawer .close")
    visit.page.goto(visit.address + "?tab=library")
    visit.page.click("table.holdings a:has-text('西藏自治区未来产业发展行动方案')")
    visit.page.click(".reading .prov:has-text('30亿元') a:has-text('编码依据与修订')")
    row = visit.page.locator("#drawer .revise-row:has-text('税费优惠')")
    row.locator("summary").click()
    row.locator("p:has-text('没有看出')").wait_for()


def test_a_document_number_finds_its_document(visit: Visit) -> None:
    visit.page.goto(visit.address)
    visit.page.click("#tab-search-button")
    visit.page.fill("#query textarea, #query input", "渝经信规范〔2026〕1号")
    visit.page.keyboard.press("Enter")
    card = visit.page.wait_for_selector(".hits .card")
    assert "渝经信规范〔2026〕1号" in card.inner_text()
    visit.page.click(".hits .card footer a >> nth=0")
    visit.page.wait_for_selector(".reading .facts >> text=渝经信规范〔2026〕1号")


def test_two_documents_are_aligned_and_differences_filtered(visit: Visit) -> None:
    address = "?tab=clauses&left=ah-2024-aerospace-info&right=ah-2024-aerospace-info-draft"
    visit.page.goto(visit.address + address)
    visit.page.wait_for_selector("table.align tbody tr")
    assert visit.page.locator("table.align thead th").count() == 2
    assert visit.page.locator("table.align tr.left td.absent").count() > 0
    before = visit.page.locator("table.align tbody tr").count()
    visit.page.goto(visit.address + address + "&show=both")
    visit.page.wait_for_selector("table.align tr.both")
    assert 0 < visit.page.locator("table.align tbody tr").count() < before


def test_what_is_collected_outlives_the_server_and_is_exported(
    browser: object, visit: Visit, own_base: KnowledgeBase, tmp_path: Path
) -> None:
    visit.page.goto(visit.address + "?tab=folder&name=" + quote("旅程"))
    visit.page.wait_for_selector("#pins .empty")
    visit.page.goto(visit.address + "?tab=search&q=" + quote("概念验证中心"))
    visit.page.click("#tab-folder-button")
    visit.page.wait_for_selector("#pins")
    visit.page.click("#tab-search-button")
    visit.page.click(".hits .card button.act >> nth=0")
    visit.page.wait_for_selector("[data-testid=toast-text] >> text=已收进")
    visit.page.goto(visit.address + "?measure=special_fund")
    visit.page.click("#drawer .verdict button.act")
    visit.page.wait_for_selector("[data-testid=toast-text] >> text=未来产业专项基金")

    from kb.web.app import launch

    again = kb.open(own_base.home, model="fake")
    port = free_port()
    server = launch(again, "127.0.0.1", port, None, block=False)
    try:
        page = browser.new_page()  # type: ignore[attr-defined]
        page.goto(f"http://127.0.0.1:{port}/?tab=folder")
        page.wait_for_selector("#pins .card >> nth=1")
        page.on("dialog", lambda dialog: dialog.accept("写进提案第三部分"))
        page.click("#pins .card >> nth=1 >> button[data-what=note]")
        page.wait_for_selector(".pin-note >> text=写进提案第三部分")
        page.click("#pins .card >> nth=1 >> button[data-what=up]")
        page.wait_for_selector("#pins .card:has-text('1.') >> text=未来产业专项基金")
        with page.expect_download() as waiting:
            page.click("#export")
        waiting.value.save_as(tmp_path / "collection.docx")
        page.close()
    finally:
        server.close(verbose=False)
    assert (tmp_path / "collection.docx").read_bytes()[:2] == b"PK"

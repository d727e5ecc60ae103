"""The page in a real browser, on the shipped corpus with the fake encoder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.web.conftest import Visit

pytestmark = pytest.mark.browser

PLAN = """贵州省未来产业培育试验方案
黔府办发〔2026〕99号
各市（自治州）人民政府：
一、总体要求
到2030年，建成5个以上省级未来产业先导区。
二、重点任务
（一）设立贵州省未来产业专项基金。由省财政厅牵头，设立总规模50亿元的未来产业专项基金。
（二）建设场景创新中心。<script>window.hacked=1</script><img src=x onerror="window.hacked=2">
贵州省人民政府办公厅
2026年3月1日
"""


def test_the_gap_comparison_opens_first_and_says_strength_in_words(visit: Visit) -> None:
    visit.page.goto(visit.address)
    cell = visit.page.wait_for_selector("table.heat td.base a")
    assert cell.inner_text() in ("未见", "提及", "部署", "承诺")
    assert visit.page.get_attribute("#tab-gap-button", "aria-selected") == "true"
    assert visit.page.locator("table.heat thead th").nth(1).inner_text() == "重庆"
    assert (
        visit.page.locator("table.findings tbody tr").count()
        == visit.page.locator("table.heat tbody tr:not(.dim)").count()
    )


def test_a_measure_opens_both_sides_with_citation_and_back_closes_them(visit: Visit) -> None:
    visit.page.goto(visit.address)
    visit.page.click("table.heat tbody th a[href*='measure=special_fund']")
    panel = visit.page.wait_for_selector("#drawer .panel")
    assert "未来产业专项基金" in panel.inner_text()
    assert visit.page.locator("#drawer .side").count() == 2
    assert "编者编码" in visit.page.locator("#drawer .side").nth(1).inner_text()
    assert "《" in visit.page.locator("#drawer .side .cite").first.inner_text()
    visit.page.go_back()
    visit.page.wait_for_selector("#drawer .panel", state="detached")


def test_escape_closes_the_drawer_and_its_address_opens_it_again(visit: Visit) -> None:
    visit.page.goto(visit.address + "?measure=special_fund&region=%E6%88%90%E9%83%BD")
    visit.page.wait_for_selector("#drawer .side h3:has-text('成都')")
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_selector("#drawer .panel", state="detached")
    assert "measure" not in visit.page.url


def test_findings_are_filtered_by_kind_and_the_address_keeps_the_filter(visit: Visit) -> None:
    visit.page.goto(visit.address)
    visit.page.click("#gap-summary a.chip:has-text('疑似缺口')")
    visit.page.wait_for_selector("table.findings tr.suspected")
    visit.page.wait_for_selector("table.findings tr.gap", state="detached")
    assert "kinds=suspected" in visit.page.url
    visit.page.reload()
    visit.page.wait_for_selector("table.findings tr.suspected")
    assert visit.page.locator("table.findings tr.gap").count() == 0


def test_at_a_later_date_a_closed_gap_names_the_document_that_closed_it(visit: Visit) -> None:
    visit.page.goto(visit.address)
    closed = visit.page.wait_for_selector("table.findings .closed-by")
    assert "已被后续文件补上" in closed.inner_text()
    assert "《" in closed.inner_text()


def test_search_marks_the_words_and_says_why(visit: Visit) -> None:
    visit.page.goto(visit.address)
    visit.page.wait_for_selector("table.findings")
    visit.page.click("#tab-search-button")
    visit.page.fill("#query textarea, #query input", "未来产业基金")
    visit.page.keyboard.press("Enter")
    card = visit.page.wait_for_selector(".hits .card")
    assert "命中原因" in card.inner_text()
    assert visit.page.locator(".hits mark").count() > 0
    assert visit.page.locator(".hits .card .cite").first.inner_text().startswith("《")


def test_an_impossible_date_filter_is_told_in_chinese(visit: Visit) -> None:
    visit.page.goto(visit.address + "?tab=search&q=%E5%9F%BA%E9%87%91&since=abc")
    assert "写法不对" in visit.page.wait_for_selector("#hits .empty").inner_text()


def test_a_document_opens_at_the_provision_its_address_names(visit: Visit) -> None:
    visit.page.goto(visit.address + "?tab=library&doc=cq-2024-action-plan&p=12")
    here = visit.page.wait_for_selector(".reading .here")
    assert here.get_attribute("id") == "p12"
    visit.page.wait_for_function("(() => { const r = document.querySelector('.here').getBoundingClientRect();"
                                 " return r.top > 0 && r.bottom < innerHeight })()")  # fmt: skip


def test_an_added_file_is_previewed_then_found_and_runs_no_script(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "贵州<b>方案.txt"
    file.write_text(PLAN, "utf8")
    visit.page.goto(visit.address + "?tab=library")
    visit.preview(file)
    draft = visit.page.wait_for_selector(".draft")
    assert "黔府办发〔2026〕99号" in draft.inner_text()
    visit.page.click("#keep")
    visit.page.wait_for_selector("table.holdings >> text=贵州省未来产业培育试验方案")
    visit.page.goto(
        visit.address
        + "?tab=search&q=%E8%B4%B5%E5%B7%9E%E6%9C%AA%E6%9D%A5%E4%BA%A7%E4%B8%9A%E4%B8%93%E9%A1%B9%E5%9F%BA%E9%87%91"
    )
    visit.page.wait_for_selector(".hits .card:has-text('总规模50亿元')")
    visit.page.click(".hits .card:has-text('总规模50亿元') footer a")
    visit.page.wait_for_selector(".reading .prov:has-text('<script>')")
    assert visit.page.evaluate("window.hacked") is None


def test_a_correction_is_kept_when_another_file_is_looked_at(visit: Visit, tmp_path: Path) -> None:
    files = []
    for name in ("甲", "乙"):
        files.append(tmp_path / f"{name}.txt")
        files[-1].write_text(f"关于{name}类未来产业的若干措施\n一、支持概念验证，给予{name}级奖励。\n", "utf8")
    visit.page.goto(visit.address + "?tab=library")
    visit.page.wait_for_selector("table.holdings")
    visit.preview(*files)
    visit.page.wait_for_selector(".draft:has-text('甲类')")
    visit.page.locator("#correct").get_by_label("标题").fill("改过的甲类措施")
    visit.page.locator("#correct input").first.click()
    visit.page.click("[role=option]:has-text('乙')")
    visit.page.wait_for_selector(".draft:has-text('乙类')")
    visit.page.click("#keep")
    visit.page.wait_for_selector("table.holdings >> text=关于乙类未来产业的若干措施")
    assert visit.page.locator("table.holdings >> text=改过的甲类措施").count() == 1
    assert not visit.page.locator("text=Number").is_visible()


def test_a_file_that_would_replace_one_held_says_so_before_it_does(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "海南方案.txt"
    text = PLAN.replace("贵州省", "海南省").replace("黔府办发", "琼府办发")
    visit.page.goto(visit.address + "?tab=library")
    for words, said in ((text, ""), (text.replace("50亿元", "80亿元"), "将替换文库中已有的"), (None, "内容相同")):
        if words:
            file.write_text(words, "utf8")
        visit.page.reload()
        visit.page.wait_for_selector("table.holdings")
        visit.preview(file)
        visit.page.wait_for_selector(".draft:has-text('海南省未来产业培育试验方案')")
        noted = visit.page.locator(".draft .foreseen")
        assert noted.all_inner_texts() == [] if not said else said in noted.inner_text()
        visit.page.click("#keep")
        visit.page.wait_for_selector("ul.done li:has-text('海南省未来产业培育试验方案')")


def test_an_unreadable_file_is_told_and_nothing_is_stored(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "空.txt"
    file.write_bytes(b"")
    visit.page.goto(visit.address + "?tab=library")
    before = visit.page.wait_for_selector("#listing .count").inner_text()
    visit.preview(file)
    message = visit.page.wait_for_selector("[data-testid=toast-text]").inner_text()
    assert "空.txt" in message and "Traceback" not in message and str(tmp_path) not in message
    assert visit.page.locator("#listing .count").inner_text() == before


def test_a_filter_of_the_library_keeps_the_view_it_is_set_in(visit: Visit) -> None:
    visit.page.goto(visit.address + "?tab=library&view=time")
    visit.page.wait_for_selector("table.timeline")
    visit.page.fill(
        "#holdings input[placeholder='如 行动计划'], #holdings textarea[placeholder='如 行动计划']", "先导区"
    )
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_function("location.search.includes('word=')")
    visit.page.wait_for_selector("table.timeline >> text=安徽")
    assert "view=time" in visit.page.evaluate("location.search")
    assert visit.page.locator("table.holdings").count() == 0


def test_hits_of_one_document_are_put_together_on_demand_and_read_again(visit: Visit) -> None:
    visit.page.goto(visit.address + "?tab=search&q=" + quote("先导区"))
    visit.page.wait_for_selector(".hits .card")
    visit.page.click(".count a:has-text('按文件归并')")
    visit.page.wait_for_selector(".hits section h3")
    names = [one.split("　")[1] for one in visit.page.locator(".hits section h3").all_inner_texts()]
    assert len(names) == len(set(names)) > 1
    visit.page.click(".count a:has-text('精排')")
    visit.page.wait_for_selector(".count a.on:has-text('精排')")
    assert visit.page.locator(".hits section .card").count() >= 20
    assert "together=1" in visit.page.url and "rerank=1" in visit.page.url


def test_of_views_asked_for_in_quick_succession_the_last_is_shown(visit: Visit) -> None:
    visit.page.goto(visit.address)
    visit.page.wait_for_selector("table.heat td a")
    # the second while the first is under way: it must not be lost
    visit.page.evaluate(
        "window.kbGo({tab: 'search'}); setTimeout(() => window.kbGo({tab: 'search', q: '渝经信规范〔2026〕1号'}), 30)"
    )
    card = visit.page.wait_for_selector(".hits .card")
    assert "渝经信规范〔2026〕1号" in card.inner_text()


def test_what_cannot_be_opened_is_told_where_it_would_stand(visit: Visit) -> None:
    visit.page.goto(visit.address + "?baseline=%E7%81%AB%E6%98%9F")
    told = visit.page.wait_for_selector("#heat .empty")
    assert "火星" in told.inner_text() and "Traceback" not in told.inner_text()
    visit.page.click("#heat .empty a")
    visit.page.wait_for_selector("table.heat td a")
    visit.page.evaluate("kbGo({measure: 'nope'})")
    assert "nope" in visit.page.wait_for_selector("#drawer .panel .empty").inner_text()
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_selector("#drawer .panel", state="detached")


def test_the_keyboard_walks_the_table_and_comes_back_from_the_drawer(visit: Visit) -> None:
    visit.page.goto(visit.address)
    visit.page.wait_for_selector("table.heat td a")
    visit.page.focus("table.heat tbody th a[href*='measure=legislation']")
    visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("ArrowDown")
    focused = visit.page.evaluate("document.activeElement.getAttribute('href')")
    assert "region=" in focused and "measure=legislation" not in focused
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#drawer .panel")
    visit.page.wait_for_function("document.activeElement.closest('#drawer .panel') !== null")
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_selector("#drawer .panel", state="detached")
    assert visit.page.evaluate("document.activeElement.getAttribute('href')") == focused


def test_the_sector_map_is_read_with_the_arrow_keys_past_empty_cells(visit: Visit) -> None:
    visit.page.goto(visit.address + "?tab=sectors")
    visit.page.wait_for_selector("#sectors .heat td a")
    first = "[...document.querySelectorAll('#sectors tbody tr')].find(r => r.querySelector('td:has(a) ~ td:not(:has(a)) ~ td a'))"
    row = f"{first}.querySelectorAll('a')"
    visit.page.evaluate(f"{row}[0].focus()")
    for at in range(1, visit.page.evaluate(f"{row}.length")):
        visit.page.keyboard.press("ArrowRight")
        assert visit.page.evaluate(f"document.activeElement === {row}[{at}]")


def test_a_view_left_before_it_was_asked_for_is_not_asked_for_later(visit: Visit) -> None:
    visit.page.goto(visit.address)
    visit.page.wait_for_selector("table.heat td a")
    sent: list[str] = []
    visit.page.on("request", lambda request: sent.append(request.post_data or ""))
    # the second waits for the first; the third comes when patience is over, and the first is answered after that
    visit.page.evaluate(
        """() => { const now = Date.now; kbGo({tab: 'search', q: '概念验证'}); kbGo({tab: 'search', q: '基金'});
        Date.now = () => now() + 30000; kbGo({tab: 'search', q: '渝经信规范〔2026〕1号'}); Date.now = now; }"""
    )
    visit.page.wait_for_selector(".hits .card")
    visit.page.wait_for_timeout(1000)
    assert any('"概念验证"' in one for one in sent) and not any('"基金"' in one for one in sent)


def test_no_session_sees_what_another_has_chosen(visit: Visit, browser: object) -> None:
    visit.page.goto(visit.address + "?peers=%E5%AE%89%E5%BE%BD&kinds=gap")
    visit.page.wait_for_selector("table.heat thead th:has-text('安徽')")
    other = browser.new_page()  # type: ignore[attr-defined]
    try:
        other.goto(visit.address)
        other.wait_for_selector("table.heat td a")
        assert other.locator("table.heat thead th").count() > 10
        assert visit.page.locator("table.heat thead th").count() == 3
        visit.page.reload()
        visit.page.wait_for_selector("table.findings tr.gap")
        assert visit.page.locator("table.heat thead th").count() == 3
    finally:
        other.close()


def test_a_file_too_large_is_told_in_chinese_before_it_is_sent(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "大.pdf"
    with file.open("wb") as out:
        out.truncate(51 * 2**20)
    visit.page.goto(visit.address + "?tab=library")
    visit.page.wait_for_selector("table.holdings")
    visit.page.click("#adding button")
    visit.page.set_input_files("#files input[type=file]", file)
    message = visit.page.wait_for_selector("[data-testid=toast-text]").inner_text()
    assert "大.pdf" in message and "50 MB" in message
    assert visit.page.locator("#files >> text=大").count() == 0


def test_what_gradio_says_itself_is_chinese_too(visit: Visit) -> None:
    visit.page.goto(visit.address)
    visit.page.wait_for_selector("table.heat td a")
    for said, told in (("Connection to the server was lost.", "正在重新连接"), ("Error", "请稍后再试")):
        visit.page.evaluate(
            "said => document.body.insertAdjacentHTML('beforeend', `<p data-testid=toast-text>${said}</p>`)", said
        )
        visit.page.wait_for_selector(f"[data-testid=toast-text] >> text={told}")
    assert visit.page.locator(".modebar:visible").count() == 0

"""Adding on the page, as far as it needs no browser: what is told before and after."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.inputs import Source
from kb.knowledge import Foreseen, KnowledgeBase
from kb.plain import OUTCOMES_ZH, inputs_told, stored_row
from kb.web.adding import (
    FIELDS,
    agreed,
    corrected,
    first_shown,
    foreseen_html,
    panel_values,
    read_one,
    store_one,
    stored_line,
    twin_line,
)
from kb.web.api import Endpoints
from kb.web.desk import Desk
from kb.web.library import holdings_html

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


def test_what_the_page_around_an_attachment_says_is_kept_through_corrections(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = Source(
        "方案.txt", TEXT.encode(), "https://example.gov.cn/a.txt", known={"doc_number": "渝府发〔2026〕9号"}
    )
    monkeypatch.setattr("kb.web.adding.obtain", lambda given: around)
    monkeypatch.setattr("kb.web.api.obtain", lambda given: around)
    one = read_one(desk, "https://example.gov.cn/a.html")
    values = [getattr(one.drafts[0].document, name) or "" for name in FIELDS]
    values[FIELDS.index("title")] = "改过的方案"
    changed = corrected(desk, one, values).drafts[0].document
    assert (changed.title, changed.doc_number) == ("改过的方案", "渝府发〔2026〕9号")
    added = Endpoints(desk).add("https://example.gov.cn/a.html")["documents"][0]["document"]
    assert added["doc_number"] == "渝府发〔2026〕9号"


def test_the_preview_names_attachments_that_were_not_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    note = "网页上还有附件“附件2：目标分解表.doc”没有读。如属本文件或另有文件，请一并添加。"
    page = Source("方案.txt", TEXT.encode(), "https://example.gov.cn/a.txt", known={"note": note})
    monkeypatch.setattr("kb.web.adding.obtain", lambda given: page)
    monkeypatch.setattr("kb.web.api.obtain", lambda given: page)
    shown = panel_values(desk, [read_one(desk, "https://example.gov.cn/a.html")], 0)[-1]
    assert f'<p class="warn">{note}</p>' in shown
    assert Endpoints(desk).add("https://example.gov.cn/a.html")["documents"][0]["warnings"] == [note]


def foreseen(desk: Desk, file: Path, text: str) -> Foreseen:
    """What is foreseen of ``file`` with ``text``; and that it is what adding does."""
    file.write_text(text, "utf8")
    one = read_one(desk, str(file))
    said = desk.base.foresee(one.drafts[0])
    assert foreseen_html(said) in panel_values(desk, [one], 0)[-1]
    assert [s.outcome for s in store_one(desk, one).stored] == [said.outcome]
    return said


def test_the_preview_says_what_adding_will_do(desk: Desk, file: Path) -> None:
    new = foreseen(desk, file, TEXT)
    assert (new.outcome, new.held) == ("added", ()) and foreseen_html(new) == ""
    same = foreseen(desk, file, TEXT)
    assert same.outcome == "unchanged" and "内容相同" in foreseen_html(same)
    other = foreseen(desk, file, TEXT.replace("5亿", "8亿"))
    assert other.outcome == "replaced"
    assert "将替换文库中已有的" in foreseen_html(other) and "《重庆市某某区未来产业发展实施方案》" in foreseen_html(
        other
    )


def test_two_files_of_one_document_in_one_batch_are_pointed_out(desk: Desk, file: Path, tmp_path: Path) -> None:
    again, other = tmp_path / "同一份.txt", tmp_path / "另一份.txt"
    again.write_text(file.read_text("utf8") + "另有一句。\n", "utf8")
    other.write_text("关于另一件事的通知\n各区县：\n请遵照执行。\n", "utf8")
    first, second, third = (read_one(desk, str(path)) for path in (file, again, other))
    assert f"“{file.name}”是同一份文件" in twin_line([first], second)
    assert twin_line([first, second], third) == ""


def test_a_new_version_and_a_full_text_stand_beside_what_is_held(desk: Desk, file: Path) -> None:
    old = foreseen(desk, file, f"{TEXT}重庆市某某区人民政府\n2024年1月5日\n")
    later = foreseen(desk, file, f"{TEXT}重庆市某某区人民政府\n2026年1月5日\n")
    assert old.held == () and later.outcome == "added"
    assert [d.issued for d in later.held] == ["2024-01-05"]
    assert "入库后并存" in foreseen_html(later) and "2024-01-05" in foreseen_html(later)


def test_a_document_of_the_corpus_is_recognised_by_its_name(shipped: KnowledgeBase) -> None:
    digest = next(d for d in shipped.documents() if d.id == "cq-2024-action-plan")
    text = f"{digest.title}\n{digest.doc_number or ''}\n一、总体要求\n（一）加快培育未来产业。\n"
    (draft, *_) = shipped.read(text.encode(), "方案.txt", given={"region": "重庆"})
    said = shipped.foresee(draft)
    assert said.outcome == "added" and digest in said.held
    assert "节录或摘编" in foreseen_html(said)


def test_codes_that_would_change_are_a_change(desk: Desk, file: Path) -> None:
    said = foreseen(desk, file, TEXT)
    held = desk.base.documents()[0]
    numbers = [h.id for h in desk.base.library.provisions(held.id)]
    desk.base.library.recode(dict.fromkeys(numbers, ()), {held.id: "coded by an older lexicon"}, "older")
    assert said.outcome == "added" and foreseen(desk, file, TEXT).outcome == "replaced"


def test_a_number_is_found_in_the_listing_however_its_brackets_are_typed(desk: Desk, file: Path) -> None:
    file.write_text(f"重庆市某某区人民政府\n关于印发《某计划》的通知\n某府发〔2025〕9号\n{TEXT}", "utf8")
    store_one(desk, read_one(desk, str(file)))
    for word in ("某府发〔2025〕9号", "某府发(2025)9号", "[2025]9"):
        assert "共 1 份" in holdings_html(desk, desk.documents(), {"word": word})
    assert "没有符合条件" in holdings_html(desk, desk.documents(), {"word": "某府发〔2024〕9号"})


def test_what_was_filled_in_for_one_file_holds_for_the_others_of_the_same_document(
    desk: Desk, file: Path, tmp_path: Path
) -> None:
    again = tmp_path / "同一份.txt"
    again.write_text(file.read_text("utf8") + "另有一句。\n", "utf8")
    first, second = (read_one(desk, str(path)) for path in (file, again))
    values = [getattr(first.drafts[0].document, name) or "" for name in FIELDS]
    values[FIELDS.index("region")] = "湖北"
    first = corrected(desk, first, values)
    assert "读出的地区不一致（湖北、重庆）" in twin_line([first], second)
    for one in agreed(desk, [first, second]):
        store_one(desk, one)
    assert [d.region for d in desk.base.documents()] == ["湖北"]


def test_the_first_file_is_shown_at_the_end_where_the_page_shows_none(desk: Desk, file: Path) -> None:
    one = read_one(desk, str(file))
    assert "种子基金" in first_shown(desk, [one], "")[-1]
    assert not isinstance(first_shown(desk, [one], "<p>正在核对</p>"), list) and not isinstance(
        first_shown(desk, [], ""), list
    )

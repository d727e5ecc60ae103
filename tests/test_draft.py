"""From a file to the documents it would become."""

from __future__ import annotations

import pytest

from kb.draft import document_id, drafts
from kb.errors import KbError

NOTICE = """重庆市人民政府办公厅
关于印发《重庆市未来产业培育行动计划》的通知
渝府办发〔2025〕18号
各区县（自治县）人民政府，市政府各部门：
《重庆市未来产业培育行动计划》已经市政府同意，现印发给你们。
重庆市人民政府办公厅
2025年3月6日
重庆市未来产业培育行动计划
一、总体要求
坚持创新引领，建设先导区。
"""


def test_a_file_becomes_a_described_and_segmented_document() -> None:
    (draft,) = drafts(NOTICE.encode(), "通知.txt")
    assert draft.document.title == "重庆市人民政府办公厅关于印发《重庆市未来产业培育行动计划》的通知"
    assert draft.document.doc_number == "渝府办发〔2025〕18号"
    assert draft.document.region == "重庆"
    assert draft.document.issued == "2025-03-06"
    assert draft.document.coverage == "full"
    assert "".join(p.text for p in draft.provisions) == draft.text


def test_what_the_user_fills_in_wins_and_says_so() -> None:
    (draft,) = drafts(NOTICE.encode(), given={"title": "行动计划", "published": "2025-03-10", "region": ""})
    assert draft.document.title == "行动计划"
    assert draft.origins["title"] == draft.origins["published"] == "用户填写"
    assert draft.origins["region"] != "用户填写"
    assert "发布日期" not in draft.missing


def test_what_cannot_be_determined_is_empty_and_listed() -> None:
    (draft,) = drafts("某办法\n第一条　制定本办法。".encode())
    assert draft.document.issued is None
    assert "成文日期" in draft.missing
    assert "发文字号" in draft.missing


def test_the_same_number_gives_the_same_document_however_it_is_printed() -> None:
    (one,) = drafts(NOTICE.encode())
    (other,) = drafts(NOTICE.replace("〔2025〕", "[2025]").replace("总体要求", "要求").encode("gb18030"))
    assert one.document.id == other.document.id
    assert one.document.id.startswith("u-")


def test_without_a_number_title_and_region_name_the_document() -> None:
    assert document_id("计划", "重庆", None) != document_id("计划", "安徽", None)
    assert document_id("计划", "重庆", None) == document_id("计划", "重庆", "")


def test_documents_printed_under_one_number_keep_apart() -> None:
    plan = "一、总体要求\n坚持创新引领，建设先导区，培育一批企业。\n二、任务\n建设平台，开放场景，完善机制，加强领导。建设平台，开放场景。\n"
    text = f"重庆市关于印发《甲行动方案》《乙行动方案》的通知\n渝府发〔2025〕9号\n现印发给你们。\n甲行动方案\n{plan}乙行动方案\n{plan}"
    first, second = drafts(text.encode(), given={"doc_number": "渝府发〔2025〕9号"})
    assert (first.document.title, second.document.title) == ("甲行动方案", "乙行动方案")
    assert first.document.id != second.document.id
    assert second.document.doc_number == "渝府发〔2025〕9号"
    assert second.origins["doc_number"] == "推断自同一印发通知"


def test_a_reading_with_pages_missing_is_partial(monkeypatch: pytest.MonkeyPatch) -> None:
    from kb import draft as module
    from kb.model import Block, Reading

    partial = Reading("pdf", (Block("paragraph", "一、任务"),), warnings=("只读到一部分：第 2 页是扫描图像。",))
    monkeypatch.setattr(module, "read", lambda data, name, url: partial)
    (draft,) = drafts(b"x")
    assert draft.document.coverage == "partial"
    assert draft.warnings[0].startswith("只读到一部分")


@pytest.mark.parametrize("given", [{"colour": "red"}, {"coverage": "half"}, {"id": "x"}, {"region": "火星"}])
def test_fields_that_do_not_exist_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(KbError):
        drafts(NOTICE.encode(), given=given)


@pytest.mark.parametrize(("named", "level"), [("宁夏回族自治区", "省级"), ("银川市", "地市级")])
def test_a_region_given_by_another_of_its_names_is_the_same_region(named: str, level: str) -> None:
    (draft,) = drafts(NOTICE.encode(), given={"region": named})
    assert (draft.document.region, draft.document.level) == (named[:2], level)


def test_an_unreadable_file_names_itself() -> None:
    with pytest.raises(KbError, match="空.pdf"):
        drafts(b"", "空.pdf")


COVER = (
    "重庆市人民政府办公厅关于印发《重庆市感知产业行动计划》的通知",
    "各区县人民政府：",
    "《重庆市感知产业行动计划》已经市政府同意，现印发给你们，请认真贯彻执行。",
    "重庆市人民政府办公厅",
    "2025年3月6日",
)


def test_a_notice_without_the_plan_it_prints_is_no_full_text() -> None:
    (draft,) = drafts("\n".join(COVER).encode(), "a.txt")
    assert draft.document.coverage == "partial"
    assert any("没有读到所印发的文件" in warning for warning in draft.warnings)
    (whole,) = drafts(
        "\n".join(
            [*COVER, "重庆市感知产业行动计划", "一、总体要求", "建设平台。", "二、任务", "开放场景。"]
        ).encode(),
        "a.txt",
    )
    assert whole.document.coverage == "full"


def test_a_page_whose_text_is_in_its_attachment_is_no_full_text() -> None:
    lines = "".join(f"<p>{line}</p>" for line in COVER)
    page = f'<html><body><div id="zoom">{lines}<p><a href="P0.pdf">重庆市感知产业行动计划.pdf</a></p></div></body></html>'
    (draft,) = drafts(page.encode(), "a.html")
    assert draft.document.coverage == "partial" and any("附件" in warning for warning in draft.warnings)


@pytest.mark.parametrize(
    "title", ["重庆市感知产业办法（节选）", "一图读懂重庆市感知产业办法", "《重庆市感知产业办法》政策解读"]
)
def test_an_excerpt_or_interpretation_is_no_full_text(title: str) -> None:
    (draft,) = drafts(f"{title}\n一、总体要求\n建设平台。\n二、任务\n开放场景。".encode(), "a.txt")
    assert draft.document.coverage == "partial" and any("只读到一部分" in warning for warning in draft.warnings)

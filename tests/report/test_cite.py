"""References in GB/T 7714—2015 form, expected strings written out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.model import Attestation, Document
from kb.report.cite import References, cite, cite_statement, with_address

DAY = "2026-07-01"


def document(**facts: str | None) -> Document:
    known: dict[str, str | None] = {"issuer": "重庆市人民政府办公厅", "issued": "2024-09-27", **facts}
    return Document(id="d", region="重庆", level="省级", title="重庆市未来产业培育行动计划（2024—2027年）", **known)  # type: ignore[arg-type]


def test_an_official_page_is_an_online_announcement_with_its_date_the_day_of_citing_and_its_address() -> None:
    page = document(doc_number="渝府办发〔2024〕75号", url="https://jjxxw.cq.gov.cn/a.html")
    assert cite(page, DAY) == (
        "重庆市人民政府办公厅. 重庆市未来产业培育行动计划（2024—2027年）: 渝府办发〔2024〕75号[EB/OL]. "
        "(2024-09-27)[2026-07-01]. https://jjxxw.cq.gov.cn/a.html."
    )


def test_a_text_without_an_address_is_cited_as_other_material() -> None:
    assert cite(document(), DAY) == "重庆市人民政府办公厅. 重庆市未来产业培育行动计划（2024—2027年）[Z]. 2024-09-27."


def test_what_is_unknown_is_left_out_not_filled_in() -> None:
    unknown = document(issuer=None, issued=None)
    assert cite(unknown, DAY) == "重庆市未来产业培育行动计划（2024—2027年）[Z]."
    online = document(issuer=None, issued=None, url="https://x.cn/a")
    assert cite(online, DAY) == "重庆市未来产业培育行动计划（2024—2027年）[EB/OL]. [2026-07-01]. https://x.cn/a."


def test_the_day_of_publication_stands_in_for_an_unknown_day_of_issue() -> None:
    assert cite(document(issued=None, published="2024-10-12"), DAY).endswith("[Z]. 2024-10-12.")


@pytest.mark.parametrize(
    ("issuer", "responsible"),
    [
        ("中共广东省委、广东省人民政府", "中共广东省委, 广东省人民政府"),
        ("甲局、乙局、丙局", "甲局, 乙局, 丙局"),
        ("甲局、乙局、丙局、丁局", "甲局, 乙局, 丙局, 等"),
        ("山东省科学技术厅等13部门", "山东省科学技术厅, 等"),
        ("广东省工业和信息化厅等（会同发展改革、科技、商务部门）", "广东省工业和信息化厅, 等"),
    ],
)
def test_up_to_three_issuers_are_named(issuer: str, responsible: str) -> None:
    assert cite(document(issuer=issuer), DAY).startswith(f"{responsible}. 重庆市")


def test_a_draft_says_that_it_is_one() -> None:
    assert "（征求意见稿）[Z]" in cite(document(status="征求意见稿"), DAY)


def test_an_address_that_is_not_of_the_web_is_not_cited() -> None:
    assert "javascript" not in cite(document(url="javascript:alert(1)"), DAY)


def test_a_statement_is_cited_by_its_source_without_title_marks() -> None:
    said = Attestation(
        "a",
        "重庆",
        "m",
        "lacks",
        "2025-07-11",
        "尚无。",
        "《关于我市的建议》（提案选登）",
        "https://x.cn",
        "official",
    )
    assert cite_statement(said, DAY) == "关于我市的建议（提案选登）[EB/OL]. (2025-07-11)[2026-07-01]. https://x.cn."
    reported = replace(said, source_title="科创板日报《上海未来产业基金扩募》")
    assert cite_statement(reported, DAY).startswith("科创板日报. 上海未来产业基金扩募[EB/OL].")
    inside = replace(said, source_title="审议检查《某决定》实施情况报告的意见")
    assert cite_statement(inside, DAY).startswith("审议检查《某决定》实施情况报告的意见[EB/OL].")


def test_references_are_numbered_by_first_appearance_and_a_source_keeps_its_number() -> None:
    references = References(DAY)
    first, second = document(), document(doc_number="渝府办发〔2024〕75号")
    assert [references.document(d) for d in (first, second, first)] == [1, 2, 1]
    assert references.entries == (cite(first, DAY), cite(second, DAY))


def test_a_reference_gives_up_the_address_it_ends_with() -> None:
    page = cite(document(url="https://x.cn/a_b"), DAY)
    assert with_address(page)[1] == "https://x.cn/a_b"
    assert "".join(with_address(page)) + "." == page
    assert with_address(cite(document(), DAY))[1] == ""


def test_a_regulation_as_amended_is_cited_with_the_day_of_the_amendment_and_apart_from_its_first_version() -> None:
    first, now = document(issued="2019-06-01"), document(issued="2019-06-01", amended="2023-11-30")
    assert cite(now, DAY).endswith("[Z]. 2023-11-30.")
    references = References(DAY)
    assert [references.document(first), references.document(now)] == [1, 2]


def test_a_title_within_a_title_is_in_single_marks() -> None:
    one = replace(document(), title="重庆市贯彻落实《促进创业投资若干政策措施》的实施方案")
    assert one.citation.startswith("《重庆市贯彻落实〈促进创业投资若干政策措施〉的实施方案》")

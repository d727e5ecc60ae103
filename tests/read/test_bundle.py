"""One file, one document or several."""

from __future__ import annotations

import pytest

from kb.model import Block, Reading
from kb.read.bundle import TITLE_FIELD, bundle

ARTICLES = [
    "第一条　为了促进发展，制定本办法。",
    "第二条　本市适用本办法，另有规定的除外。",
    "第三条　市政府负责。",
    "第四条　自公布之日起施行。",
]
PLAN = ["一、总体要求", "坚持创新引领，建设先导区，培育一批企业。" * 4, "二、重点任务", "建设平台，开放场景。" * 4]


def reading(*lines: str) -> Reading:
    return Reading("text", tuple(Block("paragraph", line) for line in lines))


def titles(parts: tuple[Reading, ...]) -> list[str | None]:
    return [part.fields.get(TITLE_FIELD) for part in parts]


def test_a_notice_with_its_one_plan_is_one_document() -> None:
    one = reading("某市关于印发《甲行动方案》的通知", "现印发给你们。", "甲行动方案", *PLAN)
    assert bundle(one) == (one,)


def test_a_notice_that_prints_several_plans_gives_as_many_documents() -> None:
    parts = bundle(
        reading(
            "某市关于印发《甲行动方案》《乙行动方案》的通知",
            "现印发给你们。",
            "附件1",
            "甲行动方案",
            *PLAN,
            "附件2",
            "乙行动方案",
            *PLAN,
        )
    )
    assert titles(parts) == ["甲行动方案", "乙行动方案"]
    assert parts[0].blocks[0].text.startswith("某市关于印发")
    assert [block.text for block in parts[1].blocks[:2]] == ["附件2", "乙行动方案"]
    assert all("2 份文件" in part.warnings[-1] for part in parts)


def test_nothing_is_lost_or_doubled_by_parting() -> None:
    whole = reading(
        "某市关于印发《甲行动方案》和《乙行动方案》的通知", "现印发给你们。", "甲行动方案", *PLAN, "乙行动方案", *PLAN
    )
    assert tuple(block for part in bundle(whole) for block in part.blocks) == whole.blocks


def test_a_list_of_plans_without_their_texts_stays_one_document() -> None:
    one = reading(
        "某市关于印发《甲行动方案》《乙行动方案》的通知", "一、甲行动方案", "甲行动方案", "乙行动方案", "2025年1月2日"
    )
    assert bundle(one) == (one,)


def test_regulations_after_one_another_are_parted_at_their_titles() -> None:
    parts = bundle(reading("甲管理办法", *ARTICLES, "乙管理办法", "（试行）", *ARTICLES))
    assert titles(parts) == ["甲管理办法", "乙管理办法"]
    assert len(parts[0].blocks) == len(parts[1].blocks) - 1 == 5


@pytest.mark.parametrize(
    "head",
    [
        ("某市人民政府令", "第327号"),
        ("某市人民政府令（第327号）",),
        ("某市人民代表大会常务委员会公告", "〔六届〕第34号"),
    ],
)
def test_the_order_above_a_title_goes_with_its_regulation(head: tuple[str, ...]) -> None:
    said = ("《乙管理办法》已经市政府常务会议通过，现予公布，自2024年8月1日起施行。", "市长　某某", "2024年6月6日")
    whole = reading("甲管理办法", *ARTICLES, "本款属于第四条。", *head, *said, "乙管理办法", *ARTICLES)
    first, second = bundle(whole)
    assert titles((first, second)) == ["甲管理办法", "乙管理办法"]
    assert first.blocks[-1].text == "本款属于第四条。" and second.blocks[0].text == head[0]
    assert (*first.blocks, *second.blocks) == whole.blocks


def test_articles_of_an_attachment_make_no_second_document() -> None:
    one = reading("甲管理办法", *ARTICLES, "附件", "乙工作规则", *ARTICLES)
    assert bundle(one) == (one,)


def test_chapters_announced_in_the_contents_make_no_second_document() -> None:
    one = reading(
        "甲管理办法",
        "目录",
        "第一章　总则",
        "第二章　附则",
        "第一章　总则",
        *ARTICLES[:2],
        "第二章　附则",
        *ARTICLES[2:],
    )
    assert bundle(one) == (one,)

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


def notice(number: int, name: str, above: bool = True) -> list[str]:
    title = ["某市人民政府办公厅", f"关于印发{name}的通知"]
    doc_number = [f"某政办发〔2025〕{number}号"]
    head = [*title, *doc_number] if above else [*doc_number, "".join(title)]
    return [
        *head,
        "各区县人民政府：",
        f"现将《{name}》印发给你们。",
        "某市人民政府办公厅",
        "2025年7月8日",
        name,
        *PLAN,
    ]


@pytest.mark.parametrize("above", [True, False])
def test_notices_after_one_another_are_as_many_documents(above: bool) -> None:
    whole = reading(*notice(21, "甲行动方案", above), *notice(22, "乙行动方案", above), *notice(23, "丙意见", above))
    parts = bundle(whole)
    assert titles(parts) == [
        f"某市人民政府办公厅关于印发{name}的通知" for name in ("甲行动方案", "乙行动方案", "丙意见")
    ]
    assert tuple(block for part in parts for block in part.blocks) == whole.blocks
    assert [part.blocks[0].text for part in parts] == [notice(number, "", above)[0] for number in (21, 22, 23)]


def test_what_a_notice_forwards_or_attaches_is_no_document_beside_it() -> None:
    forwarding = [
        "某区关于转发某市办公厅通知的通知",
        "某区发〔2025〕3号",
        "各单位：",
        "现转发给你们。",
        "2025年8月1日",
    ]
    assert len(bundle(reading(*forwarding, *notice(21, "甲行动方案")))) == 1
    attaching = ["某区关于贯彻某通知的意见", "某区发〔2025〕3号", "各单位：", "请认真贯彻。", "2025年8月1日", "附件"]
    assert len(bundle(reading(*attaching, *notice(21, "甲行动方案")))) == 1


def test_a_number_in_the_text_begins_no_document() -> None:
    one = reading(*notice(21, "甲行动方案"), "根据下列文件：", "某政发〔2024〕1号", "某政发〔2024〕2号", "抓好落实。")
    assert bundle(one) == (one,)

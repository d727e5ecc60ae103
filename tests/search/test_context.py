"""What is said of a provision beside its own words."""

import pytest

from kb.context import caption, heading, passage, place
from kb.model import Document, Provision


@pytest.mark.parametrize(
    ("path", "label", "said"),
    [
        (("二、发展目标",), "（一）产业规模（2027年）", "发展目标 产业规模（2027年）"),
        (("第三章 授权程序", "第十一条"), "第十一条第（三）项", "授权程序"),
        (("三、主要任务",), "1.加强前瞻谋划", "主要任务 加强前瞻谋划"),
        ((), "一、（二）", ""),
        ((), "一（总体要求）", "总体要求"),
        ((), "未注明条款", ""),
        ((), "未注明条款（目标）", "目标"),
        (("重点方向（章节号未见）",), "6G", "重点方向 6G"),
        ((), "2027年目标", "2027年目标"),
        ((), "2024-09-07　基金组建", "2024-09-07　基金组建"),
        (("基金",), "基金", "基金"),
        ((), "三项改革", "三项改革"),
    ],
)
def test_a_caption_is_headings_and_label_without_numbering(path: tuple[str, ...], label: str, said: str) -> None:
    assert caption(path, label) == said


def test_the_region_is_said_where_the_title_does_not_say_it() -> None:
    assert heading(Document("d", "广东", "省级", "关于加快培育发展未来产业的行动方案")).startswith("广东 ")
    assert heading(Document("d", "重庆", "省级", "重庆市行动计划")) == "重庆市行动计划"


def test_a_passage_begins_with_the_provision_and_ends_with_its_document() -> None:
    provision = Provision(0, "（一）目标", (), "item", " 建成10个先导区。\n", 0, 11)
    assert passage(Document("d", "重庆", "省级", "重庆市计划"), provision) == "目标。建成10个先导区。重庆市计划"


@pytest.mark.parametrize(
    ("path", "label", "shown"),
    [
        (("一、总体要求", "（一）发展目标"), "一、（一）", ("一、总体要求", "（一）发展目标")),
        (("二、重点任务",), "二、（三）", ("二、重点任务", "（三）")),
        (("二、重点任务", "（三）建设先导区"), "二、（三）2.", ("二、重点任务", "（三）建设先导区", "2.")),
        (("第二章 创新主体",), "第十条第二款", ("第二章 创新主体", "第十条第二款")),
        (("二、目标",), "（一）规模（2027年）", ("二、目标", "（一）规模（2027年）")),
        (("1.总则",), "1.2", ("1.总则", "1.2")),
        ((), "正文第1段", ("正文第1段",)),
    ],
)  # fmt: skip
def test_a_place_says_each_number_once(path: tuple[str, ...], label: str, shown: tuple[str, ...]) -> None:
    assert place(Provision(1, label, path, "item", "建设先导区。", 0, 6)) == shown

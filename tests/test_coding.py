"""What is not coded: reviews of what was done provide for nothing, however much they sound like it."""

from __future__ import annotations

import re

import pytest

from kb.coding import goal_readers, looks_back
from kb.knowledge import KnowledgeBase
from kb.model import Provision

REPORT = """某省人民政府工作报告
一、2025年工作回顾
设立总规模50亿元的未来产业专项基金，建成中试平台12个。
二、2026年重点工作
设立总规模80亿元的未来产业专项基金，投早投小。
"""


def test_a_review_of_the_year_is_not_coded_and_what_is_planned_is(empty: KnowledgeBase) -> None:
    drafts = empty.read(REPORT.encode(), "report.txt", given={"region": "贵州", "title": "贵州省政府工作报告"})
    (stored,) = empty.add(drafts, REPORT.encode())
    held = empty.document(stored.document.id)[1]
    coded = [h.provision.text for h in held if h.codes]
    assert any("80亿元" in text for text in coded)
    assert not any("50亿元" in text for text in coded)


@pytest.mark.parametrize(
    ("heading", "back"),
    [
        ("一、“十四五”时期和2025年工作回顾", True),
        ("一、2025年主要工作和“十四五”发展成就", True),
        ("附件2 名词解释", True),
        ("一、2024年工作情况", True),
        ("二、存在的主要问题", True),
        ("三、着力破解中小企业融资难问题", False),
        ("二、“十四五”时期发展成就和“十五五”时期主要目标任务", False),
        ("三、2026年工作安排", False),
    ],
)
def test_headings_that_look_back(heading: str, back: bool) -> None:
    assert looks_back(Provision(0, "（一）", (heading,), "item", "设立基金。", 0, 5)) == back


def test_goals_are_read_anew_when_any_module_that_reads_them_changes() -> None:
    readers = goal_readers()
    used = {
        name
        for path in readers
        for name in re.findall(r"^from kb\.compare\.(\w+) import", path.read_text("utf8"), re.M)
    }
    # families line goals up when they are shown; what is held does not depend on them
    assert used - {"indicators"} <= {path.stem for path in readers}

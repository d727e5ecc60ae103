"""What a goal is about, by its own words and by those of the document that sets it."""

from __future__ import annotations

import pytest

from kb.compare.scope import scope_of
from kb.model import Document
from kb.settings import CORPUS

PLAN = "某市未来产业培育行动计划"


@pytest.mark.parametrize(
    ("indicator", "title", "scope"),
    [
        ("未来产业产值", "某市政府工作报告", "未来产业"),
        ("典型应用场景", PLAN, "未来产业"),
        ("人工智能产业规模", PLAN, "人工智能"),
        ("典型应用场景", "某省氢能产业发展中长期规划", "氢能"),
        ("战略性新兴产业增加值", PLAN, "更大范围"),
        ("千亿级产业集群", "某市关于培育战略性新兴产业集群和未来产业的意见", "更大范围"),
    ],
)
def test_a_goal_is_of_what_it_says_or_of_what_its_document_is_devoted_to(
    indicator: str, title: str, scope: str
) -> None:
    document = Document("d", "重庆", "省级", title, scope="专门")
    assert scope_of(indicator, document, CORPUS) == scope


def test_what_a_text_on_everything_aims_at_is_of_everything_unless_it_says_otherwise() -> None:
    report = Document("d", "重庆", "省级", "某市先进制造业发展规划", scope="相关")
    assert scope_of("千亿级产业集群", report, CORPUS) == "更大范围"
    assert scope_of("脑机接口产业规模", report, CORPUS) == "脑机接口"
    single = Document("d", "重庆", "省级", "某市无名产业行动计划", scope="专门", origin="corpus")
    assert scope_of("龙头企业", single, CORPUS) == "个别产业"

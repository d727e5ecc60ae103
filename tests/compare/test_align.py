"""Alignment of two documents: what answers what, what stands alone, and what differs."""

from __future__ import annotations

import numpy as np

from kb.compare.align import LEAD, LEAST_LIKE, SURE, align, differences, likeness
from kb.model import Held, Provision

OLD = (
    "设立总规模20亿元的未来产业基金，投早投小。",
    "每年发布场景机会清单不少于30个。",
    "建设概念验证中心，给予最高500万元补助。",
)
NEW = (
    "建立专家咨询委员会。",
    "每年发布场景机会清单不少于50个。",
    "设立总规模20亿元的未来产业基金，投早投小。",
    "支持企业申报国家重点实验室。",
)


def held(texts: tuple[str, ...], first: int) -> list[Held]:
    """Provisions with these texts, numbered from ``first``."""
    return [Held(first + i, "d", Provision(i, f"第{i}条", (), "item", t, 0, len(t))) for i, t in enumerate(texts)]


def told(rows: object) -> list[tuple[int | None, int | None]]:
    """Rows as pairs of ordinals."""
    return [(r.left and r.left.provision.ordinal, r.right and r.right.provision.ordinal) for r in rows]  # type: ignore[attr-defined]


def test_changed_and_moved_provisions_find_each_other_and_new_ones_stand_alone() -> None:
    rows = align(held(OLD, 1), held(NEW, 100), {})
    assert told(rows) == [(0, 2), (None, 0), (1, 1), (2, None), (None, 3)]
    assert rows[0].same and not rows[2].same


def test_every_provision_of_both_sides_appears_exactly_once() -> None:
    rows = align(held(OLD, 1), held(NEW, 100), {})
    assert sorted(r.left.id for r in rows if r.left) == [1, 2, 3]
    assert sorted(r.right.id for r in rows if r.right) == [100, 101, 102, 103]


def test_the_same_meaning_in_other_words_is_matched_by_its_vectors() -> None:
    left, right = (
        held(("财政出资引导社会资本投向初创企业。",), 1),
        held(("政府资金带动民间投资支持创业公司。", "举办科幻大会。"), 10),
    )
    near, far = np.array([1.0, 0.0], np.float32), np.array([0.0, 1.0], np.float32)
    assert told(align(left, right, {})) == [(0, None), (None, 0), (None, 1)]
    assert told(align(left, right, {1: near, 10: near, 11: far})) == [(0, 0), (None, 1)]


def test_an_empty_side_leaves_the_other_alone() -> None:
    assert told(align([], held(NEW[:1], 1), {})) == [(None, 0)]
    assert told(align(held(OLD[:1], 1), [], {})) == [(0, None)]


def test_differences_mark_the_changed_words_on_both_sides() -> None:
    old, new = "每年发布场景机会清单不少于30个。", "每年发布场景机会清单不少于50个。"
    ours, theirs = differences(old, new)
    assert [old[a:b] for a, b in ours] == ["30"]
    assert [new[a:b] for a, b in theirs] == ["50"]
    assert differences(old, old) == ((), ())


LONG = (
    "市人民政府应当设立未来产业发展专项资金，统筹用于支持基础研究、前沿技术攻关、概念验证、中试熟化、场景应用示范、人才引育和产业载体建设，"
    "专项资金年度规模不低于20亿元，并根据财政状况逐步增长；区、县人民政府应当安排配套资金，加强绩效管理和监督检查。"
    "市财政、科技、发展改革、经济信息化等部门应当会同有关部门制定资金管理办法，公开申报条件、评审程序和分配结果，接受社会监督。"
)


def test_a_long_article_with_one_figure_changed_is_not_the_same() -> None:
    (row,) = align(held((f"第十条　{LONG}",), 1), held((f"第十条　{LONG.replace('20亿', '50亿')}",), 10), {})
    assert not row.same and f"{row.likeness:.0%}" != "100%"


def test_an_article_that_only_got_another_number_is_the_same() -> None:
    (row,) = align(held((f"第十条　{LONG}",), 1), held((f"第十二条 {LONG}",), 10), {})
    assert row.same
    (item,) = align(held(("（三）支持科学技术普及；",), 1), held(("（七）支持科学技术普及。",), 10), {})
    assert item.same
    (goal,) = align(held(("10 个市级先导区基本建成。",), 1), held(("20 个市级先导区基本建成。",), 10), {})
    assert not goal.same


def test_a_weak_pair_is_made_only_of_what_is_clearly_nearest_to_each_other() -> None:
    left = held(("推动人工智能产业创新发展，建设算力平台。", "支持量子科技创新发展，建设算力平台。"), 1)
    right = held(("建设算力平台，加快氢能发展步伐。",), 10)
    scores = likeness(left, right, {})
    assert scores.min() > LEAST_LIKE and scores.max() < SURE and np.ptp(scores) < LEAD
    rows = align(left, right, {})
    assert told(rows) == [(0, None), (1, None), (None, 0)]
    assert rows[0].nearest is right[0] and rows[2].nearest is left[int(scores.argmax())]
    assert told(align(left[:1], right, {})) == [(0, 0)]


def test_short_provisions_that_say_the_same_are_pairs_each_with_its_own() -> None:
    rows = align(held(("（一）人才。", "（二）人才。", "（三）资金。"), 1), held(("1.人才。", "2.人才。"), 10), {})
    assert told(rows) == [(0, 0), (1, 1), (2, None)] and rows[0].same and rows[1].same


def test_two_numbers_in_a_row_at_the_head_are_no_numbering() -> None:
    old, new = "5、6家企业参加试点。", "7、8家企业参加试点。"
    ours, theirs = differences(old, new)
    assert "".join(old[a:b] for a, b in ours) == "56" and "".join(new[a:b] for a, b in theirs) == "78"
    (row,) = align(held((old,), 1), held((new,), 10), {})
    assert not row.same


def test_the_number_an_article_stands_under_is_no_difference() -> None:
    old, new = "第二十六条　每年发布清单不少于30个。", "第二十七条　每年发布清单不少于50个。"
    ours, theirs = differences(old, new)
    assert ([old[a:b] for a, b in ours], [new[a:b] for a, b in theirs]) == (["30"], ["50"])

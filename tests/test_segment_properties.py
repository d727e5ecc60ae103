"""What holds of segmenting whatever the text: over generated documents, over noise, and over the real ones."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import KbError
from kb.markers import find_marker
from kb.model import Block
from kb.numerals import chinese, parse_number
from kb.read import read
from kb.segment import MAX_PROVISION, Segmented, segment
from tests.realdata import REALDATA, needs_realdata, real_files

REAL_TEXTS = real_files("regulations/*/*.md", "full-texts/*.txt", "work-reports-2026/*.txt", "pages-*/html/*.html")

words = st.builds(
    lambda first, rest: first + rest,
    st.sampled_from("市区政府应当建立"),
    st.text("市区政府应当建立健全未来产业发展投入增长机制的和，、", min_size=4, max_size=60),
)
sentences = st.builds(lambda text: f"{text}。", words)
cross_references = st.builds(
    lambda n, tail: f"第{chinese(n)}条{tail}",
    st.integers(1, 40),
    st.sampled_from(
        [
            "规定的情形，由市人民政府处理。",
            "、第五条所列事项，依照前款办理。",
            "第二款的规定不适用。",
            "所称机构，是指企业。",
        ]
    ),
)
signs = st.sampled_from(
    ["一、", "（二）", "(三)", "3.", "４．", "5、", "（6）", "⑦", "①", "第八条 ", "第九条之一　", "第二章 ", "第一节　", "附件1", "附件：",
     "专栏2 ", "目录", "1.2 ", "12.5%", "2025年3月6日", "（责任单位：市科技局）", "《计划》", "第 十 二 条 ", "㈠", "〔2024〕3号"]
)  # fmt: skip
lines = st.one_of(
    sentences, cross_references, st.builds(lambda s, t: s + t, signs, words), st.text(max_size=40), st.just("")
)
block_lists = st.lists(
    st.builds(
        Block,
        st.sampled_from(["paragraph", "paragraph", "paragraph", "heading", "table", "box"]),
        lines,
        st.booleans(),
        st.booleans(),
    ),
    max_size=30,
)


def assert_partition(segmented: Segmented) -> None:
    """The provisions follow one another over the whole text, and none says what the text does not."""
    at = 0
    for ordinal, provision in enumerate(segmented.provisions):
        assert provision.ordinal == ordinal
        assert provision.start == at < provision.end
        assert provision.text == segmented.text[provision.start : provision.end]
        assert len(provision.text) <= MAX_PROVISION
        at = provision.end
    assert at == len(segmented.text)


def article_orders(segmented: Segmented) -> list[tuple[int, int]]:
    """The numbers of the articles in order, each once."""
    orders: list[tuple[int, int]] = []
    for provision in segmented.provisions:
        match = re.fullmatch(r"(?:附\S+ )?第(\S+?)条(?:之(\S+))?", provision.label)
        if provision.kind == "article" and match:
            order = (parse_number(match.group(1)) or 0, parse_number(match.group(2) or "") or 0)
            if not orders or orders[-1] != order:
                orders.append(order)
    return orders


@given(block_lists)
def test_the_provisions_partition_the_text_of_any_document(blocks: list[Block]) -> None:
    assert_partition(segment(blocks))


@given(block_lists)
def test_the_text_is_the_blocks_own(blocks: list[Block]) -> None:
    assert segment(blocks).text == "\n".join(block.text for block in blocks)


@given(st.lists(st.text(), max_size=20))
def test_no_characters_make_segmenting_raise(texts: list[str]) -> None:
    assert_partition(segment([Block("paragraph", text) for text in texts]))


@given(st.integers(2, 30), st.lists(sentences, min_size=1, max_size=5), cross_references)
def test_a_cross_reference_never_opens_an_article(count: int, bodies: list[str], reference: str) -> None:
    blocks = [Block("paragraph", "某市促进条例")]
    for number in range(1, count + 1):
        blocks.append(Block("paragraph", f"第{chinese(number)}条　{bodies[number % len(bodies)]}"))
        blocks.append(Block("paragraph", reference))
    segmented = segment(blocks)
    assert [p.label for p in segmented.provisions if p.kind == "article"] == [
        f"第{chinese(n)}条" for n in range(1, count + 1)
    ]
    assert all(
        p.kind == "clause"
        for p in segmented.provisions
        if p.text.startswith(reference[:6]) and p.text.strip() == reference
    )
    assert not segmented.warnings


@given(st.lists(st.integers(1, 30), min_size=2, max_size=20))
def test_articles_rise_in_order_or_a_warning_says_where_not(numbers: list[int]) -> None:
    segmented = segment([Block("paragraph", f"第{chinese(n)}条　市政府应当建立制度。") for n in numbers])
    orders = article_orders(segmented)
    risen = all(before < after for before, after in zip(orders, orders[1:], strict=False))
    assert risen or segmented.warnings


@given(st.lists(st.integers(1, 12), min_size=2, max_size=12))
def test_sections_rise_in_order_or_a_warning_says_where_not(numbers: list[int]) -> None:
    blocks = [
        block
        for n in numbers
        for block in (Block("paragraph", f"{chinese(n)}、重点任务"), Block("paragraph", "推进建设。"))
    ]
    labels = [p.label for p in segment(blocks).provisions if p.kind == "heading"]
    assert labels == [f"{chinese(n)}、" for n in numbers]
    risen = all(before < after for before, after in zip(numbers, numbers[1:], strict=False))
    assert risen or segment(blocks).warnings


@given(st.lists(sentences, min_size=20, max_size=60))
def test_a_long_provision_is_cut_after_sentences_under_one_label(bodies: list[str]) -> None:
    segmented = segment(
        [Block("paragraph", "第一条　" + "".join(bodies)), Block("paragraph", "第二条　本条例自公布之日起施行。")]
    )
    pieces = [p for p in segmented.provisions if p.label == "第一条"]
    assert all(p.text.rstrip().endswith("。") for p in pieces)
    assert {p.kind for p in pieces} == {"article"}
    assert_partition(segmented)


@needs_realdata
@pytest.mark.parametrize("path", REAL_TEXTS, ids=lambda path: path.name[:30])
def test_a_real_document_is_partitioned_and_its_articles_rise_or_are_warned_of(path: Path) -> None:
    try:
        reading = read(path.read_bytes(), path.name)
    except KbError as error:
        assert "目录页" in str(error)  # one of the saved pages only lists others
        return
    segmented = segment(reading.blocks)
    assert_partition(segmented)
    orders = article_orders(segmented)
    assert all(before < after for before, after in zip(orders, orders[1:], strict=False)) or segmented.warnings


@needs_realdata
def test_nearly_every_article_of_the_regulations_is_found() -> None:
    rows = [json.loads(line) for line in (REALDATA / "regulations" / "index.jsonl").read_text("utf8").splitlines()]
    found = sum(min(_articles(REALDATA / "regulations" / row["file"]), row["articles"]) for row in rows)
    assert found >= 0.999 * sum(row["articles"] for row in rows)


@needs_realdata
@pytest.mark.parametrize("path", real_files("regulations/*/*.md"), ids=lambda path: path.name[:30])
def test_a_regulation_is_given_back_character_for_character(path: Path) -> None:
    source = re.sub(r"<!--.*?-->|^#+ ", "", path.read_text("utf-8-sig"), flags=re.MULTILINE | re.DOTALL)
    segmented = segment(read(path.read_bytes()).blocks)
    assert _ink("".join(p.text for p in segmented.provisions)) == _ink(source)


@needs_realdata
@pytest.mark.parametrize("path", real_files("work-reports-2026/*.txt"), ids=lambda path: path.stem)
def test_every_heading_of_a_work_report_is_found(path: Path) -> None:
    expected = [m for m in map(_shown_sign, path.read_text("utf8").splitlines()) if m]
    found = _signs_of(segment(read(path.read_bytes()).blocks))
    assert found == expected


def _articles(path: Path) -> int:
    return len({p.label for p in segment(read(path.read_bytes()).blocks).provisions if p.kind == "article"})


def _ink(text: str) -> str:
    return "".join(text.split())


def _shown_sign(line: str) -> str | None:
    match = re.match(r"\s*([一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)", line)
    return match.group(1) if match else None


def _signs_of(segmented: Segmented) -> list[str]:
    markers = (find_marker(p.text) for p in segmented.provisions if p.kind in ("heading", "item"))
    return [marker.sign for marker in markers if marker and marker.type in ("comma", "paren")]


def test_two_readings_of_one_document_are_equal() -> None:
    blocks: Sequence[Block] = [Block("paragraph", "一、总体要求"), Block("paragraph", "建设先导区。")]
    assert segment(blocks) == segment(list(blocks))

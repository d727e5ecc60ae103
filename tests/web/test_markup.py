"""HTML built from document text: nothing in a document can become markup."""

from __future__ import annotations

import pytest

from kb.compare.result import Evidence
from kb.model import Document, Held, Provision
from kb.web.cards import evidence_card, provision_card
from kb.web.desk import Choice, Desk
from kb.web.heat import heat_map
from kb.web.markup import action, address, esc, inner, is_web, marked, outer

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def document(**facts: object) -> Document:
    """A document whose every text is hostile."""
    return Document(**{"id": HOSTILE, "region": HOSTILE, "level": "省级", "title": HOSTILE, "doc_number": HOSTILE,
                       "issuer": HOSTILE, "url": "javascript:alert(3)", **facts})  # type: ignore[arg-type]  # fmt: skip


def held() -> Held:
    """A provision whose every text is hostile."""
    return Held(
        7, HOSTILE, Provision(1, HOSTILE, (HOSTILE,), HOSTILE, HOSTILE, 0, len(HOSTILE), source="data:text/html,x")
    )


def test_a_hostile_document_leaves_no_tag_or_attribute_in_a_card() -> None:
    card = provision_card(document(), held(), marks=[(2, 8)])
    assert "<script" not in card and "<img" not in card and 'onerror=alert(2)>"' not in card
    assert "javascript:" not in card and "data:text" not in card


def test_evidence_names_its_coding(shipped_desk: Desk) -> None:
    measure = shipped_desk.frame.measure("special_fund")
    automatic = evidence_card(Evidence(document(), held(), 2, "auto", 0.87), measure)
    assert "自动识别 87%" in automatic and "部署" in automatic
    assert "编者编码" in evidence_card(Evidence(document(), held(), 2, "editor", 1.0), measure)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "ftp://host/x", "//host/x", "http://", "http://[", None, ""]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert not is_web(url)
    assert outer(url, "官方页面") == ""


def test_an_outer_link_opens_apart_and_tells_no_one_where_it_came_from() -> None:
    link = outer('https://www.cq.gov.cn/a?x="1"', "官方页面")
    assert 'target="_blank"' in link and "noopener noreferrer" in link and '"1"' not in link


def test_marks_are_set_around_escaped_text_and_bad_spans_are_left_out() -> None:
    assert marked("a<b基金", [(3, 5)]) == "a&lt;b<mark>基金</mark>"
    assert marked("基金", [(0, 9)]) == "基金"
    assert marked("基金会", [(0, 2), (1, 3)]) == "<mark>基金</mark>会"


def test_figures_are_set_off() -> None:
    assert marked("到2027年规模达100亿元", []) == '到<b class="figure">2027年</b>规模达<b class="figure">100亿元</b>'


def test_addresses_quote_whatever_they_carry() -> None:
    href = address(doc=HOSTILE, p="", empty=None)
    assert "<" not in href and '"' not in href and "p=" not in href
    assert "<script" not in inner(href, HOSTILE)
    assert "<script" not in action("remove", HOSTILE, confirm=HOSTILE, doc=HOSTILE)
    assert esc(None) == ""


def test_a_choice_survives_its_address() -> None:
    from urllib.parse import parse_qsl

    choice = Choice("安徽", ("省级", "u-1"), "2025-07-11", ("finance",), ("gap",), ("高",))
    assert Choice.parse(dict(parse_qsl(choice.href()[1:]))) == choice
    assert Choice().href(measure="tax") == "?measure=tax"


def test_an_unheld_region_shows_a_dash_and_no_verdict(shipped_desk: Desk) -> None:
    shown = shipped_desk.table(Choice(peers=("西藏",)))
    assert shown.comparison.columns[1].coverage == "none"
    assert heat_map(shown, Choice(peers=("西藏",))).count("—") == len(shipped_desk.frame.measures)

"""The comparison against the findings of the proposal that started the project (corpus/gold/proposal.yaml)."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from kb.compare.result import Comparison
from kb.knowledge import KnowledgeBase
from kb.settings import CORPUS

GOLD: dict[str, Any] = yaml.safe_load((CORPUS / "gold" / "proposal.yaml").read_text("utf8"))
FINDINGS = GOLD["findings"]


@pytest.fixture(scope="module")
def then(shipped: KnowledgeBase) -> Comparison:
    return shipped.compare(GOLD["baseline"], as_of=GOLD["as_of"])


@pytest.fixture(scope="module")
def today(shipped: KnowledgeBase) -> Comparison:
    return shipped.compare(GOLD["baseline"])


@pytest.mark.parametrize("expected", FINDINGS, ids=lambda f: f["measure"])
def test_each_finding_of_the_proposal_comes_out_in_its_kind_from_its_peers(
    then: Comparison, expected: dict[str, Any]
) -> None:
    finding = then.finding(expected["measure"])
    assert finding.kind == expected["kind"]
    assert finding.basis == "attested"
    assert set(expected["peers"]) <= set(finding.peers)
    assert not set(expected.get("not_peers", ())) & set(finding.peers)
    assert finding.attestations, "a gap on partial holdings needs a dated statement"
    assert all(a.date <= GOLD["as_of"] for a in finding.attestations)


@pytest.mark.parametrize("expected", FINDINGS, ids=lambda f: f["measure"])
def test_each_named_peer_can_be_read(then: Comparison, expected: dict[str, Any]) -> None:
    for peer in expected["peers"]:
        cell = then.cell(expected["measure"], peer)
        assert any(e.held.provision.text for e in cell.evidence) or any(a.says == "has" for a in cell.attestations)


@pytest.mark.parametrize("expected", [f for f in FINDINGS if "closed_by" in f], ids=lambda f: f["measure"])
def test_what_was_closed_since_names_the_closing_document(
    then: Comparison, today: Comparison, expected: dict[str, Any]
) -> None:
    assert not then.finding(expected["measure"]).closed_by
    finding = today.finding(expected["measure"])
    assert set(expected["closed_by"]) <= set(finding.closed_by)
    assert finding.kind not in ("gap", "suspected")
    assert "渝经信规范〔2026〕1号" in finding.sentence


def test_no_region_held_in_part_is_said_to_lack_a_measure_without_a_statement(today: Comparison) -> None:
    for finding in today.findings:
        if finding.kind == "gap":
            assert finding.basis != "partial"
            assert any(a.says in ("lacks", "behind") for a in finding.attestations)


def test_a_draft_is_never_in_force(today: Comparison) -> None:
    assert all(d.status != "征求意见稿" for c in today.columns for d in c.documents)


def test_nothing_issued_later_counts_at_an_earlier_date(then: Comparison) -> None:
    for column in then.columns:
        for document in column.documents:
            assert document.known_since is not None
            assert document.known_since <= "2025-07-11"[: len(document.known_since)]


def test_goals_for_years_past_are_over_at_the_day_of_comparison_only(then: Comparison, today: Comparison) -> None:
    def over(comparison: Comparison) -> set[int]:
        return {e.held.id for c in comparison.cells for e in c.evidence if e.overdue}

    goals = {e.held.id: [t.year or 0 for t in e.held.targets] for c in today.cells for e in c.evidence}
    assert over(today) == {number for number, years in goals.items() if 0 < max(years, default=0) < 2026}
    assert not {number for number in over(then) if 2025 in goals.get(number, ())} and over(today) - over(then)

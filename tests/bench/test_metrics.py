"""Measures of ranked retrieval, with values worked out by hand."""

import pytest

from bench.metrics import dcg, hit, ndcg, recall, reciprocal_rank, strays, unjudged

JUDGED = {"a": 2, "b": 1, "c": 0}


def test_gain_is_discounted_by_the_logarithm_of_the_rank() -> None:
    # 2 / log2(2) + 0 / log2(3) + 1 / log2(4) = 2 + 0 + 0.5
    assert dcg([2, 0, 1]) == pytest.approx(2.5)


def test_ndcg_is_one_for_the_best_order_and_zero_when_nothing_relevant_is_found() -> None:
    assert ndcg(["a", "b", "c"], JUDGED) == pytest.approx(1)
    assert ndcg(["c", "x"], JUDGED) == 0
    assert ndcg(["a"], {}) == 0


def test_ndcg_of_an_order_with_both_relevant_exchanged() -> None:
    # (1 / log2(2) + 2 / log2(3)) / (2 / log2(2) + 1 / log2(3)) = (1 + 1.26186) / (2 + 0.63093)
    assert ndcg(["b", "a"], JUDGED) == pytest.approx(2.26186 / 2.63093, abs=1e-5)


def test_ndcg_looks_at_the_first_k_only_and_so_does_its_ideal() -> None:
    assert ndcg(["c", "a"], JUDGED, k=1) == 0
    assert ndcg(["a", "c"], JUDGED, k=1) == pytest.approx(1)


def test_recall_counts_relevant_ids_among_the_first_k() -> None:
    assert recall(["x", "b", "a"], JUDGED, k=2) == pytest.approx(1 / 2)
    assert recall(["x", "b", "a"], JUDGED, k=3) == 1
    assert recall(["b"], JUDGED, k=3, least=2) == 0
    assert recall(["b"], {"b": 0}, k=3) == 0


def test_reciprocal_rank_is_that_of_the_first_good_enough() -> None:
    assert reciprocal_rank(["x", "b", "a"], JUDGED) == pytest.approx(1 / 2)
    assert reciprocal_rank(["x", "b", "a"], JUDGED, least=2) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x"], JUDGED) == 0


def test_a_hit_needs_an_answer_not_something_related() -> None:
    assert hit(["b", "c"], JUDGED, k=5) == 0
    assert hit(["b", "c", "a"], JUDGED, k=5) == 1
    assert hit(["b", "c", "a"], JUDGED, k=2) == 0


def test_strays_are_results_of_regions_the_query_did_not_name() -> None:
    assert strays(["安徽", "重庆", "上海", "安徽"], {"安徽", "合肥"}) == pytest.approx(2 / 4)
    assert strays(["安徽", "重庆"], {"安徽"}, k=1) == 0
    assert strays([], {"安徽"}) == 0


def test_unjudged_is_a_share_of_what_was_shown() -> None:
    assert unjudged(["a", "x", "y"], JUDGED, k=2) == pytest.approx(1 / 2)
    assert unjudged([], JUDGED) == 0

"""Joining the legs, with values worked out by hand."""

import pytest

from kb.fusion import Fusion, Legs, fuse


def test_scores_are_summed_as_standard_deviations_by_share() -> None:
    legs = Legs(lexical={1: (1, 4.0), 2: (2, 2.0)}, dense={1: (2, 0.6), 2: (1, 0.8)})
    # words: mean 3, deviation 1 gives +1 and -1; meaning: mean 0.7, deviation 0.1 gives -1 and +1
    assert fuse(legs, 0.75) == pytest.approx({1: 0.25 * 1 - 0.75, 2: -0.25 + 0.75})


def test_a_provision_without_any_word_of_the_query_counts_as_zero() -> None:
    legs = Legs(lexical={1: (1, 3.0)}, dense={1: (1, 0.5), 2: (2, 0.5), 3: (3, 0.5)})
    # words 3, 0, 0: mean 1, deviation sqrt(2); meaning is alike for all and says nothing
    assert fuse(legs, 0.5) == pytest.approx({1: 2 / 2**0.5 / 2, 2: -1 / 2**0.5 / 2, 3: -1 / 2**0.5 / 2})


def test_a_provision_the_vector_leg_did_not_bring_gets_its_least_score() -> None:
    scores = fuse(Legs(lexical={1: (1, 1.0), 2: (2, 1.0)}, dense={1: (1, 0.9), 3: (2, 0.3)}), 1.0)
    assert scores[2] == scores[3] < scores[1]


def test_differences_too_small_to_mean_anything_stay_small() -> None:
    scores = fuse(Legs(dense={1: (1, 0.8001), 2: (2, 0.8)}), 1.0)
    assert 0 < scores[1] - scores[2] < 0.05


def test_nothing_brought_is_nothing_fused() -> None:
    assert fuse(Legs(), 0.5) == {}


def test_the_share_of_meaning_falls_the_more_of_the_query_is_met_word_by_word() -> None:
    fusion = Fusion(share_unmet=0.7, share_met=0.3, unmet=0.5)
    assert [fusion.share(met) for met in (0, 0.5, 0.75, 1)] == pytest.approx([0.7, 0.7, 0.5, 0.3])

"""Training and judging the head: honest about its own examples, and the same after it was saved."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kb.compare.card import scores_table
from kb.compare.cues import load_lexicon, stretches
from kb.compare.evaluate import (
    GROUPS,
    Measured,
    best_floor,
    by_region,
    cue_only,
    held_out,
    interval,
    province_of,
    scored,
    unread,
    zero_shot,
)
from kb.compare.fitting import Record, Shown, fit
from kb.compare.frame import load_frame
from kb.compare.gold import EXTRA, PRACTICE, SAMPLED, WRITTEN, agreement, digest_examples, written_examples
from kb.compare.head import MANNERS, WHOLE, judge, load_head, save
from kb.encode import FakeEncoder
from kb.settings import CORPUS

LEXICON = load_lexicon(CORPUS)


@pytest.fixture(scope="module")
def shown() -> Shown:
    """The first digests and the provisions the editors wrote, with fake vectors."""
    written = [e for e in written_examples(CORPUS) if not e.practice]
    examples, measures = (*digest_examples(CORPUS)[:200], *written), load_frame(CORPUS).measures
    vectors = FakeEncoder().passages([e.text for e in examples])
    definitions = FakeEncoder().passages([f"{m.name}：{m.includes}" for m in measures])
    spots = tuple(LEXICON.spots(e.text) for e in examples)
    return Shown(examples, spots, vectors, vectors, definitions, tuple(m.id for m in measures), "fake")


def test_a_head_judges_alike_after_it_was_saved(shown: Shown, tmp_path: Path) -> None:
    head = replace(fit(LEXICON, shown, np.arange(len(shown.examples))), thresholds={"": 0.5, "words_only": 0.5})
    save(head, tmp_path)
    again = load_head(tmp_path)
    assert again is not None
    assert (again.measures, again.references, again.thresholds) == (head.measures, head.references, head.thresholds)
    for vectors in (shown.vectors[:40], None):
        _, before, strengths = judge(head, LEXICON, shown.spots[:40], vectors)
        _, after, same = judge(again, LEXICON, shown.spots[:40], vectors)
        assert np.allclose(before, after, atol=0.02)
        assert (strengths == same).mean() > 0.99


def test_a_phrase_that_stands_in_one_document_only_is_unwritten_for_that_document(shown: Shown) -> None:
    record = Record(LEXICON, shown, np.arange(len(shown.examples)))
    for document in dict.fromkeys(shown.documents.tolist()):
        elsewhere = {
            p for e, s in zip(shown.examples, shown.spots, strict=True) if e.document != document for p in s.fired
        }
        assert not record.unwritten(document) & elsewhere


def test_a_phrases_record_leaves_the_own_document_out(shown: Shown) -> None:
    record = Record(LEXICON, shown, np.arange(len(shown.examples)))
    document = shown.examples[0].document
    other = np.flatnonzero(shown.documents != document)
    assert record.trust(document).counts.items() >= Record(LEXICON, shown, other).trust().counts.items()


def test_what_the_editors_wrote_is_never_judged(shown: Shown) -> None:
    groups = by_region(shown.examples)
    assert all((g == -1) == (e.region == WRITTEN) for g, e in zip(groups, shown.examples, strict=True))
    digests = digest_examples(CORPUS)
    cities = {e.region: g for g, e in zip(by_region(digests), digests, strict=True) if e.region in ("安徽", "合肥")}
    assert len(cities) == 2 and len(set(cities.values())) == 1


def test_groups_of_regions_are_about_alike_in_size() -> None:
    digests = digest_examples(CORPUS)
    sizes = Counter(by_region(digests).tolist())
    largest = max(Counter(province_of(e) for e in digests).values())
    assert len(sizes) == GROUPS and max(sizes.values()) - min(sizes.values()) <= largest


def test_hard_examples_train_but_are_not_judged_and_leave_with_their_document(shown: Shown) -> None:
    hard = np.array([i % 3 == 0 and e.kind != WRITTEN for i, e in enumerate(shown.examples)])
    marked = tuple(replace(e, kind=EXTRA) if h else e for e, h in zip(shown.examples, hard, strict=True))
    some = replace(shown, examples=marked)
    groups = by_region(some.examples)
    assert all(len(set(groups[some.documents == d].tolist())) == 1 for d in set(some.documents.tolist()))
    told = held_out(LEXICON, some, groups)[WHOLE]
    judged = ~hard & (groups >= 0)
    assert (told.scores[judged] > 0).any(axis=1).all() and not told.scores[~judged].any()
    for said in (cue_only(LEXICON, some, groups), zero_shot(some, groups)):
        assert said[judged].any() and not said[~judged].any()


def test_what_only_the_layers_practise_on_teaches_the_head_nothing_and_is_not_judged(shown: Shown) -> None:
    aside = np.array([i % 5 == 0 for i in range(len(shown.examples))])
    marked = tuple(replace(e, kind=PRACTICE) if a else e for e, a in zip(shown.examples, aside, strict=True))
    some, everything = replace(shown, examples=marked), np.arange(len(marked))
    head, without = fit(LEXICON, some, everything), fit(LEXICON, shown, np.flatnonzero(~aside))
    assert head.trust == without.trust and head.references == without.references
    assert np.array_equal(head.with_vector.weights, without.with_vector.weights)
    taught: list[np.ndarray] = []

    def tuned(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        taught.append(rows)
        return np.zeros((len(others), len(some.measures)), np.float32)

    groups = by_region(marked)
    told = held_out(LEXICON, replace(some, tuned=tuned), groups)[WHOLE]
    assert not told.scores[aside].any() and all(aside[rows].any() for rows in taught)
    for group, rows in zip(sorted(set(groups.tolist()) - {-1}), taught, strict=True):
        assert not (groups[rows] == group).any()


def test_what_was_drawn_from_whole_documents_is_scored_apart(shown: Shown) -> None:
    drawn = np.array([e.held_back and e.kind != WRITTEN and i % 2 == 0 for i, e in enumerate(shown.examples)])
    marked = tuple(replace(e, kind=SAMPLED) if d else e for e, d in zip(shown.examples, drawn, strict=True))
    some = replace(shown, examples=marked)
    told = unread(LEXICON, some)
    assert drawn.any() and (told[WHOLE].scores[drawn] > 0).any(axis=1).all()
    measured = Measured(by_region(marked), dict.fromkeys(("region", "unread"), told), dict.fromkeys(MANNERS, 0.4))
    rows = {(name, text): int(count) for name, text, count, *_ in scores_table(LEXICON, some, measured)}
    assert {count for (_, text), count in rows.items() if text == SAMPLED} == {int(drawn.sum())}
    unseen = sum(e.held_back and e.kind not in (WRITTEN, SAMPLED) for e in marked)
    assert rows["识别模型，词表未依据的文件", "全部"] == unseen
    assert rows["识别模型，未见过的地区", "全部"] == sum(e.kind not in (WRITTEN, SAMPLED) for e in marked)


def test_what_two_readers_said_is_kept_where_they_differ() -> None:
    count, f1, strength = agreement(CORPUS)
    assert count > 2200
    assert 0.85 < f1 < 0.95 and 0.85 < strength < 0.95


def test_scores_by_hand() -> None:
    truth, said = np.array([[2, 0], [1, 0], [0, 3]]), np.array([[True, True], [False, False], [False, True]])
    score = scored(truth, said, np.array([[2, 1], [1, 1], [1, 1]]))
    assert (score.precision, score.recall) == (2 / 3, 2 / 3)
    assert score.strength == 1 / 2
    low, high = interval(truth, said, ["a", "b", "c"])
    assert 0 <= low <= score.f1 <= high <= 1


def test_the_floor_lies_amid_those_that_do_well_on_all_sets() -> None:
    truth = np.array([[1], [1], [0]])
    low, high = np.array([[0.9], [0.5], [0.25]]), np.array([[0.9], [0.65], [0.4]])
    assert best_floor([(truth, low)]) == pytest.approx(0.38, abs=0.08)
    assert 0.42 <= best_floor([(truth, low), (truth, high)]) <= 0.48


def test_a_long_text_is_read_in_stretches_that_make_it_up() -> None:
    sentence = "支持龙头企业牵头组建创新联合体，开展关键核心技术攻关，推动成果就地转化和应用示范。"
    assert stretches(sentence) == (sentence,)
    long = sentence * 20 + "\n　"
    parts = stretches(long)
    assert len(parts) > 1
    assert "".join(parts) == long
    assert all(part.startswith("支持") for part in parts)
    assert stretches("") == ("",)
    assert "".join(stretches("无" * 1000)) == "无" * 1000

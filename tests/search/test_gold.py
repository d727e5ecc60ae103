"""The judged queries: enough of them, soundly judged, of texts that are still what was judged."""

from __future__ import annotations

import hashlib
from collections import Counter

import yaml

from bench.search import GOLD, judged_queries
from kb.corpus import Corpus
from kb.settings import CORPUS

KINDS = {"own_words", "exact_term", "number", "place", "time", "synonym", "multi"}


def _held() -> dict[str, str]:
    return {
        f"{one.document.id}#{p.ordinal}": hashlib.sha256(p.text.encode()).hexdigest()[:8]
        for one in Corpus(CORPUS).documents()
        for p in one.provisions
    }


def test_there_are_enough_queries_of_every_kind_in_both_halves() -> None:
    queries = judged_queries()
    assert len(queries) >= 120
    assert len({q.id for q in queries}) == len({q.query for q in queries}) == len(queries)
    for split in ("tune", "test"):
        kinds = Counter(q.kind for q in queries if q.split == split)
        assert set(kinds) == KINDS
        assert min(kinds.values()) >= 7
        assert abs(sum(kinds.values()) - len(queries) / 2) <= 3


def test_every_query_has_an_answer_and_every_grade_is_one_of_three() -> None:
    for one in judged_queries():
        assert 2 in one.grades.values(), one.id
        assert set(one.grades.values()) <= {0, 1, 2}, one.id
        assert len(one.grades) >= 15, f"{one.id}: the pool was read, not only the answers"


def test_what_was_judged_is_still_what_the_corpus_says() -> None:
    held, marks = _held(), yaml.safe_load(GOLD.read_text("utf8"))["texts"]
    changed = {ref for ref, mark in marks.items() if held.get(ref) != mark}
    assert not changed, "judge these provisions again"
    assert {ref for one in judged_queries() for ref in one.grades} <= set(marks)

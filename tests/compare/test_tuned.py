"""The tuned layers: kept and read back as they were, read once for every text, and joined to the head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kb.compare import tuned
from kb.compare.cues import load_lexicon
from kb.compare.head import TUNED_SHARE, judge, load_head
from kb.compare.head import save as save_head
from kb.compare.tuned import Tuned, load_tuned, save, tuned_name
from kb.errors import KbError
from kb.knowledge import KnowledgeBase
from kb.settings import CORPUS
from tests.samples import FUND, SCENE, corpus_of, draft

LEXICON = load_lexicon(CORPUS)
RNG = np.random.default_rng(0)


def some_tuned(measures: Sequence[str] = ("first", "second")) -> Tuned:
    """Layers moved at random."""
    moved = {"0.dense.weight": RNG.normal(0, 0.01, (6, 4)), "0.dense.bias": RNG.normal(0, 0.01, 6)}
    rows = RNG.normal(0, 1, (2, len(measures), 4)).astype(np.float32)
    arrays = {name: moves.astype(np.float32) for name, moves in moved.items()}
    return Tuned(tuple(measures), "fake", arrays, rows[0], rows[1], np.full(len(measures), -3.0, np.float32))


def test_moves_are_kept_in_eight_bits_and_lose_little(tmp_path: Path) -> None:
    made = some_tuned()
    save(made, tmp_path)
    again = load_tuned(tmp_path)
    assert again is not None
    assert (again.measures, again.model, again.moved.keys()) == (made.measures, made.model, made.moved.keys())
    for name, moves in made.moved.items():
        assert again.moved[name].shape == moves.shape
        assert np.abs(again.moved[name] - moves).max() <= np.abs(moves).max() / 2 / tuned.LEVELS + 1e-9
    assert np.allclose(again.weights, made.weights, atol=2e-3)


def test_a_damaged_file_is_said_to_be_and_none_is_none(tmp_path: Path) -> None:
    assert load_tuned(tmp_path) is None and tuned_name(tmp_path) is None
    path = save(some_tuned(), tmp_path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(KbError, match="已损坏"):
        load_tuned(tmp_path)


def test_the_name_changes_with_the_layers(tmp_path: Path) -> None:
    save(some_tuned(), tmp_path)
    before = tuned_name(tmp_path)
    save(some_tuned(), tmp_path)
    assert tuned_name(tmp_path) != before


def test_a_text_not_read_by_the_tuned_layers_is_judged_by_the_head_alone() -> None:
    head = load_head(CORPUS)
    assert head is not None
    spots = [LEXICON.spots(FUND), LEXICON.spots(SCENE)]
    vectors = np.tile(head.vector.centre, (2, 1))
    said = np.full((2, len(head.measures)), np.nan, np.float32)
    said[1] = -8.0
    _, alone, _ = judge(head, LEXICON, spots, vectors)
    _, joined, _ = judge(head, LEXICON, spots, vectors, tuned=said)
    odds = np.log(alone[1] / (1 - alone[1]))
    assert np.allclose(joined[0], alone[0])
    assert np.allclose(np.log(joined[1] / (1 - joined[1])), (1 - TUNED_SHARE) * odds - 8 * TUNED_SHARE, atol=1e-2)


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KnowledgeBase:
    """A library whose recogniser understands the fake encoder, with tuned layers that say no to everything and keep a
    record of what they read."""
    corpus, head = corpus_of(tmp_path / "corpus", 3), load_head(CORPUS)
    assert head is not None
    rows = {
        name: getattr(head.vector, name)[..., :64] for name in ("centre", "weights", "definitions", "examples")
    }  # fmt: skip
    save_head(replace(head, vector=replace(head.vector, model="fake", **rows)), corpus)
    save(some_tuned(head.measures), corpus)

    class Silent:
        read: list[str] = []

        def __init__(self, corpus: Path, cache: Path) -> None:
            self.name, self.dimension = tuned_name(corpus), len(head.measures)

        def passages(self, texts: Sequence[str]) -> np.ndarray:
            Silent.read += texts
            return np.full((len(texts), self.dimension), -60.0, np.float32)

    monkeypatch.setattr(tuned, "TunedReader", Silent)
    return KnowledgeBase(tmp_path / "kb", "fake", corpus)


def reads(_: KnowledgeBase) -> list[str]:
    """What the tuned layers have read so far."""
    return tuned.TunedReader.read  # type: ignore[attr-defined, no-any-return]


def test_each_text_is_read_once_and_what_was_said_counts(base: KnowledgeBase) -> None:
    base.add([draft("user-plan", [FUND, SCENE])])
    assert {FUND, SCENE} <= set(reads(base)) and len(reads(base)) == len(set(reads(base)))
    assert not any(h.codes for h in base.document("user-plan")[1])
    assert base.label([FUND]) == [()]
    read = len(reads(base))
    lexicon = base.corpus.folder / "lexicon" / "measures.yaml"
    lexicon.write_text(lexicon.read_text("utf8") + "\n", "utf8")
    assert base.recode() > 0
    assert len(reads(base)) == read
    base.close()


def test_other_layers_read_again_what_is_held(base: KnowledgeBase) -> None:
    base.add([draft("user-plan", [FUND, SCENE])])
    read = reads(base).count(FUND)
    save(some_tuned(load_tuned(base.corpus.folder).measures), base.corpus.folder)  # type: ignore[union-attr]
    assert base.recode() > 0
    assert reads(base).count(FUND) == read + 1
    base.close()


def test_a_corpus_without_tuned_layers_is_coded_by_the_head_alone(base: KnowledgeBase) -> None:
    (base.corpus.folder / tuned.FILE).unlink()
    base.add([draft("user-plan", [FUND, SCENE])])
    assert not reads(base)
    assert base.library.count() > 0
    base.close()

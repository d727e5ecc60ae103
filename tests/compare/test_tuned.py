"""The tuned layers: kept and read back as they were, read once for every text, and joined to the head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kb.check import problems
from kb.compare import tuned
from kb.compare.cues import load_lexicon, stretches
from kb.compare.head import TUNED_SHARE, judge, load_head
from kb.compare.head import save as save_head
from kb.compare.tuned import FILE, Tuned, TunedReader, layers_of, load_tuned, module, save, tuned_name
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
    save(made, tmp_path / "tuned.npz")
    again = load_tuned(tmp_path / "tuned.npz")
    assert again is not None
    assert (again.measures, again.model, again.moved.keys()) == (made.measures, made.model, made.moved.keys())
    for name, moves in made.moved.items():
        assert again.moved[name].shape == moves.shape
        assert np.abs(again.moved[name] - moves).max() <= np.abs(moves).max() / 2 / tuned.LEVELS + 1e-9
    assert np.allclose(again.weights, made.weights, atol=2e-3)


@pytest.mark.parametrize("size", [0, 200, 900])
def test_a_damaged_file_is_said_to_be_and_none_is_none(tmp_path: Path, size: int) -> None:
    assert load_tuned(tmp_path / FILE) is None and tuned_name(tmp_path) is None
    save(some_tuned(), tmp_path / FILE)
    (tmp_path / FILE).write_bytes((tmp_path / FILE).read_bytes()[:size])
    with pytest.raises(KbError, match="已损坏"):
        load_tuned(tmp_path / FILE)


def test_the_name_changes_with_the_layers(tmp_path: Path) -> None:
    save(some_tuned(), tmp_path / FILE)
    before = tuned_name(tmp_path)
    save(some_tuned(), tmp_path / FILE)
    assert tuned_name(tmp_path) != before


def test_layers_made_with_another_head_are_refused(tmp_path: Path) -> None:
    head = load_head(CORPUS)
    assert head is not None and layers_of(head, tmp_path) is None
    for measures in (head.measures[:-1], head.measures[::-1]):
        save(replace(some_tuned(measures), model=head.vector.model), tmp_path / FILE)
        with pytest.raises(KbError, match="不是一起训练的"):
            layers_of(head, tmp_path)
    save(replace(some_tuned(head.measures), model=head.vector.model), tmp_path / FILE)
    assert layers_of(head, tmp_path) == tuned_name(tmp_path)


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


LONG = "".join(f"第{n}批试点县区完善农村公路养护，做好汛前检查和水毁修复。" for n in range(1, 40)) + FUND


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KnowledgeBase:
    """A library whose recogniser understands the fake encoder, with tuned layers that are sure of a credit in what speaks
    of scenes, sure of nothing else, and keep a record of what they read."""
    corpus, head = corpus_of(tmp_path / "corpus", 3), load_head(CORPUS)
    assert head is not None
    rows = {
        name: getattr(head.vector, name)[..., :64] for name in ("centre", "weights", "definitions", "examples")
    }  # fmt: skip
    save_head(replace(head, vector=replace(head.vector, model="fake", **rows)), corpus)
    save(some_tuned(head.measures), corpus / FILE)

    class Sure:
        read: list[str] = []

        def __init__(self, corpus: Path, cache: Path) -> None:
            self.name = tuned_name(corpus)

        def passages(self, texts: Sequence[str]) -> np.ndarray:
            Sure.read += texts
            said = np.full((len(texts), len(head.measures)), -60.0, np.float32)
            said[["场景" in text for text in texts], head.measures.index("credit")] = 60
            return said

    monkeypatch.setattr(tuned, "TunedReader", Sure)
    return KnowledgeBase(tmp_path / "kb", "fake", corpus)


def reads() -> list[str]:
    """What the tuned layers have read so far."""
    return tuned.TunedReader.read  # type: ignore[attr-defined, no-any-return]


def coded(base: KnowledgeBase) -> dict[str, set[str]]:
    """The measures of each provision of the user's plan."""
    return {h.provision.text: {c.measure for c in h.codes} for h in base.document("user-plan")[1]}


def test_each_stretch_is_read_once_and_what_was_said_of_it_counts(base: KnowledgeBase) -> None:
    assert len(stretches(LONG)) > 1
    base.add([draft("user-plan", [FUND, LONG, SCENE])])
    assert {FUND, SCENE, *stretches(LONG)} <= set(reads()) and LONG not in reads()
    assert len(reads()) == len(set(reads()))
    assert (coded(base)[FUND], coded(base)[LONG], coded(base)[SCENE]) == (set(), set(), {"credit"})
    assert [[c.measure for c in codes] for codes in base.label([FUND, SCENE])] == [[], ["credit"]]
    read = len(reads())
    lexicon = base.corpus.folder / "lexicon" / "measures.yaml"
    lexicon.write_text(lexicon.read_text("utf8") + "\n", "utf8")
    assert base.recode() > 0
    assert len(reads()) == read and coded(base)[SCENE] == {"credit"}
    base.close()


def test_other_layers_read_again_what_is_held(base: KnowledgeBase) -> None:
    base.add([draft("user-plan", [FUND, SCENE])])
    held = next(h for h in base.document("user-plan")[1] if h.provision.text == SCENE)
    read, layers = reads().count(SCENE), load_tuned(base.corpus.folder / FILE)
    assert layers is not None
    save(replace(layers, offsets=layers.offsets + 1), base.corpus.folder / FILE)
    base.close()
    again = KnowledgeBase(base.home, "fake", base.corpus.folder)
    # asked before anything was coded anew, the layers of now answer
    assert [e.measure for e in again.explain_held(held.id)] == ["credit"]
    assert again.recode() > 0
    assert reads().count(SCENE) == read + 2
    again.close()


def test_what_was_said_and_is_damaged_is_said_anew(base: KnowledgeBase) -> None:
    base.add([draft("user-plan", [FUND, SCENE])])
    name = tuned_name(base.corpus.folder)
    with base.library.transaction():
        base.library._db.execute("UPDATE vector SET data=zeroblob(8) WHERE model=?", (name,))
    assert any("识别得分已损坏" in fault for fault in problems(base))
    lexicon = base.corpus.folder / "lexicon" / "measures.yaml"
    lexicon.write_text(lexicon.read_text("utf8") + "\n", "utf8")
    base.recode()
    assert coded(base)[SCENE] == {"credit"} and reads().count(SCENE) == 2
    base.close()


def test_a_corpus_without_tuned_layers_is_coded_by_the_head_alone(base: KnowledgeBase) -> None:
    (base.corpus.folder / FILE).unlink()
    base.add([draft("user-plan", [FUND, SCENE])])
    assert not reads()
    assert coded(base)[FUND] and "credit" not in coded(base)[SCENE]
    base.close()


def test_layers_of_another_build_of_the_model_are_refused() -> None:
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=50, hidden_size=8, num_hidden_layers=12, num_attention_heads=2, intermediate_size=8
    )
    with pytest.raises(KbError, match="不配套"):
        module(BertModel(config), some_tuned())


def test_what_ships_speaks_of_the_measures_of_the_head() -> None:
    shipped, head = load_tuned(CORPUS / FILE), load_head(CORPUS)
    assert shipped is not None and head is not None
    assert (shipped.measures, shipped.model) == (head.measures, head.vector.model)


@pytest.mark.model
def test_the_compiled_layers_say_what_training_measured() -> None:
    from kb.compare.tuning import Bench
    from kb.settings import settings

    texts = [FUND, SCENE, "成立由市长任组长的未来产业发展领导小组。", "今日多云转晴。"]
    reader, shipped = TunedReader(CORPUS, settings().cache), load_tuned(CORPUS / FILE)
    assert shipped is not None
    bench = Bench(texts)
    said = reader.passages(texts)
    # weights of 16 bits here, states of 16 bits there
    assert np.allclose(said, bench.read(shipped, np.arange(len(texts))), atol=0.05)
    best = [shipped.measures[j] for j in said.argmax(axis=1)]
    assert best[:3] == ["patient_capital", "scenario_list", "coordination"] and (said[3] < 0).all()


@pytest.mark.model
def test_a_text_is_read_alone_as_beside_others() -> None:
    from kb.settings import settings

    reader, texts = TunedReader(CORPUS, settings().cache), [FUND, SCENE, LONG[:400], "今日多云转晴。"]
    alone = np.concatenate([reader.passages([text]) for text in texts])
    assert np.allclose(reader.passages(texts), alone, atol=1e-3)

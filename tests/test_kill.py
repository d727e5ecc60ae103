"""A process killed with SIGKILL at any step leaves library and indexes in agreement, in the old state or the new."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from kb import encoding
from kb.check import problems
from kb.knowledge import KnowledgeBase
from tests.samples import content, corpus_of

if not hasattr(os, "fork"):
    pytest.skip("needs SIGKILL and fork", allow_module_level=True)

from tests.killing import killed, named_encoder

OTHER = "other-fake"


@pytest.fixture(autouse=True)
def any_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever name a fake model has, it is fake."""
    monkeypatch.setattr(encoding, "load_encoder", named_encoder)


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus without documents."""
    folder = corpus_of(tmp_path_factory.mktemp("nothing") / "corpus", 0)
    (folder / "attestations.yaml").write_text("[]", "utf8")
    return folder


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of two digests."""
    return corpus_of(tmp_path_factory.mktemp("little") / "corpus", 2)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory, nothing: Path) -> Path:
    """The home of a knowledge base of two documents with saved indexes."""
    home = tmp_path_factory.mktemp("start") / "kb"
    killed(home, nothing, "prepare", 0)
    return home


def state(home: Path, corpus: Path, model: str = "fake") -> list[Any]:
    """What the library holds, after making sure that all agrees and both legs can be asked."""
    base = KnowledgeBase(home, model, corpus)
    found = problems(base)
    for mode in ("lexical", "dense"):
        base.search("未来产业方案", mode)  # type: ignore[arg-type]
    held = content(base)
    base.close()
    assert found == []
    return held


@pytest.mark.parametrize("verb", ["add", "replace", "remove"])
def test_killed_at_any_step_the_old_or_the_new_state_is_held(
    start: Path, nothing: Path, tmp_path: Path, verb: str
) -> None:
    before = state(shutil.copytree(start, tmp_path / "before"), nothing)
    clean = shutil.copytree(start, tmp_path / "clean")
    killed(clean, nothing, verb, 0)
    after = state(clean, nothing)
    for step in itertools.count(1):
        home = shutil.copytree(start, tmp_path / str(step))
        died, steps = killed(home, nothing, verb, step)
        if not died:
            break
        assert state(home, nothing) in (before, after), f"killed at step {steps[-1]}"
    assert state(home, nothing) == after
    assert step > 15
    assert before != after


def test_a_build_killed_and_started_again_ends_as_one_clean_run(little: Path, tmp_path: Path) -> None:
    _, steps = killed(tmp_path / "clean", little, "build", 0)
    clean = state(tmp_path / "clean", little)
    for step in range(1, len(steps) + 1, max(1, len(steps) // 12)):
        home = tmp_path / str(step)
        died, _ = killed(home, little, "build", step)
        assert died
        again, _ = killed(home, little, "build", step + 2)  # killed once more, a little further on
        killed(home, little, "build", 0)
        assert state(home, little) == clean, f"killed at step {steps[step - 1]}, again: {again}"


def test_a_change_of_model_killed_at_any_time_leaves_a_library_that_answers(little: Path, tmp_path: Path) -> None:
    killed(tmp_path / "start", little, "build", 0)
    _, steps = killed(shutil.copytree(tmp_path / "start", tmp_path / "clean"), little, "build", 0, OTHER)
    clean = state(tmp_path / "clean", little, OTHER)
    for step in range(1, len(steps) + 1, max(1, len(steps) // 8)):
        home = shutil.copytree(tmp_path / "start", tmp_path / str(step))
        died, _ = killed(home, little, "build", step, OTHER)
        assert died
        base = KnowledgeBase(home, OTHER, little)
        assert base.search("未来产业", "dense"), f"killed at step {steps[step - 1]}"
        assert problems(base) == [] or base.encoding.in_force == "fake"
        base.close()
        killed(home, little, "build", 0, OTHER)
        assert state(home, little, OTHER) == clean

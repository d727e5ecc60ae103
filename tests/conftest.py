"""Shared by all tests: no test needs a model unless it says so, and the shipped corpus is built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import kb
from kb.knowledge import KnowledgeBase
from tests.samples import corpus_of

# a generated test says what holds, not how fast this machine is today
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


@pytest.fixture(autouse=True)
def fake_model(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Tests run with the fake encoder, except those marked ``model``."""
    if request.node.get_closest_marker("model") is None:
        monkeypatch.setenv("KB_MODEL", "fake")


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The shipped corpus with the fake encoder; for reading only."""
    base = kb.open(tmp_path_factory.mktemp("shipped"), model="fake")
    base.build()
    yield base
    base.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """An empty knowledge base with the fake encoder, to write to."""
    base = kb.open(tmp_path / "kb", model="fake")
    yield base
    base.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus of three digests and the knowledge base made of it; to copy, not to write to."""
    folder = tmp_path_factory.mktemp("built")
    made = KnowledgeBase(folder / "kb", "fake", corpus_of(folder / "corpus", 3))
    made.build()
    made.close()
    return folder

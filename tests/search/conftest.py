"""The shipped corpus with the real model, built once for all relevance tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import kb
from kb.knowledge import KnowledgeBase


@pytest.fixture(scope="session")
def shipped_with_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The shipped corpus with the default encoder; for reading only."""
    base = kb.open(tmp_path_factory.mktemp("relevance"), model="default")
    base.build()
    yield base
    base.close()

"""What the baseline has that comes nearest: only what has to do with the measure, or stands far out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import pytest

from kb.compare.frame import Frame, load_frame
from kb.compare.nearest import Nearest
from kb.compare.result import Evidence
from kb.library import Library
from kb.model import Code, Document, Held, Provision
from kb.settings import CORPUS

OWN, PEER, SIZE = "own", "peer", 20
GUIDANCE = (Code("guidance_fund", 2, "editor", 1.0),)


class Shelf:
    """A library of two documents with given vectors: of the peer's provisions the first speaks of the measure."""

    def __init__(self, alike: int, codes: Mapping[int, tuple[Code, ...]]) -> None:
        """The first ``alike`` provisions of the baseline say what the peer's first says."""
        self._codes = codes
        own = np.eye(SIZE + 2, dtype=np.float32)[:SIZE]
        own[:alike] = np.eye(SIZE + 2, dtype=np.float32)[SIZE]
        peer = np.eye(SIZE + 2, dtype=np.float32)[[SIZE, SIZE + 1]]
        self._rows = np.concatenate([own, peer])

    def spans(self) -> Mapping[str, tuple[int, int]]:
        """First and last provision of each document."""
        return {OWN: (0, SIZE - 1), PEER: (SIZE, SIZE + 1)}

    def vectors(self, model: str, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """Numbers and vectors of these provisions."""
        return np.arange(first, last + 1), self._rows[first : last + 1]

    def held(self, ids: Sequence[int]) -> list[Held]:
        """These provisions."""
        return [Held(i, OWN, Provision(i, f"（{i}）", (), "item", "条款", 0, 2), self._codes.get(i, ())) for i in ids]


@pytest.fixture(scope="module")
def frame() -> Frame:
    return load_frame(CORPUS)


def nearest(frame: Frame, alike: int, codes: Mapping[int, tuple[Code, ...]]) -> Any:
    own, peer = (Document(i, "重庆", "省级", i) for i in (OWN, PEER))
    provision = Provision(0, "一", (), "item", "设立未来产业专项基金。", 0, 11)
    evidence = Evidence(peer, Held(SIZE, PEER, provision), 2, "editor", 1.0)
    looking = Nearest(cast(Library, Shelf(alike, codes)), "fake", frame, [own])
    return looking(frame.measure("special_fund"), [evidence])


def test_what_stands_far_out_is_shown_whatever_it_is_coded_as(frame: Frame) -> None:
    assert nearest(frame, 1, {})[1].id == 0


def test_what_is_only_somewhat_nearer_is_shown_if_it_has_to_do_with_the_measure(frame: Frame) -> None:
    assert nearest(frame, 3, {}) is None
    assert nearest(frame, 3, {2: GUIDANCE})[1].id == 2
    assert nearest(frame, 3, {2: (Code("standards", 2, "editor", 1.0),)}) is None

"""A second look at the best hits."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Thread

import numpy as np
import pytest

from kb.cli import main
from kb.encode import FakeEncoder
from kb.errors import KbError
from kb.knowledge import KnowledgeBase
from kb.rerank import SecondLook
from kb.search import Searcher
from tests.search.make import found, put


class Counting(FakeEncoder):
    """A fake encoder that remembers which passages it was given."""

    def __init__(self) -> None:
        """With nothing asked yet."""
        self.asked: list[str] = []

    def tokens(self, texts: Sequence[str], query: bool = False) -> list[np.ndarray]:
        """As the fake encoder, counted."""
        self.asked += [] if query else texts
        return super().tokens(texts, query)


class Pooled:
    """An encoder without vectors of pieces."""

    name, dimension = "pooled", 2


def test_a_passage_is_scored_by_the_share_of_the_question_it_meets() -> None:
    # of the pairs 投早 早投 投小 the first passage holds all, the second one, the third none
    scores = SecondLook(FakeEncoder()).scores("投早投小", ["坚持投早投小", "坚持投早", "建设园区"])
    assert list(scores) == pytest.approx([1, 1 / 3, 0])


def test_a_passage_encoded_lately_is_not_encoded_again() -> None:
    encoder = Counting()
    look = SecondLook(encoder)
    look.scores("投早投小", ["甲乙", "丙丁"])
    look.scores("首台套", ["丙丁", "戊己"])
    assert encoder.asked == ["甲乙", "丙丁", "戊己"]


def test_a_question_without_pieces_changes_nothing() -> None:
    assert list(SecondLook(FakeEncoder()).scores("？", ["甲乙"])) == [0]


def test_a_model_that_cannot_is_refused_in_words() -> None:
    with pytest.raises(KbError, match="精排"):
        SecondLook(Pooled())  # type: ignore[arg-type]


def test_the_order_of_the_best_follows_the_second_look_when_asked_for(
    empty: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"建设产业{what}。" for what in ("园区", "基地", "集群", "平台", "高地", "联盟")]
    put(empty, "one", texts)
    before = found(empty, "建设产业")
    last = texts[int(before[-1].partition("#")[2])].rstrip("。")
    monkeypatch.setattr(SecondLook, "scores", lambda _, __, passages: np.array([float(last in p) for p in passages]))
    assert found(empty, "建设产业", rerank=True)[0] == before[-1]
    assert found(empty, "建设产业") == before, "the next search is an ordinary one"


def test_a_writer_faster_than_the_search_does_not_break_it(empty: KnowledgeBase) -> None:
    put(empty, "old", ["设立未来产业专项基金。"])
    empty.refresh()

    def write() -> None:
        put(empty, "new", ["设立未来产业引导基金。"])
        empty.refresh()

    with empty.library.reading():
        assert empty.library.count() == 1
        writer = Thread(target=write)
        writer.start()
        writer.join()
        assert len(empty.lexical) == 2, "the index holds what the state read here does not"
        look = SecondLook(FakeEncoder())
        hits = Searcher(empty.library, empty.vectors, empty.lexical, empty.encoder, second=look).search(
            "未来产业基金"
        )
        assert [h.document.id for h in hits] == ["old"]


def test_other_ways_of_searching_have_no_second_look(empty: KnowledgeBase) -> None:
    put(empty, "one", ["设立未来产业专项基金。"])
    with pytest.raises(KbError, match="综合"):
        empty.search("基金", "lexical", rerank=True)


def test_the_command_line_takes_it(empty: KnowledgeBase, capsys: pytest.CaptureFixture[str]) -> None:
    put(empty, "one", ["设立未来产业专项基金。", "发挥引导基金作用。"])
    assert main(["search", "未来产业基金", "--rerank", "--kb", str(empty.home)]) == 0
    assert "专项基金" in capsys.readouterr().out

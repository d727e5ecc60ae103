"""Encoders: the compiled default equals the plain model on the whole corpus; the fake one needs nothing."""

from __future__ import annotations

import numpy as np
import pytest

from kb import e5
from kb.corpus import Corpus
from kb.encode import CompiledEncoder, FakeEncoder, SentenceTransformerEncoder, encoder_name, load_encoder
from kb.errors import KbError
from kb.settings import CORPUS, settings

QUERIES = [
    "有没有哪个省给初创企业亏损容忍的基金？",
    "揭榜挂帅",
    "低空经济起降点",
    "BCI 临床",
    "６Ｇ与ｅＶＴＯＬ",
    "①项目库；㎡",
]


@pytest.mark.model
def test_the_compiled_graph_ranks_the_whole_corpus_as_the_plain_model_does() -> None:
    folder = e5.model_folder(settings().cache)
    fast, plain = CompiledEncoder(folder), SentenceTransformerEncoder(str(folder))
    texts = [p.text for one in Corpus(CORPUS).documents() for p in one.provisions]
    ours, theirs = fast.passages(texts), plain.passages(texts)
    assert np.allclose((ours * theirs).sum(1), 1, atol=1e-4)
    for query in QUERIES:
        mine, reference = fast.query(query), plain.query(query)
        assert list(np.argsort(-(ours @ mine))[:10]) == list(np.argsort(-(theirs @ reference))[:10])


@pytest.mark.model
def test_meaning_is_nearer_than_noise() -> None:
    encoder = load_encoder("default", settings().cache)
    near, far = encoder.passages(["设立50亿元未来产业天使基金，投早投小投硬科技。", "今日多云转晴，最高气温二十度。"])
    query = encoder.query("政府有没有出钱支持刚起步的科技公司")
    assert query @ near > query @ far
    assert np.isclose(np.linalg.norm(query), 1, atol=1e-4)


@pytest.mark.model
def test_a_text_longer_than_the_model_reads_is_encoded_without_error() -> None:
    encoder = load_encoder("default", settings().cache)
    assert encoder.passages(["未来产业" * 2000]).shape == (1, 384)
    assert encoder.passages([]).shape == (0, 384)


def test_the_fake_encoder_finds_likeness_without_a_model() -> None:
    encoder = FakeEncoder()
    near, far = encoder.passages(["未来产业先导区创建", "税费优惠与加计扣除"])
    query = encoder.query("未来产业先导区")
    assert query @ near > query @ far
    assert encoder.passages([]).shape == (0, encoder.dimension)


def test_vectors_carry_the_name_of_their_model() -> None:
    assert encoder_name("default") == "multilingual-e5-small"
    assert encoder_name("fake") == FakeEncoder.name
    assert encoder_name("BAAI/bge-small-zh-v1.5") == "BAAI/bge-small-zh-v1.5"


def test_a_model_that_cannot_be_loaded_says_what_to_do(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(KbError, match="无法载入模型"):
        load_encoder(str(tmp_path / "nothing"), tmp_path)

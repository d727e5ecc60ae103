"""A stranger's test set: scored as it is, whatever its files leave out, and resumed where it was interrupted."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bench import beir
from bench.beir import judgements, opened, score_beir
from kb.encode import FakeEncoder
from kb.errors import KbError
from kb.settings import PROJECT

ENTRIES: Sequence[Mapping[str, object]] = (
    {"_id": "fund", "title": "某省办法", "text": "设立未来产业专项基金。"},
    {"_id": "zone", "title": "某市方案", "text": "建设市级未来产业先导区。"},
    {"_id": 7, "text": "推动脑机接口攻关。"},
    {"_id": "bare", "title": "低空经济条例", "text": ""},
    {"_id": "nothing", "title": None, "text": None},
    {"_id": "twice", "title": "", "text": "旧的文字"},
    {"_id": "twice", "title": "", "text": "氢能重卡示范应用"},
)
QUERIES: Sequence[Mapping[str, object]] = (
    {"_id": "q1", "text": "专项基金"},
    {"_id": 2, "text": "脑机接口"},
    {"_id": "q3", "text": "低空经济条例"},
    {"_id": "q4", "text": "氢能重卡"},
    {"_id": "empty", "text": ""},
    {"_id": "unjudged", "text": "先导区"},
    {"_id": "zero", "text": "先导区"},
)
QRELS = "query-id\tcorpus-id\tscore\nq1\tfund\t1\nq1\tzone\t0\n2\t7\t2\nq3\tbare\t1\nq4\ttwice\t1\nzero\tzone\t0\ngone\tfund\t1\n"


def written(folder: Path, entries: Sequence[Mapping[str, object]] = ENTRIES, qrels: str = QRELS) -> Path:
    """The set in ``folder``."""
    (folder / "qrels").mkdir(parents=True)
    for name, rows in (("corpus", entries), ("queries", QUERIES)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, "utf8")
    (folder / "qrels" / "test.tsv").write_text(qrels, "utf8")
    return folder


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries of these tests lie in a folder of their own."""
    monkeypatch.setenv("KB_CACHE", str(tmp_path / "cache"))


def silent(done: int, total: int, text: str) -> None:
    """Progress nobody wants to see."""


def test_every_query_with_an_answer_counts_and_no_other(tmp_path: Path) -> None:
    lines = score_beir(written(tmp_path / "set"), silent, rerank=True)
    assert [line["row"] for line in lines] == [*beir.MODES, "融合＋精排"]
    assert all(line["nDCG@10"] == line["recall@100"] == line["MRR"] == pytest.approx(1) for line in lines)


def test_an_empty_query_with_an_answer_finds_nothing(tmp_path: Path) -> None:
    (line, *_) = score_beir(written(tmp_path / "set", qrels=QRELS + "empty\tfund\t1\n"), silent)
    assert line["recall@100"] == pytest.approx(4 / 5)


def test_an_entry_is_held_once_in_its_last_form_and_empty_ones_not_at_all(tmp_path: Path) -> None:
    base = opened(written(tmp_path / "set"), silent)
    texts = {d.id: base.library.text(d.id) for d in base.documents()}
    base.close()
    assert texts == {"fund": "设立未来产业专项基金。", "zone": "建设市级未来产业先导区。", "7": "推动脑机接口攻关。",
                     "bare": "低空经济条例", "twice": "氢能重卡示范应用"}  # fmt: skip


def test_judgements_are_read_with_or_without_header_and_in_the_form_of_trec(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("\ufeffquery-id\tcorpus-id\tscore\r\nq\td\t1.0\r\n", "utf8")
    (tmp_path / "b.tsv").write_text('q 0 d 1\nq 0 "e 0\n', "utf8")
    assert judgements(tmp_path / "a.tsv") == {"q": {"d": 1}}
    assert judgements(tmp_path / "b.tsv") == {"q": {"d": 1, '"e': 0}}


@pytest.mark.parametrize(("name", "line"), [("corpus", '{"text": "没有编号"}'), ("queries", "[]"), ("corpus", "{")])
def test_a_file_that_is_not_what_it_should_be_is_named_with_its_line(tmp_path: Path, name: str, line: str) -> None:
    folder = written(tmp_path / "set")
    with (folder / f"{name}.jsonl").open("a", encoding="utf8") as file:
        file.write(line + "\n")
    with pytest.raises(KbError, match=rf"{name}\.jsonl 第 8 行"):
        score_beir(folder, silent)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KbError, match=r"test\.tsv"):
        score_beir(tmp_path, silent)


def test_a_set_without_any_answer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KbError, match="判定"):
        score_beir(written(tmp_path / "set", qrels="query-id\tcorpus-id\tscore\n"), silent)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [{"_id": f"d{n}", "title": "", "text": f"第{n}项措施：支持企业{n}号项目。"} for n in range(90)]
    folder = written(tmp_path / "set", [*ENTRIES, *many])
    script = (
        "import os, signal, sys; from pathlib import Path; from bench import beir; from kb.encode import FakeEncoder\n"
        "beir.AT_ONCE = 20; plain = FakeEncoder.passages; calls = []\n"
        "def passages(self, texts):\n"
        "    calls.append(1)\n"
        "    if len(calls) == 3: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return plain(self, texts)\n"
        "FakeEncoder.passages = passages\n"
        "beir.score_beir(Path(sys.argv[1]), lambda *_: None)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(folder)], cwd=PROJECT, env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL

    encoded: list[str] = []
    plain = FakeEncoder.passages
    monkeypatch.setattr(beir, "AT_ONCE", 20)
    monkeypatch.setattr(FakeEncoder, "passages", lambda self, texts: (encoded.extend(texts), plain(self, texts))[1])
    lines = score_beir(folder, silent)
    assert 0 < len(encoded) <= 60, "what the killed run had encoded is not encoded again"
    assert all(math.isclose(line["recall@100"], 1) for line in lines)  # type: ignore[arg-type]
    encoded.clear()
    assert score_beir(folder, silent) == lines
    assert encoded == []

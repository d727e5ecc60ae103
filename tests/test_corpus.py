"""The shipped corpus is sound, and its schema turns away what is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.compare.frame import load_frame
from kb.corpus import Corpus
from kb.errors import KbError
from kb.settings import CORPUS

PLAN = "cq-2024-action-plan"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A corpus of one digest, to be spoilt."""
    (tmp_path / "digests").mkdir()
    for name in ("frame.yaml", "regions.yaml"):
        shutil.copy(CORPUS / name, tmp_path)
    rows = yaml.safe_load((CORPUS / "sources.yaml").read_text("utf8"))
    (tmp_path / "sources.yaml").write_text(yaml.safe_dump([r for r in rows if r["id"] == PLAN]), "utf8")
    shutil.copy(CORPUS / "digests" / f"{PLAN}.yaml", tmp_path / "digests")
    return tmp_path


def edit(path: Path, change: Callable[[Any], None]) -> None:
    content = yaml.safe_load(path.read_text("utf8"))
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf8")


def test_the_shipped_corpus_is_sound() -> None:
    assert Corpus(CORPUS).faults() == []


def test_the_shipped_corpus_covers_the_country() -> None:
    documents = [d.document for d in Corpus(CORPUS).documents()]
    policies = [d for d in documents if d.is_policy]
    assert len(policies) >= 60
    assert len({d.region for d in policies if d.level == "省级"}) >= 15
    assert any(d.level == "国家级" for d in policies)
    assert {"成都", "南通", "深圳", "广州", "杭州", "武汉"} <= {d.region for d in policies}
    counts = [d.region for d in policies]
    assert max(set(counts), key=counts.count) == "重庆"


def test_every_digest_says_it_is_one() -> None:
    for one in Corpus(CORPUS).documents():
        assert one.document.coverage == "partial"
        assert one.document.basis
        assert all(p.source and p.certainty for p in one.provisions)


def test_a_digest_line_is_its_span_of_the_text() -> None:
    for one in Corpus(CORPUS).documents():
        assert all(one.text[p.start : p.end] == p.text for p in one.provisions)


def test_the_sound_copy_is_accepted(copy: Path) -> None:
    assert Corpus(copy).faults() == []


@pytest.mark.parametrize(
    ("file", "change", "complaint"),
    [
        ("sources.yaml", lambda rows: rows[0].update(issued="2024-13-01"), "不是日期"),
        ("sources.yaml", lambda rows: rows[0].update(issued="2023-02-30"), "不是日期"),
        ("sources.yaml", lambda rows: rows[0].update(region="火星"), "不在 regions.yaml"),
        ("sources.yaml", lambda rows: rows[0].update(url="见官网"), "不是网址"),
        ("sources.yaml", lambda rows: rows[0].pop("title"), "缺少 title"),
        ("sources.yaml", lambda rows: rows.append(rows[0]), "重复"),
        (f"digests/{PLAN}.yaml", lambda d: d["items"][0].pop("source"), "缺少来源"),
        (f"digests/{PLAN}.yaml", lambda d: d["items"][0].update(text=" "), "缺少正文"),
        (f"digests/{PLAN}.yaml", lambda d: d["items"][0].update(measures={"no_such": 2}), "不在分析框架"),
        (f"digests/{PLAN}.yaml", lambda d: d["items"][0].update(measures={"credit": 4}), "力度"),
        (f"digests/{PLAN}.yaml", lambda d: d.update(coverage="full"), "partial"),
        (f"digests/{PLAN}.yaml", lambda d: d.update(id="other"), "不一致"),
    ],
)
def test_the_schema_turns_away(copy: Path, file: str, change: Callable[[Any], None], complaint: str) -> None:
    edit(copy / file, change)
    faults = Corpus(copy).faults()
    assert any(complaint in fault for fault in faults)
    with pytest.raises(KbError, match="处错误"):
        list(Corpus(copy).documents())


def test_a_file_that_is_no_yaml_is_named(copy: Path) -> None:
    (copy / "digests" / f"{PLAN}.yaml").write_text("items: [", "utf8")
    assert any(f"{PLAN}.yaml" in fault for fault in Corpus(copy).faults())


def test_definitions_name_other_measures_in_words() -> None:
    frame = load_frame(CORPUS)
    told = "".join(m.includes + m.excludes for m in frame.measures)
    assert "见“先导区评价体系”" in told and not any(f"见 {m.id}" in told for m in frame.measures)
    assert "只算“提及”" in told and "算 1" not in told

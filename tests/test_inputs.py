"""From a registered address to the comparison: pulling replaces a digest by the full text and keeps it as history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kb.errors import KbError
from kb.inputs import discover_region, expand, obtain, pull_inputs
from kb.knowledge import KnowledgeBase
from kb.pull import Fetcher, Limits
from tests.site import PLAN, TITLE, Site, page, running

REGISTERED = "cq-2024-action-plan"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def site() -> Iterator[tuple[Site, str]]:
    made = Site()
    with running(made) as address:
        yield made, address


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(Limits(delay=0, retries=0), private_hosts=True) as made:
        yield made


@pytest.fixture
def base(empty: KnowledgeBase, site: tuple[Site, str]) -> KnowledgeBase:
    """The shipped corpus with one document's address on the local site."""
    empty.build()
    empty.corpus.__dict__["registry"] = tuple(
        replace(d, title=TITLE, doc_number="某府办发〔2025〕18号", url=f"{site[1]}/plan.html", mirrors=())
        if d.id == REGISTERED else d
        for d in empty.corpus.registry
    )  # fmt: skip
    return empty


def pulled(base: KnowledgeBase, fetcher: Fetcher) -> dict[str, Any]:
    (row,) = pull_inputs(base, ids=[REGISTERED], fetcher=fetcher)
    return row


def test_the_full_text_replaces_the_digest_which_stays_as_history(
    base: KnowledgeBase, site: tuple[Site, str], fetcher: Fetcher
) -> None:
    site[0].put("/plan.html", page(PLAN), ETag='"one"')
    row = pulled(base, fetcher)
    assert row["status"] == "ok"
    document, held = base.document(REGISTERED)
    assert document.coverage == "full"
    assert any("总规模200亿元" in h.provision.text for h in held)
    ((_, digest, text),) = base.library.history(REGISTERED)
    assert digest.coverage == "partial"
    assert "6个高成长未来产业" in text
    (snapshot,) = base.library.snapshots(REGISTERED)
    assert base.snapshot_path(snapshot.sha256).exists()
    found = base.search("未来产业基金 200亿元", k=5)
    assert any(h.document.id == REGISTERED for h in found)


def test_building_again_keeps_the_full_text(base: KnowledgeBase, site: tuple[Site, str], fetcher: Fetcher) -> None:
    site[0].put("/plan.html", page(PLAN))
    pulled(base, fetcher)
    base.build()
    assert base.library.document(REGISTERED).coverage == "full"


def test_what_has_not_changed_is_left_alone(base: KnowledgeBase, site: tuple[Site, str], fetcher: Fetcher) -> None:
    site[0].put("/plan.html", page(PLAN))
    pulled(base, fetcher)
    generation = base.library.generation()
    assert pulled(base, fetcher)["status"] in ("ok", "unchanged")
    assert base.library.generation() == generation


def test_a_challenge_page_is_reported_and_the_digest_stays(
    base: KnowledgeBase, site: tuple[Site, str], fetcher: Fetcher
) -> None:
    site[0].put("/plan.html", "<html><body>请完成安全验证</body></html>", 412)
    row = pulled(base, fetcher)
    assert row["status"] == "blocked"
    assert "另存" in row["told"] or "保存" in row["told"]
    assert base.library.document(REGISTERED).coverage == "partial"
    assert base.library.snapshots(REGISTERED) == []


def test_an_unknown_id_is_named(base: KnowledgeBase, fetcher: Fetcher) -> None:
    with pytest.raises(KbError, match="没有编号 nowhere"):
        list(pull_inputs(base, ids=["nowhere"], fetcher=fetcher))


def test_a_region_without_list_pages_says_so() -> None:
    with pytest.raises(KbError, match="还没有登记"):
        discover_region("南通", "未来产业")


def test_a_folder_stands_for_its_files_but_not_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden", "子/c.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", "utf8")
    assert [Path(p).name for p in expand([str(tmp_path)])] == ["a.txt", "b.txt", "c.md"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KbError, match=r"找不到文件.*没有\.pdf"):
        obtain(str(tmp_path / "没有.pdf"))

"""From a registered address to the comparison: pulling replaces a digest by the full text and keeps it as history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kb.errors import KbError
from kb.inputs import add_inputs, discover_region, expand, obtain, pull_inputs, read_inputs
from kb.knowledge import KnowledgeBase
from kb.pull import Fetcher, Limits, fetch_page
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


def test_pulling_again_does_not_claim_to_replace_a_digest(
    base: KnowledgeBase, site: tuple[Site, str], fetcher: Fetcher
) -> None:
    site[0].put("/plan.html", page(PLAN))
    assert "已替换摘编" in pulled(base, fetcher)["told"]
    assert "与已入库的相同" in pulled(base, fetcher)["told"]
    site[0].put("/plan.html", page(PLAN.replace("200亿元", "300亿元")))
    assert "已更新（旧版存入历史）" in pulled(base, fetcher)["told"]


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


def test_a_part_of_the_text_leaves_the_digest(base: KnowledgeBase, site: tuple[Site, str], fetcher: Fetcher) -> None:
    site[0].put("/plan.html", page(PLAN + '<div class="page"><a href="plan_2.html">下一页</a></div>'))
    generation = base.library.generation()
    row = pulled(base, fetcher)
    assert row["status"] == "partial" and "只读到一部分" in row["told"] and "已替换" not in row["told"]
    assert base.library.generation() == generation and base.library.snapshots(REGISTERED) == []


def test_an_attachment_not_read_is_warned_of(
    site: tuple[Site, str], fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = '<p><a href="1.pdf">附件1：办法.pdf</a></p><p><a href="2.pdf">附件2：细则.pdf</a></p>'
    title = "某某市人民政府办公厅关于印发《某某市数据管理办法》《某某市数据管理实施细则》的通知"
    site[0].put("/t.html", page(f"<p>现印发给你们。</p>{links}", title))
    site[0].put("/1.pdf", page(PLAN))
    monkeypatch.setattr("kb.pull.fetch_page", lambda url: fetch_page(url, fetcher))
    ((row, (draft,)),) = read_inputs([f"{site[1]}/t.html"], {})
    assert any("附件2" in warning for warning in row["warnings"])
    assert draft.document.coverage == "partial"


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


def regulation(article: str, note: str = "") -> str:
    passed = "（2016年11月11日某市第十四届人民代表大会常务委员会第三十三次会议通过）"
    return f"某市感知产业条例\n{passed}\n{note}第一条　{article}\n第二条　适用本条例。\n第三条　本条例自公布之日起施行。\n"


def added(base: KnowledgeBase, *inputs: Path) -> list[str]:
    return [row.get("outcome", "error") for row in add_inputs(base, map(str, inputs), {})]


def test_adding_a_folder_again_changes_nothing_and_names_what_cannot_be_read(
    empty: KnowledgeBase, tmp_path: Path
) -> None:
    folder = tmp_path / "法规"
    folder.mkdir()
    (folder / "a.txt").write_text(regulation("市人民政府应当加强领导。"), "utf8")
    amended = "（2024年12月31日某市第十六届人民代表大会常务委员会第十八次会议修正）\n"
    (folder / "a（2024年修正）.txt").write_text(regulation("市、区人民政府应当加强领导。", amended), "utf8")
    (folder / "坏.pdf").write_bytes(b"%PDF-1.7\n")
    assert sorted(added(empty, folder)) == ["added", "added", "error"]
    assert sorted(added(empty, folder)) == ["error", "unchanged", "unchanged"]
    error = next(row["error"] for row in add_inputs(empty, [str(folder)], {}) if "error" in row)
    assert "坏.pdf" in error


def test_a_changed_file_replaces_its_old_version_which_stays_in_the_history(
    empty: KnowledgeBase, tmp_path: Path
) -> None:
    file = tmp_path / "a.txt"
    file.write_text(regulation("市人民政府应当加强领导。"), "utf8")
    assert added(empty, file) == ["added"]
    file.write_text(regulation("市人民政府必须加强领导。"), "utf8")
    assert added(empty, file) == ["replaced"]
    (document,) = empty.library.documents()
    assert "必须加强" in empty.library.text(document.id)
    assert ["应当加强" in text for _, _, text in empty.library.history(document.id)] == [True]


def test_one_document_in_two_files_is_kept_once(empty: KnowledgeBase, tmp_path: Path) -> None:
    page, text = tmp_path / "a.html", tmp_path / "b.txt"
    text.write_text(regulation("市人民政府应当加强领导。"), "utf8")
    lines = "".join(f"<p>{line}</p>" for line in regulation("市人民政府应当加强　领导。").splitlines())
    page.write_text(f'<html><body><div id="zoom">{lines}</div></body></html>', "utf8")
    assert added(empty, page, text) == ["added", "unchanged"]
    rows = list(add_inputs(empty, [str(page), str(text)], {}))
    assert [row["outcome"] for row in rows] == ["unchanged", "unchanged"]
    assert "a.html" in rows[1]["warnings"][0]


def test_discovery_goes_on_to_the_next_pages_of_a_list(
    site: tuple[Site, str], fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, address = site

    def listing(*numbers: int) -> str:
        rows = "".join(
            f'<li><a href="/t{n}.html">未来产业政策文件第{n}号</a><span>2025-03-0{n}</span></li>' for n in numbers
        )
        return f'<html><body><ul>{rows}</ul><script>createPageHTML(3, 0, "index", "html")</script></body></html>'

    made.put("/list/index.html", listing(1, 2))
    made.put("/list/index_1.html", listing(3, 4))
    monkeypatch.setattr("kb.pull.lists_of", lambda region: (f"{address}/list/index.html",))
    rows = discover_region("重庆", "未来产业", fetcher)
    assert [row["date"] for row in rows if row["status"] == "ok"] == [f"2025-03-0{n}" for n in (1, 2, 3, 4)]

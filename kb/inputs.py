"""What a user names (files, folders, addresses) to what happens with it, one row an input.

A row holds ``input`` and either what was read or stored, or ``error``: one Chinese sentence. One bad input never
stops the others.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.encoding import Progress
from kb.errors import KbError
from kb.knowledge import KnowledgeBase, Stored
from kb.model import Document, Draft
from kb.plain import draft_row, stored_row
from kb.regions import region_named

if TYPE_CHECKING:
    from kb.pull import Fetcher, Row

_FURTHER_PAGES = 4


@dataclass(frozen=True)
class Source:
    """The bytes behind one input, with what is known of where they came from."""

    name: str
    data: bytes
    url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)


def is_address(given: str) -> bool:
    """Whether an input is meant as an address rather than a path."""
    return given.lower().startswith(("http://", "https://"))


def expand(inputs: Iterable[str]) -> list[str]:
    """The inputs with folders replaced by the files in them, sorted; hidden files are left out."""
    expanded: list[str] = []
    for given in inputs:
        path = Path(given)
        if not is_address(given) and path.is_dir():
            files = (p for p in path.rglob("*") if p.is_file())
            shown = (p for p in files if not any(part.startswith(".") for part in p.relative_to(path).parts))
            expanded += sorted(map(str, shown)) or [given]  # an empty one is told, as a file that is not there
        else:
            expanded.append(given)
    return expanded


def obtain(given: str) -> Source:
    """The bytes of a file or address.

    Raises:
        KbError: no such file, no access, or the address cannot be fetched.
    """
    if is_address(given):
        from kb.pull import fetch_page

        page = fetch_page(given)
        return Source(page.name, page.data, page.url, page.headers, page.known)
    path = Path(given)
    try:
        return Source(path.name, path.read_bytes())
    except FileNotFoundError as error:
        raise KbError(f"找不到文件“{given}”，请检查路径。") from error
    except IsADirectoryError as error:
        raise KbError(f"文件夹“{given}”里没有文件，请检查路径。") from error
    except OSError as error:
        raise KbError(f"打不开文件“{given}”（{error.strerror}）。") from error


def add_inputs(
    base: KnowledgeBase, inputs: Iterable[str], given: Mapping[str, str], progress: Progress | None = None
) -> Iterator[dict[str, Any]]:
    """Add every input; each document stored is one row, each input that failed one.

    Of several inputs that hold the same document (a page and its PDF) the first is kept, so that adding them all once
    more changes nothing.
    """
    files = expand(inputs)
    taken: dict[str, str] = {}
    for number, name in enumerate(files, 1):
        try:
            source = obtain(name)
            drafts = base.read(source.data, source.name, source.url, given, source.known)
            fresh = [d for d in drafts if taken.setdefault(d.document.id, name) == name]
            stored = base.add(fresh, source.data, source.name, source.headers) if fresh else []
            yield from ({"input": name, **stored_row(s)} for s in stored)
            yield from ({"input": name, **_twice(d, taken[d.document.id])} for d in drafts if d not in fresh)
        except KbError as error:
            yield {"input": name, "error": f"{name}：{error}"}
        if progress and len(files) > 1:
            progress(number, len(files), "正在添加")


def _twice(draft: Draft, before: str) -> dict[str, Any]:
    told = f"与“{Path(before).name}”是同一份文件，只保留先添加的一份。"
    return stored_row(Stored(draft.document, len(draft.provisions), "unchanged", (told,)))


def read_inputs(
    inputs: Iterable[str], given: Mapping[str, str]
) -> Iterator[tuple[dict[str, Any], tuple[Draft, ...]]]:
    """Read every input without storing; a file with several documents gives one row each."""
    from kb.draft import drafts

    for name in expand(inputs):
        try:
            source = obtain(name)
            made = drafts(source.data, source.name, source.url, given, source.known)
        except KbError as error:
            yield {"input": name, "error": f"{name}：{error}"}, ()
            continue
        for draft in made:
            yield {"input": name, **draft_row(draft)}, (draft,)


def pull_inputs(
    base: KnowledgeBase, regions: Iterable[str] = (), ids: Iterable[str] = (), progress: Progress | None = None,
    fetcher: Fetcher | None = None,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Fetch the official text of registered documents; each replaces its digest, which goes to the history. Where
    only a part can be read, the digest stays.

    Rows hold ``id``, ``title``, ``status`` (ok, unchanged, partial, blocked, moved, empty, …), ``url``, ``bytes``,
    ``provisions`` and ``told``, one Chinese sentence.

    Raises:
        KbError: an unknown region or id.
    """
    from kb.pull import Fetcher

    chosen = _registered(base, [region_named(r).name for r in regions], list(ids))
    with fetcher or Fetcher() as open_fetcher:
        for number, source in enumerate(chosen, 1):
            yield _pulled(base, source, open_fetcher)
            if progress:
                progress(number, len(chosen), "正在抓取")


def _registered(base: KnowledgeBase, regions: Sequence[str], ids: Sequence[str]) -> list[Document]:
    registry = base.corpus.registry
    unknown = set(ids) - {d.id for d in registry}
    if unknown:
        raise KbError(f"登记表中没有编号 {'、'.join(sorted(unknown))}。可用 python ingest.py list 查看全部编号。")
    return [d for d in registry if (not regions or d.region in regions) and (not ids or d.id in ids)]


def _pulled(base: KnowledgeBase, source: Document, fetcher: Fetcher) -> dict[str, Any]:
    from kb.draft import EXTRACT
    from kb.pull import pull_source

    kept = {s.url: {k.lower(): v for k, v in s.headers.items()} for s in base.library.snapshots(source.id) if s.url}
    outcome = pull_source(source, fetcher, kept)
    row = {"id": source.id, "title": source.title, "status": outcome.status, "url": source.url, "bytes": 0,
           "provisions": 0, "told": outcome.message}  # fmt: skip
    if outcome.status != "ok" or outcome.answer is None:
        return row
    answer = outcome.answer
    try:
        draft = _of_source(base.read(answer.data, answer.name, answer.url), source, outcome.official)
        if "partial" in (draft.document.coverage, outcome.known.get("coverage")):
            part = next((w for w in (*draft.warnings, outcome.known.get("note", "")) if EXTRACT in w), f"{EXTRACT}。")
            return {**row, "status": "partial", "url": answer.url, "told": f"《{source.title}》没有替换摘编：{part}"}
        held = base.library.catalogue().documents.get(source.id)
        before = held.coverage if held else None
        (stored,) = base.add([draft], answer.data, answer.name, answer.headers)
    except KbError as error:
        return {**row, "status": "failed", "told": f"《{source.title}》取到了但读不了：{error}"}
    done = _pulled_zh(stored.outcome, before)
    told = f"《{source.title}》：{outcome.message}共 {stored.provisions} 条，{done}。"
    return {**row, "url": answer.url, "bytes": len(answer.data), "provisions": stored.provisions, "told": told}


def _pulled_zh(outcome: str, before: str | None) -> str:
    """What became of a pulled text, told by what was held ``before`` of its document: full, partial or nothing."""
    if outcome == "replaced":
        return "已替换摘编" if before == "partial" else "已更新（旧版存入历史）"
    return "已入库" if outcome == "added" else "与已入库的相同"


def _of_source(drafts: Sequence[Draft], source: Document, official: bool) -> Draft:
    """The draft that is the registered document, under its registered facts."""
    best = max(drafts, key=lambda d: difflib.SequenceMatcher(None, d.document.title, source.title).ratio())
    note = (
        source.note if official else "；".join(filter(None, (source.note, "全文取自转载页面，引用前请核对官方原文")))
    )
    return replace(best, document=replace(source, coverage=best.document.coverage, basis=None, note=note))


def discover_region(region: str, topic: str, fetcher: Fetcher | None = None) -> list[dict[str, Any]]:
    """What the list pages registered for a region offer on ``topic``; nothing is stored.

    Raises:
        KbError: unknown region, or no list page is registered for it.
    """
    from kb.pull import Fetcher, discover, lists_of

    name = region_named(region).name
    addresses = lists_of(name)
    if not addresses:
        raise KbError(f"还没有登记“{name}”的列表页。可在 corpus/sites.yaml 中补充，或用 add 添加具体网页的地址。")
    rows: list[dict[str, Any]] = []
    with fetcher or Fetcher() as open_fetcher:
        for address in addresses:
            try:
                page = open_fetcher.get(address).data
                found = [*discover(page, address, topic), *_on_further_pages(page, address, topic, open_fetcher)]
            except KbError as error:
                rows.append({"url": address, "status": "failed", "told": f"{address}：{error}"})
                continue
            rows += [
                {"title": r.title, "date": r.date, "url": r.url, "status": "ok",
                 "told": f"{r.date or '日期未详'}　{r.title}　{r.url}"}
                for r in dict.fromkeys(found)
            ]  # fmt: skip
    return rows


def _on_further_pages(page: bytes, address: str, topic: str, fetcher: Fetcher) -> Iterator[Row]:
    """The rows on the next pages of a list, as far as they can be had: deep pages of some sites are stubs."""
    from kb.pull import discover, further_pages

    for following in further_pages(page, address, _FURTHER_PAGES):
        try:
            yield from discover(fetcher.get(following).data, following, topic)
        except KbError:
            return

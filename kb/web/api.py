"""The HTTP interface (and, with the ``mcp`` extra, the MCP tools): search, compare, document, documents and add.

Each endpoint speaks the JSON of the command line (:mod:`kb.plain`). Errors come back as one Chinese sentence.
Docstrings are what a client is shown, hence Chinese.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, cast

import gradio as gr
from gradio.events import api

from kb.errors import KbError
from kb.inputs import Source, is_address, obtain
from kb.plain import comparison_row, document_row, hit_row, provision_row, stored_row
from kb.search import Mode, checked_filters
from kb.web.desk import Desk

MOST_HITS = 200
MOST_TEXT = 2_000_000


class Endpoints:
    """What is offered: a method an endpoint, its docstring what clients are shown."""

    def __init__(self, desk: Desk) -> None:
        """Answer from ``desk``."""
        self._desk = desk

    def search(
        self, query: str, mode: str = "hybrid", regions: str = "", since: str = "", until: str = "", k: int = 10
    ) -> dict:  # type: ignore[type-arg]
        """检索政策条款，返回按相关程度排列的条款，附文件、发文字号、位置、原文、出处和命中原因。

        Args:
            query: 要检索的内容，一句话、几个词或发文字号。
            mode: hybrid 综合，dense 语义，lexical 词语，exact 精确。
            regions: 限定地区，用逗号分开，例如 重庆,安徽；空为全部。
            since: 不早于，例如 2024 或 2024-09-01。
            until: 不晚于。
            k: 返回条数，至多 200。
        """
        filters = checked_filters(_names(regions), since=since or None, until=until or None)
        hits = self._desk.base.search(query, cast(Mode, mode), filters, min(int(k), MOST_HITS))
        return {"query": query, "mode": mode, "results": [hit_row(h) for h in hits]}

    def compare(self, baseline: str = "重庆", peers: str = "", as_of: str = "") -> dict:  # type: ignore[type-arg]
        """以一个地区（或一份文件）为基准比较各地政策，返回各举措的力度、差距结论、量化目标和赛道，都附证据。

        Args:
            baseline: 基准：地区，或文件的编号、发文字号、题名。
            peers: 对照：地区，或文件的编号、发文字号、题名，用逗号分开；空为全部。
            as_of: 比较基准日，例如 2025-07-11；空为今天。
        """
        return comparison_row(self._desk.base.compare(baseline, _names(peers), as_of or None))

    def document(self, document_id: str) -> dict:  # type: ignore[type-arg]
        """取一份文件的信息和全部条款。

        Args:
            document_id: 文件编号，见 documents 或检索结果中的 document.id。
        """
        found, held = self._desk.base.document(document_id)
        return {"document": document_row(found), "provisions": [provision_row(h) for h in held]}

    def documents(self, region: str = "") -> dict:  # type: ignore[type-arg]
        """列出文库中的文件及各自的条款数。

        Args:
            region: 只列这个地区；空为全部。
        """
        counts = self._desk.base.library.counts()
        rows = [d for d in self._desk.documents() if not region or d.region == region]
        return {"documents": [{**document_row(d), "provisions": counts.get(d.id, 0)} for d in rows]}

    def add(self, address: str = "", text: str = "", name: str = "", region: str = "", title: str = "") -> dict:  # type: ignore[type-arg]
        """把一个网址的页面或一段正文读成文件，切分条款后存入文库。

        Args:
            address: 文件所在的网址（须为公网网址）；与 text 二选一。
            text: 文件正文；与 address 二选一。
            name: 正文的文件名，例如 方案.txt。
            region: 地区；空则由正文判断。
            title: 标题；空则由正文判断。
        """
        source = _source(address.strip(), text, name.strip())
        given = {k: v for k, v in (("region", region), ("title", title)) if v}
        drafts = self._desk.base.read(source.data, source.name, source.url, given, source.known)
        stored = self._desk.base.add(drafts, source.data, source.name, source.headers)
        return {"documents": [stored_row(s) for s in stored]}


def endpoints(desk: Desk) -> None:
    """Offer the endpoints within the current page."""
    offered = Endpoints(desk)
    for verb in (offered.search, offered.compare, offered.document, offered.documents, offered.add):
        api(spoken(verb), api_name=verb.__name__)


def spoken(verb: Callable[..., Any]) -> Callable[..., Any]:
    """``verb``, with a :class:`KbError` passed to the client as its sentence and no traceback."""

    @functools.wraps(verb)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return verb(*args, **kwargs)
        except KbError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return wrapped


def _names(given: str) -> list[str]:
    return [n.strip() for n in given.replace("，", ",").replace("、", ",").split(",") if n.strip()]


def _source(address: str, text: str, name: str) -> Source:
    if bool(address) == bool(text.strip()):
        raise KbError("请在 address（网址）和 text（正文）中填写一项。")
    if address:
        if not is_address(address):
            raise KbError("address 须是 http:// 或 https:// 开头的网址。")
        return obtain(address)
    if len(text) > MOST_TEXT:
        raise KbError(f"正文超过 {MOST_TEXT} 字，请改为上传文件。")
    return Source(name or "正文.txt", text.encode())

"""The HTTP endpoints and the MCP tools, asked by real clients."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

gradio_client = pytest.importorskip("gradio_client")


@pytest.fixture(scope="module")
def client(served: str) -> Any:
    """A client of the served page."""
    return gradio_client.Client(served, verbose=False)


def test_search_gives_provisions_with_citation(client: Any) -> None:
    found = client.predict("未来产业专项基金", k=3, regions="安徽，四川", api_name="/search")
    assert 0 < len(found["results"]) <= 3
    assert {r["document"]["region"] for r in found["results"]} <= {"安徽", "四川"}
    assert all(r["citation"].startswith("《") for r in found["results"])


def test_compare_and_document_speak_the_command_lines_json(client: Any) -> None:
    compared = client.predict(as_of="2025-07-11", peers="安徽", api_name="/compare")
    assert compared["as_of"] == "2025-07-11" and compared["findings"]
    one = client.predict("cq-2024-action-plan", api_name="/document")
    assert one["document"]["region"] == "重庆" and one["provisions"]


def test_a_text_is_added_and_found(client: Any) -> None:
    text = "宁夏回族自治区未来产业工作方案\n宁政办发〔2026〕77号\n一、任务\n（一）建设塞上算力未来产业先导区。\n宁夏回族自治区人民政府办公厅\n2026年5月6日"
    added = client.predict(text=text, name="方案.txt", api_name="/add")
    assert added["documents"][0]["document"]["region"] == "宁夏"
    found = client.predict("塞上算力", mode="exact", api_name="/search")
    assert found["results"][0]["document"]["id"] == added["documents"][0]["document"]["id"]


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("/document", {"document_id": "nope"}, "没有编号为"),
        ("/search", {"query": " "}, "请输入"),
        ("/search", {"query": "基金", "regions": "火星"}, "没有名为"),
        ("/compare", {"as_of": "昨天"}, "写法不对"),
        ("/compare", {"peers": "重庆"}, "只有基准“重庆”自己"),
        ("/add", {}, "填写一项"),
        ("/add", {"text": "某办法", "region": "火星"}, "没有名为"),
        ("/add", {"address": "file:///etc/passwd"}, "网址"),
        ("/add", {"address": "http://127.0.0.1:1/"}, ""),
        ("/add", {"address": "http://169.254.169.254/latest/meta-data/"}, ""),
        ("/add", {"address": "http://[::1]/"}, ""),
        ("/add", {"address": "http://localhost/"}, ""),
    ],
)
def test_bad_input_is_one_chinese_sentence(client: Any, name: str, given: dict[str, str], said: str) -> None:
    with pytest.raises(Exception, match=said or "[\u4e00-\u9fff]") as caught:
        client.predict(api_name=name, **given)
    assert "Traceback" not in str(caught.value)


def test_an_assistant_finds_and_cites_over_mcp(served: str) -> None:
    mcp = pytest.importorskip("mcp")
    from mcp.client.streamable_http import streamable_http_client

    async def ask() -> tuple[set[str], str]:
        async with (
            streamable_http_client(f"{served}gradio_api/mcp/") as (read, write, _),
            mcp.ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = {t.name for t in (await session.list_tools()).tools}
            answer = await session.call_tool("search", {"query": "未来产业专项基金", "k": 1})
            return tools, answer.content[0].text

    tools, answer = asyncio.run(ask())
    assert {"search", "compare", "document", "documents", "add"} <= tools
    assert "《" in answer and "citation" in answer

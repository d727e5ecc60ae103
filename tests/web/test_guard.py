"""Who may reach the page."""

from __future__ import annotations

import socket

import httpx
import pytest

from kb.errors import KbError
from kb.knowledge import KnowledgeBase
from kb.web import check_guard, is_loopback, parts
from kb.web.app import launch
from tests.web.conftest import free_port


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_computer_needs_no_password(host: str) -> None:
    assert is_loopback(host)
    check_guard(host, None)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "kb.example.cn", ""])
def test_other_hosts_need_a_password(host: str) -> None:
    with pytest.raises(KbError, match="密码"):
        check_guard(host, None)
    check_guard(host, "a long one")


def test_without_the_password_nothing_is_told_but_the_way_in(empty: KnowledgeBase) -> None:
    port = free_port()
    server = launch(empty, "127.0.0.1", port, ("kb", "a long one"), block=False)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/") as client:
            for path in ("config", "gradio_api/info", "gradio_api/file=/etc/passwd"):
                assert client.get(path).status_code == 401
            assert client.post("gradio_api/call/search", json={"data": ["基金"]}).status_code == 401
            assert client.get("gradio_api/mcp/schema").status_code == 404
            assert client.post("login", data={"username": "kb", "password": "wrong"}).status_code == 400
            assert client.post("login", data={"username": "kb", "password": "a long one"}).status_code == 200
            assert client.get("config").status_code == 200
            assert client.get("gradio_api/file=/etc/passwd").status_code == 403
    finally:
        server.close(verbose=False)


def test_a_port_in_use_is_told_with_another_one(empty: KnowledgeBase) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(KbError, match=f"{port} 已被占用.*--port {port + 1}"):
            launch(empty, "127.0.0.1", port, None, block=False)


def test_an_error_of_the_program_is_told_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    said: list[str] = []
    monkeypatch.setattr(parts, "warn", said.append)

    def broken(error: Exception) -> None:
        raise error

    parts.told(broken)(ValueError("no such column"))
    parts.told(broken)(KbError("资料夹是空的。"))
    assert said == [parts.FAILED, "资料夹是空的。"]
    assert "no such column" in caplog.text and "资料夹" not in caplog.text

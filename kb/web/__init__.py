"""The web page (Gradio): one file per tab, assembled in :mod:`kb.web.app`. It holds no logic of its own."""

from __future__ import annotations

import ipaddress
import os
from typing import TYPE_CHECKING

from kb.errors import KbError

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

USER = "kb"


def serve(base: KnowledgeBase, host: str, port: int, password: str | None) -> None:
    """Serve the page on ``host``:``port`` until interrupted; ``password`` also comes from ``KB_PASSWORD``.

    Raises:
        KbError: a host others can reach without a password, or the port is taken.
    """
    password = password or os.environ.get("KB_PASSWORD") or None
    check_guard(host, password)
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    from kb.web.app import launch

    launch(base, host, port, (USER, password) if password else None)


def check_guard(host: str, password: str | None) -> None:
    """Refuse to listen where others can reach the page unless there is a password.

    Raises:
        KbError: there is none.
    """
    if not is_loopback(host) and not password:
        raise KbError(
            f"监听 {host} 会让其他电脑也能访问，须先设置密码：加上 --password，或设置环境变量 KB_PASSWORD。"
            "只在本机使用时请去掉 --host。"
        )


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

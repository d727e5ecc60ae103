"""The page: its head, tabs and drawer put together, and how it is served."""

from __future__ import annotations

import gc
import io
import logging
import socket
import threading
from contextlib import redirect_stdout, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from kb.errors import KbError
from kb.knowledge import KnowledgeBase
from kb.web import reason, revise
from kb.web.api import endpoints
from kb.web.clauses import clauses_tab
from kb.web.desk import Choice, Desk
from kb.web.drawer import drawer, panel
from kb.web.folder import folder_tab
from kb.web.gap import gap_tab
from kb.web.library import library_tab
from kb.web.markup import empty
from kb.web.parts import answer, params_of, router, view
from kb.web.search import search_tab
from kb.web.sectors import sectors_tab
from kb.web.shield import Shield
from kb.web.targets import by_family, targets_tab
from kb.web.tools import profile_table, tools_tab

log = logging.getLogger(__name__)

TITLE = "区域政策比较知识库"
UPLOAD_LIMIT = "50mb"
AT_ONCE = 8
BLUES = (
    "#eef4fa",
    "#dfeaf5",
    "#c6dbee",
    "#a9c9e8",
    "#6f9fcc",
    "#2b6aa6",
    "#1f4e79",
    "#183e61",
    "#12304b",
    "#0c2135",
    "#081726",
)
FONTS = ["system-ui", "-apple-system", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
TABS = (
    ("gap", "差距对比", gap_tab), ("targets", "指标对比", targets_tab), ("sectors", "产业布局", sectors_tab),
    ("tools", "政策工具", tools_tab), ("clauses", "条款对照", clauses_tab), ("search", "检索", search_tab),
    ("library", "文库", library_tab), ("folder", "资料夹", folder_tab),
)  # fmt: skip


def build_page(desk: Desk) -> Any:
    """The page on ``desk``, not yet served."""
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        view(
            "top",
            f'<header class="top"><h1>{TITLE}</h1><p>以重庆未来产业政策为基准，对照各地做法，找出差距与依据</p></header>',
        )
        route = router()
        opened = view("drawer")
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
            for name, label, lay_out in TABS:
                with gr.Tab(label, id=name, elem_id=f"tab-{name}"):
                    lay_out(desk, route)

        def open_drawer(event: gr.EventData) -> str:
            try:
                return drawer(desk, params_of(event))
            except KbError as error:
                return panel("打不开这一项", empty(str(error)))

        answer(route, "drawer", open_drawer, [opened], opened)
        revise.listen(desk, route)
        reason.listen(desk, route)
        endpoints(desk)
    page.queue(default_concurrency_limit=AT_ONCE)
    return page


def warm(desk: Desk) -> None:
    """Make what the tabs show first, and load model and indexes, ahead of the first visitor."""
    if not desk.base.library.generation():
        return
    with suppress(KbError):
        shown = desk.table(Choice())
        desk.base.search("未来产业", k=1)
        shown.kept("goals", lambda: by_family(desk, shown))
        profile_table(desk, shown, Choice(), "")
    # what is remembered of a large library stays: the collector need not go through it at every comparison
    gc.collect()
    gc.freeze()


def launch(base: KnowledgeBase, host: str, port: int, auth: tuple[str, str] | None, block: bool = True) -> Any:
    """Serve the page; with ``block`` until interrupted.

    Raises:
        KbError: the port is taken, or the server does not come up.
    """
    if not free(port):
        raise KbError(f"端口 {port} 已被占用，请用 --port 换一个，例如 --port {port + 1}。")
    desk = Desk(base)
    page: Any = build_page(desk)
    how = {"server_name": host, "server_port": port, "auth": auth, "prevent_thread_lock": True, "quiet": True}
    try:
        with redirect_stdout(io.StringIO()):  # where Gradio announces its MCP server in English, quiet or not
            page.launch(**how, **options(auth is None))
    except OSError as error:
        raise KbError(
            f"网页没能在 {host} 的端口 {port} 及时启动：电脑可能正忙，或这个地址不是本机的。请稍后再试。"
        ) from error
    # only now: it would keep the server from coming up in the time Gradio gives it
    threading.Thread(target=warm, args=(desk,), daemon=True).start()
    log.info("网页已启动：%s　按 Ctrl+C 停止。", page.local_url)
    if block:
        _wait(page)
    return page


def free(port: int) -> bool:
    """Whether nothing listens on ``port`` of this computer."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _wait(page: Any) -> None:
    """Until interrupted."""
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        log.info("网页已停止。")
    finally:
        page.close(verbose=False)


def options(open_to_all: bool = True) -> dict[str, Any]:
    """How the page is served, whoever asks: nothing from outside hosts, no tracebacks, limits on uploads.

    The MCP server has no way to ask for a password: where there is one, it is not offered.
    """
    return {
        "theme": gr.themes.Base(primary_hue=gr.themes.Color(*BLUES), font=FONTS, font_mono=["ui-monospace", "Consolas", "monospace"]),
        "css_paths": Path(__file__).parent / "style.css", "app_kwargs": {"middleware": [Middleware(Shield)]},
        "auth_message": "请输入用户名 kb 和密码。",
        "show_error": False, "share": False, "max_file_size": UPLOAD_LIMIT, "footer_links": ["api"],
        "run_history": False, "enable_monitoring": False, "ssr_mode": False,
        "mcp_server": open_to_all and find_spec("mcp") is not None,
    }  # fmt: skip

"""A small web site on this machine that behaves like the real ones, good days and bad."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TITLE = "某某市人民政府办公厅关于印发某某市未来产业培育行动计划的通知"
PLAN = "".join(
    f"<p>{line}</p>"
    for line in (
        "某府办发〔2025〕18号",
        "各区县（自治县）人民政府，市政府各部门：",
        "《某某市未来产业培育行动计划》已经市政府同意，现印发给你们，请认真贯彻执行。",
        "某某市人民政府办公厅",
        "2025年3月6日",
        "一、总体要求",
        "聚焦未来信息、未来制造等六大方向，" * 20 + "前瞻布局。",
        "二、重点任务",
        "（一）建设先导区。到2027年，建成10个以上未来产业先导区。",
        "（二）设立基金。设立总规模200亿元的未来产业基金。",
        "三、保障措施",
        "加强组织领导，" * 60 + "抓好落实。",
    )
)


def page(body: str, title: str = TITLE, head: str = "") -> str:
    """A page as a content system makes it: meta tags, navigation, body, footer."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2025-03-10 09:30">{head}</head><body>'
        f'<ul class="nav"><li><a href="/">首页</a></li></ul><div class="trs_editor_view TRS_UEDITOR">{body}</div>'
        f'<div class="foot">主办：某某市人民政府</div></body></html>'
    )


_SMALL_AND_LARGE = gzip.compress(bytes(30_000_000), 1)  # made beforehand: the client waits only a moment


class Site:
    """Routes by path; each is a function of the handler. ``asked`` records the paths, ``headers`` the last request's."""

    def __init__(self) -> None:
        self.routes: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}
        self.at_once = 0
        self.most_at_once = 0
        self.robots = ""

    def put(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        """Answer ``path`` with this body, status and headers (underscores stand for hyphens)."""
        data = body.encode() if isinstance(body, str) else body

        def answer(handler: BaseHTTPRequestHandler) -> None:
            send(handler, data, status, {name.replace("_", "-"): value for name, value in headers.items()})

        self.routes[path] = answer

    def asked_for(self, path: str) -> int:
        """How many times ``path`` was asked."""
        return self.asked.count(path)


def send(
    handler: BaseHTTPRequestHandler, data: bytes, status: int = 200, headers: dict[str, str] | None = None
) -> None:
    """A whole answer with its length."""
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(data)), "Content-Type": "text/html", **(headers or {})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    if status != 304:
        handler.wfile.write(data)


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Hang up without a word, as overloaded servers do."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def endless(handler: BaseHTTPRequestHandler) -> None:
    """A body that never ends."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    with suppress(OSError):
        while True:
            handler.wfile.write("政策".encode() * 20_000)


def bomb(handler: BaseHTTPRequestHandler) -> None:
    """A small compressed body that unpacks to very much."""
    send(handler, _SMALL_AND_LARGE, headers={"Content-Encoding": "gzip"})


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Take the request and say nothing for a while."""
    time.sleep(0.6)


def cookie_replay(handler: BaseHTTPRequestHandler) -> None:
    """First 302 to itself with a cookie, then the page, as some gateways do."""
    if "CT6T=1" in handler.headers.get("Cookie", ""):
        send(handler, page(PLAN).encode())
    else:
        send(handler, b"", 302, {"Location": handler.path, "Set-Cookie": "CT6T=1; Path=/"})


@contextmanager
def running(site: Site) -> Iterator[str]:
    """Serve ``site`` on a free local port; gives its address without a slash at the end."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.headers = {name.lower(): value for name, value in self.headers.items()}
            if self.path == "/robots.txt":
                send(self, site.robots.encode(), 200 if site.robots else 404)
                return
            site.at_once += 1
            site.most_at_once = max(site.most_at_once, site.at_once)
            try:
                route = site.routes.get(self.path.split("?")[0])
                route(self) if route else send(self, "<html><body>404 页面不存在</body></html>".encode(), 404)
            finally:
                site.at_once -= 1

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()

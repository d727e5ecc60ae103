"""What every answer of the server carries: no outside host may be asked for anything, and the page is Chinese.

Gradio takes its own words from the browser's language before any code of ours runs, hence the script put into the
page's head here. The Content-Security-Policy is a second wall behind the escaping: Gradio needs inline scripts, but
nothing may be loaded from or sent to another host.
"""

from __future__ import annotations

from typing import Any

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:;"
    " frame-src 'self'; frame-ancestors 'self'; form-action 'self'; base-uri 'self'; object-src 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
CHINESE = (
    b"<head><script>Object.defineProperty(navigator,'language',{get:()=>'zh-CN'});"
    b"Object.defineProperty(navigator,'languages',{get:()=>['zh-CN']});</script>"
)


class Shield:
    """ASGI middleware around the Gradio application."""

    def __init__(self, app: Any) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request on; the answer gets the headers, and the page its Chinese head."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held: dict[str, Any] = {}

        async def guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _with_headers(message["headers"])}
                if _is_page(message["headers"]):
                    held.update(start=message, body=b"")
                    return
            elif message["type"] == "http.response.body" and held:
                held["body"] += message.get("body", b"")
                if message.get("more_body"):
                    return
                await send(_sized(held["start"], body := held["body"].replace(b"<head>", CHINESE, 1)))
                message = {"type": "http.response.body", "body": body}
            await send(message)

        await self._app(scope, receive, guarded)


def _with_headers(headers: Any) -> list[tuple[bytes, bytes]]:
    ours = {name for name, _ in HEADERS}
    return [*((n, v) for n, v in headers if n.lower() not in ours), *HEADERS]


def _is_page(headers: Any) -> bool:
    named = {name.lower(): value for name, value in headers}
    return named.get(b"content-type", b"").startswith(b"text/html") and b"content-encoding" not in named


def _sized(start: Any, body: bytes) -> Any:
    kept = [(n, v) for n, v in start["headers"] if n.lower() != b"content-length"]
    return {**start, "headers": [*kept, (b"content-length", str(len(body)).encode())]}

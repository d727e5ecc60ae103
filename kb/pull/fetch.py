"""Polite fetching of single addresses: robots, one request at a time a host, limits, retries, two TLS contexts.

Goes in: an address, and the ETag and Last-Modified kept from last time. Comes out: the bytes with their headers, or a
:class:`FetchFailed` whose message is a Chinese sentence. Nothing is done against challenges: they are recognised
(:mod:`kb.pull.verdict`) and left alone. robots.txt: RFC 9309.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import unquote, urlsplit

import httpx
from protego import Protego

from kb.errors import KbError
from kb.pull.guard import GuardedTransport, Resolve, resolve
from kb.settings import settings

USER_AGENT = "Mozilla/5.0 (compatible; chongqing-policy-kb/0.1; policy research)"
ROBOT_NAME = "chongqing-policy-kb"
BY_HAND = "请在浏览器中打开该页面，另存为网页（或打印成 PDF），再把文件添加进来。"
_RETRIED = frozenset({429, 500, 502, 503, 504})
_MAX_REDIRECTS, _MAX_WAIT = 10, 60.0
_CHUNK = 64 * 1024


class FetchFailed(KbError):
    """An address that could not be fetched; ``kind`` is blocked, moved, robots, forbidden or failed."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Fetched:
    """An answer: ``url`` after redirects, ``data`` as sent (decompressed), headers with lower-case names.

    ``status`` 304 means the copy kept from last time is still the newest; ``data`` is then empty.
    """

    url: str
    status: int
    data: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """A file name for readers: Content-Disposition's, else the last part of the path, else the host."""
        header = Message()
        header["content-disposition"] = self.headers.get("content-disposition", "")
        said = header.get_filename()
        parts = urlsplit(self.url)
        return unquote(str(said)) if said else unquote(parts.path.rstrip("/").rsplit("/", 1)[-1]) or parts.netloc


@dataclass(frozen=True)
class Limits:
    """How patient and how greedy a fetcher is; seconds and bytes."""

    delay: float = 1.5
    read_timeout: float = 20.0
    total_time: float = 120.0
    max_bytes: int = 60 * 1024 * 1024
    retries: int = 2


@dataclass
class _Host:
    lock: threading.RLock = field(default_factory=threading.RLock)
    last: float | None = None
    delay: float = 0.0
    legacy_tls: bool = False


class Fetcher:
    """Fetches addresses of many hosts, each host politely; keeps cookies and robots rules while it lives.

    ``sleep`` and ``clock`` are parameters so that tests need no real time; ``lookup`` resolves names.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        private_hosts: bool | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        lookup: Resolve = resolve,
    ) -> None:
        self.limits = limits or Limits()
        self._sleep, self._clock, self._lookup = sleep, clock, lookup
        self._private = settings().private_hosts if private_hosts is None else private_hosts
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, Protego | None] = {}
        self._clients: dict[bool, httpx.Client] = {}
        self._guard = threading.Lock()

    def __enter__(self) -> Fetcher:
        """Usable in a ``with`` statement, which closes the connections."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close all connections; the fetcher can be used again."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def get(self, url: str, etag: str | None = None, modified: str | None = None) -> Fetched:
        """The answer for ``url``, whatever its status but 5xx and 429, which are retried first.

        Raises:
            FetchFailed: forbidden by robots.txt or the address guard, unreachable, too big, too slow, or redirected
                in a circle.
        """
        address = _address(url)
        with self._host(address.host).lock:
            self._ask_robots(address)
            conditions = {"If-None-Match": etag or "", "If-Modified-Since": modified or ""}
            return self._with_retries(address, {name: value for name, value in conditions.items() if value})

    def _host(self, name: str) -> _Host:
        with self._guard:
            return self._hosts.setdefault(name, _Host(delay=self.limits.delay))

    def _pace(self, name: str) -> None:
        """Wait until the host may be asked again."""
        host = self._host(name)
        if host.last is not None:
            wait = host.last + host.delay - self._clock()
            if wait > 0:
                self._sleep(wait)
        host.last = self._clock()

    def _ask_robots(self, address: httpx.URL) -> None:
        origin = f"{address.scheme}://{address.netloc.decode('ascii')}"
        if origin not in self._robots:
            self._robots[origin] = self._robots_of(origin, address.host)
        rules = self._robots[origin]
        if rules is None:
            raise FetchFailed("failed", f"“{address.host}”暂时没有应答（robots.txt 出错），请稍后再试。")
        if not rules.can_fetch(str(address), ROBOT_NAME):
            raise FetchFailed("robots", f"“{address.host}”的 robots.txt 不允许自动抓取这个地址。{BY_HAND}")

    def _robots_of(self, origin: str, host: str) -> Protego | None:
        """The rules of a host; none when the server fails (RFC 9309 2.3.1.4). Web pages in its place are no rules."""
        answer = self._with_retries(httpx.URL(f"{origin}/robots.txt"), {})
        if answer.status >= 500:
            return None
        text = answer.data[: 500 * 1024].decode("utf-8", "replace") if answer.status == 200 else ""
        rules = Protego.parse("" if text.lstrip().startswith("<") else text)
        asked = rules.crawl_delay(ROBOT_NAME)
        if asked:
            self._host(host).delay = max(self.limits.delay, min(float(asked), _MAX_WAIT))
        return rules

    def _with_retries(self, address: httpx.URL, headers: Mapping[str, str]) -> Fetched:
        for attempt in range(self.limits.retries + 1):
            last = attempt == self.limits.retries
            wait = self.limits.delay * 2.0 ** (attempt + 1)
            try:
                answer = self._once(address, headers)
            except httpx.TransportError as error:
                if self._try_legacy_tls(address.host, error):
                    continue
                if last:
                    raise FetchFailed("failed", _unreachable(address.host, error)) from error
            else:
                if answer.status not in _RETRIED or last:
                    return answer
                wait = max(wait, _retry_after(answer.headers))
            self._sleep(min(wait, _MAX_WAIT))
        raise FetchFailed("failed", f"“{address.host}”没有应答。")

    def _try_legacy_tls(self, host: str, error: Exception) -> bool:
        """Whether another try with the permissive TLS context makes sense: only after a handshake failed."""
        if self._host(host).legacy_tls or not _tls_cause(error) or _certificate_cause(error):
            return False
        self._host(host).legacy_tls = True
        return True

    def _once(self, address: httpx.URL, headers: Mapping[str, str]) -> Fetched:
        client = self._client(self._host(address.host).legacy_tls)
        deadline = self._clock() + self.limits.total_time
        request = client.build_request("GET", address, headers=headers)
        try:
            for _ in range(_MAX_REDIRECTS + 1):
                response = client.send(request, stream=True)
                try:
                    if response.next_request is None:
                        sent = {name.lower(): value for name, value in response.headers.items()}
                        return Fetched(str(response.url), response.status_code, self._body(response, deadline), sent)
                finally:
                    response.close()
                request = response.next_request
                # rules are asked of every host on the way, but not for the rules themselves (hosts may point in a ring)
                if request.url.host != address.host and address.path != "/robots.txt":
                    self._ask_robots(request.url)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.RemoteProtocolError) as error:
            if isinstance(error, httpx.RemoteProtocolError) and "Invalid URL" not in str(error):
                raise
            raise FetchFailed("moved", f"“{address.host}”把这个地址跳转到了无法识别的地方。") from error
        except FetchFailed:
            raise
        except KbError as error:
            raise FetchFailed("forbidden", str(error)) from error
        raise FetchFailed("moved", f"“{address.host}”把这个地址循环跳转，打不开页面。{BY_HAND}")

    def _body(self, response: httpx.Response, deadline: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes(_CHUNK):
            size += len(part)
            if size > self.limits.max_bytes:
                limit = self.limits.max_bytes // (1024 * 1024)
                raise FetchFailed("failed", f"“{response.url.host}”返回的内容超过 {limit} MB，已停止下载。")
            if self._clock() > deadline:
                raise FetchFailed("failed", f"“{response.url.host}”传输过慢，已停止下载。{BY_HAND}")
            parts.append(part)
        return b"".join(parts)

    def _client(self, legacy: bool) -> httpx.Client:
        if legacy not in self._clients:
            self._clients[legacy] = httpx.Client(
                transport=GuardedTransport(_tls(legacy), self._private, self._pace, self._lookup),
                headers={"User-Agent": USER_AGENT},
                timeout=self.limits.read_timeout,
            )
        return self._clients[legacy]


def _address(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url.strip())
    except httpx.InvalidURL as error:
        raise FetchFailed("forbidden", f"“{url}”不是完整的网址。") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise FetchFailed("forbidden", f"只能抓取 http 或 https 地址：“{url}”。")
    return address


def _tls(legacy: bool) -> ssl.SSLContext:
    """The standard context, or the permissive one for old servers; both check certificates.

    The permissive one is never tried first: some modern servers hang under it.
    """
    context = ssl.create_default_context()
    if legacy:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        # ssl.OP_LEGACY_SERVER_CONNECT has a name only from Python 3.12 on
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


def _causes(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


def _tls_cause(error: BaseException) -> bool:
    return any(isinstance(e, ssl.SSLError) for e in _causes(error)) or "SSL" in str(error)


def _certificate_cause(error: BaseException) -> bool:
    return any(isinstance(e, ssl.SSLCertVerificationError) for e in _causes(error)) or "CERTIFICATE_VERIFY" in str(
        error
    )


def _unreachable(host: str, error: Exception) -> str:
    if _certificate_cause(error):
        return f"“{host}”的安全证书无效，已停止。{BY_HAND}"
    if isinstance(error, httpx.TimeoutException):
        return f"“{host}”长时间没有应答。可能只对部分地区开放，或暂时不可用。{BY_HAND}"
    return f"连接“{host}”失败（多次尝试后仍被断开）。{BY_HAND}"


def _retry_after(headers: Mapping[str, str]) -> float:
    said = headers.get("retry-after", "")
    return float(said) if said.isascii() and said.isdigit() else 0.0

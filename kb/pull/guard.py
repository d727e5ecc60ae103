"""Which addresses may be fetched: http(s) to public hosts, also after every redirect.

The check and the connection use the same resolved address (the transport connects to what was checked), so that a
name that resolves differently the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import urllib.request
from collections.abc import Callable, Sequence

import httpx

from kb.errors import KbError

Resolve = Callable[[str, int], Sequence[str]]
Pace = Callable[[str], None]


class ForbiddenAddress(KbError):
    """The address is not http(s), or its host is not on the public internet."""


class UnknownHost(KbError):
    """The host's name does not resolve (a typing error, or no network)."""


def resolve(host: str, port: int) -> Sequence[str]:
    """The IP addresses of ``host``, in the system's order.

    Raises:
        UnknownHost: the name does not resolve.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownHost(f"找不到网站“{host}”，请检查地址和网络。") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet: no loopback, private, link-local, multicast or reserved one."""
    ip = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if mapped is not None:
        return is_public(str(mapped))
    return ip.is_global and not ip.is_multicast


def checked_addresses(url: httpx.URL, private_hosts: bool, lookup: Resolve = resolve) -> Sequence[str]:
    """The addresses ``url`` may be fetched from.

    Raises:
        ForbiddenAddress: the scheme is not http(s) or an address of the host is not public.
        UnknownHost: the host does not resolve.
    """
    if url.scheme not in ("http", "https") or not url.host:
        raise ForbiddenAddress(f"只能抓取 http 或 https 地址：“{url}”。")
    found = lookup(url.host, url.port or (443 if url.scheme == "https" else 80))
    if not found:
        raise UnknownHost(f"找不到网站“{url.host}”，请检查地址和网络。")
    if not private_hosts and not all(is_public(address) for address in found):
        raise ForbiddenAddress(
            f"“{url.host}”是本机或内部网络的地址，已拒绝抓取。确需抓取内网网站时，请设置 KB_PRIVATE_HOSTS=1。"
        )
    return found


class GuardedTransport(httpx.BaseTransport):
    """An HTTP transport that checks, paces and pins every single request, redirects included."""

    def __init__(self, tls: ssl.SSLContext, private_hosts: bool, pace: Pace, lookup: Resolve = resolve) -> None:
        self._tls, self._private, self._pace, self._lookup = tls, private_hosts, pace, lookup
        self._direct = httpx.HTTPTransport(verify=tls)
        self._proxied: dict[str, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` to an address that was checked; the host keeps its name in TLS and in the Host header."""
        proxy = _proxy_for(request.url)
        if proxy:
            # behind a proxy the proxy resolves; only a literal internal address can be told from here
            self._refuse_literal(request.url)
            self._pace(request.url.host)
            inner = self._proxied.setdefault(proxy, httpx.HTTPTransport(verify=self._tls, proxy=proxy))
            return inner.handle_request(request)
        addresses = checked_addresses(request.url, self._private, self._lookup)
        self._pace(request.url.host)
        return self._send(request, addresses)

    def _send(self, request: httpx.Request, addresses: Sequence[str]) -> httpx.Response:
        for address in addresses:
            pinned = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": request.url.host},
            )
            try:
                return self._direct.handle_request(pinned)
            except httpx.ConnectError as error:
                # an address that does not answer at all: the host may have another (IPv6 beside IPv4)
                if address is addresses[-1] or "SSL" in str(error):
                    raise
        raise UnknownHost(f"找不到网站“{request.url.host}”。")

    def _refuse_literal(self, url: httpx.URL) -> None:
        try:
            literal = ipaddress.ip_address(url.host)
        except ValueError:
            return
        checked_addresses(url, self._private, lambda host, port: [str(literal)])

    def close(self) -> None:
        """Close the connections."""
        for transport in (self._direct, *self._proxied.values()):
            transport.close()


def _proxy_for(url: httpx.URL) -> str | None:
    """The proxy the user's environment names for this address, if any."""
    if urllib.request.proxy_bypass(url.host):
        return None
    return urllib.request.getproxies().get(url.scheme)

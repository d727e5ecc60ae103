"""What an answer really is: a document, or a challenge, login, error, moved or empty page wearing its address.

Marks of challenges: design note on reading, 1.8 (412 and ``$_ts``, 521 and ``__jsl``, WZWS ``reason:GeoBL``,
``acw_sc__v2``). Pages are judged by status, by how little a reader sees, and only then by marks, because real pages
carry such scripts too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

from kb.errors import KbError
from kb.model import Reading
from kb.pull.fetch import BY_HAND, Fetched
from kb.read import read
from kb.read.blocks import blocks_of, shown_text
from kb.read.decode import decode
from kb.read.html import parse

Kind = Literal["ok", "unchanged", "blocked", "moved", "empty", "failed"]

_CHALLENGE_STATUS = frozenset({202, 401, 403, 405, 406, 412, 418, 429, 468, 511, 521, 567})
_CHALLENGE = re.compile(
    r"\$_ts\b|__jsl|acw_sc__v2|GeoBL|WZWS|wzws|安全验证|访问验证|人机(验证|识别)|滑动验证|captcha|请?开启\s*javascript|enable javascript"
    r"|document\.cookie\s*=|eval\(function|访问过于频繁|请求被拦截|拦截提示|访问被拒绝|云防护|Web应用防火墙|Access Denied|Request blocked",
    re.I,
)
_LOGIN = re.compile(r"登录|登入|用户名|密码|扫码登录|统一身份认证")
_GONE = re.compile(
    r"404|页面(不存在|已删除|未找到|走失|已失效|丢失了?)|找不到(您|你)?.{0,8}(页面|网页|内容)|(文章|信息|内容|稿件|文件)(不存在|已(被)?删除|已下线|已下架)"
    r"|网站(已)?(迁移|改版|关停)|已迁移(至|到)|Not Found|页面跳转|正在跳转",
    re.I,
)
_REFRESH = re.compile(r"^\s*\d+\s*;\s*url\s*=\s*['\"]?(?P<url>[^'\"]+)", re.I)
_LITTLE, _SHORT_PAGE = 200, 500


@dataclass(frozen=True)
class Verdict:
    """``ok`` with what the page says, or another kind with a Chinese sentence for the user.

    ``forward`` is where the page itself sends its readers (meta refresh), if it does only that.
    """

    kind: Kind
    message: str = ""
    reading: Reading | None = None
    forward: str | None = None


def judge(answer: Fetched, asked: str) -> Verdict:
    """What ``answer`` to the address ``asked`` is."""
    host = urlsplit(answer.url).hostname or ""
    if answer.status == 304:
        return Verdict("unchanged", "自上次抓取以来没有变化。")
    if answer.status in (404, 410):
        return Verdict("moved", f"“{host}”上已没有这个页面（{answer.status}），可能已迁移或删除。")
    if answer.status in _CHALLENGE_STATUS:
        return Verdict("blocked", _blocked(host, f"状态 {answer.status}"))
    if answer.status >= 400:
        return Verdict("failed", f"“{host}”返回错误（{answer.status}），请稍后再试。")
    if not _is_page(answer.data):
        return _read(answer)
    return _judge_page(answer, asked, host)


def _blocked(host: str, why: str) -> str:
    return f"“{host}”要求浏览器验证（{why}），自动抓取已停止。{BY_HAND}"


def _is_page(data: bytes) -> bool:
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith(
        (b"<!doctype", b"<html", b"<head", b"<meta", b"<script", b"<body", b"<!--", b"<?xml", b"<div")
    ) or (b"<html" in head)


def _judge_page(answer: Fetched, asked: str, host: str) -> Verdict:
    text = decode(answer.data)
    try:
        page = parse(text)
    except KbError as error:
        return Verdict("empty", f"“{host}”返回了空白页面。{error}")
    seen = " ".join(block.text for block in blocks_of(page))
    title = page.find(".//title")
    named = shown_text(title) if title is not None else ""
    for tag in page.iter("meta"):
        refresh = (
            _REFRESH.match(tag.get("content") or "") if (tag.get("http-equiv") or "").lower() == "refresh" else None
        )
        if refresh and len(seen) < _LITTLE:
            return Verdict(
                "moved", f"“{host}”的这个页面跳转到了别处。", forward=urljoin(answer.url, refresh["url"].strip())
            )
    if len(seen) < _LITTLE and _CHALLENGE.search(text):
        return Verdict("blocked", _blocked(host, "验证页面"))
    if len(seen) < _SHORT_PAGE and (page.find(".//input[@type='password']") is not None or _LOGIN.search(named)):
        return Verdict("blocked", f"“{host}”的这个页面需要登录才能看。{BY_HAND}")
    if len(seen) < _SHORT_PAGE and _GONE.search(f"{named} {seen}"):
        return Verdict("moved", f"“{host}”提示页面不存在或已迁移。")
    if _sent_home(asked, answer.url):
        return Verdict("moved", f"“{host}”把这个地址转到了首页，原页面可能已迁移或删除。")
    return _read(answer)


def _sent_home(asked: str, arrived: str) -> bool:
    wanted, got = urlsplit(asked).path.strip("/"), urlsplit(arrived).path.strip("/")
    return wanted.count("/") >= 1 and (got == "" or bool(re.fullmatch(r"(index|default)\.\w{3,5}", got)))


def _read(answer: Fetched) -> Verdict:
    try:
        reading = read(answer.data, answer.name, answer.url)
    except KbError as error:
        return Verdict("empty", f"{error}")
    return Verdict("ok", reading=reading)

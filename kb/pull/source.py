"""A registered document → its official text: addresses tried in order, each answer judged before it is believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from kb.describe import describe
from kb.draft import EXTRACT
from kb.fold import squeeze
from kb.model import Attachment, Document, Reading
from kb.pull.fetch import BY_HAND, Fetched, Fetcher, FetchFailed
from kb.pull.verdict import Verdict, judge
from kb.read.attached import TEXT_TYPES, attachment_is_the_document, file_type

_SPREAD = re.compile(r"解读|图解|一图读懂|一图看懂|新闻发布会|答记者问|问答")
_STRUCTURE = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百零〇\d]+[章条]|[一二三四五六七八九十]{1,3}\s*、|[（(][一二三四五六七八九十]{1,3}[)）])"
)
_FEWEST_MARKS, _FEWEST_CHARACTERS = 4, 800
_SAME_TITLE = 0.7
_MAX_FORWARDS = 3
_OFFICIAL = re.compile(r"(^|\.)(gov|npc|court|mil)\.cn$|(^|\.)gov\.cn$|(^|\.)npc\.gov\.cn$")


@dataclass(frozen=True)
class Outcome:
    """What became of one source.

    ``status``: ok, unchanged, partial (only a part could be read), blocked, moved, empty, robots, forbidden, failed or
    none (no address known). ``message`` is a Chinese sentence for the user, ``answer`` the original to keep, ``reading``
    what it says, ``page`` the page that led to it when the document was an attachment, ``official`` whether the host is
    a state organ's, ``tried`` every address with its own message.
    """

    status: str
    message: str
    answer: Fetched | None = None
    reading: Reading | None = None
    page: Fetched | None = None
    official: bool = False
    known: Mapping[str, str] = field(default_factory=dict)
    tried: tuple[tuple[str, str, str], ...] = ()


def pull_source(source: Document, fetcher: Fetcher, seen: Mapping[str, Mapping[str, str]] | None = None) -> Outcome:
    """The text of ``source`` from its address or, failing that, its mirrors in order; never raises for a bad answer.

    ``seen`` maps addresses to the headers kept from last time (``etag``, ``last-modified``) for conditional requests.
    """
    tried: list[tuple[str, str, str]] = []
    for address in dict.fromkeys(filter(None, (source.url, *source.mirrors))):
        outcome = _try(source, address, fetcher, (seen or {}).get(address, {}))
        tried.append((address, outcome.status, outcome.message))
        if outcome.status in ("ok", "unchanged"):
            return replace(outcome, tried=tuple(tried))
    if not tried:
        return Outcome("none", f"《{source.title}》没有登记网址。{BY_HAND}")
    # what the official address said matters most to the user
    missed = "没有取到全文" if tried[0][1] == "partial" else "没有取到"
    return Outcome(tried[0][1], f"《{source.title}》{missed}：{tried[0][2]}", tried=tuple(tried))


def _try(source: Document, address: str, fetcher: Fetcher, kept: Mapping[str, str]) -> Outcome:
    try:
        answer, verdict = follow(address, fetcher, kept)
        if verdict.kind != "ok" or verdict.reading is None:
            return Outcome(verdict.kind, verdict.message, official=is_official(address))
        doubt = _doubt(source, verdict.reading, is_official(answer.url))
        if doubt:
            return Outcome("moved", doubt)
        if points_to_attachment(verdict.reading):
            outcome = from_attachment(answer, verdict.reading, fetcher)
            part = _part_only(outcome.reading) if outcome.reading else ""
            return Outcome("partial", part, page=answer, official=outcome.official) if part else outcome
    except FetchFailed as error:
        return Outcome(error.kind, str(error))
    if not is_official(answer.url) and not _is_whole(verdict.reading):
        return Outcome("empty", f"“{urlsplit(answer.url).hostname}”的转载不像全文，没有采用。")
    part = _part_only(verdict.reading)
    if part:
        return Outcome("partial", part, official=is_official(answer.url))
    return Outcome("ok", "已取得全文。", answer, verdict.reading, official=is_official(answer.url))


def _part_only(reading: Reading) -> str:
    """The warning that only a part was read (a page with 下一页, scanned pages without OCR), or nothing."""
    return next((warning for warning in reading.warnings if EXTRACT in warning), "")


def follow(address: str, fetcher: Fetcher, kept: Mapping[str, str] | None = None) -> tuple[Fetched, Verdict]:
    """The answer for an address and its verdict, going where a page only forwards to (meta refresh).

    Raises:
        FetchFailed: the address cannot be fetched.
    """
    kept = kept or {}
    answer = fetcher.get(address, kept.get("etag"), kept.get("last-modified"))
    verdict = judge(answer, address)
    for _ in range(_MAX_FORWARDS):
        if not verdict.forward:
            break
        forward = verdict.forward
        answer = fetcher.get(forward)
        verdict = judge(answer, forward)
    return answer, verdict


def is_official(address: str) -> bool:
    """Whether the address is a state organ's (gov.cn and the like)."""
    return bool(_OFFICIAL.search(urlsplit(address).hostname or ""))


def _doubt(source: Document, reading: Reading, official: bool) -> str | None:
    """Why the page is not the document asked for, if so: another title, or an interpretation of it."""
    described = describe(reading).fields.get("title", "")
    if _SPREAD.search(described) and not _SPREAD.search(source.title):
        return f"该地址现在是《{described}》，是解读或图解，不是文件原文。"
    number = squeeze(source.doc_number or "")
    opening = squeeze(described + "".join(block.text for block in reading.blocks[:40]))
    if number and number in opening or _overlap(source.title, opening) >= _SAME_TITLE:
        return None
    return f"该地址现在的内容是《{described or '无标题'}》，不是要找的文件。"


def _overlap(title: str, text: str) -> float:
    """Share of the title's pairs of characters found in the text."""
    folded = squeeze(title)
    pairs = {folded[at : at + 2] for at in range(len(folded) - 1)}
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 1.0


def _is_whole(reading: Reading) -> bool:
    """Whether a copy looks like a whole text and not like a report about it: it has a document's own structure."""
    marks = sum(bool(_STRUCTURE.match(block.text)) for block in reading.blocks)
    return marks >= _FEWEST_MARKS and sum(len(block.text) for block in reading.blocks) >= _FEWEST_CHARACTERS


def from_attachment(page: Fetched, reading: Reading, fetcher: Fetcher) -> Outcome:
    """The document in the first attachment that can be read; what the page said of it goes along as ``known``.

    Further attachments are not read: the message and the note name them, and the document is a part where the page's
    title names several. An outcome that is not ok says why; it never raises.
    """
    described = describe(reading)
    known = {
        name: value for name, value in described.fields.items() if not described.origins[name].startswith("推断")
    }
    last = Outcome("empty", f"页面只有简短说明，附件也没有取到。{BY_HAND}", page=page)
    for attachment in main_attachments(reading):
        try:
            answer, verdict = follow(attachment.url, fetcher)
        except FetchFailed as error:
            last = Outcome(error.kind, f"附件“{attachment.name}”没有取到：{error}", page=page)
            continue
        if verdict.kind == "ok":
            official = is_official(page.url)
            told = f"全文取自附件“{attachment.name}”。"
            unread = "、".join(f"“{a.name}”" for a in _others(reading, attachment))
            if unread:
                known["note"] = f"网页上还有附件{unread}没有读。如属本文件或另有文件，请一并添加。"
                if described.fields.get("title", "").count("《") > 1:
                    known["note"] = f"{EXTRACT}：{known['note']}"
                    known["coverage"] = "partial"
                told += known["note"]
            return Outcome("ok", told, answer, verdict.reading, page, official, known)
        last = Outcome(verdict.kind, f"附件“{attachment.name}”没有取到：{verdict.message}", page=page)
    return last


def main_attachments(reading: Reading) -> tuple[Attachment, ...]:
    """The attachments that may be the document, text formats in page order."""
    return tuple(a for a in reading.attachments if file_type(a.url, a.name) in TEXT_TYPES)


def _others(reading: Reading, taken: Attachment) -> list[Attachment]:
    """The attachments besides the one taken, the same file in another format left out."""
    return [a for a in main_attachments(reading) if _stem(a.name) != _stem(taken.name)]


def _stem(name: str) -> str:
    return re.sub(r"\.[a-z]{2,4}$", "", squeeze(name).lower())


def points_to_attachment(reading: Reading) -> bool:
    """Whether the document has to be fetched from an attachment of the page."""
    return attachment_is_the_document(reading) and bool(main_attachments(reading))

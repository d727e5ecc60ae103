"""Getting texts from the web: politely, never past a challenge, and never believing a page is what it should be.

``fetch_page`` for an address a user gives, ``pull_source`` for a registered document with its mirrors, ``discover``
for a site's list page. All failures are Chinese sentences that say what the user can do instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.errors import KbError
from kb.pull.fetch import Fetched, Fetcher, FetchFailed, Limits
from kb.pull.lists import Row, discover, further_pages, lists_of
from kb.pull.source import Outcome, follow, from_attachment, points_to_attachment, pull_source
from kb.pull.verdict import Verdict, judge

__all__ = [
    "FetchFailed", "Fetched", "Fetcher", "Limits", "Outcome", "Page", "Row", "Verdict",
    "discover", "fetch_page", "further_pages", "judge", "lists_of", "pull_source",
]  # fmt: skip


@dataclass(frozen=True)
class Page:
    """An address's content: ``known`` is what the page around an attachment said of it (title, 文号, dates…)."""

    name: str
    data: bytes
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)


def fetch_page(url: str, fetcher: Fetcher | None = None) -> Page:
    """The document at an address a user gave; when the page only points to an attachment, the attachment.

    Raises:
        KbError: it cannot be fetched, or is a challenge, login, error or empty page; the sentence says what to do.
    """
    if fetcher is None:
        with Fetcher() as own:
            return fetch_page(url, own)
    answer, verdict = follow(url, fetcher)
    if verdict.kind != "ok" or verdict.reading is None:
        raise KbError(verdict.message)
    if points_to_attachment(verdict.reading):
        outcome = from_attachment(answer, verdict.reading, fetcher)
        if outcome.answer is not None:
            answer = outcome.answer
            return Page(answer.name, answer.data, answer.url, answer.headers, outcome.known)
    return Page(answer.name, answer.data, answer.url, answer.headers)

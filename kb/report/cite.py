"""Citations after GB/T 7714—2015 (信息与文献 参考文献著录规则), numbered in order of appearance (顺序编码制, 8.1 and 10.1).

An official page is ``[EB/OL]`` with its date (that of the amendment it includes, if any), the day of citing and the
address (4.6); a text held without an address is ``[Z]``. Up to three issuers are named, more become 等 (8.1.2); an unknown one is left out (8.1.4).
"""

from __future__ import annotations

import re

from kb.model import DRAFT_STATUS, Attestation, Document
from kb.report.safe import link, printable

NAMED_ISSUERS = 3
_IN_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)")
_AND_OTHERS = re.compile(r"等(?:\d+|[一二三四五六七八九十]+)?(?:个)?(?:部门|单位|家)?$")
_OPENING_TITLE = re.compile(r"^《([^《》]+)》")
# Who reported it, and the title: 科创板日报《上海未来产业基金扩募》.
_REPORTED = re.compile(r"^([^《》（）]+)《([^《》]+)》$")
_ENDING_ADDRESS = re.compile(r"\]\. (https?://\S+)\.$")
_STOPS = ".。．"


def cite(document: Document, cited: str) -> str:
    """The reference for ``document``, cited on the ISO day ``cited``."""
    title = document.title
    if document.status == DRAFT_STATUS and DRAFT_STATUS not in title:
        title += f"（{DRAFT_STATUS}）"
    if document.doc_number:
        title += f": {document.doc_number}"
    return _reference(_responsible(document.issuer), title, document.known_since, document.url, cited)


def cite_statement(said: Attestation, cited: str) -> str:
    """The reference for the source of a dated statement."""
    reported = _REPORTED.match(said.source_title)
    who, title = reported.groups() if reported else ("", _OPENING_TITLE.sub(r"\1", said.source_title))
    return _reference(who, title, said.date, said.source, cited)


def _reference(responsible: str, title: str, date: str | None, url: str | None, cited: str) -> str:
    address = link(url)
    before = f"{responsible}. " if responsible else ""
    name = _one_line(title)
    if address is None:
        return f"{before}{name}[Z]." + (f" {date}." if date else "")
    dated = f" ({date})" if date else " "
    return f"{before}{name}[EB/OL].{dated}[{cited}]. {address}."


def _responsible(issuer: str | None) -> str:
    names = [n.strip() for n in re.split("[、,，;；]", _IN_BRACKETS.sub("", _one_line(issuer or ""))) if n.strip()]
    more = any(_AND_OTHERS.search(n) for n in names) or len(names) > NAMED_ISSUERS
    named = [_AND_OTHERS.sub("", n) for n in names][:NAMED_ISSUERS]
    return ", ".join([*named, "等"] if more else named).rstrip(_STOPS)


def with_address(reference: str) -> tuple[str, str]:
    """A reference in two parts: its words, and the address it ends with (empty when there is none)."""
    match = _ENDING_ADDRESS.search(reference)
    return (reference[: match.start(1)], match[1]) if match else (reference, "")


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


class References:
    """The list at the end of a report: each source has one number, given when first cited."""

    def __init__(self, cited: str) -> None:
        """Start an empty list of sources cited on the ISO day ``cited``."""
        self._cited = cited
        self._numbers: dict[str, int] = {}

    def document(self, document: Document) -> int:
        """The number of ``document``."""
        return self._number(cite(document, self._cited))

    def statement(self, said: Attestation) -> int:
        """The number of a statement's source."""
        return self._number(cite_statement(said, self._cited))

    @property
    def entries(self) -> tuple[str, ...]:
        """All references, the first numbered 1."""
        return tuple(self._numbers)

    def _number(self, reference: str) -> int:
        return self._numbers.setdefault(reference, len(self._numbers) + 1)

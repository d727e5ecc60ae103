"""The nouns of the project as plain frozen values: no I/O, no behaviour beyond what a value knows of itself.

Words follow ARCHITECTURE.md. Dates are ISO 8601 strings of the precision known (``2024``, ``2024-09``,
``2024-09-27``) or None: an unknown day is never filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Coverage = Literal["full", "partial"]
BlockKind = Literal["paragraph", "heading", "table", "box"]
CodeOrigin = Literal["editor", "auto", "user"]

COVERAGE_ZH: Mapping[str, str] = {"full": "全文", "partial": "节录或摘编"}
_INNER = str.maketrans("《》", "〈〉")
CERTAINTY_ZH: Mapping[str, str] = {
    "official": "官方页面",
    "reprint": "正式文本的转载",
    "news": "新闻报道",
    "secondary": "二手转述",
}
STRENGTH_ZH: Mapping[int, str] = {0: "未见", 1: "提及", 2: "部署", 3: "承诺"}
# What each is, as the frame defines it.
STRENGTH_TOLD: Mapping[int, str] = {
    1: "鼓励、支持、探索等原则性表述",
    2: "写明做法、机制、清单、载体或责任主体",
    3: "另有自己的数量、金额或期限，单写年份不算",
}
NOTE_INSTRUMENT = "动态"
# What is no policy whatever it proposes or reports: searched like all else, compared never.
NO_POLICY = frozenset({NOTE_INSTRUMENT, "提案", "议案", "研究报告", "讲话"})
DRAFT_STATUS = "征求意见稿"
# What titles of drafts say; a regular expression.
DRAFT_WORDS = "征求意见|草案|送审稿|讨论稿"


@dataclass(frozen=True)
class Document:
    """One issued text (政策文件), or what is kept beside such: a region's 动态 notes, a 提案, which are never counted as one."""

    id: str
    region: str
    level: str
    title: str
    doc_number: str | None = None
    issuer: str | None = None
    instrument: str | None = None
    issued: str | None = None
    published: str | None = None
    effective: str | None = None
    period: str | None = None
    status: str = "现行"
    scope: str = "专门"
    coverage: Coverage = "partial"
    url: str | None = None
    mirrors: tuple[str, ...] = ()
    superseded_by: str | None = None
    note: str | None = None
    basis: str | None = None
    amended: str | None = None
    origin: Literal["corpus", "user"] = "user"

    @property
    def is_policy(self) -> bool:
        """Whether the document counts in comparisons; 动态 notes, 提案 and the like are shown but never count."""
        return self.instrument not in NO_POLICY

    @property
    def known_since(self) -> str | None:
        """The date used for as-of questions: that of the amendment this text includes, else 成文日期, else 发布日期."""
        return self.amended or self.issued or self.published

    @property
    def citation(self) -> str:
        """《title》（文号，issuer，date），parts that are unknown left out, many issuers shortened to the first; a draft whose
        title does not say so is called one."""
        issuers = re.split(r"、(?![^（(]*[）)])", self.issuer or "")
        issuer = f"{issuers[0]}等{len(issuers)}部门" if len(issuers) > 2 else self.issuer
        amended = self.amended and f"{self.amended}修改"
        draft = self.status == DRAFT_STATUS and not re.search(DRAFT_WORDS, self.title)
        parts = [
            p for p in (draft and DRAFT_STATUS, self.doc_number, issuer, self.issued or self.published, amended) if p
        ]
        return self.titled + (f"（{'，'.join(parts)}）" if parts else "")

    @property
    def titled(self) -> str:
        """《title》, titles in it in 〈〉 (GB/T 15834—2011, 书名号)."""
        return f"《{self.title.translate(_INNER)}》"


@dataclass(frozen=True)
class Provision:
    """The smallest citable unit (条款). ``text == document_text[start:end]``, offsets in characters."""

    ordinal: int
    label: str
    path: tuple[str, ...]
    kind: str
    text: str
    start: int
    end: int
    duty: str | None = None
    source: str | None = None
    certainty: str | None = None


@dataclass(frozen=True)
class Target:
    """A quantified goal (量化目标): ``low``–``high`` in ``unit``; an open end is None."""

    indicator: str
    year: int | None
    low: float | None
    high: float | None
    unit: str
    qualifier: str | None = None

    @property
    def value(self) -> float | None:
        """The single number when the goal is one, else None (a real range)."""
        if self.low is not None and self.high is not None:
            return self.low if self.low == self.high else None
        return self.low if self.low is not None else self.high


@dataclass(frozen=True)
class Attestation:
    """A named source's dated statement that a region has, lacks or lags in a measure (佐证)."""

    id: str
    region: str
    measure: str
    says: Literal["has", "lacks", "behind"]
    date: str
    statement: str
    source_title: str
    source: str
    certainty: str
    strength: int = 0


@dataclass(frozen=True)
class Block:
    """One stretch of a read file in reading order, before any structure is recognised.

    ``text`` is the file's own characters (never NFKC-normalised); for a table, rows joined by newlines and
    cells by tabs, and ``rows`` keeps them apart. ``page`` counts from 1 where the format has pages. ``lead`` is how
    many characters of a paragraph that is not all bold open it in bold (a run-in heading).
    """

    kind: BlockKind
    text: str
    bold: bool = False
    centred: bool = False
    page: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    lead: int = 0


@dataclass(frozen=True)
class Attachment:
    """A file a page links to: its address and the name shown to readers."""

    url: str
    name: str


@dataclass(frozen=True)
class Reading:
    """What a file says, before it is described and segmented.

    ``fields`` are labelled facts as the file states them (信息公开 table, meta tags), keyed by the origin
    and the label, e.g. ``("table", "发文字号")`` or ``("meta", "PubDate")``. ``warnings`` are Chinese
    sentences for the user.
    """

    media: str
    blocks: tuple[Block, ...]
    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    warnings: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True)
class Draft:
    """A document as it would enter the library: read, described and segmented, not yet stored.

    ``origins`` says where each metadata field came from (信息公开表, 网页标签, 正文, 用户填写);
    ``missing`` names the fields that could not be determined, in Chinese.
    """

    document: Document
    text: str
    provisions: tuple[Provision, ...]
    origins: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Code:
    """That a provision provides for a measure: ``strength`` 1–3, who says so, and how sure (1 for people).

    ``by`` and ``at`` tell who corrected it and when, where a user did (``origin`` user).
    """

    measure: str
    strength: int
    origin: CodeOrigin
    score: float = 1.0
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True)
class Revision:
    """A user's correction (用户修订) number ``id``, by whom and when (ISO 8601), and when it was taken back if it was.

    Of kind ``code``: the provision of document ``subject`` whose words have the hash ``words`` provides for measure
    ``item`` with strength ``value`` (0: not at all). Of kind ``pmc``: variable ``item`` of region ``subject`` is ``value``.
    """

    id: int
    kind: Literal["code", "pmc"]
    subject: str
    words: str
    item: str
    value: int
    who: str
    at: str
    undone: str | None = None


@dataclass(frozen=True)
class Held:
    """A provision as the library holds it: ``id`` is its number, never used again after removal."""

    id: int
    document_id: str
    provision: Provision
    codes: tuple[Code, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True)
class SnapshotRecord:
    """An original as pulled or uploaded (原件); its bytes lie beside the library under their SHA-256."""

    sha256: str
    document_id: str
    name: str
    url: str | None
    size: int
    taken: str
    headers: Mapping[str, str] = field(default_factory=dict)

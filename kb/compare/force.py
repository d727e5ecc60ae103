"""Which documents were in force at a date.

A draft never is. A document is from its 成文日期 (else 发布日期) on, compared at the precision known, unless a
later 施行日期 is stated; one replaced is until its successor comes. An undated document counts for the present
only: nothing shows that it was there at an earlier date.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from kb.errors import KbError
from kb.fold import fold, squeeze
from kb.model import DRAFT_STATUS, Document
from kb.records import number_key
from kb.regions import load_regions

# Legal force, highest first (立法法): what local people's congresses pass, then plans, then other documents.
RANKS = (
    ("条例", "法规", "规章"),
    ("决定",),
    ("规划", "纲要"),
    ("意见",),
    ("行动计划", "行动方案", "实施方案", "方案", "计划"),
)
BELOW = "（下辖地区）"
# 《某办法》（某府发〔2019〕3号）同时废止
_REPEALING = re.compile(r"[^。；;\n]*废止[^。；;\n]*")
_NAMED = re.compile(r"《([^《》\n]+)》|([\u4e00-\u9fff]{1,12}〔20\d\d〕\d+号)")
_PRINTED = re.compile("印发《?(.+?)》?的(?:通知|函)$")
_VERSION = re.compile(r"\([^()]*(?:修订|修正|试行|暂行|年版|征求意见稿|草案)[^()]*\)$")
# What the title of a text devoted to future industries, or to a direction of them, says.
FIELD = ("未来产业", "新兴产业", "先导区", "前沿", "人工智能", "量子", "生物制造", "低空经济", "氢能", "具身智能", "脑机接口",
         "机器人", "空天", "航天", "卫星", "元宇宙", "新材料", "储能", "6G")  # fmt: skip


def today() -> str:
    """Today's date, ISO 8601."""
    return datetime.date.today().isoformat()


def checked_date(as_of: str | None) -> str:
    """``as_of`` as a full ISO date; None is today.

    Raises:
        KbError: not a date.
    """
    if not as_of:
        return today()
    try:
        return datetime.date.fromisoformat(as_of).isoformat()
    except ValueError as error:
        raise KbError(f"日期“{as_of}”的写法不对，请写成 2025-07-11 这样的年-月-日。") from error


def not_after(known: str, day: str) -> bool:
    """Whether a date of any precision surely lies on or before ``day``.

    At the present everything dated up to now counts; for an earlier day, 2024 counts from the end of 2024 on,
    because nothing shows that it was there before.
    """
    if day >= today():
        return known <= day[: len(known)]
    latest = {4: known + "-12-31", 7: known + "-31"}.get(len(known), known)
    return latest <= day


def in_force(documents: Iterable[Document], as_of: str) -> list[Document]:
    """The policies among ``documents`` in force on ``as_of`` (ISO day)."""
    by_id = {d.id: d for d in documents}
    return [d for d in by_id.values() if d.is_policy and _issued_by(d, as_of) and not _ended(d, as_of, by_id)]


def _issued_by(document: Document, as_of: str) -> bool:
    if document.status == DRAFT_STATUS:
        return False
    begin = max(filter(None, (document.effective or document.known_since, document.amended)), default=None)
    return as_of >= today() if begin is None else not_after(begin, as_of)


def _ended(document: Document, as_of: str, by_id: Mapping[str, Document]) -> bool:
    successor = by_id.get(document.superseded_by or "")
    if successor is not None:
        return _issued_by(successor, as_of)
    return document.status in ("已废止", "被取代")


def without_digests(documents: Iterable[Document]) -> list[Document]:
    """``documents`` less the digests of texts that are also held in full, known by region and 文号 or title."""
    known = list(documents)
    full = {(d.region, name) for d in known if d.coverage == "full" for name in _names(d)}
    return [d for d in known if d.coverage == "full" or not any((d.region, name) in full for name in _names(d))]


def full_text_of(document: Document, known: Iterable[Document]) -> Document | None:
    """The full text among ``known`` of which ``document`` is a digest, if there is one."""
    if document.coverage == "full":
        return None
    return next(namesakes(document, (d for d in known if d.coverage == "full")), None)


def namesakes(document: Document, known: Iterable[Document]) -> Iterator[Document]:
    """The other texts among ``known`` that go by a name of ``document`` in its region: its digest or full text, its
    draft, its earlier and later versions."""
    names = _names(document)
    return (d for d in known if d.id != document.id and d.region == document.region and names & _names(d))


def _names(document: Document) -> set[str]:
    """What a text is known by: its 文号 and its title, that of the notice that prints it aside."""
    printed = _PRINTED.search(document.title)
    title = _title_key(printed[1] if printed else document.title)
    return {title, *filter(None, [number_key(document.doc_number)])}


def succeeded(documents: Iterable[Document], repealing: Iterable[tuple[str, str]]) -> list[Document]:
    """The policies among ``documents``, each with the one that replaced it where that is registered, said or plain.

    It is said where a later document of the region repeals it by title or 文号; ``repealing`` are ids and texts of the
    documents that speak of repealing. It is plain where a later one bears its title (修订, 试行 and the like aside).
    """
    known = [d for d in without_digests(documents) if d.is_policy]
    by_name: dict[tuple[str, str], list[Document]] = {}
    repealed = _repeals(repealing)
    for one in known:
        if one.status != DRAFT_STATUS and one.known_since:
            for name in {_title_key(one.title), *repealed.get(one.id, ())}:
                by_name.setdefault((one.region, name), []).append(one)
    return [d if d.superseded_by else replace(d, superseded_by=_successor(d, by_name)) for d in known]


def _repeals(repealing: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Titles and numbers each text repeals, as they are compared."""
    return {
        i: {
            _title_key(title) or number_key(number) or ""
            for sentence in _REPEALING.findall(text)
            for title, number in _NAMED.findall(sentence)
        }
        for i, text in repealing
    }


def _successor(document: Document, by_name: Mapping[tuple[str, str], Sequence[Document]]) -> str | None:
    """The first later document of its region that bears its title or repeals it."""
    names = {_title_key(document.title), number_key(document.doc_number)} - {None}
    since = "" if document.status == DRAFT_STATUS else document.known_since or ""
    found = [d for n in names for d in by_name.get((document.region, str(n)), ()) if (d.known_since or "") > since]
    first = min((d for d in found if d.id != document.id), key=lambda d: d.known_since or "", default=None)
    return first.id if first else None


def _title_key(title: str) -> str:
    return squeeze(_VERSION.sub("", fold(title)))


def drafts(documents: Iterable[Document], region: str, as_of: str) -> list[Document]:
    """The drafts of ``region`` known on ``as_of`` that no document in force has replaced."""
    by_id = {d.id: d for d in documents}
    return [
        d for d in by_id.values()
        if d.region == region and d.is_policy and d.status == DRAFT_STATUS
        and (as_of >= today() if d.known_since is None else not_after(d.known_since, as_of))
        and not _ended(d, as_of, by_id)
    ]  # fmt: skip


def devoted(document: Document) -> bool:
    """Whether the document is devoted to the field: as registered, or, of a user's, as its title says."""
    if document.scope != "专门" or document.origin == "corpus":
        return document.scope == "专门"
    return any(word in document.title for word in FIELD)


def column_of(document: Document) -> str:
    """The region a document counts for; what a city or district of a province issued stands beside the province."""
    region = next((r for r in load_regions() if r.name == document.region), None)
    below = region is not None and region.level == "省级" and document.level in ("地市级", "区县级")
    return document.region + (BELOW if below else "")


def binding(document: Document) -> int:
    """How binding the instrument is: larger is more."""
    return _binding(document.instrument or "")


def lapsed(document: Document, as_of: str) -> bool:
    """Whether the period the document plans for had ended by ``as_of``."""
    last = _last_year(document.period or "")
    return bool(last) and last < as_of[:4]


@lru_cache(maxsize=20_000)
def latest_first(day: str | None) -> tuple[int, ...]:
    """A key that sorts later days first and unknown ones last."""
    return tuple(-ord(c) for c in day or "")


# These are asked for once a provision, of few different words: hence remembered.
@lru_cache(maxsize=2_000)
def _binding(instrument: str) -> int:
    for rank, names in enumerate(RANKS):
        if any(name in instrument for name in names):
            return len(RANKS) - rank
    return 0


@lru_cache(maxsize=2_000)
def _last_year(period: str) -> str:
    years = [part for part in period.replace("—", "-").split("-") if part.isdigit()]
    return years[-1] if years else ""

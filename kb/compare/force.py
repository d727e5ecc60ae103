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

from kb.describe.dates import iso
from kb.describe.place import same_organ
from kb.errors import KbError
from kb.fold import fold, squeeze
from kb.model import DRAFT_STATUS, DRAFT_WORDS, Document
from kb.numerals import parse_number
from kb.records import number_key
from kb.regions import region_of_name

# Legal force, highest first (立法法): what local people's congresses pass, then plans, then other documents.
RANKS = (
    ("条例", "法规", "规章"),
    ("决定",),
    ("规划", "纲要"),
    ("意见",),
    ("行动计划", "行动方案", "实施方案", "方案", "计划"),
)
BELOW = "（下辖地区）"
# How one document repeals others, in folded text: 《甲》（某府发〔2019〕3号）和2020年印发的《乙》同时废止; 同时废止《甲》;
# 下列文件同时废止：1.《甲》；… That rules are 清理废止 by the light of 《甲》 repeals nothing.
_TITLE = r"《(?:[^《》\n]|《[^《》\n]*》)+》"
_NUMBER = r"(?:(?![和与及原])[\u4e00-\u9fff]){1,12}〔(?:19|20)\d\d〕\d+号"
_BRACKET = r"(?:\s*\((?:[^()\n]|\([^()\n]*\))*\))?"
_ONE = f"(?:{_TITLE}{_BRACKET}|{_NUMBER})"
_SOME = rf"{_ONE}(?:\s*(?:[、和及与]|以及)\s*(?:[^《》〔,。;:\n]{{0,80}}{_TITLE}{_BRACKET}|{_NUMBER})){{0,99}}"
_AND_MORE = r"(?:\s*(?:等|及|和|以及)[^《》,。;:\n]{0,30}?)?"
_REPEAL = (
    r"(?:(?:同时|同步|即行?|一并|现?予以?|自行|自动|相应|随之|立即|宣布|一律|均|全部|决定(?:[:,]?\s*[一1][、.])?"
    r"|[自于][^《》,。;\n自于]{2,40}?(?:日起?|起))[:,]?\s*){1,4}废止"
)
_NAMED = re.compile(f"{_TITLE}|{_NUMBER}")
_REPEALED = re.compile(rf"(?<![据照按]){_SOME}{_AND_MORE}\s*{_REPEAL}(?=\s*(?:[,。;:()]|$))")
_REPEALING = re.compile(rf"{_REPEAL}[^《》,。;:\n]{{0,80}}?({_SOME})(?={_AND_MORE}\s*(?:[,。;:)]|$))")
_LISTING = re.compile(rf"{_REPEAL}[^《》。;:\n]{{0,40}}:")
_LISTED = re.compile(rf"[^:]*{_ONE}[)\s、,和及]*")
_PRINTED = re.compile("印发[《<]?(.+?)[》>]?的(?:通知|函)$")
_DRAFT = re.compile(rf"\([^()]*(?:{DRAFT_WORDS})[^()]*\)$")
_VERSION = re.compile(rf"(?:\([^()]*(?:修订|修正|试行|暂行|年版|{DRAFT_WORDS})[^()]*\))+$")
_DATE = re.compile(r"((?:19|20)\d\d)(?:\s*[-/.年]\s*(\d{1,2})(?!\d)(?:\s*[-/.月]\s*(\d{1,2})(?!\d))?)?")
_YEARS = re.compile(r"(?<!\d)(\d{1,2}|[一二三四五六七八九十]{1,3})\s*年")
HALF_A_YEAR = 183
LAPSED_ZH, BROAD_ZH = "规划期已满", "非专门文件"
# What the title of a text devoted to future industries, or to a direction of them, says; the wider ones name no industry.
WIDER = ("新兴产业", "先导区", "前沿")
FIELD = ("未来产业", *WIDER, "人工智能", "量子", "生物制造", "低空经济", "氢能", "具身智能", "脑机接口",
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
    begin = max(filter(None, (document.effective, document.known_since)), default=None)
    return as_of >= today() if begin is None else not_after(begin, as_of)


def _ended(document: Document, as_of: str, by_id: Mapping[str, Document]) -> bool:
    successor = by_id.get(document.superseded_by or "")
    if successor is not None:
        return _issued_by(successor, as_of)
    return document.status in ("已废止", "被取代")


def without_digests(documents: Iterable[Document]) -> list[Document]:
    """``documents`` less the digests of texts that are also held in full: the text itself, not a draft or another
    version of it."""
    known = list(documents)
    replaced = _full_texts(known)
    return [d for d in known if d.id not in replaced]


def full_text_of(document: Document, known: Iterable[Document]) -> Document | None:
    """The full text among ``known`` of which ``document`` is a digest, if there is one."""
    if document.coverage == "full":
        return None
    full = (d for d in known if d.coverage == "full")
    return next((d for d in namesakes(document, full) if _same_text(document, d)), None)


def _full_texts(known: Sequence[Document]) -> dict[str, Document]:
    """The full text of each digest among ``known`` that is also held in full, by the id of the digest."""
    by_name: dict[tuple[str, str], list[Document]] = {}
    for one in known:
        if one.coverage == "full":
            for name in _names(one):
                by_name.setdefault((one.region, name), []).append(one)
    alike = {d.id: [one for name in _names(d) for one in by_name.get((d.region, name), ())] for d in known}
    return {d.id: full for d in known if (full := full_text_of(d, alike[d.id]))}


def _same_text(digest: Document, full: Document) -> bool:
    """Whether of two namesakes one is the digest of the other: neither is a draft or a version the other is not. Their
    文号 tell, else the title with its 试行 or 修订, and a date not far off: one may be known by its 发布日期 only."""
    if (digest.status == DRAFT_STATUS) != (full.status == DRAFT_STATUS) or digest.amended != full.amended:
        return False
    ours, theirs = number_key(digest.doc_number), number_key(full.doc_number)
    if ours and theirs:
        return ours == theirs
    titled = _bare(digest.title, _DRAFT) == _bare(full.title, _DRAFT) and digest.level == full.level
    dates = (digest.issued, full.issued) if digest.issued and full.issued else (digest.known_since, full.known_since)
    return titled and _near(*dates) and _one_issuer(digest, full)


def _near(one: str | None, other: str | None) -> bool:
    """Whether two dates, compared at the precision both have, may be those of one text."""
    known = min(len(one or ""), len(other or ""))
    first, second = (one or "")[:known], (other or "")[:known]
    if known < len("2024-09"):
        return first == second
    days = [datetime.date.fromisoformat((d + "-01")[:10]) for d in (first, second)]
    return abs(days[0] - days[1]).days <= HALF_A_YEAR


def _one_issuer(one: Document, other: Document) -> bool:
    """Whether one body issued both, for all that is known; of a title that names its region it need not be asked."""
    first, second = ((d.issuer or "").split("等")[0] for d in (one, other))  # 某省科学技术厅等11部门
    return one.region in one.title or not (first and second) or same_organ(first, second)


def namesakes(document: Document, known: Iterable[Document]) -> Iterator[Document]:
    """The other texts among ``known`` that go by a name of ``document`` in its region: its digest or full text, its
    draft, its earlier and later versions."""
    names = _names(document)
    return (d for d in known if d.id != document.id and d.region == document.region and names & _names(d))


def _names(document: Document) -> set[str]:
    """What a text is known by: its 文号 and its title, that of the notice that prints it aside."""
    return {_title_key(document.title), *filter(None, [number_key(document.doc_number)])}


def succeeded(documents: Iterable[Document], repealing: Iterable[tuple[str, str]]) -> list[Document]:
    """The policies among ``documents``, each with the one that replaced it where that is registered, said or plain.

    It is said where a later document of the region and level repeals it by title or 文号; ``repealing`` are ids and
    texts of the documents that speak of repealing. It is plain where a later one of the same body bears its title (修订,
    试行 and the like aside). A full text succeeds where its digest is registered to.
    """
    held = list(documents)
    full = _full_texts(held)
    known = [d for d in held if d.is_policy and d.id not in full]
    repealed = {i: _repealed(text) for i, text in repealing}
    later: dict[tuple[str, str, str], list[tuple[Document, bool]]] = {}
    for one in known:
        if one.status != DRAFT_STATUS and one.known_since:
            names = {_title_key(one.title): False, **dict.fromkeys(repealed.get(one.id, ()), True)}
            for name, said in names.items():
                later.setdefault((one.region, one.level, name), []).append((one, said))
    registered = {d.id: full[d.superseded_by].id if d.superseded_by in full else d.superseded_by for d in known}
    return [replace(d, superseded_by=registered[d.id] or _successor(d, later)) for d in known]


def _successor(
    document: Document, later: Mapping[tuple[str, str, str], Sequence[tuple[Document, bool]]]
) -> str | None:
    """The first of the ``later`` documents of its region and level that repeals it, or bears its title and is of the
    same body; the draft of one body becomes the document of another."""
    found = [
        one for name in _names(document) for one, said in later.get((document.region, document.level, name), ())
        if one.id != document.id and _after(one, document)
        and (said or document.status == DRAFT_STATUS or _one_issuer(one, document))
    ]  # fmt: skip
    first = min(found, key=lambda d: d.known_since or "", default=None)
    return first.id if first else None


def _after(one: Document, document: Document) -> bool:
    """Whether ``one`` came after ``document``; after a draft also what may have, as far as its date is known."""
    new, old = one.known_since or "", document.known_since or ""
    if document.status != DRAFT_STATUS:
        return new > old
    known = min(len(new), len(old))
    return new[:known] >= old[:known]


def _repealed(text: str) -> set[str]:
    """Titles and numbers, as they are compared, of what ``text`` repeals."""
    lines, passages = text.split("\n"), list[str]()
    for at, line in enumerate(lines):
        if "废止" in line:
            folded = fold(line)
            passages += [m[0] for m in _REPEALED.finditer(folded)] + [m[1] for m in _REPEALING.finditer(folded)]
            listing = _LISTING.search(folded)
            passages += _items([folded[listing.end() :], *lines[at + 1 :]]) if listing else ()
    names = [name for passage in passages for name in _NAMED.findall(passage)]
    return {_title_key(name[1:-1]) if name.startswith("《") else number_key(name) or "" for name in names} - {""}


def _items(lines: Iterable[str]) -> Iterator[str]:
    """The items of the list ``lines`` open with, down to the first line or clause that is none."""
    for piece in (p.strip() for line in lines for p in re.split("[;。]", fold(line))):
        if piece and not _LISTED.fullmatch(piece):
            return
        yield piece


@lru_cache(maxsize=20_000)
def _title_key(title: str) -> str:
    """A title as it is compared: the notice that prints it, 修订, 试行 and the like aside."""
    return _bare(title, _VERSION)


def _bare(title: str, mark: re.Pattern[str]) -> str:
    """The title without that of the notice that prints it, and without the ``mark`` at the end of both."""
    whole = mark.sub("", squeeze(title))
    printed = _PRINTED.search(whole)
    return mark.sub("", printed[1]) if printed else whole


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


def on_whole_field(document: Document) -> bool:
    """Whether the document is on future industries as a whole, as its title says, and not on one of them."""
    return "未来产业" in document.title


def to_be_known(document: Document, chosen: bool, day: str) -> tuple[str, ...]:
    """Why what a document says is to be read with care: a text on everything, unless itself ``chosen``, speaks of
    everything, not of the field; what a plan whose period is over aimed at may have been reached or given up."""
    broad = not chosen and not devoted(document)
    return tuple(filter(None, (BROAD_ZH if broad else "", LAPSED_ZH if lapsed(document, day) else "")))


def shared_by(reasons: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Which reasons hold of all that is said: those of each, else that each has one or another; none where one has none."""
    told = tuple(dict.fromkeys(reason for own in reasons for reason in own))
    common = tuple(reason for reason in told if all(reason in own for own in reasons))
    return common or (("或".join(told),) if all(reasons) else ())


def in_brackets(reasons: Iterable[str]) -> str:
    """Reasons as a remark; empty where there are none."""
    said = "，".join(reasons)
    return f"（{said}）" if said else ""


def limited(document: Document) -> str:
    """How a document is not on future industries as a whole; empty where it is."""
    if on_whole_field(document):
        return ""
    return "不针对未来产业整体" if any(word in document.title for word in WIDER) else "只针对个别产业"


def breadth(document: Document) -> str:
    """How a document devoted to the field is not on the whole of it, in brackets; empty where it is, or is on everything."""
    return in_brackets(filter(None, [limited(document)])) if devoted(document) else ""


def column_of(document: Document) -> str:
    """The region a document counts for; what a city or district of a province issued, or a district of a city, stands beside
    it."""
    region = region_of_name(document.region)
    within = {"省级": ("地市级", "区县级"), "地市级": ("区县级",)}
    below = region is not None and document.level in within.get(region.level, ())
    return document.region + (BELOW if below else "")


def binding(document: Document) -> int:
    """How binding the instrument is: larger is more."""
    return _binding(document.instrument or "")


def lapsed(document: Document, as_of: str) -> bool:
    """Whether the period the document plans for, or is valid for, had ended before ``as_of``."""
    last = _last_day(document.period or "", document.effective or document.known_since or "")
    return bool(last) and last < as_of[: len(last)]


def status_on(document: Document, day: str) -> str:
    """The document's status for people on ``day``; what is in force but plans for a time gone by is said to."""
    return LAPSED_ZH if document.status == "现行" and lapsed(document, day) else document.status


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
def _last_day(period: str, begin: str) -> str:
    """The end of a period to the precision known: its last date (2024-2027, 2023、2025, 至2027-12-15), or the day before
    so many years from ``begin`` are over (有效期5年)."""
    dates = [iso(*m.groups()) or m[1] for m in _DATE.finditer(fold(period))]
    years = _YEARS.search(period)
    if dates or not years or not begin:
        return max(dates, default="")
    end = int(begin[:4]) + (parse_number(years[1]) or 0)
    if len(begin) < len("2024-09-27"):
        return f"{end}{begin[4:]}"
    first = datetime.date(end, int(begin[5:7]), 1)  # of the month: the 29th of February has not its like in each year
    return (first + datetime.timedelta(int(begin[8:]) - 2)).isoformat()

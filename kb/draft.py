"""A file → the documents it would become: read, unbundled, described, segmented; nothing is stored yet.

Goes in: bytes and what the user already knows. Comes out: drafts to be shown, corrected and then added.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from pathlib import PurePath
from typing import cast

from kb.corpus import STATUSES
from kb.describe import FIELDS_ZH, describe
from kb.describe.dates import parse_date
from kb.describe.words import instrument_of, period_in
from kb.errors import KbError
from kb.fold import squeeze
from kb.layout import PRINTING, Line, find_title, printed_titles
from kb.model import COVERAGE_ZH, Coverage, Document, Draft, Reading
from kb.read import read
from kb.read.bundle import NOTICE_FIELD, TITLE_FIELD, bundle
from kb.regions import LEVELS, region_named
from kb.segment import Segmented, segment

USER = "用户填写"
PAGE = "附件所在网页"
EXTRACT = "只读到一部分"
_GIVEN = frozenset(f.name for f in dataclass_fields(Document)) - {"id", "origin", "mirrors", "superseded_by"}
_COVER_ONLY = "只读到一部分：只有印发通知，没有读到所印发的文件。它可能在附件里，请一并添加。"
_EXCERPT = "只读到一部分：标题注明这是节选。"
_NO_BODY = "只读到一部分：没有读到正文，只有标题、题注或落款。请核对原件，添加含有条文的文本。"
_IN_TRADITIONAL = "只读到一部分：这份文件是繁体字，文号、结构和举措只能识别一部分，也检索不到。请添加简体字文本。"
# frequent in official texts, and never written so in simplified ones
_TRADITIONAL = re.compile("[發產業國關個們為實現開設務總體應會對區縣將進動劃標準號點單導術質構]")
_FEWEST_TRADITIONAL, _SHARE_TRADITIONAL = 10, 0.03
_ABOUT_IT = "只读到一部分：这像是解读、图解或起草说明，不是文件原文。请添加原文。"
_STRUCTURED = frozenset({"heading", "item", "article", "clause", "box", "table"})
_FRAME = frozenset({"title", "front", "cover", "heading", "signature", "attachment"})
_LONGEST_TITLE, _LONGEST_COVER = 200, 1500
_UNTITLED = "（无标题）"
_CARRIED = re.compile(
    rf"(?:{PRINTING})(?:实施|施行|执行)?(.{{4,80}}?)的(?:通知|公告|通告|决定|函)(?:\s*[（(][^（）()]*[)）])?$"
)
# what names no body: 第5号, 公告2024年第5号, 〔六届〕第34号, 市政府令第5号; not 渝府发〔2025〕9号, 国务院令第5号
_BODILESS = re.compile(
    r"(?:(?:省|市|区|县|州|自治[区州县])?(?:人民政府|政府|人大常委会|人民代表大会(?:常务委员会)?))?"
    r"(?:公告|通告|公报|通知|决定|决议|命令|令|文件)?[\W\d第年号届次一二三四五六七八九十百零〇]*"
)
_DATES = ("issued", "published", "effective", "amended")
_CHOICES = {"coverage": tuple(COVERAGE_ZH), "status": STATUSES, "level": LEVELS}
_OF_THE_NOTICE = ("doc_number", "issuer", "issued", "published", "region", "level")
_INFERRED_FROM_NOTICE = "推断自同一印发通知"


def drafts(
    data: bytes, name: str = "", url: str | None = None, given: Mapping[str, str] | None = None,
    known: Mapping[str, str] | None = None,
) -> tuple[Draft, ...]:  # fmt: skip
    """The documents in a file, one draft each.

    ``given`` holds fields of :class:`kb.model.Document` the user filled in; they override what the file says,
    with origin 用户填写. ``known`` is what the page an attachment hung on says of it; it fills what the file leaves
    open, and its note (further attachments were not read) is a warning. When a file holds several documents, a given
    title or number and ``known`` are used for the first only.

    Raises:
        KbError: the file cannot be read, or ``given`` is not as :func:`checked_fields` wants it.
    """
    given = checked_fields(given or {})
    readings = bundle(read(data, name, url))
    several = len(readings) > 1
    first = _draft(readings[0], given, dict.fromkeys(known or {}, PAGE), known or {}, several, name)
    if note := (known or {}).get("note"):
        first = replace(first, warnings=(note, *first.warnings))
    notice = {key: value for key in _OF_THE_NOTICE if (value := getattr(first.document, key))}
    shared = {key: value for key, value in given.items() if key not in ("title", "doc_number")}
    inherited = dict.fromkeys(notice, _INFERRED_FROM_NOTICE)
    rest = (
        _draft(r, shared, inherited, notice if NOTICE_FIELD in r.fields else {}, several, name) for r in readings[1:]
    )
    return (first, *rest)


def document_id(
    title: str, region: str, doc_number: str | None, issued: str | None = None, several: bool = False,
    version: str | None = None, issuer: str | None = None,
) -> str:  # fmt: skip
    """The id of a user's document, derived from what names it: the same document gets the same id everywhere.

    With a 文号 the number decides, else title, region and date (a work report has the same title every year);
    documents printed under one number need their title too, and a number that names no body (公告2024年第5号), which
    every body gives, all that is known. A regulation as amended is another document than the one it amends:
    ``version`` says which.
    """
    number = squeeze(doc_number) if doc_number else ""
    known = f"{title}|{region}|{issued or ''}"
    if _BODILESS.fullmatch(number):
        named = (number, known, (issuer or "") if number else "")
    else:
        named = (number, title if several else "", "")
    key = "|".join(filter(None, (*named, version)))
    return "u-" + hashlib.sha256(key.encode()).hexdigest()[:12]


def checked_fields(given: Mapping[str, str | None]) -> dict[str, str]:
    """The fields a user filled in, empty ones left out; dates however they are typed as ISO 8601, a region by its name
    in the gazetteer, with its level.

    Raises:
        KbError: an unknown field or region, what is no date, or an impossible coverage, status or level.
    """
    filled = {key: value.strip() for key, value in given.items() if value and value.strip()}
    unknown = sorted(set(filled) - _GIVEN)
    if unknown:
        raise KbError(f"不认识的字段：{'、'.join(unknown)}。可以填写：{'、'.join(sorted(_GIVEN))}。")
    for key, allowed in _CHOICES.items():
        if filled.get(key, allowed[0]) not in allowed:
            named = "、".join(f"{v}（{COVERAGE_ZH[v]}）" if v in COVERAGE_ZH else v for v in allowed)
            raise KbError(f"{FIELDS_ZH.get(key, '收录程度')}不能是“{filled[key]}”，可填：{named}。")
    for key in _DATES:
        if key in filled:
            date = parse_date(filled[key]) or parse_date(f"{filled[key]}年")
            if date is None:
                raise KbError(f"{FIELDS_ZH[key]}“{filled[key]}”不是日期，请写成 2024-09-27、2024-09 或 2024。")
            filled[key] = date
    if "region" in filled:
        region = region_named(filled["region"])
        filled = {"level": region.level, **filled, "region": region.name}
    return filled


def _draft(
    reading: Reading, given: Mapping[str, str], beside: Mapping[str, str], around: Mapping[str, str], several: bool,
    name: str,
) -> Draft:  # fmt: skip
    """The draft of one document; what it does not say itself is taken from ``around`` it (the notice that prints it,
    the page it hung on), with the origins in ``beside``."""
    description = describe(reading)
    values, origins = dict(description.fields), dict(description.origins)
    if TITLE_FIELD in reading.fields:
        values["title"], origins["title"] = reading.fields[TITLE_FIELD], "正文"
        # what was inferred from the title of the notice that prints it
        for key, told in (("instrument", instrument_of(values["title"])), ("period", period_in(values["title"]))):
            if told and origins.get(key, "推断").startswith("推断"):
                values[key], origins[key] = told, "推断自标题"
    segmented = segment(reading.blocks)
    titled = next((p.text for p in segmented.provisions if p.kind == "title"), "")
    if titled and "title" not in values and len(titled) <= _LONGEST_TITLE:
        values["title"], origins["title"] = "".join(titled.split()), "正文"
    taken = {key: v for key, v in around.items() if key not in values or origins[key].startswith("推断")}
    values.update(taken)
    origins.update({key: beside[key] for key in taken})
    values.update(given)
    origins.update(dict.fromkeys(given, USER))
    warnings = [*reading.warnings, *description.warnings, *segmented.warnings]
    if not any(EXTRACT in warning for warning in warnings):
        warnings += _not_whole(values.get("title", ""), segmented)
    extract = any(EXTRACT in warning for warning in warnings)
    values.setdefault("coverage", "partial" if extract else "full")
    missing = tuple(word for word in description.missing if word not in {FIELDS_ZH.get(key) for key in values})
    if "title" not in values:
        values["title"], origins["title"] = PurePath(name).stem or _UNTITLED, "文件名"
    document = _document(values, reading.url, several, description.fields.get("amended"))
    return Draft(document, segmented.text, segmented.provisions, origins, missing, tuple(dict.fromkeys(warnings)))


def _not_whole(title: str, segmented: Segmented) -> list[str]:
    """Why the text is not the whole document its title names, if so."""
    if re.search(r"[（(](节选|摘编|摘要|摘登|节录)[)）]", title):
        return [_EXCERPT]
    if re.search(r"解读|图解|一[图文](?:读懂|看懂|说清|了解)|答记者问|问答|发布会|来了[!！]?$|[起编修].说明$", title):
        return [_ABOUT_IT]
    if _cover_only(title, segmented):
        return [_COVER_ONLY]
    if all(p.kind in _FRAME for p in segmented.provisions):
        return [_NO_BODY]
    return [_IN_TRADITIONAL] if _is_traditional(segmented.text) else []


def _is_traditional(text: str) -> bool:
    """Whether a text is in traditional characters, which neither markers nor cues know: nothing may be taken as absent."""
    known = len(_TRADITIONAL.findall(text))
    return known >= _FEWEST_TRADITIONAL and known >= _SHARE_TRADITIONAL * len(text)


def _cover_only(title: str, segmented: Segmented) -> bool:
    """Whether the text is only the notice that prints another document: that one's own structure is not in it.

    The notice may have items of its own, so only what stands behind the printed title counts.
    """
    names = printed_titles(title)
    if not names or len(segmented.text) > _LONGEST_COVER:
        return False
    carried = _CARRIED.search(title)
    # 贯彻《某某关于印发甲的通知》的通知 prints nothing: its own items are the document
    prints = carried is not None and carried[1].count("《") == carried[1].count("》")
    begins = _plan_begins([*names, carried[1]], segmented) if carried and prints else 0
    return not any(p.kind in _STRUCTURED and p.start >= begins for p in segmented.provisions)


def _plan_begins(names: Sequence[str], segmented: Segmented) -> int:
    """Where in the text what the notice prints begins: behind its title, or when it is called otherwise there behind
    the notice's signature; the text's end when neither is found."""
    whole = segmented.text
    head = next((p for p in segmented.provisions if p.kind == "title" and re.search(PRINTING, p.text)), None)
    start = head.end if head else 0
    lines = [Line(text) for text in whole[start:].split("\n")]
    for name in names:
        found = find_title(lines, name, 0)
        if found:
            return start + sum(len(line.text) + 1 for line in lines[: found[-1] + 1])
    return next((p.end for p in segmented.provisions if p.kind == "signature"), len(whole))


def _document(values: Mapping[str, str], url: str | None, several: bool, version: str | None) -> Document:
    title, region = values["title"], values.get("region", "")
    known = {
        key: value for key, value in values.items() if key in _GIVEN and key not in ("title", "region", "coverage")
    }
    document = Document(
        id=document_id(
            title, region, values.get("doc_number"), values.get("issued"), several, version, values.get("issuer")
        ),
        region=region,
        level=known.pop("level", ""),
        title=title,
        coverage=cast(Coverage, values["coverage"]),
    )
    return replace(document, **{"url": url, **known})  # type: ignore[arg-type]

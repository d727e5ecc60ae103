"""A reading → the document's metadata, each field with where it came from; what is not known stays empty.

Order of trust: 信息公开表 (labelled facts of the page), 网页标签 (meta tags), 正文 (title, 文号, signature and date
in the text), and last what follows from these, whose origin says 推断自…. 成文日期 and 发布日期 are never filled
from one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from kb.describe import body, page, place
from kb.describe.dates import parse_date
from kb.describe.words import ANNOTATION, PROPOSER, draft_in, instrument_of, period_in
from kb.model import DRAFT_STATUS, NO_POLICY, Reading

__all__ = ["FIELDS_ZH", "Description", "describe"]

FIELDS_ZH: Mapping[str, str] = {
    "title": "标题",
    "doc_number": "发文字号",
    "issuer": "发文机关",
    "instrument": "文种",
    "issued": "成文日期",
    "published": "发布日期",
    "effective": "施行日期",
    "period": "规划期或有效期",
    "status": "状态",
    "level": "层级",
    "region": "地区",
    "amended": "最近修改",
}
_NOT_EXPECTED = frozenset({"period", "amended"})
INFERRED = "推断自"
_HEAD = 12


@dataclass(frozen=True)
class Description:
    """Metadata by field name (keys of :data:`FIELDS_ZH`) with the origin of each; ``missing`` in Chinese."""

    fields: Mapping[str, str]
    origins: Mapping[str, str]
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass
class _Found:
    fields: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def take(self, name: str, value: str | None, origin: str) -> None:
        """Keeps the first value found for a field: callers ask in order of trust."""
        if value and name not in self.fields:
            self.fields[name] = value
            self.origins[name] = origin


def describe(reading: Reading) -> Description:
    """What is known of the document in ``reading``; never raises."""
    found = _Found()
    said = page.facts(reading)
    for fact in said:
        if fact.name != "publisher":
            found.take(fact.name, fact.value, fact.origin)
    text = body.facts(reading)
    for name in ("title", "doc_number", "issued", "published", "effective", "amended"):
        found.take(name, text.get(name), body.ORIGIN)
    _issuer(found, said, text)
    _instrument(found, text, reading)
    _effective(found, text)
    _period(found, text)
    _status(found, text)
    _place(found, reading)
    _expired(found, said)
    found.warnings += page.doubts(reading)
    kind = found.fields.get("instrument")
    if kind in NO_POLICY:
        found.warnings.append(f"文种为“{kind}”，不是政策文件：可以检索，不参与比较。如认得不对，请改文种。")
    missing = tuple(zh for key, zh in FIELDS_ZH.items() if key not in found.fields and key not in _NOT_EXPECTED)
    return Description(found.fields, found.origins, missing, tuple(found.warnings))


def _issuer(found: _Found, said: tuple[page.Fact, ...], text: Mapping[str, str]) -> None:
    """发文机关 as labelled; else 发布机构 when the text agrees; else who signed; a mere source of a page comes last.

    A page copied from another body names the copier as 发布机构, so the text is asked first whether it agrees.
    """
    publisher = next((fact for fact in said if fact.name == "publisher" and fact.origin == page.TABLE), None)
    titled = place.issuer_in_title(found.fields.get("title", ""))
    signed = text.get("issuer")
    if publisher and any(place.same_organ(publisher.value, name) for name in (titled, signed) if name):
        found.take("issuer", publisher.value, publisher.origin)
    found.take("issuer", titled, "正文" if found.origins.get("title") == body.ORIGIN else f"{INFERRED}标题")
    found.take("issuer", signed, body.ORIGIN)
    for fact in said:
        if fact.name == "publisher" and place.is_organ(fact.value):
            found.take("issuer", fact.value, fact.origin)
    _written_out(found, (titled, signed))


def _written_out(found: _Found, names: Iterable[str | None]) -> None:
    """An issuer the page abbreviates (省政府办公厅) is called by the full name in the title or under the text."""
    short = found.fields.get("issuer")
    full = next((name for name in names if short and name and place.is_short_for(short, name)), None)
    if full:
        found.fields["issuer"], found.origins["issuer"] = full, body.ORIGIN


def _instrument(found: _Found, text: Mapping[str, str], reading: Reading) -> None:
    titled = instrument_of(found.fields.get("title", ""))
    # the answer to a 提案 may name who made it, too
    if titled in (None, "建议") and any(PROPOSER.match(block.text) for block in reading.blocks[:_HEAD]):
        found.take("instrument", "提案", f"{INFERRED}提案人一栏")
    found.take("instrument", titled, f"{INFERRED}标题")
    found.take("instrument", instrument_of(text.get("title", "")), f"{INFERRED}正文标题")


def _effective(found: _Found, text: Mapping[str, str]) -> None:
    """自印发之日起施行 needs the day of printing: the colophon's when there is one, else 成文日期."""
    if text.get("at_once"):
        found.take("effective", text.get("printed"), f"{INFERRED}印发日期（自印发之日起施行）")
        found.take("effective", found.fields.get("issued"), f"{INFERRED}成文日期（自印发或公布之日起施行）")


def _period(found: _Found, text: Mapping[str, str]) -> None:
    found.take("period", period_in(found.fields.get("title", "")), f"{INFERRED}标题")
    found.take("period", period_in(text.get("inner_title", "")), f"{INFERRED}正文标题")
    found.take("period", text.get("validity"), body.ORIGIN)


def _status(found: _Found, text: Mapping[str, str]) -> None:
    title = found.fields.get("title", "")
    if draft_in(title) or draft_in(text.get("inner_title", "")):
        found.fields["status"], found.origins["status"] = DRAFT_STATUS, f"{INFERRED}标题"
    if ANNOTATION.search(title):
        found.fields["status"], found.origins["status"] = "已废止", f"{INFERRED}标题"
        found.fields["title"] = ANNOTATION.sub("", title)
    found.take("status", "现行", f"{INFERRED}未见废止或征求意见字样")


def _place(found: _Found, reading: Reading) -> None:
    guess = place.locate(found.fields, reading)
    if guess:
        found.take("region", guess.region, guess.origin)
        found.take("level", guess.level, guess.origin)


def _expired(found: _Found, said: tuple[page.Fact, ...]) -> None:
    end = next((parse_date(fact.value) for fact in said if fact.name == "expires"), None)
    for name in ("expires",):
        found.fields.pop(name, None)
        found.origins.pop(name, None)
    if end and len(end) == 10 and end < date.today().isoformat() and found.fields.get("status") == "现行":
        found.warnings.append(f"页面注明的失效日期是{end}，已经过去，请核对文件是否仍然有效。")

"""The shipped corpus: registry, digests, notes and attestations, read and checked.

Goes in: the folder ``corpus/``. Comes out: documents with coded provisions, ready to be stored, or a list of
what is wrong, one Chinese sentence each. The registry (``sources.yaml``) alone holds what a document is;
digests hold what it says, in the editors' words; notes hold a region's news, which never count as policy.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from kb.data import load_yaml
from kb.errors import KbError
from kb.model import CERTAINTY_ZH, NOTE_INSTRUMENT, Attestation, Code, Document, Provision, Target
from kb.regions import LEVELS, load_regions, region_of_name

DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
STATUSES = ("现行", "征求意见稿", "已废止", "被取代")
SCOPES = ("专门", "相关")
CERTAINTIES = tuple(CERTAINTY_ZH)
# Pages of the state; the same text elsewhere is a reprint.
OFFICIAL_HOST = re.compile(r"https?://(?:[^/:]+\.)?gov\.cn(?:[:/]|$)")
PATH_SEPARATOR = " / "


@dataclass(frozen=True)
class CorpusDocument:
    """A registered document with the provisions of its digest, their codes and targets in step."""

    document: Document
    text: str
    provisions: tuple[Provision, ...]
    codes: tuple[tuple[Code, ...], ...]
    targets: tuple[tuple[Target, ...], ...]


class Corpus:
    """The corpus under ``folder``; nothing is read before it is asked for."""

    def __init__(self, folder: Path) -> None:
        """Point at ``folder``."""
        self.folder = folder

    @cached_property
    def registry(self) -> tuple[Document, ...]:
        """Every real document known, whether or not a digest of it is held.

        Raises:
            KbError: the registry cannot be read.
        """
        return tuple(_registered(row) for row in self._rows("sources.yaml"))

    @cached_property
    def attestations(self) -> tuple[Attestation, ...]:
        """Dated statements of named sources about what a region has or lacks."""
        return tuple(Attestation(**row) for row in self._rows("attestations.yaml"))

    def documents(self) -> Iterator[CorpusDocument]:
        """Every document with a digest in registry order, then the notes of each region.

        Raises:
            KbError: a file of the corpus breaks the schema; the message names the first faults.
        """
        if faults := self.faults():
            raise KbError(f"语料 {self.folder} 有 {len(faults)} 处错误：" + "；".join(faults[:5]))
        digests = dict(self._digests)
        for document in self.registry:
            if document.id in digests:
                yield _digested(document, digests[document.id])
        for note in self._notes:
            yield _noted(note)

    def faults(self) -> list[str]:
        """Everything that breaks the schema, in Chinese, naming file and place; empty when sound."""
        from kb.compare.frame import load_frame

        try:
            _load(self.folder / "frame.yaml")
            measures = {m.id for m in load_frame(self.folder).measures}
            digests, notes = self._digests, self._notes
            rows, attested = self._rows("sources.yaml"), self._rows("attestations.yaml")
        except KbError as error:
            return [str(error)]
        faults = [f for row in rows for f in _registry_faults(row)]
        ids = [str(row.get("id")) for row in rows]
        faults += [f"sources.yaml：编号 {i} 重复" for i in sorted({i for i in ids if ids.count(i) > 1})]
        faults += [
            f"sources.yaml：{row['id']} 的 superseded_by 指向未登记的 {row['superseded_by']}"
            for row in rows
            if row.get("superseded_by") and row["superseded_by"] not in ids
        ]
        for name, digest in digests.items():
            if name not in ids:
                faults.append(f"digests/{name}.yaml：编号未在 sources.yaml 登记")
            faults += [f"digests/{name}.yaml：{f}" for f in _digest_faults(digest, name, measures)]
        for note in notes:
            faults += [f"notes（{note.get('region')}）：{f}" for f in _note_faults(note)]
        for row in attested:
            faults += [f"attestations.yaml：{row.get('id')} {f}" for f in _attestation_faults(row, measures)]
        return faults

    @cached_property
    def _digests(self) -> Mapping[str, Mapping[str, Any]]:
        return {path.stem: _load(path) for path in sorted((self.folder / "digests").glob("*.yaml"))}

    @cached_property
    def _notes(self) -> Sequence[Mapping[str, Any]]:
        return [_load(path) for path in sorted((self.folder / "notes").glob("*.yaml"))]

    def _rows(self, name: str) -> list[dict[str, Any]]:
        path = self.folder / name
        rows = _load(path) if path.exists() else []
        if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
            raise KbError(f"{name} 应当是一个列表，每项是一组键值。")
        return rows


def _load(path: Path) -> Any:
    try:
        return load_yaml(path)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise KbError(f"{path.name} 不是有效的 YAML 文件：{' '.join(str(error).split())[:160]}") from error


def _registered(row: Mapping[str, Any]) -> Document:
    facts = {**row, "mirrors": tuple(row.get("mirrors") or ()), "coverage": "partial", "origin": "corpus"}
    return Document(**facts)


def _digested(document: Document, digest: Mapping[str, Any]) -> CorpusDocument:
    items = digest["items"]
    described = Document(**{**document.__dict__, "coverage": digest["coverage"], "basis": digest.get("basis")})
    text, provisions = _provisions([(str(i["section"]), i) for i in items])
    codes = tuple(tuple(Code(m, s, "editor") for m, s in (i.get("measures") or {}).items()) for i in items)
    targets = tuple(tuple(Target(**t) for t in i.get("targets") or ()) for i in items)
    return CorpusDocument(described, text, provisions, codes, targets)


def _noted(note: Mapping[str, Any]) -> CorpusDocument:
    region = next(r for r in load_regions() if r.name == note["region"])
    items = note["items"]
    latest = max((str(i["date"]) for i in items if i.get("date")), default=None)
    document = Document(
        id=f"notes-{region.name}", region=region.name, level=region.level, title=f"{region.name}未来产业动态",
        instrument=NOTE_INSTRUMENT, published=latest, basis="编者据新闻与公开报道整理，不是政策文件，不参与比较。",
        origin="corpus",
    )  # fmt: skip
    labels = ["　".join(str(p) for p in (i.get("date"), i.get("title")) if p) or "动态" for i in items]
    text, provisions = _provisions(list(zip(labels, items, strict=True)))
    empty: tuple[tuple[Any, ...], ...] = tuple(() for _ in items)
    return CorpusDocument(document, text, provisions, empty, empty)


def _provisions(items: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[str, tuple[Provision, ...]]:
    """The items joined by newlines, and each as a provision whose span is its own line."""
    provisions, at = [], 0
    for ordinal, (section, item) in enumerate(items):
        *path, label = section.split(PATH_SEPARATOR)
        line = str(item["text"]).strip()
        end = at + len(line)
        provisions.append(
            Provision(ordinal, label, tuple(path), "digest", line, at, end, None, item["source"], item["certainty"])
        )
        at = end + 1
    return "\n".join(p.text for p in provisions), tuple(provisions)


def _registry_faults(row: Mapping[str, Any]) -> Iterator[str]:
    where = f"sources.yaml：{row.get('id')}"
    unknown = set(row) - set(Document.__dataclass_fields__)
    if unknown:
        yield f"{where} 有未知的键 {'、'.join(sorted(unknown))}"
    yield from (f"{where} 缺少 {k}" for k in ("id", "region", "level", "title", "status", "scope") if not row.get(k))
    if region_of_name(row.get("region")) is None:
        yield f"{where} 的地区“{row.get('region')}”不在 regions.yaml 中"
    for key in ("issued", "published", "effective"):
        if not _is_date(row.get(key)):
            yield f"{where} 的 {key} 不是日期：{row[key]}"
    for key, allowed in (("level", LEVELS), ("status", STATUSES), ("scope", SCOPES)):
        if row.get(key) not in allowed:
            yield f"{where} 的 {key} 应为 {'、'.join(allowed)} 之一"
    yield from (f"{where} 的地址不是网址：{u}" for u in _addresses(row) if not _is_address(u))


def _addresses(row: Mapping[str, Any]) -> list[Any]:
    return [u for u in (row.get("url"), *(row.get("mirrors") or ())) if u is not None]


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _is_date(value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, str) or not DATE.fullmatch(value):
        return False
    try:
        datetime.date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _digest_faults(digest: Mapping[str, Any], name: str, measures: set[str]) -> Iterator[str]:
    if digest.get("id") != name:
        yield "编号与文件名不一致"
    if digest.get("coverage") != "partial":
        yield "摘编的收录程度必须是 partial"
    if not digest.get("basis"):
        yield "缺少 basis（据何整理）"
    for number, item in enumerate(digest.get("items") or (), 1):
        where = f"第 {number} 项"
        if not item.get("section"):
            yield f"{where} 缺少 section"
        yield from _item_faults(item, where)
        for measure, strength in (item.get("measures") or {}).items():
            if measure not in measures:
                yield f"{where} 的举措 {measure} 不在分析框架中"
            if strength not in (1, 2, 3):
                yield f"{where} 的力度 {strength} 应为 1、2 或 3"
        for target in item.get("targets") or ():
            yield from _target_faults(target, where)
    if not digest.get("items"):
        yield "没有任何条目"


def _item_faults(item: Mapping[str, Any], where: str) -> Iterator[str]:
    if not str(item.get("text") or "").strip():
        yield f"{where} 缺少正文"
    if not _is_address(item.get("source")):
        yield f"{where} 缺少来源网址"
    if item.get("certainty") not in CERTAINTIES:
        yield f"{where} 的 certainty 应为 {'、'.join(CERTAINTIES)} 之一"
    if item.get("certainty") == "official" and not OFFICIAL_HOST.match(str(item.get("source"))):
        yield f"{where} 的来源不是政府网站（gov.cn），certainty 应为 reprint"


def _target_faults(target: Mapping[str, Any], where: str) -> Iterator[str]:
    try:
        made = Target(**target)
    except TypeError:
        yield f"{where} 的目标键应为 indicator、year、low、high、unit、qualifier"
        return
    if made.low is None and made.high is None:
        yield f"{where} 的目标“{made.indicator}”没有数值"
    numbers = [n for n in (made.low, made.high, made.year) if n is not None]
    if not all(isinstance(n, int | float) for n in numbers):
        yield f"{where} 的目标“{made.indicator}”的数值不是数"


def _note_faults(note: Mapping[str, Any]) -> Iterator[str]:
    if region_of_name(note.get("region")) is None:
        yield f"地区“{note.get('region')}”不在 regions.yaml 中"
    for number, item in enumerate(note.get("items") or (), 1):
        yield from _item_faults(item, f"第 {number} 项")
        if not _is_date(item.get("date")):
            yield f"第 {number} 项的日期不对：{item.get('date')}"


def _attestation_faults(row: Mapping[str, Any], measures: set[str]) -> Iterator[str]:
    try:
        made = Attestation(**row)
    except TypeError as error:
        yield f"的键不对：{error}"
        return
    if region_of_name(made.region) is None:
        yield f"的地区“{made.region}”不在 regions.yaml 中"
    if made.measure not in measures:
        yield f"的举措 {made.measure} 不在分析框架中"
    if made.says not in ("has", "lacks", "behind"):
        yield "的 says 应为 has、lacks 或 behind"
    if not _is_date(made.date) or not _is_address(made.source):
        yield "缺少日期或来源网址"

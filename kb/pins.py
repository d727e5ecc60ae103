"""资料夹: findings, provisions and statements a user has set aside, kept as one JSON file a collection.

A pin holds its own copy of the words and the citation, so that it stands when the document is removed or replaced.
Several people may write at once: each change reads, changes and renames under a lock.
"""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from filelock import FileLock

from kb.errors import KbError
from kb.report import parts
from kb.report.parts import Part

DEFAULT = "默认"
MOST_PINS = 2000
LONGEST_NOTE = 5000
_NAME = re.compile(r"[\w\u4e00-\u9fff（）()·—-][\w\u4e00-\u9fff（）()·— -]{0,39}")
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d")


@dataclass(frozen=True)
class Pin:
    """One thing set aside: what it says, where it is from, and the address on the page that opens it again."""

    id: str
    kind: Literal["finding", "provision"]
    title: str
    text: str
    citation: str
    region: str
    href: str
    url: str | None
    added: str
    note: str = ""


class Collections:
    """The collections in one folder, by name."""

    def __init__(self, folder: Path) -> None:
        """Keep collections in ``folder``, which is made when first written to."""
        self._folder = folder

    def names(self) -> list[str]:
        """Names of all collections, the default one first."""
        found = sorted(p.stem for p in self._folder.glob("*.json")) if self._folder.is_dir() else []
        return [DEFAULT, *(n for n in found if n != DEFAULT)]

    def pins(self, name: str) -> list[Pin]:
        """The pins of a collection in their order; none when there is no such collection.

        Raises:
            KbError: a name that cannot be one, or a file that is damaged.
        """
        path = self._path(name)
        if not path.exists():
            return []
        try:
            return [Pin(**row) for row in json.loads(path.read_text("utf8"))]
        except (ValueError, TypeError, OSError) as error:
            raise KbError(f"资料夹“{name}”的文件已损坏，请移走 {path.name} 后再试。") from error

    def add(self, name: str, pin: Pin) -> bool:
        """Put ``pin`` at the end; False when the same words from the same place are there already.

        Raises:
            KbError: the collection is full or its name is not allowed.
        """
        new = True

        def added(pins: list[Pin]) -> list[Pin]:
            nonlocal new
            # An address outlives what it shows: documents are replaced, findings change.
            new = all((p.href, p.text) != (pin.href, pin.text) for p in pins)
            if not new:
                return pins
            if len(pins) >= MOST_PINS:
                raise KbError(f"资料夹“{name}”已有 {MOST_PINS} 条，请另建一个。")
            return [*pins, replace(pin, id=uuid.uuid4().hex[:12])]

        self._change(name, added)
        return new

    def remove(self, name: str, pin_id: str) -> None:
        """Take a pin out."""
        self._change(name, lambda pins: [p for p in pins if p.id != pin_id])

    def annotate(self, name: str, pin_id: str, note: str) -> None:
        """Write a note beside a pin; an empty one clears it."""
        self._change(
            name, lambda pins: [replace(p, note=note.strip()[:LONGEST_NOTE]) if p.id == pin_id else p for p in pins]
        )

    def move(self, name: str, pin_id: str, step: int) -> None:
        """Move a pin up (negative) or down by ``step`` places, as far as there is room."""

        def moved(pins: list[Pin]) -> list[Pin]:
            at = next((i for i, p in enumerate(pins) if p.id == pin_id), None)
            if at is None:
                return pins
            pin = pins.pop(at)
            pins.insert(max(0, min(len(pins), at + step)), pin)
            return pins

        self._change(name, moved)

    def delete(self, name: str) -> None:
        """Delete a whole collection."""
        self._path(name).unlink(missing_ok=True)

    def _change(self, name: str, change: Callable[[list[Pin]], list[Pin]]) -> None:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(str(self._folder / "collections.lock"), timeout=30):
            rows = [asdict(p) for p in change(self.pins(name))]
            aside = path.with_suffix(".aside")
            aside.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf8")
            aside.replace(path)

    def _path(self, name: str) -> Path:
        name = name.strip()
        if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
            raise KbError("资料夹名称只能用汉字、字母、数字、空格、括号和连字符，不超过 40 个字。")
        return self._folder / f"{name}.json"


def composed(name: str, pins: Sequence[Pin]) -> Iterator[Part]:
    """The collection as parts of a document: each pin under a heading, its note, its words, its source."""
    yield parts.Heading(1, f"资料夹：{name}")
    for number, pin in enumerate(pins, 1):
        yield parts.Heading(2, f"{number}. {pin.title}")
        if pin.note:
            yield parts.Paragraph((parts.Strong("批注："), pin.note), "facts")
        yield parts.Paragraph((pin.text,))
        link = (" ", parts.Link(pin.url, pin.url)) if pin.url else ()
        yield parts.Paragraph((f"——{pin.citation}", *link), "note")


def as_markdown(name: str, pins: Sequence[Pin]) -> str:
    """The collection as Markdown, nothing in it taken for markup."""
    from kb.report.markdown import rendered

    return rendered(composed(name, pins))


def as_csv(pins: Iterable[Pin]) -> str:
    """The collection as CSV with a byte order mark, no cell begins like a formula."""
    from kb.correcting import told_time
    from kb.report.safe import harmless

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("序号", "类别", "地区", "标题", "内容", "出处", "网址", "批注", "收进时间"))
    kinds = {"finding": "差距结论", "provision": "条款"}
    for number, pin in enumerate(pins, 1):
        cells = (pin.region, pin.title, pin.text, pin.citation, pin.url or "", pin.note, told_time(pin.added))
        writer.writerow((number, kinds[pin.kind], *(harmless(c) for c in cells)))
    return "\ufeff" + out.getvalue()


def write_docx(name: str, pins: Sequence[Pin], out: Path) -> None:
    """The collection as a Word document at ``out``."""
    from kb.report.docx import write_parts

    write_parts(composed(name, pins), out, f"资料夹：{name}")

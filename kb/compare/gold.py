"""Coded examples to train and evaluate the recogniser from: texts, the codes readers gave them, where they come from.

Goes in: the digests of ``corpus/`` (coded by the editors) and ``corpus/gold/coded`` (real provisions: file, span and
hash only, the texts stay with whoever has them). All were coded by two readers, each alone, and by a third where these
differed (``readings.yaml``, of those that count). :data:`CHOSEN` and :data:`UNSURE` were picked because the recogniser
was unsure of them; :data:`DRAWN` were drawn from whole documents, whatever they say. What the project wrote itself only
trains: ``written.yaml``, and ``practice.yaml`` the tuned layers alone, like :data:`UNSURE`. Comes out: examples with
their document and region, the two things evaluation is grouped by. Entries whose file is not at hand or has changed are
left out.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.context import passage
from kb.corpus import Corpus
from kb.data import load_yaml
from kb.errors import KbError
from kb.settings import PROJECT

REALDATA = Path(os.environ.get("KB_REALDATA") or PROJECT.parent / "shared" / "realdata")
DIGEST, WRITTEN, EXTRA, SAMPLED, PRACTICE = "摘编", "自拟", "补充", "抽样", "练习"
# How much of a text that is the project's own is quoted where it is named.
QUOTED = 24
READ_TWICE, DRAWN, CHOSEN, UNSURE = ("reports", "regulations", "further"), "sampled", "chosen", "unsure"
# Documents of these last digits are never read when cues are written: what is reported as unseen is unseen.
_HELD_BACK = frozenset("02")


@dataclass(frozen=True)
class Example:
    """A text with the strength per measure a reader gave it; ``kind`` is what sort of text it is.

    ``passage`` is the text as the library would encode it, ``reference`` what it is cited as.
    """

    text: str
    codes: Mapping[str, int]
    document: str
    region: str
    kind: str
    passage: str
    reference: str

    @property
    def held_back(self) -> bool:
        """Whether the document belongs to the eighth no cue was written from."""
        return is_held_back(self.document)

    @property
    def judged(self) -> bool:
        """Whether it counts in the evaluation; not those that are the editors' own or were picked for being hard, which only
        train, nor those :attr:`sampled`."""
        return self.kind not in (WRITTEN, EXTRA, SAMPLED, PRACTICE)

    @property
    def practice(self) -> bool:
        """Whether only the tuned layers train on it: they want many texts, while the head's record of how often a phrase
        proved right, and the nearest examples it names, want texts that were published and drawn fairly."""
        return self.kind == PRACTICE

    @property
    def unread(self) -> bool:
        """Whether it shows how texts fare that no cue was written from."""
        return self.held_back and (self.judged or self.sampled)

    @property
    def sampled(self) -> bool:
        """Whether it was drawn from a whole document; told apart, because how often a measure occurs moves every score."""
        return self.kind == SAMPLED


def is_held_back(document: str) -> bool:
    """A fixed, arbitrary eighth of all documents, by the hash of their name."""
    return _hash(document)[-1] in _HELD_BACK


def digest_examples(corpus: Path) -> list[Example]:
    """The items of the digests, coded by the editors."""
    return [
        Example(
            provision.text, {c.measure: c.strength for c in codes}, held.document.id, held.document.region, DIGEST,
            passage(held.document, provision), f"《{held.document.title}》：{_beginning(provision.text)}",
        )
        for held in Corpus(corpus).documents()
        if held.document.is_policy
        for provision, codes in zip(held.provisions, held.codes, strict=True)
    ]  # fmt: skip


def written_examples(corpus: Path) -> list[Example]:
    """Provisions the project wrote in the manner of official texts, with their codes; no region's own."""
    return [
        Example(
            row["text"], row["measures"] or {}, f"{name}-{i}", WRITTEN, kind, row["text"],
            f"{WRITTEN}：{_beginning(row['text'])}",
        )
        for name, kind in (("written", WRITTEN), ("practice", PRACTICE))
        for i, row in enumerate(_entries(corpus, name), 1)
    ]  # fmt: skip


def _beginning(text: str) -> str:
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}……"


def coded_examples(corpus: Path, realdata: Path) -> list[Example]:
    """The real provisions whose files lie in ``realdata`` unchanged."""
    others = [
        replace(e, kind=kind)
        for name, kind in ((DRAWN, SAMPLED), (CHOSEN, EXTRA), (UNSURE, PRACTICE))
        for e in coding(corpus, realdata, name)
    ]
    return [*(example for name in READ_TWICE for example in coding(corpus, realdata, name)), *others]


def coding(corpus: Path, realdata: Path, name: str) -> list[Example]:
    """The examples of the coding file ``name`` in file order.

    Raises:
        KbError: the file is not a list of entries.
    """
    return list(_examples(_entries(corpus, name), realdata))


def _entries(corpus: Path, name: str) -> list[dict[str, Any]]:
    path = corpus / "gold" / "coded" / f"{name}.yaml"
    entries = load_yaml(path)
    if not isinstance(entries, list):
        raise KbError(f"{path.name} 应当是一个列表。")
    return entries


def agreement(corpus: Path) -> tuple[int, float, float]:
    """Provisions coded twice, F1 of the two readers on measures, and the share of agreed measures of equal strength."""
    differing = {e["sha256"]: (e["first"], e["second"]) for e in _entries(corpus, "readings")}
    final = [(_hash(e.text), e.codes) for e in digest_examples(corpus)]
    final += [(e["sha256"], e["measures"]) for name in (*READ_TWICE, DRAWN) for e in _entries(corpus, name)]
    both = [differing.get(key, (codes, codes)) for key, codes in final]
    shared = sum(len(a.keys() & b.keys()) for a, b in both)
    equal = sum(a[m] == b[m] for a, b in both for m in a.keys() & b.keys())
    return len(both), 2 * shared / sum(len(a) + len(b) for a, b in both), equal / shared


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _examples(entries: list[dict[str, Any]], realdata: Path) -> Iterator[Example]:
    for entry in entries:
        path = realdata / entry["file"]
        if not path.is_file():
            continue
        text = _text(path, entry.get("text_of") == "html")[entry["start"] : entry["end"]]
        if _hash(text) == entry["sha256"]:
            region, kind = _region_and_kind(entry["file"])
            title = _title(path, kind)
            titled = "。".join(p for p in (text.strip().rstrip("。"), title) if p)
            yield Example(
                text,
                entry["measures"] or {},
                entry["file"],
                region,
                kind,
                titled,
                f"《{title}》" if title else f"{region}网页 {path.stem}",
            )


def _title(path: Path, kind: str) -> str:
    """The document's title as far as the file's name tells it."""
    name = re.sub(r"[(（]\d.*", "", path.stem)
    return "" if kind == "网页" else f"{name}政府工作报告" if kind == "政府工作报告" else name


@lru_cache(maxsize=64)
def _text(path: Path, html: bool) -> str:
    if not html:
        return path.read_bytes().decode("utf8")
    from bs4 import BeautifulSoup

    return BeautifulSoup(path.read_bytes(), "lxml").get_text()


def _region_and_kind(file: str) -> tuple[str, str]:
    folder, rest = file.split("/", 1)
    if folder == "regulations":
        return rest.split("/")[0], "法规"
    if folder == "work-reports-2026":
        return rest[:2], "政府工作报告"
    if folder == "pages-guangzhou":
        return "广州", "网页"
    return "国家", "网页" if folder == "pages-gov-cn" else "全文"

"""What stands around a provision and says what its own words leave out: headings, label, region, title.

Goes in: a document and one of its provisions. Comes out: the caption (headings and label without numbering) and
the passage that is encoded. Both legs of the search use the same context, so that neither knows more.
"""

from __future__ import annotations

import re

from kb.model import Document, Provision

_NUMERAL = "[零〇一二三四五六七八九十百]"
NUMBERING = re.compile(
    rf"(?:(?:第(?:{_NUMERAL}+|\d+)(?:[编篇章节条款项目]|部分)(?:之{_NUMERAL})?)+"
    rf"|第?[（(](?:{_NUMERAL}{{1,4}}|\d{{1,3}})[）)][项款]?"
    rf"|{_NUMERAL}{{1,4}}(?:[、．.]|(?=[（(]|$))"
    r"|\d{1,3}(?:[.．]\d{1,3})*(?:[、．.]|(?=[（(]|$)))[\s\u3000]*"
)
# What editors write where a digest's source does not say which clause it digests.
UNPLACED = re.compile(r"未注明条款|（[^（）]*(?:未见|待核)）")


def caption(path: tuple[str, ...], label: str) -> str:
    """Headings and label without numbering, each once: ``("二、目标",), "（一）规模（2027年）"`` gives ``目标 规模（2027年）``."""
    named = dict.fromkeys(_named(part) for part in (*path, label))
    return " ".join(part for part in named if part)


def place(provision: Provision) -> tuple[str, ...]:
    """Where in its document a provision stands: the headings above it, then its label less the numbers they bear:
    ``("二、任务",), "二、（三）"`` gives ``二、任务``, ``（三）``. Empty where neither says anything."""
    rest = provision.label
    for above in provision.path:
        sign = NUMBERING.match(above)
        number = sign[0].strip() if sign is not None else ""
        decimal = number[-1:] in "．." and rest[len(number) :][:1].isdigit()  # 1.2 is no 2 under 1.
        if number and rest.startswith(number) and not decimal:
            rest = rest.removeprefix(number)
    return tuple(part for part in (*provision.path, rest) if part)


def _named(part: str) -> str:
    part = UNPLACED.sub("", part).strip()
    while (match := NUMBERING.match(part)) is not None and match.end():
        part = part[match.end() :]
    whole = re.fullmatch(r"[（(]([^（）()]+)[）)]", part)
    return whole.group(1) if whole else part


def heading(document: Document) -> str:
    """The document's title, with its region where the title does not say it."""
    region = document.region
    return document.title if not region or region in document.title else f"{region} {document.title}"


def passage(document: Document, provision: Provision) -> str:
    """What is encoded for a provision: caption, its own words, and last the document, which many provisions share."""
    parts = (caption(provision.path, provision.label), provision.text.strip().rstrip("。"), heading(document))
    return "。".join(part for part in parts if part)

"""Words that speak for a measure: phrases, hints and their exceptions, found sentence by sentence.

Goes in: a text and ``corpus/lexicon/measures.yaml``. Comes out: hits (which measure, which words, where). A hit inside
a longer phrase listed under ``not`` counts for nothing, after Climate Policy Radar's concepts with negative labels;
so does every hit in a sentence that provides for nothing (definitions, penalties, achievements).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from kb.data import load_yaml
from kb.errors import KbError
from kb.words import key

Ignored = frozenset[tuple[str, str]]
VOID = "void"
GAP = "[^。；;\n]{0,12}?"
_SENTENCE = re.compile(r"[^。；;！!？?\n]+[。；;！!？?\n]*")
_GROUP = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True)
class Phrase:
    """One phrase of the lexicon, and the literals one of which a text must contain for it to match."""

    words: str
    pattern: re.Pattern[str]
    literals: tuple[str, ...]

    def spans(self, folded: str) -> list[tuple[int, int]]:
        """Where the phrase stands in a folded text."""
        if not any(literal in folded for literal in self.literals):
            return []
        return [match.span() for match in self.pattern.finditer(folded)]


@dataclass(frozen=True)
class Cue:
    """The phrases of one measure: those that suffice, those that hint, those that are exceptions."""

    measure: str
    strong: tuple[Phrase, ...]
    hints: tuple[Phrase, ...]
    exceptions: tuple[Phrase, ...]


@dataclass(frozen=True)
class Hit:
    """Words in a text that speak for a measure; ``start`` and ``end`` are offsets in the text."""

    measure: str
    phrase: str
    words: str
    start: int
    end: int
    strong: bool


@dataclass(frozen=True)
class Lexicon:
    """All cues in frame order, the sentences that provide for nothing, and the words that tell strength."""

    cues: tuple[Cue, ...]
    void: tuple[Phrase, ...]
    soft: re.Pattern[str]
    device: re.Pattern[str]

    def hits(self, text: str, ignored: Ignored = frozenset()) -> list[Hit]:
        """The words of ``text`` that speak for measures, void sentences and exceptions left out.

        ``ignored`` phrases, each with its measure (or ``void``), are taken as not written: training asks what
        the lexicon would find had it been written without the text at hand.
        """
        folded = key(text)
        void = [p for p in self.void if (VOID, p.words) not in ignored]
        voided = [(a, b) for a, b in sentences(text) if any(p.spans(folded[a:b]) for p in void)]
        return [h for cue in self.cues for h in _hits(cue, folded, ignored) if not _inside(h.start, h.end, voided)]

    def fired(self, text: str) -> set[tuple[str, str]]:
        """Every phrase that stands in ``text``, exceptions included, with its measure (or ``void``)."""
        folded = key(text)
        groups = ((c.measure, p) for c in self.cues for p in (*c.strong, *c.hints, *c.exceptions))
        return {(m, p.words) for m, p in (*groups, *((VOID, p) for p in self.void)) if p.spans(folded)}


def sentences(text: str) -> list[tuple[int, int]]:
    """The spans of the sentences of ``text``; a semicolon ends one, as it does in Chinese legal drafting."""
    return [m.span() for m in _SENTENCE.finditer(text) if m.group().strip()]


def phrase(words: str) -> Phrase:
    """Compile a phrase of the lexicon: ``…`` is a gap, ``(a|b|)`` alternatives, all else literal.

    Raises:
        KbError: the phrase says nothing.
    """
    folded = key(words)
    parts = _alternatives(folded)
    body = "".join(GAP if p == ["…"] else f"(?:{'|'.join(map(_escaped, p))})" for p in parts)
    needed = [p for p in parts if p != ["…"] and all(a.replace("…", "") for a in p)]
    if not needed:
        raise KbError(f"词表中的短语“{words}”没有内容。")
    literals = max(needed, key=lambda p: min(len(a) for a in p))
    return Phrase(words, re.compile(body), tuple(max(a.split("…"), key=len) for a in literals))


@lru_cache(maxsize=4)
def load_lexicon(corpus: Path) -> Lexicon:
    """The lexicon of the corpus in folder ``corpus``; measures without an entry have no cues.

    Raises:
        KbError: the file is not as described at its head.
    """
    path = corpus / "lexicon" / "measures.yaml"
    try:
        content = load_yaml(path)
        cues = tuple(_cue(measure, entry) for measure, entry in content["measures"].items())
        void = tuple(phrase(w) for group in content["void"] for w in group["phrases"])
        return Lexicon(cues, void, _any_of(content["soft"]), _any_of(content["device"]))
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise KbError(f"{path.name} 的格式不对：{' '.join(str(error).split())[:160]}") from error


def _alternatives(folded: str) -> list[list[str]]:
    """The phrase as a sequence of choices; an escaped group ``首台(套)`` without ``|`` is literal brackets."""
    parts: list[list[str]] = []
    at = 0
    for match in _GROUP.finditer(folded):
        if "|" in match.group(1):
            parts += _literals(folded[at : match.start()]) + [match.group(1).split("|")]
            at = match.end()
    return parts + _literals(folded[at:])


def _literals(text: str) -> list[list[str]]:
    return [[piece] for piece in re.split("(…)", text) if piece]


def _escaped(alternative: str) -> str:
    return GAP.join(re.escape(piece) for piece in alternative.split("…"))


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(phrase(w).pattern.pattern for w in sorted(words, key=len, reverse=True)))


def _cue(measure: str, entry: Mapping[str, Any]) -> Cue:
    exceptions = [row["phrase"] for row in entry.get("not") or ()]
    groups = (entry.get("cues") or (), entry.get("hints") or (), exceptions)
    strong, hints, negative = (tuple(phrase(str(w)) for w in group) for group in groups)
    return Cue(measure, strong, hints, negative)


def _hits(cue: Cue, folded: str, ignored: Ignored) -> Iterator[Hit]:
    """Strong hits, then the hints outside them, both outside the exceptions."""
    found = [(span, p, strong) for group, strong in ((cue.strong, True), (cue.hints, False))
             for p in group for span in p.spans(folded) if (cue.measure, p.words) not in ignored]  # fmt: skip
    if not found:
        return
    masked = [s for p in cue.exceptions if (cue.measure, p.words) not in ignored for s in p.spans(folded)]
    taken: list[tuple[int, int]] = []
    for (start, end), p, strong in found:
        if not _inside(start, end, masked) and (strong or not _overlaps(start, end, taken)):
            taken.append((start, end))
            yield Hit(cue.measure, p.words, folded[start:end], start, end, strong)


def _inside(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(a <= start and end <= b for a, b in spans)


def _overlaps(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < b and a < end for a, b in spans)

"""Words that speak for a measure: phrases, hints and their exceptions, found sentence by sentence.

Goes in: a text and ``corpus/lexicon/measures.yaml``. Comes out: hits (which measure, which words, where). A hit inside
a longer phrase listed under ``not`` counts for nothing, after Climate Policy Radar's concepts with negative labels;
so does every hit in a sentence that provides for nothing (definitions, penalties, achievements).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from kb.data import load_yaml, stamp
from kb.errors import KbError
from kb.words import key

Ignored = frozenset[tuple[str, str]]
Span = tuple[int, int]
Kind = Literal["cue", "hint", "not", "void"]
VOID = "void"
# Longer texts than LONG are read in stretches of whole sentences of at least STRETCH signs.
LONG, STRETCH = 340, 150
GAP = "[^。；;\n]{0,12}?"
_CLAUSE = re.compile(r"[^，,；;。！!？?\n]+")
# What comes before words that deny where they only tell on what condition something holds.
_CONDITION = re.compile("(?:对于?|凡|属于|如|若)$")
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
    """The phrases of one measure: those that suffice, those that hint, those that are exceptions; and examples of it,
    which a measure of the user's own is recognised by."""

    measure: str
    strong: tuple[Phrase, ...]
    hints: tuple[Phrase, ...]
    exceptions: tuple[Phrase, ...]
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """Words in a text that speak for a measure; ``start`` and ``end`` are offsets in the text.

    ``state`` is empty where they count, ``not`` inside an exception, ``void`` in a sentence that provides for nothing.
    """

    measure: str
    phrase: str
    words: str
    start: int
    end: int
    strong: bool
    state: Literal["", "not", "void"] = ""


@dataclass(frozen=True)
class Spots:
    """Every phrase of the lexicon in one text: where each stands, by measure and kind, before exceptions are applied."""

    text: str
    folded: str
    sentences: tuple[tuple[int, int], ...]
    found: Mapping[tuple[str, Kind], Mapping[str, tuple[Span, ...]]]

    @property
    def fired(self) -> frozenset[tuple[str, str]]:
        """The phrases that stand in the text, exceptions included, each with its measure (or ``void``)."""
        return frozenset((measure, words) for (measure, _), phrases in self.found.items() for words in phrases)


@dataclass(frozen=True)
class Lexicon:
    """All cues in frame order, what tells sentences that provide for nothing and clauses that deny, and the words that tell
    strength."""

    cues: tuple[Cue, ...]
    void: tuple[Phrase, ...]
    denied: tuple[Phrase, ...]
    soft: re.Pattern[str]
    device: re.Pattern[str]

    def spots(self, text: str) -> Spots:
        """Where the phrases stand in ``text``; only those are tried of which a pair of signs occurs in it."""
        folded = key(text)
        pairs = set(_pairs(folded))
        found: dict[tuple[str, Kind], dict[str, tuple[Span, ...]]] = {}
        for number in sorted({n for pair in pairs & self._index.keys() for n in self._index[pair]} | self._always):
            measure, kind, one = self._phrases[number]
            if spans := one.spans(folded):
                found.setdefault((measure, kind), {})[one.words] = tuple(spans)
        return Spots(text, folded, tuple(sentences(text)), found)

    def hits(self, spots: Spots, ignored: Ignored = frozenset()) -> list[Hit]:
        """The words of a text that speak for measures, by measure and place, with the state of each.

        ``ignored`` phrases, each with its measure (or ``void``), are taken as not written: training asks what
        the lexicon would find had it been written without the text at hand.
        """
        void = _spans(spots, VOID, "void", ignored)
        voided = [(a, b) for a, b in spots.sentences if any(a <= s and e <= b for s, e in void)]
        voided += self.denials(spots.folded)
        measures = dict.fromkeys(measure for measure, _ in spots.found if measure != VOID)
        return [hit for measure in measures for hit in _hits(measure, spots, voided, ignored)]

    def denials(self, folded: str) -> list[Span]:
        """What a folded text says is not there, forbidden or withdrawn: each from the words that say so to the end of their
        clause, or all of it where it ends with them (补偿政策尚未出台), conditions aside (对尚未…的)."""
        told = [span for one in self.denied for span in one.spans(folded)]
        clauses = [m.span() for m in _CLAUSE.finditer(folded)] if told else []
        return [
            (begin if last >= end else start, end)
            for start, last in told
            for begin, end in clauses
            if begin <= start < end and not _CONDITION.search(folded[begin:start]) and folded[end - 1] != "的"
        ]

    @cached_property
    def _phrases(self) -> tuple[tuple[str, Kind, Phrase], ...]:
        rows: list[tuple[str, Kind, Phrase]] = []
        for cue in self.cues:
            rows += [(cue.measure, "cue", p) for p in cue.strong] + [(cue.measure, "hint", p) for p in cue.hints]
            rows += [(cue.measure, "not", p) for p in cue.exceptions]
        return (*rows, *((VOID, "void", p) for p in self.void))

    @cached_property
    def _index(self) -> Mapping[str, tuple[int, ...]]:
        """From a pair of signs to the phrases to try where it stands: of each literal the pair fewest phrases share."""
        literals = [(n, literal) for n, (_, _, one) in enumerate(self._phrases) for literal in one.literals]
        shared = Counter(pair for _, literal in literals for pair in set(_pairs(literal)))
        index: dict[str, dict[int, None]] = {}
        for number, literal in literals:
            if number not in self._always:
                index.setdefault(min(_pairs(literal), key=lambda p: shared[p]), {})[number] = None
        return {pair: tuple(numbers) for pair, numbers in index.items()}

    @cached_property
    def _always(self) -> frozenset[int]:
        return frozenset(n for n, (_, _, one) in enumerate(self._phrases) if min(map(len, one.literals)) < 2)


def _pairs(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)]


def sentences(text: str) -> list[Span]:
    """The spans of the sentences of ``text``; a semicolon ends one, as it does in Chinese legal drafting."""
    return [m.span() for m in _SENTENCE.finditer(text) if m.group().strip()]


def stretches(text: str) -> tuple[str, ...]:
    """A long text as stretches of whole sentences, each about as long as a provision; a short one as it is."""
    if len(text) <= LONG:
        return (text,)
    made: list[str] = []
    begun = 0
    for _, end in sentences(text):
        if end - begun >= STRETCH:
            made.append(text[begun:end])
            begun = end
    rest = text[begun:]
    if made and len(rest) < STRETCH // 2:
        return (*made[:-1], made[-1] + rest)
    return (*made, rest)


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


def load_lexicon(corpus: Path) -> Lexicon:
    """The lexicon of the corpus in folder ``corpus``; measures without an entry have no cues.

    Raises:
        KbError: the file is not as described at its head.
    """
    path = corpus / "lexicon" / "measures.yaml"
    return _read(path, stamp(path))


@lru_cache(maxsize=4)
def _read(path: Path, written: tuple[int, int]) -> Lexicon:
    try:
        content = load_yaml(path)
        cues = tuple(_cue(measure, entry) for measure, entry in content["measures"].items())
        void = tuple(phrase(w) for group in content["void"] for w in group["phrases"])
        denied = tuple(phrase(w) for group in content["denied"] for w in group["phrases"])
        return Lexicon(cues, void, denied, _any_of(content["soft"]), _any_of(content["device"]))
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
    return Cue(measure, strong, hints, negative, tuple(map(str, entry.get("examples") or ())))


def _spans(spots: Spots, measure: str, kind: Kind, ignored: Ignored) -> list[Span]:
    phrases = spots.found.get((measure, kind), {})
    return [span for words, spans in phrases.items() if (measure, words) not in ignored for span in spans]


def _hits(measure: str, spots: Spots, voided: Sequence[Span], ignored: Ignored) -> Iterator[Hit]:
    """Cues, then the hints outside those that count."""
    masked = _spans(spots, measure, "not", ignored)
    taken: list[Span] = []
    kinds: tuple[tuple[bool, Kind], ...] = ((True, "cue"), (False, "hint"))
    for strong, kind in kinds:
        for words, spans in spots.found.get((measure, kind), {}).items():
            for start, end in spans if (measure, words) not in ignored else ():
                if not strong and _overlaps(start, end, taken):
                    continue
                state: Literal["", "not", "void"] = (
                    "void" if _inside(start, end, voided) else "not" if _inside(start, end, masked) else ""
                )
                if not state:
                    taken.append((start, end))
                yield Hit(measure, words, spots.folded[start:end], start, end, strong, state)


def _inside(start: int, end: int, spans: Sequence[Span]) -> bool:
    return any(a <= start and end <= b for a, b in spans)


def _overlaps(start: int, end: int, spans: Sequence[Span]) -> bool:
    return any(start < b and a < end for a, b in spans)

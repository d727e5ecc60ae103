"""Two documents side by side: which provision answers which, and what differs in the words.

Goes in: the provisions of both with their vectors. Comes out: rows in reading order, each a matched pair or a
provision that stands on one side only. Pairs are taken best first by likeness: Dice's coefficient of character
pairs (Dice 1945) for wording, the cosine of the vectors for meaning; who is not much alike must clearly be nearest to each
other of all, not only of what is left. Differences are found word by word (difflib).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb import words
from kb.fold import fold, squeeze
from kb.markers import STRUCTURAL, find_marker
from kb.model import Held
from kb.numerals import parse_number

Span = tuple[int, int]

BUCKETS = 8192
# From SURE on two provisions answer each other wherever else either might belong. Below, of two regulations on one
# subject and of plans, those that are nearest to each other and lead what comes next by LEAD nearly all did, of the
# others half or less.
LEAST_LIKE, SURE, LEAD = 0.34, 0.5, 0.05
# What is not the same in every word is never shown as such: in a long article one figure changes next to nothing.
ALMOST = 0.99
# A bare number opens a text as often as it numbers it: 20 个先导区.
NUMBERING = STRUCTURAL | {"comma", "paren", "arabic", "paren_arabic", "circled"}
FIRST_NUMBER = re.compile("[0-9]{1,3}|[一二三四五六七八九十]{1,3}")
# Cosines of e5 models lie close together: what is unrelated is near the lower figure, the same text near 1.
COSINE_FLOOR = 0.82
CANDIDATES = 12


@dataclass(frozen=True)
class Row:
    """One line of the alignment: both sides with their likeness (0–1), or one side alone, and then what comes ``nearest``
    to it on the other side, which may stand beside something else."""

    left: Held | None
    right: Held | None
    likeness: float = 0.0
    nearest: Held | None = None

    @property
    def same(self) -> bool:
        """Whether both sides say the same in the same words, under whatever number."""
        return self.likeness == 1


def align(left: Sequence[Held], right: Sequence[Held], vectors: Mapping[int, np.ndarray]) -> tuple[Row, ...]:
    """The rows of ``left`` against ``right``, in the order of ``left``, what only ``right`` has at its place there.

    ``vectors`` are unit vectors by provision number; provisions without one are compared by wording alone.
    """
    same = _same(left, right)
    scores = np.where(same, 1, np.minimum(likeness(left, right, vectors), ALMOST))
    pairs = _pairs(scores)
    partner = {j: i for i, (j, _) in pairs.items()}
    alone = {
        j: Row(None, right[j], nearest=_nearest(left, scores[:, j])) for j in range(len(right)) if j not in partner
    }
    rows: list[Row] = []
    for i, one in enumerate(left):
        if i not in pairs:
            rows.append(Row(one, None, nearest=_nearest(right, scores[i])))
            continue
        j, like = pairs[i]
        rows += _before(j, alone)
        rows.append(Row(one, right[j], like))
    return (*rows, *alone.values())


def _before(j: int, alone: dict[int, Row]) -> list[Row]:
    """What only the right side has in the run just before its provision ``j``, taken out of ``alone``."""
    first = j
    while first - 1 in alone:
        first -= 1
    return [alone.pop(at) for at in range(first, j)]


def _nearest(others: Sequence[Held], scores: np.ndarray) -> Held | None:
    """Of ``others`` what is most alike, if it is alike at all."""
    best = int(scores.argmax()) if len(others) else 0
    return others[best] if len(others) and scores[best] >= LEAST_LIKE else None


def _pairs(scores: np.ndarray) -> dict[int, tuple[int, float]]:
    """Position on the left → position on the right and likeness, best pairs first, each side used once."""
    if not scores.size:
        return {}
    candidates: list[tuple[float, int, int]] = []
    leads = _leading(scores) & _leading(scores.T).T
    for i, row in enumerate(scores):
        near = (int(j) for j in np.argsort(-row)[:CANDIDATES])
        candidates += [(float(row[j]), i, j) for j in near if row[j] >= (LEAST_LIKE if leads[i, j] else SURE)]
    pairs: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for score, i, j in sorted(candidates, key=lambda c: (-c[0], abs(c[1] - c[2]), c[1])):
        if i not in pairs and j not in taken:
            pairs[i] = (j, round(score, 3))
            taken.add(j)
    return pairs


def _leading(scores: np.ndarray) -> np.ndarray:
    """Of each row what is most alike, where it leads the next by :data:`LEAD`, bool."""
    best = scores.argmax(axis=1)
    rest = scores.copy()
    rest[np.arange(len(scores)), best] = 0
    made = np.zeros(scores.shape, bool)
    made[np.arange(len(scores)), best] = scores.max(axis=1) - rest.max(axis=1) >= LEAD
    return made


def _same(left: Sequence[Held], right: Sequence[Held]) -> np.ndarray:
    """Which of ``left`` (rows) and ``right`` (columns) say the same in the same words, bool."""
    numbers: dict[str, int] = {}
    ours, theirs = (
        np.array([numbers.setdefault(_said(one.provision.text), len(numbers)) for one in side], int)
        for side in (left, right)
    )
    equal: np.ndarray = ours[:, None] == theirs[None, :]
    return equal


def _said(text: str) -> str:
    """``text`` as it is compared: without the number it stands under, spaces, and the sign that ends it in a list."""
    return squeeze(text[_numbered(text) :]).rstrip(";。")


def _numbered(text: str) -> int:
    """Where ``text`` begins behind the number it stands under; 5、6家 is under none."""
    marker = find_marker(text)
    if marker is None or marker.type not in NUMBERING:
        return 0
    after = FIRST_NUMBER.match(text, marker.end)
    counting = marker.type in ("comma", "arabic") and after and parse_number(after[0]) == marker.order[-1] + 1
    return 0 if counting else marker.end


def likeness(left: Sequence[Held], right: Sequence[Held], vectors: Mapping[int, np.ndarray]) -> np.ndarray:
    """How alike each of ``left`` (rows) and ``right`` (columns) are, 0 to 1: wording, lifted by meaning."""
    a, b = _grams(left), _grams(right)
    sizes = a.sum(1)[:, None] + b.sum(1)[None, :]
    wording: np.ndarray = 2 * (a @ b.T) / np.maximum(sizes, 1)
    meaning = np.clip((_matrix(left, vectors) @ _matrix(right, vectors).T - COSINE_FLOOR) / (1 - COSINE_FLOOR), 0, 1)
    both: np.ndarray = np.maximum(wording, (wording + meaning) / 2)
    return both


def _grams(held: Sequence[Held]) -> np.ndarray:
    """One row a provision: which character pairs it has, hashed into buckets."""
    table = np.zeros((len(held), BUCKETS), np.float32)
    for i, one in enumerate(held):
        pairs = words.grams(one.provision.text)
        table[i, [(ord(p[0]) * 131 + ord(p[-1])) % BUCKETS for p in pairs]] = 1
    return table


def _matrix(held: Sequence[Held], vectors: Mapping[int, np.ndarray]) -> np.ndarray:
    size = next((len(v) for v in vectors.values()), 1)
    table = np.zeros((len(held), size), np.float32)
    for i, one in enumerate(held):
        table[i] = vectors.get(one.id, 0)
    return table


def differences(left: str, right: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The character spans of ``left`` and of ``right`` that the other does not have, word by word; the numbers they stand
    under are no difference."""
    a, b = _tokens(left), _tokens(right)
    matcher = difflib.SequenceMatcher(None, [t for t, _, _ in a], [t for t, _, _ in b], autojunk=False)
    ours: list[Span] = []
    theirs: list[Span] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        if i2 > i1:
            ours.append((a[i1][1], a[i2 - 1][2]))
        if j2 > j1:
            theirs.append((b[j1][1], b[j2 - 1][2]))
    return tuple(ours), tuple(theirs)


def _tokens(text: str) -> list[tuple[str, int, int]]:
    """Words of ``text`` behind its number, with their places: jieba's where it knows any, else single characters."""
    first = _numbered(text)
    return [(fold(word), first + start, first + end) for word, start, end in words.places(text[first:])]

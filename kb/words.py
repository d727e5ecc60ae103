"""Chinese text to index words with jieba and the project's own terms.

Goes in: any text. Comes out: folded, lower-case words; cut_for_search gives a long term whole and in parts, so
that 未来产业 is found by 产业 too. Terms, rings, kin and stop words are data: ``corpus/lexicon/terms.yaml``.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.data import load_yaml
from kb.fold import fold
from kb.settings import CORPUS

LEXICON = CORPUS / "lexicon" / "terms.yaml"
# To be raised when the same text would be cut otherwise.
CUTTING = 1
# 首台(套), 市(州): one sign in brackets belongs to the word; (一) counts.
INSET = r"[^\W\d_a-z零一二三四五六七八九十]"
_INSET = re.compile(rf"(?<=[\u4e00-\u9fff])\(({INSET})\)")
_lock = threading.Lock()


@lru_cache(maxsize=1)
def lexicon() -> dict[str, Any]:
    """``terms`` by theme, ``rings``, ``kin`` and ``stop`` words, as in the file."""
    content: dict[str, Any] = load_yaml(Path(LEXICON))
    return content


@lru_cache(maxsize=1)
def version() -> str:
    """What changes when texts would be cut otherwise: an index of another version is to be made anew."""
    return hashlib.sha256(f"{CUTTING}".encode() + Path(LEXICON).read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    for term in sorted(_terms()):
        tokenizer.add_word(term, freq=100_000)
    return tokenizer


def _terms() -> set[str]:
    """Every word of the lexicon of more than one sign that jieba could take for a word."""
    groups = [*lexicon()["terms"].values(), *lexicon()["rings"], *lexicon()["kin"]]
    terms = {key(term) for group in groups for term in group}
    return {term for term in terms if len(term) > 1}


@lru_cache(maxsize=1)
def _stop() -> frozenset[str]:
    return frozenset(lexicon()["stop"])


@lru_cache(maxsize=2)
def _circles(name: str) -> dict[str, tuple[str, ...]]:
    """From each word of the ``rings`` or ``kin`` to the others it stands with."""
    found: dict[str, dict[str, None]] = {}
    for circle in lexicon()[name]:
        members = [key(word) for word in circle]
        for word in members:
            found.setdefault(word, {}).update(dict.fromkeys(w for w in members if w != word))
    return {word: tuple(others) for word, others in found.items()}


def key(text: str) -> str:
    """The form of ``text`` that is compared: widths and brackets folded, lower case, same length."""
    folded = fold(text)
    lowered = folded.lower()
    return lowered if len(lowered) == len(folded) else folded


def plain(text: str) -> str:
    """The same without brackets around a single sign, which some write and some do not: 首台套 for 首台（套）."""
    return _INSET.sub(r"\1", key(text))


def cut(text: str) -> list[str]:
    """Index words of ``text``, in order, repeated ones kept; punctuation, spaces and stop words left out."""
    with _lock:
        words = list(_tokenizer().cut_for_search(plain(text)))
    return [w for w in words if w not in _stop() and any(c.isalnum() for c in w)]


def places(text: str) -> list[tuple[str, int, int]]:
    """Every word of ``text`` as it stands, in order, with its start and end; nothing is left out or given twice."""
    with _lock:
        return list(_tokenizer().tokenize(text))


def ring(word: str) -> tuple[str, ...]:
    """The other names of the thing ``word`` names, if any."""
    return _circles("rings").get(word, ())


def kin(words: Iterable[str]) -> tuple[str, ...]:
    """The words near ``words``, none of them among these."""
    own = set(words)
    return tuple(dict.fromkeys(w for word in own for w in _circles("kin").get(word, ()) if w not in own))


def grams(text: str) -> list[str]:
    """Overlapping character pairs of the folded text without spaces; a phrase is a run of them."""
    letters = "".join(plain(text).split())
    return [letters[i : i + 2] for i in range(len(letters) - 1)] or ([letters] if letters else [])

"""Chinese text to index words with jieba and the project's own terms.

Goes in: any text. Comes out: folded, lower-case words; cut_for_search gives a long term whole and in parts, so
that 未来产业 is found by 产业 too. Terms and synonym rings are data: ``corpus/lexicon/terms.yaml``.
"""

from __future__ import annotations

import logging
import threading
from functools import lru_cache
from typing import Any

import yaml

from kb.fold import fold
from kb.settings import CORPUS

_STOP = frozenset("的了和与及或等在对为将把被是有也都而并其之以于由从到向按个各该本此这那哪吗呢么不") | {
    "什么",
    "哪些",
    "哪个",
    "哪里",
    "怎么",
    "怎样",
    "如何",
    "是否",
    "有没有",
    "没有",
    "可以",
    "请问",
    "关于",
    "进行",
    "一个",
}
_lock = threading.Lock()


@lru_cache(maxsize=1)
def lexicon() -> dict[str, Any]:
    """``terms`` by theme and synonym ``rings``, as in the file."""
    content: dict[str, Any] = yaml.safe_load((CORPUS / "lexicon" / "terms.yaml").read_text("utf8"))
    return content


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    for terms in lexicon()["terms"].values():
        for term in terms:
            tokenizer.add_word(key(term), freq=100_000)
    return tokenizer


@lru_cache(maxsize=1)
def _rings() -> dict[str, tuple[str, ...]]:
    ring_of: dict[str, tuple[str, ...]] = {}
    for ring in lexicon()["rings"]:
        words = tuple(dict.fromkeys(key(w) for w in ring))
        for word in words:
            ring_of[word] = tuple(w for w in words if w != word) + ring_of.get(word, ())
    return ring_of


def key(text: str) -> str:
    """The form of ``text`` that is compared: widths and brackets folded, lower case, same length."""
    folded = fold(text)
    lowered = folded.lower()
    return lowered if len(lowered) == len(folded) else folded


def cut(text: str) -> list[str]:
    """Index words of ``text``, in order, repeated ones kept; punctuation, spaces and function words left out."""
    with _lock:
        words = list(_tokenizer().cut_for_search(key(text)))
    return [w for w in words if w not in _STOP and any(c.isalnum() for c in w)]


def synonyms(word: str) -> tuple[str, ...]:
    """The other words of the ring ``word`` stands in, if any."""
    return _rings().get(word, ())


def grams(text: str) -> list[str]:
    """Overlapping character pairs of the folded text without spaces; a phrase is a run of them."""
    letters = "".join(key(text).split())
    return [letters[i : i + 2] for i in range(len(letters) - 1)] or ([letters] if letters else [])

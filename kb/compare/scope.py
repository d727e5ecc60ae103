"""What a quantified goal is about (口径), so that like is held against like: future industries as a whole, one sector of
them, or more than they are.

Goes in: the words of the indicator and the document that sets it. Comes out: 未来产业, 更大范围, or the names of sectors.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from kb.compare.force import devoted, on_whole_field
from kb.compare.indicators import load_families
from kb.compare.sectors import load_sectors, sectors_in
from kb.model import Document

WHOLE, WIDER, NARROW = "未来产业", "更大范围", "个别产业"


@lru_cache(maxsize=50_000)
def scope_of(indicator: str, document: Document, corpus: Path) -> str:
    """What ``indicator`` is of: what it says itself, else what its document is devoted to."""
    if WHOLE in indicator:
        return WHOLE
    if own := _sectors(indicator, corpus):
        return own
    if not devoted(document) or any(w in indicator or w in document.title for w in load_families(corpus).wider):
        return WIDER
    return WHOLE if on_whole_field(document) else _sectors(document.title, corpus) or NARROW


@lru_cache(maxsize=50_000)
def _sectors(text: str, corpus: Path) -> str:
    return "、".join(dict.fromkeys(m.name for m in sectors_in(text, load_sectors(corpus))))

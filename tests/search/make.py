"""Small documents for tests of the search: a draft from a title and its provisions' words."""

from __future__ import annotations

from collections.abc import Sequence

from kb.knowledge import KnowledgeBase
from kb.model import Document, Draft, Provision


def put(base: KnowledgeBase, document_id: str, texts: Sequence[str], **facts: object) -> Document:
    """Store a document of these provisions, each on a line of its own; ``facts`` are fields of the document."""
    known = {"region": "重庆", "level": "省级", "title": f"文件{document_id}", "coverage": "full", **facts}
    document = Document(id=document_id, **known)  # type: ignore[arg-type]
    provisions, at = [], 0
    for ordinal, text in enumerate(texts):
        provisions.append(Provision(ordinal, f"第{ordinal + 1}条", (), "article", text, at, at + len(text)))
        at += len(text) + 1
    base.add([Draft(document, "\n".join(texts), tuple(provisions))])
    return document


def found(base: KnowledgeBase, query: str, **how: object) -> list[str]:
    """``document#ordinal`` of the hits, best first."""
    return [f"{h.document.id}#{h.held.provision.ordinal}" for h in base.search(query, **how)]  # type: ignore[arg-type]

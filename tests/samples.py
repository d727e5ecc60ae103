"""Small documents for tests of storing, indexing and searching, and a reading of what a library holds."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from kb.context import passage
from kb.encode import FakeEncoder
from kb.encoding import is_body, vector_hash
from kb.knowledge import KnowledgeBase
from kb.library import Library
from kb.model import Code, Document, Draft, Provision, Target
from kb.records import Entry
from kb.settings import CORPUS

NOW = "2026-01-01T00:00:00+08:00"
FUND = "设立未来产业种子基金，投早投小投硬科技。"
SCENE = "发布应用场景清单，每季度更新一次。"
LAW = "制定未来产业促进条例，明确各方责任。"
WRAPPED_TITLE = (
    "某市人民政府办公厅", "关于印发某市未来产业培育", "行动计划（2024—2027年）", "的通知", "各区县人民政府：",
)  # fmt: skip
PLANT = "建设氢能重卡示范线，推广燃料电池。"


def draft(document_id: str, lines: Sequence[str], title: str = "某市未来产业实施方案", **facts: Any) -> Draft:
    """A document whose provisions are ``lines``, under a heading."""
    text, provisions, at = "", [], 0
    for ordinal, line in enumerate(("一、重点任务", *lines)):
        kind = "heading" if ordinal == 0 else "item"
        provisions.append(Provision(ordinal, f"（{ordinal}）", ("一、重点任务",), kind, line, at, at + len(line)))
        text += line + "\n"
        at = len(text)
    document = Document(document_id, facts.pop("region", "重庆"), "省级", title, **facts)
    return Draft(document, text, tuple(provisions))


def put(library: Library, one: Draft, codes: tuple[Code, ...] = (), targets: tuple[Target, ...] = ()) -> str:
    """Store a draft with fake vectors, every body coded alike; what became of it."""
    bodies = [p for p in one.provisions if is_body(p)]
    texts = [passage(one.document, p) for p in bodies]
    library.store_vectors("fake", [vector_hash(t) for t in texts], FakeEncoder().passages(texts))
    entries = [
        Entry(p, vector_hash(passage(one.document, p)), codes, targets) if is_body(p) else Entry(p, None)
        for p in one.provisions
    ]
    return library.store(one.document, one.text, entries, repr(one), NOW)


def corpus_of(folder: Path, count: int) -> Path:
    """A corpus in ``folder`` of the first ``count`` digests of the shipped one."""
    shutil.copytree(CORPUS, folder, ignore=shutil.ignore_patterns("digests", "notes", "gold"))
    names = sorted(p.name for p in (CORPUS / "digests").iterdir())[:count]
    (folder / "digests").mkdir()
    for name in names:
        shutil.copy(CORPUS / "digests" / name, folder / "digests")
    kept = {Path(name).stem for name in names}
    rows = yaml.safe_load((CORPUS / "sources.yaml").read_text("utf8"))
    rows = [r for r in rows if r["id"] in kept]
    for row in rows:
        if row.get("superseded_by") not in kept:
            row.pop("superseded_by", None)
    (folder / "sources.yaml").write_text(yaml.safe_dump(rows, allow_unicode=True), "utf8")
    return folder


def content(base: KnowledgeBase) -> list[Any]:
    """All a library holds, in an order and form that do not depend on how it came in."""
    library = base.library
    rows: list[Any] = []
    for document in sorted(library.documents(), key=lambda d: d.id):
        held = library.provisions(document.id)
        keys = library.vector_keys([h.id for h in held])
        vectors = library.vectors_of(base.encoding.in_force, [k for k in keys.values() if k])
        rows.append((
            asdict(document), library.text(document.id), [asdict(h.provision) for h in held],
            [h.codes for h in held], [h.targets for h in held], [keys[h.id] for h in held],
            {k: v.tobytes() for k, v in sorted(vectors.items())},
            [(s.sha256, s.name, s.size) for s in library.snapshots(document.id)],
        ))  # fmt: skip
    return [rows, library.attestations()]


def unit(*values: float) -> np.ndarray:
    """A vector of length 1 in that direction."""
    vector = np.array(values, np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)

"""Does everything agree: library, vectors, indexes, originals, corpus? Each problem says how to mend it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np

from kb.compare.frame import load_frame
from kb.compare.tuned import tuned_name
from kb.context import passage
from kb.encoding import is_body, vector_hash, wording
from kb.errors import KbError
from kb.follow import OTHER_VARIANT
from kb.index import PART
from kb.knowledge import KnowledgeBase
from kb.model import Document, Held
from kb.prepared import Prepared

MEND = "请运行 python ingest.py build 修复"
AGAIN = "请移除后重新添加（语料中的文件移除后运行 build）"
RESTORE = "请从备份恢复，或移走后运行 python ingest.py build 重建"


def problems(base: KnowledgeBase) -> list[str]:
    """Everything that does not agree, one Chinese sentence each; empty when sound.

    Index files are caches: they are made anew where they are wrong, and that they were is reported once.
    """
    verdict = base.library.integrity()
    if verdict != "ok":
        return [f"知识库文件损坏（{verdict}）。{RESTORE}。"]
    found = [f"语料：{fault}" for fault in base.corpus.faults()]
    against_corpus = () if found else (_attestations, _codes)
    for part in (*against_corpus, _journal, _documents, _vectors, _indexes, _snapshots):
        found += part(base)
    return found


def _attestations(base: KnowledgeBase) -> Iterator[str]:
    built = any(d.origin == "corpus" for d in base.documents())
    if built and set(base.corpus.attestations) != set(base.library.attestations()):
        yield f"知识库中的佐证与语料不一致，{MEND}。"


def _journal(base: KnowledgeBase) -> Iterator[str]:
    library = base.library
    tables = sorted({table for table, _ in library.orphans()})
    if tables:
        yield f"知识库的 {'、'.join(tables)} 表中有无主的记录，{MEND}。"
    told, held = library.journalled(), library.tabled()
    for document_id in {**told, **held}:
        if told.get(document_id, ()) != held.get(document_id, ()):
            yield f"文件 {document_id} 与变更记录不符，{MEND}。"
    now, real = library.totals(), library.recount()
    if now != real:
        yield f"变更记录中有 {now.provisions} 条条款（{now.encoded} 条有向量），实有 {real.provisions} 条（{real.encoded} 条），{MEND}。"


def _documents(base: KnowledgeBase) -> Iterator[str]:
    for document_id in base.library.tabled():
        document = base.library.document(document_id)
        text, held = base.library.text(document_id), base.library.provisions(document_id, anew=True)
        fault = _layout_fault(text, held) or _key_fault(base, document, held)
        if fault is None and _fingerprint(document, text, held) != base.library.fingerprint(document_id):
            fault = "的内容与入库时不同"
        if fault:
            yield f"《{document.title}》（{document_id}）{fault}，{AGAIN}。"


def _layout_fault(text: str, held: list[Held]) -> str | None:
    """Provisions must cover the text in order, leaving out nothing but blanks."""
    if not held:
        return "没有任何条款"
    at = 0
    for one in held:
        start, end = one.provision.start, one.provision.end
        if start < at or end > len(text) or text[at:start].strip():
            return f"第 {one.provision.ordinal + 1} 条的位置与正文不符"
        at = end
    return "的正文末尾不属于任何条款" if text[at:].strip() else None


def _key_fault(base: KnowledgeBase, document: Document, held: list[Held]) -> str | None:
    if base.library.wording != wording():
        return None
    registered = base.library.vector_keys([h.id for h in held])
    for one in held:
        wanted = vector_hash(passage(document, one.provision)) if is_body(one.provision) else None
        if registered[one.id] != wanted:
            return f"第 {one.provision.ordinal + 1} 条与其向量的登记不符"
    return None


def _fingerprint(document: Document, text: str, held: list[Held]) -> str:
    provisions = tuple(h.provision for h in held)
    return Prepared(
        document, text, provisions, tuple(h.codes for h in held), tuple(h.targets for h in held)
    ).fingerprint


def _codes(base: KnowledgeBase) -> Iterator[str]:
    unknown = base.library.measures() - {m.id for m in load_frame(base.corpus.folder).measures}
    if unknown:
        yield f"条款的编码用到分析框架中没有的举措：{'、'.join(sorted(unknown))}，{MEND}；用户添加的文件请重新添加。"


def _vectors(base: KnowledgeBase) -> Iterator[str]:
    chosen, name = base.encoding.chosen, base.encoding.in_force
    if name != chosen:
        yield f"向量是用模型 {name} 建立的，设定的模型 {chosen} 尚未启用，{MEND}。"
    if base.library.count() and base.library.wording != wording():
        yield f"条款的编码方式已经更新，向量还是旧的，{MEND}。"
    if lacking := base.library.unencoded(name):
        yield f"有 {len(lacking)} 条条款没有模型 {name} 的向量，{MEND}。"
    if damaged := base.library.damaged_vectors(name):
        yield f"有 {len(damaged)} 个向量已损坏，{MEND}。"
    layers = tuned_name(base.corpus.folder)
    if layers and (damaged := base.library.damaged_vectors(layers)):
        yield f"有 {len(damaged)} 段文字的识别得分已损坏，{MEND}。"


def _indexes(base: KnowledgeBase) -> Iterator[str]:
    """What was wrong with the index files when they were opened, is wrong with them now, or with their content."""
    try:
        for what, index in (("向量索引", base.vectors), ("词语索引", base.lexical)):
            fault = next((f for f in (index.fault, index.examine()) if f and f != OTHER_VARIANT), None)
            index.follow()
            wanted = set(base.library.provision_ids(encoded=what == "向量索引"))
            held = index.ids()
            if held != wanted:
                fault = f"多 {len(held - wanted)} 条、缺 {len(wanted - held)} 条"
            elif what == "向量索引" and not _same_vectors(base):
                fault = "的内容与知识库不同"
            if fault:
                index.rebuild()
                index.fault = None
                yield f"{what}{fault}，已重建。"
    except KbError as error:
        yield str(error)


def _same_vectors(base: KnowledgeBase) -> bool:
    """Whether the index compares with the very vectors the library holds, part by part."""
    last = max(base.library.provision_ids(), default=0)
    for first in range(0, last + 1, PART):
        kept, indexed = (
            base.library.vectors(base.encoding.in_force, first, first + PART - 1),
            base.vectors.stored(first),
        )
        if not (np.array_equal(kept[0], indexed[0]) and (not len(kept[0]) or np.array_equal(kept[1], indexed[1]))):
            return False
    return True


def _snapshots(base: KnowledgeBase) -> Iterator[str]:
    for record in base.library.snapshots():
        path = base.snapshot_path(record.sha256)
        if not path.exists():
            yield f"原件“{record.name}”的文件不见了，请重新添加该文件。"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != record.sha256:
            yield f"原件“{record.name}”的内容被改动过，请重新添加该文件。"

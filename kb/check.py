"""Does everything agree: library, vectors, indexes, originals, corpus? Each problem says how to mend it."""

from __future__ import annotations

import hashlib

import numpy as np

from kb.encode import encoder_name
from kb.errors import KbError
from kb.knowledge import KnowledgeBase, is_body, passage, vector_hash

MEND = "请运行 python ingest.py build 修复"


def problems(base: KnowledgeBase) -> list[str]:
    """Everything that does not agree, one Chinese sentence each; empty when sound."""
    found = (
        [f"知识库文件损坏（{verdict}），请从备份恢复或移走后重建。"]
        if (verdict := base.library.integrity()) != "ok"
        else []
    )
    found += [f"语料：{fault}" for fault in base.corpus.faults()]
    found += _texts(base) + _vectors(base) + _indexes(base) + _snapshots(base)
    return found


def _texts(base: KnowledgeBase) -> list[str]:
    found = []
    for document in base.documents():
        text, held = base.library.text(document.id), base.library.provisions(document.id)
        if not held:
            found.append(f"《{document.title}》没有任何条款，请移除后重新添加。")
        at = 0
        for one in held:
            provision = one.provision
            if provision.start < at or provision.end > len(text) or text[at : provision.start].strip():
                found.append(f"《{document.title}》第 {provision.ordinal + 1} 条的位置与正文不符，请移除后重新添加。")
                break
            at = provision.end
            if is_body(provision) != base.library.has_vector_key(one.id):
                found.append(
                    f"《{document.title}》第 {provision.ordinal + 1} 条与其向量的登记不符，请移除后重新添加。"
                )
                break
    return found


def _vectors(base: KnowledgeBase) -> list[str]:
    name = encoder_name(base.model)
    found = []
    for document in base.documents():
        bodies = [h for h in base.library.provisions(document.id) if is_body(h.provision)]
        wanted = {vector_hash(passage(document, h.provision)) for h in bodies}
        lacking = base.library.missing_vectors(name, wanted)
        if lacking:
            found.append(f"《{document.title}》有 {len(lacking)} 条没有模型 {name} 的向量，{MEND}。")
        span = base.library.spans().get(document.id)
        if span:
            _, vectors = base.library.vectors(name, *span)
            if len(vectors) and not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-2):
                found.append(f"《{document.title}》有损坏的向量，{MEND}。")
    return found


def _indexes(base: KnowledgeBase) -> list[str]:
    found = []
    try:
        base.refresh()
    except KbError as error:
        return [str(error)]
    for what, held, wanted in (
        ("向量索引", base.vectors.ids(), set(base.library.provision_ids(encoded=True))),
        ("词语索引", base.lexical.ids(), set(base.library.provision_ids())),
    ):
        if held != wanted:
            found.append(
                f"{what}与知识库不一致：多 {len(held - wanted)} 条，缺 {len(wanted - held)} 条。请删除 {base.home / 'index'} 后重试。"
            )
    return found


def _snapshots(base: KnowledgeBase) -> list[str]:
    found = []
    for record in base.library.snapshots():
        path = base.snapshot_path(record.sha256)
        if not path.exists():
            found.append(f"原件“{record.name}”的文件不见了，请重新添加该文件。")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != record.sha256:
            found.append(f"原件“{record.name}”的内容被改动过，请重新添加该文件。")
    return found

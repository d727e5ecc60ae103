"""The proposal's findings (corpus/gold/proposal.yaml) when the recogniser codes the digests instead of the editors.

Each digest is coded by a head that knew nothing of its region. A finding holds when its kind and all its named peers
come out, as ``tests/compare/test_proposal.py`` asks of the editors' codes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml

from kb.compare.card import markdown
from kb.compare.evaluate import Measured
from kb.compare.fitting import Shown
from kb.compare.frame import load_frame
from kb.compare.gold import DIGEST
from kb.compare.head import WHOLE
from kb.compare.result import KIND_ZH
from kb.knowledge import KnowledgeBase
from kb.model import Code
from kb.settings import CORPUS


def proposal(seen: Shown, measured: Measured) -> str:
    """One row a finding, with what came out; the last line counts."""
    gold = yaml.safe_load((CORPUS / "gold" / "proposal.yaml").read_text("utf8"))
    with tempfile.TemporaryDirectory() as folder:
        base = KnowledgeBase(Path(folder), "fake")
        base.build()
        recoded(base, seen, measured)
        result = base.compare(gold["baseline"], as_of=gold["as_of"])
        base.close()
    rows, held, frame = [], 0, load_frame(CORPUS)
    for expected in gold["findings"]:
        finding = result.finding(expected["measure"])
        missing = [p for p in expected["peers"] if p not in finding.peers]
        wrong = [p for p in expected.get("not_peers", ()) if p in finding.peers]
        right = finding.kind == expected["kind"] and not missing and not wrong
        held += right
        rows.append((frame.measure(expected["measure"]).name, KIND_ZH[expected["kind"]], KIND_ZH[finding.kind],
                     "、".join(missing) or "—", "、".join(wrong) or "—", "是" if right else "否"))  # fmt: skip
    heads = ("举措", "应为", "得到", "缺少的对照地区", "多出的对照地区", "成立")
    return f"{markdown(heads, rows)}\n\n{held} / {len(rows)} 条仍然成立。"


def recoded(base: KnowledgeBase, seen: Shown, measured: Measured) -> None:
    """Put the held-out codes in place of the editors'."""
    codes = _codes(seen, measured)
    wanted: dict[int, tuple[Code, ...]] = {}
    for document in base.documents():
        if document.is_policy:
            wanted.update((h.id, next(codes)) for h in base.document(document.id)[1])
    base.library.recode(wanted, {}, "bench")


def _codes(seen: Shown, measured: Measured) -> Iterator[tuple[Code, ...]]:
    told, floor = measured.told["region"][WHOLE], measured.floors[WHOLE]
    for i, example in enumerate(seen.examples):
        if example.kind == DIGEST:
            row = told.scores[i]
            yield tuple(
                Code(m, int(told.strengths[i, j]), "auto", round(float(row[j]), 3))
                for j, m in enumerate(seen.measures) if row[j] >= floor
            )  # fmt: skip

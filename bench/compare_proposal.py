"""Do the proposal's findings come out: ``python -m bench.compare_proposal``.

The findings of corpus/gold/proposal.yaml at its date, by the editors' codes of the shipped digests and once more by
the recogniser's. A finding is right when its kind is, and its peers are found, when all the named ones are there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

import kb
from kb.compare.result import KIND_ZH, Comparison
from kb.encoding import is_body
from kb.knowledge import KnowledgeBase
from kb.settings import CORPUS


def recoded(base: KnowledgeBase) -> int:
    """Code every policy of ``base`` by the recogniser instead of the editors; how many provisions were coded."""
    coded = 0
    for document in base.documents():
        if document.is_policy:
            one = base.copy(document.id)
            codes = base.label([p.text if is_body(p) else "" for p in one.provisions])
            base.put_back(replace(one, codes=tuple(codes)))
            coded += len(codes)
    return coded


def right(finding: Mapping[str, Any], comparison: Comparison) -> tuple[str, bool, bool]:
    """The kind that came out, whether it is the expected one, and whether all named peers are there."""
    made = comparison.finding(finding["measure"])
    peers = set(finding["peers"]) <= set(made.peers) and not set(finding.get("not_peers", ())) & set(made.peers)
    return KIND_ZH[made.kind], made.kind == finding["kind"], peers


def main() -> None:
    """Print the table."""
    gold = yaml.safe_load((CORPUS / "gold" / "proposal.yaml").read_text("utf8"))
    with tempfile.TemporaryDirectory() as folder:
        base = kb.open(Path(folder) / "kb")
        base.build()
        edited = base.compare(gold["baseline"], as_of=gold["as_of"])
        recoded(base)
        read = base.compare(gold["baseline"], as_of=gold["as_of"])
        base.close()
    print(f"{'measure':<20}{'expected':<10}{'editors':<18}{'recogniser':<18}")
    counts = [0, 0, 0, 0]
    for finding in gold["findings"]:
        told = []
        for i, comparison in enumerate((edited, read)):
            kind, same, peers = right(finding, comparison)
            told.append(f"{kind} {'ok' if same else '--'} peers {'ok' if peers else '--'}")
            counts[2 * i] += same
            counts[2 * i + 1] += peers
        print(f"{finding['measure']:<20}{KIND_ZH[finding['kind']]:<10}{told[0]:<18}{told[1]:<18}")
    total = len(gold["findings"])
    print(f"kinds: editors {counts[0]}/{total}, recogniser {counts[2]}/{total}; "
          f"all peers: editors {counts[1]}/{total}, recogniser {counts[3]}/{total}")  # fmt: skip


if __name__ == "__main__":
    main()

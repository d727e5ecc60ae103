"""How well sectors are recognised in texts: ``python -m bench.compare_sectors [--errors]``.

Against the sets of sectors read by people in corpus/gold/sectors.yaml: items of our digests, and sentences of real work
reports where these are at hand. A sector counts once a text; its tier is scored among those found.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from bench.compare_targets import REALDATA, text_of
from kb.compare.sectors import Glossary, load_sectors, sectors_in
from kb.corpus import Corpus
from kb.settings import CORPUS


@dataclass
class Score:
    """Counts of one set."""

    hits: int = 0
    missed: int = 0
    extra: int = 0
    tiers: int = 0
    errors: list[str] = field(default_factory=list)

    def row(self, name: str) -> str:
        """One line of the table."""
        precision, recall = self.hits / max(1, self.hits + self.extra), self.hits / max(1, self.hits + self.missed)
        return f"{name:<24}{self.hits + self.missed:>7}{precision:>8.3f}{recall:>8.3f}{self.tiers / max(1, self.hits):>8.3f}"


def found_in(text: str, heading: str, glossary: Glossary) -> dict[str, str | None]:
    """The sectors of ``text`` with the first tier given to each."""
    tiers: dict[str, str | None] = {}
    for mention in sectors_in(text, glossary, heading):
        tiers[mention.sector] = tiers.get(mention.sector) or mention.tier
    return tiers


def cases() -> Iterator[tuple[str, str, str, Mapping[str, str | None]]]:
    """Set, text, heading and the expected sectors of each gold entry whose text is at hand and unchanged."""
    items = {
        (d.document.id, hashlib.sha256(p.text.encode()).hexdigest()): p
        for d in Corpus(CORPUS).documents() for p in d.provisions
    }  # fmt: skip
    rows: list[dict[str, Any]] = yaml.safe_load((CORPUS / "gold" / "sectors.yaml").read_text("utf8"))
    for row in rows:
        if "document" in row:
            if item := items.get((row["document"], row["sha256"])):
                yield "digests", item.text, "\n".join((*item.path, item.label)), row["sectors"]
        elif (REALDATA / row["file"]).exists():
            text = text_of(REALDATA / row["file"])[row["start"] : row["end"]]
            if hashlib.sha256(text.encode()).hexdigest() == row["sha256"]:
                yield "real texts", text, "", row["sectors"]


def main() -> None:
    """Print the table."""
    glossary, scores = load_sectors(CORPUS), dict[str, Score]()
    for name, text, heading, expected in cases():
        score, found = scores.setdefault(name, Score()), found_in(text, heading, glossary)
        score.hits += len(found.keys() & expected.keys())
        score.missed += len(expected.keys() - found.keys())
        score.extra += len(found.keys() - expected.keys())
        score.tiers += sum(found[s] == expected[s] for s in found.keys() & expected.keys())
        wrong = {s: found[s] for s in found.keys() & expected.keys() if found[s] != expected[s]}
        if wrong or found.keys() != expected.keys():
            lost, more = sorted(expected.keys() - found.keys()), sorted(found.keys() - expected.keys())
            score.errors.append(f"{name} | missed {lost} | extra {more} | tier {wrong} | {text.strip()[:100]}")
    print(f"{'set':<24}{'sectors':>7}{'P':>8}{'R':>8}{'tier':>8}")
    for name, score in scores.items():
        print(score.row(name))
        if "--errors" in sys.argv:
            print("\n".join(score.errors))


if __name__ == "__main__":
    main()

"""How well quantified goals are found: ``python -m bench.compare_targets [--errors]``.

Two sets: sentences of real texts coded by reading (corpus/gold/targets.yaml; read with the whole document before them,
and once more each by itself) and the editors' targets in corpus/digests. A goal counts as found when its low and
high end and unit agree; of those found, the year and the indicator are scored apart.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from bs4 import BeautifulSoup

from kb.compare.targets import FoundTarget, extract_targets, targets_of_provisions
from kb.corpus import Corpus
from kb.fold import fold
from kb.model import Target
from kb.settings import CORPUS, PROJECT

REALDATA = Path(os.environ.get("KB_REALDATA") or PROJECT.parent / "shared" / "realdata")
MONEY = {"万亿元": 1e4, "千亿元": 1e3, "亿元": 1.0, "万元": 1e-4, "元": 1e-8}


@dataclass
class Score:
    """Counts over one set; ``missed`` and ``extra`` keep the sentences for --errors."""

    hits: int = 0
    years: int = 0
    names: int = 0
    missed: list[tuple[str, Target]] = field(default_factory=list)
    extra: list[tuple[str, Target]] = field(default_factory=list)

    def add(self, text: str, gold: Iterable[Target], found: Iterable[Target]) -> None:
        """Match ``found`` with ``gold`` of one text, one to one, the same year and name preferred."""
        left = list(found)
        for target in gold:
            same = [f for f in left if value(f) == value(target)]
            if not same:
                self.missed.append((text, target))
                continue
            best = max(same, key=lambda f: (alike(f.indicator, target.indicator), f.year == target.year))
            left.remove(best)
            self.hits += 1
            self.years += best.year == target.year
            self.names += alike(best.indicator, target.indicator)
        self.extra += [(text, f) for f in left]

    def row(self, name: str) -> str:
        """One line of the table."""
        precision = self.hits / max(1, self.hits + len(self.extra))
        recall = self.hits / max(1, self.hits + len(self.missed))
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        total = self.hits + len(self.missed)
        return (
            f"{name:<34}{total:>6}{precision:>8.3f}{recall:>8.3f}{f1:>8.3f}"
            f"{self.years / max(1, self.hits):>8.3f}{self.names / max(1, self.hits):>8.3f}"
        )


def value(target: Target) -> tuple[float | None, float | None, str]:
    """Low, high and unit, sums of money in 亿元 and 倍-free of wording."""
    unit = fold(target.unit).replace("/年", "")
    factor = MONEY.get(unit, 1.0)
    ends = [None if end is None else round(end * factor, 6) for end in (target.low, target.high)]
    return ends[0], ends[1], "亿元" if unit in MONEY else unit


def alike(one: str, other: str) -> bool:
    """Whether two indicators share most of the shorter one's character pairs."""
    pairs = [{w[i : i + 2] for i in range(len(w) - 1)} or {w} for w in (fold(one), fold(other))]
    return len(pairs[0] & pairs[1]) >= 0.5 * min(len(pairs[0]), len(pairs[1]))


def text_of(file: Path) -> str:
    """The characters the gold's spans count."""
    raw = file.read_bytes()
    return BeautifulSoup(raw, "lxml").get_text() if file.suffix == ".html" else raw.decode("utf8")


def gold_rows(corpus: Path = CORPUS, realdata: Path = REALDATA) -> list[tuple[dict[str, Any], str]]:
    """The gold entries with the whole text of their files, those whose span is still the same."""
    texts: dict[str, str] = {}
    rows = []
    for row in yaml.safe_load((corpus / "gold" / "targets.yaml").read_text("utf8")):
        if not (realdata / row["file"]).exists():
            continue
        text = texts.setdefault(row["file"], text_of(realdata / row["file"]))
        if hashlib.sha256(text[row["start"] : row["end"]].encode()).hexdigest() == row["sha256"]:
            rows.append((row, text))
    return rows


def real_texts(
    rows: Sequence[tuple[dict[str, Any], str]], whole: bool, keep: Callable[[dict[str, Any]], bool]
) -> Score:
    """Score the gold sentences, each read within its document or by itself."""
    score, found = Score(), dict[str, tuple[FoundTarget, ...]]()
    for row, text in rows:
        if not keep(row):
            continue
        span = text[row["start"] : row["end"]]
        if whole:
            if row["file"] not in found:
                found[row["file"]] = extract_targets(text, issued_year=row["issued"])
            here = [f.target for f in found[row["file"]] if row["start"] <= f.start < row["end"]]
        else:
            here = [f.target for f in extract_targets(span, row["issued"])]
        score.add(span, [Target(**t) for t in row["targets"]], here)
    return score


def digests() -> Score:
    """Score the editors' targets; items of one document are read in order."""
    score = Score()
    for document in Corpus(CORPUS).documents():
        if not document.document.is_policy:
            continue
        issued = int((document.document.known_since or "0")[:4]) or None
        read = targets_of_provisions(document.provisions, issued)
        for provision, targets, found in zip(document.provisions, document.targets, read, strict=True):
            score.add(provision.text, targets, [f.target for f in found])
    return score


def main() -> None:
    """Print the table."""
    rows = gold_rows()
    print(f"{'set':<34}{'goals':>6}{'P':>8}{'R':>8}{'F1':>8}{'year':>8}{'name':>8}")
    scores = {}
    for split in ("dev", "test", "final"):
        scores[f"real, {split}, in document"] = real_texts(rows, True, lambda r, s=split: r["split"] == s)
        scores[f"real, {split}, sentence alone"] = real_texts(rows, False, lambda r, s=split: r["split"] == s)
    scores["editors' digests"] = digests()
    for name, score in scores.items():
        print(score.row(name))
    by_file = defaultdict(list)
    for row, _ in rows:
        by_file[row["file"]].append(row)
    for file in by_file:
        print(real_texts(rows, True, lambda r, f=file: r["file"] == f).row("  " + Path(file).stem[:28]))
    if "--errors" in sys.argv:
        for name, score in scores.items():
            for kind, cases in (("missed", score.missed), ("extra", score.extra)):
                for text, target in cases:
                    print(f"{name} | {kind} | {target} | {text.strip()[:160]}")


if __name__ == "__main__":
    main()

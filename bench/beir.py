"""A stranger's test set in BEIR form, scored through the product's own encoding, words, indexes and fusion.

Goes in: a folder with ``corpus.jsonl`` (``_id``, ``title``, ``text``), ``queries.jsonl`` (``_id``, ``text``) and
``qrels/test.tsv`` (query-id, corpus-id, score; a header line). Comes out: a row for each leg and the fusion. Each
entry becomes a document of one provision in a library of its own in the cache; vectors are committed batch by batch,
so an interrupted run goes on where it was, and a second run only asks.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from statistics import mean

from bench.metrics import ndcg, recall, reciprocal_rank
from kb.context import passage
from kb.encoding import vector_hash
from kb.knowledge import KnowledgeBase, now
from kb.model import Document, Provision
from kb.records import Entry
from kb.search import Mode, Searcher
from kb.settings import settings

MODES: Mapping[str, Mode] = {"BM25（词语）": "lexical", "语义": "dense", "融合": "hybrid"}
DEPTH = 100
AT_ONCE = 2_000
Progress = Callable[[int, int, str], None]


def score_beir(folder: Path, progress: Progress) -> list[dict[str, object]]:
    """One line for each leg and the fusion: nDCG@10, recall@5/10/20/100 and MRR over all queries with judgements."""
    name = re.sub(r"[^\w.-]+", "-", settings().model)
    base = KnowledgeBase(settings().cache / "bench" / f"beir-{_digest(folder / 'corpus.jsonl')}-{name}")
    fill(base, folder / "corpus.jsonl", progress)
    base.refresh()
    base.vectors.save()
    searcher = Searcher(base.library, base.vectors, base.lexical, base.encoder)
    judged = _judgements(folder / "qrels" / "test.tsv")
    queries = {
        q: text for q, text in _queries(folder / "queries.jsonl") if any(g > 0 for g in judged.get(q, {}).values())
    }
    owner = base.library.catalogue().owner
    lines = []
    for name, mode in MODES.items():
        scores: list[dict[str, float]] = []
        for done, (query, text) in enumerate(queries.items(), 1):
            order = searcher.rank(text, mode, None, DEPTH).order[:DEPTH]
            scores.append(_scores([owner(number) or "" for number in order], judged[query]))
            progress(done, len(queries), f"正在检索 {name}")
        lines.append({"row": name, "kept": True, **{m: mean(s[m] for s in scores) for m in scores[0]}})
    base.close()
    return lines


def fill(base: KnowledgeBase, corpus: Path, progress: Progress) -> None:
    """Put every entry in that is not held yet: all encoded first, then stored, some thousands at a time."""
    held = base.library.fingerprints()
    fresh = (e for e in _corpus(corpus) if e[0].id not in held)
    base.encoding.encode((passage(d, p) for d, p in _corpus(corpus) if d.id not in held), progress)
    stored = len(held)
    while batch := list(islice(fresh, AT_ONCE)):
        with base.library.transaction():
            for document, provision in batch:
                key = vector_hash(passage(document, provision))
                base.library.store(document, provision.text, [Entry(provision, vector=key)], key, now())
        stored += len(batch)
        progress(stored, stored, "已存入条目")


def _corpus(path: Path) -> Iterator[tuple[Document, Provision]]:
    for row in _rows(path):
        text = str(row.get("text") or row.get("title") or "")
        if text.strip():
            title = str(row.get("title") or "")
            document = Document(id=str(row["_id"]), region="", level="", title=title, coverage="full")
            yield document, Provision(0, "", (), "paragraph", text, 0, len(text))


def _queries(path: Path) -> Iterator[tuple[str, str]]:
    return ((str(row["_id"]), str(row["text"])) for row in _rows(path))


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _judgements(path: Path) -> dict[str, dict[str, float]]:
    """Grades by query and entry; the header line, which has no number, is left out."""
    judged: dict[str, dict[str, float]] = {}
    with path.open(encoding="utf8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t"):
            if len(row) >= 3 and row[-1].strip().lstrip("-").replace(".", "", 1).isdigit():
                judged.setdefault(row[0], {})[row[-2]] = float(row[-1])
    return judged


def _scores(ranking: list[str], judged: Mapping[str, float]) -> dict[str, float]:
    return {
        "nDCG@10": ndcg(ranking, judged),
        **{f"recall@{k}": recall(ranking, judged, k) for k in (5, 10, 20, 100)},
        "MRR": reciprocal_rank(ranking, judged),
    }


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as data:
        while block := data.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:16]

"""One table: what each part of the search is worth on the judged queries over the shipped corpus.

    python -m bench.search [--test] [--json]            judged queries, the tuning half (--test: the other half)
    python -m bench.search --beir DIR [--rerank] [--json]
                                                        a stranger's test set: corpus.jsonl, queries.jsonl, qrels/test.tsv

Every row goes through the product's own library, encoder, indexes and searcher; a row differs from the one above in
what it adds. Choices are made on the tuning half alone; the other half is for reporting, once. Judgements:
``corpus/gold/queries.yaml``. Libraries are kept in the cache (``bench/``) and only what changed is encoded again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean
from unittest.mock import patch

import numpy as np
import yaml

from bench.metrics import hit, ndcg, recall, reciprocal_rank, strays, unjudged
from kb import e5, words
from kb.errors import KbError
from kb.fusion import Fusion, Legs
from kb.knowledge import KnowledgeBase
from kb.lexical import FieldWeights
from kb.question import Question, TermWeights
from kb.search import Filters, Mode, Searcher
from kb.settings import settings

GOLD = Path(__file__).resolve().parent.parent / "corpus" / "gold" / "queries.yaml"
DEPTH = 20
MEASURES = ("nDCG@10", "recall@20", "hit@5", "MRR", "strays@10", "unjudged@10")


@dataclass(frozen=True)
class Judged:
    """One judged query: grades by ``document#ordinal``, 0 for those judged and found wanting."""

    id: str
    kind: str
    split: str
    query: str
    filters: Filters
    grades: Mapping[str, int]


def judged_queries(path: Path = GOLD) -> list[Judged]:
    """The queries of the file, in order."""
    rows = yaml.safe_load(path.read_text("utf8"))["queries"]
    return [
        Judged(row["id"], row["kind"], row["split"], row["query"], Filters(**row.get("filters", {})),
               {**{f"{d}#{o}": 0 for d, ordinals in row["zeros"].items() for o in ordinals}, **row["relevant"]})
        for row in rows
    ]  # fmt: skip


def stale_judgements(base: KnowledgeBase, path: Path = GOLD) -> list[str]:
    """Judged provisions whose text is no longer what was judged, or that are gone."""
    marks = yaml.safe_load(path.read_text("utf8"))["texts"]
    held = {f"{h.document_id}#{h.provision.ordinal}": h for d in base.documents() for h in base.document(d.id)[1]}
    return [
        ref for ref, mark in marks.items()
        if ref not in held or hashlib.sha256(held[ref].provision.text.encode()).hexdigest()[:8] != mark
    ]  # fmt: skip


# -- variants of the search ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unnumbered(Searcher):
    """A searcher that does not know what a 发文字号 is."""

    def _numbered(self, query: str) -> tuple[list[str], str]:
        return [], query


@dataclass(frozen=True)
class RankFused(Unnumbered):
    """Reciprocal rank fusion instead of scores (Cormack, Clarke, Büttcher 2009), k = 60."""

    def _scores(self, question: Question, mode: Mode, legs: Legs) -> dict[int, float]:
        scores: dict[int, float] = {}
        for leg in (legs.lexical, legs.dense):
            for number, (rank, _) in leg.items():
                scores[number] = scores.get(number, 0.0) + 1 / (60 + rank)
        return scores


@dataclass(frozen=True)
class FedBack(Searcher):
    """Relevance feedback: the query's vector moved towards those of the three best (Rocchio 1971)."""

    towards: float = 0.3

    def _legs(self, question: Question, mode: Mode, allowed: Sequence[str] | None, pool: int) -> Legs:
        legs = super()._legs(question, mode, allowed, pool)
        scores = self._scores(question, mode, legs)
        best = sorted(scores, key=lambda i: (-scores[i], i))[:3]
        assert self.vectors is not None and self.encoder is not None
        rows = [self.library.vectors(self.encoder.name, i, i)[1][0] for i in best]
        moved = self.encoder.query(question.meaning(self.terms)) + self.towards * np.mean(rows, axis=0)
        found = self.vectors.search(
            moved / np.linalg.norm(moved), pool, None if allowed is None else self._spans(allowed)
        )
        return replace(legs, dense={i: (rank, score) for rank, (i, score) in enumerate(found, 1)})


@dataclass(frozen=True)
class Neighbourly(Searcher):
    """A fifth of the better neighbour's score is added: what stands beside an answer is more often one."""

    def _scores(self, question: Question, mode: Mode, legs: Legs) -> dict[int, float]:
        scores = super()._scores(question, mode, legs)
        owner = self.library.catalogue().owner
        beside = {i: [scores[n] for n in (i - 1, i + 1) if n in scores and owner(n) == owner(i)] for i in scores}
        return {i: score + 0.2 * max(beside[i], default=0.0) for i, score in scores.items()}


PLAIN = Fusion(share_unmet=0.5, share_met=0.5, phrase=0.0, region=0.0, notes=0.0)
OWN_WORDS = TermWeights(ring=0.0, kin=0.0)
ONLY_WORDS = FieldWeights(title=0.0, path=0.0, grams=0.0)
ONLY_TEXT = FieldWeights(title=0.0, path=0.0)


@dataclass(frozen=True)
class Row:
    """One row of the table: which library, which searcher, how set, and whether it is in the product."""

    name: str
    mode: Mode = "hybrid"
    library: str = "shipped"
    searcher: type[Searcher] = Searcher
    kept: bool = True
    settings: Mapping[str, object] = field(default_factory=dict)
    second: bool = False

    def searcher_of(self, base: KnowledgeBase) -> Searcher:
        """The searcher on ``base`` that this row is about."""
        second = {"second": base.encoding.second_look()} if self.second else {}
        return self.searcher(**_parts(base), **self.settings, **second)  # type: ignore[arg-type]


def _rows() -> list[Row]:
    shares = replace(PLAIN, share_unmet=Fusion.share_unmet, share_met=Fusion.share_met)
    phrase = replace(shares, phrase=Fusion.phrase)
    region = replace(phrase, region=Fusion.region)
    bare = {"terms": OWN_WORDS, "fusion": PLAIN}
    lexical = {"terms": TermWeights(), "fusion": PLAIN}
    return [
        Row("BM25, jieba words of the text", "lexical", "stock", Unnumbered, settings={**bare, "fields": ONLY_WORDS}),
        Row("+ term list", "lexical", "shipped", Unnumbered, settings={**bare, "fields": ONLY_WORDS}),
        Row("+ character pairs", "lexical", "shipped", Unnumbered, settings={**bare, "fields": ONLY_TEXT}),
        Row("+ title and headings", "lexical", "shipped", Unnumbered, settings=bare),
        Row("+ rings", "lexical", "shipped", Unnumbered, settings={**lexical, "terms": TermWeights(kin=0.0)}),
        Row("+ kin = lexical leg", "lexical", "shipped", Unnumbered, settings=lexical),
        Row("dense, text alone", "dense", "bare", Unnumbered, settings={"terms": OWN_WORDS}),
        Row("+ title and headings", "dense", "shipped", Unnumbered, settings={"terms": OWN_WORDS}),
        Row("+ rings = dense leg", "dense", "shipped", Unnumbered),
        Row("fused by rank", "hybrid", "shipped", RankFused),
        Row("fused by score, equal shares", "hybrid", "shipped", Unnumbered, settings={"fusion": PLAIN}),
        Row("+ share by how far the words are met", "hybrid", "shipped", Unnumbered, settings={"fusion": shares}),
        Row("+ 发文字号", settings={"fusion": shares}),
        Row("+ phrase", settings={"fusion": phrase}),
        Row("+ region named", settings={"fusion": region}),
        Row("+ notes after policies = product"),
        Row("product + second look (--rerank)", second=True),
        Row("dense leg, plain sentence-transformers", "dense", "plain", Unnumbered, kept=False),
        Row("product, plain sentence-transformers", library="plain", kept=False),
        Row("product without term list", library="stock", kept=False),
        Row("product without title and headings", library="bare", settings={"fields": ONLY_TEXT}, kept=False),
        Row("product without rings and kin", settings={"terms": OWN_WORDS}, kept=False),
        Row("product + feedback", searcher=FedBack, kept=False),
        Row("product + neighbours", searcher=Neighbourly, kept=False),
    ]


@contextmanager
def stock_words() -> Iterator[None]:
    """Words as jieba cuts them without the project's terms."""
    with patch.object(words, "_terms", lambda: set()):
        words._tokenizer.cache_clear()
        yield
    words._tokenizer.cache_clear()


@contextmanager
def text_alone() -> Iterator[None]:
    """Passages without their context."""
    with ExitStack() as stack:
        for module in ("kb.knowledge", "kb.encoding"):
            stack.enter_context(patch(f"{module}.passage", lambda _, provision: provision.text.strip()))
        yield


VARIANTS: Mapping[str, Callable[[], AbstractContextManager[object]]] = {
    "shipped": ExitStack,
    "stock": stock_words,
    "bare": text_alone,
    "plain": ExitStack,
}


def _model(library: str) -> str | None:
    """The model a library is encoded with: that of the settings, or the default model's folder, not compiled."""
    return str(e5.model_folder(settings().cache)) if library == "plain" else None


def _parts(base: KnowledgeBase) -> dict[str, object]:
    return {"library": base.library, "vectors": base.vectors, "lexical": base.lexical, "encoder": base.encoder}


def _told(done: int, total: int, text: str) -> None:
    sys.stderr.write(f"\r{text} {done}/{total}")
    sys.stderr.flush()


# -- the judged queries ------------------------------------------------------------------------------------------


def scores_of(searcher: Searcher, mode: Mode, queries: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Every measure of every query, by query id; strays only where the query names a region."""
    documents = searcher.library.catalogue().documents
    found: dict[str, dict[str, float]] = {}
    for one in queries:
        held = searcher.library.held(searcher.rank(one.query, mode, one.filters, DEPTH).order[:DEPTH])
        ranking = [f"{h.document_id}#{h.provision.ordinal}" for h in held]
        found[one.id] = {
            "nDCG@10": ndcg(ranking, one.grades),
            "recall@20": recall(ranking, one.grades, 20),
            "hit@5": hit(ranking, one.grades, 5),
            "MRR": reciprocal_rank(ranking, one.grades, least=2),
            "unjudged@10": unjudged(ranking, one.grades),
        }
        if named := Question(one.query).regions:
            found[one.id]["strays@10"] = strays([documents[h.document_id].region for h in held], named)
    return found


def means(found: Mapping[str, Mapping[str, float]], queries: Sequence[Judged]) -> dict[str, float]:
    """The mean of every measure over all queries, and of nDCG@10 over each kind."""
    values = {m: [s[m] for s in found.values() if m in s] for m in MEASURES}
    kinds = {q.kind: [found[p.id]["nDCG@10"] for p in queries if p.kind == q.kind] for q in queries}
    return {name: mean(v) for name, v in {**values, **kinds}.items() if v}


def table(queries: Sequence[Judged], rows: Sequence[Row] | None = None) -> list[dict[str, object]]:
    """One line for each row: its name, whether it is kept, and its means."""
    lines: list[tuple[Row, dict[str, object]]] = []
    chosen = _rows() if rows is None else rows
    for name, variant in VARIANTS.items():
        with variant():
            base = KnowledgeBase(settings().cache / "bench" / name, _model(name))
            base.build(_told)
            if name == "stock":
                base.lexical.rebuild()
            if stale := stale_judgements(base):
                sys.stderr.write(f"\n判定之后文字有变的条款 {len(stale)} 条：{'、'.join(stale[:5])}\n")
            for row in chosen:
                if row.library == name:
                    lines.append((row, means(scores_of(row.searcher_of(base), row.mode, queries), queries)))
            base.close()
    lines.sort(key=lambda one: next(at for at, row in enumerate(chosen) if row is one[0]))
    return [{"row": row.name, "kept": row.kept, **line} for row, line in lines]


def _print(lines: Sequence[Mapping[str, object]], title: str) -> None:
    names = [n for n in lines[0] if n not in ("row", "kept")]
    print(f"\n{title}\n\n| | {' | '.join(names)} |\n|---|{'---|' * len(names)}")
    for line in lines:
        cells = [f"{100 * value:.1f}" if isinstance(value := line.get(n), float) else "—" for n in names]
        print(f"| {line['row']}{'' if line['kept'] else '（未采用）'} | {' | '.join(cells)} |")


def main() -> None:
    """Read the command line and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--test", action="store_true", help="the half kept for reporting")
    parser.add_argument("--beir", type=Path, metavar="DIR", help="score a test set in BEIR form")
    parser.add_argument(
        "--rerank", action="store_true", help="with --beir: the second look too, some tenths of a second a query"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.beir:
        from bench.beir import score_beir

        try:
            lines, title = score_beir(options.beir, _told, options.rerank), f"{options.beir.name}（BEIR 形式）"
        except KbError as error:
            parser.exit(1, f"{error}\n")
    else:
        split = "test" if options.test else "tune"
        queries = [q for q in judged_queries() if q.split == split]
        lines, title = table(queries), f"检索：{len(queries)} 个已判定的查询（{split}），百分数"
    if options.json:
        print(json.dumps(lines, ensure_ascii=False))
    else:
        _print(lines, title)


if __name__ == "__main__":
    main()

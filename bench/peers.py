"""What a researcher might use instead, on the same provisions and questions: bm25s with jieba, txtai with the same model.

    python -m bench.peers [--json]

Each tool gets the passages the product encodes (headings, text, title), as its own manual says to index them, and the
judged questions of the tuning half that set no filter. Seconds to index include encoding; milliseconds a query
include the encoder. A tool that is not installed (``pip install ".[bench]"``) is named and left out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from time import perf_counter

from bench.metrics import hit, ndcg, recall
from bench.search import Judged, judged_queries
from kb import e5
from kb.context import passage
from kb.encoding import is_body
from kb.knowledge import KnowledgeBase
from kb.search import Filters, Mode
from kb.settings import settings

DEPTH = 20
Ask = Callable[[str], list[str]]


@dataclass(frozen=True)
class Passages:
    """What is indexed: names as the judgements give them, and texts, in step."""

    names: Sequence[str]
    texts: Sequence[str]


def bm25s(held: Passages) -> dict[str, Ask]:
    """bm25s over words as jieba cuts them."""
    import bm25s as peer
    import jieba

    index = peer.BM25()
    index.index([jieba.lcut_for_search(text) for text in held.texts], show_progress=False)

    def ask(query: str) -> list[str]:
        numbers, _ = index.retrieve([jieba.lcut_for_search(query)], k=DEPTH, show_progress=False)
        return [held.names[n] for n in numbers[0]]

    return {"bm25s，jieba 分词": ask}


def txtai(held: Passages, hybrid: bool) -> dict[str, Ask]:
    """txtai with the product's model, and, where asked, its own hybrid search."""
    from txtai import Embeddings

    prompts = {"query": "query: ", "data": "passage: "}
    index = Embeddings(path=str(e5.model_folder(settings().cache)), instructions=prompts, hybrid=hybrid)
    index.index(enumerate(held.texts))
    name = "txtai 混合，同一模型" if hybrid else "txtai 语义，同一模型"
    return {name: lambda query: [held.names[int(n)] for n, _ in index.search(query, DEPTH)]}


def ours(folder: Path) -> dict[str, Ask]:
    """The product, from an empty folder."""
    base = KnowledgeBase(folder)
    base.build()

    def asked(mode: Mode, rerank: bool = False) -> Ask:
        return lambda query: [
            f"{h.document.id}#{h.held.provision.ordinal}" for h in base.search(query, mode, k=DEPTH, rerank=rerank)
        ]

    return {"本项目 词语": asked("lexical"), "本项目 语义": asked("dense"), "本项目 综合": asked("hybrid"),
            "本项目 综合＋精排": asked("hybrid", rerank=True)}  # fmt: skip


def passages(base: KnowledgeBase) -> Passages:
    """Every provision with content of its own, as the product encodes it."""
    rows = [
        (f"{d.id}#{h.provision.ordinal}", passage(d, h.provision))
        for d in base.documents()
        for h in base.document(d.id)[1]
        if is_body(h.provision)
    ]
    return Passages(*zip(*rows, strict=True))


def lines_of(prepare: Callable[[], Mapping[str, Ask]], queries: Sequence[Judged]) -> list[dict[str, object]]:
    """One line for each way of asking a tool."""
    begin = perf_counter()
    ways = prepare()
    indexing = perf_counter() - begin
    lines: list[dict[str, object]] = []
    for name, ask in ways.items():
        ask(queries[0].query)
        taken, rankings = [], []
        for one in queries:
            begin = perf_counter()
            rankings.append(ask(one.query))
            taken.append(perf_counter() - begin)
        judged = list(zip(rankings, queries, strict=True))
        lines.append({
            "row": name,
            "nDCG@10": 100 * mean(ndcg(r, q.grades) for r, q in judged),
            "recall@20": 100 * mean(recall(r, q.grades, 20) for r, q in judged),
            "hit@5": 100 * mean(hit(r, q.grades, 5) for r, q in judged),
            "建索引 s": indexing, "查询 ms": 1000 * median(taken),
        })  # fmt: skip
    return lines


def main() -> None:
    """Read the command line and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    queries = [q for q in judged_queries() if q.split == "tune" and q.filters == Filters()]
    with tempfile.TemporaryDirectory() as folder:
        lines = lines_of(lambda: ours(Path(folder) / "kb"), queries)
        held = passages(KnowledgeBase(Path(folder) / "kb"))
    for prepare in (lambda: bm25s(held), lambda: txtai(held, False), lambda: txtai(held, True)):
        try:
            lines += lines_of(prepare, queries)
        except ImportError as error:
            sys.stderr.write(f"未安装 {error.name}，跳过。\n")
    if options.json:
        print(json.dumps(lines, ensure_ascii=False))
        return
    names = [n for n in lines[0] if n != "row"]
    print(f"\n同样的条款，{len(queries)} 个查询\n\n| | {' | '.join(names)} |\n|---|{'---:|' * len(names)}")
    for line in lines:
        print(f"| {line['row']} | {' | '.join(f'{line[n]:.3g}' for n in names)} |")


if __name__ == "__main__":
    main()

"""How fast and how large: encoding, one query end to end, adding, opening, starting, at growing sizes of the library.

    python -m bench.speed [--sizes 10000,100000,1000000] [--encoded 100000] [--json]

Libraries are made of real provisions, repeated and perturbed (:mod:`bench.collection`), and kept in the cache; each is
measured in a process of its own. Up to ``--encoded`` provisions have the model's own vectors, the rest synthetic ones,
which cost a flat index the same; so only times are told here, no quality. Every table has its baseline or its aim.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from bench.collection import ENCODED, document, make, real_texts
from bench.search import judged_queries
from kb import e5
from kb.knowledge import KnowledgeBase
from kb.question import Question, TermWeights
from kb.search import Filters, Searcher
from kb.settings import PROJECT, settings

SIZES = (10_000, 100_000, 1_000_000)
TEXTS = 256
ADDED = 5
STARTS = 5
SPARE_NUMBER = 900_000  # of documents that are put in only to time it


class Remembering:
    """An encoder whose answers are known beforehand, to time a search without it."""

    def __init__(self, name: str, dimension: int, known: dict[str, np.ndarray]) -> None:
        """With the vectors of queries by their text."""
        self.name, self.dimension, self.query = name, dimension, known.__getitem__

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Is never asked."""
        raise NotImplementedError


def timed(work: Callable[..., object], *asked: object, **how: object) -> float:
    """Seconds ``work`` took, asked like this."""
    begin = perf_counter()
    work(*asked, **how)
    return perf_counter() - begin


def told(seconds: Sequence[float]) -> dict[str, float]:
    """p50 and p95 in milliseconds."""
    return {"p50": 1000 * float(np.percentile(seconds, 50)), "p95": 1000 * float(np.percentile(seconds, 95))}


# -- encoding ----------------------------------------------------------------------------------------------------


def encoding() -> list[dict[str, object]]:
    """Passages a second and milliseconds a query: the product's encoder and plain sentence-transformers, taking turns."""
    from kb.encode import SentenceTransformerEncoder, load_encoder

    texts = sorted(real_texts())[::3][:TEXTS]
    queries = [q.query for q in judged_queries()][:50]
    ours = load_encoder("default", settings().cache)
    plain = SentenceTransformerEncoder(str(e5.model_folder(settings().cache)))
    lines = []
    for name, encoder in (("sentence-transformers（torch）", plain), ("默认编码器（编译图）", ours)):
        encoder.passages(texts[:32])
        rate = len(texts) / median(timed(encoder.passages, texts) for _ in range(3))
        lines.append({"row": name, "条/秒": rate, **_named("查询 ms", [timed(encoder.query, q) for q in queries])})
    return lines


def _named(name: str, seconds: Sequence[float]) -> dict[str, float]:
    return {f"{name} {part}": value for part, value in told(seconds).items()}


# -- one library -------------------------------------------------------------------------------------------------


def measured(home: Path) -> dict[str, object]:
    """Everything of the library in ``home``; to be called in a fresh process."""
    begin = perf_counter()
    base = KnowledgeBase(home)
    base.refresh()
    opened = perf_counter() - begin
    resident = _resident()
    queries = [q.query for q in judged_queries()]
    encoder = base.encoder
    known = {m: encoder.query(m) for m in (Question(q).meaning(TermWeights()) for q in queries)}
    searcher = Searcher(base.library, base.vectors, base.lexical, Remembering(encoder.name, encoder.dimension, known))
    near = Filters(regions=("重庆", "安徽"), since="2022")

    def asked(**how: object) -> list[float]:
        return [timed(searcher.search, q, **how) for q in queries]  # type: ignore[arg-type]

    asked()
    line: dict[str, object] = {
        "row": f"{base.library.count():,} 条",
        **_named("融合 ms", asked()),
        **_named("词语 ms", asked(mode="lexical")),
        **_named("语义 ms", asked(mode="dense")),
        **_named("筛选后融合 ms", asked(filters=near)),
        **_named("连同编码 ms", [timed(base.search, q) for q in queries]),
        "打开 s": opened, "内存 MB": resident, "库 MB": _size(home / "library.sqlite"),
        "向量索引 MB": _size(home / "index" / "vectors"), "词语索引 MB": _size(home / "index" / "words"),
    }  # fmt: skip
    return {**line, **_adding(base)}


def _adding(base: KnowledgeBase) -> dict[str, float]:
    """Milliseconds to add a document of 30 provisions, whose vectors are there already, and until it can be found."""
    first, *fresh = (document(SPARE_NUMBER + n) for n in range(ADDED + 1))
    for one in (first, *fresh):
        base.add([one])
        base.remove(one.document.id)
    base.refresh()

    def following_up() -> None:
        base.refresh()
        base.library.catalogue().owner(1)

    adding, following = [], []
    for one in fresh:
        adding.append(timed(base.add, [one]))
        following.append(timed(following_up))
    for one in fresh:
        base.remove(one.document.id)
    base.close()
    return {"添加 ms": 1000 * median(adding), "可检索 ms": 1000 * median(following)}


def _resident() -> float:
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _size(path: Path) -> float:
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return sum(p.stat().st_size for p in files) / 1e6


def library(provisions: int, encoded: int) -> Path:
    """The folder of the library of that size: begun with the next smaller one, completed as needed."""
    folder = settings().cache / "bench"
    home = folder / f"speed-{provisions}"
    smaller = [int(p.name.partition("-")[2]) for p in folder.glob("speed-*")]
    if not home.exists() and (known := max((n for n in smaller if n < provisions), default=0)):
        shutil.copytree(folder / f"speed-{known}", home)
    make(home, provisions, encoded).close()
    return home


def starting() -> list[dict[str, object]]:
    """Seconds of a command that needs nothing and of one that searches, as typed, model and index loaded anew."""
    home = str(settings().cache / "bench" / f"speed-{SIZES[0]}")
    commands = {
        "python -m kb --help": ["--help"],
        "python -m kb search 基金": ["search", "未来产业基金", "--kb", home],
    }
    return [{"row": name, "s": median(timed(_run, "-m", "kb", *words) for _ in range(STARTS))}
            for name, words in commands.items()]  # fmt: skip


def _run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=PROJECT, check=True, capture_output=True, text=True)
    return done.stdout


def _print(lines: Sequence[dict[str, object]], title: str) -> None:
    names = [name for name in lines[0] if name != "row"]
    print(f"\n{title}\n\n| | {' | '.join(names)} |\n|---|{'---:|' * len(names)}")
    for line in lines:
        print(f"| {line['row']} | {' | '.join(f'{line[name]:.3g}' for name in names)} |")


def main() -> None:
    """Read the command line and print three tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="provisions, by comma")
    parser.add_argument("--encoded", type=int, default=ENCODED, help="how many have real vectors")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measured(options.measure), ensure_ascii=False))
        return
    homes = [library(int(n), options.encoded) for n in options.sizes.split(",")]
    tables = {
        "编码（同样的文字，轮流）": encoding(),
        f"一个知识库（{options.encoded:,} 条以上的向量为合成）": [
            json.loads(_run("-m", "bench.speed", "--measure", str(home))) for home in homes
        ],
        "启动": starting(),
    }
    if options.json:
        print(json.dumps(tables, ensure_ascii=False))
        return
    for title, lines in tables.items():
        _print(lines, title)


if __name__ == "__main__":
    main()

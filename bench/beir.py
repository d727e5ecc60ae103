"""A stranger's test set in BEIR form, scored through the product's own encoding, words, indexes and fusion.

Goes in: a folder with ``corpus.jsonl`` (``_id``, ``title``, ``text``), ``queries.jsonl`` (``_id``, ``text``) and
``qrels/test.tsv`` (query-id, corpus-id, score; a header line). Comes out: a row for each leg and the fusion. Each
entry becomes a document of one provision in a library of its own in the cache. Some thousands at a time are read,
encoded and stored, so memory does not grow with the set; vectors are committed batch by batch, so an interrupted run
goes on where it was, and a second run only asks.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import mean

from bench.metrics import ndcg, recall, reciprocal_rank
from kb.context import passage
from kb.encoding import vector_hash
from kb.errors import KbError
from kb.knowledge import KnowledgeBase, now
from kb.model import Document, Provision
from kb.records import Entry
from kb.search import Mode, Searcher
from kb.settings import settings

MODES: Mapping[str, Mode] = {"BM25（词语）": "lexical", "语义": "dense", "融合": "hybrid"}
CUTS = (5, 10, 20, 100)
DEPTH = 100
AT_ONCE = 4_000
Progress = Callable[[int, int, str], None]


def score_beir(folder: Path, progress: Progress, rerank: bool = False) -> list[dict[str, object]]:
    """One line for each leg and the fusion: nDCG@10, recall@5/10/20/100 and MRR over all queries with an answer.

    ``rerank`` adds a line for the fusion with the second look of ``kb search --rerank``.

    Raises:
        KbError: a file is missing or not what it should be, or no query has an answer.
    """
    judged, queries = judgements(folder / "qrels" / "test.tsv"), dict(entries(folder / "queries.jsonl"))
    asked = [q for q in queries if any(grade > 0 for grade in judged.get(q, {}).values())]
    if not asked:
        raise KbError(f"{folder} 中没有既有文字又有判定的查询。")
    base = opened(folder, progress)
    searcher = Searcher(base.library, base.vectors, base.lexical, base.encoder)
    rows = [(name, mode, searcher) for name, mode in MODES.items()]
    if rerank:
        rows.append(("融合＋精排", "hybrid", replace(searcher, second=base.encoding.second_look())))
    lines = []
    for name, mode, asker in rows:
        scores: list[dict[str, float]] = []
        for done, query in enumerate(asked, 1):
            scores.append(_scores(ranking(asker, mode, queries[query]), judged[query]))
            progress(done, len(asked), f"正在检索 {name}")
        lines.append({"row": name, "kept": True, **{m: mean(s[m] for s in scores) for m in scores[0]}})
    base.close()
    return lines


def opened(folder: Path, progress: Progress) -> KnowledgeBase:
    """The knowledge base that holds the set's corpus, completed as needed, with both indexes in step."""
    name = re.sub(r"[^\w.-]+", "-", settings().model)
    base = KnowledgeBase(settings().cache / "bench" / f"beir-{_digest(folder / 'corpus.jsonl')}-{name}")
    fill(base, folder / "corpus.jsonl", progress)
    base.encoding.settle(progress)
    base.refresh()
    base.vectors.save()
    return base


def ranking(searcher: Searcher, mode: Mode, query: str) -> list[str]:
    """Ids of the entries found, best first; a query without words finds nothing."""
    if not query.strip():
        return []
    owner = searcher.library.catalogue().owner
    return [owner(number) or "" for number in searcher.rank(query, mode, None, DEPTH).order[:DEPTH]]


def fill(base: KnowledgeBase, corpus: Path, progress: Progress) -> None:
    """Put every entry in that is not held yet; of entries with one id the last counts, as in BEIR itself."""
    held = set(base.library.fingerprints())
    last = {name: at for at, (name, _) in enumerate(_read(corpus))}
    fresh = (_entry(*e) for at, e in enumerate(_read(corpus)) if e[0] not in held and last[e[0]] == at)
    stored = len(held)
    for batch in _batches((e for e in fresh if e), AT_ONCE):
        texts = {vector_hash(text): text for text in (passage(*e) for e in batch)}
        base.encoding.encode(texts.values(), progress)
        with base.library.transaction():
            for document, provision in batch:
                key = vector_hash(passage(document, provision))
                base.library.store(document, provision.text, [Entry(provision, vector=key)], key, now())
        stored += len(batch)
        progress(stored, len(last), "已存入条目")


def _batches(values: Iterable[tuple[Document, Provision]], size: int) -> Iterator[list[tuple[Document, Provision]]]:
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch


def _entry(name: str, row: Mapping[str, object]) -> tuple[Document, Provision] | None:
    """An entry as a document of one provision; None when it says nothing."""
    title = _text(row.get("title")).strip()
    text = _text(row.get("text"))
    text = text if text.strip() else title
    if not text:
        return None
    return Document(name, "", "", title, coverage="full"), Provision(0, "", (), "paragraph", text, 0, len(text))


def entries(path: Path) -> Iterator[tuple[str, str]]:
    """Id and text of each line.

    Raises:
        KbError: the file is missing, or a line is not a JSON object with an ``_id``.
    """
    return ((name, _text(row.get("text"))) for name, row in _read(path))


def _read(path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    for at, line in enumerate(_lines(path), 1):
        try:
            row = json.loads(line)
            yield _text(row["_id"]), row
        except (ValueError, TypeError, KeyError) as error:
            raise KbError(f"{path} 第 {at} 行不是带 _id 的 JSON 对象。") from error


def _text(value: object) -> str:
    """As text that can be stored: nothing for null, half of a surrogate pair replaced."""
    return "" if value is None else str(value).encode("utf8", "replace").decode("utf8")


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8-sig") as lines:
            yield from (line for line in lines if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise KbError(
            f"读不了 {path}：评测集需要 UTF-8 编码的 corpus.jsonl、queries.jsonl 和 qrels/test.tsv。"
        ) from error


def judgements(path: Path) -> dict[str, dict[str, float]]:
    """Grades by query and entry; the header line, which has no number, is left out.

    Raises:
        KbError: the file is missing.
    """
    judged: dict[str, dict[str, float]] = {}
    for line in _lines(path):
        row = line.rstrip("\r\n").split("\t") if "\t" in line else line.split()
        if len(row) >= 3 and re.fullmatch(r"-?\d+(\.\d+)?", row[-1].strip()):
            judged.setdefault(row[0].strip(), {})[row[-2].strip()] = float(row[-1])
    return judged


def _scores(found: list[str], judged: Mapping[str, float]) -> dict[str, float]:
    return {
        "nDCG@10": ndcg(found, judged),
        **{f"recall@{k}": recall(found, judged, k) for k in CUTS},
        "MRR": reciprocal_rank(found, judged),
    }


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as data:
            while block := data.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise KbError(f"读不了 {path}。") from error
    return digest.hexdigest()[:16]

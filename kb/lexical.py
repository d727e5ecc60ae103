"""The word index: tantivy (BM25) over words cut by jieba and over character pairs.

Goes in: a query's words, or a phrase. Comes out: provision numbers with scores, best first. Word fields are
title, headings and text; the pairs make a phrase findable exactly as written, whatever jieba cuts.
"""

from __future__ import annotations

import json
import logging
import shutil
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock

from kb import words
from kb.errors import KbError
from kb.follow import Stamp, merged_changes
from kb.library import Library

log = logging.getLogger(__name__)

VARIANT = "1"
HEAP = 64_000_000
SYNONYM_WEIGHT = 0.3


@dataclass(frozen=True)
class FieldWeights:
    """How much a match counts by where it stands."""

    title: float = 0.4
    path: float = 0.6
    words: float = 1.0
    grams: float = 0.3

    def items(self) -> Iterable[tuple[str, float]]:
        """Field names with weights."""
        return (("title", self.title), ("path", self.path), ("words", self.words))


class LexicalIndex:
    """tantivy on disk, following the library."""

    def __init__(self, folder: Path, library: Library) -> None:
        """Open the index in ``folder`` if it follows ``library``; else start an empty one."""
        self._folder, self._stamp_file = folder / "words", folder / "words.json"
        self._library = library
        self._lock = threading.RLock()
        folder.mkdir(parents=True, exist_ok=True)
        self._file_lock = FileLock(str(folder / "words.lock"))
        with self._file_lock:
            self._index, self._generation = self._load()

    def _load(self) -> tuple[Any, int]:
        import tantivy

        stamp = Stamp.read(self._stamp_file)
        if stamp and stamp.follows(self._library, VARIANT):
            try:
                return tantivy.Index(_schema(), path=str(self._folder)), stamp.generation
            except (ValueError, OSError):
                log.warning("词语索引已损坏，正在重建。")
        self._stamp_file.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        return tantivy.Index(_schema(), path=str(self._folder)), 0

    def follow(self) -> None:
        """Bring the index up to the library's latest generation.

        Raises:
            KbError: index and library disagree even after that.
        """
        if self._generation == self._library.generation():
            return
        with self._lock, self._file_lock:
            stamp = Stamp.read(self._stamp_file)
            known = stamp.generation if stamp and stamp.follows(self._library, VARIANT) else 0
            latest = self._library.generation()
            if known < latest:
                self._replay(known)
                Stamp(self._library.stamp, VARIANT, latest).write(self._stamp_file)
            self._index.reload()
            self._generation = latest
            held, wanted = self._index.searcher().num_docs, self._library.count()
        if held != wanted:
            self._stamp_file.unlink(missing_ok=True)
            raise KbError(f"词语索引有 {held} 条，知识库有 {wanted} 条，两者不一致。请重新运行，索引将自动重建。")

    def _replay(self, known: int) -> None:
        import tantivy

        writer = self._index.writer(heap_size=HEAP, num_threads=1)
        titles = {d.id: " ".join(words.cut(d.title)) for d in self._library.documents()}
        for op, first, last in merged_changes(self._library, known):
            span = tantivy.Query.range_query(_schema(), "id", tantivy.FieldType.Unsigned, first, last)
            writer.delete_documents_by_query(span)
            for row in self._library.words(first, last) if op == "add" else ():
                writer.add_document(_entry(row, titles[row["document_id"]]))
        writer.commit()
        writer.wait_merging_threads()

    def ids(self) -> set[int]:
        """Numbers of the provisions held."""
        from tantivy import Query

        searcher = self._index.searcher()
        found = searcher.search(Query.all_query(), limit=max(searcher.num_docs, 1), count=False)
        return {int(searcher.doc(address)["id"][0]) for _, address in found.hits}

    def __len__(self) -> int:
        """Number of provisions held."""
        return int(self._index.searcher().num_docs)

    def search(
        self, terms: Mapping[str, float], pairs: Sequence[str], k: int, documents: Iterable[str] | None = None,
        weights: FieldWeights | None = None,
    ) -> list[tuple[int, float]]:  # fmt: skip
        """Provisions with any of the weighted ``terms`` or character ``pairs``, BM25, best first.

        ``documents`` are the ids of documents that may answer; None means all.
        """
        from tantivy import Occur, Query

        weights = weights or FieldWeights()
        schema = _schema()
        wanted = [
            (Occur.Should, Query.boost_query(Query.term_query(schema, name, term), weight * weigh))
            for term, weigh in terms.items()
            for name, weight in weights.items()
            if weight
        ]
        if weights.grams:
            wanted += [
                (Occur.Should, Query.boost_query(Query.term_query(schema, "grams", pair), weights.grams))
                for pair in dict.fromkeys(pairs)
            ]
        if not wanted:
            return []
        body = Query.const_score_query(Query.term_query(schema, "kind", "body"), 0.0)
        return self._run([(Occur.Must, Query.boolean_query(wanted)), (Occur.Must, body)], k, documents)

    def phrase(self, pairs: Sequence[str], k: int, documents: Iterable[str] | None = None) -> list[tuple[int, float]]:
        """Provisions that hold the run of character ``pairs``, framing such as headings included."""
        from tantivy import Occur, Query

        schema = _schema()
        if len(pairs) == 1 and len(pairs[0]) == 1:
            query = Query.regex_query(schema, "grams", f"({pairs[0]}.)|(.{pairs[0]})|{pairs[0]}")
        elif len(pairs) == 1:
            query = Query.term_query(schema, "grams", pairs[0])
        else:
            query = Query.phrase_query(schema, "grams", list(pairs))
        return self._run([(Occur.Must, query)], k, documents)

    def _run(self, parts: list[Any], k: int, documents: Iterable[str] | None) -> list[tuple[int, float]]:
        from tantivy import Occur, Query

        if documents is not None:
            allowed = Query.term_set_query(_schema(), "document", list(documents))
            parts = [*parts, (Occur.Must, Query.const_score_query(allowed, 0.0))]
        with self._lock:
            searcher = self._index.searcher()
        found = searcher.search(Query.boolean_query(parts), limit=k, count=False)
        return [(int(searcher.doc(address)["id"][0]), float(score)) for score, address in found.hits]


@lru_cache(maxsize=1)
def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    for name in ("document", "kind"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("title", "path", "words"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("grams", tokenizer_name="whitespace", index_option="position")
    return builder.build()


@lru_cache(maxsize=10_000)
def _cut_path(path: str) -> str:
    return " ".join(words.cut(" ".join(json.loads(path))))


def _entry(row: Any, title: str) -> Any:
    import tantivy

    entry = tantivy.Document()
    entry.add_unsigned("id", row["id"])
    entry.add_text("document", row["document_id"])
    entry.add_text("kind", "body" if row["vector"] else "frame")
    entry.add_text("title", title)
    entry.add_text("path", _cut_path(row["path"]))
    entry.add_text("words", row["words"])
    entry.add_text("grams", " ".join(words.grams(row["text"])))
    return entry

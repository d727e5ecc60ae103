"""The word index: tantivy (BM25) over words cut by jieba and over character pairs.

Goes in: a query's words, or a phrase. Comes out: provision numbers with scores, best first. Word fields are
title, headings and text; the pairs make a phrase findable exactly as written, whatever jieba cuts. Framing such as
headings answers to phrases only and has its pairs in a field of its own: so a search by words is one plain union of
terms, which tantivy can cut short, with no condition beside it.
"""

from __future__ import annotations

import json
import logging
import math
import re
import shutil
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock

from kb import words
from kb.context import caption, heading
from kb.errors import KbError
from kb.follow import Stamp, merged_changes
from kb.library import Library

log = logging.getLogger(__name__)

FIELDS = "4"
HEAP = 64_000_000
PAIRS = ("grams", "frame")  # the fields of character pairs: of provisions, of framing
UNSTAMPED = ("stamp.", ".tantivy-")


@dataclass(frozen=True)
class FieldWeights:
    """How much a match counts by where it stands."""

    title: float = 0.7
    path: float = 0.5
    words: float = 1.0
    grams: float = 0.4

    def items(self) -> Iterable[tuple[str, float]]:
        """Field names with weights."""
        return (("title", self.title), ("path", self.path), ("words", self.words))


class LexicalIndex:
    """tantivy on disk, following the library. Processes share the folder; a lock lets one at a time write or open."""

    def __init__(self, folder: Path, library: Library) -> None:
        """Open the index in ``folder`` if it follows ``library``; else start an empty one."""
        self._folder, self._library = folder / "words", library
        self._lock = threading.RLock()
        self.generation = 0
        self.fault: str | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._file_lock = FileLock(str(folder / "words.lock"))
        with self._file_lock:
            self._index = self._open()

    def _open(self) -> Any:
        """The index in the folder, emptied if it cannot be brought up to date."""

        stamp = Stamp.read(self._folder)
        self.fault = "没有可用的标记" if self._folder.exists() else None
        if stamp:
            self.fault = stamp.fault(self._folder, self._library, self._variant())
            if self.fault is None:
                try:
                    index = _tantivy(self._folder)
                    self.generation = stamp.generation
                    return index
                except (ValueError, OSError):
                    self.fault = "无法读取"
        if self.fault:
            log.warning("词语索引%s，正在重建。", self.fault)
        self.generation = 0
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        index = _tantivy(self._folder)
        self._stamp(0)
        return index

    def _variant(self) -> str:
        """Index fields, word list and what counts as framing: an index of another variant is made anew."""
        return f"{FIELDS} {words.version()} {self._library.wording}"

    def examine(self) -> str | None:
        """What is wrong with the files, read whole, in Chinese; None when nothing is."""
        with self._lock, self._file_lock:
            stamp = Stamp.read(self._folder)
            return stamp.fault(self._folder, self._library, self._variant(), thorough=True) if stamp else None

    def follow(self) -> None:
        """Bring the index up to the library's latest generation.

        Raises:
            KbError: index and library disagree even after that.
        """
        with self._library.reading():
            latest = self._library.generation()
            if self.generation >= latest:
                return
            with self._lock, self._file_lock:
                self._catch_up(latest)
                if self.generation == latest and len(self) != self._library.count():
                    log.warning("词语索引与知识库条数不符，正在重建。")
                    self._replay(0, latest)
                if self.generation == latest and len(self) != self._library.count():
                    raise KbError(f"词语索引有 {len(self)} 条，知识库有 {self._library.count()} 条，两者不一致。"
                                  "请运行 python ingest.py check。")  # fmt: skip

    def rebuild(self) -> None:
        """Take all words from the library anew."""
        with self._lock, self._file_lock, self._library.reading():
            self._replay(0, self._library.generation())

    def _catch_up(self, latest: int) -> None:
        """Replay the journal, unless another process did so already; both end with the files' latest state."""
        stamp = Stamp.read(self._folder)
        if stamp is None or stamp.fault(self._folder, self._library, self._variant()):
            self._index = self._open()
        else:
            self.generation = stamp.generation
        if self.generation < latest:
            self._replay(self.generation, latest)
        self._index.reload()

    def _replay(self, known: int, latest: int) -> None:
        """Bring the index from one generation to another. From before the commit until all files are at rest the
        stamp says nothing of them: should the process be killed, the same changes are replayed over what is there.
        """
        import tantivy

        before = Stamp.read(self._folder)
        repeated = not (before and before.files)
        self._stamp(known)
        writer = self._index.writer(heap_size=HEAP, num_threads=1)
        if not known:
            writer.delete_all_documents()
        for op, (first, last) in merged_changes(self._library, known):
            if op == "remove" or (repeated and known):
                numbers = tantivy.Query.range_query(_schema(), "id", tantivy.FieldType.Unsigned, first, last)
                writer.delete_documents_by_query(numbers)
            if op == "add":
                self._write(writer, first, last)
        writer.commit()
        self._stamp(latest)
        writer.wait_merging_threads()
        names = sorted(p.name for p in self._folder.iterdir() if p.is_file() and not p.name.startswith(UNSTAMPED))
        Stamp.of(self._folder, names, self._library, self._variant(), latest, before).write(self._folder)
        self._index.reload()
        self.generation, self.fault = latest, None

    def _stamp(self, generation: int) -> None:
        Stamp(self._variant(), generation, self._library.token(generation), {}).write(self._folder)

    def _write(self, writer: Any, first: int, last: int) -> None:
        document_id = title = ""
        for row in self._library.texts(first, last):
            if row["document_id"] != document_id:
                document_id = row["document_id"]
                title = " ".join(words.cut(heading(self._library.document(document_id))))
            writer.add_document(_entry(row, title))

    def ids(self) -> set[int]:
        """Numbers of the provisions held."""
        from tantivy import Query

        searcher = self._index.searcher()
        found = searcher.search(Query.all_query(), limit=max(searcher.num_docs, 1), count=False)
        return set(searcher.fast_field_values("id", [address for _, address in found.hits]))

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
        return self._run(Query.boolean_query(wanted), k, documents)

    def phrase(self, pairs: Sequence[str], k: int, documents: Iterable[str] | None = None) -> list[tuple[int, float]]:
        """Provisions that hold the run of character ``pairs``, framing such as headings included."""
        from tantivy import Occur, Query

        return self._run(Query.boolean_query([(Occur.Should, _run_of(pairs, f)) for f in PAIRS]), k, documents)

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """How much each word tells: ln(1 + (N - n + 0.5) / (n + 0.5)), held by n of N provisions, as BM25 weighs it."""
        with self._lock:
            searcher = self._index.searcher()
        held = {term: searcher.doc_freq("words", term) for term in terms}
        return {term: math.log(1 + (searcher.num_docs - n + 0.5) / (n + 0.5)) for term, n in held.items()}

    def _run(self, query: Any, k: int, documents: Iterable[str] | None) -> list[tuple[int, float]]:
        from tantivy import Occur, Query

        if documents is not None:
            allowed = Query.const_score_query(Query.term_set_query(_schema(), "document", list(documents)), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, allowed)])
        with self._lock:
            searcher = self._index.searcher()
        found = searcher.search(query, limit=k, count=False)
        numbers = searcher.fast_field_values("id", [address for _, address in found.hits])
        return [(int(i), float(score)) for i, (score, _) in zip(numbers, found.hits, strict=True)]


def _tantivy(folder: Path) -> Any:
    """The index there, read at states of our choosing, not whenever another process commits.

    Raises:
        ValueError: it cannot be read.
    """
    import tantivy

    index = tantivy.Index(_schema(), path=str(folder))
    index.config_reader("Manual", 0)
    return index


@lru_cache(maxsize=1)
def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    for name in ("title", "path", "words"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in PAIRS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    return builder.build()


def _run_of(pairs: Sequence[str], name: str) -> Any:
    """The query for provisions whose field of that name holds the run of ``pairs``."""
    from tantivy import Query

    if len(pairs) == 1 and len(pairs[0]) == 1:
        sign = re.escape(pairs[0])
        return Query.regex_query(_schema(), name, f"({sign}.)|(.{sign})|{sign}")
    if len(pairs) == 1:
        return Query.term_query(_schema(), name, pairs[0])
    return Query.phrase_query(_schema(), name, list(pairs))


@lru_cache(maxsize=10_000)
def _cut_caption(path: str, label: str) -> str:
    return " ".join(words.cut(caption(tuple(json.loads(path)), label)))


def _entry(row: Any, title: str) -> Any:
    import tantivy

    entry = tantivy.Document()
    entry.add_unsigned("id", row["id"])
    entry.add_text("document", row["document_id"])
    pairs = " ".join(words.grams(row["text"]))
    if not row["vector"]:
        entry.add_text("frame", pairs)
        return entry
    entry.add_text("title", title)
    entry.add_text("path", _cut_caption(row["path"], row["label"]))
    entry.add_text("words", " ".join(words.cut(row["text"])))
    entry.add_text("grams", pairs)
    return entry

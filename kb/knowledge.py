"""The knowledge base: one folder, and the verbs a user has. Command line, page and notebooks hold no logic.

Goes in: files, addresses, questions. Comes out: plain values of :mod:`kb.model`, :mod:`kb.search` and
:mod:`kb.compare`. Writers take a lock; whoever reads sees the last complete state.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from filelock import FileLock, Timeout

from kb.coding import Coding, by_recogniser, goals_of
from kb.context import passage
from kb.corpus import Corpus, CorpusDocument
from kb.correcting import Correcting, now
from kb.encode import Encoder
from kb.encoding import Encoding, Progress, is_body, vector_hash
from kb.errors import KbError
from kb.fold import squeeze
from kb.index import VectorIndex, variant
from kb.lexical import LexicalIndex
from kb.library import Library
from kb.model import Document, Draft, Held, SnapshotRecord
from kb.prepared import Prepared
from kb.records import Entry
from kb.search import Filters, Hit, Hits, Mode, Searcher, checked_filters
from kb.settings import settings

if TYPE_CHECKING:
    from kb.compare.align import Row
    from kb.compare.result import Comparison

log = logging.getLogger(__name__)

LIBRARY = "library.sqlite"
LOCK_SECONDS = 600
SEARCH_TRIES = 20
REMEMBERED = 16
KEPT = "文库中已有这份文件的全文，这次只读到一部分，没有替换；确要替换，请先移除全文。"
Outcome = Literal["added", "replaced", "unchanged", "kept"]


@dataclass(frozen=True)
class Stored:
    """What became of one document: ``outcome`` is added, replaced, unchanged, or kept where the library holds the full
    text and only a part of it was read."""

    document: Document
    provisions: int
    outcome: Outcome
    warnings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Foreseen:
    """What adding a draft would do, and the documents held it meets: the one it replaces or equals; of one that is new,
    those of the same name, beside which it will stand."""

    outcome: Outcome
    held: tuple[Document, ...]


class KnowledgeBase(Coding, Correcting):
    """All verbs on the library in ``home``. Cheap to create: model and indexes load when first needed."""

    def __init__(self, home: Path | None = None, model: str | None = None, corpus: Path | None = None) -> None:
        """Open (or create) the library in ``home`` with encoder ``model``; defaults from the settings.

        Raises:
            KbError: the library's file is damaged or of another version.
        """
        chosen = settings()
        self.home = home or chosen.home
        self.model = model or chosen.model
        self.corpus = Corpus(corpus or chosen.corpus)
        self.library = Library(self.home / LIBRARY)
        self.encoding = Encoding(self.library, self.model, chosen.cache)
        self._vectors: VectorIndex | None = None
        self._loading = threading.RLock()
        self._compared: dict[tuple[int, str, tuple[str, ...], str], Comparison] = {}
        self._lock = FileLock(str(self.home / "writing.lock"))

    def close(self) -> None:
        """Release the files; a vector index that was replayed from the journal is kept for the next start."""
        if self._vectors is not None and self._vectors.dirty:
            self._vectors.save()
        self.library.close()

    # -- parts that load when first used --------------------------------------------------------------------

    @property
    def encoder(self) -> Encoder:
        """The embedding model in force."""
        return self.encoding.encoder(self.encoding.in_force)

    @property
    def vectors(self) -> VectorIndex:
        """The vector index of the model in force."""
        name = self.encoding.in_force
        with self._loading:
            if self._vectors is None or self._vectors.variant != variant(self.library, name):
                self._vectors = VectorIndex(self.home / "index", self.library, name, self.encoding.dimension)
            return self._vectors

    @property
    def lexical(self) -> LexicalIndex:
        """The word index."""
        with self._loading:
            return self._words

    @cached_property
    def _words(self) -> LexicalIndex:
        return LexicalIndex(self.home / "index", self.library)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._lock.acquire(timeout=LOCK_SECONDS):
                yield
        except Timeout as error:
            raise KbError("另一个程序正在写入知识库，请稍候再试。") from error

    # -- putting documents in -------------------------------------------------------------------------------

    def build(self, progress: Progress | None = None) -> dict[str, int]:
        """Bring the library up to the corpus: only new or changed documents are encoded and stored.

        Documents of the corpus that are held in full text keep it and take over what the registry says of them now
        (that they were repealed or superseded); ones no longer in it are removed.
        Returns counts of documents added, replaced, unchanged and removed, of provisions coded again because frame,
        lexicon or head have changed, and of all held.

        Raises:
            KbError: the corpus breaks its schema.
        """
        with self._writing():
            mended = self.encoding.settle(progress) | self.library.mend()
            held = {d.id: d for d in self.library.documents()}
            wanted = [_from_corpus(c) for c in self.corpus.documents()]
            fresh = [p for p in wanted if p.document.id not in held or held[p.document.id].coverage != "full"]
            fresh += self._registered_anew(held)
            self._encode(fresh, progress)
            stored = [self._store(p) for p in fresh]
            registered = {d.id for d in self.corpus.registry} | {p.document.id for p in wanted}
            gone = {i for i, d in held.items() if d.origin == "corpus"} - registered
            for document_id in sorted(gone):
                self.library.remove(document_id, now())
            if self.corpus.attestations != tuple(self.library.attestations()):
                self.library.set_attestations(self.corpus.attestations)
            recoded = self.recode(progress)
            self.reread_goals()
        if mended:
            self.lexical.rebuild()
            self.vectors.rebuild()
        self.refresh()
        self.vectors.save()
        outcomes = [s.outcome for s in stored]
        self._compared.clear()
        counts = {name: outcomes.count(name) for name in ("added", "replaced", "unchanged")}
        counts["unchanged"] += len({p.document.id for p in wanted} - {p.document.id for p in fresh})
        return {**counts, "removed": len(gone), "recoded": recoded, "documents": len(self.library.fingerprints()),
                "provisions": self.library.count()}  # fmt: skip

    def _registered_anew(self, held: Mapping[str, Document]) -> list[Prepared]:
        """The full texts held of registered documents of which the registry says something else by now; the years of
        goals may hang on the date."""
        told = (
            (d, replace(one, coverage=d.coverage, basis=d.basis, note=d.note))
            for one in self.corpus.registry
            if (d := held.get(one.id)) and d.coverage == "full"
        )
        renewed = [replace(self.copy(d.id), document=anew) for d, anew in told if anew != d]
        return [
            replace(one, targets=goals_of(one.document, one.provisions))
            if by_recogniser(one.document, self.library.provisions(one.document.id, anew=True)) else one
            for one in renewed
        ]  # fmt: skip

    def add(self, drafts: Sequence[Draft], original: bytes | None = None, name: str = "",
            headers: Mapping[str, str] | None = None, progress: Progress | None = None) -> list[Stored]:  # fmt: skip
        """Store ``drafts`` made from one original, whose bytes are kept as a snapshot.

        What the same bytes were stored as before under another id (a field is filled in now, or read better) is
        replaced, and corrections of it go on. A part never takes the place of a full text.

        Raises:
            KbError: a draft has no text.
        """
        for draft in drafts:
            if not draft.text.strip():
                raise KbError(f"“{name or draft.document.title}”没有读出任何正文，未添加。")
        with self._writing():
            if original is not None:
                self._keep(original)
            bodies, recogniser = (
                [(d.document, v) for d in drafts for v in d.provisions if is_body(v)],
                self._recogniser(),
            )
            self.encoding.encode((text for one in bodies for text in self._to_encode(*one, recogniser)), progress)
            self._read_tuned((v for _, v in bodies), progress)
            prepared = [self._from_draft(d) for d in drafts]
            with self.library.transaction():
                outgrown = self._outgrown(drafts, original)
                stored = [self._kept(p) or self._store(p) for p in prepared]
                for old, heir in outgrown:
                    self.library.hand_on(old.id, heir, now())
                    self.library.remove(old.id, now())
                for one in (s for s in stored if original is not None and s.outcome != "kept"):
                    self.library.store_snapshot(_note(original or b"", one.document, name, headers or {}))
        described = {d.document.id: d for d in drafts}
        heirs = {heir for _, heir in outgrown}

        def told(one: Stored) -> Stored:
            draft = described[one.document.id]
            warnings = (*draft.warnings, *([KEPT] if one.outcome == "kept" else []))
            outcome = "replaced" if one.document.id in heirs else one.outcome
            return replace(one, warnings=warnings, missing=draft.missing, outcome=outcome)

        return [told(one) for one in stored]

    def read(self, data: bytes, name: str = "", url: str | None = None, given: Mapping[str, str] | None = None,
             known: Mapping[str, str] | None = None) -> tuple[Draft, ...]:  # fmt: skip
        """What adding a file would store; nothing is stored. See :func:`kb.draft.drafts`.

        Raises:
            KbError: the file cannot be read.
        """
        from kb.draft import drafts

        return drafts(data, name, url, given, known)

    def _outgrown(self, drafts: Sequence[Draft], original: bytes | None) -> list[tuple[Document, str]]:
        """Users' documents made of these very bytes that are none of ``drafts``, each with the id of the one it is now."""
        if original is None or not drafts:
            return []
        held, ids = self.library.catalogue().documents, {d.document.id for d in drafts}
        olds = [held[i] for i in self.library.made_of(hashlib.sha256(original).hexdigest()) if i not in ids]
        return [
            (old, next((d for d in drafts if d.document.title == old.title), drafts[0]).document.id)
            for old in olds
            if old.origin == "user"
        ]

    def foresee(self, draft: Draft, beside: Sequence[Draft] = (), original: bytes | None = None) -> Foreseen:
        """What :meth:`add` would do with ``draft``, one of those ``beside`` it made from ``original``, as the library is
        now; nothing is stored and nothing encoded."""
        from kb.compare.force import namesakes

        documents = self.library.catalogue().documents
        held = documents.get(draft.document.id)
        if old := tuple(d for d, heir in self._outgrown(beside, original) if heir == draft.document.id):
            return Foreseen("replaced", (*old, held) if held else old)
        if held is None:
            return Foreseen("added", tuple(namesakes(draft.document, documents.values())))
        now_held = self.copy(held.id)
        if _less(draft.document, draft.text, now_held):
            return Foreseen("kept", (held,))
        same = (held, now_held.text, now_held.provisions) == (draft.document, draft.text, draft.provisions)
        # of the same words all vectors are held, so that they can be coded as adding would code them
        same = same and self._from_draft(draft).fingerprint == self.library.fingerprint(held.id)
        return Foreseen("unchanged" if same else "replaced", (held,))

    def remove(self, document_id: str) -> Document:
        """Take a document out; what it said stays in the history.

        Raises:
            KbError: no such document.
        """
        document = self.library.document(document_id)
        with self._writing():
            self.library.remove(document_id, now())
        return document

    def copy(self, document_id: str) -> Prepared:
        """A document as it is stored, with codes and targets; :meth:`put_back` stores it again.

        Raises:
            KbError: no such document.
        """
        document, held = self.library.document(document_id), self.library.provisions(document_id, anew=True)
        return Prepared(
            document, self.library.text(document_id), tuple(h.provision for h in held),
            tuple(h.codes for h in held), tuple(h.targets for h in held),
        )  # fmt: skip

    def put_back(self, one: Prepared) -> Stored:
        """Undo a removal: store the document again exactly as it was.

        Raises:
            KbError: it was added again meanwhile.
        """
        with self._writing():
            if self.library.fingerprint(one.document.id) is not None:
                raise KbError(f"《{one.document.title}》已重新入库，没有用移除前的旧版替换它。")
            self._encode([one], None)
            with self.library.transaction():
                return self._store(one)

    def _encode(self, prepared: Sequence[Prepared], progress: Progress | None) -> None:
        """Give the new and changed documents their vectors, before any of them is stored."""
        changed = [p for p in prepared if self.library.fingerprint(p.document.id) != p.fingerprint]
        self.encoding.encode((passage(p.document, v) for p in changed for v in p.provisions if is_body(v)), progress)

    def _store(self, one: Prepared) -> Stored:
        changed = self.library.fingerprint(one.document.id) != one.fingerprint
        entries = [_entry(one, i) for i in range(len(one.provisions))] if changed else []
        outcome = self.library.store(one.document, one.text, entries, one.fingerprint, now())
        return Stored(one.document, len(one.provisions), outcome)

    def _kept(self, one: Prepared) -> Stored | None:
        """The document as held where it is held in full and ``one`` is only a part of it; else nothing."""
        if self.library.fingerprint(one.document.id) is None:
            return None
        held = self.copy(one.document.id)
        return Stored(held.document, len(held.provisions), "kept") if _less(one.document, one.text, held) else None

    def _from_draft(self, draft: Draft) -> Prepared:
        codes = self._codes([(draft.document, v) for v in draft.provisions])
        goals = goals_of(draft.document, draft.provisions)
        return Prepared(draft.document, draft.text, draft.provisions, tuple(codes), goals)

    def _keep(self, original: bytes) -> None:
        """Put an original's bytes under their SHA-256; written aside and renamed, also over a damaged one."""
        path = self.snapshot_path(hashlib.sha256(original).hexdigest())
        if not path.exists() or path.read_bytes() != original:
            path.parent.mkdir(parents=True, exist_ok=True)
            aside = path.with_suffix(".aside")
            aside.write_bytes(original)
            aside.replace(path)

    def snapshot_path(self, sha256: str) -> Path:
        """Where the bytes of an original lie."""
        return self.home / "snapshots" / sha256[:2] / sha256

    # -- asking ---------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Bring both indexes up to the library.

        Raises:
            KbError: an index cannot be made to agree with the library.
        """
        self.lexical.follow()
        self.vectors.follow()

    def documents(self) -> list[Document]:
        """All documents held."""
        return self.library.documents()

    def document(self, document_id: str) -> tuple[Document, list[Held]]:
        """A document and its provisions.

        Raises:
            KbError: no such document.
        """
        return self.library.document(document_id), self.library.provisions(document_id)

    def search(self, query: str, mode: Mode = "hybrid", filters: Filters | None = None, k: int = 10,
               rerank: bool = False) -> Hits:  # fmt: skip
        """The ``k`` best provisions, a list with ``to_frame()``; see :class:`kb.search.Searcher`. With ``rerank`` the
        best of a hybrid search are read a second time (:mod:`kb.rerank`): better, and some tenths of a second slower.

        Raises:
            KbError: the library is empty, or the query, mode or filters are wrong.
        """
        if not self.library.generation():
            raise KbError("知识库还是空的，请先运行 python ingest.py build。")
        if not query.isprintable() and any("\ud800" <= sign <= "\udfff" for sign in query):
            raise KbError("检索词里有无法识别的字符，请用 UTF-8 编码重新输入。")
        asked = filters or Filters()
        # from Python they come as typed, too: 重庆市 is 重庆, and a date must be one
        filters = replace(
            checked_filters(asked.regions, asked.levels, asked.instruments, asked.since, asked.until),
            documents=asked.documents,
        )
        if rerank and mode != "hybrid":
            raise KbError("精排只用于综合检索。")
        second = self.encoding.second_look() if rerank else None
        return self._asked(
            mode in ("hybrid", "dense"), lambda parts: replace(parts, second=second).search(query, mode, filters, k)
        )

    def similar(self, provision_id: int, k: int = 10) -> Hits:
        """Provisions of other regions nearest in meaning to one held, the best of each region, best first.

        Raises:
            KbError: no such provision, or one without content of its own.
        """
        return self._asked(True, lambda searcher: searcher.similar(provision_id, k))

    def _asked(self, semantic: bool, ask: Callable[[Searcher], list[Hit]]) -> Hits:
        """The answer of a searcher whose library and indexes are of one generation."""
        for _ in range(SEARCH_TRIES):
            with self.library.reading():
                encoder, vectors = (self.encoder, self.vectors) if semantic else (None, None)
                indexes = [i for i in (self.lexical, vectors) if i is not None]
                for index in indexes:
                    index.follow()
                hits = ask(Searcher(self.library, vectors, self.lexical, encoder))
                if all(index.generation == self.library.generation() for index in indexes):
                    break  # else a writer was faster than this search: ask again, of the new state
        return Hits(hits)

    def unheld_number(self, query: str) -> str:
        """Year and serial of a 发文字号 a query writes out and no document bears; see :func:`kb.question.unheld_number`."""
        from kb.question import unheld_number

        return unheld_number(query, self.library.numbered)

    def unheld_words(self, query: str) -> tuple[str, ...]:
        """Words of a query that stand nowhere in the library; see :func:`kb.question.unheld_words`."""
        from kb import words
        from kb.question import unheld_words

        self.lexical.follow()
        named = words.key("\n".join(f"{d.region} {d.title}" for d in self.library.catalogue().documents.values()))
        return unheld_words(
            query, lambda word: words.key(word) in named or bool(self.lexical.phrase(words.grams(word), 1))
        )

    def compare(self, baseline: str = "重庆", peers: Sequence[str] = (), as_of: str | None = None) -> Comparison:
        """The gap comparison; see :func:`kb.compare.comparison.compare`. Asked again, it is remembered.

        Raises:
            KbError: unknown baseline, peers or date, or no peer but the baseline itself.
        """
        from kb.compare.comparison import compare
        from kb.compare.force import checked_date

        asked = (self.library.generation(), baseline, tuple(peers), checked_date(as_of))
        if asked not in self._compared:
            made = compare(self.library, self.corpus.folder, baseline, peers, as_of, self.encoding.in_force)
            self._compared = {**dict(list(self._compared.items())[1 - REMEMBERED :]), asked: made}
        return self._compared[asked]

    def align(self, left: str, right: str) -> tuple[Row, ...]:
        """Two documents provision by provision; see :func:`kb.compare.align.align`.

        Raises:
            KbError: no such document.
        """
        from kb.compare.align import align

        sides = [[h for h in self.document(one)[1] if is_body(h.provision)] for one in (left, right)]
        vectors: dict[int, np.ndarray] = {}
        for held in filter(None, sides):
            ids, rows = self.library.vectors(self.encoding.in_force, held[0].id, held[-1].id)
            vectors.update(zip(ids.tolist(), rows, strict=True))
        return align(sides[0], sides[1], vectors)


def _note(original: bytes, document: Document, name: str, headers: Mapping[str, str]) -> SnapshotRecord:
    digest = hashlib.sha256(original).hexdigest()
    return SnapshotRecord(digest, document.id, name, document.url, len(original), now(), headers)


def _entry(prepared: Prepared, i: int) -> Entry:
    provision = prepared.provisions[i]
    key = vector_hash(passage(prepared.document, provision)) if is_body(provision) else None
    return Entry(provision, key, prepared.codes[i], prepared.targets[i])


def _from_corpus(one: CorpusDocument) -> Prepared:
    return Prepared(one.document, one.text, one.provisions, one.codes, one.targets)


def _less(document: Document, text: str, held: Prepared) -> bool:
    """Whether a text is only a part of what is held in full; the same words called a part are a user's decision."""
    full = held.document.coverage == "full"
    return full and document.coverage == "partial" and len(squeeze(text)) < len(squeeze(held.text))

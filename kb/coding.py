"""Coding by the recogniser: texts anyone gives, documents as they come in, and all of them again when the frame,
the lexicon or the head has changed; their goals likewise.

Goes in: texts, or provisions whose vectors the library has. Comes out: codes of origin ``auto``. The editors' codes
and users' corrections are never touched; a document the editors coded is left as it is.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.compare.cues import stretches
from kb.context import passage
from kb.encoding import Encoding, Progress, is_body, vector_hash
from kb.errors import KbError
from kb.library import Library
from kb.model import Code, Document, Held, Provision, Target
from kb.prepared import Prepared
from kb.settings import settings

if TYPE_CHECKING:
    from kb.compare.recognise import Explanation, Recogniser
    from kb.compare.tuned import TunedReader
    from kb.corpus import Corpus

# What the library notes of how its codes and its goals were read.
MARK, GOALS = "recogniser", "goals"
_REVIEW = re.compile(
    "工作回顾|发展回顾|工作总结|工作情况$|存在的?(?:主要|突出)?(?:问题|困难|不足|短板)|名词解释|(?:成就|成效|回顾)$|^(?:起草|编制|修订)说明"
)
_AHEAD = re.compile("目标|任务|安排|部署")
BATCH = 1000


class Coding:
    """What a knowledge base does with the recogniser."""

    corpus: Corpus
    library: Library
    encoding: Encoding
    _known: tuple[str, Recogniser] | None = None
    _reader: TunedReader | None = None
    _loading_layers = threading.Lock()

    def label(self, texts: Sequence[str]) -> list[tuple[Code, ...]]:
        """The measures each text provides for, as the recogniser sees them.

        Raises:
            KbError: the model cannot be obtained.
        """
        recogniser = self._recogniser()
        return recogniser.recognise(texts, *self._encoded(recogniser, texts))

    def explain(self, text: str) -> list[Explanation]:
        """Each measure recognised in ``text``, with the sentence, the words and the coded examples that decided."""
        recogniser = self._recogniser()
        vectors, tuned = self._encoded(recogniser, [text])
        return recogniser.explain(text, _only(vectors), _only(tuned))

    def explain_held(self, provision_id: int, also: Collection[str] = ()) -> list[Explanation]:
        """The same for a provision held, from the vectors it was coded by; measures ``also`` those not recognised in it.
        Empty for one the recogniser does not read (:func:`is_read`).

        Raises:
            KbError: no such provision.
        """
        held = next(iter(self.library.held([provision_id])), None)
        if held is None:
            raise KbError(f"文库中没有编号为 {provision_id} 的条款，它所在的文件可能已被移除或更新。")
        if not is_read(held.provision):
            return []
        recogniser, document = self._recogniser(), self.library.document(held.document_id)
        texts, vectors, tuned = self._material([(document, held.provision)], recogniser)
        if tuned and np.isnan(tuned[0]).any():  # since the layers were exchanged, nothing has been coded anew
            tuned = [self._tuned().passages(stretches(texts[0]))]
        return recogniser.explain(texts[0], _only(vectors), _only(tuned), also)

    def recode(self, progress: Progress | None = None) -> int:
        """Code again what the recogniser coded, if anything it goes by has changed; the number of provisions coded.

        Vectors are those stored, so nothing is encoded; only other tuned layers than before read the texts anew.
        """
        from kb.compare.recognise import fingerprint
        from kb.compare.tuned import tuned_name

        if layers := tuned_name(self.corpus.folder):
            self.library.drop_vectors(layers, self.library.damaged_vectors(layers))
        mark = fingerprint(self.corpus.folder, self.encoding.in_force)
        if self.library.meta(MARK) == mark:
            return 0
        recogniser = self._recogniser()
        codes: dict[int, tuple[Code, ...]] = {}
        fingerprints: dict[str, str] = {}
        waiting: list[tuple[Document, list[Held]]] = []
        documents = self.library.documents()
        for done, document in enumerate(documents, 1):
            held = self.library.provisions(document.id, anew=True)
            if by_recogniser(document, held):
                waiting.append((document, held))
            if sum(len(own) for _, own in waiting) >= BATCH or done == len(documents):
                self._recoded(waiting, recogniser, codes, fingerprints, progress)
                waiting = []
            if progress:
                progress(done, len(documents), "正在重新识别已有文件")
        self.library.recode(codes, fingerprints, mark)
        return len(codes)

    def reread_goals(self) -> int:
        """Read the goals of what the recogniser coded again, if they are read otherwise than before; the number of
        provisions read."""
        rules = goal_rules()
        if self.library.meta(GOALS) == rules:
            return 0
        goals: dict[int, tuple[Target, ...]] = {}
        fingerprints: dict[str, str] = {}
        for document in self.library.documents():
            held = self.library.provisions(document.id, anew=True)
            if by_recogniser(document, held):
                found = goals_of(document, [h.provision for h in held])
                goals.update((h.id, own) for h, own in zip(held, found, strict=True))
                codes = [h.codes for h in held]
                fingerprints[document.id] = _prepared(
                    document, self.library.text(document.id), held, codes, found
                ).fingerprint
        self.library.renew_goals(goals, fingerprints, rules)
        return len(goals)

    def _recoded(
        self, documents: Sequence[tuple[Document, list[Held]]], recogniser: Recogniser,
        codes: dict[int, tuple[Code, ...]], fingerprints: dict[str, str], progress: Progress | None,
    ) -> None:  # fmt: skip
        """Add the new codes of these documents' provisions, and the fingerprints that go with them."""
        pairs = [(document, h.provision) for document, held in documents for h in held]
        self._read_tuned((provision for _, provision in pairs), progress)
        found = iter(self._codes(pairs, recogniser))
        for document, held in documents:
            own = [next(found) for _ in held]
            codes.update((h.id, one) for h, one in zip(held, own, strict=True))
            goals = [h.targets for h in held]
            fingerprints[document.id] = _prepared(
                document, self.library.text(document.id), held, own, goals
            ).fingerprint

    def _codes(
        self, pairs: Sequence[tuple[Document, Provision]], recogniser: Recogniser | None = None
    ) -> list[tuple[Code, ...]]:
        """The codes of provisions, each with its document, from the vectors the library has of them."""
        recogniser = recogniser or self._recogniser()
        return recogniser.recognise(*self._material(pairs, recogniser))

    def _material(
        self, pairs: Sequence[tuple[Document, Provision]], recogniser: Recogniser
    ) -> tuple[list[str], list[np.ndarray] | None, list[np.ndarray] | None]:
        """What ``recogniser`` is given of provisions: their texts, empty where it does not read them, and, if it understands
        the model in force, the vectors the library has of them and what the tuned layers said of them."""
        texts = [p.text if is_read(p) else "" for _, p in pairs]
        if recogniser.model != self.encoding.in_force:
            return texts, None, None
        wanted = [self._to_encode(d, p, recogniser) if is_read(p) else () for d, p in pairs]
        keys = [[vector_hash(text) for text in own] for own in wanted]
        known = self.library.vectors_of(self.encoding.in_force, [key for own in keys for key in own])
        return texts, [self._rows(own, known) for own in keys], self._said(texts, recogniser)

    def _to_encode(self, document: Document, provision: Provision, recogniser: Recogniser) -> tuple[str, ...]:
        """What is encoded of a provision: its passage, and of a long one each stretch, which is coded by itself."""
        understood = recogniser.model == self.encoding.in_force
        parts = stretches(provision.text) if understood else ()
        whole = passage(document, provision)
        return (whole, *parts) if len(parts) > 1 else (whole,)

    def _rows(self, keys: Sequence[str], known: Mapping[str, np.ndarray]) -> np.ndarray:
        """A row for each stretch: its own vector, else the passage's; zeros for what has none (framing)."""
        whole = known.get(keys[0], np.zeros(self.encoding.dimension, np.float32)) if keys else None
        if whole is None:
            return np.zeros((1, self.encoding.dimension), np.float32)
        return np.stack([known.get(key, whole) for key in (keys[1:] or keys)])

    def _read_tuned(self, provisions: Iterable[Provision], progress: Progress | None = None) -> None:
        """Have the tuned layers read what the recogniser reads of ``provisions``, stretch by stretch."""
        recogniser = self._recogniser()
        if recogniser.layers and recogniser.model == self.encoding.in_force:
            parts = (part for p in provisions if is_read(p) for part in stretches(p.text))
            self.encoding.keep(recogniser.layers, self._tuned, parts, progress)

    def _said(self, texts: Sequence[str], recogniser: Recogniser) -> list[np.ndarray] | None:
        """What the tuned layers said of each text, a row a stretch; NaN for what they have not read."""
        if recogniser.layers is None:
            return None
        keys = [[vector_hash(part) for part in stretches(text)] for text in texts]
        known = self.library.vectors_of(recogniser.layers, [key for own in keys for key in own])
        unread = np.full(recogniser.width, np.nan, np.float32)
        return [np.stack([known.get(key, unread) for key in own]) for own in keys]

    def _tuned(self) -> TunedReader:
        """The tuned layers of the recogniser, loaded once.

        Raises:
            KbError: the file was exchanged since the recogniser was loaded.
        """
        from kb.compare.tuned import TunedReader

        wanted = self._recogniser().layers
        with self._loading_layers:
            if self._reader is None or self._reader.name != wanted:
                self._reader = TunedReader(self.corpus.folder, self.encoding.cache)
            if self._reader.name != wanted:
                raise KbError("识别模型的文件刚刚更换，请重新启动程序。")
            return self._reader

    def _recogniser(self) -> Recogniser:
        """The recogniser for the model in force, made once, and again when what it goes by has changed: also another
        process may have brought the library up to that."""
        from kb.compare.recognise import Recogniser, fingerprint

        model, known = self.encoding.in_force, self._known
        mark = fingerprint(self.corpus.folder, model)
        if known is None or known[0] != mark:
            made = Recogniser.load(self.corpus.folder, lambda t: self.encoding.encoder(model).passages(t), model)
            self._known = known = (mark, made)
        return known[1]

    def _encoded(
        self, recogniser: Recogniser, texts: Sequence[str]
    ) -> tuple[list[np.ndarray] | None, list[np.ndarray] | None]:
        """Vectors of the stretches of each text, and what the tuned layers say of them, if the model in force is the one
        the recogniser understands."""
        model = self.encoding.in_force
        if recogniser.model != model or not texts:
            return None, None
        parts = [stretches(text) for text in texts]
        pieces, ends = [part for own in parts for part in own], np.cumsum([len(own) for own in parts])[:-1]
        vectors = np.split(self.encoding.encoder(model).passages(pieces), ends)
        return vectors, np.split(self._tuned().passages(pieces), ends) if recogniser.layers else None


def _only(rows: Sequence[np.ndarray] | None) -> np.ndarray | None:
    """The rows of the one text asked about."""
    return rows[0] if rows else None


def by_recogniser(document: Document, held: Sequence[Held]) -> bool:
    """Whether a document with these provisions is the recogniser's to code: a user's or in full, and not the editors'."""
    read = document.origin == "user" or document.coverage == "full"
    return read and not any(c.origin == "editor" for h in held for c in h.codes)


def is_read(provision: Provision) -> bool:
    """Whether the recogniser reads a provision at all; a line that names an attachment provides for nothing."""
    return is_body(provision) and provision.kind != "attachment" and not looks_back(provision)


def looks_back(provision: Provision) -> bool:
    """Whether a provision stands under a heading that reviews what was done, or explains terms or the text: it provides
    for nothing."""
    return any(_REVIEW.search(heading) and not _AHEAD.search(heading) for heading in provision.path)


def _prepared(
    document: Document, text: str, held: Sequence[Held], codes: Sequence[tuple[Code, ...]],
    goals: Sequence[tuple[Target, ...]],
) -> Prepared:  # fmt: skip
    return Prepared(document, text, tuple(h.provision for h in held), tuple(codes), tuple(goals))


def goals_of(document: Document, provisions: Sequence[Provision]) -> tuple[tuple[Target, ...], ...]:
    """The goals of each provision of a document, in step."""
    from kb.compare.targets import targets_of_provisions

    known = document.known_since
    found = targets_of_provisions(provisions, int(known[:4]) if known else None)
    read = zip(provisions, found, strict=True)
    return tuple(tuple(goal.target for goal in goals) if is_read(p) else () for p, goals in read)


def goal_readers() -> list[Path]:
    """The files of the modules that read goals."""
    from kb import fold, numerals
    from kb.compare import lexicon, naming, quantities, roles, tabular, targets

    return [
        Path(str(m.__file__)) for m in (targets, roles, tabular, quantities, naming, lexicon, numerals, fold)
    ]  # fmt: skip


def goal_rules() -> str:
    """What changes when other goals would be read in the same texts."""
    paths = [*goal_readers(), settings().corpus / "lexicon" / "quantities.yaml"]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()[:16]

"""The verbs by which a user corrects codes and scores (用户修订), and takes corrections back."""

from __future__ import annotations

import datetime
import getpass
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Literal

from kb.corpus import Corpus
from kb.errors import KbError
from kb.library import Library
from kb.model import STRENGTH_ZH, Document, Revision
from kb.regions import region_named
from kb.revisions import words_hash

if TYPE_CHECKING:
    from kb.compare.pmc import PmcResult


class Correcting:
    """The part of a knowledge base that is about corrections."""

    library: Library
    corpus: Corpus

    def _writing(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    def correct(self, provision_id: int, measure: str, strength: int, who: str = "") -> Revision:
        """Correct a code (用户修订): the provision provides for ``measure`` (id or name) with ``strength``, 0 for not at all.

        Raises:
            KbError: no such provision or measure, or a strength that is none of 0 to 3.
        """
        from kb.compare.frame import load_frame

        held = self.library.held([provision_id])
        if not held:
            raise KbError(f"文库中没有编号为 {provision_id} 的条款，它所在的文件可能已被更新或移除。")
        if strength not in STRENGTH_ZH:
            raise KbError("力度只能是 0（未见）、1（提及）、2（部署）、3（承诺）。")
        subject, words = held[0].document_id, words_hash(held[0].provision.text)
        item = load_frame(self.corpus.folder).measure(measure).id
        return self._revised("code", subject, words, item, strength, who)

    def correct_score(self, region: str, variable: str, value: int, who: str = "") -> Revision:
        """Set a second-level variable (X1.1) of the PMC index of ``region``, or of the document of that id, to 0 or 1.

        Raises:
            KbError: no such region, variable or value.
        """
        from kb.compare.pmc import checked, load_scheme

        checked({variable: value}, load_scheme(self.corpus.folder))
        return self._revised("pmc", self._subject(region), "", variable, value, who)

    def pmc(self, region: str, documents: Sequence[Document]) -> PmcResult:
        """The PMC index of the ``documents`` of a region or of one document's column, called ``region``, with the user's
        corrections; see :func:`kb.compare.pmc.pmc_index`. A region is not measured by what users added of texts on everything
        (work reports, laws on something else)."""
        from kb.compare.force import devoted
        from kb.compare.frame import load_frame
        from kb.compare.pmc import load_scheme, pmc_index
        from kb.compare.result import named_by_title

        measured = (
            documents if named_by_title(region) else [d for d in documents if d.origin == "corpus" or devoted(d)]
        )
        held = [h for d in measured for h in self.library.provisions(d.id)]
        corrected = {item: one.value for item, one in self.library.scores(scored(region, documents)).items()}
        folder = self.corpus.folder
        return pmc_index(held, measured, load_scheme(folder), load_frame(folder), corrected)

    def take_back(self, number: int) -> Revision:
        """Undo the correction of that number; what held before it holds again.

        Raises:
            KbError: there is none, or it was taken back already.
        """
        with self._writing():
            return self.library.take_back(number, now())

    def _revised(
        self, kind: Literal["code", "pmc"], subject: str, words: str, item: str, value: int, who: str
    ) -> Revision:
        with self._writing():
            return self.library.revise(kind, subject, words, item, value, who.strip() or whoever(), now())

    def _subject(self, region: str) -> str:
        """What corrections of the PMC index are kept under: a document's id, else the name of a region's column."""
        from kb.compare.force import BELOW

        if region in self.library.catalogue().documents:
            return region
        return region_named(region.removesuffix(BELOW)).name + (BELOW if region.endswith(BELOW) else "")


def scored(name: str, documents: Sequence[Document]) -> str:
    """What corrections of the PMC index of the column called ``name`` are kept under: titles are shared, ids are not."""
    from kb.compare.result import named_by_title

    return documents[0].id if named_by_title(name) else name


def now() -> str:
    """The present time, ISO 8601 to the second."""
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def told_time(at: str) -> str:
    """A time as :func:`now` gives it, for people: to the minute, where they are."""
    return datetime.datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")


def whoever() -> str:
    """The name this program's user goes by on this computer."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "本机用户"

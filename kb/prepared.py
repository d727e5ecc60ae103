"""A document as it goes into the library and comes out of it whole, and the fingerprint that tells two apart."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from typing import Any

from kb.model import Code, Document, Provision, Target


@dataclass(frozen=True)
class Prepared:
    """A document ready to be stored but for its vectors: provisions with codes and targets in step."""

    document: Document
    text: str
    provisions: tuple[Provision, ...]
    codes: tuple[tuple[Code, ...], ...]
    targets: tuple[tuple[Target, ...], ...]

    @property
    def fingerprint(self) -> str:
        """Hash of everything that would be stored; equal fingerprints need no work."""
        content = json.dumps([_facts(self.document), self.text, [_facts(p) for p in self.provisions],
                              [[_facts(c) for c in cs] for cs in self.codes],
                              [[_facts(t) for t in ts] for ts in self.targets]], ensure_ascii=False)  # fmt: skip
        return hashlib.sha256(content.encode()).hexdigest()


def _facts(value: Any) -> dict[str, Any]:
    """The fields that say something, so that a new optional field leaves the fingerprints of what is held."""
    return {f.name: getattr(value, f.name) for f in fields(value) if getattr(value, f.name) != f.default}

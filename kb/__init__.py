"""A knowledge base for comparing Chinese regional policy. ``kb.open()`` gives its verbs as plain Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase


def open(path: str | Path | None = None, model: str | None = None) -> KnowledgeBase:  # noqa: A001
    """The knowledge base in folder ``path`` (default: the settings' home) with encoder ``model``.

    Raises:
        KbError: the library there is damaged or of another version.
    """
    from kb.knowledge import KnowledgeBase

    return KnowledgeBase(Path(path).expanduser() if path else None, model)

"""Every setting in one typed place, with the default a newcomer wants.

Environment variables (all optional) are read once per call of :func:`settings`, so that tests may change them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
CORPUS = PROJECT / "corpus"


@dataclass(frozen=True)
class Settings:
    """Where things lie and which model encodes.

    ``home`` is the library's folder (``KB_HOME``), ``corpus`` the shipped documents (``KB_CORPUS``), ``cache``
    what can be fetched again, shared by all clones (``KB_CACHE``). ``model`` is ``default``, ``fake`` (tests)
    or any name or folder sentence-transformers loads (``KB_MODEL``). ``private_hosts`` lets addresses of the
    local network be fetched (``KB_PRIVATE_HOSTS=1``).
    """

    home: Path
    corpus: Path
    cache: Path
    model: str
    private_hosts: bool


def settings() -> Settings:
    """The settings in force: environment variables over defaults."""
    env = os.environ
    cache = env.get("KB_CACHE") or Path(env.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chongqing-policy-kb"
    return Settings(
        home=Path(env.get("KB_HOME") or PROJECT / "data"),
        corpus=Path(env.get("KB_CORPUS") or CORPUS),
        cache=Path(cache),
        model=env.get("KB_MODEL") or "default",
        private_hosts=env.get("KB_PRIVATE_HOSTS") == "1",
    )

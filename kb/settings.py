"""Every setting in one typed place, with the default a newcomer wants.

Environment variables (all optional) are read once per call of :func:`settings`, so that tests may change them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
CORPUS = PROJECT / "corpus"
_NAMES = ("KB_HOME", "KB_CORPUS", "KB_CACHE", "KB_MODEL", "KB_PRIVATE_HOSTS", "XDG_CACHE_HOME", "HOME", "USERPROFILE")


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
    return _read(tuple(os.environ.get(name, "") for name in _NAMES))


@lru_cache(maxsize=8)
def _read(values: tuple[str, ...]) -> Settings:
    env = dict(zip(_NAMES, values, strict=True))
    cache = env["KB_CACHE"] or Path(env["XDG_CACHE_HOME"] or Path.home() / ".cache") / "chongqing-policy-kb"
    return Settings(
        home=Path(env["KB_HOME"] or PROJECT / "data"),
        corpus=Path(env["KB_CORPUS"] or CORPUS),
        cache=Path(cache),
        model=env["KB_MODEL"] or "default",
        private_hosts=env["KB_PRIVATE_HOSTS"] == "1",
    )

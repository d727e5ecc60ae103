"""Runs one verb on a knowledge base in a process of its own and kills it at a given step.

A step is the moment before or after anything that changes what lies on disk, or in between within a
transaction. Each is written to a log, so that a failing test can say where the process died.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import faiss
import tantivy  # noqa: F401  (loaded once here, before the processes are forked)

from kb import encoding, words
from kb.encode import Encoder, FakeEncoder
from kb.knowledge import KnowledgeBase
from kb.lexical import LexicalIndex
from kb.library import Library
from tests.samples import FUND, LAW, PLANT, SCENE, draft

words.cut("词表先读好")
WATCHED: tuple[tuple[Any, str], ...] = (
    (Library, "store_vectors"), (Library, "store"), (Library, "_log"), (Library, "remove"), (Library, "put_in_force"),
    (Library, "set_attestations"), (Library, "store_snapshot"), (Path, "write_bytes"), (Path, "replace"),
    (Path, "unlink"), (shutil, "rmtree"), (faiss, "write_index"), (LexicalIndex, "_write"),
)  # fmt: skip


def prepare(base: KnowledgeBase) -> None:
    """The state before: two documents."""
    base.add([draft("old", [SCENE, LAW], "旧版方案")], b"the old original", "old.pdf")
    base.add([draft("other", [PLANT])])


def add(base: KnowledgeBase) -> None:
    """Two documents from one original come in."""
    base.add([draft("new", [FUND, SCENE]), draft("newer", [PLANT])], b"the original", "new.pdf")


def replace(base: KnowledgeBase) -> None:
    """A document is replaced by another version."""
    base.add([draft("old", [FUND, LAW], "新版方案")], b"the new original", "old.pdf")


def remove(base: KnowledgeBase) -> None:
    """A document goes out."""
    base.remove("old")


def build(base: KnowledgeBase) -> None:
    """The corpus comes in."""
    base.build()


VERBS: dict[str, Callable[[KnowledgeBase], None]] = {v.__name__: v for v in (prepare, add, replace, remove, build)}


def killed(home: Path, corpus: Path, verb: str, step: int, model: str = "fake") -> tuple[bool, list[str]]:
    """Whether the process was killed at that step, and the steps it came to; it does the verb, then searches."""
    log = home.parent / f"{home.name}.log"
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_perform, args=(home, corpus, verb, step, model, log))
    process.start()
    process.join()
    if process.exitcode not in (0, -signal.SIGKILL):
        raise RuntimeError(f"{verb} failed by itself, exit code {process.exitcode}")
    return process.exitcode != 0, log.read_text("utf8").splitlines()


def _perform(home: Path, corpus: Path, verb: str, step: int, model: str, log: Path) -> None:
    reached = 0

    def step_on(name: str) -> None:
        nonlocal reached
        reached += 1
        with log.open("a", encoding="utf8") as file:
            file.write(f"{reached}: {name}\n")
        if reached == step:
            os.kill(os.getpid(), signal.SIGKILL)

    for owner, name in WATCHED:
        _watch(owner, name, step_on)
    encoding.load_encoder = named_encoder
    encoding.BATCH = 8
    KnowledgeBase._codes = lambda self, pairs, recogniser=None: [() for _ in pairs]  # type: ignore[method-assign]
    base = KnowledgeBase(home, model, corpus)
    VERBS[verb](base)
    base.refresh()
    base.search("未来产业")
    base.close()


def _watch(owner: Any, name: str, step_on: Callable[[str], None]) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def watched(*arguments: Any, **named: Any) -> Any:
        step_on(f"before {name}")
        result = original(*arguments, **named)
        step_on(f"after {name}")
        return result

    setattr(owner, name, watched)


def named_encoder(name: str, cache: Path) -> Encoder:
    """The fake encoder under any name, so that there are several models."""
    encoder = FakeEncoder()
    encoder.name = name
    return encoder

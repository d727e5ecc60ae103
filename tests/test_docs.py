"""The map is true: every module has its place in ARCHITECTURE.md, and every path a document names is there."""

from __future__ import annotations

import re

import pytest

from kb.cli import _commands
from kb.settings import PROJECT

MAP = (PROJECT / "ARCHITECTURE.md").read_text("utf8")
README = (PROJECT / "README.md").read_text("utf8")
MODULES = sorted(p.relative_to(PROJECT).as_posix() for p in (PROJECT / "kb").rglob("*.py") if p.name[0] != "_")
MADE = {"data/"}
PATH = re.compile(
    r"`((?:kb|corpus|bench|tests|docs|examples|data)/[\w./-]*|[\w-]+\.(?:py|toml|lock|md))`|\]\(([^)#:]+)\)"
)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_its_place_in_the_map(module: str) -> None:
    folder, _, name = module.rpartition("/")
    rooms = [row for row in MAP.splitlines() if row.startswith(f"| `{folder}/`")]
    assert any(f"`{name.removesuffix('.py')}`" in row for row in rooms)


@pytest.mark.parametrize("text", [MAP, README], ids=["ARCHITECTURE", "README"])
def test_every_path_a_document_names_is_there(text: str) -> None:
    named = {a or b for a, b in PATH.findall(text)} - MADE
    assert named
    assert not [path for path in named if not (PROJECT / path).exists() and not (PROJECT / "kb" / path).exists()]


def test_every_command_is_in_the_readme() -> None:
    assert not [name for name in _commands() if not re.search(rf"(kb|ingest\.py) {name}\b|`{name}`", README)]

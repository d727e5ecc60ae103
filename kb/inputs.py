"""What a user names (files, folders, addresses) to what happens with it, one row an input.

A row holds ``input`` and either what was read or stored, or ``error``: one Chinese sentence. One bad input never
stops the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.errors import KbError
from kb.knowledge import KnowledgeBase, Progress
from kb.model import Draft
from kb.plain import draft_row, stored_row


@dataclass(frozen=True)
class Source:
    """The bytes behind one input, with what is known of where they came from."""

    name: str
    data: bytes
    url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def is_address(given: str) -> bool:
    """Whether an input is meant as an address rather than a path."""
    return given.lower().startswith(("http://", "https://"))


def expand(inputs: Iterable[str]) -> list[str]:
    """The inputs with folders replaced by the files in them, sorted; hidden files are left out."""
    expanded: list[str] = []
    for given in inputs:
        path = Path(given)
        if not is_address(given) and path.is_dir():
            files = (p for p in path.rglob("*") if p.is_file())
            expanded += sorted(
                str(p) for p in files if not any(part.startswith(".") for part in p.relative_to(path).parts)
            )
        else:
            expanded.append(given)
    return expanded


def obtain(given: str) -> Source:
    """The bytes of a file or address.

    Raises:
        KbError: no such file, no access, or the address cannot be fetched.
    """
    if is_address(given):
        from kb.pull import fetch_page

        page = fetch_page(given)
        return Source(page.name, page.data, page.url, page.headers)
    path = Path(given)
    try:
        return Source(path.name, path.read_bytes())
    except FileNotFoundError as error:
        raise KbError(f"找不到文件“{given}”，请检查路径。") from error
    except IsADirectoryError as error:
        raise KbError(f"“{given}”是文件夹，请写明其中的文件。") from error
    except OSError as error:
        raise KbError(f"打不开文件“{given}”（{error.strerror}）。") from error


def add_inputs(
    base: KnowledgeBase, inputs: Iterable[str], given: Mapping[str, str], progress: Progress | None = None
) -> Iterator[dict[str, Any]]:
    """Add every input; each document stored is one row, each input that failed one."""
    files = expand(inputs)
    for number, name in enumerate(files, 1):
        try:
            source = obtain(name)
            drafts = base.read(source.data, source.name, source.url, given)
            stored = base.add(drafts, source.data, source.name, source.headers)
            yield from ({"input": name, **stored_row(s)} for s in stored)
        except KbError as error:
            yield {"input": name, "error": f"{name}：{error}"}
        if progress and len(files) > 1:
            progress(number, len(files), "正在添加")


def read_inputs(
    inputs: Iterable[str], given: Mapping[str, str]
) -> Iterator[tuple[dict[str, Any], tuple[Draft, ...]]]:
    """Read every input without storing; a file with several documents gives one row each."""
    from kb.draft import drafts

    for name in expand(inputs):
        try:
            source = obtain(name)
            made = drafts(source.data, source.name, source.url, given)
        except KbError as error:
            yield {"input": name, "error": f"{name}：{error}"}, ()
            continue
        for draft in made:
            yield {"input": name, **draft_row(draft)}, (draft,)

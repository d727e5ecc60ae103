"""Reading the project's data files. All are YAML, so that experts can change them without touching code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# The C parser reads the same YAML eight times as fast; every wheel has it, not every build from source.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(path: Path) -> Any:
    """The content of the YAML file at ``path``.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is not UTF-8.
        yaml.YAMLError: it is not YAML.
    """
    return yaml.load(path.read_text("utf8"), LOADER)


def stamp(path: Path) -> tuple[int, int]:
    """What changes when the file is written again: its time and its size, zeros when it is not there. What is read
    of a data file is remembered under it, so that an expert's edit counts without a restart."""
    if not path.exists():
        return 0, 0
    facts = path.stat()
    return facts.st_mtime_ns, facts.st_size

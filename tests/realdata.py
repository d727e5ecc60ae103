"""Where the real texts for tests lie, if this machine has them; they are no part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent
REALDATA = Path(os.environ.get("KB_REALDATA") or _ROOT.parent / "shared" / "realdata")
SAMPLES = Path(os.environ.get("KB_SAMPLES") or _ROOT.parent / "shared" / "samples")

needs_realdata = pytest.mark.skipif(not REALDATA.is_dir(), reason="the real texts are not on this machine")
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not on this machine")


def real_files(*patterns: str) -> list[Path]:
    """The real files matching the patterns, none where there are none."""
    return sorted(path for pattern in patterns for path in REALDATA.glob(pattern))

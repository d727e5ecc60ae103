"""The upper layers of the default encoder, tuned to the coded examples: what they say of each measure.

Goes in: texts. Comes out: for each text and measure of the recogniser's head log-odds, which the head joins to its own
(:func:`kb.compare.head.judge`). The lower layers and the word table are the encoder's own; what ships
(``corpus/recogniser/tuned.npz``) is by how much training moved the upper ones, in 8 bits, and for each measure which
pieces of a text it attends to and how these weigh. :mod:`kb.compare.tuning` makes the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from kb import e5
from kb.data import stamp
from kb.encode import PASSAGE, Graph
from kb.errors import KbError

FILE = Path("recogniser") / "tuned.npz"
# Layers from this one on are tuned, as are none below it.
FIRST = 8
# What attention is divided by before the softmax, and what a padded piece is given.
COOLING, NOWHERE = 4.0, -1e9
LEVELS = 127


@dataclass(frozen=True)
class Tuned:
    """What training made: ``moved`` holds by parameter name of the layers how far each weight was moved; ``attention`` and
    ``weights`` are ``(measures, dimension)``, ``offsets`` ``(measures,)``."""

    measures: tuple[str, ...]
    model: str
    moved: Mapping[str, np.ndarray]
    attention: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray


def head_module(attention: Any, weights: Any, offsets: Any) -> Any:
    """The torch module from the states of a text's pieces ``(texts, pieces, dimension)`` and their mask to log-odds: each
    measure attends to the pieces in its own way (label-wise attention: Mullenbach et al. 2018, arXiv:1802.05695)."""
    import torch

    class Attending(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.attention = torch.nn.Parameter(attention)
            self.weights = torch.nn.Parameter(weights)
            self.offsets = torch.nn.Parameter(offsets)

        def forward(self, states: Any, mask: Any) -> Any:
            where = torch.einsum("btd,md->bmt", states, self.attention) / COOLING
            where = (where + ((1 - mask) * NOWHERE)[:, None, :]).softmax(-1)
            seen = torch.einsum("bmt,btd->bmd", where, states)
            return (seen * self.weights).sum(-1) + self.offsets

    return Attending()


def save(tuned: Tuned, corpus: Path) -> Path:
    """Write it into the corpus in folder ``corpus``, moves in 8 bits with a scale a row; the file's path."""
    path = corpus / FILE
    path.parent.mkdir(exist_ok=True)
    facts = json.dumps({"measures": tuned.measures, "model": tuned.model}, ensure_ascii=False).encode()
    arrays: dict[str, Any] = {
        "facts": np.frombuffer(facts, np.uint8), "attention": tuned.attention.astype(np.float16),
        "weights": tuned.weights.astype(np.float16), "offsets": tuned.offsets.astype(np.float32),
    }  # fmt: skip
    for name, moves in tuned.moved.items():
        rows = moves.reshape(len(moves), -1)
        scale = np.maximum(np.abs(rows).max(axis=1) / LEVELS, 1e-12).astype(np.float32)
        arrays[f"moved {name}"] = np.rint(rows / scale[:, None]).astype(np.int8).reshape(moves.shape)
        arrays[f"scale {name}"] = scale
    np.savez_compressed(path, **arrays)
    return path


def load_tuned(corpus: Path) -> Tuned | None:
    """The tuned layers of the corpus in folder ``corpus``; None where it has none.

    Raises:
        KbError: the file is damaged.
    """
    path = corpus / FILE
    if not path.exists():
        return None
    try:
        with np.load(path) as data:
            arrays = {name: data[name] for name in data.files}
        facts = json.loads(arrays["facts"].tobytes())
        moved = {}
        for name in (n.removeprefix("moved ") for n in arrays if n.startswith("moved ")):
            levels, scale = arrays[f"moved {name}"], arrays[f"scale {name}"]
            moved[name] = levels.astype(np.float32) * scale.reshape(-1, *[1] * (levels.ndim - 1))
        attention, weights, offsets = (arrays[n].astype(np.float32) for n in ("attention", "weights", "offsets"))
        return Tuned(tuple(facts["measures"]), facts["model"], moved, attention, weights, offsets)
    except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise KbError(
            f"识别模型 {path} 已损坏，请重新取得该文件，或运行 python -m kb.compare.train 重新训练。"
        ) from error


def tuned_name(corpus: Path) -> str | None:
    """The name what the tuned layers say is kept under, by the file's content; None where the corpus has none."""
    path = corpus / FILE
    return _named(path, stamp(path)) if path.exists() else None


@lru_cache(maxsize=4)
def _named(path: Path, written: tuple[int, int]) -> str:
    return f"codes-{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"


class TunedReader:
    """Reads texts with the tuned layers, as a compiled graph. To the library it is one more encoder."""

    def __init__(self, corpus: Path, cache: Path) -> None:
        """Load the tuned layers of ``corpus``; their graph is compiled in ``cache`` on first use.

        Raises:
            KbError: there are none, they are damaged, or the model they belong to cannot be obtained.
        """
        tuned, name = load_tuned(corpus), tuned_name(corpus)
        if tuned is None or name is None:
            raise KbError("语料库中没有微调层（recogniser/tuned.npz）。")
        self.name, self.measures, self.dimension = name, tuned.measures, len(tuned.measures)
        self._graph = Graph(e5.model_folder(cache), name, lambda bert: _module(bert, tuned))

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Log-odds of each measure, float32 ``(len(texts), measures)``."""
        return self._graph.first([PASSAGE + text for text in texts], self.dimension)

    def query(self, text: str) -> np.ndarray:
        """The same of one text."""
        row: np.ndarray = self.passages([text])[0]
        return row


def _module(bert: Any, tuned: Tuned) -> Any:
    """The torch module from tokens and mask to log-odds: the encoder with its upper layers moved, and the head on it."""
    import torch

    layers = bert.encoder.layer[FIRST:]
    with torch.no_grad():
        for name, parameter in layers.named_parameters():
            if name in tuned.moved:
                parameter.add_(torch.from_numpy(tuned.moved[name]))
    head = head_module(*(torch.from_numpy(a) for a in (tuned.attention, tuned.weights, tuned.offsets)))

    class Reading(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.bert, self.head = bert, head

        def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            states = self.bert(input_ids=tokens, attention_mask=mask).last_hidden_state
            odds: torch.Tensor = self.head(states, mask.to(states.dtype))
            return odds

    return Reading()

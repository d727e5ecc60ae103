"""The upper layers of the default encoder, tuned to the coded examples: what they say of each measure.

Goes in: texts. Comes out: for each text and measure of the recogniser's head log-odds, which the head joins to its own
(:func:`kb.compare.head.judge`). The lower layers and the word table are the encoder's own; what ships
(``corpus/recogniser/tuned.npz``) is by how much training moved the upper ones, in 8 bits, and for each measure which
pieces of a text it attends to and how these weigh. :mod:`kb.compare.tuning` makes the file.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from kb import e5
from kb.compare.head import DAMAGE, Head, damaged
from kb.data import stamp
from kb.encode import GRAPH, PASSAGE, Graph
from kb.errors import KbError

FILE = Path("recogniser") / "tuned.npz"
# Layers from this one on are tuned, as are none below it.
FIRST = 8
# What attention is divided by before the softmax, and what a padded piece is given.
COOLING, NOWHERE = 4.0, -1e9
LEVELS = 127
PREFIX = "codes-"
# To be raised when the same file would be read otherwise: what was said before is then said anew.
READING = 2


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
            # Each piece is weighed before they are summed, in plain linear steps: what OpenVINO makes of other products of
            # several texts at once is exact to two digits only, so that a text would score otherwise beside others.
            linear = torch.nn.functional.linear
            where = (linear(states, self.attention) / COOLING + ((1 - mask) * NOWHERE)[:, :, None]).softmax(1)
            return (where * linear(states, self.weights)).sum(1) + self.offsets

    return Attending()


def save(tuned: Tuned, path: Path) -> None:
    """Write it to ``path``, moves in 8 bits with a scale a row; written aside and renamed."""
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
    aside = path.with_suffix(".making")
    with aside.open("wb") as file:
        np.savez_compressed(file, **arrays)
    aside.replace(path)


def load_tuned(path: Path) -> Tuned | None:
    """What was saved at ``path``; None where there is nothing.

    Raises:
        KbError: the file is damaged.
    """
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
    except DAMAGE as error:
        raise damaged(path) from error


def tuned_name(corpus: Path) -> str | None:
    """The name what the tuned layers say is kept under, by the file's content and how it is read; None where the corpus
    has none."""
    path = corpus / FILE
    return _named(path, stamp(path)) if path.exists() else None


@lru_cache(maxsize=4)
def _named(path: Path, written: tuple[int, int]) -> str:
    return PREFIX + hashlib.sha256(f"{READING} {GRAPH}".encode() + path.read_bytes()).hexdigest()[:12]


def layers_of(head: Head, corpus: Path) -> str | None:
    """The name of the corpus's tuned layers, which must have been made with ``head``; None where there are none.

    Raises:
        KbError: they belong to another head, or are damaged.
    """
    path = corpus / FILE
    if not path.exists():
        return None
    try:
        with np.load(path) as data:
            facts = json.loads(data["facts"].tobytes())
        theirs = tuple(facts["measures"]), facts["model"]
    except DAMAGE as error:
        raise damaged(path) from error
    if theirs != (head.measures, head.vector.model):
        raise KbError(
            f"识别模型的两个文件 head.npz 与 tuned.npz 不是一起训练的（都在 {path.parent}）。请一并重新取得，"
            "或运行 python -m kb.compare.train 重新训练；也可删去 tuned.npz，只用 head.npz。"
        )
    return tuned_name(corpus)


class TunedReader:
    """Reads texts with the tuned layers, as a compiled graph."""

    def __init__(self, corpus: Path, cache: Path) -> None:
        """Load the tuned layers of ``corpus``; their graph is compiled in ``cache`` on first use.

        Raises:
            KbError: there are none, they are damaged, or the model they belong to cannot be obtained.
        """
        tuned, name = load_tuned(corpus / FILE), tuned_name(corpus)
        if tuned is None or name is None:
            raise KbError(f"没有找到识别模型的微调层 {corpus / FILE}。")
        self.name, self._measures = name, len(tuned.measures)
        folder = e5.model_folder(cache)
        if not (folder / name).exists():
            for other in folder.glob(f"{PREFIX}*"):
                shutil.rmtree(other, ignore_errors=True)
        self._graph = Graph(folder, name, lambda bert: module(bert, tuned), half=True)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Log-odds of each measure, float32 ``(len(texts), measures)``."""
        return self._graph.first([PASSAGE + text for text in texts], self._measures)


def moved_layers(layers: Any, tuned: Tuned) -> Any:
    """The torch ``layers`` themselves, moved as training moved them, and the head on them.

    Raises:
        KbError: they are not the layers training moved.
    """
    import torch

    if {name for name, _ in layers.named_parameters()} != tuned.moved.keys():
        raise KbError("识别模型的微调层与所装的 transformers 版本不配套，请按 requirements.lock 安装依赖。")
    with torch.no_grad():
        for name, parameter in layers.named_parameters():
            parameter.add_(torch.from_numpy(tuned.moved[name]))
    return layers, head_module(*(torch.from_numpy(a) for a in (tuned.attention, tuned.weights, tuned.offsets)))


def module(bert: Any, tuned: Tuned) -> Any:
    """The torch module from tokens and mask to log-odds: the encoder with its upper layers moved, and the head on it."""
    import torch

    _, head = moved_layers(bert.encoder.layer[FIRST:], tuned)

    class Reading(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.bert, self.head = bert, head

        def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            states = self.bert(input_ids=tokens, attention_mask=mask).last_hidden_state
            odds: torch.Tensor = self.head(states, mask.to(states.dtype))
            return odds

    return Reading()

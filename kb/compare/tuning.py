"""Tuning the encoder's upper layers to coded examples (the command: ``python -m kb.compare.train``).

Goes in: texts and the measures each provides for. Comes out: :class:`kb.compare.tuned.Tuned`. The lower layers stay as
they are, so that what they make of a text is made once, whatever is then trained on it.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from kb import e5
from kb.compare.tuned import COOLING, FIRST, NOWHERE, Tuned, head_module, moved_layers
from kb.encode import PASSAGE, load_bert
from kb.settings import settings

log = logging.getLogger(__name__)

EPOCHS, BATCH, SHUFFLED = 3, 16, 20
# Steps of the layers and of the head on them, the share of steps that warms up, and the least step at the end.
LAYER_RATE, HEAD_RATE, WARM, LEAST = 3e-4, 1e-2, 0.06, 0.02
DECAY, CLIP, DROPPED = 0.01, 1.0, 0.1
SPREAD, RARE = 0.02, -3.5
# The share of tokens hidden, the share of batches whose texts are joined to others, and the longest (tokens) to join.
HIDDEN, JOINED, JOINABLE = 0.1, 0.15, 160
SEED = 0
RECIPE = (
    FIRST, COOLING, EPOCHS, BATCH, SHUFFLED, LAYER_RATE, HEAD_RATE, WARM, LEAST, DECAY, CLIP, DROPPED, SPREAD, RARE,
    HIDDEN, JOINED, JOINABLE, SEED,
)  # fmt: skip


class Bench:
    """Texts as the lower layers leave them (made once, about 70 a second on two cores, and kept as fp16), and the upper
    layers to train on them."""

    def __init__(self, texts: Sequence[str]) -> None:
        """For ``texts``.

        Raises:
            KbError: the model cannot be obtained.
        """
        from tokenizers import Tokenizer

        folder = e5.model_folder(settings().cache)
        self._bert = load_bert(folder)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(e5.MAX_TOKENS)
        tokenizer.no_padding()
        self._ids = [e.ids for e in tokenizer.encode_batch([PASSAGE + t for t in texts])]
        self._lengths = [len(ids) for ids in self._ids]
        self._states: list[Any] = [None] * len(self._ids)

    def _prepare(self, rows: np.ndarray) -> None:
        """Have the states of the texts ``rows``."""
        for batch in _alike(self._lengths, [i for i in rows if self._states[i] is None], 2 * BATCH):
            for i, state in zip(batch, self._lower([self._ids[i] for i in batch]), strict=True):
                self._states[i] = state

    def _lower(self, ids: Sequence[Sequence[int]]) -> Iterator[Any]:
        import torch

        width = max(map(len, ids))
        tokens = torch.tensor([[*own, *[1] * (width - len(own))] for own in ids])
        mask = torch.tensor([[1.0] * len(own) + [0.0] * (width - len(own)) for own in ids])
        with torch.no_grad():
            states = self._bert.embeddings(tokens)
            for layer in self._bert.encoder.layer[:FIRST]:
                states = _through(layer, states, mask)
        return (row[: len(own)].half() for row, own in zip(states, ids, strict=True))

    def tune(self, present: np.ndarray, rows: np.ndarray, measures: Sequence[str]) -> Tuned:
        """Train on the texts ``rows``; ``present`` is ``(texts, measures)``, whether a text provides for a measure.

        Binary cross-entropy of all measures at once, AdamW, rates falling in a line after warming up. Some tokens are
        hidden each time (token cutoff: Shen et al., "A Simple but Tough-to-Beat Data Augmentation Approach", 2020), and
        some texts read with another behind them, which provide for what both do.
        """
        import torch

        self._prepare(rows)
        torch.manual_seed(SEED)
        random = np.random.default_rng(SEED)
        layers = copy.deepcopy(self._bert.encoder.layer[FIRST:]).train()
        count, dimension = present.shape[1], self._bert.config.hidden_size
        attention, weights = (torch.randn(count, dimension) * SPREAD for _ in range(2))
        head = head_module(attention, weights, torch.full((count,), RARE))
        drop, truth = torch.nn.Dropout(DROPPED), torch.from_numpy(present.astype(np.float32))
        parts: list[dict[str, Any]] = [
            {"params": list(layers.parameters()), "lr": LAYER_RATE, "weight_decay": DECAY},
            {"params": list(head.parameters()), "lr": HEAD_RATE, "weight_decay": 0.0},
        ]
        optimizer: Any = torch.optim.AdamW(parts)
        short = np.array([r for r in rows if self._lengths[r] <= JOINABLE])
        steps = EPOCHS * -(-len(rows) // BATCH)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: _rate(s, steps))
        for epoch in range(EPOCHS):
            lost = 0.0
            for batch in _shuffled(self._lengths, rows, random):
                states, mask = self._padded(batch)
                wanted = truth[batch]
                if len(short) and random.random() < JOINED:
                    others = random.choice(short, len(batch)).tolist()
                    both = zip((states, mask), self._padded(others), strict=True)
                    states, mask = (torch.cat(pair, dim=1) for pair in both)
                    wanted = torch.maximum(wanted, truth[others])
                mask = mask * (torch.rand(mask.shape) >= HIDDEN)
                with torch.autocast("cpu", torch.bfloat16):
                    for layer in layers:
                        states = _through(layer, states, mask)
                    odds = head(drop(states), mask)
                loss = torch.nn.functional.binary_cross_entropy_with_logits(
                    odds.float(), wanted, reduction="sum"
                ) / len(batch)  # fmt: skip
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_([p for part in parts for p in part["params"]], CLIP)
                optimizer.step()
                schedule.step()
                lost += loss.item()
            log.info("微调第 %d/%d 轮，损失 %.3f", epoch + 1, EPOCHS, lost * EPOCHS / steps)
        was = dict(self._bert.encoder.layer[FIRST:].named_parameters())
        moved = {name: (p - was[name]).detach().numpy() for name, p in layers.named_parameters()}
        learned = [p.detach().numpy() for p in (head.attention, head.weights, head.offsets)]
        return Tuned(tuple(measures), e5.NAME, moved, *learned)

    def read(self, tuned: Tuned, rows: np.ndarray) -> np.ndarray:
        """Log-odds of each measure of the texts ``rows``, float32 ``(len(rows), measures)``."""
        import torch

        self._prepare(rows)
        layers, head = moved_layers(copy.deepcopy(self._bert.encoder.layer[FIRST:]), tuned)
        place = {int(row): k for k, row in enumerate(rows)}
        made = np.zeros((len(rows), len(tuned.measures)), np.float32)
        with torch.no_grad():
            for batch in _alike(self._lengths, rows, 2 * BATCH):
                states, mask = self._padded(batch)
                for layer in layers:
                    states = _through(layer, states, mask)
                made[[place[i] for i in batch]] = head(states, mask).numpy()
        return made

    def _padded(self, batch: Sequence[int]) -> tuple[Any, Any]:
        import torch

        own = [self._states[i].float() for i in batch]
        mask = torch.nn.utils.rnn.pad_sequence([torch.ones(len(s)) for s in own], batch_first=True)
        return torch.nn.utils.rnn.pad_sequence(own, batch_first=True), mask


def _through(layer: Any, states: Any, mask: Any) -> Any:
    """One layer over padded states."""
    made = layer(states, attention_mask=(1 - mask[:, None, None, :]) * NOWHERE)
    return made[0] if isinstance(made, tuple) else made


def _rate(step: int, steps: int) -> float:
    return min(1.0, (step + 1) / (steps * WARM)) * max(LEAST, 1 - step / steps)


def _alike(lengths: Sequence[int], rows: Any, size: int) -> Iterator[list[int]]:
    """``rows`` in batches of texts alike in length, because padding is wasted work."""
    order = sorted((int(r) for r in rows), key=lambda r: lengths[r])
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _shuffled(lengths: Sequence[int], rows: np.ndarray, random: np.random.Generator) -> list[list[int]]:
    """The same in random order, alike within some hundred texts drawn together."""
    drawn = random.permutation(rows)
    parts = [drawn[start : start + BATCH * SHUFFLED] for start in range(0, len(drawn), BATCH * SHUFFLED)]
    batches = [batch for part in parts for batch in _alike(lengths, part, BATCH)]
    return [batches[k] for k in random.permutation(len(batches))]

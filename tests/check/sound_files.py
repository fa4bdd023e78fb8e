"""Sounds for tests: wav files written byte by byte."""

import struct
from collections.abc import Iterable
from pathlib import Path

PCM, FLOAT, A_LAW, MU_LAW = 1, 3, 6, 7


def write_wav(
    file: Path,
    samples: Iterable[int] = (0, 8000, 0, -8000) * 1000,
    *,
    coding: int = PCM,
    channels: int = 1,
    rate: int = 8000,
    bits: int = 16,
    extra: bytes = b"",
) -> Path:
    """A wav file of these samples; `extra` are chunks that stand before them."""
    data = b"".join(struct.pack("<h" if bits == 16 else "<B", sample) for sample in samples)
    block = channels * bits // 8
    form = struct.pack("<HHIIHH", coding, channels, rate, rate * block, block, bits)
    body = b"WAVE" + chunk(b"fmt ", form) + extra + chunk(b"data", data)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return file


def chunk(name: bytes, content: bytes) -> bytes:
    """A part of a RIFF file."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)

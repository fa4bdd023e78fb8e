"""The files below `flows/audio/`: what is in them. The only part of the rules that reads files.

The standard library's `wave` reads PCM alone, so the header is read here: RIFF, as Microsoft and IBM described it
in 1991, with the format tags of `mmreg.h`.
"""

import hashlib
import struct
from array import array
from dataclasses import dataclass
from pathlib import Path
from sys import byteorder

PCM, A_LAW, MU_LAW = 1, 6, 7
_EXTENSIBLE = 0xFFFE
_CODINGS = {PCM: "PCM", 3: "floating point", A_LAW: "A-law", MU_LAW: "µ-law"}

FAINT = 100
"""Of 32,767: a sound that is never louder (-50 dB) is not heard on a telephone."""

_NEARLY_ZERO = {A_LAW: bytes([0xD5, 0x55, 0xD4, 0x54]), MU_LAW: bytes([0xFF, 0x7F, 0xFE, 0x7E])}
"""Codes whose amplitude is below FAINT."""


class NoSound(ValueError):
    """A file that cannot be played; `str()` says why, as in "is empty"."""


@dataclass(frozen=True)
class Sound:
    """A sound in a wav file. `coding` is a format tag such as PCM; `rate` in hertz; `bits` of one sample;
    `seconds` its length; `silent`: there is nothing to hear in it."""

    coding: int
    channels: int
    rate: int
    bits: int
    seconds: float
    silent: bool

    @property
    def form(self) -> str:
        """As in `PCM, 16 bit, mono, 8000 Hz`."""
        coding = _CODINGS.get(self.coding, f"coding {self.coding}")
        channels = {1: "mono", 2: "stereo"}.get(self.channels, f"{self.channels} channels")
        return f"{coding}, {self.bits} bit, {channels}, {self.rate} Hz"

    @property
    def fits_telephones(self) -> bool:
        """Whether it is one voice in what telephone networks carry: 8 or 16 kHz, PCM of 16 bit, A-law or µ-law."""
        coding = (self.coding, self.bits) in ((PCM, 16), (A_LAW, 8), (MU_LAW, 8))
        return coding and self.channels == 1 and self.rate in (8000, 16000)


def read_sound(file: Path) -> Sound:
    """The sound in a wav file; raises NoSound."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise NoSound(f"cannot be read: {error.strerror}") from None
    if not content:
        raise NoSound("is empty")
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise NoSound("is no wav file, for all its name")
    chunks = _chunks(content)
    form, samples = chunks.get(b"fmt ", b""), chunks.get(b"data", b"")
    if len(form) < 16:
        raise NoSound("is a wav file that does not say what is in it")
    coding, channels, rate, per_second, _, bits = struct.unpack("<HHIIHH", form[:16])
    if coding == _EXTENSIBLE and len(form) >= 26:
        (coding,) = struct.unpack("<H", form[24:26])
    if not (channels and rate and per_second):
        raise NoSound("is a wav file that does not say what is in it")
    if not samples:
        raise NoSound("is a wav file without any sound in it")
    return Sound(coding, channels, rate, bits, len(samples) / per_second, _silent(coding, bits, samples))


def digest(file: Path) -> str:
    """By which a file is known to be the same one: SHA-256 in hex; `""` when it cannot be read."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def read_list(file: Path) -> bytes | None:
    """A file that lies beside the sounds; None when there is none."""
    try:
        return file.read_bytes()
    except OSError:
        return None


def _chunks(content: bytes) -> dict[bytes, bytes]:
    """The parts of a RIFF file by name, the first of each; what was cut off is left out."""
    chunks: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        chunks.setdefault(name, content[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return chunks


def _silent(coding: int, bits: int, samples: bytes) -> bool:
    if coding in _NEARLY_ZERO:
        return not samples.translate(None, _NEARLY_ZERO[coding])
    if (coding, bits) != (PCM, 16):
        return samples.count(samples[:1]) == len(samples)
    levels = array("h", samples[: len(samples) // 2 * 2])
    if byteorder == "big":
        levels.byteswap()
    return not levels or (max(levels) <= FAINT and min(levels) >= -FAINT)

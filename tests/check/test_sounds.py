"""Sounds as they lie in a folder, and what the rules find in them."""

import struct
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.cases import subject
from tests.check.sound_files import A_LAW, FLOAT, MU_LAW, PCM, chunk, write_wav
from voiceapp.check.checking import check
from voiceapp.check.rules import RULES
from voiceapp.check.words.sounds import NoSound, Sound, digest, read_sound

FLOW = "steps:\n  hello:\n    play: {audio: hello.wav, text: Hello.}"
BY_ID = {rule.id: rule for rule in RULES}


def found(rule: str, audio: Path, flow: str = FLOW) -> list[str]:
    """What one rule says of a flow beside this folder of sounds."""
    return [finding.message for finding in check(subject("test", {"test": flow}, audio), [BY_ID[rule]])]


def test_what_the_standard_library_writes_is_read(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "hello.wav"), "wb") as written:
        written.setnchannels(2)
        written.setsampwidth(2)
        written.setframerate(44100)
        written.writeframes(struct.pack("<hh", 3000, -3000) * 22050)
    assert read_sound(tmp_path / "hello.wav") == Sound(PCM, 2, 44100, 16, 0.5, silent=False)


@pytest.mark.parametrize(
    ("form", "fits"),
    [
        ({}, True),
        ({"rate": 16000}, True),
        ({"coding": A_LAW, "bits": 8, "samples": [0x15, 0x95]}, True),
        ({"coding": MU_LAW, "bits": 8, "samples": [0x00, 0x80]}, True),
        ({"bits": 8, "samples": [0, 255]}, False),
        ({"rate": 44100}, False),
        ({"channels": 2}, False),
        ({"coding": FLOAT}, False),
    ],
)
def test_what_telephones_carry(form: dict[str, object], fits: bool, tmp_path: Path) -> None:
    file = write_wav(tmp_path / "hello.wav", **form)  # type: ignore[arg-type]  # a table of keyword arguments
    assert read_sound(file).fits_telephones is fits
    assert bool(found("VF305", tmp_path)) is not fits
    assert found("VF311", tmp_path) == []


def test_a_finding_says_what_the_file_is_and_how_to_convert_it(tmp_path: Path) -> None:
    write_wav(tmp_path / "hello.wav", channels=2, rate=44100)
    (finding,) = check(subject("test", {"test": FLOW}, tmp_path), [BY_ID["VF305"]])
    assert finding.message == (
        "callers may hear noise or nothing: hello.wav is PCM, 16 bit, stereo, 44100 Hz, "
        "and not PCM, 16 bit, mono, 8000 Hz"
    )
    assert finding.fix == "convert it: ffmpeg -i hello.wav -ac 1 -ar 8000 -c:a pcm_s16le hello_8000.wav"


@pytest.mark.parametrize(
    ("samples", "form", "silent"),
    [
        ([0] * 800, {}, True),
        ([100, -100] * 400, {}, True),
        ([0] * 799 + [101], {}, False),
        ([0] * 799 + [-101], {}, False),
        ([0xD5, 0x55] * 400, {"coding": A_LAW, "bits": 8}, True),
        ([0xD5] * 799 + [0x15], {"coding": A_LAW, "bits": 8}, False),
        ([0xFF, 0x7F] * 400, {"coding": MU_LAW, "bits": 8}, True),
        ([0xFF] * 799 + [0x00], {"coding": MU_LAW, "bits": 8}, False),
        ([128] * 800, {"bits": 8}, True),
        ([128] * 799 + [0], {"bits": 8}, False),
    ],
)
def test_silence(samples: list[int], form: dict[str, int], silent: bool, tmp_path: Path) -> None:
    write_wav(tmp_path / "hello.wav", samples, **form)  # type: ignore[arg-type]  # a table of keyword arguments
    said = ["callers hear nothing: hello.wav is 0.1 s of silence"]
    seconds = read_sound(tmp_path / "hello.wav").seconds
    assert seconds == 0.1
    assert found("VF311", tmp_path) == (said if silent else [])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"ID3\x03\0\0\0 not a wav file at all", "is no wav file, for all its name"),
        (b"RIFF\0\0\0\0WAVE", "is a wav file that does not say what is in it"),
        (b"RIFF\0\0\0\0WAVE" + chunk(b"fmt ", bytes(16)), "is a wav file that does not say what is in it"),
        (
            b"RIFF\0\0\0\0WAVE" + chunk(b"fmt ", struct.pack("<HHIIHH", PCM, 1, 8000, 0, 2, 16)),
            "is a wav file that does not say what is in it",
        ),
        (b"RIFF\0\0\0\0WAVE" + chunk(b"data", b"abcd"), "is a wav file that does not say what is in it"),
    ],
)
def test_what_is_no_sound(content: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "hello.wav").write_bytes(content)
    assert found("VF311", tmp_path) == [f"callers hear nothing: hello.wav {why}"]
    assert found("VF305", tmp_path) == []


def test_a_sound_without_samples(tmp_path: Path) -> None:
    write_wav(tmp_path / "hello.wav", [])
    assert found("VF311", tmp_path) == ["callers hear nothing: hello.wav is a wav file without any sound in it"]


def test_chunks_between_are_passed_over_and_an_extensible_format_is_looked_into(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "hello.wav", extra=chunk(b"LIST", b"odd"))
    assert read_sound(file).seconds == 0.5
    guid = struct.pack("<HHIH", 22, 16, 4, PCM) + bytes(14)
    form = struct.pack("<HHIIHH", 0xFFFE, 1, 8000, 16000, 2, 16) + guid
    body = b"WAVE" + chunk(b"fmt ", form) + chunk(b"data", b"\x10\x20" * 800)
    file.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert read_sound(file) == Sound(PCM, 1, 8000, 16, 0.1, silent=False)


def test_a_file_that_was_cut_off_is_as_long_as_what_is_there(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "hello.wav")
    file.write_bytes(file.read_bytes()[:-4000])
    assert read_sound(file).seconds == 0.25
    file.write_bytes(file.read_bytes()[:-1])
    assert not read_sound(file).silent


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NoSound, match="cannot be read"):
        read_sound(tmp_path)
    assert digest(tmp_path) == ""


@given(content=st.binary(max_size=80))
def test_any_bytes_are_a_sound_or_none(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "any.wav"
    for begin in (b"", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0"):
        file.write_bytes(begin + content)
        try:
            sound = read_sound(file)
        except NoSound:
            continue
        assert sound.seconds > 0


def test_questions_are_as_long_as_their_recordings(tmp_path: Path) -> None:
    flow = (
        "languages: [en-GB, fr-FR]\nsteps:\n  main:\n    menu: [{audio: 'q_{lang}.wav', text: Short.}, Press 1.]\n"
        "    keys: {1: end}"
    )
    write_wav(tmp_path / "q_en-GB.wav")
    write_wav(tmp_path / "q_fr-FR.wav", (0, 8000) * 80000)
    assert found("VF302", tmp_path, flow) == [
        "a caller listens for about 21 s in fr-FR before there is anything to do"
    ]
    write_wav(tmp_path / "q_fr-FR.wav", (0, 8000) * 76000)
    assert found("VF302", tmp_path, flow) == []


def test_announcements_are_as_long_as_their_recordings_but_music_may_play(tmp_path: Path) -> None:
    write_wav(tmp_path / "hello.wav", (0, 8000) * 248000)
    assert found("VF309", tmp_path) == ["a caller listens for about 62 s in en-GB and can do nothing"]
    assert found("VF309", tmp_path, FLOW.replace(", text: Hello.", "")) == []

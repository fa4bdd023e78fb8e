"""The list of what was recorded: what may stand in it, and what is found when a text has moved on."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.cases import subject
from tests.check.sound_files import write_wav
from voiceapp.check.checking import check
from voiceapp.check.rules.outdated_sound import OUTDATED_SOUND
from voiceapp.check.words.recorded import Recorded, read_recorded, to_record, write_recorded
from voiceapp.check.words.sounds import digest

FLOW = """
languages: [en-GB, fr-FR]
steps:
  hello:
    say:
      - audio: "hello_{lang}.wav"
        text: {en-GB: Welcome to the clinic of Athens., fr-FR: Bienvenue.}
      - {audio: chime.wav, text: Ding}
      - {audio: music.wav}
      - {audio: "https://example.com/hello.wav", text: Hello.}
"""
NOW = (
    Recorded("chime.wav", "en-GB", "Ding"),
    Recorded("chime.wav", "fr-FR", "Ding"),
    Recorded("hello_en-GB.wav", "en-GB", "Welcome to the clinic of Athens."),
    Recorded("hello_fr-FR.wav", "fr-FR", "Bienvenue."),
)


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    for name in ("hello_en-GB", "hello_fr-FR", "chime", "music"):
        write_wav(tmp_path / f"{name}.wav")
    return tmp_path


def found(audio: Path, flow: str = FLOW) -> list[str]:
    """What is found in a flow beside this folder of sounds."""
    findings = check(subject("test", {"test": flow}, audio), [OUTDATED_SOUND])
    return [f"{finding.place.line}:{finding.place.column}: {finding.message}" for finding in findings]


def keep(audio: Path, *rows: Recorded) -> None:
    """Write the list."""
    (audio / "recorded.csv").write_text(write_recorded(rows), encoding="utf-8")


def test_what_is_to_be_recorded_is_what_the_sounds_say(audio: Path) -> None:
    flow = subject("test", {"test": FLOW}, audio).flow
    assert sorted(row for _, row in to_record(flow)) == list(NOW)
    assert {path for path, _ in to_record(flow)} == {("hello", "say", "0"), ("hello", "say", "1")}


def test_the_same_texts_are_no_finding(audio: Path) -> None:
    keep(audio, *NOW)
    assert found(audio) == []
    keep(audio, *(row._replace(text=f" {row.text.replace(' ', '  ')}\n") for row in NOW))
    assert found(audio) == []


def test_a_text_that_was_changed(audio: Path) -> None:
    keep(audio, NOW[2]._replace(text="Welcome to the clinic of Rome."), NOW[3]._replace(text="Bonsoir."))
    assert found(audio) == [
        "6:16: callers in en-GB hear '… the clinic of Rome.' from hello_en-GB.wav, "
        "while the text is '… the clinic of Athens.'",
        "6:16: callers in fr-FR hear 'Bonsoir.' from hello_fr-FR.wav, while the text is 'Bienvenue.'",
    ]


def test_a_text_that_goes_on_and_a_long_one(audio: Path) -> None:
    keep(audio, NOW[2]._replace(text="Welcome to the clinic of Athens. " + "Please hold. " * 9))
    (finding,) = found(audio)
    assert "hear '… clinic of Athens. Please hold. Please hold. Please hold. Ple…' from" in finding
    assert finding.endswith("while the text is '… clinic of Athens.'")


def test_nothing_is_said_of_sounds_that_are_not_listed(audio: Path) -> None:
    keep(
        audio,
        Recorded("hello_en-GB.wav", "fr-FR", "Autre chose"),
        Recorded("other.wav", "en-GB", "Something else"),
    )
    assert found(audio) == []


def test_nothing_is_said_of_a_newer_recording_than_the_row_speaks_of(audio: Path) -> None:
    row = NOW[2]._replace(text="Good evening.", sha256=digest(audio / "hello_en-GB.wav"))
    keep(audio, row)
    assert len(found(audio)) == 1
    write_wav(audio / "hello_en-GB.wav", rate=16000)
    assert found(audio) == []


def test_a_list_that_cannot_be_read_is_said_once_and_only_of_flows_with_sounds(audio: Path) -> None:
    (audio / "recorded.csv").write_bytes(b"file,language,text\nhello.wav,en-GB\n")
    assert found(audio) == [
        "6:16: nobody can tell whether its sounds say what they should: audio/recorded.csv line 2: there are not "
        "as many cells as columns"
    ]
    assert found(audio, "steps:\n  bye:\n    end: Bye.") == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "line 1: the columns have to be file,language,text,sha256"),
        (b"file;language;text\n", "line 1: the columns have to be file,language,text,sha256"),
        (b"file,language,text\na.wav,en-GB,Hello,x\n", "line 2: there are not as many cells as columns"),
        (b'file,language,text\na.wav,en-GB,"Hello\n', "line 2: "),
        (b"file,language,text\n\xff\n", "is not UTF-8 text"),
    ],
)
def test_what_is_no_such_list(content: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}"):
        read_recorded(content)


def test_a_list_out_of_a_spreadsheet_in_another_order() -> None:
    content = "\ufefftext,file,language,note\r\nHello,a.wav,en-GB,ok\r\n".encode()
    assert read_recorded(content) == (Recorded("a.wav", "en-GB", "Hello"),)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=20)


@given(rows=st.lists(st.builds(Recorded, TEXT, TEXT, TEXT, TEXT), max_size=5))
def test_what_is_written_is_read(rows: list[Recorded]) -> None:
    assert read_recorded(write_recorded(rows).encode()) == tuple(sorted(rows))

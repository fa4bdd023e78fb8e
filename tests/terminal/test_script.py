"""`voiceapp script`: the words of a flow go out, come back, and what was recorded of them is noted."""

import asyncio
import csv
import errno
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers import write_flows
from tests.terminal.conftest import Ran, Run
from voiceapp.check.words.recorded import read_recorded

FLOW = """\
# Two languages.
flow: hello
languages: [en-GB, el-GR]
steps:
  greet: {say: {en-GB: "Hello {{ caller }}.", el-GR: "Γεια {{ caller }}."}}   # by name
  chime: {play: {audio: "chime-{lang}.wav", text: {en-GB: Ding., el-GR: Ντιν.}}}
  bye: {end: Bye.}
"""


Script = Callable[..., Ran]


@pytest.fixture
def script(run: Run) -> Script:
    """Runs the command with these arguments."""
    return lambda *arguments: asyncio.run(run("script", *arguments))  # type: ignore[arg-type]


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    """Without its sounds: scripts are written before them."""
    return write_flows(tmp_path / "flows", FLOW)


def changed(table: Path, cells: dict[tuple[str, str], str]) -> Path:
    """The table with these cells, by line and column."""
    rows = list(csv.DictReader(io.StringIO(table.read_bytes().decode("utf-8-sig"), newline="")))
    for (line, column), text in cells.items():
        (row,) = (row for row in rows if row["id"] == line)
        row[column] = text
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    table.write_bytes(out.getvalue().encode())
    return table


@pytest.fixture
def table(script: Script, flows: Path, tmp_path: Path) -> Path:
    file = tmp_path / "hello.csv"
    ran = script("hello", "--csv", "--add", "de-DE", "-o", file, "--flows", flows)
    assert (ran.code, ran.out, ran.err) == (0, [f"written to {file}"], [])
    return file


GERMAN = {
    ("hello.greet.say", "de-DE"): "Hallo {{ caller }}.",
    ("hello.chime.play", "de-DE"): "Bim.",
    ("hello.bye.end", "de-DE"): "-Tschüss, bis bald.",
}


def test_the_script(script: Script, flows: Path, tmp_path: Path) -> None:
    ran = script("hello", "--flows", flows)
    assert (ran.code, ran.err) == (0, [])
    assert [line for line in ran.out if line.startswith("#")] == [
        "# hello: recording script",
        *("## en-GB", "### 1. hello.greet.say", "### 2. hello.chime.play", "### 3. hello.bye.end"),
        *("## el-GR", "### 1. hello.greet.say", "### 2. hello.chime.play", "### 3. hello.bye.end"),
    ]
    one = script(flows / "hello.yaml", "--language", "el-GR", "-o", tmp_path / "script.md")
    assert (one.code, one.err) == (0, [])
    written = (tmp_path / "script.md").read_text("utf-8")
    assert "> Γεια ⟨caller⟩." in written
    assert "## en-GB" not in written


def test_the_table_on_the_screen_is_the_one_in_a_file(script: Script, flows: Path, table: Path) -> None:
    ran = script("hello", "--csv", "--add", "de-DE", "--flows", flows)
    assert "\r\n".join([*ran.out, ""]).encode() == table.read_bytes()


def test_a_table_comes_back(script: Script, flows: Path, table: Path) -> None:
    file = flows / "hello.yaml"
    assert (script("hello", "--import", table, "--flows", flows)).out == [f"{file}: says all of this already"]
    file.chmod(0o640)
    changed(table, {**GERMAN, ("hello.greet.say", "el-GR"): "Χαίρετε {{ caller }}."})
    shown = script("hello", "--import", table, "--dry-run", "--flows", flows)
    assert (shown.code, shown.out[:2]) == (0, [f"--- {file}", f"+++ {file}"])
    assert [line for line in shown.out if line.startswith(("-lang", "+lang"))] == [
        "-languages: [en-GB, el-GR]",
        "+languages: [en-GB, el-GR, de-DE]",
    ]
    assert file.read_text("utf-8") == FLOW
    ran = script("hello", "--import", table, "--flows", flows)
    assert (ran.code, ran.err) == (0, [])
    assert ran.out == [
        f"{file}: 4 texts changed",
        f"{file}: speaks de-DE now",
        f"{file}: audio/chime-de-DE.wav has to be recorded before this flow is served",
    ]
    assert file.read_text("utf-8") == (
        "# Two languages.\nflow: hello\nlanguages: [en-GB, el-GR, de-DE]\nsteps:\n"
        '  greet: {say: {en-GB: "Hello {{ caller }}.", el-GR: "Χαίρετε {{ caller }}.", '
        'de-DE: "Hallo {{ caller }}."}}   # by name\n'
        '  chime: {play: {audio: "chime-{lang}.wav", text: {en-GB: Ding., el-GR: Ντιν., de-DE: Bim.}}}\n'
        '  bye: {end: {en-GB: Bye., el-GR: Bye., de-DE: "-Tschüss, bis bald."}}\n'
    )
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in flows.iterdir()) == ["audio", "hello.yaml"]


def test_a_byte_order_mark_and_a_link_stay(script: Script, flows: Path, table: Path, tmp_path: Path) -> None:
    file, elsewhere = flows / "hello.yaml", tmp_path / "kept.yaml"
    elsewhere.write_bytes(b"\xef\xbb\xbf" + FLOW.replace("\n", "\r\n").encode())
    file.unlink()
    file.symlink_to(elsewhere)
    changed(table, {("hello.bye.end", "en-GB"): "Goodbye.", ("hello.bye.end", "el-GR"): "Goodbye."})
    ran = script("hello", "--import", table, "--flows", flows)
    assert (ran.code, ran.out) == (0, [f"{file}: 2 texts changed"])
    wanted = FLOW.replace("Bye.", "Goodbye.").replace("\n", "\r\n").encode()
    assert (file.is_symlink(), elsewhere.read_bytes()) == (True, b"\xef\xbb\xbf" + wanted)


def test_what_is_refused_writes_nothing(script: Script, flows: Path, table: Path) -> None:
    file = flows / "hello.yaml"
    changed(table, {("hello.greet.say", "el-GR"): "Γεια σας."})
    ran = script("hello", "--import", table, "--flows", flows)
    assert (ran.code, ran.out, file.read_text("utf-8")) == (1, [], FLOW)
    assert ran.err == [
        f"{table}: row 2: hello.greet.say el-GR: {{{{ caller }}}} of its source is missing",
        "--force brings in these texts all the same",
    ]
    forced = script("hello", "--import", table, "--force", "--flows", flows)
    assert (forced.code, forced.out) == (0, [f"{file}: 1 text changed"])


WRONG = {
    "no such flow": (("nobody",), "there is no flow nobody in {flows}"),
    "no such language": (
        ("hello", "--language", "el-CY"),
        "--language: 'el-CY' is not among the languages; did you mean 'el-GR'?",
    ),
    "a new language that is none": (
        ("hello", "--csv", "--add", "de_de"),
        "--add: 'de_de' is no language; did you mean 'de-DE'?",
    ),
    "a new language that it has": (("hello", "--csv", "--add", "el-GR"), "--add: the flow speaks el-GR already"),
    "a table that is not there": (
        ("hello", "--import", "{tmp}/x.csv"),
        "{tmp}/x.csv: cannot be read: No such file or directory",
    ),
    "a file that cannot be written": (
        ("hello", "--csv", "-o", "{tmp}/none/x.csv"),
        "{tmp}/none/x.csv: cannot be written: No such file or directory",
    ),
    "out and back at once": (("hello", "--csv", "--import", "x.csv"), "--import: cannot stand beside --csv"),
    "a language in a table": (("hello", "--csv", "--language", "el-GR"), "--language: cannot stand beside --csv"),
    "a new language in a script": (("hello", "--add", "de-DE"), "--add: goes with --csv"),
    "trying nothing": (("hello", "--dry-run"), "--dry-run: goes with --import"),
    "forcing nothing": (("hello", "--force"), "--force: goes with --import or --recorded or --output"),
    "forcing a table on the screen": (
        ("hello", "--csv", "--force"),
        "--force: goes with --import or --recorded or --output",
    ),
    "a file for what comes back": (
        ("hello", "--import", "x.csv", "-o", "y"),
        "--output: cannot stand beside --import",
    ),
}


@pytest.mark.parametrize(("arguments", "line"), WRONG.values(), ids=WRONG)
def test_a_wrong_argument_is_one_line_and_exit_2(
    script: Script, flows: Path, tmp_path: Path, arguments: tuple[str, ...], line: str
) -> None:
    places = {"flows": flows, "tmp": tmp_path}
    ran = script(*(each.format_map(places) for each in arguments), "--flows", flows)
    assert (ran.code, ran.out, ran.err) == (2, [], [line.format_map(places)])


def test_a_flow_with_mistakes_says_them(script: Script, flows: Path) -> None:
    (flows / "hello.yaml").write_text(FLOW.replace("end: Bye.", "edn: Bye."), "utf-8")
    ran = script("hello", "--flows", flows)
    assert (ran.code, ran.out) == (1, [])
    assert ran.err[0].startswith(f"{flows / 'hello.yaml'}:7:9: steps.bye.edn: unknown verb 'edn'")


def test_what_was_recorded_is_noted(script: Script, flows: Path) -> None:
    audio = flows / "audio"
    (audio / "chime-en-GB.wav").write_bytes(b"ding")
    (audio / "recorded.csv").write_text("file,language,text,sha256\nother.wav,en-GB,Other.,1\n", "utf-8")
    ran = script("hello", "--recorded", "--flows", flows)
    assert (ran.code, ran.err) == (0, [])
    assert ran.out == [
        "audio/chime-el-GR.wav: is not there",
        f"{audio / 'recorded.csv'}: 1 recording of hello noted",
    ]
    assert [row[:3] for row in read_recorded((audio / "recorded.csv").read_bytes())] == [
        ("chime-en-GB.wav", "en-GB", "Ding."),
        ("other.wav", "en-GB", "Other."),
    ]


def test_a_text_that_changed_needs_another_recording(script: Script, flows: Path) -> None:
    audio = flows / "audio"
    for language in ("en-GB", "el-GR"):
        (audio / f"chime-{language}.wav").write_bytes(b"ding")
    script("hello", "--recorded", "--flows", flows)
    (flows / "hello.yaml").write_text(FLOW.replace("Ding.", "Dong.").replace("Ντιν.", "Ντον."), "utf-8")
    (audio / "chime-el-GR.wav").write_bytes(b"dong")

    def noted(*options: str) -> tuple[list[str], list[str]]:
        ran = script("hello", "--recorded", *options, "--flows", flows)
        return ran.out, [row.text for row in read_recorded((audio / "recorded.csv").read_bytes())]

    still = "audio/chime-en-GB.wav: is still the recording of 'Ding.'; --force if it is not"
    file = audio / "recorded.csv"
    assert noted() == ([still, f"{file}: 1 recording of hello noted"], ["Ντον.", "Ding."])
    assert noted("--force") == ([f"{file}: 2 recordings of hello noted"], ["Ντον.", "Dong."])
    assert noted() == ([f"{file}: 2 recordings of hello noted"], ["Ντον.", "Dong."])


def test_a_list_of_recordings_that_is_none(script: Script, flows: Path) -> None:
    (flows / "audio" / "recorded.csv").write_text("x\n", "utf-8")
    ran = script("hello", "--recorded", "--flows", flows)
    assert (ran.code, len(ran.err)) == (2, 1)
    assert ran.err[0].startswith(f"{flows / 'audio' / 'recorded.csv'}: line 1: ")


def test_a_flow_without_sounds_has_nothing_to_note(script: Script, flows: Path) -> None:
    file = flows / "hello.yaml"
    file.write_text(FLOW.replace(", text: {en-GB: Ding., el-GR: Ντιν.}", ""), "utf-8")
    ran = script("hello", "--recorded", "--flows", flows)
    assert (ran.code, ran.err) == (0, [])
    assert ran.out == [f"{file}: plays no sound that has words: there is nothing to note"]
    assert not (flows / "audio" / "recorded.csv").exists()


def test_sounds_that_are_not_there_write_no_list(script: Script, flows: Path) -> None:
    ran = script("hello", "--recorded", "--flows", flows)
    assert (ran.code, ran.err) == (0, [])
    assert ran.out == [
        "audio/chime-en-GB.wav: is not there",
        "audio/chime-el-GR.wav: is not there",
        f"{flows / 'hello.yaml'}: no recordings of hello noted",
    ]
    assert not (flows / "audio" / "recorded.csv").exists()


OUT: dict[str, tuple[str, ...]] = {"a script": (), "a table": ("--csv",), "one language": ("--language", "el-GR")}


@pytest.mark.parametrize("what", OUT.values(), ids=OUT)
@pytest.mark.parametrize("name", ["flows/hello.yaml", "hello.csv"])
def test_a_file_that_is_there_is_only_written_over_by_force(
    script: Script, flows: Path, tmp_path: Path, what: tuple[str, ...], name: str
) -> None:
    there = tmp_path / name
    there.write_text(FLOW, "utf-8")
    refused = script("hello", *what, "-o", there, "--flows", flows)
    assert (refused.code, refused.out) == (2, [])
    assert refused.err == [f"{there} is there already: --force writes over it"]
    assert there.read_text("utf-8") == FLOW
    shown = script("hello", *what, "--flows", flows)
    forced = script("hello", *what, "-o", there, "--force", "--flows", flows)
    assert (forced.code, forced.out, forced.err) == (0, [f"written to {there}"], [])
    assert there.read_text("utf-8").splitlines() == shown.out


def test_what_is_no_file_can_be_written_to(script: Script, flows: Path) -> None:
    ran = script("hello", "-o", "/dev/null", "--flows", flows)
    assert (ran.code, ran.out, ran.err) == (0, ["written to /dev/null"], [])


@pytest.mark.parametrize("what", OUT.values(), ids=OUT)
def test_a_dash_is_the_screen(
    script: Script, flows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = script("hello", *what, "-o", "-", "--flows", flows)
    assert (ran.code, ran.out, ran.err) == (0, script("hello", *what, "--flows", flows).out, [])
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=["brought back", "tried"])
def test_what_is_not_taken_of_a_table_is_said_beside_what_is(
    script: Script, flows: Path, table: Path, options: tuple[str, ...]
) -> None:
    changed(table, {("hello.bye.end", "en-GB"): "Goodbye.", ("hello.chime.play", "el-GR"): ""})
    ran = script("hello", "--import", table, *options, "--flows", flows)
    assert ran.code == 0
    assert ran.out[0] == (f"--- {flows / 'hello.yaml'}" if options else f"{flows / 'hello.yaml'}: 1 text changed")
    assert ran.err == [f"{table}: 1 cell is empty where the flow has a text: nothing changes there: row 3 el-GR"]


def test_what_is_not_taken_is_said_when_nothing_is(script: Script, flows: Path, table: Path) -> None:
    changed(table, {("hello.bye.end", "el-GR"): ""})
    ran = script("hello", "--import", table, "--flows", flows)
    assert (ran.code, ran.out) == (0, [f"{flows / 'hello.yaml'}: says all of this already"])
    assert ran.err == [f"{table}: 1 cell is empty where the flow has a text: nothing changes there: row 4 el-GR"]


WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
"""Before a command of somebody to whom everything is allowed."""

FORBIDDEN = {
    "a file": (0o444, 0o755, "cannot be written: Permission denied"),
    "a folder": (0o644, 0o555, "cannot be replaced in its folder: Permission denied"),
}


@pytest.mark.skipif(
    bool(WITHOUT_RIGHTS) and not shutil.which("setpriv"), reason="nothing is forbidden to this user"
)
@pytest.mark.parametrize(("of_file", "of_folder", "reason"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_flow_that_may_not_be_written(
    flows: Path, table: Path, of_file: int, of_folder: int, reason: str
) -> None:
    changed(table, {("hello.bye.end", "en-GB"): "Goodbye."})
    file = flows / "hello.yaml"
    file.chmod(of_file)
    flows.chmod(of_folder)
    command = (*WITHOUT_RIGHTS, sys.executable, "-c", "from voiceapp.cli import main; main()")
    ran = subprocess.run(
        (*command, "script", file, "--import", table), capture_output=True, text=True, check=False
    )
    flows.chmod(0o755)
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"{file}: {reason}\n")
    assert (file.read_text("utf-8"), file.stat().st_mode & 0o777) == (FLOW, of_file)
    assert sorted(each.name for each in flows.iterdir()) == ["audio", "hello.yaml"]


def test_a_disk_that_is_full_leaves_the_flow_and_nothing_else(
    script: Script, flows: Path, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half_written(file: Path, content: bytes) -> int:
        with file.open("wb") as half:
            half.write(content[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    changed(table, {("hello.bye.end", "en-GB"): "Goodbye."})
    monkeypatch.setattr(Path, "write_bytes", half_written)
    ran = script("hello", "--import", table, "--flows", flows)
    reason = "cannot be replaced in its folder: No space left on device"
    assert (ran.code, ran.out, ran.err) == (2, [], [f"{flows / 'hello.yaml'}: {reason}"])
    assert (flows / "hello.yaml").read_text("utf-8") == FLOW
    assert sorted(each.name for each in flows.iterdir()) == ["audio", "hello.yaml"]

"""`voiceapp diff`: two versions from files and from git, what is shown, and how it exits."""

import subprocess
from pathlib import Path

import pytest

from tests.servers import write_flows
from tests.terminal.conftest import Run

LINE = """\
flow: line
languages: [en-GB]
steps:
  main: {menu: One or two., keys: {1: one, 2: two}, tries: 1}
  one: {end: One.}
  two: {end: Two.}
"""
TESTS = """\
tests:
  one: {call: [{hears: One or two.}, {presses: 1}, {hears: One.}, {hangs up: server}]}
  two: {call: [{hears: One or two.}, {presses: 2}, {hears: Two.}, {hangs up: server}]}
  wrong already: {call: [{hears: Nothing.}]}
"""
CHANGED = (
    LINE.replace("One.", "Number one.").replace("  two: {end", "  second: {end").replace("2: two", "2: second")
)
SHOWN = """\
What it means
  step renamed  two -> second
  prompt        one.end (en-GB): One. -> Number one.
Calls that come out otherwise
  other prompt  1 call at one: main, key 1
    - hears      One.
    + hears      Number one.
Tests that come out otherwise
  one (callr, routee)
2 changes of meaning; 1 of 5 calls come out otherwise; every wait of both was explored; 1 test fails now.
"""


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    folder = write_flows(tmp_path / "flows", LINE)
    (folder / "tests").mkdir()
    (folder / "tests" / "line.yaml").write_text(TESTS)
    return folder


def put(file: Path, text: str) -> None:
    file.write_text(text)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The flow, changed, in another folder."""
    file = tmp_path / "new" / "line.yaml"
    file.parent.mkdir()
    file.write_text(CHANGED)
    return file


async def test_a_change(run: Run, flows: Path, changed: Path) -> None:
    ran = await run("diff", flows / "line.yaml", changed, "--flows", flows)
    assert (ran.code, ran.err) == (1, [])
    assert ran.out == SHOWN.splitlines()


async def test_no_change_is_a_proof(run: Run, flows: Path, changed: Path) -> None:
    put(changed, f"# A comment.\n{LINE}")
    ran = await run("diff", flows / "line.yaml", changed, "--flows", flows)
    proof = "No difference: 5 calls come out the same on both, line for line; every wait of both was explored."
    assert ran == (0, [proof], [])


async def test_what_is_saved_and_how_it_ends_is_shown(run: Run, flows: Path, changed: Path) -> None:
    asking = LINE.replace("{end: One.}", "{ask: Which., answer: {choices: {1: yes}}, tries: 1}")
    write_flows(flows, asking)
    put(changed, asking.replace("1: yes", "1: no"))
    ran = await run("diff", flows / "line.yaml", changed, "--flows", flows)
    assert ran.code == 1
    assert "    saved one: yes -> no" in ran.out
    put(changed, LINE.replace("One or two.", '"{{ carrier | int }}"'))
    write_flows(flows, LINE)
    ran = await run("diff", flows / "line.yaml", changed, "--flows", flows)
    assert [line for line in ran.out if line.startswith("    ended: ")]
    assert any(line.startswith("  dead end") for line in ran.out)


@pytest.fixture
def repository(flows: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The flows in git, with the version LINE committed."""
    monkeypatch.chdir(flows)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
    for command in (("init", "-q"), ("add", "."), (*who, "commit", "-q", "-m", "One")):
        subprocess.run(["git", *command], check=True, capture_output=True)
    return flows


async def test_a_version_in_git(run: Run, repository: Path) -> None:
    (repository / "line.yaml").write_text(CHANGED)
    ran = await run("diff", "HEAD:line.yaml", "line.yaml", "--flows", repository)
    assert (ran.code, ran.out) == (1, SHOWN.splitlines())
    assert (await run("diff", "HEAD:line.yaml", "HEAD:line.yaml", "--flows", repository)).code == 0


WRONG = {
    "no such file": (
        ("nothing.yaml", "line.yaml"),
        2,
        "there is no file nothing.yaml; a version in git is written REV",
    ),
    "no such revision": (("nobody:line.yaml", "line.yaml"), 2, "nobody:line.yaml: git says: fatal: "),
    "no such file in git": (("HEAD:other.yaml", "line.yaml"), 2, "HEAD:other.yaml: git says: fatal: "),
    "an option of git's": (("--output=x:line.yaml", "line.yaml"), 2, ""),
    "another flow": (("line.yaml", "other.yaml"), 2, "line.yaml is the flow line, other.yaml is other"),
    "mistakes in it": (("line.yaml", "bad/line.yaml"), 2, "bad/line.yaml:3:"),
}


@pytest.mark.parametrize(("arguments", "code", "said"), WRONG.values(), ids=WRONG)
async def test_what_cannot_be_compared(
    run: Run, repository: Path, arguments: tuple[str, str], code: int, said: str
) -> None:
    write_flows(repository, "flow: other\nlanguages: [en-GB]\nsteps:\n  a: {end: A.}\n")
    (repository / "bad").mkdir()
    (repository / "bad" / "line.yaml").write_text("flow: line\nlanguages: [en-GB]\nsteps: {}\n")
    ran = await run("diff", *arguments, "--flows", repository)
    assert ran.code == code
    assert "\n".join((*ran.out, *ran.err)).startswith(said) or not said
    assert not (repository / "x:line.yaml").exists()


async def test_the_flows_it_runs_are_those_beside_it(run: Run, flows: Path, changed: Path) -> None:
    inner = "flow: inner\nlanguages: [en-GB]\nsteps:\n  a: {say: Inside.}\n"
    outer = LINE.replace("{end: One.}", "{run: inner}")
    write_flows(flows, inner, outer)
    put(changed, outer)
    assert (await run("diff", flows / "line.yaml", changed, "--flows", flows)).code == 0
    put(changed, outer.replace("{run: inner}", "{run: nobody}"))
    assert (await run("diff", flows / "line.yaml", changed, "--flows", flows)).code == 2


async def test_an_older_version_may_lie_in_a_file_of_any_name(run: Run, flows: Path, tmp_path: Path) -> None:
    put(tmp_path / "before.yaml", (flows / "line.yaml").read_text())
    (flows / "broken.yaml").write_text("flow: broken\n")
    ran = await run("diff", tmp_path / "before.yaml", flows / "line.yaml", "--flows", flows)
    assert (ran.code, ran.err) == (0, [])


async def test_a_flow_that_fits_no_carrier_is_not_said_to_be_proven(run: Run, flows: Path, changed: Path) -> None:
    nowhere = (
        LINE.replace("{end: One.}", "{conference: room, next: sounds}") + "  sounds: {play: {audio: a.wav}}\n"
    )
    (flows / "audio" / "a.wav").write_bytes(b"")
    write_flows(flows, nowhere)
    put(changed, nowhere)
    ran = await run("diff", flows / "line.yaml", changed, "--flows", flows)
    proof = "no calls were compared, since no carrier can do both versions"
    assert ran == (0, [f"No difference: {proof}."], [])
    put(changed, nowhere.replace("One or two.", "Two or one."))
    ran = await run("diff", flows / "line.yaml", changed, "--flows", flows)
    assert (ran.code, ran.out[-1]) == (1, f"1 change of meaning; {proof}.")


async def test_without_git_a_line_says_so(
    run: Run, flows: Path, changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    ran = await run("diff", "HEAD:line.yaml", changed, "--flows", flows)
    assert (ran.code, ran.out) == (2, [])
    assert ran.err == ["HEAD:line.yaml: there is no file of this name, and no git to ask"]


EARLY = [
    "What it means",
    "  prompt        main.menu (en-GB): One or two. -> Two or one.",
    "Calls that come out otherwise",
    "  other prompt  5 calls at main, for example: main, otherwise",
    "    - hears      One or two.",
    "    + hears      Two or one.",
    "Tests that come out otherwise",
    "  one (callr, routee)",
    "  two (callr, routee)",
    "1 change of meaning; 5 of 5 calls come out otherwise; every wait of both was explored; 2 tests fail now.",
]


async def test_calls_that_differ_for_one_reason_are_one_entry_unless_all_are_asked_for(
    run: Run, flows: Path, changed: Path
) -> None:
    put(changed, LINE.replace("One or two.", "Two or one."))
    ran = await run("diff", flows / "line.yaml", changed, "--flows", flows)
    assert (ran.code, ran.out) == (1, EARLY)
    ran = await run("diff", flows / "line.yaml", changed, "--flows", flows, "--all")
    assert ran.code == 1
    entries = [line for line in ran.out if line.startswith("  other prompt")]
    assert sorted(line.split(": ")[1] for line in entries)[:3] == ["main, key 1", "main, key 2", "main, otherwise"]
    assert all(line.startswith("  other prompt  1 call at main: ") for line in entries)
    assert (len(entries), ran.out[-1]) == (5, EARLY[-1])


async def test_carriers_and_what_check_finds_are_told(run: Run, flows: Path, changed: Path) -> None:
    talking = LINE.replace("{end: One.}", "{record: Speak.}")
    put(changed, talking.replace("steps:", 'inputs: {age: {type: number, default: "1"}}\nsteps:'))
    ran = await run("diff", flows / "line.yaml", changed, "--flows", flows)
    assert ran.code == 1
    assert ran.out[ran.out.index("Carriers and waiting") :][:5] == [
        "Carriers and waiting",
        "  Routee does not serve it any more",
        "    one.record: Routee cannot record the caller alone",
        "What check finds now",
        f"  {changed}:3:10: note VF204: inputs.age: no step looks at 'age': what is passed under this name "
        "changes nothing for the caller",
    ]


async def test_a_comment_that_ignored_something_is_gone(run: Run, flows: Path, changed: Path) -> None:
    unused = LINE.replace("steps:", 'inputs: {age: {type: number, default: "1"}}\nsteps:')
    write_flows(flows, unused.replace("inputs:", "# voiceapp: ignore VF204 for later\ninputs:"))
    put(changed, unused)
    ran = await run("diff", flows / "line.yaml", changed, "--flows", flows)
    assert (ran.code, ran.out[0]) == (1, "What check finds now")
    assert ran.out[-1].startswith("0 changes of meaning; 5 calls come out the same on both")
    assert (await run("diff", changed, flows / "line.yaml", "--flows", flows)).code == 0


async def test_a_sound_that_is_not_there_is_told_once(run: Run, flows: Path, changed: Path) -> None:
    sound = LINE.replace("{end: One.}", "{end: {audio: one.wav, text: One.}}")
    put(changed, sound)
    ran = await run("diff", flows / "line.yaml", changed, "--flows", flows)
    assert [line for line in ran.out if "error" in line] == [
        f"  {changed}:5:22: error VF012: steps.one.end.audio: there is no file audio/one.wav"
    ]
    (changed.parent / "old").mkdir()
    put(changed.parent / "old" / "line.yaml", sound)
    ran = await run("diff", changed.parent / "old" / "line.yaml", changed, "--flows", flows)
    assert (ran.code, len(ran.out)) == (0, 1)


async def test_a_flow_that_runs_it_is_looked_at(run: Run, flows: Path, changed: Path) -> None:
    inner = LINE.replace("steps:", 'inputs: {age: {type: number, default: "1"}}\nsteps:')
    inner = inner.replace("{end: One.}", '{say: "You are {{ age }}.", next: end}')
    outer = 'flow: outer\nlanguages: [en-GB]\nsteps:\n  a: {run: line, with: {age: "3"}}\n'
    write_flows(flows, inner, outer)
    put(changed, LINE)
    ran = await run("diff", flows / "line.yaml", changed, "--flows", flows)
    told = [line for line in ran.out if "VF206" in line]
    assert len(told) == 1
    assert told[0].startswith(f"  {flows / 'outer.yaml'}:4:")

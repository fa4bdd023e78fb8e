"""`voiceapp test`: what is shown, written and how it exits."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.servers import write_flows
from tests.terminal.conftest import Run
from voiceapp.flow.library import load_library
from voiceapp.flow.problems import FlowProblems
from voiceapp.rehearsal.rehearse import PUBLIC_URL
from voiceapp.settings import load as load_settings
from voiceapp.terminal import testing
from voiceapp.web.from_settings import carriers_of

FLOWS = Path(__file__).parents[2] / "flows"
LINE = """\
flow: line
languages: [en-GB]
steps:
  hello: {say: Hello.}
  main: {menu: Press 1 or 2., keys: {1: one, 2: two}, tries: 2}
  one: {end: One.}
  two: {end: Two.}
"""
OTHER = "flow: other\nlanguages: [en-GB]\nsteps:\n  only: {end: Only.}\n"
TESTS = """\
tests:
  one:
    call:
      - hears: Hello. Press 1 or 2.
      - presses: 1
      - hears: One.
      - hangs up: server
    ends: completed
  the other key:   # two
    carrier: callr
    call:
      - hears: Hello. Press 1 or 2.
      - presses: 2
      - hears: Two.
      - hangs up: server
"""
ANEW = '- hears: Hello.\n      - hears: Press 1 or 2.\n      - presses: "2"'
WRONG = TESTS.replace("Two.", "Three.").replace("carrier: callr\n", "carrier: callr\n    saved: {x: 1}\n")
SHOWN = """\
{file}
  FAIL  the other key (callr)
        {file}:15:9
          hears      Hello. Press 1 or 2.
          presses    2
        - hears      Three.
        + hears      Two.
        saved:
          expected {{"x":1}}
          came     {{}}

 flow   steps      ways out  tries    languages{blank}
 line   4/4 100 %  3/4 75 %  0/1 0 %  4/4 100 %{blank}
 other  0/1 0 %    0/0 100 %  0/0 100 %  0/1 0 %{blank}
line: never played: way out otherwise of main
line: never played: try 2 of main
other: never played: language en-GB of only
"""


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    folder = write_flows(tmp_path / "flows", LINE, OTHER)
    (folder / "tests").mkdir()
    return folder


def file_of(flows: Path, text: str = TESTS, name: str = "line") -> Path:
    """The file of tests with this text."""
    file = flows / "tests" / f"{name}.yaml"
    file.write_text(text)
    return file


async def test_all_as_expected(run: Run, flows: Path) -> None:
    file = file_of(flows)
    ran = await run("test", "--flows", flows)
    assert (ran.code, ran.err) == (0, [])
    assert ran.out[:4] == [
        str(file),
        "  ok    one (callr)",
        "  ok    one (routee)",
        "  ok    the other key (callr)",
    ]
    assert ran.out[-1].startswith("2 tests, 3 calls, all as expected, ")


async def test_a_failure(run: Run, flows: Path) -> None:
    file = file_of(flows, WRONG)
    ran = await run("test", "--flows", flows, "--quiet")
    assert ran.code == 1
    wanted = SHOWN.format(file=file, blank="").splitlines()
    assert [line.split() for line in ran.out[:-1]] == [line.split() for line in wanted]
    assert ran.out[:11] == wanted[:11]
    assert ran.out[-1].startswith("2 tests, 3 calls, 1 failed in 1 call, ")


async def test_some_of_them(run: Run, flows: Path) -> None:
    file_of(flows)
    assert (await run("test", "--flows", flows, "-k", "other")).out[-1].startswith("1 test, 1 call, all")
    assert (await run("test", "line", "--flows", flows)).out[-1].startswith("2 tests, 3 calls, all")


NONE = {
    "an unknown flow": (("lin",), "there is no flow lin in {flows}; did you mean 'line'?"),
    "no such test": (("-k", "nothing"), "there is no test with 'nothing' in its name in {flows}/tests"),
    "no test of a flow": (("other",), "there is no test of other in {flows}/tests"),
    "no such test of a flow": (
        ("other", "-k", "one"),
        "there is no test with 'one' in its name of other in {flows}/tests",
    ),
}


@pytest.mark.parametrize(("arguments", "said"), NONE.values(), ids=NONE)
async def test_nothing_to_play(run: Run, flows: Path, arguments: tuple[str, ...], said: str) -> None:
    file_of(flows)
    assert await run("test", *arguments, "--flows", flows) == (2, [], [said.format(flows=flows)])


async def test_mistakes_in_all_files_are_told(run: Run, flows: Path) -> None:
    one = file_of(flows, "tests:\n  one: {call: [hello]}\n")
    other = file_of(flows, "tests:\n  one: {calls: []}\n", "other")
    ran = await run("test", "--flows", flows)
    assert ran.code == 1
    places = [line.partition(": ")[0] for line in (*ran.out, *ran.err)]
    assert places == [f"{one}:2:16", f"{other}:2:8", f"{other}:2:9"]


async def test_a_test_of_a_flow_that_is_not_there(run: Run, flows: Path) -> None:
    file_of(flows, TESTS.replace("tests:", "flow: lane\ntests:", 1))
    ran = await run("test", "--flows", flows, "-q")
    assert ran.code == 1
    assert "          came     there is no flow 'lane'" in ran.out


async def test_junit(run: Run, flows: Path, tmp_path: Path) -> None:
    file, junit = file_of(flows, WRONG), tmp_path / "junit.xml"
    assert (await run("test", "--flows", flows, "--junit", junit)).code == 1
    root = ElementTree.fromstring(junit.read_text(encoding="utf-8"))  # noqa: S314 - we wrote it
    assert root.tag == "testsuites"
    assert [suite.attrib for suite in root] == [{"name": "line", "tests": "3", "failures": "1"}]
    cases = root.findall("./testsuite/testcase")
    assert [case.attrib for case in cases] == [
        {"classname": "line.callr", "name": "one", "file": str(file), "line": "2"},
        {"classname": "line.routee", "name": "one", "file": str(file), "line": "2"},
        {"classname": "line.callr", "name": "the other key", "file": str(file), "line": "15"},
    ]
    (failure,) = cases[2]
    assert failure.get("message") == "call: expected hears      Three., came hears      Two."
    assert "saved: expected {" in (failure.text or "")
    assert [len(case) for case in cases] == [0, 0, 1]


@pytest.mark.parametrize("option", ["--junit", "--coverage-file"])
async def test_a_place_that_cannot_be_written_to(run: Run, flows: Path, tmp_path: Path, option: str) -> None:
    file_of(flows, WRONG)
    nowhere = tmp_path / "nowhere" / "file"
    ran = await run("test", "--flows", flows, option, nowhere)
    assert (ran.code, ran.err) == (2, [f"{nowhere}: cannot be written: No such file or directory"])


async def test_junit_takes_any_text(run: Run, flows: Path, tmp_path: Path) -> None:
    file_of(flows, 'tests:\n  "a <b> & \\"c\\" ]]>": {call: [{hears: "<&>\\u2028é"}]}\n')
    await run("test", "--flows", flows, "--junit", tmp_path / "junit.xml")
    root = ElementTree.fromstring((tmp_path / "junit.xml").read_text(encoding="utf-8"))  # noqa: S314 - we wrote it
    assert [case.get("name") for case in root.iter("testcase")] == ['a <b> & "c" ]]>'] * 2


async def test_update_makes_what_failed_pass_and_changes_nothing_else(run: Run, flows: Path) -> None:
    file = file_of(flows, f"# Above.\n{WRONG}")
    ran = await run("test", "--flows", flows, "--update")
    assert (ran.code, ran.out[-1]) == (0, f"{file}: written anew; read the difference before you keep it")
    new = TESTS.replace("carrier: callr\n", "carrier: callr\n    saved: {}\n")
    new = new.replace("- hears: Hello. Press 1 or 2.\n      - presses: 2", ANEW)
    assert file.read_text() == f"# Above.\n{new}"
    assert (await run("test", "--flows", flows)).code == 0


async def test_update_leaves_what_passes_and_what_cannot_be_played(run: Run, flows: Path) -> None:
    file = file_of(flows)
    assert (await run("test", "--flows", flows, "--update")).code == 0
    assert file.read_text() == TESTS
    file_of(flows, text := TESTS.replace("carrier: callr", "inputs: {name: Ann}"))
    await run("test", "--flows", flows, "--update")
    assert file.read_text() == text


async def test_update_refuses_braces(run: Run, flows: Path) -> None:
    file = file_of(flows, text := "tests:\n  one: {call: []}\n")
    said = f"{file}: 'one' is written in braces: give each of its keys a line of its own"
    ran = await run("test", "--flows", flows, "--update")
    assert (ran.code, ran.err) == (2, [said])
    assert file.read_text() == text


@pytest.mark.parametrize(("percent", "code"), [("75", 0), ("75.1", 1), ("0", 0), ("100", 1)])
async def test_too_little_is_covered(run: Run, flows: Path, percent: str, code: int) -> None:
    file_of(flows)
    ran = await run("test", "line", "--flows", flows, "--min-coverage", percent)
    assert ran.code == code
    said = f"line: fewer than {percent} % of its ways out were played"
    assert (ran.out[-1] == said) is (code == 1)


async def test_the_counts_are_written(run: Run, flows: Path, tmp_path: Path) -> None:
    file_of(flows)
    file = tmp_path / "coverage.json"
    assert (await run("test", "--flows", flows, "--coverage-file", file)).code == 0
    assert json.loads(file.read_text()) == {
        "flows": {
            "line": {
                "steps": {"hello": 3, "main": 3, "one": 2, "two": 1},
                "ways": {"hello": {"next": 3}, "main": {"key 1": 2, "key 2": 1, "otherwise": 0}},
                "tries": {"main": {"try 2": 0}},
                "languages": {
                    "hello": {"en-GB": 3},
                    "main": {"en-GB": 3},
                    "one": {"en-GB": 2},
                    "two": {"en-GB": 1},
                },
            },
            "other": {"steps": {"only": 0}, "ways": {}, "tries": {}, "languages": {"only": {"en-GB": 0}}},
        }
    }
    painted = await run("graph", "line", "--flows", flows, "--coverage", file)
    assert painted.code == 0
    assert any('"1 ×2"' in line for line in painted.out)


async def test_the_shipped_flows_pass_and_every_way_out_of_them_is_played() -> None:
    scripts = load_library(FLOWS).scripts
    carriers = carriers_of(load_settings({"public_url": PUBLIC_URL}))
    ran = await testing.run(scripts, carriers, testing.load_scenarios(FLOWS), scripts)
    assert list(testing.result_lines(ran.results, quiet=True)) == []
    assert {result.scenario.flow for result in ran.results} == set(scripts)
    for one in ran.coverage:
        assert [way for way, count in one.ways.items() if not count] == []
        assert all(share.whole for share in one.shares().values())


def test_a_file_that_cannot_be_read_says_so(flows: Path) -> None:
    (flows / "tests" / "bytes.yaml").write_bytes(b"tests: \xff")
    with pytest.raises(FlowProblems) as caught:
        testing.load_scenarios(flows)
    assert "not UTF-8 text" in str(caught.value.problems[0])

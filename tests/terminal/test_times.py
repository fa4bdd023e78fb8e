"""`voiceapp check --times`, as somebody types it."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.servers import write_flows
from tests.terminal.conftest import Run

ASKS = """\
flow: asks
languages: [en-GB]
keys: {"0": look}
on_error: sorry
steps:
  number: {menu: Press 1., keys: {1: look, 2: poll}, otherwise: bye}
  look: {fetch: "https://a.example.com/", timeout: 10}
  seen: {set: {seen: true}}
  order: {fetch: "https://a.example.com/", timeout: 30, meanwhile: One moment.}
  asked: {run: survey}
  bye: {end: Bye.}
  poll: {fetch: "https://a.example.com/"}
  again: {branch: [{if: poll, next: bye}], otherwise: poll}
  sorry: {end: We are sorry.}
"""
SURVEY = """\
flow: survey
languages: [en-GB]
steps:
  one: {ask: One key., answer: {digits: 1}, otherwise: end}
  kept: {fetch: "https://a.example.com/", timeout: 1, failed: end}
  two: {fetch: "https://a.example.com/", timeout: 0.5, failed: end, next: end}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_flows(tmp_path / "asks", ASKS, SURVEY)


def _cells(lines: list[str]) -> list[list[str]]:
    """The cells of a table, told apart by its head."""
    heads = ("flow", "carrier", "begins after", "slowest way", "worst", "budget", "left", "the caller hears")
    at = [lines[0].index(head) for head in heads] + [None]
    return [[line[one:two].strip() for one, two in pairwise(at)] for line in lines[1:]]


def _table(text: str) -> list[list[str]]:
    """Rows of two lines each, with bars between the cells."""
    whole = text.replace("\n          |", " |").strip().splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in whole]


async def test_every_turn_that_waits(run: Run, folder: Path) -> None:
    ran = await run("check", "--times", "--flows", folder)
    assert (ran.code, ran.err) == (1, [])
    table = [line for line in ran.out if "not served" not in line]
    assert ran.out[-1] == "asks is not served on Routee; voiceapp portability asks says why"
    assert _cells(table) == _table(
        """
        asks | CALLR | number: key 1, number: flow key 0 | look (10 s) -> seen -> order (30 s with meanwhile)
          | 11.8 s | 3.5 s | -8.3 s | silence for up to 11.8 s, then meanwhile
        asks | CALLR | number: key 2 | poll (2 s) -> …
          | for ever | 3.5 s | nothing | silence for ever
        asks | CALLR | survey/one: next | survey/kept (1 s) -> survey/two (0.5 s)
          | 1.5 s | 3.5 s | 2 s | silence for up to 1.5 s
        survey | CALLR | one: next | kept (1 s) -> two (0.5 s)
          | 1.5 s | 3.5 s | 2 s | silence for up to 1.5 s
        survey | Routee | one: next | kept (1 s) -> two (0.5 s)
          | 1.5 s | 1.7 s | 0.2 s | silence for up to 1.5 s
        """
    )


async def test_the_deadline_is_that_of_the_settings(run: Run, folder: Path) -> None:
    ran = await run("check", "survey", "--times", "--flows", folder, "--carrier", "routee", routee_deadline="1.5")
    (row,) = _cells(ran.out)
    assert ran.code == 1
    assert row[4:] == ["1.5 s", "1 s", "-0.5 s", "silence for up to 1 s; what comes later has failed"]


async def test_a_flow_that_is_named_brings_those_that_it_runs(run: Run, folder: Path) -> None:
    ran = await run("check", "asks", "--times", "--flows", folder, "--carrier", "callr")
    assert [row[2] for row in _cells(ran.out)][-1] == "survey/one: next"


async def test_flows_that_wait_for_nobody(run: Run, folder: Path) -> None:
    write_flows(folder, "flow: plain\nlanguages: [en-GB]\nsteps:\n  bye: {end: Bye.}\n")
    ran = await run("check", "plain", "--times", "--flows", folder)
    assert ran.code == 0
    assert ran.out == [
        "plain asks no back end while a caller of CALLR waits",
        "plain asks no back end while a caller of Routee waits",
    ]


async def test_a_carrier_that_there_is_not(run: Run, folder: Path) -> None:
    ran = await run("check", "--times", "--flows", folder, "--carrier", "x")
    assert (ran.code, len(ran.err)) == (2, 1)

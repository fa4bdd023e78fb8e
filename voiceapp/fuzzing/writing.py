"""A counterexample as a file: a test that fails until the call comes out as it should, where a test can say that;
else a record that `voiceapp fuzz --again` plays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from voiceapp.carriers.base import Carrier
from voiceapp.flow.flow import Script
from voiceapp.flow.problems import FlowProblems
from voiceapp.fuzzing.case import Record, record_text
from voiceapp.fuzzing.invariants import Broken, Limits
from voiceapp.fuzzing.playing import Played
from voiceapp.rehearsal.running import Stage
from voiceapp.rehearsal.scenario import EXPECTED_KEYS
from voiceapp.rehearsal.scenario_file import read_scenarios
from voiceapp.rehearsal.scenario_text import body_of, file_text

_FILE = "fuzz.yaml"


@dataclass(frozen=True)
class Written:
    """The text of a file; `suffix` tells which of the two it is."""

    text: str
    suffix: Literal[".yaml", ".json"]


async def written(
    scripts: Mapping[str, Script], carriers: Sequence[Carrier], played: Played, broken: Broken, limits: Limits
) -> Written:
    """A counterexample as text. It is a test only if that, read back and played, fails for the same reason and for
    no other."""
    if not played.case.upsets and not played.crashes:
        text = _test_text(played, broken)
        if await _fails_likewise(text, Stage(scripts, carriers), broken):
            return Written(text, ".yaml")
    record = Record(
        broke=broken.invariant.name,
        detail=broken.breach.detail,
        most_turns=limits.most_turns,
        apologies=limits.apologies,
        case=played.case,
    )
    return Written(record_text(record), ".json")


def _test_text(played: Played, broken: Broken) -> str:
    conditions = replace(played.case.conditions, fetch=played.mocks)
    body = body_of(played.script, conditions, [played.carrier.name], played.rehearsed)
    note = f"{broken.invariant.sentence} This call broke that: {broken.breach.detail}"
    name, expected = f"fuzz, {broken.invariant.name}", broken.breach.expect
    kept = {key: value for key, value in body.items() if key == "call" or key not in EXPECTED_KEYS}
    about = (
        f"Found by `voiceapp fuzz {played.case.flow}`: it fails as long as the rule in its note is broken.\n"
        "The call is as it came; what comes behind the mistake may change with it, and `voiceapp test --update`\n"
        "then writes it anew."
    )
    return file_text(played.case.flow, {name: {"note": note, **kept, **expected}}, about)


async def _fails_likewise(text: str, stage: Stage, broken: Broken) -> bool:
    """Whether the test, as `voiceapp test` reads and plays it, differs in what was broken and in nothing else."""
    try:
        (scenario,) = read_scenarios(text.encode(), _FILE)
    except FlowProblems:
        return False
    (result,) = await stage.play(scenario)
    what = {difference.what for difference in result.differences}
    return bool(what) and what == (set(broken.breach.expect) or {"defect"})


def free_file(folder: Path, flow: str, suffix: str) -> Path:
    """`FLOW_fuzz.yaml`, or the first of `FLOW_fuzz_2.yaml`, … that is not there yet."""
    file, number = folder / f"{flow}_fuzz{suffix}", 2
    while file.exists():
        file, number = folder / f"{flow}_fuzz_{number}{suffix}", number + 1
    return file

"""`voiceapp paths`: finds the calls that go through every way out of a flow; writes those that no test plays."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from voiceapp.carriers import Carrier
from voiceapp.flow.flow import Script
from voiceapp.flow.problems import Place
from voiceapp.paths.exploring import explore
from voiceapp.paths.touring import Tour, tours
from voiceapp.rehearsal.coverage import Counting, Kind, in_words
from voiceapp.rehearsal.running import Stage
from voiceapp.rehearsal.scenario import Expected, Scenario
from voiceapp.rehearsal.scenario_text import body_of, file_text
from voiceapp.terminal import files
from voiceapp.terminal.schema import with_first_line

WAYS: frozenset[Kind] = frozenset({"way"})
EVERYTHING: frozenset[Kind] = frozenset({"way", "try", "language"})


@dataclass(frozen=True)
class Found:
    """The tests that were missing, as the text of a file (`""` for none); `count` of them, after so many `calls`;
    what nobody found a way to (`missing`); `whole`: every wait was looked at."""

    text: str
    count: int
    calls: int
    missing: tuple[str, ...]
    whole: bool


async def missing_tests(
    scripts: Mapping[str, Script],
    carriers: Sequence[Carrier],
    flow: str,
    scenarios: Iterable[Scenario],
    kinds: frozenset[str],
) -> Found:
    """Tests for all that these scenarios do not go through."""
    script, stage, counting = scripts[flow], Stage(scripts, carriers), Counting()
    for scenario in scenarios:
        for result in await stage.play(scenario):
            if result.rehearsed is not None:
                counting.add(result.rehearsed)
    items = counting.of(script.flow, carriers).items()
    left = {item for item, count in items.items() if item[0] in kinds and not count}
    if not left and not counting.steps:
        left = set(items)  # a flow that only says something has no ways out, and is to be played all the same
    bodies: dict[str, dict[str, Any]] = {}
    calls, whole = 0, True
    for carrier in carriers:
        if left and not stage.misfits(script, carrier.name):
            explored = await explore(script, carrier)
            calls, whole = calls + explored.calls, whole and explored.whole
            for tour in await tours(script, explored, sorted(left)):
                name = tour.name if tour.name not in bodies else f"{tour.name} ({carrier.name})"
                bodies[name] = await _body(stage, script, tour)
                left -= tour.covers
    about = f"Found by `voiceapp paths {flow}`: read each one, and keep those that are as they should be."
    text = file_text(flow, bodies, about) if bodies else ""
    return Found(text, len(bodies), calls, tuple(map(in_words, sorted(left))), whole)


async def _body(stage: Stage, script: Script, tour: Tour) -> dict[str, Any]:
    """The tour as a scenario; it names a carrier where it is another call on another one."""
    expected = Expected(tour.rehearsed.lines, ends=tour.rehearsed.ends)
    scenario = Scenario(tour.name, script.flow.name, "", Place(1, 1), (), tour.conditions, expected)
    results = await stage.play(replace(scenario, carriers=()))
    alike = all(result.passed for result in results)
    return body_of(script, tour.conditions, () if alike else (tour.conditions.carrier,), tour.rehearsed)


def write(text: str, file: Path, *, force: bool = False) -> None:
    """Writes a file of tests, and its folder where there is none; raises OperatorError."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(exist_ok=True)
    files.write(file, with_first_line(text, file).encode(), force=force)

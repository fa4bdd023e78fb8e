"""Who catches a mutant: `check`, a test of its flow, or nobody."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from tests.mutants.operators import Mutant, mutants
from voiceapp.carriers import Callr, CallrOptions, Carrier, Routee, RouteeOptions
from voiceapp.check.checking import check
from voiceapp.check.subject import Subject
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.library import AUDIO, load_library, scripts_of
from voiceapp.flow.loader import load_flow
from voiceapp.flow.problems import FlowProblems
from voiceapp.flow.surroundings import Surroundings
from voiceapp.rehearsal.rehearse import PUBLIC_URL
from voiceapp.rehearsal.running import Stage
from voiceapp.rehearsal.scenario import Scenario
from voiceapp.terminal.testing import load_scenarios

CARRIERS: tuple[Carrier, ...] = (Callr(CallrOptions()), Routee(RouteeOptions(public_url=PUBLIC_URL)))

Catcher = Literal["check", "test", "nobody"]


class Caught(NamedTuple):
    """One mutant of one flow, and who noticed."""

    flow: str
    what: str
    by: Catcher


class Laboratory:
    """A folder of flows with their tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._scripts: Mapping[str, Script] = load_library(folder).scripts
        self._scenarios = load_scenarios(folder)
        self._flows: dict[str, Flow] = {name: script.flow for name, script in self._scripts.items()}

    def mutants(self) -> Iterator[tuple[str, Mutant]]:
        """Every mutant of every flow, with the flow's name."""
        for name, flow in self._flows.items():
            yield from ((name, mutant) for mutant in mutants(flow.source))

    async def caught(self, name: str, mutant: Mutant) -> Caught:
        """Who notices this one."""
        around = Surroundings(self._folder / AUDIO, set(self._flows))
        try:
            flow = load_flow(mutant.text.encode(), str(self._folder / f"{name}.yaml"), around)
        except FlowProblems:
            return Caught(name, mutant.what, "check")
        script = scripts_of({**self._flows, name: flow})[name]
        if self._findings(script) - self._findings(self._scripts[name]):
            return Caught(name, mutant.what, "check")
        stage = Stage({**self._scripts, name: script}, CARRIERS)
        for scenario in self._of(name):
            if not all(result.passed for result in await stage.play(scenario)):
                return Caught(name, mutant.what, "test")
        return Caught(name, mutant.what, "nobody")

    def _of(self, name: str) -> list[Scenario]:
        return [scenario for scenario in self._scenarios if scenario.flow == name]

    def _findings(self, script: Script) -> set[tuple[str, str]]:
        """What `check` says, wherever it stands."""
        subject = Subject(script, self._flows, self._folder / AUDIO)
        return {(finding.rule, finding.message) for finding in check(subject)}

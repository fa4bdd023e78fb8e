"""Plays scenarios: each on every carrier that it names, or that its flow fits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from voiceapp.carriers import Carrier
from voiceapp.flow.flow import Script
from voiceapp.flow.problems import Place
from voiceapp.rehearsal.actor import Actor
from voiceapp.rehearsal.comparing import Difference, differences
from voiceapp.rehearsal.conditions import CarrierName
from voiceapp.rehearsal.lines import first_of
from voiceapp.rehearsal.rehearse import Rehearsed, rehearse
from voiceapp.rehearsal.scenario import Scenario


@dataclass(frozen=True)
class Result:
    """A scenario on one carrier. `rehearsed` is None when it could not be played; `differences` then say why."""

    scenario: Scenario
    carrier: str
    rehearsed: Rehearsed | None
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """It came out as expected."""
        return not self.differences

    @property
    def place(self) -> Place:
        """Where in its file stands what came out otherwise, first of all on the phone; the scenario itself where
        it expects nothing of the kind."""
        starts = first_of(self.scenario.expected.lines)
        for one in sorted(self.differences, key=lambda one: one.at is None):
            places = self.scenario.places.get(one.what)
            if places:
                return places[0 if one.at is None else starts[min(one.at, len(starts) - 1)]]
        return self.scenario.place


class Stage:
    """Where scenarios are played: the scripts of flows, and the carriers."""

    def __init__(self, scripts: Mapping[str, Script], carriers: Iterable[Carrier]) -> None:
        self._scripts = scripts
        self._carriers: Mapping[str, Carrier] = {carrier.name: carrier for carrier in carriers}

    async def play(self, scenario: Scenario) -> tuple[Result, ...]:
        """The scenario on each of its carriers; one result at least."""
        script = self._scripts.get(scenario.flow)
        if script is None:
            return (_impossible(scenario, "", f"there is no flow '{scenario.flow}'"),)
        names = scenario.carriers or self.fitting(script)
        if not names:
            return (_impossible(scenario, "", "the flow fits no carrier; voiceapp check says why"),)
        return tuple([await self._on(name, script, scenario) for name in names])

    def fitting(self, script: Script) -> tuple[CarrierName, ...]:
        """The carriers that can do all of a flow and of the flows it runs."""
        known: tuple[CarrierName, ...] = ("callr", "routee")
        return tuple(name for name in known if not self.misfits(script, name))

    def misfits(self, script: Script, carrier: str) -> tuple[str, ...]:
        """What a carrier cannot do of a flow and of the flows it runs."""
        return tuple(
            f"{'.'.join(misfit.path)}: {misfit.message}"
            for flow in script.flows.values()
            for misfit in self._carriers[carrier].misfits(flow)
        )

    async def _on(self, name: CarrierName, script: Script, scenario: Scenario) -> Result:
        for misfit in self.misfits(script, name):
            return _impossible(scenario, name, f"{name} cannot do it: {misfit}")
        conditions = replace(scenario.conditions, carrier=name)
        lines = scenario.expected.lines
        try:
            rehearsed = await rehearse(
                script,
                self._carriers[name],
                conditions,
                lambda _, clock: Actor(lines, clock, machine=conditions.machine),
            )
        except ValueError as error:
            return _impossible(scenario, name, str(error))
        except Exception as error:
            return _impossible(scenario, name, f"voiceapp itself failed: {type(error).__name__}: {error}")
        return Result(scenario, name, rehearsed, differences(scenario.expected, rehearsed))


def _impossible(scenario: Scenario, carrier: str, why: str) -> Result:
    return Result(scenario, carrier, None, (Difference("test", "a call", why),))

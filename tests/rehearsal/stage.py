"""Flows from texts, and calls of them that are rehearsed."""

from voiceapp.carriers import Callr, CallrOptions, Carrier, Routee, RouteeOptions
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.flow.flow import Script
from voiceapp.flow.library import scripts_of
from voiceapp.flow.loader import load_flow
from voiceapp.rehearsal.conditions import Conditions
from voiceapp.rehearsal.rehearse import PUBLIC_URL, Rehearsed, rehearse
from voiceapp.rehearsal.running import Stage
from voiceapp.rehearsal.scenario import Scenario
from voiceapp.rehearsal.scenario_file import read_scenarios

CARRIERS: dict[str, Carrier] = {
    "callr": Callr(CallrOptions()),
    "routee": Routee(RouteeOptions(public_url=PUBLIC_URL)),
}


def scripts(*texts: str) -> dict[str, Script]:
    """The scripts of flows, by name; each text begins with `flow: NAME`."""
    flows = (load_flow(text.encode(), f"{name_in(text)}.yaml") for text in texts)
    return scripts_of({flow.name: flow for flow in flows})


def script(*texts: str) -> Script:
    """The script of the first of these flows."""
    return scripts(*texts)[name_in(texts[0])]


def name_in(text: str) -> str:
    """The name of the flow with this text."""
    return next(line for line in text.splitlines() if line.startswith("flow: ")).split()[1]


def stage(*texts: str) -> Stage:
    """Where the scenarios of these flows are played, on both carriers."""
    return Stage(scripts(*texts), CARRIERS.values())


def scenarios(text: str) -> tuple[Scenario, ...]:
    """The scenarios in a file of this text."""
    return read_scenarios(text.encode(), "tests/line.yaml")


async def call(flow: Script, keys: str = "", conditions: Conditions | None = None) -> Rehearsed:
    """A call of somebody who presses these keys, as ScriptedCaller does."""
    given = conditions or Conditions()
    return await rehearse(flow, CARRIERS[given.carrier], given, lambda *_: ScriptedCaller(keys))

"""How calls of a flow can begin, as far as it makes a difference: when, with which inputs, and who picks up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice, product
from zoneinfo import ZoneInfo

from voiceapp.events import Value
from voiceapp.flow.calendar import is_open
from voiceapp.flow.flow import Flow, Input, Script
from voiceapp.flow.steps.hours import HoursStep
from voiceapp.paths.asked_for import AskedFor
from voiceapp.paths.values import holds, nearest_first, values_of
from voiceapp.rehearsal.conditions import MONDAY_MORNING, CarrierName, Conditions

_MOST = 48
_STEP = timedelta(minutes=30)
_WEEKS = 8 * 48
"""Half hours that are looked at for a time at which something is open or closed."""

_SAMPLE_NUMBER = "+33123456700"


def beginnings(script: Script, asked: AskedFor, carrier: CarrierName) -> tuple[Conditions, ...]:
    """Every beginning worth trying, the most ordinary one first."""
    names = [str(name) for name in script.flow.head.inputs]
    inputs = [dict(zip(names, texts, strict=True)) for texts in _inputs(script.flow, asked)]
    ordinary = [
        Conditions(carrier=carrier, at=at, inputs=_passed(script.flow, given))
        for given, at in product(inputs, _times(script, asked))
    ]
    found = [*ordinary[:_MOST], *islice(_numbers_told(ordinary, asked), _MOST)]
    listens = script.flow.head.on_machine is not None
    if listens or "direction" in asked.decisive:
        first = found[0]
        outbound = replace(first, direction="outbound", caller=first.called, called=first.caller)
        found += [outbound, replace(outbound, machine=True)] if listens else [outbound]
    return tuple(found)


def _numbers_told(found: Sequence[Conditions], asked: AskedFor) -> Iterator[Conditions]:
    """The same with every number that conditions ask for, of the one who calls and of the one who is called."""
    callers = [value for value in asked.constants(("caller",)) if isinstance(value, str)]
    called = [value for value in asked.constants(("called",)) if isinstance(value, str)]
    for one in found:
        yield from (replace(one, caller=number) for number in callers)
        yield from (replace(one, called=number) for number in called)


def _times(script: Script, asked: AskedFor) -> tuple[datetime, ...]:
    """A time for each combination of what is open and what is closed, and of what conditions on the time say."""
    hours = [
        step.hours for flow in script.flows.values() for step in flow.steps.values() if isinstance(step, HoursStep)
    ]
    conditions = sorted((one for one in asked.conditions if "now" in one.names), key=lambda one: one.source)
    zone = ZoneInfo(script.flow.head.zone)
    times: dict[tuple[bool | None, ...], datetime] = {}
    for at in islice(_half_hours(), _WEEKS if hours or conditions else 1):
        came = (holds(condition, {"now": at.astimezone(zone)}) for condition in conditions)
        times.setdefault((*(is_open(one, at) for one in hours), *came), at)
    return tuple(sorted(times.values()))


def _half_hours() -> Iterator[datetime]:
    at = MONDAY_MORNING
    while True:
        yield at
        at += _STEP


def _inputs(flow: Flow, asked: AskedFor) -> Iterator[tuple[str, ...]]:
    """Texts for all inputs, combination by combination; the defaults first."""
    choices = [_texts(name, item, asked) for name, item in flow.head.inputs.items()]
    return islice(nearest_first(choices), _MOST)


def _texts(name: str, item: Input, asked: AskedFor) -> tuple[str, ...]:
    usual = _usual(item)
    if name not in asked.decisive:
        return (usual,)
    match item.type:
        case "flag":
            others = ["true", "false"]
        case "number":
            others = [str(int(value)) for value in _numbers(values_of(asked, (name,)))]
        case "text":
            others = [str(value) for value in values_of(asked, (name,)) if isinstance(value, str)]
            others += [""] if (name,) in asked.truth else []
        case "phone" | "phones":
            others = []
    return tuple(dict.fromkeys([usual, *others]))


def _numbers(values: tuple[Value, ...]) -> list[float]:
    return [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]


def _usual(item: Input) -> str:
    if item.default is not None:
        return item.default
    return {"text": "text", "number": "1", "phone": _SAMPLE_NUMBER, "phones": _SAMPLE_NUMBER, "flag": "false"}[
        item.type
    ]


def _passed(flow: Flow, given: Mapping[str, str]) -> dict[str, str]:
    """Only what is not the default anyway."""
    return {str(name): given[name] for name, item in flow.head.inputs.items() if item.default != given[name]}

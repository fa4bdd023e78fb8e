"""How often every step and way was taken: by tests (a coverage file) or by callers (the log)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec

from voiceapp.errors import OperatorError
from voiceapp.flow.flow import Flow
from voiceapp.flow.graph import FIRST, graph_of, ways_out
from voiceapp.flow.ways import ON_ERROR, ON_HANG_UP, ON_MACHINE, Taken, flow_key_way, is_flow_key

FLOW = ""
"""Stands for the step where a way is the flow's own: its keys, `on_hang_up`, `on_machine`, `on_error`."""

_ROLES = (ON_MACHINE, ON_HANG_UP, ON_ERROR)
_Count = Annotated[int, msgspec.Meta(ge=0)]


@dataclass(frozen=True)
class Painted:
    """Counts by step, and by step (or FLOW) and name of the way; 0 is never. What is in neither is not painted."""

    steps: Mapping[str, int]
    ways: Mapping[tuple[str, str], int]


class _Flow(msgspec.Struct):
    """What a coverage file holds of one flow; what else stands there is for others."""

    steps: dict[str, _Count]
    ways: dict[str, dict[str, _Count]]


class _File(msgspec.Struct):
    flows: dict[str, _Flow]


def from_coverage(text: bytes, flow: Flow) -> Painted:
    """What the tests took of this flow. Raises OperatorError, one line, for a text that is no coverage file, holds
    nothing of this flow, or was written for other steps and ways than it has now."""
    try:
        flows = msgspec.json.decode(text, type=_File).flows
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise OperatorError(f"is no coverage file: {error}") from None
    if flow.name not in flows:
        raise OperatorError(f"holds nothing of flow {flow.name}, only of {', '.join(flows) or 'none'}")
    found = flows[flow.name]
    ways = {(step, way): times for step, ways in found.ways.items() for way, times in ways.items()}
    for step in (*found.steps, *filter(None, found.ways)):
        if step not in flow.steps:
            raise OperatorError(f"was written for another version of flow {flow.name}: this has no step {step}")
    known = frozenset(_ways(flow))
    for step, way in ways:
        if (step, way) not in known:
            whose = f"step {step}" if step else "this"
            raise OperatorError(f"was written for another version of flow {flow.name}: {whose} has no way '{way}'")
    return Painted(found.steps, ways)


def counted(flow: Flow, entered: Iterable[str], taken: Iterable[Taken]) -> Painted:
    """What calls of a flow entered, as the log names steps, and took; steps of flows that it runs do not count."""
    places = (label.rpartition("/") for label in entered)
    steps = Counter(step for other, _, step in places if other in ("", flow.name))
    ways = Counter[tuple[str, str]]()
    for each in taken:
        if each.flow == flow.name:
            ways[FLOW if is_flow_key(each.name) or each.name in _ROLES else each.step, each.name] += 1
    return Painted({step: steps[step] for step in flow.steps}, {way: ways[way] for way in _ways(flow)})


def comparable(old: Flow, new: Flow) -> bool:
    """Whether all steps and ways of another version of a flow exist in this one, so that its calls can be counted.
    To leave out only calls that took a way which is gone would make others look more frequent than they were."""
    return old.steps.keys() <= new.steps.keys() and frozenset(_ways(old)) <= frozenset(_ways(new))


def _ways(flow: Flow) -> Iterator[tuple[str, str]]:
    """Every way that can be counted."""
    for step in flow.steps:
        yield from ((step, way.name) for way in ways_out(flow, step) if not is_flow_key(way.name))
    yield from ((FLOW, flow_key_way(key)) for key in flow.head.keys)
    yield from ((FLOW, role) for role in graph_of(flow).starts if role != FIRST)

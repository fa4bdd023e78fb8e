"""When a line is said, in a sentence for somebody who has never seen the flow."""

from collections.abc import Mapping

from voiceapp.flow.fields import END
from voiceapp.flow.flow import Flow
from voiceapp.flow.graph import FIRST, Edge, graph_of
from voiceapp.flow.ways import NEXT, ON_ERROR, ON_HANG_UP, ON_MACHINE

ROLES: Mapping[str, str] = {
    "say": "said",
    "play": "played",
    "menu": "asks for a key",
    "ask": "asks for an answer by keys",
    "record": "said before the tone, then the caller speaks",
    "end": "the last words before the call ends",
    "invalid": "said after a wrong key; the question follows again",
    "silence": "said when nothing was pressed; the question follows again",
    "confirm": "says the answer back: 1 keeps it, 2 asks again",
    "whisper": "said to whoever answers the phone, before the caller is put through",
    "meanwhile": "said while the caller waits for a moment",
    "welcome": "said on entering the room",
    "alone": "said to somebody who is alone in the room",
}
"""What a prompt is for, by its key."""

_OWN_WAYS: Mapping[str, str] = {
    FIRST: "the call begins here",
    ON_ERROR: "comes when something failed",
    ON_MACHINE: "comes when an answering machine answered",
    ON_HANG_UP: "comes when the caller has gone",
}

_SHOWN = 3


class Contexts:
    """The contexts of one flow's lines."""

    def __init__(self, flow: Flow) -> None:
        graph = graph_of(flow)
        self._verbs = {name: step.verb for name, step in flow.steps.items()}
        self._notes = {name: " ".join(step.note.split()) for name, step in flow.steps.items()}
        self._into: dict[str, list[str]] = {}
        for role, step in graph.starts.items():
            self._into.setdefault(step, []).append(_OWN_WAYS[role])
        for edge in (edge for edges in graph.edges.values() for edge in edges):
            if edge.to not in (END, edge.step):
                self._into.setdefault(edge.to, []).append(_way(edge))

    def of(self, step: str, key: str, part: int, parts: int) -> str:
        """The context of a line: part `part` of `parts` of the prompt under this key of this step."""
        said = ROLES[key]
        if parts > 1:
            said = f"{said} (part {part} of {parts})"
        ways = self._into.get(step, []) if key == self._verbs[step] else []
        shown = [*dict.fromkeys(ways)]
        more = [f"and {len(shown) - _SHOWN} more"] if len(shown) > _SHOWN else []
        note = [f"note: {self._notes[step]}"] if self._notes[step] else []
        return "; ".join([said, *shown[:_SHOWN], *more, *note])


def _way(edge: Edge) -> str:
    return f"after {edge.step}" if edge.name == NEXT else f"after {edge.step}: {edge.name}"

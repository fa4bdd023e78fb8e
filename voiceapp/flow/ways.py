"""The ways out of a step: what each is called, where it leads, and which one a call took.

A name is the same in `ways_out`, in what the engine tells and wherever people read it: `next`, a key of the step
such as `busy`, `key 1`, `if 2` (the second condition), `flow key 0` (a key that the whole flow listens to).
"""

from collections.abc import Iterable
from typing import NamedTuple

from voiceapp.flow.fields import Way

NEXT = "next"
"""On to where `next` or the order leads."""

OTHERWISE = "otherwise"

AGAIN = "again"
"""Not a way out but a try: the caller wants to answer, or to speak, once more."""

ON_ERROR = "on_error"
ON_HANG_UP = "on_hang_up"
ON_MACHINE = "on_machine"


class WayOut(NamedTuple):
    """One way out of a step."""

    name: str
    to: Way


class Taken(NamedTuple):
    """A call went out of `step` of `flow` this way; or came back to it, when `name` is that of a try. `on_error`,
    `on_hang_up` and `on_machine` are the flow's own ways, out of whichever step the call was in."""

    flow: str
    step: str
    name: str


def key_way(key: str) -> str:
    """The name of the way behind a key of a menu."""
    return f"key {key}"


def flow_key_way(key: str) -> str:
    """The name of the way behind a key that the whole flow listens to."""
    return f"flow key {key}"


def is_flow_key(name: str) -> bool:
    """Whether a way is one behind a key that the whole flow listens to."""
    return name.startswith("flow key ")


def named(ways: Iterable[tuple[str, Way | None]], after: Way) -> tuple[WayOut, ...]:
    """Ways by name; those that the author wrote nothing for lead to `after`."""
    return tuple(WayOut(name, after if way is None else way) for name, way in ways)

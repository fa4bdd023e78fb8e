"""A stored call again, from its log alone: the same actions and the same bytes, or where they differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from voiceapp.actions import Action
from voiceapp.carriers import Carrier
from voiceapp.events import CallOpened
from voiceapp.flow.flow import Script
from voiceapp.store.turns import LoggedTurn
from voiceapp.turn import Happened, answer, happen, opened

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Difference:
    """A turn that came out otherwise: what the log holds and what came out now, as JSON."""

    turn: int
    what: str
    logged: bytes
    replayed: bytes


class Folded(NamedTuple):
    """A turn of the log, what happens in it now, and the reply; empty where the log has none."""

    turn: LoggedTurn
    happened: Happened
    reply: bytes


def folded(script: Script, carrier: Carrier, turns: Sequence[LoggedTurn]) -> Iterator[Folded]:
    """Folds the log over the script, turn by turn. Raises ValueError for a log without its beginning."""
    call = None
    for turn in turns:
        first, *rest = turn.events
        if isinstance(first, CallOpened):
            before = opened(first, script)
        elif call is not None:
            before, rest = Happened(call), list(turn.events)
        else:
            raise ValueError("the log does not begin with the opening of a call")
        happened = happen(script, carrier, before, rest)
        call, reply = happened.call, b""
        if turn.reply:
            answered = answer(script, carrier, happened)
            call, reply = answered.call, answered.reply
        yield Folded(turn, happened, reply)


def replay(script: Script, carrier: Carrier, turns: Sequence[LoggedTurn]) -> tuple[Difference, ...]:
    """Folds the log over the script; empty when every turn gives the same actions and reply, byte for byte."""
    differences: list[Difference] = []
    for turn, happened, reply in folded(script, carrier, turns):
        differences += _actions(turn, happened.actions)
        if reply != turn.reply:
            differences.append(Difference(turn.number, "reply", turn.reply, reply))
    return tuple(differences)


def _actions(turn: LoggedTurn, actions: tuple[Action, ...]) -> list[Difference]:
    logged, replayed = _encode(turn.actions), _encode(actions)
    return [] if logged == replayed else [Difference(turn.number, "actions", logged, replayed)]

"""Where two plays of one call part: at which step something else is to be heard, and where one goes on to another
step."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from voiceapp.actions import (
    Action,
    Audio,
    Dial,
    JoinConference,
    Pause,
    Piece,
    SendKeys,
    Speak,
    is_carrier_action,
)
from voiceapp.rehearsal.lines import pieces_of
from voiceapp.rehearsal.rehearse import Rehearsed


@dataclass(frozen=True)
class Parting:
    """Two plays have the steps `passed` in common; then one goes on to the step `to`, and `instead` is where it
    went before; `""`: nowhere that we are told of. Routee tells nothing of a caller who is silent to the end. The
    first step is always told of."""

    passed: tuple[str, ...]
    to: str
    instead: str

    @property
    def ends(self) -> bool:
        """Whether one of the two goes on nowhere."""
        return not self.to or not self.instead

    def __str__(self) -> str:
        if not self.passed:
            return f"the call begins with {self.to}, before with {self.instead}"
        step = self.passed[-1]
        if not self.to:
            return f"the call no longer goes on from {step} to {self.instead}"
        if not self.instead:
            return f"the call goes on from {step} to {self.to} now"
        return f"{step} leads to {self.to}, before to {self.instead}"


def other_step(before: Rehearsed, after: Rehearsed, names: Mapping[str, str]) -> str:
    """The step at which the caller first notices something else; `""` when there is none. `names` are the steps of
    `before` that have another name in `after`."""
    pairs = zip_longest(_noticed(before.actions), _noticed(after.actions))
    for one, other in pairs:
        if one is None or other is None or one[0] != other[0]:
            return other[1] if other is not None else names.get(one[1], one[1]) if one is not None else ""
    return ""


def _noticed(actions: Iterable[Action]) -> Iterator[tuple[str, str]]:
    """Word by word what is said, and what else is done on the phone, each with its step: how speech is cut into
    pieces does not count."""
    for action in actions:
        if is_carrier_action(action):
            words = [word for piece in pieces_of(action) for word in _words(piece)]
            yield from ((what, action.step) for what in (*words, _done(action)) if what)


def _words(piece: Piece) -> list[str]:
    return piece.text.split() or ([piece.source] if isinstance(piece, Audio) else [])


def _done(action: Action) -> str:
    match action:
        case Speak():
            return ""
        case Pause(seconds=seconds):
            return f"pause {seconds}"
        case Dial(targets=targets):
            return f"dial {' '.join(targets)}"
        case JoinConference(room=room):
            return f"join {room}"
        case SendKeys(keys=keys):
            return f"send {keys}"
        case _:
            return type(action).__name__


def parting(before: Rehearsed, after: Rehearsed, names: Mapping[str, str]) -> Parting | None:
    """Where the call first goes on to another step than before; None when it never does."""
    was, now = [names.get(step, step) for step in before.steps], list(after.steps)
    if was == now:
        return None
    pairs = enumerate(zip(was, now, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), min(len(was), len(now)))
    return Parting(tuple(now[:same]), *now[same : same + 1] or ("",), *was[same : same + 1] or ("",))

"""What happened on a rehearsed call as its author writes it down: one line each, the same on every carrier.

Emulated carriers tell more than that: how long they listened, in how many pieces they paused, under which URL a
sound is played. Here a sound is the text that it says, silence is silence, and neighbouring pauses are one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from voiceapp.actions import Action, Audio, CollectDigits, Dial, JoinConference, Piece, Speak
from voiceapp.emulators.caller import HANG_UP
from voiceapp.emulators.transcript import Kind, Transcript

HEARS, PRESSES, SILENCE, PAUSE, RECORDS, DIALS = "hears", "presses", "silence", "pause", "records", "dials"
JOINS, LEAVES, TONES, RECORDING = "joins", "leaves", "tones", "recording"
HANGS_UP, UNREACHED, WHISPERS, ALONE = "hangs up", "unreached", "whispers", "alone"
NOTHING = "nothing"
"""What is recorded of a caller who says nothing."""

_UNREACHED = {"BUSY": "busy", "NOANSWER": "no_answer", "CONGESTION": "failed"}
_UNSAID: frozenset[Kind] = frozenset({"rings", "defect"})


class Line(NamedTuple):
    """One thing that happened; of `dials` the detail is `NUMBER: OUTCOME`."""

    kind: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind:<10} {self.detail}".rstrip()


def lines_of(transcript: Transcript, actions: Iterable[Action]) -> tuple[Line, ...]:
    """The lines of a call, on which these actions were told to the carrier. What only others hear, the called
    party or whoever is alone in a room, is told by the actions: emulated carriers play it to nobody."""
    actions = tuple(actions)
    sounds, rooms = _sounds(actions), _rooms(actions)
    dials = [action for action in actions if isinstance(action, Dial)]
    lines: list[Line] = []
    for kind, detail in transcript.lines:
        if kind in _UNSAID or _unseen(kind, detail):
            continue
        room = next(rooms) if kind == JOINS else None
        line = _line(kind, detail, sounds, room)
        if kind == PAUSE and lines and lines[-1].kind == PAUSE:
            lines[-1] = Line(PAUSE, _together(lines[-1].detail, detail))
        else:
            lines.append(line)
            lines += _to_others(line, dials, room)
    return tuple(lines)


def joined(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The same with all that is heard in a row as one line: how it is cut into pieces is the carrier's affair."""
    whole: list[Line] = []
    for line in lines:
        if line.kind == HEARS and whole and whole[-1].kind == HEARS:
            whole[-1] = Line(HEARS, f"{whole[-1].detail} {line.detail}")
        else:
            whole.append(line)
    return tuple(whole)


def first_of(lines: Iterable[Line]) -> tuple[int, ...]:
    """For each line of what is `joined`, the position of the first line that it is made of."""
    kinds = [line.kind for line in lines]
    return tuple(at for at, kind in enumerate(kinds) if kind != HEARS or at == 0 or kinds[at - 1] != HEARS)


def pieces_of(action: Action) -> tuple[Piece, ...]:
    """What is to be heard in an action."""
    match action:
        case Speak(piece=piece):
            return (piece,)
        case CollectDigits(prompt=pieces) | Dial(whisper=pieces):
            return pieces
        case JoinConference(welcome=welcome, alone=alone):
            return tuple(piece for piece in (welcome, alone) if piece is not None)
        case _:
            return ()


def _unseen(kind: Kind, detail: str) -> bool:
    """What nobody on the line notices: a key that puts the phone down, and listening for a machine."""
    return (kind == PRESSES and detail == HANG_UP) or (kind == PAUSE and not re.fullmatch("[0-9]+ s", detail))


def _line(kind: Kind, detail: str, sounds: Mapping[str, str], room: JoinConference | None) -> Line:
    match kind:
        case "hears":
            return Line(kind, sounds.get(detail, detail))
        case "presses":
            return Line(kind, detail.removesuffix(HANG_UP))
        case "records":
            return Line(kind, detail if detail == NOTHING else "")
        case "joins":
            return Line(kind, room.room if room is not None else detail)
        case "silence" | "leaves":
            return Line(kind)
        case "unreached":
            return Line(kind, _UNREACHED.get(detail, detail))
        case _:
            return Line(kind, detail)


def _to_others(line: Line, dials: Iterable[Dial], room: JoinConference | None) -> Iterator[Line]:
    """What is to be heard now by others than the caller."""
    number, _, outcome = line.detail.rpartition(": ")
    if line.kind == DIALS and outcome == "answered":
        words = next((_words(dial.whisper) for dial in dials if number in dial.targets), "")
        if words:
            yield Line(WHISPERS, words)
    if room is not None and room.alone is not None:
        yield Line(ALONE, _words((room.alone,)))


def _words(pieces: Iterable[Piece]) -> str:
    return " ".join(map(_said, pieces))


def _said(piece: Piece) -> str:
    """The words of a piece, as carriers speak them: where lines end in the flow's file does not count."""
    text = " ".join(piece.text.split())
    return text or f"[{piece.source}]" if isinstance(piece, Audio) else text


def _rooms(actions: Iterable[Action]) -> Iterator[JoinConference]:
    return (action for action in actions if isinstance(action, JoinConference))


def _sounds(actions: Iterable[Action]) -> Mapping[str, str]:
    """What each sound is, by what an emulated carrier calls it."""
    return {name: text for action in actions for piece in pieces_of(action) for name, text in _names(piece)}


def _names(piece: Piece) -> Iterator[tuple[str, str]]:
    if isinstance(piece, Audio):
        text = _said(piece)
        yield f"[audio {piece.media}]", text
        path = urlsplit(piece.source).path if "://" in piece.source else f"/audio/{quote(piece.source)}"
        yield f"[audio {path}]", text


def _together(one: str, other: str) -> str:
    return f"{_seconds(one) + _seconds(other)} s"


def _seconds(detail: str) -> int:
    return int(detail.partition(" ")[0])

"""One random call as a value: everything that was decided about it, so that it can be played again without chance.

What is not decided any more is done by itself: the caller hangs up when the next key is waited for, speaks when
recorded, leaves a room; a number answers; a back end says 404.
"""

from typing import Literal

import msgspec
from msgspec import Struct

from voiceapp.rehearsal.conditions import Conditions, MockAnswer

Wait = Literal["keys", "voice", "room", "dial"]
"""Where somebody on the line decides."""

BY_ITSELF: dict[Wait, str] = {"keys": "!", "voice": "speaks", "room": "leaves", "dial": "answered"}

Mishap = Literal["repeated", "altered", "forged", "held"]
"""What can happen to a post on its way: it comes again; it comes again with another result; it comes again under a
turn that nobody issued; it is overtaken by the one behind it (only one whose reply is not acted upon)."""


class Act(Struct, frozen=True, array_like=True):
    """What somebody does `at` a wait: `keys` are pressed (`""`: silence; `!` behind them puts the phone down), a
    `voice` speaks, is silent or hangs_up, a `room` is left (leaves, or `!`), a `dial` comes to an outcome."""

    at: Wait
    does: str


class Upset(Struct, frozen=True, omit_defaults=True):
    """A mishap to the so-manieth `post` (from 0); what comes again comes so many posts `later`."""

    post: int
    mishap: Mishap
    later: int = 0


class Case(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A call. `acts` and `answers` (of back ends) in the order in which they are asked for; `drops_at`: the caller
    puts the phone down on the so-manieth thing heard (from 0); `eager`: keys are pressed during prompts too, where
    the carrier can tell."""

    flow: str
    conditions: Conditions
    acts: tuple[Act, ...] = ()
    answers: tuple[MockAnswer, ...] = ()
    drops_at: int | None = None
    eager: bool = False
    upsets: tuple[Upset, ...] = ()


class Record(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A case in a file, with what it broke when it was written: the rule's `name`, and what came. `most_turns` and
    `apologies` as it was looked for."""

    broke: str
    detail: str
    most_turns: int | None = None
    apologies: bool = True
    case: Case


_decoder = msgspec.json.Decoder(Record)


def record_text(record: Record) -> str:
    """The text of a file."""
    return msgspec.json.format(msgspec.json.encode(record), indent=1).decode() + "\n"


def read_record(text: bytes) -> Record:
    """What `record_text` wrote; raises ValueError that says where it is something else."""
    return _decoder.decode(text)

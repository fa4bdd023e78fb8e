"""What Routee's API does to a call that is in progress.

Source: docs.routee.net, the reference of `/voice/conversation/{messageId}`: a hang-up needs a call InProgress, a
rejection one that is Ringing or Initiated. Inferred: that everything else needs a call InProgress too, and the
words of the answers. A transfer takes the place of what was left of the dialplan.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from voiceapp.emulators.platforms.routee.api import INVALID, Asked, RouteeError
from voiceapp.emulators.platforms.routee.calls import Conversation, Conversations, check_live
from voiceapp.emulators.routee_plan import Callback, Dial, Language, Recipient, Seconds, Text, Url
from voiceapp.emulators.routee_posts import iso


class _Body(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    pass


class Action(_Body, frozen=True):
    action: Literal["hangup", "reject"]


class Transfer(_Body, frozen=True):
    """Durations are in seconds."""

    from_: Text = msgspec.field(name="from")
    to: Recipient
    hangup_delay: Seconds | None = None
    max_duration: Seconds | None = None
    callback: Callback | None = None


class Dtmf(_Body, frozen=True):
    """`,` and `w` wait half a second, `W` a whole one."""

    dtmf: Annotated[str, Meta(pattern=r"\A[A-D0-9#*,wW]+\Z")]


class Talk(_Body, frozen=True):
    text: Text
    gender: Literal["male", "female"] = "female"
    language: Language = "en-US"
    multiplex: bool = False


class File(_Body, frozen=True):
    file_url: Url = msgspec.field(name="fileURL")
    multiplex: bool = False


class Record(_Body, frozen=True):
    """`duration` is in seconds."""

    duration: Seconds | None = None
    format: Literal["MP3", "WAV"] = "MP3"


class Controls:
    """The orders to calls in progress; each is answered as soon as it is taken."""

    def __init__(self, conversations: Conversations, now: Callable[[], datetime]) -> None:
        self._conversations = conversations
        self._now = now

    def act(self, asked: Asked) -> dict[str, Any]:
        """`PUT /voice/conversation/{id}`."""
        order = asked.read(Action)
        conversation = self._conversations.of_leg(asked.path["id"])
        statuses = ("InProgress",) if order.action == "hangup" else ("Ringing", "Initiated")
        check_live(conversation, *statuses)
        conversation.control.give("hang_up")
        return self._done(asked, f"{order.action} accepted")

    def transfer(self, asked: Asked) -> dict[str, Any]:
        """`POST …/transfer`."""
        order = asked.read(Transfer)
        dial = Dial(
            from_=order.from_,
            to=order.to,
            hangup_delay=order.hangup_delay,
            max_duration=order.max_duration,
            callback=order.callback,
        )
        self._live(asked).control.give(dial)
        return self._done(asked, "transfer accepted")

    def dtmf(self, asked: Asked) -> dict[str, Any]:
        """`POST …/dtmf`."""
        tones = asked.read(Dtmf).dtmf
        self._live(asked).call.transcript.add("tones", tones)
        return self._done(asked, "dtmf accepted")

    def talk(self, asked: Asked) -> dict[str, Any]:
        """`POST …/talk`."""
        text = asked.read(Talk).text
        self._live(asked).call.transcript.add("hears", text)
        return self._done(asked, "talk accepted")

    def file(self, asked: Asked) -> dict[str, Any]:
        """`POST …/file`."""
        url = asked.read(File).file_url
        self._live(asked).call.transcript.add("hears", f"[audio {url}]")
        return self._done(asked, "file accepted")

    def record(self, asked: Asked) -> dict[str, Any]:
        """`POST …/record`."""
        asked.read(Record)
        self._live(asked).call.transcript.add("recording", "on")
        return self._done(asked, "record accepted")

    def stop(self, asked: Asked) -> dict[str, Any]:
        """`DELETE …/talk` and `DELETE …/file`: nothing is left of what takes no time."""
        self._live(asked)
        return self._done(asked, "stop accepted")

    def stop_recording(self, asked: Asked) -> dict[str, Any]:
        """`DELETE …/record`."""
        call = self._live(asked).call
        if call.transcript.of("recording")[-1:] != ["on"]:
            raise RouteeError(INVALID, "Validation Error. The call is not recorded")
        call.transcript.add("recording", "off")
        call.line.record(call.line.leg, call.line.now, call.line.now)
        return self._done(asked, "stop accepted")

    def _live(self, asked: Asked) -> Conversation:
        conversation = self._conversations.of_leg(asked.path["id"])
        check_live(conversation, "InProgress")
        return conversation

    def _done(self, asked: Asked, message: str) -> dict[str, Any]:
        return {"messageId": asked.path["id"], "message": message, "createdAt": iso(self._now())}

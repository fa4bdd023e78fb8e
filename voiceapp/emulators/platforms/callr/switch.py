"""The legs of CALLR's calls: dialled, ringing, hung up by the API, and written down in the end.

Inferred: `call.outbound_start` has the record of the call as far as it is known when it is dialled; a call that
the account cannot pay is rejected (`NODIAL`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from voiceapp.emulators.caller import Outcome
from voiceapp.emulators.callr import CallrCall
from voiceapp.emulators.platforms.background import Background, BrokenInto, Control
from voiceapp.emulators.platforms.callr.cdr import Cdr, CdrIn, CdrOut, Cdrs, DialStatus, HangupSource
from voiceapp.emulators.platforms.callr.objects import App, Did
from voiceapp.emulators.platforms.callr.recordings import Recordings
from voiceapp.emulators.platforms.callr.webhooks import Webhooks
from voiceapp.emulators.platforms.people import People
from voiceapp.emulators.platforms.records import Originate, Played, Show, shown, talked
from voiceapp.emulators.transcript import Transcript

Order = Literal["hang_up", "break"]

DIAL_STATUSES: dict[Outcome, DialStatus] = {
    "answered": "ANSWER",
    "busy": "BUSY",
    "no_answer": "NOANSWER",
    "failed": "CONGESTION",
}


@dataclass
class Leg:
    """One leg while it lives; `call` once its hook is posted to."""

    cdr: Cdr
    control: Control[Order] = field(default_factory=Control)
    call: CallrCall | None = None


class Switch:
    """What all kinds of calls share. `originates` and `played` grow as calls are ordered and made."""

    def __init__(
        self,
        people: People,
        background: Background,
        cdrs: Cdrs,
        webhooks: Webhooks,
        recordings: Recordings,
        now: Callable[[], datetime],
    ) -> None:
        self.people = people
        self.background = background
        self.cdrs = cdrs
        self.originates: list[Originate] = []
        self.played: list[Played] = []
        self._webhooks = webhooks
        self._recordings = recordings
        self.show: Show | None = None
        self._now = now
        self._live: dict[int, Leg] = {}

    def accept(self, number: str, app: str, cdr_field: str, reference: str) -> None:
        """Write down that an order to call `number` was accepted."""
        self.originates.append(
            Originate(number=number, reference=reference, at=self._now(), cdr_field=cdr_field, app=app)
        )

    def dial(self, app: App | None, number: str, cli: str, cdr_field: str, callid_in: int = 0) -> Leg:
        """A leg that is dialled now."""
        leg = Leg(self.cdrs.begin_out(app, number, cli, cdr_field, callid_in))
        self._webhooks.tell("call.outbound_start", leg.cdr)
        return leg

    def arrive(self, app: App, did: Did, cli_number: str) -> Leg:
        """The leg of an inbound call."""
        leg = Leg(self.cdrs.begin_in(app, did, cli_number))
        self._live[leg.cdr.callid] = leg
        self._webhooks.tell("call.inbound_start", leg.cdr)
        return leg

    async def ring(self, leg: Leg, number: str, within: float) -> DialStatus:
        """Let the phone ring for at most `within` seconds."""
        if self.cdrs.credit <= 0:
            return "NODIAL"
        self._live[leg.cdr.callid] = leg
        try:
            return DIAL_STATUSES[await leg.control.run(self.people.ring(number, within))]
        except BrokenInto:
            leg.control.take()
            return "CANCEL"

    def play(self, number: str, transcript: Transcript) -> Transcript:
        """Let a call be seen."""
        self.played.append(shown(Played(number, transcript), self.show))
        return transcript

    def end(self, leg: Leg, status: DialStatus, transcript: Transcript, *, recorded: bool = False) -> None:
        """The call is over: its record, its webhooks, its recordings; `recorded` by its app, not by a command."""
        seconds = talked(transcript) if status == "ANSWER" else 0
        closed = self.close(leg, status, seconds, _source(leg.cdr, transcript))
        names = [name for name in transcript.of("records") if name != "nothing"]
        self._recordings.add("RECORDING", len(names), closed)
        self._recordings.add("CALL", int(recorded) + transcript.of("recording").count("on"), closed)

    def close(self, leg: Leg, status: DialStatus, seconds: int, source: HangupSource = "GATEWAY") -> Cdr:
        """Write down a leg that is over, and tell who wants to know."""
        self._live.pop(leg.cdr.callid, None)
        closed = self.cdrs.close(leg.cdr, status, seconds, source)
        direction = "inbound" if isinstance(closed, CdrIn) else "outbound"
        self._webhooks.tell(f"call.{direction}_hangup", closed)
        return closed

    def give_up(self, callid: int) -> None:
        """A leg that rang is not wanted any more."""
        if callid in self._live:
            self.close(self._live[callid], "CANCEL", 0)

    def hangup(self, callid: int, options: dict[str, Any]) -> bool:
        """`calls.hangup`: whether there was a call to hang up. `options` are reserved."""
        leg = self._live.get(callid)
        if leg is None or (leg.call is not None and leg.call.ending):
            return False
        leg.control.give("hang_up")
        return True

    def realtime_break(self, callid: int, options: dict[str, Any]) -> bool:
        """`calls.realtime_break`: whether a command was running."""
        leg = self._live.get(callid)
        if leg is None or leg.call is None or not leg.call.busy:
            return False
        leg.control.give("break")
        return True


def _source(cdr: Cdr, transcript: Transcript) -> HangupSource:
    if transcript.of("hangs up")[-1:] != ["caller"]:
        return "GATEWAY"
    return "CALLEE" if isinstance(cdr, CdrOut) else "CALLER"

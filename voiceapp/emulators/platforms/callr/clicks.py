"""CALLR's click-to-call: A is called, and once A has answered, B.

Sources: docs.callr.com, "JSON objects" (CLICKTOCALL.Call, its Status and Options, CLICKTOCALL10) and the pages of
`clicktocall/calls`: targets are alternatives, A is tried `A_attempts` times, a machine only counts where detection
is on, B sees the number of A. Inferred: a party that is not called at all is ABORTED; HANGUP is the end of a call
that was answered; busy and failed are NOANSWER; before anything happens a status is `""`. The pause between
attempts takes no time, and a call that is scheduled waits until it is told to start.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from voiceapp.emulators.callr_commands import Target, spoken
from voiceapp.emulators.platforms.background import BrokenInto
from voiceapp.emulators.platforms.callr.apps import Apps, new_hash
from voiceapp.emulators.platforms.callr.cdr import DialStatus
from voiceapp.emulators.platforms.callr.objects import CDR_FIELD, App, ClickToCall
from voiceapp.emulators.platforms.callr.rpc import RpcError, wrong_value
from voiceapp.emulators.platforms.callr.switch import Leg, Switch
from voiceapp.emulators.transcript import Transcript

_FORMAT = "%Y-%m-%d %H:%M:%S"
_TALK_SECONDS = 30

PartyStatus = Literal["", "ABORTED", "ANSWER", "DIALING", "HANGUP", "NOANSWER", "VOICEMAIL_DETECTED"]
_PARTIES: dict[DialStatus, PartyStatus] = {
    "ANSWER": "ANSWER",
    "BUSY": "NOANSWER",
    "CANCEL": "ABORTED",
    "CHANUNAVAIL": "NOANSWER",
    "CONGESTION": "NOANSWER",
    "NOANSWER": "NOANSWER",
    "NODIAL": "ABORTED",
}

Targets = Annotated[list[Target], Meta(min_length=1)]


class StartOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """CLICKTOCALL.Start.Options."""

    cdr_field: CDR_FIELD = ""
    cli: str = "BLOCKED"
    schedule: str = ""


class Party(msgspec.Struct, frozen=True):
    """CLICKTOCALL.Call.Status."""

    callid: int = 0
    number: str = ""
    status: PartyStatus = ""
    try_: int = msgspec.field(default=0, name="try")


@dataclass
class Click:
    """One click-to-call, and how far it is."""

    hash: str
    app: App
    a_targets: list[Target]
    b_targets: list[Target]
    options: StartOptions
    cli: str
    created: str
    updated: str
    started: str = ""
    parties: dict[str, Party] = field(default_factory=lambda: {"a": Party(), "b": Party()})

    def shown(self) -> dict[str, Any]:
        """CLICKTOCALL.Call."""
        return {
            "a_status": self.parties["a"],
            "a_targets": self.a_targets,
            "app": self.app,
            "b_status": self.parties["b"],
            "b_targets": self.b_targets,
            "cdr_field": self.options.cdr_field,
            "cli": self.options.cli,
            "date_creation": self.created,
            "date_scheduled": self.options.schedule or self.created,
            "date_started": self.started,
            "date_update": self.updated,
            "hash": self.hash,
        }


class Clicks:
    """The service `clicktocall/calls`."""

    def __init__(self, switch: Switch, apps: Apps, now: Callable[[], datetime]) -> None:
        self._switch = switch
        self._apps = apps
        self._now = now
        self._clicks: dict[str, Click] = {}

    def start(self, app: str, a_targets: Targets, b_targets: Targets, options: StartOptions | None) -> str:
        """`clicktocall/calls.start_2`: the call's hash, at once."""
        found = self._apps.get(app)
        if not isinstance(found.p, ClickToCall):
            raise RpcError("BAD_APP_TYPE")
        options = options or StartOptions()
        cli = self._apps.check_cli(options.cli)
        now, later = self._stamp(), self._is_later(options.schedule)
        click = Click(new_hash(), found, a_targets, b_targets, options, cli, now, now)
        self._clicks[click.hash] = click
        self._switch.accept(a_targets[0].number, app, options.cdr_field, click.hash)
        if not later:
            self._begin(click)
        return click.hash

    def cancel(self, hash_: str) -> bool:
        """`clicktocall/calls.cancel`: only before it has started."""
        click = self._find(hash_)
        if click.started or click.parties["a"].status:
            raise wrong_value("hash")
        for side in click.parties:
            self._now_is(click, side, Party(status="ABORTED"))
        return True

    def get_status(self, hash_: str) -> dict[str, Any]:
        """`clicktocall/calls.get_status`."""
        return self._find(hash_).shown()

    def run_scheduled(self) -> None:
        """Start all calls that wait for their time, whatever time it is."""
        for click in self._clicks.values():
            if not click.started and not click.parties["a"].status:
                self._begin(click)

    def _find(self, hash_: str) -> Click:
        if hash_ not in self._clicks:
            raise wrong_value("hash")
        return self._clicks[hash_]

    def _begin(self, click: Click) -> None:
        click.started = self._stamp()
        self._switch.background.spawn(self._connect(click))

    async def _connect(self, click: Click) -> None:
        a_leg = await self._reach(click, "a", click.cli)
        if a_leg is None:
            self._now_is(click, "b", Party(status="ABORTED"))
            return
        params, a_number = _params(click), click.parties["a"].number
        transcript = self._switch.play(a_number, Transcript())
        transcript.add("rings", f"{click.cli} -> {a_number}")
        b_leg = await self._talk(click, a_leg, transcript)
        for side, leg in (("a", a_leg), ("b", b_leg)):
            if leg is not None:
                self._now_is(click, side, msgspec.structs.replace(click.parties[side], status="HANGUP"))
        self._switch.end(a_leg, "ANSWER", transcript, recorded=params.options.record_calls and b_leg is not None)
        if b_leg is not None:
            self._switch.close(b_leg, "ANSWER", _TALK_SECONDS, "CALLEE")

    async def _talk(self, click: Click, a_leg: Leg, transcript: Transcript) -> Leg | None:
        """Call B while A listens; B's leg when they could talk."""
        caller = self._switch.people.caller(click.parties["a"].number)
        welcome = spoken(_params(click).medias.A_welcome)
        try:
            if welcome:
                transcript.add("hears", welcome)
                if not await a_leg.control.run(caller.hears(welcome)):
                    self._now_is(click, "b", Party(status="ABORTED"))
                    transcript.add("hangs up", "caller")
                    return None
            b_leg = await a_leg.control.run(self._reach(click, "b", click.parties["a"].number))
        except BrokenInto:
            b = click.parties["b"]
            self._switch.give_up(b.callid)
            self._now_is(click, "b", msgspec.structs.replace(b, status="ABORTED"))
            transcript.add("hangs up", "carrier")
            return None
        outcome = "answered" if b_leg else "no_answer"
        transcript.add("dials", f"{click.parties['b'].number}: {outcome}")
        transcript.add("hangs up", "callee" if b_leg else "server")
        return b_leg

    async def _reach(self, click: Click, side: Literal["a", "b"], cli: str) -> Leg | None:
        """Call the targets of one side, one after another; the leg of the one that answered."""
        options = _params(click).options
        targets = click.a_targets if side == "a" else click.b_targets
        detection = options.A_vms_detect if side == "a" else options.B_vms_detect
        for attempt in range(1, (options.A_attempts if side == "a" else 1) + 1):
            for target in targets:
                leg = self._switch.dial(click.app, target.number, cli, click.options.cdr_field)
                self._now_is(click, side, Party(leg.cdr.callid, target.number, "DIALING", attempt))
                status = await self._switch.ring(leg, target.number, target.timeout)
                machine = detection.get("active") and self._switch.people.of(target.number).machine
                party = "VOICEMAIL_DETECTED" if machine and status == "ANSWER" else _PARTIES[status]
                self._now_is(click, side, Party(leg.cdr.callid, target.number, party, attempt))
                if party == "ANSWER":
                    return leg
                self._switch.close(leg, status, int(status == "ANSWER"))
                if status == "CANCEL":
                    return None
        return None

    def _now_is(self, click: Click, side: str, party: Party) -> None:
        click.parties[side] = party
        click.updated = self._stamp()

    def _stamp(self) -> str:
        return f"{self._now():{_FORMAT}}"

    def _is_later(self, schedule: str) -> bool:
        if not schedule:
            return False
        try:
            return datetime.strptime(schedule, _FORMAT).replace(tzinfo=UTC) > self._now()
        except ValueError:
            raise wrong_value("options.schedule") from None


def _params(click: Click) -> ClickToCall:
    """The parameters of its app; `start` took no other."""
    params = click.app.p
    return params if isinstance(params, ClickToCall) else ClickToCall()

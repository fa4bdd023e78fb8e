"""CALLR's calls that a program leads (REALTIME10), in and out, and those that only say something.

Source: docs.callr.com, the pages of the service `calls`; what is posted to a hook is in `emulators/callr.py`.
Inferred: the values of `calls.get_status_1` (the words of click-to-call); that `calls.realtime` refuses another
type of app with BAD_APP_TYPE; that a dialout's leg has a record of its own from when it is dialled.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from voiceapp.emulators.caller import Caller, Outcome
from voiceapp.emulators.callr import CallrCall, CallrOptions, FirstStatus
from voiceapp.emulators.callr_commands import Media, Target, spoken
from voiceapp.emulators.platforms.background import BrokenInto
from voiceapp.emulators.platforms.callr.apps import Apps, new_hash
from voiceapp.emulators.platforms.callr.cdr import CdrIn, DialStatus
from voiceapp.emulators.platforms.callr.objects import CDR_FIELD, App, Realtime
from voiceapp.emulators.platforms.callr.rpc import RpcError, wrong_value
from voiceapp.emulators.platforms.callr.switch import DIAL_STATUSES, Leg, Switch
from voiceapp.emulators.platforms.people import OnTheLine
from voiceapp.emulators.transcript import Transcript

_FIRST: dict[DialStatus, FirstStatus] = {
    "ANSWER": "UP",
    "BUSY": "BUSY",
    "CANCEL": "HANGUP",
    "CHANUNAVAIL": "CONGESTION",
    "CONGESTION": "CONGESTION",
    "NOANSWER": "NOANSWER",
    "NODIAL": "REJECTED",
}
_DIALLED_SECONDS = 30


class RealtimeOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cdr_field: CDR_FIELD = ""
    cli: str = "BLOCKED"


class BroadcastOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cdr_field: CDR_FIELD = ""
    cli: str = "BLOCKED"
    direct_to_voicemail: bool = False
    loop: Annotated[int, Meta(ge=1, le=10)] = 1


Messages = Annotated[list[Media], Meta(min_length=1)]


class Calls:
    """The service `calls`. `template` is how every call is made: deadlines, duplicates."""

    def __init__(self, switch: Switch, apps: Apps, template: CallrOptions) -> None:
        self._switch = switch
        self._apps = apps
        self._template = template
        self._broadcasts: dict[str, str] = {}

    def realtime(self, app: str, target: Target, options: RealtimeOptions | None) -> str:
        """`calls.realtime`: the request's hash, at once; the phone rings afterwards."""
        found = self._realtime_app(app)
        options = options or RealtimeOptions()
        cli = self._apps.check_cli(options.cli)
        request = new_hash()
        self._switch.accept(target.number, app, options.cdr_field, request)
        self._switch.background.spawn(self._call_out(found, target, cli, options.cdr_field, request))
        return request

    def _realtime_app(self, hash_: str) -> App:
        try:
            app = self._apps.get(hash_)
        except RpcError:
            raise wrong_value("app") from None
        if not isinstance(app.p, Realtime):
            raise RpcError("BAD_APP_TYPE")
        return app

    async def _call_out(self, app: App, target: Target, cli: str, cdr_field: str, request: str) -> None:
        leg = self._switch.dial(app, target.number, cli, cdr_field)
        status = await self._switch.ring(leg, target.number, target.timeout)
        options = msgspec.structs.replace(
            self._template,
            first_status=_FIRST[status],
            cli_number=cli,
            number=target.number,
            request_hash=request,
            cdr_field=cdr_field,
        )
        await self._lead(leg, app, options, self._switch.people.caller(target.number), status)

    async def call_in(self, did: str, caller_number: str, caller: Caller) -> Transcript:
        """Call a DID; raises LookupError when it leads to no REALTIME10 app."""
        app, found = self._apps.of_number(did)
        leg = self._switch.arrive(app, found, caller_number)
        options = msgspec.structs.replace(
            self._template, first_status="INCOMING_CALL", cli_number=caller_number, number=did
        )
        return await self._lead(leg, app, options, caller, "ANSWER")

    async def _lead(
        self, leg: Leg, app: App, options: CallrOptions, caller: Caller, status: DialStatus
    ) -> Transcript:
        """Post to the app's hook until the call is over."""
        hook = app.p
        if not isinstance(hook, Realtime):
            raise LookupError(f"{app.hash} is no REALTIME10 app")
        options = msgspec.structs.replace(
            options, app=app.hash, callid=leg.cdr.callid, login=hook.login, password=hook.password
        )
        dialled: list[Leg] = []

        def dial(number: str, outcome: Outcome) -> None:
            params = call.transcript.exchanges[-1].reply["params"]
            blocked = params.get("cli", "BLOCKED") == "BLOCKED"
            cli = "" if blocked else params["cli"]
            child = self._switch.dial(app, number, cli, params.get("cdr_field", ""), leg.cdr.callid)
            if outcome == "answered":
                dialled.append(child)
            else:
                self._switch.close(child, DIAL_STATUSES[outcome], 0)

        line = OnTheLine(caller, self._switch.people, dial)
        call = leg.call = CallrCall(self._switch.background.session, hook.url, options, line)
        inbound = isinstance(leg.cdr, CdrIn)
        self._switch.play(options.cli_number if inbound else options.number, call.transcript)
        await _run(leg, call)
        for child in dialled:
            self._switch.close(child, "ANSWER", _DIALLED_SECONDS, "CALLEE")
        self._switch.end(leg, status, call.transcript)
        return call.transcript

    def broadcast(self, target: Target, messages: Messages, options: BroadcastOptions | None) -> str:
        """`calls.broadcast_1`: the request's id, at once."""
        options = options or BroadcastOptions()
        cli = self._apps.check_cli(options.cli)
        request = new_hash()
        self._broadcasts[request] = "DIALING"
        self._switch.accept(target.number, "", options.cdr_field, request)
        texts = [spoken(media) for media in messages] * options.loop
        self._switch.background.spawn(self._say(target, texts, cli, options.cdr_field, request))
        return request

    async def _say(self, target: Target, texts: list[str], cli: str, cdr_field: str, request: str) -> None:
        switch = self._switch
        leg = switch.dial(None, target.number, cli, cdr_field)
        status = await switch.ring(leg, target.number, target.timeout)
        transcript = switch.play(target.number, Transcript())
        transcript.add("rings", f"{cli} -> {target.number}")
        if status == "ANSWER":
            caller = switch.people.caller(target.number)
            try:
                by = await leg.control.run(_listen(caller, texts, transcript))
            except BrokenInto:
                by = "carrier"
            transcript.add("hangs up", by)
        else:
            transcript.add("unreached", status)
        self._broadcasts[request] = "HANGUP" if status == "ANSWER" else "NOANSWER"
        switch.end(leg, status, transcript)

    def get_status(self, id_: str) -> str:
        """`calls.get_status_1`."""
        if id_ not in self._broadcasts:
            raise wrong_value("id")
        return self._broadcasts[id_]


async def _listen(caller: Caller, texts: list[str], transcript: Transcript) -> str:
    """Let the caller hear all there is; who hangs up then."""
    for text in texts:
        transcript.add("hears", text)
        if not await caller.hears(text):
            return "caller"
    return "server"


async def _run(leg: Leg, call: CallrCall) -> None:
    """Play the call to its end, or until the API hangs up."""
    started = False
    while not call.over:
        try:
            if started:
                await leg.control.run(call.step())
            else:
                started = True
                await leg.control.run(call.start())
        except BrokenInto:
            if leg.control.take() == "break":
                await call.break_command()
            elif not call.over:
                await call.hang_up(by="carrier")

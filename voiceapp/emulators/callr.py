"""One call as CALLR's Real-Time service (REALTIME10) makes it.

Sources: docs.callr.com, "Real-Time reference" and "JSON objects" (RT.Request, RT.Response); the vendor's PHP
and .NET SDKs. Inferred, because no page tells: a late, unreadable or unknown reply drops the call; an invalid
parameter comes back as `command_error`; a dialout that was answered ends with the call, one that was not
comes back as `UP`; HANGUP carries the interrupted command; HTTP Basic credentials are sent unasked; a call
that is hung up while it rings posts HANGUP only; a command that is broken has an empty result.
"""

import secrets
from datetime import UTC, datetime
from typing import Any, Literal

import aiohttp
import msgspec

from voiceapp.emulators import callr_commands as commands
from voiceapp.emulators.caller import Caller, ScriptedCaller
from voiceapp.emulators.callr_phone import Done, Phone
from voiceapp.emulators.transcript import Exchange, Transcript
from voiceapp.emulators.wire import MAX_POSTS, Duplicates, Session, Wire

FirstStatus = Literal["INCOMING_CALL", "UP", "BUSY", "NOANSWER", "CONGESTION", "REJECTED", "HANGUP"]


class CallrOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How CALLR makes this call. `first_status` decides the direction: inbound is INCOMING_CALL.

    `number` is the one of the application (inbound) or the called one (outbound). `request_hash` is what
    `calls.realtime` returned, and is sent as null when inbound. `callid` 0 makes one that needs all of its
    64 bits. `deadline` is in seconds (documented: 5). `date_started` is `YYYY-MM-DD HH:MM:SS` UTC, `""` now.
    `partial_answers`: a HANGUP that interrupts `read` carries the keys so far; whether CALLR does is unknown.
    """

    first_status: FirstStatus = "INCOMING_CALL"
    cli_name: str = ""
    cli_number: str = "+33612345678"
    number: str = "+33123456789"
    app: str = "4346423A"
    callid: int = 0
    request_hash: str = "4260XMAQ"
    cdr_field: str = ""
    date_started: str = ""
    login: str = ""
    password: str = ""
    deadline: float = 5.0
    partial_answers: bool = True
    duplicates: Duplicates = Duplicates()
    max_posts: int = MAX_POSTS


class CallrCall:
    """The carrier's side of one call. `run` plays it whole; `start` and `step` one post at a time."""

    def __init__(
        self,
        session: Session,
        url: str,
        options: CallrOptions | None = None,
        caller: Caller | None = None,
    ) -> None:
        self.options = options or CallrOptions()
        self.caller: Caller = caller or ScriptedCaller()
        self.transcript = Transcript()
        self.over = False
        self.busy = False
        self._started = False
        self._url = url
        login = self.options.login, self.options.password
        self._wire = Wire(
            session,
            self.transcript,
            self.options.duplicates,
            {"Authorization": aiohttp.encode_basic_auth(*login)} if any(login) else {},
        )
        self._request = self._first_request()
        self._params: object = None
        self._phone = Phone(self.transcript, partial_answers=self.options.partial_answers)

    @property
    def ending(self) -> bool:
        """The last post is on its way, or was sent."""
        return self.over or self._request["call_status"] not in ("INCOMING_CALL", "UP")

    def _first_request(self) -> dict[str, Any]:
        """The 14 fields of RT.Request, in the order of the vendor's sample."""
        options = self.options
        return {
            "app": options.app,
            "callid": options.callid or 2**63 + secrets.randbelow(2**63),
            "request_hash": None if options.first_status == "INCOMING_CALL" else options.request_hash,
            "cli_name": options.cli_name,
            "cli_number": options.cli_number,
            "date_started": options.date_started or f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}",
            "number": options.number,
            "command": "",
            "command_id": 0,
            "command_result": "",
            "command_error": "",
            "call_status": options.first_status,
            "cdr_field": options.cdr_field,
            "variables": {},
        }

    async def run(self, caller: Caller | None = None) -> Transcript:
        """Play the call, or what is left of it, to its end."""
        if caller is not None:
            self.caller = caller
        if not self._started:
            await self.start()
        while not self.over:
            await self.step()
        return self.transcript

    async def start(self) -> None:
        """Post the first request, and read the first command from its reply."""
        options = self.options
        self._started = True
        self.transcript.add("rings", f"{options.cli_number} -> {options.number}")
        exchange = await self.post()
        if options.first_status in ("INCOMING_CALL", "UP"):
            await self._take(exchange)
        else:
            self.transcript.add("unreached", options.first_status)
            self._end(exchange)

    async def step(self) -> bool:
        """Do what the last reply commands and post how it ended; `False` when the call is over."""
        if self.over:
            return False
        if self._wire.sent >= self.options.max_posts - 1:
            await self._drop(f"the call is not over after {self.options.max_posts} posts")
            return False
        try:
            command = commands.parse(self._request["command"], self._params)
        except msgspec.ValidationError as error:
            done = Done(result="", error=str(error))
        else:
            done = await self._do(command)
        self._request |= {"command_result": done.result, "command_error": done.error}
        if done.gone:
            await self._post_hangup()
        else:
            self._request["call_status"] = "UP"
            await self._take(await self.post())
        return not self.over

    async def _do(self, command: commands.Command) -> Done:
        """Do a command; `busy` meanwhile."""
        self.busy = True
        try:
            return await self._phone.do(command, self.caller)
        finally:
            self.busy = False

    async def post(self, **changes: Any) -> Exchange:
        """Send a request with `changes`; what comes back moves nothing.

        Unchanged are the command that the last reply asked for, and the status and result of the last post.
        """
        return await self._wire.send(self._url, {**self._request, **changes}, deadline=self.options.deadline)

    async def break_command(self) -> None:
        """The last command is given up because the API says so; whatever it did has no result."""
        self._request |= {"command_result": "", "command_error": "", "call_status": "UP"}
        await self._take(await self.post())

    async def hang_up(self, partial: str = "", by: Literal["caller", "carrier"] = "caller") -> None:
        """The call ends while the last command runs, which had `partial` as its result."""
        self.transcript.add("hangs up", by)
        self._request |= {"command_result": partial, "command_error": ""}
        await self._post_hangup()

    async def _post_hangup(self) -> None:
        self._request["call_status"] = "HANGUP"
        self._end(await self.post())

    def _end(self, exchange: Exchange) -> None:
        """The call is over; the body of a reply to its last post is read by nobody (inferred)."""
        self.over = True
        if exchange.problem:
            self.transcript.add("defect", exchange.problem)

    async def _drop(self, reason: str) -> None:
        """What a useless reply leads to (inferred)."""
        self.transcript.add("defect", reason)
        self.transcript.add("hangs up", "carrier")
        self._request |= {"command_result": "", "command_error": ""}
        await self._post_hangup()

    async def _take(self, exchange: Exchange) -> None:
        """Make the reply's command the one that `step` does next."""
        reply = exchange.reply
        problem = exchange.problem or commands.reply_problem(reply)
        if problem:
            await self._drop(problem)
            return
        if exchange.content_type != "application/json":
            self.transcript.add("defect", f"the reply's type is {exchange.content_type}")
        variables = reply.get("variables", self._request["variables"])
        if "command_id" not in reply or not isinstance(variables, dict):
            self.transcript.add("defect", "the reply has no `command_id`, or `variables` that are no object")
        self._request |= {
            "command": reply["command"],
            "command_id": reply.get("command_id"),
            "variables": variables,
        }
        self._params = reply.get("params")

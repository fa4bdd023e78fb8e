"""What Routee tells the server about one call, and the plans that it takes back.

Sources: docs.routee.net, "call-flow", "webhooks-callbacks" and "voice-conversation-callbacks". Inferred: an
unusable reply to an event lets the running plan go on; the machine detection event has the same four fields
as the others, and so has the query of a GET. Observed by a deployed application
(github.com/buildingidgr/dialplan): `collectedTones`, and a last POST with none after a call on which nothing
was submitted.
"""

from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

import msgspec

from voiceapp.emulators.caller import Outcome
from voiceapp.emulators.routee_plan import Plan, Verb, parse_plan
from voiceapp.emulators.routee_posts import Direction, Leg, LegRecord
from voiceapp.emulators.routee_tones import Gathering
from voiceapp.emulators.transcript import Exchange, Transcript
from voiceapp.emulators.wire import MAX_POSTS, Duplicates, Session, Wire

FINAL = frozenset({"Completed", "Busy", "NoAnswer", "Failed"})
"""Statuses after which none follows, of those that are made here."""


class RouteeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How Routee makes this call, and how it reads what its documentation leaves open.

    `outcome` is what becomes of an outbound call; `conversation` the id that the REST call returned, `""` for
    a new one. `plan` is a dialplan that came with the order: none is fetched then. `status_url` gets every
    change of the call, or its end alone (`status_strategy`), `machine_url` the machine detection event as the
    plan begins; `hang_up_on_machine`: the call ends there. `max_duration` is in seconds, 0 for no limit;
    `recordings` the host of the files. Deadlines are in seconds (documented: 3, and 2 for statuses).
    `collect_from_start`, `first_collect_wins` and `whole_call`: see `Gathering`. `keys_during_prompts`: a
    caller may press keys while a bargeIn prompt plays, not in a PAUSE only. `verbs_after_talk`: the plan goes
    on after a DIAL that was answered.
    """

    direction: Direction = "Inbound"
    outcome: Outcome = "answered"
    from_number: str = "+33612345678"
    to_number: str = "+33123456789"
    conversation: str = ""
    method: Literal["GET", "POST"] = "POST"
    plan: dict[str, Any] | None = None
    status_url: str = ""
    status_strategy: Literal["OnChange", "OnCompletion"] = "OnChange"
    machine_url: str = ""
    hang_up_on_machine: bool = False
    max_duration: int = 0
    recordings: str = "https://connect.routee.net"
    deadline: float = 3.0
    status_deadline: float = 2.0
    collect_from_start: bool = False
    first_collect_wins: bool = False
    whole_call: bool = False
    keys_during_prompts: bool = False
    verbs_after_talk: bool = False
    duplicates: Duplicates = Duplicates()
    max_posts: int = MAX_POSTS


class RouteeLine:
    """What lies between one call and the server: `verbs` still to run, `gathering`, a virtual `clock`."""

    def __init__(self, session: Session, url: str, options: RouteeOptions) -> None:
        self.transcript = Transcript()
        self.wire = Wire(session, self.transcript, options.duplicates)
        self.leg = Leg(
            conversation=options.conversation or str(uuid4()),
            sender=options.from_number,
            recipient=options.to_number,
            direction=options.direction,
        )
        self.gathering = Gathering(
            whole_call=options.whole_call,
            first_wins=options.first_collect_wins,
            from_start=options.collect_from_start,
        )
        self.verbs: deque[Verb] = deque()
        self.legs: dict[str, LegRecord] = {}
        self.clock = 0.0
        self.over = False
        self._url = url
        self._options = options
        self._began = datetime.now(UTC)
        self.note(self.leg, "Queued", self._began, 0)

    @property
    def now(self) -> datetime:
        """The virtual time."""
        return self._began + timedelta(seconds=self.clock)

    async def fetch_plan(self) -> bool:
        """Ask for the first plan; a reply without one drops the call."""
        options = self._options
        if options.plan is not None:
            self._run(parse_plan(msgspec.json.encode(options.plan)))
            return True
        exchange = await self.wire.send(
            self._url, self.leg.base(), deadline=options.deadline, method=options.method
        )
        problem = self._load(exchange)
        if problem:
            await self.drop(problem)
        return not problem

    async def post(self, url: str, **fields: Any) -> Exchange:
        """Send the four fields and `fields`; what comes back moves nothing."""
        return await self.wire.send(url, self.leg.base() | fields, deadline=self._options.deadline)

    async def post_event(self, url: str, **fields: str) -> bool:
        """Post an event; `True` when the reply's plan replaces the running one.

        A reply that is empty, or `{}`, has no plan on purpose; any other invalid one is a defect.
        """
        self.note(self.leg, "InProgress", self.now, int(self.clock)).tones += fields.get("collectedTones", "")
        exchange = await self.post(url, **fields)
        problem = self._load(exchange)
        if problem and (exchange.problem or exchange.body.strip() not in (b"", b"{}")):
            self.transcript.add("defect", problem)
        return not problem

    async def post_status(self, url: str, body: dict[str, Any]) -> None:
        """Tell something that needs no reply but a 200."""
        exchange = await self.wire.send(url, body, deadline=self._options.status_deadline)
        if exchange.problem:
            self.transcript.add("defect", f"status post: {exchange.problem}")

    def note(self, leg: Leg, status: str, at: datetime, seconds: int) -> LegRecord:
        """Keep the present status of a leg."""
        record = self.legs.setdefault(leg.message, LegRecord(leg, status, at))
        record.status, record.at, record.seconds = status, at, seconds
        return record

    def record(self, leg: Leg, start: datetime, end: datetime) -> dict[str, Any]:
        """Keep a recording of a leg; its callback."""
        body = leg.recording(start, end, self._options.recordings)
        self.legs[leg.message].recordings.append(body)
        return body

    async def report(self, status: str) -> None:
        """Tell the call's own status to whoever wants it."""
        options, seconds = self._options, int(self.clock)
        self.note(self.leg, status, self.now, seconds)
        if options.status_url and (status in FINAL or options.status_strategy == "OnChange"):
            await self.post_status(options.status_url, self.leg.status(status, self.now, seconds))

    async def drop(self, reason: str) -> None:
        """End the call because of a defect of the server; its status is then Failed (inferred)."""
        self.transcript.add("defect", reason)
        await self.end("carrier", "Failed")

    async def end(self, by: str, status: str = "Completed") -> None:
        """End the call; the body of a reply to its last POST is read by nobody."""
        self.over = True
        self.transcript.add("hangs up", by)
        collect = self.gathering.collect
        if collect is not None and not self.gathering.answered:
            exchange = await self.post(collect.event_url, collectedTones="")
            if exchange.problem:
                self.transcript.add("defect", exchange.problem)
        await self.report(status)

    def _load(self, exchange: Exchange) -> str:
        """Run the plan of this reply from now on; what is wrong with it, `""` when nothing is."""
        if exchange.problem:
            return exchange.problem
        try:
            plan = parse_plan(exchange.body)
        except ValueError as error:  # msgspec's errors, and bytes that are no UTF-8
            return f"invalid dialplan: {error}"
        if exchange.content_type != "application/json":
            self.transcript.add("defect", f"the reply's type is {exchange.content_type}")
        self._run(plan)
        return ""

    def _run(self, plan: Plan) -> None:
        self.verbs = deque(plan.verbs)
        self.gathering.new_plan(plan)

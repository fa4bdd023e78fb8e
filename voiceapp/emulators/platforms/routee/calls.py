"""Routee's conversations: ordered, rung, led by a dialplan, told about.

Sources: docs.routee.net, "perform-a-voice-conversation", "call-flow", and its reference of the look-ups; the posts
are in `emulators/routee.py`. Inferred: a machine that is hung up on was sent the plan first; a call that is
rejected while it rings, or rings too long, ends as NoAnswer; a network lets it ring for a minute.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import uuid4

import msgspec
from msgspec import Meta

from voiceapp.emulators.caller import Caller, ScriptedCaller
from voiceapp.emulators.platforms.background import Background, BrokenInto, Control
from voiceapp.emulators.platforms.people import OnTheLine, People
from voiceapp.emulators.platforms.records import Originate, Played, Show, present, shown
from voiceapp.emulators.platforms.routee.api import INVALID, NO_BALANCE, NOT_FOUND, TOO_MANY, Asked, RouteeError
from voiceapp.emulators.platforms.routee.numbers import Numbers
from voiceapp.emulators.routee import RouteeCall, RouteeOptions
from voiceapp.emulators.routee_plan import Callback, Dial, MachineDetection, Plan, Recipient, Seconds, Text, Url
from voiceapp.emulators.routee_posts import LegRecord, iso, price
from voiceapp.emulators.transcript import Transcript

_NETWORK_SECONDS = 60
_SHORTEST_GAP = timedelta(seconds=1)

Order = Literal["hang_up"] | Dial
"""What the API breaks into a call with; a DIAL is a transfer."""


class ConversationOrder(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """The body of `POST /voice/conversation`; durations are in seconds."""

    from_: Text = msgspec.field(name="from")
    to: Recipient
    dial_plan: Plan | None = None
    dial_plan_url: Url | None = None
    callback: Callback | None = None
    hangup_delay: Annotated[int, Meta(ge=1, le=60)] | None = None
    max_duration: Seconds | None = None
    machine_detection: MachineDetection | None = None

    def __post_init__(self) -> None:
        if (self.dial_plan is None) == (self.dial_plan_url is None):
            raise ValueError("Object needs exactly one of `dialPlan` and `dialPlanUrl`")


@dataclass
class Conversation:
    """One call, and what the API may still say to it."""

    call: RouteeCall
    number: str
    created: datetime
    said: dict[str, Any]
    machine: bool | None
    control: Control[Order] = field(default_factory=Control)

    @property
    def id(self) -> str:
        """What the look-ups call trackingId or conversationTrackingId."""
        return self.call.line.leg.conversation

    @property
    def leg(self) -> LegRecord:
        """The leg of who was called, or calls."""
        return self.call.line.legs[self.call.line.leg.message]

    def shown(self) -> dict[str, Any]:
        """A conversation, as it was ordered; `recordings` of all its legs."""
        legs = self.call.line.legs.values()
        return self.said | {"recordings": [recording for leg in legs for recording in leg.recordings]}


class Conversations:
    """The calls of an account. `limit`: only one order a second; `balance` in the account's currency."""

    def __init__(
        self,
        people: People,
        background: Background,
        numbers: Numbers,
        template: RouteeOptions,
        now: Callable[[], datetime],
        *,
        limit: bool,
    ) -> None:
        self.originates: list[Originate] = []
        self.played: list[Played] = []
        self.all: dict[str, Conversation] = {}
        self._people = people
        self._background = background
        self._numbers = numbers
        self._template = template
        self.show: Show | None = None
        self._now = now
        self._limit = limit

    def order(self, asked: Asked) -> dict[str, Any]:
        """`POST /voice/conversation`."""
        order = asked.read(ConversationOrder)
        if self._numbers.balance <= 0:
            raise RouteeError(NO_BALANCE, "Insufficient Balance")
        now, last = self._now(), self.originates[-1:]
        if self._limit and last and now - last[0].at < _SHORTEST_GAP:
            raise RouteeError(TOO_MANY, "Too Many Requests")
        conversation = self._open(order, asked.read(dict[str, Any]), now)
        self._background.spawn(self._call_out(conversation, order.hangup_delay or _NETWORK_SECONDS))
        return conversation.said

    def _open(self, order: ConversationOrder, body: dict[str, Any], now: datetime) -> Conversation:
        number, tracking = order.to.address, str(uuid4())
        person, detection = self._people.of(number), order.machine_detection
        found = detection is not None and person.machine
        options = msgspec.structs.replace(
            self._template,
            direction="Outbound",
            outcome=person.outcome,
            from_number=order.from_,
            to_number=number,
            conversation=tracking,
            plan=body.get("dialPlan"),
            status_url=order.callback.url if order.callback else "",
            status_strategy=order.callback.strategy if order.callback else "OnChange",
            machine_url=(detection.event_url or "") if found and detection else "",
            hang_up_on_machine=bool(found and detection and detection.strategy == "Hangup"),
            max_duration=order.max_duration or 0,
        )
        caller = OnTheLine(self._people.caller(number), self._people)
        call = RouteeCall(self._background.session, order.dial_plan_url or "", options, caller)
        said = {"trackingId": tracking, "direction": "Outbound", "createdAt": iso(now)} | present(body)
        conversation = Conversation(call, number, now, said, person.machine if detection else None)
        self.all[tracking] = conversation
        self.originates.append(Originate(number=number, reference=tracking, at=now, url=order.dial_plan_url or ""))
        return conversation

    def get(self, asked: Asked) -> dict[str, Any]:
        """`GET /voice/conversation/{id}`."""
        conversation = self.all.get(asked.path["id"])
        if conversation is None:
            raise RouteeError(NOT_FOUND, "Conversation not found")
        return conversation.shown()

    def of_leg(self, message: str) -> Conversation:
        """The conversation that has this leg; raises RouteeError."""
        for conversation in self.all.values():
            if message in conversation.call.line.legs:
                return conversation
        raise RouteeError(NOT_FOUND, "Voice message not found")

    async def call_in(self, number: str, caller_number: str, caller: Caller | None) -> Transcript:
        """Call a number of the account; raises LookupError when it has no dialplan."""
        rented = self._numbers.dialled(number)
        options = msgspec.structs.replace(
            self._template,
            direction="Inbound",
            from_number=caller_number,
            to_number=number,
            status_url=rented.inbound_voice_callback_url or "",
        )
        line = OnTheLine(caller or ScriptedCaller(), self._people)
        call = RouteeCall(self._background.session, rented.dialplan_url, options, line)
        now = self._now()
        said = {
            "trackingId": call.line.leg.conversation,
            "direction": "Inbound",
            "createdAt": iso(now),
            "from": caller_number,
            "to": {"phone": number},
            "dialPlanUrl": rented.dialplan_url,
        }
        conversation = self.all[call.line.leg.conversation] = Conversation(call, caller_number, now, said, None)
        self._play(conversation)
        await call.ring()
        await self._talk(conversation)
        return call.transcript

    async def _call_out(self, conversation: Conversation, within: float) -> None:
        call, control = conversation.call, conversation.control
        self._play(conversation)
        try:
            await control.run(call.ring())
            outcome = await control.run(self._people.ring(conversation.number, within))
        except BrokenInto:
            control.take()
            outcome = "no_answer"
        if outcome == "answered":
            await self._talk(conversation)
        else:
            await call.pick_up(outcome)

    async def _talk(self, conversation: Conversation) -> None:
        """From the moment when it is answered to its end, whatever the API says meanwhile."""
        call, control = conversation.call, conversation.control
        work: Any = call.pick_up("answered")
        while work is not None:
            try:
                await control.run(work)
            except BrokenInto:
                await self._obey(call, control.take())
            work = None if call.over else call.step()
        self._numbers.balance -= sum(price(leg.seconds) for leg in call.line.legs.values())

    async def _obey(self, call: RouteeCall, order: Order) -> None:
        if call.over:
            return
        if isinstance(order, Dial):
            call.line.verbs = deque([order])
        else:
            await call.line.end("carrier")

    def _play(self, conversation: Conversation) -> None:
        self.played.append(shown(Played(conversation.number, conversation.call.transcript), self.show))


def check_live(conversation: Conversation, *statuses: str) -> None:
    """Raises RouteeError unless the call is in one of these statuses."""
    if conversation.call.over or conversation.leg.status not in statuses:
        raise RouteeError(INVALID, f"Validation Error. The call is {conversation.leg.status}")

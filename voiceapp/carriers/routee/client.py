"""Routee as a Platform: conversations whose dial plan is asked for at our hook, with the attempt in every URL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import msgspec

from voiceapp.attempt import HIDDEN
from voiceapp.carriers.asking import Lock
from voiceapp.carriers.platform import Change, Credit, Found, Number, Outcome, Placement
from voiceapp.carriers.routee.account import Account, RentedNumber, number_path
from voiceapp.carriers.routee.conversations import Conversations, Leg, recipient
from voiceapp.carriers.routee.rest import Access, Rest
from voiceapp.carriers.routee.verbs import RouteeOptions, hook_url
from voiceapp.errors import PlatformError
from voiceapp.exchange import Send

LONGEST_RING = 60
"""Seconds (perform-a-voice-conversation page)."""
_TALKING = frozenset({"InProgress"})
_RINGING = frozenset({"Queued", "Initiated", "Ringing"})
_OUTCOMES: Mapping[str, Outcome] = {
    "Completed": "answered",
    "Terminated": "answered",
    "Busy": "busy",
    "NoAnswer": "no_answer",
    "Failed": "failed",
    "Unsent": "failed",
}
"""Of every final status; any other, and one that is not known, is of a call under way."""
_STRATEGIES = {"hang_up": "Hangup", "continue": "Continue"}


class PointNumber(Change, frozen=True, kw_only=True):
    """A number that goes elsewhere. `sms_url` stays what it is: that an update leaves out nothing is inferred."""

    flow: str
    number: str
    sms_url: str


class RouteePlatform:
    """One account at Routee. `sender`: what called parties see when a placement does not say; `now` and `lock`:
    see `Rest`."""

    name = "routee"

    def __init__(
        self,
        send: Send,
        access: Access,
        options: RouteeOptions,
        *,
        lock: Lock,
        now: Callable[[], float],
        sender: str = "",
    ) -> None:
        self._rest = Rest(send, access, lock=lock, now=now, secrets=(options.secret,))
        self.conversations = Conversations(self._rest)
        self.account = Account(self._rest)
        self._options = options
        self._sender = sender
        self._hooks = f"{options.public_url}/hooks/routee/"

    async def place(self, placement: Placement) -> str:
        """See `Platform.place`."""
        return await self.conversations.perform(self._conversation(placement))

    async def find(self, placement: Placement, since: datetime, until: datetime) -> Found | None:
        """See `Platform.find`: by the conversations with the called party, where the URL has the attempt."""
        legs = await self.conversations.to(next(iter(recipient(placement.to).values())), since, until)
        seen = {""}
        for leg in legs:
            if leg.conversation not in seen and await self._is_of(leg.conversation, placement.attempt):
                return _found(leg)
            seen.add(leg.conversation)
        return None

    async def look_up(self, call_ref: str) -> Found | None:
        """See `Platform.look_up`: who answered is only in the tracking."""
        leg = next(iter(await self._legs(call_ref)), None)
        return None if leg is None else _found(leg)

    async def hang_up(self, call_ref: str) -> None:
        """See `Platform.hang_up`; a leg's id is taken too. Nothing is done when the call is over."""
        done = False
        for leg in await self._legs(call_ref):
            try:
                done = await self._end(leg) or done
            except PlatformError as error:
                if not done or error.unclear:
                    raise

    async def credit(self) -> Credit:
        """See `Platform.credit`."""
        return await self.account.balance()

    async def numbers(self) -> tuple[Number, ...]:
        """See `Platform.numbers`."""
        return tuple(self._number(number) for number in await self.account.numbers())

    async def changes(self, flow: str, number: str | None) -> tuple[Change, ...]:
        """See `Platform.changes`; calls that are placed need none."""
        if number is None:
            return ()
        rented = next((each for each in await self.account.numbers() if each.number == number), None)
        if rented is None:
            raise PlatformError(f"the account has no number {number}", code="no_number")
        if (rented.plan_url, rented.status_url) == (self._url(flow, ""), self._url(flow, "status")):
            return ()
        url = self._rest.url(number_path(number))
        veiled = replace(self._options, secret="~" if self._options.secret else "")
        shown = msgspec.json.encode(self._pointing(flow, _bare(rented.sms_url), veiled)).decode()
        instead = rented.forwarded or _bare(rented.plan_url)
        return (
            PointNumber(
                what=f"Let {number} ask {_bare(self._url(flow, ''))} for its plan"
                + (f" instead of {instead}." if instead else "."),
                request=(f"PUT {url}", shown.replace("secret=~", "secret=…")),
                flow=flow,
                number=number,
                sms_url=rented.sms_url,
            ),
        )

    async def make(self, changes: Sequence[Change]) -> None:
        """See `Platform.make`."""
        for change in changes:
            if not isinstance(change, PointNumber):
                raise TypeError("a change of another carrier")
            await self.account.update(change.number, self._pointing(change.flow, change.sms_url, self._options))

    def _conversation(self, placement: Placement) -> dict[str, object]:
        """The body of the request; raises PlatformError for what Routee cannot do."""
        sender = placement.shown or self._sender
        if sender == HIDDEN:
            raise PlatformError("Routee cannot hide the caller's number", code="no_hidden_number")
        if not sender:
            message = "Routee has to be told what the called party sees: give the call a number, or set a default"
            raise PlatformError(message, code="no_sender")
        body: dict[str, object] = {
            "from": sender,
            "to": recipient(placement.to),
            "dialPlanUrl": self._attempt_url(placement, ""),
            "callback": {"url": self._attempt_url(placement, "status"), "strategy": "OnChange"},
            "hangupDelay": min(max(placement.ring, 1), LONGEST_RING),
        }
        if placement.max_seconds is not None:
            body["maxDuration"] = max(placement.max_seconds, 1)
        if placement.machine is not None:
            detection = {"strategy": _STRATEGIES[placement.machine]}
            if placement.machine == "continue":
                detection["eventUrl"] = self._attempt_url(placement, "machine")
            body["machineDetection"] = detection
        return body

    def _url(self, flow: str, hook: str) -> str:
        return hook_url(self._options, flow, hook)

    def _attempt_url(self, placement: Placement, hook: str) -> str:
        url = self._url(placement.flow, hook)
        return f"{url}{'&' if '?' in url else '?'}attempt={placement.attempt}"

    def _pointing(self, flow: str, sms_url: str, options: RouteeOptions) -> dict[str, object]:
        body: dict[str, object] = {
            "voiceInboundStrategy": {"dialplanUrl": hook_url(options, flow, "")},
            "inboundVoiceCallbackUrl": hook_url(options, flow, "status"),
        }
        return body | {"inboundSmsCallbackUrl": sms_url} if sms_url else body

    async def _is_of(self, ref: str, attempt: str) -> bool:
        try:
            conversation = await self.conversations.get(ref)
        except PlatformError as error:
            if error.status == 404:  # a leg of a campaign has no conversation of its own
                return False
            raise
        return parse_qs(urlsplit(conversation.plan_url).query).get("attempt") == [attempt]

    async def _legs(self, ref: str) -> tuple[Leg, ...]:
        try:
            legs = await self.conversations.legs(ref)
        except PlatformError as error:
            if error.status != 404:
                raise
            legs = ()
        return legs or (await self.conversations.leg(ref),)

    async def _end(self, leg: Leg) -> bool:
        """Whether the leg had to be ended."""
        if leg.status in _TALKING:
            await self.conversations.hang_up(leg.ref)
        elif leg.status in _RINGING:
            await self.conversations.reject(leg.ref)
        else:
            return False
        return True

    def _number(self, rented: RentedNumber) -> Number:
        url = _bare(rented.plan_url)
        return Number(number=rented.number, points_to=rented.forwarded or url, ours=url.startswith(self._hooks))


def _bare(url: str) -> str:
    """A URL without its query, where secrets are."""
    return url.partition("?")[0]


def _found(leg: Leg) -> Found:
    return Found(
        ref=leg.conversation,
        call_ref=leg.conversation,
        outcome=_OUTCOMES.get(leg.status, "under_way"),
        seconds=leg.seconds,
        price=leg.price,
        cause=leg.status,
        machine=leg.answered_by == "MACHINE",
    )

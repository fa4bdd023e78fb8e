"""Routee's platform: the REST API for voice and numbers, with everything behind it.

Source: docs.routee.net; each module beside this one says what is inferred. The authentication server and the API
are one host here. Not there: campaigns, SMS, pools, numbers that forward, numbers that are for rent, retries of
status callbacks.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec
from aiohttp import web

from voiceapp.emulators.caller import Caller
from voiceapp.emulators.platforms.background import Background
from voiceapp.emulators.platforms.faults import Faults
from voiceapp.emulators.platforms.people import People
from voiceapp.emulators.platforms.records import ApiRequest, Originate, Played, Show, silent_wav, utc_now
from voiceapp.emulators.platforms.routee.api import Api, Tokens
from voiceapp.emulators.platforms.routee.calls import Conversations
from voiceapp.emulators.platforms.routee.controls import Controls
from voiceapp.emulators.platforms.routee.numbers import Numbers
from voiceapp.emulators.platforms.routee.tracking import Tracking
from voiceapp.emulators.routee import RouteeOptions
from voiceapp.emulators.transcript import Transcript


class RouteePlatform:
    """One application. `numbers` are those of the account (E.164), `balance` is in euros.

    `call` is how every call is made but for its own facts; `limit`: more than one order a second gets 429;
    `public_url` where this platform can be reached, for the URLs of recordings; `now` gives aware UTC times.
    `faults` is where to order what goes wrong, under `POST /voice/conversation` or `GET /voice/tracking/{id}`.
    """

    def __init__(
        self,
        people: People | None = None,
        *,
        app_id: str = "app",
        app_secret: str = "secret",  # noqa: S107 - an application that is made up
        numbers: Iterable[str] = ("+33123456789",),
        balance: float = 100.0,
        limit: bool = False,
        call: RouteeOptions | None = None,
        public_url: str = "https://connect.routee.net",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.faults = Faults()
        self.people = people or People()
        self._background = Background()
        self._tokens = Tokens(app_id, app_secret, now)
        self._api = Api(self._tokens, self.faults)
        self._numbers = Numbers(numbers, balance, now)
        template = msgspec.structs.replace(call or RouteeOptions(), recordings=public_url)
        self._conversations = Conversations(
            self.people, self._background, self._numbers, template, now, limit=limit
        )
        self._tracking = Tracking(self._conversations)
        self._controls = Controls(self._conversations, now)
        self.app = web.Application()
        self.app.add_routes(self.routes())

    def routes(self) -> list[web.RouteDef]:
        """What the platform answers to."""
        route, controls = self._api.route, self._controls
        one = "/voice/conversation/{id}"
        return [
            self._api.token_route(),
            route("POST", "/voice/conversation", self._conversations.order),
            route("GET", one, self._conversations.get),
            route("PUT", one, controls.act),
            route("POST", f"{one}/transfer", controls.transfer),
            route("POST", f"{one}/dtmf", controls.dtmf),
            route("POST", f"{one}/talk", controls.talk),
            route("DELETE", f"{one}/talk", controls.stop),
            route("POST", f"{one}/file", controls.file),
            route("DELETE", f"{one}/file", controls.stop),
            route("POST", f"{one}/record", controls.record),
            route("DELETE", f"{one}/record", controls.stop_recording),
            route("GET", "/voice/tracking/conversation/{id}", self._tracking.of_conversation),
            route("GET", "/voice/tracking/{id}", self._tracking.of_leg),
            route("POST", "/voice/tracking", self._tracking.search),
            route("GET", "/numbers/my", self._numbers.list_mine),
            route("POST", "/numbers/my", self._numbers.rent),
            route("PUT", "/numbers/my/{msisdn}", self._numbers.update),
            route("GET", "/accounts/me/balance", self._numbers.show_balance),
            web.get("/recordings/my/downloads/{id}", self._download),
        ]

    @property
    def originates(self) -> list[Originate]:
        """Every accepted order to call somebody, in order."""
        return self._conversations.originates

    @property
    def requests(self) -> list[ApiRequest]:
        """Every request that was read, in order."""
        return self._api.requests

    @property
    def calls(self) -> list[Played]:
        """The calls that run or ran, in the order in which they began."""
        return self._conversations.played

    def show_to(self, show: Show) -> None:
        """Let `show` see each line of each call to come, the number of the other party in front."""
        self._conversations.show = show

    def expire_tokens(self) -> None:
        """Let all access tokens end now."""
        self._tokens.expire()

    async def call_in(self, number: str, caller_number: str, caller: Caller | None = None) -> Transcript:
        """Call a number of the account, and play the call to its end; raises LookupError without a dialplan."""
        return await self._conversations.call_in(number, caller_number, caller)

    async def idle(self) -> None:
        """Return when no call runs; raises what broke one."""
        await self._background.idle()

    async def close(self) -> None:
        """Give up all calls, let late answers go, close connections."""
        self.faults.close()
        await self._background.close()

    async def _download(self, request: web.Request) -> web.Response:
        """`GET /recordings/my/downloads/{id}`."""
        if not self._tokens.accept(request.headers.get("Authorization", "")):
            return web.Response(status=401)
        if not self._tracking.has_recording(request.match_info["id"]):
            return web.Response(status=404)
        return web.Response(body=silent_wav(), content_type="audio/wav")

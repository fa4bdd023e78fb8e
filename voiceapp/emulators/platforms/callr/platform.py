"""CALLR's platform: the JSON-RPC API, with everything behind it.

Source: docs.callr.com, the pages of the services; each module beside this one says what is inferred. Not there:
campaigns, conferences, SMS, ACTIONS10 and CALLTRACKING10 apps on the phone, buying numbers.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

from aiohttp import web

from voiceapp.emulators.caller import Caller, ScriptedCaller
from voiceapp.emulators.callr import CallrOptions
from voiceapp.emulators.platforms.background import Background
from voiceapp.emulators.platforms.callr.apps import Apps
from voiceapp.emulators.platforms.callr.calls import Calls
from voiceapp.emulators.platforms.callr.cdr import Cdrs
from voiceapp.emulators.platforms.callr.clicks import Clicks
from voiceapp.emulators.platforms.callr.media import MediaLibrary
from voiceapp.emulators.platforms.callr.recordings import Recordings
from voiceapp.emulators.platforms.callr.rpc import Credentials, Method, Rpc
from voiceapp.emulators.platforms.callr.switch import Switch
from voiceapp.emulators.platforms.callr.webhooks import Delivery, Webhooks
from voiceapp.emulators.platforms.faults import Faults
from voiceapp.emulators.platforms.people import People
from voiceapp.emulators.platforms.records import ApiRequest, Originate, Played, Show, utc_now
from voiceapp.emulators.transcript import Transcript

PATH = "/json-rpc/v1.1"


class CallrPlatform:
    """One account. `dids` are its numbers (E.164), `clis` others it may show, `credit` cents.

    `call` is how every call is made but for its own facts; `public_url` where this platform can be reached, for
    the URLs of recordings; `now` gives aware UTC times. `faults` is where to order what goes wrong.
    """

    def __init__(
        self,
        people: People | None = None,
        *,
        login: str = "login",
        password: str = "password",  # noqa: S107 - an account that is made up
        api_key: str = "0123456789" * 10,
        dids: Iterable[str] = ("+33123456789",),
        clis: Iterable[str] = (),
        credit: Decimal = Decimal(10_000),
        call: CallrOptions | None = None,
        public_url: str = "https://api.callr.com",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.faults = Faults()
        self.people = people or People()
        self._background = Background()
        self._credentials = Credentials(login, password, api_key, now)
        self._webhooks = Webhooks(self._background, now)
        self._recordings = Recordings(self._webhooks, public_url)
        self._cdrs = Cdrs(credit, now)
        self._switch = Switch(self.people, self._background, self._cdrs, self._webhooks, self._recordings, now)
        self._apps = Apps(dids, clis, self._webhooks, now)
        self._media = MediaLibrary(self._webhooks, self._background)
        self._calls = Calls(self._switch, self._apps, call or CallrOptions())
        self._clicks = Clicks(self._switch, self._apps, now)
        self._now = now
        self._rpc = Rpc(self._methods(), self._credentials, self.faults)
        self.app = web.Application()
        self.app.add_routes(self.routes())

    def _methods(self) -> dict[str, Method]:
        return {
            "calls.realtime": self._calls.realtime,
            "calls.hangup": self._switch.hangup,
            "calls.realtime_break": self._switch.realtime_break,
            "calls.broadcast_1": self._calls.broadcast,
            "calls.get_status_1": self._calls.get_status,
            "clicktocall/calls.start_2": self._clicks.start,
            "clicktocall/calls.cancel": self._clicks.cancel,
            "clicktocall/calls.get_status": self._clicks.get_status,
            "apps.create": self._apps.create,
            "apps.edit": self._apps.edit,
            "apps.get": self._apps.get,
            "apps.get_list": self._apps.get_list,
            "apps.search": self._apps.search,
            "apps.delete": self._apps.delete,
            "apps.assign_did": self._apps.assign_did,
            "apps.remove_did": self._apps.remove_did,
            "apps.get_dids": self._apps.get_dids,
            "apps.get_authorized_clis": self._apps.authorized_clis,
            "did.search": self._apps.search_dids,
            "cdr.get": self._cdrs.get,
            "media/library.create": self._media.create,
            "media/library.get": self._media.get,
            "media/library.get_list": self._media.get_list,
            "media/library.set_content": self._media.set_content,
            "media/tts.set_content": self._media.set_speech,
            "media/tts.get_voice_list": self._media.voices,
            "webhooks.subscribe": self._webhooks.subscribe,
            "webhooks.unsubscribe": self._webhooks.unsubscribe,
            "webhooks.get_list": self._webhooks.get_list,
            "webhooks.get_event_types": self._webhooks.event_types,
            "billing.get_prepaid_credit": self._cdrs.prepaid_credit,
            "system.get_timestamp": self._timestamp,
            "session.create": self._credentials.create_session,
        }

    def routes(self) -> list[web.RouteDef]:
        """What the platform answers to."""
        return [
            web.post(PATH, self._rpc.answer),
            web.post(f"{PATH}/", self._rpc.answer),
            web.get("/recordings/{hash}.wav", self._recordings.serve),
        ]

    @property
    def originates(self) -> list[Originate]:
        """Every accepted order to call somebody, in order."""
        return self._switch.originates

    @property
    def requests(self) -> list[ApiRequest]:
        """Every request that was read, in order."""
        return self._rpc.requests

    @property
    def calls(self) -> list[Played]:
        """The calls that run or ran, in the order in which they were answered or given up."""
        return self._switch.played

    @property
    def deliveries(self) -> list[Delivery]:
        """Every try to deliver a webhook."""
        return self._webhooks.deliveries

    @property
    def audio(self) -> dict[int, bytes]:
        """What was uploaded to the media library, by id."""
        return self._media.audio

    def show_to(self, show: Show) -> None:
        """Let `show` see each line of each call to come, the number of the other party in front."""
        self._switch.show = show

    def run_scheduled(self) -> None:
        """Start all click-to-calls that wait for their time."""
        self._clicks.run_scheduled()

    def expire_sessions(self) -> None:
        """Let all session tokens end now."""
        self._credentials.expire()

    async def call_in(self, did: str, caller_number: str, caller: Caller | None = None) -> Transcript:
        """Call a DID, and play the call to its end; raises LookupError when it leads to no REALTIME10 app."""
        return await self._calls.call_in(did, caller_number, caller or ScriptedCaller())

    async def idle(self) -> None:
        """Return when no call runs and all webhooks were posted; raises what broke a call."""
        await self._background.idle()

    async def close(self) -> None:
        """Give up all calls, let late answers go, close connections."""
        self.faults.close()
        await self._background.close()

    def _timestamp(self) -> int:
        """`system.get_timestamp`: seconds since 1970 (the unit is inferred)."""
        return int(self._now().timestamp())

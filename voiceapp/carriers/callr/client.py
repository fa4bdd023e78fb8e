"""CALLR as a Platform: calls by `calls.realtime`, whose app asks us what to do once somebody answers."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from voiceapp.carriers.asking import Kept, Lock
from voiceapp.carriers.callr.account import Account
from voiceapp.carriers.callr.apps import Apps
from voiceapp.carriers.callr.calls import Calls, Target
from voiceapp.carriers.callr.click_to_call import ClickToCall
from voiceapp.carriers.callr.connecting import Connecting, Hooks
from voiceapp.carriers.callr.media import Media
from voiceapp.carriers.callr.rpc import API_URL, Credentials, Rpc
from voiceapp.carriers.platform import Change, Credit, Found, Number, Placement
from voiceapp.errors import PlatformError
from voiceapp.exchange import Send

_ABOUT_THE_APP = re.compile(r"(?<![a-z])(app|hash)(?![a-z])", re.IGNORECASE)
"""`BAD_APP_TYPE`, `PROPERTY_VALUE_ERROR [app]`: how CALLR says that an app is gone is not documented."""


class CallrPlatform:
    """One account at CALLR. `app`: id of the REALTIME10 app for calls that are placed, `""`: found by its URL.
    `lock`: a lock of its own, so that the app is looked for once however many calls are placed."""

    name = "callr"

    def __init__(
        self,
        send: Send,
        credentials: Credentials,
        hooks: Hooks,
        *,
        lock: Lock,
        url: str = API_URL,
        app: str = "",
    ) -> None:
        rpc = Rpc(send, credentials, url=url, secrets=(hooks.password,))
        self.apps = Apps(rpc)
        self.calls = Calls(rpc)
        self.click_to_call = ClickToCall(rpc, self.apps)
        self.media = Media(rpc)
        self.account = Account(rpc)
        self._hooks = hooks
        self._fixed_app = app
        self._connecting = Connecting(self.apps, hooks, app)
        self._apps_by_url = Kept[Mapping[str, str]](lock, self._our_apps, bool)

    async def place(self, placement: Placement) -> str:
        """See `Platform.place`. CALLR has neither a longest time nor machine detection for such calls, so that
        `max_seconds` and `machine` are left out."""
        if not placement.to.startswith("+"):
            raise PlatformError("CALLR calls telephone numbers only", code="no_phone_number")
        if self._fixed_app:
            return await self._realtime(self._fixed_app, placement)
        known = await self._apps_by_url.get()
        app = self._app_for(placement.flow, known)
        try:
            return await self._realtime(app, placement)
        except PlatformError as error:
            if error.unclear or not _ABOUT_THE_APP.search(error.message):
                raise
            self._apps_by_url.drop(known)
            other = self._app_for(placement.flow, await self._apps_by_url.get())
            if other == app:
                raise
        return await self._realtime(other, placement)

    async def find(self, placement: Placement, since: datetime, until: datetime) -> Found | None:
        """See `Platform.find`: by the records of calls, where `customer_field` is the attempt."""
        for cdr in await self.account.cdr_get("OUT", since, until):
            if cdr.field == placement.attempt:
                return Found(
                    ref="",
                    call_ref=cdr.callid,
                    outcome=cdr.outcome,
                    seconds=cdr.seconds,
                    price=cdr.price,
                    cause=cdr.cause,
                )
        return None

    async def look_up(self, call_ref: str) -> Found | None:
        """See `Platform.look_up`: CALLR tells by webhooks."""
        return None

    async def hang_up(self, call_ref: str) -> None:
        """See `Platform.hang_up`; `call_ref` is CALLR's `callid`."""
        if not (call_ref.isascii() and call_ref.isdecimal()):
            raise PlatformError("this is no callid of CALLR", code="no_callid")
        if not await self.calls.hangup(int(call_ref)):
            raise PlatformError("CALLR did not hang up; the call may be over", code="not_hung_up")

    async def credit(self) -> Credit:
        """See `Platform.credit`."""
        return Credit(await self.account.get_prepaid_credit())

    async def numbers(self) -> tuple[Number, ...]:
        """See `Platform.numbers`."""
        return await self._connecting.numbers()

    async def changes(self, flow: str, number: str | None) -> tuple[Change, ...]:
        """See `Platform.changes`."""
        return await self._connecting.changes(flow, number)

    async def make(self, changes: Sequence[Change]) -> None:
        """See `Platform.make`."""
        await self._connecting.make(changes)

    async def _realtime(self, app: str, placement: Placement) -> str:
        target = Target(placement.to, placement.ring)
        return await self.calls.realtime(app, target, cdr_field=placement.attempt, shown=placement.shown)

    async def _our_apps(self) -> Mapping[str, str]:
        """URL -> id of every app that posts to us."""
        apps = await self.apps.get_list(with_dids=False)
        return {app.url: app.hash for app in reversed(apps) if self._hooks.ours(app.url)}

    def _app_for(self, flow: str, known: Mapping[str, str]) -> str:
        """The app of the flow, or any of ours: the flow of a call that was placed is known from its attempt."""
        app = known.get(self._hooks.url(flow)) or next(iter(known.values()), "")
        if not app:
            message = (
                f"no app of the account posts to {self._hooks.url(flow)}: run `voiceapp connect callr {flow}`"
            )
            raise PlatformError(message, code="no_app")
        return app

"""The wiring of calling out: the toll gate, the accounts, who dials and who looks up what is unclear."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime

from voiceapp.egress.guard import Egress
from voiceapp.metrics import Metrics
from voiceapp.outbound.cancelling import Cancelling
from voiceapp.outbound.dialer import Dialer
from voiceapp.outbound.intake import Intake
from voiceapp.outbound.native_clicks import NativeClicks
from voiceapp.outbound.reconcile import Reconciler
from voiceapp.service.calls import Calls
from voiceapp.service.carrier_news import CarrierNews
from voiceapp.service.notifier import Notifier
from voiceapp.service.served_flows import ServedFlows
from voiceapp.settings import Settings
from voiceapp.store.store import Store
from voiceapp.tolls.gate import DialCaps, TollGate
from voiceapp.web.auth import Credentials
from voiceapp.web.calling import Calling
from voiceapp.web.from_settings import toll_rules
from voiceapp.web.platforms import Accounts, open_accounts
from voiceapp.web.webhooks import Webhooks

Clock = Callable[[], datetime]


def _toll_gate(settings: Settings, store: Store, metrics: Metrics) -> TollGate:
    caps = DialCaps(
        call=settings.dial_per_call,
        caller=settings.dial_per_caller,
        destination=settings.dial_per_destination,
        day=settings.dial_per_day,
    )
    return TollGate(toll_rules(settings), caps, lambda: store.ledger, store, metrics)


@dataclass(frozen=True)
class CallingOut:
    """What places calls. Made by `open_calling_out`."""

    accounts: Accounts
    native: NativeClicks | None
    dialer: Dialer
    gate: TollGate

    def api(
        self,
        store: Store,
        flows: ServedFlows,
        egress: Egress,
        notifier: Notifier,
        credentials: Credentials,
        clock: Clock,
    ) -> Calling:
        """The API's routes for it."""
        return Calling(
            store=store,
            dialer=self.dialer,
            intake=Intake(flows, self.gate, self.accounts.platforms),
            cancelling=Cancelling(store, self.dialer, self.accounts.platforms, self.native),
            native=self.native,
            egress=egress,
            credentials=credentials,
            clock=clock,
            wake_notifier=notifier.wake,
        )

    def reconciler(self, store: Store, calls: Calls, metrics: Metrics, clock: Clock) -> Reconciler:
        """Who looks up what is unclear."""
        return Reconciler(
            store=store,
            platforms=self.accounts.platforms,
            dialer=self.dialer,
            learn=calls.learn,
            metrics=metrics,
            clock=clock,
        )

    def webhooks(
        self,
        stack: AsyncExitStack,
        settings: Settings,
        store: Store,
        calls: Calls,
        metrics: Metrics,
        credentials: Credentials,
        clock: Clock,
    ) -> Webhooks:
        """The route of CALLR's webhooks."""
        secrets = tuple(secret.get_secret_value() for secret in settings.callr_webhook_secrets)
        news = CarrierNews(store, calls, metrics, clock, self.dialer)
        stack.push_async_callback(news.close)
        calls.when_opened(news.opened)
        return Webhooks(news, secrets, settings.callr_webhook_algorithm, credentials)


async def open_calling_out(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    store: Store,
    flows: ServedFlows,
    notifier: Notifier,
    metrics: Metrics,
    clock: Clock,
) -> CallingOut:
    """Everything that places calls, until the stack is closed; the requests under way are waited for then."""
    gate = _toll_gate(settings, store, metrics)
    accounts = await stack.enter_async_context(open_accounts(settings))
    native = None if accounts.callr is None else NativeClicks(accounts.callr.click_to_call)
    dialer = Dialer(
        store=store,
        platforms=accounts.platforms,
        gate=gate,
        flows=flows,
        metrics=metrics,
        clock=clock,
        native=None if native is None else native.place,
        wake_notifier=notifier.wake,
    )
    stack.push_async_callback(dialer.close)
    return CallingOut(accounts, native, dialer, gate)

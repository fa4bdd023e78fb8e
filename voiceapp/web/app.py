"""All wiring: from settings to an application that answers calls."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from voiceapp.actions import Fetch
from voiceapp.carriers import Carrier
from voiceapp.egress.allow import AllowList
from voiceapp.egress.fetch import Fetcher
from voiceapp.egress.guard import Egress
from voiceapp.egress.notify import Notifier as Sender
from voiceapp.flow.library import AUDIO
from voiceapp.metrics import Metrics
from voiceapp.outbound.dialer import Dialer
from voiceapp.outbound.reconcile import Reconciler
from voiceapp.service.calls import Calls
from voiceapp.service.fetches import Fetches, FetchResult
from voiceapp.service.notifier import Notifier
from voiceapp.service.served_flows import ServedFlows
from voiceapp.service.service import Service
from voiceapp.service.sweeper import Sweeper
from voiceapp.settings import Settings
from voiceapp.store.store import Store
from voiceapp.web.api import Api
from voiceapp.web.auth import Credentials
from voiceapp.web.from_settings import carriers_of
from voiceapp.web.hooks import Hooks
from voiceapp.web.pages.api_page import ApiPages
from voiceapp.web.platforms import Accounts
from voiceapp.web.wiring import open_calling_out

STORE_PATIENCE = 1.5
"""Seconds that a turn waits for the database; what is written later is found by the carrier's next post."""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, aware, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Server:
    """Everything that runs in one process, open. Made by `open_server`."""

    settings: Settings
    store: Store
    flows: ServedFlows
    carriers: Mapping[str, Carrier]
    notifier: Notifier
    sweeper: Sweeper
    dialer: Dialer
    reconciler: Reconciler
    accounts: Accounts
    metrics: Metrics
    app: web.Application
    hooks: Hooks


@contextlib.asynccontextmanager
async def open_server(
    settings: Settings, clock: Clock = utc_now, *, store_patience: float = STORE_PATIENCE
) -> AsyncIterator[Server]:
    """A server with its database open and its flows loaded, not yet listening. Raises OperatorError and
    AuthoringError when it cannot start. `store_patience`: seconds, see `Store`."""
    callr, routee = carriers_of(settings)
    carriers: Mapping[str, Carrier] = {callr.name: callr, routee.name: routee}
    metrics = Metrics()
    secrets = settings.revealed_secrets()
    store = Store(settings.db, patience=store_patience)
    await store.open()
    try:
        async with contextlib.AsyncExitStack() as stack:
            egress = await Egress.open(AllowList.parse(settings.fetch_allow))
            stack.push_async_callback(egress.close)
            fetcher = Fetcher(egress, secrets, clock)

            async def send(fetch: Fetch, within: float, key: str) -> FetchResult:
                return await fetcher.fetch(fetch, within=within, key=key)

            signing = settings.notify_secret.get_secret_value() if settings.notify_secret else ""
            notifier = Notifier(store, Sender(egress, secrets, signing), metrics, clock)
            folder = Path(settings.flows)
            flows = ServedFlows(folder, secrets, carriers, store, metrics, clock)
            await flows.load()
            out = await open_calling_out(
                settings, stack, store=store, flows=flows, notifier=notifier, metrics=metrics, clock=clock
            )
            calls = Calls(
                store=store,
                flows=flows,
                carriers=carriers,
                fetches=Fetches(send),
                gate=out.gate,
                clock=clock,
                wake_notifier=notifier.wake,
                wake_dialer=out.dialer.wake,
            )
            service = Service(calls, metrics, clock)
            sweeper = Sweeper(calls, metrics, clock, timedelta(hours=settings.max_call_hours))
            stack.push_async_callback(calls.close)
            app = web.Application()
            app.on_shutdown.append(out.dialer.stop)
            credentials = Credentials.of(settings)
            hooks = Hooks(service, callr, routee, credentials, clock)
            app.add_routes(hooks.routes())
            calling = out.api(store, flows, egress, notifier, credentials, clock)
            app.add_routes(Api(store, metrics, credentials, calling.call_view).routes())
            app.add_routes(calling.routes())
            app.add_routes(ApiPages(settings.public_url).routes())
            webhooks = out.webhooks(stack, settings, store, calls, metrics, credentials, clock)
            app.add_routes(webhooks.routes())
            if (folder / AUDIO).is_dir():
                app.router.add_static("/audio/", folder / AUDIO)
            reconciler = out.reconciler(store, calls, metrics, clock)
            async with _running(notifier.run(), sweeper.run(), out.dialer.run(), reconciler.run()):
                yield Server(
                    settings=settings,
                    store=store,
                    flows=flows,
                    carriers=carriers,
                    notifier=notifier,
                    sweeper=sweeper,
                    dialer=out.dialer,
                    reconciler=reconciler,
                    accounts=out.accounts,
                    metrics=metrics,
                    app=app,
                    hooks=hooks,
                )
    finally:
        await store.close()


@contextlib.asynccontextmanager
async def _running(*jobs: Coroutine[None, None, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

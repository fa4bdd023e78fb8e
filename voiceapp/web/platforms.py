"""The accounts at carriers that the settings name, with the connections to their APIs."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from voiceapp.carriers.callr.client import CallrPlatform
from voiceapp.carriers.callr.connecting import Hooks
from voiceapp.carriers.callr.rpc import ApiKey, Basic, Credentials
from voiceapp.carriers.platform import Platform
from voiceapp.carriers.routee.client import RouteePlatform
from voiceapp.carriers.routee.rest import Access
from voiceapp.egress.platform import Limit, PlatformSession
from voiceapp.exchange import Send
from voiceapp.settings import Settings
from voiceapp.web.from_settings import routee_options

ROUTEE_RATE = 20.0
"""Requests a second, besides calls; Routee publishes no limit for them."""


@dataclass(frozen=True)
class Accounts:
    """Those that are set up; `callr` has more than a Platform."""

    callr: CallrPlatform | None = None
    routee: RouteePlatform | None = None
    platforms: Mapping[str, Platform] = field(default_factory=dict)


def callr_credentials(settings: Settings) -> Credentials | None:
    """Those of CALLR's API: its key, else login and password; None when neither is set."""
    if settings.callr_api_key is not None:
        return ApiKey(settings.callr_api_key.get_secret_value())
    if settings.callr_api_password is not None:
        return Basic(settings.callr_api_login, settings.callr_api_password.get_secret_value())
    return None


@asynccontextmanager
async def open_accounts(settings: Settings, wrap: "Wrap | None" = None) -> AsyncIterator[Accounts]:
    """The accounts, with sessions that live as long as the block. `wrap` stands between a client and its session.
    Raises OperatorError for a URL that may not be."""
    async with AsyncExitStack() as stack:
        callr = await _callr(settings, stack, wrap or _plain)
        routee = await _routee(settings, stack, wrap or _plain)
        platforms: dict[str, Platform] = {}
        if callr is not None:
            platforms[callr.name] = callr
        if routee is not None:
            platforms[routee.name] = routee
        yield Accounts(callr, routee, platforms)


class Wrap:
    """What may stand between a client and its session: sees every request, and may answer in its place."""

    def __call__(self, send: Send) -> Send:
        """The Send that the client gets."""
        return send


_plain = Wrap()


async def _callr(settings: Settings, stack: AsyncExitStack, wrap: Wrap) -> CallrPlatform | None:
    credentials = callr_credentials(settings)
    if credentials is None:
        return None
    session = await PlatformSession.open(settings.callr_api_url, per_second=settings.callr_api_rate)
    stack.push_async_callback(session.close)
    password = settings.callr_password.get_secret_value() if settings.callr_password else ""
    return CallrPlatform(
        wrap(session.send),
        credentials,
        Hooks(settings.public_url, settings.callr_login, password),
        lock=asyncio.Lock(),
        url=settings.callr_api_url,
        app=settings.callr_app,
    )


async def _routee(settings: Settings, stack: AsyncExitStack, wrap: Wrap) -> RouteePlatform | None:
    if settings.routee_app_secret is None:
        return None
    api, auth = settings.routee_api_url, settings.routee_auth_url
    limit = Limit("POST", f"{api.rstrip('/')}/voice/conversation", settings.routee_call_rate)
    session = await PlatformSession.open(api, auth, per_second=ROUTEE_RATE, limits=[limit])
    stack.push_async_callback(session.close)
    return RouteePlatform(
        wrap(session.send),
        Access(settings.routee_app_id, settings.routee_app_secret.get_secret_value(), api, auth),
        routee_options(settings),
        lock=asyncio.Lock(),
        now=asyncio.get_running_loop().time,
        sender=settings.routee_sender,
    )

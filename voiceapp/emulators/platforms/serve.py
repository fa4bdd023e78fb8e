"""Both platforms behind one port: CALLR below `/json-rpc`, Routee at `/oauth`, `/voice` and `/numbers`."""

from aiohttp import web

from voiceapp.emulators.platforms.callr.platform import CallrPlatform
from voiceapp.emulators.platforms.records import Show
from voiceapp.emulators.platforms.routee.platform import RouteePlatform


def make_app(callr: CallrPlatform, routee: RouteePlatform, show: Show | None = None) -> web.Application:
    """An application that answers for both, and closes both when it stops; `show` as in `show_to`."""
    if show is not None:
        callr.show_to(show)
        routee.show_to(show)
    app = web.Application()
    app.add_routes([*callr.routes(), *routee.routes()])

    async def close(_: web.Application) -> None:
        await callr.close()
        await routee.close()

    app.on_cleanup.append(close)
    return app

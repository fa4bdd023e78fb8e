"""CALLR's service `apps`: voice apps and the numbers (DIDs) assigned to them. Source: "JSON objects"."""

from collections.abc import Mapping
from typing import Any

import msgspec

from voiceapp.carriers.asking import record, records, word
from voiceapp.carriers.callr.rpc import Rpc, a_list, done
from voiceapp.carriers.callr.wire import text

REALTIME, CLICK_TO_CALL = "REALTIME10", "CLICKTOCALL10"


class Did(msgspec.Struct, frozen=True):
    """A number of the account: CALLR's id, E.164, and the app that it is assigned to (`""`: none)."""

    hash: str
    number: str
    app: str


class App(msgspec.Struct, frozen=True):
    """A voice app: CALLR's id, name, package (REALTIME10, …), parameters, and the numbers where they were asked
    for. Parameters may hold passwords."""

    hash: str
    name: str
    package: str
    params: Mapping[str, Any]
    dids: tuple[Did, ...] = ()

    @property
    def url(self) -> str:
        """Where a REALTIME10 app posts to; `""` for other apps."""
        return word(self.params.get("url")) if self.package == REALTIME else ""


class Apps:
    """Makes, changes and finds apps, and assigns numbers to them."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc

    async def create(self, package: str, name: str, params: Mapping[str, object]) -> App:
        """Make an app of a package, such as REALTIME10."""
        return await self._rpc.call("apps.create", [package, name, params], _app)

    async def edit(self, app: str, name: str | None, params: Mapping[str, object]) -> None:
        """Give an app new parameters, and a new name unless that is None."""
        await self._rpc.call("apps.edit", [app, name, params], done)

    async def get(self, app: str) -> App:
        """One app."""
        return await self._rpc.call("apps.get", [app], _app, reads=True)

    async def get_list(self, *, with_dids: bool) -> tuple[App, ...]:
        """All apps, with or without their numbers."""
        found = await self._rpc.call("apps.get_list", [with_dids], a_list, reads=True)
        return tuple(filter(None, map(_app, found)))

    async def search(
        self, filters: Mapping[str, object], *, offset: int = 0, quantity: int = 100
    ) -> tuple[App, ...]:
        """The apps that fit App.SearchFilters, `quantity` of them from the one at `offset`."""
        params = [filters, {"offset": offset, "quantity": quantity}]
        found = await self._rpc.call("apps.search", params, _hits, reads=True)
        return tuple(filter(None, map(_app, found)))

    async def delete(self, app: str) -> None:
        """Delete an app; its numbers are free then."""
        await self._rpc.call("apps.delete", [app], done)

    async def assign_did(self, app: str, did: str) -> None:
        """Let a number, by CALLR's id, be answered by this app."""
        await self._rpc.call("apps.assign_did", [app, did], done)

    async def remove_did(self, did: str) -> None:
        """Let a number be answered by no app."""
        await self._rpc.call("apps.remove_did", [did], done)

    async def get_dids(self, *, only_available: bool) -> tuple[Did, ...]:
        """The numbers of the account; only those without an app, or all."""
        found = await self._rpc.call("apps.get_dids", [only_available], a_list, reads=True)
        return tuple(filter(None, map(_did, found)))


def _app(value: object) -> App | None:
    app = record(value)
    if not text(app.get("hash")):
        return None
    return App(
        hash=text(app["hash"]),
        name=word(app.get("name")),
        package=word(record(app.get("package")).get("name")),
        params=record(app.get("p")),
        dids=tuple(filter(None, map(_did, records(app.get("did"))))),
    )


def _did(value: Mapping[str, Any]) -> Did | None:
    number = word(value.get("intl_number"))
    known = Did(hash=text(value.get("hash")), number=number, app=text(value.get("app")))
    return known if known.hash and number else None


def _hits(result: object) -> tuple[Any, ...] | None:
    return a_list(record(result).get("hits"))

"""CALLR's voice apps, and the DIDs that lead to them.

Sources: docs.callr.com, "JSON objects" (App, App.Package, App parameters, DID, DID.SearchFilters, Search.Options,
Search.Results) and the pages of the services `apps` and `did`. Inferred: the package types of REALTIME10
("THEDIALR") and ACTIONS10; that an edit keeps the parameters it does not name; the properties that a search of
apps takes; the shape of `apps.get_authorized_clis`.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

import msgspec

from voiceapp.emulators.platforms.callr.objects import (
    App,
    AppFilters,
    ClickToCall,
    Did,
    DidFilters,
    Package,
    Params,
    Realtime,
    SearchOptions,
)
from voiceapp.emulators.platforms.callr.rpc import RpcError, convert, wrong_value
from voiceapp.emulators.platforms.callr.webhooks import Webhooks
from voiceapp.emulators.platforms.records import country_of

_PACKAGES = {
    "REALTIME10": "THEDIALR",
    "CLICKTOCALL10": "CLICKTOCALL",
    "CALLTRACKING10": "CALLTRACKING",
    "ACTIONS10": "ACTIONS",
}
_UNKNOWN_PACKAGE = "Oops, Internal Error"

_KINDS: dict[str, type[Realtime | ClickToCall]] = {"REALTIME10": Realtime, "CLICKTOCALL10": ClickToCall}

Hit = App | Did


class Apps:
    """The apps and numbers of an account. `dids` are the numbers it has, `clis` others it may show."""

    def __init__(
        self, dids: Iterable[str], clis: Iterable[str], webhooks: Webhooks, now: Callable[[], datetime]
    ) -> None:
        self._apps: dict[str, App] = {}
        self._dids = {did.hash: did for did in map(_did, dids)}
        self._clis = list(clis)
        self._webhooks = webhooks
        self._now = now

    def create(self, type_: str, name: str, params: dict[str, Any] | None) -> App:
        """`apps.create`."""
        if type_ not in _PACKAGES:
            raise RpcError(_UNKNOWN_PACKAGE)
        at = f"{self._now():%Y-%m-%d %H:%M:%S}"
        app = App(
            hash=new_hash(),
            name=name,
            p=_params(type_, params or {}),
            package=Package(type_, _PACKAGES[type_]),
            date_creation=at,
            date_update=at,
        )
        self._apps[app.hash] = app
        return app

    def edit(self, hash_: str, name: str | None, params: dict[str, Any] | None) -> App:
        """`apps.edit`."""
        app = self.get(hash_)
        edited = msgspec.structs.replace(
            app,
            name=app.name if name is None else name,
            p=_params(app.package.name, msgspec.to_builtins(app.p) | (params or {})),
            date_update=f"{self._now():%Y-%m-%d %H:%M:%S}",
        )
        self._apps[hash_] = edited
        return self.get(hash_)

    def get(self, hash_: str) -> App:
        """`apps.get`."""
        if hash_ not in self._apps:
            raise wrong_value("hash")
        dids = tuple(did for did in self._dids.values() if did.app == hash_)
        return msgspec.structs.replace(self._apps[hash_], did=dids)

    def get_list(self, with_dids: bool) -> list[App]:
        """`apps.get_list`."""
        return [self.get(hash_) if with_dids else app for hash_, app in self._apps.items()]

    def search(self, filters: AppFilters | None, options: SearchOptions | None) -> dict[str, object]:
        """`apps.search`."""
        return _results(map(self.get, self._apps), filters or AppFilters(), options)

    def delete(self, hash_: str) -> bool:
        """`apps.delete`: its DIDs are free again."""
        for did in self.get(hash_).did:
            self.remove_did(did.hash)
        del self._apps[hash_]
        return True

    def assign_did(self, app: str, did: str) -> bool:
        """`apps.assign_did`."""
        self.get(app)
        self._lead(did, app)
        return True

    def remove_did(self, did: str) -> bool:
        """`apps.remove_did`."""
        self._lead(did, None)
        return True

    def get_dids(self, only_available: bool) -> list[Did]:
        """`apps.get_dids`."""
        return [did for did in self._dids.values() if did.app is None or not only_available]

    def search_dids(self, filters: DidFilters | None, options: SearchOptions | None) -> dict[str, object]:
        """`did.search`."""
        return _results(self._dids.values(), filters or DidFilters(), options)

    def authorized_clis(self, list_: list[Literal["CALL", "SMS"]]) -> list[str]:
        """`apps.get_authorized_clis`: an array of numbers."""
        return [*(did.intl_number for did in self._dids.values()), *self._clis] if "CALL" in list_ else []

    def check_cli(self, cli: str) -> str:
        """The number that `cli` shows, `""` when blocked; raises RpcError when it is not ours to show."""
        if cli in ("", "BLOCKED"):
            return ""
        if cli not in self.authorized_clis(["CALL"]):
            raise wrong_value("options.cli")
        return cli

    def of_number(self, number: str) -> tuple[App, Did]:
        """The app that an inbound call to `number` gets to; raises LookupError."""
        for did in self._dids.values():
            if did.intl_number == number and did.app is not None:
                return self.get(did.app), did
        raise LookupError(f"{number} leads to no app")

    def _lead(self, hash_: str, app: str | None) -> None:
        if hash_ not in self._dids:
            raise wrong_value("did")
        self._dids[hash_] = msgspec.structs.replace(self._dids[hash_], app=app)
        self._webhooks.tell("did.unassigned" if app is None else "did.assigned", self._dids[hash_])


def new_hash() -> str:
    """A hash as CALLR makes them: 8 characters."""
    return uuid4().hex[:8].upper()


def _did(number: str) -> Did:
    local = "0" + number[3:]
    return Did(
        hash=new_hash(),
        intl_number=number,
        local_number=local,
        local_number_f=local,
        country_code=country_of(number),
    )


def _params(type_: str, params: dict[str, Any]) -> Params:
    kind = _KINDS.get(type_)
    if kind is None:
        return params
    checked: Params = convert(params, kind, "params")
    return checked


def _results(
    all_: Iterable[Hit], filters: AppFilters | DidFilters, options: SearchOptions | None
) -> dict[str, object]:
    """Search.Results."""
    wanted = {name: value for name, value in msgspec.structs.asdict(filters).items() if value is not None}
    hits = [hit for hit in all_ if all(getattr(hit, name) == value for name, value in wanted.items())]
    start = options.offset if options else 0
    quantity = options.quantity if options and options.quantity else len(hits)
    page = hits[start : start + quantity]
    return {"has_more": start + len(page) < len(hits), "hits": page, "offset": start, "total": len(hits)}

"""What `voiceapp connect` does at CALLR: an app that posts to us, and a number that is assigned to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

import msgspec

from voiceapp.carriers.callr.apps import REALTIME, App, Apps, Did
from voiceapp.carriers.platform import Change, Number
from voiceapp.errors import PlatformError

_NEW_APP = "(the new app)"


@dataclass(frozen=True)
class Hooks:
    """Where CALLR reaches us, and the HTTP Basic credentials that it has to show there."""

    public_url: str
    login: str = ""
    password: str = field(default="", repr=False)

    def url(self, flow: str) -> str:
        """The hook of a flow."""
        return f"{self.public_url}/hooks/callr/{flow}"

    def ours(self, url: str) -> bool:
        """Whether a URL is one of our hooks."""
        return url.startswith(self.url(""))

    def params(self, flow: str) -> dict[str, str]:
        """The parameters of a REALTIME10 app for a flow."""
        given = {"url": self.url(flow), "login": self.login, "password": self.password}
        return {**given, "data_format": "JSON"}


class CreateApp(Change, frozen=True, kw_only=True):
    """An app for a flow that has none."""

    flow: str


class EditApp(Change, frozen=True, kw_only=True):
    """An app that posts elsewhere, or with other credentials."""

    flow: str
    app: str


class AssignNumber(Change, frozen=True, kw_only=True):
    """A number that another app answers, or none. `app` `""`: the one that was just made."""

    app: str
    did: str


CallrChange = CreateApp | EditApp | AssignNumber


class Connecting:
    """Finds what is missing, and puts it right. `app`: the app to be used, `""`: whichever serves the flow."""

    def __init__(self, apps: Apps, hooks: Hooks, app: str = "") -> None:
        self._apps = apps
        self._hooks = hooks
        self._app = app

    async def numbers(self) -> tuple[Number, ...]:
        """Every number of the account, and where it goes: the URL of its app, or else the app's name."""
        apps = {app.hash: app for app in await self._apps.get_list(with_dids=False)}
        return tuple(self._number(did, apps) for did in await self._apps.get_dids(only_available=False))

    def _number(self, did: Did, apps: Mapping[str, App]) -> Number:
        app = apps.get(did.app)
        if app is None:
            return Number(number=did.number, points_to=did.app, ours=False)
        url = app.url.partition("?")[0]
        return Number(number=did.number, points_to=url or app.name, ours=self._hooks.ours(url))

    async def changes(self, flow: str, number: str | None) -> tuple[CallrChange, ...]:
        """See `Platform.changes`."""
        app = self._serving(flow, await self._apps.get_list(with_dids=False))
        done: list[CallrChange] = []
        if app is None:
            done.append(self._create(flow))
        elif not self._as_wanted(app, flow):
            done.append(self._edit(flow, app))
        if number is not None:
            did = await self._did(number)
            if app is None or did.app != app.hash:
                done.append(_assign(app, did))
        return tuple(done)

    async def make(self, changes: Sequence[Change]) -> None:
        """See `Platform.make`."""
        made = ""
        for change in changes:
            if not isinstance(change, CallrChange):
                raise TypeError("a change of another carrier")
            match change:
                case CreateApp(flow=flow):
                    made = (await self._apps.create(REALTIME, app_name(flow), self._hooks.params(flow))).hash
                case EditApp(flow=flow, app=app):
                    await self._apps.edit(app, None, self._hooks.params(flow))
                case AssignNumber(app=app, did=did):
                    await self._apps.assign_did(app or made, did)
                case _:
                    assert_never(change)

    def _serving(self, flow: str, apps: Sequence[App]) -> App | None:
        """The app that is given; else the one that posts to the flow's hook, or that we once made for it."""
        if self._app:
            given = next((app for app in apps if app.hash == self._app), None)
            if given is None or given.package != REALTIME:
                raise PlatformError("the account has no REALTIME10 app with the id that is set", code="no_app")
            return given
        ours = [app for app in apps if app.package == REALTIME]
        by_url = (app for app in ours if app.url == self._hooks.url(flow))
        by_name = (app for app in ours if app.name == app_name(flow))
        return next(by_url, None) or next(by_name, None)

    def _as_wanted(self, app: App, flow: str) -> bool:
        """What CALLR does not tell of an app counts as right, so that there is an end to it."""
        return all(app.params.get(name, value) == value for name, value in self._hooks.params(flow).items())

    async def _did(self, number: str) -> Did:
        for did in await self._apps.get_dids(only_available=False):
            if did.number == number:
                return did
        raise PlatformError(f"the account has no number {number}", code="no_number")

    def _create(self, flow: str) -> CreateApp:
        what = f"Make the app '{app_name(flow)}', which posts to {self._hooks.url(flow)}."
        return CreateApp(
            what=what, request=_lines("apps.create", REALTIME, app_name(flow), self._shown(flow)), flow=flow
        )

    def _edit(self, flow: str, app: App) -> EditApp:
        what = f"Let the app '{app.name}' post to {self._hooks.url(flow)}, with the login that is set."
        request = _lines("apps.edit", app.hash, None, self._shown(flow))
        return EditApp(what=what, request=request, flow=flow, app=app.hash)

    def _shown(self, flow: str) -> dict[str, str]:
        params = self._hooks.params(flow)
        return params | {"password": "…"} if self._hooks.password else params


def app_name(flow: str) -> str:
    """The name of the app that is made for a flow."""
    return f"voiceapp {flow}"


def _assign(app: App | None, did: Did) -> AssignNumber:
    taken = f", which takes it from the app {did.app}" if did.app else ""
    what = f"Let {did.number} be answered by {f'the app {app.name!r}' if app else 'the new app'}{taken}."
    request = _lines("apps.assign_did", app.hash if app else _NEW_APP, did.hash)
    return AssignNumber(what=what, request=request, app=app.hash if app else "", did=did.hash)


def _lines(method: str, *params: object) -> tuple[str, ...]:
    return method, msgspec.json.encode(params).decode()

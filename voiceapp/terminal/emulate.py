"""`voiceapp emulate`: both carriers' platforms on this machine, with phones that somebody picks up or does not."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from aiohttp import web
from pydantic import SecretStr

from voiceapp.emulators.platforms.callr.platform import PATH, CallrPlatform
from voiceapp.emulators.platforms.people import LAST_DIGITS, People, Person
from voiceapp.emulators.platforms.routee.platform import RouteePlatform
from voiceapp.emulators.platforms.serve import make_app
from voiceapp.errors import OperatorError
from voiceapp.flow.library import load_library
from voiceapp.service.served_flows import misfits_of
from voiceapp.settings import Settings
from voiceapp.terminal.connect import connect
from voiceapp.web.from_settings import carriers_of

Say = Callable[[str], None]

HOST = "127.0.0.1"
NUMBER = "+33123456789"
"""The one number of both accounts."""

CALLR_ACCOUNT = ("login", "password")
ROUTEE_ACCOUNT = ("app", "secret")
_EXAMPLE = "+336123456"
_END_SECONDS = 1.0
"""How long requests under way may take when it ends."""


async def emulate(settings: Settings, *, port: int, ring: float, app_url: str | None, say: Say) -> None:
    """Serves until SIGINT or SIGTERM; `port` 0 is any free one; phones ring for `ring` seconds. With `app_url` the
    account at CALLR begins with an app for each flow that CALLR can do, which posts there. Raises OperatorError
    when the port is taken."""
    async with platforms(port, say, ring) as url:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        for line in guide(url):
            say(line)
        if app_url is not None:
            await connect_flows(settings, url, app_url, say)
        say("Every line of every call, as it happens (Ctrl-C ends):")
        await stop.wait()


@contextlib.asynccontextmanager
async def platforms(port: int, say: Say, ring: float = 0.0) -> AsyncIterator[str]:
    """Both platforms behind one port, and their URL; every line of every call goes to `say`."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise OperatorError(f"--port: cannot listen on {HOST}:{port}: {reason}") from None
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        people = People(by_digits=True, rings_for=ring)
        login, password = CALLR_ACCOUNT
        callr = CallrPlatform(people, login=login, password=password, dids=[NUMBER], public_url=url)
        app_id, app_secret = ROUTEE_ACCOUNT
        routee = RouteePlatform(people, app_id=app_id, app_secret=app_secret, numbers=[NUMBER], public_url=url)
        callr.show_to(lambda line: say(f"CALLR   {line}"))
        routee.show_to(lambda line: say(f"Routee  {line}"))
        runner = web.AppRunner(make_app(callr, routee), access_log=None, shutdown_timeout=_END_SECONDS)
        await runner.setup()
        try:
            await web.SockSite(runner, listener).start()
            yield url
        finally:
            await runner.cleanup()


def guide(url: str) -> list[str]:
    """How voiceapp is pointed at the platforms, and who picks up under which number."""
    callr = zip(("LOGIN", "PASSWORD"), CALLR_ACCOUNT, strict=True)
    routee = zip(("APP_ID", "APP_SECRET"), ROUTEE_ACCOUNT, strict=True)
    return [
        f"Emulated CALLR and Routee on {url}. In the terminal where voiceapp is to call out:",
        "",
        _export(f"CALLR_API_URL={url}{PATH}/", *(f"CALLR_API_{name}={value}" for name, value in callr)),
        _export(
            f"ROUTEE_API_URL={url}",
            f"ROUTEE_AUTH_URL={url}",
            *(f"ROUTEE_{name}={value}" for name, value in routee),
        ),
        _export("DIAL_REGIONS=FR", f"ROUTEE_SENDER={NUMBER}"),
        "",
        "Then `voiceapp serve` there, `voiceapp connect callr FLOW`, and `voiceapp dial FLOW NUMBER --wait`.",
        "Who picks up is told by the last two digits of the number:",
        "",
        *(f"  {_EXAMPLE}{digits}  {_behaviour(person)}" for digits, person in LAST_DIGITS.items()),
        f"  any other     {_behaviour(Person())}",
        "",
    ]


def _export(*variables: str) -> str:
    return " ".join(["export", *(f"VOICEAPP_{variable}" for variable in variables)])


def _behaviour(person: Person) -> str:
    match person:
        case Person(outcome="busy"):
            return "is busy"
        case Person(outcome="no_answer"):
            return "rings, and nobody answers"
        case Person(outcome="failed"):
            return "cannot be reached"
        case Person(machine=True):
            return "is an answering machine"
        case Person(keys="!"):
            return "picks up, and hangs up at the first question"
        case Person(keys=""):
            return "picks up, listens, and presses nothing"
        case Person(keys=keys):
            return f"picks up, and presses {keys}"


async def connect_flows(settings: Settings, url: str, app_url: str, say: Say) -> None:
    """`voiceapp connect callr FLOW` at the platform for each flow that CALLR can do."""
    login, password = CALLR_ACCOUNT
    emulated = settings.model_copy(
        update={
            "public_url": app_url.rstrip("/"),
            "callr_api_url": f"{url}{PATH}/",
            "callr_api_login": login,
            "callr_api_password": SecretStr(password),
            "callr_api_key": None,
            "callr_app": "",
        }
    )
    callr, _ = carriers_of(emulated)
    scripts = load_library(Path(emulated.flows), emulated.secrets.keys()).scripts
    for name, script in sorted(scripts.items()):
        if not misfits_of(callr, script):
            await connect(emulated, carrier="callr", flow=name, number=None, dry_run=False, show=_silent)
            say(f"CALLR   has an app for {name}, which posts to {app_url}")
    say("")


def _silent(_: str) -> None:
    """Every line of a change is too much here."""

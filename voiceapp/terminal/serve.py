"""`voiceapp serve`: listens until it is told to stop, and reads the flows again when they change."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import structlog
from aiohttp import web
from yarl import URL

from voiceapp import logs
from voiceapp.carriers.routee.codec import STATUS
from voiceapp.carriers.routee.verbs import RouteeOptions, hook_url
from voiceapp.egress.allow import is_loopback
from voiceapp.errors import OperatorError
from voiceapp.settings import Settings
from voiceapp.terminal.calling_out import TITLES, accounts
from voiceapp.terminal.written_numbers import refused_numbers
from voiceapp.web.app import Server, open_server
from voiceapp.web.auth import Credentials
from voiceapp.web.from_settings import toll_rules
from voiceapp.web.guard import make_runner
from voiceapp.web.refusals import make_refuse

Say = Callable[[str], None]

_log = structlog.get_logger()


@contextlib.asynccontextmanager
async def listening(settings: Settings) -> AsyncIterator[tuple[Server, str]]:
    """A server that listens, and its URL. Raises OperatorError when the port is taken."""
    async with open_server(settings) as server:
        refuse = make_refuse(server.metrics.error)
        runner = make_runner(server.app, refuse=refuse, straight=server.hooks.straight)
        await runner.setup()
        try:
            site = web.TCPSite(runner, settings.host, settings.port, backlog=512)
            try:
                await site.start()
            except OSError as error:
                reason = error.strerror or str(error)
                raise OperatorError(
                    f"--port: cannot listen on {settings.host}:{settings.port}: {reason}"
                ) from None
            server.dialer.listens()
            port = runner.addresses[0][1]
            yield server, str(URL.build(scheme="http", host=settings.host, port=port))
        finally:
            await runner.cleanup()


async def serve(settings: Settings, say: Say) -> None:
    """Serves until SIGTERM or SIGINT; SIGHUP and changed files in the folder reload the flows."""
    logs.configure(settings.log_format)
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    stop = asyncio.Event()
    async with listening(settings) as (server, url):
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        reloads: set[asyncio.Task[None]] = set()

        def reload() -> None:
            task = asyncio.ensure_future(server.flows.reload())
            reloads.add(task)
            task.add_done_callback(reloads.discard)

        loop.add_signal_handler(signal.SIGHUP, reload)
        watcher = asyncio.ensure_future(_watch(Path(settings.flows), reload, stop))
        _spare_the_collector()
        for line in welcome(settings, server, url):
            say(line)
        await stop.wait()
        await watcher
        await asyncio.gather(*reloads)


def _spare_the_collector() -> None:
    """What was loaded stays, and calls hold no cycles: looking at 100,000 live calls again and again would stop
    the server for a second each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 1000)


async def _watch(folder: Path, reload: Callable[[], None], stop: asyncio.Event) -> None:
    from watchfiles import awatch  # takes 60 ms to import, which only a server has to spend

    try:
        async for _ in awatch(folder, stop_event=stop, step=100, debounce=400):
            reload()
    except OSError as error:
        _log.warning("changed flows go unnoticed; SIGHUP reloads them", reason=error.strerror or str(error))


def welcome(settings: Settings, server: Server, url: str) -> list[str]:
    """What the operator needs next: the hook URLs, and a call from the terminal."""
    flows = sorted(server.flows.scripts)
    lines = [f"voiceapp listens on {url} with {len(flows)} flows and {settings.db.split('@')[-1]}", ""]
    if Credentials.of(settings).none and not is_loopback(URL(settings.public_url).host or ""):
        lines += [f"Whoever knows {settings.public_url} can post calls to it: no credentials are set.", ""]
    secret = "SECRET" if settings.routee_secret else ""
    routee = RouteeOptions(public_url=settings.public_url, secret=secret)
    for flow in flows:
        lines.append(f"  {flow}")
        for carrier, title, hook in (
            ("callr", "CALLR", f"{settings.public_url}/hooks/callr/{flow}"),
            ("routee", "Routee", hook_url(routee, flow, "")),
        ):
            misfits = server.flows.misfits(carrier, flow)
            if misfits:
                lines.append(f"    {title:7} not served: {misfits[0].message}{_more(len(misfits) - 1)}")
            else:
                lines.append(f"    {title:7} {hook}")
        if not server.flows.misfits("routee", flow):
            lines.append(f"    {'':7} {hook_url(routee, flow, STATUS)}  (status callbacks)")
    if secret:
        lines.append("  (SECRET stands for the value of VOICEAPP_ROUTEE_SECRET)")
    lines += ["", *_calling_out(settings, server)]
    return [*lines, "", f"Call a flow from another terminal:  {_program()} call {_first(flows)} --url {url}", ""]


def _calling_out(settings: Settings, server: Server) -> list[str]:
    """Who places calls, and what may not be dialled although somebody wants to."""
    there, scripts = accounts(settings), server.flows.scripts
    lines = [f"Calls out: {' and '.join(map(TITLES.__getitem__, there)) or 'no account at a carrier is set up'}"]
    if not settings.dial_regions:
        if there or any(script.dials for script in scripts.values()):
            lines.append("No telephone number may be dialled: VOICEAPP_DIAL_REGIONS is empty")
        return lines
    rules = toll_rules(settings)
    return lines + [
        f"Not dialled: in {name}, step {misfit.path[0]}, {misfit.message}"
        for name in sorted(scripts)
        for misfit in refused_numbers(scripts[name].flow, rules)
    ]


def _program() -> str:
    """How this program was called, so that what is printed can be pasted."""
    program = Path(sys.argv[0]).absolute()
    folder = Path.cwd()
    return str(program.relative_to(folder)) if program.is_relative_to(folder) else program.name


def _more(count: int) -> str:
    return f" (and {count} more; voiceapp check tells all)" if count else ""


def _first(flows: list[str]) -> str:
    return "welcome" if "welcome" in flows else flows[0]

"""The commands for calling out, as `cli` has them: reads arguments, calls what does the work."""

import asyncio
import contextlib
import sys
from collections.abc import Iterator
from typing import Annotated, Literal

import typer

from voiceapp.cli.options import Db, Flows, Inputs, PublicUrl, inputs_of, settings_with

app = typer.Typer()

_PANEL = "Calling out"
CarrierName = Literal["callr", "routee"]
Url = Annotated[
    str | None,
    typer.Option(help="The running server; default http://HOST:PORT of the settings, http://127.0.0.1:8080."),
]


@contextlib.contextmanager
def _refusals_told() -> Iterator[None]:
    """What the server refuses stands on stderr, field by field, and the exit code is 1."""
    from voiceapp.terminal.api_client import ApiRefused

    try:
        yield
    except ApiRefused as refused:
        for line in refused.lines:
            typer.echo(line, err=True)
        raise typer.Exit(1) from None


@app.command(rich_help_panel=_PANEL)
def dial(
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="The flow that the called party hears.")],
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="+33612345678, or sip:name@host.")],
    given: Inputs = None,
    shown: Annotated[str | None, typer.Option("--from", help="The number that the called party sees.")] = None,
    carrier: Annotated[CarrierName | None, typer.Option(help="Else the first that can do it.")] = None,
    at: Annotated[str | None, typer.Option(help="When, as 2026-03-01T09:00:00+01:00; else now.")] = None,
    machine_detection: Annotated[
        Literal["hang_up", "continue"] | None, typer.Option(help="What to do when a machine answers.")
    ] = None,
    ring: Annotated[int | None, typer.Option(help="Seconds, 5 to 300; else 30.")] = None,
    url: Url = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Follow the call to its end; exit 1 when it reaches no person.")
    ] = False,
) -> None:
    """Call somebody with a flow, through the running server."""
    from voiceapp.terminal.dial import dial as place

    wanted = {
        "flow": flow,
        "to": number,
        "from": shown,
        "carrier": carrier,
        "inputs": inputs_of(given),
        "at": at,
        "machine_detection": machine_detection,
        "ring": ring,
    }
    with _refusals_told():
        if not asyncio.run(place(settings_with(), url=url, wanted=wanted, wait=wait, show=typer.echo)):
            raise typer.Exit(1)


@app.command(rich_help_panel=_PANEL)
def webhooks(
    call: Annotated[str | None, typer.Option(metavar="CALL", help="Only those about this call.")] = None,
    resend: Annotated[str | None, typer.Option(metavar="WEBHOOK", help="Send this one again instead.")] = None,
    url: Url = None,
) -> None:
    """List what applications were told and are owed, or send one again."""
    from voiceapp.terminal import webhooks as telling

    with _refusals_told():
        if resend is not None:
            typer.echo(asyncio.run(telling.resend(settings_with(), url, resend)))
        else:
            _print_table(telling.COLUMNS, asyncio.run(telling.told(settings_with(), url, call)))


@app.command(rich_help_panel=_PANEL)
def numbers() -> None:
    """List the numbers of the accounts at the carriers, and what they lead to."""
    from voiceapp.terminal.connect import numbers as listed

    rows, failures = asyncio.run(listed(settings_with()))
    _print_table(("number", "carrier", "leads to", ""), rows)
    for failure in failures:
        typer.echo(failure, err=True)
    if failures:
        raise typer.Exit(2)


@app.command(rich_help_panel=_PANEL)
def connect(
    carrier: Annotated[CarrierName, typer.Argument(help="Where the number and the account are.")],
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="The flow that answers.")],
    number: Annotated[str | None, typer.Option(metavar="DID", help="A number of the account.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the changes, make none.")] = False,
    flows: Flows = None,
    public_url: PublicUrl = None,
) -> None:
    """Make a carrier post its calls to a flow: apps, numbers and webhooks, as far as they are missing."""
    from voiceapp.terminal.connect import connect as make

    settings = settings_with(flows=flows, public_url=public_url)
    asyncio.run(make(settings, carrier=carrier, flow=flow, number=number, dry_run=dry_run, show=typer.echo))


@app.command(rich_help_panel=_PANEL)
def doctor(flows: Flows = None, db: Db = None, public_url: PublicUrl = None) -> None:
    """Look at every setting that calls depend on, and at the accounts; exit 1 when something is wrong."""
    from voiceapp.terminal.doctor import examined

    findings = asyncio.run(examined(settings_with(flows=flows, db=db, public_url=public_url)))
    for finding in findings:
        typer.echo(str(finding))
    if any(finding.verdict == "wrong" for finding in findings):
        raise typer.Exit(1)


@app.command(rich_help_panel=_PANEL)
def emulate(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 is any free one.")] = 8090,
    ring: Annotated[float, typer.Option(min=0, max=60, help="Seconds that a phone rings.")] = 3.0,
    app_url: Annotated[
        str | None, typer.Option(metavar="URL", help="A voiceapp; begin with a CALLR app for each of the flows.")
    ] = None,
    flows: Flows = None,
) -> None:
    """Be both carriers: their APIs, and phones that are picked up or not."""
    from voiceapp.terminal.emulate import emulate as run

    asyncio.run(run(settings_with(flows=flows), port=port, ring=ring, app_url=app_url, say=typer.echo))


def _print_table(columns: tuple[str, ...], rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, box=None)
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 200).print(table)

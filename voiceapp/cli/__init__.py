"""The command line: reads arguments, calls what does the work, turns errors into one line and an exit code.

0 all is well · 1 what was looked at is wrong (flows with mistakes, a call that differs) · 2 the command could
not be carried out (settings, database, port, arguments).
"""

import asyncio
import errno
import os
import sys
from typing import Annotated

import typer

from voiceapp import __version__
from voiceapp.cli import calling, checking, comparing, drawing, fuzzing, portability, starting, testing, writing
from voiceapp.cli.options import CallId, Db, Flows, Host, Inputs, Port, PublicUrl, inputs_of, settings_with
from voiceapp.errors import AuthoringError, OperatorError, UnknownCall
from voiceapp.settings import rows

app = typer.Typer(
    help="voiceapp answers phone calls: one YAML flow, every carrier.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Every setting can also be given as VOICEAPP_*; `voiceapp settings` lists them.",
)


_NO_MORE_OUTPUT = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EIO)


def main() -> None:
    """The entry point: `app`, with voiceapp's own errors as lines on stderr."""
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except AuthoringError as error:
        _complain(str(error))
        sys.exit(1)
    except UnknownCall:
        _complain("no call has this id; voiceapp calls lists them")
        sys.exit(2)
    except OperatorError as error:
        _complain(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.errno not in _NO_MORE_OUTPUT or error.filename is not None:
            raise
        # Nothing more goes there, not even what is left when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno != errno.EPIPE:
            _complain(f"cannot write what is to be shown: {error.strerror}")
        sys.exit(2)


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


@app.command()
def serve(
    flows: Flows = None, host: Host = None, port: Port = None, db: Db = None, public_url: PublicUrl = None
) -> None:
    """Answer calls: the carriers' hooks, audio files, the API and health, on one port."""
    from voiceapp.terminal.serve import serve as run

    settings = settings_with(flows=flows, host=host, port=port, db=db, public_url=public_url)
    with _runner() as runner:
        runner.run(run(settings, lambda line: print(line, flush=True)))


def _runner() -> asyncio.Runner:
    try:
        import uvloop
    except ImportError:
        return asyncio.Runner()
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


@app.command()
def call(
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="The flow to call.")],
    carrier: Annotated[str, typer.Option(help="callr or routee")] = "callr",
    keys: Annotated[
        str | None,
        typer.Option(
            help='What the caller presses: "1 . 42# !" (. is silence, ! hangs up). Without it, you are asked.'
        ),
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="A running server; without it one is started for this call.")
    ] = None,
    given: Inputs = None,
    from_number: Annotated[str, typer.Option("--from", help="The caller's number.")] = "+33612345678",
    to_number: Annotated[str, typer.Option("--to", help="The number that is called.")] = "+33123456789",
    flows: Flows = None,
) -> None:
    """Be the carrier and the caller of one call: a telephone in the terminal."""
    from voiceapp.terminal.call import call as place

    if carrier not in ("callr", "routee"):
        raise OperatorError(f"--carrier: there is no carrier {carrier}; there are callr and routee")
    inputs = inputs_of(given)
    try:
        transcript = asyncio.run(
            place(
                settings_with(flows=flows),
                flow=flow,
                carrier="routee" if carrier == "routee" else "callr",
                keys=keys,
                url=url,
                inputs=inputs,
                from_number=from_number,
                to_number=to_number,
                show=print,
            )
        )
    except ValueError as error:
        raise OperatorError(f"--keys: {error}") from None
    if transcript.defects:
        raise typer.Exit(1)


@app.command()
def calls(
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many.")] = 20,
    flow: Annotated[str | None, typer.Option(help="Only calls of this flow.")] = None,
    db: Db = None,
) -> None:
    """List the newest calls."""
    from rich.console import Console
    from rich.table import Table

    from voiceapp.terminal.calls import recent

    found = asyncio.run(recent(settings_with(db=db).db, limit, flow))
    table = Table(box=None)
    for at, heading in enumerate(("call", "began (UTC)", "carrier", "flow", "parties", "state", "ended because")):
        widest = max((len(row[at]) for row in found), default=0)
        table.add_column(heading, overflow="fold", min_width=widest if heading == "call" else None)
    for row in found:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


@app.command()
def show(call_id: CallId, db: Db = None) -> None:
    """Print one call: what was saved, and every event and action with its time."""
    from voiceapp.terminal.calls import transcript

    for line in asyncio.run(transcript(settings_with(db=db).db, call_id)):
        print(line)


@app.command()
def settings() -> None:
    """List every setting with its variable, default and meaning."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None)
    for heading in ("variable", "option", "default", "meaning"):
        table.add_column(heading, overflow="fold")
    for row in rows():
        table.add_row(row.variable, row.option, row.default, f"{row.help} ({row.type})")
    Console(width=None if sys.stdout.isatty() else 160).print(table)


for commands in (starting, writing, checking, portability, testing, fuzzing, comparing, drawing, calling):
    app.add_typer(commands.app)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(__version__)
        raise typer.Exit

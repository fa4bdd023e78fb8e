"""The command that draws flows: reads arguments, calls what does the work."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from voiceapp.cli.options import PROVING, Db, Flows, Since, settings_with, shown, since_of
from voiceapp.errors import OperatorError

app = typer.Typer()


@app.command(rich_help_panel=PROVING)
def graph(
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="A file or a name.")],
    form: Annotated[
        Literal["mermaid", "svg"] | None,
        typer.Option("--format", help="Without it, what the file's name ends in."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write to this file, FILE.svg or FILE.mmd.", metavar="FILE"),
    ] = None,
    coverage: Annotated[
        Path | None,
        typer.Option(help="Paint what tests took: a file of `voiceapp test --coverage-file`.", metavar="FILE"),
    ] = None,
    calls: Annotated[bool, typer.Option("--calls", help="Paint how often stored calls took each way.")] = False,
    since: Since = None,
    flows: Flows = None,
    db: Db = None,
) -> None:
    """Draw a flow, as Mermaid or SVG; painted with what tests or callers took of it."""
    from voiceapp.terminal import graph as graphs
    from voiceapp.terminal.files import write
    from voiceapp.terminal.script import load
    from voiceapp.web.from_settings import carriers_of

    if coverage is not None and calls:
        raise OperatorError("--calls: cannot stand beside --coverage")
    if since is not None and not calls:
        raise OperatorError("--since: goes with --calls")
    to_file = None if shown(output) else output
    form = form or graphs.form_of(to_file)
    begin = None if since is None else datetime.now(UTC) - since_of(since)
    settings = settings_with(flows=flows, db=db)
    loaded = load(flow, Path(settings.flows))
    painted = None if coverage is None else graphs.from_file(coverage, loaded)
    if calls:
        carriers = {one.name: one for one in carriers_of(settings)}
        counted = asyncio.run(graphs.from_calls(settings.db, loaded, carriers, begin))
        typer.echo(counted, err=True)
        painted = counted.painted
    text = graphs.drawn(loaded, form, painted)
    if to_file is None:
        typer.echo(text, nl=False)
    else:
        write(to_file, text.encode())

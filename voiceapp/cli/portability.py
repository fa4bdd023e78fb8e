"""The command that compares carriers: reads arguments, calls what does the work."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from voiceapp.cli.options import PROVING, WIDE, Flows, settings_with

if TYPE_CHECKING:
    from voiceapp.carriers import Carrier
    from voiceapp.check.portability import Ported

app = typer.Typer()


@app.command(rich_help_panel=PROVING)
def portability(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="FLOW", help="Files or names; all when none.")
    ] = None,
    flows: Flows = None,
    form: Annotated[
        Literal["text", "json", "markdown"], typer.Option("--format", help="How the tables are written.")
    ] = "text",
) -> None:
    """Show step by step what each carrier does natively, what is emulated and how, what it cannot do and why."""
    from voiceapp.terminal import portability as tables
    from voiceapp.terminal.chosen import chosen
    from voiceapp.web.from_settings import carriers_of

    settings = settings_with(flows=flows)
    carriers = carriers_of(settings)
    found = tables.ported_all(chosen(paths or [], settings), carriers)
    match form:
        case "json":
            print(tables.as_json(found, carriers))
        case "markdown":
            print(tables.markdown(found, carriers))
        case "text":
            show(found, carriers)


def show(found: "Sequence[Ported]", carriers: "Sequence[Carrier]") -> None:
    """The tables, for people."""
    from rich.console import Console

    from voiceapp.terminal import portability as tables

    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    for at, flow in enumerate(found):
        print("\n" if at else "", tables.verdict(flow, carriers), "\n", sep="", flush=True)
        console.print(tables.table(flow, carriers))

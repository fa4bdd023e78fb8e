"""The commands that prove flows before anybody calls: reads arguments, calls what does the work."""

import contextlib
import gc
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

import typer

from voiceapp.check.finding import Severity
from voiceapp.check.report import Format, Report
from voiceapp.cli.options import PROVING, WIDE, Flows, listed_in, settings_with
from voiceapp.errors import OperatorError
from voiceapp.settings import Settings

app = typer.Typer()


@app.command(rich_help_panel=PROVING)
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FLOW", help="Files or names; all when none."),
    ] = None,
    flows: Flows = None,
    carrier: Annotated[
        list[str] | None,
        typer.Option(help="Carriers to be served: what they cannot do is an error.", metavar="callr,routee"),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How findings are written.")] = Format.TEXT,
    select: Annotated[
        list[str] | None, typer.Option(help="Only rules that begin so: VF1,VF203", metavar="ID,…")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="No rules that begin so.", metavar="ID,…")] = None,
    fail_on: Annotated[Severity, typer.Option(help="The least that makes it exit with 1.")] = Severity.ERROR,
    times: Annotated[bool, typer.Option("--times", help="Show how long callers may wait, turn by turn.")] = False,
) -> None:
    """Print what is wrong with flows, and with what callers would hear, at file:line:column."""
    from voiceapp.terminal.check import report_of, wanted

    settings = settings_with(flows=flows)
    chosen = wanted(
        settings, listed_in(carrier, "--carrier"), listed_in(select, "--select"), listed_in(ignore, "--ignore")
    )
    if times:
        for option, given in (("--format", form is not Format.TEXT), ("--select", select), ("--ignore", ignore)):
            if given:
                raise OperatorError(f"{option}: cannot stand beside --times")
        _show_times(paths or [], settings, chosen.carriers)
        return
    with _without_collections():
        report = report_of(paths or [], settings, chosen)
    _show(report, form)
    if chosen.carriers and form is Format.TEXT and report.loaded:
        _show_tables(paths or [], settings, chosen.carriers)
    if report.fails(fail_on):
        raise typer.Exit(1)


@contextlib.contextmanager
def _without_collections() -> Iterator[None]:
    """Nothing that is read of flows is garbage, and looking for some takes a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _show_tables(paths: list[Path], settings: Settings, wanted: Collection[str]) -> None:
    from voiceapp.cli.portability import show
    from voiceapp.terminal.chosen import chosen
    from voiceapp.terminal.portability import ported_all
    from voiceapp.web.from_settings import carriers_of

    carriers = [one for one in carriers_of(settings) if one.name in wanted]
    print()
    show(ported_all(chosen(paths, settings), carriers), carriers)


def _show_times(paths: list[Path], settings: Settings, wanted: Collection[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    from voiceapp.terminal.chosen import chosen
    from voiceapp.terminal.times import HEADINGS, times_of
    from voiceapp.web.from_settings import carriers_of

    carriers = [one for one in carriers_of(settings) if one.name in wanted or not wanted]
    times = times_of(chosen(paths, settings), carriers)
    if times.rows:
        table = Table(*HEADINGS, box=None)
        for row in times.rows:
            table.add_row(*row)
        Console(width=None if sys.stdout.isatty() else WIDE, highlight=False, markup=False).print(table)
    for remark in times.remarks:
        print(remark)
    if times.late:
        raise typer.Exit(1)


def _show(report: Report, form: Format) -> None:
    """In colours where somebody looks at a terminal."""
    if form is Format.TEXT and sys.stdout.isatty():
        from rich.console import Console

        from voiceapp.check.formats.text import painted

        console = Console()
        console.print(painted(report, console.width), soft_wrap=True)
    else:
        from voiceapp.check.formats import FORMATS

        print(FORMATS[form](report))

"""The commands that help writing flows: reads arguments, calls what does the work."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from voiceapp.cli.options import WRITING, Flows, settings_with, shown
from voiceapp.errors import OperatorError

app = typer.Typer()


@app.command(rich_help_panel=WRITING)
def script(
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="A file or a name.")],
    language: Annotated[str | None, typer.Option(help="Only this language.", metavar="LANGUAGE")] = None,
    csv: Annotated[
        bool, typer.Option("--csv", help="A table for translators instead, a column a language.")
    ] = False,
    add: Annotated[
        list[str] | None,
        typer.Option(help="With --csv: an empty column for a new language.", metavar="LANGUAGE"),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option("--import", help="Bring the texts of such a table back into the flow.", metavar="FILE"),
    ] = None,
    recorded: Annotated[
        bool, typer.Option("--recorded", help="Note that the flow's sounds say what stands there now.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --import: only show the difference.")] = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Write over a file that is there; bring back, or note, even where something speaks against it.",
        ),
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file; - shows it.", metavar="FILE")
    ] = None,
    flows: Flows = None,
) -> None:
    """Print every text of a flow: to read out, or as a table to translate; and bring the table back."""
    from voiceapp.terminal import script as scripts

    given = [name for name, value in (("--csv", csv), ("--import", table), ("--recorded", recorded)) if value]
    what = _one_of(given)
    for option, value, beside in (
        ("--language", language, ("",)),
        ("--add", add, ("--csv",)),
        ("--dry-run", dry_run, ("--import",)),
        ("--force", force and output is None, ("--import", "--recorded", "--output")),
        ("--output", output, ("", "--csv")),
    ):
        if value and what not in beside:
            raise OperatorError(f"{option}: {_beside(beside, what)}")
    loaded = scripts.load(flow, Path(settings_with(flows=flows).flows))
    if table is not None:
        told = scripts.bring_back(loaded, table, _remark, force=force, dry_run=dry_run)
    elif recorded:
        told = scripts.note_recorded(loaded, force=force)
    else:
        content = (
            scripts.to_translate(loaded, add or []) if csv else scripts.to_read_out(loaded, language).encode()
        )
        if output is None or shown(output):
            sys.stdout.buffer.write(content)
            return
        told = iter([scripts.write_new(output, content, force=force)])
    for line in told:
        print(line)


def _remark(text: str) -> None:
    print(text, file=sys.stderr)


def _one_of(given: list[str]) -> str:
    """The option that says what is to be done; `""` when none does. Raises OperatorError."""
    if len(given) > 1:
        raise OperatorError(f"{given[1]}: cannot stand beside {given[0]}")
    return given[0] if given else ""


def _beside(options: tuple[str, ...], what: str) -> str:
    """What is wrong with an option that goes only with these, beside `what`."""
    return f"cannot stand beside {what}" if "" in options else f"goes with {' or '.join(options)}"


@app.command(rich_help_panel=WRITING)
def schema(
    tests: Annotated[bool, typer.Option("--tests", help="That of the files of tests instead.")] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write it to this file, beside what it is of.", metavar="FILE"),
    ] = None,
) -> None:
    """Print the JSON Schema by which editors complete flows, or their tests, and mark what is wrong in them."""
    from voiceapp.terminal.schema import write_schema

    write_schema(None if shown(output) else output, print, tests=tests)

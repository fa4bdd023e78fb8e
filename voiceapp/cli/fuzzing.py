"""The command that looks for calls that break a rule: reads arguments, calls what does the work."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voiceapp.cli.options import PROVING, WIDE, Flows, listed_in, settings_with, shown
from voiceapp.errors import OperatorError

if TYPE_CHECKING:
    from voiceapp.fuzzing.invariants import Limits
    from voiceapp.fuzzing.searching import Budget
    from voiceapp.settings import Settings

app = typer.Typer()


@app.command(rich_help_panel=PROVING)
def fuzz(
    flow: Annotated[Path, typer.Argument(metavar="FLOW", help="The flow that is called: a file or a name.")],
    flows: Flows = None,
    carrier: Annotated[
        list[str] | None,
        typer.Option(help="On these carriers; on all that the flow fits without it.", metavar="callr,routee"),
    ] = None,
    calls: Annotated[int, typer.Option(min=1, help="How many, on each carrier.")] = 500,
    seconds: Annotated[float, typer.Option(min=0.001, help="No new calls on a carrier after so long.")] = 60.0,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same calls.")] = 0,
    turns: Annotated[
        int | None,
        typer.Option(min=1, help="Every call has to end within so many; without it, within the engine's limit."),
    ] = None,
    no_apology: Annotated[
        bool, typer.Option("--no-apology", help="No call may end because a step failed, not even with on_error.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Where to write a counterexample; - shows it. Without it, FLOWS/tests."
        ),
    ] = None,
    again: Annotated[
        Path | None, typer.Option(help="Play a recorded counterexample instead.", metavar="FILE")
    ] = None,
) -> None:
    """Call a flow with random callers, back ends and networks; exit 1 with a call that breaks a rule."""
    from voiceapp.rehearsal.rehearse import PUBLIC_URL

    settings = settings_with(flows=flows, public_url=PUBLIC_URL)
    try:
        from voiceapp.fuzzing.invariants import MOST_TURNS, Limits
        from voiceapp.fuzzing.searching import Budget
    except ModuleNotFoundError as missing:
        if missing.name != "hypothesis":
            raise
        raise OperatorError("voiceapp fuzz needs Hypothesis: install voiceapp[fuzz]") from None
    if again is not None:
        _again(settings, flow, again)
        return
    limits = Limits(MOST_TURNS if turns is None else turns, apologies=not no_apology)
    _search(settings, flow, listed_in(carrier, "--carrier"), Budget(calls, seconds, seed), limits, output)


def _search(
    settings: "Settings", flow: Path, names: Sequence[str], budget: "Budget", limits: "Limits", output: Path | None
) -> None:
    from voiceapp.terminal import fuzz as fuzzing
    from voiceapp.terminal import testing
    from voiceapp.terminal.chosen import chosen_one
    from voiceapp.web.from_settings import carriers_of

    carriers = carriers_of(settings)
    chosen = chosen_one(flow, settings)
    (name,) = chosen.names
    script, called = chosen.scripts[name], fuzzing.chosen(chosen.scripts, carriers, name, names)
    searched = list(fuzzing.searches(script, called, budget, limits))
    _show([fuzzing.row(one, script) for one in searched])
    found = searched[-1].found
    if found is None:
        print("no call broke a rule")
        return
    print(*fuzzing.broken_lines(found.played, found.broken), sep="\n")
    file = fuzzing.to_write(chosen.scripts, carriers, found, limits)
    if output is not None and shown(output):
        print("", file.text, sep="\n", end="")
    else:
        path = fuzzing.write(file, output, chosen.folder / testing.TESTS, name)
        how = (
            "voiceapp test plays it" if file.suffix == ".yaml" else f"voiceapp fuzz {flow} --again {path} plays it"
        )
        print(f"\n{path}: {how}; it fails until this is put right")
    raise typer.Exit(1)


def _show(rows: list[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table

    from voiceapp.terminal import fuzz as fuzzing

    table = Table(*fuzzing.COLUMNS, box=None)
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def _again(settings: "Settings", flow: Path, file: Path) -> None:
    from voiceapp.terminal import fuzz as fuzzing
    from voiceapp.terminal.chosen import chosen_one
    from voiceapp.web.from_settings import carriers_of

    chosen = chosen_one(flow, settings)
    (name,) = chosen.names
    record = fuzzing.record_in(file)
    played, broken = asyncio.run(fuzzing.again(chosen.scripts, carriers_of(settings), name, record))
    if broken is None:
        print(f"{file}: this call breaks no rule")
        return
    print(*fuzzing.broken_lines(played, broken), sep="\n")
    raise typer.Exit(1)

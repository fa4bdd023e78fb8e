"""The commands that play flows without a telephone: reads arguments, calls what does the work."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voiceapp.cli.options import PROVING, Flows, settings_with, shown
from voiceapp.errors import OperatorError

if TYPE_CHECKING:
    from voiceapp.terminal.testing import Ran

app = typer.Typer()


@app.command("test", rich_help_panel=PROVING)
def play_tests(
    names: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FLOW", help="Files or names of flows whose tests are played; all when none."),
    ] = None,
    flows: Flows = None,
    keyword: Annotated[str, typer.Option("-k", help="Only tests with this in their names.", metavar="TEXT")] = "",
    junit: Annotated[Path | None, typer.Option(help="Write the results as JUnit's XML.", metavar="FILE")] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Write what came out into the tests that failed; then read the diff.")
    ] = False,
    min_coverage: Annotated[
        float | None,
        typer.Option(min=0, max=100, help="Fail when fewer ways out of a flow were played.", metavar="PERCENT"),
    ] = None,
    coverage_file: Annotated[
        Path | None, typer.Option(help="Write the counts for `voiceapp graph --coverage`.", metavar="FILE")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show only what failed.")] = False,
) -> None:
    """Play the tests beside the flows (FLOWS/tests/*.yaml); exit 1 when one comes out otherwise."""
    from voiceapp.rehearsal.junit import junit_xml
    from voiceapp.rehearsal.rehearse import PUBLIC_URL
    from voiceapp.terminal import testing
    from voiceapp.terminal.chosen import chosen_in_one_folder
    from voiceapp.terminal.files import write
    from voiceapp.web.from_settings import carriers_of

    settings = settings_with(flows=flows, public_url=PUBLIC_URL)
    chosen = chosen_in_one_folder(names or [], settings)
    scenarios = testing.chosen(chosen.folder, chosen.names if names else (), keyword)
    ran = asyncio.run(testing.run(chosen.scripts, carriers_of(settings), scenarios, chosen.names))
    if junit is not None:
        write(junit, junit_xml(ran.results).encode())
    if coverage_file is not None:
        write(coverage_file, testing.coverage_json(ran.coverage))
    _show(ran, quiet=quiet)
    if update:
        for file in testing.update(ran.results):
            print(f"{file}: written anew; read the difference before you keep it")
        return
    short = testing.short_lines(ran.coverage, min_coverage or 0.0)
    for line in short:
        print(line)
    if ran.failed or short:
        raise typer.Exit(1)


def _show(ran: "Ran", *, quiet: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    from voiceapp.terminal import testing

    for line in testing.result_lines(ran.results, quiet=quiet):
        print(line)
    table = Table(*testing.COVERAGE_COLUMNS, box=None)
    for row in testing.coverage_rows(ran.coverage):
        table.add_row(*row)
    print()
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    for line in testing.missing_lines(ran.coverage):
        print(line)
    print(testing.summary(ran))


@app.command(rich_help_panel=PROVING)
def paths(
    flow: Annotated[
        Path, typer.Argument(metavar="FLOW", help="The flow whose paths are looked for: a file or a name.")
    ],
    flows: Flows = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write, FLOWS/tests/FLOW_paths.yaml by default; - shows it."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also every try after the first, and every language at every step.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Find the calls that go through every way out of a flow; write as tests those that none plays."""
    from voiceapp.rehearsal.rehearse import PUBLIC_URL
    from voiceapp.terminal import paths as finding
    from voiceapp.terminal import testing
    from voiceapp.terminal.chosen import chosen_one
    from voiceapp.web.from_settings import carriers_of

    settings = settings_with(flows=flows, public_url=PUBLIC_URL)
    chosen = chosen_one(flow, settings)
    (name,) = chosen.names
    file = output or chosen.folder / testing.TESTS / f"{name}_paths.yaml"
    if not shown(file) and file.exists() and not force:
        raise OperatorError(f"{file} is there already: --force writes over it")
    mine = [one for one in testing.load_scenarios(chosen.folder) if one.flow == name and one.file != str(file)]
    kinds = finding.EVERYTHING if everything else finding.WAYS
    found = asyncio.run(finding.missing_tests(chosen.scripts, carriers_of(settings), name, mine, kinds))
    if shown(file):
        print(found.text, end="")
    elif found.text:
        finding.write(found.text, file, force=force)
        were, them = ("test that was", "it") if found.count == 1 else ("tests that were", "them")
        print(f"{file}: {found.count} {were} missing; read {them} before you keep {them}")
    else:
        print(f"nothing is missing: the tests of {name} go through all of it")
    for missing in found.missing:
        print(f"no call was found for: {missing}", file=sys.stderr)
    if not found.whole:
        print(f"only {found.calls} calls were tried; the flow has more", file=sys.stderr)

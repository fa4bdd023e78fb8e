"""The command that begins a flow: reads arguments, calls what does the work."""

from pathlib import Path
from typing import Annotated

import typer

from voiceapp.cli.options import WRITING, Flows, settings_with
from voiceapp.starters import ABOUT

app = typer.Typer()

_TEMPLATES = " · ".join(f"{name}: {about}" for name, about in ABOUT.items())


@app.command(rich_help_panel=WRITING)
def new(
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="Its name: a-z, 0-9 and _.")],
    template: Annotated[str, typer.Option(help=_TEMPLATES, metavar="|".join(ABOUT))] = "ivr",
    flows: Flows = None,
) -> None:
    """Begin a flow: writes one that works, and its tests, to change from there."""
    from voiceapp.terminal.new import write

    file, tests = write(Path(settings_with(flows=flows).flows), flow, template)
    where = f" --flows {flows}" if flows else ""
    print(f"{file}  {ABOUT[template]}")
    print(f"{tests}  its tests")
    print(f"voiceapp check {flow}{where} · voiceapp test {flow}{where} · voiceapp call {flow}{where}")

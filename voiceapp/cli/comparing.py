"""The commands that compare versions of a flow: reads arguments, calls what does the work."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voiceapp.cli.options import PROVING, Db, Flows, PublicUrl, Since, settings_with, since_of
from voiceapp.errors import OperatorError

if TYPE_CHECKING:
    from voiceapp.changes.behaviour import Compared

app = typer.Typer()

Every = Annotated[
    bool, typer.Option("--all", help="Show every call, not one for all that differ for the same reason.")
]


@app.command(rich_help_panel=PROVING)
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A flow's file, or REVISION:FILE as git names it.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same flow, changed.")],
    flows: Flows = None,
    every: Every = False,
) -> None:
    """Say what a change to a flow means, and which calls and tests come out otherwise; exit 1 when it means
    anything."""
    from voiceapp.rehearsal.rehearse import PUBLIC_URL
    from voiceapp.terminal import diff as comparing
    from voiceapp.terminal.chosen import loadable
    from voiceapp.terminal.testing import load_scenarios
    from voiceapp.web.from_settings import carriers_of

    settings = settings_with(flows=flows, public_url=PUBLIC_URL)
    folder = Path(settings.flows)
    neighbours = loadable(folder, settings.secrets.keys())
    before, after = comparing.version(old, neighbours), comparing.version(new, neighbours)
    if before.flow.name != after.flow.name:
        raise OperatorError(f"{old} is the flow {before.flow.name}, {new} is {after.flow.name}")
    scenarios = [one for one in load_scenarios(folder) if one.flow == before.flow.name]
    beside = comparing.Beside(neighbours, folder, settings.secrets.keys())
    found = asyncio.run(comparing.difference(before, after, carriers_of(settings), scenarios, beside))
    for line in comparing.lines(found, new, every=every):
        print(line)
    if not found.empty:
        raise typer.Exit(1)


@app.command()
def replay(
    call_id: Annotated[
        str | None, typer.Argument(metavar="CALL", help="The call's id, as `voiceapp calls` prints it.")
    ] = None,
    since: Since = None,
    flow: Annotated[
        str | None, typer.Option(help="Under this flow: a file, or REVISION:FILE as git names it.", metavar="NEW")
    ] = None,
    flows: Flows = None,
    db: Db = None,
    public_url: PublicUrl = None,
    every: Every = False,
) -> None:
    """Run a stored call again from its log, or all calls since a time under a changed flow; exit 1 when one
    differs."""
    if call_id is not None and since is None and flow is None and not every:
        _replay_one(call_id, db, public_url)
    elif call_id is None and flow is not None:
        _replay_since(since_of(since or "7d"), flow, flows, db, every=every)
    else:
        raise OperatorError("name one call; or give --flow NEW, with --since and --all where you like")


def _replay_one(call_id: str, db: str | None, public_url: str | None) -> None:
    from voiceapp.terminal.calls import replayed
    from voiceapp.web.from_settings import carriers_of

    settings = settings_with(db=db, public_url=public_url)
    carriers = {one.name: one for one in carriers_of(settings)}
    turns, differences = asyncio.run(replayed(settings.db, call_id, carriers))
    for difference in differences:
        print(f"turn {difference.turn}: another {difference.what}")
        print(f"  logged   {difference.logged.decode()}")
        print(f"  replayed {difference.replayed.decode()}")
    if differences:
        raise typer.Exit(1)
    print(f"{turns} turns, the same actions and replies byte for byte")


def _replay_since(ago: timedelta, flow: str, flows: str | None, db: str | None, *, every: bool) -> None:
    from voiceapp.rehearsal.rehearse import PUBLIC_URL
    from voiceapp.terminal import replaying
    from voiceapp.terminal.calls import kept
    from voiceapp.terminal.chosen import loadable
    from voiceapp.terminal.diff import version
    from voiceapp.web.from_settings import carriers_of

    settings = settings_with(flows=flows, db=db, public_url=PUBLIC_URL)
    new = version(flow, loadable(Path(settings.flows), settings.secrets.keys()))
    carriers = {one.name: one for one in carriers_of(settings)}

    async def run() -> "tuple[Compared, ...]":
        async with kept(settings.db) as store:
            return await replaying.replayed_since(store, new, carriers, datetime.now(UTC) - ago)

    compared = asyncio.run(run())
    for line in replaying.lines(compared, every=every):
        print(line)
    if replaying.any_different(compared):
        raise typer.Exit(1)

"""`python -m tests.bench [--quick] [SECTION ...]`: everything in under six minutes, `--quick` in about one."""

import argparse
import contextlib
import sqlite3
import tempfile
import time
from pathlib import Path

from rich.console import Console

from tests.bench.machine import IN_MEMORY, facts, file_system
from tests.bench.orders import generator
from tests.bench.sections import FULL, QUICK, SECTIONS, Bench, Extent
from tests.bench.table import table_of


def main() -> None:
    """Measure, and print the table as it grows."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="where the databases go")  # noqa: S108
    given = parser.parse_args()
    wanted = given.sections or list(SECTIONS)
    if unknown := set(wanted) - set(SECTIONS):
        parser.error(f"no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    if file_system(given.folder) in IN_MEMORY:
        parser.error(f"{given.folder} is in memory, where fsync does nothing; name a --folder on a disk")
    console = Console(width=None if Console().is_terminal else 150, highlight=False)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=given.folder, prefix="voiceapp-bench-") as folder:
        for line in facts(Path(folder)):
            console.print(line)
        for name in wanted:
            _measure(name, Path(folder), QUICK if given.quick else FULL, console)
    console.print(f"\nmedians (least-most of all rounds); {time.monotonic() - began:.0f} s in all")


def _measure(name: str, folder: Path, extent: Extent, console: Console) -> None:
    """One section, and then whether every turn that was answered is in a database."""
    with generator() as load:
        with contextlib.ExitStack() as running:
            bench = Bench(folder / name, load, extent, console.print, running)
            lines = SECTIONS[name](bench)
        console.print()
        console.print(table_of(name, lines))
        ports = [server.port for server in bench.voiceapps]
        answered = sum(load.answered[port] for port in ports)
        apologies = sum(load.apologies[port] for port in ports)
        stored = sum(_turns(server.db) for server in bench.voiceapps if server.db)
        if not answered - apologies <= stored <= answered:
            raise SystemExit(f"{answered:,} turns were answered, {stored:,} are in the database")
        if answered:
            console.print(f"{answered:,} turns of voiceapp, all in its database; {apologies:,} apologies")


def _turns(db: Path) -> int:
    with contextlib.closing(sqlite3.connect(db)) as connection:
        count: int = connection.execute("SELECT count(*) FROM turns").fetchone()[0]
        return count


if __name__ == "__main__":
    main()

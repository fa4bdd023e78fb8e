"""`make mutants`: how many mutants of the shipped flows are caught, by whom, and which are not."""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.mutants.running import Caught, Laboratory

FLOWS = Path(__file__).parent.parent.parent / "flows"


async def _all(folder: Path) -> list[Caught]:
    laboratory = Laboratory(folder)
    return [await laboratory.caught(name, mutant) for name, mutant in laboratory.mutants()]


def _lines(caught: Sequence[Caught]) -> Iterator[str]:
    """A line for each flow and each survivor, and the share of all that were caught."""
    for flow in dict.fromkeys(one.flow for one in caught):
        by = Counter(one.by for one in caught if one.flow == flow)
        share = 100 * (by.total() - by["nobody"]) / by.total()
        counts = f"{by.total():>4} mutants  check {by['check']:>4}  tests {by['test']:>4}"
        yield f"{flow:<14} {counts}  {share:.0f} % caught"
    survivors = [one for one in caught if one.by == "nobody"]
    yield from (f"survived: {one.flow}: {one.what}" for one in survivors)
    found = len(caught) - len(survivors)
    yield f"{found} of {len(caught)} mutants caught: {100 * found / len(caught):.1f} %"


def main() -> None:
    """Prints what came of all mutants; exit 1 when one was not caught."""
    caught = asyncio.run(_all(Path(sys.argv[1]) if len(sys.argv) > 1 else FLOWS))
    sys.stdout.writelines(f"{line}\n" for line in _lines(caught))
    sys.exit(any(one.by == "nobody" for one in caught))


if __name__ == "__main__":
    main()

"""The rows of a layered layout: sorted so that few links cross, moved so that they are short and straight."""

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from math import inf
from statistics import median
from typing import NamedTuple

APART = 26.0
_LINES_APART = 16.0
"""Pixels between neighbours of a row: nodes, and whatever else."""
_SORTS = 12
_MOVES = 48


@dataclass(eq=False)
class Cell:
    """What stands in a row: a node, a label, or a link on its way. `left` and `right` of `x` are its own."""

    left: float
    right: float
    height: float = 0.0
    node: bool = False
    x: float = 0.0
    at: int = 0
    above: list["Pull"] = field(default_factory=list)
    below: list["Pull"] = field(default_factory=list)

    def apart(self, after: "Cell") -> float:
        """From here to the one right of it, at least."""
        return self.right + (APART if self.node and after.node else _LINES_APART) + after.left

    def wanted(self, pulls: Sequence["Pull"]) -> tuple[float, float]:
        """Where these neighbours want it, and how much; where it is when there are none."""
        weight = sum(pull.weight for pull in pulls)
        return (sum((p.other.x + p.shift) * p.weight for p in pulls) / weight, weight) if weight else (self.x, 0.1)


class Pull(NamedTuple):
    """A neighbour in the next row, straight below or above which (shifted by so much) a cell would stand."""

    other: Cell
    shift: float
    weight: float

    @property
    def beside(self) -> tuple[float, float]:
        """A link that leads back counts as right of its node: here, and over there."""
        return 0.4 * (self.shift < 0), 0.4 * (self.shift > 0)


def sort(rows: Sequence[list[Cell]]) -> None:
    """Sorts every row by the middle one of its neighbours, down and up, from the order given and from its mirror
    image; keeps the order with the fewest crossings."""
    best, fewest = [list(row) for row in rows], _crossings(rows)
    mirrored = [row[::-1] for row in rows]
    for turn in range(2 * _SORTS):
        if turn == _SORTS:
            for row, order in zip(rows, mirrored, strict=True):
                row[:] = order
                _number(row)
        down = turn % 2 == 0
        for row in rows if down else reversed(rows):
            if turn % 4 > 1:
                row.reverse()  # so that those with equal medians change places
            medians = {cell: _middle(cell, cell.above if down else cell.below) for cell in row}
            row.sort(key=medians.__getitem__)
            _number(row)
        _swap(rows)
        crossings = _crossings(rows)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    for row, order in zip(rows, best, strict=True):
        row[:] = order
        _number(row)


def _swap(rows: Sequence[list[Cell]]) -> None:
    """Swaps neighbours whose links then cross less."""
    for row in rows:
        for at in range(len(row) - 1):
            one, two = row[at], row[at + 1]
            sides = ((one.above, two.above), (one.below, two.below))
            if sum(_inverted(a, b) for a, b in sides) > sum(_inverted(b, a) for a, b in sides):
                row[at], row[at + 1] = two, one
                two.at, one.at = at, at + 1


def _inverted(left: Sequence[Pull], right: Sequence[Pull]) -> int:
    """How many links of a left neighbour cross one of the right neighbour."""
    ends = [pull.other.at + pull.beside[1] for pull in right]
    return sum(pull.other.at + pull.beside[1] > end for pull in left for end in ends)


def _number(row: Sequence[Cell]) -> None:
    for at, cell in enumerate(row):
        cell.at = at


def _middle(cell: Cell, pulls: Sequence[Pull]) -> float:
    """The median of the neighbours' places."""
    return median(pull.other.at + pull.beside[1] for pull in pulls) if pulls else cell.at


def _crossings(rows: Sequence[Sequence[Cell]]) -> int:
    crossings = 0
    for row in rows:
        seen: list[float] = []
        ends = ((cell.at, pull.other.at, *pull.beside) for cell in row for pull in cell.below)
        for _, to in sorted((at + here, other + there) for at, other, here, there in ends):
            crossings += len(seen) - bisect_right(seen, to)
            insort(seen, to)
    return crossings


def move(rows: Sequence[Sequence[Cell]]) -> None:
    """Moves every cell as close as its row lets it to where its neighbours want it."""
    apart = [[one.apart(two) for one, two in pairwise(row)] for row in rows]
    for row, steps in zip(rows, apart, strict=True):
        for cell, x in zip(row, spread([(0.0, 1.0)] * len(row), steps), strict=True):
            cell.x = x
    paired = list(zip(rows, apart, strict=True))
    for turn in range(_MOVES):
        for row, steps in paired if turn % 2 == 0 else reversed(paired):
            both = turn >= _MOVES // 2
            pulls = [_pulls(cell, down=turn % 2 == 0, both=both) for cell in row]
            places = spread([cell.wanted(pull) for cell, pull in zip(row, pulls, strict=True)], steps)
            for cell, x in zip(row, places, strict=True):
                cell.x = x


def _pulls(cell: Cell, *, down: bool, both: bool) -> list[Pull]:
    return [*cell.above, *cell.below] if both else cell.above if down else cell.below


def straighten(rows: Sequence[Sequence[Cell]]) -> None:
    """Gives what follows one another alone, one below the other, the same place as far as there is room."""
    around = {
        cell: (row[at - 1] if at else None, row[at + 1] if at + 1 < len(row) else None)
        for row in rows
        for at, cell in enumerate(row)
    }
    for thread in sorted(_threads(rows), key=len, reverse=True):
        run: list[Cell] = []
        low, high = -inf, inf
        for cell in thread:
            before, after = around[cell]
            least = -inf if before is None else before.x + before.apart(cell)
            most = inf if after is None else after.x - cell.apart(after)
            if max(low, least) > min(high, most):
                _align(run, low, high)
                run, low, high = [], -inf, inf
            run.append(cell)
            low, high = max(low, least), min(high, most)
        _align(run, low, high)


def _threads(rows: Sequence[Sequence[Cell]]) -> Iterator[list[Cell]]:
    """Cells of which each is the only one below the one before, and that the only one above it."""
    for row in rows:
        for cell in row:
            above = _only(cell.above)
            if above is not None and _only(above.below) is cell:
                continue
            thread, below = [cell], _only(cell.below)
            while below is not None and _only(below.above) is thread[-1]:
                thread.append(below)
                below = _only(below.below)
            yield thread


def _only(pulls: Sequence[Pull]) -> Cell | None:
    straight = [pull.other for pull in pulls if not pull.shift]
    return straight[0] if len(straight) == 1 else None


def _align(run: Sequence[Cell], low: float, high: float) -> None:
    if run:
        x = min(max(median(cell.x for cell in run), low), high)
        for cell in run:
            cell.x = x


def spread(aims: Sequence[tuple[float, float]], steps: Sequence[float]) -> list[float]:
    """Places as near as can be to these aims (place, weight), each at least its step right of the one before:
    least squares, by pooling neighbours that would come too close."""
    offsets = list(accumulate(steps, initial=0.0))[: len(aims)]
    pools: list[tuple[float, float, int]] = []
    for (aim, weight), offset in zip(aims, offsets, strict=True):
        mean, total, count = aim - offset, weight, 1
        while pools and pools[-1][0] > mean:
            other, more, others = pools.pop()
            mean, total, count = (mean * total + other * more) / (total + more), total + more, count + others
        pools.append((mean, total, count))
    places = [mean for mean, _, count in pools for _ in range(count)]
    return [place + offset for place, offset in zip(places, offsets, strict=True)]

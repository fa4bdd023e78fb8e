"""The table: medians, with the least and the most of all rounds behind them."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.table import Table

from tests.bench.orders import Sample


@dataclass(frozen=True)
class Row:
    """One thing that was measured, a sample a round; `against`: what it is compared with, by name, round by
    round."""

    name: str
    samples: Sequence[Sample]
    against: Mapping[str, Sequence[Sample]] = field(default_factory=dict)

    def ratio(self, name: str) -> list[float]:
        """Turns a second as a part of the other's, in each round."""
        pairs = zip(self.samples, self.against[name], strict=True)
        return [mine.rate / other.rate for mine, other in pairs]


Lines = list[Row]


def table_of(title: str, lines: Lines) -> Table:
    """One section as a table."""
    if lines[0].samples[0].latencies:
        return _latencies(title, lines)
    names = list(dict.fromkeys(name for row in lines for name in row.against))
    ratios = [f"of {name}" for name in names]
    table = _table(title, ["turns/s", *ratios, "CPU us/turn", "generator busy"])
    for row in lines:
        table.add_row(
            row.name,
            spread([sample.rate for sample in row.samples], "{:,.0f}"),
            *(spread(row.ratio(name), "{:.2f}") if name in row.against else "" for name in names),
            spread([sample.cpu for sample in row.samples], "{:.0f}"),
            spread([100 * sample.busy for sample in row.samples], "{:.0f}") + " %",
        )
    return table


def _latencies(title: str, lines: Lines) -> Table:
    names = list(lines[0].samples[0].latencies)
    table = _table(title, [f"{name} ms" for name in names])
    for row in lines:
        columns = ([sample.latencies[name] for sample in row.samples] for name in names)
        table.add_row(row.name, *(spread(column, "{:.2f}") for column in columns))
    return table


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title, box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def spread(figures: Sequence[float], form: str) -> str:
    """`median (least-most)`."""
    show: Callable[[float], str] = form.format
    middle = show(statistics.median(figures))
    return middle if len(figures) == 1 else f"{middle} ({show(min(figures))}-{show(max(figures))})"

"""`voiceapp portability`: the tables of flows, for people, for pages and for programs."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from voiceapp.carriers import Carrier
from voiceapp.carriers.portable import HEAD, Portability
from voiceapp.check.portability import NOT_COME_TO, Ported, Row, ported
from voiceapp.flow.flow import Script

ABOVE = "(the flow)"
"""Stands in the first column for what is said above the steps."""

_STYLES = {Portability.EMULATED: "yellow", Portability.IMPOSSIBLE: "red", Portability.OURS: "dim"}


def ported_all(scripts: Iterable[Script], carriers: Sequence[Carrier]) -> tuple[Ported, ...]:
    """The tables of these flows."""
    return tuple(ported(script, carriers) for script in scripts)


def verdict(flow: Ported, carriers: Sequence[Carrier]) -> str:
    """`survey runs on CALLR and Routee`, in one line."""
    good = [carrier.title for carrier in carriers if flow.served[carrier.name]]
    bad = [carrier.title for carrier in carriers if not flow.served[carrier.name]]
    runs = f"runs on {' and '.join(good)}" if good else ""
    fails = f"is not served on {' and '.join(bad)}" if bad else ""
    return f"{flow.flow} {'; '.join(part for part in (runs, fails) if part)}"


def table(flow: Ported, carriers: Sequence[Carrier]) -> Table:
    """For a terminal: a manner a line."""
    drawn = Table("step", "verb", *(carrier.title for carrier in carriers), box=None, pad_edge=False)
    for row in flow.rows:
        drawn.add_row(row.step or ABOVE, row.verb, *(_cell(row, carrier.name) for carrier in carriers))
    return drawn


def _cell(row: Row, carrier: str) -> Text:
    manners = row.manners[carrier]
    if not manners:
        return Text(_nothing(row), style="dim")
    lines = (Text(str(manner), style=_STYLES.get(manner.portability, "")) for manner in manners)
    return Text("\n").join(lines)


def _nothing(row: Row) -> str:
    return "" if row.step == HEAD else NOT_COME_TO


def markdown(flows: Sequence[Ported], carriers: Sequence[Carrier]) -> str:
    """A heading, a verdict and a table for each flow."""
    return "\n\n".join(_page(flow, carriers) for flow in flows)


def _page(flow: Ported, carriers: Sequence[Carrier]) -> str:
    lines = [["step", "verb", *(carrier.title for carrier in carriers)]]
    lines.append(["---"] * len(lines[0]))
    for row in flow.rows:
        cells = ("; ".join(map(str, row.manners[carrier.name])) or _nothing(row) for carrier in carriers)
        lines.append([f"`{row.step}`" if row.step else ABOVE, row.verb and f"`{row.verb}`", *cells])
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"## {flow.flow}\n\n{verdict(flow, carriers)}.\n\n{text}"


def as_json(flows: Sequence[Ported], carriers: Sequence[Carrier]) -> str:
    """A list of flows: which carriers serve each, and its rows; `step` is null for what stands above the steps."""
    return json.dumps([_flow(flow, carriers) for flow in flows], indent=2, ensure_ascii=False)


def _flow(flow: Ported, carriers: Sequence[Carrier]) -> dict[str, Any]:
    return {
        "flow": flow.flow,
        "served": dict(flow.served),
        "steps": [
            {
                "step": row.step or None,
                "verb": row.verb or None,
                **{carrier.name: _entry(row, carrier.name) for carrier in carriers},
            }
            for row in flow.rows
        ],
    }


def _entry(row: Row, carrier: str) -> dict[str, Any] | None:
    worst = row.portability(carrier)
    if worst is None:
        return None
    how = [
        {"portability": manner.portability.value, "command": manner.command or None, "words": manner.words or None}
        for manner in row.manners[carrier]
    ]
    return {"portability": worst.value, "how": how}

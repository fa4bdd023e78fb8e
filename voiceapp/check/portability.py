"""Step by step and carrier by carrier: which command does it, how it is emulated, or why it is impossible."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voiceapp.carriers import Carrier
from voiceapp.carriers.portable import HEAD, Manner, Portability, impossible
from voiceapp.check.times import fits
from voiceapp.flow.flow import Script
from voiceapp.flow.steps.run import RunStep

NOT_COME_TO = "not come to"
"""What is said of a step that only callers of other carriers come to."""

_WORST = tuple(Portability)


@dataclass(frozen=True)
class Row:
    """One step, or HEAD for what stands above the steps: how each carrier does it; nothing where its callers do
    not come to it."""

    step: str
    verb: str
    manners: Mapping[str, tuple[Manner, ...]]

    def portability(self, carrier: str) -> Portability | None:
        """The worst of it; None when the carrier's callers do not come to the step."""
        found = [manner.portability for manner in self.manners[carrier]]
        return max(found, key=_WORST.index) if found else None


@dataclass(frozen=True)
class Ported:
    """A flow's table, and which carriers serve it."""

    flow: str
    rows: tuple[Row, ...]
    served: Mapping[str, bool]


def ported(script: Script, carriers: Sequence[Carrier]) -> Ported:
    """The table of a flow. What a flow that it runs cannot do is said at the `run`."""
    flow = script.flow
    done = {carrier.name: _done(script, carrier) for carrier in carriers}
    steps = [(HEAD, ""), *((name, step.verb) for name, step in flow.steps.items())]
    rows = (Row(name, verb, {one: manners.get(name, ()) for one, manners in done.items()}) for name, verb in steps)
    kept = tuple(row for row in rows if row.step != HEAD or any(row.manners.values()))
    return Ported(flow.name, kept, {carrier.name: fits(script, carrier) for carrier in carriers})


def _done(script: Script, carrier: Carrier) -> Mapping[str, tuple[Manner, ...]]:
    done = dict(carrier.portability(script.flow))
    for name, step in script.flow.steps.items():
        if isinstance(step, RunStep) and done.get(name):
            refused = (one for one in _run(script, step.run) if carrier.misfits(script.flows[one]))
            done[name] += tuple(impossible(f"{carrier.title} cannot do the flow '{one}'") for one in refused)
    return done


def _run(script: Script, name: str) -> Sequence[str]:
    """The flow of this name and those that it runs."""
    todo, run = [name], list[str]()
    while todo:
        one = todo.pop(0)
        if one in run or one not in script.flows:
            continue
        run.append(one)
        todo += [step.run for step in script.flows[one].steps.values() if isinstance(step, RunStep)]
    return run

"""What a flow passes to another, by `run` or `call_back`."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from voiceapp.check.subject import Subject
from voiceapp.flow.fields import Data
from voiceapp.flow.flow import Flow
from voiceapp.flow.problems import Path
from voiceapp.flow.steps.call_back import CallBackStep
from voiceapp.flow.steps.run import RunStep


class Passing(NamedTuple):
    """The step `step` starts `flow` with these inputs; `key` is where it names the flow."""

    step: str
    key: str
    flow: Flow
    inputs: Mapping[str, Data]

    def path(self, name: str) -> Path:
        """Where the input of this name stands."""
        return (self.step, "with", name)


def passings(subject: Subject) -> Iterator[Passing]:
    """Every flow that this one starts, as far as it is known."""
    flows = {**subject.neighbours, **subject.script.flows}
    for name, step in subject.flow.steps.items():
        match step:
            case RunStep() if step.run in flows:
                yield Passing(name, "run", flows[step.run], step.with_)
            case CallBackStep() if step.flow in flows:
                yield Passing(name, "flow", flows[step.flow], step.with_)
            case _:
                pass

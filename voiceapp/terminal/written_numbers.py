"""The numbers that authors wrote out in flows, and which of them may not be dialled."""

from collections.abc import Iterator

from voiceapp.carriers.base import Misfit
from voiceapp.flow.flow import Flow
from voiceapp.flow.steps.call_back import CallBackStep
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.step import Step
from voiceapp.tolls.rules import TollRules, refusal


def refused_numbers(flow: Flow, rules: TollRules) -> Iterator[Misfit]:
    """Every number that the flow's author wrote out and that may not be dialled; paths begin with the step."""
    for name, step in flow.steps.items():
        for path, number in _written_out(step):
            refused = refusal(rules, number, flow.head.may_dial if isinstance(step, DialStep) else ())
            if refused is not None:
                yield Misfit((name, *path), refused.message)


def _written_out(step: Step) -> Iterator[tuple[tuple[str, ...], str]]:
    match step:
        case DialStep(dial=targets):
            for place, target in enumerate(targets):
                if target.literal:
                    yield ("dial", str(place)), target.source
        case CallBackStep(call_back=number):
            if number is not None and number.literal:
                yield ("call_back",), number.source
        case _:
            return

"""A flow as one carrier meets it: without the ways that its author keeps for others, by asking which it is."""

from dataclasses import replace

from voiceapp.flow.decided import decided
from voiceapp.flow.fields import Way
from voiceapp.flow.flow import Flow
from voiceapp.flow.leaves import ways
from voiceapp.flow.steps import Step
from voiceapp.flow.steps.branch import BranchStep
from voiceapp.flow.steps.end import EndStep


def narrowed(flow: Flow, carrier: str) -> Flow:
    """The flow with branches such as `carrier == 'callr'` decided, and without the steps that only others come to;
    the very same flow where nothing depends on the carrier."""
    steps = {name: _narrowed(step, carrier) for name, step in flow.steps.items()}
    if all(steps[name] is step for name, step in flow.steps.items()):
        return flow
    whole = replace(flow, steps=steps)
    reached = _reached(whole)
    return replace(whole, steps={name: step for name, step in steps.items() if name in reached})


def _narrowed(step: Step, carrier: str) -> Step:
    if not isinstance(step, BranchStep):
        return step
    left, otherwise = [], step.otherwise
    for case in step.branch:
        verdict = decided(case.if_, {"carrier": carrier})
        if verdict is True:
            otherwise = case.next
            break
        if verdict is None:
            left.append(case)
    if len(left) == len(step.branch):
        return step
    return step.model_copy(update={"branch": tuple(left), "otherwise": otherwise})


def _reached(flow: Flow) -> set[str]:
    head = flow.head
    starts = (flow.first, head.on_machine, head.on_error, head.on_hang_up, *head.keys.values())
    todo, reached = [way for way in starts if way is not None], set[str]()
    while todo:
        way = todo.pop()
        if way in reached or way not in flow.steps:
            continue
        reached.add(way)
        step = flow.steps[way]
        todo += [Way(further) for _, further in ways(step)]
        branches = isinstance(step, BranchStep) and step.otherwise is not None
        if not isinstance(step, EndStep) and not branches:
            todo.append(flow.after(way))
    return reached

"""VF107: flows that run each other for ever, or too deeply."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.ways.edge_places import in_quotes
from voiceapp.engine.limits import MAX_FRAMES
from voiceapp.flow.flow import Flow
from voiceapp.flow.graph import graph_of
from voiceapp.flow.steps.run import RunStep


def _look(subject: Subject) -> Iterator[Remark]:
    runs = {name: dict(_runs(flow)) for name, flow in subject.script.flows.items()}
    me = subject.flow.name
    for name, target in runs[me].items():
        way = _way(runs, target, me)
        if way:
            yield Remark(
                (name, "run"),
                _circle(me, way),
                "go to a step of this flow in place of running it again",
            )
        elif _too_deep(runs, target):
            yield Remark(
                (name, "run"),
                f"from here more than {MAX_FRAMES} flows run inside each other, this one counted: "
                "the call fails where one too many would begin",
                f"run at most {MAX_FRAMES} flows inside each other",
            )


def _circle(me: str, way: tuple[str, ...]) -> str:
    through = "" if way == (me,) else f" through {in_quotes(way[:-1])}"
    return (
        f"'{me}' runs itself{through}: nobody comes back from it, and the call fails when "
        f"{MAX_FRAMES} flows run inside each other"
    )


def _runs(flow: Flow) -> Iterator[tuple[str, str]]:
    reached = graph_of(flow).reached()
    for name, step in flow.steps.items():
        if isinstance(step, RunStep) and name in reached:
            yield name, step.run


def _way(runs: dict[str, dict[str, str]], start: str, target: str) -> tuple[str, ...]:
    """The flows from `start` to `target`, both with it, where one runs the next; none if there is no such way."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for way in ways:
        if way[-1] == target:
            return way
        for further in runs.get(way[-1], {}).values():
            if further not in seen:
                seen.add(further)
                ways.append((*way, further))
    return ()


def _too_deep(runs: dict[str, dict[str, str]], inner: str) -> bool:
    """Whether further flows run inside this one, itself inside another, than there may be."""
    level = {inner}
    for _ in range(2, MAX_FRAMES + 1):
        level = {further for name in level for further in runs.get(name, {}).values()}
    return bool(level)


RUN_RECURSION = Rule(
    "VF107",
    Severity.ERROR,
    "flows that run each other for ever",
    "The call fails in the middle: `on_error` of the innermost flow, or an apology and a hang-up.",
    _look,
)

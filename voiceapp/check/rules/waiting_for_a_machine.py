"""VF113: an answering machine that is connected, recorded, or asked more than once."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.ways.unattended import Unattended
from voiceapp.flow.graph import Graph
from voiceapp.flow.steps.conference import ConferenceStep
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.question import Question
from voiceapp.flow.steps.record import RecordStep
from voiceapp.flow.steps.step import Step
from voiceapp.flow.ways import ON_MACHINE


def _look(subject: Subject) -> Iterator[Remark]:
    start = subject.graph.starts.get(ON_MACHINE)
    if start is None:
        return
    flow = subject.flow
    alone = Graph(Unattended(subject.script.flows).edges(flow, subject.graph), {}).reached([start])
    for name, step in flow.steps.items():
        what = _useless(step) if name in alone else ""
        if what:
            yield Remark(
                (name, step.verb),
                f"an answering machine comes to this step (on_machine) and {what}",
                "lead on_machine to a step that leaves word and ends",
                at_key=True,
            )


def _useless(step: Step) -> str:
    match step:
        case DialStep():
            return "is connected with somebody who picks up"
        case ConferenceStep():
            return "joins the room"
        case RecordStep():
            return "is recorded"
        case Question(tries=tries) if tries > 1:
            return f"presses no key: it keeps the question {tries} times"
        case _:
            return ""


WAITING_FOR_A_MACHINE = Rule(
    "VF113",
    Severity.WARNING,
    "step that waits for a machine",
    "The message on the machine is a question, again and again, or somebody of yours talks to a machine.",
    _look,
)

"""VF115: what is to follow a connected call, where no carrier goes on."""

from collections.abc import Iterator, Mapping

from voiceapp.carriers import Callr, Routee
from voiceapp.carriers.narrowed import narrowed
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.events import DialOutcome
from voiceapp.flow.fields import END
from voiceapp.flow.graph import graph_of
from voiceapp.flow.steps.dial import DialStep


def _look(subject: Subject) -> Iterator[Remark]:
    flow = subject.flow
    told = _told_of_dials(subject)
    for name, step in flow.steps.items():
        if not isinstance(step, DialStep) or step.answered is not None:
            continue
        shared = any(step.way_of(outcome) is None for outcome in told.get(name, ()) if outcome != "answered")
        if not shared and flow.after(name) != END:
            written, after = step.next is not None, flow.after(name)
            yield Remark(
                (name, "next" if written else step.verb),
                f"leads to '{after}' when a connected talk ends, where no carrier goes on: the call is over",
                "write `next: end`; what is to be done then belongs to on_hang_up",
                at_key=not written,
            )


def _told_of_dials(subject: Subject) -> Mapping[str, frozenset[DialOutcome]]:
    """What the carriers tell of a dial at each step that calls on them come to."""
    told: dict[str, frozenset[DialOutcome]] = {}
    for carrier in (Callr, Routee):
        for name in graph_of(narrowed(subject.flow, carrier.name)).reached():
            told[name] = told.get(name, frozenset()) | carrier.dial_outcomes
    return told


AFTER_THE_TALK = Rule(
    "VF115",
    Severity.WARNING,
    "step after a connected talk",
    "Callers whose talk has ended hear nothing more, whatever the flow says.",
    _look,
)

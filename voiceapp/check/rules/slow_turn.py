"""VF601: back ends that may take longer than a caller is answered."""

from collections.abc import Iterator

from voiceapp.carriers import Callr, CallrOptions, Carrier, Routee, RouteeOptions
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.times import ENDLESS, Turn, Wait, fits, turns_of
from voiceapp.check.turns import Place
from voiceapp.flow.problems import Path, listed
from voiceapp.flow.steps.fetch import FetchStep

CARRIERS: tuple[Carrier, ...] = (Callr(CallrOptions()), Routee(RouteeOptions(public_url="")))
"""With the deadlines that they have unless an operator changes them."""


def _look(subject: Subject) -> Iterator[Remark]:
    flows = subject.script.flows.values()
    if not any(isinstance(step, FetchStep) for flow in flows for step in flow.steps.values()):
        return
    for carrier in CARRIERS:
        if fits(subject.script, carrier):
            yield from _late(subject, carrier)


def _late(subject: Subject, carrier: Carrier) -> Iterator[Remark]:
    worst: dict[Place, tuple[Turn, Wait]] = {}
    for turn in turns_of(subject.script, carrier):
        for wait in turn.late:
            at = next((place for place in reversed(wait.steps) if place.flow == subject.flow.name), None)
            if at is not None and (at not in worst or wait.seconds > worst[at][1].seconds):
                worst[at] = turn, wait
    for at, (turn, wait) in worst.items():
        path, at_key = _path(subject, at)
        if carrier.takes_plan:
            yield Remark(path, _cut_off(subject, carrier, turn, wait), _FIX_PLAN, at_key)
        else:
            yield Remark(path, _silent(subject, carrier, turn, wait), _FIX, at_key)


_FIX = "add `meanwhile`, shorten `timeout`, or say something in front of it"
_FIX_PLAN = "shorten `timeout`, or ask for a key between them"


def _path(subject: Subject, at: Place) -> tuple[Path, bool]:
    step = subject.flow.steps[at.step]
    if "timeout" in step.model_fields_set:
        return (at.step, "timeout"), False
    return (at.step, step.verb), True


def _silent(subject: Subject, carrier: Carrier, turn: Turn, wait: Wait) -> str:
    long = "for ever" if wait.seconds == ENDLESS else f"for {_seconds(wait.seconds)}"
    return f"on {carrier.title} callers may hear nothing {long}: {_asked(subject, wait)}, {_room(turn)}"


def _cut_off(subject: Subject, carrier: Carrier, turn: Turn, wait: Wait) -> str:
    last = wait.fetches[-1].place
    step = subject.script.flows[last.flow].steps[last.step]
    then = "`failed` is taken" if isinstance(step, FetchStep) and step.failed is not None else "the step fails"
    late = f"on {carrier.title} a slow answer is never waited for, and {then}"
    return f"{late}: {_asked(subject, wait)}, {_room(turn)}"


def _asked(subject: Subject, wait: Wait) -> str:
    """Who is asked and how long: `'look' and 'survey/order' may take 4 s`."""
    places = dict.fromkeys(asked.place for asked in wait.fetches)
    names = [f"'{place.step if place.flow == subject.flow.name else '/'.join(place)}'" for place in places]
    if wait.seconds == ENDLESS:
        return f"{listed(names)} may be asked again and again"
    return f"{listed(names)} may take {_seconds(sum(asked.seconds for asked in wait.fetches))}"


def _room(turn: Turn) -> str:
    return f"and a reply can wait for {_seconds(turn.budget)}"


def _seconds(seconds: float) -> str:
    return f"{round(seconds, 3):g} s"


SLOW_TURN = Rule(
    "VF601",
    Severity.ERROR,
    "back ends slower than the caller is answered",
    "While a slow back end is waited for, callers hear nothing, and hang up; Routee does not wait at all.",
    _look,
)

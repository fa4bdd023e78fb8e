"""VF114: flows that call the same number again and again, by themselves or through each other."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.ways.later_calls import Later, LaterCalls
from voiceapp.flow.steps.call_back import CallBackStep


def _look(subject: Subject) -> Iterator[Remark]:
    me = subject.flow.name
    calls = LaterCalls({**subject.neighbours, **subject.script.flows})
    for name, step in subject.flow.steps.items():
        if isinstance(step, CallBackStep) and (orders := calls.round(Later(me, name, step))):
            yield Remark(
                (name, "flow"),
                f"calls back with {_flows(me, orders)}, which comes here again by itself: "
                f"the number is called for ever, {_often(orders)}",
                _FIX if len(orders) == 1 else f"{_FIX}; each of the flows has to pass it on",
            )


_FIX = 'count in an input, as in {with: {attempt: "{{ attempt + 1 }}"}}, and leave by a branch on it'


def _flows(me: str, orders: tuple[Later, ...]) -> str:
    """The flows of the calls: `'b', and that with 'a'`."""
    first, *others = [str(later.order.flow) for later in orders]
    if not others:
        return "this very flow" if first == me else f"'{first}'"
    return ", and that with ".join(f"'{name}'" for name in (first, *others))


def _often(orders: tuple[Later, ...]) -> str:
    seconds = sum(later.order.after for later in orders)
    calls = "a call" if len(orders) == 1 else f"{len(orders)} calls"
    return f"every {seconds} seconds and the length of {calls}"


ENDLESS_CALLING = Rule(
    "VF114",
    Severity.ERROR,
    "calling for ever",
    "A telephone rings again and again, for somebody who never asked for it, and every call is paid for.",
    _look,
)

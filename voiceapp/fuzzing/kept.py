"""What a call should have kept, judged by the ways it took and the keys that were pressed, not by what the engine
says it saved."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voiceapp.actions import Action, CallBack, CollectDigits, Notify, OptOut, RecordVoice
from voiceapp.call import Call
from voiceapp.events import CallHungUp, DigitsCollected, Value, VoiceRecorded
from voiceapp.flow import answers
from voiceapp.flow.flow import Script
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.call_back import CallBackStep
from voiceapp.flow.steps.notify import NotifyStep
from voiceapp.flow.steps.opt_out import OptOutStep
from voiceapp.flow.steps.record import RecordStep
from voiceapp.flow.steps.run import RunStep
from voiceapp.flow.ways import NEXT, Taken
from voiceapp.turn import Happened

_MISSING = object()


@dataclass(frozen=True)
class LostAnswer:
    """An answer of `step` that is not where it belongs; its `value`, where nothing else can have been meant."""

    step: str
    name: str
    came: str
    value: Value = None

    def __str__(self) -> str:
        wanted = "" if self.value is None else f": has to be {self.value!r}"
        return f"{self.step} was answered, and {self.name} is {self.came}{wanted}"


def lost_answers(script: Script, turns: Sequence[Happened]) -> Iterator[LostAnswer]:
    """Answers that callers completed and that were not saved, or not as they were given."""
    kept: dict[str, str] = {}
    before: Call | None = None
    for turn in turns:
        for taken in turn.taken:
            step = script.flows[taken.flow].steps.get(taken.step)
            if taken.name == NEXT and isinstance(step, AskStep | RecordStep):
                name = step.save or taken.step
                value = _value(script, turn.call, taken, name)
                wrong = "" if _set_anew(script, turn, taken.flow, name) else _wrong(step, value, turn.call)
                if wrong:
                    yield LostAnswer(taken.step, name, wrong, _only(step, turn))
                elif taken.flow == script.flow.name:
                    kept[name] = taken.step
        yield from _in_hanging_up(script, before, turn)
        before = turn.call
    if before is not None:
        for name, by in kept.items():
            if name not in before.saved:
                yield LostAnswer(by, name, "gone at the end")


def _value(script: Script, call: Call, taken: Taken, name: str) -> object:
    """What is kept under `name` of the flow that the step belongs to: there, or where that flow's variables go
    when it is through."""
    for frame in reversed(call.frames):
        if frame.flow == taken.flow:
            return frame.saved.get(name, _MISSING)
    for frame in call.frames:
        for own, step in script.flows[frame.flow].steps.items():
            if isinstance(step, RunStep):
                inner = frame.saved.get(step.save or own)
                if isinstance(inner, dict) and name in inner:
                    return inner[name]
    return _MISSING if any(_runs(script, frame.flow, taken.flow) for frame in call.frames) else None


def _runs(script: Script, outer: str, inner: str) -> bool:
    return any(isinstance(step, RunStep) and step.run == inner for step in script.flows[outer].steps.values())


def _wrong(step: AskStep | RecordStep, value: object, call: Call) -> str:
    """What is wrong with the value that an answered step saved; `""`: nothing."""
    if value is _MISSING:
        return "not there"
    if value is None or isinstance(step, RecordStep):
        return ""
    return "" if any(value == one for one in _typed(step.answer, call.keys)) else repr(value)


def _set_anew(script: Script, turn: Happened, flow: str, name: str) -> bool:
    """Another step of this turn may have set the variable."""
    for label in turn.steps:
        own, _, entered = label.rpartition("/")
        if (own or script.flow.name) == flow and name in script.flows[flow].steps[entered].names_saved(entered):
            return True
    return False


def _typed(answer: answers.Answer, keys: str) -> Iterator[Value]:
    """Every answer that is in these keys, the last first."""
    for length in range(answers.longest(answer), 0, -1):
        for at in range(len(keys) - length, -1, -1):
            value = answers.value_of(answer, keys[at : at + length])
            if value is not None:
                yield value


def _only(step: AskStep | RecordStep, turn: Happened) -> Value:
    """The answer of this turn's last keys alone, where they are one."""
    last = next((event for event in reversed(turn.events) if isinstance(event, DigitsCollected)), None)
    if isinstance(step, RecordStep) or last is None or step.confirm is not False:
        return None
    return answers.value_of(step.answer, last.digits)


def _in_hanging_up(script: Script, before: Call | None, turn: Happened) -> Iterator[LostAnswer]:
    """An answer that was whole when the caller hung up on it."""
    gone = next((event for event in turn.events if isinstance(event, CallHungUp)), None)
    if before is None or gone is None or gone is not turn.events[0] or gone in turn.ignored:
        return
    if len(before.frames) != 1 or before.progress is None or before.outbox or turn.steps:
        return
    name, value = before.frame.step, None
    match script.flow.steps.get(name), before.told, gone.result:
        case AskStep() as step, CollectDigits(), DigitsCollected() | None if not before.progress.stage:
            digits = "" if gone.result is None else gone.result.digits
            name, value = step.save or name, answers.value_of(step.answer, before.progress.typed + digits)
        case RecordStep() as step, RecordVoice(), VoiceRecorded(recording=recording) if recording:
            name, value = step.save or name, recording
        case _:
            return
    if value is not None and turn.call.saved.get(name) != value:
        yield LostAnswer(before.frame.step, name, repr(turn.call.saved.get(name)), value)


def lost_errands(script: Script, turns: Sequence[Happened]) -> Iterator[str]:
    """Errands that steps were done with and that are not among the actions once for each time, or that no step
    asked for."""
    wanted: Counter[tuple[str, str, str]] = Counter()
    came: Counter[tuple[str, str, str]] = Counter()
    for turn in turns:
        nobody = not _other_party(turn.call)
        for taken in turn.taken:
            step = script.flows[taken.flow].steps.get(taken.step)
            if taken.name != NEXT or (isinstance(step, OptOutStep) and nobody):
                continue
            if isinstance(step, NotifyStep | OptOutStep | CallBackStep):
                wanted[taken.flow, taken.step, step.verb] += 1
        came.update(_errand(script, action) for action in turn.actions if isinstance(action, _ERRANDS))
    for errand in sorted(wanted.keys() | came.keys()):
        if wanted[errand] != came[errand]:
            flow, name, verb = errand
            yield f"{flow}/{name}: {verb} was due {wanted[errand]} times and happened {came[errand]} times"


_ERRANDS = (Notify, OptOut, CallBack)
_VERBS = {Notify: NotifyStep.verb, OptOut: OptOutStep.verb, CallBack: CallBackStep.verb}


def _errand(script: Script, action: Action) -> tuple[str, str, str]:
    flow, _, name = action.step.rpartition("/")
    return flow or script.flow.name, name, next(verb for kind, verb in _VERBS.items() if isinstance(action, kind))


def _other_party(call: Call) -> str:
    return call.caller if call.direction == "inbound" else call.called

"""What of a flow Routee cannot do, and what it could do but would never report."""

from collections.abc import Iterator

from voiceapp.attempt import HIDDEN
from voiceapp.carriers.base import Misfit
from voiceapp.flow import answers
from voiceapp.flow.fields import END, REPEAT, Way
from voiceapp.flow.flow import Flow
from voiceapp.flow.leaves import prompts, ways
from voiceapp.flow.prompts import Played, parts
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.branch import BranchStep
from voiceapp.flow.steps.call_back import CallBackStep
from voiceapp.flow.steps.conference import ConferenceStep
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.end import EndStep
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.hours import HoursStep
from voiceapp.flow.steps.menu import MenuStep
from voiceapp.flow.steps.notify import NotifyStep
from voiceapp.flow.steps.opt_out import OptOutStep
from voiceapp.flow.steps.question import Question
from voiceapp.flow.steps.record import RecordStep
from voiceapp.flow.steps.send_keys import SendKeysStep
from voiceapp.flow.steps.step import Step
from voiceapp.flow.templates import Template

LANGUAGES = (
    *("en-US", "de-DE", "fr-FR", "it-IT", "pt-BR", "es-ES", "es-LA", "en-GB"),
    *("el-GR", "bg-BG", "pl-PL", "hu-HU", "sv-SE", "ru-RU"),
)
"""What SAY speaks (say-verb page)."""

CANNOT = {
    "record": "Routee cannot record the caller alone",
    "conference": "Routee has no conferences",
    "send_keys": "a plan of Routee cannot send keys",
    "several numbers": "Routee calls one number, not several one after the other",
    "whisper": "Routee cannot whisper to the called party",
    "music": "Routee cannot play music while it rings",
    "caller_id": "Routee cannot hide the caller's number",
    "answered": "Routee does not go on with the caller after a connected call",
    "#": "Routee does not pass on # alone",
    "meanwhile": "Routee takes one reply and asks no further, so nothing can be said meanwhile",
}
"""The verbs and keys that it does not do at all, and why."""

FETCH_SECONDS = 1.7
"""What is left for a fetch of the 2.2 s in which a plan has to leave."""


def misfits(flow: Flow, *, one_collect: bool) -> tuple[Misfit, ...]:
    """Every place that Routee cannot do; `one_collect`: a plan may hold one COLLECT only."""
    return tuple(dict.fromkeys((*_heads(flow), *_steps(flow), *_unreported(flow, one_collect=one_collect))))


def voice_doubt(language: str, voice: str) -> str:
    """Why a caller may not hear this voice of a flow; `""` when nothing is known against it."""
    if voice in ("female", "male"):
        return ""
    return f"callers do not hear '{voice}' on Routee, which has a female and a male voice and no names for them"


def _heads(flow: Flow) -> Iterator[Misfit]:
    for at, language in enumerate(flow.head.languages):
        if language not in LANGUAGES:
            yield Misfit(("languages", str(at)), f"Routee does not speak {language}")


def _steps(flow: Flow) -> Iterator[Misfit]:
    waited_for = _while_calling(flow)
    for name, step in flow.steps.items():
        if isinstance(step, FetchStep) and name not in waited_for:
            continue  # behind the hang-up nobody waits for it
        for path, message in _step(step):
            yield Misfit((name, *path), message)
        for path, prompt in prompts(step):
            for inner, part in parts(prompt, (name, *path)):
                if isinstance(part, Played) and not part.source.lower().endswith(".wav"):
                    yield Misfit(inner, "Routee plays .wav files only")


def _while_calling(flow: Flow) -> set[str]:
    """The steps that a caller can come to, before the hang-up."""
    head = flow.head
    starts = (flow.first, head.on_machine, head.on_error, *head.keys.values())
    todo, reached = [way for way in starts if way is not None], set[str]()
    while todo:
        way = todo.pop()
        if way in reached or way not in flow.steps:
            continue
        reached.add(way)
        todo += [further for _, further in ways(flow.steps[way])]
        if not isinstance(flow.steps[way], EndStep):
            todo.append(flow.after(way))
    return reached


def _step(step: Step) -> Iterator[tuple[tuple[str, ...], str]]:
    match step:
        case RecordStep() | ConferenceStep() | SendKeysStep():
            yield (step.verb,), CANNOT[step.verb]
        case MenuStep(keys=keys) if "#" in keys:
            yield ("keys", "#"), CANNOT["#"]
        case DialStep():
            yield from _dial(step)
        case FetchStep():
            if step.meanwhile is not None:
                yield ("meanwhile",), CANNOT["meanwhile"]
            if "timeout" in step.model_fields_set and step.timeout > FETCH_SECONDS:
                yield (
                    ("timeout",),
                    f"Routee waits 3 s for a reply, which leaves {FETCH_SECONDS} s for a fetch",
                )
        case _:
            pass


def _dial(step: DialStep) -> Iterator[tuple[tuple[str, ...], str]]:
    if len(step.dial) > 1:
        yield ("dial",), CANNOT["several numbers"]
    if step.whisper is not None:
        yield ("whisper",), CANNOT["whisper"]
    if step.music:
        yield ("music",), CANNOT["music"]
    if isinstance(step.caller_id, Template) and step.caller_id.source == HIDDEN:
        yield ("caller_id",), CANNOT["caller_id"]
    if step.answered is not None and step.answered != END:
        yield ("answered",), CANNOT["answered"]
    named = {way for way in (step.busy, step.no_answer, step.failed) if way is not None}
    if len(named) > 1 or (named and step.no_answer is None):
        message = "Routee goes on the same way after busy, no answer and failure: name one step for them"
        yield ("dial",), message


def _unreported(flow: Flow, *, one_collect: bool) -> Iterator[Misfit]:
    """What would have to be done when a caller says nothing or a dial fails, of which Routee tells nothing."""
    for name, step in flow.steps.items():
        if isinstance(step, Question):
            for way in _silent_ways(flow, name, step):
                yield from _walk(flow, name, way, {name}, dialled=False, one_collect=one_collect)
        elif isinstance(step, DialStep):
            way = step.no_answer or flow.after(name)
            yield from _walk(flow, name, way, {name}, dialled=True, one_collect=one_collect)


def _silent_ways(flow: Flow, name: str, step: Question) -> Iterator[Way]:
    yield step.otherwise or Way(END)
    if isinstance(step, AskStep) and not answers.fixed(step.answer):
        yield flow.after(name)


def _walk(
    flow: Flow, origin: str, way: Way, seen: set[str], *, dialled: bool, one_collect: bool
) -> Iterator[Misfit]:
    if way in (END, REPEAT) or way in seen or way not in flow.steps:
        return
    seen.add(way)
    step, path = flow.steps[way], (str(way), flow.steps[way].verb)
    cause = f"'{origin}' {'connects nobody' if dialled else 'hears nothing'}"
    match step:
        case FetchStep():
            yield Misfit(path, f"is reached when {cause}, which Routee does not report in time")
        case NotifyStep() | OptOutStep() | CallBackStep() if not dialled:
            yield Misfit(path, f"is reached when {cause}, which Routee does not report")
        case DialStep() if dialled:
            yield Misfit(path, f"is reached when {cause}, and a plan of Routee holds one dial only")
        case Question() if one_collect:
            yield Misfit(path, f"is reached when {cause}, and a plan may hold one question only")
        case _:
            following = isinstance(step, DialStep | Question)
            for further in () if following else _ways_on(flow, str(way), step):
                yield from _walk(flow, origin, further, seen, dialled=dialled, one_collect=one_collect)


def _ways_on(flow: Flow, name: str, step: Step) -> Iterator[Way]:
    match step:
        case BranchStep():
            yield from (case.next for case in step.branch)
            yield step.otherwise or flow.after(name)
        case EndStep():
            return
        case HoursStep():
            yield step.closed
            yield flow.after(name)
        case _:
            yield flow.after(name)

"""What a step says or does, in a few words: what stands in its box below its name."""

from voiceapp.flow.fields import Data
from voiceapp.flow.prompts import Played, Prompt, Said, in_language, spoken_text
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.call_back import CallBackStep
from voiceapp.flow.steps.conference import ConferenceStep
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.end import EndStep
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.hours import HoursStep
from voiceapp.flow.steps.menu import MenuStep
from voiceapp.flow.steps.notify import NotifyStep
from voiceapp.flow.steps.opt_out import OptOutStep
from voiceapp.flow.steps.pause import PauseStep
from voiceapp.flow.steps.play import PlayStep
from voiceapp.flow.steps.record import RecordStep
from voiceapp.flow.steps.run import RunStep
from voiceapp.flow.steps.say import SayStep
from voiceapp.flow.steps.send_keys import SendKeysStep
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.steps.step import Step
from voiceapp.flow.templates import Template


def excerpt(step: Step, language: str) -> str:
    """A line of text, as long as it may be; prompts in this language. `branch` has none: its ways say it."""
    match step:
        case MenuStep() | AskStep():
            text = _spoken(step.prompt(), language)
        case SayStep(say=prompt) | PlayStep(play=prompt) | RecordStep(record=prompt):
            text = _spoken(prompt, language)
        case EndStep(end=words):
            text = "" if words is None else _spoken(words, language)
        case DialStep(dial=targets):
            text = ", ".join(target.source for target in targets)
        case ConferenceStep(conference=room):
            text = room.source
        case HoursStep(hours=hours):
            text = f"{hours.zone}{f', holidays of {hours.holidays}' if hours.holidays else ''}"
        case SetStep():
            text = assignments(step)
        case FetchStep(method=method, fetch=url):
            text = url.source if method == "GET" else f"{method} {url.source}"
        case NotifyStep(notify=url):
            text = url.source
        case OptOutStep(scope=scope):
            text = f"no more calls: {scope}"
        case CallBackStep(after=seconds, flow=flow):
            text = f"with flow {flow}, {seconds} s later"
        case RunStep(run=flow):
            text = f"flow {flow}"
        case PauseStep(pause=seconds):
            text = f"{seconds} s"
        case SendKeysStep(send_keys=keys):
            text = keys
        case _:
            text = ""
    return " ".join(text.split())


def assignments(step: SetStep) -> str:
    """The variables that a `set` sets, as in `language = en-GB`."""
    return ", ".join(f"{name} = {_data(value)}" for name, value in step.set_.items())


def _data(value: Data) -> str:
    if isinstance(value, Template):
        return value.source
    return "{…}" if isinstance(value, dict) else "[…]"


def _spoken(prompt: Prompt, language: str) -> str:
    return " ".join(_words(piece, language) for piece in in_language(prompt, language))


def _words(piece: Said | Played, language: str) -> str:
    if isinstance(piece, Said):
        return piece.text.source
    said = spoken_text(piece, language)
    return piece.file(language) if said is None else said.source

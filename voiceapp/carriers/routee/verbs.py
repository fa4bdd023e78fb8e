"""Actions -> Routee's verbs. Fields and defaults: Routee's pages say-, play-, dial- and collect-verb.

COLLECT does not wait and has no prompt: it switches on gathering, and PAUSE is the time to type in. It stands
before what it has to listen through, which is right whether or not its position matters.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, assert_never
from urllib.parse import quote

from voiceapp.actions import (
    Audio,
    CarrierAction,
    CollectDigits,
    DetectMachine,
    Dial,
    HangUp,
    JoinConference,
    Pause,
    Piece,
    PlayRecording,
    RecordVoice,
    SendKeys,
    Speak,
    Speech,
    StartRecording,
    StopRecording,
)
from voiceapp.call import Call
from voiceapp.carriers.base import Stretch

Verb = dict[str, Any]
MAX_PAUSE = 60
ONE_BY_ONE = 2
"""Answers of varying length up to this many keys are taken key by key; longer ones end with `#`."""


@dataclass(frozen=True)
class RouteeOptions:
    """Where Routee reaches us, and what its documentation leaves open."""

    public_url: str
    secret: str = ""
    after_dial: Literal["speak", "silent"] = "speak"
    collects: Literal["many", "one"] = "many"
    tones: Literal["since_last", "whole_call"] = "since_last"


def hook_url(options: RouteeOptions, flow: str, hook: str, *, turn: str = "", call: str = "") -> str:
    """The URL of one of our hooks, with the secret and what identifies the turn."""
    query = [f"call={quote(call, safe='')}"] if call else []
    if options.secret:
        query.append(f"secret={quote(options.secret, safe='')}")
    path = "/".join(part for part in ("/hooks/routee", flow, hook, turn) if part)
    return f"{options.public_url}{path}{'?' if query else ''}{'&'.join(query)}"


_ANY_KEY = CollectDigits(step="", prompt=(), max_digits=1, wait=0)
"""While a machine is spoken to, a key shows that it is a person."""


class PlanWriter:
    """Writes one plan: stretch by stretch, with the token of the stretch in every URL."""

    def __init__(self, options: RouteeOptions, call: Call) -> None:
        self.options = options
        self.call = call
        self.asking = ""

    def verbs(self, plan: tuple[Stretch, ...]) -> list[Verb]:
        """The verbs of the whole plan; never none, since an empty plan is not valid."""
        verbs: list[Verb] = []
        for at, stretch in enumerate(plan):
            verbs += self._stretch(at, stretch)
            if self.options.after_dial == "silent" and _dials(stretch):
                break
        return verbs or [pause(1)]

    def _stretch(self, at: int, stretch: Stretch) -> Iterator[Verb]:
        question = next((action for action in stretch.actions if isinstance(action, CollectDigits)), None)
        if at == 0 and self.call.machine and question is None:
            yield self._collect(_ANY_KEY, at)
            question = _ANY_KEY
            self.asking = _ANY_KEY.step
        for action in stretch.actions:
            opens = isinstance(action, CollectDigits) or (isinstance(action, Speak) and action.interruptible)
            if question is not None and opens and self.asking != question.step:
                self.asking = question.step
                yield self._collect(question, at)
            yield from self._verbs(action, at, listening=question is not None)

    def _url(self, hook: str, at: int) -> str:
        return hook_url(self.options, self.call.flow, hook, turn=f"{self.call.token}.{at}", call=self.call.ref)

    def _collect(self, question: CollectDigits, at: int) -> Verb:
        single = takes_key_by_key(question)
        hook = "tone" if single else "tones"
        most = 1 if single else question.max_digits
        return {
            "type": "COLLECT",
            "eventUrl": self._url(hook, at),
            "maxDigits": most,
            "submitOnHash": most > 1,
        }

    def _verbs(self, action: CarrierAction, at: int, *, listening: bool) -> Iterator[Verb]:
        match action:
            case Speak(piece=piece, interruptible=interruptible):
                yield from self._spoken(piece, barge_in=interruptible and listening)
            case CollectDigits(prompt=prompt):
                barge_in = action.interruptible and (action.max_digits == 1 or takes_key_by_key(action))
                for piece in prompt:
                    yield from self._spoken(piece, barge_in=barge_in)
                typing = 0 if barge_in else action.max_digits - 1
                yield from pauses(action.wait + typing)
            case Pause(seconds=seconds):
                yield from pauses(seconds)
            case Dial():
                yield self._dial(action, at)
            case HangUp() | StartRecording() | StopRecording():
                return
            case RecordVoice() | PlayRecording() | JoinConference() | SendKeys() | DetectMachine():
                raise ValueError(
                    f"{type(action).__name__} has no verb at Routee; the flow should not have been served"
                )
            case _:
                assert_never(action)

    def _spoken(self, piece: Piece, *, barge_in: bool) -> Iterator[Verb]:
        """A SAY or PLAY; nothing where a template came out empty, since a SAY without text is not valid."""
        match piece:
            case Audio(source=source):
                url = (
                    source if source.startswith("https://") else f"{self.options.public_url}/audio/{quote(source)}"
                )
                yield {"type": "PLAY", "fileURL": url, "bargeIn": barge_in}
            case Speech(text=text, language=language, voice=voice):
                message = {"text": " ".join(text.split()), "language": language}
                if voice in ("female", "male"):
                    message["gender"] = voice
                if message["text"]:
                    yield {"type": "SAY", "message": message, "bargeIn": barge_in}
            case _:
                assert_never(piece)

    def _dial(self, dial: Dial, at: int) -> Verb:
        target = dial.targets[0]
        to = {"sip": target.removeprefix("sip:")} if target.startswith("sip:") else {"phone": target}
        verb: Verb = {
            "type": "DIAL",
            "from": dial.caller_id or self.call.called,
            "to": to,
            "hangupDelay": dial.ring,
            "callback": {"url": self._url("dialled", at), "strategy": "OnCompletion"},
        }
        if dial.max_seconds is not None:
            verb["maxDuration"] = dial.max_seconds
        if self.call.terms.detect_b:
            verb["machineDetection"] = {"strategy": "Hangup"}
        if dial.record:
            verb |= {"record": True, "recordingCallbackUrl": self._url("recording", at)}
        return verb


def _dials(stretch: Stretch) -> bool:
    return any(isinstance(action, Dial) for action in stretch.actions)


def takes_key_by_key(question: CollectDigits) -> bool:
    """Whether each key is passed on at once, because an answer may end before its longest form."""
    return not question.fixed and question.max_digits <= ONE_BY_ONE


def pause(seconds: int) -> Verb:
    """PAUSE: `duration` is in seconds; `length`, as older texts have it, is ignored by Routee."""
    return {"type": "PAUSE", "duration": seconds}


def pauses(seconds: int) -> Iterator[Verb]:
    """A silence of any length, in verbs of at most a minute."""
    while seconds > 0:
        yield pause(min(seconds, MAX_PAUSE))
        seconds -= MAX_PAUSE

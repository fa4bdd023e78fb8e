"""What a step sees of the call, and how templates and prompts become words in the caller's language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from voiceapp.actions import Audio, Piece, Speech
from voiceapp.call import Call, Progress, secret_mark
from voiceapp.events import Value
from voiceapp.flow.fields import Data, Way
from voiceapp.flow.flow import Flow
from voiceapp.flow.phrases import Phrase, phrase
from voiceapp.flow.prompts import Played, Prompt, Said, in_language, spoken_text
from voiceapp.flow.templates import Condition, Template

_NOTHING = Progress()


class SecretMarks(Mapping[str, str]):
    """`secret.NAME` in a template: the mark that stands for it, never the secret."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __getitem__(self, name: str) -> str:
        return secret_mark(self._key, name)

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


class FlowVisit:
    """One step of one call at one moment; see `flow.steps.step.Visit`."""

    __slots__ = ("_scope", "at", "call", "flow", "label")

    def __init__(self, flow: Flow, call: Call, at: datetime, label: str) -> None:
        self.flow = flow
        self.call = call
        self.at = at
        self.label = label
        self._scope: dict[str, Any] | None = None

    @property
    def step(self) -> str:
        """The step's name as a trace shows it: with its flow, where that is not the call's own."""
        return self.label

    @property
    def progress(self) -> Progress:
        """What the step remembered."""
        return self.call.progress or _NOTHING

    @property
    def flow_keys(self) -> Mapping[str, Way]:
        """The keys listened to in every question of this flow."""
        return self.flow.head.keys

    @property
    def language(self) -> str:
        """The language the caller hears, or this flow's first where it does not have that one."""
        languages = self.flow.head.languages
        return self.call.language if self.call.language in languages else languages[0]

    @property
    def scope(self) -> dict[str, Any]:
        """Every name a template may use."""
        if self._scope is None:
            call = self.call
            self._scope = {
                **call.frame.saved,
                "caller": call.caller,
                "called": call.called,
                "caller_name": call.caller_name,
                "direction": call.direction,
                "language": self.language,
                "call_id": call.id,
                "carrier": call.carrier,
                "now": self.at.astimezone(ZoneInfo(self.flow.head.zone)),
                "secret": SecretMarks(call.key),
            }
        return self._scope

    def pieces(self, prompt: Prompt, extra: Mapping[str, Value] | None = None) -> tuple[Piece, ...]:
        """The prompt in the caller's language; see `Visit`."""
        scope = {**self.scope, **extra} if extra else None
        return tuple(self._piece(part, scope) for part in in_language(prompt, self.language))

    def _piece(self, part: Said | Played, scope: Mapping[str, Any] | None) -> Piece:
        language = self.language
        voice = self.flow.voice(language, self.call.carrier)
        match part:
            case Said(text):
                return Speech(self._words(text, scope), language, voice)
            case Played():
                spoken = spoken_text(part, language)
                words = "" if spoken is None else self._words(spoken, scope)
                media = part.media.get(self.call.carrier, "")
                return Audio(part.file(language), language, words, voice, media)

    def _words(self, text: Template, scope: Mapping[str, Any] | None) -> str:
        """A text to speak; where a variable was empty, no space is left before the full stop."""
        if text.literal:
            return text.source
        return self._render(text, scope).replace(" .", ".").replace(" ,", ",")

    def _render(self, text: Template, scope: Mapping[str, Any] | None) -> str:
        return text.source if text.literal else text.render(scope or self.scope)

    def phrase(self, name: Phrase, **values: str) -> Piece:
        """One of the built-in sentences; see `Visit`."""
        language = self.language
        return Speech(phrase(name, language, **values), language, self.flow.voice(language, self.call.carrier))

    def text(self, template: Template) -> str:
        """A template's text."""
        return self._render(template, None)

    def value(self, data: Data) -> Value:
        """A tree of templates as JSON types."""
        if isinstance(data, Template):
            return data.source if data.literal else data.value(self.scope)
        if isinstance(data, dict):
            return {key: self.value(item) for key, item in data.items()}
        return [self.value(item) for item in data]

    def holds(self, condition: Condition) -> bool:
        """Whether a condition is true now."""
        return condition.holds(self.scope)

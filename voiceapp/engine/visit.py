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

    __slots__ = ("_scope", "at", "call", "flow", "language", "step")

    def __init__(self, flow: Flow, call: Call, at: datetime, step: str) -> None:
        """`step`: its name as a trace shows it, with its flow where that is not the call's own."""
        self.flow = flow
        self.call = call
        self.at = at
        self.step = step
        languages = flow.head.languages
        self.language = call.language if call.language in languages else languages[0]
        self._scope: dict[str, Any] | None = None

    @property
    def progress(self) -> Progress:
        """What the step remembered."""
        return self.call.progress or _NOTHING

    @property
    def flow_keys(self) -> Mapping[str, Way]:
        """The keys listened to in every question of this flow."""
        return self.flow.head.keys

    def scope(self, expression: Template | Condition) -> dict[str, Any]:
        """The names that this expression may use; what takes longest to make only where it is used."""
        if self._scope is None:
            call = self.call
            self._scope = {
                **call.frames[-1].saved,
                "caller": call.caller,
                "called": call.called,
                "caller_name": call.caller_name,
                "direction": call.direction,
                "language": self.language,
                "call_id": call.id,
                "carrier": call.carrier,
            }
        if "now" in expression.names and "now" not in self._scope:
            self._scope["now"] = self.at.astimezone(ZoneInfo(self.flow.head.zone))
        if isinstance(expression, Template) and expression.secrets:
            return {**self._scope, "secret": SecretMarks(self.call.key)}
        return self._scope

    def pieces(self, prompt: Prompt, extra: Mapping[str, Value] | None = None) -> tuple[Piece, ...]:
        """The prompt in the caller's language; see `Visit`."""
        language = self.language
        voice = self.flow.voice(language, self.call.carrier)
        return tuple([self._piece(part, language, voice, extra) for part in in_language(prompt, language)])

    def _piece(self, part: Said | Played, language: str, voice: str, extra: Mapping[str, Value] | None) -> Piece:
        match part:
            case Said():
                return Speech(self._words(part.text, extra), language, voice)
            case Played():
                spoken = spoken_text(part, language)
                words = "" if spoken is None else self._words(spoken, extra)
                media = part.media.get(self.call.carrier, "")
                return Audio(part.file(language), language, words, voice, media)

    def _words(self, text: Template, extra: Mapping[str, Value] | None) -> str:
        """A text to speak; where a variable was empty, no space is left before the full stop."""
        if text.literal:
            return text.source
        scope = self.scope(text)
        words = text.render({**scope, **extra} if extra else scope)
        return words.replace(" .", ".").replace(" ,", ",")

    def phrase(self, name: Phrase, **values: str) -> Piece:
        """One of the built-in sentences; see `Visit`."""
        language = self.language
        return Speech(phrase(name, language, **values), language, self.flow.voice(language, self.call.carrier))

    def text(self, template: Template) -> str:
        """A template's text."""
        return template.source if template.literal else template.render(self.scope(template))

    def value(self, data: Data) -> Value:
        """A tree of templates as JSON types."""
        if isinstance(data, Template):
            return data.source if data.literal else data.value(self.scope(data))
        if isinstance(data, dict):
            return {key: self.value(item) for key, item in data.items()}
        return [self.value(item) for item in data]

    def holds(self, condition: Condition) -> bool:
        """Whether a condition is true now."""
        return condition.holds(self.scope(condition))

"""What a caller hears when nothing else can be said in time: prepared in advance, needs no database."""

from collections.abc import Iterator

from voiceapp.actions import CarrierAction, Speak, Speech
from voiceapp.flow.fields import END, REPEAT
from voiceapp.flow.flow import Flow
from voiceapp.flow.phrases import phrase
from voiceapp.flow.prompts import Said, in_language
from voiceapp.flow.steps.end import EndStep
from voiceapp.flow.steps.say import SayStep


def last_words(flow: Flow, language: str, carrier: str) -> tuple[CarrierAction, ...]:
    """What `on_error` says in texts without variables, as far as it goes; else the built-in apology."""
    if language not in flow.head.languages:
        language = flow.head.languages[0]
    voice = flow.voice(language, carrier)
    texts = tuple(_texts(flow, language)) or (phrase("apology", language),)
    return tuple(Speak(step="fallback", piece=Speech(text, language, voice)) for text in texts)


def _texts(flow: Flow, language: str) -> Iterator[str]:
    way, seen = flow.head.on_error or END, set[str]()
    while way not in (END, REPEAT) and way not in seen:
        seen.add(way)
        step = flow.steps[way]
        prompt = step.say if isinstance(step, SayStep) else step.end if isinstance(step, EndStep) else None
        if prompt is not None:
            for part in in_language(prompt, language):
                if isinstance(part, Said) and part.text.literal:
                    yield part.text.source
        way = END if isinstance(step, EndStep) else flow.after(way)

"""What of a flow CALLR cannot do."""

from collections.abc import Iterator, Mapping

from voiceapp.carriers.base import Misfit
from voiceapp.carriers.callr.voices import known
from voiceapp.flow.flow import Flow
from voiceapp.flow.leaves import prompts
from voiceapp.flow.prompts import Played, parts
from voiceapp.flow.steps.dial import DialStep

CANNOT = {
    "max": "CALLR cannot end a connected call after a time",
    "answered": "on CALLR the call is over when a connected call ends",
    "sip": "CALLR calls telephone numbers only",
}
"""The keys of `dial` that it does not do, and why."""


def misfits(flow: Flow) -> tuple[Misfit, ...]:
    """Every place that CALLR cannot do; paths are those of `Flow.steps`, beginning with the step's name."""
    return tuple(_misfits(flow))


def _misfits(flow: Flow) -> Iterator[Misfit]:
    for name, step in flow.steps.items():
        for path, prompt in prompts(step):
            for inner, part in parts(prompt, (name, *path)):
                if isinstance(part, Played) and part.text is None and "callr" not in part.media:
                    message = (
                        "CALLR plays sounds of its own library only: add media: {callr: …} or a text to speak"
                    )
                    yield Misfit(inner, message)
        if isinstance(step, DialStep):
            if step.max is not None:
                yield Misfit((name, "max"), CANNOT["max"])
            for at, target in enumerate(step.dial):
                if target.literal and not target.source.startswith("+"):
                    yield Misfit((name, "dial", str(at)), CANNOT["sip"])
            if step.answered is not None:
                yield Misfit((name, "answered"), CANNOT["answered"])


def doubts(flow: Flow, voices: Mapping[str, str]) -> tuple[Misfit, ...]:
    """Languages for which no voice of CALLR is known; what is to be spoken in them sounds foreign."""
    return tuple(
        Misfit(
            ("languages", str(at)),
            f"no voice of CALLR is known for {language}: name one with voice: {{{language}: {{callr: TTS_…}}}}"
            " or VOICEAPP_CALLR_VOICES",
        )
        for at, language in enumerate(flow.head.languages)
        if not flow.voice(language, "callr").startswith("TTS_") and not known(language, voices)
    )

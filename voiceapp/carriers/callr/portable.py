"""How CALLR does each verb; `commands.py` is the code that these words are of."""

from voiceapp.attempt import HIDDEN
from voiceapp.carriers.callr.fit import CANNOT
from voiceapp.carriers.portable import KeyManner, Manner, Manners, emulated, has_pieces, impossible, native, ours
from voiceapp.flow.leaves import prompts
from voiceapp.flow.prompts import Played, parts
from voiceapp.flow.steps import Step
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.pause import PauseStep
from voiceapp.flow.steps.question import Question
from voiceapp.flow.steps.record import RecordStep
from voiceapp.flow.steps.say import SpokenStep
from voiceapp.flow.templates import Template

_SPOKEN = ("say", "play")
_ASKED = ("menu", "ask")
_LONGEST_WAIT = 30


def _speaks_a_sound(step: Step) -> bool:
    whole = (part for _, prompt in prompts(step) for _, part in parts(prompt))
    return any(isinstance(part, Played) and "callr" not in part.media for part in whole)


def _is_sip(target: Template) -> bool:
    return target.literal and not target.source.startswith("+")


_VERBS: dict[str, Manner] = {
    "say": native("play"),
    "play": native("play", "sounds of CALLR's own library"),
    "pause": native("wait"),
    "menu": native("read"),
    "ask": native("read"),
    "record": native("record"),
    "dial": native("dialout"),
    "conference": emulated("conference", "rooms have numbers: the room's name is made into one"),
    "branch": ours(),
    "hours": ours(),
    "set": ours(),
    "fetch": ours("the call is held on with a wait of 1 s at a time when the answer takes long"),
    "run": ours(),
    "send_keys": native("send_dtmf"),
    "notify": ours(),
    "opt_out": ours(),
    "call_back": ours("a call placed later on the same carrier"),
    "end": native("hangup"),
}

_KEYS = (
    KeyManner(
        (*_SPOKEN, *_ASKED, "record", "fetch", "dial", "end", "conference"),
        "a sound without `media: {callr: …}`",
        _speaks_a_sound,
        emulated("", "the text of a sound is spoken where CALLR's library does not have it"),
    ),
    KeyManner(
        (*_SPOKEN, "record", "fetch", "end"),
        "a list of texts and sounds",
        has_pieces,
        emulated("play", "texts are joined, sounds between them are further play commands"),
    ),
    KeyManner(
        _ASKED,
        "a list of texts and sounds",
        has_pieces,
        emulated("read", "texts are joined, sounds between them are reads of their own, which a key ends"),
    ),
    KeyManner(
        ("dial",),
        "a list of texts and sounds",
        has_pieces,
        emulated("dialout", "texts in a row are joined, and of what there then is the first alone is whispered"),
    ),
    KeyManner(
        _SPOKEN,
        "`interruptible`",
        lambda step: isinstance(step, SpokenStep) and step.interruptible,
        emulated("read", "a read that waits for 0.1 s only, so that a key stops it"),
    ),
    KeyManner(
        _SPOKEN,
        "`times`",
        lambda step: isinstance(step, SpokenStep) and step.times > 1,
        emulated("play", "a play command each time"),
    ),
    KeyManner(
        ("pause",),
        "more than 30 s",
        lambda step: isinstance(step, PauseStep) and step.pause > _LONGEST_WAIT,
        emulated("wait", "several waits of at most 30 s"),
    ),
    KeyManner(
        _ASKED,
        "`tries`",
        lambda step: isinstance(step, Question) and step.tries > 1,
        emulated("read", "a read for each try: voiceapp counts them"),
    ),
    KeyManner(
        _ASKED,
        "`interruptible: false`",
        lambda step: isinstance(step, Question) and not step.interruptible,
        emulated("play", "the prompt by play, then a read without one"),
    ),
    KeyManner(
        ("ask",),
        "`confirm`",
        lambda step: isinstance(step, AskStep) and step.confirm is not False,
        emulated("read", "a second read says the answer back and takes 1 or 2"),
    ),
    KeyManner(
        ("record",),
        "`review`",
        lambda step: isinstance(step, RecordStep) and step.review,
        emulated("play_record", "play_record, then a read that takes 1 or 2"),
    ),
    KeyManner(
        ("dial",),
        "several numbers",
        lambda step: isinstance(step, DialStep) and len(step.dial) > 1,
        native("dialout", "all of them, one after the other"),
    ),
    KeyManner(
        ("dial",),
        "`sip:` addresses",
        lambda step: isinstance(step, DialStep) and any(_is_sip(to) for to in step.dial),
        impossible(CANNOT["sip"]),
    ),
    KeyManner(
        ("dial",),
        "`max`",
        lambda step: isinstance(step, DialStep) and step.max is not None,
        impossible(CANNOT["max"]),
    ),
    KeyManner(
        ("dial",),
        "`answered`",
        lambda step: isinstance(step, DialStep) and step.answered is not None,
        impossible(CANNOT["answered"]),
    ),
    KeyManner(
        ("dial",),
        "`whisper`",
        lambda step: isinstance(step, DialStep) and step.whisper is not None,
        native("dialout", "with its whisper"),
    ),
    KeyManner(
        ("dial",),
        "`music`",
        lambda step: isinstance(step, DialStep) and step.music,
        native("dialout", "with music as its ringtone"),
    ),
    KeyManner(
        ("dial",),
        "`record`",
        lambda step: isinstance(step, DialStep) and step.record,
        emulated("start_call_recording", "start_call_recording before, stop_call_recording when nobody answered"),
    ),
    KeyManner(
        ("dial",),
        "`caller_id: hidden`",
        lambda step: isinstance(step, DialStep) and step.caller_id is not None and step.caller_id.source == HIDDEN,
        native("dialout", "with its number blocked"),
    ),
    KeyManner(
        ("fetch",),
        "`meanwhile`",
        lambda step: isinstance(step, FetchStep) and step.meanwhile is not None,
        emulated("play", "played as often as needed while voiceapp asks"),
    ),
)

MANNERS = Manners(
    _VERBS,
    _KEYS,
    emulated(
        "wait_for_silence", "wait_for_silence or a read before the flow begins tells a machine from a person"
    ),
)
"""All that CALLR does."""

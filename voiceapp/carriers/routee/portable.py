"""How Routee does each verb; `verbs.py` is the code that these words are of."""

from voiceapp.attempt import HIDDEN
from voiceapp.carriers.portable import KeyManner, Manner, Manners, emulated, has_pieces, impossible, native, ours
from voiceapp.carriers.routee.fit import CANNOT
from voiceapp.carriers.routee.verbs import MAX_PAUSE, ONE_BY_ONE
from voiceapp.flow import answers
from voiceapp.flow.fields import END
from voiceapp.flow.steps import Step
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.menu import MenuStep
from voiceapp.flow.steps.pause import PauseStep
from voiceapp.flow.steps.question import Question
from voiceapp.flow.steps.say import SpokenStep

_SPOKEN = ("say", "play")
_ASKED = ("menu", "ask")
_WRITTEN = "when the plan is written, which may be before the caller gets there"


def _grows(step: Step, *, long: bool) -> bool:
    """Whether an answer may be shorter than its longest form; `long`: which is too long to be taken key by key."""
    if not isinstance(step, AskStep) or answers.fixed(step.answer):
        return False
    return (answers.longest(step.answer) > ONE_BY_ONE) is long


_VERBS: dict[str, Manner] = {
    "say": native("SAY"),
    "play": native("PLAY", ".wav files"),
    "pause": native("PAUSE"),
    "menu": emulated("COLLECT", "COLLECT listens, PAUSE is the time to press; what follows silence stands behind"),
    "ask": emulated("COLLECT", "COLLECT listens, PAUSE is the time to type; what follows silence stands behind"),
    "record": impossible(CANNOT["record"]),
    "dial": native("DIAL"),
    "conference": impossible(CANNOT["conference"]),
    "branch": ours(_WRITTEN),
    "hours": ours(_WRITTEN),
    "set": ours(_WRITTEN),
    "fetch": ours("before the plan is sent"),
    "run": ours(),
    "send_keys": impossible(CANNOT["send_keys"]),
    "notify": ours(),
    "opt_out": ours(),
    "call_back": ours("a call placed later on the same carrier"),
    "end": emulated("", "the plan ends there, and the call with it"),
}

_KEYS = (
    KeyManner(
        (*_SPOKEN, *_ASKED, "end"),
        "a list of texts and sounds",
        has_pieces,
        native("SAY", "a SAY or PLAY for each"),
    ),
    KeyManner(
        _SPOKEN,
        "`interruptible`",
        lambda step: isinstance(step, SpokenStep) and step.interruptible,
        native("SAY", "with bargeIn, where a question follows that the key can be for"),
    ),
    KeyManner(
        _SPOKEN,
        "`times`",
        lambda step: isinstance(step, SpokenStep) and step.times > 1,
        emulated("SAY", "a SAY or PLAY each time"),
    ),
    KeyManner(
        ("pause",),
        "more than 60 s",
        lambda step: isinstance(step, PauseStep) and step.pause > MAX_PAUSE,
        emulated("PAUSE", "several PAUSEs of at most 60 s"),
    ),
    KeyManner(
        _ASKED,
        "`tries`",
        lambda step: isinstance(step, Question) and step.tries > 1,
        emulated("COLLECT", "all tries stand in the plan; the URL of an answer tells in which it was given"),
    ),
    KeyManner(
        ("ask",),
        "an answer of up to 2 keys that may be shorter",
        lambda step: _grows(step, long=False),
        emulated("COLLECT", "keys come one by one, and silence ends the answer"),
    ),
    KeyManner(
        ("ask",),
        "an answer of more than 2 keys that may be shorter",
        lambda step: _grows(step, long=True),
        emulated("COLLECT", "the caller has to end the answer with #"),
    ),
    KeyManner(
        ("ask",),
        "`confirm`",
        lambda step: isinstance(step, AskStep) and step.confirm is not False,
        emulated("COLLECT", "a further plan says the answer back and takes 1 or 2"),
    ),
    KeyManner(
        ("dial",),
        "`busy`, `no_answer`, `failed`",
        lambda step: isinstance(step, DialStep) and step.no_answer is not None,
        emulated("DIAL", "the verbs behind DIAL, whichever of the three it was"),
    ),
    KeyManner(
        ("menu",),
        "`#` among its keys",
        lambda step: isinstance(step, MenuStep) and "#" in step.keys,
        impossible(CANNOT["#"]),
    ),
    KeyManner(
        ("dial",),
        "`answered`",
        lambda step: isinstance(step, DialStep) and step.answered not in (None, END),
        impossible(CANNOT["answered"]),
    ),
    KeyManner(
        ("dial",),
        "several numbers",
        lambda step: isinstance(step, DialStep) and len(step.dial) > 1,
        impossible(CANNOT["several numbers"]),
    ),
    KeyManner(
        ("dial",),
        "`sip:` addresses",
        lambda step: isinstance(step, DialStep) and any(to.source.startswith("sip:") for to in step.dial),
        native("DIAL"),
    ),
    KeyManner(
        ("dial",),
        "`whisper`",
        lambda step: isinstance(step, DialStep) and step.whisper is not None,
        impossible(CANNOT["whisper"]),
    ),
    KeyManner(
        ("dial",),
        "`music`",
        lambda step: isinstance(step, DialStep) and step.music,
        impossible(CANNOT["music"]),
    ),
    KeyManner(
        ("dial",),
        "`caller_id: hidden`",
        lambda step: isinstance(step, DialStep) and step.caller_id is not None and step.caller_id.source == HIDDEN,
        impossible(CANNOT["caller_id"]),
    ),
    KeyManner(
        ("fetch",),
        "`meanwhile`",
        lambda step: isinstance(step, FetchStep) and step.meanwhile is not None,
        impossible(CANNOT["meanwhile"]),
    ),
    KeyManner(
        ("dial",),
        "`record`",
        lambda step: isinstance(step, DialStep) and step.record,
        native("DIAL", "with record"),
    ),
    KeyManner(
        ("dial",),
        "`max`",
        lambda step: isinstance(step, DialStep) and step.max is not None,
        native("DIAL", "with maxDuration"),
    ),
)

MANNERS = Manners(_VERBS, _KEYS, native("machineDetection", "when the call is placed"))
"""All that Routee does."""

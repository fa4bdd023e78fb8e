"""What to tell a carrier, and what to do beside the call: a closed union, imperatives, carrier-neutral.

`CarrierAction`s become a reply; `Errand`s are done by the server itself. Durations are seconds.
Every action names the `step` that asked for it, which is what a trace shows.
"""

from typing import Any, get_args

import msgspec
from typing_extensions import TypeIs

from voiceapp.terms import MachineDetection


class Speech(msgspec.Struct, gc=False, frozen=True, tag="speech", omit_defaults=True):
    """Text to speak. `voice` is `female`, `male`, a carrier's own voice name, or `""` for the default."""

    text: str
    language: str
    voice: str = ""


class Audio(msgspec.Struct, gc=False, frozen=True, tag="audio", omit_defaults=True):
    """A sound: `source` is a path below `/audio/` or an https URL, `text` what it says (may be `""`),
    `media` the carrier's own copy (its id as text), `""` when it has none."""

    source: str
    language: str
    text: str = ""
    voice: str = ""
    media: str = ""


Piece = Speech | Audio


class _Action(
    msgspec.Struct, gc=False, frozen=True, tag=True, tag_field="action", omit_defaults=True, kw_only=True
):
    step: str


class Speak(_Action, gc=False, frozen=True):
    """Say or play one piece. `interruptible`: a key stops it."""

    piece: Piece
    interruptible: bool = False


class Pause(_Action, gc=False, frozen=True):
    """Silence."""

    seconds: int


class CollectDigits(_Action, gc=False, frozen=True):
    """Say `prompt` (a key stops it when `interruptible`) and collect up to `max_digits` keys, ended early
    by `#` or by `wait` seconds of silence. `fixed`: every good answer has exactly `max_digits` keys."""

    prompt: tuple[Piece, ...]
    max_digits: int
    wait: int
    interruptible: bool = True
    fixed: bool = False


class RecordVoice(_Action, gc=False, frozen=True):
    """Record the caller for at most `max_seconds`, until `#` or `quiet` seconds of silence."""

    max_seconds: int
    quiet: int


class PlayRecording(_Action, gc=False, frozen=True):
    """Play what RecordVoice made."""

    recording: str


class Dial(_Action, gc=False, frozen=True):
    """Connect the caller to the first of `targets` (E.164 or `sip:`) that answers within `ring` seconds."""

    targets: tuple[str, ...]
    ring: int
    caller_id: str
    whisper: tuple[Piece, ...] = ()
    music: bool = False
    record: bool = False
    max_seconds: int | None = None


class JoinConference(_Action, gc=False, frozen=True):
    """Put the caller into the room of this name."""

    room: str
    pin: str = ""
    welcome: Piece | None = None
    alone: Piece | None = None
    leave_when_alone: bool = False


class StartRecording(_Action, gc=False, frozen=True):
    """Record the call itself from now on."""


class StopRecording(_Action, gc=False, frozen=True):
    """Stop recording the call itself."""


class SendKeys(_Action, gc=False, frozen=True):
    """Send DTMF towards the other side."""

    keys: str


class DetectMachine(_Action, gc=False, frozen=True):
    """Listen for an answering machine, as `detection` says; `prompt` asks to press a key."""

    detection: MachineDetection
    prompt: tuple[Piece, ...] = ()


class HangUp(_Action, gc=False, frozen=True):
    """End the call."""


CarrierAction = (
    Speak
    | Pause
    | CollectDigits
    | RecordVoice
    | PlayRecording
    | Dial
    | JoinConference
    | StartRecording
    | StopRecording
    | SendKeys
    | DetectMachine
    | HangUp
)


class Fetch(_Action, gc=False, frozen=True):
    """An HTTP request whose answer the flow waits for, `timeout` seconds for all its tries together. `patience`:
    seconds that the caller may hear nothing meanwhile. Secrets stand in it as marks, see `call.secret_mark`."""

    url: str
    method: str = "GET"
    headers: dict[str, str] = {}
    json: Any = None
    has_json: bool = False
    timeout: float = 2.0
    retries: int = 0
    patience: float = 3.0


class Notify(_Action, gc=False, frozen=True):
    """A signed webhook, delivered in the background after the turn is stored."""

    url: str
    data: dict[str, Any] = {}


class OptOut(_Action, gc=False, frozen=True):
    """No more calls to `number` in `scope`."""

    number: str
    scope: str


class CallBack(_Action, gc=False, frozen=True):
    """Call `number` with `flow`, `after` seconds from now; it sees `shown`, `""` for the carrier's default."""

    number: str
    shown: str
    after: int
    flow: str
    inputs: dict[str, Any] = {}


Errand = Fetch | Notify | OptOut | CallBack
Action = CarrierAction | Errand

_CARRIER_ACTIONS: frozenset[type[_Action]] = frozenset(get_args(CarrierAction))
ACTIONS: tuple[type[_Action], ...] = (*_CARRIER_ACTIONS, *get_args(Errand))


def is_carrier_action(action: Action) -> TypeIs[CarrierAction]:
    """Whether the carrier does this, rather than the server itself."""
    return type(action) in _CARRIER_ACTIONS

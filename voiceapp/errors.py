"""What can go wrong, by whose fault it is.

VoiceappError
├── AuthoringError        a flow file is wrong; carries every problem with its place
├── OperatorError         a setting, a database or a port is wrong; one line, exit 2
│   └── StoreUnavailable  the database does not answer (full, locked, gone)
├── PostRefused           what was posted cannot be read as a call; carries the HTTP status
├── ExchangeFailed        a back end gave no usable answer (`egress.guard`)
├── TurnConflict          another process answered this turn, or opened this call, first
└── UnknownCall           no call has this id
"""


class VoiceappError(Exception):
    """Root of everything voiceapp raises on purpose."""


class AuthoringError(VoiceappError):
    """One or more flow files are wrong; `str()` gives every problem, one a line."""


class OperatorError(VoiceappError):
    """The person who runs the server has to change something; `str()` is one clear line."""


class StoreUnavailable(OperatorError):
    """The database does not answer in time, is full, locked or gone."""


class PostRefused(VoiceappError):
    """A carrier's post cannot be taken: `status` is the HTTP status, `str()` one short line."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class TurnConflict(VoiceappError):
    """The turn or the call was written by another process between our read and our write."""


class UnknownCall(VoiceappError):
    """No call has this id."""

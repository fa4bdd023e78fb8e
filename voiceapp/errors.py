"""What can go wrong, by whose fault it is.

VoiceappError
├── AuthoringError        a flow file is wrong; carries every problem with its place
├── OperatorError         a setting, a database or a port is wrong; one line, exit 2
│   └── StoreUnavailable  the database does not answer (full, locked, gone)
├── PostRefused           what was posted cannot be read as a call; carries the HTTP status
├── RequestRefused        what an application asked for cannot be done; carries every field and reason
├── ExchangeFailed        no usable answer came from somebody else's server
├── PlatformError         a carrier's API refused what we asked of it, or may have done it without saying so
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


class RequestRefused(VoiceappError):
    """An application asked for what cannot be: `errors` are (field, reason), `code` a word for programs."""

    def __init__(self, *errors: tuple[str, str], status: int = 422, code: str = "invalid") -> None:
        super().__init__("; ".join(f"{field}: {reason}" for field, reason in errors))
        self.errors = errors
        self.status = status
        self.code = code


class TurnConflict(VoiceappError):
    """The turn or the call was written by another process between our read and our write."""


class UnknownCall(VoiceappError):
    """No call has this id."""


class ExchangeFailed(VoiceappError):
    """No usable answer. `str()` is one of few fixed phrases; `sent`: the request may have been seen by the
    other side; `theirs`: it speaks against the host, not against the request."""

    def __init__(self, reason: str, *, sent: bool = False, theirs: bool = False) -> None:
        super().__init__(reason)
        self.sent = sent
        self.theirs = theirs


class PlatformError(VoiceappError):
    """A carrier's API did not do what we asked. `code` and `message` are its own words (`code` is `""` when no
    answer came); `status` the HTTP status, 0 without one. `unclear`: it may have done it all the same, as after
    a connection that broke or a 5xx, so that nobody may ask for the same again. `retry_after`: seconds."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        status: int = 0,
        unclear: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code
        self.message = message
        self.status = status
        self.unclear = unclear
        self.retry_after = retry_after

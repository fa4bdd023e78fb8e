"""What the server says about itself: one line an event, to stderr, as JSON or as text.

Whatever stands in an event, it stays one line, shows no phone number, and never stops the program: a value
that cannot be written is replaced, a stream that cannot be written to (full disk, closed pipe) is ignored.
"""

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor

from voiceapp.masking import mask

_SEPARATOR = r"(?:[ ().-]|%20){0,2}"
_NUMBER = re.compile(
    rf"(?:\+|%2[Bb])[0-9](?:{_SEPARATOR}[0-9]){{6,30}}"
    rf"|(?<![0-9A-Za-z])(?:[0-9]{{8,15}}|0[0-9](?:{_SEPARATOR}[0-9]){{6,12}})(?![0-9A-Za-z])"
)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_PRIVATE = frozenset({"digits", "keys", "caller_name", "password", "secret", "authorization", "cookie"})
_MAX_DEPTH = 6
_MAX_LENGTH = 4000


def clean(text: str) -> str:
    """`text` on one line of at most 4,000 characters, with every phone number in it masked."""
    masked = _NUMBER.sub(lambda found: mask(found[0]), text[:_MAX_LENGTH])
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), masked)


def configure(form: Literal["json", "text"] = "json", *, stream: TextIO | None = None) -> None:
    """Send structlog's events, and what libraries log by `logging`, to `stream` (default stderr).

    Information and above; `sqlalchemy`, `asyncio` and `aiohttp` only from warnings on."""
    out = _Writer(stream or sys.stderr)
    render: Processor = _as_json if form == "json" else _as_text
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _finish,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: out,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Bridge(out, render)]
    root.setLevel(logging.INFO)
    for library in ("aiohttp", "alembic", "asyncio", "sqlalchemy"):
        logging.getLogger(library).setLevel(logging.WARNING)


class _Writer:
    """The stream, one line at a time. A log that cannot be written is not worth a call."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            return

    debug = info = warning = error = critical = exception = log = msg


class _Bridge(logging.Handler):
    """Brings what a library logs to the same lines."""

    def __init__(self, out: _Writer, render: Processor) -> None:
        super().__init__()
        self._out = out
        self._render = render

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = record.getMessage()
        except Exception:
            text = str(record.msg)
        event: EventDict = {"event": text, "level": record.levelname.lower(), "logger": record.name}
        if record.exc_info:
            event["exc_info"] = record.exc_info
        line = self._render(None, "", _finish(None, "", event))
        self._out.msg(str(line))


def _finish(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Add the time, spell out an exception, and make every value safe to print."""
    said = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": event.pop("level", "info")}
    try:
        event = structlog.processors.format_exc_info(None, "", event)
        trace = event.pop("exception", None)
        safe = {clean(str(name)): _safe(value, str(name)) for name, value in event.items()}
        if trace is not None:
            safe["trace"] = [clean(line) for line in str(trace).splitlines()]
    except Exception as unprintable:
        safe = {"event": "log line lost", "because": type(unprintable).__name__}
    return {**said, **safe, **said}  # the time first, and no event's own


def _safe(value: object, name: str, depth: int = 0) -> object:
    if name.lower() in _PRIVATE:
        return "***"
    if value is None or isinstance(value, bool) or (isinstance(value, int | float) and abs(value) < 1e18):
        return value
    if isinstance(value, str):
        return clean(value)
    if depth < _MAX_DEPTH and isinstance(value, Mapping):
        return {clean(str(key)): _safe(item, str(key), depth + 1) for key, item in value.items()}
    if depth < _MAX_DEPTH and isinstance(value, list | tuple | set | frozenset):
        return [_safe(item, "", depth + 1) for item in value]
    return clean(repr(value))


def _as_json(_logger: object, _method: str, event: EventDict) -> str:
    """Printable characters as they are, so that a Greek prompt can be read in the log."""
    return json.dumps(event, ensure_ascii=False)


def _as_text(_logger: object, _method: str, event: EventDict) -> str:
    """`09:30:01.250 warning  text  name=value …`, then the trace, each line of it marked."""
    fields: dict[str, Any] = dict(event)
    said, level, text = fields.pop("at"), fields.pop("level"), fields.pop("event", "")
    trace = fields.pop("trace", [])
    pairs = "".join(
        f"  {name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in fields.items()
    )
    marked = "".join(f"\n    | {line}" for line in trace)
    return f"{str(said)[11:23]} {level:<8} {text}{pairs}{marked}"

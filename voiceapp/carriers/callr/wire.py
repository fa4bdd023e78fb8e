"""CALLR's RT.Request and RT.Response, read tolerantly: unknown fields are ignored, ids become text.

Source: "JSON objects" of CALLR's documentation (RT.Request, RT.Response, REALTIME10), and the real-time
reference for the first POST (`command` "", `command_id` 0).
"""

from typing import Any

import msgspec

from voiceapp.errors import PostRefused

ID_LENGTH = 128


class RtRequest(msgspec.Struct, frozen=True):
    """What CALLR posts. Every field may be absent, null or of another JSON type; `text` tells what it says."""

    app: Any = None
    callid: Any = None
    request_hash: Any = None
    cli_name: Any = None
    cli_number: Any = None
    number: Any = None
    command: Any = None
    command_id: Any = None
    command_result: Any = None
    command_error: Any = None
    call_status: Any = None
    cdr_field: Any = None


_decoder = msgspec.json.Decoder(RtRequest)


def read_request(body: bytes) -> RtRequest:
    """The request in a POST's body; raises PostRefused(400) when there is none."""
    try:
        return _decoder.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise PostRefused(400, "the body is not a JSON object as CALLR posts it") from None


def text(value: Any, *, limit: int = ID_LENGTH) -> str:
    """A text or a number as text; everything else (null, false, lists, objects) as the empty text."""
    if isinstance(value, str):
        return value[:limit]
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:limit] if value.bit_length() <= 256 else ""
    return ""


def token(value: Any) -> str:
    """`command_id` as text; 0, null and false say that there was no command."""
    found = text(value)
    return "" if found == "0" else found

"""CALLR's recordings of calls.

Source: docs.callr.com, "JSON objects" (Media.Recording) and "Webhooks" (`media.recording.new`). Inferred: that a
`record` command makes one of type RECORDING and `start_call_recording` one of type CALL; that it is READY when the
call is over. Every recording is a second of silence.
"""

from typing import Any, Literal
from uuid import uuid4

from aiohttp import web

from voiceapp.emulators.platforms.callr.cdr import Cdr, CdrIn
from voiceapp.emulators.platforms.callr.webhooks import Webhooks
from voiceapp.emulators.platforms.records import silent_wav


class Recordings:
    """The recordings of an account; `public_url` is where the platform itself can be reached."""

    def __init__(self, webhooks: Webhooks, public_url: str) -> None:
        self.by_hash: dict[str, dict[str, Any]] = {}
        self._webhooks = webhooks
        self._public_url = public_url

    def add(self, type_: Literal["CALL", "RECORDING"], count: int, cdr: Cdr) -> None:
        """Keep `count` recordings of a call that is over, and tell who wants to know."""
        for _ in range(count):
            recording = self._recording(type_, cdr)
            self.by_hash[recording["hash"]] = recording
            self._webhooks.tell("media.recording.new", recording)

    def _recording(self, type_: str, cdr: Cdr) -> dict[str, Any]:
        hash_ = uuid4().hex[:8].upper()
        did = (cdr.did_hash, cdr.did_intl_number) if isinstance(cdr, CdrIn) else ("", "")
        return {
            "app_hash": cdr.scenario_hash,
            "app_name": cdr.scenario_name,
            "callid": cdr.callid,
            "cli_name": cdr.cli_name,
            "cli_number": cdr.cli_number,
            "date": cdr.hangup,
            "date_read": "",
            "did_hash": did[0],
            "did_intl_number": did[1],
            "did_local_number": "",
            "duration": 1,
            "file_size_total": len(silent_wav()),
            "hash": hash_,
            "options": {},
            "read": False,
            "status": "READY",
            "type": type_,
            "url": f"{self._public_url}/recordings/{hash_}",
            "url_exts": ["wav"],
        }

    async def serve(self, request: web.Request) -> web.Response:
        """The file of a recording, at its `url` and one of its `url_exts`."""
        if request.match_info["hash"] not in self.by_hash:
            return web.Response(status=404)
        return web.Response(body=silent_wav(), content_type="audio/wav")

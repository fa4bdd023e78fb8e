"""When a call has gone on for too long."""

from datetime import datetime

from voiceapp.call import Call
from voiceapp.flow.flow import Script

MAX_TURNS = 200
MAX_SILENT_STEPS = 20
MAX_FRAMES = 8

ENDLESS = "endless flow"


def overdue(script: Script, call: Call, at: datetime) -> str:
    """Why the call has to end now, as `end_reason` has it; `""` when it may go on."""
    if at - call.started_at > script.flow.longest:
        return "max_minutes"
    most, answered_at = call.terms.max_seconds, call.answered_at
    if most is not None and answered_at is not None and (at - answered_at).total_seconds() > most:
        return "max_duration"
    return ENDLESS if call.turn >= MAX_TURNS else ""

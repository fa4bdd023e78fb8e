"""Examples of what is asked, answered and told, for the OpenAPI document. Tests hold each to its schema."""

from collections.abc import Mapping
from typing import Any

CALL_ID = "019c9e1d5a3055d2c9fd4e7b8a6013f4"
CLICK_ID = "019c9e1d7c40b1e60c2f9d3a57841bce"
WEBHOOK_ID = f"{CALL_ID}.placed.0"
_CALLBACK = {"url": "https://crm.example.com/calls", "events": ["call.answered", "call.unreached", "call.ended"]}

PLACE: Mapping[str, Any] = {
    "flow": "reminder",
    "to": "+33123456789",
    "from": "+33987654321",
    "carrier": "callr",
    "inputs": {"name": "Ms Martin", "day": "Tuesday"},
    "machine_detection": {"then": "hang_up", "method": "silence", "silence_seconds": 1.8},
    "ring": 25,
    "max_duration": 600,
    "at": "2026-03-03T09:30:00+01:00",
    "callback": _CALLBACK,
    "cdr_field": "appointment4711",
}
CLICK: Mapping[str, Any] = {
    "a": ["+33123456789", "+33612345678"],
    "b": ["+33987654321"],
    "from": "+33987654321",
    "carrier": "callr",
    "at": "2026-03-03T09:30:00+01:00",
    "attempts": 2,
    "pause": 60,
    "machine_detection_a": "hang_up",
    "record": True,
    "ring": 25,
    "max_duration": 1800,
    "callback": _CALLBACK,
    "cdr_field": "lead4711",
}
ATTEMPT: Mapping[str, Any] = {
    "id": CALL_ID,
    "carrier": "callr",
    "ref": "4260XMAQ",
    "flow": "reminder",
    "direction": "outbound",
    "caller": "+33987654321",
    "called": "+33123456789",
    "field": "appointment4711",
    "state": "placed",
    "live": True,
    "reason": "",
    "due_at": "2026-03-03T08:30:00Z",
    "started_at": "2026-03-03T08:30:00.041532Z",
    "answered_at": None,
    "ended_at": None,
    "end_reason": "",
    "answers": {},
    "click_to_call": None,
}
WAITING: Mapping[str, Any] = {**ATTEMPT, "ref": "", "state": "scheduled", "started_at": None}
CALL: Mapping[str, Any] = {
    "id": CALL_ID,
    "carrier": "callr",
    "ref": "9988776655443322110",
    "app": "4346423A",
    "flow": "reminder",
    "version": "5a0c1c6d2f9b7e43",
    "direction": "outbound",
    "caller": "+33987654321",
    "called": "+33123456789",
    "caller_name": "",
    "field": "appointment4711",
    "language": "fr-FR",
    "started_at": "2026-03-03T08:30:00Z",
    "answered_at": "2026-03-03T08:30:11.250000Z",
    "ended_at": "2026-03-03T08:30:42.750000Z",
    "end_reason": "completed",
    "partial": "",
    "turn": 4,
    "state": "ended",
    "live": False,
    "seconds": 31.5,
    "step": "bye",
    "answers": {"comes": "1"},
    "machine": False,
    "billed_seconds": 32.0,
    "price": 0.016,
    "hang_up_cause": "",
    "hung_up_by": "",
    "recordings": [],
    "click_to_call": None,
}
TRACED: Mapping[str, Any] = {
    **CALL,
    "trace": [
        {
            "number": 1,
            "at": "2026-03-03T08:30:11.250000Z",
            "key": "0:UP",
            "events": [{"event": "CallAnswered", "at": "2026-03-03T08:30:11.250000Z"}],
            "steps": ["hello"],
            "actions": [
                {"action": "Speak", "step": "hello", "piece": {"type": "speech", "text": "…", "language": "fr-FR"}}
            ],
            "reply": {"command": "play", "command_id": 1, "params": {"media_id": "TTS|TTS_FR-FR_AUDREY|…"}},
        }
    ],
}
CLICKED: Mapping[str, Any] = {
    "id": CLICK_ID,
    "carrier": "callr",
    "native": False,
    "state": "scheduled",
    "due_at": "2026-03-03T08:30:00Z",
    "a_status": {"status": None, "number": "+33123456789", "call": CALL_ID, "try": 0},
    "b_status": {"status": None, "number": "", "call": "", "try": 0},
    "calls": [CALL_ID],
    "reason": "",
}
CALLS: Mapping[str, Any] = {"calls": [CALL], "next": "WyIyMDI2LTAzLTAzVDA4OjMwOjAwWiIsIjAxOWM5ZTFkIl0="}
CLICK_UNDER_WAY: Mapping[str, Any] = {
    **CLICKED,
    "state": "calling",
    "a_status": {**CLICKED["a_status"], "status": "ANSWER", "try": 1},
    "b_status": {"status": "DIALING", "number": "+33987654321", "call": CALL_ID, "try": 1},
}
WEBHOOKS: Mapping[str, Any] = {
    "webhooks": [
        {
            "id": WEBHOOK_ID,
            "call": CALL_ID,
            "type": "call.placed",
            "state": "due",
            "attempts": 1,
            "next_at": "2026-03-03T08:30:35Z",
            "delivered_at": None,
            "error": "HTTP 503",
        }
    ]
}
RESENT: Mapping[str, Any] = {"id": WEBHOOK_ID, "state": "due"}
CARRIER_EVENTS: Mapping[str, Any] = {
    "events": [
        {
            "carrier": "callr",
            "id": "7EGMFWQ3",
            "type": "call.outbound_hangup",
            "at": "2026-03-03T08:30:43Z",
            "call": CALL_ID,
            "body": {"type": "call.outbound_hangup", "data": {"callid": 9988776655443322110}},
        }
    ]
}
ATTEMPT_NEWS: Mapping[str, Any] = {
    "type": "call.placed",
    "timestamp": "2026-03-03T08:30:00.310000Z",
    "data": ATTEMPT,
}
CALL_NEWS: Mapping[str, Any] = {"type": "call.ended", "timestamp": "2026-03-03T08:30:43Z", "data": CALL}

PROBLEM: Mapping[str, Any] = {
    "type": "about:blank",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "ring: has to be at least 5",
    "code": "invalid",
    "errors": [{"field": "ring", "reason": "has to be at least 5"}],
}

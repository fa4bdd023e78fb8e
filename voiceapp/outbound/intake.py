"""From a request to an attempt: is there such a flow, does it take these inputs, can the carrier do this?

Everything that can be said without asking anybody is said at once, before anything is written or dialled.
"""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from voiceapp.attempt import Attempt, AttemptState, Click, DialOrder, attempt_id
from voiceapp.errors import RequestRefused
from voiceapp.events import Value
from voiceapp.flow.flow import Flow, Input, InputType, Script, read_input
from voiceapp.flow.problems import nearest
from voiceapp.outbound.dialer import due_now
from voiceapp.outbound.requests import CallbackRequest, CallRequest, ClickToCallRequest, DetectionRequest, utc
from voiceapp.service.served_flows import ServedFlows
from voiceapp.terms import Callback, MachineDetection, Terms
from voiceapp.tolls.gate import TollGate, Wanted

CLICK_TO_CALL = "click_to_call"
"""The flow that A hears; its inputs `targets` (or `target`), `record` and `voicemail` are filled in."""

ROUTEE_RING = 60
"""Seconds; `hangupDelay` of Routee's perform-a-voice-conversation page."""

FURTHEST = timedelta(days=365)

Errors = list[tuple[str, str]]


class Intake:
    """Makes attempts of requests. `accounts`: the carriers that calls can be placed with."""

    def __init__(self, flows: ServedFlows, gate: TollGate, accounts: Collection[str]) -> None:
        self._flows = flows
        self._gate = gate
        self._accounts = accounts

    def call(self, asked: CallRequest, now: datetime) -> Attempt:
        """Raises RequestRefused with everything that is wrong."""
        errors: Errors = []
        script = self._script("flow", asked.flow, errors)
        carrier = self._carrier(asked.carrier, asked.flow, {"to": asked.to}, errors)
        inputs = _inputs(script.flow, asked.inputs, errors) if script is not None else {}
        self._judge("to", asked.to, asked.flow, script, carrier, errors)
        _check_ring(carrier, asked.ring, errors)
        order = DialOrder(
            flow=asked.flow,
            to=asked.to,
            carrier=carrier,
            shown=asked.from_ or "",
            inputs=inputs,
            ring=asked.ring,
            field=asked.cdr_field,
            terms=Terms(
                detection=_detection(asked.machine_detection, carrier),
                callback=_callback(asked.callback),
                max_seconds=asked.max_duration,
            ),
        )
        return _attempt(order, asked.at, now, errors)

    def click(self, asked: ClickToCallRequest, now: datetime) -> Attempt:
        """The first attempt of a click-to-call; raises RequestRefused with everything that is wrong."""
        errors: Errors = []
        script = None if asked.native else self._script("flow", CLICK_TO_CALL, errors)
        sides = {"a": asked.a, "b": asked.b}
        targets = {f"{side}.{place}": one for side, all_ in sides.items() for place, one in enumerate(all_)}
        carrier = self._carrier(asked.carrier, "" if asked.native else CLICK_TO_CALL, targets, errors)
        for place, target in targets.items():
            self._judge(place, target, CLICK_TO_CALL, script, carrier, errors)
        _check_ring(carrier, asked.ring, errors)
        _check_click(carrier, asked, script, errors)
        inputs = {} if script is None else _inputs(script.flow, _click_inputs(asked, script.flow), errors)
        order = DialOrder(
            flow=CLICK_TO_CALL,
            to=asked.a[0],
            carrier=carrier,
            shown=asked.from_ or "",
            inputs=inputs,
            ring=asked.ring,
            field=asked.cdr_field,
            terms=Terms(
                detection=None if asked.native else _detection(asked.machine_detection_a, carrier),
                callback=_callback(asked.callback),
                max_seconds=asked.max_duration,
                detect_b=asked.machine_detection_b is not None and not asked.native,
                click=attempt_id(now, secrets.token_hex(10)),
            ),
            click=Click(
                a=asked.a,
                b=asked.b,
                attempts=asked.attempts,
                pause=asked.pause,
                native=asked.native,
                native_options=native_options(asked) if asked.native else {},
            ),
        )
        return _attempt(order, asked.at, now, errors)

    def _script(self, field: str, name: str, errors: Errors) -> Script | None:
        script = self._flows.scripts.get(name)
        if script is None:
            errors.append((field, f"there is no flow '{name}'{nearest(name, self._flows.scripts)}"))
        return script

    def _carrier(self, asked: str | None, flow: str, targets: Mapping[str, str], errors: Errors) -> str:
        """The carrier that was asked for, or the first that has an account and can do it."""
        if asked is not None and asked not in self._accounts:
            errors.append(("carrier", f"no account at {asked} is set up (VOICEAPP_{asked.upper()}_…)"))
            return asked
        if not self._accounts:
            errors.append(("carrier", "no account at any carrier is set up (VOICEAPP_CALLR_API_LOGIN, …)"))
            return asked or "callr"
        candidates = [asked] if asked else sorted(self._accounts)
        reasons = {carrier: self._unfit(carrier, flow, targets) for carrier in candidates}
        fit = next((carrier for carrier in candidates if not reasons[carrier]), None)
        if fit is None:
            errors += reasons[candidates[0]]
        return fit or candidates[0]

    def _unfit(self, carrier: str, flow: str, targets: Mapping[str, str]) -> Errors:
        reasons: Errors = []
        misfits = self._flows.misfits(carrier, flow)
        if misfits:
            reasons.append(("flow", f"{carrier} cannot do this flow: {misfits[0].message}"))
        if carrier == "callr":
            addresses = [field for field, target in targets.items() if target.startswith("sip:")]
            reasons += [(field, "CALLR calls telephone numbers only") for field in addresses]
        return reasons

    def _judge(
        self, field: str, number: str, flow: str, script: Script | None, carrier: str, errors: Errors
    ) -> None:
        patterns = () if script is None else script.flow.head.may_dial
        wanted = Wanted(number=number, call="", flow=flow, carrier=carrier, patterns=patterns)
        refused = self._gate.judge(wanted)
        if refused is not None:
            self._gate.count_refusal(wanted, refused)
            errors.append((field, refused.message))


def _attempt(order: DialOrder, at: datetime | None, now: datetime, errors: Errors) -> Attempt:
    due_at = utc(at) or now
    if due_at > now + FURTHEST:
        errors.append(("at", "is more than a year ahead"))
    if errors:
        raise RequestRefused(*errors)
    at_once = due_now(utc(at), now)
    return Attempt(
        id=attempt_id(now, secrets.token_hex(10)),
        order=order,
        state=AttemptState.DIALING if at_once else AttemptState.SCHEDULED,
        created_at=now,
        due_at=now if at_once else due_at,
        requested_at=now if at_once else None,
    )


def _inputs(flow: Flow, given: Mapping[str, Value], errors: Errors) -> dict[str, Value]:
    """The flow's inputs with their types; texts are read as a flow's URL would have them."""
    declared = flow.head.inputs
    for name in given:
        if name not in declared:
            hint = nearest(name, declared) if declared else ": it has none"
            errors.append((f"inputs.{name}", f"flow '{flow.name}' has no such input{hint}"))
    typed: dict[str, Value] = {}
    for name, item in declared.items():
        if name in given:
            try:
                typed[str(name)] = _input(item, given[name])
            except ValueError as error:
                errors.append((f"inputs.{name}", str(error)))
        elif item.default is None:
            errors.append((f"inputs.{name}", "is missing"))
    return typed


def _input(item: Input, value: Value) -> Value:
    if isinstance(value, str):
        return read_input(item.type, value)
    right = {"number": int, "flag": bool, "phones": list}.get(item.type)
    if right is None or type(value) is not right:
        raise ValueError(f"has to be {_WORDS[item.type]}")
    if isinstance(value, list):
        return read_input(item.type, ",".join(value))
    return value


_WORDS: Mapping[InputType, str] = {
    "text": "a text in quotes",
    "number": "a whole number",
    "flag": "true or false",
    "phone": "a number such as +33123456789 in quotes",
    "phones": "a list of numbers such as +33123456789",
}


def _detection(asked: DetectionRequest | None, carrier: str) -> MachineDetection | None:
    return None if asked is None else asked.detection(carrier=carrier == "routee")


def _callback(asked: CallbackRequest | None) -> Callback | None:
    return None if asked is None else Callback(asked.url, asked.events)


def _check_ring(carrier: str, ring: int, errors: Errors) -> None:
    if carrier == "routee" and ring > ROUTEE_RING:
        errors.append(("ring", f"Routee lets it ring for {ROUTEE_RING} seconds at most"))


def _check_click(carrier: str, asked: ClickToCallRequest, script: Script | None, errors: Errors) -> None:
    if asked.native and carrier != "callr":
        errors.append(("native", f"{carrier} has no click-to-call of its own"))
    if asked.native and asked.inputs:
        errors.append(("inputs", "there is no flow that takes them when native is true"))
    if carrier == "routee" and len(asked.b) > 1:
        errors.append(("b", "Routee calls one number, not several one after the other"))
    if carrier == "routee" and asked.voicemail:
        errors.append(("voicemail", "Routee cannot record the caller alone"))
    if carrier == "callr" and asked.machine_detection_b is not None and not asked.native:
        errors.append(("machine_detection_b", "CALLR detects a machine at B only with native: true"))
    if script is not None and "targets" not in script.flow.head.inputs and len(asked.b) > 1:
        errors.append(("b", f"flow '{CLICK_TO_CALL}' takes one number (its input 'targets' would take several)"))


def _click_inputs(asked: ClickToCallRequest, flow: Flow) -> dict[str, Value]:
    """What was passed, and what the flow is to know of the request, as far as it declares an input for it."""
    known: dict[str, Value] = {
        "targets": list(asked.b),
        "target": asked.b[0],
        "record": asked.record,
        "voicemail": asked.voicemail,
    }
    return {**{name: value for name, value in known.items() if name in flow.head.inputs}, **asked.inputs}


def native_options(asked: ClickToCallRequest) -> dict[str, Value]:
    """The parameters of a CLICKTOCALL10 app (CALLR, "JSON objects"); milliseconds as CALLR has them."""
    options: dict[str, Value] = {
        "A_attempts": asked.attempts,
        "A_retrypause": asked.pause,
        "record_calls": asked.record,
    }
    for name, detection in (
        ("A_vms_detect", asked.machine_detection_a),
        ("B_vms_detect", asked.machine_detection_b),
    ):
        if detection is not None:
            options[name] = _vms_detect(detection)
    return {"options": options, "vms": {"active": asked.voicemail, "record": asked.voicemail}}


def _vms_detect(detection: DetectionRequest) -> dict[str, Value]:
    return {
        "active": True,
        "method": "DTMF" if detection.method == "dtmf" else "SILENCE",
        "dtmf_iterations": detection.dtmf_iterations,
        "dtmf_timeout": detection.dtmf_timeout,
        "silence_iterations": detection.silence_iterations,
        "silence_ms": round(detection.silence_seconds * 1000),
        "silence_timeout": detection.silence_timeout,
    }

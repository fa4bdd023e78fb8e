"""What applications may ask for: what it becomes, and every way to ask wrongly with the sentence that says so."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from tests.flow.scenes import flow
from tests.servers import API_KEY, Clock, Served, serving, write_flows
from tests.store.databases import sqlite_url
from tests.web.test_metrics import samples
from voiceapp.attempt import Attempt, AttemptState, Click, DialOrder
from voiceapp.carriers.base import Misfit
from voiceapp.errors import RequestRefused, StoreUnavailable
from voiceapp.flow.flow import Script
from voiceapp.flow.library import scripts_of
from voiceapp.metrics import Metrics
from voiceapp.outbound.intake import Intake
from voiceapp.outbound.requests import CallRequest, ClickToCallRequest, read_request
from voiceapp.service.served_flows import ServedFlows
from voiceapp.terms import CALLBACK_EVENTS, Callback, MachineDetection, Terms
from voiceapp.tolls.gate import DialCaps, OptOuts, TollGate
from voiceapp.tolls.rules import TollRules

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
TO, OTHER, GREEK = "+33612345678", "+33123456789", "+302310123456"
INPUTS = """
inputs:
  name: {type: text}
  order: {type: number, default: "0"}
  vip: {type: flag, default: "false"}
  friend: {type: phone, default: "+33123456789"}
  friends: {type: phones, default: "+33123456789"}
"""
BYE = "bye: {end: Goodbye.}"
CLICK = "inputs: {targets: {type: phones}, record: {type: flag, default: 'false'}, greeting: {default: Hello.}}"
FLOWS = {
    "survey": flow(BYE, INPUTS, "survey"),
    "plain": flow(BYE, "", "plain"),
    "paris": flow(BYE, "may_dial: ['+331*']", "paris"),
    "voicemail": flow("one: {record: Speak.}", "", "voicemail"),
    "click_to_call": flow("one: {dial: '{{ targets }}'}", CLICK, "click_to_call"),
}


@dataclass
class Flows:
    """The flows that are served; Routee cannot do `voicemail`."""

    scripts: dict[str, Script]

    def misfits(self, carrier: str, name: str) -> tuple[Misfit, ...]:
        unfit = (carrier, name) == ("routee", "voicemail")
        return (Misfit(("voicemail", "one", "record"), "Routee cannot record the caller alone"),) if unfit else ()


def an_intake(*accounts: str, metrics: Metrics | None = None, **flows: Any) -> Intake:
    def nobody() -> Any:
        raise StoreUnavailable("nothing is asked of the database")

    rules = TollRules(regions=frozenset({"FR"}), sip_hosts=frozenset({"pbx.example.com"}))
    gate = TollGate(rules, DialCaps(), nobody, cast("OptOuts", None), metrics or Metrics())
    served = Flows(dict(scripts_of(flows or FLOWS)))
    return Intake(cast("ServedFlows", served), gate, accounts or ("callr", "routee"))


def body(**changes: Any) -> bytes:
    return msgspec.json.encode({name: value for name, value in changes.items() if value is not ...})


def a_call(**changes: Any) -> bytes:
    return body(**{"flow": "survey", "to": TO, "inputs": {"name": "Ann"}, **changes})


def a_click(**changes: Any) -> bytes:
    return body(**{"a": [TO], "b": [OTHER], **changes})


def called(raw: bytes, *accounts: str) -> Attempt:
    return an_intake(*accounts).call(read_request(CallRequest, raw), NOW)


def clicked(raw: bytes, *accounts: str) -> Attempt:
    return an_intake(*accounts).click(read_request(ClickToCallRequest, raw), NOW)


# what is right


def test_a_call_with_nothing_but_what_it_needs() -> None:
    attempt = called(a_call())
    assert re.fullmatch("[0-9a-f]{32}", attempt.id)
    assert attempt == Attempt(
        id=attempt.id,
        order=DialOrder(flow="survey", to=TO, carrier="callr", inputs={"name": "Ann"}),
        state=AttemptState.DIALING,
        created_at=NOW,
        due_at=NOW,
        requested_at=NOW,
    )
    assert called(a_call()).id != attempt.id


def test_a_call_with_everything() -> None:
    inputs = {"name": "Zoë", "order": 7, "vip": True, "friend": "sip:ann@pbx.example.com", "friends": [TO, OTHER]}
    asked = {
        "from": "01 23 45 67 89".replace("0", "+33", 1),
        "carrier": "routee",
        "machine_detection": {"then": "hang_up", "silence_seconds": 1},
        "ring": 60,
        "max_duration": 600,
        "at": "2026-03-02T12:00:00+01:00",
        "callback": {"url": "https://crm.example.com/calls", "events": ["call.ended", "call.failed"]},
        "cdr_field": "order7",
    }
    attempt = called(a_call(to="+33 (0)6 12.34.56-78", inputs=inputs, **asked))
    assert (attempt.state, attempt.due_at, attempt.requested_at) == (
        AttemptState.SCHEDULED,
        NOW + timedelta(hours=1),
        None,
    )
    assert attempt.order == DialOrder(
        flow="survey",
        to=TO,
        carrier="routee",
        shown=OTHER,
        inputs=inputs,
        ring=60,
        field="order7",
        terms=Terms(
            detection=MachineDetection(then="hang_up", carrier=True, silence_seconds=1.0),
            callback=Callback("https://crm.example.com/calls", ("call.ended", "call.failed")),
            max_seconds=600,
        ),
    )


TYPED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"order": "007"}, {"order": 7}),
    ({"order": -999_999_999_999_999}, {"order": -999_999_999_999_999}),
    ({"vip": "true"}, {"vip": True}),
    ({"friends": f"{TO}, {OTHER}"}, {"friends": [TO, OTHER]}),
    ({"friends": [TO]}, {"friends": [TO]}),
    ({"friend": GREEK}, {"friend": GREEK}),
    ({"name": ""}, {"name": ""}),
    ({"name": "a\x00b 📞"}, {"name": "a\x00b 📞"}),
]


@pytest.mark.parametrize(("given", "typed"), TYPED)
def test_inputs_have_their_types(given: dict[str, Any], typed: dict[str, Any]) -> None:
    assert called(a_call(inputs={"name": "Ann", **given})).order.inputs == {"name": "Ann", **typed}


@pytest.mark.parametrize(
    ("shown", "kept"), [("hidden", "hidden"), ("Acme Ltd.", "Acme Ltd."), ("+33 1 23 45 67 89", OTHER)]
)
def test_what_is_shown(shown: str, kept: str) -> None:
    assert called(a_call(**{"from": shown})).order.shown == kept


WHEN: list[tuple[str, str]] = [
    ("2026-03-02T10:00:00Z", "now"),
    ("2026-03-02T10:00:01Z", "now"),
    ("1999-01-01T00:00:00Z", "now"),
    ("0001-01-01T00:00:00+00:00", "now"),
    ("2026-03-02T11:00:00+02:00", "now"),
    ("2026-03-02T10:00:02Z", "2026-03-02T10:00:02+00:00"),
    ("2026-03-02 10:30Z", "2026-03-02T10:30:00+00:00"),
    ("2027-03-02T10:00:00Z", "2027-03-02T10:00:00+00:00"),
]


@pytest.mark.parametrize(("at", "due"), WHEN)
def test_when(at: str, due: str) -> None:
    attempt = called(a_call(at=at))
    now = due == "now"
    assert attempt.state is (AttemptState.DIALING if now else AttemptState.SCHEDULED)
    assert attempt.due_at == (NOW if now else datetime.fromisoformat(due))
    assert attempt.requested_at == (NOW if now else None)


DETECTIONS: list[tuple[Any, MachineDetection | None]] = [
    (None, None),
    ("hang_up", MachineDetection(then="hang_up")),
    ("continue", MachineDetection()),
    ({}, MachineDetection()),
    ({"then": "hang_up", "method": "dtmf"}, MachineDetection(then="hang_up", method="dtmf")),
    (
        {"silence_seconds": 5, "silence_iterations": 3, "silence_timeout": 120},
        MachineDetection(silence_seconds=5.0, silence_iterations=3, silence_timeout=120),
    ),
    ({"dtmf_iterations": 10, "dtmf_timeout": 30}, MachineDetection(dtmf_iterations=10, dtmf_timeout=30)),
]


@pytest.mark.parametrize(("asked", "found"), DETECTIONS)
def test_machine_detection(asked: Any, found: MachineDetection | None) -> None:
    assert called(a_call(machine_detection=asked), "callr").order.terms.detection == found
    on_routee = called(a_call(machine_detection=asked), "routee").order.terms.detection
    assert on_routee == (None if found is None else msgspec.structs.replace(found, carrier=True))
    terms = clicked(a_click(machine_detection_a=asked), "callr").order.terms
    assert (terms.detection, terms.detect_b) == (found, False)
    terms = clicked(a_click(machine_detection_b=asked), "routee").order.terms
    assert (terms.detection, terms.detect_b) == (None, asked is not None)


CARRIERS: list[tuple[bytes, tuple[str, ...], str]] = [
    (a_call(), ("callr", "routee"), "callr"),
    (a_call(), ("routee",), "routee"),
    (a_call(carrier="routee"), ("callr", "routee"), "routee"),
    (a_call(to="sip:ann@pbx.example.com"), ("callr", "routee"), "routee"),
    (a_call(flow="voicemail", inputs={}), ("routee", "callr"), "callr"),
]


@pytest.mark.parametrize(("raw", "accounts", "carrier"), CARRIERS)
def test_the_carrier_that_can_do_it(raw: bytes, accounts: tuple[str, ...], carrier: str) -> None:
    assert called(raw, *accounts).order.carrier == carrier


def test_a_click_to_call() -> None:
    attempt = clicked(
        a_click(a=[TO, OTHER], b=[OTHER, TO], attempts=3, pause=45, record=True, inputs={"greeting": "Hi."})
    )
    assert attempt.order == DialOrder(
        flow="click_to_call",
        to=TO,
        carrier="callr",
        inputs={"targets": [OTHER, TO], "record": True, "greeting": "Hi."},
        terms=Terms(click=attempt.click),
        click=Click(a=(TO, OTHER), b=(OTHER, TO), attempts=3, pause=45),
    )
    assert re.fullmatch("[0-9a-f]{32}", attempt.click)
    assert attempt.click != attempt.id


def test_callrs_own_click_to_call() -> None:
    detection = {"then": "hang_up", "silence_seconds": 0.25}
    attempt = clicked(
        a_click(native=True, b=[OTHER, TO], voicemail=True, attempts=2, machine_detection_b=detection)
    )
    assert attempt.order.click is not None
    assert (attempt.order.click.native, attempt.order.inputs, attempt.order.terms.detection) == (True, {}, None)
    options: Any = attempt.order.click.native_options
    assert options["vms"] == {"active": True, "record": True}
    assert {name: value for name, value in options["options"].items() if name != "B_vms_detect"} == {
        "A_attempts": 2,
        "A_retrypause": 30,
        "record_calls": False,
    }
    assert options["options"]["B_vms_detect"]["silence_ms"] == 250


# what is wrong


WRONG: dict[str, tuple[bytes, str]] = {
    # the body as a whole
    "nothing": (b"", "flow: is missing; to: is missing"),
    "no JSON": (b"{", "body: is not JSON"),
    "a form": (b"flow=survey&to=%2B33612345678", "body: is not JSON"),
    "bytes": (b"\xff\xfe{", "body: is not JSON"),
    "a BOM": (b"\xef\xbb\xbf{}", "body: is not JSON"),
    "half a character": (b'{"flow": "\\ud800"}', "body: is not JSON"),
    "deep": (b"[" * 5000, "body: is not JSON"),
    "NaN": (
        b'{"flow": "survey", "to": "+33612345678", "inputs": {"name": "x"}, "ring": NaN}',
        "ring: has to be a whole number",
    ),
    "null": (b"null", "body: has to be a JSON object"),
    "a number": (b"5", "body: has to be a JSON object"),
    "a text": (b'"survey"', "body: has to be a JSON object"),
    "a list": (b"[" + a_call() + b"]", "body: has to be a JSON object"),
    "twice the work": (
        a_call(Flow="survey", form=TO),
        "Flow: is not known; did you mean 'flow'?; form: is not known; did you mean 'from'?",
    ),
    "an odd name": (
        a_call(**{"a[0]": 1, "int": 1, "str": 1}),
        "a[0]: is not known; int: is not known; did you mean 'inputs'?; str: is not known",
    ),
    "python's name": (a_call(from_=TO), "from_: is not known; did you mean 'from'?"),
    # the flow
    "an unknown flow": (a_call(flow="survy"), "flow: there is no flow 'survy'; did you mean 'survey'?"),
    "nothing like a flow": (a_call(flow="x"), "flow: there is no flow 'x'"),
    "no flow": (a_call(flow=...), "flow: is missing"),
    "a flow's number": (a_call(flow=5), "flow: has to be a text in quotes"),
    "a long flow": (a_call(flow="x" * 65), "flow: has more than 64 characters"),
    # who is called
    "nobody": (a_call(to=None), "to: has to be a text in quotes"),
    "digits": (a_call(to=33612345678), "to: has to be a text in quotes"),
    "several": (a_call(to=[TO]), "to: has to be a text in quotes"),
    "empty": (
        a_call(to=""),
        "to: the number may hold digits, spaces and ( ) . / - only, with a + before it or none",
    ),
    "letters": (
        a_call(to="+33CALLME"),
        "to: the number may hold digits, spaces and ( ) . / - only, with a + before it or none",
    ),
    "keys": (
        a_call(to=f"{TO},,1"),
        "to: the number may hold digits, spaces and ( ) . / - only, with a + before it or none",
    ),
    "another line": (
        a_call(to=f"{TO}\n"),
        "to: the number may hold digits, spaces and ( ) . / - only, with a + before it or none",
    ),
    "Arabic digits": (
        a_call(to="+٣٣٦١٢٣٤٥٦٧٨"),
        "to: the number may hold digits, spaces and ( ) . / - only, with a + before it or none",
    ),
    "a number at home": (
        a_call(to="06 12 34 56 78"),
        "to: the number does not say its country: write it as +33123456789",
    ),
    "too short": (a_call(to="+33612"), "to: the number is too short for a number of its country"),
    "too long": (a_call(to="+3361234567890"), "to: the number is too long for a number of its country"),
    "nobody's": (a_call(to="+33012345678"), "to: +330******78 is a number that no country gives to anybody"),
    "another country": (a_call(to=GREEK), "to: +302*******56 is a number of GR, where no number may be dialled"),
    "premium": (a_call(to="+33891123456"), "to: +338******56 is a premium-rate number"),
    "satellite": (a_call(to="+881612345678"), "to: +881*******78 is a satellite number"),
    "a host": (
        a_call(to="sip:ann@example.com", carrier="routee"),
        "to: example.com is not among the hosts that may be dialled",
    ),
    "no address": (
        a_call(to="sip:ann", carrier="routee"),
        "to: this is nothing to dial: write +33123456789 or sip:name@host",
    ),
    "a long address": (a_call(to=f"sip:{'a' * 300}@pbx.example.com"), "to: has more than 256 characters"),
    "an address on CALLR": (
        a_call(to="sip:ann@pbx.example.com", carrier="callr"),
        "to: CALLR calls telephone numbers only",
    ),
    "what the flow may not dial": (
        a_call(flow="paris", inputs={}),
        "to: +336******78 is not among what this flow may dial",
    ),
    # who calls
    "shown, nothing": (a_call(**{"from": ""}), "from: has to be a number, a name, or hidden"),
    "shown, a line": (a_call(**{"from": "Acme\r\nX"}), "from: has to be a number, a name, or hidden"),
    "shown, letters and digits": (
        a_call(**{"from": "Acme 24"}),
        "from: the number may hold digits, spaces and ( ) . / - only, with a + before it or none",
    ),
    "shown, a list": (a_call(**{"from": [TO]}), "from: has to be a text in quotes"),
    "shown, long": (a_call(**{"from": "x" * 33}), "from: has more than 32 characters"),
    # the carrier
    "an unknown carrier": (a_call(carrier="twilio"), "carrier: has to be 'callr' or 'routee'"),
    "a carrier's number": (a_call(carrier=1), "carrier: has to be 'callr' or 'routee'"),
    "what Routee cannot do": (
        a_call(flow="voicemail", inputs={}, carrier="routee"),
        "flow: routee cannot do this flow: Routee cannot record the caller alone",
    ),
    # inputs
    "no inputs": (a_call(inputs={}), "inputs.name: is missing"),
    "an unknown input": (
        a_call(inputs={"name": "Ann", "ordr": 1}),
        "inputs.ordr: flow 'survey' has no such input; did you mean 'order'?",
    ),
    "an input too many": (
        a_call(flow="plain", inputs={"x": "y"}),
        "inputs.x: flow 'plain' has no such input: it has none",
    ),
    "inputs in a list": (a_call(inputs=["Ann"]), "inputs: has to be a JSON object"),
    "an input of null": (
        a_call(inputs={"name": None}),
        "inputs.name: has to be a text, a whole number, true or false, or a list of texts",
    ),
    "an input of half": (
        a_call(inputs={"name": "Ann", "order": 1.5}),
        "inputs.order: has to be a text, a whole number, true or false, or a list of texts",
    ),
    "an input in an input": (
        a_call(inputs={"name": {"first": "Ann"}}),
        "inputs.name: has to be a text, a whole number, true or false, or a list of texts",
    ),
    "a list of numbers": (
        a_call(inputs={"name": "Ann", "friends": [33612345678]}),
        "inputs.friends: has to be a text, a whole number, true or false, or a list of texts",
    ),
    "a text that is a number": (a_call(inputs={"name": 5}), "inputs.name: has to be a text in quotes"),
    "a text that is a list": (a_call(inputs={"name": ["Ann"]}), "inputs.name: has to be a text in quotes"),
    "a number that is a text": (
        a_call(inputs={"name": "Ann", "order": "seven"}),
        "inputs.order: has to be a whole number",
    ),
    "a number that is a flag": (
        a_call(inputs={"name": "Ann", "order": True}),
        "inputs.order: has to be a whole number",
    ),
    "a huge number": (
        a_call(inputs={"name": "Ann", "order": 10**15}),
        "inputs.order: has more than 15 digits: write it as a text",
    ),
    "a number beyond all": (
        a_call(inputs={"name": "Ann"})[:-2] + b',"order":' + b"9" * 40 + b"}}",
        "inputs.order: has more than 15 digits: write it as a text",
    ),
    "a flag that is a number": (a_call(inputs={"name": "Ann", "vip": 1}), "inputs.vip: has to be true or false"),
    "a flag that is a word": (a_call(inputs={"name": "Ann", "vip": "yes"}), "inputs.vip: has to be true or false"),
    "a phone that is a number": (
        a_call(inputs={"name": "Ann", "friend": 33612345678}),
        "inputs.friend: has to be a number such as +33123456789 in quotes",
    ),
    "a phone at home": (
        a_call(inputs={"name": "Ann", "friend": "0612345678"}),
        "inputs.friend: has to be a number such as +33123456789 or sip:name@host",
    ),
    "no phones": (
        a_call(inputs={"name": "Ann", "friends": []}),
        "inputs.friends: has to be numbers such as +33123456789, with commas between them",
    ),
    "phones that are true": (
        a_call(inputs={"name": "Ann", "friends": True}),
        "inputs.friends: has to be a list of numbers such as +33123456789",
    ),
    # how
    "a short ring": (a_call(ring=4), "ring: has to be at least 5"),
    "a long ring": (a_call(ring=301), "ring: has to be at most 300"),
    "a ring as text": (a_call(ring="30"), "ring: has to be a whole number"),
    "half a ring": (a_call(ring=30.5), "ring: has to be a whole number"),
    "a true ring": (a_call(ring=True), "ring: has to be a whole number"),
    "a long ring on Routee": (
        a_call(ring=61, carrier="routee"),
        "ring: Routee lets it ring for 60 seconds at most",
    ),
    "no time to talk": (a_call(max_duration=0), "max_duration: has to be at least 1"),
    "too much time to talk": (a_call(max_duration=14_401), "max_duration: has to be at most 14400"),
    "your own word": (a_call(cdr_field="order 7"), "cdr_field: may hold the letters A to Z and digits only"),
    "many of your own words": (a_call(cdr_field="x" * 33), "cdr_field: has more than 32 characters"),
    # when
    "without a zone": (
        a_call(at="2026-03-02T10:00:00"),
        "at: needs its time zone, as in 2026-03-01T09:00:00+01:00",
    ),
    "a day": (a_call(at="2026-03-02"), "at: needs its time zone, as in 2026-03-01T09:00:00+01:00"),
    "no day": (a_call(at="2026-02-30T10:00:00Z"), "at: is no time such as 2026-03-01T09:00:00+01:00"),
    "soon": (a_call(at="tomorrow"), "at: is no time such as 2026-03-01T09:00:00+01:00"),
    "a time of day": (a_call(at="10:00"), "at: is no time such as 2026-03-01T09:00:00+01:00"),
    "seconds since 1970": (a_call(at=1_800_000_000), "at: is no time such as 2026-03-01T09:00:00+01:00"),
    "the same as text": (a_call(at="1800000000"), "at: is no time such as 2026-03-01T09:00:00+01:00"),
    "at true": (a_call(at=True), "at: is no time such as 2026-03-01T09:00:00+01:00"),
    "in more than a year": (a_call(at="2027-03-02T10:00:01Z"), "at: is more than a year ahead"),
    "at the end of time": (a_call(at="9999-12-31T23:59:59-12:00"), "at: is no time that will come"),
    # machines
    "an unknown way with machines": (
        a_call(machine_detection="leave"),
        "machine_detection.then: has to be 'hang_up' or 'continue'",
    ),
    "machines by number": (
        a_call(machine_detection=1),
        "machine_detection: has to be hang_up or continue, or a JSON object that says how to detect",
    ),
    "an unknown method": (
        a_call(machine_detection={"method": "ai"}),
        "machine_detection.method: has to be 'silence' or 'dtmf'",
    ),
    "a long silence": (
        a_call(machine_detection={"silence_seconds": 5.1}),
        "machine_detection.silence_seconds: has to be at most 5",
    ),
    "silence in words": (
        a_call(machine_detection={"silence_seconds": "1"}),
        "machine_detection.silence_seconds: has to be a number",
    ),
    "no round of silence": (
        a_call(machine_detection={"silence_iterations": 0}),
        "machine_detection.silence_iterations: has to be at least 1",
    ),
    "an unknown part of detection": (
        a_call(machine_detection={"silence": 1}),
        "machine_detection.silence: is not known",
    ),
    # the callback
    "a bare callback": (a_call(callback="https://crm.example.com"), "callback: has to be a JSON object"),
    "a callback to nowhere": (a_call(callback={}), "callback.url: is missing"),
    "a callback by ftp": (
        a_call(callback={"url": "ftp://x.example.com"}),
        "callback.url: has to begin with https:// or http://",
    ),
    "a long callback": (
        a_call(callback={"url": f"https://{'x' * 2048}"}),
        "callback.url: has more than 2048 characters",
    ),
    "an unknown event": (
        a_call(callback={"url": "https://a.example", "events": ["call.end"]}),
        "callback.events.0: there is no event 'call.end'; did you mean 'call.ended'?",
    ),
    "no events": (
        a_call(callback={"url": "https://a.example", "events": []}),
        "callback.events: has to have at least one entry",
    ),
    "a bare event": (
        a_call(callback={"url": "https://a.example", "events": "call.ended"}),
        "callback.events: has to be a list",
    ),
    # much at once
    "everything": (
        a_call(flow="x", to=GREEK, at="2030-01-01T00:00:00Z", carrier="routee", ring=99),
        "flow: there is no flow 'x'; to: +302*******56 is a number of GR, where no number may be dialled; "
        "ring: Routee lets it ring for 60 seconds at most; at: is more than a year ahead",
    ),
}
WRONG_CLICKS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"{}", "a: is missing; b: is missing"),
    "one number bare": (a_click(a=TO), "a: has to be a list"),
    "nobody": (a_click(a=[]), "a: has to have at least one entry"),
    "too many": (a_click(b=[TO] * 11), "b: has more than 10 entries"),
    "wrong ones": (
        a_click(a=[TO, "0612345678", 5]),
        "a.1: the number does not say its country: write it as +33123456789; a.2: has to be a text in quotes",
    ),
    "premium": (a_click(b=[OTHER, "+33891123456"]), "b.1: +338******56 is a premium-rate number"),
    "an address on CALLR": (
        a_click(a=[TO, "sip:a@pbx.example.com"], carrier="callr"),
        "a.1: CALLR calls telephone numbers only",
    ),
    "a flow": (a_click(flow="survey"), "flow: is not known"),
    "an unknown field": (a_click(attempt=2), "attempt: is not known; did you mean 'attempts'?"),
    "no attempts": (a_click(attempts=0), "attempts: has to be at least 1"),
    "many attempts": (a_click(attempts=6), "attempts: has to be at most 5"),
    "a short pause": (a_click(pause=29), "pause: has to be at least 30"),
    "a long pause": (a_click(pause=301), "pause: has to be at most 300"),
    "recorded, in words": (a_click(record="yes"), "record: has to be true or false"),
    "recorded, by number": (a_click(record=1), "record: has to be true or false"),
    "voicemail of null": (a_click(voicemail=None), "voicemail: has to be true or false"),
    "two of b on Routee": (
        a_click(b=[TO, OTHER], carrier="routee"),
        "b: Routee calls one number, not several one after the other",
    ),
    "voicemail on Routee": (
        a_click(voicemail=True, carrier="routee"),
        "voicemail: Routee cannot record the caller alone",
    ),
    "a long ring on Routee": (
        a_click(ring=61, carrier="routee"),
        "ring: Routee lets it ring for 60 seconds at most",
    ),
    "native on Routee": (a_click(native=True, carrier="routee"), "native: routee has no click-to-call of its own"),
    "native with inputs": (
        a_click(native=True, inputs={"x": "y"}),
        "inputs: there is no flow that takes them when native is true",
    ),
    "a machine at b on CALLR": (
        a_click(machine_detection_b="hang_up", carrier="callr"),
        "machine_detection_b: CALLR detects a machine at B only with native: true",
    ),
    "an unknown input": (
        a_click(inputs={"greting": "Hi."}),
        "inputs.greting: flow 'click_to_call' has no such input; did you mean 'greeting'?",
    ),
}
LIBRARY_WORDS = re.compile(r"is not valid|pydantic|tuple|NoneType|[Ss]hould be|validation|union|_type")


@pytest.mark.parametrize(("raw", "errors"), WRONG.values(), ids=WRONG)
def test_wrong_calls(raw: bytes, errors: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        called(raw)
    assert str(refused.value) == errors
    assert refused.value.status == 422


@pytest.mark.parametrize(("raw", "errors"), WRONG_CLICKS.values(), ids=WRONG_CLICKS)
def test_wrong_click_to_calls(raw: bytes, errors: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        clicked(raw)
    assert str(refused.value) == errors


def test_every_sentence_is_for_people() -> None:
    sentences = [errors for _, errors in (*WRONG.values(), *WRONG_CLICKS.values())]
    assert [sentence for sentence in sentences if LIBRARY_WORDS.search(sentence)] == []
    assert len(WRONG) + len(WRONG_CLICKS) > 110


@pytest.mark.parametrize(
    ("accounts", "raw", "reason"),
    [
        ((), a_call(), "no account at any carrier is set up (VOICEAPP_CALLR_API_LOGIN, …)"),
        (("callr",), a_call(carrier="routee"), "no account at routee is set up (VOICEAPP_ROUTEE_…)"),
        (("routee",), a_call(carrier="callr"), "no account at callr is set up (VOICEAPP_CALLR_…)"),
    ],
)
def test_a_carrier_without_an_account(accounts: tuple[str, ...], raw: bytes, reason: str) -> None:
    intake = an_intake()
    intake._accounts = accounts
    with pytest.raises(RequestRefused) as refused:
        intake.call(read_request(CallRequest, raw), NOW)
    assert list(refused.value.errors) == [("carrier", reason)]


def test_a_server_without_the_flow_for_click_to_calls() -> None:
    with pytest.raises(RequestRefused) as refused:
        an_intake("callr", plain=FLOWS["plain"]).click(read_request(ClickToCallRequest, a_click()), NOW)
    assert list(refused.value.errors) == [("flow", "there is no flow 'click_to_call'")]


def test_a_flow_of_ones_own_that_takes_one_target() -> None:
    own = flow("one: {dial: '{{ target }}'}", "inputs: {target: {type: phone}}", "click_to_call")
    intake = an_intake("callr", click_to_call=own)
    attempt = intake.click(read_request(ClickToCallRequest, a_click(record=True)), NOW)
    assert attempt.order.inputs == {"target": OTHER}
    with pytest.raises(RequestRefused) as refused:
        intake.click(read_request(ClickToCallRequest, a_click(b=[TO, OTHER])), NOW)
    sentence = "flow 'click_to_call' takes one number (its input 'targets' would take several)"
    assert list(refused.value.errors) == [("b", sentence)]


def test_numbers_that_are_refused_at_once_are_counted() -> None:
    metrics = Metrics()
    intake = an_intake("callr", metrics=metrics)
    for to in (GREEK, "+33891123456"):
        with pytest.raises(RequestRefused):
            intake.call(read_request(CallRequest, a_call(to=to)), NOW)
    counted = {
        labels: n for (name, labels), n in samples(metrics).items() if name == "voiceapp_dials_refused_total"
    }
    assert counted == {("callr", "region"): 1, ("callr", "type"): 1}


# over HTTP


KEY = {"Authorization": f"Bearer {API_KEY}"}
SURVEY = (
    "flow: survey\nlanguages: [en-GB]\ninputs: {name: {type: text, default: you}}\nsteps:\n  bye: {end: Bye.}\n"
)
TWO = """
flow: click_to_call
languages: [en-GB]
inputs: {targets: {type: phones}}
steps:
  a: {dial: "{{ targets }}"}
"""
SETTINGS: dict[str, Any] = {
    "callr_api_url": "http://127.0.0.1:9/",
    "callr_api_login": "login",
    "callr_api_password": "password",
    "callr_app": "ABCDEF12",
    "api_keys": API_KEY,
}
"""An account at CALLR, where nobody listens."""


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
async def served(tmp_path: Path, database_url: str, clock: Clock) -> AsyncIterator[Served]:
    async with serving(
        write_flows(tmp_path / "flows", SURVEY, TWO), database_url, clock=clock, **SETTINGS
    ) as running:
        yield running


async def post(served: Served, path: str, raw: bytes, **headers: str) -> tuple[int, Any, str]:
    """Status, JSON and type of an answer."""
    async with served.session.post(served.url + path, data=raw, headers={**KEY, **headers}) as reply:
        return reply.status, msgspec.json.decode(await reply.read()), reply.content_type


OVER_HTTP: dict[str, tuple[str, bytes, dict[str, str], int, list[tuple[str, str]]]] = {
    "no JSON": ("/v1/calls", b"{", {}, 422, [("body", "is not JSON")]),
    "a list": ("/v1/calls", b"[]", {}, 422, [("body", "has to be a JSON object")]),
    "nothing": ("/v1/calls", b"", {}, 422, [("flow", "is missing"), ("to", "is missing")]),
    "an unknown flow": (
        "/v1/calls",
        body(flow="survy", to=TO),
        {},
        422,
        [("flow", "there is no flow 'survy'; did you mean 'survey'?")],
    ),
    "another country": (
        "/v1/calls",
        body(flow="survey", to="+12125551234"),
        {},
        422,
        [("to", "+121******34 is a number of US, where no number may be dialled")],
    ),
    "no account": (
        "/v1/calls",
        body(flow="survey", to=TO, carrier="routee"),
        {},
        422,
        [("carrier", "no account at routee is set up (VOICEAPP_ROUTEE_…)")],
    ),
    "an unknown input": (
        "/v1/calls",
        body(flow="survey", to=TO, inputs={"nam": "x"}),
        {},
        422,
        [("inputs.nam", "flow 'survey' has no such input; did you mean 'name'?")],
    ),
    "no zone": (
        "/v1/calls",
        body(flow="survey", to=TO, at="2026-03-02T10:00:00"),
        {},
        422,
        [("at", "needs its time zone, as in 2026-03-01T09:00:00+01:00")],
    ),
    "a callback inside": (
        "/v1/calls",
        body(flow="survey", to=TO, callback={"url": "http://crm.example.com/"}),
        {},
        422,
        [("callback.url", "address not allowed")],
    ),
    "a callback with a password": (
        "/v1/calls",
        body(flow="survey", to=TO, callback={"url": "https://a:b@crm.example.com/"}),
        {},
        422,
        [("callback.url", "URL not valid")],
    ),
    "an empty key": (
        "/v1/calls",
        body(flow="survey", to=TO),
        {"Idempotency-Key": ""},
        400,
        [("Idempotency-Key", "has to have 1 to 255 characters")],
    ),
    "a long key": (
        "/v1/calls",
        body(flow="survey", to=TO),
        {"Idempotency-Key": "k" * 256},
        400,
        [("Idempotency-Key", "has to have 1 to 255 characters")],
    ),
    "a click to nobody": ("/v1/click-to-call", body(a=[TO]), {}, 422, [("b", "is missing")]),
    "a click with an address": (
        "/v1/click-to-call",
        body(a=[TO], b=["sip:a@example.com"]),
        {},
        422,
        [("b.0", "CALLR calls telephone numbers only")],
    ),
}


@pytest.fixture
async def on_sqlite(tmp_path: Path, clock: Clock) -> AsyncIterator[Served]:
    flows = write_flows(tmp_path / "flows", SURVEY, TWO)
    async with serving(flows, sqlite_url(tmp_path), clock=clock, **SETTINGS) as running:
        yield running


async def test_problems_over_http(on_sqlite: Served) -> None:
    for name, (path, raw, headers, status, errors) in OVER_HTTP.items():
        answer = await post(on_sqlite, path, raw, **headers)
        listed = [{"field": field, "reason": reason} for field, reason in errors]
        assert (name, answer[0], answer[1]["errors"], answer[2]) == (
            name,
            status,
            listed,
            "application/problem+json",
        )
        assert (answer[1]["status"], answer[1]["code"]) == (status, "invalid")
        assert answer[1]["detail"] == "; ".join(f"{field}: {reason}" for field, reason in errors)
    assert on_sqlite.count("voiceapp_errors_total") == 0
    assert await on_sqlite.store.ledger.next_due() is None
    assert on_sqlite.count("voiceapp_attempts_total", carrier="callr", state="failed") == 0, "nothing was dialled"


async def test_a_body_that_is_too_long(on_sqlite: Served) -> None:
    raw = body(flow="survey", to=TO, inputs={"name": "x" * 70_000})
    assert (await post(on_sqlite, "/v1/calls", raw))[0] == 413


@pytest.mark.parametrize("path", ["/v1/calls", "/v1/click-to-call"])
async def test_without_a_key_nobody_calls(on_sqlite: Served, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer guess"}):
        status, raw = await on_sqlite.post(path, {"flow": "survey", "to": TO}, **headers)
        assert (status, msgspec.json.decode(raw)["status"]) == (401, 401)


CALL = body(flow="survey", to=TO)


async def test_a_carrier_that_is_down(served: Served) -> None:
    """Nothing was dialled, the attempt has failed, and the same key may be used again."""
    ids = []
    for _ in range(2):
        status, problem, kind = await post(served, "/v1/calls", CALL, **{"Idempotency-Key": "k"})
        assert (status, kind, problem["errors"][0]["field"]) == (502, "application/problem+json", "carrier")
        assert problem["detail"].endswith("nothing was dialled")
        assert (problem["call"]["state"], problem["call"]["live"]) == ("failed", False)
        ids.append(problem["call"]["id"])
        assert (await served.get(f"/v1/calls/{ids[-1]}", **KEY))[1]["state"] == "failed"
    assert len(set(ids)) == 2
    assert served.count("voiceapp_attempts_total", carrier="callr", state="failed") == 2
    status, problem, _ = await post(served, "/v1/calls", body(flow="survey", to=OTHER), **{"Idempotency-Key": "k"})
    assert (status, problem["code"], problem["errors"][0]["field"]) == (409, "key_taken", "Idempotency-Key")


async def test_a_request_that_comes_again(served: Served) -> None:
    at = (NOW + timedelta(hours=2)).isoformat()
    key = {"Idempotency-Key": "x" * 255}
    first = await post(served, "/v1/calls", body(flow="survey", to=TO, at=at), **key)
    again = await post(
        served, "/v1/calls", b' {"at":"%b", "to":"%b", "flow":"survey"}' % (at.encode(), TO.encode()), **key
    )
    assert (first[0], again[0]) == (202, 202)
    assert again[1] == first[1], "the same JSON, written otherwise"
    assert first[1]["state"] == "scheduled"
    click = body(a=[TO], b=[OTHER], at=at)
    first = await post(served, "/v1/click-to-call", click, **{"Idempotency-Key": "click"})
    async with served.session.post(
        f"{served.url}/v1/click-to-call", data=click, headers={**KEY, "Idempotency-Key": "click"}
    ) as reply:
        assert (reply.status, reply.headers["Location"]) == (202, f"/v1/click-to-call/{first[1]['id']}")
    other = await post(served, "/v1/calls", click, **{"Idempotency-Key": "click"})
    assert other[0] == 422, "what is wrong is said before the key is looked at"


async def test_calls_of_the_past_are_placed_now(served: Served) -> None:
    status, problem, _ = await post(served, "/v1/calls", body(flow="survey", to=TO, at="2020-01-01T00:00:00Z"))
    assert (status, problem["call"]["state"]) == (502, "failed")


def test_every_event_may_be_wanted() -> None:
    wanted = called(a_call(callback={"url": "https://a.example", "events": list(CALLBACK_EVENTS)}))
    by_default = called(a_call(callback={"url": "https://a.example"}))
    assert wanted.order.terms.callback == by_default.order.terms.callback

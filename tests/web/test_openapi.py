"""The OpenAPI document against the server: the same routes, and every answer as it says."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from unittest.mock import ANY

import jsonschema_rs
import msgspec
import pytest
import schemathesis
from standardwebhooks import Webhook

from tests.servers import API_KEY, serving, write_flows
from tests.store.databases import sqlite_url
from tests.web.api_scene import REMINDER, ROUTEE_SECRET, SIGNING, WEBHOOK_SECRET, Mood, Scene, scene
from voiceapp.carriers.callr.webhooks import SIGNATURE_HEADER
from voiceapp.emulators.routee import RouteeCall, RouteeOptions
from voiceapp.outbound.requests import read_request
from voiceapp.terms import CALLBACK_EVENTS
from voiceapp.web.openapi import callback
from voiceapp.web.openapi.document import Json, document
from voiceapp.web.openapi.operations import OPERATIONS

DOCUMENT = document("https://voice.example.com")
OPERATION = {
    operation["operationId"]: operation for path in DOCUMENT["paths"].values() for operation in path.values()
}
ROUTE = {
    operation["operationId"]: (method, path)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
TOMORROW = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
LOGIN: Mapping[str, Any] = {"login": "callr", "password": "password"}
_numbers = (f"+3312345{last:04}" for last in count())


def resolved(described: Json) -> Json:
    """What it is, where it stands for a component."""
    found: Any = described
    for part in described.get("$ref", "#/").removeprefix("#/").split("/"):
        found = DOCUMENT if found is described and part else found
        found = found[part] if part else found
    return dict(found)


def faults(schema: Json, value: Any) -> list[str]:
    """What of a value is not as the schema has it; references are into the document."""
    checked = jsonschema_rs.validator_for({**schema, "components": DOCUMENT["components"]}, validate_formats=True)
    return [f"{'.'.join(map(str, fault.instance_path))}: {fault.message}" for fault in checked.iter_errors(value)]


def content(described: Json) -> tuple[str, Json]:
    """The one content type and what is said of it."""
    ((kind, said),) = resolved(described)["content"].items()
    return kind, said


async def test_the_document_has_the_routes_of_the_server(tmp_path: Path) -> None:
    async with serving(write_flows(tmp_path / "flows", REMINDER), sqlite_url(tmp_path)) as served:
        routes = {
            (route.method.lower(), route.resource.canonical)
            for route in served.server.app.router.routes()
            if route.resource is not None and route.method != "HEAD"  # aiohttp gives it with each GET
        }
    assert set(ROUTE.values()) == {route for route in routes if route[1].startswith("/v1/")}


async def test_the_document_as_it_is_served(tmp_path: Path) -> None:
    flows, url = write_flows(tmp_path / "flows", REMINDER), "https://voice.example.com/here"
    async with serving(flows, sqlite_url(tmp_path), api_keys=API_KEY, public_url=url) as served:
        status, served_document = await served.get("/v1/openapi.json")
    assert (status, served_document) == (200, document(url))
    assert API_KEY not in str(served_document)


def test_the_document_is_one_of_openapi() -> None:
    schemathesis.openapi.from_dict(document("https://voice.example.com")).validate()
    for text in ("bearer", "api_key"):
        assert {text: []} in DOCUMENT["security"]


def test_operations_have_names_of_their_own_and_say_what_they_do() -> None:
    assert len(ROUTE) == len([method for methods in DOCUMENT["paths"].values() for method in methods])
    assert [name for name, each in OPERATION.items() if not (each["summary"] and each["description"])] == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_examples_are_as_their_schemas_say(operation: Any) -> None:
    described = OPERATION[operation.name]
    _, answer = content(described["responses"][str(operation.status)])
    assert faults(answer["schema"], answer["example"]) == []
    if operation.body is not None:
        _, asked = content(described["requestBody"])
        assert faults(asked["schema"], asked["example"]) == []
        read = read_request(operation.body, msgspec.json.encode(asked["example"]))
        names = {info.alias or name for name, info in operation.body.model_fields.items()}
        left_out = names - set(asked["example"])
        assert left_out <= {"native", "voicemail", "inputs", "machine_detection_b"}
        assert read.model_dump(mode="json", by_alias=True, include={"ring"}) == {"ring": 25}


def test_examples_of_what_is_told_and_of_a_problem() -> None:
    told = DOCUMENT["components"]["callbacks"]["told"]["{$request.body#/callback/url}"]["post"]
    _, body = content(told["requestBody"])
    assert [faults(body["schema"], example["value"]) for example in body["examples"].values()] == [[], []]
    problem = DOCUMENT["components"]["schemas"]["Problem"]
    assert [faults(problem, example) for example in problem["examples"]] == [[]]
    assert faults(body["schema"], {"type": "call.placed"}) != []


def test_every_event_that_can_be_told_is_there() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    before, after = (schemas[name]["properties"]["type"]["enum"] for name in ("AttemptNews", "CallNews"))
    assert {*before, *after} == set(callback.EVENTS) == set(CALLBACK_EVENTS)
    assert schemas["CallbackRequest"]["properties"]["events"]["items"]["enum"] == list(CALLBACK_EVENTS)


class Asked(NamedTuple):
    """A request that gets `status`. `body`: with `to` or `a` and `b` of its own, where it has none; `id`: of what
    the scene has prepared; `mood`: CALLR's."""

    operation: str
    status: int
    body: Any = None
    id: str = "nobody"
    query: str = ""
    mood: Mood = "takes"
    headers: Mapping[str, str] = MappingProxyType({})


KEYED = {"Idempotency-Key": "once"}
OTHER = {"flow": "reminder", "to": "+33100000000"}
PLACING = [
    *(
        asked
        for name, body in (("place_call", {"flow": "reminder"}), ("click_to_call", {"carrier": "callr"}))
        for asked in (
            Asked(name, 202, body),
            Asked(name, 202, {**body, "at": TOMORROW}),
            Asked(name, 400, body, headers={"Idempotency-Key": "x" * 256}),
            Asked(name, 409, body, headers=KEYED),
            Asked(name, 413, b"x" * 65_537),
            Asked(name, 415, body, headers={"Content-Encoding": "gzip"}),
            Asked(name, 422, {**body, "ring": 1, "unknown": 1}),
            Asked(name, 422, b"{"),
            Asked(name, 502, body, mood="refuses"),
            Asked(name, 503, body, mood="busy"),
            Asked(name, 504, body, mood="lost"),
        )
    ),
    Asked("place_call", 429, {"flow": "reminder", "to": "+33100000000"}),
    Asked("click_to_call", 429, {"a": ["+33100000000"], "b": ["+33100000000"]}),
    Asked("click_to_call", 202, {"native": True}),
]
LOOKING = [
    Asked("list_calls", 200, query="?limit=1"),
    Asked("list_calls", 400, query="?limit=0"),
    Asked("list_calls", 400, query="?limit="),
    *(Asked("get_call", 200, id=name) for name in ("waiting", "placed", "live", "over")),
    Asked("get_call", 404),
    Asked("get_click_to_call", 200, id="click"),
    Asked("get_click_to_call", 200, id="native"),
    Asked("get_click_to_call", 404),
    Asked("get_click_to_call", 502, id="native", mood="refuses"),
    Asked("get_click_to_call", 503, id="native", mood="busy"),
    Asked("list_attempts", 200),
    Asked("list_attempts", 200, query="?state=scheduled"),
    Asked("list_attempts", 400, query="?state=waiting"),
    Asked("list_webhooks", 200),
    Asked("list_webhooks", 400, query="?calls=1"),
    Asked("resend_webhook", 202, id="webhook"),
    Asked("resend_webhook", 404),
    Asked("list_carrier_events", 200),
    Asked("list_carrier_events", 400, query="?Type=1"),
    Asked("get_openapi", 200),
    Asked("get_docs", 200),
]
ENDING = [
    Asked("end_call", 404),
    Asked("end_call", 409, id="at routee"),
    Asked("end_call", 502, id="live", mood="refuses"),
    Asked("end_call", 503, id="live", mood="busy"),
    Asked("end_call", 504, id="live", mood="lost"),
    *(Asked("end_call", 202, id=name) for name in ("live", "waiting", "over")),
    Asked("end_click_to_call", 404),
    Asked("end_click_to_call", 502, id="native", mood="refuses"),
    Asked("end_click_to_call", 503, id="native", mood="busy"),
    Asked("end_click_to_call", 504, id="native", mood="lost"),
    *(Asked("end_click_to_call", 202, id=name) for name in ("click", "native")),
]
UNSEEN = {("place_call", 408), ("click_to_call", 408), ("end_click_to_call", 409)}
"""A body that comes too slowly is for tests/web/test_guard.py; a click-to-call that begins right now is a race."""


async def prepared(here: Scene) -> dict[str, str]:
    """Names of calls and the like that there are -> their ids."""
    served = here.served
    callback = {"callback": {"url": f"{here.told.url}/calls"}}
    reminder = {"flow": "reminder", **callback}
    _, waiting = await ask(here, Asked("place_call", 202, {**reminder, "at": TOMORROW}))
    _, placed = await ask(here, Asked("place_call", 202, reminder))
    _, over = await ask(here, Asked("place_call", 202, reminder))
    _, click = await ask(here, Asked("click_to_call", 202, {"at": TOMORROW}))
    _, native = await ask(here, Asked("click_to_call", 202, {"native": True}))
    await ask(here, Asked("place_call", 202, OTHER, headers=KEYED))
    await served.callr("reminder", callid=1, **LOGIN).start()
    await served.callr("reminder", callid=2, first_status="UP", cdr_field=over["id"], **LOGIN).run()
    routee = served.hook("routee", "reminder", f"?secret={ROUTEE_SECRET}")
    ringing = RouteeCall(served.session, routee, RouteeOptions())
    await ringing.ring()
    await ringing.pick_up("answered")
    event = msgspec.json.encode({"event_id": "7EGM", "type": "billing.credit", "event_at": TOMORROW, "data": {}})
    signature = base64.b64encode(hmac.new(WEBHOOK_SECRET.encode(), event, hashlib.sha256).digest()).decode()
    assert await served.post("/webhooks/callr", event, **{SIGNATURE_HEADER: signature}) == (200, b"ok\n")
    _, calls = await ask(here, Asked("list_calls", 200))
    live = {call["carrier"]: call["id"] for call in calls["calls"] if call["id"] != over["id"]}
    return {
        "waiting": waiting["id"],
        "placed": placed["id"],
        "over": over["id"],
        "click": click["id"],
        "native": native["id"],
        "live": live["callr"],
        "at routee": live["routee"],
        "webhook": f"{placed['id']}.placed.0",
    }


async def ask(here: Scene, asked: Asked, ids: dict[str, str] | None = None) -> tuple[int, Any]:
    """Status and JSON of an answer that is as the document says."""
    method, path = ROUTE[asked.operation]
    body = asked.body
    if isinstance(body, dict) and asked.operation == "place_call":
        body = {"to": next(_numbers), **body}
    elif isinstance(body, dict):
        body = {"a": [next(_numbers)], "b": [next(_numbers)], **body}
    here.callr.mood = asked.mood
    path = path.replace("{id}", (ids or {}).get(asked.id, asked.id))
    status, kind, said, headers = await here.ask(method, path + asked.query, body, **asked.headers)
    assert status == asked.status, f"{asked}: {said}"
    described = resolved(OPERATION[asked.operation]["responses"][str(status)])
    documented, answer = content(described)
    assert (kind, faults(answer["schema"], said)) == (documented, []), asked
    required = {name for name, header in described.get("headers", {}).items() if header["required"]}
    assert required <= set(headers), asked
    return status, said


async def test_every_answer_is_in_the_document_and_as_it_says(tmp_path: Path) -> None:
    seen = set()
    async with scene(tmp_path, dial_per_destination=1) as here:
        ids = await prepared(here)
        for asked in (*PLACING, *LOOKING, *ENDING):
            await ask(here, asked, ids)
            seen.add((asked.operation, asked.status))
    documented = {
        (name, int(status))
        for name, operation in OPERATION.items()
        for status, answer in operation["responses"].items()
        if "$ref" not in answer
    }
    assert documented - seen == UNSEEN


async def test_problems_of_every_operation(tmp_path: Path) -> None:
    """401, 429 and 503 as any of them gives; 500 is for tests/web/test_refusals.py."""
    async with scene(tmp_path) as here:
        for name, operation in OPERATION.items():
            status = 200 if operation.get("security") == [] else 401
            await ask(here, Asked(name, status, headers={"Authorization": "Bearer nobody"}))
        while await here.served.get("/v1/calls") != (429, ANY):
            pass  # an address that keeps failing
        await ask(here, Asked("list_calls", 429, headers={"Authorization": "Bearer nobody"}))
        await ask(here, Asked("list_calls", 200, headers={"Authorization": "", "X-Api-Key": API_KEY}))
        await here.served.store.close()
        await ask(here, Asked("list_calls", 503))


def check(source: str, secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Runs the example that applications are given."""
    names: dict[str, Any] = {}
    exec(source, names)  # noqa: S102 - the example is ours
    return bool(names["is_genuine"](secret, headers, body))


async def test_what_is_told_is_in_the_document_and_signed_as_it_says(tmp_path: Path) -> None:
    told = DOCUMENT["components"]["callbacks"]["told"]["{$request.body#/callback/url}"]["post"]
    _, body = content(told["requestBody"])
    async with scene(tmp_path) as here:
        reminder = {"flow": "reminder", "callback": {"url": f"{here.told.url}/calls"}}
        _, waiting = await ask(here, Asked("place_call", 202, {**reminder, "at": TOMORROW}))
        await ask(here, Asked("end_call", 202, id=waiting["id"]))
        await ask(here, Asked("place_call", 502, reminder, mood="refuses"))
        await ask(here, Asked("place_call", 504, reminder, mood="lost"))
        for callid, status in enumerate(("UP", "BUSY"), start=1):
            _, placed = await ask(here, Asked("place_call", 202, reminder))
            options = {"callid": callid, "first_status": status, "cdr_field": placed["id"], **LOGIN}
            await here.served.callr("reminder", **options).run()
        await here.told.until_asked(8)
    assert [faults(body["schema"], asked.body) for asked in here.told.asked] == [[]] * 8
    assert {asked.body["type"] for asked in here.told.asked} == {
        *("call.cancelled", "call.failed", "call.unknown", "call.placed"),
        *("call.answered", "call.ended", "call.unreached"),
    }
    sent = {name.lower(): value for name, value in here.told.headers[0].items()}
    assert {parameter["name"] for parameter in told["parameters"]} <= set(sent)
    raw = msgspec.json.encode(here.told.asked[0].body)
    (sample,) = told["x-codeSamples"]
    assert check(sample["source"], SIGNING, sent, raw)
    assert not check(sample["source"], SIGNING, sent, raw + b" ")
    old = datetime.now(UTC) - timedelta(seconds=301)
    signature = Webhook(SIGNING).sign(sent["webhook-id"], old, raw.decode())
    late = {**sent, "webhook-timestamp": str(int(old.timestamp())), "webhook-signature": signature}
    assert not check(sample["source"], SIGNING, late, raw)

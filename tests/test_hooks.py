"""What carriers post, over HTTP: who is let in, what is refused, and CALLR's golden exchanges to the letter."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from tests.carriers.test_callr import FIRST, NO_REQUESTS, OUTBOUND
from tests.carriers.test_routee import BASE, NO_POSTS
from tests.servers import Served, serving, write_flows
from tests.store.databases import sqlite_url

SECRET = "the-secret-of-routee"
CALLR = {"Authorization": aiohttp.encode_basic_auth("callr", "password")}
FLOW = """\
flow: age
languages: [en-GB]
inputs: {name: {type: text, default: there}, years: {type: number, default: "0"}}
steps:
  welcome: {say: "Hello {{ name }}."}
  age: {ask: Your age, answer: {digits: 1-3}, tries: 1, otherwise: end}
  bye: {end: "You are {{ age }}."}
"""
CALLR_ONLY = "flow: voicemail\nlanguages: [en-GB]\nsteps:\n  one: {record: Speak.}\n"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    flows = write_flows(tmp_path / "flows", FLOW, CALLR_ONLY)
    credentials: dict[str, Any] = {"callr_login": "callr", "callr_password": "password", "routee_secret": SECRET}
    async with serving(flows, sqlite_url(tmp_path), **credentials, api_keys="a-key-for-the-api") as running:
        yield running


def plan_of(body: bytes) -> list[str]:
    return [verb["type"] for verb in msgspec.json.decode(body)["verbs"]]


async def test_golden_exchanges_of_callr(served: Served) -> None:
    """The exchanges of the protocol notes, 1.10: each reply whole but for the token, which is echoed."""
    exchanges: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({}, {"command": "play", "params": {"media_id": "TTS|TTS_EN-GB_SERENA|Hello there."}}),
        (
            {"command": "play", "command_result": "0", "call_status": "UP"},
            {
                "command": "read",
                "params": {
                    "media_id": "TTS|TTS_EN-GB_SERENA|Your age",
                    "max_digits": 3,
                    "attempts": 1,
                    "timeout_ms": 5000,
                },
            },
        ),
        (
            {"command": "read", "command_result": "042", "call_status": "UP"},
            {"command": "play", "params": {"media_id": "TTS|TTS_EN-GB_SERENA|You are 042."}},
        ),
        ({"command": "play", "command_result": "0", "call_status": "UP"}, {"command": "hangup", "params": {}}),
        (
            {"command": "hangup", "command_result": "", "call_status": "HANGUP"},
            {"command": "end", "command_id": 0, "params": {}},
        ),
    ]
    token: Any = 0
    for request, expected in exchanges:
        status, body = await served.post("/hooks/callr/age", FIRST | request | {"command_id": token}, **CALLR)
        reply = msgspec.json.decode(body)
        token = reply["command_id"]
        assert (status, reply) == (200, {"command_id": token, "variables": {}} | expected)
    assert (await served.stored("callr", FIRST["callid"])).call.saved["age"] == "042"


OTHER_EXCHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "an outbound call that is busy": (OUTBOUND | {"call_status": "BUSY"}, "end"),
    "answered": (OUTBOUND, "play"),
    "variables as a list": (FIRST | {"variables": []}, "play"),
    "a callid of 64 bits": (FIRST | {"callid": 2**64 - 1}, "play"),
    "an application never heard of": (FIRST | {"app": "FFFFFFFF"}, "play"),
    "a status never heard of": (FIRST | {"call_status": "SINGING"}, "play"),
    "no request hash": ({name: value for name, value in FIRST.items() if name != "request_hash"}, "play"),
    "hung up before anything": (FIRST | {"call_status": "HANGUP"}, "end"),
    "a turn of a call never heard of": (FIRST | {"call_status": "UP", "command_id": "3.ab"}, "hangup"),
}


@pytest.mark.parametrize(("request_", "command"), OTHER_EXCHANGES.values(), ids=OTHER_EXCHANGES)
async def test_other_exchanges(served: Served, request_: dict[str, Any], command: str) -> None:
    status, body = await served.post("/hooks/callr/age", request_, **CALLR)
    assert (status, msgspec.json.decode(body)["command"]) == (200, command)


async def test_callr_may_ask_whether_to_go_on_before_it_sends_the_body(served: Served) -> None:
    timeout = aiohttp.ClientTimeout(10)
    url = served.hook("callr", "age")
    async with served.session.post(url, json=FIRST, headers=CALLR, expect100=True, timeout=timeout) as reply:
        assert (reply.status, (await reply.json())["command"]) == (200, "play")


@pytest.mark.parametrize("password", ["", "passwor", "password1", "PASSWORD"])
async def test_callr_with_wrong_credentials(served: Served, password: str) -> None:
    wrong = {"Authorization": aiohttp.encode_basic_auth("callr", password)}
    status, body = await served.post("/hooks/callr/age", FIRST, **wrong)
    assert (status, body) == (401, b"401 Unauthorized\n")
    assert await served.store.find_call("callr", FIRST["app"], str(FIRST["callid"])) is None


async def test_the_challenge_for_callr(served: Served) -> None:
    async with served.session.post(served.hook("callr", "age"), json=FIRST) as reply:
        assert reply.status == 401
        assert reply.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    "path", ["", "/status", "/tones/1.ab.0", "/machine", "/dialled/1.ab.0", "/recording/1.ab.0"]
)
@pytest.mark.parametrize("query", ["", "?secret=", "?secret=the-secret-of-route", f"?secrets={SECRET}"])
async def test_routee_without_the_secret(served: Served, path: str, query: str) -> None:
    status, _ = await served.post(f"/hooks/routee/age{path}{query}", BASE)
    assert status == 401
    assert await served.store.find_call("routee", "", BASE["conversationTrackingId"]) is None


async def test_too_many_guesses(served: Served) -> None:
    statuses = [(await served.post("/hooks/routee/age?secret=guess", BASE))[0] for _ in range(21)]
    assert statuses == [401] * 20 + [429]
    assert (await served.post(f"/hooks/routee/age?secret={SECRET}", BASE))[0] == 200


async def test_a_plan_by_post_and_by_get(served: Served) -> None:
    status, posted = await served.post(f"/hooks/routee/age?secret={SECRET}&name=Ann", BASE)
    assert (status, plan_of(posted)) == (200, ["SAY", "COLLECT", "SAY", "PAUSE"])
    assert msgspec.json.decode(posted)["verbs"][0]["message"]["text"] == "Hello Ann."
    query = {**BASE, "conversationTrackingId": "another", "secret": SECRET}
    async with served.session.get(served.hook("routee", "age"), params=query) as reply:
        assert (reply.status, plan_of(await reply.read())) == (200, plan_of(posted))
    assert (await served.stored("routee", "another")).call.caller == BASE["from"]


async def test_inputs_in_the_hook(served: Served) -> None:
    """Only those that the flow has, with their types; a wrong one is as if it were not there."""
    path = "/hooks/callr/age?name=Zo%C3%AB&years=x&other=1"
    await served.post(path, FIRST, **CALLR)
    await served.post(path.replace("=x", "=12"), FIRST | {"callid": 2}, **CALLR)
    assert (await served.stored("callr", FIRST["callid"])).call.saved == {"name": "Zoë", "years": 0}
    assert (await served.stored("callr", 2)).call.saved == {"name": "Zoë", "years": 12}


@pytest.mark.parametrize("flow", ["nobody", "age.yaml", "..%2Fage", "AGE", "%00", "x" * 500])
async def test_no_such_flow(served: Served, flow: str) -> None:
    assert (await served.post(f"/hooks/callr/{flow}", FIRST, **CALLR)) == (404, b"404 there is no such flow\n")
    status, _ = await served.post(f"/hooks/routee/{flow}?secret={SECRET}", BASE)
    assert status == 404


async def test_a_flow_that_the_carrier_cannot_do_says_sorry(served: Served) -> None:
    status, body = await served.post(f"/hooks/routee/voicemail?secret={SECRET}", BASE)
    assert (status, plan_of(body)) == (200, ["SAY"])
    assert served.count("voiceapp_fallbacks_total", carrier="routee", reason="misfit") == 1


@pytest.mark.parametrize("body", NO_REQUESTS.values(), ids=NO_REQUESTS)
async def test_bad_bodies_from_callr(served: Served, body: bytes) -> None:
    """F11: a short text, nothing of what was sent in it, and no fault of ours; too long is 413."""
    status, text = await served.post("/hooks/callr/age", body, **CALLR)
    assert status == (413 if len(body) > 64 * 1024 else 400)
    assert len(text) < 100
    assert served.count("voiceapp_errors_total") == 0
    assert (await served.get("/healthz"))[0] == 200


@pytest.mark.parametrize("body", NO_POSTS.values(), ids=NO_POSTS)
async def test_bad_bodies_from_routee(served: Served, body: bytes) -> None:
    for path in ("", "/status", "/tones/1.ab.0"):
        status, text = await served.post(f"/hooks/routee/age{path}?secret={SECRET}", body)
        assert status == (413 if len(body) > 64 * 1024 else 400)
        assert len(text) < 120
    assert served.count("voiceapp_errors_total") == 0


METHODS: list[tuple[str, str, str]] = [
    ("GET", "/hooks/callr/age", "POST"),
    ("PUT", "/hooks/callr/age", "POST"),
    ("DELETE", "/hooks/callr/age", "POST"),
    ("HEAD", "/hooks/routee/age", "GET,POST"),
    ("PUT", "/hooks/routee/age", "GET,POST"),
    ("GET", "/hooks/routee/age/status", "POST"),
    ("GET", "/hooks/routee/age/tones/1.ab.0", "POST"),
]


@pytest.mark.parametrize(
    ("method", "path", "allowed"), METHODS, ids=[f"{method} {path}" for method, path, _ in METHODS]
)
async def test_wrong_methods(served: Served, method: str, path: str, allowed: str) -> None:
    async with served.session.request(method, served.url + path, headers=CALLR) as reply:
        assert (reply.status, reply.headers["Allow"]) == (405, allowed)


@pytest.mark.parametrize(
    "path",
    ["/", "/hooks", "/hooks/callr", "/hooks/other/age", "/hooks/routee/age/plan", "/hooks/routee/age/x/1.ab.0"],
)
async def test_no_such_hook(served: Served, path: str) -> None:
    assert (await served.post(path, BASE, **CALLR))[0] == 404


async def test_statuses_before_the_call_are_no_anomaly(served: Served) -> None:
    ringing = BASE | {"status": {"name": "Ringing"}}
    assert await served.post(f"/hooks/routee/age/status?secret={SECRET}", ringing) == (200, b"{}")
    assert served.count("voiceapp_anomalies_total", carrier="routee", kind="unknown_call") == 0


async def test_an_unknown_status_is_counted(served: Served) -> None:
    await served.post("/hooks/callr/age", FIRST | {"call_status": "SINGING"}, **CALLR)
    assert served.count("voiceapp_anomalies_total", carrier="callr", kind="unknown_status") == 1


async def test_a_machine_is_reported_late(served: Served) -> None:
    """The plan runs already; without `on_machine` it goes on, and its answers still count."""
    path = f"?secret={SECRET}"
    _, first = await served.post(f"/hooks/routee/age{path}", BASE)
    assert await served.post(f"/hooks/routee/age/machine{path}", BASE) == (200, b"{}")
    (tones,) = (verb["eventUrl"] for verb in msgspec.json.decode(first)["verbs"] if verb["type"] == "COLLECT")
    status, body = await served.post(tones.removeprefix(served.url), BASE | {"collectedTones": "42"})
    assert (status, msgspec.json.decode(body)["verbs"][0]["message"]["text"]) == (200, "You are 42.")


async def test_a_plan_fetched_without_a_word_of_whom(served: Served) -> None:
    """Whether a plan that is fetched for an outbound call names it is not documented; its tones find the call."""
    status, plan = await served.get(f"/hooks/routee/age?secret={SECRET}")
    assert status == 200
    urls = [verb["eventUrl"] for verb in plan["verbs"] if verb["type"] == "COLLECT"]
    assert len(urls) == 1
    path = urls[0].partition("/hooks/")[2]
    async with served.session.post(f"{served.url}/hooks/{path}", json={"collectedTones": "42"}) as reply:
        assert [verb["message"]["text"] for verb in (await reply.json())["verbs"]] == ["You are 42."]
    status, other = await served.get(f"/hooks/routee/age?secret={SECRET}")
    assert other["verbs"] != plan["verbs"], "another call"

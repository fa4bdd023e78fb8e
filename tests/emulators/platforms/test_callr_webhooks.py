"""CALLR's webhooks: what is told, signed, and told again."""

import base64
import hashlib
import hmac
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.emulators.platforms.clients import TARGET, TOLD, CallrClient, Hooks

SECRET = "12345678"


async def call(callr: CallrClient, hooks: Hooks, cdr_field: str = "c") -> None:
    app = await callr.realtime_app(hooks.url)
    await callr("calls.realtime", app, TARGET, {"cdr_field": cdr_field})
    await callr.platform.idle()


async def test_the_beginning_and_the_end_of_a_call(callr: CallrClient, hooks: Hooks) -> None:
    begun = await callr("webhooks.subscribe", "call.outbound_start", hooks.told_url, None)
    ended = await callr("webhooks.subscribe", "call.outbound_hangup", hooks.told_url, None)
    assert (begun["type"], begun["endpoint"], begun["status"]) == (
        "call.outbound_start",
        hooks.told_url,
        "ENABLED",
    )
    assert await callr("webhooks.get_list") == [begun, ended]
    await call(callr, hooks)
    told = {event["type"]: event for event in hooks.told}
    (cdr,) = await callr.records()
    assert told["call.outbound_hangup"]["data"] == cdr
    start = told["call.outbound_start"]["data"]
    assert (start["callid"], start["customer_field"], start["dialstatus"]) == (cdr["callid"], "c", "")
    assert list(told["call.outbound_start"]) == ["type", "event_id", "event_at", "hook_hash", "try", "data"]
    assert (told["call.outbound_hangup"]["hook_hash"], told["call.outbound_hangup"]["try"]) == (ended["hash"], 0)
    headers = next(asked.headers for asked in hooks.server.asked if asked.path == TOLD)
    assert "X-CALLR-HmacSignature" not in headers
    assert headers["X-CALLR-EventId"] == hooks.told[0]["event_id"]

    assert await callr("webhooks.unsubscribe", begun["hash"]) is True
    assert await callr.error("webhooks.unsubscribe", begun["hash"]) == (151, "PROPERTY_VALUE_ERROR [hash]")
    await call(callr, hooks)
    assert sorted(event["type"] for event in hooks.told) == ["call.outbound_hangup"] * 2 + ["call.outbound_start"]


@pytest.mark.parametrize(
    ("options", "algorithm"),
    [({}, "sha256"), *(({"hmac_algo": name.upper()}, name) for name in ("md5", "sha1", "sha256", "sha512"))],
)
async def test_the_signature(callr: CallrClient, options: dict[str, str], algorithm: str) -> None:
    seen: list[tuple[str, bytes]] = []

    async def receive(request: web.Request) -> web.Response:
        seen.append((request.headers["X-CALLR-HmacSignature"], await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/", receive)
    async with TestServer(app) as receiver:
        url = str(receiver.make_url("/"))
        await callr("webhooks.subscribe", "did.assigned", url, {"hmac_secret": SECRET, **options})
        (did,) = await callr("apps.get_dids", True)
        await callr("apps.assign_did", await callr.realtime_app("http://x.example"), did["hash"])
        await callr.platform.idle()
    ((signature, body),) = seen
    assert base64.b64decode(signature) == hmac.new(SECRET.encode(), body, getattr(hashlib, algorithm)).digest()


@pytest.mark.parametrize(
    ("statuses", "tries"), [([500, 302, 204], 3), ([200], 1), ([404] * 9 + [200], 10), ([500] * 11, 10)]
)
async def test_it_is_told_again_until_it_is_taken(
    callr: CallrClient, hooks: Hooks, statuses: list[int], tries: int
) -> None:
    hooks.server.replies[TOLD] = list(statuses)
    await callr("webhooks.subscribe", "call.outbound_hangup", hooks.told_url, None)
    await call(callr, hooks)
    assert [event["try"] for event in hooks.told] == list(range(tries))
    assert len({event["event_id"] for event in hooks.told}) == 1
    assert [delivery.status for delivery in callr.platform.deliveries] == statuses[:tries]


async def test_a_redirect_is_not_followed(callr: CallrClient, hooks: Hooks) -> None:
    there = web.Response(status=307, headers={"Location": hooks.server.url + "/there"})
    hooks.server.replies[TOLD] = [there, {}]
    await callr("webhooks.subscribe", "call.outbound_hangup", hooks.told_url, None)
    await call(callr, hooks)
    assert [delivery.status for delivery in callr.platform.deliveries] == [307, 200]
    assert hooks.server.bodies("/there") == []


async def test_nobody_is_there_to_be_told(callr: CallrClient, hooks: Hooks, unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/"
    await callr("webhooks.subscribe", "call.outbound_start", url, None)
    await call(callr, hooks)
    assert [delivery.status for delivery in callr.platform.deliveries] == [None] * 10


async def test_inbound_calls_and_media(callr: CallrClient, hooks: Hooks) -> None:
    for type_ in ("call.inbound_start", "call.inbound_hangup", "media.library.status_update", "did.unassigned"):
        await callr("webhooks.subscribe", type_, hooks.told_url, None)
    (did,) = await callr("apps.get_dids", True)
    await callr("apps.assign_did", await callr.realtime_app(hooks.url), did["hash"])
    await callr.platform.call_in("+33123456789", "+33612345678")
    await callr.platform.idle()
    media = await callr("media/library.create", "x")
    await callr("media/tts.set_content", media, "Hi", "TTS_EN-GB_SERENA", None)
    await callr("apps.remove_did", did["hash"])
    await callr.platform.idle()
    told = {event["type"]: event["data"] for event in hooks.told}
    assert told["call.inbound_start"]["callid"] == told["call.inbound_hangup"]["callid"]
    assert told["call.inbound_hangup"]["hangupcause"] == 16
    assert (told["media.library.status_update"]["id"], told["did.unassigned"]["app"]) == (media, None)


REFUSED: dict[str, tuple[tuple[Any, ...], str]] = {
    "type": (("call.any", "http://a.example", None), "type"),
    "endpoint": (("sms.mo", "a.example", None), "endpoint"),
    "secret too short": (("sms.mo", "http://a.example", {"hmac_secret": "1234567"}), "options.hmac_secret"),
    "algorithm": (("sms.mo", "http://a.example", {"hmac_algo": "CRC32"}), "options.hmac_algo"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
async def test_a_subscription_is_refused(callr: CallrClient, case: tuple[tuple[Any, ...], str]) -> None:
    params, name = case
    assert await callr.error("webhooks.subscribe", *params) == (151, f"PROPERTY_VALUE_ERROR [{name}]")
    assert await callr("webhooks.get_list") == []
    assert "call.outbound_hangup" in await callr("webhooks.get_event_types")


async def test_what_still_runs_is_given_up_at_the_end(callr: CallrClient, hooks: Hooks) -> None:
    hooks.server.replies[TOLD] = [None]
    await callr("webhooks.subscribe", "call.outbound_start", hooks.told_url, None)
    await callr("calls.realtime", await callr.realtime_app(hooks.url), TARGET, None)
    await hooks.server.until_asked(TOLD)
    await callr.platform.close()
    assert callr.platform.deliveries == []

"""A call from the command line: where it posts, what it shows, and how it says that it cannot."""

import base64
from typing import Any, Literal

import pytest

from tests.emulators.callr_replies import HANG_UP, HELLO, command
from tests.emulators.plans import pause, plan, say
from tests.emulators.server import FakeServer
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.emulators.phone import CallNotPlaced, place_call
from voiceapp.emulators.transcript import Transcript

CarrierName = Literal["callr", "routee"]


async def place(url: str, carrier: CarrierName, show: Any = len, flow: str = "clinic") -> Transcript:
    return await place_call(
        url,
        carrier=carrier,
        flow=flow,
        caller=ScriptedCaller("1"),
        from_number="+33600000001",
        to_number="+33100000002",
        login="jo",
        password="pw",
        secret="s&c",
        show=show,
    )


async def test_as_callr(server: FakeServer) -> None:
    server.replies["/hooks/callr/clinic"] = [command("play", media_id=HELLO), HANG_UP]
    shown: list[str] = []
    transcript = await place(server.url + "/", "callr", shown.append)
    assert shown == transcript.text().splitlines()
    assert shown[:2] == ["rings      +33600000001 -> +33100000002", "hears      Hello"]
    first = server.asked[0]
    assert (first.body["cli_number"], first.body["number"]) == ("+33600000001", "+33100000002")
    assert first.headers["Authorization"] == "Basic " + base64.b64encode(b"jo:pw").decode()


async def test_as_routee(server: FakeServer) -> None:
    server.replies["/hooks/routee/clinic"] = [plan(say("Hello"), pause())]
    shown: list[str] = []
    await place(server.url, "routee", shown.append)
    assert shown[1:] == ["hears      Hello", "pause      5 s", "hangs up   server"]
    status, hook = "/hooks/routee/clinic/status", "/hooks/routee/clinic"
    assert [asked.path for asked in server.asked] == [status, hook, status, status]
    assert {asked.query["secret"] for asked in server.asked} == {"s&c"}
    assert "Authorization" not in server.asked[0].headers
    assert (server.asked[1].body["from"], server.asked[1].body["to"]) == ("+33600000001", "+33100000002")


@pytest.mark.parametrize("carrier", ["callr", "routee"])
@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "refuses the {carrier} credentials (HTTP 401): check login and secret"),
        (403, "refuses the {carrier} credentials (HTTP 403): check login and secret"),
        (404, "has no flow 'a/b' for {carrier} (HTTP 404)"),
    ],
)
async def test_a_server_that_does_not_take_the_call(
    server: FakeServer, carrier: CarrierName, status: int, said: str
) -> None:
    for path in ("", "/status"):
        server.replies[f"/hooks/{carrier}/a/b{path}"] = [status]
    shown: list[str] = []
    with pytest.raises(CallNotPlaced) as caught:
        await place(server.url, carrier, shown.append, flow="a/b")
    assert str(caught.value) == f"{server.url} {said.format(carrier=carrier)}"
    assert shown == []


@pytest.mark.parametrize("carrier", ["callr", "routee"])
@pytest.mark.parametrize("scheme", ["http://", ""])
async def test_no_server_there(carrier: CarrierName, scheme: str, unused_tcp_port: int) -> None:
    url = f"{scheme}127.0.0.1:{unused_tcp_port}"
    with pytest.raises(CallNotPlaced) as caught:
        await place(url, carrier)
    said = str(caught.value)
    assert said.startswith(f"no answer from {url} (no reply: ")
    assert "\n" not in said
    assert "s%26c" not in said

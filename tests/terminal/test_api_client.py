"""The API of a running server: what is asked again and what is not, and what is said of everything that fails."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.carriers.scripted import Asked, Cut, Late, Reply, Says, listening
from tests.faults.program import free_port
from tests.servers import API_KEY
from tests.terminal.conftest import Run, Scene
from voiceapp.errors import OperatorError
from voiceapp.settings import load
from voiceapp.terminal import api_client as module
from voiceapp.terminal.api_client import KEY_HEADER, ApiRefused, api_client


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSES", (0.0, 0.0))


def cut_first(times: int) -> Callable[[Asked], Reply]:
    left = [Cut()] * times
    return lambda _: left.pop() if left else Says({"id": "1"})


async def test_a_call_is_asked_for_again_under_the_same_key() -> None:
    async with listening(cut_first(2)) as (api, _), api_client(load(), api.url) as client:
        assert await client.post("/v1/calls", {"to": "x"}, key="k") == {"id": "1"}
    assert [(asked.method, asked.headers[KEY_HEADER], asked.json()) for asked in api.asked] == [
        ("POST", "k", {"to": "x"})
    ] * 3


async def test_what_has_no_key_is_sent_once() -> None:
    async with listening(cut_first(1)) as (api, _), api_client(load(), api.url) as client:
        with pytest.raises(OperatorError, match="it may have been done all the same"):
            await client.post("/v1/webhooks/1/resend")
    assert len(api.asked) == 1


async def test_looking_is_tried_again() -> None:
    async with listening(cut_first(9)) as (api, _), api_client(load(), api.url) as client:
        with pytest.raises(OperatorError, match="no server answers at http") as failed:
            await client.get("/v1/webhooks", {"call": "a b"})
    assert {asked.path for asked in api.asked} == {"/v1/webhooks?call=a+b"}
    assert len(api.asked) >= 3  # aiohttp itself asks once more on a connection that broke
    assert "all the same" not in str(failed.value)


async def test_an_answer_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.05)
    monkeypatch.setattr(module, "PAUSES", ())
    async with listening(lambda _: Late()) as (api, _), api_client(load(), api.url) as client:
        with pytest.raises(OperatorError, match="nothing came within"):
            await client.get("/v1/calls/1")


PROBLEM: dict[str, Any] = {"title": "Unprocessable Content", "detail": "all of it"}
FIELDS = [{"field": "to", "reason": "is missing"}, {"field": "at", "reason": "is no time"}]
CARRIER = [{"field": "carrier", "reason": "151: BAD"}]

REFUSED: dict[str, tuple[int, dict[str, Any], tuple[str, ...]]] = {
    "field by field": (422, {**PROBLEM, "errors": FIELDS}, ("to: is missing", "at: is no time")),
    "no fields": (404, PROBLEM, ("all of it",)),
    "no detail": (400, {"title": "Bad Request"}, ("Bad Request",)),
    "a cap": (429, {**PROBLEM, "errors": [{"field": "to", "reason": "enough"}]}, ("to: enough",)),
    "a carrier": (502, {**PROBLEM, "errors": CARRIER}, ("carrier: all of it",)),
    "of another shape": (400, {"errors": 5, "detail": 7}, ("7",)),
}


@pytest.mark.parametrize(("status", "problem", "lines"), REFUSED.values(), ids=REFUSED)
async def test_a_problem_is_told_field_by_field(
    status: int, problem: dict[str, Any], lines: tuple[str, ...]
) -> None:
    async with listening(lambda _: Says(problem, status)) as (api, _), api_client(load(), api.url) as client:
        with pytest.raises(ApiRefused) as refused:
            await client.post("/v1/calls", {}, key="k")
    assert (refused.value.lines, refused.value.call) == (lines, {})


NO_USE: dict[str, tuple[Reply, str]] = {
    "no JSON": (Says(b"<html>"), r"is no API of voiceapp: its answer \(HTTP 200\) is no JSON object"),
    "no object": (Says([1]), "is no JSON object"),
    "no text": (Says(b"\xff", 500), r"\(HTTP 500\)"),
    "a redirection": (Says(b"", 302, {"Location": "http://127.0.0.1/"}), r"\(HTTP 302\)"),
    "a fault of ours": (Says({"detail": "internal error e1"}, 500), "cannot do it now: internal error e1"),
    "too many guesses": (Says({"detail": "Too Many Requests"}, 429), "cannot do it now: Too Many"),
    "no key": (Says({"detail": "Unauthorized"}, 401), "wants a key: set VOICEAPP_API_KEYS"),
}


@pytest.mark.parametrize(("reply", "words"), NO_USE.values(), ids=NO_USE)
async def test_an_answer_of_no_use(reply: Reply, words: str) -> None:
    async with listening(lambda _: reply) as (api, _), api_client(load(), api.url) as client:
        with pytest.raises(OperatorError, match=words):
            await client.get("/v1/calls/1")


@pytest.mark.parametrize("url", ["nowhere", "ftp://x", "http://", "http://[x", "http://me@x", "http://x?y=1"])
async def test_a_url_that_is_none(run: Run, url: str) -> None:
    assert await run("webhooks", "--url", url) == (
        2,
        [],
        ["--url: not an http or https URL of a server, as in http://127.0.0.1:8080"],
    )


async def test_nobody_is_there(run: Run) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    for arguments in (("dial", "hello", "+33612345678"), ("webhooks",), ("webhooks", "--resend", "1")):
        ran = await run(*arguments, "--url", url)
        assert (ran.code, ran.out) == (2, [])
        assert ran.err == [
            f"no server answers at {url}: Connection refused; "
            "start one with `voiceapp serve`, or name another with --url"
        ]


async def test_the_server_is_where_the_settings_would_let_it_listen(run: Run) -> None:
    async with listening(lambda _: Says({"webhooks": []})) as (api, _):
        port = api.url.rpartition(":")[2]
        assert (await run("webhooks", port=port)).code == 0
    assert len(api.asked) == 1


async def test_keys(run: Run, scene: Scene) -> None:
    async with scene(api_keys=(API_KEY,)) as served:
        without = await run("webhooks", "--url", served.url)
        wrong = await run("webhooks", "--url", served.url, api_keys="another-key-of-the-api")
        right = await run("webhooks", "--url", served.url, api_keys=f"{API_KEY},another-key-of-the-api")
    assert (without.code, wrong.code, right.code) == (2, 2, 0)
    assert without.err == [f"the server at {served.url} wants a key: set VOICEAPP_API_KEYS to the server's"]
    assert wrong.err == [
        f"the server at {served.url} does not take the first key of VOICEAPP_API_KEYS: give it the server's"
    ]

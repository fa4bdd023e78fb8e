"""Routee's API: exactly what is asked of it, how often, and what each kind of answer proves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from msgspec.structs import replace

from tests.carriers.scripted import Api, Asked, Cut, Late, Reply, Says, listening
from voiceapp.carriers.platform import Credit, Found, Number, Placement, Platform
from voiceapp.carriers.routee.client import RouteePlatform
from voiceapp.carriers.routee.conversations import Leg
from voiceapp.carriers.routee.rest import Access
from voiceapp.carriers.routee.verbs import RouteeOptions
from voiceapp.errors import PlatformError
from voiceapp.exchange import Answer, Request

PUBLIC = "https://voice.example.org"
OPTIONS = RouteeOptions(public_url=PUBLIC, secret="s&canary")
HOOK = f"{PUBLIC}/hooks/routee/survey"
SECRET = "secret=s%26canary"
ATTEMPT = "0123456789abcdef0123456789abcdef"
PLACEMENT = Placement(attempt=ATTEMPT, flow="survey", to="+306948000000")
PLACE, TOKEN = "POST /voice/conversation", "POST /oauth/token"
REF, LEG = "666e3777-f32a-4350-996b-364018d457b5", "me66d22e-dc10-48de-b696-45f63c6d0aad"
SINCE, UNTIL = datetime(2026, 1, 9, 17, tzinfo=UTC), datetime(2026, 1, 9, 19, tzinfo=timezone(timedelta(hours=1)))

Script = Mapping[str, Reply | Sequence[Reply] | Callable[[Asked], Reply]]
"""By method and path, without the query; a list is used up, one by one."""


class Tokens(NamedTuple):
    """Tells tokens apart: T1, T2, …; an answer of ours in place of a number of them."""

    replies: list[Reply]

    def reply(self, count: int) -> Reply:
        if self.replies:
            return self.replies.pop(0)
        return Says({"access_token": f"canary-T{count}", "token_type": "Bearer", "expires_in": 3600})


class Clock:
    """Seconds that go on when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


Start = Callable[..., Awaitable[tuple[Api, RouteePlatform]]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def start(clock: Clock) -> AsyncIterator[Start]:
    """Start an API that answers by a script, and a client of it."""
    async with AsyncExitStack() as stack:

        async def started(
            script: Script,
            *,
            tokens: Sequence[Reply] = (),
            sender: str = "+302100000000",
            options: RouteeOptions = OPTIONS,
        ) -> tuple[Api, RouteePlatform]:
            left = {what: list(given) if isinstance(given, list) else given for what, given in script.items()}
            issued = Tokens(list(tokens))
            count = [0]

            def answer(asked: Asked) -> Reply:
                what = f"{asked.method} {urlsplit(asked.path).path}"
                if what == TOKEN:
                    count[0] += 1
                    return issued.reply(count[0])
                given = left[what]
                found: Any = given.pop(0) if isinstance(given, list) else given
                reply: Reply = found(asked) if callable(found) else found
                return reply

            api, session = await stack.enter_async_context(listening(answer, [*script.values(), *tokens]))
            access = Access("app", "key-canary", api_url=api.url, auth_url=f"{api.url}/")
            lock = asyncio.Lock()
            return api, RouteePlatform(session.send, access, options, lock=lock, now=clock, sender=sender)

        yield started


def what(asked: Asked) -> str:
    return f"{asked.method} {asked.path}"


def asked_for(api: Api) -> list[str]:
    """Everything but the tokens."""
    return [what(asked) for asked in api.asked if what(asked) != TOKEN]


def placed(api: Api) -> list[Asked]:
    return [asked for asked in api.asked if what(asked) == PLACE]


def bearers(api: Api) -> list[str]:
    return [asked.headers["Authorization"] for asked in api.asked if what(asked) != TOKEN]


PLACED = Says({"trackingId": REF, "direction": "Outbound"})
BODY = {
    "from": "+302100000000",
    "to": {"phone": "+306948000000"},
    "dialPlanUrl": f"{HOOK}?{SECRET}&attempt={ATTEMPT}",
    "callback": {"url": f"{HOOK}/status?{SECRET}&attempt={ATTEMPT}", "strategy": "OnChange"},
    "hangupDelay": 30,
}


async def test_a_token_then_a_call(start: Start) -> None:
    api, routee = await start({PLACE: PLACED})
    checked: Platform = routee
    assert await checked.place(PLACEMENT) == REF
    token, call = api.asked
    assert (what(token), token.body) == (TOKEN, b"grant_type=client_credentials")
    assert token.headers["Authorization"] == "Basic YXBwOmtleS1jYW5hcnk="
    assert token.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert what(call) == PLACE
    assert call.headers["Authorization"] == "Bearer canary-T1"
    assert call.headers["Content-Type"] == "application/json"
    assert call.json() == BODY


MACHINE = f"{HOOK}/machine?{SECRET}&attempt={ATTEMPT}"
PLACEMENTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a number shown": ({"shown": "+302109999999"}, {"from": "+302109999999"}),
    "sip": ({"to": "sip:1111@test.com:55080"}, {"to": {"sip": "1111@test.com:55080"}}),
    "too short": ({"ring": 0}, {"hangupDelay": 1}),
    "too long": ({"ring": 90}, {"hangupDelay": 60}),
    "a longest time": ({"max_seconds": 600}, {"maxDuration": 600}),
    "hang up on a machine": ({"machine": "hang_up"}, {"machineDetection": {"strategy": "Hangup"}}),
    "speak to a machine": (
        {"machine": "continue"},
        {"machineDetection": {"strategy": "Continue", "eventUrl": MACHINE}},
    ),
}


@pytest.mark.parametrize(("given", "body"), PLACEMENTS.values(), ids=PLACEMENTS)
async def test_a_placement(start: Start, given: dict[str, Any], body: dict[str, Any]) -> None:
    api, routee = await start({PLACE: PLACED})
    await routee.place(replace(PLACEMENT, **given))
    assert placed(api)[0].json() == BODY | body


async def test_without_a_secret(start: Start) -> None:
    api, routee = await start({PLACE: PLACED}, options=RouteeOptions(public_url=PUBLIC))
    await routee.place(PLACEMENT)
    assert placed(api)[0].json()["dialPlanUrl"] == f"{HOOK}?attempt={ATTEMPT}"


@pytest.mark.parametrize(
    ("shown", "sender", "code"), [("", "", "no_sender"), ("hidden", "+30210", "no_hidden_number")]
)
async def test_what_routee_cannot_show(start: Start, shown: str, sender: str, code: str) -> None:
    api, routee = await start({}, sender=sender)
    with pytest.raises(PlatformError) as refused:
        await routee.place(replace(PLACEMENT, shown=shown))
    assert (refused.value.code, refused.value.unclear, api.asked) == (code, False, [])


class Proof(NamedTuple):
    """What an error says."""

    code: str = ""
    status: int = 0
    unclear: bool = False
    retry_after: float | None = None
    words: str = ""


def error(status: int, code: str = "400013000", message: str = "no", **headers: str) -> Says:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Says({"code": code, "developerMessage": message}, status, given)


QUOTED = f"bad {HOOK}?{SECRET} of s&canary, Bearer canary-T1"
HIDDEN = f"bad {HOOK}?secret=… of …, Bearer …"
ERRORS: dict[str, tuple[Reply, Proof]] = {
    "refused": (error(400), Proof("400013000", 400, words="no")),
    "tells secrets": (error(400, message=QUOTED), Proof("400013000", 400, words=HIDDEN)),
    "many lines": (error(400, message="a\r\n b" + "x" * 999), Proof("400013000", 400, words="a bxxx")),
    "a code that is a number": (Says({"code": 400013001}, 400), Proof("400013001", 400, words="Bad Request")),
    "not found": (Says(b"", 404), Proof("404", 404, words="Not Found")),
    "conflict": (error(409), Proof("400013000", 409)),
    "too many": (error(429, Retry_After="3"), Proof("400013000", 429, retry_after=3.0)),
    "500": (error(500, "500000000"), Proof("500000000", 500, unclear=True)),
    "502 of a proxy": (Says(b"<html>", 502), Proof("502", 502, unclear=True)),
    "a redirect": (Says(b"", 301, {"Location": "/"}), Proof("301", 301, unclear=True)),
    "garbage": (Says(b"<html>"), Proof("unreadable", 200, unclear=True)),
    "no id": (Says({"direction": "Outbound"}), Proof("unreadable", 200, unclear=True)),
    "null": (Says({"trackingId": None}), Proof("unreadable", 200, unclear=True)),
    "cut": (Cut(), Proof(unclear=True, words="connection broken")),
    "late": (Late(), Proof(unclear=True, words="timed out")),
}


@pytest.mark.parametrize(("answer", "proof"), ERRORS.values(), ids=ERRORS)
async def test_what_an_answer_proves(start: Start, answer: Reply, proof: Proof) -> None:
    api, routee = await start({PLACE: answer})
    with pytest.raises(PlatformError) as failed:
        await routee.place(PLACEMENT)
    told = failed.value
    assert Proof(told.code, told.status, told.unclear, told.retry_after, proof.words) == proof
    assert proof.words in told.message
    assert "canary" not in str(told)
    assert len(str(told)) < 400
    assert len(placed(api)) == 1, "a call is never placed twice"


async def test_a_connection_that_breaks_before_the_body_is_read(start: Start) -> None:
    api, routee = await start({"GET /accounts/me/balance": Says({})})
    await routee.credit()
    api.deaf = True
    with pytest.raises(PlatformError, match="connection broken") as failed:
        await routee.place(PLACEMENT)
    assert (failed.value.unclear, len(placed(api))) == (True, 1)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_token_that_is_not_taken_is_renewed_once(start: Start, status: int) -> None:
    api, routee = await start({PLACE: [error(status), PLACED, PLACED]})
    assert await routee.place(PLACEMENT) == REF
    assert bearers(api) == ["Bearer canary-T1", "Bearer canary-T2"]
    assert [asked.json() for asked in placed(api)] == [BODY, BODY]
    await routee.place(PLACEMENT)
    assert bearers(api)[2:] == ["Bearer canary-T2"]


@pytest.mark.parametrize(
    ("second", "code", "unclear"),
    [(error(403, "403000000"), "403000000", False), (error(500, "5"), "5", True), (Cut(), "", True)],
)
async def test_only_once(start: Start, second: Reply, code: str, unclear: bool) -> None:
    api, routee = await start({PLACE: [error(401), second]})
    with pytest.raises(PlatformError) as failed:
        await routee.place(PLACEMENT)
    assert (failed.value.code, failed.value.unclear) == (code, unclear)
    assert len(placed(api)) == 2


TOKEN_ERRORS: dict[str, tuple[Reply, str, str]] = {
    "unknown application": (
        Says({"error": "Unauthorized", "message": "Bad credentials"}, 401),
        "Unauthorized",
        "Bad",
    ),
    "OAuth": (Says({"error": "invalid_scope", "error_description": "key-canary?"}, 400), "invalid_scope", "…?"),
    "bare": (Says(b"", 500), "500", "Internal Server Error"),
    "no token": (Says({"expires_in": 3600}), "unreadable", "token"),
    "garbage": (Says(b"<html>"), "unreadable", "token"),
    "cut": (Cut(), "", "connection broken"),
    "late": (Late(), "", "timed out"),
}


@pytest.mark.parametrize(("answer", "code", "words"), TOKEN_ERRORS.values(), ids=TOKEN_ERRORS)
async def test_without_a_token_nothing_was_done(start: Start, answer: Reply, code: str, words: str) -> None:
    api, routee = await start({PLACE: PLACED}, tokens=[answer])
    with pytest.raises(PlatformError) as failed:
        await routee.place(PLACEMENT)
    assert (failed.value.code, failed.value.unclear) == (code, False)
    assert words in failed.value.message
    assert "canary" not in str(failed.value)
    assert placed(api) == []
    assert await routee.place(PLACEMENT) == REF, "the next one tries again"


LIVES: dict[str, tuple[Any, float, int]] = {
    "an hour, early": (3600, 3539.0, 1),
    "an hour, shortly before": (3600, 3541.0, 2),
    "as text": ("3600", 3541.0, 2),
    "not told": (None, 3541.0, 2),
    "short, early": (100, 89.0, 1),
    "short, shortly before": (100, 91.0, 2),
    "for ever": (631139040, 600_000_000.0, 1),
}


@pytest.mark.parametrize(("told", "later", "tokens"), LIVES.values(), ids=LIVES)
async def test_how_long_a_token_is_kept(start: Start, clock: Clock, told: Any, later: float, tokens: int) -> None:
    given = Says({"access_token": "canary-short", "expires_in": told})
    api, routee = await start({PLACE: PLACED}, tokens=[given])
    await routee.place(PLACEMENT)
    clock.now += later
    await routee.place(PLACEMENT)
    assert [what(asked) for asked in api.asked].count(TOKEN) == tokens


async def test_many_share_one_token(start: Start) -> None:
    api, routee = await start({PLACE: PLACED})
    await asyncio.gather(*(routee.place(PLACEMENT) for _ in range(20)))
    assert what(api.asked[0]) == TOKEN
    assert bearers(api) == ["Bearer canary-T1"] * 20
    assert len(api.asked) == 21


async def test_many_share_one_renewal(start: Start) -> None:
    taken = {"Bearer canary-T1", "Bearer canary-T2"}
    api, routee = await start(
        {PLACE: lambda asked: PLACED if asked.headers["Authorization"] in taken else error(401)}
    )
    await routee.place(PLACEMENT)
    taken.remove("Bearer canary-T1")
    await asyncio.gather(*(routee.place(PLACEMENT) for _ in range(10)))
    assert [what(asked) for asked in api.asked].count(TOKEN) == 2
    assert sorted(bearers(api)) == ["Bearer canary-T1"] * 11 + ["Bearer canary-T2"] * 10


async def test_many_share_one_failure(start: Start) -> None:
    api, routee = await start({PLACE: PLACED}, tokens=[Says(b"", 503)])
    done = await asyncio.gather(*(routee.place(PLACEMENT) for _ in range(10)), return_exceptions=True)
    assert [one.status for one in done if isinstance(one, PlatformError)] == [503] * 10
    assert len(api.asked) == 1


async def test_when_the_one_who_fetches_gives_up_the_next_fetches() -> None:
    tokens, first_asks = 0, asyncio.Event()

    async def send(request: Request) -> Answer:
        nonlocal tokens
        if not request.url.endswith("/oauth/token"):
            return Answer(status=200, body=b'{"trackingId":"R"}')
        tokens += 1
        first_asks.set()
        if tokens == 1:
            await asyncio.Event().wait()
        return Answer(status=200, body=b'{"access_token":"T"}')

    routee = RouteePlatform(send, Access("a", "b"), OPTIONS, lock=asyncio.Lock(), now=lambda: 0.0, sender="x")
    first, second = (asyncio.create_task(routee.place(PLACEMENT)) for _ in range(2))
    await first_asks.wait()
    first.cancel()
    assert await second == "R"
    assert tokens == 2
    await asyncio.gather(first, return_exceptions=True)


async def test_a_token_is_not_dropped_for_an_older_one() -> None:
    tokens, asked = iter(["T1", "T2"]), asyncio.Event()
    refused = asyncio.Event()

    async def send(request: Request) -> Answer:
        if request.url.endswith("/oauth/token"):
            return Answer(status=200, body=msgspec.json.encode({"access_token": next(tokens)}))
        if request.headers["Authorization"] == "Bearer T2":
            return Answer(status=200, body=b'{"trackingId":"R"}')
        if not asked.is_set():
            asked.set()
            await refused.wait()
        return Answer(status=401)

    routee = RouteePlatform(send, Access("a", "b"), OPTIONS, lock=asyncio.Lock(), now=lambda: 0.0, sender="x")
    slow = asyncio.create_task(routee.place(PLACEMENT))
    await asked.wait()
    assert await routee.place(PLACEMENT) == "R"
    refused.set()
    assert await slow == "R"


def leg(conversation: str, status: str = "Completed", *, ref: str = LEG, **more: Any) -> dict[str, Any]:
    """A leg as tracking shows it."""
    base = {
        "messageId": ref,
        "conversationTrackingId": conversation,
        "to": "306948000000",
        "duration": 61,
        "price": 0.02,
    }
    return {**base, "status": {"status": status, "date": "2026-01-09T17:29:00Z"}, **more}


def page(*items: dict[str, Any]) -> Says:
    return Says({"content": list(items), "last": True})


def conversation(ref: str, url: str) -> Says:
    return Says({"trackingId": ref, "dialPlanUrl": url})


TRACKING = "POST /voice/tracking"
OURS, THEIRS = f"{HOOK}?{SECRET}&attempt={ATTEMPT}", f"{HOOK}?{SECRET}&attempt={'f' * 32}"
FOUND = Found(ref="C2", call_ref="C2", outcome="answered", seconds=61.0, price=0.02, cause="Completed")
TRACKS: dict[str, tuple[Says, dict[str, str | None], Found | None]] = {
    "none": (page(), {}, None),
    "others": (page(leg("C1"), leg("C2")), {"C1": THEIRS, "C2": f"https://x.example/{ATTEMPT}"}, None),
    "the second": (page(leg("C1"), leg("C1", ref="L2"), leg("C2")), {"C1": THEIRS, "C2": OURS}, FOUND),
    "without a conversation": (page(leg(""), {}, leg("C2")), {"C2": OURS}, FOUND),
    "unknown by now": (page(leg("C1"), leg("C2")), {"C1": None, "C2": OURS}, FOUND),
    "two legs": (page(leg("C2"), leg("C2", "Busy", ref="L2")), {"C2": OURS}, FOUND),
    "an array": (Says([leg("C2")]), {"C2": OURS}, FOUND),
    "little told": (
        page({"messageId": LEG, "conversationTrackingId": "C2", "status": "Ringing"}),
        {"C2": OURS},
        replace(FOUND, outcome="under_way", seconds=None, price=None, cause="Ringing"),
    ),
    **{
        status: (page(leg("C2", status)), {"C2": OURS}, replace(FOUND, outcome=outcome, cause=status))
        for status, outcome in {
            "Queued": "under_way",
            "Initiated": "under_way",
            "Ringing": "under_way",
            "InProgress": "under_way",
            "Unknown": "under_way",
            "NewWord": "under_way",
            "Terminated": "answered",
            "Busy": "busy",
            "NoAnswer": "no_answer",
            "Failed": "failed",
            "Unsent": "failed",
        }.items()
    },
}


@pytest.mark.parametrize(("tracked", "urls", "found"), TRACKS.values(), ids=TRACKS)
async def test_an_attempt_is_found_again(
    start: Start, tracked: Says, urls: dict[str, str | None], found: Found | None
) -> None:
    details = {
        f"GET /voice/conversation/{ref}": error(404) if url is None else conversation(ref, url)
        for ref, url in urls.items()
    }
    api, routee = await start({TRACKING: tracked, **details})
    assert await routee.find(PLACEMENT, SINCE, UNTIL) == found
    search, *looked = [asked for asked in api.asked if what(asked) != TOKEN]
    assert parse_qs(urlsplit(search.path).query) == {
        "from": ["2026-01-09T17:00:00Z"],
        "to": ["2026-01-09T18:00:00Z"],
        "page": ["0"],
        "size": ["100"],
    }
    assert search.json() == [{"fieldName": "recipient", "searchOperator": "is", "searchTerm": "+306948000000"}]
    assert [what(asked) for asked in looked] == list(details)


async def test_an_attempt_on_the_second_page(start: Start) -> None:
    full = page(*(leg("") for _ in range(100)))
    details = {"GET /voice/conversation/C2": conversation("C2", OURS)}
    api, routee = await start({TRACKING: [full, page(leg("C2"))], **details})
    assert (
        await routee.find(replace(PLACEMENT, to="sip:a@b.example"), SINCE, UNTIL + timedelta(microseconds=1))
        == FOUND
    )
    assert parse_qs(urlsplit(api.asked[1].path).query)["to"] == ["2026-01-09T18:00:01Z"]
    pages = [parse_qs(urlsplit(asked.path).query)["page"] for asked in api.asked if "tracking" in asked.path]
    assert pages == [["0"], ["1"]]
    assert api.asked[1].json()[0]["searchTerm"] == "a@b.example"


@pytest.mark.parametrize("answer", [error(500), Cut(), Says(b"<html>"), Says({"content": None})])
async def test_looking_is_never_unclear(start: Start, answer: Reply) -> None:
    _, routee = await start({TRACKING: answer})
    with pytest.raises(PlatformError) as failed:
        await routee.find(PLACEMENT, SINCE, UNTIL)
    assert not failed.value.unclear


LEGS = f"GET /voice/tracking/conversation/{REF}"
HANG_UPS: dict[str, tuple[Script, list[tuple[str, str]], str]] = {
    "talking": ({LEGS: page(leg(REF, "InProgress", ref="L1"))}, [("L1", "hangup")], ""),
    "ringing": ({LEGS: page(leg(REF, "Ringing", ref="L1"))}, [("L1", "reject")], ""),
    "queued": ({LEGS: page(leg(REF, "Initiated", ref="L1"))}, [("L1", "reject")], ""),
    "over": ({LEGS: page(leg(REF, "Completed", ref="L1"))}, [], ""),
    "both": (
        {LEGS: page(leg(REF, "InProgress", ref="L1"), leg(REF, "InProgress", ref="L2"))},
        [("L1", "hangup"), ("L2", "hangup")],
        "",
    ),
    "both, one ends the other": (
        {
            LEGS: page(leg(REF, "InProgress", ref="L1"), leg(REF, "InProgress", ref="L2")),
            "PUT /voice/conversation/L2": error(404),
        },
        [("L1", "hangup"), ("L2", "hangup")],
        "",
    ),
    "refused": (
        {LEGS: page(leg(REF, "InProgress", ref="L1")), "PUT /voice/conversation/L1": error(400)},
        [("L1", "hangup")],
        "400013000",
    ),
    "a leg's id": (
        {LEGS: error(404), f"GET /voice/tracking/{REF}": Says(leg("C", "InProgress", ref=REF))},
        [(REF, "hangup")],
        "",
    ),
    "no legs": (
        {LEGS: page(), f"GET /voice/tracking/{REF}": Says(leg("C", "Ringing", ref=REF))},
        [(REF, "reject")],
        "",
    ),
    "nobody": ({LEGS: error(404), f"GET /voice/tracking/{REF}": error(404, "404013000")}, [], "404013000"),
}


@pytest.mark.parametrize(("script", "done", "code"), HANG_UPS.values(), ids=HANG_UPS)
async def test_hanging_up(start: Start, script: Script, done: list[tuple[str, str]], code: str) -> None:
    ends = {f"PUT /voice/conversation/{ref}": Says({"messageId": ref}) for ref, _ in done}
    api, routee = await start({**ends, **script})
    if code:
        with pytest.raises(PlatformError) as failed:
            await routee.hang_up(REF)
        assert failed.value.code == code
    else:
        await routee.hang_up(REF)
    put = [(asked.path.rpartition("/")[2], asked.json()) for asked in api.asked if asked.method == "PUT"]
    assert put == [(ref, {"action": action}) for ref, action in done]


CONTROLS: dict[str, tuple[Callable[[RouteePlatform], Awaitable[None]], str, Any]] = {
    "transfer": (
        lambda routee: routee.conversations.transfer("L", sender="+1", to="+2"),
        "POST /voice/conversation/L/transfer",
        {"from": "+1", "to": {"phone": "+2"}},
    ),
    "transfer, all told": (
        lambda routee: routee.conversations.transfer(
            "L", sender="+1", to="sip:a@b", ring=20, max_seconds=60, status_url="https://x.example"
        ),
        "POST /voice/conversation/L/transfer",
        {
            "from": "+1",
            "to": {"sip": "a@b"},
            "hangupDelay": 20,
            "maxDuration": 60,
            "callback": {"url": "https://x.example", "strategy": "OnChange"},
        },
    ),
    "talk": (
        lambda routee: routee.conversations.talk("L", "hi", language="en-GB"),
        "POST /voice/conversation/L/talk",
        {"text": "hi", "language": "en-GB", "multiplex": False},
    ),
    "talk, all told": (
        lambda routee: routee.conversations.talk("L", "hi", language="en-GB", gender="male", mixed=True),
        "POST /voice/conversation/L/talk",
        {"text": "hi", "language": "en-GB", "gender": "male", "multiplex": True},
    ),
    "stop talking": (
        lambda routee: routee.conversations.stop_talk("L"),
        "DELETE /voice/conversation/L/talk",
        None,
    ),
    "tones": (
        lambda routee: routee.conversations.dtmf("L", "1w2#"),
        "POST /voice/conversation/L/dtmf",
        {"dtmf": "1w2#"},
    ),
    "play": (
        lambda routee: routee.conversations.play("L", "https://x.example/a.wav", mixed=True),
        "POST /voice/conversation/L/file",
        {"fileURL": "https://x.example/a.wav", "multiplex": True},
    ),
    "stop playing": (
        lambda routee: routee.conversations.stop_play("L"),
        "DELETE /voice/conversation/L/file",
        None,
    ),
    "record": (
        lambda routee: routee.conversations.record("L", max_seconds=60, format_="WAV"),
        "POST /voice/conversation/L/record",
        {"duration": 60, "format": "WAV"},
    ),
    "record on": (
        lambda routee: routee.conversations.record("L"),
        "POST /voice/conversation/L/record",
        {"format": "MP3"},
    ),
    "stop recording": (
        lambda routee: routee.conversations.stop_record("L"),
        "DELETE /voice/conversation/L/record",
        None,
    ),
    "a strange id": (
        lambda routee: routee.conversations.hang_up("a/../b?c"),
        "PUT /voice/conversation/a%2F..%2Fb%3Fc",
        {"action": "hangup"},
    ),
}


@pytest.mark.parametrize(("control", "request_", "body"), CONTROLS.values(), ids=CONTROLS)
async def test_controlling_a_call(
    start: Start, control: Callable[[RouteePlatform], Awaitable[None]], request_: str, body: Any
) -> None:
    answers: list[Reply] = [Says(b"", 204), error(400), Cut()]
    api, routee = await start({request_: answers})
    await control(routee)
    asked = api.asked[-1]
    assert what(asked) == request_
    assert (asked.json() if asked.body else None) == body
    with pytest.raises(PlatformError) as refused:
        await control(routee)
    assert not refused.value.unclear


async def test_tones_that_are_none(start: Start) -> None:
    api, routee = await start({})
    with pytest.raises(PlatformError, match="sends the tones"):
        await routee.conversations.dtmf(LEG, "12 3")
    assert api.asked == []


async def test_one_leg_and_a_recording(start: Start) -> None:
    api, routee = await start({f"GET /voice/tracking/{LEG}": Says(leg(REF, answeredBy="MACHINE"))})
    expected = Leg(
        ref=LEG,
        conversation=REF,
        to="+306948000000",
        status="Completed",
        seconds=61.0,
        price=0.02,
        answered_by="MACHINE",
    )
    assert await routee.conversations.leg(LEG) == expected
    assert routee.conversations.recording_url("a/b") == f"{api.url}/recordings/my/downloads/a%2Fb"


BALANCES: dict[str, tuple[Any, Credit]] = {
    "currency by code": ({"balance": 12.5, "currency": {"code": "EUR", "name": "Euro"}}, Credit(12.5, "EUR")),
    "currency as text": ({"balance": "12.50", "currency": "EUR"}, Credit(12.5, "EUR")),
    "other names": ({"amount": 3, "currencyCode": "USD"}, Credit(3.0, "USD")),
    "a bare number": (7, Credit(7.0)),
    "not told": ({"x": 1}, Credit(None)),
    "no finite number": ({"balance": "inf", "currency": 3}, Credit(None)),
}


@pytest.mark.parametrize(("said", "credit"), BALANCES.values(), ids=BALANCES)
async def test_credit(start: Start, said: Any, credit: Credit) -> None:
    api, routee = await start({"GET /accounts/me/balance": Says(said)})
    assert await routee.credit() == credit
    assert asked_for(api) == ["GET /accounts/me/balance"]


NUMBERS = "GET /numbers/my"
URL, STATUS = f"{HOOK}?{SECRET}", f"{HOOK}/status?{SECRET}"


def rented(msisdn: str, plan: str = "", status: str = "", **more: Any) -> dict[str, Any]:
    strategy = {"dialplanUrl": plan} if plan else None
    return {"msisdn": msisdn, "voiceInboundStrategy": strategy, "inboundVoiceCallbackUrl": status or None, **more}


async def test_numbers(start: Start) -> None:
    content = [
        rented("+302101", URL, STATUS),
        rented("302102000", "https://far.example.org/x?key=canary"),
        rented("+302103", voiceInboundStrategy={"forwardCallTo": "+302109"}),
        rented("+302104"),
        {},
    ]
    full = [rented(f"+3021{at:05}") for at in range(100)]
    api, routee = await start({NUMBERS: [page(*full), page(*content)]})
    assert (await routee.numbers())[100:] == (
        Number(number="+302101", points_to=HOOK, ours=True),
        Number(number="+302102000", points_to="https://far.example.org/x", ours=False),
        Number(number="+302103", points_to="+302109", ours=False),
        Number(number="+302104", points_to="", ours=False),
    )
    assert asked_for(api) == [f"{NUMBERS}?page=0&size=100", f"{NUMBERS}?page=1&size=100"]


POINTED = {"voiceInboundStrategy": {"dialplanUrl": URL}, "inboundVoiceCallbackUrl": STATUS}
SMS = "https://sms.example.org/?key=canary"
CONNECTIONS: dict[str, tuple[dict[str, Any], dict[str, Any] | None, str]] = {
    "all is well": (rented("+302101", URL, STATUS), None, ""),
    "new": (rented("302101000"), POINTED, "."),
    "no status": (rented("+302101", URL), POINTED, f" instead of {HOOK}."),
    "another flow": (rented("+302101", URL.replace("survey", "menu"), STATUS), POINTED, "/hooks/routee/menu."),
    "an old secret": (rented("+302101", f"{HOOK}?secret=old-canary", STATUS), POINTED, f" instead of {HOOK}."),
    "forwarded": (rented("+302101", voiceInboundStrategy={"forwardCallTo": "+30"}), POINTED, " instead of +30."),
    "has SMS": (rented("+302101", inboundSmsCallbackUrl=SMS), POINTED | {"inboundSmsCallbackUrl": SMS}, "."),
}


@pytest.mark.parametrize(("number", "body", "ends"), CONNECTIONS.values(), ids=CONNECTIONS)
async def test_connecting(start: Start, number: dict[str, Any], body: dict[str, Any] | None, ends: str) -> None:
    bare = number["msisdn"].removeprefix("+")
    put = f"PUT /numbers/my/{bare}"
    api, routee = await start({NUMBERS: page(rented("+309"), number), put: Says(number)})
    changes = await routee.changes("survey", f"+{bare}")
    assert [asked.method for asked in api.asked] == ["POST", "GET"]
    api.asked.clear()
    await routee.make(changes)
    if body is None:
        assert (changes, api.asked) == ((), [])
        return
    assert [(what(asked), asked.json()) for asked in api.asked] == [(put, body)]
    (change,) = changes
    assert change.what.startswith(f"Let +{bare} ask {HOOK} for its plan")
    assert change.what.endswith(ends)
    assert "canary" not in change.what + "".join(change.request)
    assert change.request[0] == f"PUT {api.url}/numbers/my/{bare}"
    assert msgspec.json.decode(change.request[1])["voiceInboundStrategy"] == {"dialplanUrl": f"{HOOK}?secret=…"}


async def test_calls_out_need_no_change(start: Start) -> None:
    api, routee = await start({})
    assert await routee.changes("survey", None) == ()
    assert api.asked == []


async def test_a_number_of_somebody_else(start: Start) -> None:
    _, routee = await start({NUMBERS: page()})
    with pytest.raises(PlatformError, match=r"no number \+302101"):
        await routee.changes("survey", "+302101")

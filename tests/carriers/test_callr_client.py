"""CALLR's API: exactly what is asked of it, how often, and what each kind of answer proves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from tests.carriers.scripted import Api, Asked, Cut, Late, Reply, Says, listening
from voiceapp.carriers.callr.account import Cdr, Webhook
from voiceapp.carriers.callr.apps import App, Did
from voiceapp.carriers.callr.calls import Target
from voiceapp.carriers.callr.click_to_call import ClickStatus, Side
from voiceapp.carriers.callr.client import CallrPlatform
from voiceapp.carriers.callr.connecting import Hooks
from voiceapp.carriers.callr.media import Voice
from voiceapp.carriers.callr.rpc import ApiKey, Basic, Credentials, Session
from voiceapp.carriers.platform import Credit, Found, Number, Placement, Platform
from voiceapp.errors import PlatformError

PUBLIC = "https://voice.example.org"
HOOK = f"{PUBLIC}/hooks/callr/survey"
HOOKS = Hooks(PUBLIC, "callr", "hook-canary")
ME = Basic("me", "canary")
ATTEMPT = "0123456789abcdef0123456789abcdef"
PLACEMENT = Placement(attempt=ATTEMPT, flow="survey", to="+33612345678")
SINCE, UNTIL = datetime(2026, 1, 9, 17, tzinfo=UTC), datetime(2026, 1, 9, 18, tzinfo=timezone(timedelta(hours=1)))


class Result(NamedTuple):
    """A result, in the envelope of JSON-RPC."""

    value: Any


class Refused(NamedTuple):
    """An error, in the envelope of JSON-RPC."""

    code: int
    message: str
    data: Any = None


Answer = Result | Refused | Reply
Script = Mapping[str, Answer | Sequence[Answer]]
"""By method; a list is used up, one by one."""


def scripted(script: Script) -> Callable[[Asked], Reply]:
    """Answers by method."""
    left = {method: list(given) if isinstance(given, list) else given for method, given in script.items()}

    def answer(asked: Asked) -> Reply:
        call = asked.json()
        given = left[call["method"]]
        found: Any = given.pop(0) if isinstance(given, list) else given
        match found:
            case Result(value=value):
                return Says({"jsonrpc": "2.0", "id": call["id"], "result": value})
            case Refused(code=code, message=message, data=data):
                error = {"code": code, "message": message, "data": data}
                return Says({"jsonrpc": "2.0", "id": call["id"], "error": error})
            case Says() | Cut() | Late():
                return found
        raise AssertionError(f"{found} is no answer")

    return answer


Start = Callable[..., Awaitable[tuple[Api, CallrPlatform]]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start an API that answers by a script, and a client of it."""
    async with AsyncExitStack() as stack:

        async def started(
            script: Script,
            *,
            credentials: Credentials = ME,
            app: str = "",
            hooks: Hooks = HOOKS,
        ) -> tuple[Api, CallrPlatform]:
            api, session = await stack.enter_async_context(listening(scripted(script), script.values()))
            lock = asyncio.Lock()
            return api, CallrPlatform(session.send, credentials, hooks, lock=lock, url=f"{api.url}/rpc/", app=app)

        yield started


def app(
    hash_: str, url: str = "", *, package: str = "REALTIME10", name: str = "", **params: Any
) -> dict[str, Any]:
    """An app as CALLR shows it."""
    given = {"url": url, **params} if url else params
    return {"hash": hash_, "name": name or hash_, "p": given, "did": [], "package": {"name": package}}


def did(hash_: str, number: str, app: str | None = None) -> dict[str, Any]:
    return {"hash": hash_, "intl_number": number, "app": app}


def calls(api: Api) -> list[tuple[str, list[Any]]]:
    """Methods and their parameters."""
    return [(call["method"], call["params"]) for call in (asked.json() for asked in api.asked)]


REALTIME = "calls.realtime"
TARGET = {"number": "+33612345678", "timeout": 30}


async def test_the_envelope(start: Start) -> None:
    api, callr = await start({REALTIME: Result("4260XMAQ")}, app="4346423A")
    checked: Platform = callr
    assert [await checked.place(PLACEMENT) for _ in range(2)] == ["4260XMAQ"] * 2
    first, second = api.asked
    assert (first.method, first.path) == ("POST", "/rpc/")
    assert first.headers["Content-Type"] == "application/json-rpc; charset=utf-8"
    assert first.json() == {
        "jsonrpc": "2.0",
        "id": 1,
        "method": REALTIME,
        "params": ["4346423A", TARGET, {"cdr_field": ATTEMPT}],
    }
    assert second.json()["id"] == 2


@pytest.mark.parametrize(
    ("credentials", "header"),
    [
        (Basic("me", "pässword"), "Basic bWU6cMOkc3N3b3Jk"),
        (ApiKey("a" * 100), f"Api-Key {'a' * 100}"),
        (Session("b" * 40), f"Session {'b' * 40}"),
    ],
)
async def test_credentials(start: Start, credentials: Credentials, header: str) -> None:
    api, callr = await start({"billing.get_prepaid_credit": Result("1")}, credentials=credentials)
    await callr.credit()
    assert api.asked[0].headers["Authorization"] == header
    assert not any(secret in repr(credentials) for secret in ("pässword", "aaaa", "bbbb"))


PLACEMENTS: dict[str, tuple[dict[str, Any], int, dict[str, str]]] = {
    "a number shown": ({"shown": "+33123456789"}, 30, {"cli": "+33123456789"}),
    "none shown": ({"shown": "hidden"}, 30, {"cli": "BLOCKED"}),
    "too short": ({"ring": 1}, 5, {}),
    "too long": ({"ring": 301}, 300, {}),
    "what CALLR has not": ({"max_seconds": 60, "machine": "hang_up"}, 30, {}),
}


@pytest.mark.parametrize(("given", "ring", "options"), PLACEMENTS.values(), ids=PLACEMENTS)
async def test_a_placement(start: Start, given: dict[str, Any], ring: int, options: dict[str, str]) -> None:
    api, callr = await start({REALTIME: Result("R")}, app="A")
    await callr.place(replace(PLACEMENT, **given))
    assert calls(api) == [(REALTIME, ["A", TARGET | {"timeout": ring}, {"cdr_field": ATTEMPT} | options])]


async def test_a_sip_address_cannot_be_called(start: Start) -> None:
    api, callr = await start({}, app="A")
    with pytest.raises(PlatformError) as refused:
        await callr.place(replace(PLACEMENT, to="sip:anna@example.org"))
    assert (refused.value.code, refused.value.unclear, api.asked) == ("no_phone_number", False, [])


class Proof(NamedTuple):
    """What an error says."""

    code: str = ""
    status: int = 0
    unclear: bool = False
    retry_after: float | None = None
    words: str = ""


def says(body: Any, status: int = 200, **headers: str) -> Says:
    return Says(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


ERRORS: dict[str, tuple[Answer, Proof]] = {
    "an error": (Refused(151, "PROPERTY_VALUE_ERROR [options.cli]"), Proof("151", 200)),
    "an error with data": (Refused(100, "no", "ask us"), Proof("100", 200, words="no: ask us")),
    "an error that tells secrets": (
        Refused(1, "hook-canary Basic bWU6Y2FuYXJ5"),
        Proof("1", 200, words="… Basic …"),
    ),
    "an error without an id": (says({"error": {"code": -32700, "message": "parse"}}), Proof("-32700", 200)),
    "wrong credentials": (says(b"", 401), Proof("401", 401, words="Unauthorized")),
    "forbidden": (says(b"no", 403), Proof("403", 403)),
    "too many": (says(b"", 429, Retry_After="7"), Proof("429", 429, retry_after=7.0)),
    "400 with an error": (says({"error": {"code": 7, "message": "x"}}, 400), Proof("7", 400)),
    "500": (says(b"", 500), Proof("500", 500, unclear=True)),
    "500 with an error": (says({"error": {"code": 7, "message": "x"}}, 500), Proof("7", 500, unclear=True)),
    "503": (says(b"", 503, Retry_After="9"), Proof("503", 503, unclear=True, retry_after=9.0)),
    "a redirect": (says(b"", 302, Location="/"), Proof("302", 302, unclear=True)),
    "no content": (says(b"", 204), Proof("204", 204, unclear=True)),
    "garbage": (says(b"<html>"), Proof("unreadable", 200, unclear=True)),
    "no JSON text": (says(b'"\xff"'), Proof("unreadable", 200, unclear=True)),
    "nested": (says(b"[" * 100_000), Proof("unreadable", 200, unclear=True)),
    "empty": (says(b""), Proof("unreadable", 200, unclear=True)),
    "an array": (says([]), Proof("unreadable", 200, unclear=True)),
    "no result": (says({"jsonrpc": "2.0", "id": 1}), Proof("unreadable", 200, unclear=True)),
    "another's result": (
        says({"jsonrpc": "2.0", "id": 77, "result": "R"}),
        Proof("unreadable", 200, unclear=True),
    ),
    "null": (Result(None), Proof("unreadable", 200, unclear=True)),
    "false": (Result(False), Proof("unreadable", 200, unclear=True)),
    "an empty id": (Result(""), Proof("unreadable", 200, unclear=True)),
    "an object": (Result({"id": "R"}), Proof("unreadable", 200, unclear=True)),
    "cut": (Cut(), Proof(unclear=True, words="connection broken")),
    "late": (Late(), Proof(unclear=True, words="timed out")),
}


@pytest.mark.parametrize(("answer", "proof"), ERRORS.values(), ids=ERRORS)
async def test_what_an_answer_proves(start: Start, answer: Answer, proof: Proof) -> None:
    api, callr = await start({REALTIME: answer}, app="A")
    with pytest.raises(PlatformError) as failed:
        await callr.place(PLACEMENT)
    error = failed.value
    assert Proof(error.code, error.status, error.unclear, error.retry_after, proof.words) == proof
    assert proof.words in error.message
    assert "canary" not in str(error)
    assert len(api.asked) == 1, "a call is never placed twice"


async def test_a_connection_that_breaks_before_the_body_is_read(start: Start) -> None:
    api, callr = await start({}, app="A")
    api.deaf = True
    with pytest.raises(PlatformError, match="connection broken") as failed:
        await callr.place(PLACEMENT)
    assert (failed.value.unclear, len(api.asked)) == (True, 1)


async def test_nobody_there(start: Start) -> None:
    async with listening(lambda _: Says()) as (gone, session):
        pass
    callr = CallrPlatform(session.send, ME, HOOKS, lock=asyncio.Lock(), url=gone.url, app="A")
    with pytest.raises(PlatformError) as failed:
        await callr.place(PLACEMENT)
    assert not failed.value.unclear


@pytest.mark.parametrize("answer", [Cut(), Late(), says(b"", 500), says(b"<html>")])
async def test_reading_is_never_unclear(start: Start, answer: Answer) -> None:
    _, callr = await start({"billing.get_prepaid_credit": answer})
    with pytest.raises(PlatformError) as failed:
        await callr.credit()
    assert not failed.value.unclear


OTHERS = [app("CLICK", package="CLICKTOCALL10"), app("FOREIGN", "https://other.example/hooks/callr/survey"), {}]
LISTS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "the flow's": ([app("OTHER", f"{PUBLIC}/hooks/callr/menu"), app("MINE", HOOK), *OTHERS], "MINE"),
    "another flow's": ([*OTHERS, app("OTHER", f"{PUBLIC}/hooks/callr/menu")], "OTHER"),
    "two of the flow's": ([app("FIRST", HOOK), app("SECOND", HOOK)], "FIRST"),
}


@pytest.mark.parametrize(("apps", "chosen"), LISTS.values(), ids=LISTS)
async def test_the_app_is_found_once(start: Start, apps: list[dict[str, Any]], chosen: str) -> None:
    api, callr = await start({"apps.get_list": [Result(apps)], REALTIME: Result("R")})
    await asyncio.gather(*(callr.place(PLACEMENT) for _ in range(5)))
    found, *placed = calls(api)
    assert found == ("apps.get_list", [False])
    assert [params[0] for method, params in placed if method == REALTIME] == [chosen] * 5


async def test_no_app(start: Start) -> None:
    made = [*OTHERS, app("MINE", HOOK)]
    api, callr = await start({"apps.get_list": [Result(OTHERS), Result(made)], REALTIME: Result("R")})
    with pytest.raises(PlatformError, match="run `voiceapp connect callr survey`") as failed:
        await callr.place(PLACEMENT)
    assert (failed.value.code, failed.value.unclear) == ("no_app", False)
    assert await callr.place(PLACEMENT) == "R", "it was connected meanwhile"
    assert [method for method, _ in calls(api)] == ["apps.get_list", "apps.get_list", REALTIME]


GONE = Refused(151, "PROPERTY_VALUE_ERROR [app]")
OLD, NEW = Result([app("OLD", HOOK)]), Result([app("NEW", HOOK)])
AGAIN: dict[str, tuple[Answer, Result, list[str], str]] = {
    "made anew": (GONE, NEW, ["OLD", "NEW"], ""),
    "still there": (GONE, OLD, ["OLD"], "151"),
    "none any more": (GONE, Result([]), ["OLD"], "no_app"),
    "another error": (Refused(151, "PROPERTY_VALUE_ERROR [options.cli]"), NEW, ["OLD"], "151"),
    "unclear": (says({"error": {"code": 1, "message": "[app]"}}, 500), NEW, ["OLD"], "1"),
}


@pytest.mark.parametrize(("answer", "then", "apps", "code"), AGAIN.values(), ids=AGAIN)
async def test_an_app_that_is_gone(start: Start, answer: Answer, then: Result, apps: list[str], code: str) -> None:
    script = {"apps.get_list": [OLD, then], REALTIME: [answer, Result("R")]}
    api, callr = await start(script)
    if code:
        with pytest.raises(PlatformError) as failed:
            await callr.place(PLACEMENT)
        assert failed.value.code == code
    else:
        assert await callr.place(PLACEMENT) == "R"
    assert [params[0] for method, params in calls(api) if method == REALTIME] == apps


async def test_the_app_that_is_set_is_never_another(start: Start) -> None:
    api, callr = await start({REALTIME: GONE}, app="SET")
    with pytest.raises(PlatformError):
        await callr.place(PLACEMENT)
    assert [method for method, _ in calls(api)] == [REALTIME]


CDR = {
    "callid": 18446744073709551615,
    "customer_field": ATTEMPT,
    "number": "+33612345678",
    "dialstatus": "ANSWER",
    "duration": 75,
    "duration_answered": 61,
    "billing_customer_debit_eur": "12.50",
    "hangup": "2026-01-09 17:29:00",
    "hangupcause": 16,
}
FOUND = Found(ref="", call_ref="18446744073709551615", outcome="answered", seconds=61.0, price=0.125, cause="16")
UNANSWERED = {"duration_answered": 0, "billing_customer_debit_eur": "0.00"}
RECORDS: dict[str, tuple[list[Any], Found | None]] = {
    "none": ([], None),
    "others": ([CDR | {"customer_field": "f" * 32}, CDR | {"customer_field": None}, {}], None),
    "among others": ([CDR | {"customer_field": ""}, CDR], FOUND),
    "under way": (
        [CDR | {"hangup": None, "duration_answered": None}],
        replace(FOUND, outcome="under_way", seconds=None),
    ),
    "not over": ([CDR | {"hangup": "0000-00-00 00:00:00"}], replace(FOUND, outcome="under_way")),
    **{
        status: (
            [CDR | UNANSWERED | {"dialstatus": status}],
            replace(FOUND, outcome=outcome, seconds=0.0, price=0.0),
        )
        for status, outcome in {
            "BUSY": "busy",
            "NOANSWER": "no_answer",
            "CANCEL": "no_answer",
            "CHANUNAVAIL": "failed",
            "CONGESTION": "failed",
            "NODIAL": "failed",
            "NEW_WORD": "failed",
            "ANSWER": "answered",
        }.items()
    },
    "answered by its duration": ([CDR | {"dialstatus": None}], FOUND),
    "amounts that are none": (
        [CDR | {"duration_answered": "x", "billing_customer_debit_eur": "NaN"}],
        replace(FOUND, seconds=None, price=None),
    ),
}


@pytest.mark.parametrize(("records", "found"), RECORDS.values(), ids=RECORDS)
async def test_an_attempt_is_found_again(start: Start, records: list[Any], found: Found | None) -> None:
    api, callr = await start({"cdr.get": Result(records)})
    assert await callr.find(PLACEMENT, SINCE, UNTIL) == found
    assert calls(api) == [("cdr.get", ["OUT", "2026-01-09 17:00:00", "2026-01-09 17:00:00", None, None])]


async def test_hanging_up(start: Start) -> None:
    api, callr = await start({"calls.hangup": [Result(True), Result(False), Refused(151, "x"), Result("?")]})
    await callr.hang_up("18446744073709551615")
    assert calls(api) == [("calls.hangup", [18446744073709551615, {}])]
    codes = []
    for _ in range(3):
        with pytest.raises(PlatformError) as failed:
            await callr.hang_up("1")
        codes.append((failed.value.code, failed.value.unclear))
    assert codes == [("not_hung_up", False), ("151", False), ("unreadable", True)]


@pytest.mark.parametrize("ref", ["", "4260XMAQ", "-1", "١"])
async def test_what_is_no_callid(start: Start, ref: str) -> None:
    api, callr = await start({})
    with pytest.raises(PlatformError, match="no callid"):
        await callr.hang_up(ref)
    assert api.asked == []


@pytest.mark.parametrize(("told", "left"), [("1050.00", 10.5), (1050, 10.5), ("-20", -0.2), (0, 0.0)])
async def test_credit(start: Start, told: Any, left: float) -> None:
    _, callr = await start({"billing.get_prepaid_credit": Result(told)})
    assert await callr.credit() == Credit(left)


PARAMS = {"url": HOOK, "login": "callr", "password": "hook-canary", "data_format": "JSON"}
RIGHT = app("MINE", name="voiceapp survey", **PARAMS)
CREATE = ("apps.create", ["REALTIME10", "voiceapp survey", PARAMS])
EDIT = ("apps.edit", ["MINE", None, PARAMS])
ASSIGN = ("apps.assign_did", ["MINE", "D1"])
NUMBER = "+33123456789"
CONNECTIONS: dict[str, tuple[list[Any], list[Any], str | None, list[tuple[str, list[Any]]]]] = {
    "nothing there": (OTHERS, [], None, [CREATE]),
    "all is well": ([RIGHT], [], None, []),
    "a name of its own": ([RIGHT | {"name": "mine"}], [], None, []),
    "moved": ([app("MINE", "https://old.example.org", name="voiceapp survey")], [], None, [EDIT]),
    "another password": ([app("MINE", **PARAMS | {"password": "old"})], [], None, [EDIT]),
    "a password that is not told": ([app("MINE", HOOK, login="callr", data_format="JSON")], [], None, []),
    "the URL goes before the name": ([app("OTHER", name="voiceapp survey"), RIGHT], [], None, []),
    "another kind": ([app("MINE", package="CLICKTOCALL10", name="voiceapp survey")], [], None, [CREATE]),
    "a free number": ([RIGHT], [did("D0", "+331"), did("D1", NUMBER)], NUMBER, [ASSIGN]),
    "its number": ([RIGHT], [did("D1", NUMBER, "MINE")], NUMBER, []),
    "another's number": ([RIGHT], [did("D1", NUMBER, "OTHER")], NUMBER, [ASSIGN]),
    "app and number": ([], [did("D1", NUMBER)], NUMBER, [CREATE, ASSIGN]),
}


@pytest.mark.parametrize(("apps", "dids", "number", "done"), CONNECTIONS.values(), ids=CONNECTIONS)
async def test_connecting(
    start: Start, apps: list[Any], dids: list[Any], number: str | None, done: list[tuple[str, list[Any]]]
) -> None:
    made = {method: Result(RIGHT if method == "apps.create" else True) for method, _ in (CREATE, EDIT, ASSIGN)}
    api, callr = await start({"apps.get_list": Result(apps), "apps.get_dids": Result(dids), **made})
    changes = await callr.changes("survey", number)
    assert {method for method, _ in calls(api)} <= {"apps.get_list", "apps.get_dids"}
    assert [change.request[0] for change in changes] == [method for method, _ in done]
    assert "canary" not in repr(changes)
    assert all(change.what.endswith(".") for change in changes)
    api.asked.clear()
    await callr.make(changes)
    assert calls(api) == done


async def test_what_connecting_shows(start: Start) -> None:
    lists = {"apps.get_list": Result([]), "apps.get_dids": Result([did("D1", NUMBER, "OTHER")])}
    _, callr = await start(lists)
    create, assign = await callr.changes("survey", NUMBER)
    assert create.what == f"Make the app 'voiceapp survey', which posts to {HOOK}."
    assert create.request == (
        "apps.create",
        f'["REALTIME10","voiceapp survey",{{"url":"{HOOK}","login":"callr","password":"…","data_format":"JSON"}}]',
    )
    assert assign.what == f"Let {NUMBER} be answered by the new app, which takes it from the app OTHER."
    assert assign.request == ("apps.assign_did", '["(the new app)","D1"]')


async def test_without_credentials_nothing_is_hidden(start: Start) -> None:
    _, callr = await start({"apps.get_list": Result([])}, hooks=Hooks(PUBLIC))
    (create,) = await callr.changes("survey", None)
    assert '"login":"","password":""' in create.request[1]


@pytest.mark.parametrize(
    ("set_", "apps", "outcome"),
    [
        ("MINE", [RIGHT], []),
        ("SET", [RIGHT, app("SET", "https://old.example.org")], ["apps.edit"]),
        ("SET", [RIGHT], "no_app"),
        ("SET", [app("SET", package="CLICKTOCALL10")], "no_app"),
    ],
)
async def test_connecting_the_app_that_is_set(start: Start, set_: str, apps: list[Any], outcome: Any) -> None:
    _, callr = await start({"apps.get_list": Result(apps)}, app=set_)
    if isinstance(outcome, list):
        assert [change.request[0] for change in await callr.changes("survey", None)] == outcome
    else:
        with pytest.raises(PlatformError) as failed:
            await callr.changes("survey", None)
        assert failed.value.code == outcome


async def test_a_number_of_somebody_else(start: Start) -> None:
    _, callr = await start({"apps.get_list": Result([RIGHT]), "apps.get_dids": Result([])})
    with pytest.raises(PlatformError, match=r"no number \+33123456789"):
        await callr.changes("survey", NUMBER)


async def test_numbers(start: Start) -> None:
    numbers = [
        did("D1", "+331", "MINE"),
        did("D2", "+332", "FAR"),
        did("D3", "+333", "CLICK"),
        did("D4", "+334"),
        {},
    ]
    far = app("FAR", "https://far.example.org/x?secret=canary")
    api, callr = await start({"apps.get_list": Result([RIGHT, far, *OTHERS]), "apps.get_dids": Result(numbers)})
    assert await callr.numbers() == (
        Number(number="+331", points_to=HOOK, ours=True),
        Number(number="+332", points_to="https://far.example.org/x", ours=False),
        Number(number="+333", points_to="CLICK", ours=False),
        Number(number="+334", points_to="", ours=False),
    )
    assert calls(api) == [("apps.get_list", [False]), ("apps.get_dids", [False])]


CLICK = {"options": {"A_attempts": 2, "record_calls": True}, "medias": {"A_welcome": 42}}
CLICK_APP = app(
    "FULL", package="CLICKTOCALL10", options=CLICK["options"] | {"x": 1}, medias=CLICK["medias"], vms={}
)


@pytest.mark.parametrize(
    ("apps", "used", "made"),
    [
        ([app("BARE", package="CLICKTOCALL10"), CLICK_APP], "FULL", []),
        (
            [CLICK_APP | {"package": {"name": "REALTIME10"}}],
            "NEW",
            [("CLICKTOCALL10", "voiceapp click-to-call", CLICK)],
        ),
        ([app("BARE", package="CLICKTOCALL10", options={"A_attempts": 3})], "NEW", [...]),
    ],
)
async def test_an_app_for_click_to_call(start: Start, apps: list[Any], used: str, made: list[Any]) -> None:
    api, callr = await start({"apps.get_list": Result(apps), "apps.create": Result(app("NEW"))})
    assert await callr.click_to_call.click_app(CLICK) == used
    created = [tuple(params) for method, params in calls(api) if method == "apps.create"]
    assert created == made if made != [...] else len(created) == 1


async def test_click_to_call(start: Start) -> None:
    service = "clicktocall/calls"
    dialing = {"callid": 7, "number": "+331", "status": "DIALING", "try": 2}
    api, callr = await start(
        {
            f"{service}.start_2": [Result("HASH"), Cut()],
            f"{service}.cancel": Result(True),
            f"{service}.get_status": [Result({"a_status": dialing, "b_status": None}), Result([])],
        }
    )
    click = callr.click_to_call
    a, b = [Target("+331"), Target("+332", 400)], [Target("+333", 2)]
    later = datetime(2026, 1, 9, 18, tzinfo=UTC)
    assert await click.start_click("APP", a, b, shown="hidden", attempt=ATTEMPT, schedule=later) == "HASH"
    with pytest.raises(PlatformError) as failed:
        await click.start_click("APP", a[:1], b)
    assert failed.value.unclear
    await click.cancel("HASH")
    status = await click.get_status("HASH")
    assert status == ClickStatus(Side(callid="7", number="+331", status="DIALING", attempt=2), Side())
    with pytest.raises(PlatformError, match="cannot be read"):
        await click.get_status("HASH")
    first, second = {"number": "+331", "timeout": 30}, {"number": "+332", "timeout": 300}
    options = {"cdr_field": ATTEMPT, "cli": "BLOCKED", "schedule": "2026-01-09 18:00:00"}
    assert calls(api) == [
        (f"{service}.start_2", ["APP", [first, second], [{"number": "+333", "timeout": 5}], options]),
        (f"{service}.start_2", ["APP", [first], [{"number": "+333", "timeout": 5}], {}]),
        (f"{service}.cancel", ["HASH"]),
        (f"{service}.get_status", ["HASH"]),
        (f"{service}.get_status", ["HASH"]),
    ]


METHODS: dict[str, tuple[Callable[[CallrPlatform], Awaitable[Any]], str, list[Any], Any, Any]] = {
    "broadcast": (
        lambda callr: callr.calls.broadcast_1(Target("+331"), [42, "TTS|V|hi"], cdr_field="x", loop=2),
        "calls.broadcast_1",
        [{"number": "+331", "timeout": 30}, [42, "TTS|V|hi"], {"cdr_field": "x", "loop": 2}],
        "R",
        "R",
    ),
    "voicemail": (
        lambda callr: callr.calls.broadcast_1(Target("+331"), [42], direct_to_voicemail=True),
        "calls.broadcast_1",
        [{"number": "+331", "timeout": 30}, [42], {"direct_to_voicemail": True, "loop": 1}],
        7,
        "7",
    ),
    "break": (lambda callr: callr.calls.realtime_break(7), "calls.realtime_break", [7, {}], True, True),
    "get": (
        lambda callr: callr.apps.get("A"),
        "apps.get",
        ["A"],
        app("A", HOOK) | {"did": [did("D", "+331", "A"), {}, 1]},
        App("A", "A", "REALTIME10", {"url": HOOK}, (Did("D", "+331", "A"),)),
    ),
    "search": (
        lambda callr: callr.apps.search({"name": "x"}, offset=5),
        "apps.search",
        [{"name": "x"}, {"offset": 5, "quantity": 100}],
        {"hits": [app("A")], "has_more": False},
        (App("A", "A", "REALTIME10", {}),),
    ),
    "delete": (lambda callr: callr.apps.delete("A"), "apps.delete", ["A"], True, None),
    "remove": (lambda callr: callr.apps.remove_did("D"), "apps.remove_did", ["D"], True, None),
    "calls in": (
        lambda callr: callr.account.cdr_get("IN", SINCE, SINCE, app="A", number="D"),
        "cdr.get",
        ["IN", "2026-01-09 17:00:00", "2026-01-09 17:00:00", "A", "D"],
        [{"callid": 1, "did_intl_number": "+331", "hangup": "2026-01-09 17:29:00", "duration_answered": 3}],
        (Cdr(callid="1", number="+331", field="", outcome="answered", seconds=3.0, price=None, cause=""),),
    ),
    "subscribe": (
        lambda callr: callr.account.subscribe("call.outbound_hangup", "https://a.example", secret="12345678"),
        "webhooks.subscribe",
        [
            "call.outbound_hangup",
            "https://a.example",
            {"format": "JSON", "hmac_secret": "12345678", "hmac_algo": "SHA256"},
        ],
        {"hash": "W", "type": "t", "endpoint": "e", "status": "ENABLED", "options": {"hmac_secret": "12345678"}},
        Webhook("W", "t", "e", "ENABLED"),
    ),
    "subscribe unsigned": (
        lambda callr: callr.account.subscribe("sms.mo", "https://a.example"),
        "webhooks.subscribe",
        ["sms.mo", "https://a.example", {"format": "JSON"}],
        {"hash": "W"},
        Webhook("W", "", "", ""),
    ),
    "unsubscribe": (lambda callr: callr.account.unsubscribe("W"), "webhooks.unsubscribe", ["W"], True, None),
    "webhooks": (
        lambda callr: callr.account.webhooks(),
        "webhooks.get_list",
        [],
        [{"hash": "W"}, {}],
        (Webhook("W", "", "", ""),),
    ),
    "a sound": (lambda callr: callr.media.create("hi"), "media/library.create", ["hi"], 42, 42),
    "its number as text": (lambda callr: callr.media.create("hi"), "media/library.create", ["hi"], "42", 42),
    "its content": (
        lambda callr: callr.media.set_content(42, "hi", "UklG"),
        "media/library.set_content",
        [42, "hi", "UklG"],
        True,
        None,
    ),
    "its status": (lambda callr: callr.media.status(42), "media/library.get", [42], {"status": "READY"}, "READY"),
    "spoken": (
        lambda callr: callr.media.speak(42, "hi", "V"),
        "media/tts.set_content",
        [42, "hi", "V", {"rate": 50}],
        True,
        None,
    ),
    "voices": (
        lambda callr: callr.media.voices(),
        "media/tts.get_voice_list",
        [],
        ["TTS_A", {"id": "TTS_B", "language": "fr_FR", "gender": "F"}, {}, 3],
        (Voice("TTS_A"), Voice("TTS_B", "fr_FR", "F")),
    ),
}


@pytest.mark.parametrize(("call", "method", "params", "result", "value"), METHODS.values(), ids=METHODS)
async def test_each_method(
    start: Start,
    call: Callable[[CallrPlatform], Awaitable[Any]],
    method: str,
    params: list[Any],
    result: Any,
    value: Any,
) -> None:
    api, callr = await start({method: [Result(result), Refused(151, "no"), Result(False)]})
    assert await call(callr) == value
    assert calls(api) == [(method, params)]
    with pytest.raises(PlatformError, match="151: no"):
        await call(callr)
    if value is not True:
        with pytest.raises(PlatformError, match="cannot be read"):
            await call(callr)

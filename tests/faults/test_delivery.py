"""Posts that come twice, changed, late, forged, at the same time, or at two servers (F01-F04, F06-F08, F10)."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.faults.lines import FLOW, CallrLine, Line, RouteeLine, a_line, is_farewell, send, state
from tests.servers import Served, back_end, serving, write_flows
from tests.store.databases import postgres_schema
from voiceapp.actions import Dial
from voiceapp.call import nonce
from voiceapp.events import CallHungUp

pytestmark = pytest.mark.fault

CARRIERS = ["callr", "routee"]
NOTED = """\
flow: noted
languages: [en-GB]
steps:
  ask: {ask: First., answer: {digits: 2}}
  look: {fetch: "https://crm.example.com/look", save: found}
  tell: {notify: "https://crm.example.com/tell"}
  again: {ask: Second., answer: {digits: 2}}
"""


@pytest.fixture
async def served(tmp_path: Path, database_url: str) -> AsyncIterator[Served]:
    async with serving(write_flows(tmp_path / "flows", FLOW), database_url) as running:
        yield running


def anomalies(served: Served, line: Line, kind: str) -> float:
    return served.count("voiceapp_anomalies_total", carrier=line.carrier, kind=kind)


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_f01_posts_again_and_again(served: Served, carrier: str) -> None:
    """Any earlier post, at any time, any number of times: the same bytes, and the call does not move."""
    chance = random.Random(carrier)  # noqa: S311 - no secret
    for number in range(5):
        line = a_line(carrier, served, number)
        for turns in range(1, 8):
            await line.next()
            posts = chance.choices(line.sent, k=6)
            replies = await asyncio.gather(*(send(served, post) for post in posts))
            assert replies == [post.reply for post in posts]
            assert (await state(served, line))[1] == turns


async def test_f01_errands_are_run_once(tmp_path: Path, database_url: str) -> None:
    async with back_end() as asked:
        asked.answers = {"/look": {"name": "Ann"}, "/tell": {}}
        flows = write_flows(tmp_path / "flows", asked.flow(NOTED))
        async with serving(flows, database_url) as served:
            for number in range(5):
                for carrier in CARRIERS:
                    line = a_line(carrier, served, number)
                    line.flow = "noted"
                    await line.next()
                    replies = await asyncio.gather(*(send(served, line.upcoming()) for _ in range(5)))
                    assert len(set(replies)) == 1
            await asked.until_asked(20)
            assert sorted(one.path for one in asked.asked) == ["/look"] * 10 + ["/tell"] * 10


@pytest.mark.parametrize("at_once", [True, False])
async def test_f02_the_first_of_two_answers_wins(served: Served, *, at_once: bool) -> None:
    for number in range(20):
        line = CallrLine(served, number)
        await line.next()
        await line.next()
        one, other = (line.request(command_result=keys) for keys in ("11", "22"))
        posts = [served.post("/hooks/callr/line", body) for body in (one, other)]
        replies = await asyncio.gather(*posts) if at_once else [await post for post in posts]
        assert replies[0] == replies[1]
        call, log = await state(served, line)
        assert log == 3
        assert call.saved["first"] in (("11", "22") if at_once else ("11",))
    assert anomalies(served, line, "changed_duplicate") == 20


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_f03_late_posts_in_every_order(served: Served, carrier: str) -> None:
    line = a_line(carrier, served, 1)
    for _ in range(5):
        await line.next()
    before = await state(served, line)
    for order in permutations(line.sent):
        assert [await send(served, post) for post in order] == [post.reply for post in order]
    assert await state(served, line) == before
    await line.next()
    assert (await state(served, line))[1] == 6


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_f04_tokens_that_were_never_given(served: Served, carrier: str) -> None:
    line, neighbour = a_line(carrier, served, 1), a_line(carrier, served, 2)
    for each in (line, neighbour):
        await each.next()
        await each.next()
    before, other = await state(served, line), (await state(served, neighbour))[0]
    call = before[0]
    forged = [
        other.token,
        f"{call.turn}.{nonce(other.key, call.turn)}",
        f"{call.turn + 1}.{nonce(call.key, call.turn)}",
        f"{call.turn}.{nonce(call.key, call.turn)[:-1]}",
        f"{call.turn}.{nonce(call.key, call.turn)}0",
        f"{call.turn}.{nonce(call.key, call.turn).upper()}x",
        *(f"{turn}.{turn:016x}" for turn in range(100)),
        *("0", "1", "-1", "x", "é", "%00", "a" * 300, "2.", ".2"),
    ]
    for token in forged[:6] if carrier == "routee" else forged:
        if carrier == "callr" and token == "0":  # which stands for no command
            continue
        reply = await send(served, line.forged(token))
        assert is_farewell(line, reply), token
    assert await state(served, line) == before
    assert anomalies(served, line, "forged_turn") == (6 if carrier == "routee" else len(forged) - 1)
    await line.next()
    assert (await state(served, line))[1] == before[1] + 1


async def test_f04_a_first_post_again_with_another_status_is_none(served: Served) -> None:
    """Whoever knows the URL could otherwise begin a call anew."""
    line = CallrLine(served, 1)
    await line.next()
    before = await state(served, line)
    first = line.sent[0].body
    _, reply = await served.post("/hooks/callr/line", first | {"call_status": "UP"})
    assert is_farewell(line, reply)
    assert await state(served, line) == before


async def test_f06_a_hang_up_brings_an_answer(served: Served) -> None:
    for number in range(10):
        line = CallrLine(served, number)
        await line.next()
        await line.next()
        await line.hang_up(command_result="77")
        call, log = await state(served, line)
        assert (call.phase, call.saved, call.partial, log) == ("ended", {"first": "77"}, "first", 3)


async def test_f06_a_hang_up_for_an_old_turn_ends_the_call_without_its_answer(served: Served) -> None:
    line = CallrLine(served, 1)
    for _ in range(3):
        await line.next()
    old = line.sent[-1].body | {"call_status": "HANGUP", "command_result": "99"}
    await served.post("/hooks/callr/line", old)
    call, _ = await state(served, line)
    assert (call.phase, call.saved, call.partial) == ("ended", {"first": "42"}, "")


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_f06_a_hang_up_and_a_turn_at_the_same_time(served: Served, carrier: str) -> None:
    """At every window of the call, in both orders: it is over, nothing is dialled after that, late posts change
    nothing."""
    for turns in range(1, 7):
        for hang_up_first in (True, False):
            line = a_line(carrier, served, 10 * turns + hang_up_first)
            for _ in range(turns):
                await line.next()
            posts = [line.hang_up(), line.next()] if hang_up_first else [line.next(), line.hang_up()]
            await asyncio.gather(*posts)
            call, log = await state(served, line)
            assert (call.phase, call.outbox) == ("ended", ())
            for post in line.sent:
                await send(served, post)
            assert (await state(served, line))[1] == log
            logged = await served.store.turns(call.id)
            over = next(
                at for at, turn in enumerate(logged) if any(isinstance(e, CallHungUp) for e in turn.events)
            )
            assert not [action for turn in logged[over:] for action in turn.actions if isinstance(action, Dial)]


async def test_f07_one_call_at_two_servers(tmp_path: Path) -> None:
    """Two processes on one database, every post to both at once, then to one after the other in turns."""
    with postgres_schema() as url:
        flows = write_flows(tmp_path / "flows", FLOW)
        async with AsyncExitStack() as stack:
            servers = [
                await stack.enter_async_context(serving(flows, url, public_url="http://127.0.0.1"))
                for _ in range(2)
            ]
            await asyncio.gather(
                *(_play_at_both(servers, a_line(carrier, servers[0], n)) for n in range(8) for carrier in CARRIERS)
            )
            assert [server.count("voiceapp_errors_total") for server in servers] == [0, 0]


async def _play_at_both(servers: list[Served], line: Line) -> None:
    for turn in range(8):
        line.server = servers[turn % 2]
        post = await line.next()
        copies = await asyncio.gather(*(send(server, post) for server in servers * 2))
        assert set(copies) == {post.reply}
    for turn in range(8):
        line.server = servers[turn // 2 % 2]
        await line.next()
    call, log = await state(servers[0], line)
    assert log == 16
    logged = await servers[0].store.turns(call.id)
    assert [entry.number for entry in logged] == list(range(1, 17))
    assert [entry.reply for entry in logged] == [post.reply for post in line.sent]


async def test_f07_many_posts_of_one_call_at_once(served: Served) -> None:
    """Serialised: one of fifty different answers is taken, all get its reply; other calls are not held up."""
    line, other = CallrLine(served, 1), CallrLine(served, 2)
    for each in (line, other):
        await each.next()
        await each.next()
    bodies = [line.request(command_result=f"{keys:02}") for keys in range(50)]
    replies = await asyncio.gather(*(served.post("/hooks/callr/line", body) for body in bodies), other.next())
    assert len({reply for reply in replies if isinstance(reply, tuple)}) == 1
    assert (await state(served, line))[1] == (await state(served, other))[1] == 3


async def test_f08_the_same_id_at_two_carriers_and_two_applications(served: Served) -> None:
    for number in range(20):
        lines: list[Line] = [
            CallrLine(served, number, app="AAAAAAAA"),
            CallrLine(served, number, app="BBBBBBBB"),
            RouteeLine(served, str(number)),
        ]
        for line in lines:
            await line.next()
        await lines[0].next()
        await lines[0].next(command_result="11")
        await lines[1].next()
        await lines[1].next(command_result="22")
        await lines[2].next(collectedTones="33")
        calls = [(await state(served, line))[0] for line in lines]
        assert [call.saved["first"] for call in calls] == ["11", "22", "33"]
        assert len({call.id for call in calls}) == 3
        assert is_farewell(lines[1], await send(served, lines[1].forged(calls[0].token)))


async def test_f10_two_hundred_invented_values(served: Served) -> None:
    """Unknown words, absent fields and fields that nobody knows: always a safe reply, never a fault."""
    odd: list[Any] = [None, 0, -1, 2**63, 1.5, True, "", "x", [], {}, "٣", "\u0000"]
    line = CallrLine(served, 1)
    await line.next()
    for number, field in enumerate(line.request()):
        if field in ("callid", "call_status"):
            continue
        for at, value in enumerate(odd):
            fresh = CallrLine(served, 1000 * number + at)
            await fresh.next(**{field: value})
            body = line.request(callid=1000 * number + at, call_status=f"NEW_{at}")
            del body[field]
            status, _ = await served.post("/hooks/callr/line", body | {f"new_{at}": [{"deep": [value]}]})
            assert status == 200
    assert served.count("voiceapp_errors_total") == 0
    assert not [
        kind for kind in ("deadline", "store", "fault") if served.count("voiceapp_fallbacks_total", reason=kind)
    ]

"""The process itself: killed at any moment (F23), told to stop (F47), reloading (F28), and its log (F36)."""

import asyncio
import base64
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from tests.faults.lines import FLOW, SORRY, CallrLine, Line, a_line
from tests.faults.program import Program, free_port, program
from tests.servers import back_end, write_flows
from tests.store.databases import opened, sqlite_url
from voiceapp.call import Call
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.emulators.callr import CallrCall, CallrOptions
from voiceapp.emulators.routee import RouteeCall, RouteeOptions
from voiceapp.store.store import Store
from voiceapp.store.turns import LoggedTurn

pytestmark = pytest.mark.fault

CLIENTS = 8
KILLS = 10


class Mortal:
    """A server that dies now and then. A post that it does not answer is sent again when it lives again."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.url = ""
        self.answered = 0
        self._session = session
        self._changed = asyncio.Condition()

    async def lives(self, url: str) -> None:
        async with self._changed:
            self.url = url
            self._changed.notify_all()

    async def dies(self) -> None:
        self.url = ""

    async def until_answered(self, count: int) -> None:
        async with asyncio.timeout(30), self._changed:
            await self._changed.wait_for(lambda: self.answered >= count)

    async def post(self, path: str, body: Any) -> tuple[int, bytes]:
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self.url)
                url = self.url
            try:
                async with self._session.post(url + path, json=body) as reply:
                    answer = reply.status, await reply.read()
                    if SORRY in answer[1]:
                        continue  # the machine is too busy for the database: not stored, and so not answered
            except aiohttp.ClientError:
                async with self._changed:
                    if self.url == url:
                        self.url = ""
                continue
            async with self._changed:
                self.answered += 1
                self._changed.notify_all()
            return answer


@asynccontextmanager
async def clients(server: Mortal, lines: list[Line]) -> AsyncIterator[None]:
    """One client a line, posting one turn after the other until the end of the block."""

    async def go_on(line: Line) -> None:
        while True:
            await line.next()

    tasks = [asyncio.create_task(go_on(line)) for line in lines]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ended), ended


@pytest.mark.parametrize("seed", [1, 2])
async def test_f23_killed_in_the_middle_of_calls(tmp_path: Path, seed: int) -> None:
    """Whatever was answered is stored, what was not is answered the second time, and every call goes on with
    the tokens it has."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    flows, port = write_flows(tmp_path / "flows", FLOW), free_port()
    db = sqlite_url(tmp_path)
    async with aiohttp.ClientSession() as session:
        server = Mortal(session)
        lines = [
            a_line(carrier, server, number) for number in range(CLIENTS // 2) for carrier in ("callr", "routee")
        ]
        async with clients(server, lines):
            for _ in range(KILLS):
                async with program(flows, db, port=port) as running:
                    await server.lives(running.url)
                    await server.until_answered(server.answered + chance.randint(10, 120))
                    running.process.kill()
                    await running.process.wait()
                    await server.dies()
    async with opened(db) as store:
        for line in lines:
            _, logged = await _stored(store, line)
            assert len(line.sent) > KILLS
            assert [turn.reply for turn in logged][: len(line.sent)] == [post.reply for post in line.sent]
            assert len(logged) - len(line.sent) in (0, 1), "at most the last turn was stored and not yet answered"


SLOW = """\
flow: slow
languages: [en-GB]
on_hang_up: after
steps:
  ask: {ask: First., answer: {digits: 2}}
  look: {fetch: "https://crm.example.com/never", timeout: 15, next: end}
  after: {fetch: "https://crm.example.com/never", timeout: 15, failed: noted}
  noted: {set: {answer: nobody}}
"""


async def test_f47_told_to_stop_in_the_middle_of_calls(tmp_path: Path) -> None:
    """What is on its way is answered, also by a back end that never does; gone within 6 s; calls go on after."""
    db = sqlite_url(tmp_path)
    never = asyncio.Event()

    async def no_answer() -> int:
        await never.wait()
        return 503

    async with back_end() as asked, aiohttp.ClientSession() as session:
        asked.answers = {"/never": no_answer}
        flows = write_flows(tmp_path / "flows", FLOW, asked.flow(SLOW))
        server = Mortal(session)
        lines = [a_line("callr", server, number) for number in range(CLIENTS)]
        stuck, gone = CallrLine(server, 1000, flow="slow"), CallrLine(server, 1001, flow="slow")
        async with (
            program(flows, db, variables={"VOICEAPP_FETCH_ALLOW": "127.0.0.1"}) as running,
            clients(server, lines),
        ):
            await server.lives(running.url)
            await gone.next()
            await gone.hang_up()
            await stuck.next()
            waiting = asyncio.create_task(stuck.next())
            await asked.until_asked(2)
            await server.until_answered(100)
            began = asyncio.get_running_loop().time()
            assert await running.stop(signal.SIGTERM) == 0
            assert asyncio.get_running_loop().time() - began < 6.0
            await server.dies()
            await waiting
            assert stuck.sent[-1].said["command"] == "wait"
        assert "Traceback" not in running.log
        never.set()
        async with program(flows, db) as again:
            await server.lives(again.url)
            for line in lines:
                await line.next()
                await line.hang_up()
    async with opened(sqlite_url(tmp_path)) as store:
        for line in lines:
            _, logged = await _stored(store, line)
            assert [turn.reply for turn in logged] == [post.reply for post in line.sent]
        call, _ = await _stored(store, gone)
        assert (call.phase, call.saved) == ("ended", {"ask": "42", "answer": "nobody"})


async def _stored(store: Store, line: Line) -> tuple[Call, list[LoggedTurn]]:
    ref = str(line.callid) if isinstance(line, CallrLine) else line.conversation
    stored = await store.find_call(line.carrier, line.app if isinstance(line, CallrLine) else "", ref)
    assert stored is not None
    logged = await store.turns(stored.call.id)
    assert [turn.number for turn in logged] == list(range(1, stored.log + 1))
    return stored.call, logged


async def test_f28_changed_files_are_noticed(tmp_path: Path) -> None:
    flows = write_flows(tmp_path / "flows", FLOW)
    async with (
        program(flows, sqlite_url(tmp_path)) as running,
        aiohttp.ClientSession() as session,
    ):
        server = Mortal(session)
        await server.lives(running.url)
        old = CallrLine(server, 1)
        assert b"Hello." in (await old.next()).reply
        write_flows(flows, FLOW.replace("Hello.", "Good morning."))
        await running.logs("flows reloaded")
        assert b"Good morning." in (await CallrLine(server, 2).next()).reply
        write_flows(flows, FLOW.replace("say", "sya"))
        await running.logs("line.yaml:5:11: steps.hello.sya: unknown verb 'sya'; did you mean 'say'?")
        assert b"Good morning." in (await CallrLine(server, 3).next()).reply
        write_flows(flows, FLOW)
        running.process.send_signal(signal.SIGHUP)
        await running.logs("flows reloaded", times=2)
        assert b"First." in (await old.next()).reply


PRIVATE = """\
flow: private
languages: [en-GB]
inputs: {name: {type: text, default: you, personal: true}, card_type: {type: number, default: "0"}}
steps:
  hello: {say: "Hello {{ name }}."}
  card: {ask: Your card., answer: {digits: 7}, personal: true}
  look: {fetch: "https://crm.example.com/cards/{{ card }}/{{ secret.TOKEN }}", failed: broken}
  broken: {set: {language: "{{ name }}"}}
"""
SECRETS = ["the-secret-of-routee", "the-password", "the-key-of-the-api", "the-token-of-the-crm"]


async def test_f36_logs_give_nobody_away(tmp_path: Path) -> None:
    """Fifty callers, with failures on the way so that there is something to log: no number, name, key or
    secret in it, in whatever spelling; nor in the metrics."""
    chance = random.Random(36)  # noqa: S311 - no secret
    callers = [f"+336{chance.randrange(10**8):08}" for _ in range(50)]
    cards = [f"{chance.randrange(10**7):07}" for _ in callers]
    names = [f"Zaphod{at}Beeblebrox" for at in range(len(callers))]
    async with back_end() as asked:
        flows = write_flows(tmp_path / "flows", asked.flow(PRIVATE))
        async with program(flows, sqlite_url(tmp_path), variables=_secrets()) as running:
            async with aiohttp.ClientSession() as session:
                for caller, card, name in zip(callers, cards, names, strict=True):
                    await _call(session, running, caller, card, name)
                key = {"Authorization": f"Bearer {SECRETS[2]}"}
                async with session.get(f"{running.url}/metrics", headers=key) as reply:
                    metrics = await reply.text()
            assert await running.stop(signal.SIGTERM) == 0
    assert len(asked.asked) == 2 * len(callers)
    assert "wrong input" in running.log
    for private in [*callers, *cards, *names, *SECRETS]:
        for spelt in _spellings(private):
            assert spelt not in running.log
            assert spelt not in metrics


def _secrets() -> dict[str, str]:
    names = ("ROUTEE_SECRET", "CALLR_PASSWORD", "API_KEYS", "SECRET_TOKEN")
    values = {f"VOICEAPP_{name}": value for name, value in zip(names, SECRETS, strict=True)}
    return values | {"VOICEAPP_CALLR_LOGIN": "callr", "VOICEAPP_FETCH_ALLOW": "127.0.0.1"}


async def _call(session: aiohttp.ClientSession, running: Program, caller: str, card: str, name: str) -> None:
    hook = f"{running.url}/hooks/callr/private?name={name}&card_type={card}x"
    options = CallrOptions(cli_number=caller, cli_name=name, login="callr", password=SECRETS[1])
    await CallrCall(session, hook, options, ScriptedCaller(card)).run()
    query = f"?secret={SECRETS[0]}&name={name}"
    plan = f"{running.url}/hooks/routee/private{query}"
    status = f"{running.url}/hooks/routee/private/status{query}"
    await RouteeCall(
        session, plan, RouteeOptions(from_number=caller, status_url=status), ScriptedCaller(card)
    ).run()
    for body in (b"{", f'{{"callid":"{caller}","call_status":"{card}","cli_name":"{name}"}}'.encode()):
        async with session.post(hook, data=body) as reply:
            assert reply.status in (401, 429)


def _spellings(private: str) -> set[str]:
    return {
        private,
        private.removeprefix("+"),
        quote(private, safe=""),
        base64.b64encode(private.encode()).decode().rstrip("="),
    }

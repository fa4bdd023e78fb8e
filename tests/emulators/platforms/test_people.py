"""Who is called under a number, the facts that records share, and both platforms behind one port."""

import asyncio
import io
import wave

import pytest
from aiohttp.test_utils import TestServer

from tests.emulators.callr_replies import HANG_UP, HELLO, command
from tests.emulators.plans import plan, say
from tests.emulators.platforms.clients import TARGET, CallrClient, Hooks, RouteeClient
from voiceapp.emulators.caller import Question
from voiceapp.emulators.platforms.background import Background, BrokenInto, Control
from voiceapp.emulators.platforms.callr.platform import CallrPlatform
from voiceapp.emulators.platforms.people import LAST_DIGITS, People, Person
from voiceapp.emulators.platforms.records import country_of, silent_wav, talked
from voiceapp.emulators.platforms.routee.platform import RouteePlatform
from voiceapp.emulators.platforms.serve import make_app
from voiceapp.emulators.transcript import Transcript


@pytest.mark.parametrize(
    ("number", "person"),
    [
        ("+33600000001", Person("busy")),
        ("+33600000002", Person("no_answer")),
        ("+33600000003", Person(machine=True)),
        ("+33600000004", Person("failed")),
        ("+33600000005", Person(keys="!")),
        ("+33600000006", Person(keys="9")),
        ("+33600000101", Person(keys="1")),
    ],
)
def test_the_last_two_digits(number: str, person: Person) -> None:
    persons = {"+33600000101": Person(keys="1")}
    assert People(persons, Person(keys="9"), by_digits=True).of(number) == person
    assert People(persons, person).of(number) == person
    assert len(LAST_DIGITS) == 5


async def test_a_person_is_a_scripted_caller() -> None:
    person = Person(keys="1", voice="silent", leaves=False, drops_at="bye", parties={"+331": "busy"})
    caller = person.caller()
    assert await caller.press(Question("", 5)) == "1"
    assert (await caller.record(), await caller.leave("a"), await caller.hears("goodbye")) == (
        "silent",
        False,
        False,
    )
    assert (await caller.dialled("+331"), await caller.falls_silent()) == ("busy", True)
    machine = Person(keys="1", machine=True).caller()
    assert (await machine.press(Question("", 5)), await machine.falls_silent()) == (None, False)


async def test_how_long_a_phone_rings() -> None:
    people = People({"+331": Person(rings=20), "+332": Person("busy", rings=20)})
    assert [await people.ring("+331", within) for within in (19, 20)] == ["no_answer", "answered"]
    assert await people.ring("+332", 1) == "busy"
    people.waits["+331"] = asyncio.Event()
    assert await people.ring("+331", 0) == "no_answer"
    people.waits["+331"].set()
    assert await people.ring("+331", 5) == "answered"


def test_facts_that_records_share() -> None:
    assert [country_of(number) for number in ("+33612345678", "+4477", "+999")] == ["FR", "GB", ""]
    transcript = Transcript()
    assert talked(transcript) == 1
    transcript.add("hears", "x" * 100)
    transcript.add("silence", "2.5 s")
    transcript.add("pause", "20 s without silence")
    transcript.add("pause", "until it is silent")
    transcript.add("dials", "+331: answered")
    transcript.add("dials", "+331: busy")
    transcript.add("presses", "1")
    assert talked(transcript) == round(6 + 2.5 + 20 + 3 + 30 + 3 + 3)
    with wave.open(io.BytesIO(silent_wav(2))) as file:
        assert (file.getnframes(), file.getframerate(), file.getsampwidth()) == (16_000, 8000, 2)


async def test_what_breaks_a_task_is_not_lost() -> None:
    async def broken() -> None:
        raise ValueError("broken")

    background = Background()
    background.spawn(broken())
    with pytest.raises(ValueError, match="broken"):
        await background.idle()
    await background.idle()
    await background.close()


async def test_an_order_that_waits_breaks_into_what_comes_next() -> None:
    control: Control[str] = Control()
    assert await control.run(asyncio.sleep(0, 5)) == 5
    control.give("a")
    with pytest.raises(BrokenInto):
        await control.run(asyncio.Event().wait())
    assert control.take() == "a"
    assert await control.run(asyncio.sleep(0, 6)) == 6


async def test_both_platforms_behind_one_port(hooks: Hooks) -> None:
    shown: list[str] = []
    callr, routee = CallrPlatform(), RouteePlatform()
    async with TestServer(make_app(callr, routee, shown.append)) as running:
        client = CallrClient(callr, str(running.make_url("/json-rpc/v1.1/")))
        hooks.reply(command("play", media_id=HELLO), HANG_UP)
        await client("calls.realtime", await client.realtime_app(hooks.url), TARGET, None)
        await callr.idle()
        async with RouteeClient(routee, str(running.make_url(""))) as other:
            await other.log_in()
            body = {"from": "+331", "to": {"phone": "+33622222222"}, "dialPlan": plan(say("Hi"))}
            await other.ok("POST", "/voice/conversation", body)
            await routee.idle()
    assert shown == [
        "+33611111110 rings       -> +33611111110",
        "+33611111110 hears      Hello",
        "+33611111110 hangs up   server",
        "+33622222222 rings      +331 -> +33622222222",
        "+33622222222 hears      Hi",
        "+33622222222 hangs up   server",
    ]

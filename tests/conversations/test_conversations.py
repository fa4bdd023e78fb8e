"""Every conversation of this folder's YAML files, over HTTP, on both databases, with every post sent twice."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.conversations.script import CarrierName, Scene, read_scripts
from tests.servers import API_KEY, Asked, BackEnd, Clock, Served, back_end, serving, write_flows
from tests.store.databases import postgres_schema, sqlite_url
from voiceapp.emulators.transcript import Transcript
from voiceapp.emulators.wire import Duplicates

TEXTS, SCENES = read_scripts(Path(__file__).parent)
ABOUT_THE_CALL = ("call", "flow", "carrier", "direction")
PLAYED = [(scene, carrier) for scene in SCENES for carrier in scene.conversation.carriers]


class House(NamedTuple):
    """Where conversations are played: a database, how often each post comes, and which of the two ways to read
    Routee's documentation both sides take."""

    database: str = "sqlite"
    copies: Duplicates = Duplicates()
    settings: Mapping[str, str] = {}
    routee: Mapping[str, bool] = {}


AT_ONCE = Duplicates(times=2, at_once=True)
HOUSES = {
    "sqlite, every post twice": House(copies=Duplicates(times=2)),
    "sqlite, twice at once": House(copies=AT_ONCE),
    "postgresql, twice at once": House("postgresql", AT_ONCE),
    "tones repeat the whole call": House(settings={"routee_tones": "whole_call"}, routee={"whole_call": True}),
    "COLLECT counts from the plan's beginning": House(routee={"collect_from_start": True}),
}
PERFORMANCES = {
    f"{place}, {scene}, {carrier}": (house, scene, carrier)
    for place, house in HOUSES.items()
    for scene, carrier in PLAYED
    if carrier == "routee" or not (house.settings or house.routee)
}
SECRET = "the-secret-of-routee"
CREDENTIALS = {
    "api_keys": API_KEY,
    "callr_login": "callr",
    "callr_password": "password",
    "routee_secret": SECRET,
}


class Stage(NamedTuple):
    """A server, its clock and the back end of its flows."""

    served: Served
    clock: Clock
    back_end: BackEnd


Stages = Callable[[House], Awaitable[Stage]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stages(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stages]:
    """One server for each database and settings, started when it is first needed, that serves all flows."""
    open_stages: dict[str, Stage] = {}
    async with AsyncExitStack() as stack:

        async def stage(house: House) -> Stage:
            name = "_".join([house.database, *house.settings])
            if name not in open_stages:
                folder = tmp_path_factory.mktemp(name)
                sqlite = house.database == "sqlite"
                url = sqlite_url(folder) if sqlite else stack.enter_context(postgres_schema())
                asked = await stack.enter_async_context(back_end())
                flows = write_flows(folder / "flows", *(asked.flow(text) for text in TEXTS))
                clock = Clock()
                served = await stack.enter_async_context(
                    serving(flows, url, clock=clock, **CREDENTIALS, **house.settings)
                )
                open_stages[name] = Stage(served, clock, asked)
            return open_stages[name]

        yield stage


async def play(stage: Stage, scene: Scene, carrier: CarrierName, ref: str, house: House) -> Transcript:
    conversation, served = scene.conversation, stage.served
    options = {**conversation.carrier, **house.routee, "duplicates": house.copies}
    if carrier == "callr":
        query = f"?{urlencode(conversation.inputs)}"
        call = served.callr(scene.flow + query, callid=int(ref), login="callr", password="password", **options)
        return await call.run(conversation.caller())
    query = f"?{urlencode({**conversation.inputs, 'secret': SECRET})}"
    if conversation.machine:
        options["machine_url"] = served.hook("routee", scene.flow, "/machine" + query)
    options["status_url"] = served.hook("routee", scene.flow, "/status" + query)
    return await served.routee(scene.flow + query, conversation=ref, **options).run(conversation.caller())


def _told(asked: Asked) -> str:
    """A request as a conversation's file has it; of a notification only what the flow says in it."""
    if isinstance(asked.body, dict) and asked.body.get("type") == "call.notify":
        own = {name: value for name, value in asked.body["data"].items() if name not in ABOUT_THE_CALL}
        return str(asked._replace(body=own))
    return str(asked)


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("house", "scene", "carrier"), PERFORMANCES.values(), ids=PERFORMANCES)
async def test_a_conversation(stages: Stages, house: House, scene: Scene, carrier: CarrierName) -> None:
    stage, conversation = await stages(house), scene.conversation
    served, asked = stage.served, stage.back_end
    stage.clock.set(conversation.at or Clock()())
    asked.answers = conversation.back_end
    asked.asked.clear()
    ref = str(uuid4().int >> 65)

    transcript = await play(stage, scene, carrier, ref, house)
    await asked.until_asked(len(conversation.asked))

    lines = transcript.text().splitlines(keepends=True)
    assert "".join(lines[1:]) == conversation.lines(carrier)
    assert [_told(one) for one in asked.asked] == conversation.asked
    assert await served.replayed(carrier, ref) == ()

    stored = await served.stored(carrier, ref)
    status, view = await served.get(f"/v1/calls/{stored.call.id}", Authorization=f"Bearer {API_KEY}")
    assert status == 200
    assert (view["answers"], view["end_reason"]) == (conversation.answers, conversation.ends(carrier))
    assert (view["partial"], view["state"], view["live"]) == (conversation.partial, conversation.state, False)
    assert [turn["number"] for turn in view["trace"]] == list(range(1, stored.log + 1))


def test_every_file_has_conversations_on_both_carriers_or_says_which() -> None:
    assert {scene.file for scene, _ in PLAYED} == {scene.file for scene in SCENES}

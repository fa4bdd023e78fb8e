"""Every conversation of this folder's YAML files, over HTTP, on both databases, with every post sent twice."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
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
AT_ONCE = Duplicates(times=2, at_once=True)
HOUSES = {
    "sqlite, every post twice": ("sqlite", Duplicates(times=2)),
    "sqlite, twice at once": ("sqlite", AT_ONCE),
    "postgresql, twice at once": ("postgresql", AT_ONCE),
}


class Stage:
    """A server, its clock and the back end of its flows."""

    def __init__(self, served: Served, clock: Clock, back_end: BackEnd) -> None:
        self.served = served
        self.clock = clock
        self.back_end = back_end


SECRET = "the-secret-of-routee"
CREDENTIALS = {
    "api_keys": API_KEY,
    "callr_login": "callr",
    "callr_password": "password",
    "routee_secret": SECRET,
}

Stages = Callable[[str], Awaitable[Stage]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stages(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stages]:
    """One server a database, started when it is first needed, that serves all flows of all conversations."""
    open_stages: dict[str, Stage] = {}
    async with AsyncExitStack() as stack:

        async def stage(database: str) -> Stage:
            if database not in open_stages:
                folder = tmp_path_factory.mktemp(database)
                url = sqlite_url(folder) if database == "sqlite" else stack.enter_context(postgres_schema())
                asked = await stack.enter_async_context(back_end())
                flows = write_flows(folder / "flows", *(asked.flow(text) for text in TEXTS))
                clock = Clock()
                served = await stack.enter_async_context(serving(flows, url, clock=clock, **CREDENTIALS))
                open_stages[database] = Stage(served, clock, asked)
            return open_stages[database]

        yield stage


async def play(stage: Stage, scene: Scene, carrier: CarrierName, ref: str, copies: Duplicates) -> Transcript:
    conversation, served = scene.conversation, stage.served
    options = {**conversation.carrier, "duplicates": copies}
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
@pytest.mark.parametrize(("scene", "carrier"), PLAYED, ids=[f"{scene}, {carrier}" for scene, carrier in PLAYED])
@pytest.mark.parametrize(("database", "copies"), HOUSES.values(), ids=HOUSES)
async def test_a_conversation(
    stages: Stages, database: str, scene: Scene, carrier: CarrierName, copies: Duplicates
) -> None:
    stage, conversation = await stages(database), scene.conversation
    served, asked = stage.served, stage.back_end
    stage.clock.set(conversation.at or Clock()())
    asked.answers = conversation.back_end
    asked.asked.clear()
    ref = str(uuid4().int >> 65)

    transcript = await play(stage, scene, carrier, ref, copies)
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

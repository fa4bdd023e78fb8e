"""Flows change while people are on the line (F28)."""

from pathlib import Path

import pytest

from tests.faults.lines import CallrLine
from tests.servers import Served, serving, write_flows
from voiceapp.flow.library import load_library

pytestmark = pytest.mark.fault

FLOW = """\
flow: greeting
languages: [en-GB]
steps:
  hello: {{say: "Hello, {number}."}}
  ask: {{ask: "Question {number}?", answer: {{digits: 1}}, save: "answer_{number}"}}
  inner: {{run: helper, save: helped}}
  bye: {{end: "Bye, {number}."}}
"""
HELPER = """\
flow: helper
languages: [en-GB]
steps:
  say: {{say: "Helper {number}."}}
"""
BROKEN = [
    "flow: greeting\nlanguages: [en-GB]\nsteps:\n  a: {say: x, next: nowhere}\n",
    "flow: greeting\nlanguages: [en-GB\n",
    "",
    "flow: other\nlanguages: [en-GB]\nsteps: {a: {say: x}}\n",
    "\x00",
]


def change(flows: Path, number: int) -> None:
    write_flows(flows, FLOW.format(number=number), HELPER.format(number=number))


def spoken(line: CallrLine) -> list[str]:
    return [
        str(post.said["params"]["media_id"]).rpartition("|")[2]
        for post in line.sent
        if post.said["command"] in ("play", "read")
    ]


def golden(number: int) -> list[str]:
    return [f"Hello, {number}.", f"Question {number}?", f"Helper {number}.", f"Bye, {number}."]


async def test_f28_each_call_keeps_the_version_it_began_with(tmp_path: Path, database_url: str) -> None:
    """Reloads, half of them broken, and restarts, with calls in each window of each version."""
    flows = tmp_path / "flows"
    lines: list[tuple[int, CallrLine]] = []
    number = 0
    for _restart in range(3):
        number += 1
        change(flows, number)
        async with serving(flows, database_url) as served:
            for _, line in lines:
                line.server = served
            for reload in range(5):
                number += 1
                change(flows, number)
                await served.server.flows.reload()
                lines += [(number, CallrLine(served, number, flow="greeting"))]
                (flows / "greeting.yaml").write_text(BROKEN[reload])
                await served.server.flows.reload()
                assert (await served.get("/readyz"))[0] == 200
                for _, line in lines:
                    if len(line.sent) < 5 and (not line.sent or line.sent[-1].said["command"] != "hangup"):
                        await line.next()
                fresh = CallrLine(served, 1000 + number, flow="greeting")
                await fresh.next()
                assert spoken(fresh) == [f"Hello, {number}."], "a broken file changed what new callers hear"
            assert _reloads(served) == (5, 5)
    change(flows, number)
    async with serving(flows, database_url) as served:
        for began_with, line in lines:
            line.server = served
            while line.sent[-1].said["command"] != "hangup":
                await line.next()
            await line.hang_up()
            assert spoken(line) == golden(began_with)
            assert await served.replayed("callr", line.callid) == ()


def _reloads(served: Served) -> tuple[float, float]:
    loaded, failed = (served.count("voiceapp_flow_reloads_total", result=how) for how in ("loaded", "failed"))
    return loaded, failed


async def test_f28_a_flow_that_is_taken_away(tmp_path: Path, database_url: str) -> None:
    """New calls are refused; who is on the line is not."""
    flows = tmp_path / "flows"
    change(flows, 1)
    write_flows(flows, "flow: rest\nlanguages: [en-GB]\nsteps:\n  a: {say: x}\n")
    async with serving(flows, database_url) as served:
        line = CallrLine(served, 1, flow="greeting")
        await line.next()
        (flows / "greeting.yaml").unlink()
        await served.server.flows.reload()
        status, _ = await served.post("/hooks/callr/greeting", CallrLine(served, 2).request())
        assert status == 404
        for _ in range(4):
            await line.next()
        assert spoken(line) == golden(1)


async def test_f28_a_flow_is_the_same_version_again(tmp_path: Path, database_url: str) -> None:
    flows = tmp_path / "flows"
    change(flows, 1)
    version = load_library(flows).scripts["greeting"].version
    async with serving(flows, database_url) as served:
        change(flows, 2)
        await served.server.flows.reload()
        assert served.server.flows.scripts["greeting"].version != version
        change(flows, 1)
        await served.server.flows.reload()
        assert served.server.flows.scripts["greeting"].version == version

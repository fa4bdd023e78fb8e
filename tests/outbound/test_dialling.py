"""Flows that want to dial what may not be dialled, on both carriers and over HTTP: it is never dialled."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Clock, Served, serving, write_flows
from tests.store.databases import sqlite_url
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.emulators.callr import CallrCall
from voiceapp.emulators.routee import RouteeCall
from voiceapp.events import DialRefused

FRENCH, PARIS, OTHER = "+33612345678", "+33123456780", "+33123456781"
AMERICAN, PREMIUM, SATELLITE = "+12125551234", "+33891123456", "+881612345678"
CARRIERS = ("callr", "routee")
ENDS = """\
  taken: {end: You were connected.}
  nobody: {end: Nobody answers.}
  refused: {end: That may not be dialled.}
"""
WAYS = "busy: nobody, no_answer: nobody, failed: {failed}"
FAILED = {"callr": "refused", "routee": "nobody"}
"""Routee goes on alike, whyever nobody was reached."""


def a_flow(dial: str, more: str = "", *, name: str = "forward", head: str = "", failed: str = "nobody") -> str:
    """Says hello and dials; `more` stands between both."""
    return (
        f"flow: {name}\nlanguages: [en-GB]\n{head}\nsteps:\n  hello: {{say: Hello.}}\n{more}"
        f"  connect: {{dial: {dial}, {WAYS.format(failed=failed)}}}\n{ENDS}"
    )


def played(served: Served, carrier: str, flow: str = "forward", *, number: int = 1, **options: Any) -> Any:
    """A call, still to be run; `number` tells it from others, `caller` is who calls."""
    parties, caller, keys = options.get("parties", {}), options.get("caller", FRENCH), options.get("keys", "")
    script = ScriptedCaller(keys, parties=parties)
    if carrier == "callr":
        return served.callr(flow, script, callid=number, cli_number=caller)
    return served.routee(flow, script, conversation=str(number), from_number=caller)


def dialled(call: CallrCall | RouteeCall) -> list[str]:
    """Every number in every reply, dialled or not: what the carrier was told."""
    found = []
    for exchange in call.transcript.exchanges:
        reply = exchange.reply if isinstance(exchange.reply, dict) else {}
        if reply.get("command") == "dialout":
            found += [target["number"] for target in reply["params"]["targets"]]
        for verb in reply.get("verbs", ()):
            if verb["type"] == "DIAL":
                found.append(verb["to"].get("phone") or f"sip:{verb['to']['sip']}")
    return found


async def as_it_was(served: Served, carrier: str, number: int = 1) -> bool:
    """Whether the call comes out the same, byte for byte, when it is run again from its log."""
    return await served.replayed(carrier, number) == ()


async def refusals(served: Served, carrier: str, number: int = 1) -> list[tuple[str, str]]:
    """The numbers that the call may not dial, and why."""
    events = [event for turn in await served.log(carrier, number) for event in turn.events]
    return [
        pair
        for event in events
        if isinstance(event, DialRefused)
        for pair in zip(event.numbers, event.reasons, strict=True)
    ]


def open_server(folder: Path, *flows: str, **settings: Any) -> Any:
    return serving(write_flows(folder / "flows", *flows), sqlite_url(folder), **settings)


TARGETS: dict[str, tuple[str, str]] = {
    "a number": (PARIS, ""),
    "another country": (AMERICAN, "region"),
    "premium": (PREMIUM, "type"),
    "satellite": (SATELLITE, "prefix"),
    "nobody's": ("+33012345678", "not_a_number"),
}


@pytest.mark.parametrize("written_out", [True, False], ids=["written out", "of the caller"])
@pytest.mark.parametrize("carrier", CARRIERS)
async def test_numbers_that_may_not_be_dialled(tmp_path: Path, carrier: str, written_out: bool) -> None:
    flows = {
        f"f{place}": a_flow(
            f'"{target if written_out else "{{ number }}"}"',
            name=f"f{place}",
            failed=FAILED[carrier],
            head=f'inputs: {{number: {{default: "{target}"}}}}',
        )
        for place, (target, _) in enumerate(TARGETS.values())
    }
    async with open_server(tmp_path, *flows.values()) as served:
        for (target, code), flow, number in zip(TARGETS.values(), flows, range(1, 99), strict=False):
            call = played(served, carrier, flow, number=number, parties={target: "busy"})
            await call.run()
            assert (dialled(call), call.transcript.defects) == ([] if code else [target], [])
            last = "That may not be dialled." if code and carrier == "callr" else "Nobody answers."
            assert call.transcript.heard == ["Hello.", last]
            assert await refusals(served, carrier, number) == ([(target, code)] if code else [])
            assert await as_it_was(served, carrier, number)
            if code:
                assert served.count("voiceapp_dials_refused_total", carrier=carrier, reason=code) == 1


ADDRESSES = {"sip:desk@example.com": "", "sip:desk@example.org": "sip_host"}


async def test_addresses_on_routee(tmp_path: Path) -> None:
    flows = [a_flow(f'"{address}"', name=f"f{at}") for at, address in enumerate(ADDRESSES)]
    async with open_server(tmp_path, *flows) as served:
        for at, (address, code) in enumerate(ADDRESSES.items()):
            call = played(served, "routee", f"f{at}", number=at + 1)
            await call.run()
            assert dialled(call) == ([] if code else [address])
            assert [why for _, why in await refusals(served, "routee", at + 1)] == ([code] if code else [])


LISTS: dict[str, tuple[list[str], list[str]]] = {
    "the first is refused": ([AMERICAN, PARIS], [PARIS]),
    "the last is refused": ([PARIS, PREMIUM], [PARIS]),
    "one in the middle": ([PARIS, SATELLITE, OTHER], [PARIS, OTHER]),
    "all": ([AMERICAN, PREMIUM], []),
    "none": ([PARIS, OTHER], [PARIS, OTHER]),
}


@pytest.mark.parametrize(("targets", "left"), LISTS.values(), ids=LISTS)
async def test_the_others_are_dialled(tmp_path: Path, targets: list[str], left: list[str]) -> None:
    """On CALLR, which takes several; with a recording, which is not begun for nobody."""
    dial = f"[{', '.join(map(repr, targets))}], record: true"
    async with open_server(tmp_path, a_flow(dial, failed="refused")) as served:
        call = played(served, "callr", parties=dict.fromkeys(targets, "no_answer"))
        await call.run()
        assert dialled(call) == left
        assert call.transcript.of("recording") == (["on", "off"] if left else [])
        assert call.transcript.heard == ["Hello.", "Nobody answers." if left else "That may not be dialled."]
        refused = [number for number, _ in await refusals(served, "callr")]
        assert refused == [target for target in targets if target not in left]
        assert await as_it_was(served, "callr")


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_a_step_without_a_way_goes_on_below(tmp_path: Path, carrier: str) -> None:
    text = "flow: forward\nlanguages: [en-GB]\nsteps:\n  a: {dial: '+12125551234'}\n  b: {end: Below.}\n"
    async with open_server(tmp_path, text) as served:
        call = played(served, carrier)
        await call.run()
        assert (dialled(call), call.transcript.heard) == ([], ["Below."])


PATTERNS: dict[str, tuple[str, str, str]] = {
    "fits": ('["+331*"]', PARIS, ""),
    "fits to the letter": (f'["+30*", "{FRENCH}"]', FRENCH, ""),
    "fits none": ('["+331*", "+30*"]', FRENCH, "pattern"),
    "fits, but is no good": ('["+1*"]', AMERICAN, "region"),
}


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_what_the_flow_itself_may_dial(tmp_path: Path, carrier: str) -> None:
    flows = [
        a_flow(f'"{target}"', name=f"f{at}", head=f"may_dial: {patterns}")
        for at, (patterns, target, _) in enumerate(PATTERNS.values())
    ]
    async with open_server(tmp_path, *flows) as served:
        for at, (_, target, code) in enumerate(PATTERNS.values()):
            call = played(served, carrier, f"f{at}", number=at + 1)
            await call.run()
            assert dialled(call) == ([] if code else [target])
            assert [why for _, why in await refusals(served, carrier, at + 1)] == ([code] if code else [])


WAIT = "  {name}: {{ask: Keys {name}., answer: {{digits: 1}}, tries: 1, otherwise: {way}}}\n"
RUNS = "flow: outer\nlanguages: [en-GB]\n{head}\nsteps:\n{wait}  first: {{run: forward}}\n  last: {{end: Done.}}\n"
INNER: dict[str, tuple[str, str, bool]] = {
    "the inner's": ("", 'may_dial: ["+331*"]', False),
    "the outer's, where the inner has none": ('may_dial: ["+331*"]', "", False),
    "the inner's before the outer's": ('may_dial: ["+331*"]', 'may_dial: ["+336*"]', True),
    "neither": ("", "", True),
}


@pytest.mark.parametrize("silent", ["nowhere", "in the outer flow", "in the inner flow"])
@pytest.mark.parametrize("carrier", CARRIERS)
async def test_what_a_flow_may_dial_that_another_runs(tmp_path: Path, carrier: str, silent: str) -> None:
    """At once, and behind a silence, where Routee's plan says it before anybody is silent."""
    outside = WAIT.format(name="one", way="first") if silent == "in the outer flow" else ""
    inside = WAIT.format(name="two", way="connect") if silent == "in the inner flow" else ""
    for at, (outer, inner, may) in enumerate(INNER.values()):
        flows = (RUNS.format(head=outer, wait=outside), a_flow(f'"{FRENCH}"', inside, head=inner))
        async with open_server(tmp_path / str(at), *flows) as served:
            call = played(served, carrier, "outer", parties={FRENCH: "busy"})
            await call.run()
            assert dialled(call) == ([FRENCH] if may else [])
            assert await as_it_was(served, carrier)


# caps


TWICE = f"""\
flow: forward
languages: [en-GB]
inputs: {{number: {{default: "{PARIS}"}}}}
steps:
  first: {{dial: "{{{{ number }}}}", busy: again, no_answer: again, failed: refused}}
  again: {{dial: "{OTHER}", {WAYS.format(failed="refused")}}}
{ENDS}"""


@pytest.mark.parametrize(("most", "told"), [(0, [PARIS, OTHER]), (2, [PARIS, OTHER]), (1, [PARIS])])
async def test_what_one_call_may_dial(tmp_path: Path, most: int, told: list[str]) -> None:
    async with open_server(tmp_path, TWICE, dial_per_call=most) as served:
        for number in (1, 2):
            call = played(served, "callr", number=number, parties={PARIS: "busy", OTHER: "busy"})
            await call.run()
            assert dialled(call) == told
            assert call.transcript.heard == ["Nobody answers." if len(told) == 2 else "That may not be dialled."]
            assert await refusals(served, "callr", number) == ([] if len(told) == 2 else [(OTHER, "cap")])
            assert await as_it_was(served, "callr", number)


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_what_one_caller_may_have_dialled_in_an_hour(tmp_path: Path, carrier: str) -> None:
    clock = Clock()
    async with open_server(tmp_path, a_flow(f'"{PARIS}"'), clock=clock, dial_per_caller=2) as served:
        numbers = iter(range(1, 99))

        async def told(caller: str) -> list[str]:
            number = next(numbers)
            call = played(served, carrier, number=number, caller=caller)
            await call.run()
            assert await as_it_was(served, carrier, number)
            return dialled(call)

        assert [await told(FRENCH) for _ in range(3)] == [[PARIS], [PARIS], []]
        assert await told(OTHER) == [PARIS], "another caller"
        clock.skip(timedelta(hours=1))
        assert await told(FRENCH) == [PARIS], "another hour"


@pytest.mark.parametrize(
    ("setting", "target", "told"),
    [
        ("dial_per_destination", "{{ number }}", [[PARIS], [], [PARIS]]),
        ("dial_per_destination", PARIS, [[PARIS], [PARIS], [PARIS]]),
        ("dial_per_day", PARIS, [[PARIS], [], [PARIS]]),
    ],
    ids=["a destination", "one that the author wrote out", "a day"],
)
async def test_what_is_dialled_in_a_day(tmp_path: Path, setting: str, target: str, told: list[list[str]]) -> None:
    clock, flow = Clock(), a_flow(f'"{target}"', head=f'inputs: {{number: {{default: "{PARIS}"}}}}')
    settings: dict[str, Any] = {setting: 1}
    async with open_server(tmp_path, flow, clock=clock, **settings) as served:
        found = []
        for number in (1, 2, 3):
            if number == 3:
                clock.skip(timedelta(days=1))
            call = played(served, "callr", number=number, caller=f"+3361234567{number}")
            await call.run()
            found.append(dialled(call))
        assert found == told


async def test_a_turn_that_comes_again_counts_once(tmp_path: Path) -> None:
    async with open_server(tmp_path, a_flow(f'"{PARIS}"'), dial_per_caller=2) as served:
        call = played(served, "callr")
        await call.start()
        await call.post()
        for _ in range(5):
            await call.post(command_result="0", call_status="UP")
        other = played(served, "callr", number=2)
        await other.run()
        assert dialled(other) == [PARIS]


# Routee's plans say what comes later


PLANS: dict[str, tuple[str, str, list[str]]] = {
    "behind a silence": (WAIT.format(name="one", way="connect"), AMERICAN, []),
    "behind two": (WAIT.format(name="one", way="two") + WAIT.format(name="two", way="connect"), PREMIUM, []),
    "behind a silence, and allowed": (WAIT.format(name="one", way="connect"), PARIS, [PARIS]),
}


@pytest.mark.parametrize(("between", "target", "told"), PLANS.values(), ids=PLANS)
async def test_a_plan_holds_no_refused_number(tmp_path: Path, between: str, target: str, told: list[str]) -> None:
    async with open_server(tmp_path, a_flow(f'"{target}"', between)) as served:
        call = played(served, "routee", parties={PARIS: "busy"})
        await call.run()
        assert (dialled(call), call.transcript.defects) == (told, [])
        assert call.transcript.heard[-1] == "Nobody answers."
        refused = {number for number, _ in await refusals(served, "routee")}
        assert refused == ({target} if target != PARIS else set())
        assert await as_it_was(served, "routee")


async def test_what_a_first_plan_may_dial_counts(tmp_path: Path) -> None:
    """It may be dialled without our being asked again."""
    flow = a_flow(f'"{PARIS}"', WAIT.format(name="one", way="connect"))
    async with open_server(tmp_path, flow, dial_per_caller=1) as served:
        for number, told in ((1, [PARIS]), (2, [])):
            call = played(served, "routee", number=number)
            await call.run()
            assert dialled(call) == told
            assert await as_it_was(served, "routee", number)


async def test_each_later_plan_is_judged_too(tmp_path: Path) -> None:
    """A key leads to another question; behind the silence after that one, a number is refused."""
    keys = """\
  ask:
    menu: Press 1.
    keys: {1: two}
    tries: 1
    otherwise: nobody
  two: {ask: Keys., answer: {digits: 1}, tries: 1, otherwise: connect}
"""
    async with open_server(tmp_path, a_flow(f'"{AMERICAN}"', keys)) as served:
        call = played(served, "routee", keys="1 .")
        await call.run()
        assert dialled(call) == []
        assert call.transcript.heard[-1] == "Nobody answers."
        assert await refusals(served, "routee") == [(AMERICAN, "region")]
        assert await as_it_was(served, "routee")


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_a_server_that_allows_no_country_dials_nobody(tmp_path: Path, carrier: str) -> None:
    async with open_server(tmp_path, a_flow(f'"{PARIS}"'), dial_regions=()) as served:
        call = played(served, carrier)
        await call.run()
        assert (dialled(call), await refusals(served, carrier)) == ([], [(PARIS, "region")])

"""The manners of carriers are complete, those of their codecs, and agree with what is refused."""

from pathlib import Path

import msgspec
import pytest

from tests.check.cases import CASES, subject
from tests.flow.scenes import MONDAY_NOON, flow, opening, script
from voiceapp.carriers import Callr, CallrOptions, Carrier, Routee, RouteeOptions
from voiceapp.carriers.narrowed import narrowed
from voiceapp.carriers.portable import HEAD, Manner, Portability
from voiceapp.check.portability import ported
from voiceapp.events import CallOffered
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.library import load_library
from voiceapp.flow.steps import BY_VERB
from voiceapp.turn import answer, happen, opened

ROOT = Path(__file__).parent.parent.parent
CALLR: Carrier = Callr(CallrOptions())
ROUTEE: Carrier = Routee(RouteeOptions(public_url="https://calls.example.com"))
CARRIERS = (CALLR, ROUTEE)
BY_NAME = pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.name)

NUMBER = '"+33123456789"'
WRITTEN = {
    ("say", ""): "say: Hello.",
    ("play", ""): "play: {audio: chime.wav, text: Ding., media: {callr: 7}}",
    ("pause", ""): "pause: 2",
    ("menu", ""): "menu: Press 1.\nkeys: {1: bye}\ntries: 1",
    ("ask", ""): "ask: Your code.\nanswer: {digits: 4}\ntries: 1",
    ("record", ""): "record: Speak.",
    ("dial", ""): f"dial: {NUMBER}",
    ("conference", ""): "conference: monday",
    ("branch", ""): "branch:\n  - {if: \"caller == ''\", next: bye}",
    ("hours", ""): 'hours: {mon-fri: "09:00-17:00"}\nclosed: bye',
    ("set", ""): "set: {x: 1}",
    ("fetch", ""): "fetch: https://example.com/",
    ("run", ""): "run: inner",
    ("send_keys", ""): 'send_keys: "12"',
    ("notify", ""): "notify: https://example.com/",
    ("opt_out", ""): "opt_out: true",
    ("call_back", ""): "call_back: true\nafter: 60\nflow: inner",
    ("end", ""): "end: true",
    ("say", "a sound without `media: {callr: …}`"): "say: {audio: chime.wav, text: Ding.}",
    ("say", "a list of texts and sounds"): "say: [Hello., {audio: a.wav, text: A., media: {callr: 7}}]",
    ("record", "a list of texts and sounds"): "record: [Hello., {audio: a.wav, text: A., media: {callr: 7}}]",
    ("menu", "a list of texts and sounds"): "menu: [One., {audio: a.wav, text: A., media: {callr: 7}}]\n"
    "keys: {1: bye}\ntries: 1",
    ("dial", "a list of texts and sounds"): f"dial: {NUMBER}\nwhisper: [One., Two.]",
    ("say", "`interruptible`"): "say: Hello.\ninterruptible: true",
    ("say", "`times`"): "say: Hello.\ntimes: 2",
    ("pause", "more than 30 s"): "pause: 31",
    ("pause", "more than 60 s"): "pause: 61",
    ("menu", "`tries`"): "menu: Press 1.\nkeys: {1: bye}",
    ("menu", "`interruptible: false`"): "menu: Press 1.\nkeys: {1: bye}\ntries: 1\ninterruptible: false",
    ("menu", "`#` among its keys"): 'menu: Press 1.\nkeys: {"#": bye}\ntries: 1',
    ("ask", "`confirm`"): "ask: Your code.\nanswer: {digits: 4}\ntries: 1\nconfirm: true",
    ("ask", "an answer of up to 2 keys that may be shorter"): "ask: How many?\nanswer: {number: 0-10}\ntries: 1",
    ("ask", "an answer of more than 2 keys that may be shorter"): "ask: Code.\nanswer: {digits: 3-5}\ntries: 1",
    ("record", "`review`"): "record: Speak.\nreview: true",
    ("dial", "several numbers"): f'dial: [{NUMBER}, "+33123456780"]',
    ("dial", "`sip:` addresses"): "dial: sip:desk@example.com",
    ("dial", "`max`"): f"dial: {NUMBER}\nmax: 60",
    ("dial", "`answered`"): f"dial: {NUMBER}\nanswered: bye",
    ("dial", "`whisper`"): f"dial: {NUMBER}\nwhisper: Hello.",
    ("dial", "`music`"): f"dial: {NUMBER}\nmusic: true",
    ("dial", "`record`"): f"dial: {NUMBER}\nrecord: true",
    ("dial", "`caller_id: hidden`"): f"dial: {NUMBER}\ncaller_id: hidden",
    ("dial", "`busy`, `no_answer`, `failed`"): f"dial: {NUMBER}\nno_answer: bye\nbusy: bye\nfailed: bye",
    ("fetch", "`meanwhile`"): "fetch: https://example.com/\nmeanwhile: One moment.",
}
"""A step for every verb (`""`: nothing but the verb is written) and for every key that has a manner of its own."""


def of(verb: str, key: str = "") -> Script:
    body = "\n".join(f"  {line}" for line in WRITTEN[verb, key].splitlines())
    return script(f"it:\n{body}\nbye: {{end: Bye.}}", inner="\n\nhello: {say: Hello.}")


@BY_NAME
def test_every_verb_has_a_manner_on_every_carrier(carrier: Carrier) -> None:
    assert set(carrier.manners.verbs) == set(BY_VERB)
    assert {verb for item in carrier.manners.keys for verb in item.verbs} <= set(BY_VERB)


@BY_NAME
def test_every_manner_is_that_of_some_step_here(carrier: Carrier) -> None:
    keys = {(verb, item.key) for item in carrier.manners.keys for verb in item.verbs}
    shown = {(verb, key) for verb, key in WRITTEN if key}
    assert {key for _, key in keys} <= {key for _, key in shown}
    for verb, key in shown & keys:
        expected = next(one.manner for one in carrier.manners.keys if one.key == key and verb in one.verbs)
        assert expected in carrier.portability(of(verb, key).flow)["it"], (verb, key)
    for verb in BY_VERB:
        assert carrier.portability(of(verb).flow)["it"] == (carrier.manners.verbs[verb],), verb


def commands(one: Script, carrier: Carrier) -> set[str]:
    """The commands of the carrier that stand in its reply to the first post and, where it takes one a reply, wait
    behind that."""
    before = happen(one, carrier, opened(opening(one), one), [CallOffered(at=MONDAY_NOON)])
    found: set[str] = set()
    call = before.call
    while call.outbox:
        reply = msgspec.json.decode(answer(one, carrier, msgspec.structs.replace(before, call=call)).reply)
        found |= {verb["type"] for verb in reply.get("verbs", [])} | {reply.get("command", "")}
        call = msgspec.structs.replace(call, outbox=() if carrier.takes_plan else call.outbox[1:])
    return found


@BY_NAME
@pytest.mark.parametrize(("verb", "key"), WRITTEN, ids=lambda part: part)
def test_the_named_command_is_what_the_carrier_is_told(carrier: Carrier, verb: str, key: str) -> None:
    one = of(verb, key)
    manners = [manner for manner in carrier.portability(one.flow)["it"] if manner.command]
    later = {"play_record"} | ({"read"} if "confirm" in key else set())
    if carrier.misfits(one.flow) or verb == "fetch":
        return
    for manner in manners:
        assert manner.command in commands(one, carrier) | later, manner


def impossibles(manners: tuple[Manner, ...]) -> set[str]:
    return {manner.words for manner in manners if manner.portability is Portability.IMPOSSIBLE}


def agree(one: Flow, carrier: Carrier) -> None:
    misfits = carrier.misfits(one)
    done = carrier.portability(one)
    for name in narrowed(one, carrier.name).steps:
        assert impossibles(done[name]) == {misfit.message for misfit in misfits if misfit.path[0] == name}, name
    assert impossibles(done[HEAD]) == {misfit.message for misfit in misfits if misfit.path[0] not in one.steps}


@BY_NAME
def test_what_is_called_impossible_is_what_is_refused(carrier: Carrier) -> None:
    for verb, key in WRITTEN:
        agree(of(verb, key).flow, carrier)
    for folder in (ROOT / "flows", ROOT / "tests" / "flows" / "shared"):
        for whole in load_library(folder).scripts.values():
            agree(whole.flow, carrier)
    for _, case in CASES:
        agree(subject("test", {"test": case.flow, **case.others}).flow, carrier)


def test_steps_that_others_come_to_and_flows_that_are_run() -> None:
    whole = script(
        """
        which:
          branch:
            - {if: "carrier == 'callr'", next: message}
          otherwise: more
        message: {record: Speak., next: end}
        more: {run: inner, next: end}
        """.replace("\n        ", "\n"),
        "on_machine: message",
        inner="\n\nroom: {conference: monday}",
    )
    found = ported(whole, CARRIERS)
    rows = {row.step: row for row in found.rows}
    assert list(rows) == [HEAD, "which", "message", "more"]
    assert rows["more"].portability("callr") is None
    assert rows["message"].portability("callr") is Portability.NATIVE
    assert impossibles(rows["more"].manners["routee"]) == {"Routee cannot do the flow 'inner'"}
    assert rows["which"].portability("routee") is Portability.OURS
    assert found.served == {"callr": True, "routee": False}


def test_a_flow_that_says_nothing_above_its_steps_has_no_row_for_that() -> None:
    plain = flow("bye: {end: Bye.}", "languages: [en-GB]")
    assert [row.step for row in ported(Script(plain, {"test": plain}, ""), CARRIERS).rows] == ["bye"]
    strange = flow("bye: {end: Bye.}", "languages: [ja-JP]")
    head = ported(Script(strange, {"test": strange}, ""), CARRIERS).rows[0]
    assert impossibles(head.manners["routee"]) == {"Routee does not speak ja-JP"}

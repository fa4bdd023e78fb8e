"""When tones are gathered, submitted and forgotten; each way of reading the documentation."""

from typing import Any

import pytest

from tests.emulators.plans import EVENT, RouteeServer, pause, plan, say
from voiceapp.emulators.caller import Question, ScriptedCaller

OTHER = EVENT + "/other"

MENU = say("Menu"), pause()
BARGE = say("Menu", bargeIn=True), pause()

GATHERED: dict[str, tuple[dict[str, Any], str, tuple[dict[str, Any], ...], list[str]]] = {
    "silence": ({}, "", MENU, [""]),
    "hash submits": ({"submitOnHash": True}, "12#", MENU, ["12"]),
    "hash alone": ({"submitOnHash": True}, "#", MENU, [""]),
    "hash is a tone": ({"maxDigits": 2}, "1#", MENU, ["1#"]),
    "digits without hash": ({"submitOnHash": True}, "12", MENU, [""]),
    "maxDigits": ({"maxDigits": 3}, "123", MENU, ["123"]),
    "maxDigits and hash": ({"maxDigits": 2, "submitOnHash": True}, "12#", MENU, ["12", ""]),
    "30 by default": ({}, "1" * 31, MENU, ["1" * 30]),
    "twice": ({"maxDigits": 2}, "1234", MENU, ["12", "34"]),
    "two windows": ({"maxDigits": 2}, "1 . 2", (*MENU, *MENU, *MENU), ["12"]),
    "silent first": ({"maxDigits": 1}, ". 2", (*MENU, *MENU), ["2"]),
    "bargeIn prompts have no window": ({"maxDigits": 1}, "1", BARGE, ["1"]),
    "the phone down": ({"maxDigits": 2}, "1!", MENU, [""]),
}


@pytest.mark.parametrize("case", GATHERED.values(), ids=GATHERED)
async def test_what_is_submitted(
    routee: RouteeServer, case: tuple[dict[str, Any], str, tuple[dict[str, Any], ...], list[str]]
) -> None:
    fields, script, verbs, tones = case
    routee.replies(plan(routee.collect(**fields), *verbs))
    transcript = await routee.run(ScriptedCaller(script))
    assert routee.tones() == tones
    assert transcript.defects == []


async def test_an_event_has_the_four_fields_and_the_tones(routee: RouteeServer) -> None:
    routee.replies(plan(routee.collect(maxDigits=1), pause()))
    call = routee.call(ScriptedCaller("7"), conversation="c-1", from_number="+331", to_number="+332")
    await call.run()
    (first,) = routee.server.bodies("/hooks/routee/flow")
    (event,) = routee.server.bodies(EVENT)
    assert list(first) == ["messageId", "conversationTrackingId", "from", "to"]
    assert (first["conversationTrackingId"], first["from"], first["to"]) == ("c-1", "+331", "+332")
    assert event == first | {"collectedTones": "7"}


async def test_a_pause_before_the_collect_is_no_window(routee: RouteeServer) -> None:
    routee.replies(plan(say("PIN"), pause(10), routee.collect(maxDigits=4), say("Thanks")))
    caller = ScriptedCaller("1234")
    transcript = await routee.run(caller)
    assert (caller.unused, routee.tones()) == (["1234"], [""])
    assert transcript.of("pause") == ["10 s"]


async def test_unless_a_collect_counts_from_the_start(routee: RouteeServer) -> None:
    routee.replies(plan(say("PIN"), pause(10), routee.collect(maxDigits=4), say("Thanks")))
    await routee.run(ScriptedCaller("1234"), collect_from_start=True)
    assert routee.tones() == ["1234"]


@pytest.mark.parametrize(("first_wins", "first", "second"), [(False, [], ["12"]), (True, ["12"], [])])
async def test_two_collects(routee: RouteeServer, first_wins: bool, first: list[str], second: list[str]) -> None:
    routee.replies(plan(routee.collect(maxDigits=2), pause(), routee.collect(OTHER, maxDigits=2), pause()))
    await routee.run(ScriptedCaller("1 2"), first_collect_wins=first_wins)
    assert (routee.tones(), routee.tones(OTHER)) == (first, second)


async def test_a_new_collect_that_is_not_answered_gets_the_last_post(routee: RouteeServer) -> None:
    routee.replies(plan(routee.collect(maxDigits=1), pause(), routee.collect(OTHER), pause()))
    await routee.run(ScriptedCaller("1 ."))
    assert (routee.tones(), routee.tones(OTHER)) == (["1"], [""])


@pytest.mark.parametrize(("whole_call", "tones"), [(False, ["1", "2"]), (True, ["1", "12"])])
async def test_tones_are_forgotten_once_submitted(
    routee: RouteeServer, whole_call: bool, tones: list[str]
) -> None:
    routee.replies(plan(routee.collect(maxDigits=1), pause(), pause()))
    await routee.run(ScriptedCaller("1 2"), whole_call=whole_call)
    assert routee.tones() == tones


async def test_a_key_during_a_barge_in_prompt_stops_it(routee: RouteeServer) -> None:
    menu = say("Press one or two", bargeIn=True, repeat=3)
    routee.replies(plan(routee.collect(maxDigits=9), menu, say("Still here")))
    transcript = await routee.run(ScriptedCaller(". 1"), keys_during_prompts=True)
    assert routee.tones() == ["1"]
    assert transcript.heard == ["Press one or two"] * 2 + ["Still here"]


async def test_further_keys_fall_into_the_next_verb(routee: RouteeServer) -> None:
    menu = say("Press one or two", bargeIn=True)
    routee.replies(plan(routee.collect(maxDigits=2), menu, say("More"), pause()))
    await routee.run(ScriptedCaller("123"), keys_during_prompts=True)
    assert routee.tones() == ["1", "23"]


async def test_no_key_is_offered_to_a_prompt_without_barge_in(routee: RouteeServer) -> None:
    routee.replies(plan(routee.collect(maxDigits=1), say("Press one or two"), pause()))
    transcript = await routee.run(ScriptedCaller(". 1"), keys_during_prompts=True)
    assert (routee.tones(), transcript.of("silence")) == ([""], ["5 s"])


async def test_the_caller_goes_on_typing_into_the_new_plan(routee: RouteeServer) -> None:
    routee.replies(
        plan(routee.collect(maxDigits=1), pause(), say("Never")),
        plan(say("Which?"), routee.collect(maxDigits=2), say("Which day?"), pause(), say("Never")),
        plan(say("Bye")),
    )
    transcript = await routee.run(ScriptedCaller("123"))
    assert routee.tones() == ["1", "23"]
    assert transcript.heard == ["Which?", "Which day?", "Bye"]
    assert transcript.of("presses") == ["123"]


async def test_a_window_filled_by_earlier_keys_uses_up_no_token(routee: RouteeServer) -> None:
    routee.replies(
        plan(routee.collect(maxDigits=1), pause()),
        plan(routee.collect(maxDigits=3), pause(), pause()),
    )
    await routee.run(ScriptedCaller("12 34"))
    assert routee.tones() == ["1", "234"]


async def test_whoever_puts_the_phone_down_is_gone_whatever_the_plan(routee: RouteeServer) -> None:
    routee.replies(plan(routee.collect(maxDigits=1), pause()), plan(say("Bye"), say("Never")))
    transcript = await routee.run(ScriptedCaller("1!"))
    assert transcript.heard == ["Bye"]
    assert transcript.of("hangs up") == ["caller"]


async def test_a_plan_without_a_collect_ends_the_gathering(routee: RouteeServer) -> None:
    routee.replies(plan(routee.collect(maxDigits=1), pause()), plan(say("Bye"), pause(3)))
    transcript = await routee.run(ScriptedCaller("1 2"))
    assert routee.tones() == ["1"]
    assert transcript.of("pause") == ["3 s"]


async def test_a_question_tells_what_was_heard_since_the_last(routee: RouteeServer) -> None:
    asked: list[Question] = []

    class Curious(ScriptedCaller):
        async def press(self, question: Question) -> str | None:
            asked.append(question)
            return await super().press(question)

    routee.replies(plan(say("Hello"), routee.collect(), say("Menu"), pause(4), say("Again"), pause(7)))
    await routee.run(Curious(". 1"))
    assert asked == [Question("Hello Menu", 4), Question("Again", 7)]
    asked.clear()
    menu = say("x" * 50, bargeIn=True)
    routee.replies(plan(routee.collect(), menu, menu, pause(4)))
    await routee.run(Curious("1 . 2"), keys_during_prompts=True)
    assert asked == [Question("x" * 50, 3.0), Question("x" * 50, 3.0), Question("x" * 50, 4)]

"""What a silent caller would hear next: the plan of a carrier that reports no silence, and what it proves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.walks import EVENTS, SCRIPTS, after, begun, told
from tests.flow.scenes import CALLED, MONDAY_NOON, script, words
from voiceapp.engine.advance import advance
from voiceapp.engine.lookahead import MAX_PLAN_ACTIONS, MAX_STRETCHES, ahead, assumed_events, assumption, plan
from voiceapp.engine.tell import tell_all, told_before
from voiceapp.events import ActionCompleted, DialEnded, Event, SilenceHeard
from voiceapp.flow.flow import Script

SILENT = SilenceHeard(at=MONDAY_NOON, assumed=True)
NOBODY = DialEnded(at=MONDAY_NOON, outcome="no_answer", assumed=True)
MENU = "main:\n  menu: Press 1.\n  keys: {1: main}\n  silence: Nothing.\n  tries: 2\n"
PROMPT = "collect exactly 1, wait 5: Press 1."
AGAIN = "collect exactly 1, wait 5: Nothing. | Press 1."
DIAL = f"dial +302310123456, ring 30, from {CALLED}"


def ladder(script: Script) -> list[tuple[Event | None, list[str]]]:
    """The plan of a call's first reply."""
    call, told = tell_all(begun(script).call, MONDAY_NOON)
    return [(stretch.assumed, [*map(words, stretch.actions)]) for stretch in plan(script, call, told)]


@pytest.mark.parametrize(
    ("steps", "stretches"),
    [
        pytest.param(
            MENU, [(None, [PROMPT]), (SILENT, [AGAIN]), (SILENT, ["hang up"])], id="a menu, until the call ends"
        ),
        pytest.param(
            f"{MENU}  otherwise: bye\nbye:\n  end: [Good, bye.]",
            [(None, [PROMPT]), (SILENT, [AGAIN]), (SILENT, ["say Good", "say bye.", "hang up"])],
            id="otherwise says goodbye",
        ),
        pytest.param(
            f"{MENU}  otherwise: agent\nagent:\n  dial: '+302310123456'\n  no_answer: sorry\n  next: end\n"
            "sorry:\n  end: Sorry.",
            [(None, [PROMPT]), (SILENT, [AGAIN]), (SILENT, [DIAL]), (NOBODY, ["say Sorry.", "hang up"])],
            id="otherwise dials, and nobody answers",
        ),
        pytest.param(
            f"{MENU}  otherwise: number\nnumber:\n  ask: Your number.\n  answer: {{digits: 4}}\n  tries: 1",
            [
                (None, [PROMPT]),
                (SILENT, [AGAIN]),
                (SILENT, ["collect exactly 4, wait 5: Your number."]),
                (SILENT, ["hang up"]),
            ],
            id="otherwise asks another question",
        ),
        pytest.param(
            f"{MENU}  otherwise: told\ntold:\n  notify: https://a.example/\nbye:\n  end: Bye.",
            [(None, [PROMPT]), (SILENT, [AGAIN])],
            id="stops before a notice",
        ),
        pytest.param(
            f"{MENU}  otherwise: got\ngot:\n  fetch: https://a.example/",
            [(None, [PROMPT]), (SILENT, [AGAIN])],
            id="stops before a fetch",
        ),
        pytest.param(
            f"{MENU}  otherwise: gone\ngone:\n  opt_out: true",
            [(None, [PROMPT]), (SILENT, [AGAIN])],
            id="stops before an opt-out",
        ),
        pytest.param(
            "night:\n  record: Speak.",
            [(None, ["say Speak.", "record 120, quiet 3"])],
            id="nothing is assumed of a recording",
        ),
        pytest.param(
            "room:\n  conference: standup\nbye:\n  end:",
            [(None, ["join standup"])],
            id="nothing is assumed of a conference",
        ),
        pytest.param("bye:\n  end: Bye.", [(None, ["say Bye.", "hang up"])], id="nothing follows a hang-up"),
        pytest.param(
            "hello:\n  say: Hello.\n  times: 16\nmore:\n  end: Bye.",
            [(None, ["say Hello."] * 16), (ActionCompleted(at=MONDAY_NOON), ["say Bye.", "hang up"])],
            id="a breath is no wait",
        ),
        pytest.param(
            f"kind:\n  set: {{kind: new}}\n{MENU}  otherwise: route\nroute:\n  branch:\n"
            "    - {if: kind == 'new', next: welcome}\nwelcome:\n  end: Welcome.",
            [(None, [PROMPT]), (SILENT, [AGAIN]), (SILENT, ["say Welcome.", "hang up"])],
            id="what is only decided is walked through",
        ),
    ],
)
def test_the_ladder(steps: str, stretches: list[tuple[Event | None, list[str]]]) -> None:
    assert ladder(script(steps)) == stretches


def test_a_ladder_without_an_end_is_cut() -> None:
    endless = script("a:\n  menu: Hello.\n  keys: {1: a}\n  otherwise: a")
    assert len(ladder(endless)) == MAX_STRETCHES + 1
    talking = script("a:\n  say: Hello.\n  times: 20\n  next: a")
    assert sum(len(actions) for _, actions in ladder(talking)) <= MAX_PLAN_ACTIONS


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(sorted(SCRIPTS)), events=st.lists(EVENTS, max_size=8), count=st.integers(0, 9))
def test_assumed_events_give_the_call_that_the_plan_promised(name: str, events: list[Event], count: int) -> None:
    script = SCRIPTS[name]
    call = begun(script).call
    for second, event in enumerate(events):
        call = advance(script, told(call, plan=True), after(event, second)).call
    call = told(call, plan=True)
    promised = [call, *(later for _, later in ahead(script, call))]
    assumed = assumed_events(script, call, count)
    assert len(assumed) == min(count, len(promised) - 1)
    for event, later in zip(assumed, promised[1:], strict=False):
        assert event == assumption(call, call.turn_at)
        advanced = advance(script, call, event)
        assert advanced.legal
        call = told_before(advanced.call)
        assert call == later
    assert call.turn == promised[0].turn, "a plan is one turn"

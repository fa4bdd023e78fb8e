"""Where in a file of tests the thing stands that came out otherwise."""

import pytest

from tests.rehearsal.stage import scenarios, stage

FLOW = """\
flow: line
languages: [en-GB]
steps:
  hello: {say: Hello.}
  desk: {dial: ["+33123456701", "+33123456702"], next: code}
  code: {ask: Two keys., answer: {digits: 2}, tries: 1}
  bye: {end: Bye.}
"""
TEST = """\
flow: line
tests:
  one:
    carrier: callr
    call:
      - hears: Hello.
      - dials: {"+33123456701": busy, "+33123456702": no_answer}
      - hears: Two
      - hears: keys.
      - presses: 42
      - hears: Bye.
      - hangs up: server
    saved: {code: "42"}
    ends: completed
"""
END = '\n      - hangs up: server\n    saved: {code: "'

ELSEWHERE: dict[str, tuple[tuple[str, str], str | None]] = {
    "nothing": (("", ""), None),
    "the first line": (("Hello.", "Good morning."), "6:9"),
    "the second of two numbers": (('702": no', '703": no'), "7:9"),
    "a piece of what is heard": (("hears: keys.", "hears: letters."), "8:9"),
    "behind what is heard in pieces": (("Bye.", "Goodbye."), "11:9"),
    "what does not happen any more": (
        ("      - hangs up: server", "      - hangs up: server\n      - silence"),
        "13:9",
    ),
    "what happens besides": (("      - hangs up: server\n", ""), "11:9"),
    "what is saved": (('"42"}', '"43"}'), "13:5"),
    "what is pressed, by what comes of it": (("presses: 42", "presses: 43"), "13:5"),
    "the phone before what is saved": ((f"Bye.{END}42", f"Goodbye.{END}43"), "11:9"),
    "how it ends": (("completed", "hung up"), "14:5"),
    "what is not written": (("    ends: completed", "    notified: []\n    ends: no"), "15:5"),
}


@pytest.mark.parametrize(("change", "place"), ELSEWHERE.values(), ids=ELSEWHERE)
async def test_places(change: tuple[str, str], place: str | None) -> None:
    (test,) = scenarios(TEST.replace(*change) if all(change) or change[0] else TEST)
    (result,) = await stage(FLOW).play(test)
    assert (None if result.passed else f"{result.place.line}:{result.place.column}") == place


async def test_what_cannot_be_played_is_its_own_place() -> None:
    (test,) = scenarios(TEST.replace("    call:", "    inputs: {guests: few}\n    call:"))
    (result,) = await stage(FLOW).play(test)
    assert (result.place.line, result.place.column) == (3, 3)

"""`dial`, `conference` and `send_keys`: the caller and others."""

from tests.flow.scenes import CALLED, DONE, REFUSED, SILENCE, Case, dialled, pressed

DIAL = """
agent:
  dial: ["+302310123456", "sip:desk@example.com"]
  ring: 25
  answered: talked
  busy: engaged
  no_answer: away
  failed: broken
talked:
  end: Talked.
engaged:
  end: Engaged.
away:
  end: Away.
broken:
  end: Broken.
"""
DIALLED = f"dial +302310123456 sip:desk@example.com, ring 25, from {CALLED}"
BARE = "agent:\n  dial: '+302310123456'\nbelow:\n  end: Below."
PRESS_1 = "collect exactly 1, wait 5: Press 1."
BARE_DIALLED = f"dial +302310123456, ring 30, from {CALLED}"


def _run_time(target: str, more: str = "") -> str:
    return (
        f"who:\n  set: {{number: '{target}'}}\nagent:\n  dial: '{{{{ number }}}}'\n  failed: broken{more}\nlost:\n"
        "  end: Lost.\nbroken:\n  end: Broken."
    )


DIAL_CASES = (
    Case(
        "numbers that were passed",
        "agent:\n  dial: '{{ them }}'\n  next: end",
        (dialled("answered"),),
        (f"dial +33123456789 +33198765432, ring 30, from {CALLED}", "hang up"),
        {"them": ["+33123456789", "+33198765432"]},
        "agent",
        head="inputs: {them: {type: phones}}",
        opened={"inputs": {"them": ["+33123456789", "+33198765432"]}},
    ),
    Case("answered", DIAL, (dialled("answered"),), (DIALLED, "say Talked.", "hang up"), {}, "agent talked"),
    Case("busy", DIAL, (dialled("busy"),), (DIALLED, "say Engaged.", "hang up"), {}, "agent engaged"),
    Case("no answer", DIAL, (dialled("no_answer"),), (DIALLED, "say Away.", "hang up"), {}, "agent away"),
    Case("failed", DIAL, (dialled("failed"),), (DIALLED, "say Broken.", "hang up"), {}, "agent broken"),
    Case("refused by the carrier", DIAL, (REFUSED,), (DIALLED, "say Broken.", "hang up"), {}, "agent broken"),
    *(
        Case(
            f"{outcome} without a way goes on below",
            BARE,
            (dialled(outcome),),
            (BARE_DIALLED, "say Below.", "hang up"),
            {},
            "agent below",
        )
        for outcome in ("answered", "busy", "no_answer", "failed")
    ),
    Case(
        "after a dial the caller can be asked again, and dialled again",
        "agent:\n  dial: '+302310123456'\n  next: more\nmore:\n  menu: Press 1.\n  keys: {1: agent}",
        (dialled("busy"), pressed("1"), dialled("no_answer"), SILENCE),
        (BARE_DIALLED, PRESS_1, BARE_DIALLED, PRESS_1, PRESS_1),
        {},
        "agent more agent more",
        "",
    ),
    Case(
        "while the caller is connected, keys and silence are not ours",
        BARE,
        (pressed("1"), SILENCE, dialled("answered")),
        (BARE_DIALLED, "say Below.", "hang up"),
        {},
        "agent below",
    ),
    Case(
        "whisper, music, a time limit; a recording stops when the leg is over",
        "agent:\n  dial: '+302310123456'\n  whisper: A call.\n  music: true\n  record: true\n  max: 600\n"
        "  caller_id: hidden",
        (dialled("answered"),),
        (
            "dial +302310123456, ring 30, from nobody, whisper A call., music, record, at most 600",
            "stop recording",
            "hang up",
        ),
        {},
        "agent",
    ),
    Case(
        "the author's caller id",
        "agent:\n  dial: '+302310123456'\n  caller_id: '{{ caller }}'",
        (dialled("answered"),),
        ("dial +302310123456, ring 30, from +33611111111", "hang up"),
        {},
        "agent",
    ),
    Case(
        "a caller id that is no number at run time is hidden",
        "agent:\n  dial: '+302310123456'\n  caller_id: '{{ caller }}'",
        (dialled("answered"),),
        ("dial +302310123456, ring 30, from nobody", "hang up"),
        {},
        "agent",
        opened={"caller": "anonymous"},
    ),
    Case(
        "a number known at run time only, spaces around it aside",
        _run_time(" +302310123456 "),
        (dialled("no_answer"),),
        (BARE_DIALLED, "say Lost.", "hang up"),
        {"number": " +302310123456 "},
        "who agent lost",
    ),
    *(
        Case(
            f"a bad number at run time fails, and nobody is called: {bad!r}",
            _run_time(bad),
            (),
            ("say Broken.", "hang up"),
            {"number": bad},
            "who agent broken",
        )
        for bad in ("", "0611111111", "+1", "+33 6 11", "sip:a b@example.com", "sip:x@y;z", "tel:+33611111111")
    ),
)

CONFERENCE_CASES = (
    Case(
        "a room; when the caller leaves it the flow goes on",
        'who:\n  set: {team: red}\nroom:\n  conference: "room {{ team }}"\n  pin: "4711"\n  welcome: Hello.\n'
        "  alone: {audio: alone.wav}\n  leave_when_alone: true\nbye:\n  end: Bye.",
        (DONE,),
        ("join room red, pin 4711, welcome Hello., alone <alone.wav>, leave when alone", "say Bye.", "hang up"),
        {"team": "red"},
        "who room bye",
    ),
    Case(
        "after a room the caller can be asked",
        "room:\n  conference: standup\nmore:\n  menu: Press 1.\n  keys: {1: room}",
        (DONE, pressed("1")),
        ("join standup", PRESS_1, "join standup"),
        {},
        "room more room",
        "",
    ),
    Case("a bare room", "room:\n  conference: standup", (DONE,), ("join standup", "hang up"), {}, "room"),
    Case(
        "a room the carrier refuses",
        "room:\n  conference: standup\nsorry:\n  end: Sorry.",
        (REFUSED,),
        ("join standup", "say Sorry.", "hang up"),
        {},
        "room sorry",
        head="on_error: sorry",
        ended="error: no such sound",
    ),
)

SEND_KEYS_CASES = (Case("tones", 'door:\n  send_keys: "12*#"', (), ("send 12*#", "hang up"), {}, "door"),)

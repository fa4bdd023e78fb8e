"""`say`, `play`, `pause`, `record` and `end`: what is heard, and the caller's voice."""

from tests.flow.scenes import DONE, HUNG_UP, SILENCE, Case, hung_up_with, pressed, recorded

SAY_CASES = (
    Case("one text", "hello:\n  say: Hello.", (), ("say Hello.", "hang up"), {}, "hello"),
    Case(
        "so many times, and a key stops it",
        "hello:\n  say: [One., Two.]\n  times: 2\n  interruptible: true",
        (),
        ("say One., stops at a key", "say Two., stops at a key") * 2 + ("hang up",),
        {},
        "hello",
    ),
    Case(
        "in the caller's language, by the flow's voice for this carrier",
        "french:\n  set: {language: fr-FR}\nhello:\n  say: {en-GB: Hello., fr-FR: Bonjour.}",
        (),
        ("say [fr-FR] (TTS_FR-FR_VIRGINIE) Bonjour.", "hang up"),
        {},
        "french hello",
        head="voice: {en-GB: female, fr-FR: {callr: TTS_FR-FR_VIRGINIE}}",
    ),
    Case(
        "variables; an empty one leaves no space before the full stop",
        'who:\n  set: {a: Ann, b: ""}\n'
        'hello:\n  say: "Hello {{ a }} {{ b }}. From {{ caller | digits }}, {{ b }}."',
        (),
        ("say Hello Ann. From + 3 3 6 1 1 1 1 1 1 1 1,.", "hang up"),
        {"a": "Ann", "b": ""},
        "who hello",
    ),
    Case(
        "the time in the flow's zone",
        'hello:\n  say: "It is {{ now | time }}."',
        (),
        ("say It is 14:00.", "hang up"),
        {},
        "hello",
        head="zone: Europe/Athens",
    ),
    Case(
        "a missing value is an error, never an empty text",
        'hello:\n  branch:\n    - {if: "false", next: never}\n  otherwise: tell\n'
        'never:\n  set: {sum: 1}\ntell:\n  say: "It is {{ sum }}."\nsorry:\n  end: Sorry.',
        (),
        ("say Sorry.", "hang up"),
        {},
        "hello tell sorry",
        head="on_error: sorry",
        ended="error: 'sum' has no value",
    ),
)

PLAY_CASES = (
    Case(
        "a sound with its words, the carrier's copy of it and a file per language",
        """
welcome:
  play:
    - {audio: "hello_{lang}.wav", text: Hello., media: {callr: 131, routee: 7}}
    - {audio: "https://cdn.example.com/jingle.wav"}
    - {audio: bye.wav, text: {en-GB: Bye., fr-FR: Au revoir.}}
""",
        (),
        (
            "say <hello_en-GB.wav#131> Hello.",
            "say <https://cdn.example.com/jingle.wav>",
            "say <bye.wav> Bye.",
            "hang up",
        ),
        {},
        "welcome",
    ),
    Case(
        "so many times",
        "tune:\n  play: {audio: tune.wav}\n  times: 2\n  interruptible: true",
        (),
        ("say <tune.wav>, stops at a key",) * 2 + ("hang up",),
        {},
        "tune",
    ),
)

PAUSE_CASES = (Case("seconds", "hush:\n  pause: 2\nbye:\n  end:", (), ("pause 2", "hang up"), {}, "hush bye"),)

RECORD = "night:\n  record: Leave a message.\n  max: 60\n  quiet: 4\n  save: message\n  empty: nothing\n"
RECORDED = f"{RECORD}thanks:\n  end: Thanks.\nnothing:\n  end: Nothing."
REVIEWED = RECORDED.replace("  empty", "  review: true\n  empty")
TAKEN = ("say Leave a message.", "record 60, quiet 4")
CHOICE = "collect exactly 1, wait 5: To keep the message, press 1. To record it again, press 2."
BACK = ("play back r1", CHOICE)

RECORD_CASES = (
    Case(
        "the prompt, then the recording, saved",
        RECORDED,
        (recorded("r1"),),
        (*TAKEN, "say Thanks.", "hang up"),
        {"message": "r1"},
        "night thanks",
    ),
    Case(
        "defaults: two minutes, three seconds of silence, the step's name; empty goes on",
        "night:\n  record: Speak.\nbelow:\n  end:",
        (recorded(""),),
        ("say Speak.", "record 120, quiet 3", "hang up"),
        {"night": ""},
        "night below",
    ),
    Case(
        "nothing recorded goes to empty",
        RECORDED,
        (recorded(""),),
        (*TAKEN, "say Nothing.", "hang up"),
        {"message": ""},
        "night nothing",
    ),
    Case(
        "review: 1 keeps it",
        REVIEWED,
        (recorded("r1"), pressed("1")),
        (*TAKEN, *BACK, "say Thanks.", "hang up"),
        {"message": "r1"},
        "night thanks",
    ),
    Case(
        "review: 2 records again",
        REVIEWED,
        (recorded("r0"), pressed("2"), recorded("r1"), pressed("1")),
        (*TAKEN, "play back r0", CHOICE, *TAKEN, *BACK, "say Thanks.", "hang up"),
        {"message": "r1"},
        "night thanks",
    ),
    Case(
        "review: who presses neither hears it three times, and it is kept",
        REVIEWED,
        (recorded("r1"), SILENCE, pressed("9"), SILENCE),
        (*TAKEN, *BACK, *BACK, *BACK, "say Thanks.", "hang up"),
        {"message": "r1"},
        "night thanks",
    ),
    Case(
        "a hang-up during the review keeps the message",
        REVIEWED,
        (recorded("r1"), HUNG_UP),
        (*TAKEN, *BACK),
        {"message": "r1"},
        "night",
        "hung_up",
    ),
    Case(
        "a hang-up that carries the recording keeps it",
        RECORDED,
        (hung_up_with(recorded("r1")),),
        TAKEN,
        {"message": "r1"},
        "night",
        "hung_up",
    ),
    Case("a hang-up before anything was said", RECORDED, (HUNG_UP,), TAKEN, {}, "night", "hung_up"),
    Case(
        "a hang-up with an empty recording keeps nothing",
        RECORDED,
        (hung_up_with(recorded("")),),
        TAKEN,
        {},
        "night",
        "hung_up",
    ),
    Case(
        "what a recording cannot take fails",
        RECORDED,
        (DONE,),
        (*TAKEN, "say We are sorry, there is a problem. Please call again later. Goodbye.", "hang up"),
        {},
        "night",
        "apologised: cannot go on after ActionCompleted",
    ),
)

END_CASES = (
    Case("without words", "bye:\n  end:\nbelow:\n  say: Never.", (), ("hang up",), {}, "bye"),
    Case("`end: true` has no words either", "bye:\n  end: true", (), ("hang up",), {}, "bye"),
    Case(
        "with words in the caller's language",
        "bye:\n  end: {en-GB: Bye., fr-FR: Au revoir.}",
        (),
        ("say Bye.", "hang up"),
        {},
        "bye",
    ),
    Case(
        "when the hang-up is done or refused, and the call is still there, it is told again",
        "bye:\n  end: Bye.",
        (DONE,),
        ("say Bye.", "hang up", "hang up"),
        {},
        "bye",
    ),
    Case(
        "the caller hangs up first: still completed",
        "bye:\n  end: Bye.",
        (HUNG_UP,),
        ("say Bye.", "hang up"),
        {},
        "bye",
    ),
)

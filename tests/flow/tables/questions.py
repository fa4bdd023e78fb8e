"""`menu` and `ask`: keys, silence, tries, keys of the whole flow, answers, and hearing an answer back."""

from tests.flow.scenes import DONE, HUNG_UP, REFUSED, SILENCE, Case, hung_up_with, pressed, recorded

MENU = """
main:
  menu: Press 1 or 2.
  keys: {1: sales, 2: support}
  invalid: Wrong key.
  silence: I heard nothing.
  otherwise: nobody
sales:
  end: Sales.
support:
  end: Support.
nobody:
  end: Nobody.
"""
ASKED = "collect exactly 1, wait 5: Press 1 or 2."
AGAIN_SILENT = "collect exactly 1, wait 5: I heard nothing. | Press 1 or 2."
AGAIN_WRONG = "collect exactly 1, wait 5: Wrong key. | Press 1 or 2."

KEYED = """
main:
  menu: Press 1.
  keys: {1: sales}
sales:
  end: Sales.
desk:
  end: Desk.
help:
  say: Help.
  next: main
"""

MENU_CASES = (
    Case("a key goes its way", MENU, (pressed("1"),), (ASKED, "say Sales.", "hang up"), {}, "main sales"),
    Case(
        "silence and wrong keys share the tries",
        MENU,
        (SILENCE, pressed("7"), SILENCE),
        (ASKED, AGAIN_SILENT, AGAIN_WRONG, "say Nobody.", "hang up"),
        {},
        "main nobody",
    ),
    Case(
        "the last try still counts",
        MENU,
        (SILENCE, pressed("#"), pressed("2")),
        (ASKED, AGAIN_SILENT, AGAIN_WRONG, "say Support.", "hang up"),
        {},
        "main support",
    ),
    Case(
        "without otherwise the call ends after the last try",
        "main:\n  menu: Press 1.\n  keys: {1: main}\n  tries: 1\nbelow:\n  say: Never.",
        (SILENCE,),
        ("collect exactly 1, wait 5: Press 1.", "hang up"),
        {},
        "main",
    ),
    Case(
        "a key that goes back to the menu begins its tries anew",
        "main:\n  menu: Press 1.\n  keys: {1: main}\n  tries: 2",
        (SILENCE, pressed("1"), SILENCE, SILENCE),
        ("collect exactly 1, wait 5: Press 1.",) * 4 + ("hang up",),
        {},
        "main main",
    ),
    Case(
        "a prompt that no key stops, a wait, and # as a key",
        'main:\n  menu: Press hash.\n  keys: {"#": bye}\n  wait: 9\n  interruptible: false\nbye:\n  end:',
        (pressed(""),),
        ("collect exactly 1, wait 9, prompt to the end: Press hash.", "hang up"),
        {},
        "main bye",
    ),
    Case(
        "what stands behind a key in place goes on below the menu",
        """
main:
  menu: Press 1 or 2.
  keys:
    1: {say: Now sales.}
    2: {set: {kind: support}, next: main}
below:
  end: Below.
""",
        (pressed("2"), pressed("1")),
        (ASKED, ASKED, "say Now sales.", "say Below.", "hang up"),
        {"kind": "support"},
        "main main.2 main main.1 below",
    ),
    Case(
        "a menu in place within a menu in place",
        """
main:
  menu: Press 1.
  keys:
    1:
      menu: Now press 2.
      keys:
        2: {say: Deep.}
below:
  end:
""",
        (pressed("1"), pressed("2")),
        ("collect exactly 1, wait 5: Press 1.", "collect exactly 1, wait 5: Now press 2.", "say Deep.", "hang up"),
        {},
        "main main.1 main.1.2 below",
    ),
    Case(
        "a body in place may say the question again",
        "main:\n  menu: Press 1.\n  keys:\n    1: {set: {loud: yes}, next: repeat}",
        (pressed("1"),),
        ("collect exactly 1, wait 5: Press 1.",) * 2,
        {"loud": "yes"},
        "main main.1 main",
        "",
    ),
    Case(
        "a key of the whole flow counts where the menu has none",
        KEYED,
        (pressed("0"),),
        ("collect exactly 1, wait 5: Press 1.", "say Desk.", "hang up"),
        {},
        "main desk",
        head='keys: {"0": desk}',
    ),
    Case(
        "the menu's own key wins over the flow's",
        KEYED,
        (pressed("1"),),
        ("collect exactly 1, wait 5: Press 1.", "say Sales.", "hang up"),
        {},
        "main sales",
        head="keys: {1: desk}",
    ),
    Case(
        "# as a key of the whole flow",
        KEYED,
        (pressed(""),),
        ("collect exactly 1, wait 5: Press 1.", "say Desk.", "hang up"),
        {},
        "main desk",
        head='keys: {"#": desk}',
    ),
    Case(
        "repeat says the question again, with all its tries",
        "main:\n  menu: Press 1.\n  keys: {1: main}\n  tries: 2",
        (SILENCE, pressed("*"), SILENCE, SILENCE),
        ("collect exactly 1, wait 5: Press 1.",) * 4 + ("hang up",),
        {},
        "main main",
        head='keys: {"*": repeat}',
    ),
    Case(
        "what a flow's key does in place returns to the question",
        KEYED,
        (pressed("5"), pressed("1")),
        (
            "collect exactly 1, wait 5: Press 1.",
            "say Louder.",
            "collect exactly 1, wait 5: Press 1.",
            "say Sales.",
            "hang up",
        ),
        {},
        "main keys.5 main sales",
        head="keys:\n  5: {say: Louder.}",
    ),
    Case(
        "a question behind a flow's key returns to the question it was pressed in; * repeats the inner one",
        KEYED,
        (pressed("5"), pressed("*"), pressed("7")),
        (
            "collect exactly 1, wait 5: Press 1.",
            "collect exactly 1, wait 5: Volume",
            "collect exactly 1, wait 5: Volume",
            "collect exactly 1, wait 5: Press 1.",
        ),
        {"volume": "7"},
        "main keys.5 keys.5 main",
        "",
        head='keys:\n  "*": repeat\n  5: {ask: Volume, answer: {digits: 1}, save: volume}',
    ),
    Case(
        "in the caller's language, each piece of a list",
        """
main:
  menu:
    en-GB: [Press 1., {audio: "beep_{lang}.wav"}]
    fr-FR: Tapez 1.
  keys:
    1: {set: {language: fr-FR}, next: main}
""",
        (pressed("1"),),
        (
            "collect exactly 1, wait 5: Press 1. | <beep_en-GB.wav>",
            "collect exactly 1, wait 5: [fr-FR] Tapez 1.",
        ),
        {},
        "main main.1 main",
        "",
    ),
    Case(
        "what a menu cannot take fails",
        MENU,
        (recorded("r1"),),
        (ASKED, "say We are sorry, there is a problem. Please call again later. Goodbye.", "hang up"),
        {},
        "main",
        "apologised: cannot go on after VoiceRecorded",
    ),
)

DIGITS = "number:\n  ask: Your number.\n  answer: {digits: 4-6}\n  tries: 2"
NUMBER = "collect up to 6, wait 5: Your number."
CONFIRMED = "number:\n  ask: Your number.\n  answer: {digits: 3}\n  tries: 2\n  confirm: true\n  otherwise: desk"
CONFIRM = f"{CONFIRMED}\nthanks:\n  end: Thanks.\ndesk:\n  end: Desk."
ASK_3 = "collect exactly 3, wait 5: Your number."
RIGHT = "collect exactly 1, wait 5: You entered 0 0 7. If this is right, press 1. To enter it again, press 2."

ASK_CASES = (
    Case(
        "digits stay text, leading zeros and all, under the step's name",
        DIGITS,
        (pressed("0070"),),
        (NUMBER, "hang up"),
        {"number": "0070"},
        "number",
    ),
    Case(
        "too few and too many digits are wrong",
        DIGITS,
        (pressed("123"), pressed("1234567")),
        (NUMBER, NUMBER, "hang up"),
        {},
        "number",
    ),
    Case("* is no digit", DIGITS, (pressed("12*4"), pressed("")), (NUMBER, NUMBER, "hang up"), {}, "number"),
    Case(
        "a number is a number, under the name of save",
        "score:\n  ask: A score.\n  answer: {number: 0-10}\n  save: points\nnext:\n  branch:\n"
        "    - {if: points > 6, next: good}\n  otherwise: end\ngood:\n  end: Good.",
        (pressed("07"),),
        ("collect up to 2, wait 5: A score.", "say Good.", "hang up"),
        {"points": 7},
        "score next good",
    ),
    Case(
        "a number out of range is wrong",
        "score:\n  ask: A score.\n  answer: {number: 5-10}\n  invalid: From 5 to 10.\n  tries: 3",
        (pressed("4"), pressed("11"), pressed("5")),
        (
            "collect up to 2, wait 5: A score.",
            "collect up to 2, wait 5: From 5 to 10. | A score.",
            "collect up to 2, wait 5: From 5 to 10. | A score.",
            "hang up",
        ),
        {"score": 5},
        "score",
    ),
    Case(
        "a choice is its word",
        "why:\n  ask: Press 1 or 2.\n  answer: {choices: {1: price, 2: quality}}\n"
        "  wait: 9\n  interruptible: false",
        (pressed("2"),),
        ("collect exactly 1, wait 9, prompt to the end: Press 1 or 2.", "hang up"),
        {"why": "quality"},
        "why",
    ),
    Case(
        "a choice may be the language",
        "which:\n  ask: Press 1.\n  answer: {choices: {1: fr-FR}}\n  save: language\n"
        "hello:\n  say: {en-GB: Hello., fr-FR: Bonjour.}",
        (pressed("1"),),
        ("collect exactly 1, wait 5: Press 1.", "say [fr-FR] Bonjour.", "hang up"),
        {},
        "which hello",
    ),
    Case(
        "an answer wins over a key of the whole flow",
        "score:\n  ask: A score.\n  answer: {number: 0-9}\ndesk:\n  end: Desk.",
        (pressed("0"),),
        ("collect exactly 1, wait 5: A score.", "say Desk.", "hang up"),
        {"score": 0},
        "score desk",
        head='keys: {"0": repeat}',
    ),
    Case(
        "a key of the whole flow counts where it is no answer",
        f"{DIGITS}\ndesk:\n  end: Desk.",
        (pressed("0"),),
        (NUMBER, "say Desk.", "hang up"),
        {},
        "number desk",
        head='keys: {"0": desk}',
    ),
    Case(
        "keys typed ahead are collected until no further one fits",
        DIGITS,
        (pressed("12", more=True), pressed("345", more=True), pressed("6", more=True)),
        (NUMBER, "collect up to 4, wait 3: ", "collect up to 1, wait 3: ", "hang up"),
        {"number": "123456"},
        "number",
    ),
    Case(
        "silence ends an answer that was typed ahead",
        DIGITS,
        (pressed("1234", more=True), SILENCE),
        (NUMBER, "collect up to 2, wait 3: ", "hang up"),
        {"number": "1234"},
        "number",
    ),
    Case(
        "silence after too few keys is a wrong answer, not silence",
        f"{DIGITS}\n  invalid: Wrong.\n  silence: Nothing.",
        (pressed("12", more=True), SILENCE),
        (NUMBER, "collect up to 4, wait 3: ", "collect up to 6, wait 5: Wrong. | Your number."),
        {},
        "number",
        "",
    ),
    Case(
        "confirm says it back: 1 keeps it",
        CONFIRM,
        (pressed("007"), pressed("1")),
        (ASK_3, RIGHT, "say Thanks.", "hang up"),
        {"number": "007"},
        "number thanks",
    ),
    Case(
        "confirm: 2 asks again",
        CONFIRM,
        (pressed("123"), pressed("2"), pressed("007"), pressed("1")),
        (ASK_3, RIGHT.replace("0 0 7", "1 2 3"), ASK_3, RIGHT, "say Thanks.", "hang up"),
        {"number": "007"},
        "number thanks",
    ),
    Case(
        "confirm: anything else says it back again, until the tries are used up",
        CONFIRM,
        (pressed("007"), pressed("5"), SILENCE),
        (ASK_3, RIGHT, RIGHT, "say Desk.", "hang up"),
        {},
        "number desk",
    ),
    Case(
        "confirm: tries of the question count on",
        CONFIRM,
        (SILENCE, pressed("007"), SILENCE),
        (ASK_3, ASK_3, RIGHT, "say Desk.", "hang up"),
        {},
        "number desk",
    ),
    Case(
        "confirm: keys of the whole flow are heard, and repeat says it back again",
        CONFIRM,
        (pressed("007"), pressed("*"), pressed("0")),
        (ASK_3, RIGHT, RIGHT, "say Desk.", "hang up"),
        {},
        "number desk",
        head='keys: {"*": repeat, "0": desk}',
    ),
    Case(
        "confirm in the author's words knows the answer",
        "why:\n  ask: Press 1.\n  answer: {choices: {1: price}}\n"
        "  confirm: {en-GB: 'It is {{ why }}.', fr-FR: 'C''est {{ why }}.'}",
        (pressed("1"), pressed("1")),
        ("collect exactly 1, wait 5: Press 1.", "collect exactly 1, wait 5: It is price.", "hang up"),
        {"why": "price"},
        "why",
    ),
    Case(
        "a hang-up brings the answer it interrupted",
        DIGITS,
        (hung_up_with(pressed("1234")),),
        (NUMBER,),
        {"number": "1234"},
        "number",
        "hung_up",
    ),
    Case(
        "keys typed before the hang-up count, if they are an answer",
        DIGITS,
        (pressed("12", more=True), hung_up_with(pressed("34"))),
        (NUMBER, "collect up to 4, wait 3: "),
        {"number": "1234"},
        "number",
        "hung_up",
    ),
    Case(
        "a whole answer typed ahead of a plain hang-up counts",
        DIGITS,
        (pressed("1234", more=True), HUNG_UP),
        (NUMBER, "collect up to 2, wait 3: "),
        {"number": "1234"},
        "number",
        "hung_up",
    ),
    Case(
        "a hang-up with half an answer brings nothing",
        DIGITS,
        (hung_up_with(pressed("12")),),
        (NUMBER,),
        {},
        "number",
        "hung_up",
    ),
    Case(
        "a hang-up before the confirmation keeps the answer",
        CONFIRM,
        (pressed("007"), HUNG_UP),
        (ASK_3, RIGHT),
        {"number": "007"},
        "number",
        "hung_up",
    ),
    Case(
        "what a confirmation cannot take fails",
        CONFIRM,
        (pressed("007"), DONE),
        (
            ASK_3,
            RIGHT,
            "say We are sorry, there is a problem. Please call again later. Goodbye.",
            "hang up",
        ),
        {},
        "number",
        "apologised: cannot go on after ActionCompleted",
    ),
    Case(
        "a question that the carrier refuses fails with the carrier's words",
        DIGITS,
        (REFUSED,),
        (NUMBER, "say We are sorry, there is a problem. Please call again later. Goodbye.", "hang up"),
        {},
        "number",
        "apologised: no such sound",
    ),
)

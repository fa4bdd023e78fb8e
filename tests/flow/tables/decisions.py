"""`branch`, `hours`, `set` and `run`: which way, and what is known on it."""

from tests.flow.scenes import DONE, HUNG_UP, MONDAY_NOON, Case, fetched, hung_up_with, pressed

BRANCH = """
facts:
  set: {score: "{{ 9 }}", name: Ann}
route:
  branch:
    - {if: score < 5, next: low}
    - {if: "score >= 9 and name == 'Ann'", next: high}
    - {if: "true", next: low}
  otherwise: end
low:
  end: Low.
high:
  end: High.
"""
KNOWN = {"score": 9, "name": "Ann"}

BRANCH_CASES = (
    Case("the first condition that holds", BRANCH, (), ("say High.", "hang up"), KNOWN, "facts route high"),
    Case(
        "otherwise, when none holds",
        "route:\n  branch:\n    - {if: direction == 'outbound', next: out}\n  otherwise: inn\n"
        "below:\n  end: Below.\nout:\n  end: Out.\ninn:\n  end: In.",
        (),
        ("say In.", "hang up"),
        {},
        "route inn",
    ),
    Case(
        "without otherwise, the step below",
        "route:\n  branch:\n    - {if: 1 > 2, next: out}\nbelow:\n  end: Below.\nout:\n  end: Out.",
        (),
        ("say Below.", "hang up"),
        {},
        "route below",
    ),
    Case(
        "values that cannot be compared are an error",
        "facts:\n  set: {score: high}\nroute:\n  branch:\n    - {if: score < 5, next: end}\nsorry:\n  end: Sorry.",
        (),
        ("say Sorry.", "hang up"),
        {"score": "high"},
        "facts route sorry",
        head="on_error: sorry",
        ended="error: values of different kinds meet",
    ),
)

HOURS = 'open:\n  hours: {mon: "14:00-18:00"}\n  closed: night\nday:\n  end: Day.\nnight:\n  end: Night.'


def _at(hour: int, minute: int, zone: str, way: str) -> Case:
    at = MONDAY_NOON.replace(hour=hour, minute=minute)
    word = way.capitalize()
    title = f"Monday {hour:02}:{minute:02} UTC, opened 14 to 18 in {zone}: {way}"
    told = (f"say {word}.", "hang up")
    return Case(title, HOURS, (), told, {}, f"open {way}", head=f"zone: {zone}", opened={"at": at})


HOURS_CASES = (
    _at(13, 59, "UTC", "night"),
    _at(14, 0, "UTC", "day"),
    _at(17, 59, "UTC", "day"),
    _at(18, 0, "UTC", "night"),
    _at(11, 59, "Europe/Athens", "night"),
    _at(12, 0, "Europe/Athens", "day"),
    Case(
        "a zone of its own goes before the flow's",
        HOURS.replace("mon:", "zone: Europe/Athens, mon:"),
        (),
        ("say Day.", "hang up"),
        {},
        "open day",
        head="zone: Pacific/Auckland",
    ),
    Case(
        "a holiday of its own",
        HOURS.replace('18:00"}', '18:00", except: [2026-03-02]}'),
        (),
        ("say Night.", "hang up"),
        {},
        "open night",
        head="zone: Europe/Athens",
    ),
)

SET_CASES = (
    Case(
        "texts stay texts; one whole {{ }} keeps its type; trees",
        """
facts:
  set:
    zero: 007
    flag: true
    sum: "{{ 1 + 2 }}"
    text: "{{ 1 + 2 }} apples"
    tree: {list: ["{{ 1.5 }}", {deep: "{{ caller }}"}], none: "{{ none }}", yes: "{{ 1 < 2 }}"}
""",
        (),
        ("hang up",),
        {
            "zero": "007",
            "flag": "true",
            "sum": 3,
            "text": "3 apples",
            "tree": {"list": [1.5, {"deep": "+33611111111"}], "none": None, "yes": True},
        },
        "facts",
    ),
    Case(
        "one after the other sees what the step before set, not what it sets itself",
        'first:\n  set: {a: "{{ 1 }}", b: x}\nthen:\n  set: {a: "{{ a + 1 }}", b: "{{ a }}"}',
        (),
        ("hang up",),
        {"a": 2, "b": 1},
        "first then",
    ),
    Case(
        "the language is what the caller hears, and no variable",
        "french:\n  set: {language: fr-FR}\nhello:\n  say: {en-GB: Hello., fr-FR: 'Langue: {{ language }}'}",
        (),
        ("say [fr-FR] Langue: fr-FR", "hang up"),
        {},
        "french hello",
    ),
    Case(
        "a language the flow does not have is an error",
        'who:\n  set: {code: de-DE}\ngerman:\n  set: {language: "{{ code }}", other: x}\nsorry:\n  end: Sorry.',
        (),
        ("say Sorry.", "hang up"),
        {"code": "de-DE"},
        "who german sorry",
        head="on_error: sorry",
        ended="error: language is not among the flow's languages",
    ),
)

INNER = "inputs:\n  order: {type: number, default: 5}\n"
SURVEY = """
score:
  ask: A score.
  answer: {number: 0-9}
  otherwise: end
"""
RUN = "survey:\n  run: inner\nbye:\n  end: Bye."
SCORE = "collect exactly 1, wait 5: A score."

RUN_CASES = (
    Case(
        "through and back: what it saved comes back under the step's name",
        RUN,
        (pressed("7"),),
        (SCORE, "say Bye.", "hang up"),
        {"survey": {"score": 7}},
        "survey inner/score bye",
        run={"inner": SURVEY},
    ),
    Case(
        "inputs go in as texts of their own types; what is not declared is left out",
        'who:\n  set: {n: "{{ 3 }}"}\nsurvey:\n  run: inner\n\n'
        '  with: {n: "{{ n }}", text: "{{ n }} of 4", odd: x}\n  save: all',
        (),
        ("say 3 of 4: 6", "hang up"),
        {"n": 3, "all": {"n": 3, "text": "3 of 4"}},
        "who survey inner/tell",
        run={"inner": 'inputs:\n  n: {type: number}\n  text: {}\n\ntell:\n  say: "{{ text }}: {{ n + 3 }}"'},
    ),
    Case(
        "an input's text becomes what the input is declared as",
        "survey:\n  run: inner\n  with: {n: 4, on: true}",
        (),
        ("say 5 yes", "hang up"),
        {"survey": {"n": 4, "on": True}},
        "survey inner/tell",
        run={
            "inner": "inputs:\n  n: {type: number}\n  on: {type: flag}\n\n"
            "tell:\n  say: \"{{ n + 1 }} {{ 'yes' if on else 'no' }}\""
        },
    ),
    Case(
        "an input that is not what it is declared as is an error",
        "survey:\n  run: inner\n  with: {n: four}\nsorry:\n  end: Sorry.",
        (),
        ("say Sorry.", "hang up"),
        {},
        "survey sorry",
        head="on_error: sorry",
        run={"inner": "inputs:\n  n: {type: number}\n\ntell:\n  say: 'n'"},
        ended="error: input 'n' of flow 'inner' has to be a whole number",
    ),
    Case(
        "a flow that is run sees nothing of the one that runs it, and its language stays the call's",
        "french:\n  set: {language: fr-FR, secret_name: Ann}\nsurvey:\n  run: inner\n"
        "sorry:\n  end: {en-GB: E., fr-FR: F.}",
        (),
        ("say [fr-FR] Bonjour. ", "say [fr-FR] F.", "hang up"),
        {"secret_name": "Ann", "survey": {"secret_name": ""}},
        "french survey inner/tell sorry",
        run={
            "inner": "inputs:\n  secret_name: {default: ''}\n\n"
            "tell:\n  say: {en-GB: Hello., fr-FR: 'Bonjour. {{ secret_name }}'}"
        },
    ),
    Case(
        "`next: end` in a flow that is run goes back; below its last step too",
        RUN,
        (),
        ("say Inside.", "say Bye.", "hang up"),
        {"survey": {}},
        "survey inner/tell bye",
        run={"inner": "tell:\n  say: Inside.\n  next: end\nnever:\n  say: Never."},
    ),
    Case(
        "the verb `end` in a flow that is run ends the call",
        RUN,
        (),
        ("say Inside.", "hang up"),
        {},
        "survey inner/tell",
        run={"inner": "tell:\n  end: Inside."},
    ),
    Case(
        "a flow in a flow in a flow",
        "one:\n  run: two",
        (pressed("1"),),
        (SCORE, "say Two.", "hang up"),
        {"one": {"inside": {"score": 1}}},
        "one two/inside three/score two/tell",
        run={"two": "inside:\n  run: three\ntell:\n  say: Two.", "three": SURVEY},
    ),
    Case(
        "a hang-up inside brings out what was saved so far",
        RUN,
        (hung_up_with(pressed("7")),),
        (SCORE,),
        {"survey": {"score": 7}},
        "survey inner/score",
        "hung_up",
        run={"inner": SURVEY},
    ),
    Case(
        "an error inside is caught by the flow outside that has on_error",
        "survey:\n  run: inner\nsorry:\n  end: Sorry.",
        (DONE,),
        (SCORE, "say Sorry.", "hang up"),
        {"survey": {}},
        "survey inner/score sorry",
        head="on_error: sorry",
        run={"inner": SURVEY},
        ended="error: cannot go on after ActionCompleted",
    ),
    Case(
        "an error inside is caught inside first, and the outer flow goes on",
        RUN,
        (DONE,),
        (SCORE, "say Caught.", "say Bye.", "hang up"),
        {"survey": {}},
        "survey inner/score inner/caught bye",
        "error: cannot go on after ActionCompleted",
        run={"inner": f"on_error: caught\n\n{SURVEY}caught:\n  say: Caught."},
    ),
    Case(
        "keys of the flow that is run, not of the one that runs it",
        RUN,
        (pressed("*"), HUNG_UP),
        (SCORE, "say Star inside.", SCORE),
        {"survey": {}},
        "survey inner/score inner/keys.* inner/score",
        "hung_up",
        head='keys: {"*": bye}',
        run={"inner": f'keys:\n  "*": {{say: Star inside.}}\n\n{SURVEY}'},
    ),
    Case(
        "a fetch inside",
        RUN,
        (fetched(3),),
        ("GET https://example.com/", "say 3", "say Bye.", "hang up"),
        {"survey": {"got": 3}},
        "survey inner/got inner/tell bye",
        run={"inner": "got:\n  fetch: https://example.com/\ntell:\n  say: '{{ got }}'"},
    ),
)

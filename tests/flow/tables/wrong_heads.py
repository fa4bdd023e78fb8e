"""Flows that are wrong outside their steps, and everything that is said of them."""

HEAD = "flow: bad\nlanguages: [en-GB, fr-FR]\n"
STEPS = "steps:\n  hello:\n    say: Hi.\n"

WRONG_HEADS: tuple[tuple[str, list[str]], ...] = (
    ("", ["1:1: a flow is a mapping with the keys 'flow', 'languages' and 'steps'"]),
    ("x", ["1:1: a flow is a mapping with the keys 'flow', 'languages' and 'steps'"]),
    ("[a]", ["1:1: a flow is a mapping with the keys 'flow', 'languages' and 'steps'"]),
    ("flow: bad", ["1:1: the key 'languages' is missing", "1:1: the key 'steps' is missing"]),
    (
        "flow: bad\nlanguages: []\n" + STEPS,
        ["2:12: languages: has to be a list of languages, as in [en-GB, el-GR]"],
    ),
    (
        "flow: bad\nlanguages: en-GB\n" + STEPS,
        ["2:12: languages: has to be a list of languages, as in [en-GB, el-GR]"],
    ),
    (
        "flow: bad\nlanguages: [english, en_gb, en, fr-FR, fr-FR, [x]]\n" + STEPS,
        [
            "2:13: languages.0: 'english' is no language: write it as en-GB",
            "2:22: languages.1: 'en_gb' is no language; did you mean 'en-GB'?",
            "2:29: languages.2: 'en' is no language: write it as en-GB",
            "2:40: languages.4: 'fr-FR' stands here twice",
            "2:47: languages.5: has to be a language, written as en-GB",
        ],
    ),
    (
        "flow: Bad\nlanguages: [en-GB]\n" + STEPS,
        ["1:7: flow: 'Bad' is no name: it has to start with a letter a-z and hold only a-z, 0-9 and _"],
    ),
    (
        "flow: other\nlanguages: [en-GB]\n" + STEPS,
        ["1:7: flow: is 'other', but the file is called bad.yaml; they have to be the same"],
    ),
    ("flow: [x]\nlanguages: [en-GB]\n" + STEPS, ["1:7: flow: has to be a text, not a list"]),
    ("languages: [en-GB]\n" + STEPS, ["1:1: the key 'flow' is missing"]),
    (HEAD, ["1:1: the key 'steps' is missing"]),
    (HEAD + "steps:", ["3:7: steps: has to be a mapping of step names to steps, with at least one step"]),
    (HEAD + "steps: []", ["3:8: steps: has to be a mapping of step names to steps, with at least one step"]),
    (HEAD + "steps: {}", ["3:8: steps: has to be a mapping of step names to steps, with at least one step"]),
    (
        HEAD + "step:\n  a: {say: x}",
        ["1:1: the key 'steps' is missing", "3:1: step: unknown key 'step'; did you mean 'steps'?"],
    ),
    (
        HEAD + "zone: Athens\n" + STEPS,
        ["3:7: zone: there is no time zone 'Athens'; did you mean 'Europe/Athens'?"],
    ),
    (
        HEAD + "may_dial: [+331*, 0033]\n" + STEPS,
        ["3:19: may_dial.1: '0033' is no number, nor the beginning of numbers"],
    ),
    (HEAD + "may_dial: x\n" + STEPS, ["3:11: may_dial: 'x' is no number, nor the beginning of numbers"]),
    (HEAD + "may_dial: []\n" + STEPS, ["3:11: may_dial: names no number"]),
    (HEAD + "zone: [x]\n" + STEPS, ["3:7: zone: has to be a text, not a list"]),
    (HEAD + "voice: female\n" + STEPS, ["3:8: voice: has to be a mapping, as in {key: value}"]),
    (
        HEAD + "voice: {en-GB: robot}\n" + STEPS,
        ["3:16: voice.en-GB: 'robot' is no voice: write female, male, or one carrier's own as {callr: …}"],
    ),
    (HEAD + "voice: {de-DE: female}\n" + STEPS, ["3:9: voice.de-DE: 'de-DE' is not among the languages"]),
    (
        HEAD + "voice: {en-GB: [x]}\n" + STEPS,
        ["3:16: voice.en-GB: has to be female, male, or a mapping of carriers to their own voices"],
    ),
    (
        HEAD + "voice: {en-GB: {callr: }}\n" + STEPS,
        ["3:16: voice.en-GB: has to be female, male, or a mapping of carriers to their own voices"],
    ),
    (HEAD + "inputs: {name: text}\n" + STEPS, ["3:16: inputs.name: has to be a mapping, as in {key: value}"]),
    (HEAD + "inputs: [name]\n" + STEPS, ["3:9: inputs: has to be a mapping, as in {key: value}"]),
    (
        HEAD + "inputs: {Name: {}, language: {}, caller: {}}\n" + STEPS,
        [
            (
                "3:10: inputs.Name: 'Name' is no name: it has to start with a letter a-z and hold only a-z, 0-9 "
                "and _"
            ),
            "3:20: inputs.language: 'language' is a reserved name",
            "3:34: inputs.caller: 'caller' is a reserved name",
        ],
    ),
    (
        HEAD + "inputs: {n: {type: txt, default: x}}\nsteps:\n  hello:\n    say: '{{ n }}'\n",
        ["3:20: inputs.n.type: there is no type 'txt'; did you mean 'text'?"],
    ),
    (
        HEAD + "inputs: {n: {type: integer}}\n" + STEPS,
        ["3:20: inputs.n.type: there is no type 'integer': an input is text, number, phone, phones or flag"],
    ),
    (
        HEAD
        + (
            "inputs: {n: {type: number, default: x}, p: {type: phone, default: '12'}, f: {type: flag, "
            "default: yes}, x: {default: [a]}}\n"
        )
        + STEPS,
        ["3:118: inputs.x.default: has to be a text, not a list"],
    ),
    (
        HEAD
        + (
            "inputs: {n: {type: number, default: 1_0}, p: {type: phone, default: '12'}, f: {type: "
            "flag, default: yes}}\n"
        )
        + STEPS,
        [
            "3:37: inputs.n.default: has to be a whole number",
            "3:69: inputs.p.default: has to be a number such as +33123456789 or sip:name@host",
            "3:101: inputs.f.default: has to be true or false",
        ],
    ),
    (
        HEAD + "inputs: {n: {tpe: number, personal: x}}\n" + STEPS,
        [
            "3:14: inputs.n.tpe: unknown key 'tpe'; did you mean 'type'?",
            "3:37: inputs.n.personal: has to be true or false, not 'x'",
        ],
    ),
    (HEAD + "keys: {12: hello}\n" + STEPS, ["3:8: keys.12: '12' is no key of a telephone: use 0 to 9, * or #"]),
    (
        HEAD + "keys: {1: helo, 2: repeat, 3: }\n" + STEPS,
        [
            "3:11: keys.1: no step named 'helo'; did you mean 'hello'?",
            "3:30: keys.3: has to be a step's name or a step's body",
        ],
    ),
    (HEAD + "keys: {1: {say: }}\n" + STEPS, ["3:16: keys.1.say: is empty: there is nothing to say"]),
    (HEAD + "keys: x\n" + STEPS, ["3:7: keys: has to map keys to steps, as in {1: sales, 2: support}"]),
    (
        HEAD + "on_error: sorry\non_machine: repeat\non_hang_up: hello\n" + STEPS,
        [
            "3:11: on_error: no step named 'sorry'",
            "4:13: on_machine: 'repeat' can only stand behind a key",
            "7:3: steps.hello: runs after the hang-up (on_hang_up), where nobody can hear 'say'",
        ],
    ),
    (
        HEAD + "max_minutes: 0\n" + STEPS,
        ["3:14: max_minutes: has to be a whole number of minutes from 1 to 240, not '0'"],
    ),
    (
        HEAD + "tittle: x\nfoo: y\n" + STEPS,
        ["3:1: tittle: unknown key 'tittle'; did you mean 'title'?", "4:1: foo: unknown key 'foo'"],
    ),
    (HEAD + "title: [a]\n" + STEPS, ["3:8: title: has to be a text, not a list"]),
    (
        HEAD
        + (
            "steps: {end: {say: x}, repeat: {say: x}, keys: {say: x}, 9a: {say: x}, a.b: {say: x}, "
            "caller: {say: x}, now: {ask: x, answer: {digits: 1}}}"
        ),
        [
            "3:9: steps.end: 'end' is a reserved name",
            "3:24: steps.repeat: 'repeat' is a reserved name",
            "3:42: steps.keys: 'keys' is a reserved name",
            "3:58: steps.9a: '9a' is no name: it has to start with a letter a-z and hold only a-z, 0-9 and _",
            ("3:72: steps.a.b: 'a.b' is no name: it has to start with a letter a-z and hold only a-z, 0-9 and _"),
            "3:105: steps.now: saves under 'now', which is a reserved name: add save: with another",
        ],
    ),
    (
        HEAD
        + (
            "on_hang_up: a\nsteps:\n  a: {set: {x: 1}}\n  b: {fetch: 'https://x/', meanwhile: Wait.}\n  c: "
            "{branch: [{if: x, next: d}]}\n  d: {say: Hi}\n"
        ),
        [
            "6:39: steps.b.meanwhile: runs after the hang-up (on_hang_up), where nobody can hear it",
            "8:3: steps.d: runs after the hang-up (on_hang_up), where nobody can hear 'say'",
        ],
    ),
    (
        HEAD + "steps:\n  a: {say: x}\n  a: {say: y}\n",
        ["5:3: steps.a: the key 'a' stands here twice (first on line 4)"],
    ),
)

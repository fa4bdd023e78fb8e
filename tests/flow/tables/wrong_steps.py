"""Wrong steps, each the only step of a flow in English and French, and everything that is said of them.

A step begins on line 5, column 5. There are the secret TOKEN, the flows bad and survey, and the sounds
welcome.wav and hello_en-GB.wav.
"""

WRONG_STEPS: tuple[tuple[str, list[str]], ...] = (
    ("say: {}", ["5:10: steps.hello.say: is empty: there is nothing to say"]),
    ("say:", ["5:9: steps.hello.say: is empty: there is nothing to say"]),
    ("say: ''", ["5:10: steps.hello.say: is empty: there is nothing to say"]),
    ("say: []", ["5:10: steps.hello.say: is an empty list: there is nothing to say"]),
    ("say: {en-GB: Hi}", ["5:10: steps.hello.say: says nothing in fr-FR"]),
    ("say: {en-GB: Hi, fr-FR: B, de-DE: H}", ["5:32: steps.hello.say.de-DE: 'de-DE' is not among the languages"]),
    ("say: {en_gb: Hi}", ["5:11: steps.hello.say.en_gb: 'en_gb' is no language; did you mean 'en-GB'?"]),
    (
        "say: {en-GB: Yes, please.}",
        [
            "5:23: steps.hello.say.please.: 'please.' stands behind a comma: in braces, a text with a comma in it "
            "has to stand in quotes"
        ],
    ),
    ("say: {english: Hi}", ["5:11: steps.hello.say.english: 'english' is no language: write it as en-GB"]),
    (
        "say: {audoi: a.wav, text: x}",
        [
            "5:11: steps.hello.say.audoi: 'audoi' is no language; did you mean 'audio'?",
            "5:25: steps.hello.say.text: 'text' stands beside 'audio' or alone",
        ],
    ),
    ("say: {audio: a.wav}", ["5:18: steps.hello.say.audio: there is no file audio/a.wav"]),
    (
        "say: {audio: ../a.wav}",
        [
            (
                "5:18: steps.hello.say.audio: '../a.wav' has to be a file below flows/audio/ or a URL that "
                "starts with https://"
            )
        ],
    ),
    (
        "say: {audio: 'https://'}",
        [
            (
                "5:18: steps.hello.say.audio: 'https://' has to be a file below flows/audio/ or a URL that "
                "starts with https://"
            )
        ],
    ),
    (
        "say: {audio: 'http://x/a.wav'}",
        [
            (
                "5:18: steps.hello.say.audio: 'http://x/a.wav' has to be a file below flows/audio/ or a URL that "
                "starts with https://"
            )
        ],
    ),
    ("say: {text: x, en-GB: y}", ["5:11: steps.hello.say.text: 'text' stands beside 'audio' or alone"]),
    ("say: {media: {callr: 1}}", ["5:10: steps.hello.say: the key 'audio' is missing"]),
    (
        "say: {audio: welcome.wav, media: {callr: x}}",
        ["5:46: steps.hello.say.media.callr: has to be the carrier's number of the sound"],
    ),
    (
        "say: {audio: welcome.wav, media: 5}",
        ["5:38: steps.hello.say.media: has to name a carrier and its id of the sound, as in {callr: 131}"],
    ),
    (
        "say: {audio: 'hello_{lang}.wav'}",
        [("5:18: steps.hello.say.audio: there is no file audio/hello_fr-FR.wav; did you mean 'hello_en-GB.wav'?")],
    ),
    (
        "say: {audio: welcome.wav, text: [a, b]}",
        ["5:37: steps.hello.say.text: has to be what the sound says: one text, or one per language"],
    ),
    (
        "say: {audio: welcome.wav, txet: a}",
        ["5:31: steps.hello.say.txet: unknown key 'txet' in a sound; did you mean 'text'?"],
    ),
    ("say: [a, {en-GB: x}]", ["5:14: steps.hello.say.1: says nothing in fr-FR"]),
    ("say: '{{ nme }}'", ["5:14: steps.hello.say: nothing saves a variable named 'nme'"]),
    ("say: '{{ x }'", ["5:11: steps.hello.say: cannot be read: this '{{' is not closed with '}}'"]),
    ("say: '{{ secret.TOKEN }}'", ["5:14: steps.hello.say: a secret cannot be spoken"]),
    (
        "say: '{% for x in y %}{% endfor %}'",
        [
            (
                "5:14: steps.hello.say: there is no tag '{% for %}' here; there are elif, else, endif, endraw, "
                "if, raw"
            ),
            "5:30: steps.hello.say: there is no tag '{% endfor %}' here; did you mean 'endif'?",
        ],
    ),
    ("say: '{{ caller | digit }}'", ["5:23: steps.hello.say: there is no filter 'digit'; did you mean 'digits'?"]),
    ("say: x\n    times: 0", ["6:12: steps.hello.times: has to be a whole number of times from 1 to 20, not '0'"]),
    (
        "say: x\n    times: many",
        ["6:12: steps.hello.times: has to be a whole number of times from 1 to 20, not 'many'"],
    ),
    (
        "say: x\n    interruptible: maybe",
        ["6:20: steps.hello.interruptible: has to be true or false, not 'maybe'"],
    ),
    ("say: x\n    tims: 2", ["6:5: steps.hello.tims: unknown key 'tims'; did you mean 'times'?"]),
    (
        "say: x\n    play: {audio: welcome.wav}",
        ["6:5: steps.hello.play: a step has one verb, this one has say and play"],
    ),
    ("say: x\n    nxt: end", ["6:5: steps.hello.nxt: unknown key 'nxt'; did you mean 'next'?"]),
    ("say: x\n    next: fin", ["6:11: steps.hello.next: no step named 'fin'; did you mean 'end'?"]),
    ("say: x\n    next: hello_", ["6:11: steps.hello.next: no step named 'hello_'; did you mean 'hello'?"]),
    ("say: x\n    next: repeat", ["6:11: steps.hello.next: 'repeat' can only stand behind a key"]),
    ("say: x\n    next:", ["6:10: steps.hello.next: has to be a step's name, not ''"]),
    ("say: x\n    next: {say: y}", ["6:11: steps.hello.next: has to be a step's name, not a mapping"]),
    ("says: x", ["5:5: steps.hello.says: unknown verb 'says'; did you mean 'say'?"]),
    (
        "note: x",
        [
            (
                "5:5: steps.hello: this step has no verb; the verbs are say, play, pause, menu, ask, record, "
                "dial, conference, branch, hours, set, fetch, run, send_keys, notify, opt_out, "
                "call_back, end"
            )
        ],
    ),
    (
        "wibble: x",
        [
            (
                "5:5: steps.hello.wibble: unknown verb 'wibble'; the verbs are say, play, pause, menu, ask, "
                "record, dial, conference, branch, hours, set, fetch, run, send_keys, notify, opt_out, "
                "call_back, end"
            )
        ],
    ),
    (
        "speak: x",
        [
            (
                "5:5: steps.hello.speak: unknown verb 'speak'; the verbs are say, play, pause, menu, ask, "
                "record, dial, conference, branch, hours, set, fetch, run, send_keys, notify, opt_out, "
                "call_back, end"
            )
        ],
    ),
    (
        "play: x\n    times: 21",
        ["6:12: steps.hello.times: has to be a whole number of times from 1 to 20, not '21'"],
    ),
    ("pause: 0", ["5:12: steps.hello.pause: has to be a whole number of seconds from 1 to 300, not '0'"]),
    ("pause: [1]", ["5:12: steps.hello.pause: has to be a whole number of seconds from 1 to 300, not a list"]),
    ("pause: 1.5", ["5:12: steps.hello.pause: has to be a whole number of seconds from 1 to 300, not '1.5'"]),
    ("menu: x", ["5:5: steps.hello: the key 'keys' is missing"]),
    ("menu: x\n    keys: {}", ["6:11: steps.hello.keys: has to map keys to steps, as in {1: sales, 2: support}"]),
    (
        "menu: x\n    keys: {12: end}",
        ["6:12: steps.hello.keys.12: '12' is no key of a telephone: use 0 to 9, * or #"],
    ),
    ("menu: x\n    keys: {1: ede}", ["6:15: steps.hello.keys.1: no step named 'ede'; did you mean 'end'?"]),
    ("menu: x\n    keys: {1: [end]}", ["6:15: steps.hello.keys.1: has to be a step's name or a step's body"]),
    ("menu: x\n    keys: {1: }", ["6:14: steps.hello.keys.1: has to be a step's name or a step's body"]),
    ("menu: x\n    keys: {1: {say: }}", ["6:20: steps.hello.keys.1.say: is empty: there is nothing to say"]),
    ("menu: x\n    keys: {1: {sy: x}}", ["6:16: steps.hello.keys.1.sy: unknown verb 'sy'; did you mean 'say'?"]),
    (
        "menu: x\n    keys: {1: {menu: y, keys: {2: {say: z, nxt: end}}}}",
        ["6:44: steps.hello.keys.1.keys.2.nxt: unknown key 'nxt'; did you mean 'next'?"],
    ),
    (
        "menu: x\n    keys: {1: {next: end}}",
        [
            (
                "6:15: steps.hello.keys.1: this step has no verb; the verbs are say, play, pause, menu, ask, "
                "record, dial, conference, branch, hours, set, fetch, run, send_keys, notify, opt_out, "
                "call_back, end"
            )
        ],
    ),
    (
        "menu: x\n    keys: {1: end}\n    tries: 0",
        ["7:12: steps.hello.tries: has to be a whole number of tries from 1 to 10, not '0'"],
    ),
    (
        "menu: x\n    keys: {1: end}\n    wait: 99",
        ["7:11: steps.hello.wait: has to be a whole number of seconds from 1 to 30, not '99'"],
    ),
    ("menu: x\n    keys: {1: end}\n    otherwise: nobdy", ["7:16: steps.hello.otherwise: no step named 'nobdy'"]),
    ("ask: x", ["5:5: steps.hello: the key 'answer' is missing"]),
    (
        "ask: x\n    answer: 6",
        [
            (
                "6:13: steps.hello.answer: has to be one of {digits: 6}, {digits: 4-10}, {number: 0-10}, "
                "{choices: {1: yes, 2: no}}"
            )
        ],
    ),
    ("ask: x\n    answer: {digits: 0}", ["6:22: steps.hello.answer.digits: an answer has from 1 to 20 digits"]),
    (
        "ask: x\n    answer: {digits: 6-4}",
        ["6:22: steps.hello.answer.digits: '6-4' runs backwards: 6 is more than 4"],
    ),
    (
        "ask: x\n    answer: {digits: many}",
        [("6:22: steps.hello.answer.digits: 'many' is no count of digits: write one number, or two as in 4-10")],
    ),
    (
        "ask: x\n    answer: {digit: 6}",
        ["6:14: steps.hello.answer.digit: unknown kind of answer 'digit'; did you mean 'digits'?"],
    ),
    (
        "ask: x\n    answer: {number: 5}",
        ["6:22: steps.hello.answer.number: '5' is no range of numbers: write two, as in 0-10"],
    ),
    (
        "ask: x\n    answer: {choices: {}}",
        ["6:23: steps.hello.answer.choices: has to map keys to words, as in {1: yes, 2: no}"],
    ),
    (
        "ask: x\n    answer: {choices: {a: b}}",
        ["6:24: steps.hello.answer.choices.a: 'a' cannot be typed: use the keys 0 to 9 and *"],
    ),
    (
        "ask: x\n    answer: {choices: {1: }}",
        ["6:26: steps.hello.answer.choices.1: has to be a word, as in {1: yes, 2: no}"],
    ),
    (
        "ask: x\n    answer: {choices: {1: [a]}}",
        ["6:27: steps.hello.answer.choices.1: has to be a word, as in {1: yes, 2: no}"],
    ),
    (
        "ask: x\n    answer: {digits: 6, number: 0-5}",
        [
            (
                "6:13: steps.hello.answer: has to be one of {digits: 6}, {digits: 4-10}, {number: 0-10}, "
                "{choices: {1: yes, 2: no}}"
            )
        ],
    ),
    (
        "ask: x\n    answer: {digits: 6}\n    save: 9x",
        [
            (
                "7:11: steps.hello.save: '9x' is no name: it has to start with a letter a-z and hold only a-z, "
                "0-9 and _"
            )
        ],
    ),
    ("ask: x\n    answer: {digits: 6}\n    save: caller", ["7:11: steps.hello.save: 'caller' is a reserved name"]),
    (
        "ask: x\n    answer: {digits: 6}\n    confirm: maybe\n    personal: x",
        ["8:15: steps.hello.personal: has to be true or false, not 'x'"],
    ),
    (
        "ask: x\n    answer: {digits: 6}\n    confirm: {en-GB: x}",
        ["7:14: steps.hello.confirm: says nothing in fr-FR"],
    ),
    (
        "record: x\n    max: 301",
        ["6:10: steps.hello.max: has to be a whole number of seconds from 1 to 300, not '301'"],
    ),
    (
        "record: x\n    quiet: 0\n    review: 1",
        [
            "6:12: steps.hello.quiet: has to be a whole number of seconds from 1 to 20, not '0'",
            "7:13: steps.hello.review: has to be true or false, not '1'",
        ],
    ),
    ("record: x\n    empty: nowhere", ["6:12: steps.hello.empty: no step named 'nowhere'"]),
    ("dial:", ["5:10: steps.hello.dial: names nobody to call"]),
    ("dial: []", ["5:11: steps.hello.dial: names nobody to call"]),
    (
        "dial: 0612345678",
        [("5:11: steps.hello.dial: '0612345678' is no number to call: write it as +33123456789 or sip:name@host")],
    ),
    (
        "dial: ['+33612345678', '1']",
        ["5:28: steps.hello.dial.1: '1' is no number to call: write it as +33123456789 or sip:name@host"],
    ),
    ("dial: {a: b}", ["5:11: steps.hello.dial: has to be a text, not a mapping"]),
    (
        "dial: '+33612345678'\n    ring: 1",
        ["6:11: steps.hello.ring: has to be a whole number of seconds from 5 to 300, not '1'"],
    ),
    (
        "dial: '+33612345678'\n    caller_id: me",
        ["6:16: steps.hello.caller_id: 'me' is no number to show: write it as +33123456789, or hidden"],
    ),
    ("dial: '+33612345678'\n    busy: voicemial", ["6:11: steps.hello.busy: no step named 'voicemial'"]),
    ("dial: '+33612345678'\n    whisper: {en-GB: x}", ["6:14: steps.hello.whisper: says nothing in fr-FR"]),
    (
        "dial: '+33612345678'\n    record: please",
        ["6:13: steps.hello.record: has to be true or false, not 'please'"],
    ),
    ("conference:", ["5:16: steps.hello.conference: has to name a room"]),
    ("conference: x\n    pin: abc", ["6:10: steps.hello.pin: 'abc' cannot be typed: a pin has digits only"]),
    (
        "conference: x\n    welcome: [a, b]",
        ["6:14: steps.hello.welcome: has to be one text or one sound: a room plays no list"],
    ),
    ("branch: []", ["5:13: steps.hello.branch: holds no condition: write a list of {if: …, next: …}"]),
    ("branch: {if: 1, next: end}", ["5:13: steps.hello.branch: has to be a list: its items begin with a dash"]),
    (
        "branch:\n      - {if: 'x ==', next: end}",
        ["6:17: steps.hello.branch.0.if: cannot be read: something is missing behind '=='"],
    ),
    (
        "branch:\n      - {if: '{{ caller }}', next: end}",
        ["6:15: steps.hello.branch.0.if: is a condition: write it without {{ }} and {% %}"],
    ),
    (
        "branch:\n      - {if: caler == 1, next: end}",
        ["6:14: steps.hello.branch.0.if: nothing saves a variable named 'caler'; did you mean 'caller'?"],
    ),
    (
        "branch:\n      - {iff: caller, next: end}",
        [
            "6:9: steps.hello.branch.0: the key 'if' is missing",
            "6:10: steps.hello.branch.0.iff: unknown key 'iff'; did you mean 'if'?",
        ],
    ),
    ("branch:\n      - {if: caller}", ["6:9: steps.hello.branch.0: the key 'next' is missing"]),
    ("branch: [end]", ["5:14: steps.hello.branch.0: has to be a mapping, as in {key: value}"]),
    (
        "branch:\n      - {if: caller, next: nd}\n    otherwise: en",
        [
            "6:28: steps.hello.branch.0.next: no step named 'nd'; did you mean 'end'?",
            "7:16: steps.hello.otherwise: no step named 'en'; did you mean 'end'?",
        ],
    ),
    (
        "hours: 9-5",
        [
            "5:5: steps.hello: the key 'closed' is missing",
            ('5:12: steps.hello.hours: has to be a mapping, as in {zone: Europe/Athens, mon-fri: "09:00-17:00"}'),
        ],
    ),
    ("hours: {mon-fri: '09:00-17:00'}", ["5:5: steps.hello: the key 'closed' is missing"]),
    (
        "hours: {funday: '09:00-17:00', mon: 9-5, zone: Mars}\n    closed: end",
        [
            "5:21: steps.hello.hours.funday: 'funday' is no weekday; write mon to sun, as in mon-fri",
            "5:41: steps.hello.hours.mon: '9-5' has to be hours, as in 09:00-17:00, or 24h, or closed",
            "5:52: steps.hello.hours.zone: there is no time zone 'Mars'",
        ],
    ),
    (
        "hours: {}\n    closed: end",
        ["5:12: steps.hello.hours: names no day: write hours for some, as in mon-fri: 09:00-17:00"],
    ),
    (
        "hours: {holidays: XX, mon: 24h}\n    closed: end",
        ["5:23: steps.hello.hours.holidays: no holidays are known for 'XX'"],
    ),
    ("set: {}", ["5:10: steps.hello.set: names no variable"]),
    ("set: x", ["5:10: steps.hello.set: has to be a mapping of names to values, not a text"]),
    ("set: {caller: x}", ["5:11: steps.hello.set.caller: 'caller' is a reserved name"]),
    (
        "set: {9x: 1, language: fr-FR}",
        [
            (
                "5:11: steps.hello.set.9x: '9x' is no name: it has to start with a letter a-z and hold only a-z, "
                "0-9 and _"
            )
        ],
    ),
    ("set: {language: de-DE}", ["5:21: steps.hello.set.language: 'de-DE' is not among the languages"]),
    ("set: {language: [fr-FR]}", ["5:21: steps.hello.set.language: has to be one of the flow's languages"]),
    ("set: {a: '{{ b }}'}", ["5:18: steps.hello.set.a: nothing saves a variable named 'b'"]),
    ("fetch: ftp://x", ["5:12: steps.hello.fetch: has to be a whole URL that starts with https://"]),
    (
        "fetch: https://x/\n    method: get",
        ["6:13: steps.hello.method: unknown method 'get'; did you mean 'GET'?"],
    ),
    ("fetch: https://x/\n    method: FOO", ["6:13: steps.hello.method: unknown method 'FOO'"]),
    (
        "fetch: https://x/\n    timeout: 0",
        ["6:14: steps.hello.timeout: has to be a number of seconds above 0 and up to 60, not '0'"],
    ),
    (
        "fetch: https://x/\n    timeout: 90",
        ["6:14: steps.hello.timeout: has to be a number of seconds above 0 and up to 60, not '90'"],
    ),
    (
        "fetch: https://x/\n    retries: 4",
        ["6:14: steps.hello.retries: has to be a whole number of retries from 0 to 3, not '4'"],
    ),
    ("fetch: https://x/\n    headers: {'a b': c}", ["6:15: steps.hello.headers.a b: 'a b' is no header's name"]),
    (
        "fetch: https://x/\n    headers: [a]",
        ["6:14: steps.hello.headers: has to be a mapping of names to values, not a list"],
    ),
    ("fetch: https://x/\n    headers: {X: [a]}", ["6:18: steps.hello.headers.X: has to be a text"]),
    (
        "fetch: 'https://x/{{ secret.TKEN }}'",
        [("5:26: steps.hello.fetch: no secret named 'TKEN' (VOICEAPP_SECRET_TKEN) is set; did you mean 'TOKEN'?")],
    ),
    (
        "fetch: https://x/\n    json: {a: '{{ }}'}",
        ["6:19: steps.hello.json.a: cannot be read: nothing stands in this {{ }}"],
    ),
    ("fetch: https://x/\n    failed: x", ["6:13: steps.hello.failed: no step named 'x'"]),
    ("run: survy", ["5:10: steps.hello.run: no flow named 'survy'; did you mean 'survey'?"]),
    (
        "run:",
        [("5:9: steps.hello.run: '' is no name: it has to start with a letter a-z and hold only a-z, 0-9 and _")],
    ),
    ("run: survey\n    with: [a]", ["6:11: steps.hello.with: has to be a mapping of names to values, not a list"]),
    ("run: survey\n    with: {a: '{{ zz }}'}", ["6:19: steps.hello.with.a: nothing saves a variable named 'zz'"]),
    ("run: survey\n    save: now", ["6:11: steps.hello.save: 'now' is a reserved name"]),
    ("send_keys: abc", ["5:16: steps.hello.send_keys: 'abc' cannot be sent: use 0 to 9, * and #"]),
    ("send_keys:", ["5:15: steps.hello.send_keys: '' cannot be sent: use 0 to 9, * and #"]),
    ("notify: x", ["5:13: steps.hello.notify: has to be a whole URL that starts with https://"]),
    (
        "notify: https://x/\n    with: x",
        ["6:11: steps.hello.with: has to be a mapping of names to values, not a text"],
    ),
    (
        "call_back: yes\n    after: 60\n    flow: survey",
        ["5:16: steps.hello.call_back: 'yes' is no number to call: write true, or a number such as +33123456789"],
    ),
    (
        "call_back: [x]\n    after: 60\n    flow: survey",
        ["5:16: steps.hello.call_back: has to be a text, not a list"],
    ),
    (
        "call_back: true\n    after: soon\n    flow: survey",
        ["6:12: steps.hello.after: has to be a whole number of seconds from 0 to 604800, not 'soon'"],
    ),
    (
        "call_back: true\n    after: 60\n    flow: survoy",
        ["7:11: steps.hello.flow: no flow named 'survoy'; did you mean 'survey'?"],
    ),
    ("call_back: true\n    flow: survey", ["5:5: steps.hello: the key 'after' is missing"]),
    ("opt_out: yes", ["5:14: steps.hello.opt_out: has to be true"]),
    (
        "opt_out: true\n    scope: All",
        [
            (
                "6:12: steps.hello.scope: 'All' is no name: it has to start with a letter a-z and hold only a-z, "
                "0-9 and _"
            )
        ],
    ),
    ("end: {en-GB: x}", ["5:10: steps.hello.end: says nothing in fr-FR"]),
    ("end: []", ["5:10: steps.hello.end: is an empty list: there is nothing to say"]),
    ("end: x\n    prompt: y", ["6:5: steps.hello.prompt: unknown key 'prompt'"]),
    ("x", ["5:5: steps.hello: a step is a mapping with one verb in it, as in {say: Hello}"]),
    ("[a]", ["5:5: steps.hello: a step is a mapping with one verb in it, as in {say: Hello}"]),
    ("", ["4:9: steps.hello: a step is a mapping with one verb in it, as in {say: Hello}"]),
    (
        "set: {9x: 1, language: de-DE}",
        [
            (
                "5:11: steps.hello.set.9x: '9x' is no name: it has to start with a letter a-z and hold only a-z, "
                "0-9 and _"
            )
        ],
    ),
    (
        "dial: ['1', '+33612345678', x]\n    busy: nowhere",
        [
            "5:12: steps.hello.dial.0: '1' is no number to call: write it as +33123456789 or sip:name@host",
            "5:33: steps.hello.dial.2: 'x' is no number to call: write it as +33123456789 or sip:name@host",
            "6:11: steps.hello.busy: no step named 'nowhere'",
        ],
    ),
    (
        "say: {en-GB: '', fr-FR: '{{ x'}",
        [
            "5:18: steps.hello.say.en-GB: is empty: there is nothing to say",
            "5:30: steps.hello.say.fr-FR: cannot be read: this '{{' is not closed with '}}'",
        ],
    ),
    (
        "say: {audio: '{lang}/../x.wav', media: {callr: x}, text: ''}",
        [
            (
                "5:18: steps.hello.say.audio: '{lang}/../x.wav' has to be a file below flows/audio/ or a URL "
                "that starts with https://"
            ),
            "5:52: steps.hello.say.media.callr: has to be the carrier's number of the sound",
            "5:62: steps.hello.say.text: is empty: there is nothing to say",
        ],
    ),
    (
        "menu: x\n    keys: {1: {set: {a: 1}, next: repeet}}",
        ["6:35: steps.hello.keys.1.next: no step named 'repeet'"],
    ),
    (
        "menu: [{fr-FR: x}]\n    keys: {1: end}\n    invalid: ''\n    silence: {en-GB: x}",
        [
            "5:12: steps.hello.menu.0: says nothing in en-GB",
            "7:14: steps.hello.invalid: is empty: there is nothing to say",
            "8:14: steps.hello.silence: says nothing in fr-FR",
        ],
    ),
)

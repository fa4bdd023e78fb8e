"""`fetch`, `notify` and `opt_out`: what the server does itself."""

from tests.flow.scenes import (
    CALLED,
    CALLER,
    DELAYED,
    DONE,
    HUNG_UP,
    NO_ANSWER,
    REFUSED,
    SILENCE,
    Case,
    fetched,
    pressed,
)
from voiceapp.call import secret_mark

FETCH = """
results:
  fetch: "https://example.com/{{ caller }}"
  save: result
  failed: sorry
tell:
  end: "You have {{ result.count }}."
sorry:
  end: Sorry.
"""
GET = "GET https://example.com/%2B33611111111"
MEANWHILE = FETCH.replace("  save", "  meanwhile: [One moment., Please.]\n  save")

FETCH_CASES = (
    Case(
        "the answer is saved",
        FETCH,
        (fetched({"count": 3}),),
        (GET, "say You have 3.", "hang up"),
        {"result": {"count": 3}},
        "results tell",
    ),
    Case("a failure goes its way", FETCH, (NO_ANSWER,), (GET, "say Sorry.", "hang up"), {}, "results sorry"),
    Case(
        "a failure without a way is an error",
        "results:\n  fetch: https://example.com/\napology:\n  end: Oh.",
        (NO_ANSWER,),
        ("GET https://example.com/", "say Oh.", "hang up"),
        {},
        "results apology",
        head="on_error: apology",
        ended="error: fetch failed: timed out",
    ),
    Case(
        "everything that can be asked for",
        """
results:
  fetch: "https://example.com/"
  method: POST
  headers: {X-Key: "{{ secret.KEY }}", X-From: "{{ direction }}"}
  json: {from: "{{ caller }}", n: "{{ 1 + 1 }}"}
  timeout: 1.5
  retries: 2
""",
        (fetched("ok"),),
        (
            f'POST https://example.com/, headers {{"X-Key":"{secret_mark("k" * 32, "KEY")}","X-From":"inbound"}}, '
            f'json {{"from":"{CALLER}","n":2}}, timeout 1.5, retries 2',
            "hang up",
        ),
        {"results": "ok"},
        "results",
    ),
    Case(
        "json that is nothing at all is sent",
        'results:\n  fetch: https://example.com/\n  method: PUT\n  json: "{{ none }}"',
        (),
        ("PUT https://example.com/, json null",),
        {},
        "results",
        "",
    ),
    Case(
        "late, without words: silence until it is there",
        FETCH,
        (DELAYED, DONE, DELAYED, SILENCE, fetched({"count": 1})),
        (GET, "pause 1", "pause 1", "say You have 1.", "hang up"),
        {"result": {"count": 1}},
        "results tell",
    ),
    Case(
        "late, with words: they are said each time, keys do nothing",
        MEANWHILE,
        (DELAYED, pressed("5"), DELAYED, DONE, NO_ANSWER),
        (f"{GET}, patience 0.8", *("say One moment.", "say Please.") * 2, "say Sorry.", "hang up"),
        {},
        "results sorry",
    ),
    Case(
        "words that the carrier refuses are an error; the answer then comes too late",
        f"{MEANWHILE}apology:\n  ask: Still there?\n  answer: {{digits: 1}}",
        (DELAYED, REFUSED, fetched({"count": 1}), pressed("1")),
        (
            f"{GET}, patience 0.8",
            "say One moment.",
            "say Please.",
            "collect exactly 1, wait 5: Still there?",
            "hang up",
        ),
        {"apology": "1"},
        "results apology",
        "error: no such sound",
        head="on_error: apology",
    ),
    Case(
        "an answer after the hang-up changes nothing",
        FETCH,
        (DELAYED, HUNG_UP, fetched({"count": 1})),
        (GET, "pause 1"),
        {},
        "results",
        "hung_up",
    ),
)

NOTIFY_CASES = (
    Case(
        "data with types; the call does not wait",
        'told:\n  notify: "https://crm.example.com/{{ caller }}"\n'
        '  with: {from: "{{ caller }}", n: "{{ 2 + 3 }}", deep: [{a: b}]}\nbye:\n  end: Bye.',
        (),
        (
            f'notify https://crm.example.com/%2B33611111111 {{"from":"{CALLER}","n":5,"deep":[{{"a":"b"}}]}}',
            "say Bye.",
            "hang up",
        ),
        {},
        "told bye",
    ),
    Case(
        "no data",
        "told:\n  notify: https://a.example/",
        (),
        ("notify https://a.example/ {}", "hang up"),
        {},
        "told",
    ),
)

OPT_OUT_CASES = (
    Case(
        "inbound: the caller", "no_more:\n  opt_out: true", (), (f"opt out {CALLER} all", "hang up"), {}, "no_more"
    ),
    Case(
        "outbound: the called",
        "no_more:\n  opt_out: true\n  scope: sales",
        (),
        (f"opt out {CALLED} sales", "hang up"),
        {},
        "no_more",
        opened={"direction": "outbound"},
    ),
    Case(
        "a hidden number cannot be kept",
        "no_more:\n  opt_out: true",
        (),
        ("hang up",),
        {},
        "no_more",
        opened={"caller": ""},
    ),
)

CALL_BACK_CASES = (
    Case(
        "whoever called is called back",
        "later:\n  call_back: true\n  after: 600\n  flow: satisfaction\n  with: {order: '{{ 1 + 1 }}'}\n"
        "bye:\n  end: Bye.",
        (),
        (f'call back {CALLER} in 600 s with satisfaction {{"order":2}}, from {CALLED}', "say Bye.", "hang up"),
        {},
        "later bye",
    ),
    Case(
        "whoever we called is called again",
        "later:\n  call_back: true\n  after: 0\n  flow: satisfaction",
        (),
        (f"call back {CALLED} in 0 s with satisfaction {{}}, from {CALLER}", "hang up"),
        {},
        "later",
        opened={"direction": "outbound"},
    ),
    Case(
        "a number, after the hang-up too",
        "hello:\n  ask: Hello.\n  answer: {digits: 1}\nlater:\n  call_back: '+33{{ 123456789 }}'\n"
        "  after: 60\n  flow: other\n  next: end",
        (HUNG_UP,),
        (
            "collect exactly 1, wait 5: Hello.",
            f"call back +33123456789 in 60 s with other {{}}, from {CALLED}",
        ),
        {},
        "hello later",
        "hung_up",
        head="on_hang_up: later",
    ),
    Case(
        "nobody to call back",
        "later:\n  call_back: true\n  after: 60\n  flow: other\nsorry:\n  end: Sorry.",
        (),
        ("say Sorry.", "hang up"),
        {},
        "later sorry",
        "error: there is no number to call back",
        head="on_error: sorry",
        opened={"caller": ""},
    ),
)

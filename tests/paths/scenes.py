"""Flows whose paths are looked for: those that are shipped, those of the conversations, and some made up."""

from pathlib import Path

from tests.conversations.script import read_scripts
from tests.rehearsal.stage import name_in, scripts
from voiceapp.flow.flow import Script
from voiceapp.flow.library import load_library
from voiceapp.rehearsal.coverage import Item

TESTS = Path(__file__).parents[1]

DECIDING = """\
flow: deciding
languages: [en-GB, fr-FR]
inputs: {vip: {type: flag, default: "false"}, name: {type: text, default: ""}}
keys: {"0": desk, "*": repeat}
on_hang_up: tell
steps:
  vip: {branch: [{if: vip, next: desk}, {if: "name == 'Ann'", next: sorry}], otherwise: open}
  open: {hours: {mon-fri: "09:00-17:00"}, closed: night}
  amount: {ask: {en-GB: How much?, fr-FR: "Combien ?"}, answer: {number: 1-500}, tries: 2, otherwise: desk}
  much: {branch: [{if: amount > 100, next: look}], otherwise: sorry}
  look: {fetch: "https://a.example.com/{{ amount }}", save: account, failed: sorry}
  good: {branch: [{if: "account.open and account.kind in ['gold', 'silver']", next: french}], otherwise: desk}
  french: {set: {language: fr-FR}}
  again: {menu: {en-GB: One., fr-FR: Un.}, keys: {1: amount, 2: night}, tries: 1}
  night: {end: {en-GB: Night., fr-FR: Nuit.}}
  desk: {dial: ["+33123456701"], busy: sorry, no_answer: night, failed: sorry}
  sorry: {end: {en-GB: Sorry., fr-FR: Pardon.}}
  tell: {notify: "https://b.example.com/"}
""".replace("How much?", '"How much?"')
VOICES = """\
flow: voices
languages: [en-GB]
on_error: sorry
steps:
  room: {conference: monday, welcome: Welcome.}
  voice: {record: Speak., review: true, empty: sorry}
  code: {ask: A code., answer: {digits: 2-4}, confirm: true, tries: 2}
  choice: {ask: Choose., answer: {choices: {1: yes, 2: no}}, otherwise: sorry}
  bye: {end: Bye.}
  sorry: {end: Sorry.}
"""
OUTER = """\
flow: outer
languages: [en-GB]
on_machine: word
steps:
  inner: {run: inner, with: {n: "3"}, save: got}
  which: {branch: [{if: got.pick == 'b', next: word}], otherwise: bye}
  bye: {end: Bye.}
  word: {end: Word.}
"""
INNER = """\
flow: inner
languages: [en-GB]
inputs: {n: {type: number, default: "1"}}
steps:
  pick: {ask: A or b., answer: {choices: {1: a, 2: b}}, tries: 1}
"""


def _all() -> dict[str, Script]:
    texts, _ = read_scripts(TESTS / "conversations")
    made_up = scripts(DECIDING, VOICES, OUTER, INNER)
    shipped, shared = (
        load_library(TESTS.parent / "flows").scripts,
        load_library(TESTS / "flows" / "shared").scripts,
    )
    talked = scripts(*{name_in(text): text for text in texts}.values())
    return {
        **{f"made up: {name}": one for name, one in made_up.items()},
        **{f"shipped: {name}": one for name, one in shipped.items()},
        **{f"shared: {name}": one for name, one in shared.items()},
        **{f"talked: {name}": one for name, one in talked.items()},
    }


SCRIPTS = _all()

NOT_FOUND: dict[str, dict[Item, str]] = {
    "talked: opening_hours": {("way", "which", "if 2"): "no carrier has the name that it asks for"},
    "talked: failures": {
        ("way", "missing", "next"): "the step always fails: it reads what is only saved below it",
        ("way", "saved_later", "next"): "it follows on that one",
    },
}
"""What no call is found for, and why."""

"""Flows to fuzz, and how they are fuzzed here."""

from pathlib import Path

from tests.servers import write_flows
from voiceapp.carriers import Callr, Carrier, Routee
from voiceapp.flow.flow import Script
from voiceapp.flow.library import load_library
from voiceapp.fuzzing.invariants import Limits
from voiceapp.fuzzing.searching import Budget, Searched, search
from voiceapp.rehearsal.rehearse import PUBLIC_URL
from voiceapp.settings import Settings
from voiceapp.web.from_settings import carriers_of

LINE = """\
flow: line
languages: [en-GB]
steps:
  which: {menu: Press 1 or 2., keys: {1: age, 2: out}, tries: 2}
  age: {ask: How old are you., answer: {number: 10-99}}
  asked: {fetch: "https://x.example.com/{{ age }}", save: found, failed: told}
  told: {notify: "https://x.example.com/told", with: {age: "{{ age }}"}, next: count}
  out: {opt_out: true}
  count: {set: {n: 1}}
  bye: {end: Goodbye.}
"""
ASKS = """\
flow: asks
languages: [en-GB]
steps:
  age: {ask: How old are you., answer: {number: 10-99}}
  bye: {end: Goodbye.}
"""
PESTERS = """\
flow: pesters
languages: [en-GB]
steps:
  which: {menu: For no more calls press 9., keys: {9: out}, otherwise: later}
  out: {opt_out: true}
  later: {call_back: true, after: 60, flow: pesters}
  bye: {end: Goodbye.}
"""
TRUSTS = """\
flow: trusts
languages: [en-GB]
steps:
  asked: {fetch: "https://x.example.com/", save: found, timeout: 8}
  told: {end: "You have {{ found.count }} letters."}
"""
TALKS = """\
flow: talks
languages: [en-GB]
steps:
  on: {say: And on., next: on}
"""


def carriers() -> tuple[Callr, Routee]:
    return carriers_of(Settings(public_url=PUBLIC_URL))


def scripts(folder: Path) -> dict[str, Script]:
    return dict(load_library(write_flows(folder, LINE, PESTERS, TRUSTS, TALKS)).scripts)


def searched(script: Script, carrier: Carrier, calls: int = 400, limits: Limits | None = None) -> Searched:
    return search(script, carrier, Budget(calls, seconds=600, seed=1), limits or Limits())

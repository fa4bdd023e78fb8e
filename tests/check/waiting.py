"""Random flows that ask back ends, and the service's waiting for them in made-up time.

`Line` posts what a carrier might, and waits as `service/post_turn.py` does, with the engine and the codecs that
run in production. Every wait is kept together with how its turn began, for a proof to be held against.
"""

from collections.abc import Iterator
from typing import NamedTuple

from hypothesis import strategies as st
from msgspec.structs import replace

from tests.flow.scenes import MONDAY_NOON, opening
from voiceapp.actions import CollectDigits, Dial, Fetch, HangUp, Pause, RecordVoice
from voiceapp.carriers import Carrier
from voiceapp.check.turns import Begin, Place, Turns
from voiceapp.events import (
    ActionCompleted,
    ActionFailed,
    CallOffered,
    DialEnded,
    DialRefused,
    DigitsCollected,
    Event,
    FetchCompleted,
    FetchDelayed,
    FetchFailed,
    SilenceHeard,
    VoiceRecorded,
)
from voiceapp.flow.flow import Script
from voiceapp.flow.graph import FIRST
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.ways import ON_ERROR
from voiceapp.service.post_turn import RESERVE
from voiceapp.turn import Happened, answer, happen, on, opened

NUMBER = "+33123456789"
AT = MONDAY_NOON
MOST_TURNS = 12


# flows


@st.composite
def _fetch(draw: st.DrawFn, way: st.SearchStrategy[str], *, plan: bool) -> str:
    seconds = ["0.4", "0.9", "1.2", "1.7"] if plan else ["0.5", "0.8", "2", "3", "3.2", "6"]
    timeout = draw(st.sampled_from(["", *(f"  timeout: {one}\n" for one in seconds)]))
    retries = draw(st.sampled_from(["", "  retries: 1\n"]))
    meanwhile = "" if plan else draw(st.sampled_from(["", "", "  meanwhile: One moment.\n"]))
    failed = f"  failed: {draw(way)}\n" if draw(st.booleans()) else ""
    return f"  fetch: https://a.example.com/\n  save: v\n{timeout}{retries}{meanwhile}{failed}"


@st.composite
def _other(draw: st.DrawFn, way: st.SearchStrategy[str], *, plan: bool, inner: bool) -> str:
    bodies = [
        "  say: Hello.\n",
        '  say: "Hello {{ v.name }}."\n',
        "  pause: 1\n",
        '  set: {w: "{{ v }}"}\n',
        f"  branch:\n    - {{if: 'v == 1', next: {draw(way)}}}\n  otherwise: {draw(way)}\n",
        f"  menu: Press.\n  keys: {{1: {draw(way)}, 2: {draw(way)}}}\n  tries: 1\n",
        f'  dial: "{NUMBER}"\n  no_answer: bye\n' + ("" if plan else f"  failed: {draw(way)}\n"),
        *([] if plan else ["  record: Speak.\n"]),
        *([] if inner else ["  run: inner\n", "  run: inner\n"]),
    ]
    return draw(st.sampled_from(bodies))


@st.composite
def _flow(draw: st.DrawFn, *, plan: bool, inner: bool = False) -> str:
    names = [f"s{at}" for at in range(draw(st.integers(1, 3 if inner else 6)))]
    way = st.sampled_from([*names, *names, "last" if inner else "bye"])
    other = _other(way, plan=plan, inner=inner)
    steps = ""
    for name in names:
        steps += f"{name}:\n{draw(_fetch(way, plan=plan) if draw(st.booleans()) else other)}"
        steps += f"  next: {draw(way)}\n" if draw(st.integers(0, 2)) == 2 else ""
    head = f"on_error: {draw(way)}\n" if draw(st.booleans()) else ""
    # The last step of a flow that is run says nothing, or one that is run in a loop would never take breath.
    last = "last: {set: {w: 1}, next: end}\n" if inner else ""
    return f"inputs: {{v: {{type: number, default: 0}}}}\n{head}\n{steps}{last}bye: {{end: Bye.}}\n"


def flows(*, plan: bool) -> st.SearchStrategy[tuple[str, str]]:
    """A flow and the one it may run; for a carrier that takes a plan, only what it can nearly always do."""
    return st.tuples(_flow(plan=plan), _flow(plan=plan, inner=True))


# calls


class Waited(NamedTuple):
    """Between two words: how the first turn of it began, `turn` the seconds waited in the present one, `silent`
    those since the last word."""

    begin: Begin
    turn: float
    silent: float


class Line:
    """One call on one carrier; `draw` decides what the caller, the back ends and the toll gate do."""

    def __init__(self, script: Script, carrier: Carrier, draw: st.DataObject) -> None:
        self.script = script
        self.carrier = carrier
        self.draw = draw
        self.turns = Turns(script, carrier)
        self.begin = Begin(script.flow.name, "", FIRST)
        self.since: Begin | None = None
        self.silent = 0.0
        self.running: tuple[Fetch, float, Event] | None = None
        self.now = 0.0

    def waits(self) -> Iterator[Waited]:
        """Every wait for a back end until the call is over, or long enough."""
        happened = self._happen(opened(opening(self.script), self.script), CallOffered(at=AT))
        until = max(self.carrier.answers_within.values())
        for _ in range(MOST_TURNS):
            happened, waited = self._asked(happened, until)
            if self.since is not None:
                yield Waited(self.since, waited, self.silent)
            call = answer(self.script, self.carrier, happened).call
            told = call.told
            unheard = self.carrier.takes_plan and isinstance(happened.events[-1], DialEnded)
            if unheard or isinstance(told, HangUp):
                return
            if isinstance(told, Pause) and self._is_fetch(told.step):
                self.now += told.seconds
                self.silent += told.seconds
            else:
                self.silent, self.since = 0.0, None
            event = self._posted(told, more=bool(call.outbox))
            dialled = self.carrier.takes_plan and isinstance(event, DialEnded)
            until = (min if dialled else max)(self.carrier.answers_within.values())
            happened = self._happen(on(call), event)

    def _is_fetch(self, step: str) -> bool:
        flow, _, name = step.rpartition("/")
        return isinstance(self.turns.step(Place(flow or self.script.flow.name, name)), FetchStep)

    def _happen(self, before: Happened, event: Event) -> Happened:
        happened = happen(self.script, self.carrier, before, (event,))
        for taken in happened.taken[len(before.taken) :]:
            if taken.name == "failed" and not isinstance(event, DialEnded | ActionFailed):
                continue  # a dial that is not begun: the same turn goes on
            if taken.name == ON_ERROR:
                self.begin = Begin(taken.flow, "", ON_ERROR)
            elif self.turns.ends_turn(Place(taken.flow, taken.step)):
                self.begin = Begin(*taken)
        return happened

    def _posted(self, told: object, *, more: bool) -> Event:
        """What comes back from what was told."""
        if isinstance(told, CollectDigits) and not more:
            digits = DigitsCollected(at=AT, digits=self.draw.draw(st.sampled_from("129")))
            return digits if self.carrier.takes_plan or self.draw.draw(st.booleans()) else SilenceHeard(at=AT)
        if isinstance(told, Dial):
            return DialEnded(at=AT, outcome=self.draw.draw(st.sampled_from(sorted(self.carrier.dial_outcomes))))
        if isinstance(told, RecordVoice):
            return VoiceRecorded(at=AT, recording=self.draw.draw(st.sampled_from(["", "r1"])))
        refused = not self.carrier.takes_plan and self.draw.draw(st.integers(0, 9)) == 9
        return ActionFailed(at=AT, reason="refused") if refused else ActionCompleted(at=AT)

    def _asked(self, happened: Happened, until: float) -> tuple[Happened, float]:
        """`PostTurn._asked`: back ends and the toll gate, in turns; and the seconds that it took."""
        began = self.now
        while True:
            happened = self._fetched(happened, began + until)
            last = happened.call.outbox[-1] if happened.call.outbox else None
            if not isinstance(last, Dial) or not self.draw.draw(st.booleans()):
                return happened, self.now - began
            happened = self._happen(happened, DialRefused(at=AT, numbers=last.targets, reasons=("region",)))
            if happened.call.fetch is None:
                return happened, self.now - began

    def _fetched(self, happened: Happened, until: float) -> Happened:
        """`PostTurn._fetched`."""
        plan = self.carrier.takes_plan
        while (fetch := happened.call.fetch) is not None:
            left = until - self.now - RESERVE
            self._start(fetch, left if plan else fetch.timeout * (fetch.retries + 1))
            if happened.call.outbox and not plan:
                return happened
            self.since = self.since or self.begin
            event = self._result(left + RESERVE / 2 if plan else min(left, fetch.patience))
            happened = self._happen(happened, event)
        return happened

    def _start(self, fetch: Fetch, within: float) -> None:
        if self.running is not None and self.running[0] == fetch:
            return
        longest = min(within, fetch.timeout)
        least = [0.0, 0.75, 0.8, 0.85, 2.9, 3.05]
        seconds = max(0.0, min(self.draw.draw(st.sampled_from([*least, longest, longest])), longest))
        seconds += 0.1 if fetch.retries and seconds == longest and self.draw.draw(st.booleans()) else 0.0
        value = self.draw.draw(st.sampled_from([0, 1, None]))
        failed = value is None or (seconds >= longest and self.draw.draw(st.booleans()))
        event = FetchFailed(at=AT, reason="HTTP 503") if failed else FetchCompleted(at=AT, value=value)
        self.running = fetch, self.now + seconds, event

    def _result(self, patience: float) -> Event:
        """`Fetches.result`, and what is made of none."""
        if self.running is None:
            raise AssertionError("nothing was asked")
        _, ready, event = self.running
        wait = max(0.0, ready - self.now)
        waited = min(wait, max(0.0, patience))
        self.now += waited
        self.silent += waited
        if wait > max(0.0, patience) + 1e-9:
            return FetchFailed(at=AT, reason="timed out") if self.carrier.takes_plan else FetchDelayed(at=AT)
        self.running = None
        return replace(event, at=AT)

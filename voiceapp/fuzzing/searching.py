"""Looks for a call that breaks a rule, and makes it as small as it can be.

Needs Hypothesis: `voiceapp[fuzz]`.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from time import monotonic

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy

from voiceapp.carriers.base import Carrier
from voiceapp.flow.flow import Script
from voiceapp.fuzzing.callers import Chance, cases
from voiceapp.fuzzing.invariants import Broken, Limits, first_broken
from voiceapp.fuzzing.playing import Played, play
from voiceapp.paths.asked_for import asked_for
from voiceapp.rehearsal.coverage import Counting

BATCH = 100
"""Calls between two looks at the clock."""


@dataclass(frozen=True)
class Budget:
    """How long to look, on one carrier: so many `calls`, and no new ones after so many `seconds`; `seed`: the same
    one gives the same calls."""

    calls: int = 500
    seconds: float = 60.0
    seed: int = 0


@dataclass(frozen=True)
class Counterexample:
    """The smallest call that was found to break a rule."""

    played: Played
    broken: Broken


@dataclass
class Searched:
    """What was done on one carrier: calls (those that only made a counterexample smaller are not counted), their
    turns, what they went through, and the wall's seconds."""

    carrier: Carrier
    calls: int = 0
    turns: int = 0
    seconds: float = 0.0
    went: Counting = field(default_factory=Counting)
    found: Counterexample | None = None


class _RuleBroken(Exception):
    """Tells Hypothesis that a call is one that is looked for."""


def search(script: Script, carrier: Carrier, budget: Budget, limits: Limits) -> Searched:
    """Plays random calls of a flow on one carrier until one breaks a rule, or the budget is used up."""
    searched, began = Searched(carrier), monotonic()
    with _nothing_left_behind(), asyncio.Runner() as runner:
        calls, judge = _calls(script, carrier, runner.get_loop()), _judge(limits, searched)
        for at in range(0, budget.calls, BATCH):
            if searched.found is not None or monotonic() - began >= budget.seconds:
                break
            _run(calls, judge, min(budget.calls - at, BATCH), budget.seed + at * _NEXT_SEED)
    searched.seconds = monotonic() - began
    return searched


_NEXT_SEED = 1_000_003


@contextmanager
def _nothing_left_behind() -> Iterator[None]:
    """What Hypothesis keeps on disk to be quicker the next time is not kept in the author's folder."""
    with TemporaryDirectory() as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


class _Drawn:
    """A call as Hypothesis hands it on, which would write down all of it."""

    def __init__(self, played: Played) -> None:
        self.played = played

    def __repr__(self) -> str:
        return "a call"


def _calls(script: Script, carrier: Carrier, loop: asyncio.AbstractEventLoop) -> SearchStrategy[_Drawn]:
    """Calls, each played to its end as it is drawn."""
    asked = asked_for(script.flows.values())
    begun = cases(script, carrier, asked)

    @st.composite
    def calls(draw: st.DrawFn) -> _Drawn:
        case = draw(begun)
        return _Drawn(loop.run_until_complete(play(script, carrier, case, Chance(draw, script, asked))))

    return calls()


def _judge(limits: Limits, searched: Searched) -> Callable[[_Drawn], None]:
    """Judges one call. Once a rule is broken, only calls that break the same one count: else the smallest call
    would be one that shows something else."""

    def judge(drawn: _Drawn) -> None:
        played = drawn.played
        broken = first_broken(played, limits)
        if searched.found is None:
            searched.calls += 1
            searched.turns += len(played.turns)
            searched.went.add(played.rehearsed)
        if broken is None:
            return
        if searched.found is None or searched.found.broken.invariant is broken.invariant:
            searched.found = Counterexample(played, broken)
            raise _RuleBroken

    return judge


def _run(calls: SearchStrategy[_Drawn], judge: Callable[[_Drawn], None], most: int, number: int) -> None:
    """Lets Hypothesis play so many calls at the most, and make smaller what breaks a rule."""
    configured = settings(
        max_examples=most,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
    with suppress(_RuleBroken, Flaky):
        seed(number)(configured(given(calls)(judge)))()

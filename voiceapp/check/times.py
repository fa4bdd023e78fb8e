"""How long a caller may wait for an answer: for each turn of a script, the slowest way through its back ends.

What is counted, per carrier, is what the caller does not hear. `service/post_turn.py` is the code that this is
proven against; a test drives both with random flows.

- A fetch takes at most its `timeout`, tries included; the pause before a last try may come on top.
- A turn is left its deadline less RESERVE for all its fetches together.
- CALLR: a fetch with `meanwhile` is silent for PATIENCE_WITH_WORDS at most, and not beyond what the turn is left.
  One without may be waited for in silence for PATIENCE; then, or when the turn has nothing left, the call is held
  on with pauses of HELD seconds until the answer is there, so that up to HELD more go by.
- Routee: the reply is one plan, so all fetches have to fit into what the turn is left; what comes later counts as
  failed. A time-out that the author did not write is as long as the carrier allows.

The server's own time, the store's and the network's to the carrier are not counted: RESERVE is for them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from voiceapp.carriers import Carrier
from voiceapp.check.turns import At, Begin, Place, Turns
from voiceapp.flow.flow import Script
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.fetch import PATIENCE, PATIENCE_WITH_WORDS, FetchStep

RESERVE = 0.5
"""Seconds of a deadline that no fetch gets; a test holds it to what the service keeps."""
RETRY_PAUSE = 0.1
"""Seconds before a further try; the same test."""
HELD = 1
"""Seconds of silence that a call is held on with at a time."""

ENDLESS = float("inf")
"""Seconds of a turn that can ask again and again without a word in between; the engine gives up after 20 steps."""


class Asked(NamedTuple):
    """A fetch on the way of a turn: the most `seconds` it may take, and whether there is something to say
    meanwhile."""

    place: Place
    seconds: float
    meanwhile: bool


@dataclass(frozen=True)
class Wait:
    """A way through a turn, up to a fetch: the steps, the fetches among them, and the most `seconds` that go by
    until its answer is there, or until `meanwhile` is said."""

    steps: tuple[Place, ...]
    fetches: tuple[Asked, ...]
    seconds: float

    @property
    def covered(self) -> bool:
        """Whether words end it, when the answer does not."""
        return self.fetches[-1].meanwhile


@dataclass(frozen=True)
class Turn:
    """What may begin at `begins` and asks a back end before anything else comes from the carrier. `worst` is the
    way on which most seconds go by; `late` the ways on which they become more than `budget`, one for each fetch
    by which they do."""

    carrier: str
    begins: tuple[Begin, ...]
    budget: float
    worst: Wait
    late: tuple[Wait, ...]


def fits(script: Script, carrier: Carrier) -> bool:
    """Whether the carrier serves the script at all."""
    return not any(carrier.misfits(flow) for flow in script.flows.values())


def turns_of(script: Script, carrier: Carrier) -> tuple[Turn, ...]:
    """Every turn that waits for a back end, in the order of the flow. The carrier has to fit the script."""
    turns = Turns(script, carrier)
    begins: dict[tuple[At, float], list[Begin]] = {}
    for begin, ats in turns.begins():
        budget = _budget(carrier, turns, begin)
        for at in sorted(ats):
            begins.setdefault((at, budget), []).append(begin)
    found = []
    for (at, budget), ways in begins.items():
        waits = _Slowest(turns, at, budget, plan=carrier.takes_plan).waits()
        if waits:
            worst = max(waits, key=lambda wait: (wait.seconds, -len(wait.steps)))
            late = tuple(wait for wait in waits if wait.seconds > budget)
            found.append(Turn(carrier.name, tuple(dict.fromkeys(ways)), budget, worst, _first(late)))
    return tuple(found)


def _first(late: tuple[Wait, ...]) -> tuple[Wait, ...]:
    """Without those that were late before their last fetch."""
    ends = {wait.steps[-1] for wait in late}
    return tuple(wait for wait in late if ends.isdisjoint(wait.steps[:-1]))


def _budget(carrier: Carrier, turns: Turns, begin: Begin) -> float:
    """Seconds for the fetches of a turn. How a dial ended is told beside a plan in a status post, the shortest."""
    deadlines = carrier.answers_within.values()
    dialled = bool(begin.step) and isinstance(turns.step(Place(begin.flow, begin.step)), DialStep)
    deadline = min(deadlines) if carrier.takes_plan and dialled else max(deadlines)
    return round(max(0.0, deadline - RESERVE), 3)


class _Slowest:
    """The slowest way from one beginning to everything that the turn can come to: the longest paths of a graph in
    which a round without a word, when it asks a back end, takes for ever."""

    def __init__(self, turns: Turns, first: At, budget: float, *, plan: bool) -> None:
        self._turns = turns
        self._budget = budget
        self._plan = plan
        self._seconds = {first: self._behind(first, 0.0)}
        self._before: dict[At, At] = {}
        self._search(first)

    def waits(self) -> tuple[Wait, ...]:
        """A way to each fetch."""
        steps = [at for at in self._seconds if isinstance(self._turns.step(at.place), FetchStep)]
        return tuple(self._wait(at) for at in steps)

    def _search(self, first: At) -> None:
        todo = [first]
        while todo:
            at = todo.pop()
            for following in self._turns.after(at):
                seconds = self._behind(following, self._seconds[at])
                if seconds <= self._seconds.get(following, -1.0):
                    continue
                way = self._way(at)
                if following in way:
                    seconds = self._round(way[way.index(following) :], seconds)
                else:
                    self._before[following] = at
                self._seconds[following] = seconds
                todo.append(following)

    def _round(self, ats: list[At], seconds: float) -> float:
        """What a round of silent steps comes to: once the turn has nothing left, `meanwhile` ends the silence."""
        fetches = self._fetches(at.place for at in ats)
        ends = not self._plan and seconds <= self._budget and all(asked.meanwhile for asked in fetches)
        return self._budget if ends else ENDLESS

    def _way(self, at: At) -> list[At]:
        """From the beginning to here."""
        way = [at]
        while way[-1] in self._before:
            way.append(self._before[way[-1]])
        return way[::-1]

    def _behind(self, at: At, before: float) -> float:
        """The seconds behind a step, when `before` have gone by in front of it."""
        step = self._turns.step(at.place)
        if not isinstance(step, FetchStep):
            return before
        asked = self._asked(at.place, step)
        after = round(before + asked.seconds, 3)
        if self._plan:
            return after
        if asked.meanwhile:
            soon = round(before + min(asked.seconds, PATIENCE_WITH_WORDS), 3)
            return soon if before > self._budget else min(soon, self._budget)
        return after + HELD if asked.seconds > PATIENCE or after > self._budget else after

    def _asked(self, place: Place, step: FetchStep) -> Asked:
        seconds = step.timeout + (RETRY_PAUSE if step.retries else 0.0)
        if self._plan and "timeout" not in step.model_fields_set:
            seconds = min(seconds, self._budget)
        return Asked(place, round(seconds, 3), step.meanwhile is not None)

    def _wait(self, at: At) -> Wait:
        places = tuple(one.place for one in self._way(at))
        return Wait(places, tuple(self._fetches(places)), self._seconds[at])

    def _fetches(self, places: Iterable[Place]) -> Iterator[Asked]:
        for place in places:
            step = self._turns.step(place)
            if isinstance(step, FetchStep):
                yield self._asked(place, step)

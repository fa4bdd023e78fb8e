"""What of a flow its scenarios went through: steps, ways out of them, tries, and what was heard in which
language."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from voiceapp.carriers.base import Carrier
from voiceapp.carriers.narrowed import narrowed
from voiceapp.events import DialOutcome
from voiceapp.flow.flow import Flow
from voiceapp.flow.graph import graph_of, ways_out
from voiceapp.flow.languages import languages_at
from voiceapp.flow.leaves import prompts
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.ways import ON_ERROR, ON_HANG_UP, ON_MACHINE, Taken, flow_key_way, is_flow_key
from voiceapp.rehearsal.rehearse import Rehearsed

FLOW = ""
"""Stands for the step in the ways that belong to the flow itself: its keys, `on_hang_up`, `on_error`, …"""

_ALL_OUTCOMES: frozenset[str] = frozenset(get_args(DialOutcome))

Way = tuple[str, str]
"""A step's name, and the name of a way out of it or of a try."""

Kind = Literal["way", "try", "language"]
Item = tuple[Kind, str, str]
"""What a call can go through: a way out of a step, a try there, or a language in which it says something."""


@dataclass(frozen=True)
class Share:
    """So many of all."""

    covered: int
    all: int

    @property
    def whole(self) -> bool:
        """Nothing is missing."""
        return self.covered == self.all

    @property
    def percent(self) -> float:
        """Of 100; everything of nothing is 100."""
        return 100.0 * self.covered / self.all if self.all else 100.0


@dataclass(frozen=True)
class Coverage:
    """How often each part of one flow was gone through, in the order of its file; 0 for never. `ways` has the ways
    out of steps, and under FLOW those of the flow itself; `rungs` the tries after the first; `languages` each step
    that says something with each language that a call can be in there."""

    flow: str
    steps: Mapping[str, int]
    ways: Mapping[Way, int]
    rungs: Mapping[Way, int]
    languages: Mapping[Way, int]

    def shares(self) -> Mapping[str, Share]:
        """What is covered, by what is counted."""
        counted: Mapping[str, Mapping[Any, int]] = {
            "steps": self.steps,
            "ways out": self.ways,
            "tries": self.rungs,
            "languages": self.languages,
        }
        return {what: _share(counts) for what, counts in counted.items()}

    def items(self) -> Mapping[Item, int]:
        """Everything there is to go through but the steps themselves, and how often it was."""
        parts: Mapping[Kind, Mapping[Way, int]] = {
            "way": self.ways,
            "try": self.rungs,
            "language": self.languages,
        }
        return {(kind, *way): count for kind, counts in parts.items() for way, count in counts.items()}


def in_words(item: Item) -> str:
    """`way out busy of desk`, `try 2 of main`, `language el-GR of night`."""
    kind, step, name = item
    what = "way out" if kind == "way" else kind
    words = name if name.startswith(f"{what} ") else f"{what} {name}"
    return words if step == FLOW else f"{words} of {step}"


def _share(counts: Mapping[Any, int]) -> Share:
    return Share(sum(1 for count in counts.values() if count), len(counts))


@dataclass
class Counting:
    """Counts as calls come in."""

    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    taken: Counter[Taken] = field(default_factory=Counter)
    spoken: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, rehearsed: Rehearsed) -> None:
        """One more call."""
        if rehearsed.call is None:
            return
        own = rehearsed.call.flow
        self.steps.update(_placed(own, step) for step in rehearsed.steps)
        self.taken.update(rehearsed.taken)
        self.spoken.update((*_placed(own, step), language) for step, language in rehearsed.spoken)

    def of(self, flow: Flow, carriers: Iterable[Carrier]) -> Coverage:
        """What was covered of this flow, of what it can come to on those of the carriers that it fits."""
        outcomes = _outcomes(flow, [carrier for carrier in carriers if not carrier.misfits(flow)])
        names = [name for name in flow.steps if name in outcomes]
        spoken = languages_at(flow)
        return Coverage(
            flow.name,
            {name: self.steps[flow.name, name] for name in names},
            dict(self._ways(flow, outcomes)),
            {
                (name, rung): self.taken[Taken(flow.name, name, rung)]
                for name in names
                for rung in flow.steps[name].rungs()
            },
            {
                (name, language): self.spoken[flow.name, name, language]
                for name in names
                if any(prompts(flow.steps[name]))
                for language in flow.head.languages
                if language in spoken.get(name, ())
            },
        )

    def _ways(self, flow: Flow, outcomes: Mapping[str, frozenset[str]]) -> Iterator[tuple[Way, int]]:
        for name in (name for name in flow.steps if name in outcomes):
            untold = _ALL_OUTCOMES - outcomes[name] if isinstance(flow.steps[name], DialStep) else frozenset()
            for way in ways_out(flow, name):
                if not is_flow_key(way.name) and way.name not in untold:
                    yield (name, way.name), self.taken[Taken(flow.name, name, way.name)]
        for key in flow.head.keys:
            yield (FLOW, flow_key_way(key)), self._anywhere(flow, flow_key_way(key))
        head = flow.head
        roles = ((ON_HANG_UP, head.on_hang_up), (ON_MACHINE, head.on_machine), (ON_ERROR, head.on_error))
        for role, leads in roles:
            if leads is not None:
                yield (FLOW, role), self._anywhere(flow, role)

    def _anywhere(self, flow: Flow, name: str) -> int:
        return sum(count for taken, count in self.taken.items() if (taken.flow, taken.name) == (flow.name, name))


def _outcomes(flow: Flow, carriers: Sequence[Carrier]) -> Mapping[str, frozenset[str]]:
    """The steps that a call can come to on any of the carriers, each with what those tell of a dial there. A flow
    that fits none is taken as if there were one that can do everything."""
    if not carriers:
        return dict.fromkeys(graph_of(flow).reached(), _ALL_OUTCOMES)
    found: dict[str, frozenset[str]] = {}
    for carrier in carriers:
        for name in graph_of(narrowed(flow, carrier.name)).reached():
            found[name] = found.get(name, frozenset()) | carrier.dial_outcomes
    return found


def _placed(own: str, step: str) -> tuple[str, str]:
    """Flow and step of a step as a trace shows it."""
    flow, _, name = step.rpartition("/")
    return flow or own, name

"""What every variable can hold at every step, on all ways a call can come there.

A forward analysis of the graph. Beside its ways out a call can leave a step because the caller hangs up, something
fails, or a machine turns out to have answered; that can happen where the call waits. What could happen elsewhere
too (a text that cannot be made, a breath between many prompts) is followed as well, but what is missing then is
excused: it leads to no finding.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from typing import NamedTuple, assert_never

from voiceapp.carriers import CARRIERS
from voiceapp.check.data.assigned import assigned
from voiceapp.check.data.conditions import Env, Outcome, tried
from voiceapp.check.data.needs import looked_at, needed
from voiceapp.check.data.values import (
    ANYTHING,
    FLAG,
    NUMBER,
    TEXT,
    UNSAVED,
    Absent,
    Known,
    One,
    Texts,
    Whole,
    excused,
    joined,
    known,
)
from voiceapp.flow.answers import Answer, Choices, Digits, Number
from voiceapp.flow.fields import END, Data
from voiceapp.flow.flow import Flow, Input
from voiceapp.flow.graph import FIRST, Graph
from voiceapp.flow.leaves import expressions
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.branch import BranchStep
from voiceapp.flow.steps.call_back import CallBackStep
from voiceapp.flow.steps.conference import ConferenceStep
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.end import EndStep
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.question import Question
from voiceapp.flow.steps.record import RecordStep
from voiceapp.flow.steps.run import RunStep
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.steps.step import Step
from voiceapp.flow.templates import Condition, Template
from voiceapp.flow.ways import NEXT, ON_ERROR, ON_HANG_UP, ON_MACHINE, OTHERWISE

LANGUAGE = "language"
_WAITING = (Question, RecordStep, DialStep, ConferenceStep, FetchStep)
_EMPTY: Known = frozenset({One("")})
_NOTHING: Known = frozenset()
_INPUT_KINDS: Mapping[str, Known] = {
    "text": TEXT,
    "phone": TEXT,
    "phones": ANYTHING,
    "number": NUMBER,
    "flag": FLAG,
}


class Move(NamedTuple):
    """A call goes on to the step `to` (or `end`) by the way of this name; `env` is what it knows then."""

    name: str
    to: str
    env: Env


@dataclass(frozen=True)
class Variables:
    """What a flow's variables can hold. `others`: the flows beside it, which may start it. `left_out`: inputs that
    who starts it does not pass, and answers for."""

    flow: Flow
    graph: Graph
    others: Collection[Flow]
    left_out: frozenset[str] = frozenset()

    @cached_property
    def at(self) -> Mapping[str, Env]:
        """By every step that a call can come to, what it knows there, whichever way it came."""
        return self._spread()

    @cached_property
    def beginning(self) -> Env:
        """What a call knows that begins, of the variables that matter: those that a step needs, or that decide
        where a call goes."""
        flow = self.flow
        matters = {name for step in flow.steps.values() for name in _mattering(step)}
        saved = matters.intersection(name for at, step in flow.steps.items() for name in step.names_saved(at))
        typed = not any(_starts(other, flow.name) for other in self.others)
        return {
            **{str(name): UNSAVED for name in saved},
            **{str(name): _input(item, typed=typed) for name, item in flow.head.inputs.items() if name in matters},
            **dict.fromkeys(self.left_out & matters, UNSAVED),
            **_given(flow),
        }

    def starts(self) -> Iterator[Move]:
        """How a call that has done nothing yet comes to a step."""
        for role, step in self.graph.starts.items():
            if role in (FIRST, ON_MACHINE):
                yield Move(role, step, self.beginning)

    def moves(self, name: str, env: Env) -> Iterator[Move]:
        """Every way a call can go on from a step where it knows this."""
        for move in self._ways(name, env):
            yield move
            if move.to == END:
                yield from self._to_roles((ON_HANG_UP,), move.env)
        step = self.flow.steps[name]
        if isinstance(step, EndStep):
            yield from self._to_roles((ON_HANG_UP,), env)
        elif isinstance(step, RunStep):  # where the call waits, it is inside, and what was saved there is kept
            yield from self._to_roles((ON_HANG_UP, ON_ERROR), self._after(name, NEXT, env))
        elif isinstance(step, _WAITING):
            yield from self._to_roles((ON_HANG_UP, ON_ERROR), self._interrupted(name, env))

    def answered(self, name: str, env: Env) -> Env:
        """What is known when the question of this step was answered."""
        return self._after(name, NEXT, env)

    def _to_roles(self, roles: tuple[str, ...], env: Env) -> Iterator[Move]:
        starts = self.graph.starts
        return (Move(role, starts[role], env) for role in roles if role in starts)

    def _interrupted(self, name: str, env: Env) -> Env:
        """What it knows when it is torn out of this step: half an answer may be kept."""
        step = self.flow.steps[name]
        if not isinstance(step, AskStep | RecordStep | RunStep):
            return env
        saved = _saved(step)
        return _with(env, {name: joined(env.get(name, saved), saved) for name in step.names_saved(name)})

    def _ways(self, name: str, env: Env) -> Iterator[Move]:
        step = self.flow.steps[name]
        envs = self.cases(name, env) if isinstance(step, BranchStep) else {}
        for edge in self.graph.edges[name]:
            if not isinstance(step, BranchStep):
                yield Move(edge.name, edge.to, self._after(name, edge.name, env))
            elif edge.name in envs:
                yield Move(edge.name, edge.to, envs[edge.name])

    def cases(self, name: str, env: Env) -> Mapping[str, Env]:
        """What is known behind each way out of a `branch`; a way that no call takes is left out."""
        step = self.flow.steps[name]
        ways: dict[str, Env] = {}
        left: Env | None = env
        ways_out = [edge.name for edge in self.graph.edges[name] if edge.name != OTHERWISE]
        for way, case in zip(dict.fromkeys(ways_out), getattr(step, "branch", ()), strict=True):
            if left is not None:
                trial = tried(case.if_, left)
                held = trial.given(Outcome.HOLDS, left)
                ways |= {} if held is None else {way: held}
                left = trial.given(Outcome.FAILS, left)
        return ways if left is None else {**ways, OTHERWISE: left}

    def _after(self, name: str, way: str, env: Env) -> Env:
        step = self.flow.steps[name]
        match step:
            case SetStep() if way == NEXT:
                return _with(env, {key: self._assigned(key, data, env) for key, data in step.set_.items()})
            case RecordStep() if way != NEXT:
                return _with(env, dict.fromkeys(step.names_saved(name), _EMPTY))
            case RunStep():
                languages = {LANGUAGE: _languages(self.flow)}
                return _with(env, {**languages, **dict.fromkeys(step.names_saved(name), ANYTHING)})
            case AskStep() | FetchStep() | RecordStep() if way == NEXT:
                return _with(env, dict.fromkeys(step.names_saved(name), _saved(step)))
            case _:
                return env

    def _assigned(self, name: str, data: Data, env: Env) -> Known:
        if name == LANGUAGE and isinstance(data, Template) and data.names:
            return _languages(self.flow)
        return assigned(data, env)

    def _spread(self) -> Mapping[str, Env]:
        """The states of all steps, joined from all ways until nothing changes any more."""
        at: dict[str, dict[str, Known]] = {}
        order = list(self.flow.steps)
        rank = {name: number for number, name in enumerate(order)}
        todo: list[int] = []  # by rank, since calls go mostly down the file: most steps are then looked at once

        def join(moves: Iterable[Move]) -> None:
            for _, to, env in moves:
                if to != END and _join(at.setdefault(to, {}), env) and rank[to] not in todo:
                    heappush(todo, rank[to])

        join(self.starts())
        while todo:
            while todo:
                name = order[heappop(todo)]
                join(self.moves(name, dict(at[name])))
            join(self._loose(at))
        return at

    def _loose(self, at: Mapping[str, Env]) -> Iterator[Move]:
        """What can happen wherever a call is. A person who answers a machine's greeting begins anew."""
        anywhere: dict[str, Known] = {}
        for name, env in at.items():
            _join(anywhere, self._interrupted(name, env))
        env = {name: excused(one) for name, one in anywhere.items()}
        starts = self.graph.starts
        yield from self._to_roles(
            (ON_HANG_UP, ON_ERROR, *((ON_MACHINE, FIRST) if ON_MACHINE in starts else ())), env
        )


def _with(env: Env, saved: Env) -> Env:
    """With what is saved of the variables that matter."""
    kept = {name: one for name, one in saved.items() if name in env}
    return {**env, **kept} if kept else env


def _mattering(step: Step) -> Iterator[str]:
    for _, expression in expressions(step):
        if isinstance(expression, Condition):
            yield from expression.names
        else:
            yield from needed(expression) | looked_at(expression)


def _join(env: dict[str, Known], other: Env) -> bool:
    """Adds what else the variables can hold; whether that was anything new."""
    if not env:
        env.update(other)
        return bool(other)
    changed, nothing, get = False, _NOTHING, env.get
    for name, one in other.items():
        before = get(name, nothing)
        if one is not before and one != before:
            env[name] = after = joined(before, one)
            changed |= after is not before and after != before
    return changed


def _saved(step: AskStep | RecordStep | FetchStep | RunStep) -> Known:
    """What a step saves when it goes on by `next`."""
    match step:
        case AskStep(answer=answer):
            return _answers(answer)
        case RecordStep():
            return frozenset({Texts(but=frozenset({""}))})
        case FetchStep() | RunStep():
            return ANYTHING
        case _:
            assert_never(step)


def _answers(answer: Answer) -> Known:
    match answer:
        case Digits(least, most):
            return frozenset({Texts(digits=(least, most))})
        case Number(low, high):
            return frozenset({Whole(low, high)})
        case Choices(words):
            return known(One(word) for word in words.values())
        case _:
            assert_never(answer)


def _given(flow: Flow) -> Env:
    """What every call knows without having asked."""
    texts = dict.fromkeys(("caller", "called", "caller_name", "call_id"), TEXT)
    directions: Known = frozenset({One("inbound"), One("outbound")})
    carriers: Known = frozenset(map(One, CARRIERS))
    return {**texts, "direction": directions, "carrier": carriers, "now": ANYTHING, LANGUAGE: _languages(flow)}


def _languages(flow: Flow) -> Known:
    return frozenset(map(One, flow.head.languages))


def _input(item: Input, *, typed: bool) -> Known:
    """`typed`: nobody passes it but those whose values are read as what it is declared as."""
    values = _INPUT_KINDS[item.type] if typed else ANYTHING
    return values if item.default is not None else values | {Absent.EXCUSED}


def _starts(flow: Flow, name: str) -> bool:
    """Whether a flow passes its own values to this one."""
    return any(
        (isinstance(step, RunStep) and step.run == name) or (isinstance(step, CallBackStep) and step.flow == name)
        for step in flow.steps.values()
    )

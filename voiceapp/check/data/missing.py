"""Where a flow reads a variable that no step has saved on the way, and a way on which that happens.

The states of `variables` are joined, and so forget which value came together with which. Here single ways are
followed, for one variable at a time, so that a `branch` that looks at `kind` before it reads `order` is believed.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from voiceapp.check.data.conditions import Env, Outcome, tried
from voiceapp.check.data.needs import copied, needed
from voiceapp.check.data.values import UNSAVED, Absent
from voiceapp.check.data.variables import Move, Variables
from voiceapp.flow.fields import END
from voiceapp.flow.graph import FIRST
from voiceapp.flow.leaves import expressions
from voiceapp.flow.problems import Path
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.branch import BranchStep
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.steps.step import Step
from voiceapp.flow.templates import Template
from voiceapp.flow.ways import NEXT

MOST_STATES = 3000
"""So many states are followed for one variable; then all that is looked at is whether it was saved."""


class Missing(NamedTuple):
    """`step` reads `name` at `path` (below the step), which nothing saved on the way `way`."""

    step: str
    path: Path
    name: str
    way: tuple[str, ...]


class _State(NamedTuple):
    step: str
    env: Env
    way: tuple[str, ...]


def missing(variables: Variables) -> Iterator[Missing]:
    """Every first reading, on some way, of what was not saved there."""
    readings: dict[str, dict[str, Path]] = {}
    for step, env in variables.at.items():
        for path, name in _read(variables.flow.steps[step], step):
            if Absent.UNSAVED in env.get(name, ()):
                readings.setdefault(name, {}).setdefault(step, path)
    looked_at = _looked_at(variables)
    for name, at in readings.items():
        yield from _Search(variables, name, at, looked_at).found()


def _read(step: Step, name: str) -> Iterator[tuple[Path, str]]:
    """Every variable that a step cannot do without, with the path of what reads it."""
    own = {*step.names_saved(name)} if isinstance(step, AskStep) else set()
    for path, expression in expressions(step):
        for read in sorted(needed(expression) - (own if path[0] == "confirm" else set())):
            yield path, read


def _looked_at(variables: Variables) -> frozenset[str]:
    """The variables that decide where a call goes, and those that they are copies of."""
    steps = variables.flow.steps.values()
    names = {
        name for step in steps if isinstance(step, BranchStep) for case in step.branch for name in case.if_.names
    }
    copies = [
        (str(name), source)
        for step in steps
        if isinstance(step, SetStep)
        for name, data in step.set_.items()
        if isinstance(data, Template) and (source := copied(data)) is not None
    ]
    while more := {source for name, source in copies if name in names} - names:
        names |= more
    return frozenset(names)


class _Search:
    """Looks for ways on which a call comes, without this variable, to the steps that read it."""

    def __init__(self, variables: Variables, name: str, at: Mapping[str, Path], looked_at: frozenset[str]) -> None:
        self._variables = variables
        self._name = name
        self._at = at
        self._steps = variables.flow.steps
        self._kept = looked_at | {name}
        self._near = _near(variables, at)

    def found(self) -> Iterator[Missing]:
        ways = self._ways(self._kept)
        if ways is None:
            ways = self._ways(frozenset({self._name})) or {}
        for step, (path, way) in ways.items():
            yield Missing(step, path, self._name, way)

    def _ways(self, kept: Collection[str]) -> Mapping[str, tuple[Path, tuple[str, ...]]] | None:
        """By step, in the order of their length; None when there are too many to follow."""
        found: dict[str, tuple[Path, tuple[str, ...]]] = {}
        todo: deque[_State] = deque()
        seen = set[tuple[str, frozenset[tuple[str, object]]]]()

        def add(move: Move, way: tuple[str, ...]) -> None:
            env = {name: one for name, one in move.env.items() if name in kept}
            mark = move.to, frozenset(env.items())
            if move.to in self._near and Absent.UNSAVED in env[self._name] and mark not in seen:
                seen.add(mark)
                todo.append(_State(move.to, env, way))

        for start in self._variables.starts():
            add(start, () if start.name == FIRST else (start.name,))
        while todo:
            state = todo.popleft()
            path = self._reads(state) if state.step in self._at else None
            if path is not None:
                found.setdefault(state.step, (path, (*state.way, state.step)))
                continue
            for move in self._variables.moves(state.step, state.env):
                add(move, (*state.way, state.step, *(() if move.name == NEXT else (move.name,))))
            if len(seen) > MOST_STATES:
                return None
        return found

    def _reads(self, state: _State) -> Path | None:
        """Where the step reads it, if it does when it knows this."""
        step = self._steps[state.step]
        if not isinstance(step, BranchStep):
            return self._at[state.step]
        env: Env | None = {**state.env, self._name: UNSAVED}
        for at, case in enumerate(step.branch):
            trial = tried(case.if_, env or {})
            if self._name in needed(case.if_) and Outcome.BREAKS in trial.outcomes:
                return ("branch", str(at), "if")
            env = trial.given(Outcome.FAILS, env or {})
            if env is None:
                return None
        return None


def _near(variables: Variables, targets: Collection[str]) -> frozenset[str]:
    """The steps from which a call can come to one of these; where it can be torn out of any step, all."""
    graph = variables.graph
    near = graph.reaching(targets)
    torn = any(step in near for role, step in graph.starts.items() if role != FIRST)
    return frozenset(graph.edges) if torn else near - {END}

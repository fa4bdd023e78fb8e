"""What a condition comes to, given what its variables can hold: tried on one value of every sort there is.

The condition itself is run, part by part, as the engine would run it: nothing here knows how values compare.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import chain, product
from math import prod

from jinja2 import nodes

from voiceapp.check.data.compared import FIELDS, NOW, compared, field_of_time
from voiceapp.check.data.needs import names_in, needed_by
from voiceapp.check.data.values import Known, Sort, Whole, known, sorts, worded
from voiceapp.flow.problems import listed
from voiceapp.flow.templates import Condition, RenderError, condition_of, expression_tree

MOST_TRIALS = 512


class Outcome(Enum):
    """What became of a condition: true, false, or an error."""

    HOLDS = "holds"
    FAILS = "fails"
    BREAKS = "breaks"


Outcomes = frozenset[Outcome]
_UNCLEAR: Outcomes = frozenset({Outcome.HOLDS, Outcome.FAILS})
_BREAKS: Outcomes = frozenset({Outcome.BREAKS})
_OPPOSITE = {Outcome.HOLDS: Outcome.FAILS, Outcome.FAILS: Outcome.HOLDS, Outcome.BREAKS: Outcome.BREAKS}
Env = Mapping[str, Known]
"""What each variable can hold."""

_Sorts = Mapping[str, Sort]


@dataclass(frozen=True)
class Tried:
    """The outcomes for every combination of sorts of the variables."""

    trials: tuple[tuple[_Sorts, Outcomes], ...]

    @property
    def outcomes(self) -> Outcomes:
        """All there can be; none where no call comes."""
        return frozenset[Outcome]().union(*(outcomes for _, outcomes in self.trials))

    @property
    def never(self) -> bool:
        """Whether it holds for no call at all, although calls come here."""
        return Outcome.HOLDS not in self.outcomes and (
            Outcome.FAILS in self.outcomes or self._breaks_with_all_there
        )

    @property
    def breaks(self) -> bool:
        """Whether every call fails here that has all variables: it compares what cannot be compared."""
        return self.never and Outcome.FAILS not in self.outcomes

    @property
    def always(self) -> bool:
        """Whether it holds for every call that comes here."""
        return self.outcomes == {Outcome.HOLDS}

    @property
    def _breaks_with_all_there(self) -> bool:
        """Whether it can fail although every variable is there."""
        return any(
            Outcome.BREAKS in outcomes and not any(sort.absent for sort in chosen.values())
            for chosen, outcomes in self.trials
        )

    def given(self, outcome: Outcome, env: Env) -> Env | None:
        """What the variables can hold when it came to this; None when it cannot have."""
        left: dict[str, set[Sort]] = {}
        found = False
        for chosen, outcomes in self.trials:
            if outcome in outcomes:
                found = True
                for name, sort in chosen.items():
                    left.setdefault(name, set()).add(sort)
        if not found:
            return None
        return {
            **env,
            **{name: known(kind for sort in some for kind in sort.kinds) for name, some in left.items()},
        }


def tried(condition: Condition, env: Env) -> Tried:
    """The condition, tried. Of variables that `env` does not have, nothing is known."""
    return tried_after((), condition, env)


def tried_after(failed: Collection[Condition], condition: Condition, env: Env) -> Tried:
    """The condition, tried where all of these failed; where one holds, it counts as failing itself."""
    names = condition.names.union(*(before.names for before in failed))
    return _tried((*failed, condition), tuple((name, env[name]) for name in sorted(names) if name in env))


def facts(condition: Condition, env: Env) -> str:
    """What is known of the variables of a condition, in words: `'score' is a number from 0 to 10`."""
    known_of = {name: worded(env[name]) for name in sorted(condition.names) if name in env}
    if NOW in known_of and (fields := _fields(condition)):
        del known_of[NOW]
        known_of |= {f"{NOW}.{one}": worded(frozenset({Whole(min(of), max(of))})) for one, of in fields.items()}
    said = [f"'{name}' is {words}" for name, words in known_of.items()]
    return listed(said) if said else "nothing in it changes from call to call"


def _fields(condition: Condition) -> Mapping[str, range]:
    """The parts of the time that it looks at."""
    leaves = map(field_of_time, _leaves(expression_tree(condition.source)))
    return {field: FIELDS[field] for field in leaves if field is not None}


@lru_cache(maxsize=4096)
def _tried(conditions: tuple[Condition, ...], env: tuple[tuple[str, Known], ...]) -> Tried:
    parts = _together([_parts(condition) for condition in conditions])
    names = [name for name, _ in env]
    choices = [
        sorts(one, parts.constants.get(name, frozenset()), listed=name in parts.listed) for name, one in env
    ]
    while prod(map(len, choices)) > MOST_TRIALS:
        widest = max(range(len(choices)), key=lambda at: len(choices[at]))
        choices[widest] = (Sort(env[widest][1], opaque=True),)
    trials = []
    for combination in product(*choices):
        chosen = dict(zip(names, combination, strict=True))
        trials.append((chosen, parts.outcomes(chosen)))
    return Tried(tuple(trials))


@dataclass(frozen=True)
class _Leaf:
    """A part that is no `and`, `or` or `not`. `plain`: the variables that it only compares with constants, or asks
    whether they are something; `presence`: it asks only whether a variable is there; `field`: the part of the time
    that it asks for and nothing else, `""` when there is none."""

    condition: Condition
    needs: frozenset[str]
    plain: frozenset[str]
    presence: bool
    field: str

    def outcomes(self, chosen: _Sorts) -> Outcomes:
        if self.field and chosen.get(NOW) is not None:
            return frozenset[Outcome]().union(*(self._run({NOW: {self.field: at}}) for at in FIELDS[self.field]))
        absent = {name for name in self.condition.names if name in chosen and chosen[name].absent}
        if not self.presence and any(self._veiled(name, chosen) for name in self.condition.names - absent):
            return _BREAKS if self.needs & absent else _UNCLEAR
        scope = {name: chosen[name].value for name in self.condition.names - absent if name in chosen}
        return self._run(scope)

    def _run(self, scope: Mapping[str, object]) -> Outcomes:
        try:
            return frozenset({Outcome.HOLDS if self.condition.holds(scope) else Outcome.FAILS})
        except RenderError:
            return _BREAKS

    def _veiled(self, name: str, chosen: _Sorts) -> bool:
        """Whether the value that is tried cannot stand for all that the variable can hold."""
        sort = chosen.get(name)
        return sort is None or sort.opaque or not (sort.alone or name in self.plain)


@dataclass(frozen=True)
class _Parts:
    """A condition taken apart: the constants that its variables are compared with, and those of them that are
    used in other ways too."""

    outcomes: Callable[[_Sorts], Outcomes]
    constants: Mapping[str, frozenset[object]]
    listed: frozenset[str]


def _together(several: list[_Parts]) -> _Parts:
    """The last of these conditions where all others fail."""
    if len(several) == 1:
        return several[0]
    *failed, last = several
    outcomes = last.outcomes
    for before in reversed(failed):
        outcomes = _one_after_the_other(_not(before.outcomes), outcomes, Outcome.HOLDS)
    constants = {
        name: frozenset[object]().union(*(parts.constants.get(name, ()) for parts in several))
        for name in chain.from_iterable(parts.constants for parts in several)
    }
    return _Parts(outcomes, constants, frozenset[str]().union(*(parts.listed for parts in several)))


@lru_cache(maxsize=4096)
def _parts(condition: Condition) -> _Parts:
    tree = expression_tree(condition.source)
    constants: dict[str, frozenset[object]] = {}
    listed: set[str] = set()
    for leaf in _leaves(tree):
        plain = compared(leaf)
        for name, values in plain.items():
            constants[name] = constants.get(name, frozenset()) | values
        listed |= names_in(leaf) - plain.keys()
    return _Parts(_outcomes_of(tree, condition), constants, frozenset(listed))


def _leaves(node: nodes.Node) -> Iterator[nodes.Node]:
    match node:
        case nodes.And() | nodes.Or() | nodes.Not():
            for part in node.iter_child_nodes():
                yield from _leaves(part)
        case _:
            yield node


def _outcomes_of(node: nodes.Node, whole: Condition | None = None) -> Callable[[_Sorts], Outcomes]:
    """`whole`: the condition that the node is, where it is compiled already."""
    match node:
        case nodes.And(left=left, right=right):
            return _one_after_the_other(_outcomes_of(left), _outcomes_of(right), Outcome.HOLDS)
        case nodes.Or(left=left, right=right):
            return _one_after_the_other(_outcomes_of(left), _outcomes_of(right), Outcome.FAILS)
        case nodes.Not(node=inner):
            return _not(_outcomes_of(inner))
        case nodes.Expr():
            plain, needs, presence = frozenset(compared(node)), needed_by(node), _asks_for_presence(node)
            field = field_of_time(node) or ""
            return _Leaf(whole or condition_of(node), needs, plain, presence, field).outcomes
        case _:
            raise TypeError(f"no condition: {node}")


def _asks_for_presence(node: nodes.Node) -> bool:
    match node:
        case nodes.Test(name="defined" | "undefined", node=nodes.Name()):
            return True
        case _:
            return False


def _not(inner: Callable[[_Sorts], Outcomes]) -> Callable[[_Sorts], Outcomes]:
    return lambda chosen: frozenset([_OPPOSITE[outcome] for outcome in inner(chosen)])


def _one_after_the_other(
    left: Callable[[_Sorts], Outcomes], right: Callable[[_Sorts], Outcomes], goes_on: Outcome
) -> Callable[[_Sorts], Outcomes]:
    def outcomes(chosen: _Sorts) -> Outcomes:
        first = left(chosen)
        return (first - {goes_on}) | right(chosen) if goes_on in first else first

    return outcomes

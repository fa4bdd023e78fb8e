"""The values that tell answers of conditions apart: for inputs, and for what back ends answer."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, islice, product
from typing import TypeVar

from voiceapp.events import Value
from voiceapp.flow.templates import Condition, RenderError
from voiceapp.paths.asked_for import AskedFor, Ref

_MOST_VALUES = 16
_MOST_COMBINATIONS = 16
_MOST_TRIED = 2000
"""So many combinations are looked at for those that come out differently."""

_TEXT = "text"

_T = TypeVar("_T")


def values_of(asked: AskedFor, ref: Ref) -> tuple[Value, ...]:
    """Values of one part that make a difference to conditions; one that serves when none does."""
    constants = asked.constants(ref)
    texts = [constant for constant in constants if isinstance(constant, str)]
    found: list[Value] = [True, False] if any(isinstance(constant, bool) for constant in constants) else []
    found += _around([one for one in constants if isinstance(one, int | float) and not isinstance(one, bool)])
    if texts:
        found += [*texts, f"not {texts[0]}"]
    if ref in asked.truth:
        found += [True, False]
    unique = list({(type(value), value): value for value in found}.values())
    return tuple(unique[:_MOST_VALUES]) or (_TEXT,)


def _around(numbers: Sequence[int | float]) -> Iterator[int | float]:
    """These numbers, one below them all, and one above each."""
    for at, number in enumerate(sorted(numbers)):
        yield number
        if not at:
            yield number - 1
        yield number + 1


def nearest_first(choices: Sequence[Sequence[_T]]) -> Iterator[tuple[_T, ...]]:
    """Every combination of one of each; sooner what differs in less from the combination of the first ones."""
    for count in range(len(choices) + 1):
        for others in combinations(range(len(choices)), count):
            yield from product(*(one[1:] if at in others else one[:1] for at, one in enumerate(choices)))


@lru_cache(maxsize=256)
def answers_of(asked: AskedFor, name: str) -> tuple[Value, ...]:
    """JSON values that a back end could answer with under this variable, so that conditions come out each way."""
    parts = sorted(ref for ref in asked.read if ref[0] == name and len(ref) > 1)
    leaves = [ref for ref in parts if not any(other[: len(ref)] == ref for other in parts if other != ref)]
    if not leaves:
        return values_of(asked, (name,))
    choices = [values_of(asked, leaf) for leaf in leaves]
    answers = [_answer(leaves, values) for values in islice(nearest_first(choices), _MOST_TRIED)]
    if len(answers) > _MOST_COMBINATIONS:
        answers = list(islice(_telling(asked, name, answers), _MOST_COMBINATIONS))
    return tuple(answers)


def _answer(leaves: list[Ref], values: tuple[Value, ...]) -> Value:
    answer: dict[str, Value] = {}
    for leaf, value in zip(leaves, values, strict=True):
        inner = answer
        for key in leaf[1:-1]:
            inner = inner.setdefault(key, {})
        inner[leaf[-1]] = value
    return answer


def _telling(asked: AskedFor, name: str, answers: list[Value]) -> Iterator[Value]:
    """Of these answers the first for each way in which the conditions on it can come out; then others."""
    conditions = [condition for condition in asked.conditions if name in condition.names]
    first: dict[tuple[bool | None, ...], Value] = {}
    for answer in answers:
        first.setdefault(tuple(holds(condition, {name: answer}) for condition in conditions), answer)
    yield from first.values()
    if any(condition.names != {name} for condition in conditions):
        yield from (answer for answer in answers if answer not in first.values())


def holds(condition: Condition, scope: Mapping[str, object]) -> bool | None:
    """Whether it is true with these variables; None where it fails, or asks for others as well."""
    try:
        return condition.holds(scope)
    except RenderError:
        return None

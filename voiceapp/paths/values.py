"""The values that tell answers of conditions apart: for inputs, and for what back ends answer."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice, product

from voiceapp.events import Value
from voiceapp.flow.templates import Condition, RenderError
from voiceapp.paths.asked_for import AskedFor, Ref

_MOST_VALUES = 6
_MOST_COMBINATIONS = 16
_MOST_TRIED = 2000
"""So many combinations are looked at for those that come out differently."""

_TEXT = "text"


def values_of(asked: AskedFor, ref: Ref) -> tuple[Value, ...]:
    """Values of one part that make a difference to conditions; one that serves when none does."""
    found: list[Value] = []
    texts = [constant for constant in asked.constants(ref) if isinstance(constant, str)]
    for constant in asked.constants(ref):
        if isinstance(constant, bool):
            found += [True, False]
        elif isinstance(constant, int | float):
            found += [constant, constant - 1, constant + 1]
    if texts:
        found += [*texts, f"not {texts[0]}"]
    if ref in asked.truth:
        found += [True, False]
    unique = list({(type(value), value): value for value in found}.values())
    return tuple(unique[:_MOST_VALUES]) or (_TEXT,)


@lru_cache(maxsize=256)
def answers_of(asked: AskedFor, name: str) -> tuple[Value, ...]:
    """JSON values that a back end could answer with under this variable, so that conditions come out each way."""
    parts = sorted(ref for ref in asked.read if ref[0] == name and len(ref) > 1)
    leaves = [ref for ref in parts if not any(other[: len(ref)] == ref for other in parts if other != ref)]
    if not leaves:
        return values_of(asked, (name,))
    choices = [values_of(asked, leaf) for leaf in leaves]
    answers = [_answer(leaves, values) for values in islice(product(*choices), _MOST_TRIED)]
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

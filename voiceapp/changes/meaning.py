"""Two versions of a flow, compared by what they mean: order, comments and layout do not count."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, assert_never

from pydantic import BaseModel

from voiceapp.changes.change import Change, Kind
from voiceapp.flow.answers import Answer, Choices, Digits, Number
from voiceapp.flow.fields import Way
from voiceapp.flow.flow import Flow
from voiceapp.flow.graph import FIRST, graph_of
from voiceapp.flow.leaves import prompts
from voiceapp.flow.prompts import InOrder, PerLanguage, Played, Prompt, Said, in_language, spoken_text
from voiceapp.flow.steps import Step
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.branch import BranchStep
from voiceapp.flow.templates import Condition, Template

_ALIKE = 0.75
"""From so alike on, a step that is gone and one that is new are taken for the same under another name."""

_ELSEWHERE = frozenset({"next", "note", "save", "question", "answer", "keys", "branch"})
"""Fields that are compared on their own, or that change nothing."""


def changes(old: Flow, new: Flow) -> tuple[Change, ...]:
    """Every change of meaning, in the order of the new flow. What merely follows from another name of a step is
    none."""
    renamed = _renamed(old, new)
    return tuple(_changes(old, new, renamed))


def _changes(old: Flow, new: Flow, renamed: Mapping[str, str]) -> Iterator[Change]:
    yield from _head(old, new)
    yield from _starts(old, new, renamed)
    names = {name: renamed.get(name, name) for name in old.steps}
    for before, after in names.items():
        if after not in new.steps:
            yield Change(Kind.STEP_REMOVED, before, old.steps[before].verb, "")
            yield from _results(before, old.steps[before], None)
        elif before != after:
            yield Change(Kind.STEP_RENAMED, before, before, after)
    origins = {after: before for before, after in names.items() if after in new.steps}
    for name, step in new.steps.items():
        if name not in origins:
            yield Change(Kind.STEP_ADDED, name, "", step.verb)
        else:
            yield from _step(old, new, origins[name], name, names)


def _renamed(old: Flow, new: Flow) -> dict[str, str]:
    """Steps that have another name now: same verb, and nearly the same words."""
    gone = [name for name in old.steps if name not in new.steps]
    come = [name for name in new.steps if name not in old.steps]
    found: dict[str, str] = {}
    for before in gone:
        scored = [
            (_likeness(old.steps[before], new.steps[after]), after)
            for after in come
            if after not in found.values()
        ]
        best = max(scored, default=(0.0, ""))
        if best[0] >= _ALIKE:
            found[before] = best[1]
    return found


def _likeness(one: Step, other: Step) -> float:
    if one.verb != other.verb:
        return 0.0
    return SequenceMatcher(None, _words(one), _words(other), autojunk=False).ratio()


def _words(step: Step) -> str:
    """What a step says and does, where it leads left out."""
    return repr(
        [
            (name, _plain(getattr(step, name, None)))
            for name in type(step).model_fields
            if name not in ("next", "note")
        ]
    )


def _head(old: Flow, new: Flow) -> Iterator[Change]:
    before, after = old.head, new.head
    for name in ("languages", "zone", "voice", "may_dial", "max_minutes"):
        one, other = _plain(getattr(before, name)), _plain(getattr(after, name))
        if one != other:
            yield Change(Kind.SETTING, name, str(one), str(other))
    for name in dict.fromkeys((*before.inputs, *after.inputs)):
        was, now = before.inputs.get(name), after.inputs.get(name)
        if was != now:
            yield Change(Kind.INPUT, str(name), _input(was), _input(now))


def _input(item: Any) -> str:
    if item is None:
        return ""
    default = "has to be passed" if item.default is None else f"default '{item.default}'"
    return f"{item.type}, {default}{', personal' if item.personal else ''}"


def _starts(old: Flow, new: Flow, renamed: Mapping[str, str]) -> Iterator[Change]:
    before = dict(graph_of(old).starts) | {f"key {key}": str(way) for key, way in old.head.keys.items()}
    after = dict(graph_of(new).starts) | {f"key {key}": str(way) for key, way in new.head.keys.items()}
    for role in dict.fromkeys((*before, *after)):
        was, now = renamed.get(before.get(role, ""), before.get(role, "")), after.get(role, "")
        if was != now:
            yield Change(Kind.WAY, "the first step" if role == FIRST else role, was, now)


def _step(old: Flow, new: Flow, before: str, after: str, names: Mapping[str, str]) -> Iterator[Change]:
    was, now = old.steps[before], new.steps[after]
    if was.verb != now.verb:
        yield Change(Kind.VERB, after, was.verb, now.verb)
        yield from _results(before, was, now)
        return
    yield from _ways(old, new, before, after, names)
    yield from _prompts(old, new, was, now, after)
    yield from _answers(was, now, after)
    yield from _results(before, was, now, after)
    yield from _settings(was, now, after)


def _ways(old: Flow, new: Flow, before: str, after: str, names: Mapping[str, str]) -> Iterator[Change]:
    was = {
        _way(old, before, way.name): names.get(way.to, way.to)
        for way in old.steps[before].ways_out(old.after(before))
    }
    now = {_way(new, after, way.name): str(way.to) for way in new.steps[after].ways_out(new.after(after))}
    for name in dict.fromkeys((*was, *now)):
        if was.get(name) != now.get(name):
            yield Change(Kind.WAY, f"{after}: {name}", was.get(name, ""), now.get(name, ""))


def _way(flow: Flow, step: str, name: str) -> str:
    """A condition is known by its words, not by its place in the list."""
    body = flow.steps[step]
    if isinstance(body, BranchStep) and name.startswith("if "):
        return f"if {body.branch[int(name.removeprefix('if ')) - 1].if_.source}"
    return name


def _prompts(old: Flow, new: Flow, was: Step, now: Step, name: str) -> Iterator[Change]:
    before, after = _said(old, was), _said(new, now)
    for where in dict.fromkeys((*before, *after)):
        if before.get(where) != after.get(where):
            path, language = where
            yield Change(Kind.PROMPT, f"{name}.{path} ({language})", before.get(where, ""), after.get(where, ""))


def _said(flow: Flow, step: Step) -> dict[tuple[str, str], str]:
    """The words of each prompt in each language."""
    return {
        (".".join(path), language): _words_of(prompt, language)
        for path, prompt in prompts(step)
        for language in flow.head.languages
    }


def _words_of(prompt: Prompt, language: str) -> str:
    return " ".join(_piece(part, language) for part in in_language(prompt, language))


def _piece(part: Said | Played, language: str) -> str:
    match part:
        case Said():
            return part.text.source
        case Played():
            spoken = spoken_text(part, language)
            return f"[{part.file(language)}]{'' if spoken is None else f' {spoken.source}'}"


def _answers(was: Step, now: Step, name: str) -> Iterator[Change]:
    match was, now:
        case AskStep(answer=Choices(before)), AskStep(answer=Choices(after)):
            for key in dict.fromkeys((*before, *after)):
                if before.get(key) != after.get(key):
                    yield Change(Kind.ANSWER, f"{name}: key {key}", before.get(key, ""), after.get(key, ""))
        case AskStep(answer=before), AskStep(answer=after) if before != after:
            yield Change(Kind.ANSWER, name, _answer(before), _answer(after))
        case _:
            return


def _answer(answer: Answer) -> str:
    match answer:
        case Digits(least, most):
            return f"{least} digits" if least == most else f"{least}-{most} digits"
        case Number(low, high):
            return f"a number {low}-{high}"
        case Choices(words):
            return ", ".join(f"{key} {word}" for key, word in words.items())
        case _:
            assert_never(answer)


def _results(before: str, was: Step, now: Step | None, after: str = "") -> Iterator[Change]:
    """The names under which something is saved or shown in results that are no more, or are others."""
    saved = sorted(map(str, was.names_saved(before)))
    still = [] if now is None else sorted(map(str, now.names_saved(after or before)))
    gone, come = [name for name in saved if name not in still], [name for name in still if name not in saved]
    if gone:
        yield Change(Kind.RESULT, after or before, ", ".join(gone), ", ".join(come))
    if isinstance(was, AskStep) and isinstance(now, AskStep) and was.question != now.question:
        yield Change(Kind.RESULT, f"{after}.question", was.question, now.question)


def _settings(was: Step, now: Step, name: str) -> Iterator[Change]:
    for field, info in type(now).model_fields.items():
        before, after = getattr(was, field), getattr(now, field)
        if field in _ELSEWHERE or _is_way_or_prompt(before, after):
            continue
        if _plain(before) != _plain(after):
            yield Change(Kind.SETTING, f"{name}.{info.alias or field}", _shown(before), _shown(after))


def _is_way_or_prompt(before: Any, after: Any) -> bool:
    kinds = (Way, Said, Played, PerLanguage, InOrder)
    return isinstance(before, kinds) or isinstance(after, kinds)


def _shown(value: Any) -> str:
    return "" if value is None else str(_plain(value))


def _plain(value: Any) -> Any:
    """A value without what is only there to run it fast."""
    match value:
        case Template(source=source) | Condition(source=source):
            return source
        case BaseModel():
            return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case str():
            return str(value)
        case _:
            return value

"""Two versions of a flow, compared by what they mean: order, comments and layout do not count."""

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from voiceapp.changes.change import Change, Kind
from voiceapp.changes.renaming import plain, renamed
from voiceapp.flow.answers import Answer, Choices, Digits, Number
from voiceapp.flow.fields import Way
from voiceapp.flow.flow import Flow
from voiceapp.flow.graph import FIRST, graph_of
from voiceapp.flow.leaves import prompts
from voiceapp.flow.prompts import InOrder, PerLanguage, Played, Prompt, Said, in_language, spoken_text
from voiceapp.flow.steps import Step
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.branch import BranchStep

_ELSEWHERE = frozenset({"next", "note", "save", "question", "answer", "keys", "branch"})
"""Fields that are compared on their own, or that change nothing."""

_Words = Mapping[tuple[str, str], str]
"""What is said, by where and in which language."""


def changes(old: Flow, new: Flow) -> tuple[Change, ...]:
    """Every change of meaning, in the order of the new flow. What merely follows from another name of a step is
    none."""
    return tuple(_changes(old, new, renamed(old, new)))


def _changes(old: Flow, new: Flow, again: Mapping[str, str]) -> Iterator[Change]:
    yield from _head(old, new)
    yield from _starts(old, new, again)
    names = {name: again.get(name, name) for name in old.steps}
    for before, after in names.items():
        if after not in new.steps:
            yield Change(Kind.STEP_REMOVED, before, old.steps[before].verb, "")
            yield from _prompts(_said(old, old.steps[before]), {}, before)
            yield from _results(before, old.steps[before], None)
        elif before != after:
            yield Change(Kind.STEP_RENAMED, before, before, after)
    origins = {after: before for before, after in names.items() if after in new.steps}
    for name, step in new.steps.items():
        if name not in origins:
            yield Change(Kind.STEP_ADDED, name, "", step.verb)
            yield from _prompts({}, _said(new, step), name)
        else:
            yield from _step(old, new, origins[name], name, names)


def _head(old: Flow, new: Flow) -> Iterator[Change]:
    before, after = old.head, new.head
    for name in ("languages", "zone", "may_dial", "max_minutes"):
        yield from _setting(name, getattr(before, name), getattr(after, name))
    for language in dict.fromkeys((*before.voice, *after.voice)):
        yield from _setting(f"voice ({language})", before.voice.get(language), after.voice.get(language))
    for name in dict.fromkeys((*before.inputs, *after.inputs)):
        was, now = before.inputs.get(name), after.inputs.get(name)
        if was != now:
            yield Change(Kind.INPUT, str(name), _input(was), _input(now))


def _input(item: Any) -> str:
    if item is None:
        return ""
    default = "has to be passed" if item.default is None else f"default '{item.default}'"
    return f"{item.type}, {default}{', personal' if item.personal else ''}"


def _starts(old: Flow, new: Flow, again: Mapping[str, str]) -> Iterator[Change]:
    before = dict(graph_of(old).starts) | {f"key {key}": str(way) for key, way in old.head.keys.items()}
    after = dict(graph_of(new).starts) | {f"key {key}": str(way) for key, way in new.head.keys.items()}
    for role in dict.fromkeys((*before, *after)):
        was, now = again.get(before.get(role, ""), before.get(role, "")), after.get(role, "")
        if was != now:
            yield Change(Kind.WAY, "the first step" if role == FIRST else role, was, now)


def _step(old: Flow, new: Flow, before: str, after: str, names: Mapping[str, str]) -> Iterator[Change]:
    was, now = old.steps[before], new.steps[after]
    if was.verb != now.verb:
        yield Change(Kind.VERB, after, was.verb, now.verb)
        heard = {
            (now.verb if path == was.verb else path, language): words
            for (path, language), words in _said(old, was).items()
        }
        yield from _prompts(heard, _said(new, now), after)
        yield from _results(before, was, now, after)
        return
    yield from _ways(old, new, before, after, names)
    yield from _prompts(_said(old, was), _said(new, now), after)
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


def _prompts(before: _Words, after: _Words, name: str) -> Iterator[Change]:
    for where in dict.fromkeys((*before, *after)):
        if before.get(where) != after.get(where):
            path, language = where
            yield Change(Kind.PROMPT, f"{name}.{path} ({language})", before.get(where, ""), after.get(where, ""))


def _said(flow: Flow, step: Step) -> _Words:
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
            copies = "".join(f", {carrier}: {own}" for carrier, own in part.media.items())
            return f"[{part.file(language)}{copies}]{'' if spoken is None else f' {spoken.source}'}"


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
        if field not in _ELSEWHERE and not _is_way_or_prompt(before, after):
            yield from _setting(f"{name}.{info.alias or field}", before, after)


def _is_way_or_prompt(before: Any, after: Any) -> bool:
    kinds = (Way, Said, Played, PerLanguage, InOrder)
    return isinstance(before, kinds) or isinstance(after, kinds)


def _setting(where: str, before: Any, after: Any) -> Iterator[Change]:
    one, other = plain(before), plain(after)
    if one != other:
        yield Change(Kind.SETTING, where, _shown(one), _shown(other))


def _shown(value: Any) -> str:
    """A value as its author would write it, `""` for nothing."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dict():
            return ", ".join(f"{key}: {_shown(item)}" if key else _shown(item) for key, item in value.items())
        case list():
            return ", ".join(map(_shown, value))
        case _:
            return str(value)

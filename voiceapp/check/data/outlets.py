"""Where a flow lets values out: into addresses, headers, messages to other systems, and the caller's ear."""

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from voiceapp.flow.fields import Data
from voiceapp.flow.flow import Flow
from voiceapp.flow.leaves import expressions, prompts
from voiceapp.flow.problems import Path
from voiceapp.flow.prompts import Played, parts
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.notify import NotifyStep
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.steps.step import Step
from voiceapp.flow.templates import Template


class Use(Enum):
    """What a text is for."""

    URL = "URL"
    HEADER = "header"
    BODY = "body"
    NOTICE = "notice"
    SPOKEN = "spoken"
    SAVED = "saved"
    OTHER = "other"


class Outlet(NamedTuple):
    """A template at a path that begins with its step."""

    path: Path
    use: Use
    text: Template
    step: Step


def outlets(flow: Flow) -> Iterator[Outlet]:
    """Every template of a flow."""
    for name, step in flow.steps.items():
        spoken = {at for path, prompt in prompts(step) for at, _ in parts(prompt, path)}
        for path, expression in expressions(step):
            if isinstance(expression, Template):
                use = Use.SPOKEN if path in spoken else _use(step, path[0])
                yield Outlet((name, *path), use, expression, step)


def _use(step: Step, key: str) -> Use:
    match step, key:
        case (FetchStep(), "fetch") | (NotifyStep(), "notify"):
            return Use.URL
        case FetchStep(), "headers":
            return Use.HEADER
        case FetchStep(), "json":
            return Use.BODY
        case NotifyStep(), "with":
            return Use.NOTICE
        case SetStep(), _:
            return Use.SAVED
        case _:
            return Use.OTHER


def sounds(flow: Flow) -> Iterator[tuple[Path, str]]:
    """The address or file of every sound, with its path."""
    for name, step in flow.steps.items():
        for path, prompt in prompts(step):
            for at, part in parts(prompt, path):
                if isinstance(part, Played):
                    yield (name, *at, "audio"), part.source


def texts_in(data: Data) -> Iterator[Template]:
    """The templates of a tree."""
    if isinstance(data, Template):
        yield data
    else:
        for item in data.values() if isinstance(data, dict) else data:
            yield from texts_in(item)

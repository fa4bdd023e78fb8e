"""What a flow's parts say of each other: every name has to exist, in every language, and mean what it says."""

from collections.abc import Iterator

from voiceapp.flow.bodies import Bodies
from voiceapp.flow.fields import END, REPEAT, RESERVED, Name, Way
from voiceapp.flow.flow import Flow, read_input
from voiceapp.flow.leaves import expressions, prompts, ways
from voiceapp.flow.problems import Path, Problem, nearest
from voiceapp.flow.prompts import InOrder, PerLanguage, Played, Prompt, parts
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.run import RunStep
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.surroundings import Surroundings
from voiceapp.flow.templates import Template
from voiceapp.flow.yaml_text import Document

GIVEN_NAMES = frozenset(
    {"caller", "called", "caller_name", "direction", "language", "call_id", "carrier", "now", "secret"}
)
"""What every template knows, besides the inputs and what steps save."""


_MEANS_END = frozenset({"fin", "finish", "exit", "stop", "quit", "done", "bye", "hangup", "hang_up", "stop_call"})


def reference_problems(flow: Flow, document: Document, bodies: Bodies, around: Surroundings) -> Iterator[Problem]:
    """Everything in the flow that refers to something that is not there."""
    found = _Checks(flow, bodies, around)
    for path, message in found.all():
        yield document.problem(path, message)


class _Checks:
    def __init__(self, flow: Flow, bodies: Bodies, around: Surroundings) -> None:
        self.flow = flow
        self.bodies = bodies
        self.around = around
        self.named = frozenset(bodies.steps)
        self.languages: tuple[str, ...] = getattr(flow.head, "languages", ())
        self.saved = {name for step in flow.steps for name in self._saved(step)}

    def all(self) -> Iterator[tuple[Path, str]]:
        yield from self._head()
        for name, step in self.flow.steps.items():
            at = self.bodies.paths[name]
            yield from self._ways(name, at)
            yield from self._names(name, at)
            for path, prompt in prompts(step):
                yield from self._prompt(prompt, (*at, *path))
            if isinstance(step, RunStep):
                yield from self._run(step, at)
            if isinstance(step, SetStep) and "language" in self._saved(name):
                yield from self._language(step.set_[Name("language")], (*at, "set", "language"))
            for name_saved in self._saved(name):
                if name_saved in RESERVED:
                    yield at, f"saves under '{name_saved}', which is a reserved name: add save: with another"

    def _saved(self, name: str) -> set[str]:
        try:
            return set(self.flow.steps[name].names_saved(name))
        except AttributeError:
            body = self.bodies.steps[name]
            assigned = body.get("set") if isinstance(body, dict) else None
            return set(assigned) if isinstance(assigned, dict) else set()

    def _head(self) -> Iterator[tuple[Path, str]]:
        head = self.flow.head
        for language in head.voice:
            if self.languages and language not in self.languages:
                yield (
                    ("voice", language),
                    f"'{language}' is not among the languages{nearest(language, self.languages)}",
                )
        for name, item in head.inputs.items():
            if item.default is not None:
                try:
                    read_input(item.type, item.default)
                except ValueError as error:
                    yield ("inputs", name, "default"), str(error)
        for key, way in head.keys.items():
            yield from self._way(way, ("keys", key), repeat=True)
        for role in ("on_machine", "on_hang_up", "on_error"):
            way = getattr(head, role)
            if way is not None:
                yield from self._way(way, (role,), repeat=False)
        if head.on_hang_up in self.flow.steps:
            yield from self._silent(Way(head.on_hang_up or END))

    def _ways(self, name: str, at: Path) -> Iterator[tuple[Path, str]]:
        for path, way in ways(self.flow.steps[name]):
            yield from self._way(way, (*at, *path), repeat="keys" in path)

    def _way(self, way: Way, path: Path, *, repeat: bool) -> Iterator[tuple[Path, str]]:
        if way == END or way in self.named or (repeat and way == REPEAT):
            return
        if way == REPEAT:
            yield path, "'repeat' can only stand behind a key"
            return
        authored = [name for name in self.named if "." not in name]
        hint = "; did you mean 'end'?" if way.lower() in _MEANS_END else nearest(way, [*authored, END])
        yield path, f"no step named '{way}'{hint}"

    def _names(self, name: str, at: Path) -> Iterator[tuple[Path, str]]:
        known = self.saved | set(self.flow.head.inputs) | GIVEN_NAMES
        for path, expression in expressions(self.flow.steps[name]):
            for unknown in sorted(expression.names - known):
                yield (*at, *path), f"nothing saves a variable named '{unknown}'{nearest(unknown, known)}"
            if isinstance(expression, Template) and self.around.secrets is not None:
                for secret in sorted(expression.secrets - set(self.around.secrets)):
                    hint = nearest(secret, self.around.secrets)
                    yield (*at, *path), f"no secret named '{secret}' (VOICEAPP_SECRET_{secret}) is set{hint}"

    def _prompt(self, whole: Prompt, at: Path) -> Iterator[tuple[Path, str]]:
        languages = self.languages
        if not languages:
            return
        for path, prompt in parts(whole, at):
            match prompt:
                case PerLanguage(texts):
                    for language in sorted(set(texts) - set(languages)):
                        yield (
                            (*path, language),
                            f"'{language}' is not among the languages{nearest(language, languages)}",
                        )
                    missing = [language for language in languages if language not in texts]
                    if missing:
                        yield path, f"nothing to say in {' and '.join(missing)}"
                case Played():
                    yield from self._sound(prompt, path)
                case InOrder() | _:
                    pass

    def _sound(self, sound: Played, path: Path) -> Iterator[tuple[Path, str]]:
        if not sound.source and not sound.media:
            yield path, "the key 'audio' is missing"
        if not sound.source or sound.source.startswith("https://") or self.around.audio is None:
            return
        for file in dict.fromkeys(sound.file(language) for language in self.languages):
            if not (self.around.audio / file).is_file():
                there = [
                    str(p.relative_to(self.around.audio))
                    for p in sorted(self.around.audio.rglob("*"))
                    if p.is_file()
                ]
                yield (*path, "audio"), f"there is no file audio/{file}{nearest(file, there)}"

    def _run(self, step: RunStep, at: Path) -> Iterator[tuple[Path, str]]:
        flows, target = self.around.flows, getattr(step, "run", None)
        if flows is not None and target is not None and target not in flows:
            yield (*at, "run"), f"no flow named '{target}'{nearest(target, flows)}"

    def _language(self, data: object, path: Path) -> Iterator[tuple[Path, str]]:
        if isinstance(data, Template) and data.literal and data.source not in (self.languages or (data.source,)):
            languages = self.languages
            yield path, f"'{data.source}' is not among the languages{nearest(data.source, languages)}"

    def _silent(self, start: Way) -> Iterator[tuple[Path, str]]:
        todo, seen = [start], {END, REPEAT}
        while todo:
            name = todo.pop()
            if name in seen or name not in self.flow.steps:
                continue
            seen.add(name)
            step = self.flow.steps[name]
            if not step.silent:
                yield (
                    self.bodies.paths[name],
                    f"runs after the hang-up (on_hang_up), where nobody can hear '{step.verb}'",
                )
                continue
            todo += [way for _, way in ways(step)]
            if step.next is None:
                todo.append(self.flow.below[name])
            if isinstance(step, FetchStep) and step.meanwhile is not None:
                yield (
                    (*self.bodies.paths[name], "meanwhile"),
                    "runs after the hang-up (on_hang_up), where nobody can hear it",
                )

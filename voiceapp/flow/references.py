"""What a flow's parts say of each other: every name has to exist, in every language, and mean what it says."""

from collections.abc import Iterator, Mapping

from voiceapp.flow.bodies import KEYS, Bodies
from voiceapp.flow.fields import END, REPEAT, RESERVED, Data, Name, Way
from voiceapp.flow.flow import Flow, read_input
from voiceapp.flow.leaves import expressions, prompts, ways
from voiceapp.flow.mistakes import Mistake
from voiceapp.flow.problems import Path, Problem, Wrong, WrongWithin, listed, nearest
from voiceapp.flow.prompts import InOrder, PerLanguage, Played, Prompt, parts
from voiceapp.flow.steps.call_back import CallBackStep
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.run import RunStep
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.steps.step import Step
from voiceapp.flow.surroundings import Surroundings
from voiceapp.flow.templates import Template, offset_of
from voiceapp.flow.yaml_text import Document, Tree

GIVEN_NAMES = frozenset(
    {"caller", "called", "caller_name", "direction", "language", "call_id", "carrier", "now", "secret"}
)
"""What every template knows, besides the inputs and what steps save."""


_MEANS_END = frozenset({"fin", "finish", "exit", "stop", "quit", "done", "bye", "hangup", "hang_up", "stop_call"})


def reference_problems(flow: Flow, document: Document, bodies: Bodies, around: Surroundings) -> Iterator[Problem]:
    """Everything in the flow that refers to something that is not there."""
    found = _Checks(flow, document, bodies, around)
    yield from map(document.told, found.all())


class _Checks:
    def __init__(self, flow: Flow, document: Document, bodies: Bodies, around: Surroundings) -> None:
        self.flow = flow
        self.bodies = bodies
        self.around = around
        self.named = frozenset(bodies.steps)
        self.languages: tuple[str, ...] = getattr(flow.head, "languages", ())
        saved = {name for step in bodies.steps for name in self._saved(step)}
        self.known = saved | _keys(document.tree, "inputs") | GIVEN_NAMES

    def all(self) -> Iterator[Wrong | WrongWithin]:
        yield from self._head()
        for name, step in self.flow.steps.items():
            at = self.bodies.paths[name]
            yield from self._ways(name, at)
            yield from self._names(name, at)
            for path, prompt in prompts(step):
                yield from self._prompt(prompt, (*at, *path))
            if isinstance(step, RunStep):
                yield from self._flow_named("run", step, at)
            if isinstance(step, CallBackStep):
                yield from self._flow_named("flow", step, at)
            if isinstance(step, SetStep):
                yield from self._language(step, (*at, "set", "language"))
            elif name in RESERVED and name in self._saved(name):
                yield Wrong(at, f"saves under '{name}', which is a reserved name: add save: with another", True)

    def _saved(self, name: str) -> set[str]:
        """What a step saves, or would if it were right."""
        step, body = self.flow.steps.get(name), self.bodies.steps[name]
        written = _keys(body, "set")
        if isinstance(body, dict) and isinstance(save := body.get("save"), str):
            written.add(save)
        return written if step is None or isinstance(step, SetStep) else {*written, *step.names_saved(name)}

    def _head(self) -> Iterator[Wrong]:
        head = self.flow.head
        for language in head.voice:
            if self.languages and language not in self.languages:
                yield self._no_language(language, ("voice", language), at_key=True)
        for name, item in head.inputs.items():
            if item.default is not None:
                try:
                    read_input(item.type, item.default)
                except ValueError as error:
                    yield Wrong(("inputs", name, "default"), str(error))
        for key, way in head.keys.items():
            yield from self._way(way, ("keys", key), repeat=True)
        for role in ("on_machine", "on_hang_up", "on_error"):
            way = getattr(head, role)
            if way is not None:
                yield from self._way(way, (role,), repeat=False)
        if head.on_hang_up in self.flow.steps:
            yield from self._silent(Way(head.on_hang_up or END))

    def _ways(self, name: str, at: Path) -> Iterator[Wrong]:
        in_place = "." in name
        for path, way in ways(self.flow.steps[name]):
            yield from self._way(way, (*at, *path), repeat=in_place or KEYS in path)

    def _way(self, way: Way, path: Path, *, repeat: bool) -> Iterator[Wrong]:
        if way == END or way in self.named or (repeat and way == REPEAT):
            return
        if way == REPEAT:
            yield Wrong(path, "'repeat' can only stand behind a key")
            return
        authored = [name for name in self.named if "." not in name]
        hint = "; did you mean 'end'?" if way.lower() in _MEANS_END else nearest(way, [*authored, END])
        yield Wrong(path, f"no step named '{way}'{hint}", mistake=Mistake.NO_STEP)

    def _names(self, name: str, at: Path) -> Iterator[WrongWithin]:
        for path, expression in expressions(self.flow.steps[name]):
            for unknown in sorted(expression.names - self.known):
                hint = nearest(unknown, self.known)
                message = f"nothing saves a variable named '{unknown}'{hint}"
                offset = offset_of(unknown, expression)
                yield WrongWithin((*at, *path), message, offset, Mistake.NO_VARIABLE)
            if isinstance(expression, Template) and self.around.secrets is not None:
                for secret in sorted(expression.secrets - set(self.around.secrets)):
                    hint = nearest(secret, self.around.secrets)
                    message = f"no secret named '{secret}' (VOICEAPP_SECRET_{secret}) is set{hint}"
                    offset = offset_of("secret", expression)
                    yield WrongWithin((*at, *path), message, offset, Mistake.NO_SECRET)

    def _prompt(self, whole: Prompt, at: Path) -> Iterator[Wrong]:
        languages = self.languages
        if not languages:
            return
        for path, prompt in parts(whole, at):
            match prompt:
                case PerLanguage(texts):
                    for language in sorted(set(texts) - set(languages)):
                        yield self._no_language(language, (*path, language), at_key=True)
                    missing = [language for language in languages if language not in texts]
                    if missing:
                        yield Wrong(path, f"says nothing in {listed(missing)}", mistake=Mistake.LANGUAGE_MISSING)
                case Played():
                    yield from self._sound(prompt, path)
                case InOrder() | _:
                    pass

    def _sound(self, sound: Played, path: Path) -> Iterator[Wrong]:
        if sound.source.startswith("https://") or self.around.audio is None:
            return
        for file in dict.fromkeys(sound.file(language) for language in self.languages):
            if not (self.around.audio / file).is_file():
                there = [
                    str(p.relative_to(self.around.audio))
                    for p in sorted(self.around.audio.rglob("*"))
                    if p.is_file()
                ]
                message = f"there is no file audio/{file}{nearest(file, there)}"
                yield Wrong((*path, "audio"), message, mistake=Mistake.NO_AUDIO)

    def _flow_named(self, key: str, step: Step, at: Path) -> Iterator[Wrong]:
        flows, target = self.around.flows, getattr(step, key, None)
        if flows is not None and target is not None and target not in flows:
            message = f"no flow named '{target}'{nearest(target, flows)}"
            yield Wrong((*at, key), message, mistake=Mistake.NO_FLOW)

    def _language(self, step: SetStep, path: Path) -> Iterator[Wrong]:
        assigned: Mapping[Name, Data] = getattr(step, "set_", {})
        language = assigned.get(Name("language"))
        if isinstance(language, Template):
            if language.literal and self.languages and language.source not in self.languages:
                yield self._no_language(language.source, path)
        elif language is not None:
            yield Wrong(path, "has to be one of the flow's languages", mistake=Mistake.NOT_A_LANGUAGE)

    def _no_language(self, word: str, path: Path, *, at_key: bool = False) -> Wrong:
        message = f"'{word}' is not among the languages{nearest(word, self.languages)}"
        return Wrong(path, message, at_key, Mistake.NOT_A_LANGUAGE)

    def _silent(self, start: Way) -> Iterator[Wrong]:
        todo, seen = [start], {END, REPEAT}
        while todo:
            name = todo.pop()
            if name in seen or name not in self.flow.steps:
                continue
            seen.add(name)
            step = self.flow.steps[name]
            if not step.silent:
                message = f"runs after the hang-up (on_hang_up), where nobody can hear '{step.verb}'"
                yield Wrong(self.bodies.paths[name], message, True, Mistake.UNHEARD)
                continue
            todo += [way for _, way in ways(step)]
            if step.next is None:
                todo.append(self.flow.below[name])
            if isinstance(step, FetchStep) and step.meanwhile is not None:
                message = "runs after the hang-up (on_hang_up), where nobody can hear it"
                yield Wrong((*self.bodies.paths[name], "meanwhile"), message, mistake=Mistake.UNHEARD)


def _keys(tree: Tree, key: str) -> set[str]:
    """The keys of the mapping that stands under `key` in `tree`, if there is one."""
    inner = tree.get(key) if isinstance(tree, dict) else None
    return set(inner) if isinstance(inner, dict) else set()

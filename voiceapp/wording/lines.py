"""The lines of a flow: every text that a caller can hear, numbered, each with a name that stays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from voiceapp.flow.bodies import lift
from voiceapp.flow.flow import Flow
from voiceapp.flow.leaves import prompts
from voiceapp.flow.problems import Path
from voiceapp.flow.yaml_text import Tree, read
from voiceapp.wording.context import Contexts
from voiceapp.wording.written import Part, Text, texts_of, written

_IN_FILE_NAMES = str.maketrans({"*": "star", "#": "hash", ".": "-"})


@dataclass(frozen=True)
class Line:
    """One text in all languages that have it. `id` names it by flow, step and key (`clinic.main.menu`), and by
    its position where a prompt has several (`clinic.main.menu.2`); `number` counts from 1 through the file;
    `context` tells somebody who does not know the flow when it is said."""

    id: str
    number: int
    step: str
    context: str
    spots: Mapping[str, Text]

    @property
    def texts(self) -> dict[str, str]:
        """The text by language."""
        return {language: spot.source for language, spot in self.spots.items()}

    def recording(self, language: str) -> str:
        """The file (below `flows/audio/`) or URL that says it in this language: what the flow plays, else the name
        that its recording should get."""
        sound = self.spots[language].sound or f"{self.suggested_stem}.{{lang}}.wav"
        return sound.replace("{lang}", language)

    @property
    def suggested_stem(self) -> str:
        """`clinic/main-menu`: what a recording may be called, without language and ending."""
        flow, _, rest = self.id.partition(".")
        return f"{flow}/{rest.translate(_IN_FILE_NAMES)}"


@dataclass(frozen=True)
class SpokenPrompt:
    """A whole prompt as it is written, with its lines: as many as its parts have texts, in the same order."""

    parts: tuple[Part, ...]
    lines: tuple[Line, ...]


def lines_of(flow: Flow) -> tuple[Line, ...]:
    """All lines of a flow, in the order of its file."""
    return tuple(chain.from_iterable(prompt.lines for prompt in prompts_of(flow)))


def prompts_of(flow: Flow) -> tuple[SpokenPrompt, ...]:
    """All prompts of a flow that have words, in the order of its file."""
    contexts, numbers = Contexts(flow), 0
    found = []
    for step, key, parts in _written_prompts(flow):
        rows = [row for part in parts for row in texts_of(part, flow.head.languages)]
        lines = tuple(
            Line(
                id=".".join((flow.name, step, key, *([str(at)] if len(rows) > 1 else []))),
                number=numbers + at,
                step=step,
                context=contexts.of(step, key, at, len(rows)),
                spots=row,
            )
            for at, row in enumerate(rows, 1)
        )
        numbers += len(lines)
        if lines:
            found.append(SpokenPrompt(parts, lines))
    return tuple(found)


def _written_prompts(flow: Flow) -> Iterator[tuple[str, str, tuple[Part, ...]]]:
    """Step, key and parts of each prompt."""
    document = read(flow.source.encode(), flow.file)
    tree = document.tree
    bodies = lift(tree if isinstance(tree, dict) else {})
    found = [
        ((*bodies.paths[name], *path), name, path, bodies.steps[name])
        for name, step in flow.steps.items()
        for path, _ in prompts(step)
    ]
    for at, name, path, body in sorted(found, key=lambda prompt: document.place(prompt[0])):
        yield name, ".".join(path), written(_below(body, path), at)


def _below(tree: Tree, path: Path) -> Tree:
    for key in path:
        tree = tree[int(key)] if isinstance(tree, list) else tree[key] if isinstance(tree, dict) else tree
    return tree

"""Step bodies, wherever they stand: under `steps`, or in place of a step's name behind a key.

A body in place becomes a step of its own, named after where it stands (`language.1`, `keys.5`), so that the
rest of the system knows only named steps. Authors' names hold no dot, and none is `keys`, so they cannot clash.
"""

from dataclasses import dataclass, field

from voiceapp.flow.fields import END, REPEAT
from voiceapp.flow.problems import Path
from voiceapp.flow.yaml_text import Tree

KEYS = "keys"


@dataclass
class Bodies:
    """Every step's body by name, where it stands in the file, and the name of the step that follows it."""

    steps: dict[str, Tree] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    below: dict[str, str] = field(default_factory=dict)


def lift(tree: dict[str, Tree]) -> Bodies:
    """All step bodies of a flow file; replaces those that stand in place by their new names, in `tree`."""
    bodies = Bodies()
    steps = tree.get("steps")
    named = steps if isinstance(steps, dict) else {}
    names = list(named)
    for name, after in zip(names, [*names[1:], END], strict=False):
        _add(bodies, name, named[name], ("steps", name), after)
    _lift_keys(bodies, tree, KEYS, (), REPEAT)
    return bodies


def _add(bodies: Bodies, name: str, body: Tree, path: Path, after: str) -> None:
    bodies.steps[name] = body
    bodies.paths[name] = path
    bodies.below[name] = after
    if isinstance(body, dict):
        _lift_keys(bodies, body, f"{name}", path, after)


def _lift_keys(bodies: Bodies, holder: dict[str, Tree], prefix: str, path: Path, after: str) -> None:
    keys = holder.get(KEYS)
    if not isinstance(keys, dict):
        return
    for key, body in keys.items():
        if isinstance(body, dict):
            name = f"{prefix}.{key}"
            keys[key] = name
            _add(bodies, name, body, (*path, KEYS, key), after)

"""YAML text -> Flow, or every problem in it at file:line:column."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from voiceapp.flow.bodies import KEYS, Bodies, lift
from voiceapp.flow.fields import END, NAME, NAME_RULE, REPEAT, Way
from voiceapp.flow.flow import Flow, Head
from voiceapp.flow.mistakes import Mistake
from voiceapp.flow.problems import FlowProblems, Path, Problem, WrongParts, mistake_of, nearest, wrong_at
from voiceapp.flow.references import reference_problems
from voiceapp.flow.steps import BY_VERB
from voiceapp.flow.steps.step import Step
from voiceapp.flow.surroundings import Surroundings
from voiceapp.flow.yaml_text import Document, Tree, copied, read

COMMON_KEYS = ("next", "note")
AnyModel = TypeVar("AnyModel", bound=BaseModel)
_CONFIG = ConfigDict(arbitrary_types_allowed=True)


@dataclass(frozen=True)
class Loaded:
    """A flow; its file as it was read; and where in the file each step's body stands, by the step's name."""

    flow: Flow
    document: Document
    paths: Mapping[str, Path]


def load_flow(text: bytes, file: str, surroundings: Surroundings | None = None) -> Flow:
    """The flow in this file; raises FlowProblems with everything that is wrong in it."""
    return load(text, file, surroundings).flow


def load(text: bytes, file: str, surroundings: Surroundings | None = None) -> Loaded:
    """The flow in this file with its places; raises FlowProblems with everything that is wrong in it."""
    document = read(text, file)
    loading = _Loading(document)
    source = document.source
    flow = loading.flow(hashlib.sha256(source.encode()).hexdigest(), source)
    problems = [*document.problems, *loading.problems]
    if flow is not None:
        problems += reference_problems(flow, document, loading.bodies, surroundings or Surroundings())
    if problems or flow is None:
        raise FlowProblems(problems)
    return Loaded(flow, document, loading.bodies.paths)


@dataclass
class _Loading:
    """One file being read. What is wrong in one place must not hide what is wrong in another: a step or a
    head with mistakes is kept with the rest of its fields, so that the rest is checked as well."""

    document: Document
    bodies: Bodies = field(default_factory=Bodies)
    problems: list[Problem] = field(default_factory=list)

    def flow(self, digest: str, source: str) -> Flow | None:
        tree = copied(self.document.tree)  # since lifting changes it
        if not isinstance(tree, dict):
            self._problem((), "a flow is a mapping with the keys 'flow', 'languages' and 'steps'")
            return None
        self._lift(tree)
        head = self._head({key: value for key, value in tree.items() if key != "steps"})
        steps = self._steps(head)
        below = {name: Way(after) for name, after in self.bodies.below.items()}
        personal: set[str] = {name for name, item in head.inputs.items() if item.personal}
        for name, step in steps.items():
            if getattr(step, "personal", False):
                personal.update(step.names_saved(name))
        return Flow(head, steps, below, digest, self.document.file, source, frozenset(personal))

    def _problem(self, path: Path, message: str, mistake: Mistake = Mistake.FORM, *, key: bool = False) -> None:
        self.problems.append(self.document.problem(path, message, key=key, mistake=mistake))

    def _lift(self, tree: dict[str, Tree]) -> None:
        steps = tree.get("steps")
        if "steps" not in tree:
            self._problem((), "the key 'steps' is missing", Mistake.MISSING_KEY)
        elif not isinstance(steps, dict) or not steps:
            self._problem(("steps",), "has to be a mapping of step names to steps, with at least one step")
        self.bodies = lift(tree)

    def _head(self, tree: Mapping[str, Tree]) -> Head:
        head = self._validated(Head, tree, ())
        stem = FilePath(self.document.file).stem
        if getattr(head, "flow", stem) != stem:
            self._problem(
                ("flow",), f"is '{head.flow}', but the file is called {stem}.yaml; they have to be the same"
            )
        return head

    def _steps(self, head: Head) -> dict[str, Step]:
        steps: dict[str, Step] = {}
        for name, body in self.bodies.steps.items():
            path = self.bodies.paths[name]
            if path == ("steps", name):
                self._check_name(name, path)
            step = self._step(body, path, head.zone)
            if step is not None:
                steps[name] = step
        return steps

    def _check_name(self, name: str, path: Path) -> None:
        if name in (END, REPEAT, KEYS):
            self._problem(path, f"'{name}' is a reserved name", key=True)
            return
        if not re.fullmatch(NAME, name):
            self._problem(path, f"'{name}' is no name: it {NAME_RULE}", key=True)

    def _step(self, body: Tree, path: Path, zone: str) -> Step | None:
        if not isinstance(body, dict):
            self._problem(path, "a step is a mapping with one verb in it, as in {say: Hello}")
            return None
        verbs = _verbs(body)
        if len(verbs) != 1:
            self._verb_problem(body, verbs, path)
            return None
        return self._validated(BY_VERB[verbs[0]], body, path, {"zone": zone})

    def _verb_problem(self, body: Mapping[str, Tree], verbs: list[str], path: Path) -> None:
        if verbs:
            message = f"a step has one verb, this one has {' and '.join(verbs)}"
            self._problem((*path, verbs[1]), message, Mistake.UNKNOWN_VERB, key=True)
            return
        odd = [key for key in body if key not in COMMON_KEYS]
        for key in odd:
            hint = nearest(key, BY_VERB)
            if hint:
                self._problem((*path, key), f"unknown verb '{key}'{hint}", Mistake.UNKNOWN_VERB, key=True)
                return
        if not odd:
            message = f"this step has no verb; the verbs are {', '.join(BY_VERB)}"
            self._problem(path, message, Mistake.UNKNOWN_VERB)
        else:
            message = f"unknown verb '{odd[0]}'; the verbs are {', '.join(BY_VERB)}"
            self._problem((*path, odd[0]), message, Mistake.UNKNOWN_VERB, key=True)

    def _validated(
        self, model: type[AnyModel], tree: Mapping[str, Tree], path: Path, context: Any = None
    ) -> AnyModel:
        try:
            return model.model_validate(tree, context=context)
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
            for detail in details:
                if detail["type"] == "too_short" and len(details) > 1:
                    continue  # the list is empty only because what stands in it is wrong
                self._validation_problem(model, detail, path)
            return _without(model, tree, details, context)

    def _validation_problem(self, model: type[BaseModel], detail: Any, path: Path) -> None:
        where = (*path, *(str(part) for part in detail["loc"] if part != "[key]"))
        cause = detail.get("ctx", {}).get("error")
        match detail["type"]:
            case "missing":
                self._problem(where[:-1], f"the key '{where[-1]}' is missing", Mistake.MISSING_KEY)
            case "extra_forbidden":
                known = _known_keys(model, detail["loc"])
                message = f"unknown key '{where[-1]}'{nearest(where[-1], known)}"
                self._problem(where, message, Mistake.UNKNOWN_KEY, key=True)
            case _ if isinstance(cause, WrongParts):
                self.problems += (self.document.told(wrong) for wrong in wrong_at(where, cause))
            case _ if isinstance(cause, ValueError):
                at_key = detail["loc"][-1:] == ("[key]",)
                self._problem(where, str(cause), mistake_of(cause), key=at_key)
            case "dict_type" | "model_type" | "mapping_type" | "model_attributes_type":
                self._problem(where, "has to be a mapping, as in {key: value}")
            case "tuple_type" | "list_type":
                self._problem(where, "has to be a list: its items begin with a dash")
            case "too_short":
                self._problem(where, "holds no condition: write a list of {if: …, next: …}")
            case _:
                self._problem(where, detail["msg"])


def _verbs(body: Mapping[str, Tree]) -> list[str]:
    """The verbs in a step; `record` beside `dial` is a key of `dial`, not a second verb."""
    verbs = [key for key in body if key in BY_VERB]
    owners = [
        verb for verb in verbs if all(other in BY_VERB[verb].model_fields for other in verbs if other != verb)
    ]
    return owners if len(owners) == 1 else verbs


def _without(model: type[AnyModel], tree: Mapping[str, Tree], details: Sequence[Any], context: Any) -> AnyModel:
    """The model with what is right of it and nothing else: for further checks only."""
    wrong: dict[Any, list[Any]] = {}
    for detail in details:
        wrong.setdefault(detail["loc"][0], []).append(detail)
    right: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        key = info.alias or name
        if key in wrong:
            rest = _rest(info.annotation, tree.get(key), wrong[key], context)
            right |= {} if rest is None else {name: rest}
        elif key in tree:
            kind: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
            # In a list, because pydantic takes no settings together with a dataclass or a model.
            [right[name]] = TypeAdapter(list[kind], config=_CONFIG).validate_python([tree[key]], context=context)
    return model.model_construct(**right)


def _rest(annotation: Any, tree: Tree | None, details: Sequence[Any], context: Any) -> Any:
    """What is right of one field's value: what its reader left, or a list's items with what is right of each."""
    inner = [detail for detail in details if len(detail["loc"]) > 2]
    if not inner:
        return getattr(details[0].get("ctx", {}).get("error"), "rest", None)
    model = next(iter(get_args(annotation)), None)
    if not isinstance(tree, list) or not (isinstance(model, type) and issubclass(model, BaseModel)):
        return None
    items = []
    for at, item in enumerate(tree):
        wrong = [{**detail, "loc": detail["loc"][2:]} for detail in inner if detail["loc"][1] == at]
        if isinstance(item, dict):
            items.append(_without(model, item, wrong, context))
    return tuple(items)


def _known_keys(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    for part in loc[:-1]:
        for name, info in model.model_fields.items():
            if part in (info.alias, name):
                for inner in (info.annotation, *getattr(info.annotation, "__args__", ())):
                    if isinstance(inner, type) and issubclass(inner, BaseModel):
                        model = inner
    known = [info.alias or name for name, info in model.model_fields.items()]
    return [*known, "steps"] if model is Head else known

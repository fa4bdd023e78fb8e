"""The conditions inside texts, `{{ 'a' if x else 'b' }}` and `{% if x %}`, each judged by what is known of the
variables when the text is made."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from jinja2 import nodes

from voiceapp.check.data.cases import CARRIER
from voiceapp.check.data.conditions import Env, Outcome, Tried, tried
from voiceapp.check.data.needs import looked_at
from voiceapp.check.data.outlets import Outlet, Use, outlets
from voiceapp.check.data.sources import written
from voiceapp.check.data.values import TEXT
from voiceapp.check.subject import Subject
from voiceapp.flow.problems import Path
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.templates import Condition, condition, text_tree

_SHOWN = 40


@dataclass(frozen=True)
class Alternative:
    """One condition in the text at `path`. `alone`: tried on every call that comes to it. `anywhere`: on carriers
    too that are not known yet, and on what the conditions before it took, since the last may well ask for all that
    is left. `then` is what the text says when it holds, `other` when it does not, shortened; "" where that is
    nothing. `spoken`: a caller hears it."""

    path: Path
    spoken: bool
    condition: Condition
    alone: Tried
    anywhere: Tried
    env: Env
    then: str
    other: str

    def lost(self, part: str) -> str:
        """What it means that this part is never said."""
        return f"no caller hears '{part}'" if self.spoken else f"'{part}' is never put here"


def alternatives(subject: Subject) -> Iterator[Alternative]:
    """Every condition in the texts of steps that calls come to; none inside a part that no call comes to."""
    for outlet in outlets(subject.flow):
        if outlet.path[0] in subject.variables.at and looked_at(outlet.text):
            env = _env(subject, outlet)
            yield from _in(text_tree(outlet.text.source), (env, {**env, CARRIER: TEXT}), outlet)


def _env(subject: Subject, outlet: Outlet) -> Env:
    """What is known when the text is made: on all carriers, as for a `branch`; and to `confirm` the answer too."""
    name, key, *_ = outlet.path
    variables = subject.variables
    env: Env = {**variables.at[name], CARRIER: variables.beginning[CARRIER]}
    return variables.answered(name, env) if isinstance(outlet.step, AskStep) and key == "confirm" else env


_Envs = tuple[Env, Env]
"""What `alone` and `anywhere` know."""


def _in(node: nodes.Node, envs: _Envs, outlet: Outlet) -> Iterator[Alternative]:
    match node:
        case nodes.CondExpr(test=test, expr1=then, expr2=nodes.Node() as other):
            yield from _judged(test, ([then], [other]), envs, outlet)
        case nodes.If(test=test, body=then, elif_=[nodes.If() as more, *rest], else_=other):
            yield from _judged(test, (then, [nodes.If(more.test, more.body, rest, other)]), envs, outlet)
        case nodes.If(test=test, body=then, else_=other):
            yield from _judged(test, (then, other), envs, outlet)
        case _:
            for part in node.iter_child_nodes():
                yield from _in(part, envs, outlet)


def _judged(
    test: nodes.Node, ways: tuple[Sequence[nodes.Node], Sequence[nodes.Node]], envs: _Envs, outlet: Outlet
) -> Iterator[Alternative]:
    asked = condition(written(test))
    alone, anywhere = (tried(asked, env) for env in envs)
    then, other = map(_shortened, ways)
    yield Alternative(outlet.path, outlet.use is Use.SPOKEN, asked, alone, anywhere, envs[0], then, other)
    held, failed = (alone.given(outcome, envs[0]) for outcome in (Outcome.HOLDS, Outcome.FAILS))
    for part in ways[0] if held is not None else ():
        yield from _in(part, (held or {}, anywhere.given(Outcome.HOLDS, envs[1]) or {}), outlet)
    for part in ways[1] if failed is not None else ():
        yield from _in(part, (failed or {}, envs[1]), outlet)


def _shortened(parts: Iterable[nodes.Node]) -> str:
    text = " ".join("".join(map(_text, parts)).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"


def _text(node: nodes.Node) -> str:
    """What an author would know it by; of what depends on a further condition, the first that is anything."""
    match node:
        case nodes.TemplateData(data=data):
            return str(data)
        case nodes.Const(value=str() as text):
            return text
        case nodes.Output(nodes=parts):
            return "".join(map(_text, parts))
        case nodes.CondExpr(expr1=one, expr2=nodes.Node() as other):
            return _text(one) or _text(other)
        case nodes.If(body=then, elif_=more, else_=other):
            return "".join(map(_text, then)) or "".join(map(_text, [*more, *other]))
        case _:
            return f"{{{{ {written(node)} }}}}"

"""Which variables carry something on that began in others: by `set`, or out of a flow that was run."""

from collections.abc import Callable, Iterable, Mapping

from voiceapp.check.data.needs import shown
from voiceapp.check.data.outlets import texts_in
from voiceapp.check.subject import Subject
from voiceapp.flow.flow import Flow
from voiceapp.flow.steps.run import RunStep
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.templates import Template

Source = str
"""What it began as, for people to read: a variable's name."""

Carried = Mapping[str, Source]
"""By variable; `a.b` is the item `b` of it."""


def shown_of(carried: Carried, text: Template) -> Source | None:
    """What of it can be read in a text; None when nothing can."""
    if text.names.isdisjoint(key.partition(".")[0] for key in carried):
        return None
    for name, *keys in shown(text):
        at = [name, *(".".join((name, *keys[: count + 1])) for count in range(len(keys)))]
        within = [source for key, source in carried.items() if not keys and key.startswith(f"{name}.")]
        found = next((carried[key] for key in at if key in carried), within[0] if within else None)
        if found is not None:
            return found
    return None


def carried_on(flow: Flow, begins: Mapping[str, Source], taken: Callable[[Template], Source | None]) -> Carried:
    """These variables, and those that `set` gives their value to, or what `taken` finds in it."""
    carried = dict(begins)
    assigned = [
        (str(name), text)
        for step in flow.steps.values()
        if isinstance(step, SetStep)
        for name, data in step.set_.items()
        for text in texts_in(data)
    ]
    changed = True
    while changed:
        changed = False
        for name, text in assigned:
            source = None if name in carried else taken(text) or shown_of(carried, text)
            if source is not None:
                carried[name] = source
                changed = True
    return carried


def personal(subject: Subject) -> Carried:
    """The variables with personal data, those of flows that are run too."""
    flow = subject.flow
    begins: dict[str, Source] = {name: name for name in sorted(flow.personal)}
    for name, step in flow.steps.items():
        if isinstance(step, RunStep) and step.run in subject.script.flows:
            (saved,) = step.names_saved(name)
            begins |= {f"{saved}.{inner}": inner for inner in _personal_in(subject, step.run, (flow.name,))}
    return carried_on(flow, begins, lambda text: None)


def _personal_in(subject: Subject, name: str, outer: Iterable[str]) -> frozenset[str]:
    flow = subject.script.flows[name]
    if name in outer:
        return frozenset()
    return frozenset(carried_on(flow, {one: one for one in flow.personal}, lambda text: None))


def secrets(flow: Flow) -> Carried:
    """The variables that hold a secret, by the name of the secret."""
    return carried_on(flow, {}, lambda text: min(text.secrets, default=None))

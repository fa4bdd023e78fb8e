"""VF201: a variable that is read where nothing has saved it."""

from collections.abc import Iterator

from voiceapp.check.data.missing import missing
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.flow.ways import ON_ERROR, ON_HANG_UP

_MOST_SHOWN = 7


def _look(subject: Subject) -> Iterator[Remark]:
    for step, path, name, way in missing(subject.variables):
        becomes = f"on the way {_shown(way)} nothing has saved '{name}', and {_fate(subject, way)}"
        if path[0] == "branch":
            fix = f'save it on that way, or write "{name} is defined and …"'
        else:
            fix = f"save it on that way, or write {{{{ {name} | default('…') }}}}"
        yield Remark((step, *path), becomes, fix)


def _shown(way: tuple[str, ...]) -> str:
    """`hello -> key 2 -> told`; a step that stands behind its key goes without saying."""
    parts = [part for part in way if "." not in part]
    if len(parts) > _MOST_SHOWN:
        parts = [*parts[:2], "…", *parts[-4:]]
    return " -> ".join(parts)


def _fate(subject: Subject, way: tuple[str, ...]) -> str:
    head = subject.flow.head
    if ON_HANG_UP in way:
        return "what was to be done after the hang-up is not done"
    if head.on_error is None or ON_ERROR in way:
        return "the caller hears an apology and is hung up on"
    return f"the call breaks off into '{head.on_error}'"


MISSING_VARIABLE = Rule(
    "VF201",
    Severity.ERROR,
    "variable read before it is set",
    "The call fails at this step, in the middle of what the caller wanted.",
    _look,
)

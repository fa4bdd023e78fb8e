"""VF111: a key of a menu that does what it does in the whole flow."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.rules.shadowed_key import own_keys
from voiceapp.check.subject import Subject


def _look(subject: Subject) -> Iterator[Remark]:
    for path, key, does, way, flow_way in own_keys(subject):
        if way == flow_way:
            yield Remark(
                path,
                f"needless: key {key} {does} in the whole flow",
                "take it out here, so that it has to be changed in one place only",
                at_key=True,
            )


NEEDLESS_KEY = Rule(
    "VF111",
    Severity.NOTE,
    "needless key",
    "Callers notice nothing, until somebody changes one of the two.",
    _look,
)

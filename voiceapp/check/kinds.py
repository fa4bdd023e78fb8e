"""Every kind of thing that can be said of a flow, by its id: the list that people and programs look ids up in."""

from dataclasses import dataclass

from voiceapp.check.finding import Severity
from voiceapp.check.rules import RULES
from voiceapp.flow.mistakes import Mistake


@dataclass(frozen=True)
class Kind:
    """One kind of finding; see `Rule` for what the words are. `severity` is the usual one."""

    id: str
    severity: Severity
    title: str
    why: str


NO_REASON = Kind(
    "VF091",
    Severity.WARNING,
    "an ignore without a reason",
    "Whoever reads the flow later cannot tell whether it still holds; nothing is ignored by it.",
)
NO_SUCH_RULE = Kind(
    "VF092", Severity.WARNING, "an ignore of what cannot be ignored", "What its author meant is still reported."
)
NEEDLESS = Kind(
    "VF093", Severity.NOTE, "an ignore of nothing", "It would hide the next finding of that kind, unread."
)

NOT_POSSIBLE = Kind(
    "VF501",
    Severity.NOTE,
    "not possible on this carrier",
    "The flow is not served there. An error, and not to be ignored, for a carrier that `--carrier` names.",
)
DOUBTFUL = Kind(
    "VF502",
    Severity.NOTE,
    "doubtful on this carrier",
    "The flow is served there, and may not sound as it should. A warning for a carrier that `--carrier` names.",
)
NOT_DIALLED = Kind(
    "VF503",
    Severity.NOTE,
    "a number that is not dialled",
    "With the settings of this machine the toll guard refuses it, and nobody is called.",
)
NOT_ASKED = Kind(
    "VF504",
    Severity.NOTE,
    "an address that is not asked",
    "With the settings of this machine nothing is sent there: a `fetch` fails at once, a `notify` never arrives.",
)

SETTINGS_DECIDE = (NOT_POSSIBLE, DOUBTFUL, NOT_DIALLED, NOT_ASKED)
"""What depends on the settings, so that it may be found on one machine and not on another."""

KINDS: tuple[Kind, ...] = tuple(
    sorted(
        (
            *(Kind(one.id, Severity.ERROR, one.title, one.why) for one in Mistake),
            *(NO_REASON, NO_SUCH_RULE, NEEDLESS),
            *(Kind(rule.id, rule.severity, rule.title, rule.why) for rule in RULES),
            *SETTINGS_DECIDE,
        ),
        key=lambda kind: kind.id,
    )
)
"""All of them, by id."""

IGNORABLE = frozenset(rule.id for rule in RULES) | frozenset(kind.id for kind in SETTINGS_DECIDE)
"""The ids that a comment can ignore: not the mistakes with which a flow does not load."""

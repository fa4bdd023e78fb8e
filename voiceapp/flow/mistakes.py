"""What an author can get wrong so that a flow does not load: every kind, by the id that reports know it by."""

from enum import Enum


class Mistake(Enum):
    """One kind of mistake. `id` never changes its meaning; `title` is its name, `why` what comes of it."""

    FORM = "VF001", "mistake in the form", "A value is none that its key takes; the flow is not served."
    NOT_YAML = "VF002", "not YAML", "The file cannot be read at all, so nobody can say what is meant."
    KEY_TWICE = "VF003", "key written twice", "Only one of the two could count, and nobody could say which."
    UNKNOWN_KEY = "VF004", "unknown key", "What was meant by it would be left out without a word."
    UNKNOWN_VERB = "VF005", "no verb, or more than one", "Nobody could say what the step does."
    MISSING_KEY = "VF006", "key missing", "The step or the flow cannot do without it."
    NO_STEP = "VF007", "no such step", "The call could not go on where this leads."
    NO_VARIABLE = "VF008", "no such variable", "Nothing saves it, so the prompt or the request could not be made."
    TEMPLATE = "VF009", "template or condition that cannot be read", "What callers would hear is undecided."
    LANGUAGE_MISSING = "VF010", "prompt missing in a language", "Callers in that language would hear nothing."
    NOT_A_LANGUAGE = "VF011", "not one of the flow's languages", "No caller is ever spoken to in it."
    NO_AUDIO = "VF012", "audio file missing", "Callers would hear nothing where it is played."
    NO_FLOW = "VF013", "no such flow", "The call would fail where it is run."
    NO_SECRET = "VF014", "no such secret", "The request that needs it could not be made."
    UNHEARD = "VF015", "a prompt after the hang-up", "The caller has gone, and nobody can hear it."

    def __init__(self, id_: str, title: str, why: str) -> None:
        self.id = id_
        self.title = title
        self.why = why

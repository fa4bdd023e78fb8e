"""What a JSON Schema cannot know of a flow: the mistakes that only `voiceapp check` finds."""

import re

BEYOND = {
    "a name that nothing has": r"no (step|flow|secret) named|nothing saves a variable",
    "the files around it": r"there is no file|file is called",
    "where a step stands": r"'repeat' can only stand behind a key|runs after the hang-up",
    "the flow's languages": r"says nothing in|is not among the languages",
    "a list of this world": r"there is no time zone|no holidays are known|has no part|there is no day",
    "what an expression says": r"cannot be read|there is no (tag|filter)|a secret cannot be spoken",
    "two values against each other": r"runs backwards|overlaps|ends when it begins|has its hours already",
    "two keys of one name": r"stands here twice",
    "a number without quotes, which has lost its zeros and its plus": r"'0[0-9]+' is no number",
}
"""By its reason, what the loader says of it."""


def beyond(said: str) -> bool:
    """Whether this sentence of the loader is about something that a schema cannot know."""
    return any(re.search(pattern, said) for pattern in BEYOND.values())

"""What is shown of two texts that differ."""

import pytest

from voiceapp.changes.change import Change, Kind
from voiceapp.changes.excerpts import excerpt

LONG = "For orders press 1, for support press 2, and to talk to somebody press 0."
CASES: dict[str, tuple[str, str, str, str, tuple[str, ...], tuple[str, ...]]] = {
    "short": ("One.", "Two.", "One.", "Two.", ("One.",), ("Two.",)),
    "the same words around": ("Press 1 now.", "Press 2 now.", "Press 1 now.", "Press 2 now.", ("1",), ("2",)),
    "in the middle": (
        LONG,
        LONG.replace("support", "some help"),
        "… orders press 1, for support press 2, and to …",
        "… orders press 1, for some help press 2, and to …",
        ("support",),
        ("some", "help"),
    ),
    "more at the end": (
        LONG,
        f"{LONG} Now.",
        "… to somebody press 0.",
        "… to somebody press 0. Now.",
        (),
        ("Now.",),
    ),
    "more at the beginning": (
        f"So: {LONG}",
        LONG,
        "So: For orders press 1, …",
        "For orders press 1, …",
        ("So:",),
        (),
    ),
    "one word left out": (
        "One two three four five six.",
        "One! two three four five six.",
        "One two three four five …",
        "One! two three four five …",
        ("One",),
        ("One!",),
    ),
    "a word said twice": ("no no", "no", "no no", "no", ("no",), ()),
    "nothing": ("", "Hello.", "", "Hello.", (), ("Hello.",)),
}


@pytest.mark.parametrize(("before", "after", "was", "now", "gone", "come"), CASES.values(), ids=CASES)
def test_two_texts(
    before: str, after: str, was: str, now: str, gone: tuple[str, ...], come: tuple[str, ...]
) -> None:
    found = excerpt(before, after)
    assert found.shown == (was, now)
    assert found.different == (gone, come)
    assert excerpt(after, before).shown == (now, was)


def test_of_a_long_prompt_only_what_differs_is_shown() -> None:
    change = Change(Kind.PROMPT, "main.menu (en-GB)", f"So: {LONG}", LONG)
    assert str(change) == "prompt        main.menu (en-GB): So: For orders press 1, … -> For orders press 1, …"
    assert LONG in str(Change(Kind.SETTING, "main.menu", f"So: {LONG}", LONG))

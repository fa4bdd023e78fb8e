"""Every verb through the engine: steps and events in; what is told, saved and entered out."""

import pytest

from tests.flow.scenes import Case, Played, opening, play, script
from tests.flow.tables import CASES, HEAD_CASES
from voiceapp.flow.flow import Script


def scene(case: Case) -> Script:
    """The script of a case."""
    return script(case.steps, case.head, **case.run)


def played(case: Case) -> Played:
    """What comes of a case."""
    flows = scene(case)
    return play(flows, *case.happens, opened=opening(flows, **case.opened))


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{name}: {case.title}")
        for name, table in {**CASES, "head": HEAD_CASES}.items()
        for case in table
    ],
)
def test_case(case: Case) -> None:
    outcome = played(case)
    assert outcome.told == list(case.told)
    assert outcome.call.saved == case.saved
    assert " ".join(outcome.steps) == case.way
    assert outcome.call.end_reason == case.ended

"""Names of ways out are the same wherever they are told: by a step, by the engine, on a drawing."""

import pytest

from tests.paths.scenes import SCRIPTS
from voiceapp.flow.fields import Way
from voiceapp.flow.graph import ways_out
from voiceapp.flow.ways import WayOut, flow_key_way, is_flow_key, key_way, named


@pytest.mark.parametrize("key", ["1", "0", "*", "#"])
def test_keys_of_a_menu_and_of_the_flow_are_told_apart(key: str) -> None:
    assert key_way(key) == f"key {key}"
    assert is_flow_key(flow_key_way(key))
    assert not is_flow_key(key_way(key))


def test_ways_that_nobody_wrote_lead_on() -> None:
    one, after = Way("one"), Way("after")
    assert named([("busy", one), ("failed", None)], after) == (WayOut("busy", one), WayOut("failed", after))


@pytest.mark.parametrize("name", SCRIPTS)
def test_names_of_ways_and_of_tries_are_different(name: str) -> None:
    flow = SCRIPTS[name].flow
    for step, body in flow.steps.items():
        names = [way.name for way in ways_out(flow, step)]
        assert len(set(names)) == len(names)
        assert not set(names) & set(body.rungs())

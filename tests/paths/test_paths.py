"""Every way out of every flow is found, and the tests that are written of it pass when they are read back."""

import pytest

from tests.paths.scenes import NOT_FOUND, SCRIPTS
from tests.rehearsal.stage import CARRIERS, scenarios, scripts
from voiceapp.paths.exploring import explore
from voiceapp.paths.touring import tours
from voiceapp.rehearsal.coverage import FLOW, Counting, Item, in_words
from voiceapp.rehearsal.running import Stage
from voiceapp.terminal.paths import EVERYTHING, WAYS, missing_tests

STAGE = Stage({}, CARRIERS.values())
FITTING = {name: one for name, one in SCRIPTS.items() if STAGE.fitting(one)}


@pytest.mark.parametrize("name", FITTING)
async def test_every_way_out_is_found_and_every_test_passes(name: str) -> None:
    script = FITTING[name]
    flow = script.flow.name
    scripts = {flow: script}
    found = await missing_tests(scripts, list(CARRIERS.values()), flow, [], EVERYTHING)
    assert set(found.missing) == {in_words(item) for item in NOT_FOUND.get(name, {})}
    assert found.whole
    again = await missing_tests(scripts, list(CARRIERS.values()), flow, [], EVERYTHING)
    assert again == found
    if not found.text:
        return
    written = scenarios(found.text)
    assert len(written) == found.count
    stage, counting = Stage(scripts, CARRIERS.values()), Counting()
    for one in written:
        for result in await stage.play(one):
            assert (one.name, result.carrier, result.differences) == (one.name, result.carrier, ())
            assert result.rehearsed is not None
            counting.add(result.rehearsed)
    left = [item for item, count in counting.of(script.flow, CARRIERS.values()).items().items() if not count]
    assert set(left) == set(NOT_FOUND.get(name, {}))
    assert (await missing_tests(scripts, list(CARRIERS.values()), flow, written, EVERYTHING)).text == ""


def test_the_flows_are_many() -> None:
    assert len(FITTING) > 30
    assert set(NOT_FOUND) <= set(FITTING)


ON_ROUTEE = {name: one for name, one in FITTING.items() if not STAGE.misfits(one, "routee")}


@pytest.mark.parametrize("name", ON_ROUTEE)
async def test_a_carrier_that_reports_no_silence_is_toured_as_well(name: str) -> None:
    """Routee alone, which tells of some tries and ways only when something happens later, and of some never."""
    script, carrier = ON_ROUTEE[name], CARRIERS["routee"]
    wanted = set(Counting().of(script.flow, [carrier]).items())
    explored = await explore(script, carrier)
    found = await tours(script, explored, sorted(wanted))
    covers = frozenset[Item]().union(*(tour.covers for tour in found))
    reached = frozenset[Item]().union(
        *(move.covers for moves in explored.moves.values() for move in moves),
        *(covers for _, covers in explored.others),
    )
    assert covers & wanted >= reached & wanted


async def test_no_more_calls_are_played_than_allowed() -> None:
    script = SCRIPTS["made up: deciding"]
    whole = await explore(script, CARRIERS["callr"])
    assert whole.whole
    for most in (whole.calls // 2, whole.calls - 1):
        part = await explore(script, CARRIERS["callr"], most)
        assert (part.calls, part.whole) == (most, False)
    assert (await explore(script, CARRIERS["callr"], whole.calls)).whole


async def test_what_was_found_before_the_calls_ran_out_is_toured() -> None:
    script = SCRIPTS["made up: deciding"]
    part = await explore(script, CARRIERS["callr"], 40)
    wanted = list(Counting().of(script.flow, [CARRIERS["callr"]]).items())
    found = await tours(script, part, wanted)
    covers = frozenset[Item]().union(*(tour.covers for tour in found))
    reached = frozenset[Item]().union(*(move.covers for moves in part.moves.values() for move in moves))
    assert found
    assert covers & set(wanted) >= reached & set(wanted)


async def test_exploring_is_the_same_every_time() -> None:
    script = SCRIPTS["shared: satisfaction"]
    one, other = [await explore(script, CARRIERS["routee"]) for _ in range(2)]
    assert (one.waits, one.moves, one.others, one.calls) == (other.waits, other.moves, other.others, other.calls)


@pytest.mark.parametrize("name", ["made up: deciding", "made up: voices", "shipped: survey", "shared: clinic"])
async def test_no_tour_is_needless_and_each_goes_through_what_it_is_named_for(name: str) -> None:
    script = SCRIPTS[name]
    for carrier in CARRIERS.values():
        if STAGE.misfits(script, carrier.name):
            continue
        wanted = set(Counting().of(script.flow, [carrier]).items())
        found = await tours(script, await explore(script, carrier), sorted(wanted))
        for tour in found:
            others = frozenset[Item]().union(*(other.covers for other in found if other is not tour))
            assert (tour.covers & wanted) - others
        assert len({tour.name for tour in found}) == len(found)


async def test_tests_that_are_there_leave_less_to_write() -> None:
    scripts = {"deciding": SCRIPTS["made up: deciding"]}
    carriers = list(CARRIERS.values())
    found = await missing_tests(scripts, carriers, "deciding", [], WAYS)
    written = scenarios(found.text)
    for count in (1, len(written) // 2, len(written) - 1):
        rest = await missing_tests(scripts, carriers, "deciding", written[:count], WAYS)
        assert 0 < rest.count <= found.count - count
    assert (await missing_tests(scripts, carriers, "deciding", written, WAYS)).count == 0
    more = await missing_tests(scripts, carriers, "deciding", written, EVERYTHING)
    assert more.missing == ()


async def test_a_test_names_its_carrier_only_where_the_call_is_another_there() -> None:
    one = "flow: one\nlanguages: [en-GB]\nsteps:\n  a: {menu: One., keys: {1: b}, tries: 1}\n  b: {end: B.}\n"
    found = await missing_tests(scripts(one), list(CARRIERS.values()), "one", [], WAYS)
    assert {test.name: test.carriers for test in scenarios(found.text)} == {
        "a, key 1": (),
        "a, otherwise": ("callr",),
    }
    voice = "flow: one\nlanguages: [en-GB]\nsteps:\n  a: {dial: '+33123456701', no_answer: b}\n  b: {end: B.}\n"
    found = await missing_tests(scripts(voice), list(CARRIERS.values()), "one", [], WAYS)
    assert {test.carriers for test in scenarios(found.text)} == {(), ("callr",)}


IN_WORDS: dict[str, Item] = {
    "way out busy of desk": ("way", "desk", "busy"),
    "way out on_hang_up": ("way", FLOW, "on_hang_up"),
    "try 2 of main": ("try", "main", "try 2"),
    "try silence of main": ("try", "main", "silence"),
    "language el-GR of night": ("language", "night", "el-GR"),
}


@pytest.mark.parametrize(("words", "item"), IN_WORDS.items(), ids=IN_WORDS)
def test_in_words(words: str, item: Item) -> None:
    assert in_words(item) == words

"""Rules that are broken on purpose: each is found out, in a call of few decisions; and sound flows break none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.fuzzing import scenes
from tests.fuzzing.scenes import searched
from voiceapp.call import Call
from voiceapp.carriers import Callr, Routee
from voiceapp.engine.walk import Walk
from voiceapp.events import Value
from voiceapp.flow.flow import Script
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.menu import MenuStep
from voiceapp.flow.steps.notify import NotifyStep
from voiceapp.flow.steps.opt_out import OptOutStep
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.steps.step import Go, Outcome, Visit
from voiceapp.fuzzing.invariants import INVARIANTS, Limits
from voiceapp.fuzzing.searching import Counterexample
from voiceapp.rehearsal.server import RehearsalServer

CALLR, ROUTEE = scenes.carriers()


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Script]:
    return scenes.scripts(tmp_path_factory.mktemp("flows"))


class Fault(NamedTuple):
    """Something that is broken on purpose: in `owner`'s `name`, which becomes `wrong` of what it was; the rule
    that finds out, and the most decisions that it takes to show it."""

    rule: str
    owner: Any
    name: str
    wrong: Callable[[Any], Any]
    flow: str = "line"
    acts: int = 2
    carrier: Callr | Routee = CALLR
    limits: Limits = Limits()


def _raises(right: Any) -> Any:
    def answered(step: MenuStep, visit: Visit, keys: str) -> Outcome | None:
        if keys == "2":
            raise KeyError(keys)
        return right(step, visit, keys)  # type: ignore[no-any-return]

    return answered


def _without_command(right: Any) -> Any:
    def encode(carrier: Callr, call: Call, plan: Any) -> bytes:
        return b"{}" if call.frame.step == "age" else right(carrier, call, plan)

    return encode


def _without_verbs(right: Any) -> Any:
    def encode(carrier: Routee, call: Call, plan: Any) -> bytes:
        return b'{"verbs":[]}' if call.keys else right(carrier, call, plan)

    return encode


def _patient(right: Any) -> Any:
    return lambda server, patience: right(server, patience + 10)


def _forgetful(right: Any) -> Any:
    def reply(server: Any, post: Any) -> Any:
        server._answered.clear()
        return right(server, post)

    return reply


def _unsaved(right: Any) -> Any:
    def save(walk: Walk, saved: dict[str, Value]) -> Any:
        return right(walk, {name: value for name, value in saved.items() if name != "age"})

    return save


def _other_value(right: Any) -> Any:
    def save(walk: Walk, saved: dict[str, Value]) -> Any:
        return right(walk, {name: value + 1 if name == "age" else value for name, value in saved.items()})

    return save


def _twice(right: Any) -> Any:
    def enter(step: Any, visit: Visit) -> Go:
        done: Go = right(step, visit)
        return Go(done.way, (*done.actions, *done.actions), done.saved, done.by)

    return enter


def _growing(right: Any) -> Any:
    blanks = iter(range(1, 1_000_000))
    return lambda carrier, call, plan: right(carrier, call, plan) + b" " * (next(blanks) % 7)


def unchanged(right: Any) -> Any:
    return right


def always(value: Any) -> Callable[[Any], Any]:
    return lambda _: lambda *_: value


FAULTS = {
    "a step raises": Fault("no exception", MenuStep, "answered", _raises, acts=1),
    "a reply without a command": Fault("valid command", Callr, "encode", _without_command, acts=1),
    "a plan without verbs": Fault("valid command", Routee, "encode", _without_verbs, acts=1, carrier=ROUTEE),
    "waits for a back end too long": Fault("in time", RehearsalServer, "_result", _patient, flow="trusts", acts=0),
    "talks for ever": Fault(
        "ends", "voiceapp.engine.walk", "overdue", always(""), flow="talks", acts=0, carrier=CALLR
    ),
    "a limit of turns": Fault("ends", Walk, "_used_up", unchanged, limits=Limits(most_turns=2), acts=1),
    "a copy moves the call": Fault("repeatable", RehearsalServer, "reply", _forgetful, acts=1),
    "a forged turn is taken": Fault("repeatable", "voiceapp.rehearsal.server", "same_token", always(True)),
    "an answer is not saved": Fault("answers kept", Walk, "save", _unsaved),
    "another answer is saved": Fault("answers kept", Walk, "save", _other_value),
    "not saved in hanging up": Fault("answers kept", AskStep, "settle", always({})),
    "not saved on Routee": Fault("answers kept", Walk, "save", _unsaved, carrier=ROUTEE),
    "nobody is told": Fault("errands kept", NotifyStep, "enter", always(Go())),
    "opted out twice": Fault("errands kept", OptOutStep, "enter", _twice, acts=1),
    "other bytes each time": Fault("replays", Callr, "encode", _growing, acts=0),
    "a value that JSON has not": Fault("stored as it is", SetStep, "enter", always(Go(saved={"n": (1, 2)}))),
    "calls back whom it may not": Fault("opt-out obeyed", Walk, "save", unchanged, flow="pesters", acts=1),
    "an apology": Fault(
        "no apology", Walk, "save", unchanged, flow="trusts", acts=0, limits=Limits(apologies=False)
    ),
}


@pytest.fixture
def counterexample(
    request: pytest.FixtureRequest, scripts: dict[str, Script], monkeypatch: pytest.MonkeyPatch
) -> tuple[Fault, Counterexample | None]:
    fault: Fault = request.param
    if isinstance(fault.owner, str):
        monkeypatch.setattr(f"{fault.owner}.{fault.name}", fault.wrong(None))
    else:
        monkeypatch.setattr(fault.owner, fault.name, fault.wrong(getattr(fault.owner, fault.name)))
    return fault, searched(scripts[fault.flow], fault.carrier, limits=fault.limits).found


@pytest.mark.parametrize("counterexample", FAULTS.values(), ids=FAULTS, indirect=True)
def test_a_broken_rule_is_found_and_made_small(counterexample: tuple[Fault, Counterexample | None]) -> None:
    fault, found = counterexample
    assert found is not None
    assert found.broken.invariant.name == fault.rule, found.broken.breach
    case = found.played.case
    acts = [act for act in case.acts if act.does != "!"]
    assert len(acts) <= fault.acts, case
    assert len(case.upsets) == (fault.rule == "repeatable")


def test_every_rule_is_broken_somewhere() -> None:
    assert {fault.rule for fault in FAULTS.values()} == {invariant.name for invariant in INVARIANTS}


@pytest.mark.parametrize("carrier", [CALLR, ROUTEE], ids=lambda carrier: carrier.name)
@pytest.mark.parametrize(("flow", "calls"), [("line", 60), ("trusts", 40), ("talks", 8)])
def test_sound_flows_break_no_rule(
    scripts: dict[str, Script],
    flow: str,
    calls: int,
    carrier: Callr | Routee,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = searched(scripts[flow], carrier, calls)
    assert done.found is None, done.found
    assert done.calls >= calls // 2
    assert list(tmp_path.iterdir()) == []
    if flow == "line":
        assert done.went.of(scripts[flow].flow, [carrier]).shares()["steps"].whole


def test_the_same_seed_gives_the_same_calls(scripts: dict[str, Script]) -> None:
    first, second = (searched(scripts["pesters"], CALLR).found for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.played.case == second.played.case

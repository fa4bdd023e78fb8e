"""What has to be true of every call, whatever callers, back ends and the network do: one function each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from voiceapp.actions import CallBack, OptOut
from voiceapp.call import from_json, to_json
from voiceapp.engine.limits import MAX_TURNS
from voiceapp.engine.walk import BREATH_ACTIONS
from voiceapp.events import CallHungUp, CallLost, CallUnreached
from voiceapp.fuzzing.kept import lost_answers, lost_errands
from voiceapp.fuzzing.playing import Played
from voiceapp.fuzzing.wire import Exchanged
from voiceapp.replay import replay
from voiceapp.store.turns import LoggedTurn

_EVERYBODY = "all"
_TOO_LONG = "the call is not over after"
_BAD_ENDS = ("apologised", "error: ")

MOST_TURNS = MAX_TURNS + 2 * BREATH_ACTIONS
"""The engine ends a call after MAX_TURNS; what was to be said by then is still said, one thing a turn."""


@dataclass(frozen=True)
class Limits:
    """`most_turns`: a call has to end within so many; `apologies`: one may end with an apology, or through
    `on_error`, when a step fails."""

    most_turns: int = MOST_TURNS
    apologies: bool = True


@dataclass(frozen=True)
class Breach:
    """A rule was broken: what came, in words, and what a test of this call has to `expect` instead, by the key of
    a scenario; empty where none can say it."""

    detail: str
    expect: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Invariant:
    """A rule about calls: its `name`, what it says, and the breaches of it in a call."""

    name: str
    sentence: str
    breaches: Callable[[Played, Limits], Iterator[Breach]]


@dataclass(frozen=True)
class Broken:
    """A rule, and how a call broke it."""

    invariant: Invariant
    breach: Breach


def first_broken(played: Played, limits: Limits) -> Broken | None:
    """The first rule that this call broke; None when it kept to all of them."""
    for invariant in INVARIANTS:
        for breach in invariant.breaches(played, limits):
            return Broken(invariant, breach)
    return None


def _raised(played: Played, limits: Limits) -> Iterator[Breach]:
    for one in played.crashes:
        yield Breach(f"post {one.of}: {_said(one.crash)}")


def _said(error: Exception | None) -> str:
    """An exception and where in the code it was raised."""
    trace, place = None if error is None else error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename.rpartition('voiceapp/')[2]}:{trace.tb_lineno} in {code.co_name}"
        trace = trace.tb_next
    return f"{type(error).__name__}: {error} ({place})"


def _valid(played: Played, limits: Limits) -> Iterator[Breach]:
    for defect in played.rehearsed.defects:
        if not defect.startswith(_TOO_LONG):
            yield Breach(defect)


def _in_time(played: Played, limits: Limits) -> Iterator[Breach]:
    for one in played.exchanges:
        budget = played.carrier.answers_within[one.request.hook]
        if one.turn is not None and one.seconds > budget and not _parted(one):
            yield Breach(
                f"the reply to post {one.of} took {one.seconds:g} s, and has to leave within {budget:g} s"
            )


def _parted(one: Exchanged) -> bool:
    """Nobody waits for what is still done when the caller has gone."""
    return one.turn is not None and any(
        isinstance(event, CallHungUp | CallUnreached | CallLost) for event in one.turn.events
    )


def _ends(played: Played, limits: Limits) -> Iterator[Breach]:
    call = played.call
    for defect in played.rehearsed.defects:
        if defect.startswith(_TOO_LONG):
            yield Breach(defect)
    if call is None:
        if played.case.conditions.unreached is None:
            yield Breach("the call never began")
        return
    if call.turn > limits.most_turns:
        yield Breach(f"it took {call.turn} turns")
    if not call.phase.over:
        yield Breach(f"the line is closed, and the call is still {call.phase}")


def _repeatable(played: Played, limits: Limits) -> Iterator[Breach]:
    own = {one.of: one for one in played.exchanges if one.mishap in (None, "held")}
    for one in played.exchanges:
        first = own.get(one.of)
        if one.mishap in (None, "held") or one.crash is not None:
            continue
        what = f"post {one.of}, {one.mishap}"
        if one.mishap == "forged":
            if one.turn is not None or one.before != one.after:
                yield Breach(f"{what}: it moved the call")
        elif first is not None and first.crash is None:
            if one.reply != first.reply and first.turn is not None:
                yield Breach(f"{what}: answered {_text(one.reply)}, at first {_text(first.reply)}")
            if _moved(first, one):
                yield Breach(f"{what}: it moved the call again")


def _moved(first: Exchanged, again: Exchanged) -> bool:
    """What made no turn at first, as there was no call yet, may still bring facts for the bill."""
    if again.before is None or again.after is None:
        return again.before is not again.after
    after = again.after if first.turn is not None else replace(again.after, bill=again.before.bill)
    return after != again.before


def _text(reply: bytes) -> str:
    return reply.decode(errors="replace")


def _answers_kept(played: Played, limits: Limits) -> Iterator[Breach]:
    for lost in lost_answers(played.script, played.turns):
        saved = {} if lost.value is None else {"saved": {**played.rehearsed.saved, lost.name: lost.value}}
        yield Breach(str(lost), saved)


def _errands_kept(played: Played, limits: Limits) -> Iterator[Breach]:
    for lost in lost_errands(played.script, played.turns):
        yield Breach(lost)


def _opt_out(played: Played, limits: Limits) -> Iterator[Breach]:
    out: set[str] = set()
    for action in played.actions:
        match action:
            case OptOut(number=number, scope=scope) if scope == _EVERYBODY:
                out.add(number)
            case CallBack(number=number) if number in out:
                yield Breach(
                    f"{action.step} calls {number} back, which is never to be called again", {"called_back": []}
                )
            case _:
                pass


def _replays(played: Played, limits: Limits) -> Iterator[Breach]:
    logged = [
        LoggedTurn(
            number=number,
            key=str(number),
            digest="",
            at=one.turn.events[0].at,
            events=one.turn.events,
            steps=one.turn.steps,
            actions=one.turn.actions,
            reply=one.reply,
        )
        for number, one in enumerate((one for one in played.exchanges if one.turn is not None), start=1)
        if one.turn is not None and one.crash is None
    ]
    if played.crashes:
        return
    for one in replay(played.script, played.carrier, logged):
        yield Breach(f"turn {one.turn}: {one.what}: at first {_text(one.logged)}, now {_text(one.replayed)}")


def _survives(played: Played, limits: Limits) -> Iterator[Breach]:
    for number, turn in enumerate(played.turns, start=1):
        if from_json(to_json(turn.call)) != turn.call:
            yield Breach(f"turn {number}: the call comes back from the store as another one")


def _content(played: Played, limits: Limits) -> Iterator[Breach]:
    made_to_fail = bool(played.case.conditions.fails)  # by us: no flow can help it
    if not limits.apologies and not made_to_fail and played.rehearsed.ends.startswith(_BAD_ENDS):
        yield Breach(f"it ended with '{played.rehearsed.ends}'", {"ends": "completed"})


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("no exception", "Nothing that callers, back ends or the network do makes the server fail.", _raised),
    Invariant("valid command", "Every reply is one that the carrier can act upon.", _valid),
    Invariant("in time", "Every reply leaves before the carrier gives up.", _in_time),
    Invariant("ends", "Every call ends, and is known to have ended.", _ends),
    Invariant(
        "repeatable", "A post that comes again gets the same reply; what is forged moves nothing.", _repeatable
    ),
    Invariant("answers kept", "Every answer that a caller completed is saved.", _answers_kept),
    Invariant(
        "errands kept", "What a step is to tell, stop or start later happens once each time.", _errands_kept
    ),
    Invariant("opt-out obeyed", "Nobody is called back who does not want to be called any more.", _opt_out),
    Invariant("replays", "A call replayed from its log gives the same bytes.", _replays),
    Invariant("stored as it is", "A call comes back from the store as it was.", _survives),
    Invariant("no apology", "No call ends because a step failed.", _content),
)
"""In the order in which they are looked at: the first that is broken is told."""

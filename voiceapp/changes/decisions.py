"""Calls in which everything is done that can be done at a step, also where it leads the same way: each key of a
question, each answer of a back end."""

from collections.abc import Collection, Iterator
from typing import assert_never

from voiceapp.flow.flow import Script
from voiceapp.paths.exploring import Explored
from voiceapp.paths.options import Dialled, HangUp, Leave, Option, Press, Served, Speak
from voiceapp.paths.playing import State, conditions_with, place, play
from voiceapp.paths.touring import Tour


async def every_decision(script: Script, explored: Explored, toured: Collection[Tour]) -> tuple[Tour, ...]:
    """One call for each decision, the shortest way there and on to the end; those that are `toured` left out."""
    found: list[Tour] = []
    for state, decision in _decisions(explored):
        beginning = explored.waits[state]
        played = await play(
            script,
            explored.carrier,
            beginning.conditions,
            explored.asked,
            (*beginning.decisions, decision),
            lambda state, options: explored.to_the_end.get(state, options[0]),
        )
        if played.rehearsed is None:
            raise RuntimeError("somebody decides at every wait")
        conditions = conditions_with(beginning.conditions, played)
        call = (conditions, played.rehearsed.lines)
        if all((one.conditions, one.rehearsed.lines) != call for one in toured):
            found.append(Tour(_name(state, decision), conditions, played.rehearsed, frozenset()))
    return tuple(found)


def _decisions(explored: Explored) -> Iterator[tuple[State, Option]]:
    """Everything that can be done, where that is first possible. What else can be done there tells a question from
    what is asked of its answer."""
    done = set[object]()
    for state, moves in explored.moves.items():
        possible = tuple(move.decision for move in moves)
        for decision in possible:
            one = (str(place(state)), possible, decision)
            if one not in done:
                done.add(one)
                yield state, decision


def _name(state: State, decision: Option) -> str:
    match place(state):
        case [*_, [_, str(step)]]:
            return f"{step}, {_words(decision)}"
        case _:  # a call that has not begun is at no step
            return _words(decision)


def _words(decision: Option) -> str:
    match decision:
        case Press(keys=keys):
            return f"presses {keys}" if keys else "silence"
        case HangUp():
            return "hangs up"
        case Speak(speaks=speaks):
            return "speaks" if speaks else "says nothing"
        case Dialled(outcome=outcome):
            return outcome.replace("_", " ")
        case Leave():
            return "leaves"
        case Served(number=number):
            return f"answer {number + 1}"
        case _:
            assert_never(decision)

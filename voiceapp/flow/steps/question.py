"""What `menu` and `ask` have in common: a prompt, keys or silence, and so many tries."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, ClassVar

from msgspec.structs import replace
from pydantic import Field

from voiceapp.actions import CollectDigits, Piece
from voiceapp.call import Progress
from voiceapp.events import DigitsCollected, Event, SilenceHeard
from voiceapp.flow.fields import END, REPEAT, Flag, Way, WayField, whole
from voiceapp.flow.prompts import Prompt, PromptField
from voiceapp.flow.steps.step import Failed, Go, Outcome, Stay, Step, Visit
from voiceapp.flow.ways import OTHERWISE, WayOut, flow_key_way

_SILENCE, _INVALID = "silence", "invalid"
NEXT_KEY_WAIT = 3
"""Seconds to wait for the next key of an answer that was begun; a person typing is quicker."""


class Question(Step):
    """A prompt and a listening wait. Subclasses say which keys are good and what they mean."""

    collects: ClassVar[bool] = True

    tries: Annotated[int, whole(1, 10, "tries")] = Field(
        default=3, description="how often it is asked before `otherwise`; silence and wrong keys count alike"
    )
    wait: Annotated[int, whole(1, 30, "seconds")] = Field(
        default=5, description="seconds of silence after the prompt that count as no answer"
    )
    invalid: PromptField | None = Field(default=None, description="said after a wrong key, before asking again")
    silence: PromptField | None = Field(default=None, description="said after silence, before asking again")
    interruptible: Flag = Field(default=True, description="whether a key ends the prompt")
    otherwise: WayField | None = Field(
        default=None, description="where the call goes after the last try; without it the call ends"
    )

    @abstractmethod
    def prompt(self) -> Prompt:
        """What is asked."""

    @abstractmethod
    def keys_wanted(self, visit: Visit) -> tuple[int, bool]:
        """How many keys the longest answer has, and whether every answer has that many."""

    @abstractmethod
    def takes(self, key: str) -> bool:
        """Whether this key alone is an answer."""

    def leaves(self, key: str) -> bool:
        """Whether this key can be pressed as one that the whole flow listens to."""
        return not self.takes(key)

    @abstractmethod
    def could_grow(self, keys: str) -> bool:
        """Whether more keys could still make an answer of these."""

    @abstractmethod
    def answered(self, visit: Visit, keys: str) -> Outcome | None:
        """What these keys lead to, or None when they are no answer."""

    def enter(self, visit: Visit) -> Outcome:
        return self.ask(visit, Progress())

    def ask(self, visit: Visit, progress: Progress, lead: Prompt | None = None) -> Stay:
        """Puts the question (again), after `lead`."""
        said = visit.pieces(self.prompt())
        if lead is not None:
            said = (*visit.pieces(lead), *said)
        most, fixed = self.keys_wanted(visit)
        return self.listen(visit, progress, said, most, fixed=fixed)

    def listen(self, visit: Visit, progress: Progress, said: tuple[Piece, ...], most: int, *, fixed: bool) -> Stay:
        """Says something and waits for keys."""
        collect = CollectDigits(
            step=visit.step,
            prompt=said,
            max_digits=most,
            wait=min(self.wait, NEXT_KEY_WAIT) if progress.typed else self.wait,
            interruptible=self.interruptible,
            fixed=fixed,
        )
        return Stay((collect,), progress)

    def resume(self, visit: Visit, event: Event) -> Outcome:
        match event:
            case DigitsCollected(digits=digits, more=more):
                return self._heard(visit, visit.progress.typed + digits, more=more)
            case SilenceHeard() if visit.progress.typed:
                return self._heard(visit, visit.progress.typed, more=False)
            case SilenceHeard():
                return self._again(visit, _SILENCE, self.silence)
            case _:
                return super().resume(visit, event)

    def _heard(self, visit: Visit, keys: str, *, more: bool) -> Outcome:
        if more and self.could_grow(keys):
            most, fixed = self.keys_wanted(visit)
            begun = Progress(visit.progress.tries, keys)
            return self.listen(visit, begun, (), max(1, most - len(keys)), fixed=fixed)
        outcome = self.answered(visit, keys)
        if outcome is not None:
            return outcome
        way = visit.flow_keys.get(keys or "#")
        return self._again(visit, _INVALID, self.invalid) if way is None else Go(way, by=flow_key_way(keys or "#"))

    def _again(self, visit: Visit, why: str, lead: Prompt | None) -> Outcome:
        tries = visit.progress.tries + 1
        if tries >= self.tries:
            return Go(self.otherwise or Way(END), by=OTHERWISE)
        by = (_rung(tries),) if lead is None else (_rung(tries), why)
        return replace(self.ask(visit, Progress(tries), lead), by=by)

    def rungs(self) -> tuple[str, ...]:
        if self.tries == 1:
            return ()
        said = {_SILENCE: self.silence, _INVALID: self.invalid}
        tries = (_rung(number) for number in range(1, self.tries))
        return (*tries, *(why for why, prompt in said.items() if prompt is not None))

    def way_otherwise(self) -> WayOut:
        """Where it leads after the last try."""
        return WayOut(OTHERWISE, self.otherwise or Way(END))


def _rung(tries: int) -> str:
    return f"try {tries + 1}"


class KeyChoice(Question):
    """A question that may have a second stage in which one key decides, as `confirm` does."""

    def decide(self, visit: Visit, event: Event, said: tuple[Piece, ...], ways: Mapping[str, Outcome]) -> Outcome:
        """One key of `ways` decides, then the flow's keys; anything else says `said` again until the tries
        are used up."""
        match event:
            case DigitsCollected(digits=digits) if digits in ways:
                return ways[digits]
            case DigitsCollected(digits=digits) if (digits or "#") in visit.flow_keys:
                way = visit.flow_keys[digits or "#"]
                by = flow_key_way(digits or "#")
                return Go(way, by=by) if way != REPEAT else self.listen(visit, visit.progress, said, 1, fixed=True)
            case DigitsCollected() | SilenceHeard():
                tries = visit.progress.tries + 1
                if tries >= self.tries:
                    return Go(self.otherwise or Way(END), by=OTHERWISE)
                progress = Progress(tries, "", visit.progress.stage, visit.progress.value)
                return self.listen(visit, progress, said, 1, fixed=True)
            case _:
                return Failed(f"cannot go on after {type(event).__name__}")

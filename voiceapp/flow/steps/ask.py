"""`ask`: a prompt, an answer, saved."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from msgspec.structs import replace
from pydantic import Field

from voiceapp.actions import Piece
from voiceapp.call import Progress
from voiceapp.events import DigitsCollected, Event, Value
from voiceapp.flow import answers
from voiceapp.flow.answers import AnswerField
from voiceapp.flow.fields import Flag, NameField, Text, Way
from voiceapp.flow.prompts import PROMPT_SHAPE, Prompt, PromptField, read_prompt
from voiceapp.flow.shapes import reads
from voiceapp.flow.steps.question import KeyChoice
from voiceapp.flow.steps.step import Go, Outcome, Visit
from voiceapp.flow.ways import AGAIN, WayOut

_CONFIRM = "confirm"
_KEEP, _AGAIN = "1", "2"


def _read_confirm(value: Any) -> Prompt | bool:
    return value == "true" if value in ("true", "false") else read_prompt(value)


class AskStep(KeyChoice):
    """Asks for an answer and saves it; with `confirm`, says it back: 1 keeps it, 2 asks again."""

    verb: ClassVar[str] = "ask"
    summary: ClassVar[str] = "prompt, an answer, saved"
    example: ClassVar[str] = (
        "ask: Your patient number, please.\n"
        "answer: {digits: 6}\nsave: patient_number\npersonal: true\nconfirm: true"
    )

    ask_: PromptField = Field(alias="ask", description="what is asked")
    answer: AnswerField = Field(description="what counts as an answer: `digits`, a `number`, or `choices`")
    save: NameField | None = Field(
        default=None, description="the variable it is kept in; the step's name without it"
    )
    question: Text = Field(default="", description="what the question is called in results")
    personal: Flag = Field(default=False, description="whether the answer tells of a person: kept out of logs")
    confirm: Annotated[Prompt | bool, reads(_read_confirm, PROMPT_SHAPE)] = Field(
        default=False, description="`true`, or a prompt: says the answer back, 1 keeps it, 2 asks again"
    )

    def prompt(self) -> Prompt:
        return self.ask_

    def keys_wanted(self, visit: Visit) -> tuple[int, bool]:
        return answers.longest(self.answer), answers.fixed(self.answer)

    def takes(self, key: str) -> bool:
        return answers.value_of(self.answer, key) is not None

    def leaves(self, key: str) -> bool:
        return super().leaves(key) or (self.confirm is not False and key not in (_KEEP, _AGAIN))

    def could_grow(self, keys: str) -> bool:
        return answers.could_grow(self.answer, keys)

    def answered(self, visit: Visit, keys: str) -> Outcome | None:
        value = answers.value_of(self.answer, keys)
        if value is None:
            return None
        if self.confirm is False:
            return Go(saved={self._name(visit): value})
        progress = Progress(visit.progress.tries, "", _CONFIRM, [keys, value])
        return self.listen(visit, progress, self._said_back(visit, progress), 1, fixed=True)

    def resume(self, visit: Visit, event: Event) -> Outcome:
        if visit.progress.stage != _CONFIRM:
            return super().resume(visit, event)
        kept = Go(saved={self._name(visit): visit.progress.value[1]})
        again = replace(self.ask(visit, Progress(visit.progress.tries)), by=(AGAIN,))
        return self.decide(visit, event, self._said_back(visit, visit.progress), {_KEEP: kept, _AGAIN: again})

    def settle(self, visit: Visit, result: Event | None) -> Mapping[str, Value]:
        if visit.progress.stage == _CONFIRM:
            return {self._name(visit): visit.progress.value[1]}
        last = result.digits if isinstance(result, DigitsCollected) else ""
        value = answers.value_of(self.answer, visit.progress.typed + last)
        return {} if value is None else {self._name(visit): value}

    def ways_out(self, after: Way) -> tuple[WayOut, ...]:
        return (*super().ways_out(after), self.way_otherwise())

    def rungs(self) -> tuple[str, ...]:
        return super().rungs() if self.confirm is False else (*super().rungs(), AGAIN)

    def names_saved(self, name: str) -> Iterable[str]:
        return (self.save or name,)

    def _name(self, visit: Visit) -> str:
        return self.save or visit.call.frame.step

    def _said_back(self, visit: Visit, progress: Progress) -> tuple[Piece, ...]:
        keys, value = progress.value
        if isinstance(self.confirm, bool):
            return (visit.phrase("confirm", digits=" ".join(keys)),)
        return visit.pieces(self.confirm, {self._name(visit): value})

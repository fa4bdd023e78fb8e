"""`ask`: a prompt, an answer, saved."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, PlainValidator

from voiceapp.actions import Piece
from voiceapp.call import Progress
from voiceapp.events import DigitsCollected, Event, Value
from voiceapp.flow import answers
from voiceapp.flow.answers import AnswerField
from voiceapp.flow.fields import Flag, NameField, Text
from voiceapp.flow.prompts import Prompt, PromptField, read_prompt
from voiceapp.flow.steps.question import KeyChoice
from voiceapp.flow.steps.step import Go, Outcome, Visit

_CONFIRM = "confirm"


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

    ask_: PromptField = Field(alias="ask")
    answer: AnswerField
    save: NameField | None = None
    question: Text = ""
    personal: Flag = False
    confirm: Annotated[Prompt | bool, PlainValidator(_read_confirm)] = False

    def prompt(self) -> Prompt:
        return self.ask_

    def keys_wanted(self, visit: Visit) -> tuple[int, bool]:
        return answers.longest(self.answer), answers.fixed(self.answer)

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
        again = self.ask(visit, Progress(visit.progress.tries))
        return self.decide(visit, event, self._said_back(visit, visit.progress), {"1": kept, "2": again})

    def settle(self, visit: Visit, result: Event | None) -> Mapping[str, Value]:
        if visit.progress.stage == _CONFIRM:
            return {self._name(visit): visit.progress.value[1]}
        last = result.digits if isinstance(result, DigitsCollected) else ""
        value = answers.value_of(self.answer, visit.progress.typed + last)
        return {} if value is None else {self._name(visit): value}

    def names_saved(self, name: str) -> Iterable[str]:
        return (self.save or name,)

    def _name(self, visit: Visit) -> str:
        return self.save or visit.call.frame.step

    def _said_back(self, visit: Visit, progress: Progress) -> tuple[Piece, ...]:
        keys, value = progress.value
        if isinstance(self.confirm, bool):
            return (visit.phrase("confirm", digits=" ".join(keys)),)
        return visit.pieces(self.confirm, {self._name(visit): value})

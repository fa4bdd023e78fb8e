"""`send_keys`: DTMF towards the other side."""

import re
from typing import Annotated, Any, ClassVar

from pydantic import Field

from voiceapp.actions import SendKeys
from voiceapp.flow.fields import read_text
from voiceapp.flow.shapes import reads, written
from voiceapp.flow.steps.step import Go, Outcome, Step, Visit


def _read_tones(value: Any) -> str:
    keys = read_text(value)
    if not re.fullmatch(r"[0-9*#]{1,64}", keys):
        raise ValueError(f"'{keys}' cannot be sent: use 0 to 9, * and #")
    return keys


_TONES = written("^[0-9*#]{1,64}$", "cannot be sent: use 0 to 9, * and #", "integer")


class SendKeysStep(Step):
    """Sends tones, as if they were typed."""

    verb: ClassVar[str] = "send_keys"
    summary: ClassVar[str] = "DTMF towards the other side"
    example: ClassVar[str] = 'send_keys: "12#"'

    send_keys: Annotated[str, reads(_read_tones, _TONES)] = Field(description="the keys, of 0 to 9, `*` and `#`")

    def enter(self, visit: Visit) -> Outcome:
        return Go(actions=(SendKeys(step=visit.step, keys=self.send_keys),))

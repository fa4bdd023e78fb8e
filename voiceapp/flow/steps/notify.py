"""`notify`: a signed webhook, in the background, retried."""

from typing import ClassVar

from pydantic import Field

from voiceapp.actions import Notify
from voiceapp.flow.fields import DataMapping, UrlField
from voiceapp.flow.steps.step import Go, Outcome, Step, Visit


class NotifyStep(Step):
    """Tells another system; the call does not wait for it."""

    verb: ClassVar[str] = "notify"
    summary: ClassVar[str] = "a signed webhook, in the background, retried"
    example: ClassVar[str] = 'notify: "https://crm.example.com/calls"\nwith: {from: "{{ caller }}"}'
    silent: ClassVar[bool] = True

    notify: UrlField = Field(description="the URL that is told; it starts with https://")
    with_: DataMapping = Field(default={}, alias="with", description="what it is told, by name")

    def enter(self, visit: Visit) -> Outcome:
        data = {name: visit.value(item) for name, item in self.with_.items()}
        return Go(actions=(Notify(step=visit.step, url=visit.text(self.notify), data=data),))

"""The verbs: one file each, listed here and nowhere else."""

from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.branch import BranchStep
from voiceapp.flow.steps.call_back import CallBackStep
from voiceapp.flow.steps.conference import ConferenceStep
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.end import EndStep
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.hours import HoursStep
from voiceapp.flow.steps.menu import MenuStep
from voiceapp.flow.steps.notify import NotifyStep
from voiceapp.flow.steps.opt_out import OptOutStep
from voiceapp.flow.steps.pause import PauseStep
from voiceapp.flow.steps.play import PlayStep
from voiceapp.flow.steps.record import RecordStep
from voiceapp.flow.steps.run import RunStep
from voiceapp.flow.steps.say import SayStep
from voiceapp.flow.steps.send_keys import SendKeysStep
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.steps.step import Step

STEPS: tuple[type[Step], ...] = (
    SayStep,
    PlayStep,
    PauseStep,
    MenuStep,
    AskStep,
    RecordStep,
    DialStep,
    ConferenceStep,
    BranchStep,
    HoursStep,
    SetStep,
    FetchStep,
    RunStep,
    SendKeysStep,
    NotifyStep,
    OptOutStep,
    CallBackStep,
    EndStep,
)

BY_VERB = {step.verb: step for step in STEPS}

__all__ = ["BY_VERB", "STEPS", "Step"]

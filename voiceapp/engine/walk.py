"""A call's way through its flow, step after step, until it waits or is over: the working part of `advance`."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec.structs import replace

from voiceapp.actions import Action, CarrierAction, CollectDigits, Dial, Fetch, HangUp, Speak, is_carrier_action
from voiceapp.call import Call, Phase, Progress
from voiceapp.engine import frames
from voiceapp.engine.lifecycle import after_telling
from voiceapp.engine.limits import ENDLESS, MAX_FRAMES, MAX_SILENT_STEPS, overdue
from voiceapp.engine.visit import FlowVisit
from voiceapp.events import DigitsCollected, Event, Value, VoiceRecorded
from voiceapp.flow.bodies import KEYS
from voiceapp.flow.fields import END, REPEAT, Way
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.steps.step import Enter, Failed, Finish, Go, Outcome, Stay
from voiceapp.flow.templates import RenderError
from voiceapp.flow.ways import ON_ERROR, ON_HANG_UP, Taken

BREATH_ACTIONS = 16
"""So many things to say are handed out before the flow goes on: a loop that only talks must not run ahead."""

BREATH = "breath"
_IN_KEYS = f"{KEYS}."


class Walk:
    """The working state of one `advance`; nothing of it is kept but `call`, `actions`, `steps` and `taken`."""

    def __init__(self, script: Script, call: Call, at: datetime) -> None:
        self.script = script
        self.call = call
        self.at = at
        self.actions: list[Action] = []
        self.told: list[CarrierAction] = []
        self.steps: list[str] = []
        self.taken: list[Taken] = []
        self.silent = call.silent

    def outbox(self) -> tuple[CarrierAction, ...]:
        """What is to be told from now on: what waited before, then what this event led to."""
        if self.call.phase.over or self.call.phase is Phase.CLOSING:
            return ()
        return (*self.call.outbox, *self.told) if self.told else self.call.outbox

    @property
    def flow(self) -> Flow:
        return self.script.flows[self.call.frames[-1].flow]

    def visit(self) -> FlowVisit:
        frame = self.call.frames[-1]
        label = frame.step if len(self.call.frames) == 1 else f"{frame.flow}/{frame.step}"
        return FlowVisit(self.script.flows[frame.flow], self.call, self.at, label)

    def act(self, actions: tuple[Action, ...]) -> None:
        """These are to be done; whatever the caller hears of them shows that the flow is not going in circles."""
        for action in self._interruptible(actions) if self.call.machine else actions:
            self.actions.append(action)
            if is_carrier_action(action):
                self.told.append(action)
                self.silent = 0
            elif isinstance(action, Fetch):
                self.call = replace(self.call, fetch=action)

    def _interruptible(self, actions: tuple[Action, ...]) -> Iterator[Action]:
        """A machine presses no key: whoever does is a person, and has to be heard."""
        for action in actions:
            yield replace(action, interruptible=True) if isinstance(action, Speak) else action

    # what happened

    def begin(self) -> None:
        self.call = replace(self.call, answered_at=self.at)
        self.go(self.flow.first)

    def digits(self, event: DigitsCollected, digits: str) -> None:
        call = self.call
        self.call = replace(call, keys=call.keys + digits)
        if not call.outbox:
            self.completed(event)
        elif isinstance(call.outbox[-1], CollectDigits):
            self.call = replace(self.call, outbox=())
            self.resume(replace(event, more=True))

    def completed(self, event: Event) -> None:
        if self.call.outbox:
            return
        if self.call.phase is Phase.LEAVING:
            self.act((HangUp(step=self.call.frame.step),))
        elif self.call.progress is not None and self.call.progress.stage == BREATH:
            self.go(Way(self.call.frame.step))
        else:
            self.resume(event)

    def hung_up(self, result: DigitsCollected | VoiceRecorded | None) -> None:
        if isinstance(self.call.told, Dial) and not self.call.outbox:
            self.took("answered")  # a carrier that connects two people may tell no more than the end
        if self.call.frame.step and self.call.frame.step in self.flow.steps:
            kept = self._settled(result)
            if kept:
                self.call = replace(self.call, partial=str(next(iter(kept))))
                self.save(kept)
        self.leave_inner_flows(1)
        self.over(self.call.end_reason or "hung_up")
        way = self.script.flow.head.on_hang_up
        if way is not None and self.call.answered_at is not None:
            self.took(ON_HANG_UP)
            self.go(way)
        else:
            self.close()

    def _settled(self, result: DigitsCollected | VoiceRecorded | None) -> Mapping[str, Value]:
        try:
            return self.flow.steps[self.call.frame.step].settle(self.visit(), result)
        except RenderError:
            return {}

    def over(self, reason: str) -> None:
        self.call = replace(self.call, outbox=(), progress=None, fetch=None, ended_at=self.at, end_reason=reason)

    def close(self) -> None:
        phase = after_telling(self.call.phase, "close_told")
        self.call = replace(self.call, phase=phase, progress=None, outbox=())

    # through the flow

    def resume(self, event: Event) -> None:
        step = self.flow.steps.get(self.call.frames[-1].step)
        if step is None or self.call.progress is None:
            self.fail(f"{type(event).__name__} when nothing was waited for")
            return
        try:
            outcome = step.resume(self.visit(), event)
        except RenderError as error:
            outcome = Failed(str(error))
        if isinstance(outcome, Stay) and outcome.actions and self._overdue():
            return
        self.go(self._following(outcome))

    def go(self, way: Way | None) -> None:
        """Enters steps one after the other until one waits or the call is over."""
        while way is not None:
            way = self.enter(way)

    def enter(self, way: Way) -> Way | None:
        """Enters one step; returns the next one to enter, or None when the call waits."""
        if way == REPEAT:
            way = self._repeated()
        if way == END:
            return self.leave_flow()
        if self._used_up():
            return None
        name, step = str(way), self.flow.steps[way]
        asking = name if step.collects and not way.startswith(_IN_KEYS) else self.call.frames[-1].asking
        moved = frames.changed(self.call.frames, step=name, asking=asking)
        self.call = replace(self.call, frames=moved, progress=None, fetch=None)
        visit = self.visit()
        self.steps.append(visit.step)
        try:
            outcome = step.enter(visit)
        except RenderError as error:
            outcome = Failed(str(error))
        self.silent += 1
        told = len(self.told)
        following = self._following(outcome)
        if following is not None and self._breath_due(told) and self._can_wait_at(following):
            moved = frames.changed(self.call.frames, step=str(following))
            self.call = replace(self.call, frames=moved, progress=Progress(stage=BREATH))
            return None
        return following

    def _repeated(self) -> Way:
        """The question that a key for `repeat` was pressed in: also one that stands behind such a key itself."""
        frame = self.call.frame
        return Way(frame.step if self.flow.steps[frame.step].collects else frame.asking or END)

    def _used_up(self) -> bool:
        """Ends a flow that says nothing for ever, or a call that takes too long."""
        if self.silent < MAX_SILENT_STEPS:
            return self._overdue()
        if self.call.phase is Phase.CLOSING:
            self.close()
        else:
            self.apologise(ENDLESS)
        return True

    def _overdue(self) -> bool:
        """Ends a call that takes too long."""
        if self.call.phase is Phase.CLOSING:
            return False
        reason = overdue(self.script, self.call, self.at)
        if reason == ENDLESS:
            self.apologise(reason)
        elif reason:
            self.finish(reason)
        return bool(reason)

    def _breath_due(self, told_before: int) -> bool:
        return len(self.told) > told_before and len(self.told) + len(self.call.outbox) >= BREATH_ACTIONS

    def _can_wait_at(self, following: Way) -> bool:
        """At a step, or at the end of a flow that another runs: that may go on talking."""
        return following in self.flow.steps or (following == END and len(self.call.frames) > 1)

    def _following(self, outcome: Outcome) -> Way | None:
        match outcome:
            case Go(way, actions, saved, by):
                self.took(by)
                self.act(actions)
                if saved and not self.save(saved):
                    return self._failing("language is not among the flow's languages")
                return way or self._below()
            case Stay(actions, progress, by):
                for name in by:
                    self.took(name)
                self.act(actions)
                self.call = replace(self.call, progress=progress)
                return None
            case Failed(reason):
                return self._failing(reason)
            case Enter(flow, inputs):
                return self._enter_flow(flow, inputs)
            case Finish(actions):
                self.act(actions)
                self.finish("completed")
                return None

    def took(self, name: str) -> None:
        """The call goes out of its step this way."""
        frame = self.call.frames[-1]
        self.taken.append(Taken(frame.flow, frame.step, name))

    def _below(self) -> Way:
        way = self.flow.after(self.call.frame.step)
        return Way(self.call.frame.asking or END) if way == REPEAT else way

    def save(self, saved: Mapping[str, Value]) -> bool:
        """Keeps variables; False when a language is set that the flow does not have."""
        call = frames.saving(self.call, self.flow, saved)
        self.call = call or self.call
        return call is not None

    def _enter_flow(self, name: str, inputs: Mapping[str, Value]) -> Way | None:
        if len(self.call.frames) >= MAX_FRAMES:
            return self._failing("flows run each other too deeply")
        flow = self.script.flows[name]
        try:
            self.call = frames.entering(self.call, flow, inputs)
        except ValueError as error:
            return self._failing(str(error))
        return flow.first

    def leave_flow(self) -> Way | None:
        """The running flow is through: back to the one that ran it, or the end of the call."""
        if self.call.phase is Phase.CLOSING:
            self.close()
            return None
        if len(self.call.frames) == 1:
            self.finish("completed")
            return None
        return self._following(self._left())

    def _left(self) -> Outcome:
        """What the step that ran the running flow makes of it; that flow's frame is gone."""
        self.call, saved = frames.leaving(self.call)
        return self.flow.steps[self.call.frame.step].leave(self.visit(), saved)

    def leave_inner_flows(self, depth: int) -> None:
        """Leaves flows in the middle, down to `depth` of them; what they saved comes back all the same."""
        while len(self.call.frames) > depth:
            outcome = self._left()
            if isinstance(outcome, Go):
                self.save(outcome.saved)

    def finish(self, reason: str) -> None:
        """Hangs up."""
        if self.call.phase is Phase.CLOSING:
            self.close()
            return
        self.act((HangUp(step=self.call.frame.step),))
        reason = self.call.end_reason if self.call.failed else reason
        self.call = replace(self.call, progress=None, fetch=None, end_reason=reason)

    # when something fails

    def fail(self, reason: str) -> None:
        """A step failed and has no way of its own."""
        self.go(self._failing(reason))

    def _failing(self, reason: str) -> Way | None:
        if self.call.phase is Phase.CLOSING:
            self.close()
            return None
        for depth in range(len(self.call.frames), 0, -1) if not self.call.failed else ():
            way = self.script.flows[self.call.frames[depth - 1].flow].head.on_error
            if way is not None:
                self.took(ON_ERROR)
                self.leave_inner_flows(depth)
                self.call = replace(self.call, progress=None, failed=True, end_reason=f"error: {reason}")
                return way
        self.apologise(reason)
        return None

    def apologise(self, reason: str) -> None:
        """Says that something went wrong and hangs up; hangs up at once when even that failed before."""
        spoken = self.call.end_reason.startswith("apologised")
        visit = self.visit()
        self.actions = [action for action in self.actions if not is_carrier_action(action)]
        self.told = []
        ended = f"apologised: {reason}"
        self.call = replace(self.call, outbox=(), failed=True, progress=None, fetch=None, end_reason=ended)
        if not spoken:
            self.act((Speak(step=visit.step, piece=visit.phrase("apology")),))
        self.act((HangUp(step=visit.step),))

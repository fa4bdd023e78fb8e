"""One call as Routee's voice service makes it: a plan is fetched, its verbs run one after another.

Source: docs.routee.net, "call-flow" and the pages of the verbs. Inferred: verbs after a DIAL run only when it
was not answered. Time is virtual: nothing waits, and the clock shows in status callbacks only.
"""

from typing import Any, assert_never

from voiceapp.emulators.caller import HANG_UP, Caller, Outcome, Question, ScriptedCaller
from voiceapp.emulators.routee_line import RouteeLine, RouteeOptions
from voiceapp.emulators.routee_plan import Collect, Dial, Pause, Play, Say, Verb
from voiceapp.emulators.routee_posts import Leg
from voiceapp.emulators.transcript import Exchange, Transcript
from voiceapp.emulators.wire import Session

__all__ = ["RouteeCall", "RouteeOptions"]

_CHARACTER_SECONDS = 0.06
_AUDIO_SECONDS = 3.0
_TALK_SECONDS = 30

_STATUSES: dict[Outcome, tuple[str, ...]] = {
    "answered": ("Initiated", "Ringing", "InProgress", "Completed"),
    "busy": ("Initiated", "Ringing", "Busy"),
    "no_answer": ("Initiated", "Ringing", "NoAnswer"),
    "failed": ("Initiated", "Failed"),
}


class RouteeCall:
    """The carrier's side of one call. `run` plays it whole; `start` and `step` one verb at a time."""

    def __init__(
        self,
        session: Session,
        url: str,
        options: RouteeOptions | None = None,
        caller: Caller | None = None,
    ) -> None:
        self.options = options or RouteeOptions()
        self.caller: Caller = caller or ScriptedCaller()
        self.line = RouteeLine(session, url, self.options)
        self._started = False
        self._heard: list[str] = []
        self._still_typing = ""

    @property
    def transcript(self) -> Transcript:
        """What happened so far."""
        return self.line.transcript

    @property
    def over(self) -> bool:
        """The call has ended."""
        return self.line.over

    async def run(self, caller: Caller | None = None) -> Transcript:
        """Play the call, or what is left of it, to its end."""
        if caller is not None:
            self.caller = caller
        if not self._started:
            await self.start()
        while not self.over:
            await self.step()
        return self.transcript

    async def start(self) -> None:
        """Let it ring, and pick up or not, as the options say."""
        await self.ring()
        await self.pick_up(self.options.outcome)

    async def ring(self) -> None:
        """Report that it rings, unless it never does."""
        options, line = self.options, self.line
        self._started = True
        self.transcript.add("rings", f"{options.from_number} -> {options.to_number}")
        if options.direction == "Outbound":
            await line.report("Initiated")
        if options.outcome != "failed":
            await line.report("Ringing")

    async def pick_up(self, outcome: Outcome) -> None:
        """Fetch the dialplan, and report a machine where that is asked for; or tell why nobody answered."""
        options, line = self.options, self.line
        if outcome != "answered":
            line.over = True
            self.transcript.add("unreached", outcome)
            await line.report(_STATUSES[outcome][-1])
            return
        if await line.fetch_plan():
            await line.report("InProgress")
            if options.hang_up_on_machine:
                await line.end("carrier")
            elif options.machine_url:
                await line.post_event(options.machine_url)

    async def step(self) -> bool:
        """Run one verb, or end the call when there is none left; `False` when it is over."""
        if self.over:
            return False
        if self.line.wire.sent >= self.options.max_posts:
            await self.line.drop(f"the call is not over after {self.options.max_posts} posts")
        elif self.options.max_duration and self.line.clock >= self.options.max_duration:
            await self.line.end("carrier")
        elif not self.line.verbs:
            await self.line.end("server")
        else:
            await self._run_verb(self.line.verbs.popleft())
        return not self.over

    async def hang_up(self) -> None:
        """The caller puts the phone down."""
        await self.line.end("caller")

    async def post(self, url: str, **changes: Any) -> Exchange:
        """Send the four fields with `changes`; what comes back moves nothing."""
        return await self.line.post(url, **changes)

    async def _run_verb(self, verb: Verb) -> None:
        match verb:
            case Say() | Play():
                await self._prompt(verb)
            case Pause():
                await self._pause(verb)
            case Dial():
                await self._dial(verb)
            case Collect():
                self.line.gathering.switch_on(verb)
            case _:
                assert_never(verb)

    async def _prompt(self, verb: Say | Play) -> None:
        """Repeated for ever, a prompt is heard once and then given up by the caller."""
        seconds = len(verb.heard) * _CHARACTER_SECONDS if isinstance(verb, Say) else _AUDIO_SECONDS
        for _ in range(max(verb.repeat, 0) + 1):
            self.transcript.add("hears", verb.heard)
            self._heard.append(verb.heard)
            if not await self.caller.hears(verb.heard):
                await self.hang_up()
                return
            keys = self._go_on_typing()
            listens = verb.barge_in and self.options.keys_during_prompts and self.line.gathering.collect
            if not keys and listens:
                keys = await self._press(seconds)
            if await self._type(keys, barge_in=verb.barge_in):
                return
            self.line.clock += seconds
        if verb.repeat < 0:
            await self.hang_up()

    async def _pause(self, verb: Pause) -> None:
        """A listening window while tones are gathered; at other times only silence."""
        keys = self._go_on_typing()
        if not keys and self.line.gathering.collect:
            keys = await self._press(verb.duration)
            self._heard.clear()
            if not keys:
                self.transcript.add("silence", f"{verb.duration} s")
        elif not keys:
            self.transcript.add("pause", f"{verb.duration} s")
        if not await self._type(keys, barge_in=False):
            self.line.clock += verb.duration

    async def _press(self, seconds: float) -> str:
        keys = await self.caller.press(Question(" ".join(self._heard), seconds))
        if keys:
            self._heard.clear()
            self.transcript.add("presses", keys)
        return keys or ""

    def _go_on_typing(self) -> str:
        """The keys that the last submission interrupted, once there is somebody to take them."""
        if self.line.gathering.collect is None and HANG_UP not in self._still_typing:
            return ""
        keys, self._still_typing = self._still_typing, ""
        return keys

    async def _type(self, keys: str, *, barge_in: bool) -> bool:
        """Press `keys` one by one; `True` when one of them ended the running verb."""
        gathering = self.line.gathering
        for position, key in enumerate(keys, start=1):
            if key == HANG_UP:
                await self.hang_up()
                return True
            collect = gathering.collect
            if collect is None or not gathering.press(key, barge_in=barge_in):
                continue
            replaced = await self.line.post_event(collect.event_url, collectedTones=gathering.submit())
            if replaced or barge_in:
                self._still_typing = keys[position:]
                return True
        return False

    async def _dial(self, verb: Dial) -> None:
        line, target = self.line, verb.to.address
        outcome = await self.caller.dialled(target)
        self.transcript.add("dials", f"{target}: {outcome}")
        leg = Leg(conversation=line.leg.conversation, sender=verb.from_, recipient=target, direction="Outbound")
        start = line.now
        talk = min(_TALK_SECONDS, verb.max_duration or _TALK_SECONDS) if outcome == "answered" else 0
        *changes, final = _STATUSES[outcome]
        for status in changes:
            line.note(leg, status, start, 0)
            if verb.callback and verb.callback.strategy == "OnChange":
                await line.post_status(verb.callback.url, leg.status(status, start, 0))
        line.clock += talk
        line.note(leg, final, line.now, talk)
        if verb.callback:
            await line.post_status(verb.callback.url, leg.status(final, line.now, talk))
        if talk and verb.record:
            recording = line.record(leg, start, line.now)
            if verb.recording_callback_url:
                await line.post_status(verb.recording_callback_url, recording)
        if talk and not self.options.verbs_after_talk:
            await line.end("callee")

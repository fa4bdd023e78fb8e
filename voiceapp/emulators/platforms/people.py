"""Who is called under a number, and how the phone is picked up."""

import asyncio
from collections.abc import Callable, Mapping

import msgspec

from voiceapp.emulators.caller import Caller, Outcome, Question, ScriptedCaller, Voice


class Person(msgspec.Struct, frozen=True):
    """Who is called under a number; a `machine` picks up, talks and presses nothing.

    `rings` is how many seconds it takes to pick up, which matters only to who does not let it ring that long.
    The other fields are those of ScriptedCaller, `keys` its script.
    """

    outcome: Outcome = "answered"
    keys: str = ""
    machine: bool = False
    rings: float = 5.0
    parties: Mapping[str, Outcome] = {}
    voice: Voice = "speaks"
    leaves: bool = True
    drops_at: str = ""

    def caller(self) -> ScriptedCaller:
        """This person, for one call. Raises ValueError on wrong `keys`."""
        return ScriptedCaller(
            self.keys,
            parties=self.parties,
            voice=self.voice,
            leaves=self.leaves,
            drops_at=self.drops_at,
            machine=self.machine,
        )


LAST_DIGITS: Mapping[str, Person] = {
    "01": Person("busy"),
    "02": Person("no_answer"),
    "03": Person(machine=True),
    "04": Person("failed"),
    "05": Person(keys="!"),
}
"""Who is called under a number by its last two digits, for people who try things by hand: 01 busy, 02 nobody
answers, 03 an answering machine, 04 the network fails, 05 hangs up at the first question."""


class People:
    """All phones of the world. `persons` by number (E.164 text, or a SIP address); others are `default`.

    `waits`: a phone rings until its event is set, or whoever calls gives up. `callers` makes who holds the
    phone of a number once it is answered, instead of the person's script. `by_digits` lets LAST_DIGITS speak
    for numbers that are not in `persons`. `rings_for`: real seconds that every phone rings, for who looks on.
    """

    def __init__(
        self,
        persons: Mapping[str, Person] | None = None,
        default: Person | None = None,
        *,
        callers: Mapping[str, Callable[[], Caller]] | None = None,
        by_digits: bool = False,
        rings_for: float = 0.0,
    ) -> None:
        self.persons = dict(persons or {})
        self.default = default or Person()
        self.callers = dict(callers or {})
        self.waits: dict[str, asyncio.Event] = {}
        self._rings_for = rings_for
        self._digits = LAST_DIGITS if by_digits else {}

    def known(self, number: str) -> Person | None:
        """The person of this number, if it has one of its own."""
        return self.persons.get(number) or self._digits.get(number[-2:])

    def of(self, number: str) -> Person:
        """Who is called under a number."""
        return self.known(number) or self.default

    def caller(self, number: str) -> Caller:
        """Who holds the phone of this number."""
        return self.callers[number]() if number in self.callers else self.of(number).caller()

    async def ring(self, number: str, within: float) -> Outcome:
        """Let a phone ring for at most `within` seconds, which pass only when somebody keeps it ringing."""
        event, person = self.waits.get(number), self.of(number)
        if self._rings_for:
            await asyncio.sleep(min(self._rings_for, within))
        if event is not None:
            try:
                async with asyncio.timeout(within):
                    await event.wait()
            except TimeoutError:
                return "no_answer"
        elif person.outcome == "answered" and person.rings > within:
            return "no_answer"
        return person.outcome


class OnTheLine:
    """A caller whose dialled parties are those of `people`, where it knows them; `dialled_to` learns of each."""

    def __init__(
        self, caller: Caller, people: People, dialled_to: Callable[[str, Outcome], object] | None = None
    ) -> None:
        self._caller = caller
        self._people = people
        self._dialled_to = dialled_to

    async def hears(self, text: str) -> bool:
        return await self._caller.hears(text)

    async def press(self, question: Question) -> str | None:
        return await self._caller.press(question)

    async def record(self) -> Voice:
        return await self._caller.record()

    async def leave(self, room: str) -> bool:
        return await self._caller.leave(room)

    async def falls_silent(self) -> bool:
        return await self._caller.falls_silent()

    async def dialled(self, target: str) -> Outcome:
        known = self._people.known(target)
        outcome = known.outcome if known is not None else await self._caller.dialled(target)
        if self._dialled_to is not None:
            self._dialled_to(target, outcome)
        return outcome

"""Which tones Routee gathers, and when it submits them to the `eventUrl` of a COLLECT.

Sources: docs.routee.net, "collect-verb" and "voice-conversation-callbacks": `#` with submitOnHash submits,
and so does the first tone pressed during a verb with bargeIn. Inferred: reaching maxDigits submits; the tones
are forgotten once submitted; `#` is sent only where it is a tone like any other (submitOnHash false).
"""

from voiceapp.emulators.routee_plan import Collect, Plan


class Gathering:
    """The tones of one call. `whole_call`: every submission has all tones since the call began, as the
    page's words can be read. `first_wins`: a later COLLECT of the same plan changes nothing. `from_start`: a
    plan's first COLLECT is in force from its beginning ("anywhere in the plan"), not from where it stands.
    """

    def __init__(self, *, whole_call: bool, first_wins: bool, from_start: bool) -> None:
        self._whole_call = whole_call
        self._first_wins = first_wins
        self._from_start = from_start
        self._tones = ""
        self._submitted = ""
        self.collect: Collect | None = None
        self.answered = False

    def new_plan(self, plan: Plan) -> None:
        """Another plan runs now; gathering stops until its own COLLECT."""
        self.collect = None
        if self._from_start and plan.first_collect is not None:
            self.switch_on(plan.first_collect)

    def switch_on(self, collect: Collect) -> None:
        """A COLLECT is reached. Tones not yet submitted are kept."""
        if self.collect is None or (collect is not self.collect and not self._first_wins):
            self.collect = collect
            self.answered = False

    def press(self, key: str, *, barge_in: bool) -> bool:
        """Take one tone; `True` when all there is has to be submitted now."""
        if self.collect is None:
            return False
        if key == "#" and self.collect.submit_on_hash:
            return True
        self._tones += key
        return barge_in or len(self._tones) >= self.collect.max_digits

    def submit(self) -> str:
        """The tones to send; `answered` from now on."""
        self.answered = True
        tones, self._tones = self._tones, ""
        self._submitted += tones
        return self._submitted if self._whole_call else tones

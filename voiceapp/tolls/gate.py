"""Every number passes here before it is dialled, whether a flow wants it or an application: the rules, the list of
those who want no calls, and how often already.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec
import structlog

from voiceapp.attempt import Cap
from voiceapp.metrics import Metrics
from voiceapp.tolls.rules import Refusal, TollRules, refusal

_log = structlog.get_logger()


class DialCaps(msgspec.Struct, frozen=True):
    """The most that is dialled; 0 is no limit. `caller`: in an hour, `destination` and `day`: in a day (UTC)."""

    call: int = 0
    caller: int = 0
    destination: int = 0
    day: int = 0


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody wants `number` dialled. `call`: the id of the call or attempt; `caller` who called us, `""` when it
    is we who call; `patterns` of the flow. `written_out`: the flow's author wrote this very number, so that it is
    not counted by destination. `calls_out`: it rings somebody who did not ask for it, so an opt-out counts."""

    number: str
    call: str
    flow: str
    carrier: str
    caller: str = ""
    patterns: tuple[str, ...] = ()
    written_out: bool = False
    calls_out: bool = False


class Refused(msgspec.Struct, frozen=True):
    """`code`: a word for programs, `message`: a sentence for people, without the number."""

    code: str
    message: str


class Counts(Protocol):
    """Where dials are counted, atomically over all processes; see `store.ledger_access.Ledger.count`."""

    async def count(self, caps: Sequence[Cap], at: datetime) -> str:
        """The scope of a cap that is used up, `""` when all were counted."""


class OptOuts(Protocol):
    """Who wants no calls; see `store.Store.opted_out`."""

    async def opted_out(self, number: str, scope: str) -> bool:
        """Whether `number` wants no calls in `scope`."""


class TollGate:
    """One a process; what it counts is counted in the database."""

    def __init__(
        self,
        rules: TollRules,
        caps: DialCaps,
        counts: Callable[[], Counts],
        opt_outs: OptOuts,
        metrics: Metrics,
    ) -> None:
        self.rules = rules
        self._caps = caps
        self._counts = counts
        self._opt_outs = opt_outs
        self._metrics = metrics

    def judge(self, wanted: Wanted) -> Refused | None:
        """Whether the rules allow it, without counting."""
        return _as_refused(refusal(self.rules, wanted.number, wanted.patterns))

    async def admit(self, wanted: Wanted, at: datetime) -> Refused | None:
        """Counts one dial; or why it may not be. Raises StoreUnavailable, and then nothing may be dialled."""
        refused = self.judge(wanted)
        if refused is None and wanted.calls_out and await self._opt_outs.opted_out(wanted.number, wanted.flow):
            refused = Refused("opted_out", "the number wants no more calls")
        if refused is None:
            capped = await self._counts().count(self._scopes(wanted, at), at)
            if capped:
                refused = Refused("cap", f"more is not dialled: {_CAPS[capped.partition(':')[0]]}")
        if refused is not None:
            self.count_refusal(wanted, refused)
        return refused

    def count_refusal(self, wanted: Wanted, refused: Refused) -> None:
        """A number is not dialled: for the metrics and the log."""
        self._metrics.dial_refused(wanted.carrier, refused.code)
        _log.warning("not dialled", call=wanted.call, flow=wanted.flow, code=refused.code, reason=refused.message)

    def _scopes(self, wanted: Wanted, at: datetime) -> list[Cap]:
        caps, day = self._caps, f"{at:%Y-%m-%d}"
        scopes = [
            Cap(f"call:{wanted.call}", caps.call),
            Cap(f"caller:{wanted.caller}:{at:%Y-%m-%dT%H}", caps.caller if wanted.caller else 0),
            Cap(f"destination:{wanted.number}:{day}", 0 if wanted.written_out else caps.destination),
            Cap(f"day:{day}", caps.day),
        ]
        return [cap for cap in scopes if cap.most]


_CAPS = {
    "call": "this call has dialled as much as a call may (VOICEAPP_DIAL_PER_CALL)",
    "caller": "as much as one caller may have dialled in an hour (VOICEAPP_DIAL_PER_CALLER)",
    "destination": "the number was dialled as often as it may be in a day (VOICEAPP_DIAL_PER_DESTINATION)",
    "day": "as much as may be dialled in a day (VOICEAPP_DIAL_PER_DAY)",
}


def _as_refused(refused: Refusal | None) -> Refused | None:
    return None if refused is None else Refused(refused.code, refused.message)

"""What a flow wants to dial passes the toll gate before a carrier is told; what may not be dialled is an event."""

from collections.abc import Callable, Iterator
from datetime import datetime

from voiceapp.actions import Dial
from voiceapp.call import Call
from voiceapp.carriers.base import Carrier
from voiceapp.engine.lookahead import ahead
from voiceapp.engine.tell import told_before
from voiceapp.events import DialRefused
from voiceapp.flow.flow import Script
from voiceapp.tolls.gate import Refused, TollGate, Wanted
from voiceapp.turn import Happened, happen


async def guarded(
    gate: TollGate, script: Script, carrier: Carrier, happened: Happened, clock: Callable[[], datetime]
) -> Happened:
    """The turn, with every number that may not be dialled refused: its step has gone on with the others, or on
    its way `failed`. Raises StoreUnavailable when nobody can tell."""
    admitted: set[tuple[str, str]] = set()
    while True:
        refused = {}
        for number, flow, counted in wanted_numbers(script, carrier, happened):
            if (number, flow) in admitted or number in refused:
                continue
            verdict = await _verdict(
                gate, script, carrier, happened.call, number, flow, clock() if counted else None
            )
            if verdict is None:
                admitted.add((number, flow))
            else:
                refused[number] = verdict.code
        if not refused:
            return happened
        event = DialRefused(at=clock(), numbers=tuple(refused), reasons=tuple(refused.values()))
        happened = happen(script, carrier, happened, (event,))
        if event in happened.ignored:
            raise RuntimeError("a dial that may not be cannot be refused now")


async def _verdict(
    gate: TollGate,
    script: Script,
    carrier: Carrier,
    call: Call,
    number: str,
    flow: str,
    counted_at: datetime | None,
) -> Refused | None:
    wanted = Wanted(
        number=number,
        call=call.id,
        flow=call.flow,
        carrier=call.carrier,
        caller=call.caller if call.direction == "inbound" else "",
        patterns=script.flows[flow].head.may_dial or script.flow.head.may_dial,
        written_out=number in script.numbers,
    )
    refused = None
    if number.startswith("sip:") and not carrier.dials_sip:
        refused = Refused("carrier", f"{carrier.name} calls telephone numbers only")
    elif counted_at is not None:
        return await gate.admit(wanted, counted_at)
    refused = refused or gate.judge(wanted)
    if refused is not None:
        gate.count_refusal(wanted, refused)
    return refused


def wanted_numbers(script: Script, carrier: Carrier, happened: Happened) -> Iterator[tuple[str, str, bool]]:
    """Every number that is to be dialled from this turn on and may still be, which of the script's flows dials it,
    and whether it counts: what the turn itself dials does, and so does what the call's first plan would dial if
    the caller said nothing."""
    call = happened.call
    for action in call.outbox:
        if isinstance(action, Dial) and any(isinstance(new, Dial) for new in happened.actions):
            yield from ((number, call.frame.flow, True) for number in action.targets)
    if not carrier.takes_plan or not call.outbox:
        return
    for stretch, after in ahead(script, told_before(call)):
        for action in stretch.actions:
            if isinstance(action, Dial):
                yield from ((number, after.frame.flow, call.turn == 0) for number in action.targets)

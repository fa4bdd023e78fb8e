"""What a carrier tells beside the turns of a call: the same bill in whatever order it tells."""

from msgspec.structs import replace

from voiceapp.call import Bill
from voiceapp.events import RecordingStored, StatusReported


def billed(bill: Bill, event: StatusReported | RecordingStored) -> Bill:
    """The bill after one more report. The largest figure counts, as they only grow while a call lasts."""
    match event:
        case RecordingStored(recording=recording):
            return replace(bill, recordings=tuple(sorted({*bill.recordings, recording})))
        case StatusReported():
            return replace(
                bill,
                seconds=_larger(bill.seconds, event.seconds),
                price=_larger(bill.price, event.price),
                cause=max(bill.cause, event.cause),
                hung_up_by=max(bill.hung_up_by, event.hung_up_by),
                machine=bill.machine or event.machine,
            )


def _larger(one: float | None, other: float | None) -> float | None:
    return other if one is None else one if other is None else max(one, other)

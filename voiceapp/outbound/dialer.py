"""Places calls: the intent is on disk before the carrier is asked, the result after; nothing is asked twice."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import msgspec
import structlog

from voiceapp.attempt import Attempt, AttemptState, IdempotencyKey, Settlement
from voiceapp.carriers.platform import Placement, Platform
from voiceapp.errors import PlatformError, StoreUnavailable
from voiceapp.metrics import Metrics
from voiceapp.outbound.click_to_call import follower
from voiceapp.reports import report_of
from voiceapp.service.served_flows import ServedFlows
from voiceapp.store.store import Store
from voiceapp.tolls.gate import Refused, TollGate, Wanted

LOOK_EVERY = 5.0
"""Seconds between two looks into the ledger when nobody woke us."""

AT_ONCE = 8
"""So many attempts are placed at the same time by the schedule; more wait in the ledger, where no crash hurts."""

PLACE_WITHIN = timedelta(seconds=40)
"""So long after the intent to dial a call may still be asked for. Later, other processes take it for one that was
never placed (`reconcile.SETTLE_AFTER`), and its key may place another."""

LATEST = timedelta(hours=1)
"""So long after its time a call that had to wait (for a server that was down) is not placed any more."""

GRACE = 2.5
"""Seconds that requests under way have to be answered when the server stops; those that take longer are looked up
after the next start."""

_log = structlog.get_logger()

Fault = PlatformError | Refused
Place = Callable[[Attempt], Awaitable[str]]
"""Asks a carrier for the call; its id for the request. Raises PlatformError."""


class Placed(msgspec.Struct, frozen=True):
    """An attempt after it was placed, or was not and why; `known`: it was there already, under the same key."""

    attempt: Attempt
    fault: Fault | None = None
    known: bool = False


class KeyTaken(Exception):
    """The Idempotency-Key came with another request before."""


class Dialer:
    """One a process; the ledger gives each attempt to one of them. `native` places what a carrier does itself."""

    def __init__(
        self,
        *,
        store: Store,
        platforms: Mapping[str, Platform],
        gate: TollGate,
        flows: ServedFlows,
        metrics: Metrics,
        clock: Callable[[], datetime],
        native: Place | None = None,
        wake_notifier: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._gate = gate
        self._flows = flows
        self._metrics = metrics
        self._clock = clock
        self._native = native
        self._wake_notifier = wake_notifier
        self._woken = asyncio.Event()
        self._listening = asyncio.Event()
        self._told: list[Callable[[], None]] = []
        self._under_way: dict[str, asyncio.Task[Placed]] = {}
        self._stopping: asyncio.TimerHandle | None = None

    @property
    def under_way(self) -> frozenset[str]:
        """The attempts that this process is placing now."""
        return frozenset(self._under_way)

    def wake(self) -> None:
        """There is something new to look at: an attempt that is due, or the end of a call that we placed."""
        self._woken.set()
        for tell in self._told:
            tell()

    def when_woken(self, tell: Callable[[], None]) -> None:
        """Somebody else who looks at the same."""
        self._told.append(tell)

    async def take(self, attempt: Attempt, key: IdempotencyKey | None) -> Placed:
        """Writes an attempt down and, if it is to be dialled now (`dialing`), places it. Raises KeyTaken when the
        key stands for another request, StoreUnavailable when nothing was written and nothing is dialled."""
        recorded, known_id = await self._store.ledger.put(attempt, key)
        if recorded == "differs":
            raise KeyTaken
        if recorded == "known":
            known = await self._store.ledger.attempt(known_id)
            if known is None:
                raise StoreUnavailable("--db: the ledger does not have what it answered before")
            return Placed(known, known=True)
        if attempt.state is AttemptState.DIALING:
            return await self._begun(attempt)
        self.wake()
        return Placed(attempt)

    async def _begun(self, attempt: Attempt) -> Placed:
        task = self._begin(attempt)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.cancelled():
                raise  # whoever asked is gone, and the call goes on
            return Placed(attempt, PlatformError("the server stops, and has no answer yet", unclear=True))

    def _begin(self, attempt: Attempt) -> "asyncio.Task[Placed]":
        task = asyncio.ensure_future(self._place(attempt))
        self._under_way[attempt.id] = task
        task.add_done_callback(lambda _: self._under_way.pop(attempt.id, None))
        return task

    async def _place(self, attempt: Attempt) -> Placed:
        """`attempt` is on disk as `dialing`, and nobody but us has it."""
        order = attempt.order
        try:
            refused = await self._refused(attempt)
            if refused is not None:
                settled = await self.settle(attempt, AttemptState.FAILED, f"{refused.code}: {refused.message}")
                return Placed(settled, refused)
            place = self._native if order.click is not None and order.click.native else self._conversation
            if place is None:
                raise PlatformError("this server places no native click-to-call", code="no_native")
            ref = await self._in_time(place, attempt)
        except PlatformError as error:
            state = AttemptState.UNKNOWN if error.unclear else AttemptState.FAILED
            _log.warning("not placed", call=attempt.id, carrier=order.carrier, reason=str(error), state=str(state))
            return Placed(await self.settle(attempt, state, str(error)), error)
        try:
            return Placed(await self.settle(attempt, AttemptState.PLACED, "", ref))
        except StoreUnavailable as error:
            _log.error("placed, and not written down; it will be looked up", call=attempt.id, reason=str(error))
            return Placed(attempt, PlatformError("the result could not be stored", code="store", unclear=True))

    async def _in_time(self, place: Place, attempt: Attempt) -> str:
        """What `place` gives, unless it is too late: a process may stand still for minutes, or wait in line."""
        left = (attempt.requested_at or self._clock()) + PLACE_WITHIN - self._clock()
        if left <= timedelta():
            raise PlatformError("the call was not asked for in time", code="late")
        try:
            async with asyncio.timeout(left.total_seconds()):
                return await place(attempt)
        except TimeoutError:
            raise PlatformError("the carrier was not reached in time", unclear=True) from None

    async def _conversation(self, attempt: Attempt) -> str:
        platform = self._platforms.get(attempt.order.carrier)
        if platform is None:
            raise PlatformError(f"no account at {attempt.order.carrier} is set up", code="no_account")
        return await platform.place(placement_of(attempt))

    async def _refused(self, attempt: Attempt) -> Refused | None:
        order = attempt.order
        if self._clock() - attempt.due_at > LATEST:
            return Refused("late", "its time was more than an hour ago, when nobody could place it")
        script = self._flows.scripts.get(order.flow)
        native = order.click is not None and order.click.native
        if script is None and not native:
            return Refused("no_flow", f"there is no flow '{order.flow}' any more")
        misfits = () if native else self._flows.misfits(order.carrier, order.flow)
        if misfits:
            return Refused("misfit", f"{order.carrier} cannot do flow '{order.flow}': {misfits[0].message}")
        numbers = (order.to,) if not native or order.click is None else (*order.click.a, *order.click.b)
        for number in numbers:
            refused = await self._gate.admit(
                Wanted(
                    number=number,
                    call=attempt.id,
                    flow=order.flow,
                    carrier=order.carrier,
                    patterns=script.flow.head.may_dial if script is not None else (),
                    calls_out=True,
                ),
                self._clock(),
            )
            if refused is not None:
                return refused
        return None

    async def settle(
        self, attempt: Attempt, state: AttemptState, reason: str = "", ref: str | None = None
    ) -> Attempt:
        """Moves an attempt on from where it is, unless somebody else has; the attempt as it then is. What follows
        a failed one in a click-to-call is written with it."""
        return await self._settle(attempt, state, reason, ref, goes_on=state is AttemptState.FAILED)

    async def end(self, attempt: Attempt, reason: str, *, goes_on: bool, told: bool) -> Attempt:
        """Its call is over. `goes_on`: it reached nobody, so that a click-to-call tries the next. `told`: the call
        itself has told so; else nobody knows of it but its carrier."""
        return await self._settle(attempt, AttemptState.OVER, reason, None, goes_on=goes_on, told=told)

    async def _settle(
        self,
        attempt: Attempt,
        state: AttemptState,
        reason: str,
        ref: str | None,
        *,
        goes_on: bool,
        told: bool = False,
    ) -> Attempt:
        before = (attempt.state, AttemptState.UNKNOWN) if state is AttemptState.PLACED else (attempt.state,)
        at = self._clock()
        kept = attempt.ref if ref is None else ref
        moved = msgspec.structs.replace(attempt, state=state, settled_at=at, reason=reason, ref=kept)
        settlement = Settlement(id=attempt.id, before=before, state=state, at=at, ref=ref, reason=reason)
        after = follower(moved) if goes_on else None
        reports = () if told else report_of(moved)
        if not await self._store.ledger.settle(settlement, follower=after, reports=reports):
            return await self._store.ledger.attempt(attempt.id) or attempt
        self._metrics.attempt(attempt.order.carrier, str(state))
        if attempt.order.terms.callback is not None:
            self._wake_notifier()
        if after is not None:
            self.wake()
        return moved

    def listens(self) -> None:
        """The server takes posts: calls that are answered have somebody to ask."""
        self._listening.set()

    async def run(self) -> None:
        """Dials what is due, as soon as the server listens, until it is cancelled."""
        await self._listening.wait()
        while True:
            self._woken.clear()
            try:
                while await self.dial_due():
                    pass
                due_at = await self._store.ledger.next_due()
            except StoreUnavailable as error:
                due_at = None
                _log.warning("calls out wait for the store", reason=str(error))
            except Exception:
                due_at = None
                self._metrics.error()
                _log.exception("calls out failed")
            pause = LOOK_EVERY if due_at is None else (due_at - self._clock()).total_seconds()
            try:
                async with asyncio.timeout(min(max(pause, 0.0), LOOK_EVERY)):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def dial_due(self) -> int:
        """Places what is due now; how many attempts that were."""
        if self._stopping is not None:
            return 0
        token = secrets.token_hex(16)
        due = await self._store.ledger.claim(token, self._clock(), AT_ONCE)
        if due:
            await asyncio.shield(asyncio.gather(*map(self._begin, due)))
        return len(due)

    async def stop(self, _: object = None) -> None:
        """Dials nothing that is due any more, and gives what is under way its GRACE, from now on."""
        if self._stopping is None:
            self._stopping = asyncio.get_running_loop().call_later(GRACE, self._give_up)

    def _give_up(self) -> None:
        for task in self._under_way.values():
            task.cancel()

    async def close(self) -> None:
        """Return when nothing is under way any more."""
        await self.stop()
        if self._under_way:
            await asyncio.wait(self._under_way.values())
        if self._stopping is not None:
            self._stopping.cancel()


def placement_of(attempt: Attempt) -> Placement:
    """What the carrier is asked for."""
    order, detection = attempt.order, attempt.order.terms.detection
    return Placement(
        attempt=attempt.id,
        flow=order.flow,
        to=order.to,
        shown=order.shown,
        ring=order.ring,
        max_seconds=order.terms.max_seconds,
        machine=detection.then if detection is not None and detection.carrier else None,
    )


def due_now(at: datetime | None, now: datetime) -> bool:
    """Whether a call that is wanted `at` is to be dialled at once."""
    return at is None or at <= now + timedelta(seconds=1)

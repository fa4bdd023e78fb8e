"""Store: the event log and everything derived from it, for one event loop."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

import msgspec
from sqlalchemy import URL, Connection, Engine, text

from voiceapp.errors import StoreUnavailable, TurnConflict
from voiceapp.store import reader
from voiceapp.store.database import answering, read_url, reading
from voiceapp.store.group_commit import GroupCommit
from voiceapp.store.ledger_access import Ledger
from voiceapp.store.notifications import as_notification
from voiceapp.store.orders import (
    Answer,
    KeepFlow,
    LeftOut,
    Order,
    Ping,
    PutTurns,
    SettleNotification,
    TakeNotifications,
    encode_rows,
)
from voiceapp.store.rows import rows_of
from voiceapp.store.schema import migrate
from voiceapp.store.tables import calls
from voiceapp.store.threads import Threads
from voiceapp.store.turns import Answered, LoggedTurn, Notification, Page, Stored, Turn
from voiceapp.store.writing_process import WritingProcess

P = ParamSpec("P")
T = TypeVar("T")

_READERS = 4


class Store:
    """A database of calls, by URL. Two processes may share one.

    `patience`: seconds that a commit or a question may take; beyond it, and for as long as the database
    hangs, methods raise StoreUnavailable, as they do at once when it is locked, full or gone. A commit that
    ran out of patience may still happen: `answered` tells. The store recovers when the database does.
    """

    def __init__(self, url: str, *, patience: float = 0.5) -> None:
        """Raises OperatorError for a URL that names no database we know."""
        self._url = read_url(url)
        self._patience = patience
        self._running: _Running | None = None

    async def open(self) -> None:
        """Migrate the database and start serving. Raises StoreUnavailable when it cannot be opened, cannot
        be written, or will not promise that a commit is on disk."""
        await asyncio.to_thread(migrate, self._url)
        self._running = _Running(self._url, self._patience)
        try:
            await self._running.writing.start()
            await self.ping()
        except StoreUnavailable:
            await self.close()
            raise

    async def close(self) -> None:
        """Wait for the commits under way and let go of the database. Nothing else may be asked then."""
        running, self._running = self._running, None
        if running is not None:
            await running.close()

    async def ping(self) -> None:
        """Raises StoreUnavailable when the database can be read or written no more."""
        await self._ask(_ping)
        await self._opened.writing.ask(Ping())

    async def commit(self, turn: Turn) -> None:
        """Return when the turn, its call's state, notifications and opt-outs are on disk together.

        Raises TurnConflict when the call, the number or the key was written by someone else first, or when
        the number is not the one after the last. Cancelling the wait does not take the turn back."""
        await self._opened.turns.submit(encode_rows(rows_of(turn)))

    async def find_call(self, carrier: str, app: str, ref: str) -> Stored | None:
        """The call that a carrier means by `ref` in its application `app`."""
        return await self._ask(reader.find_call, carrier, app, ref)

    async def find_by_ref(self, carrier: str, ref: str) -> Stored | None:
        """The newest call that a carrier means by `ref`, in whichever of its applications."""
        return await self._ask(reader.find_by_ref, carrier, ref)

    async def call(self, call_id: str) -> Stored:
        """The call with this id. Raises UnknownCall."""
        return await self._ask(reader.call, call_id)

    async def answered(self, call_id: str, key: str) -> Answered | None:
        """What the turn with this key was asked and answered, None when there is none."""
        return await self._ask(reader.answered, call_id, key)

    async def turns(self, call_id: str) -> list[LoggedTurn]:
        """The whole log of a call, in order. Raises UnknownCall."""
        return await self._ask(reader.log, call_id)

    async def calls(
        self,
        *,
        limit: int,
        before: str | None = None,
        flow: str | None = None,
        live: bool | None = None,
        caller: str | None = None,
    ) -> Page:
        """Up to `limit` calls, newest first, from the cursor `before` on; None filters nothing. Calls that
        arrive meanwhile shift no page. Raises ValueError for a cursor that is not a `Page.next`."""
        wanted = ((calls.c.flow, flow), (calls.c.live, live), (calls.c.caller, caller))
        filters = [column == value for column, value in wanted if value is not None]
        return await self._ask(reader.page, limit, before, *filters)

    async def count_live(self) -> int:
        """How many calls are not over."""
        return await self._ask(reader.count_live)

    async def overdue(self, started_before: datetime, limit: int) -> list[Stored]:
        """Up to `limit` calls that are not over and began before then, oldest first."""
        return await self._ask(reader.overdue, started_before, limit)

    async def keep_flow(self, version: str, flow: str, sources: Mapping[str, str], at: datetime) -> None:
        """Keep a version of a flow, its files by name, for the calls that began with it. Once is enough."""
        await self._opened.writing.ask(KeepFlow(version, flow, dict(sources), at))

    async def flow_sources(self, version: str) -> Mapping[str, str] | None:
        """The files of a version of a flow by name, None when it was never kept."""
        return await self._ask(reader.flow_sources, version)

    async def opted_out(self, number: str, scope: str) -> bool:
        """Whether `number` wants no calls in `scope`, or in the scope `all`."""
        return await self._ask(reader.opted_out, number, scope)

    async def due_notifications(self, now: datetime, limit: int) -> list[Notification]:
        """Take up to `limit` notifications that are due. For `notifications.LEASE` nobody else gets them."""
        taken = await self._opened.writing.ask(TakeNotifications(now, limit))
        return [as_notification(row) for row in taken.notifications]

    async def settle_notification(
        self, notification_id: str, *, delivered: bool, at: datetime, next_at: datetime | None, error: str
    ) -> None:
        """Write down how an attempt ended: delivered at `at`, or due again at `next_at` (None: given up)."""
        delivered_at, due_at = (at, None) if delivered else (None, next_at)
        await self._opened.writing.ask(SettleNotification(notification_id, delivered_at, due_at, error))

    @property
    def ledger(self) -> "Ledger":
        """The dial ledger of this database."""
        return Ledger(self._ask, self._order)

    async def _order(self, order: Order) -> Answer:
        return await self._opened.writing.ask(order)

    @property
    def _opened(self) -> "_Running":
        if self._running is None:
            raise StoreUnavailable("--db: the database is not open")
        return self._running

    async def _ask(self, question: Callable[Concatenate[Connection, P], T], *args: P.args, **kw: P.kwargs) -> T:
        running = self._opened

        def ask() -> T:
            with answering(), running.reading.connect() as connection:
                return question(connection, *args, **kw)

        return await running.readers.run(ask)


class _Running:
    """What an open store consists of."""

    def __init__(self, url: URL, patience: float) -> None:
        self.reading: Engine = reading(url, _READERS)
        self.readers = Threads("store-reader", _READERS, patience)
        self.writing = WritingProcess(url, patience)
        self.turns = GroupCommit(self._write)

    async def close(self) -> None:
        await self.turns.close()
        await self.readers.close()
        await self.writing.close()
        await asyncio.to_thread(self.reading.dispose)

    async def _write(self, turns: Sequence[msgspec.Raw]) -> Sequence[Exception | None]:
        answer = await self.writing.ask(PutTurns(turns))
        if not answer.left_out:
            return [None] * len(turns)
        return [_not_written(why) for why in answer.left_out]


def _not_written(why: LeftOut | None) -> Exception | None:
    if why is None:
        return None
    return TurnConflict(why.reason) if why.conflict else RuntimeError(why.reason)


def _ping(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))

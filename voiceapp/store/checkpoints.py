"""Copies SQLite's write-ahead log into the database beside the writes, so that no commit waits for it."""

import contextlib
import threading

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

_EVERY = 2000


class Checkpoints:
    """A thread that copies the log after every 2,000 turns, which fill 5 to 50 MB of it.

    SQLite begins the log again only when all of it is copied, which it never is while the writer adds to
    it. So the writer itself copies the little that the thread has left, before its next transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turns = 0
        self._wanted = threading.Event()
        self._nearly_done = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name="checkpoints", daemon=True)
        self._thread.start()

    def wrote(self, turns: int) -> None:
        """So many turns were written. Called in the writing thread, between two transactions."""
        self._turns += turns
        if self._nearly_done.is_set():
            self._nearly_done.clear()
            self._copy()
        elif self._turns >= _EVERY:
            self._turns = 0
            self._wanted.set()

    def close(self) -> None:
        """End the thread."""
        self._closing = True
        self._wanted.set()
        self._thread.join()

    def _serve(self) -> None:
        while self._wanted.wait() and not self._closing:
            self._wanted.clear()
            self._copy()
            self._nearly_done.set()

    def _copy(self) -> None:
        # PASSIVE waits for nobody. What a reader or a full disk keeps it from copying, the next one copies.
        with contextlib.suppress(DBAPIError), self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

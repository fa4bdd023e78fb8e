"""Cuts off what is late: one sweep over all turns, where `asyncio.timeout` starts and stops a timer for each."""

import asyncio
from typing import Any

TICK = 0.05
"""Seconds between two sweeps: a turn is cut off up to so much late."""


class Deadlines:
    """The tasks that are answering, and until when they may."""

    def __init__(self) -> None:
        # kept, since to ask Python 3.11 for the running loop is a system call
        self._loop = asyncio.get_running_loop()
        self._until: dict[asyncio.Task[Any], float] = {}
        self._late: set[asyncio.Task[Any]] = set()
        self._sweeper: asyncio.TimerHandle | None = None

    def begin(self, until: float) -> "asyncio.Task[Any]":
        """The running task has to be done by `until` (the loop's time), or is cancelled; `end` has to follow."""
        task = asyncio.current_task(self._loop)
        if task is None:
            raise RuntimeError("a deadline belongs to a task")
        self._until[task] = until
        if self._sweeper is None:
            self._sweeper = self._loop.call_later(TICK, self._sweep)
        return task

    def taken_back(self, task: "asyncio.Task[Any]") -> bool:
        """Whether it was us alone who cancelled the task; it then goes on."""
        return task in self._late and task.uncancel() == 0

    def end(self, task: "asyncio.Task[Any]") -> None:
        """The task is done in time, or has been cut off."""
        del self._until[task]
        if self._late:
            self._late.discard(task)

    def _sweep(self) -> None:
        now = self._loop.time()
        for task, until in self._until.items():
            if until <= now and task not in self._late:
                self._late.add(task)
                task.cancel()
        self._sweeper = self._loop.call_later(TICK, self._sweep) if self._until else None

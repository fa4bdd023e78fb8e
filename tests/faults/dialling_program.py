"""`voiceapp serve` as a child of a process that has imported everything, so that a start costs next to nothing.

Each line on stdin is a Start; the child says on stdout which process it is and where it listens, we say when it
has ended. It is the whole server, but its clock and the points at which it may die are levers of the test's.
"""

import asyncio
import functools
import os
import selectors
import signal
import socket
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import alembic.command  # the same for a new database
import msgspec
import watchfiles  # which the server imports when it starts

from tests.faults.dialling_server import News, Start
from tests.faults.dying_writer import Forked, Nursery
from tests.faults.levers import Levers, Point
from voiceapp.settings import load
from voiceapp.store import writing_process
from voiceapp.store.ledger_access import Ledger
from voiceapp.terminal import serve
from voiceapp.web.app import open_server

IMPORTED = (watchfiles, alembic.command)
_READ = 65_536


def tell(news: News) -> None:
    """Say it in one line."""
    os.write(sys.stdout.fileno(), msgspec.json.encode(news) + b"\n")


def serve_as_child(start: Start) -> None:
    """Serve until somebody ends us."""
    os.setsid()
    os.dup2(os.open(start.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), sys.stderr.fileno())
    tell(News(os.getpid()))
    levers = Levers(Path(start.levers))
    _watch(levers)
    patch.object(serve, "open_server", functools.partial(open_server, clock=levers.now)).start()
    asyncio.run(serve.serve(load(start.settings), _say))


def _say(line: str) -> None:
    if line.startswith("voiceapp listens on "):
        tell(News(os.getpid(), url=line.split()[3]))


def _watch(levers: Levers) -> None:
    """Let the orders to the ledger pass their points, here and in the process that writes."""
    writer: list[int] = []
    nursery = Nursery(levers)

    def launched(channel: socket.socket) -> Forked:
        process = nursery.launched(channel)
        writer[:] = [process.pid]
        return process

    def reached(point: Point) -> None:
        levers.reached(point, server=os.getpid(), writer=writer[0])

    def passing(order: str, before: Point, after: Point) -> None:
        ordered = getattr(Ledger, order)

        async def passed(self: Ledger, *args: Any, **kwargs: Any) -> Any:
            reached(before)
            answer = await ordered(self, *args, **kwargs)
            if answer != []:  # a claim of nothing is no intent to dial
                reached(after)
            return answer

        patch.object(Ledger, order, passed).start()

    patch.object(writing_process, "_launched", launched).start()
    passing("put", "put: before", "put: after")
    passing("claim", "claim: before", "claim: after")
    passing("settle", "settle: before", "settle: after")


def main() -> None:
    """Until stdin ends, which ends the child too."""
    received = b""
    while data := os.read(sys.stdin.fileno(), _READ):
        received += data
        while b"\n" in received:
            line, _, received = received.partition(b"\n")
            child = os.fork()
            if child == 0:
                serve_as_child(msgspec.json.decode(line, type=Start))
                os._exit(0)
            _attend(child)


def _attend(child: int) -> None:
    """Return when it has ended; when stdin ends first, so does the child."""
    handle = os.pidfd_open(child)
    with selectors.DefaultSelector() as selector:
        selector.register(handle, selectors.EVENT_READ)
        selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        if not any(key.fd == handle for key, _ in selector.select()):
            os.kill(child, signal.SIGKILL)
    os.close(handle)
    _, status = os.waitpid(child, 0)
    tell(News(child, ended=status))


if __name__ == "__main__":
    main()

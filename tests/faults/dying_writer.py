"""The process that writes, as it is, but for the points at which it may die, and that it is forked: by a process
which has nothing else to do, and no threads. Starting Python takes ten times as long as all the rest of a start.
"""

import os
import select
import signal
import socket
import subprocess
from unittest.mock import patch

from tests.faults.levers import Levers, Point
from voiceapp.store import write_orders
from voiceapp.store.orders import Answer, ClaimAttempts, Order, PutAttempt, SettleAttempt
from voiceapp.store.writer import Writer


class Forked(subprocess.Popen[bytes]):
    """A process that somebody else has forked, as far as the server has to do with it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode = None
        self._handle = os.pidfd_open(pid)

    def wait(self, timeout: float | None = None) -> int:
        """Return when it has ended; how, is not known."""
        if not select.select([self._handle], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("the process that writes", timeout or 0)
        return 0

    def kill(self) -> None:
        signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def __del__(self) -> None:
        os.close(self._handle)


class Nursery:
    """A child of this process, the server, that forks those which write for it, and ends with it."""

    def __init__(self, levers: Levers) -> None:
        self._ours, theirs = socket.socketpair()
        server = os.getpid()
        if os.fork() == 0:
            self._ours.close()
            _fork_writers(theirs, levers, server)
            os._exit(0)
        theirs.close()

    def launched(self, channel: socket.socket) -> Forked:
        """A process that writes, with the channel as its stdin."""
        socket.send_fds(self._ours, [b"fork"], [channel.fileno()])
        return Forked(int(self._ours.recv(16)))


def _fork_writers(asked: socket.socket, levers: Levers, server: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they end
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nothing, number)
    while handed := socket.recv_fds(asked, 16, 1)[1]:
        pid = os.fork()
        if pid == 0:
            os.setsid()
            asked.close()
            os.dup2(handed[0], 0)
            os.close(handed[0])
            _watch(levers, server)
            write_orders.main()
            os._exit(0)
        os.close(handed[0])
        asked.sendall(str(pid).encode())


def _watch(levers: Levers, server: int) -> None:
    """Let every order to the ledger pass its two points."""
    carry_out = Writer.carry_out

    def watched(self: Writer, order: Order) -> Answer:
        points = _points(order)
        if points is None:
            return carry_out(self, order)
        levers.reached(points[0], server=server, writer=os.getpid())
        answer = carry_out(self, order)
        if answer.attempts or not isinstance(order, ClaimAttempts):
            levers.reached(points[1], server=server, writer=os.getpid())
        return answer

    patch.object(Writer, "carry_out", watched).start()


def _points(order: Order) -> tuple[Point, Point] | None:
    match order:
        case PutAttempt():
            return "put: writer before", "put: writer after"
        case ClaimAttempts():
            return "claim: writer before", "claim: writer after"
        case SettleAttempt():
            return "settle: writer before", "settle: writer after"
        case _:
            return None

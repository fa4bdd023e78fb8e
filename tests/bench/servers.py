"""The servers under test: each a process of its own on a free port of 127.0.0.1, ended by its id."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.processes import children

LOGIN, PASSWORD = "callr", "a-password-for-the-benchmark"
_LONGEST = 900
_STARTING = 30.0
# a pending alarm outlives exec: whatever becomes of us, no server runs for longer
_GUARD = "import os, signal, sys; signal.alarm(int(sys.argv[1])); os.execv(sys.argv[2], sys.argv[2:])"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A server that listens. `db` is its database, where it has one."""

    name: str
    pid: int
    port: int
    db: Path | None = None

    def cpu(self) -> float:
        """Seconds of processor time so far, of all its threads, and of the process that writes for it."""
        return sum(_cpu(pid) for pid in (self.pid, *children(self.pid)))

    def memory(self) -> float:
        """Resident memory in MiB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@contextlib.contextmanager
def comparison(name: str, module: str, *more: str) -> Iterator[Server]:
    """One of the servers in this package."""
    port = _free_port()
    command = [sys.executable, "-m", f"tests.bench.{module}", str(port), *more]
    with _process(command, {}, port) as pid:
        yield Server(name, pid, port)


@contextlib.contextmanager
def voiceapp(name: str, flows: Path, db: Path) -> Iterator[Server]:
    """`voiceapp serve` as an operator runs it, HTTP Basic on."""
    port = _free_port()
    command = [str(Path(sys.executable).with_name("voiceapp")), "serve", "--port", str(port)]
    settings = {
        "VOICEAPP_FLOWS": str(flows),
        "VOICEAPP_DB": f"sqlite+aiosqlite:///{db}",
        "VOICEAPP_CALLR_LOGIN": LOGIN,
        "VOICEAPP_CALLR_PASSWORD": PASSWORD,
    }
    with _process(command, settings, port) as pid:
        yield Server(name, pid, port, db)


@contextlib.contextmanager
def _process(command: Sequence[str], settings: Mapping[str, str], port: int) -> Iterator[int]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VOICEAPP_")}
    guarded = [sys.executable, "-c", _GUARD, str(_LONGEST), *command]
    process = subprocess.Popen(guarded, env={**inherited, **settings}, stdout=subprocess.DEVNULL)
    try:
        _wait_until_open(process, port)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_open(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _STARTING
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"did not start: {' '.join(process.args) if isinstance(process.args, list) else ''}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port

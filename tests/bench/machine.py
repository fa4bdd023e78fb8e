"""What the figures were measured on."""

import os
import platform
import statistics
import tempfile
import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import aiohttp
import msgspec

IN_MEMORY = frozenset({"tmpfs", "ramfs", "devtmpfs"})
_FLUSHES = 200


def file_system(folder: Path) -> str:
    """The type of the file system that a folder is on, as the kernel calls it."""
    found = ("", "unknown")
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, where, kind, *_ = line.split()
        if folder.resolve().is_relative_to(where) and len(where) >= len(found[0]):
            found = (where, kind)
    return found[1]


def flush_ms(folder: Path) -> tuple[float, float]:
    """Median and 99th percentile of writing 4 KiB and waiting until they are on disk, in milliseconds."""
    taken = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(_FLUSHES):
            file.write(bytes(4096))
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]


def facts(folder: Path) -> list[str]:
    """Lines that go with the table."""
    median, late = flush_ms(folder)
    one, five, _ = os.getloadavg()
    parser = "httptools" if find_spec("httptools") else "h11"
    return [
        f"{_processor()}, {os.cpu_count()} cores; {platform.system()} {platform.release()};"
        f" Python {platform.python_version()}",
        f"aiohttp {aiohttp.__version__}; every server on uvloop {version('uvloop')}; uvicorn with {parser};"
        f" the fast bare handler parses with msgspec {msgspec.__version__}",
        f"database on {file_system(folder)}, synchronous=FULL; fdatasync of 4 KiB: median {median:.2f} ms,"
        f" p99 {late:.2f} ms",
        f"load average at the start {one:.1f} (1 min), {five:.1f} (5 min): above 0.5, something else ran too",
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()

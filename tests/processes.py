"""Which processes there are, as Linux tells it in /proc. Any of them may end while we look."""

from pathlib import Path


def _stat(pid: str) -> list[str]:
    """What stands behind the name in the process's `stat`: its state, its parent, …; nothing once it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    every = (path.name for path in Path("/proc").iterdir() if path.name.isdigit())
    return [int(each) for each in every if _stat(each)[1:2] == [str(pid)]]


def alive(pid: int) -> bool:
    """Whether the process runs: neither gone nor waiting to be reaped."""
    return _stat(str(pid))[:1] not in ([], ["Z"])

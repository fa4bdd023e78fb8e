"""Time that passes only when somebody says so."""

from datetime import datetime, timedelta


class Clock:
    """Shows `now`, an aware time."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def pass_(self, seconds: float) -> None:
        """So much time goes by."""
        self.now += timedelta(seconds=seconds)

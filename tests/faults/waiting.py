"""Waiting for what no event tells."""

import asyncio
from collections.abc import Callable

SECONDS = 30.0
"""How long anything may take before the test has failed."""

_EVERY = 0.002


async def until(holds: Callable[[], object], seconds: float = SECONDS) -> None:
    """Return once it holds. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            if holds():
                return
            await asyncio.sleep(_EVERY)

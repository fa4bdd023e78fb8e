"""A program that commits turns as fast as it can and says so: `python -m tests.store.hammer URL RUN`.

It prints `<call id> <number>` once a turn is acknowledged, and ends by itself after some thousands.
"""

import asyncio
import os
import sys

from tests.store.databases import opened
from tests.store.samples import a_call, a_turn
from voiceapp.store.store import Store

CALLS = 16
TURNS_A_CALL = 500


async def play(store: Store, name: str) -> None:
    call = a_call(name)
    for number in range(1, TURNS_A_CALL + 1):
        await store.commit(a_turn(call, number))
        os.write(sys.stdout.fileno(), f"{call.id} {number}\n".encode())


async def main(url: str, run: str) -> None:
    async with opened(url) as store:
        await asyncio.gather(*(play(store, f"{run}-{number}") for number in range(CALLS)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

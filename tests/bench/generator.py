"""`python -m tests.bench.generator`: makes calls, in a process of its own. One JSON order a line on stdin, one
JSON result a line on stdout; ends with its stdin.

Its clients are bare protocols on uvloop that read no more of a reply than they need, so that the generator
has time to spare where a server has none.
"""

import asyncio
import gc
import itertools
import sys
import time
from collections import deque

import msgspec
import uvloop

from tests.bench.calls import BadReply, Call, Posts
from tests.bench.loads import Next, closed_loop, fixed_rate
from tests.bench.orders import Order, Result

_callids = itertools.count(time.time_ns())
_open: dict[tuple[int, str], "deque[Call]"] = {}
"""Calls that are left open, by port and flow."""


def whole_calls(posts: Posts) -> Next:
    """One call after the other, each from its first post to the hang-up."""

    def following(before: Call | None, going: bool) -> Call | None:
        if before is not None and not before.over:
            return before
        return Call(posts, next(_callids)) if going else None

    return following


def first_posts(posts: Posts, kept: "deque[Call]", count: int) -> Next:
    """Calls that ring, `count` of them, and then stay open."""
    left = iter(range(count))

    def following(before: Call | None, going: bool) -> Call | None:
        if before is not None and not before.over:
            kept.append(before)
        if not going or next(left, None) is None:
            return None
        return Call(posts, next(_callids), sys.maxsize)

    return following


def answers(kept: "deque[Call]") -> Next:
    """One answer in each of the open calls in turn, so that none is asked for twice in a row."""

    def following(before: Call | None, going: bool) -> Call | None:
        if before is not None and not before.over:
            kept.append(before)
        return kept.popleft() if going and kept else None

    return following


async def carry_out(order: Order) -> Result:
    """Load the server as ordered."""
    posts = Posts(order.port, order.flow, order.login, order.password)
    kept = _open.setdefault((order.port, order.flow), deque())
    match order.do:
        case "open":
            following = first_posts(posts, kept, order.count)
        case "answer":
            following = answers(kept)
        case "call":
            following = whole_calls(posts)
    began, cpu = time.perf_counter(), time.process_time()
    if order.rate:
        made = await fixed_rate(order.port, order.connections, order.rate, order.seconds, following)
    else:
        made = await closed_loop(order.port, order.connections, order.seconds, following)
    busy = (time.process_time() - cpu) / (time.perf_counter() - began)
    return Result(**made._asdict(), busy=busy)


def main() -> None:
    """Until stdin ends."""
    gc.disable()  # nothing here makes cycles, and a pause of ours would look like one of the server's
    for line in sys.stdin.buffer:
        order = msgspec.json.decode(line, type=Order)
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                result = runner.run(carry_out(order))
        except (BadReply, OSError, TimeoutError) as problem:
            result = Result(problem=f"{type(problem).__name__}: {problem}")
        sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()

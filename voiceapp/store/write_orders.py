"""`python -m voiceapp.store.write_orders`: the process that writes. Orders come in on stdin, a socket, and are
answered there; it ends with its stdin.
"""

import gc
import signal
import socket
from typing import BinaryIO

from sqlalchemy import make_url

from voiceapp.store.orders import LENGTH, Answer, Order, Serve, message, read_order
from voiceapp.store.writer import Writer


def main() -> None:
    """Until stdin ends. Whoever stops the server stops it, not us: we finish what it has told us."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with socket.socket(fileno=0) as channel, channel.makefile("rb") as orders:
        first = _next_order(orders)
        if not isinstance(first, Serve):
            return
        writer = Writer(make_url(first.url))
        gc.freeze()
        channel.sendall(message(Answer()))
        try:
            while (order := _next_order(orders)) is not None:
                channel.sendall(message(writer.carry_out(order)))
                writer.rest()
        except ConnectionError:
            pass  # the server is gone; what it told us is done
        finally:
            writer.close()


def _next_order(orders: BinaryIO) -> Order | None:
    length = orders.read(LENGTH)
    size = int.from_bytes(length, "big")
    encoded = orders.read(size) if len(length) == LENGTH else b""
    return read_order(encoded) if encoded and len(encoded) == size else None


if __name__ == "__main__":
    main()

"""When to leave a failing host alone: a circuit breaker and a budget of retries, per host.

Five failures in a row open the breaker for 2 s; then one request may try, and its success closes it. Retries
are at most a tenth of the requests (and three), so that a host that is down does not get a storm on top.
"""

from collections import OrderedDict

FAILURES = 5
PAUSE = 2.0
RETRY_SHARE = 0.1
RETRY_STORE = 3.0


class Health:
    """What we know of one host. `now` is any clock that only goes forward, in seconds."""

    def __init__(self) -> None:
        self._failures = 0
        self._shut_until = 0.0
        self._retries = RETRY_STORE

    def admits(self, now: float) -> bool:
        """Whether to ask the host at all. True for one request a pause while it is failing."""
        if self._failures < FAILURES:
            return True
        if now < self._shut_until:
            return False
        self._shut_until = now + PAUSE
        return True

    def asked(self) -> None:
        """A new request begins: it earns its share of a retry."""
        self._retries = min(RETRY_STORE, self._retries + RETRY_SHARE)

    def grants_retry(self) -> bool:
        """Whether one more try is within the budget; takes it if so."""
        if self._retries < 1:
            return False
        self._retries -= 1
        return True

    def succeeded(self) -> None:
        """The host answered."""
        self._failures = 0

    def failed(self, now: float) -> None:
        """The host did not answer, or said that it cannot."""
        self._failures += 1
        self._shut_until = now + PAUSE


class Healths:
    """The health of the hosts asked last; of at most `hosts` of them."""

    def __init__(self, hosts: int = 256) -> None:
        self._hosts = hosts
        self._known: OrderedDict[str, Health] = OrderedDict()

    def of(self, host: str) -> Health:
        """The host's health, a new one when it is not known."""
        health = self._known.setdefault(host, Health())
        self._known.move_to_end(host)
        if len(self._known) > self._hosts:
            self._known.popitem(last=False)
        return health

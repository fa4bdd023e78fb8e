"""What is counted, in a registry of its own per server. No phone number and no id ever becomes a label.

A turn costs two dictionary look-ups and two additions: the children of a metric are bound once per label.
"""

import re
from functools import partial

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

_WORD_BREAK = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"[0-9]{5}")
# seconds; the carriers' limits (2, 3 and 5 s) and our own (1.0, 2.2 and 4.0 s) are among the bounds
_TURN_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.2, 3.0, 4.0, 5.0)


class Metrics:
    """Every metric of one server. A label is a few lower-case words; what is longer is counted as `other`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, namespace="voiceapp", registry=self.registry)
        self._turns = counter("turns", "Turns answered", ["carrier", "outcome"])
        self._seconds = Histogram(
            "turn_seconds",
            "Time from a carrier's post to our reply",
            ["carrier"],
            namespace="voiceapp",
            registry=self.registry,
            buckets=_TURN_SECONDS,
        )
        self._anomalies = counter("anomalies", "Posts that no honest carrier sends", ["carrier", "kind"])
        self._started = counter("calls_started", "Calls begun", ["carrier", "flow"])
        self._reloads = counter("flow_reloads", "Flow files read again", ["result"])
        self._fetches = counter("fetch", "Requests of fetch steps", ["outcome"])
        self._notifications = counter("notifications", "Attempts to deliver a notify", ["outcome"])
        self._fallbacks = counter("fallbacks", "Replies that were an apology", ["carrier", "reason"])
        self._errors = counter("errors", "Faults of the server itself, each with a trace in the log")
        self.live_calls = Gauge("live_calls", "Calls in progress", namespace="voiceapp", registry=self.registry)
        self._bound_turns: dict[tuple[str, str], Counter] = {}
        self._bound_seconds: dict[str, Histogram] = {}

    def turn(self, carrier: str, outcome: str, seconds: float) -> None:
        """One reply to a carrier, and how long it took."""
        turns = self._bound_turns.get((carrier, outcome))
        if turns is None:
            turns = self._turns.labels(_label(carrier), _label(outcome))
            self._bound_turns[carrier, outcome] = turns
            self._bound_seconds[carrier] = self._seconds.labels(_label(carrier))
        turns.inc()
        self._bound_seconds[carrier].observe(seconds)

    def anomaly(self, carrier: str, kind: str) -> None:
        """A post that was duplicate, stale, forged or unreadable."""
        self._anomalies.labels(_label(carrier), _label(kind)).inc()

    def call_started(self, carrier: str, flow: str) -> None:
        """A call has begun, in this flow."""
        self._started.labels(_label(carrier), _label(flow)).inc()

    def flow_reload(self, result: str) -> None:
        """Flow files changed: `loaded` or `failed`."""
        self._reloads.labels(_label(result)).inc()

    def fetch(self, outcome: str) -> None:
        """A fetch step got an answer, or why not."""
        self._fetches.labels(_label(outcome)).inc()

    def notification(self, outcome: str) -> None:
        """One attempt to deliver a notify."""
        self._notifications.labels(_label(outcome)).inc()

    def fallback(self, carrier: str, reason: str) -> None:
        """A carrier got an apology instead of its flow's next words."""
        self._fallbacks.labels(_label(carrier), _label(reason)).inc()

    def error(self) -> None:
        """The server itself is at fault."""
        self._errors.inc()

    def render(self) -> tuple[bytes, str]:
        """Everything in Prometheus' text form, and its content type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST


def _label(text: str) -> str:
    """`HTTP 404` as `http_404`. A metric with a label per caller would grow for ever, and name them."""
    word = _WORD_BREAK.sub("_", text.lower()).strip("_")
    return "other" if len(word) > 40 or _NUMBER.search(word) else word

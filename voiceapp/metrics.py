"""What is counted, in a registry of its own per server. No phone number and no id ever becomes a label."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache, partial
from itertools import accumulate

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

_WORD_BREAK = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"[0-9]{5}")
# seconds; the carriers' limits (2, 3 and 5 s) and our own (1.0, 2.2 and 4.0 s) are among the bounds
_TURN_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.2, 3.0, 4.0, 5.0)


class Turns(Collector):
    """How many turns there were and how long they took: plain additions, made into metrics when asked for.

    The library's own counters take a lock each, which is more than the rest of a turn's accounting."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._buckets: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def add(self, carrier: str, outcome: str, seconds: float) -> None:
        """One reply to a carrier, and how long it took."""
        self._counts[carrier, outcome] = self._counts.get((carrier, outcome), 0) + 1
        buckets = self._buckets.get(carrier)
        if buckets is None:
            buckets = self._buckets[carrier] = [0] * (len(_TURN_SECONDS) + 1)
        buckets[bisect_left(_TURN_SECONDS, seconds)] += 1
        self._sums[carrier] = self._sums.get(carrier, 0.0) + seconds

    def collect(self) -> Iterable[Metric]:
        """See prometheus_client's Collector."""
        turns = CounterMetricFamily("voiceapp_turns", "Turns answered", labels=["carrier", "outcome"])
        for (carrier, outcome), count in self._counts.items():
            turns.add_metric([_label(carrier), _label(outcome)], count)
        yield turns
        seconds = HistogramMetricFamily(
            "voiceapp_turn_seconds", "Time from a carrier's post to our reply", labels=["carrier"]
        )
        bounds = [*map(str, _TURN_SECONDS), "+Inf"]
        for carrier, buckets in self._buckets.items():
            counts = list(zip(bounds, accumulate(buckets), strict=True))
            seconds.add_metric([_label(carrier)], counts, self._sums[carrier])
        yield seconds


class Metrics:
    """Every metric of one server. A label is a few lower-case words; what is longer is counted as `other`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, namespace="voiceapp", registry=self.registry)
        turns = Turns()
        self.turn = turns.add
        self.registry.register(turns)
        self._anomalies = counter("anomalies", "Posts that no honest carrier sends", ["carrier", "kind"])
        self._started = counter("calls_started", "Calls begun", ["carrier", "flow"])
        self._reloads = counter("flow_reloads", "Flow files read again", ["result"])
        self._fetches = counter("fetch", "Requests of fetch steps", ["outcome"])
        self._notifications = counter("notifications", "Attempts to deliver a notify", ["outcome"])
        self._fallbacks = counter("fallbacks", "Replies that were an apology", ["carrier", "reason"])
        self._refused = counter("dials_refused", "Numbers that were not dialled", ["carrier", "reason"])
        self._attempts = counter("attempts", "Calls out, and how far they came", ["carrier", "state"])
        self._carrier_events = counter("carrier_events", "Webhooks of carriers", ["carrier", "result"])
        self._errors = counter("errors", "Faults of the server itself, each with a trace in the log")
        self.live_calls = Gauge("live_calls", "Calls in progress", namespace="voiceapp", registry=self.registry)

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

    def dial_refused(self, carrier: str, reason: str) -> None:
        """A number was not dialled, in a flow or for the API."""
        self._refused.labels(_label(carrier), _label(reason)).inc()

    def attempt(self, carrier: str, state: str) -> None:
        """An attempt to call out has come to this state."""
        self._attempts.labels(_label(carrier), _label(state)).inc()

    def carrier_event(self, carrier: str, result: str) -> None:
        """A carrier's webhook: `taken`, `repeated`, or `unknown_call`."""
        self._carrier_events.labels(_label(carrier), _label(result)).inc()

    def error(self) -> None:
        """The server itself is at fault."""
        self._errors.inc()

    def render(self) -> tuple[bytes, str]:
        """Everything in Prometheus' text form, and its content type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST


@lru_cache(maxsize=1024)
def _label(text: str) -> str:
    """`HTTP 404` as `http_404`. A metric with a label per caller would grow for ever, and name them."""
    word = _WORD_BREAK.sub("_", text.lower()).strip("_")
    return "other" if len(word) > 40 or _NUMBER.search(word) else word

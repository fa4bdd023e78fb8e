"""What is counted, under which names, and what never becomes a label."""

from prometheus_client.parser import text_string_to_metric_families

from voiceapp.metrics import Metrics


def samples(metrics: Metrics) -> dict[tuple[str, tuple[str, ...]], float]:
    body, content_type = metrics.render()
    assert content_type.startswith("text/plain")
    families = text_string_to_metric_families(body.decode())
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_everything_is_counted_under_its_name() -> None:
    metrics = Metrics()
    for _ in range(2):
        metrics.turn("callr", "answered", 0.02)
    metrics.anomaly("routee", "stale")
    metrics.call_started("callr", "clinic")
    metrics.flow_reload("loaded")
    metrics.fetch("HTTP 404")
    metrics.notification("delivered")
    metrics.fallback("callr", "deadline")
    metrics.dial_refused("routee", "not_a_number")
    for state in ("placed", "placed", "failed"):
        metrics.attempt("callr", state)
    metrics.carrier_event("callr", "unknown_call")
    metrics.error()
    metrics.live_calls.set(3)
    counted = samples(metrics)
    assert counted["voiceapp_turns_total", ("callr", "answered")] == 2
    assert counted["voiceapp_turn_seconds_count", ("callr",)] == 2
    assert counted["voiceapp_turn_seconds_bucket", ("callr", "0.025")] == 2
    assert counted["voiceapp_turn_seconds_bucket", ("callr", "0.01")] == 0
    assert counted["voiceapp_anomalies_total", ("routee", "stale")] == 1
    assert counted["voiceapp_calls_started_total", ("callr", "clinic")] == 1
    assert counted["voiceapp_flow_reloads_total", ("loaded",)] == 1
    assert counted["voiceapp_fetch_total", ("http_404",)] == 1
    assert counted["voiceapp_notifications_total", ("delivered",)] == 1
    assert counted["voiceapp_fallbacks_total", ("callr", "deadline")] == 1
    assert counted["voiceapp_dials_refused_total", ("routee", "not_a_number")] == 1
    assert counted["voiceapp_attempts_total", ("callr", "placed")] == 2
    assert counted["voiceapp_attempts_total", ("callr", "failed")] == 1
    assert counted["voiceapp_carrier_events_total", ("callr", "unknown_call")] == 1
    assert counted["voiceapp_errors_total", ()] == 1
    assert counted["voiceapp_live_calls", ()] == 3


def test_two_servers_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.error()
    assert samples(other)["voiceapp_errors_total", ()] == 0


def test_numbers_and_long_texts_are_no_labels() -> None:
    metrics = Metrics()
    for text in ("+33612345678", "call 123456", "x" * 41, "sip:30210@host99999", 'a"} 1\ncanary 1'):
        metrics.call_started("callr", text)
        metrics.dial_refused(text, text)
        metrics.attempt("callr", text)
        metrics.carrier_event(text, "taken")
    body = metrics.render()[0].decode()
    assert "33612345678" not in body
    assert "\ncanary" not in body
    counted = samples(metrics)
    assert counted["voiceapp_calls_started_total", ("callr", "other")] == 4
    assert counted["voiceapp_dials_refused_total", ("other", "other")] == 4
    assert counted["voiceapp_attempts_total", ("callr", "other")] == 4
    assert counted["voiceapp_carrier_events_total", ("other", "taken")] == 4

"""The breaker and the retry budget, on a clock of our own."""

from voiceapp.egress.health import FAILURES, PAUSE, RETRY_STORE, Health, Healths


def test_opens_after_failures_in_a_row_and_closes_on_success() -> None:
    health = Health()
    for _ in range(FAILURES - 1):
        health.failed(0.0)
    health.succeeded()
    for _ in range(FAILURES - 1):
        health.failed(0.0)
        assert health.admits(0.0)
    health.failed(0.0)
    assert not health.admits(PAUSE - 0.1)
    assert health.admits(PAUSE)
    assert not health.admits(PAUSE), "one may try, not all"
    health.failed(PAUSE + 0.5)
    assert not health.admits(2 * PAUSE)
    assert health.admits(2 * PAUSE + 0.5)
    health.succeeded()
    assert health.admits(2 * PAUSE + 0.5)


def test_retries_are_a_tenth_of_the_requests() -> None:
    health, granted = Health(), 0
    for _ in range(1000):
        health.asked()
        granted += health.grants_retry()
    assert 100 <= granted <= 100 + RETRY_STORE


def test_a_hundred_calls_a_second_to_a_host_that_is_down() -> None:
    health, requests, calls = Health(), 0, 6000
    for number in range(calls):
        now = number / 100
        health.asked()
        for attempt in range(4):
            if not health.admits(now) or (attempt and not health.grants_retry()):
                break
            requests += 1
            health.failed(now)
    assert requests <= 1.1 * calls
    assert requests < 60


def test_hosts_are_bounded_and_the_last_asked_stay() -> None:
    healths = Healths(hosts=3)
    first = healths.of("first")
    for number in range(100):
        healths.of(f"host {number}")
        assert healths.of("first") is first
    assert healths.of("host 0") is not healths.of("host 1")
    assert len(healths._known) == 3

"""Back ends of rehearsed calls: the same tries and the same words as of those on the network."""

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.egress.conftest import OpenEgress, open_egress
from tests.servers import back_end as real_back_end
from voiceapp.actions import Fetch
from voiceapp.egress.fetch import RETRY_AFTER, Fetcher
from voiceapp.events import FetchCompleted
from voiceapp.rehearsal.back_end import NOT_FOUND, Answered, Asked, BackEnd
from voiceapp.rehearsal.conditions import MONDAY_MORNING, MockAnswer

__all__ = ["open_egress"]

URL = "https://a.example.com/x"


class Row(NamedTuple):
    """A fetch step with what it is answered, try by try; the last again and again."""

    method: str
    retries: int
    answers: tuple[int | dict[str, int], ...]
    tries: int
    comes_to: Any


ROWS = {
    "an answer": Row("GET", 0, ({"a": 1},), 1, {"a": 1}),
    "not found": Row("GET", 2, (404,), 1, "HTTP 404"),
    "moved": Row("GET", 2, (302,), 1, "HTTP 302"),
    "no answer but a success": Row("GET", 0, (204,), 1, None),
    "busy and never again": Row("GET", 0, (503, {"a": 1}), 1, "HTTP 503"),
    "busy once": Row("GET", 1, (503, {"a": 1}), 2, {"a": 1}),
    "busy twice": Row("PUT", 2, (500, 502, {"a": 1}), 3, {"a": 1}),
    "busy for ever": Row("DELETE", 2, (503,), 3, "HTTP 503"),
    "busy, then refused": Row("GET", 2, (503, 403), 2, "HTTP 403"),
    "a POST is not repeated": Row("POST", 2, (503, {"a": 1}), 1, "HTTP 503"),
    "nor is a PATCH": Row("PATCH", 2, (503, {"a": 1}), 1, "HTTP 503"),
}


def outcome(value: Any, failed: str) -> Any:
    return failed or value


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row(row: Row) -> None:
    answers = tuple(
        MockAnswer(answer) if isinstance(answer, int) else MockAnswer(value=answer) for answer in row.answers
    )
    mocked = BackEnd({"https://*": answers})
    came = mocked.fetch(Fetch(step="s", url=URL, method=row.method, timeout=5.0, retries=row.retries), 10.0)
    assert outcome(came.value, came.failed) == row.comes_to
    assert mocked.asked == [Asked(row.method, URL)] * row.tries
    assert came.seconds == pytest.approx(RETRY_AFTER * (row.tries - 1))


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
async def test_the_same_row_on_the_network(open_egress: OpenEgress, row: Row) -> None:
    """The pause between tries is real here, a tenth of a second."""
    left = list(row.answers)

    async def answer() -> Any:
        return left.pop(0) if len(left) > 1 else left[0]

    async with real_back_end() as served:
        served.answers = {"/x": answer}
        action = Fetch(step="s", url=f"{served.url}/x", method=row.method, timeout=5.0, retries=row.retries)
        fetcher = Fetcher(await open_egress("127.0.0.1"), {}, lambda: MONDAY_MORNING)
        event = await fetcher.fetch(action, within=10.0, key="k" * 16)
        came = (event.value, "") if isinstance(event, FetchCompleted) else (None, event.reason)
        assert outcome(*came) == row.comes_to
        assert len(served.asked) == row.tries


SLOW = {
    "in time": (1.9, 2.0, 0, 10.0, Answered(1.9, "yes")),
    "at the last moment it is too late": (2.0, 2.0, 0, 10.0, Answered(2.0, failed="timed out")),
    "later than the step waits": (3.0, 2.0, 0, 10.0, Answered(2.0, failed="timed out")),
    "later than the carrier waits": (3.0, 5.0, 0, 1.0, Answered(1.0, failed="timed out")),
    "a time-out is for all tries": (3.0, 2.0, 3, 10.0, Answered(2.0, failed="timed out")),
    "no time at all": (0.0, 2.0, 3, -0.5, Answered(0.0, failed="timed out")),
}


@pytest.mark.parametrize(("after", "timeout", "retries", "within", "comes_to"), SLOW.values(), ids=SLOW)
def test_a_slow_one(after: float, timeout: float, retries: int, within: float, comes_to: Answered) -> None:
    mocked = BackEnd({URL: (MockAnswer(value="yes", after=after),)})
    action = Fetch(step="s", url=URL, timeout=timeout, retries=retries)
    assert mocked.fetch(action, within) == comes_to


def test_tries_take_their_time_together() -> None:
    mocked = BackEnd({URL: (MockAnswer(503, after=0.9), MockAnswer(503, after=0.9), MockAnswer(value=1))})
    assert mocked.fetch(Fetch(step="s", url=URL, timeout=3.0, retries=2), 10.0).seconds == pytest.approx(2.0)
    mocked = BackEnd({URL: (MockAnswer(503, after=0.95),)})
    assert mocked.fetch(Fetch(step="s", url=URL, timeout=1.0, retries=2), 10.0) == Answered(
        1.0, failed="timed out"
    )
    assert len(mocked.asked) == 1


MATCHES = {
    ("https://a.example.com/x", "https://a.example.com/x"): True,
    ("https://a.example.com/x", "https://a.example.com/xy"): False,
    ("https://a.example.com/*", "https://a.example.com/x/y?z=1"): True,
    ("*", "https://a.example.com/"): True,
    ("https://*.example.com/*/y", "https://a.example.com/x/y"): True,
    ("https://*.example.com/*/y", "https://a.example.com/x/z"): False,
    ("https://a.example.com/x?y=*", "https://a.example.com/x?y=1"): True,
    ("https://a.example.com/x?y=*", "https://a.example.com/xxy=1"): False,
    ("https://a.example.com/[ab]", "https://a.example.com/a"): False,
    ("https://a.example.com/[ab]*", "https://a.example.com/[ab]c"): True,
    ("https://a.example.com/[!a]*", "https://a.example.com/b"): False,
    ("https://A.example.com/*", "https://a.example.com/b"): False,
    ("GET https://a.example.com/*", "https://a.example.com/b"): True,
    ("POST https://a.example.com/*", "https://a.example.com/b"): False,
}


@pytest.mark.parametrize(("pattern", "url"), MATCHES)
def test_a_pattern(pattern: str, url: str) -> None:
    mocked = BackEnd({pattern: (MockAnswer(value="mine"),)})
    found = mocked.answer(Fetch(step="s", url=url), Asked("GET", url))
    assert (found == MockAnswer(value="mine")) is MATCHES[pattern, url]
    assert (found == NOT_FOUND) is (mocked.unexpected == [Asked("GET", url)])


@given(st.text("ab?[]!*.-", max_size=8))
def test_a_url_matches_itself_and_whatever_stands_for_a_star(path: str) -> None:
    mocked = BackEnd({f"https://a/{path}": (MockAnswer(value=1),)})
    for url in (
        f"https://a/{path}",
        f"https://a/{path.replace('*', 'abc')}",
        f"https://a/{path.replace('*', '')}",
    ):
        mocked.answer(Fetch(step="s", url=url), Asked("GET", url))
    assert mocked.unexpected == []


def test_the_first_pattern_that_fits_answers_and_answers_come_in_order() -> None:
    one, two, three = MockAnswer(value=1), MockAnswer(value=2), MockAnswer(value=3)
    mocked = BackEnd({"POST https://*": (three,), "https://a*": (one, two), "https://*": (three,)})
    asked = [
        ("GET", "https://a"),
        ("GET", "https://b"),
        ("GET", "https://a"),
        ("GET", "https://a"),
        ("POST", "https://a"),
    ]
    found = [mocked.answer(Fetch(step="s", url=url), Asked(method, url)) for method, url in asked]
    assert found == [one, three, two, two, three]


def test_what_is_sent_is_kept() -> None:
    mocked = BackEnd({})
    mocked.fetch(Fetch(step="s", url=URL, method="POST", json={"a": 1}, has_json=True), 5.0)
    mocked.fetch(Fetch(step="s", url=URL), 5.0)
    assert mocked.asked == mocked.unexpected == [Asked("POST", URL, {"a": 1}), Asked("GET", URL)]
    assert list(map(str, mocked.asked)) == [f"POST {URL}", f"GET {URL}"]

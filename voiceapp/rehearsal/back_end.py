"""The back ends of a rehearsed call: what they are asked, what they answer, and when."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from voiceapp.actions import Fetch
from voiceapp.egress.fetch import IDEMPOTENT, RETRY_AFTER
from voiceapp.events import Value
from voiceapp.rehearsal.conditions import MockAnswer

NOT_FOUND = MockAnswer(404)


class Asked(NamedTuple):
    """One request."""

    method: str
    url: str
    json: Value = None

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


class Answered(NamedTuple):
    """What came of a fetch step after so many `seconds`: a `value`, or why it `failed`."""

    seconds: float
    value: Value = None
    failed: str = ""


class BackEnd:
    """Answers as the mocks say. `asked` are the requests so far, `unexpected` those that no mock is for."""

    def __init__(self, mocks: Mapping[str, tuple[MockAnswer, ...]]) -> None:
        self._mocks = {url: list(answers) for url, answers in mocks.items()}
        self.asked: list[Asked] = []
        self.unexpected: list[Asked] = []

    def fetch(self, action: Fetch, within: float) -> Answered:
        """What a fetch comes to in at most `within` seconds: the same tries and the same words as on the
        network."""
        limit, seconds = min(within, action.timeout), 0.0
        for left in range(action.retries, -1, -1):
            if seconds >= limit:
                return Answered(max(limit, 0.0), failed="timed out")
            answer = self.answer(
                action, Asked(action.method, action.url, action.json if action.has_json else None)
            )
            seconds += answer.after
            if seconds >= limit:
                return Answered(limit, failed="timed out")
            if 200 <= answer.status < 300:
                return Answered(seconds, answer.value)
            if not (left and answer.status >= 500 and action.method in IDEMPOTENT):
                break
            seconds += RETRY_AFTER
        return Answered(seconds, failed=f"HTTP {answer.status}")

    def answer(self, action: Fetch, asked: Asked) -> MockAnswer:
        """What it answers to one try."""
        self.asked.append(asked)
        for pattern, answers in self._mocks.items():
            method, _, url = pattern.rpartition(" ")
            if method in ("", asked.method) and _matches(asked.url, url):
                return answers.pop(0) if len(answers) > 1 else answers[0]
        self.unexpected.append(asked)
        return NOT_FOUND


def _matches(url: str, pattern: str) -> bool:
    """`*` stands for anything; every other character for itself."""
    return url == pattern or fnmatchcase(url, pattern.replace("[", "[[]").replace("?", "[?]"))

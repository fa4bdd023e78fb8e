"""Two texts that differ, without most of what they have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

_AROUND = 4
"""So many words are shown on either side of those that differ."""


@dataclass(frozen=True)
class Excerpt:
    """Two texts, and how many words they have in common from the beginning and, behind these, from the end."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    first: int
    last: int

    @property
    def different(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words of each that the other has not."""
        return self._inner(self.before), self._inner(self.after)

    @property
    def shown(self) -> tuple[str, str]:
        """Both, with a few words around those that differ."""
        return self._shown(self.before), self._shown(self.after)

    def _inner(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return words[self.first : len(words) - self.last]

    def _shown(self, words: tuple[str, ...]) -> str:
        start, end = max(0, self.first - _AROUND), len(words) - max(0, self.last - _AROUND)
        return " ".join((*(["…"] if start else ()), *words[start:end], *(["…"] if end < len(words) else ())))


def excerpt(before: str, after: str) -> Excerpt:
    """What differs between two texts."""
    one, other = tuple(before.split()), tuple(after.split())
    first = _in_common(one, other)
    return Excerpt(one, other, first, _in_common(one[first:][::-1], other[first:][::-1]))


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))

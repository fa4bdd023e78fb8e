"""What a change makes of a flow beside its calls: who serves it, how long callers wait, what is found in it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from voiceapp.carriers.base import Carrier
from voiceapp.changes.renaming import renamed
from voiceapp.check.checking import check
from voiceapp.check.finding import Finding
from voiceapp.check.ignores import ignores, judged
from voiceapp.check.rules import RULES
from voiceapp.check.subject import Subject
from voiceapp.check.times import fits, turns_of
from voiceapp.flow.flow import Script


class Served(NamedTuple):
    """A carrier that serves a flow now and did not, or does not any more; and why not."""

    carrier: str
    now: bool
    why: tuple[str, ...]


class Waited(NamedTuple):
    """A flow that may now answer too late on a carrier, or that no longer may: the most seconds that a back end is
    waited for, before (None: it was not served there) and now, and those that a reply can wait."""

    carrier: str
    before: float | None
    after: float
    budget: float


@dataclass(frozen=True)
class Fitness:
    """What is otherwise; `findings` are those of `check` that are new."""

    served: tuple[Served, ...] = ()
    waited: tuple[Waited, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def same(self) -> bool:
        """Nothing is."""
        return not (self.served or self.waited or self.findings)


def fitness(
    unmet: Iterable[Finding], old: Sequence[Subject], new: Sequence[Subject], carriers: Iterable[Carrier]
) -> Fitness:
    """Compares two versions of a flow, which come first, and the flows that run them. `unmet` is what the new one
    wants and has not."""
    before, after = old[0].script, new[0].script
    carriers, unmet = tuple(carriers), tuple(unmet)
    found = (finding for one, other in zip(old, new, strict=True) for finding in _findings(one, other))
    told = {(one.file, one.place) for one in unmet}
    return Fitness(
        tuple(_served(before, after, carriers)),
        tuple(waited for carrier in carriers if (waited := _waited(before, after, carrier)) is not None),
        (*unmet, *(one for one in found if (one.file, one.place) not in told)),
    )


def _served(old: Script, new: Script, carriers: Iterable[Carrier]) -> Iterator[Served]:
    for carrier in carriers:
        now = fits(new, carrier)
        if fits(old, carrier) != now:
            misfits = (misfit for flow in new.flows.values() for misfit in carrier.misfits(flow))
            yield Served(carrier.title, now, tuple(f"{'.'.join(path)}: {message}" for path, message in misfits))


def _waited(old: Script, new: Script, carrier: Carrier) -> Waited | None:
    if not fits(new, carrier):
        return None
    before = _slowest(old, carrier) if fits(old, carrier) else None
    after = _slowest(new, carrier)
    if (before is not None and before.late) == after.late:
        return None
    budget = after.budget if after.late or before is None else before.budget
    return Waited(carrier.title, None if before is None else before.seconds, after.seconds, budget)


class _Wait(NamedTuple):
    seconds: float
    budget: float

    @property
    def late(self) -> bool:
        return self.seconds > self.budget


def _slowest(script: Script, carrier: Carrier) -> _Wait:
    """The wait of that turn which comes nearest to its budget, or goes furthest over it."""
    waits = (_Wait(turn.worst.seconds, turn.budget) for turn in turns_of(script, carrier))
    return max(waits, key=lambda wait: wait.seconds - wait.budget, default=_Wait(0.0, 0.0))


def _findings(old: Subject, new: Subject) -> Iterator[Finding]:
    """What is found in the new version and was not in the old one, wherever it stands now in the file."""
    names = renamed(old.flow, new.flow)
    left = [replace(one, path=tuple(names.get(part, part) for part in one.path)) for one in _open(old)]
    found = list(_open(new))
    for same in _SAME:
        further = []
        for finding in found:
            known = next((one for one in left if same(one) == same(finding)), None)
            if known is None:
                further.append(finding)
            else:
                left.remove(known)
        found = further
    yield from found


_SAME: tuple[Callable[[Finding], object], ...] = (
    lambda one: (one.rule, one.path, one.message),
    lambda one: (one.rule, one.message),
    lambda one: (one.rule, one.path),
)
"""By what a finding is known again, the surest first: it may have moved, or be said with other numbers."""


def _open(subject: Subject) -> Iterator[Finding]:
    """What nobody ignores."""
    flow, rules = subject.flow, {rule.id for rule in RULES}
    return (one for one in judged(check(subject), ignores(flow.source), flow.file, rules) if not one.ignored)

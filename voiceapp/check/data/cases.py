"""The cases of a `branch`, each judged by what is known of the variables when a call comes to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from voiceapp.check.data.conditions import Env, Outcome, Tried, tried, tried_after
from voiceapp.check.data.values import TEXT
from voiceapp.check.subject import Subject
from voiceapp.flow.steps.branch import BranchStep, Case

CARRIER = "carrier"


@dataclass(frozen=True)
class Judged:
    """One case of the step `step`, the `at`-th from 0. `alone`: tried on every call that comes to the step;
    `anywhere`: on carriers too that are not known yet; `behind`: on those of all that the cases before it leave.
    `hidden`: one of these takes every call all by itself."""

    step: str
    at: int
    case: Case
    alone: Tried
    anywhere: Tried
    behind: Tried
    env: Env
    hidden: bool

    @property
    def covered(self) -> bool:
        """Whether it could hold, but for no call that the cases before it leave."""
        return Outcome.HOLDS in self.alone.outcomes and Outcome.HOLDS not in self.behind.outcomes


def judged(subject: Subject) -> Iterator[Judged]:
    """Every case of every `branch` that calls come to. What asks for its carrier is judged on all of them,
    whichever way a call came: a flow may be written for one that does not reach it yet."""
    variables = subject.variables
    for name, step in subject.flow.steps.items():
        if isinstance(step, BranchStep) and name in variables.at:
            env: Env = {**variables.at[name], CARRIER: variables.beginning[CARRIER]}
            anywhere: Env = {**env, CARRIER: TEXT}
            conditions = [case.if_ for case in step.branch]
            hidden = False
            for at, case in enumerate(step.branch):
                behind = tried_after(conditions[:at], case.if_, anywhere)
                judgement = Judged(
                    name, at, case, tried(case.if_, env), tried(case.if_, anywhere), behind, env, hidden
                )
                yield judgement
                hidden |= judgement.anywhere.always or judgement.alone.breaks

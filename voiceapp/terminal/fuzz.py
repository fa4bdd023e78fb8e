"""`voiceapp fuzz`: random calls of a flow on each carrier, the first that breaks a rule made small and written
down; and such a call again."""

import asyncio
import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from voiceapp.carriers import Carrier
from voiceapp.errors import OperatorError
from voiceapp.flow.flow import Script
from voiceapp.flow.problems import listed
from voiceapp.fuzzing.case import Case, Record, read_record
from voiceapp.fuzzing.invariants import MOST_TURNS, Broken, Limits, first_broken
from voiceapp.fuzzing.playing import Played, play
from voiceapp.fuzzing.searching import Budget, Counterexample, Searched, search
from voiceapp.fuzzing.writing import Written, free_file, written
from voiceapp.rehearsal.lines import joined
from voiceapp.rehearsal.running import Stage
from voiceapp.terminal import files
from voiceapp.terminal.schema import with_first_line

COLUMNS = ("carrier", "calls", "turns", "steps", "ways out", "tries", "languages", "calls/s")


def chosen(
    scripts: Mapping[str, Script], carriers: Sequence[Carrier], flow: str, names: Sequence[str]
) -> list[Carrier]:
    """The carriers of these names; all that the flow fits when none is named. Raises OperatorError for one that
    there is not or that cannot do the flow, and when it fits none."""
    stage, known = Stage(scripts, carriers), {carrier.name: carrier for carrier in carriers}
    for name in names:
        if name not in known:
            raise OperatorError(f"--carrier: there is no carrier {name}; there are {listed(known)}")
        for misfit in stage.misfits(scripts[flow], name):
            raise OperatorError(f"--carrier: {name} cannot do {flow}: {misfit}")
    found = [known[name] for name in names or stage.fitting(scripts[flow])]
    if not found:
        raise OperatorError(f"{flow} fits no carrier; voiceapp check says why")
    return found


def searches(script: Script, carriers: Iterable[Carrier], budget: Budget, limits: Limits) -> Iterator[Searched]:
    """What came of each carrier, up to the first with a counterexample."""
    for carrier in carriers:
        searched = search(script, carrier, budget, limits)
        yield searched
        if searched.found is not None:
            return


def record_in(file: Path) -> Record:
    """A record; raises OperatorError where it cannot be read as one."""
    try:
        return read_record(file.read_bytes())
    except OSError as error:
        raise OperatorError(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise OperatorError(f"{file}: is no record of voiceapp fuzz: {error}") from None


async def again(
    scripts: Mapping[str, Script], carriers: Sequence[Carrier], flow: str, record: Record
) -> tuple[Played, Broken | None]:
    """Plays a recorded call, and judges it as then. Raises OperatorError when it cannot be played."""
    case = record.case
    if case.flow != flow:
        raise OperatorError(f"--again: this is a call of {case.flow}, not of {flow}")
    (carrier,) = chosen(scripts, carriers, flow, [case.conditions.carrier])
    try:
        played = await play(scripts[flow], carrier, case)
    except ValueError as error:
        raise OperatorError(f"--again: {error}") from None
    return played, first_broken(played, Limits(record.most_turns or MOST_TURNS, record.apologies))


def to_write(
    scripts: Mapping[str, Script], carriers: Sequence[Carrier], found: Counterexample, limits: Limits
) -> Written:
    """A counterexample as a file."""
    return asyncio.run(written(scripts, carriers, found.played, found.broken, limits))


def write(file: Written, output: Path | None, tests: Path, flow: str) -> Path:
    """Writes a counterexample: to `output`, or beside the flow's tests under a name that is free; returns where.
    Raises OperatorError where that cannot be done."""
    path = output or free_file(tests, flow, file.suffix)
    if output is None:
        with contextlib.suppress(OSError):
            tests.mkdir(exist_ok=True)
    text = with_first_line(file.text, path) if file.suffix == ".yaml" else file.text
    files.write(path, text.encode())
    return path


# what is shown


def row(searched: Searched, script: Script) -> tuple[str, ...]:
    """A line of the table: how much was played on a carrier, and how much of the flow that was."""
    shares = searched.went.of(script.flow, [searched.carrier]).shares().values()
    speed = searched.calls / searched.seconds if searched.seconds else 0.0
    reached = (f"{share.covered}/{share.all}" for share in shares)
    return searched.carrier.name, str(searched.calls), str(searched.turns), *reached, f"{speed:.0f}"


def broken_lines(played: Played, broken: Broken) -> Iterator[str]:
    """What was broken, and the call in which it was."""
    yield f"{played.case.flow} on {played.carrier.title}: {broken.invariant.sentence}"
    yield f"This call broke that: {broken.breach.detail}"
    yield ""
    yield from (f"  {line}" for line in _about(played.case))
    yield from (f"  {line}" for line in joined(played.rehearsed.lines))
    if played.rehearsed.ends:
        yield f"  ends       {played.rehearsed.ends}"


def _about(case: Case) -> Iterator[str]:
    """What differs from an ordinary call."""
    conditions = case.conditions
    yield f"at         {conditions.at.isoformat()}"
    if conditions.direction == "outbound":
        yield f"outbound   to {conditions.called}"
    elif not conditions.caller:
        yield "caller     unknown"
    for name, text in conditions.inputs.items():
        yield f"input      {name}: {text!r}"
    if conditions.refused:
        yield f"refused    {', '.join(sorted(conditions.refused))}"
    if conditions.machine:
        yield "machine    picks up"
    if conditions.fails:
        yield f"fails      the first command of {conditions.fails}"
    for answer in case.answers:
        late = f" after {answer.after:g} s" if answer.after else ""
        yield f"back end   {answer.status} {answer.value!r}{late}"
    for upset in case.upsets:
        later = f" {upset.later} posts later" if upset.later and upset.mishap != "held" else ""
        yield f"network    post {upset.post} {upset.mishap}{later}"

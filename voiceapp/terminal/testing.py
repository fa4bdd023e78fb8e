"""`voiceapp test`: plays the scenarios beside the flows, and shows what came out otherwise and what was not
played."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import msgspec

from voiceapp.carriers import Carrier
from voiceapp.errors import OperatorError
from voiceapp.flow.flow import Script
from voiceapp.flow.problems import FlowProblems, Problem, listed
from voiceapp.flow.yaml_text import read
from voiceapp.rehearsal.comparing import Difference
from voiceapp.rehearsal.coverage import Counting, Coverage, in_words
from voiceapp.rehearsal.lines import joined
from voiceapp.rehearsal.running import Result, Stage
from voiceapp.rehearsal.scenario import Scenario
from voiceapp.rehearsal.scenario_file import read_scenarios
from voiceapp.rehearsal.scenario_text import expected_of, updated
from voiceapp.terminal.files import write

TESTS = "tests"
"""The folder of scenarios below that of the flows."""


def load_scenarios(folder: Path) -> tuple[Scenario, ...]:
    """All scenarios of a folder's flows; raises FlowProblems with the mistakes of all files."""
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for file in sorted((folder / TESTS).glob("*.yaml")):
        try:
            scenarios += read_scenarios(file.read_bytes(), str(file))
        except FlowProblems as error:
            problems += error.problems
        except OSError as error:
            raise OperatorError(f"{file}: cannot be read: {error.strerror}") from None
    if problems:
        raise FlowProblems(problems)
    return tuple(scenarios)


def chosen(folder: Path, names: Sequence[str], keyword: str) -> list[Scenario]:
    """The scenarios of these flows (of all when none is named) with `keyword` in their names. Raises OperatorError
    when there is none, and FlowProblems."""
    scenarios = load_scenarios(folder)
    found = [one for one in scenarios if (not names or one.flow in names) and keyword in one.name]
    if not found:
        named = f" with '{keyword}' in its name" if keyword else ""
        whose = f" of {listed(names)}" if names else ""
        hint = "" if scenarios else f"; voiceapp paths {names[0] if names else 'FLOW'} writes some"
        raise OperatorError(f"there is no test{named}{whose} in {folder / TESTS}{hint}")
    return found


@dataclass(frozen=True)
class Ran:
    """What came of all scenarios that were played, and how many seconds it took."""

    results: tuple[Result, ...]
    coverage: tuple[Coverage, ...]
    seconds: float

    @property
    def failed(self) -> tuple[Result, ...]:
        """What came out otherwise."""
        return tuple(result for result in self.results if not result.passed)


async def run(
    scripts: Mapping[str, Script],
    carriers: Iterable[Carrier],
    scenarios: Sequence[Scenario],
    flows: Collection[str],
) -> Ran:
    """Plays the scenarios; coverage is that of these `flows`."""
    carriers = tuple(carriers)
    stage, counting, began = Stage(scripts, carriers), Counting(), perf_counter()
    results = [result for scenario in scenarios for result in await stage.play(scenario)]
    for result in results:
        if result.rehearsed is not None:
            counting.add(result.rehearsed)
    seconds = perf_counter() - began
    coverage = tuple(counting.of(scripts[name].flow, carriers) for name in flows)
    return Ran(tuple(results), coverage, seconds)


def update(results: Iterable[Result]) -> tuple[str, ...]:
    """Writes what came of each scenario that failed into its file, as what it expects from now on; the names of
    the files written. Where carriers differ, it is what came on the first. Raises OperatorError for a file that
    cannot be written, or where a scenario stands in braces."""
    failed: dict[str, dict[str, Result]] = {}
    for result in results:
        if not result.passed and result.rehearsed is not None:
            failed.setdefault(result.scenario.file, {}).setdefault(result.scenario.name, result)
    for file, by_name in failed.items():
        path = Path(file)
        text = path.read_bytes().decode("utf-8-sig")
        for result in by_name.values():
            if result.rehearsed is not None:
                document = read(text.encode(), file)
                try:
                    text = updated(text, document, result.scenario, expected_of(result.rehearsed))
                except ValueError as error:
                    raise OperatorError(f"{file}: {error}") from None
        write(path, text.encode(), force=True)
    return tuple(failed)


# what is shown


def result_lines(results: Iterable[Result], *, quiet: bool) -> Iterator[str]:
    """A line for each scenario, and for one that failed the call with its first difference."""
    file = ""
    for result in results:
        if quiet and result.passed:
            continue
        if result.scenario.file != file:
            file = result.scenario.file
            yield file
        mark = "ok  " if result.passed else "FAIL"
        on = f" ({result.carrier})" if result.carrier else ""
        yield f"  {mark}  {result.scenario.name}{on}"
        if not result.passed:
            yield from (f"        {line}" for line in _failure(result))


def _failure(result: Result) -> Iterator[str]:
    yield f"{result.scenario.file}:{result.place.line}:{result.place.column}"
    on_the_phone = next((one for one in result.differences if one.at is not None), None)
    if on_the_phone is not None and result.rehearsed is not None:
        yield from _transcript(result, on_the_phone)
    for one in result.differences:
        if one.at is None:
            yield f"{one.what}:"
            yield f"  expected {one.expected}"
            yield f"  came     {one.came}"


def _transcript(result: Result, difference: Difference) -> Iterator[str]:
    """The call as far as it came out as expected, and the first line that did not."""
    came = joined(result.rehearsed.lines) if result.rehearsed is not None else ()
    yield from (f"  {line}" for line in came[: difference.at])
    yield f"- {difference.expected}"
    yield f"+ {difference.came}"


def summary(ran: Ran) -> str:
    """How many, how many of them failed, and how long it took."""
    scenarios = len({(result.scenario.file, result.scenario.name) for result in ran.results})
    failed = len({(result.scenario.file, result.scenario.name) for result in ran.failed})
    outcome = f"{failed} failed in {_many(len(ran.failed), 'call')}" if failed else "all as expected"
    return f"{_many(scenarios, 'test')}, {_many(len(ran.results), 'call')}, {outcome}, {ran.seconds:.2f} s"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


COVERAGE_COLUMNS = ("flow", "steps", "ways out", "tries", "languages")


def coverage_rows(coverage: Iterable[Coverage]) -> list[tuple[str, ...]]:
    """A row for each flow: how many of its steps, ways out, tries and languages were played."""
    return [
        (one.flow, *(f"{share.covered}/{share.all} {share.percent:.0f} %" for share in one.shares().values()))
        for one in coverage
    ]


def missing_lines(coverage: Iterable[Coverage]) -> Iterator[str]:
    """What no scenario went through."""
    for one in coverage:
        yield from (
            f"{one.flow}: never played: {in_words(item)}" for item, count in one.items().items() if not count
        )


def short_lines(coverage: Iterable[Coverage], percent: float) -> list[str]:
    """The flows of whose ways out fewer were played than that."""
    return [
        f"{one.flow}: fewer than {percent:g} % of its ways out were played"
        for one in coverage
        if one.shares()["ways out"].percent < percent
    ]


def coverage_json(coverage: Iterable[Coverage]) -> bytes:
    """The counts, for `voiceapp graph --coverage`."""
    flows = {
        one.flow: {
            "steps": one.steps,
            "ways": _by_step(one.ways),
            "tries": _by_step(one.rungs),
            "languages": _by_step(one.languages),
        }
        for one in coverage
    }
    return msgspec.json.format(msgspec.json.encode({"flows": flows}), indent=1)


def _by_step(counts: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    nested: dict[str, dict[str, int]] = {}
    for (step, name), count in counts.items():
        nested.setdefault(step, {})[name] = count
    return nested

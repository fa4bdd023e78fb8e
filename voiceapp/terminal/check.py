"""`voiceapp check`: what the rules find, every mistake with which a flow does not load, what a carrier cannot do,
and what may not be dialled."""

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from voiceapp.carriers import Carrier
from voiceapp.carriers.base import Misfit
from voiceapp.check.checking import check
from voiceapp.check.finding import Finding, Severity
from voiceapp.check.ignores import ignores, judged
from voiceapp.check.kinds import DOUBTFUL, KINDS, NOT_ASKED, NOT_DIALLED, NOT_POSSIBLE, Kind
from voiceapp.check.report import Report
from voiceapp.check.rules import RULES, Rule
from voiceapp.check.subject import Subject
from voiceapp.egress.allow import AllowList
from voiceapp.errors import OperatorError
from voiceapp.flow.library import AUDIO, read_files, scripts_of, with_those_run
from voiceapp.flow.mistakes import Mistake
from voiceapp.flow.problems import Problem, listed
from voiceapp.flow.surroundings import Surroundings
from voiceapp.settings import Settings
from voiceapp.terminal.named import files_named
from voiceapp.terminal.written_addresses import refused_addresses
from voiceapp.terminal.written_numbers import refused_numbers
from voiceapp.web.from_settings import carriers_of, toll_rules

_MISTAKES = frozenset(mistake.id for mistake in Mistake)


@dataclass(frozen=True)
class Wanted:
    """What to look for: on these `carriers` above all, and only ids that begin with one of `select` and none of
    `ignore`. Mistakes with which a flow does not load are always told; what depends on carriers and settings, and
    is no mistake, only where it is asked for: by carriers, or by `select`."""

    carriers: Collection[str] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def takes(self, rule: str) -> bool:
        """Whether an id is told of."""
        chosen = not self.select or rule.startswith(self.select)
        return rule in _MISTAKES or (chosen and not rule.startswith(self.ignore))

    @property
    def notes(self) -> bool:
        """Whether what depends on carriers and settings is told one by one."""
        return bool(self.carriers) or bool(self.select)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that look."""
        return tuple(rule for rule in RULES if self.takes(rule.id))


def wanted(settings: Settings, carriers: Sequence[str], select: Sequence[str], ignore: Sequence[str]) -> Wanted:
    """What somebody typed behind these options; raises OperatorError for what there is not."""
    names = [one.name for one in carriers_of(settings)]
    for name in carriers:
        if name not in names:
            raise OperatorError(f"--carrier: there is no carrier {name}; there are {listed(names)}")
    for option, prefixes in (("--select", select), ("--ignore", ignore)):
        for prefix in prefixes:
            if not any(kind.id.startswith(prefix) for kind in KINDS):
                hint = f"; did you mean {prefix.upper()}?" if prefix != prefix.upper() else ""
                raise OperatorError(f"{option}: no rule begins with {prefix}{hint}")
    return Wanted(tuple(carriers), tuple(select), tuple(ignore))


def report_of(paths: Sequence[Path], settings: Settings, wanted: Wanted) -> Report:
    """What is found in these files, or in all of the settings' folder when none is named. Raises OperatorError for
    what cannot be read."""
    named = list(dict.fromkeys(map(_near, files_named(paths, Path(settings.flows)))))
    folders = dict.fromkeys(file.parent for file in named)
    looked = [_Folder(one, [file for file in named if file.parent == one], settings, wanted) for one in folders]
    found = {finding for one in looked for finding in one.findings() if wanted.takes(finding.rule)}
    sources = {str(file): _shown(file) for file in {Path(finding.file) for finding in found}}
    remarks = () if wanted.notes else tuple(remark for one in looked for remark in one.remarks())
    return Report(len(named), tuple(sorted(found)), sources, remarks)


def _near(path: Path) -> Path:
    """The path as it is seen from here, when it is below: so do editors and code scanning know it."""
    whole = Path(os.path.abspath(path))
    return whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole


def _shown(file: Path) -> str:
    """The text of a file, which may be no text; nothing of one that cannot be read."""
    try:
        return file.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return ""


class _Folder:
    """The flows of one folder: those that are looked at, and beside them those that these may run."""

    def __init__(self, folder: Path, named: Sequence[Path], settings: Settings, wanted: Wanted) -> None:
        others = [file for file in sorted(folder.glob("*.yaml")) if file not in named and file.is_file()]
        names = {file.stem for file in (*named, *others)}
        around = Surroundings(folder / AUDIO, names, settings.secrets.keys())
        loaded, self._problems = read_files(named, around)
        beside, further = read_files(others, around)
        flows = {name: one.flow for name, one in (*beside.items(), *loaded.items())}
        run = with_those_run(loaded, flows)
        self._problems += [problem for problem in further if Path(problem.file).stem in run]
        self._subjects = {
            name: Subject(script, flows, folder / AUDIO, loaded.get(name) or beside[name])
            for name, script in scripts_of(flows).items()
        }
        self._looked_at = [self._subjects[name] for name in loaded]
        self._carriers = {carrier: carrier.name in wanted.carriers for carrier in carriers_of(settings)}
        self._misnamed = sorted(folder.glob("*.yml"))
        self._tolls = toll_rules(settings)
        self._asked = AllowList.parse(settings.fetch_allow)
        self._rules = wanted.rules
        self._one_by_one = wanted.notes

    def findings(self) -> Iterator[Finding]:
        """Everything that is found in the files that are looked at; and what keeps a flow that they run from the
        carriers that are wanted."""
        for file in dict.fromkeys(problem.file for problem in self._problems):
            mistakes = (_mistake(problem) for problem in self._problems if problem.file == file)
            yield from judged(mistakes, ignores(_shown(Path(file))), file, ())
        for subject in self._looked_at:
            found = (*check(subject, self._rules), *(self._notes(subject) if self._one_by_one else ()))
            looked = {rule.id for rule in self._rules}
            yield from judged(found, ignores(subject.flow.source), subject.flow.file, looked)
            for name in subject.script.flows:
                yield from self._refusals(self._subjects[name])

    def remarks(self) -> Iterator[str]:
        """A line for each carrier that does not serve all of these flows, and one for numbers."""
        for carrier in self._carriers:
            unserved = [one.flow.name for one in self._looked_at if carrier.misfits(one.flow)]
            if unserved:
                yield f"not served on {carrier.title}: {listed(unserved)}; check --carrier {carrier.name} says why"
        dialling = [one.flow.name for one in self._looked_at if any(refused_numbers(one.flow, self._tolls))]
        for file in self._misnamed:
            yield f"{file} is not served: the name of a flow's file ends in .yaml"
        if dialling:
            yield (
                f"not dialled with these settings: numbers in {listed(dialling)}; "
                "check --select VF503 says which, and VOICEAPP_DIAL_REGIONS allows countries"
            )
        asking = [one.flow.name for one in self._looked_at if any(refused_addresses(one.flow, self._asked))]
        if asking:
            yield (
                f"not asked with these settings: addresses in {listed(asking)}; "
                "check --select VF504 says which, and VOICEAPP_FETCH_ALLOW lists places"
            )

    def _notes(self, subject: Subject) -> Iterator[Finding]:
        """What depends on the settings and may be as it is."""
        all_alike = not any(self._carriers.values())
        for carrier, is_wanted in self._carriers.items():
            if not (is_wanted or all_alike):
                continue
            severity = Severity.WARNING if is_wanted else Severity.NOTE
            if not is_wanted:
                yield from _misfits(subject, carrier, Severity.NOTE)
            yield from _found(subject, DOUBTFUL, severity, carrier.doubts(subject.flow), "", "")
        numbers = refused_numbers(subject.flow, self._tolls)
        fix = "change the number, `may_dial` or the VOICEAPP_DIAL_… settings"
        yield from _found(subject, NOT_DIALLED, Severity.NOTE, numbers, ", so nobody is called", fix)
        addresses = refused_addresses(subject.flow, self._asked)
        fix = "write https://, or list the host in VOICEAPP_FETCH_ALLOW"
        yield from _found(subject, NOT_ASKED, Severity.NOTE, addresses, ", so nothing is sent there", fix)

    def _refusals(self, subject: Subject) -> Iterator[Finding]:
        """Why the flow is not served on a carrier that is wanted, whatever comments say."""
        for carrier, is_wanted in self._carriers.items():
            if is_wanted:
                yield from _misfits(subject, carrier, Severity.ERROR)


def _misfits(subject: Subject, carrier: Carrier, severity: Severity) -> Iterator[Finding]:
    fix = f"do it another way, or only where a `branch` finds that `carrier` is not '{carrier.name}'"
    served = f", so the flow is not served on {carrier.name}"
    return _found(subject, NOT_POSSIBLE, severity, carrier.misfits(subject.flow), served, fix)


def _found(
    subject: Subject, kind: Kind, severity: Severity, misfits: Iterable[Misfit], comes_of_it: str, fix: str
) -> Iterator[Finding]:
    for path, message in misfits:
        place, written = subject.place(path), subject.written(path)
        yield Finding(subject.flow.file, place, kind.id, severity, written, f"{message}{comes_of_it}", fix)


def _mistake(problem: Problem) -> Finding:
    file, place, path, message = problem.file, problem.place, problem.path, problem.message
    return Finding(file, place, problem.mistake.id, Severity.ERROR, path, message, "")

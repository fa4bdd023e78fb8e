"""`voiceapp check` on a flow as large as anybody has: the whole command; of it, loading and the rules."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

from tests.bench.orders import Sample
from tests.bench.table import Lines, Row
from voiceapp.check.checking import check
from voiceapp.check.subject import Subject
from voiceapp.flow.library import scripts_of
from voiceapp.flow.loader import load
from voiceapp.flow.templates import condition, template

STEPS = 1000
_BLOCK = 4
"""Steps of one room: a menu, a question, a decision, an answer."""


def large_flow(folder: Path, steps: int = STEPS) -> Path:
    """A flow of so many steps in two languages, in which a caller goes from room to room; its file."""
    lines = ["flow: hotel", "title: A benchmark", "languages: [en-GB, fr-FR]", "inputs:"]
    lines += ["  guest: {type: text, default: guest, personal: true}", "steps:"]
    rooms, greetings = divmod(steps - 1, _BLOCK)
    lines += [f"  greeting_{at}: {{say: {{en-GB: Welcome., fr-FR: Bienvenue.}}}}" for at in range(greetings)]
    for room in range(rooms):
        lines += _room(room, f"menu_{room + 1}" if room + 1 < rooms else "bye")
    lines.append("  bye: {end: {en-GB: Goodbye., fr-FR: Au revoir.}}")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "hotel.yaml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _room(room: int, following: str) -> Iterator[str]:
    yield f"  menu_{room}:"
    yield "    menu:"
    yield f'      en-GB: "{{{{ guest }}}}, for room {room} press 1, for the next room press 2."'
    yield f'      fr-FR: "{{{{ guest }}}}, pour la chambre {room} tapez 1, pour la suivante tapez 2."'
    yield f"    keys: {{1: nights_{room}, 2: {following}}}"
    yield "    otherwise: bye"
    yield f"  nights_{room}:"
    yield f"    ask: {{en-GB: Nights in room {room}., fr-FR: Nuits dans la chambre {room}.}}"
    yield "    answer: {number: 1-30}"
    yield "    otherwise: bye"
    yield f"  long_{room}:"
    yield f"    branch: [{{if: nights_{room} > 7, next: {following}}}]"
    yield f"    otherwise: told_{room}"
    yield f"  told_{room}:"
    yield "    say:"
    yield f'      en-GB: "{{{{ nights_{room} }}}} nights."'
    yield f'      fr-FR: "{{{{ nights_{room} }}}} nuits."'
    yield f"    next: {following}"


def measured(folder: Path, rounds: int) -> Lines:
    """The rows of the table, so many times each."""
    file = large_flow(folder)
    names = ("the whole command", "loading", "the rules")
    samples: dict[str, list[Sample]] = {name: [] for name in names}
    for _ in range(rounds):
        for name, taken in zip(names, (_command(file), *_parts(file)), strict=True):
            latencies = {"check of 1,000 steps": 1000 * taken.seconds, "processor": 1000 * taken.processor}
            samples[name].append(Sample(0.0, 0.0, 0.0, 0, latencies))
    return [Row(name, found) for name, found in samples.items()]


class _Now(NamedTuple):
    """Seconds by the clock, and those that this process and the ended ones that it started had a processor for."""

    seconds: float
    processor: float

    @classmethod
    def read(cls) -> Self:
        return cls(time.perf_counter(), sum(os.times()[:4]))

    def since(self, before: Self) -> Self:
        return type(self)(self.seconds - before.seconds, self.processor - before.processor)


def _command(file: Path) -> _Now:
    program = (sys.executable, "-c", "from voiceapp.cli import main; main()")
    began = _Now.read()
    ran = subprocess.run(
        [*program, "check", file, "--fail-on=warning"], capture_output=True, check=False, text=True
    )
    if ran.returncode:
        raise SystemExit(f"something is found in the large flow: {ran.stdout}{ran.stderr}")
    return _Now.read().since(began)


def _parts(file: Path) -> tuple[_Now, _Now]:
    """Loading, with no template known from the round before, and all rules."""
    template.cache_clear()
    condition.cache_clear()
    began = _Now.read()
    loaded = load(file.read_bytes(), str(file))
    between = _Now.read()
    flows = {loaded.flow.name: loaded.flow}
    check(Subject(scripts_of(flows)[loaded.flow.name], flows, loaded=loaded))
    return between.since(began), _Now.read().since(between)

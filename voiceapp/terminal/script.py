"""`voiceapp script`: the words of a flow, to read out, to translate, to bring back; what was recorded of them."""

import difflib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from voiceapp.check.words.recorded import FILE, Recorded, read_recorded, to_record, write_recorded
from voiceapp.check.words.sounds import digest, read_list
from voiceapp.errors import OperatorError
from voiceapp.flow.flow import Flow
from voiceapp.flow.library import AUDIO, load_files
from voiceapp.flow.problems import nearest
from voiceapp.flow.surroundings import Surroundings
from voiceapp.terminal.files import write
from voiceapp.terminal.named import file_named
from voiceapp.wording.languages import no_language
from voiceapp.wording.lines import lines_of
from voiceapp.wording.recording_script import recording_script
from voiceapp.wording.table import read_table, write_table
from voiceapp.wording.translating import translated

_BOM = b"\xef\xbb\xbf"


def load(name: str, folder: Path) -> Flow:
    """The flow in this file, or of this name in the folder. Its sounds need not be there yet, nor what it runs.

    Raises FlowProblems and OperatorError."""
    (flow,) = load_files([file_named(Path(name), folder)], Surroundings()).values()
    return flow


def to_read_out(flow: Flow, language: str | None) -> str:
    """The recording script in this language, or in all of the flow's. Raises OperatorError."""
    languages = flow.head.languages
    if language is not None and language not in languages:
        raise OperatorError(f"--language: '{language}' is not among the languages{nearest(language, languages)}")
    return recording_script(flow, languages if language is None else [language])


def to_translate(flow: Flow, added: Sequence[str]) -> bytes:
    """The table for translators, with an empty column for each language that is added. Raises OperatorError."""
    for language in added:
        if reason := no_language(language):
            raise OperatorError(f"--add: {reason}")
        if language in flow.head.languages:
            raise OperatorError(f"--add: the flow speaks {language} already")
    return write_table(lines_of(flow), flow.head.languages, dict.fromkeys(added))


def write_new(file: Path, content: bytes, *, force: bool) -> str:
    """Writes what was asked for to a file, which is not there yet unless `force` says so; says that it did.

    Raises OperatorError."""
    if file.is_file() and not force:
        raise OperatorError(f"{file} is there already: --force writes over it")
    write(file, content, force=force)
    return f"written to {file}"


def bring_back(
    flow: Flow, table: Path, remark: Callable[[str], None], *, force: bool, dry_run: bool
) -> Iterator[str]:
    """Puts the texts of a table into the flow's file, or with `dry_run` shows the difference; says what it did.
    `remark` is told what of the table it did not take.

    Raises WordingRefused, and then has written nothing, and OperatorError."""
    new = translated(flow, read_table(_read(table), str(table)), force=force)
    for each in new.remarks:
        remark(each)
    if not new.texts:
        yield f"{flow.file}: says all of this already"
        return
    if dry_run:
        yield from _difference(flow, new.flow)
        return
    file = Path(flow.file)
    _replace(file, (_BOM if _read(file).startswith(_BOM) else b"") + new.flow.source.encode())
    yield f"{flow.file}: {new.texts} text{'s' if new.texts != 1 else ''} changed"
    for language in new.languages:
        yield f"{flow.file}: speaks {language} now"
    audio = file.parent / AUDIO
    for name in dict.fromkeys(sound.file for _, sound in to_record(new.flow) if sound.language in new.languages):
        if not (audio / name).is_file():
            yield f"{flow.file}: audio/{name} has to be recorded before this flow is served"


def note_recorded(flow: Flow, *, force: bool) -> Iterator[str]:
    """Writes down beside the sounds what each of the flow's sounds says now; says of which it did not, and why.

    A file that is the same as when its text was another one was not recorded again; `force` believes that it was.
    Raises OperatorError."""
    sounds = dict.fromkeys(sound for _, sound in to_record(flow))
    if not sounds:
        yield f"{flow.file}: plays no sound that has words: there is nothing to note"
        return
    audio = Path(flow.file).parent / AUDIO
    rows = {(row.file, row.language): row for row in _recorded(audio / FILE)}
    noted = 0
    for sound in sounds:
        key, now = (sound.file, sound.language), digest(audio / sound.file)
        before = rows.get(key, sound)
        if not now:
            yield f"audio/{sound.file}: is not there"
        elif before.sha256 == now and before.text != sound.text and not force:
            yield f"audio/{sound.file}: is still the recording of '{before.text}'; --force if it is not"
        else:
            rows[key] = Recorded(*sound[:3], now)
            noted += 1
    if noted:
        _replace(audio / FILE, write_recorded(rows.values()).encode())
    where = audio / FILE if noted else flow.file
    yield f"{where}: {noted or 'no'} recording{'s' if noted != 1 else ''} of {flow.name} noted"


def _recorded(file: Path) -> tuple[Recorded, ...]:
    content = read_list(file)
    try:
        return () if content is None else read_recorded(content)
    except ValueError as error:
        raise OperatorError(f"{file}: {error}") from None


def _difference(old: Flow, new: Flow) -> Iterator[str]:
    before, after = (flow.source.splitlines() for flow in (old, new))
    return difflib.unified_diff(before, after, old.file, new.file, lineterm="")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise OperatorError(f"{file}: cannot be read: {error.strerror}") from None


def _replace(file: Path, content: bytes) -> None:
    """Writes a file that nobody ever sees half written, not even a server that reloads its flows; not one that may
    not be written, although its folder would let it be replaced. Raises OperatorError."""
    there = file.resolve()
    new = there.with_name(f".{there.name}.new")
    try:
        if there.exists():
            os.close(os.open(there, os.O_WRONLY))
    except OSError as error:
        raise OperatorError(f"{file}: cannot be written: {error.strerror}") from None
    try:
        new.write_bytes(content)
        if there.exists():
            shutil.copymode(there, new)
        os.replace(new, there)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise OperatorError(f"{file}: cannot be replaced in its folder: {error.strerror}") from None

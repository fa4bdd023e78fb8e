"""What a table that came back wants of its flow, and what speaks against it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from voiceapp.flow.flow import Flow
from voiceapp.flow.problems import listed, nearest
from voiceapp.flow.templates import Purpose, TemplateError, template
from voiceapp.flow.yaml_text import read
from voiceapp.wording.damage import damage
from voiceapp.wording.fragments import placeholders
from voiceapp.wording.languages import is_meant_as_one, no_language
from voiceapp.wording.lines import Line, SpokenPrompt, prompts_of
from voiceapp.wording.scalars import double_quoted
from voiceapp.wording.table import Row, Table, digest

Wanted = Mapping[tuple[str, str], str]
"""New texts, by the id of the line and the language."""


@dataclass(frozen=True)
class Comparing:
    """A flow beside its table."""

    flow: Flow
    table: Table

    @cached_property
    def prompts(self) -> tuple[SpokenPrompt, ...]:
        """The flow's prompts."""
        return prompts_of(self.flow)

    @cached_property
    def lines(self) -> dict[str, Line]:
        """The flow's lines, by id."""
        return {line.id: line for prompt in self.prompts for line in prompt.lines}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The columns that are languages."""
        spoken = self.flow.head.languages
        return tuple(one for one in self.table.columns if one in spoken or not no_language(one))

    @cached_property
    def added(self) -> tuple[str, ...]:
        """Languages that the flow does not have yet and that somebody wrote in."""
        return tuple(
            language
            for language in self.languages
            if language not in self.flow.head.languages
            and any(row.texts[language].strip() for row in self.table.rows)
        )

    @cached_property
    def cells(self) -> list[tuple[Row, Line, str, str]]:
        """The cells with another text than the flow has: row, line, language, text."""
        return [
            (row, self.lines[row.id], language, row.texts[language])
            for row in self.table.rows
            if row.id in self.lines
            for language in self.languages
            if row.texts[language].strip() and self._is_new(row, language, row.texts[language])
        ]

    def _is_new(self, row: Row, language: str, text: str) -> bool:
        # Without the second, what the flow has changed since the export would be changed back.
        return self.lines[row.id].texts.get(language) != text and row.exported.get(language) != digest(text)

    @cached_property
    def wanted(self) -> Wanted:
        """The texts that are to be others than before."""
        return {(line.id, language): text for _, line, language, text in self.cells}

    def refused(self) -> Iterator[str]:
        """What cannot be brought in at all."""
        yield from (f"{self.table.file}: {reason}" for reason in (*self._columns(), *self._unknown()))
        for row, line, language, _ in self.cells:
            if reason := self._unfit.get((line.id, language)):
                yield f"{self._at(row, language)}: {reason}"
        for language in self.added:
            yield from self._untranslated(language)

    def _columns(self) -> Iterator[str]:
        others = [one for one in self.table.columns if one not in self.languages]
        misspelt = [f"row 1: {no_language(one)}" for one in others if is_meant_as_one(one)]
        yield from misspelt
        if not (self.languages or misspelt):
            yield "row 1: names no language: a column with texts is called as its language is written, en-GB"

    def _unknown(self) -> Iterator[str]:
        unknown = [row for row in self.table.rows if row.id not in self.lines]
        if len(unknown) == len(self.table.rows) > 1:
            name, first = self.flow.name, unknown[0].id
            yield f"no table of the flow {name}, which has none of these lines: the first is {first}"
        else:
            for row in unknown:
                yield f"row {row.at}: {row.id}: the flow has no such line{nearest(row.id, self.lines)}"

    @cached_property
    def _unfit(self) -> dict[tuple[str, str], str]:
        """Why texts cannot stand where they should, by line and language."""
        reasons = (
            ((line.id, language), self._why_unfit(line, language, text)) for _, line, language, text in self.cells
        )
        return {cell: reason for cell, reason in reasons if reason}

    def _why_unfit(self, line: Line, language: str, text: str) -> str | None:
        if language in self.flow.head.languages and language not in line.texts:
            return "this prompt has fewer parts in this language"
        reason, source = unusable(text), self._source(line)
        filled = placeholders(line.texts[source]).values()
        return f"{reason} ({source} fills in {listed(filled)})" if reason and filled else reason

    def _untranslated(self, language: str) -> Iterator[str]:
        missing = [
            line.id
            for line in self.lines.values()
            if (line.id, language) not in self.wanted and self.flow.head.languages[0] in line.texts
        ]
        if missing:
            yield f"{self.table.file}: {language} is not complete, it has no text for {', '.join(missing)}"

    def doubts(self) -> Iterator[str]:
        """What is probably a mistake."""
        for row, line, language, text in self.cells:
            if (line.id, language) not in self._unfit:
                doubts = (*self._stale(row, line, language), self._other_placeholders(line, language, text))
                yield from (f"{self._at(row, language)}: {doubt}" for doubt in doubts if doubt)
        yield from self._damaged()

    def _stale(self, row: Row, line: Line, language: str) -> Iterator[str]:
        source = self._source(line)
        for one in dict.fromkeys((source, language)):
            now = line.texts.get(one)
            if now is None:
                continue
            if row.exported and row.exported.get(one) != digest(now):
                yield f"since the table was written the flow has changed its text in {one}: it is now '{now}'"
            elif not row.exported and one == source and (row.texts.get(one) or now) != now:
                newer = "without 'exported' it is not known which is newer"
                yield f"the flow has another text in {one} than the table, and {newer}: it is '{now}'"

    def _other_placeholders(self, line: Line, language: str, text: str) -> str:
        source = self._source(line)
        reference = line.texts[source] if language == source else self.wanted.get((line.id, source))
        expected = placeholders(reference if reference is not None else line.texts[source])
        found = placeholders(text)
        if language in line.texts and found.keys() == placeholders(line.texts[language]).keys():
            return ""
        lost = [written for signs, written in expected.items() if signs not in found]
        gained = [written for signs, written in found.items() if signs not in expected]
        missing = f"{listed(lost)} of its source {'is' if len(lost) == 1 else 'are'} missing" if lost else ""
        strange = f"{listed(gained)} {'is' if len(gained) == 1 else 'are'} not in its source" if gained else ""
        return "; ".join(filter(None, (missing, strange)))

    def _damaged(self) -> Iterator[str]:
        """What spreadsheets do to many texts at once, told of the first."""
        found: dict[str, list[str]] = {}
        for row, line, language, text in self.cells:
            if reason := damage(text, line.texts.get(language, "")):
                found.setdefault(reason, []).append(f"{self._at(row, language)}: '{text}' {reason}")
        for first, *others in found.values():
            yield f"{first}; so with {len(others)} more" if others else first

    def _source(self, line: Line) -> str:
        """The language that the others are translated from."""
        first = self.flow.head.languages[0]
        return first if first in line.texts else next(iter(line.texts))

    def _at(self, row: Row, language: str = "") -> str:
        return f"{self.table.file}: row {row.at}: {row.id}{f' {language}' if language else ''}"


def unusable(text: str) -> str | None:
    """Why no flow can say this text."""
    document = read(f"text: {double_quoted(text)}".encode(), "")
    if document.problems:
        return document.problems[0].message
    try:
        template(text, purpose=Purpose.SPEECH)
    except TemplateError as error:
        return str(error)
    return None

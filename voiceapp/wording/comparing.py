"""What a table that came back wants of its flow, and what speaks against it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from voiceapp.flow.flow import Flow
from voiceapp.flow.problems import nearest
from voiceapp.flow.templates import Purpose, TemplateError, template
from voiceapp.flow.yaml_text import read
from voiceapp.wording.fragments import placeholders
from voiceapp.wording.languages import no_language
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
    def added(self) -> tuple[str, ...]:
        """Languages that the flow does not have yet and that somebody wrote in."""
        return tuple(
            language
            for language in self.table.languages
            if language not in self.flow.head.languages
            and any(row.texts[language].strip() for row in self.table.rows)
        )

    @cached_property
    def _cells(self) -> list[tuple[Row, Line, str, str]]:
        """The cells with another text than the flow has."""
        return [
            (row, self.lines[row.id], language, text)
            for row in self.table.rows
            if row.id in self.lines
            for language, text in row.texts.items()
            if text.strip() and self._is_new(row, language, text)
        ]

    def _is_new(self, row: Row, language: str, text: str) -> bool:
        # Without the second, what the flow has changed since the export would be changed back.
        return self.lines[row.id].texts.get(language) != text and row.exported.get(language) != digest(text)

    @cached_property
    def wanted(self) -> Wanted:
        """The texts that are to be others than before."""
        return {(line.id, language): text for _, line, language, text in self._cells}

    def refused(self) -> Iterator[str]:
        """What cannot be brought in at all."""
        for language in self.table.languages:
            if language not in self.flow.head.languages and (reason := no_language(language)):
                yield f"{self.table.file}: row 1: {reason}"
        for row in self.table.rows:
            if row.id not in self.lines:
                yield f"{self._at(row)}: the flow has no such line{nearest(row.id, self.lines)}"
        for row, line, language, text in self._cells:
            if language in self.flow.head.languages and language not in line.texts:
                yield f"{self._at(row, language)}: this prompt has fewer parts in this language"
            elif reason := unusable(text):
                yield f"{self._at(row, language)}: {reason}"
        for language in self.added:
            yield from self._untranslated(language)

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
        for row, line, language, text in self._cells:
            yield from (f"{self._at(row, language)}: {doubt}" for doubt in self._stale(row, line, language))
            if doubt := self._other_placeholders(line, language, text):
                yield f"{self._at(row, language)}: {doubt}"

    def _stale(self, row: Row, line: Line, language: str) -> Iterator[str]:
        source = self._source(line)
        for one in dict.fromkeys((source, language)):
            now = line.texts.get(one)
            if now is None:
                continue
            if row.exported:
                same = row.exported.get(one) == digest(now)
            else:
                # The table came back without its digests: then its source column has to be the flow's.
                same = one != source or (row.texts.get(one) or now) == now
            if not same:
                yield f"since the table was written the flow has changed its text in {one}: it is now '{now}'"

    def _other_placeholders(self, line: Line, language: str, text: str) -> str | None:
        source = self._source(line)
        reference = line.texts[source] if language == source else self.wanted.get((line.id, source))
        expected = placeholders(reference if reference is not None else line.texts[source])
        found = placeholders(text)
        if found == expected or (language in line.texts and found == placeholders(line.texts[language])):
            return None
        lost, gained = ", ".join(sorted(expected - found)), ", ".join(sorted(found - expected))
        return (
            f"does not have the placeholders of its source: {lost or 'none'} missing, {gained or 'none'} too many"
        )

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

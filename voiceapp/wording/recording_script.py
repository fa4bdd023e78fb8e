"""The script for whoever lends a flow their voice: every line, numbered, with the file to record it to."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from voiceapp.check.words.speech import template_seconds
from voiceapp.flow.flow import Flow
from voiceapp.flow.templates import Purpose, template
from voiceapp.wording.fragments import Placeholder, Words, fragments, placeholders, split
from voiceapp.wording.lines import Line, lines_of

_ADVICE = """\
Each line is one file below `flows/audio/`: wav, one voice, PCM of 16 bit, 8 or 16 kHz.
What stands in ⟨ ⟩ is not read out: it is different in every call."""


def recording_script(flow: Flow, languages: Iterable[str]) -> str:
    """The script as Markdown, a section for each of these languages of the flow."""
    lines = lines_of(flow)
    sections = [_section(lines, language) for language in languages]
    return "\n".join([f"# {flow.head.title or flow.name}: recording script", "", _ADVICE, "", *chain(*sections)])


def _section(lines: Iterable[Line], language: str) -> Iterator[str]:
    spoken = [line for line in lines if language in line.texts]
    seconds = round(sum(_seconds(line.texts[language]) for line in spoken))
    yield from (f"## {language}", "", f"{len(spoken)} lines, about {seconds} seconds.", "")
    for line in spoken:
        yield from _line(line, language)


def _line(line: Line, language: str) -> Iterator[str]:
    text = line.texts[language]
    yield from (f"### {line.number}. {line.id}", "")
    yield from (f"> {row}".rstrip() for row in _shown(text).split("\n"))
    yield ""
    yield f"- {line.context}"
    if any(isinstance(part, Placeholder) for part in split(text)):
        yield from _in_fragments(line, language)
    else:
        yield f"- about {max(1, round(_seconds(text)))} s, to `{line.recording(language)}`"
    yield ""


def _in_fragments(line: Line, language: str) -> Iterator[str]:
    text = line.texts[language]
    filled = ", ".join(f"`{each}`" for each in sorted(placeholders(text).values())) or "what stands in ⟨ ⟩"
    words = fragments(text)
    yield f"- **cannot be recorded in one piece**: {filled} is different in every call"
    if not words:
        yield "- nothing to record: the voice of the telephone company says it"
    for at, fragment in enumerate(words, 1):
        yield f"- fragment {at}: “{_escaped(fragment)}”, to `{line.suggested_stem}-part{at}.{language}.wav`"


def _shown(text: str) -> str:
    """The text with its placeholders marked, as Markdown that shows it as it is."""
    parts = (_escaped(part.text) if isinstance(part, Words) else _marked(part) for part in split(text))
    return "".join(parts)


def _marked(placeholder: Placeholder) -> str:
    return f"⟨{_escaped(placeholder.expression)}⟩"


_INLINE = re.compile(r"[\\`<\[]|(?<=\S)\*|\*(?=\S)|(?<!\w)_|_(?!\w)")
_AT_LINE_START = re.compile(r"^(\s*[0-9]*)(?:(?<=[0-9])([.)])|(?<![0-9])([#>+-]))", re.MULTILINE)


def _escaped(text: str) -> str:
    return _AT_LINE_START.sub(r"\1\\\2\3", _INLINE.sub(r"\\\g<0>", text))


def _seconds(text: str) -> float:
    return template_seconds(template(text, purpose=Purpose.SPEECH), {})

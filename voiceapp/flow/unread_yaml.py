"""Why a file is no YAML, in an author's words and where the mistake is, not where PyYAML noticed it.

PyYAML speaks of tokens and blocks, and often a line or more below the mistake: a quote that is never closed ends
at the next quote there is. Everything here runs only when a file could not be read, so it may read it once more.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import yaml
from yaml import tokens as sort

from voiceapp.flow.problems import Place
from voiceapp.flow.unread_words import SPACE_MISSING, in_plain_words

Why = tuple[Place, str]
"""Where a file cannot be read, and why not."""

BRACES = "a text that begins with {{ has to stand in quotes"
_OPEN_QUOTE = "this quote is not closed"
_CLOSERS = {"[": "]", "{": "}"}
_KEY_LINE = re.compile(r"[ \t]*(- +)*['\"]?[\w.*#-]+['\"]?:(\s|$)")
_NO_SPACE = re.compile(r"(- +)*([^\s:]+):(?!//)\S")


def unread(text: str, error: yaml.MarkedYAMLError) -> list[Why]:
    """Every reason that can be told why `text` is no YAML; at least one."""
    failure = _Failure.of(text, error)
    braces = failure.braces()
    if any(mark.line == failure.at.line or mark.index in failure.open_at() for mark in braces):
        return [(_place(mark), BRACES) for mark in braces]
    return [*((_place(mark), BRACES) for mark in braces), _why(failure)]


def lone_colon(key: str) -> str | None:
    """What is wrong with a key without a value, such as `1:b` in braces, or None."""
    return _without_space(key) if _NO_SPACE.match(key) else None


@dataclass(frozen=True)
class _Failure:
    """What PyYAML says, `at` which place, `since` where it has been `reading` something, and what it has read."""

    text: str
    says: str
    reading: str
    at: yaml.Mark
    since: yaml.Mark
    tokens: list[yaml.Token]

    @classmethod
    def of(cls, text: str, error: yaml.MarkedYAMLError) -> "_Failure":
        at = error.problem_mark or error.context_mark
        if at is None:
            raise error
        tokens = _tokens(text, at.index)
        return cls(text, error.problem or "", error.context or "", at, error.context_mark or at, tokens)

    def open_at(self) -> dict[int, yaml.Mark]:
        """The brackets and braces that nothing has closed, from the outermost to the innermost."""
        found: list[yaml.Mark] = []
        for token in self.before():
            if isinstance(token, sort.FlowSequenceStartToken | sort.FlowMappingStartToken):
                found.append(token.start_mark)
            elif isinstance(token, sort.FlowSequenceEndToken | sort.FlowMappingEndToken) and found:
                found.pop()
        return {mark.index: mark for mark in found}

    def braces(self) -> list[yaml.Mark]:
        """Where a text begins with `{{`."""
        starts = [token.start_mark for token in self.tokens if isinstance(token, sort.FlowMappingStartToken)]
        return [mark for mark in starts if self.text.startswith("{{", mark.index)]

    def before(self) -> list[yaml.Token]:
        """The signs and texts before the place of the failure, without what PyYAML concludes from indentation."""
        return [one for one in self.tokens if one.start_mark.index < min(one.end_mark.index, self.at.index)]

    def line(self, number: int) -> str:
        """A line of the file, counted from 0."""
        lines = re.split(r"\r\n|[\r\n\x85\u2028\u2029]", self.text)
        return lines[number] if number < len(lines) else ""

    def rest_of_line(self, mark: yaml.Mark) -> str:
        """What stands behind this place in its line."""
        return self.line(mark.line)[mark.column :]


def _tokens(text: str, until: int) -> list[yaml.Token]:
    found: list[yaml.Token] = []
    try:
        for token in yaml.scan(text):
            if token.start_mark.index > until:
                break
            found.append(token)
    except (yaml.YAMLError, ValueError, OverflowError):
        pass  # what was found until then is what there is to go by
    return found


def _why(failure: _Failure) -> Why:
    for finder in _FINDERS:
        found = finder(failure)
        if found:
            return found
    at_beginning, message = in_plain_words(failure.says, failure.reading)
    return _place(failure.since if at_beginning else failure.at), message


def _open_quote(failure: _Failure) -> Why | None:
    """A text in quotes that has swallowed the keys below it."""
    texts = [token for token in failure.before() if isinstance(token, sort.ScalarToken)]
    for token in (text for text in texts[-2:] if text.style in ("'", '"')):
        start, end = token.start_mark, token.end_mark
        goes_on = failure.rest_of_line(end).strip()
        if goes_on and goes_on[0] not in ",]}:#" and _swallows(failure.text[start.index : end.index]):
            return _place(start), _OPEN_QUOTE
    if "quoted scalar" in failure.reading:
        endless = failure.says in ("found unexpected end of stream", "found unexpected document separator")
        if endless or _swallows(failure.text[failure.since.index : failure.at.index]):
            return _place(failure.since), _OPEN_QUOTE
    return None


def _swallows(quoted: str) -> bool:
    return any(_KEY_LINE.match(line) for line in quoted.split("\n")[1:])


def _behind_something(failure: _Failure) -> Why | None:
    """A text that goes on behind its closing quote, or behind a closing bracket."""
    before = failure.before()
    last = before[-1] if before else None
    if last is None or last.end_mark.line != failure.at.line or not failure.says.startswith("expected "):
        return None
    if isinstance(last, sort.ScalarToken) and last.style in ("'", '"'):
        if last.value.rstrip().endswith((":", ",", " -")):
            return _place(last.start_mark), _OPEN_QUOTE
        inside = "an apostrophe is written twice ('')" if last.style == "'" else 'a quote is written \\"'
        where = "single" if last.style == "'" else "double"
        return _place(failure.at), f"the text in quotes has ended before this: inside {where} quotes {inside}"
    if isinstance(last, sort.FlowSequenceEndToken | sort.FlowMappingEndToken) and not failure.open_at():
        sign = failure.text[last.start_mark.index]
        return _place(failure.at), f"nothing can follow behind '{sign}': a text with brackets needs quotes"
    return None


def _open_bracket(failure: _Failure) -> Why | None:
    """A bracket or brace that nothing closes before the lines below it are keys again."""
    marks = list(failure.open_at().values())
    if not marks:
        return None
    innermost = marks[-1]
    sign = failure.text[innermost.index]
    if failure.at.index >= len(failure.text.rstrip()) or _ends_before(failure, innermost):
        return _place(innermost), f"this '{sign}' is not closed: its '{_CLOSERS[sign]}' is missing"
    found = failure.text[failure.at.index]
    if found in "]}" and found != _CLOSERS[sign]:
        return _place(failure.at), f"'{found}' stands here where '{_CLOSERS[sign]}' has to close the '{sign}'"
    return None


def _ends_before(failure: _Failure, opening: yaml.Mark) -> bool:
    """Whether a line down to the failure begins as far left as the line of the opening, whose value ends there."""
    margin = _indentation(failure.line(opening.line))
    for number in range(opening.line + 1, failure.at.line + 1):
        line = failure.line(number)
        if line.strip() and line.strip()[0] not in "]}#" and _indentation(line) <= margin:
            return True
    return False


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _missing_colon(failure: _Failure) -> Why | None:
    """A line that has no colon, or no space behind it: PyYAML takes the next line for the rest of it."""
    if failure.says == "could not find expected ':'":
        return _no_colon(failure, failure.since)
    texts = [token for token in failure.before() if isinstance(token, sort.ScalarToken)]
    if failure.says != "mapping values are not allowed here" or not texts:
        return None
    start = texts[-1].start_mark
    if start.line == failure.at.line or not texts[-1].plain:
        return None
    if re.fullmatch(r" *(- +)*", failure.line(start.line)[: start.column]):
        return _no_colon(failure, start)
    deeper = "this line is indented deeper than the key above it: keys that belong together begin in one column"
    return Place(failure.at.line + 1, _indentation(failure.line(failure.at.line)) + 1), deeper


def _no_colon(failure: _Failure, start: yaml.Mark) -> Why:
    written = failure.rest_of_line(start).partition(" #")[0].strip()
    if _NO_SPACE.match(written):
        return _place(start), _without_space(written)
    if " " in written:
        return _place(start), "a colon is missing in this line: behind a key stand a colon and a space"
    return _place(start), f"a colon is missing behind '{written}'"


def _without_space(written: str) -> str:
    key, _, value = written.partition(":")
    return f"{SPACE_MISSING}: write '{key}: {value}'"


def _backslash(failure: _Failure) -> Why | None:
    """What no backslash can stand before, at the backslash."""
    if "double-quoted" not in failure.reading:
        return None
    back = failure.text.rfind("\\", 0, failure.at.index)
    message = "this backslash means nothing: write it twice, or use single quotes"
    return Place(failure.at.line + 1, failure.at.column + 1 - (failure.at.index - back)), message


def _ended(failure: _Failure) -> Why | None:
    """Something below what was already a whole flow."""
    if not failure.says.startswith("expected '<document start>'"):
        return None
    first = next((token for token in failure.tokens if not isinstance(token, sort.StreamStartToken)), None)
    ends = [token for token in failure.tokens if isinstance(token, sort.DocumentEndToken)]
    if ends:
        line = ends[0].start_mark.line + 1
        return _place(failure.at), f"the flow has ended before this, at the '...' in line {line}"
    if isinstance(first, sort.BlockMappingStartToken) and first.start_mark.column > failure.at.column:
        line = first.start_mark.line + 1
        message = f"this line begins further left than the first key, in line {line}: indent both alike"
        return _place(failure.at), message
    return None


_FINDERS: tuple[Callable[[_Failure], Why | None], ...] = (
    _open_quote,
    _behind_something,
    _open_bracket,
    _missing_colon,
    _backslash,
    _ended,
)
"""From what explains most to what explains least."""


def _place(mark: yaml.Mark) -> Place:
    return Place(mark.line + 1, mark.column + 1)

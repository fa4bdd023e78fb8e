"""`# voiceapp: ignore VF105 the old menu is announced on paper`: what an author has judged and leaves as it is.

At the end of a line the comment is about that line, and about the text that ends there; alone on a line, about the
next one that holds something. Whether a `#` begins a comment is for YAML's scanner to say: in quotes, and in a
text of several lines, it does not.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import yaml
from yaml.tokens import ScalarToken, Token

from voiceapp.check.finding import Finding
from voiceapp.check.kinds import IGNORABLE, KINDS, NEEDLESS, NO_REASON, NO_SUCH_RULE, Kind
from voiceapp.flow.problems import Place

EXAMPLE = "# voiceapp: ignore VF101 and why"
_COMMENT = re.compile(r"#[^\r\n\x85\u2028\u2029]*")
_IGNORES = re.compile(
    r"(?i:#\s*voiceapp:\s*ignore\b)\s*(?P<ids>[\w-]+(?:\s*,\s*[\w-]+)*)?\s*(?:[:–—-]\s+)?(?P<reason>.*)"
)
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+(?=#)")


@dataclass(frozen=True)
class Ignore:
    """One comment: where it stands, the lines that it is about, the ids as written, and why (`""`: not said)."""

    place: Place
    lines: range
    ids: tuple[str, ...]
    reason: str


class _Comment(NamedTuple):
    """It begins at `at` in the file; `text` has its `#`; `before` and `after` are the tokens around it."""

    at: int
    text: str
    before: Sequence[Token]
    after: Sequence[Token]


def ignores(source: str) -> tuple[Ignore, ...]:
    """The ignoring comments of a file; none where it is not YAML."""
    if not _IGNORES.search(source):
        return ()
    try:
        tokens = [token for token in yaml.scan(source) if token.end_mark.index > token.start_mark.index]
    except yaml.YAMLError:
        return ()
    read = ((comment, _IGNORES.fullmatch(comment.text)) for comment in _comments(source, tokens))
    return tuple(_ignore(source, comment, found) for comment, found in read if found)


def _comments(source: str, tokens: Sequence[Token]) -> Iterator[_Comment]:
    """What stands between the tokens, and behind the `|` or `>` of a text of several lines."""
    end = 0
    for at, token in enumerate((*tokens, None)):
        until = len(source) if token is None else token.start_mark.index
        for found in _COMMENT.finditer(source, end, until):
            yield _Comment(found.start(), found[0], tokens[:at], tokens[at:])
        if token is not None:
            end = token.end_mark.index
            if _is_block(token) and (header := _BLOCK_HEADER.match(source, until)):
                text = _COMMENT.match(source, header.end())
                yield _Comment(header.end(), text[0] if text else "", tokens[: at + 1], tokens[at + 1 :])


def _is_block(token: Token) -> bool:
    return isinstance(token, ScalarToken) and token.style in ("|", ">")


def _ignore(source: str, comment: _Comment, found: re.Match[str]) -> Ignore:
    line, column = _position(source, comment.at)
    ids = tuple(re.split(r"\s*,\s*", found["ids"])) if found["ids"] else ()
    return Ignore(Place(line, column), _lines(line, comment), ids, found["reason"].strip())


def _position(source: str, index: int) -> tuple[int, int]:
    before = re.split(r"\r\n|[\r\n\x85\u2028\u2029]", source[:index])
    return len(before), len(before[-1]) + 1


def _lines(line: int, comment: _Comment) -> range:
    """The lines that a comment on this line is about."""
    here = [token for token in comment.before if line - 1 in (token.start_mark.line, _last_line(token))]
    if here:
        return range(min(token.start_mark.line for token in here) + 1, line + 1)
    if not comment.after:
        return range(0)
    following = comment.after[0].start_mark.line + 1
    return range(following, following + 1)


def _last_line(token: Token) -> int:
    """A text of several lines under `|` or `>` has its comment in the first of them."""
    return int(token.start_mark.line if _is_block(token) else token.end_mark.line)


def judged(
    found: Iterable[Finding], comments: Sequence[Ignore], file: str, looked: Collection[str]
) -> Iterator[Finding]:
    """The findings of one file, with a reason where a comment ignores them; and what is wrong with the comments.
    `looked` are the ids of the rules that looked: an ignore of one of these that ignores nothing is needless."""
    used: set[tuple[Ignore, str]] = set()
    for finding in found:
        about = [one for one in comments if finding.place.line in one.lines and finding.rule in one.ids]
        used |= {(one, finding.rule) for one in about}
        reason = next((one.reason for one in about if one.reason), "")
        yield replace(finding, ignored=reason) if finding.rule in IGNORABLE else finding
    for one in comments:
        yield from _wrong(one, file)
        for rule in one.ids:
            if one.reason and rule in looked and rule in IGNORABLE and (one, rule) not in used:
                yield _said(NEEDLESS, one, file, f"nothing is found here that is {rule}", "take the comment out")


def _wrong(one: Ignore, file: str) -> Iterator[Finding]:
    if not one.ids:
        yield _said(NO_SUCH_RULE, one, file, "an ignore has to name what it ignores", f"write it as {EXAMPLE}")
    elif not one.reason and any(rule in IGNORABLE for rule in one.ids):
        message = "an ignore needs a reason, and counts for nothing without one"
        yield _said(NO_REASON, one, file, message, f"write the reason behind {one.ids[-1]}")
    known = {kind.id for kind in KINDS}
    for rule in one.ids:
        if rule not in known:
            yield _said(NO_SUCH_RULE, one, file, f"there is no rule '{rule}'", f"write it as {EXAMPLE}")
        elif rule not in IGNORABLE:
            message = f"{rule} cannot be ignored"
            yield _said(NO_SUCH_RULE, one, file, message, "take the comment out, and the mistake if it is there")


def _said(kind: Kind, one: Ignore, file: str, message: str, fix: str) -> Finding:
    return Finding(file, one.place, kind.id, kind.severity, (), message, fix)

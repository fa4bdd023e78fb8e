"""VF303: a variable that is heard in one language and not in another."""

from collections.abc import Collection, Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.words.pieces import said, whole_prompts
from voiceapp.check.words.placeholders import Variable, printed, variables
from voiceapp.flow.problems import Path, listed
from voiceapp.flow.prompts import Prompt


def _look(subject: Subject) -> Iterator[Remark]:
    first, *others = subject.flow.head.languages
    for path, _, prompt in whole_prompts(subject.flow):
        own = _variables(prompt, first, path)
        for other in others:
            theirs = _variables(prompt, other, path)
            if own is not None and theirs is not None:
                yield from _missing(own - _related(own, theirs), first, other, _place(prompt, other, path))
                yield from _missing(theirs - _related(theirs, own), other, first, _place(prompt, first, path))


def _missing(missing: Collection[Variable], says: str, lacks: str, place: Path) -> Iterator[Remark]:
    if missing:
        names = listed(sorted("{{ " + ".".join(variable) + " }}" for variable in missing))
        yield Remark(
            place,
            f"callers in {lacks} do not hear {names}, which is said in {says}",
            "put it into this text too, or take it out of the other",
        )


def _variables(prompt: Prompt, language: str, path: Path) -> frozenset[Variable] | None:
    """What is heard of variables in this language; None where a sound's words are not known."""
    found: set[Variable] = set()
    for _, text in said(prompt, language, path):
        if text is None:
            return None
        for expression in printed(text.text):
            found.update(_plain(variable, language) for variable in variables(expression))
    return frozenset(found) - {("language",)}


def _plain(variable: Variable, language: str) -> Variable:
    """Without the language in its names, since data has often one for each: `title_en`, `titles.en`."""
    own = language.lower().split("-")
    return tuple("_".join(part for part in key.split("_") if part not in own) for key in variable)


def _related(these: Collection[Variable], others: Collection[Variable]) -> frozenset[Variable]:
    """Those that the others have too, or have in a form of their own: `first_name` and `first_name_vocative`."""
    return frozenset(one for one in these if any(_same(one, other) or _same(other, one) for other in others))


def _same(one: Variable, other: Variable) -> bool:
    return one == other or (one[:-1] == other[:-1] and other[-1].startswith(f"{one[-1]}_"))


def _place(prompt: Prompt, language: str, path: Path) -> Path:
    """Where this language's own words stand."""
    places = [inner for inner, _ in said(prompt, language, path)]
    return next((place for place in places if language in place[len(path) :]), path)


DIFFERING_PLACEHOLDERS = Rule(
    "VF303",
    Severity.WARNING,
    "placeholders that differ between languages",
    "Callers of one language are not told what the others are: a name, an amount, a date.",
    _look,
)

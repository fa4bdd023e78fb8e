"""How long a text takes to speak: an estimate, since every voice has its own pace.

Measured with eSpeak NG at its own pace (175 words a minute) over voiceapp's own sentences in 13 languages: 13
(Polish) to 18 (French) characters a second, spaces and pauses included, 15 in the middle. Digits took 0.3 to 0.6
seconds each. Scripts with a sign for each syllable: 5 syllables a second, as Mandarin is read (Pellegrino, Coupé
and Marsico 2011, "A cross-language perspective on speech information rate").
"""

import re
from collections.abc import Iterable, Mapping
from unicodedata import east_asian_width

from jinja2 import nodes

from voiceapp.check.words.placeholders import Variable, syntax, variables
from voiceapp.flow.templates import Template

CHARACTER = 1 / 15
DIGIT = 0.5
SYLLABLE_SIGN = 1 / 5
"""Seconds each."""

_DIGIT = re.compile(r"\d")

UNKNOWN = 12 * CHARACTER
"""Seconds for a value of which nothing is known: a word or two, as a name has."""

_DIGITS_UNKNOWN = 8
_FILTERED: Mapping[str, float] = {
    "money": 2.0,
    "date": 2.0,
    "time": 1.5,
    "ordinal": 0.7,
    "first": 0.3,
    "last": 0.3,
}
"""Seconds for what these filters make."""


def text_seconds(text: str) -> float:
    """How long a fixed text takes."""
    plain = " ".join(text.split())
    seconds = len(plain) * CHARACTER + len(_DIGIT.findall(plain)) * (DIGIT - CHARACTER)
    if plain.isascii():
        return seconds
    return seconds + (SYLLABLE_SIGN - CHARACTER) * sum(east_asian_width(sign) == "W" for sign in plain)


def template_seconds(text: Template, typical: Mapping[Variable, str]) -> float:
    """How long a text with variables takes at its longest; `typical` are values that some of them may have."""
    if text.literal:
        return text_seconds(text.source)
    return _all(syntax(text.source).body, typical)


def _all(several: Iterable[nodes.Node], typical: Mapping[Variable, str]) -> float:
    return sum(_node(node, typical) for node in several)


def _node(node: nodes.Node, typical: Mapping[Variable, str]) -> float:
    match node:
        case nodes.TemplateData(data=data):
            return text_seconds(data)
        case nodes.Output(nodes=parts):
            return _all(parts, typical)
        case nodes.If(body=body, elif_=others, else_=otherwise):
            return max(_all(body, typical), _all(otherwise, typical), *(_node(other, typical) for other in others))
        case nodes.CondExpr(expr1=one, expr2=other):
            return max(_node(one, typical), 0 if other is None else _node(other, typical))
        case nodes.Const(value=value):
            return text_seconds(str(value))
        case nodes.Concat(nodes=parts):
            return _all(parts, typical)
        case nodes.Filter(name="digits", node=nodes.Node() as inner):
            return DIGIT * max((_length(variable, typical) for variable in variables(inner)), default=0)
        case nodes.Filter(name=name) if name in _FILTERED:
            return _FILTERED[name]
        case _:
            return max((_value(variable, typical) for variable in variables(node)), default=UNKNOWN)


def _length(variable: Variable, typical: Mapping[Variable, str]) -> int:
    return len(typical[variable]) if variable in typical else _DIGITS_UNKNOWN


def _value(variable: Variable, typical: Mapping[Variable, str]) -> float:
    return text_seconds(typical[variable]) if variable in typical else UNKNOWN

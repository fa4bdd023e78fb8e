"""Which keys a text tells callers to press: a key that stands right behind a word for pressing, in any language.

A prompt of one language often speaks another ("Pour le français, tapez 2"), so the words of all are looked for
everywhere. Only what an author wrote out counts, nothing of a variable.
"""

import re
from collections.abc import Iterator

from voiceapp.flow.templates import Template

PRESS = (
    # en
    "press",
    "push",
    # fr
    "tapez",
    "taper",
    "appuyez",
    "appuyer",
    "pressez",
    # de
    "drücken",
    "drücke",
    # it
    "prema",
    "premi",
    "premere",
    # es
    "pulse",
    "pulsa",
    "pulsar",
    "oprima",
    "oprime",
    "presione",
    # pt
    "prima",
    "pressione",
    "carregue",
    "aperte",
    "tecle",
    # el
    "πατήστε",
    "πατήσετε",
    "πάτησε",
    "πιέστε",
    # nl
    "toets",
    "druk",
    # pl
    "naciśnij",
    "nacisnąć",
    "wciśnij",
    # hu
    "nyomja",
    "nyomd",
    # sv
    "tryck",
    # ru
    "нажмите",
    "нажать",
    # bg
    "натиснете",
)
"""The words that `voiceapp.flow.phrases` uses, and the others that people write in these languages. Words that may
also mean to dial or to enter ("dial 112", "enter 4 digits") are not among them."""

_BETWEEN = (
    *("the", "key", "button", "number", "digit", "on"),
    *("le", "la", "sur", "touche", "chiffre", "bitte", "sie", "die", "taste"),
    *("il", "lo", "tasto", "numero", "el", "tecla", "número", "o", "a", "no", "na", "em"),
    *("το", "τον", "πλήκτρο", "αριθμό", "de", "een", "op", "klawisz", "przycisk"),
    *("meg", "az", "på", "siffran", "knappen", "на", "цифру", "клавишу", "кнопку", "клавиш", "бутон"),
)
"""What may stand between such a word and its key."""

_COUNTED = (
    *("times", "digits", "keys", "seconds", "fois", "chiffres", "touches", "secondes"),
    *("mal", "ziffern", "tasten", "sekunden", "volte", "cifre", "tasti", "secondi"),
    *("veces", "cifras", "dígitos", "teclas", "segundos", "vezes", "algarismos"),
    *("φορές", "ψηφία", "πλήκτρα", "δευτερόλεπτα", "keer", "cijfers", "toetsen", "seconden"),
    *("razy", "cyfr", "cyfry", "klawisze", "sekund", "sekundy", "számjegyet", "gånger", "siffror", "knappar"),
    *("раз", "раза", "цифр", "цифры", "секунд", "секунды", "пъти", "цифри", "секунди"),
)
"""What a number is followed by that is no key but counts something."""

_GAP = "\0"
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ANNOUNCED = re.compile(
    rf"(?<!\w)(?:{'|'.join(PRESS)})(?:\s+(?:{'|'.join(_BETWEEN)}))*\s+['\"«„“]?"
    rf"(?P<keys>[0-9]{{1,2}}|[*#])(?![\w*#{_GAP}]|[.,:/][0-9]|\s+(?:{'|'.join(_COUNTED)})(?!\w))",
    re.IGNORECASE,
)


def announced(text: Template) -> Iterator[str]:
    """The keys that a text tells callers to press, each once, in its order."""
    words = _TAG.sub(_GAP, text.source)
    yield from dict.fromkeys(found["keys"] for found in _ANNOUNCED.finditer(words))

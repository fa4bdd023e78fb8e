"""By which words a language is known in a sentence: the small ones that prompts are full of.

Words that two of these languages share count for both, so they are left out as far as possible.
"""

import re
from collections.abc import Mapping

_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the an and of to for is are was you your our please press this that with will be have hear",
        "fr": "le la les un une des et ou du pour est sont nous vous votre notre veuillez tapez appuyez sur cette",
        "de": "der das ein eine und oder von für ist sind wir sie ihr ihre unser bitte drücken mit wird haben",
        "it": "il lo la gli un una di del per è sono noi voi lei suo nostro prego prema premere con questo questa",
        "es": "el la los las un una del para es son nosotros usted su nuestro por favor pulse marque con este",
        "pt": "os um uma ou da para é são nós você seu nosso por favor prima tecle com este esta não",
        "el": "ο η το οι τα ένα μια και ή για είναι σας μας παρακαλώ παρακαλούμε πατήστε με από στο στη την τον",
        "nl": "de het een voor zijn wij uw onze alstublieft toets druk dit deze wordt hebben niet",
        "pl": "lub albo dla jest są naszym pan pani nasz proszę prosimy naciśnij aby ten ta nie się oraz",
        "hu": "az egy és vagy van vagyunk ön önnek kérjük kérem nyomja meg nem hogy ezt fel",
        "sv": "ett och eller av för är vi er vår vänligen tryck med det här som att har inte",
        "ru": "и или для это мы вы ваш вас нас пожалуйста нажмите на в с не по чтобы как наш",
        "bg": "и или за са ние вие ваш вас нас моля натиснете на в с не да се това от",
    }.items()
}


def shows(text: str, language: str, least: int) -> bool | None:
    """Whether at least so many of this language's words are in a text; None for a language not listed here."""
    known = _WORDS.get(language.partition("-")[0])
    if known is None:
        return None
    return len(known & set(re.findall(r"[^\W\d_]+", text.lower()))) >= least

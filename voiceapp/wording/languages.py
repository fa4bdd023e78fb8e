"""Languages that exist."""

from voiceapp.flow.prompts import LANGUAGE, language_hint


def no_language(word: str) -> str | None:
    """Why this is no language, for whoever wrote it; None when it is one: one that people speak, in a place that
    there is."""
    from babel import Locale  # slow to import

    if not LANGUAGE.fullmatch(word):
        return f"'{word}' is no language{language_hint(word)}"
    language, _, place = word.partition("-")
    english = Locale("en")
    if language not in english.languages:
        return f"'{word}' is no language: there is no '{language}'"
    return None if place in english.territories else f"'{word}' is no language: there is no place '{place}'"


def is_meant_as_one(word: str) -> bool:
    """Whether whoever wrote this word will have meant a language: `en_gb`, `fr-FE` or `de`, but not `Remarks`."""
    from babel import Locale  # slow to import

    language, _, place = word.replace("_", "-").partition("-")
    return bool(LANGUAGE.fullmatch(f"{language.lower()}-{place.upper()}")) or word in Locale("en").languages

"""CALLR's voices, by language and gender: the list of its "JSON objects" page, generated 2021-04 [OBJ].

A newer list can be asked of `media/tts.get_voice_list`; what is missing here is named by a flow's `voice:`
or by the setting VOICEAPP_CALLR_VOICES.
"""

from collections.abc import Mapping

from voiceapp.flow.problems import nearest

VOICES: Mapping[str, Mapping[str, str]] = {
    "de-DE": {"female": "TTS_DE-DE_ANNA", "male": "TTS_DE-DE_YANNICK"},
    "en-GB": {"female": "TTS_EN-GB_SERENA", "male": "TTS_EN-GB_DANIEL"},
    "fr-FR": {"female": "TTS_FR-FR_AUDREY", "male": "TTS_FR-FR_THOMAS"},
    "it-IT": {"female": "TTS_IT-IT_SILVIA", "male": "TTS_IT-IT_PAOLO"},
    "nl-BE": {"female": "TTS_NL-BE_ELLEN"},
    "nl-NL": {"female": "TTS_NL-NL_CLAIRE", "male": "TTS_NL-NL_XANDER"},
}

FURTHER = frozenset({"TTS_FR-FR_SEBASTIEN", "TTS_FR-FR_VIRGINIE"})
"""The rest of that list."""

LAST_RESORT = "TTS_EN-GB_SERENA"
"""For a language without any known voice: a valid command with a wrong accent is heard, an invalid one is not."""


def voice_name(language: str, voice: str, configured: Mapping[str, str]) -> str:
    """The voice for a language; `voice` is a gender, a voice's own name, or `""` for any."""
    if voice.startswith("TTS_"):
        return voice
    if language in configured:
        return configured[language]
    voices = VOICES.get(language) or _same_speech(language)
    if voices is None:
        return LAST_RESORT
    return voices.get(voice) or next(iter(voices.values()))


def known(language: str, configured: Mapping[str, str]) -> bool:
    """Whether CALLR is known to speak this language."""
    return language in configured or language in VOICES or _same_speech(language) is not None


def voice_doubt(language: str, voice: str) -> str:
    """Why a caller in this language may not hear this voice of a flow; `""` when nothing is known against it."""
    if voice in ("female", "male"):
        return ""
    if not voice.startswith("TTS_"):
        return f"callers do not hear '{voice}' on CALLR, whose voices are named TTS_…; another speaks"
    spoken = voice.removeprefix("TTS_").partition("_")[0].partition("-")[0].lower()
    if spoken != language.partition("-")[0]:
        return f"callers hear {language} with a foreign accent: CALLR's {voice} speaks another language"
    offered = FURTHER | {name for voices in VOICES.values() for name in voices.values()}
    tongue = {name for name in offered if name.startswith(f"TTS_{spoken.upper()}-")}
    if not tongue or voice in tongue:
        return ""
    return f"callers may hear nothing: CALLR names no voice {voice}{nearest(voice, tongue)}"


def _same_speech(language: str) -> Mapping[str, str] | None:
    spoken = language.split("-", maxsplit=1)[0]
    return next((voices for other, voices in VOICES.items() if other.split("-")[0] == spoken), None)

"""CALLR's media library and its voices.

Sources: docs.callr.com, "JSON objects" (Media.Library, Media.TTS.Options) and the pages of `media/library` and
`media/tts`: audio is base64 of a WAV, PCM with 16 bits. Inferred: an id's first value, `true` as the result of
setting content, a list of names as the list of voices, that content is converted after the answer.
"""

import base64
import binascii
import io
import wave
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from voiceapp.emulators.callr_commands import VOICES
from voiceapp.emulators.platforms.background import Background
from voiceapp.emulators.platforms.callr.rpc import wrong_value
from voiceapp.emulators.platforms.callr.webhooks import Webhooks

_FIRST_ID = 1001
_CHARACTERS_PER_SECOND = 15


class TtsOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rate: Annotated[int, Meta(ge=1, le=100)] = 50


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """Media.Library; `duration` is in seconds."""

    category: list[str] = []
    content: str = ""
    duration: int = 0
    hash: str
    id: int
    is_editable: bool = True
    language: list[str] = []
    name: str
    status: Literal["PENDING_CONTENT", "PENDING_CONVERSION", "READY"] = "PENDING_CONTENT"
    tags: dict[str, Any] = {}
    url: str = ""
    voice: str | None = None


class MediaLibrary:
    """The library of an account; `audio` has what was uploaded, by id."""

    def __init__(self, webhooks: Webhooks, background: Background) -> None:
        self.audio: dict[int, bytes] = {}
        self._media: dict[int, Media] = {}
        self._webhooks = webhooks
        self._background = background

    def create(self, name: str) -> int:
        """`media/library.create`."""
        id_ = _FIRST_ID + len(self._media)
        self._media[id_] = Media(hash=f"M{id_:07}", id=id_, name=name)
        return id_

    def get(self, id_: int) -> Media:
        """`media/library.get`."""
        if id_ not in self._media:
            raise wrong_value("id")
        return self._media[id_]

    def get_list(self, categories: list[str] | None) -> dict[str, Media]:
        """`media/library.get_list`: by id."""
        wanted = set(categories or ())
        return {str(id_): media for id_, media in self._media.items() if wanted <= set(media.category)}

    def set_content(self, id_: int, text: str, audio: str) -> bool:
        """`media/library.set_content`."""
        self.get(id_)
        try:
            data = base64.b64decode(audio, validate=True)
            with wave.open(io.BytesIO(data)) as file:
                wide, seconds = file.getsampwidth(), file.getnframes() / file.getframerate()
        except (binascii.Error, wave.Error, EOFError, ZeroDivisionError):
            raise wrong_value("audio") from None
        if wide != 2:
            raise wrong_value("audio")
        self.audio[id_] = data
        self._convert(id_, text, round(seconds), None)
        return True

    def set_speech(self, id_: int, text: str, voice: str, options: TtsOptions | None) -> bool:
        """`media/tts.set_content`."""
        self.get(id_)
        if voice not in VOICES:
            raise wrong_value("voice")
        if not text:
            raise wrong_value("text")
        self._convert(id_, text, len(text) // _CHARACTERS_PER_SECOND + 1, voice)
        return True

    def voices(self) -> tuple[str, ...]:
        """`media/tts.get_voice_list`."""
        return VOICES

    def _convert(self, id_: int, text: str, seconds: int, voice: str | None) -> None:
        self._media[id_] = msgspec.structs.replace(
            self._media[id_], content=text, duration=seconds, voice=voice, status="PENDING_CONVERSION"
        )
        self._background.spawn(self._ready(id_))

    async def _ready(self, id_: int) -> None:
        self._media[id_] = msgspec.structs.replace(self._media[id_], status="READY")
        self._webhooks.tell("media.library.status_update", self._media[id_])

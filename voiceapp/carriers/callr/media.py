"""CALLR's services `media/library` and `media/tts`: sounds that are kept there, played by their number."""

import msgspec

from voiceapp.carriers.asking import record, word
from voiceapp.carriers.callr.rpc import Rpc, a_list, a_number, done
from voiceapp.carriers.callr.wire import text


class Voice(msgspec.Struct, frozen=True):
    """A voice that CALLR speaks with. Its fields other than the id are not documented: `""` where not told."""

    id: str
    language: str = ""
    gender: str = ""


class Media:
    """Makes sounds. A new one may be played when CALLR has worked on it; `status` says READY then."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc

    async def create(self, name: str) -> int:
        """A new sound without content; its number."""
        return await self._rpc.call("media/library.create", [name], a_number)

    async def status(self, media: int) -> str:
        """PENDING_CONTENT, PENDING_CONVERSION, PROCESSING, READY or ERROR."""
        return await self._rpc.call("media/library.get", [media], _status, reads=True)

    async def set_content(self, media: int, said: str, wav: str) -> None:
        """Give a sound its content: what is said in it, and a WAV (PCM, 16 bit) in base64."""
        await self._rpc.call("media/library.set_content", [media, said, wav], done)

    async def speak(self, media: int, said: str, voice: str, *, rate: int = 50) -> None:
        """Give a sound its content by `tts.set_content`: a voice says this, at a rate of 1 to 100."""
        await self._rpc.call("media/tts.set_content", [media, said, voice, {"rate": rate}], done)

    async def voices(self) -> tuple[Voice, ...]:
        """The voices of `tts.get_voice_list`; the form of its result is inferred, a list of ids is taken too."""
        return await self._rpc.call("media/tts.get_voice_list", [], _voices, reads=True)


def _status(result: object) -> str | None:
    return word(record(result).get("status")) or None


def _voices(result: object) -> tuple[Voice, ...] | None:
    if not isinstance(result, list):
        return None
    spoken = [Voice(item) for item in result if isinstance(item, str) and item]
    for item in a_list(result) or ():
        name = text(item.get("id")) or word(item.get("name")) or word(item.get("voice"))
        if name:
            spoken.append(Voice(name, word(item.get("language")), word(item.get("gender"))))
    return tuple(spoken)

"""CALLR's apps, numbers, media and records."""

import base64
import io
import wave
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from tests.emulators.callr_replies import HANG_UP, command
from tests.emulators.platforms.clients import TARGET, CallrClient, Hooks, callr_client
from voiceapp.emulators.callr_commands import VOICES
from voiceapp.emulators.platforms.records import silent_wav

WAV = base64.b64encode(silent_wav(3)).decode()


def _wav_of_8_bits() -> str:
    file = io.BytesIO()
    with wave.open(file, "wb") as audio:
        audio.setparams((1, 1, 8000, 0, "NONE", ""))
        audio.writeframes(bytes(8000))
    return base64.b64encode(file.getvalue()).decode()


WAV_OF_8_BITS = _wav_of_8_bits()


async def test_an_app_from_its_creation_to_its_end(callr: CallrClient) -> None:
    params = {"url": "https://a.example/hook", "login": "l", "password": "p"}
    app = await callr("apps.create", "REALTIME10", "flow", params)
    assert app["p"] == {**params, "data_format": "JSON"}
    assert app["package"] == {"name": "REALTIME10", "type": "THEDIALR", "has_did": True}
    assert (app["did"], len(app["hash"])) == ([], 8)
    edited = await callr("apps.edit", app["hash"], None, {"url": "https://b.example/hook"})
    assert (edited["name"], edited["p"]["url"], edited["p"]["login"]) == ("flow", "https://b.example/hook", "l")
    assert (await callr("apps.edit", app["hash"], "other", None))["name"] == "other"
    (did,) = await callr("apps.get_dids", True)
    assert await callr("apps.assign_did", app["hash"], did["hash"]) is True
    assert [did["app"] for did in (await callr("apps.get", app["hash"]))["did"]] == [app["hash"]]
    assert await callr("apps.get_dids", True) == []
    assert await callr("apps.delete", app["hash"]) is True
    assert (await callr("apps.get_list", False), await callr("apps.get_dids", True)) == ([], [did])
    assert await callr.error("apps.get", app["hash"]) == (151, "PROPERTY_VALUE_ERROR [hash]")


APPS_REFUSED: dict[str, tuple[tuple[Any, ...], tuple[int, str]]] = {
    "unknown type": (("REALTIME99", "x", None), (151, "Oops, Internal Error")),
    "url": (("REALTIME10", "x", {"url": "a.example"}), (151, "PROPERTY_VALUE_ERROR [params.url]")),
    "login": (("REALTIME10", "x", {"login": 1}), (151, "PROPERTY_TYPE_ERROR [params.login]")),
    "attempts": (
        ("CLICKTOCALL10", "x", {"options": {"A_attempts": 6}}),
        (151, "PROPERTY_VALUE_ERROR [params.options.A_attempts]"),
    ),
    "name": (("REALTIME10", None, None), (151, "PROPERTY_VALUE_ERROR [name]")),
}


@pytest.mark.parametrize("case", APPS_REFUSED.values(), ids=APPS_REFUSED)
async def test_an_app_is_refused(callr: CallrClient, case: tuple[tuple[Any, ...], tuple[int, str]]) -> None:
    params, refusal = case
    assert await callr.error("apps.create", *params) == refusal
    assert await callr("apps.get_list", True) == []


async def test_searches() -> None:
    async with callr_client(dids=["+33111111111", "+33222222222", "+44333333333"]) as callr:
        for name in ("a", "b", "b"):
            await callr("apps.create", "ACTIONS10", name, {"format": "YAML", "script": ""})
        found = await callr("apps.search", {"name": "b"}, {"quantity": 1})
        assert (found["total"], found["has_more"], len(found["hits"])) == (2, True, 1)
        last = await callr("apps.search", None, {"offset": 2})
        assert (last["total"], last["has_more"], last["hits"][0]["name"]) == (3, False, "b")
        dids = (await callr("did.search", None, None))["hits"]
        assert [(did["intl_number"], did["country_code"]) for did in dids] == [
            ("+33111111111", "FR"),
            ("+33222222222", "FR"),
            ("+44333333333", "GB"),
        ]
        assert (await callr("did.search", {"hash": dids[1]["hash"]}, None))["hits"] == [dids[1]]
        assert await callr("apps.get_authorized_clis", ["CALL"]) == [did["intl_number"] for did in dids]
        assert await callr.error("apps.assign_did", "x", dids[0]["hash"]) == (151, "PROPERTY_VALUE_ERROR [hash]")
        assert await callr.error("apps.remove_did", "x") == (151, "PROPERTY_VALUE_ERROR [did]")


async def test_media(callr: CallrClient) -> None:
    media = await callr("media/library.create", "welcome")
    assert (await callr("media/library.get", media))["status"] == "PENDING_CONTENT"
    assert await callr("media/library.set_content", media, "Welcome", WAV) is True
    spoken = await callr("media/library.create", "bye")
    assert await callr("media/tts.set_content", spoken, "Goodbye", VOICES[0], {"rate": 60}) is True
    await callr.platform.idle()
    listed = await callr("media/library.get_list", None)
    shown = {key: (one["status"], one["content"], one["duration"], one["voice"]) for key, one in listed.items()}
    assert shown == {
        str(media): ("READY", "Welcome", 3, None),
        str(spoken): ("READY", "Goodbye", 1, VOICES[0]),
    }
    assert callr.platform.audio == {media: silent_wav(3)}
    assert await callr("media/library.get_list", ["MUSIC"]) == {}
    assert await callr("media/tts.get_voice_list") == list(VOICES)


MEDIA_REFUSED: dict[str, tuple[str, tuple[Any, ...], str]] = {
    "unknown id": ("media/library.set_content", (5, "", WAV), "id"),
    "no base64": ("media/library.set_content", (1001, "", "?"), "audio"),
    "no WAV": ("media/library.set_content", (1001, "", "AAAA"), "audio"),
    "8 bits": ("media/library.set_content", (1001, "", WAV_OF_8_BITS), "audio"),
    "unknown voice": ("media/tts.set_content", (1001, "Hi", "TTS_EN-US_JOE", None), "voice"),
    "no text": ("media/tts.set_content", (1001, "", VOICES[0], None), "text"),
    "rate": ("media/tts.set_content", (1001, "Hi", VOICES[0], {"rate": 101}), "options.rate"),
}


@pytest.mark.parametrize("case", MEDIA_REFUSED.values(), ids=MEDIA_REFUSED)
async def test_media_are_refused(callr: CallrClient, case: tuple[str, tuple[Any, ...], str]) -> None:
    method, params, name = case
    assert await callr("media/library.create", "x") == 1001
    assert await callr.error(method, *params) == (151, f"PROPERTY_VALUE_ERROR [{name}]")


async def test_which_records_are_given(hooks: Hooks) -> None:
    async with callr_client(now=lambda: datetime(2026, 3, 2, 10, 0, 30, tzinfo=UTC)) as callr:
        app = await callr.realtime_app(hooks.url)
        await callr("calls.realtime", app, TARGET, None)
        await callr.platform.idle()
        at, before, after = "2026-03-02 10:00:30", "2026-03-02 10:00:29", "2026-03-02 10:00:31"
        asked: list[tuple[Any, int]] = [
            (("OUT", at, at, None, None), 1),
            (("OUT", before, after, app, TARGET["number"]), 1),
            (("OUT", before, before, None, None), 0),
            (("OUT", after, after, None, None), 0),
            (("OUT", before, after, "OTHER", None), 0),
            (("OUT", before, after, None, "+331"), 0),
            (("IN", before, after, None, None), 0),
        ]
        for params, count in asked:
            assert len(await callr("cdr.get", *params)) == count, params
        assert (await callr("cdr.get", "OUT", at, at, None, None))[0]["start"] == at
        assert await callr.error("cdr.get", "OUT", after, before, None, None) == (151, "TO_BEFORE_FROM")
        refused = (151, "PROPERTY_VALUE_ERROR [from]")
        assert await callr.error("cdr.get", "OUT", "2026-03-02", after, None, None) == refused
        assert (await callr.error("cdr.get", "BOTH", at, at, None, None))[1] == "PROPERTY_VALUE_ERROR [type]"


async def test_recordings_can_be_had(hooks: Hooks) -> None:
    async with callr_client(public_url="http://callr.example") as callr:
        base = callr.url.removesuffix("/json-rpc/v1.1/")
        hooks.reply(command("record", max_duration=9, silence=2), command("start_call_recording"), HANG_UP)
        await callr("webhooks.subscribe", "media.recording.new", hooks.told_url, None)
        await callr("calls.realtime", await callr.realtime_app(hooks.url), TARGET, None)
        await callr.platform.idle()
        recordings = [event["data"] for event in hooks.told]
        assert [(one["type"], one["callid"]) for one in recordings] == [
            ("RECORDING", hooks.posts[0]["callid"]),
            ("CALL", hooks.posts[0]["callid"]),
        ]
        async with aiohttp.ClientSession() as session:
            url = recordings[0]["url"].replace("http://callr.example", base)
            async with session.get(f"{url}.{recordings[0]['url_exts'][0]}") as reply:
                assert await reply.read() == silent_wav()
            async with session.get(f"{base}/recordings/NONE.wav") as reply:
                assert reply.status == 404

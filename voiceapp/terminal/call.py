"""`voiceapp call`: a telephone in the terminal, on a running server or on one started for this call."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from voiceapp import logs
from voiceapp.emulators.caller import Caller, ScriptedCaller, TerminalCaller
from voiceapp.emulators.phone import CallNotPlaced, place_call
from voiceapp.emulators.transcript import Transcript
from voiceapp.errors import OperatorError
from voiceapp.settings import Settings, load
from voiceapp.terminal.serve import listening

CarrierName = Literal["callr", "routee"]


async def call(
    settings: Settings,
    *,
    flow: str,
    carrier: CarrierName,
    keys: str | None,
    url: str | None,
    inputs: Mapping[str, str],
    from_number: str,
    to_number: str,
    show: Callable[[str], None],
) -> Transcript:
    """Calls a flow; `keys` is the script of a caller (None: ask at the terminal). Raises OperatorError when
    the call cannot be placed."""
    caller: Caller = TerminalCaller(show) if keys is None else ScriptedCaller(keys)

    async def place(at: str) -> Transcript:
        try:
            return await place_call(
                at,
                carrier=carrier,
                flow=flow,
                caller=caller,
                from_number=from_number,
                to_number=to_number,
                login=settings.callr_login,
                password=settings.callr_password.get_secret_value() if settings.callr_password else "",
                secret=settings.routee_secret.get_secret_value() if settings.routee_secret else "",
                inputs=inputs,
                show=show,
            )
        except CallNotPlaced as error:
            raise OperatorError(str(error)) from None

    if url is not None:
        return await place(url)
    with tempfile.TemporaryDirectory() as folder:
        own = _for_one_call(settings, Path(folder))
        logs.configure("text")
        async with listening(own) as (_, own_url):
            return await place(own_url)


def _for_one_call(settings: Settings, folder: Path) -> Settings:
    port = _free_port()
    overrides = {
        "flows": settings.flows,
        "host": "127.0.0.1",
        "port": port,
        "public_url": f"http://127.0.0.1:{port}",
    }
    return load({**overrides, "db": f"sqlite+aiosqlite:///{folder / 'call.db'}"})


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

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
from voiceapp.flow.library import AUDIO, with_those_run
from voiceapp.flow.problems import nearest
from voiceapp.service.served_flows import misfits_of
from voiceapp.settings import Settings, load
from voiceapp.terminal.chosen import Chosen, chosen_one
from voiceapp.terminal.serve import listening
from voiceapp.web.from_settings import carriers_of

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
    the call cannot be placed, and FlowProblems when no server runs and the flow has mistakes."""
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
    chosen = _served(Path(flow), carrier, inputs, settings)
    (flow,) = chosen.names
    with tempfile.TemporaryDirectory() as folder:
        own = _for_one_call(settings, Path(folder), _linked(chosen, Path(folder)))
        logs.configure("text")
        async with listening(own) as (_, own_url):
            return await place(own_url)


def _served(flow: Path, carrier: CarrierName, inputs: Mapping[str, str], settings: Settings) -> Chosen:
    """The flow, if the carrier can do it and it takes these inputs. Raises OperatorError and FlowProblems."""
    chosen = chosen_one(flow, settings)
    script = chosen.scripts[chosen.names[0]]
    wire = next(one for one in carriers_of(settings) if one.name == carrier)
    for misfit in misfits_of(wire, script):
        said = f"{script.flow.name} is not served on {wire.title}: {'.'.join(misfit.path)}: {misfit.message}"
        raise OperatorError(f"{said}; voiceapp check --carrier {carrier} says all")
    for name in inputs:
        if name not in script.flow.head.inputs:
            raise OperatorError(
                f"--input: {script.flow.name} has no input {name}{nearest(name, script.flow.head.inputs)}"
            )
    return chosen


def _linked(chosen: Chosen, folder: Path) -> Path:
    """A folder with the flows that can be served: one beside them that cannot is none of the call's."""
    linked = folder / "flows"
    linked.mkdir()
    flows = {name: script.flow for name, script in chosen.scripts.items()}
    whole = [name for name in flows if flows.keys() >= set(with_those_run([name], flows))]
    for name in (*(f"{name}.yaml" for name in whole), AUDIO):
        (linked / name).symlink_to((chosen.folder / name).absolute())
    return linked


def _for_one_call(settings: Settings, folder: Path, flows: Path) -> Settings:
    port = _free_port()
    overrides = {
        "flows": str(flows),
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

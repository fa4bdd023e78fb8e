"""The flows that are served now, and every older version that a call still needs."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import structlog

from voiceapp.carriers import Carrier
from voiceapp.carriers.base import Misfit
from voiceapp.errors import VoiceappError
from voiceapp.flow.flow import Script
from voiceapp.flow.library import Library, load_library, script_from_sources, sources_of
from voiceapp.metrics import Metrics
from voiceapp.store.store import Store

OLD_VERSIONS_KEPT = 200

_log = structlog.get_logger()


class ServedFlows:
    """New calls get the flow as it is now; a call in progress keeps the version that it began with."""

    def __init__(
        self,
        folder: Path,
        secrets: Mapping[str, str],
        carriers: Mapping[str, Carrier],
        store: Store,
        metrics: Metrics,
        clock: Callable[[], datetime],
    ) -> None:
        self._folder = folder
        self._secrets = secrets
        self._carriers = carriers
        self._store = store
        self._metrics = metrics
        self._clock = clock
        self._library = Library({})
        self._misfits: Mapping[tuple[str, str], tuple[Misfit, ...]] = {}
        self._versions: OrderedDict[str, Script] = OrderedDict()
        self._reloading = asyncio.Lock()

    @property
    def scripts(self) -> Mapping[str, Script]:
        """The flows new calls get, by name."""
        return self._library.scripts

    def misfits(self, carrier: str, flow: str) -> tuple[Misfit, ...]:
        """Why a flow is not served on a carrier; empty when it is."""
        return self._misfits.get((carrier, flow), ())

    async def load(self) -> None:
        """Reads the folder; raises AuthoringError or OperatorError and changes nothing when it is wrong."""
        async with self._reloading:
            library = await asyncio.to_thread(load_library, self._folder, self._secrets.keys())
            misfits = await asyncio.to_thread(self._fit, library)
            for script in library.scripts.values():
                await self._store.keep_flow(script.version, script.flow.name, sources_of(script), self._clock())
            self._library, self._misfits = library, misfits
            for script in library.scripts.values():
                self._keep(script)

    async def reload(self) -> None:
        """Reads the folder again; when it is wrong, says so and goes on with the flows there are."""
        try:
            await self.load()
        except VoiceappError as error:
            self._metrics.flow_reload("failed")
            for line in str(error).splitlines():
                _log.error("flows not reloaded, the old ones stay", problem=line)
        else:
            self._metrics.flow_reload("loaded")
            _log.info("flows reloaded", flows=len(self.scripts))

    async def version(self, version: str, flow: str) -> Script | None:
        """The script a call began with, from memory or from the store; None when it was never kept."""
        if version in self._versions:
            self._versions.move_to_end(version)
            return self._versions[version]
        sources = await self._store.flow_sources(version)
        if sources is None:
            return None
        script = await asyncio.to_thread(script_from_sources, flow, sources)
        self._keep(script)
        return script

    def _keep(self, script: Script) -> None:
        self._versions[script.version] = script
        self._versions.move_to_end(script.version)
        if len(self._versions) > OLD_VERSIONS_KEPT + len(self.scripts):
            self._versions.popitem(last=False)

    def _fit(self, library: Library) -> Mapping[tuple[str, str], tuple[Misfit, ...]]:
        found = {}
        for carrier in self._carriers.values():
            for name, script in library.scripts.items():
                found[carrier.name, name] = misfits_of(carrier, script)
        return found


def misfits_of(carrier: Carrier, script: Script) -> tuple[Misfit, ...]:
    """Where this carrier cannot do what the script's flows want; paths begin with the flow's name."""
    return tuple(
        Misfit((name, *misfit.path), misfit.message)
        for name, flow in script.flows.items()
        for misfit in carrier.misfits(flow)
    )

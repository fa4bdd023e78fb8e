"""`voiceapp calls`, `voiceapp show`, `voiceapp replay`: what the log holds, read from the database itself."""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from voiceapp.call import Call
from voiceapp.carriers import Carrier
from voiceapp.errors import OperatorError
from voiceapp.flow.library import script_from_sources
from voiceapp.replay import Difference, replay
from voiceapp.store.database import read_url
from voiceapp.store.store import Store
from voiceapp.store.turns import LoggedTurn
from voiceapp.views import call_view


@contextlib.asynccontextmanager
async def opened(db: str) -> AsyncIterator[Store]:
    """The store behind this URL, for as long as it is needed."""
    store = Store(db)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@contextlib.asynccontextmanager
async def kept(db: str) -> AsyncIterator[Store]:
    """The store of calls that there were. Raises OperatorError when there is none: what only reads makes none,
    least of all behind a name that was mistyped."""
    url = read_url(db)
    if url.get_backend_name() == "sqlite" and not _is_there(url.database or ""):
        raise OperatorError(f"--db: there is no file {url.database}; voiceapp serve writes one")
    async with opened(db) as store:
        yield store


def _is_there(file: str) -> bool:
    return Path(file).exists()


async def recent(db: str, limit: int, flow: str | None) -> list[list[str]]:
    """A row for each of the newest calls: id, when, carrier, flow, who, state, why it ended."""
    async with kept(db) as store:
        page = await store.calls(limit=limit, flow=flow)
    return [
        [
            call.id,
            f"{call.started_at:%Y-%m-%d %H:%M:%S}",
            call.carrier,
            call.flow,
            f"{call.caller or 'hidden'} -> {call.called}",
            str(call.phase),
            call.end_reason,
        ]
        for call in page.calls
    ]


async def transcript(db: str, call_id: str) -> list[str]:
    """A call as a page: its head, then every turn with what came in, which steps it led through, what went out."""
    async with kept(db) as store:
        call = (await store.call(call_id)).call
        turns = await store.turns(call_id)
    return [*_head(call), "", *(line for turn in turns for line in _turn(turn, call.started_at))]


async def replayed(db: str, call_id: str, carriers: Mapping[str, Carrier]) -> tuple[int, tuple[Difference, ...]]:
    """How many turns the call has, and which of them come out otherwise now."""
    async with kept(db) as store:
        call = (await store.call(call_id)).call
        turns = await store.turns(call_id)
        sources = await store.flow_sources(call.version)
    if sources is None:
        raise OperatorError(f"--db: holds no flow of version {call.version[:12]}, which call {call_id} began with")
    return len(turns), replay(script_from_sources(call.flow, sources), carriers[call.carrier], turns)


def _head(call: Call) -> list[str]:
    view = call_view(call)
    lasted = "" if view["seconds"] is None else f", lasted {view['seconds']} s"
    answers = ", ".join(f"{name} = {_short(value)}" for name, value in view["answers"].items()) or "none"
    return [
        f"call     {call.id}",
        f"flow     {call.flow} ({call.version[:12]}), {call.carrier} {call.ref}, {call.direction}",
        f"parties  {call.caller or 'hidden'} -> {call.called}",
        f"state    {call.phase}{f' ({call.end_reason})' if call.end_reason else ''}",
        f"began    {view['started_at']}{lasted}",
        f"answers  {answers}",
    ]


def _turn(turn: LoggedTurn, start: datetime) -> Sequence[str]:
    seconds = (turn.at - start).total_seconds()
    lines = [f"{seconds:8.2f} s  #{turn.number} {turn.key}"]
    lines += [f"            > {_words(msgspec.to_builtins(event), 'event')}" for event in turn.events]
    if turn.steps:
        lines.append(f"            through {', '.join(turn.steps)}")
    lines += [f"            < {_words(msgspec.to_builtins(action), 'action')}" for action in turn.actions]
    return lines


_HIDDEN = frozenset({"at", "key", "version", "call_id", "step", "event", "action"})


def _words(value: dict[str, Any], tag: str) -> str:
    details = [_detail(name, item) for name, item in value.items() if name not in _HIDDEN]
    step = f" [{value['step']}]" if "step" in value else ""
    return f"{value[tag]}{step} {' '.join(details)}".rstrip()


def _detail(name: str, value: Any) -> str:
    match name, value:
        case "piece", dict():
            return _spoken(value)
        case "prompt", list() | tuple():
            return " ".join(map(_spoken, value))
        case "result", dict():
            return f"({_words(value, 'event')})"
        case _:
            return f"{name}={_short(value)}"


def _spoken(piece: dict[str, Any]) -> str:
    return f'"{piece["text"]}"' if piece.get("text") else f"<{piece.get('source', '')}>"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= 160 else f"{text[:157]}…"

"""`voiceapp webhooks`: what applications were told and are owed, and sending one of it again."""

from typing import Any
from urllib.parse import quote

from voiceapp.settings import Settings
from voiceapp.terminal.api_client import api_client

COLUMNS = ("webhook", "call", "tells of", "state", "tries", "next (UTC)", "why not")


async def told(settings: Settings, url: str | None, call: str | None) -> list[list[str]]:
    """A row of COLUMNS for each, of one call or of all. Raises ApiRefused and OperatorError."""
    async with api_client(settings, url) as api:
        found = await api.get("/v1/webhooks", {"call": call} if call else None)
    owed = found.get("webhooks")
    return [_row(each) for each in owed if isinstance(each, dict)] if isinstance(owed, list) else []


async def resend(settings: Settings, url: str | None, webhook: str) -> str:
    """Lets the server send one again; says so. Raises ApiRefused and OperatorError."""
    async with api_client(settings, url) as api:
        answer = await api.post(f"/v1/webhooks/{quote(webhook, safe='')}/resend")
    return f"{answer.get('id')} is sent again now"


def _row(owed: dict[str, Any]) -> list[str]:
    return [
        str(owed.get("id")),
        str(owed.get("call") or ""),
        str(owed.get("type")),
        str(owed.get("state")).replace("_", " "),
        str(owed.get("attempts")),
        str(owed.get("next_at") or "")[:19].replace("T", " "),
        str(owed.get("error") or ""),
    ]

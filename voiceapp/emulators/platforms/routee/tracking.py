"""Routee's look-ups of what became of calls, and the files of their recordings.

Source: docs.routee.net, the reference of `/voice/tracking`: a leg has `status.status` and `status.date`, a
filter a field, an operator and a term. Inferred: that filters are an array; nobody knows who answered unless
machine detection was asked for; operators are those of the SMS filters; every recording is a WAV of silence,
whatever its format.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from voiceapp.emulators.platforms.records import country_of
from voiceapp.emulators.platforms.routee.api import INVALID, Asked, RouteeError, page
from voiceapp.emulators.platforms.routee.calls import Conversation, Conversations
from voiceapp.emulators.routee_posts import LegRecord, iso, price

_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "is": lambda value, term: value == term,
    "is_not": lambda value, term: value != term,
    "contains": lambda value, term: term in value,
    "starts_with": lambda value, term: value.startswith(term),
    "ends_with": lambda value, term: value.endswith(term),
}

Field = Literal["id", "recipient", "from", "collectedTones", "groups", "country", "status.status", "campaign"]


class Filter(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """One condition of a search."""

    field_name: Field
    search_term: str
    search_operator: Literal["is", "is_not", "contains", "starts_with", "ends_with"] = "is"

    def accepts(self, leg: dict[str, Any]) -> bool:
        """Whether a leg, as the API shows it, meets the condition."""
        values: dict[Field, str] = {
            "id": leg["messageId"],
            "recipient": leg["to"],
            "from": leg["from"],
            "collectedTones": leg["collectedTones"],
            "groups": "",
            "country": leg["country"],
            "status.status": leg["status"]["status"],
            "campaign": "",
        }
        return _OPERATORS[self.search_operator](values[self.field_name], self.search_term)


class Tracking:
    """The look-ups of an account's calls."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    def of_conversation(self, asked: Asked) -> dict[str, object]:
        """`GET /voice/tracking/conversation/{id}`: the legs of one."""
        self._conversations.get(asked)
        return page(list(_legs(self._conversations.all[asked.path["id"]])), asked)

    def of_leg(self, asked: Asked) -> dict[str, Any]:
        """`GET /voice/tracking/{id}`."""
        message = asked.path["id"]
        conversation = self._conversations.of_leg(message)
        leg = next(leg for leg in _legs(conversation) if leg["messageId"] == message)
        return leg | {"groups": [], "campaign": None, "applicationName": "voiceapp"}

    def search(self, asked: Asked) -> dict[str, object]:
        """`POST /voice/tracking`: the legs of calls made between `from` and `to` that meet all filters."""
        filters = asked.read(list[Filter]) if asked.body else []
        since, until = _time(asked, "from"), _time(asked, "to")
        found = [
            leg
            for conversation in self._conversations.all.values()
            if (since is None or conversation.created >= since)
            and (until is None or conversation.created <= until)
            for leg in _legs(conversation)
            if all(condition.accepts(leg) for condition in filters)
        ]
        return page(found, asked)

    def has_recording(self, tracking: str) -> bool:
        """Whether there is a recording with this id."""
        return any(
            recording["trackingId"] == tracking
            for conversation in self._conversations.all.values()
            for recording in conversation.shown()["recordings"]
        )


def _time(asked: Asked, name: str) -> datetime | None:
    text = asked.query.get(name)
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise RouteeError(INVALID, f"Validation Error. {name}: {text}") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _legs(conversation: Conversation) -> Iterator[dict[str, Any]]:
    for leg in conversation.call.line.legs.values():
        yield _shown(leg, _answered_by(conversation, leg))


def _answered_by(conversation: Conversation, leg: LegRecord) -> Literal["HUMAN", "MACHINE", "UNKNOWN"]:
    answered = leg.status in ("InProgress", "Completed")
    if leg is not conversation.leg or conversation.machine is None or not answered:
        return "UNKNOWN"
    return "MACHINE" if conversation.machine else "HUMAN"


def _shown(leg: LegRecord, answered_by: str) -> dict[str, Any]:
    return leg.leg.base() | {
        "country": country_of(leg.leg.recipient),
        "status": {"status": leg.status, "date": iso(leg.at)},
        "originatingService": "Voice",
        "direction": leg.leg.direction,
        "duration": leg.seconds,
        "price": price(leg.seconds),
        "chargeInterval": 60,
        "collectedTones": leg.tones,
        "recordings": leg.recordings,
        "answeredBy": answered_by,
    }

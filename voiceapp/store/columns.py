"""Column types that mean the same on SQLite and on PostgreSQL."""

import hashlib
import re
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator

_LONGEST = 255
_KEPT = 180
_AWKWARD = re.compile("[\\\\\x00\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored and returned in UTC. Raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be stored")
        return value if value.tzinfo is UTC else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text that is only read back: any `str`. NUL (refused by PostgreSQL), lone surrogates (refused by
    both databases) and the backslash are escaped on their way in, and come back as they were."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else escape(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else unescape(value)


class Key(Words):
    """Text that is looked up by, and that whoever posts may have chosen: any `str` of any length.

    Escaped like `Words`, so two different keys never meet. One longer than 255 characters is stored as
    its beginning and a hash (PostgreSQL cannot index 3 kB): it is found again, but comes back shortened."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else shorten(escape(value))


def escape(text: str) -> str:
    """`text` as both databases take it."""
    if not _AWKWARD.search(text):
        return text
    return _AWKWARD.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def unescape(stored: str) -> str:
    """The text that `escape` was given."""
    if "\\" not in stored:
        return stored
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), stored)


def shorten(escaped: str) -> str:
    """At most 255 characters that stand for an escaped text."""
    if len(escaped) <= _LONGEST:
        return escaped
    # Escaping leaves a `u` behind every backslash, so no short text looks like a shortened one.
    return f"{escaped[:_KEPT]}\\#{hashlib.sha256(escaped.encode()).hexdigest()}"

"""The schema. `migrations/` creates it; a test compares the two.

JSON and replies are bytes, not text: PostgreSQL's text and jsonb refuse a NUL, and callers' data may hold
one. A call's row is a cache of its turns, with the columns that calls are looked up by.
"""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, UniqueConstraint

from voiceapp.store.columns import Key, UtcDateTime, Words

metadata = MetaData()

calls = Table(
    "calls",
    metadata,
    Column("id", Key, primary_key=True),
    Column("carrier", Key, nullable=False),
    Column("app", Key, nullable=False),
    Column("ref", Key, nullable=False),
    Column("flow", Key, nullable=False),
    Column("caller", Key, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("log", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
    UniqueConstraint("carrier", "app", "ref", name="calls_by_ref"),
)
Index("calls_by_start", calls.c.started_at, calls.c.id)
Index("calls_by_caller", calls.c.caller, calls.c.started_at, calls.c.id)
Index("calls_live", calls.c.started_at, sqlite_where=calls.c.live, postgresql_where=calls.c.live)

turns = Table(
    "turns",
    metadata,
    Column("call_id", Key, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", Key, nullable=False),
    Column("digest", Words, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("events", LargeBinary, nullable=False),
    Column("steps", LargeBinary, nullable=False),
    Column("actions", LargeBinary, nullable=False),
    Column("reply", LargeBinary, nullable=False),
    UniqueConstraint("call_id", "key", name="turns_by_key"),
)

notifications = Table(
    "notifications",
    metadata,
    Column("id", Key, primary_key=True),
    Column("call_id", Key, nullable=False),
    Column("url", Words, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("error", Words, nullable=False),
    Column("type", Words, nullable=False, server_default="call.notify"),
)
Index("notifications_due", notifications.c.next_at, notifications.c.id)
Index("notifications_by_call", notifications.c.call_id)

opt_outs = Table(
    "opt_outs",
    metadata,
    Column("number", Key, primary_key=True),
    Column("scope", Key, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("call_id", Key, nullable=False),
)

flows = Table(
    "flows",
    metadata,
    Column("version", Key, primary_key=True),
    Column("flow", Key, nullable=False),
    Column("sources", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("click", Key, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Key, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("requested_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Column("claim", Key, nullable=False),
    Column("ref", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("dial_order", LargeBinary, nullable=False),
)
Index("attempts_due", attempts.c.state, attempts.c.due_at)
Index("attempts_by_time", attempts.c.created_at, attempts.c.id)
Index("attempts_by_click", attempts.c.click, attempts.c.number)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("key", Key, primary_key=True),
    Column("digest", Words, nullable=False),
    Column("answer", Key, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("idempotency_keys_by_time", idempotency_keys.c.at)

dial_counts = Table(
    "dial_counts",
    metadata,
    Column("scope", Key, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("dial_counts_by_time", dial_counts.c.at)

carrier_events = Table(
    "carrier_events",
    metadata,
    Column("carrier", Key, primary_key=True),
    Column("event_id", Key, primary_key=True),
    Column("type", Key, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("call_id", Key, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
Index("carrier_events_by_call", carrier_events.c.call_id)
Index("carrier_events_by_time", carrier_events.c.received_at, carrier_events.c.event_id)

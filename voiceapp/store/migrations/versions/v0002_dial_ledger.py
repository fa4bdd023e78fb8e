"""Calling out: the dial ledger, idempotency keys, counted dials; what carriers tell beside calls."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables; notifications get a type."""
    _create_ledger()
    _create_limits()
    op.create_table(
        "carrier_events",
        sa.Column("carrier", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("carrier_events_by_call", "carrier_events", ["call_id"])
    op.create_index("carrier_events_by_time", "carrier_events", ["received_at", "event_id"])
    # a server of the release before, which does not know the column, writes `call.notify` only
    op.add_column("notifications", sa.Column("type", sa.Text, nullable=False, server_default="call.notify"))
    op.create_index("notifications_by_call", "notifications", ["call_id"])


def _create_ledger() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("click", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("claim", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("dial_order", sa.LargeBinary, nullable=False),
    )
    op.create_index("attempts_due", "attempts", ["state", "due_at"])
    op.create_index("attempts_by_time", "attempts", ["created_at", "id"])
    op.create_index("attempts_by_click", "attempts", ["click", "number"])


def _create_limits() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("idempotency_keys_by_time", "idempotency_keys", ["at"])
    op.create_table(
        "dial_counts",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("dial_counts_by_time", "dial_counts", ["at"])

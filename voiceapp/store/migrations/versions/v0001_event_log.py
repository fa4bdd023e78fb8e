"""Calls, their turns, and what follows from turns: notifications, opt-outs; flows by version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    _create_calls()
    _create_turns()
    _create_errands()
    op.create_table(
        "flows",
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("flow", sa.Text, nullable=False),
        sa.Column("sources", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def _create_calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("carrier", sa.Text, nullable=False),
        sa.Column("app", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("flow", sa.Text, nullable=False),
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("live", sa.Boolean, nullable=False),
        sa.Column("log", sa.Integer, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("carrier", "app", "ref", name="calls_by_ref"),
    )
    op.create_index("calls_by_start", "calls", ["started_at", "id"])
    op.create_index("calls_by_caller", "calls", ["caller", "started_at", "id"])
    op.create_index(
        "calls_live",
        "calls",
        ["started_at"],
        sqlite_where=sa.text("live = 1"),
        postgresql_where=sa.text("live"),
    )


def _create_turns() -> None:
    op.create_table(
        "turns",
        sa.Column("call_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("events", sa.LargeBinary, nullable=False),
        sa.Column("steps", sa.LargeBinary, nullable=False),
        sa.Column("actions", sa.LargeBinary, nullable=False),
        sa.Column("reply", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("call_id", "key", name="turns_by_key"),
    )


def _create_errands() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text, nullable=False),
    )
    op.create_index("notifications_due", "notifications", ["next_at", "id"])
    op.create_table(
        "opt_outs",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_id", sa.Text, nullable=False),
    )

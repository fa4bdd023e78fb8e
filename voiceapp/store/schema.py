"""Brings a database to the newest schema, once however many processes start at the same time."""

from sqlalchemy import URL, Connection, inspect, text

from voiceapp.store.database import answering, migrating
from voiceapp.store.migrations import HEAD

_LOCK = 0x766F6963


def migrate(url: URL) -> None:
    """Run the migrations that the database lacks. Raises StoreUnavailable when it cannot be opened or
    written. A schema newer than this program is left alone: migrations only ever add."""
    engine = migrating(url)
    try:
        with answering(), engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            if _revision(connection) < HEAD:
                _upgrade(connection)
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(text("SELECT max(version_num) FROM alembic_version")) or ""


def _upgrade(connection: Connection) -> None:
    # Importing Alembic takes longer than starting the rest of the store, and most starts need no migration.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "voiceapp.store:migrations")
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")

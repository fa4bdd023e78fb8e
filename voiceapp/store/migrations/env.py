"""Alembic's entry point: runs the revisions on the connection that `voiceapp.store.schema` hands in."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()

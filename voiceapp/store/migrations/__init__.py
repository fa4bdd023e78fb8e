"""How a database gets the schema of `tables`, one additive step after the other.

During a rolling deploy an older server meets a newer schema, so a migration adds tables, columns that may
be empty, and indexes; it renames and drops nothing that the release before still uses. Revisions are
four digits that count up, which is how a schema from the future is recognised.
"""

HEAD = "0002"
"""The newest revision here; a test compares it with the files."""

"""The event log of every call and what is derived from it, on SQLite or PostgreSQL.

store.py          Store: all that the server calls
turns.py          what goes in and what comes out
database.py       URL, engines, the promises checked at start, errors in the operator's words
tables.py         the tables; columns.py their types; schema.py and migrations/ how a database gets them
threads.py        daemon threads between the event loop and the database
group_commit.py   one transaction for all the turns that wait; writer.py what is in it
reader.py         every question; notifications.py webhooks owed; checkpoints.py SQLite's log kept short
"""

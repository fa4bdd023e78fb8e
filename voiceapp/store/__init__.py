"""The event log of every call and what is derived from it, on SQLite or PostgreSQL.

store.py            Store: all that the server calls
turns.py            what goes in and what comes out
group_commit.py     one transaction for all the turns that wait; rows.py what they are in it
orders.py           what the writing process is told and answers; writing_process.py the server's side of it
write_orders.py     that process: writer.py carries out what it is told, by transactions.py
reader.py           every question; threads.py daemon threads between the event loop and these
notifications.py    webhooks owed; checkpoints.py SQLite's log kept short
database.py         URL, engines, the promises checked at start, errors in the operator's words
tables.py           the tables; columns.py their types; schema.py and migrations/ how a database gets them
"""

"""Calls without a telephone: they come out as on the real server, and tests beside flows mean what they say."""

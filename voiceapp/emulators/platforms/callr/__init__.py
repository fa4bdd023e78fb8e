"""CALLR's side of calling out: its JSON-RPC API and everything behind it."""

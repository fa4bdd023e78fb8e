"""Routee's side of calling out: its REST API and everything behind it."""

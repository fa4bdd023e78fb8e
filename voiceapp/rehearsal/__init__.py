"""Calls without a telephone: the production engine and codecs, emulated carriers, a clock of its own; nothing is
sent."""

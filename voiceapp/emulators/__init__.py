"""The other side of the wire: carriers and callers that POST to a real server over HTTP, one call at a time.

Nothing here shares code with the server: an emulator that read the server's own codecs could never disagree
with them. Only aiohttp, msgspec and the standard library are imported, and a test keeps it so.
"""

"""The carriers' platforms: the APIs that a server orders calls from, and what the carriers then do by themselves.

`CallrPlatform` and `RouteePlatform` are HTTP servers. A call that is ordered rings at somebody's in `People`,
posts to the hook it belongs to (`emulators/callr.py`, `emulators/routee.py`), and leaves its records behind.
Durations and prices are virtual: nothing waits but for a phone that a test keeps ringing.
"""

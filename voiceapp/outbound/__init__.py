"""Calling out: what an application asks for becomes an attempt in the dial ledger, and is placed once.

requests.py         the bodies of POST /v1/calls and /v1/click-to-call, field by field
intake.py           is there such a flow, may the number be dialled? -> Attempt
dialer.py           the intent on disk, then the request, then the result; the schedule
reconcile.py        what a crash or a lost answer left unclear, looked up
click_to_call.py    whom to call next, how far both sides are; native_clicks.py CALLR's own
cancelling.py       calls taken back and hung up
"""

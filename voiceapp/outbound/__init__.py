"""Calling out: which numbers may be dialled at all, and whatever else stands between a wish to call and a
carrier that is told to. Nothing here takes calls; an outbound call that is answered goes the way of all others."""

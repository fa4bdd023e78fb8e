"""What a change to a flow means: in its text, on every path through it, and for the calls that there were."""

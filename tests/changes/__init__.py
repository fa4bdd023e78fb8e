"""What a change to a flow means: told in words, shown on every path, and tried on the calls that there were."""

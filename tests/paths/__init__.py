"""Finding the paths of flows: every way out is gone through, and the calls that do are tests that pass."""

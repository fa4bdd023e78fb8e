"""The benchmark: `python -m tests.bench`, a table of ratios taken in one run. Talks to 127.0.0.1 only."""

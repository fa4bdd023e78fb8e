"""Mutants of the shipped flows: each has one thing wrong, and `check` or a test has to notice. `make mutants`."""

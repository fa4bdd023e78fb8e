"""The shell: locks, loads, advances, commits and answers; everything that has effects is here or below."""

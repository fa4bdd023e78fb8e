"""Pages for people: today the description of the API."""

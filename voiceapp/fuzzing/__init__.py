"""Random calls: callers who do what nobody thought of, back ends that answer anything, posts that come twice, late
or forged; and what has to be true of every call all the same."""

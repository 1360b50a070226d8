"""``interval``: at most one run in a span of time."""

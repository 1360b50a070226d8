"""``tail``: following text files that grow."""

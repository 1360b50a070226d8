"""Feeds that are read (``rss``) and written (``make_rss``), and what is remembered of both."""

"""Entries that wait until somebody approves them."""

"""What can go wrong with the database, told so that its owner can act."""

from __future__ import annotations


class StorageError(Exception):
    """The database cannot be used; the message says which file and what to do."""


class StoreRevoked(StorageError):
    """This handle belonged to a run that was given up; it must not write any more."""

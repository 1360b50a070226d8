"""The server of this folder: one whose config can be edited."""

from tests.features.api import server

__all__ = ["server"]

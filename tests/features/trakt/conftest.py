"""Fixtures of this folder."""

from tests.plugins.conftest import engine, web

__all__ = ["engine", "web"]

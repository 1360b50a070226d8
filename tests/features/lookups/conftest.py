"""Fixtures of this folder."""

from tests.plugins.conftest import engine, web
from tests.web.conftest import make_server, server

__all__ = ["engine", "make_server", "server", "web"]

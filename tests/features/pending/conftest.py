"""Fixtures of this folder."""

from tests.cli.conftest import configured, home
from tests.plugins.conftest import engine
from tests.web.conftest import make_server, server

__all__ = ["configured", "engine", "home", "make_server", "server"]

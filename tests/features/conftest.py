"""A web server for the tests of features that have endpoints."""

from tests.web.conftest import make_server, server

__all__ = ["make_server", "server"]

"""The engine fixture for tests of recorded runs."""

from tests.plugins.conftest import engine

__all__ = ["engine"]

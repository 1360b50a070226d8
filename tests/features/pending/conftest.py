"""Homes for the commands of this folder."""

from tests.cli.conftest import configured, home

__all__ = ["configured", "home"]

"""Libraries that only some plugins need: imported when such a plugin runs, with a hint where one is missing."""

from __future__ import annotations

import importlib
from typing import Any

from server.engine.errors import PluginError


def library(module: str, extra: str) -> Any:
    """A library, imported when first needed; raises ``PluginError`` that says how to get it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise PluginError(
            f"the Python package {module.replace('_', '-')} is missing; install it with: "
            f"pip install 'flexget-tray[{extra}]'"
        ) from error

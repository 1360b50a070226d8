"""Which plugin is at work in this thread, so that entries know who decides about them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from logging import LogRecord


class Step(NamedTuple):
    """One plugin in one phase of a task."""

    phase: str | None
    plugin: str | None


NOBODY = Step(None, None)


class _Current(threading.local):
    step: Step = NOBODY
    task: str = ""
    apart: bool = False
    hidden: Callable[[LogRecord], bool] | None = None


CURRENT = _Current()
"""``CURRENT.step`` and ``CURRENT.task`` of this thread; the task sets them around every plugin call.

``CURRENT.apart``: what this thread logs does not belong into the log of the program (a preview keeps it itself).
``CURRENT.hidden``: which of the lines that this thread logs are left out (``log_filter``).
"""

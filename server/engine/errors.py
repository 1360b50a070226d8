"""What ends an entry, a plugin or a task early."""

from __future__ import annotations


class PluginError(Exception):
    """A plugin cannot do its work: the task is aborted with this message."""


class PluginWarning(Exception):
    """A plugin could not do its work this time, which does not matter: logged, and the task goes on."""


class EntryUnicodeError(PluginError):
    """A field of an entry holds something it must not hold."""


class RenderError(Exception):
    """A template is wrong, or names a field that is not there."""


class TaskAbort(Exception):
    """Ends the running task. ``silent``: not worth a warning (the user asked for it)."""

    def __init__(self, reason: str, *, silent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.silent = silent


class TaskCancelled(TaskAbort):
    """The task was cancelled, or ran longer than its time limit."""

"""A progress line on the terminal, below the log."""

from __future__ import annotations

import sys
from collections.abc import Callable

from server.engine.events import Event, TaskFinished, TaskProgress

WIDTH = 30


class ProgressLine:
    """``[######----]  40% tv: download (rss)``, drawn over itself; nothing where stderr is not a terminal."""

    def __init__(self, tasks: int) -> None:
        self._tasks = max(tasks, 1)
        self._done = 0

    def advance(self, task: str, percent: int, phase: str | None, plugin: str | None) -> None:
        """A task came to another plugin."""
        overall = (self._done * 100 + percent) / self._tasks
        bar = "#" * int(overall * WIDTH / 100)
        where = f"{phase} ({plugin})" if phase else "starting"
        self._draw(f"[{bar:-<{WIDTH}}] {overall:3.0f}% {task}: {where}")

    def task_done(self) -> None:
        """One task less to come; the line goes with the last one."""
        self._done += 1
        if self._done >= self._tasks:
            self._draw("")

    @staticmethod
    def _draw(text: str) -> None:
        if sys.stderr is not None and sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()


def show_progress(tasks: int) -> Callable[[Event], None]:
    """A subscriber of the event bus that draws the progress of so many tasks."""
    line = ProgressLine(tasks)

    def see(event: Event) -> None:
        if isinstance(event, TaskProgress):
            line.advance(event.task, event.percent, event.phase, event.plugin)
        elif isinstance(event, TaskFinished):
            line.task_done()

    return see

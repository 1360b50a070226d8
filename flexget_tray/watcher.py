"""Looks at the daemon every so often, off the main thread, and tells when something changed."""

import logging
import threading
from collections.abc import Callable

from flexget_tray.state import Status

log = logging.getLogger(__name__)


class Watcher:
    """A thread that calls ``look`` every ``seconds`` and ``changed(status)`` whenever the answer differs from the last.

    ``nudge()`` makes it look at once. Both callbacks run in the watcher's thread.
    """

    def __init__(self, look: Callable[[], Status], changed: Callable[[Status], None], seconds: float = 2.0) -> None:
        self._look = look
        self._changed = changed
        self._seconds = seconds
        self._wake = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        """Begins to look; the first answer always counts as a change."""
        self._thread.start()

    def nudge(self) -> None:
        """Something happened: look now."""
        self._wake.set()

    def stop(self) -> None:
        """Ends the thread; waits for a look that is under way."""
        self._ended = True
        self._wake.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(5)

    def _run(self) -> None:
        last: Status | None = None
        while not self._ended:
            self._wake.clear()
            try:
                status = self._look()
                if status != last and not self._ended:
                    last = status
                    self._changed(status)
            except Exception:  # an icon that is not to be drawn now shows the next change
                log.exception("the daemon's status cannot be shown")
            self._wake.wait(self._seconds)

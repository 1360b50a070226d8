"""What the launcher offers, apart from how it is shown: the same for the tray and for a bare terminal."""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from flexget_tray import desktop
from flexget_tray.daemon import Daemon, DaemonError
from flexget_tray.state import State, Status
from flexget_tray.watcher import Watcher

log = logging.getLogger(__name__)
Action = Callable[[], None]


@dataclass(frozen=True)
class Item:
    """A line of the menu; ``act`` is None for a line that only tells something, ``label`` is empty for a separator."""

    label: str = ""
    act: Action | None = None
    default: bool = False
    enabled: bool = True


class Launcher:
    """Carries out the menu's commands in a thread of its own and keeps the last status.

    ``shown(status)`` is called whenever the status changed, ``told(title, message)`` when a person must be told
    something; both from threads other than the main one. ``leave()`` ends what holds the main thread.
    """

    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon
        self.status = Status(State.STOPPED)
        self.shown: Callable[[Status], None] = lambda status: None
        self.told: Callable[[str, str], None] = lambda title, message: log.warning("%s: %s", title, message)
        self.leave: Action = lambda: None
        self.leaving = threading.Event()
        self._watcher = Watcher(daemon.status, self._changed)
        self._todo: queue.Queue[Action | None] = queue.Queue()
        self._worker = threading.Thread(target=self._work, name="commands", daemon=True)

    def begin(self, *, start: bool) -> None:
        """Begins to watch and, with ``start``, brings the daemon up."""
        self._worker.start()
        self._watcher.start()
        if start:
            self.start()

    def end(self) -> None:
        """Ends the threads and stops the daemon if it was started here. Blocks until it is down."""
        self._watcher.stop()
        if self._worker.is_alive():
            self._todo.put(None)
            self._worker.join()
        if self.daemon.owned:
            self.daemon.stop()

    def start(self) -> None:
        """Brings the daemon up; why it did not come up is told."""
        self._later("FlexGet did not start", self.daemon.start)

    def stop(self) -> None:
        """Takes the daemon down."""
        self._later("FlexGet did not stop", self.daemon.stop)

    def restart(self) -> None:
        """Takes the daemon down and brings it up again."""
        self._later("FlexGet did not restart", self.daemon.restart)

    def open(self) -> None:
        """Shows the web page, signed in by the one-time link where a password is still to be set."""
        self._later("FlexGet cannot be shown", self._open)

    def open_config_folder(self) -> None:
        """Shows the folder of the config file."""
        self._shown_or_told(desktop.open_path(self.daemon.config.parent), str(self.daemon.config.parent))

    def open_log(self) -> None:
        """Shows the log file."""
        self._shown_or_told(self.daemon.log.is_file() and desktop.open_path(self.daemon.log), str(self.daemon.log))

    def quit(self) -> None:
        """Asks the launcher to end; ``leaving`` tells it to one that is only about to begin."""
        self.leaving.set()
        self.leave()

    def menu(self) -> list[Item]:
        """The menu of this moment."""
        state = self.status.state
        up = state in (State.RUNNING, State.STOPPING) or (state is State.ERROR and self.status.pid is not None)
        settled = state not in (State.STARTING, State.STOPPING)
        return [
            Item("Open", self.open, default=True, enabled=settled),
            Item(),
            Item(self.status.line, enabled=False),
            Item("Stop daemon", self.stop, enabled=settled)
            if up
            else Item("Start daemon", self.start, enabled=settled),
            Item("Restart", self.restart, enabled=up and settled),
            Item(),
            Item("Open config folder", self.open_config_folder),
            Item("Open log", self.open_log),
            Item(),
            Item("Quit", self.quit),
        ]

    def _open(self) -> None:
        self.daemon.start()
        url = self.daemon.take_sign_in_link() or self.daemon.status().url
        if url is None:
            raise DaemonError("its web server is off: add 'web_server: yes' to the config")
        self._shown_or_told(desktop.open_url(url), url)

    def _shown_or_told(self, shown: bool, what: str) -> None:
        if not shown:
            self.told("FlexGet", f"Nothing here opens it: {what}")

    def _later(self, trouble: str, command: Action) -> None:
        def act() -> None:
            try:
                command()
            except DaemonError as error:
                self.told(trouble, str(error))
            finally:
                self._watcher.nudge()

        self._todo.put(act)

    def _work(self) -> None:
        while (act := self._todo.get()) is not None:
            self._watcher.nudge()
            try:
                act()
            except Exception:  # the desktop's fault, as a rule; the other commands must still work
                log.exception("a command of the menu failed")

    def _changed(self, status: Status) -> None:
        self.status = status
        self.shown(status)

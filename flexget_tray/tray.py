"""Shows the launcher as a tray icon: the one module that knows pystray, and all of its quirks.

pystray is imported here only, and late: where there is no display the import itself raises, and not ImportError.
"""

import logging
import os
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from flexget_tray import desktop, signals
from flexget_tray.launcher import Item, Launcher
from flexget_tray.pictures import picture
from flexget_tray.state import Status

if TYPE_CHECKING:
    from flexget_tray.xorg import Xorg

log = logging.getLogger(__name__)
NAME = "flexget-tray"


class NoTrayError(Exception):
    """There is no place for an icon here; the message says why."""


class Tray:
    """The icon of a launcher. ``run()`` holds the main thread (macOS allows no other) until "Quit" or ``stop()``."""

    def __init__(self, launcher: Launcher) -> None:
        self._pystray = _import_pystray()
        self._launcher = launcher
        self._icon = self._pystray.Icon(NAME, icon=picture("stopped"), title="FlexGet", menu=self._menu())
        self._backend = type(self._icon).__module__.rpartition(".")[2]
        self._mark_ready = self._icon._mark_ready
        self._icon._mark_ready = self._ready
        self._xorg = self._patch_xorg()
        launcher.shown = self._show
        launcher.told = self._tell
        launcher.leave = self.stop

    def run(self, *, start: bool) -> None:
        """Shows the icon and serves it until it is stopped; the daemon is brought up first if ``start``."""

        def ready(icon: Any) -> None:
            self._on_main(lambda: setattr(icon, "visible", True))
            self._launcher.begin(start=start)
            if self._launcher.leaving.is_set():
                self.stop()

        try:
            self._icon.run(setup=ready)
        except Exception as error:
            # GTK's backend asks the notification service to hide on quit, and raises when there is no such service.
            if "org.freedesktop.Notifications" not in str(error):
                raise
            log.debug("no notification service: %s", error)

    def stop(self) -> None:
        """Ends ``run()``. May be called from any thread."""
        self._on_main(self._icon.stop)

    def _patch_xorg(self) -> "Xorg | None":
        if self._backend != "_xorg":
            return None
        from flexget_tray.xorg import Xorg

        xorg = Xorg(self._icon, self._launcher)
        if not xorg.has_host():
            raise NoTrayError("this desktop has no tray (on GNOME, install the AppIndicator extension)")
        return xorg

    def _ready(self) -> None:
        """Runs on the main thread as soon as the loop is set up: GTK's backend has just taken Ctrl-C away."""
        signals.catch()
        self._mark_ready()

    def _show(self, status: Status) -> None:
        def update() -> None:
            self._icon.icon = picture(status.state.icon)
            self._icon.title = status.line
            self._icon.menu = self._menu()

        self._on_main(update)

    def _tell(self, title: str, message: str) -> None:
        log.warning("%s: %s", title, message)
        if self._icon.HAS_NOTIFICATION:
            self._on_main(lambda: self._icon.notify(message, title))
        elif shutil.which("notify-send"):
            command = ["notify-send", "--app-name=FlexGet", "--", title, message]
            with suppress(OSError, subprocess.TimeoutExpired):  # it stands on the terminal already
                subprocess.run(command, env=desktop.outside_environment(), capture_output=True, timeout=5)

    def _menu(self) -> Any:
        return self._pystray.Menu(*map(self._entry, self._launcher.menu()))

    def _entry(self, item: Item) -> Any:
        if not item.label:
            return self._pystray.Menu.SEPARATOR
        act = item.act or (lambda: None)
        return self._pystray.MenuItem(item.label, lambda: act(), default=item.default, enabled=item.enabled)

    def _on_main(self, call: Any) -> None:
        """AppKit and X11 want their calls on the loop's thread; the other backends pass them there themselves."""
        if self._xorg is not None:
            self._xorg.call(call)
        elif self._backend == "_darwin" and threading.current_thread() is not threading.main_thread():
            from PyObjCTools import AppHelper

            AppHelper.callAfter(call)
        else:
            call()


def _import_pystray() -> Any:
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise NoTrayError("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)")
    try:
        import pystray
    except Exception as error:  # Xlib.error.DisplayNameError, a missing library, ...: all mean the same
        raise NoTrayError(f"the desktop cannot be reached ({type(error).__name__}: {error})") from error
    return pystray

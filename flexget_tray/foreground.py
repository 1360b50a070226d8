"""The launcher without a tray: runs the daemon from a terminal until Ctrl-C."""

import sys

from flexget_tray.daemon import DaemonError
from flexget_tray.launcher import Launcher
from flexget_tray.state import State, Status


def run(launcher: Launcher, reason: str, *, start: bool) -> int:
    """Says why there is no icon, where the daemon serves, and waits. Returns the exit status: 1 if it did not start."""
    print(f"No tray icon: {reason}. Running in the foreground; Ctrl-C ends it.", file=sys.stderr, flush=True)
    if start:
        try:
            launcher.daemon.start()
        except DaemonError as error:
            print(f"FlexGet did not start: {error}", file=sys.stderr)
            return 1

    def shown(status: Status) -> None:
        link = launcher.daemon.take_sign_in_link() if status.state is State.RUNNING else None
        print(status.line + (f"\nSet your password here: {link}" if link else ""), flush=True)

    launcher.shown = shown
    launcher.begin(start=False)
    launcher.leaving.wait()
    return 0

"""Opens addresses, folders and files with the programs of the desktop."""

import os
import subprocess
import sys
import webbrowser
from pathlib import Path


def outside_environment() -> dict[str, str]:
    """The environment for programs that are not ours.

    PyInstaller points LD_LIBRARY_PATH at its own libraries and keeps what was there before in LD_LIBRARY_PATH_ORIG;
    a browser that is started with ours may not find its own.
    """
    environment = dict(os.environ)
    if getattr(sys, "frozen", False) and sys.platform != "win32":
        for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
            before = environment.pop(f"{name}_ORIG", None)
            environment.pop(name, None)
            if before:
                environment[name] = before
    return environment


def open_url(url: str) -> bool:
    """Shows ``url`` in the user's browser; False if there is none."""
    if getattr(sys, "frozen", False) and sys.platform == "linux":
        return _run(["xdg-open", url])
    return webbrowser.open(url)


def open_path(path: Path) -> bool:
    """Shows a folder or a text file with the desktop's own program; False if it has none."""
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606 - opening a document is what this is for
        return True
    return _run(["open" if sys.platform == "darwin" else "xdg-open", str(path)])


def _run(command: list[str]) -> bool:
    try:
        subprocess.Popen(
            command,
            env=outside_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True

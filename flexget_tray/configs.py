"""Finds the config that the launcher works for, or writes a first one.

The places and their order are those of the ``flexget`` command; they are written here once more because the launcher
imports nothing of the daemon.
"""

import os
import sys
from pathlib import Path

STARTER = """\
# FlexGet's config. The web page of the daemon shows what it does; edit this file to tell it what to do.
web_server: yes

tasks: {}
"""


def candidates() -> list[Path]:
    """Where a config is looked for, first match wins: the working folder, the virtual environment, the user's own."""
    folders = [Path.cwd()]
    if sys.prefix != sys.base_prefix:
        folders.append(Path(sys.prefix))
    home = Path.home()
    if sys.platform == "win32":
        folders += [home / "flexget", home / ".flexget"]
        folders.append(Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming") / "flexget")
    else:
        xdg = Path(os.environ.get("XDG_CONFIG_HOME", ""))
        folders += [home / ".flexget", (xdg if xdg.is_absolute() else home / ".config") / "flexget"]
    if sys.platform == "darwin":
        folders.append(home / "Library" / "Application Support" / "flexget")
    return [folder / "config.yml" for folder in folders]


def find_config() -> Path:
    """The user's config; where there is none yet, a first one is written to the last of the places.

    Raises OSError if that cannot be written.
    """
    places = candidates()
    for path in places:
        if path.is_file():
            return path
    first = places[-1]
    first.parent.mkdir(parents=True, exist_ok=True)
    first.write_text(STARTER, encoding="utf-8")
    return first

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
    """Where a config is looked for, first match wins: the working folder, then the user's own folders."""
    home = Path.home()
    if sys.platform == "win32":
        own = [home / "flexget", home / ".flexget"]
    else:
        own = [home / ".flexget", Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "flexget"]
    return [folder / "config.yml" for folder in (Path.cwd(), *own)]


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

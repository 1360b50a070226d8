"""Where the config file is looked for.

In this order, as FlexGet does: the working folder, the folder of the virtual environment, then the user's folders of
the platform. A name with a folder in it is taken as it is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from server.config.errors import ConfigError, Issue

DEFAULT_NAME = "config.yml"


def find_config(
    name: str | None = None,
    *,
    working_folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Path:
    """The config file to use, absolute. ``name`` is what ``-c`` gave: a bare name, or a path.

    Raises :class:`ConfigError` that lists the places that were looked at.
    """
    wanted = name or DEFAULT_NAME
    here = working_folder or Path.cwd()
    given = Path(wanted).expanduser()
    if given.name != wanted:
        path = given if given.is_absolute() else here / given
        if path.is_file():
            return path
        raise ConfigError(_not_found(wanted, [path]))
    places = [folder / wanted for folder in search_folders(here, environment)]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise ConfigError(_not_found(wanted, places))
    return found


def search_folders(working_folder: Path, environment: Mapping[str, str] | None = None) -> list[Path]:
    """The folders in which a bare name is looked for, in order."""
    env = os.environ if environment is None else environment
    folders = [working_folder]
    if sys.prefix != sys.base_prefix:
        folders.append(Path(sys.prefix))
    folders += _windows_folders(env) if sys.platform == "win32" else _unix_folders(env)
    return list(dict.fromkeys(folders))


def _unix_folders(env: Mapping[str, str]) -> list[Path]:
    home = _home(env, "HOME")
    xdg = env.get("XDG_CONFIG_HOME", "")
    folders = [home / ".flexget", (Path(xdg) if Path(xdg).is_absolute() else home / ".config") / "flexget"]
    if sys.platform == "darwin":
        folders.append(home / "Library" / "Application Support" / "flexget")
    return folders


def _windows_folders(env: Mapping[str, str]) -> list[Path]:
    home = _home(env, "USERPROFILE")
    roaming = Path(env.get("APPDATA") or home / "AppData" / "Roaming")
    return [home / "flexget", home / ".flexget", roaming / "flexget"]


def _home(env: Mapping[str, str], variable: str) -> Path:
    return Path(env[variable]) if env.get(variable) else Path.home()


def _not_found(wanted: str, places: list[Path]) -> Issue:
    looked = ", ".join(str(place) for place in places)
    return Issue(
        f"No config `{wanted}` was found. Looked at: {looked}.",
        suggestion=f"Create `{places[-1] if len(places) > 1 else places[0]}`, or name another file with -c.",
    )

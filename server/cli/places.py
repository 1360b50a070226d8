"""Where the config of a command line call is."""

from __future__ import annotations

from pathlib import Path

from server.config.errors import ConfigError, Issue

FOLDERS = (Path(), Path("~/.flexget"), Path("~/.config/flexget"))


def find_config(name: str | None) -> Path:
    """The config file: a path, or the name of one (``config.yml``) in the working folder or the user's own."""
    wanted = Path(name or "config.yml").expanduser()
    places = [(folder.expanduser() / wanted).absolute() for folder in FOLDERS]
    for place in places:
        if place.is_file():
            return place
    looked = ", ".join(str(place) for place in dict.fromkeys(places))
    raise ConfigError(Issue(f"There is no config file {wanted}; looked for {looked}."))
